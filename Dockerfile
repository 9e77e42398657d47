# An image: docker build -t airisk-tui . && docker run --rm -e AIRISK_URL -e CLIENT_ID -e CLIENT_SECRET airisk-tui users
FROM python:3.13-slim AS build
WORKDIR /source
COPY requirements/run.txt requirements/run.txt
RUN python -m venv /opt/airisk-tui && \
    /opt/airisk-tui/bin/python -m pip install --require-hashes --only-binary :all: --requirement requirements/run.txt
COPY pyproject.toml LICENSE ./
COPY docs/package-index.md docs/package-index.md
COPY data data
COPY tui tui
RUN /opt/airisk-tui/bin/python -m pip install --no-deps --no-build-isolation .

FROM python:3.13-slim
COPY --from=build /opt/airisk-tui /opt/airisk-tui
RUN useradd --uid 10001 --create-home airisk
USER 10001
# Runs, the audit trail and the history are in /home/airisk/.local/state: mount a volume there to keep them.
WORKDIR /home/airisk
ENV PATH=/opt/airisk-tui/bin:$PATH
ENTRYPOINT ["airisk-tui"]

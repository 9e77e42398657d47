# airisk-tui: `make demo` opens the program on its sandbox, `make test` runs every test that a push needs.
# Needs Python 3.11 or newer, make and git. Another Python: `make demo PYTHON=/usr/bin/python3`.

PYTHON ?= python3
VENV   ?= .venv
PROOF  ?= .venv-proof
NEXT   ?= .venv-tomorrow
BIN    := $(VENV)/bin
# Compiled on install, whatever the environment says: without it the first start is four times as slow.
PIP    := env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pip --disable-pip-version-check --quiet install
# Nothing is built from source: what that needs is not locked.
LOCKED := $(PIP) --require-hashes --only-binary :all:
# A group of tests stays in one process. Without --max-worker-restart, xdist waits forever after a crash.
# Compiled tests are kept, too: collecting them then takes half the time.
PYTEST := env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest --numprocesses auto --dist loadgroup --max-worker-restart 0

.PHONY: help demo run quick test long ci proof prove tomorrow try check format accept pictures gallery docs bench lock audit dist ship clean
.DELETE_ON_ERROR:

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

demo: $(VENV)/.run  ## open the app on its built-in sandbox (no setup)
	@$(BIN)/python -m tui demo $(ARGS)

run: $(VENV)/.run  ## open the app on the deployment in ./.env
	@$(BIN)/python -m tui $(ARGS)

quick: $(VENV)/.dev  ## run the unit tests
	@HYPOTHESIS_PROFILE=quick $(PYTEST) tests/unit $(ARGS)

test: $(VENV)/.dev  ## run every test that a push needs
	@$(PYTEST) $(ARGS)

long: $(VENV)/.dev  ## run what takes long: all faults, simulated workdays, random kills, wild documents (npm), axe (Chromium), installs
	@$(PYTEST) -rP --log-level INFO $(or $(ARGS),tests/long)

ci:  ## run check and test, and the unit and service tests on the machine's other Python
	@tools/ci

proof:  ## measure the tests: ARGS=coverage (branches, in percent) or ARGS=mutants (about an hour)
	@$(MAKE) --no-print-directory VENV=$(PROOF) prove

prove: $(VENV)/.proof
	@$(BIN)/python -m tools.$(or $(ARGS),coverage)

tomorrow:  ## run the unit, service and screen tests with the newest Textual, and with httpx2 instead of httpx
	@$(MAKE) --no-print-directory VENV=$(NEXT) try

try: $(VENV)/.dev
	@$(BIN)/python -m tools.tomorrow $(ARGS)

check: $(VENV)/.dev  ## check format, lint, types, import contracts and declared dependencies
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@NO_COLOR=1 $(BIN)/deptry tui

format: $(VENV)/.dev  ## format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix-only .

pictures: $(VENV)/.dev  ## take the pictures and the recording of the README from the running app
	@$(BIN)/python -m tools.pages.pictures
	@$(BIN)/python -m tools.pages.recording

accept: $(VENV)/.dev  ## accept how the screens look now: write tests/snapshots/states (ARGS=matrix: one walk only)
	@$(BIN)/python -m tools.accept $(ARGS)

gallery: $(VENV)/.dev  ## take every screen and state at three sizes, in both themes and without color, into build/gallery
	@$(BIN)/python -m tools.pages.gallery $(ARGS)

docs: $(VENV)/.dev  ## write the manual page and docs/cli.md, settings.md and keys.md from the program
	@$(BIN)/python -m tools.pages.manual
	@$(BIN)/python -m tools.pages.references

bench: $(VENV)/.dev  ## measure the speed next to a peer or a limit
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m compileall -q tui
	@$(BIN)/python -m benchmarks $(ARGS)

lock: $(VENV)/.dev  ## resolve the requirements again, with hashes
	@$(PIP) uv
	@$(BIN)/python -m requirements.lock $(ARGS)
	@$(MAKE) --no-print-directory $(VENV)/.dev
	@$(BIN)/python -m requirements.licences

audit: $(VENV)/.dev  ## ask the package index for known vulnerabilities of what is locked
	@$(BIN)/python -m requirements.audit

dist: $(VENV)/.dev  ## build the wheel and the sdist, the same bytes each time
	@rm -rf dist && mkdir -p dist
	@SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) && export SOURCE_DATE_EPOCH && $(BIN)/python -c "from flit_core.buildapi import build_sdist, build_wheel; build_sdist('dist'), build_wheel('dist')"

ship: $(VENV)/.dev  ## install the program in every way, open its demo and remove it; pipx and uv come from PyPI
	@$(PYTEST) tests/long/shipping $(ARGS)

clean:  ## delete everything that was made
	rm -rf $(VENV) .venv-other $(PROOF) $(NEXT) dist build mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What a virtual environment says about itself. It is created again if it was moved, if its Python is gone or another one,
# or if PYTHON= names another one.
ITSELF := import sys; print(sys.prefix); print(sys.base_prefix, *sys.version_info[:2])
ifneq ($(origin PYTHON),file)
AND_OF_IT := && [ "$$(tail -n 1 $(VENV)/.python)" = "$$($(PYTHON) -c '$(ITSELF)' | tail -n 1)" ]
endif

$(VENV)/.python: FORCE
	@[ "$$($(BIN)/python -c '$(ITSELF)' 2>&1)" = "$$(cat $@ 2>&1)" ] $(AND_OF_IT) || { \
	    $(PYTHON) -c 'import sys; sys.exit("airisk-tui needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)' && \
	    echo "Making $(VENV) with $$($(PYTHON) --version)…" && \
	    $(PYTHON) -m venv --clear $(VENV) && \
	    $(BIN)/python -c '$(ITSELF)' >$@; }

FORCE:

# Editable, from the locked build backend, so that nothing unlocked is fetched.
$(VENV)/.run: $(VENV)/.python requirements/run.txt pyproject.toml
	@echo "Installing airisk-tui into $(VENV)…"
	@$(LOCKED) --requirement requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m compileall -q tui
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@echo "Installing what the tests need into $(VENV)…"
	@$(LOCKED) --requirement requirements/dev.txt
	@touch $@

# A virtual environment of its own: what measures the tests starts with every Python that finds it.
$(VENV)/.proof: $(VENV)/.dev requirements/proof.txt
	@$(LOCKED) --requirement requirements/proof.txt
	@touch $@

# airisk-tui: `make demo` opens the program on its sandbox, `make test` runs every test.
# Needs Python 3.11 or newer, make and git. Another Python: `make demo PYTHON=/usr/bin/python3`.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PROOF  ?= .venv-proof
SHIP   ?= .venv-ship
MEASURED := tests/unit tests/service tests/commands
WILD   ?= $(or $(TMPDIR),/tmp)/airisk-tui-wild
# Compiled on install, whatever the environment says: without it the first start is four times as slow.
PIP    := env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pip --disable-pip-version-check --quiet install --require-hashes

.PHONY: help demo run test faults endure wild axe check coverage mutants format pictures gallery man bench lock audit dist ship clean
.DELETE_ON_ERROR:

help:  ## list what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

demo: $(VENV)/.run  ## open the program on its built-in sandbox; nothing to configure
	@$(BIN)/airisk-tui demo $(ARGS)

run: $(VENV)/.run  ## open the program on the deployment that ./.env names
	@$(BIN)/airisk-tui $(ARGS)

test: $(VENV)/.dev  ## run every test, on all cores
	@$(BIN)/python -m pytest --numprocesses auto --dist worksteal $(ARGS)

faults: $(VENV)/.dev  ## try every fault there is, and count them by kind
	@$(BIN)/python -m tools.faults $(ARGS)

endure: $(VENV)/.dev  ## two hours' work in minutes, then days ended by signals at any moment: nothing may grow, or be left
	@$(BIN)/python -m tests.long.endurance $(ARGS)

wild: $(VENV)/.dev  ## try what others published (npm): 27 OpenAPI documents, and Prism; kept outside the repository
	@$(BIN)/python -m tests.long.wild.documents $(WILD)/documents
	@$(BIN)/python -m tests.long.wild.prism $(WILD)/prism
	@WILD_DOCUMENTS=$(WILD)/documents WILD_PRISM=$(WILD)/prism $(BIN)/python -m pytest tests/long/wild -o log_cli=true --log-cli-level=INFO $(ARGS)

axe: $(VENV)/.dev  ## open the HTML report in headless Chromium: axe-core (npm) and pictures, outside the repository
	@$(BIN)/python -m tests.long.wild.axe $(WILD)/axe

check: $(VENV)/.dev  ## format, lint, types, import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

coverage: $(PROOF)/.proof  ## the branches of the service, the record and the matrix that their tests take, in percent
	@rm -rf build/coverage && mkdir -p build/coverage
	@$(PROOF)/bin/coverage run -m pytest -q $(MEASURED) $(ARGS)
	@$(PROOF)/bin/coverage combine --quiet
	@$(PROOF)/bin/coverage report
	@$(PROOF)/bin/coverage json -q -o build/coverage/told.json
	@$(PROOF)/bin/python -m tools.branches build/coverage/told.json

mutants: $(PROOF)/.proof  ## change the code a little, many times, and see whether a test notices; takes an hour
	@$(PROOF)/bin/python -m tools.mutants $(ARGS)

format: $(VENV)/.dev  ## bring the code into its format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix-only .

pictures: $(VENV)/.dev  ## take the pictures of the README from the running program, and the recording
	@$(BIN)/python -m tools.pages.pictures
	@$(BIN)/python -m tools.pages.recording

gallery: $(VENV)/.dev  ## take every screen and state at three sizes, in both themes and without colours, into build/gallery
	@$(BIN)/python -m tools.pages.gallery $(ARGS)

man: $(VENV)/.dev  ## write the manual page from --help
	@$(BIN)/python -m tools.pages.manual

bench: $(VENV)/.dev  ## measure, beside a peer or the limit
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m compileall -q tui
	@$(BIN)/python -m benchmarks $(ARGS)

lock: $(VENV)/.dev  ## resolve the requirements anew, with hashes
	@$(BIN)/python -m pip --quiet install uv
	@$(BIN)/python -m requirements.lock $(ARGS)
	@$(MAKE) --no-print-directory $(VENV)/.dev
	@$(BIN)/python -m requirements.licences

audit: $(VENV)/.dev  ## ask the package index which known vulnerabilities there are in what is locked
	@$(BIN)/python -m requirements.audit

dist: $(VENV)/.dev  ## build the wheel and the sdist, the same bytes each time
	@rm -rf dist && mkdir -p dist
	@SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/python -c "from flit_core.buildapi import build_sdist, build_wheel; build_sdist('dist'), build_wheel('dist')"

ship: dist  ## install the wheel in every way, open its demo and remove it again; pipx and uv come from PyPI
	@$(PYTHON) -m venv $(SHIP) && $(SHIP)/bin/python -m pip --disable-pip-version-check --quiet install pipx uv
	@SHIPPED_WHEEL=$$(ls $(CURDIR)/dist/airisk_tui-*.whl) SHIPPING_TOOLS=$(abspath $(SHIP)/bin) $(BIN)/python -m pytest tests/long/shipping $(ARGS)

clean:  ## remove all that was made
	rm -rf $(VENV) $(PROOF) $(SHIP) dist build mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A .venv of another Python is made anew.
$(VENV)/bin/python:
	@echo "Making $(VENV) with $$($(PYTHON) --version)…"
	@$(PYTHON) -c 'import sys; sys.exit("airisk-tui needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python requirements/run.txt pyproject.toml
	@echo "Installing airisk-tui into $(VENV)…"
	@$(PIP) --requirement requirements/run.txt
	@$(call install_project)
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@echo "Installing what the tests need into $(VENV)…"
	@$(PIP) --requirement requirements/dev.txt
	@touch $@

# Apart from the tests' own: what measures them starts with every Python that finds it.
$(PROOF)/.proof: requirements/proof.txt requirements/dev.txt requirements/run.txt
	@$(MAKE) --no-print-directory VENV=$(PROOF) $(PROOF)/.dev
	@$(PROOF)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement requirements/proof.txt
	@touch $@

# Editable, from the locked build backend, so that nothing unlocked is fetched.
define install_project
env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pip --disable-pip-version-check --quiet install --no-deps --no-build-isolation --editable . && env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m compileall -q tui
endef

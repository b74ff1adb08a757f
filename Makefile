# Needs Python 3.11 or newer with pip, and make. Every target sets up what it uses; a second run starts at once.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PIP := $(PYTHON) -m pip --python $(BIN)/python --disable-pip-version-check -qq
# Bytecode as an installed package has it, also where the environment keeps Python from writing any by itself.
COMPILE := $(BIN)/python -m compileall -q supportterm bench
PYTEST_ARGS ?=
BENCH_ARGS ?=
LOCK_ARGS ?=

.DEFAULT_GOAL := install
.PHONY: install demo test check bench soak man screenshots lock clean

install: $(STAMP)

$(STAMP): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "supportterm needs Python 3.11 or newer: make PYTHON=python3.11 $(MAKECMDGOALS)")'
	@echo "Setting up $(VENV) (about a minute, once)"
	@$(PYTHON) -m venv --clear --without-pip $(VENV)
	@$(PIP) install --require-hashes --only-binary :all: -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --no-index -e .
	@$(COMPILE)
	@touch $@

demo: $(STAMP)
	@$(BIN)/supportterm demo

test: $(STAMP)
	@$(COMPILE)
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo

soak: $(STAMP)
	SUPPORTTERM_SOAK=1 $(BIN)/python -m pytest -m soak -n auto --dist loadfile $(PYTEST_ARGS)

bench: $(STAMP)
	@$(COMPILE)
	$(BIN)/python -m bench $(BENCH_ARGS)

man: $(STAMP)
	$(BIN)/python -m supportterm.cli.manual > docs/supportterm.1

# Takes the screens as they are, for the README and for the tests that notice a change.
screenshots: $(STAMP)
	$(BIN)/python -m tests.screens.readme_images docs/images
	$(BIN)/python -m pytest -q tests/screens/test_snapshots.py --snapshot-update

# Needs uv. Keeps what is pinned as far as it can; LOCK_ARGS=--upgrade takes the newest. Names no host.
lock:
	uv pip compile --quiet $(LOCK_ARGS) --universal --generate-hashes --no-header --all-extras pyproject.toml -o requirements.lock
	@! grep -n '://' requirements.lock

clean:
	rm -rf $(VENV) dist build bench/data bench/results.json .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

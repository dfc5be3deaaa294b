# Everything from Python >= 3.11 and make alone. ARGS="…" hands options to the command.
PYTHON ?= $(firstword $(foreach python,python3.14 python3.13 python3.12 python3.11 python3,$(shell $(python) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(python))))
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: install demo test check lint types tests test-browser bench lock clean

install: $(INSTALLED)

$(INSTALLED): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Yingshao needs Python 3.11 or newer on the path (or: make PYTHON=/path/to/python3 …)"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing into $(VENV) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --require-hashes --requirement requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@# On all cores, which pip does not; a package may carry files that are not for this Python.
	@$(BIN)/python -m compileall -qq -j 0 $(VENV)/lib || true
	@touch $@

demo: install
	@$(BIN)/yingshao demo $(ARGS)

check: lint types

lint: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: install
	$(BIN)/mypy

# What is quick comes first; the types, which take one core half a minute, are looked at while the tests run.
test: lint
	@$(MAKE) --no-print-directory --jobs 2 types tests

# Tests wait for servers as much as they compute, so two cores carry three of them at a time.
tests: install
	$(BIN)/pytest -n 3 --dist worksteal -rs $(ARGS)

test-browser: install
	$(BIN)/pytest tests/browser -rs

bench: install
	$(BIN)/pytest tests/bench -m bench -s $(ARGS)

lock:
	uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml --output-file requirements.lock

clean:
	rm -rf $(VENV)

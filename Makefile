# Everything from Python >= 3.11 and make alone. ARGS="…" hands options to the command.
PYTHON ?= $(firstword $(foreach python,python3.14 python3.13 python3.12 python3.11 python3,$(shell $(python) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(python))))
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: install demo test check test-browser bench lock clean

install: $(INSTALLED)

$(INSTALLED): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Yingshao needs Python 3.11 or newer on the path (or: make PYTHON=/path/to/python3 …)"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing into $(VENV) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: install
	@$(BIN)/yingshao demo $(ARGS)

check: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check
	$(BIN)/pytest -n 2 --ignore=tests/browser $(ARGS)
	@$(MAKE) --no-print-directory test-browser

test-browser: install
	@if $(BIN)/python -m tests.browser.chromium; then $(BIN)/pytest tests/browser; \
	else echo "test-browser: no Chromium found (YINGSHAO_CHROMIUM or the path); the pages were not tried in a browser"; fi

bench: install
	$(BIN)/pytest tests/bench -m bench -s $(ARGS)

lock:
	uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml --output-file requirements.lock

clean:
	rm -rf $(VENV)

# make validate   check the dataset (makes its own environment)
# make test       run all tests
# make check      everything that .ci/run wants
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

validate: $(VENV)/run
	$(BIN)/qantar validate

test: $(VENV)/dev
	$(BIN)/python -m pytest

check: $(VENV)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/qantar docs --check
	$(BIN)/qantar validate
	$(BIN)/frictionless validate datapackage.json
	$(MAKE) test

$(VENV)/run: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --editable .
	touch $@

$(VENV)/dev: $(VENV)/run
	$(INSTALL) --editable '.[dev]'
	touch $@

clean:
	rm -rf $(VENV)

.PHONY: validate test check clean

# make validate   check the dataset (makes its own environment)
# make test       run all tests
# make check      everything that .ci/run wants
# make release    build the release of this version in dist/ and verify it; REPORTS=DIR proves its mentions, SINCE=OLD compares it
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

validate: $(VENV)/run
	$(BIN)/qantar validate

test: $(VENV)/dev
	$(BIN)/python -m pytest

# the tools with which the tests open a release, where they cannot share an environment with the others
tools: $(VENV)/tools

check: $(VENV)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/qantar docs --check
	$(BIN)/qantar validate
	$(BIN)/frictionless validate datapackage.json
	$(MAKE) test

release: $(VENV)/release
	$(BIN)/qantar release $(if $(REPORTS),--reports $(REPORTS)) $(if $(SINCE),--since $(SINCE))
	$(BIN)/qantar verify-release dist/$$($(BIN)/python -c 'import json; print(json.load(open("datapackage.json"))["version"])')

$(VENV)/run: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --editable .
	touch $@

$(VENV)/release: $(VENV)/run
	$(INSTALL) --editable '.[release]'
	touch $@

$(VENV)/tools: tests/tools.txt
	$(PYTHON) -m venv $@
	$@/bin/python -m pip install --quiet --disable-pip-version-check --requirement tests/tools.txt

$(VENV)/dev: $(VENV)/run
	$(INSTALL) --editable '.[dev]'
	touch $@

clean:
	rm -rf $(VENV)

.PHONY: validate test tools check release clean

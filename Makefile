# One environment, made with Python 3.11+ alone. `make setup` is idempotent: it re-installs only when a lock changed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: setup demo test lint types eval bench serve lock docs clean

setup: $(STAMP)

$(STAMP): requirements.txt requirements-dev.txt requirements-data.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Longlist needs Python 3.11 or newer; set PYTHON=python3.x") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9"
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode -r requirements-dev.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --no-deps -r requirements-data.txt -e .
	touch $(STAMP)

lock: $(BIN)/python
	$(BIN)/uv pip compile --quiet --universal --no-header --no-annotate pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --no-header --no-annotate --all-extras -c requirements.txt pyproject.toml -o requirements-dev.txt

demo: setup
	$(BIN)/longlist search "buy now pay later providers for online shops, not banks" --want 10
	@echo "Next: $(BIN)/longlist tasks, $(BIN)/longlist show TASK COMPANY, $(BIN)/longlist verify TASK, $(BIN)/longlist --help"

test: setup
	$(BIN)/pytest

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: setup
	$(BIN)/mypy

eval: setup
	$(BIN)/python evals/run.py --floors

bench: setup
	$(BIN)/python benchmarks/index_scale.py
	$(BIN)/python benchmarks/grading.py

docs: setup
	$(BIN)/python scripts/build_docs.py

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

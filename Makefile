# Two commands for a stranger: `make demo` and `make test`. Neither needs root, a server or a variable.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup demo test lint serve bench pictures clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# What a stranger's shell may carry along, and what must not reach us.
LEAKING := PREFECT_API_URL PREFECT_PROFILE PREFECT_API_KEY PREFECT_API_AUTH_STRING PREFECT_SERVER_DATABASE_CONNECTION_URL \
	PREFECT_API_DATABASE_CONNECTION_URL PREFECT_PROFILES_PATH PYTHONPATH PYTHONHOME
CLEAN := env $(foreach name,$(LEAKING),-u $(name)) DO_NOT_TRACK=1 PREFECT_SERVER_ANALYTICS_ENABLED=false \
	PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS=180 PREFECT_CLI_COLORS=false

help: ## Say what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(STAMP) ## Make the virtual environment (repeatable)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else "Python 3.11, 3.12 or 3.13 is needed; this is " + sys.version.split()[0] + ". Name another with: make PYTHON=python3.12 …")'
	@if command -v uv >/dev/null 2>&1; then \
		[ -x $(BIN)/python ] || uv venv --quiet --python $(PYTHON) $(VENV); \
		uv pip install --quiet --python $(BIN)/python -c constraints.txt -e '.[dev]'; \
	else \
		$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || [ -x $(BIN)/pip ] || { \
			echo "This Python cannot make virtual environments: ensurepip is missing. On Debian or Ubuntu: apt install python3-venv" >&2; exit 2; }; \
		[ -x $(BIN)/pip ] || $(PYTHON) -m venv $(VENV); \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'; \
	fi
	@touch $@

demo: setup ## Play the made-up firm of data/sample through its dates, in var/demo
	@env -u RECOUVREMENT_HOME -u RECOUVREMENT_DATABASE_URL $(CLEAN) PREFECT_HOME="$(CURDIR)/var/prefect-demo" $(BIN)/python -m recouvrement.demo

test: setup ## Run every test, on two cores
	@homes="$$(mktemp -d)"; trap 'rm -rf "$$homes"' EXIT; \
	env $$(env | sed -nE 's/^(RECOUVREMENT_[A-Z_]+)=.*/-u \1/p') $(CLEAN) \
		RECOUVREMENT_HOME="$$homes/recouvrement" PREFECT_HOME="$$homes/prefect" HYPOTHESIS_STORAGE_DIRECTORY="$$homes/hypothesis" \
		$(BIN)/python -m pytest -n 2 --dist loadgroup $(TESTS)

lint: setup ## Style, types, import contracts, texts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@if $(BIN)/recouvrement lint-templates --help >/dev/null 2>&1; then $(BIN)/recouvrement lint-templates; fi

serve: setup ## Start the Prefect server, its deployments and a worker on this machine
	@$(CLEAN) $(BIN)/python -m flows.serve

bench: setup ## Measure again the figures of benchmarks/RESULTS.md
	@$(CLEAN) $(BIN)/python -m benchmarks

pictures: setup ## Take the pictures of the guides again (needs Chromium)
	@homes="$$(mktemp -d)"; trap 'rm -rf "$$homes"' EXIT; \
	$(CLEAN) RECOUVREMENT_SCREENSHOTS="$(CURDIR)/docs/pictures" PREFECT_HOME="$$homes/prefect" \
		$(BIN)/python -m pytest -q tests/flows/test_serving.py -k morning
	@for picture in docs/pictures/*.png; do grep -q "$$(basename "$$picture")" docs/guide.*.md || rm "$$picture"; done

clean: ## Remove caches (never a ledger, never var/)
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .benchmarks build *.egg-info

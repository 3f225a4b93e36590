# One command each: report · test · lab · serve · docs · bench · clean.  `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
SYSTEM := chromium fonts-noto-cjk
.DEFAULT_GOAL := help
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check
.PHONY: help setup system report test lab serve docs docs-write bench lock clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

report: .venv/report system  ## set up, print the whole book into reports/site
	$(BIN)/press build
	@echo "Or: make serve"

test: SYSTEM += poppler-utils systemd
test: setup system  ## set up, run all checks and tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest

lab: setup  ## explore the book in JupyterLab
	$(BIN)/jupyter lab --notebook-dir=. notebooks/00-overview.ipynb

serve: .venv/report  ## the printed book on this machine's loopback address
	$(BIN)/press serve

docs: setup  ## these docs as a site in reports/docs/site
	$(BIN)/python docs/make.py

docs-write: setup  ## docs/suite.md and docs/bluebook.md anew, from the code
	$(BIN)/python docs/make.py --write

bench: setup system  ## our press against its neighbours, as ratios
	$(BIN)/python -m tests.benchmarks

LOCK = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock"
lock: setup  ## renew the locks: all that is used here, and of it what printing the book needs
	$(BIN)/$(LOCK) --all-extras pyproject.toml lib/press/pyproject.toml --output-file requirements.lock
	printf 'hatchling\neditables\n' | $(BIN)/$(LOCK) --constraints requirements.lock pyproject.toml lib/press/pyproject.toml - --output-file requirements-report.lock

clean:  ## remove what was built, not what was written
	rm -rf .press .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache reports/site reports/docs reports/failed reports/build.json
	find lib tests -name __pycache__ -type d -exec rm -rf {} +

setup: .venv/ready

PROJECTS = pyproject.toml lib/press/pyproject.toml
.venv/ready: requirements.lock $(PROJECTS) lib/press/jupyter_config.json | .venv/bin/python
	$(INSTALL) --require-hashes --requirement requirements.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	$(INSTALL) --no-deps --no-build-isolation --editable lib/press
	mkdir -p .venv/etc/jupyter && cp lib/press/jupyter_config.json .venv/etc/jupyter/
	@touch $@ .venv/report

.venv/report: requirements-report.lock $(PROJECTS) | .venv/bin/python
	$(INSTALL) --require-hashes --requirement requirements-report.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	$(INSTALL) --no-deps --no-build-isolation --editable lib/press
	@touch $@

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; this is `$(PYTHON) --version`. Name another: make PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || $(MAKE) --no-print-directory system SYSTEM=python3-venv
	$(PYTHON) -m venv .venv

# Debian's packages that are missing: installed where we may (root, or sudo without a password), else named.
system:
	@missing=""; \
	for package in $(SYSTEM); do \
		case $$package in \
			chromium) command -v chromium chromium-browser google-chrome >/dev/null ;; \
			fonts-noto-cjk) command -v fc-list >/dev/null && fc-list :lang=zh family | grep -q . ;; \
			poppler-utils) command -v pdftotext >/dev/null ;; \
			systemd) command -v systemd-analyze >/dev/null ;; \
			*) dpkg -s $$package >/dev/null 2>&1 ;; \
		esac || missing="$$missing $$package"; \
	done; \
	[ -z "$$missing" ] && exit 0; \
	if [ "$$(id -u)" = 0 ]; then may=""; elif sudo -n true 2>/dev/null; then may=sudo; else may=no; fi; \
	if [ "$$may" != no ] && command -v apt-get >/dev/null; then \
		echo "Installing$$missing"; \
		$$may apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$may apt-get install -qq -y --no-install-recommends $$missing >/dev/null \
			|| echo "Could not install$$missing." >&2; \
	else \
		echo "Missing$$missing: what needs them is left out. On Debian: sudo apt-get install$$missing" >&2; \
	fi

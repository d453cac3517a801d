# Every target first sees to it that .venv is what requirements.lock says: nothing else has to be installed.
#
#   PYTHON=python3.12   the Python to set up with          GPU=1        CUDA libraries for TensorFlow (Linux)
#   ARGS="04 --port 9000"  for `dlcourse lab`              WORKERS=4    tests at the same time
#   BACKENDS="jax torch"   for test-backends; put PyTorch into .venv first, its builds differ from machine to machine

.DEFAULT_GOAL := help
.PHONY: help lab test fast notebooks site lint test-browser test-backends test-reference bench bench-reference wheel lock clean setup

PY := .venv/bin/python
WORKERS ?= 2
BACKENDS ?= jax
ON_BACKENDS := tests/layers tests/models tests/verification tests/parity/test_verification_parity.py
PYTEST = $(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder
NBVAL = --nbval-lax --nbval-current-env --nbval-sanitize-with=tests/notebooks/nbval_sanitize.cfg \
    --nbval-kernel-startup-timeout=300 -p no:cacheprovider

help: ## List what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' Makefile

lab: setup ## Open JupyterLab on the course
	@$(PY) -m dlcourse lab $(ARGS)

# PyTorch is large: what is compared with it runs where it is already installed, and wherever CI runs.
test: setup ## Run everything: lint, unit and parity tests, every notebook
	$(PYTEST) -m "not browser" $(NBVAL) --ignore=tests/reference tests notebooks
	@if [ -n "$$CI" ] || [ -f .venv-reference/ready ]; then $(MAKE) --no-print-directory test-reference; \
	else echo "make test-reference compares attention, GPT and BERT with PyTorch and transformers, which it installs."; fi

fast: setup ## Run the quick tests only: no notebooks, nothing slow
	$(PYTEST) -m "not browser and not slow" --ignore=tests/reference tests

notebooks: setup ## Execute every notebook in place and bring the tables made from them up to date
	$(PY) -m dlcourse.course.execute
	$(PY) -m dlcourse records --write

site: setup ## Build the course as a site that needs no network, into build/site/html
	@PYTHONPATH=tools $(PY) -m coursesite

lint: setup ## Check code and notebooks: ruff's rules and format, the course's own rules
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m dlcourse.course.lint

test-browser: setup ## Run every chapter in JupyterLab, and the site by keyboard, in headless Chromium
	$(PY) -m pytest -m browser tests/browser tests/website

test-backends: setup ## Run the tests of layers, models and losses on Keras's other backends
	@for each in $(BACKENDS); do echo "$$each"; KERAS_BACKEND=$$each $(PYTEST) -q $(ON_BACKENDS) || exit 1; done

test-reference: setup ## Compare attention, GPT and BERT with PyTorch and transformers, in .venv-reference
	@sh tools/set_up_reference.sh
	.venv-reference/bin/python -m pytest -q tests/reference tests/parity/test_recurrent_parity.py

bench: setup ## Measure fit, steps, pipeline and import side by side into benchmarks/RESULTS.md
	$(PY) benchmarks/run.py

bench-reference: setup ## Measure GPT and MiniLM beside transformers and sentence-transformers, in .venv-reference
	@sh tools/set_up_reference.sh
	PYTHONPATH=. .venv-reference/bin/python benchmarks/reference.py

wheel: setup ## Build dist/dlcourse-….whl, which carries notebooks and data
	$(PY) -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

lock: ## Write requirements.lock anew from pyproject.toml, with the newest releases (KEEP=1: with those pinned)
	KEEP=$(KEEP) sh tools/lock.sh

clean: ## Remove .venv and everything else that was made here
	rm -rf .venv .venv-reference build dist .pytest_cache .ruff_cache
	find dlcourse tests -name __pycache__ -type d -prune -exec rm -rf {} +

setup:
	@sh tools/set_up.sh

# The course in two commands: `make book` and `make test`. `make help` lists the others.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3

BIN := .venv/bin
READY := .venv/.ready
OLDEST := _build/oldest
TWO := -n 2 --dist worksteal
# Compiled once: where bytecode is not written, as in many containers, each process would take
# five seconds more to import TensorFlow.
HEAVY := matplotlib.pyplot, scipy.stats, pandas, sklearn.datasets, ipykernel.kernelapp, jupyter_book, myst_nb, pytest
# Extras stay in the lock, or pip looks for a newer release of a package that another asks for with one.
COMPILE := $(BIN)/uv pip compile --quiet --generate-hashes --no-strip-extras --custom-compile-command "make lock"
# Finished trainings are shared by book and tests, and stay inside the checkout.
export BNUTILS_STORE ?= $(CURDIR)/_build/runs
export BNUTILS_PROGRESS ?= 0
export TF_CPP_MIN_LOG_LEVEL ?= 1

.PHONY: help book test test-unit test-notebooks test-offline test-site test-oldest coverage lab replicate \
  findings edits mutants bench serve links lint lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-16s %s\n", $$1, $$2 }'

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else f"The course needs Python 3.11, 3.12 or 3.13; {sys.executable} is {v[0]}.{v[1]}. Name another: make PYTHON=python3.12 ...")'
	@echo "Setting up .venv from the lock (about 2.5 GB, some minutes the first time) ..."
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -c "import $(HEAVY); from bnutils.models import import_keras; import_keras()"
	@touch $@

book: $(READY) ## run every experiment and build the site: _build/html/index.html
	@$(BIN)/python -m tools.build_book

test: test-unit test-notebooks test-site ## run all tests and execute every notebook
	@echo "All tests passed."

test-unit: $(READY) ## tests of the package and of the notebooks' form (no kernel); COVERAGE=1 measures
	@$(if $(COVERAGE),$(BIN)/python -m coverage erase)
	@$(BIN)/python $(if $(COVERAGE),-m coverage run) -m pytest $(TWO) tests --ignore=tests/site
	@$(if $(COVERAGE),$(BIN)/python -m coverage combine --quiet && $(BIN)/python -m coverage report)

coverage: ## the same tests, and which branches of the package they do not take
	@$(MAKE) --no-print-directory test-unit COVERAGE=1

test-notebooks: $(READY) ## execute every notebook
	@$(BIN)/python -m tools.notebooks

test-offline: $(READY) ## execute those that choose their data once more, on images that need no download
	@BNUTILS_DATA=digits28 $(BIN)/python -m tools.notebooks --choosing-data

test-site: $(READY) ## tests of the built site in a browser (after `make book`)
	@$(BIN)/python -m pytest $(TWO) tests/site

test-oldest: $(OLDEST)/.ready ## tests of the package with the oldest releases that it allows (Python 3.11)
	@$(OLDEST)/bin/python -m pytest $(TWO) -p no:cacheprovider tests/bnutils

$(OLDEST)/.ready: .ci/oldest.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info[:2] == (3, 11) else "The oldest releases need Python 3.11: make PYTHON=python3.11 test-oldest")'
	@$(PYTHON) -m venv --clear $(OLDEST)
	@$(OLDEST)/bin/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r .ci/oldest.txt
	@$(OLDEST)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

lab: $(READY) ## open one lab in JupyterLab: make lab LAB=the-transform (without LAB: which there are)
	@$(BIN)/python -m tools.lab $(LAB)

findings: $(READY) ## measure findings again and write their records, on purpose: all, or those of LAB
	@$(BIN)/python -m tools.findings $(LAB)

replicate: $(READY) ## measure CLAIM=<chapter>/<finding> on seeds of your own, WHO=<a word of yours>
	@$(BIN)/python -m tools.replicate $(CLAIM) $(WHO)

edits: $(READY) ## change every number of every lab, one at a time, and see that each runs to its end (hours)
	@BNUTILS_DATA=digits28 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tools.lab_edits $(LAB)

mutants: $(READY) ## try the checks on every wrong implementation that a program makes (half an hour)
	@BNUTILS_ALL_MUTANTS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -q tests/bnutils/checks/test_mutants.py tests/bnutils/checks/life/test_by_program.py

bench: $(READY) ## measure speed beside plain Keras: benchmarks/report.md (about 45 minutes)
	@$(BIN)/python -m benchmarks

serve: ## open the built site at http://localhost:8000
	@test -f _build/html/index.html || { echo "There is no site yet: run make book first."; exit 1; }
	@$(BIN)/python -m http.server 8000 --bind 127.0.0.1 --directory _build/html

links: $(READY) ## look whether the links to other sites still lead somewhere (needs a network)
	@$(BIN)/jupyter-book build . --builder linkcheck

lint: $(READY) ## style, types, spelling
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/codespell

lock: $(READY) ## resolve the ranges again: the course's lock, Binder's part of it, the oldest
	@$(COMPILE) --universal --python-version 3.11 requirements.in -o requirements.txt
	@$(COMPILE) --python-version 3.11.9 --python-platform x86_64-manylinux_2_28 --no-annotate -c requirements.txt pyproject.toml .binder/requirements.in -o .binder/requirements.txt
	@$(COMPILE) --universal --python-version 3.11 --resolution lowest-direct --no-annotate --extra cluster pyproject.toml .ci/oldest.in -o .ci/oldest.txt

clean: ## delete what was built (not .venv)
	rm -rf _build

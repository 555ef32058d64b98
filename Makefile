# Two commands matter: `make run` starts Flasharr, `make test` proves it. Both build what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run demo test format messages lock clean

run: $(VENV)/.runtime
	$(BIN)/python manage.py up

demo: $(VENV)/.runtime
	$(BIN)/python manage.py up --demo

# Tests wait more than they compute, so more of them run at once than two cores would; each file stays in one process,
# and the order is kept: those with a browser come last.
test: $(VENV)/.development
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

format: $(VENV)/.development
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Gathers the sentences to translate and compiles what is translated; needs GNU gettext (apt-get install gettext).
messages: $(VENV)/.development
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python manage.py makemessages --locale vi --no-location --no-wrap --no-obsolete --ignore .venv --ignore data --ignore tests
	sed -i '/^"POT-Creation-Date/d' locale/vi/LC_MESSAGES/django.po
	msgfmt --check --output-file locale/vi/LC_MESSAGES/django.mo locale/vi/LC_MESSAGES/django.po

# Pins every dependency with its hashes; names no package index, so that any mirror may serve it.
lock: $(VENV)/.development
	$(BIN)/pip-compile --quiet --no-header --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file requirements.txt pyproject.toml
	$(BIN)/pip-compile --quiet --no-header --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --extra dev --output-file requirements-dev.txt pyproject.toml

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Flasharr needs Python 3.11 or newer; this is " + sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

$(VENV)/.development: requirements-dev.txt | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@ $(VENV)/.runtime

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache

# Everything for the portal, from a fresh clone with only Python 3.11 or newer.
#
#   make run       set up, and run the portal with the demo world at http://127.0.0.1:8000 (Ctrl-C stops it)
#   make test      set up, and run the tests; ARGS="-k word" goes to pytest
#   make test-services   what of it knows a database or a queue, on throwaway PostgreSQL and Redis servers
#   make faults    every call of every upstream through every fault, which takes about an hour
#   make lint      ruff, djlint, Django's own checks, missing migrations, docs/upstreams.md
#   make chaos     a campaign of 5,000 while workers are killed and the broker is lost (R1-R4, R6, R27, R30); ARGS=--services
#                  on PostgreSQL and Redis of its own; ARGS="R1 --texts 500 --kills 5 --seed 2" for less of it
#   make upstreams write docs/upstreams.md: every call of every upstream, who makes it, who serves it, what tests it
#   make messages  bring locale/ up to date with the source and compile it
#   make screenshots, make bench, make clean

PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev
ARGS ?=
# Most of it in several processes; then, one by one, what kills or times processes of its own; then browsers. A file in each process.
MOST := -n auto --dist loadfile --no-loadscope-reorder -m "not alone and not browser"
ALONE := -m "alone and not browser"
BROWSER := -n auto --dist loadfile --no-loadscope-reorder -m browser
# What knows neither that database nor that queue (upstreams, words and looks), or lets hours pass, need not be tried on another one.
IMPURE := $(addprefix --ignore=,$(addprefix tests/,providers/clients providers/sandbox providers/contract \
	$(addprefix test_,architecture.py translations.py french_pages.py templates.py) \
	$(addprefix accounts/test_,look.py contrast.py) $(addprefix messaging/test_,segments.py segments_independent.py) \
	$(addprefix portal/test_,broker.py supervisor.py sqlite.py) \
	$(addprefix reliability/test_,limits.py breaker.py simulated_day.py fault_campaign.py fault_outbox.py garbage.py upstream_away.py)))

.PHONY: run test test-services chaos faults lint lint-python lint-templates check check-deploy upstreams upstreams-check messages screenshots bench clean
.DEFAULT_GOAL := run

$(READY): requirements.txt
	@test -n "$(PYTHON)" || { echo "The portal needs Python 3.11 or newer; none was found as python3."; exit 1; }
	@test -x $(BIN)/python || echo "Making the virtual environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Python could not make a virtual environment; on Debian and Ubuntu, install the package python3-venv."; exit 1; }
	@echo "Installing the pinned requirements ..."
	@$(PIP) install -qq -r requirements.txt
	@touch $@

$(READY_DEV): $(READY) requirements-dev.txt
	@echo "Installing what the tests need ..."
	@$(PIP) install -qq -r requirements-dev.txt
	@touch $@

run: $(READY)
	@$(BIN)/python manage.py prepare --verbosity 0
	@$(BIN)/python -m portal.supervisor --with-parent

test: $(READY_DEV)
	@$(BIN)/python manage.py compile_locale --verbosity 0
ifneq ($(ARGS),)
	@$(BIN)/python -m pytest $(ARGS)
else
	@$(BIN)/python -m pytest $(MOST); most=$$?; $(BIN)/python -m pytest $(ALONE); alone=$$?; \
		$(BIN)/python -m pytest $(BROWSER) && exit $$((most + alone))
endif

test-services: $(READY_DEV)
	@$(BIN)/python manage.py compile_locale --verbosity 0
ifneq ($(ARGS),)
	@$(BIN)/python -m tests.run_services $(ARGS)
else
	@$(BIN)/python -m tests.run_services $(MOST) $(IMPURE); most=$$?; \
		$(BIN)/python -m tests.run_services $(ALONE) $(IMPURE) && exit $$most
endif

faults: $(READY_DEV)
	@FAULTS=all $(BIN)/python -m pytest -s tests/reliability/test_fault_campaign.py tests/reliability/test_fault_outbox.py $(ARGS)

chaos: $(READY_DEV)
	@$(BIN)/python manage.py compile_locale --verbosity 0
	@$(BIN)/python -m tests.chaos $(ARGS)

# All of them, whatever the first ones say.
lint: $(READY_DEV)
	@$(MAKE) --no-print-directory --keep-going lint-python lint-templates check check-deploy upstreams-check

lint-python: $(READY_DEV)
	$(BIN)/ruff check --output-format concise .

lint-templates: $(READY_DEV)
	$(BIN)/djlint --quiet --lint templates

check: $(READY_DEV)
	$(BIN)/python manage.py check --fail-level WARNING
	$(BIN)/python manage.py makemigrations --check --dry-run

# As in production: https, a database server, secrets of its own. Nothing is connected to.
check-deploy: $(READY_DEV)
	@echo "$(BIN)/python manage.py check --deploy"
	@env PORTAL_URL=https://portal.example.com ALLOWED_HOSTS=portal.example.com BEHIND_PROXY=1 \
		SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))') \
		CREDENTIAL_KEYS=$$($(BIN)/python -c 'from cryptography.fernet import Fernet as F; print(F.generate_key().decode())') \
		DATABASE_URL=postgres://portal@127.0.0.1/portal CELERY_BROKER_URL=redis://127.0.0.1/0 \
		CACHE_URL=rediscache://127.0.0.1/1 EMAIL_URL=smtp://127.0.0.1 \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

# The table of all upstream calls; fails, naming it, when a call has no method, no sandbox or no test.
upstreams: $(READY_DEV)
	$(BIN)/python -m tests.upstreams

upstreams-check: $(READY_DEV)
	$(BIN)/python -m tests.upstreams --check

messages: $(READY_DEV)
	$(BIN)/python manage.py collect_messages
	$(BIN)/python manage.py compile_locale

ifneq ($(wildcard tests/screenshots.py),)
screenshots: $(READY_DEV)
	$(BIN)/python -m tests.screenshots $(ARGS)
endif

ifneq ($(wildcard tests/bench/__main__.py),)
bench: $(READY_DEV)
	$(BIN)/python -m tests.bench $(ARGS)
endif

# What was built and installed. Data (var/portal.sqlite3, uploads, secrets) stays; delete var/ by hand to lose it.
clean:
	rm -rf $(VENV) var/static .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -f locale/*/LC_MESSAGES/*.mo

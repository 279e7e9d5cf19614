# Two commands do everything on a fresh machine with Python 3.11 and make:
#   make serve [PORT=8000]    install, build on the first start, serve the page and /sparql
#   make test [TESTERS=2]     install, run every test, in so many processes at once
# Both install into .venv/; after either, .venv/bin/rskg is there. For those who change it:
#   make check                lint, types, layers
#   make soak                 in full what `make test` does a tenth of: hundreds of kill -9
#   make bench                measure, side by side
#   make bench-scale          the same graph at 1 and 10 million triples; takes an hour and more
#   make screenshots          the pictures of the README and the docs, taken anew

PORT ?= 8000
HOST ?= 127.0.0.1
TESTERS ?= 2
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
READY := .venv/.ready

.PHONY: screenshots serve test soak bench bench-scale check format build clean compiled tools help bundle

help:
	@sed -n 's/^#   \(make .*\)/\1/p' Makefile

serve: $(READY) compiled bundle
	@$(BIN)/rskg serve --host $(HOST) --port $(PORT)

test: $(READY) compiled tools bundle
	@$(BIN)/pytest -n $(TESTERS)

soak: $(READY)
	@RSKG_SOAK=full $(BIN)/pytest -m soak

bench: $(READY) compiled
	@$(BIN)/pip install --quiet --disable-pip-version-check -e '.[bench]'
	@$(BIN)/python bench/start.py
	@$(BIN)/python bench/queries.py
	@$(BIN)/python bench/questions.py
	@$(BIN)/python bench/build.py
	@$(BIN)/python bench/commit.py
	@$(BIN)/python bench/difference.py
	@$(BIN)/python bench/contribute.py
	@$(BIN)/python bench/http_servers.py
	@$(BIN)/python bench/frames.py
	@$(BIN)/python bench/page.py
	@$(BIN)/python bench/map.py
	@$(BIN)/python bench/validate.py
	@$(BIN)/python bench/reconcile.py

# Stores and figures stay in .rskg/scale, so that a longer run (SIZES=1,10,50) goes on from there.
SIZES ?= 1,10
bench-scale: $(READY) compiled tools
	@$(BIN)/python bench/scale.py --sizes $(SIZES) --folder .rskg/scale --write

screenshots: $(READY) tools bundle
	@$(BIN)/python docs/images/shoot.py

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@! test -d web/node_modules || npm --prefix web run --silent check

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	@! test -d web/node_modules || npm --prefix web run --silent format

build: $(READY)
	@$(BIN)/rskg build

clean:
	rm -rf .venv .rskg web/node_modules rskg/endpoint/static

# What browsers run: built where Node is, rebuilt where web/ has changed.
bundle:
	@sh web/build.sh

# The proof of the ontology runs HermiT, a Java program; the tests of broken transfers run Java's
# HTTP client from its source, and curl; the tests of the pages run Chromium, those of the engines
# of others run Virtuoso, that of replicas rsync, that of TLS in front nginx and openssl. Everything
# else runs without them.
TOOLS := openjdk-17-jdk-headless curl chromium virtuoso-opensource-7-bin rsync nginx-light openssl
tools:
	@command -v java >/dev/null && command -v javac >/dev/null && command -v curl >/dev/null \
	  && command -v chromium >/dev/null && command -v virtuoso-t >/dev/null \
	  && command -v rsync >/dev/null && command -v openssl >/dev/null \
	  && test -x /usr/sbin/nginx && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends $(TOOLS) >/dev/null; \
	else \
	  echo "Java's compiler, curl, Chromium, Virtuoso, rsync, nginx or openssl is missing, so the tests that need them are skipped: install $(TOOLS)."; \
	fi

$(READY): pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 is missing: install python3.11 and python3.11-venv."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "rskg needs Python 3.11 or newer; $(PYTHON) is older: set PYTHON=..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv \
	  || { echo "This Python can't make environments: install python3.11-venv."; exit 1; }
	@echo "installing into .venv/ (once)"
	@$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $(READY)

# An installed wheel is compiled; so is this one, or each start would compile it where the
# environment says not to write what was compiled (PYTHONDONTWRITEBYTECODE).
compiled: $(READY)
	@$(BIN)/python -m compileall -q rskg

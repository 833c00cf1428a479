# make check is the one door. Tools come from $(VENV)/bin where that is, else from PATH.
VENV ?= .venv
BIN := $(if $(wildcard $(VENV)/bin/python),$(VENV)/bin/,)
CORPUS ?= corpus.jsonl.gz
PAGURE ?= $(HOME)/.cache/dslim-tests/pagure

.PHONY: wheel check lint types layers test format bless catalogue corpus languages bench builds compiled translated pairs images splits orders bot pagure

check: lint types layers test

lint:
	$(BIN)ruff check .
	$(BIN)ruff format --check .
	$(BIN)dslim rewrite --check Dockerfile

types:
	$(BIN)mypy

layers:
	$(BIN)lint-imports

test:
	PATH="$(if $(BIN),$(abspath $(BIN)):,)$$PATH" $(BIN)python -m pytest -n auto

format:
	$(BIN)ruff check --fix .
	$(BIN)ruff format .

# Rewrites after.Dockerfile files and the catalogue from what the code does now: read the diff.
bless:
	$(BIN)python -m pytest -n auto --bless tests/test_fixtures.py

catalogue:
	$(BIN)python -m dslim.catalogue

# CORPUS is gzipped JSON lines with "id" and "text".
corpus:
	$(BIN)python -m benchmarks.oracle_dockerfile $(CORPUS)
	$(BIN)python -m benchmarks.oracle_shell $(CORPUS)
	PATH="$(if $(BIN),$(abspath $(BIN)):,)$$PATH" $(BIN)python -m benchmarks.corpus $(CORPUS)

# What becomes of the builds of CORPUS, language by language.
languages:
	$(BIN)python -m benchmarks.languages $(CORPUS)

bench:
	$(BIN)python -m benchmarks.speed $(CORPUS)

# Needs a Docker engine (DOCKER_HOST) and a network.
builds:
	$(BIN)python -m benchmarks.builds benchmarks/dockerfiles

# Projects before and after the split, started, their answers compared. Needs a Docker engine (DOCKER_HOST) and a network.
splits:
	$(BIN)python -m benchmarks.splits
	$(BIN)python -m benchmarks.splits benchmarks/splits_java --level show
	$(BIN)python -m benchmarks.splits benchmarks/splits_node --level show
	$(BIN)python -m benchmarks.splits benchmarks/splits_c --level show
	$(BIN)python -m benchmarks.splits benchmarks/splits_python --level show
	$(BIN)python -m benchmarks.splits benchmarks/splits_ruby --level show
	$(BIN)python -m benchmarks.splits benchmarks/splits_rust --level show
	$(BIN)python -m benchmarks.splits benchmarks/splits_haskell --level show
	$(BIN)python -m benchmarks.splits benchmarks/splits_elixir --level show
	$(BIN)python -m benchmarks.splits benchmarks/splits_sites --level show
	$(BIN)python -m benchmarks.splits benchmarks/splits_composer --level show
	$(BIN)python -m benchmarks.splits benchmarks/splits_php
	$(BIN)python -m benchmarks.splits benchmarks/stages --level show

# Projects before and after their COPYs go behind the fetching: the same files, and what the cache of builds does then. Needs a Docker
# engine (DOCKER_HOST) and a network.
orders:
	$(BIN)python -m benchmarks.orders

# The compiled wheel of this Python and platform, in dist/ (ADR 16), installed as its users do, and asked for every fixture. Needs a
# C compiler; some minutes. Afterwards build/installed/bin/python benchmarks/speed.py CORPUS times what they get.
wheel:
	rm -rf dist/dslim-*.whl build/installed
	DSLIM_COMPILED=1 $(BIN)python -m pip wheel --quiet --no-deps --wheel-dir dist .
	$(BIN)python -m venv build/installed
	build/installed/bin/python -m pip install --quiet dist/dslim-*.whl 'dockerfile>=3.4'
	build/installed/bin/python tests/wheel.py

# What the compiled build takes (ADR 16), in C that nothing compiles: what mypyc refuses shows in a quarter of a minute.
translated:
	DSLIM_COMPILED=1 $(BIN)python setup.py --quiet --name

# The compiled build (ADR 16) of what git knows, in build/compiled: its tests, its speed. Needs a C compiler; some minutes.
compiled:
	rm -rf build/compiled && mkdir -p build/compiled && git archive HEAD | tar -x -C build/compiled
	cd build/compiled && python3 -m venv .venv && .venv/bin/pip install --quiet --editable '.[dev]' 'setuptools>=77'
	cd build/compiled && DSLIM_COMPILED=1 .venv/bin/python setup.py --quiet build_ext --inplace --parallel 4
	# what all compiled modules share lies beside the packages, where an editable install does not look
	for place in build/compiled/.venv/lib/python*/site-packages; do echo "$(CURDIR)/build/compiled" >"$$place/compiled.pth"; done
	$(MAKE) -C build/compiled test bench CORPUS=$(abspath $(CORPUS))

# Needs a Docker engine: pairs of Dockerfiles of which it is known whether they build the same image.
pairs:
	$(BIN)python -m benchmarks.verify pairs

# Needs a Docker engine and a network: the figures of `dslim layers` against Docker's own, and on an image of 2 GB.
images:
	$(BIN)python -m benchmarks.images --large

# A Debian with Pagure in it, for the one test that asks a whole forge (tests/bot/test_pagure.py), then that test. Needs root,
# debootstrap and a network; 640 MB, some minutes the first time.
pagure:
	test -d $(PAGURE) || tests/bot/counterparts/pagure/make-root.sh $(PAGURE)
	DSLIM_PAGURE=$(PAGURE) $(BIN)python -m pytest --thorough -rs tests/bot/test_pagure.py

# The bot, at length: its tests with each request held against GitHub's description of its API, in the largest sizes; then 200
# processes killed at random, and a sweep of 1,000 repositories, killed at 40 %. Needs Node.js (or says what it left out); some minutes.
bot:
	PATH="$(if $(BIN),$(abspath $(BIN)):,)$$PATH" $(BIN)python -m pytest -n auto --thorough -rs tests/bot
	PATH="$(if $(BIN),$(abspath $(BIN)):,)$$PATH" $(BIN)python -m benchmarks.bot kills --count 200
	PATH="$(if $(BIN),$(abspath $(BIN)):,)$$PATH" $(BIN)python -m benchmarks.bot sweep --count 1000

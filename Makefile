# The portal's commands. Works with GNU make 3.81 (macOS) and newer.
#   make run     the portal on this machine, with demo data          make test    the whole suite
#   make t       the fast tests, under a minute                      make stress  races and histories at full count
#   make check   the one gate: format, lint, types, rooms, texts, tests
#   make bench   figures beside their limits (MEASURES=a,b for some)
#   make demo    fresh demo data     make messages  new texts into the catalogues     make lock  new locks

PY = .venv/bin/python

.PHONY: help run test t stress check lint demo messages lock build tools runtime bench

help:
	@sed -n 's/^#   //p' Makefile

runtime:
	@.ci/bootstrap requirements.txt

tools: runtime
	@.ci/bootstrap requirements-dev.txt

run: runtime
	@$(PY) manage.py prepare
	@exec $(PY) manage.py start

demo: runtime
	@$(PY) manage.py prepare --fresh-demo

# What an image is built from; `make check` runs it too.
build: runtime
	@$(PY) manage.py prepare --files-only

test: tools build
	@$(PY) tests/run.py

t: tools build
	@$(PY) tests/run.py --fast --only sqlite

stress: tools build
	@$(PY) tests/run.py --stress

# Takes some ten minutes, most of them for a million enrolments; BENCH_SCALE=5 makes fewer.
bench: tools build
	@$(PY) tests/bench/run.py $(MEASURES)

lint: tools build
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) -m djlint templates --lint --quiet
	$(PY) -m pytest -q tests/test_rooms.py
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py catalogues --check
	$(PY) -m pip check

check: lint test

messages: tools
	@$(PY) manage.py messages

lock: tools
	.venv/bin/uv pip compile -q --universal --generate-hashes --python-version 3.11 --upgrade requirements.in -o requirements.txt
	.venv/bin/uv pip compile -q --universal --generate-hashes --python-version 3.11 --upgrade -c requirements.txt requirements-dev.in -o requirements-dev.txt

# CostWard: `make run` starts the board, `make test` proves it. Everything lives in .venv and data/.
PYTHON ?= python3
PORT   ?= 8501
# Tests run in as many processes as there are cores.
WORKERS ?= auto
BIN    := .venv/bin

.PHONY: run test bench bench-forecast env lint types demo clean browser

run: .venv/run.stamp
	$(BIN)/python -m core demo --if-empty
	$(BIN)/streamlit run app.py --server.port $(PORT)

env: .venv/dev.stamp

.venv/bin/python:
	$(PYTHON) -m venv .venv || { echo "python3-venv is missing: trying to install it"; \
	  { [ "$$(id -u)" = 0 ] && apt-get update && apt-get install -y python3-venv || sudo apt-get install -y python3-venv; } \
	  && rm -rf .venv && $(PYTHON) -m venv .venv; }

.venv/run.stamp: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements.txt requirements-dev.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ .venv/run.stamp

browser:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { \
	  echo "Chromium is missing: installing it with apt-get"; \
	  if [ "$$(id -u)" = 0 ]; then apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; \
	  else sudo apt-get update -qq && sudo apt-get install -y -qq --no-install-recommends chromium; fi; }

lint: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/dev.stamp
	$(BIN)/mypy

test: .venv/dev.stamp browser lint types
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

bench: .venv/dev.stamp
	$(BIN)/python -m tests.bench $(ONLY)

# The yardstick of the forecasts needs an older pandas, so it has an environment of its own.
.venv-bench/stamp: tests/bench/requirements-forecast.txt
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

bench-forecast: .venv-bench/stamp
	nice -n 19 .venv-bench/bin/python -m tests.bench.bench_forecast

demo: .venv/run.stamp
	$(BIN)/python -m core demo

clean:
	rm -rf .venv .venv-bench data/warehouse .pytest_cache .mypy_cache .ruff_cache

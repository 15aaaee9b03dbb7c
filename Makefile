# Two commands: `make run` opens the service, `make test` proves the house. Both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000

.PHONY: run test test-quick lint types build install-browser lock clean

run: $(VENV)/run.done
	$(BIN)/python -m api --host $(HOST) --port $(PORT)

test: $(VENV)/dev.done install-browser
	$(BIN)/python -m pytest

test-quick: $(VENV)/dev.done
	$(BIN)/python -m pytest -m "not slow"

lint: $(VENV)/dev.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev.done
	$(BIN)/mypy

build: $(VENV)/dev.done
	rm -rf dist
	$(BIN)/python -m build --no-isolation

# The browser that the tests of the page drive: Debian's, by name; elsewhere, install it by hand.
install-browser:
	@command -v chromium >/dev/null && command -v chromedriver >/dev/null || \
	{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && \
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium chromium-driver fonts-noto-cjk >/dev/null; } || \
	echo "没有 chromium 和 chromedriver：网页测试将跳过（CI 中将失败）" >&2

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("需要 Python 3.11 或更新版本" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.done: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/dev.done: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@ $(VENV)/run.done

# Needs uv; digests for every platform, no index address.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	--extra build -o requirements.lock pyproject.toml
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	--extra build --extra dev -o requirements-dev.lock pyproject.toml

clean:
	rm -rf $(VENV) dist build .pytest_cache .ruff_cache .mypy_cache

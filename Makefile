# make install   everything into .venv; the command is .venv/bin/insulin-abm
# make run       the main job: days of healthy, resistant and diabetic people side by side, into outputs/
# make test      style, types, floors of the house, and every test
# make bench     times and rates, into outputs/bench.json (LONG=1: the long runs, too)

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: install run test bench clean

install: $(INSTALLED)

$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 12))' || \
		{ echo "insulin_abm needs Python 3.12 or newer; name one with: make PYTHON=python3.13"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[app,dev]'
	@touch $@

run: install
	$(BIN)/insulin-abm batch healthy_day insulin_resistant_day type2_day type1_day type1_treated_day \
		--out outputs --overwrite --compare

test: install browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest

# The page is tested in a real browser. On Debian and its relatives it is installed here, if that is allowed.
.PHONY: browser
browser:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
		apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } || \
		echo "no chromium here: the tests of the page need one (apt-get install chromium)"

bench: install
	$(BIN)/python -m benchmarks.bench $(if $(LONG),--long)

clean:
	rm -rf $(VENV) outputs .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

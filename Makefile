# Two commands matter: `make demo` and `make test`. Both need only Python >= 3.12 or uv.
PORT ?= 8000
BIN := .venv/bin

.PHONY: setup demo test lint format messages lock bench clean

setup: ## install everything into .venv and node_modules
	@scripts/setup.sh

demo: setup ## build the demonstration edition and serve it on http://127.0.0.1:$(PORT)
	@$(BIN)/terreau demo --port $(PORT)

test: setup lint ## the whole suite, on SQLite and on a real PostgreSQL
	@$(BIN)/python scripts/test.py

lint: setup
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/lint-imports --no-logo | tail -n 3
	@$(BIN)/djlint --quiet --check --lint src || ($(BIN)/djlint --lint src; exit 1)
	@$(BIN)/mypy --no-error-summary src/terreau

format: setup
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .
	@$(BIN)/djlint --quiet --reformat src || true

messages: setup ## collect the interface strings into the English catalogue
	@$(BIN)/python scripts/messages.py collect

lock: setup ## resolve the dependencies again
	@scripts/lock.sh

clean:
	rm -rf .venv node_modules .reference var

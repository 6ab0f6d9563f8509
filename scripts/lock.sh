#!/usr/bin/env sh
# Resolves the three lock files again. They carry hashes and no address: pip and uv read them alike.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
compile() {
    uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-annotate \
        --custom-compile-command "make lock" "$@"
}
compile pyproject.toml -o requirements.lock
compile pyproject.toml --group dev -o requirements-dev.lock
compile --no-deps --group reference -o requirements-reference.lock
npm install --package-lock-only --silent

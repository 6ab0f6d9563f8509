"""`terreau serve` and `terreau demo`: what they refuse, and that they end what they started."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from terreau.cli import demonstration, serving


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_port_in_use_is_refused_in_words():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ValueError, match="déjà pris"):
            serving.ready("127.0.0.1", taken.getsockname()[1])


def test_an_old_database_is_refused_in_words(monkeypatch):
    monkeypatch.setattr(serving, "migrated", lambda: False)
    with pytest.raises(ValueError, match="terreau migrate"):
        serving.ready("127.0.0.1", free_port())


def test_the_demonstration_lives_apart_and_says_so(monkeypatch):
    for name in ("TERREAU_DEMO", "TERREAU_REQUIRE_MFA", "TERREAU_SITE_URL"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("TERREAU_HOME", "/somewhere")
    demonstration.place(8123)
    assert os.environ["TERREAU_HOME"] == "/somewhere/demo"
    assert os.environ["TERREAU_DEMO"] == "1"
    assert os.environ["TERREAU_SITE_URL"] == "http://127.0.0.1:8123"


def test_a_database_that_is_not_ours_is_not_erased(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere")
    with pytest.raises(ValueError, match="videz la vôtre"):
        demonstration.erase()


def terreau(home, *arguments):
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | {"TERREAU_HOME": str(home)}
    program = [sys.executable, "-m", "terreau.cli", *arguments]
    return subprocess.Popen(program, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def test_it_serves_until_it_is_told_to_stop_and_leaves_nothing_behind(tmp_path):
    with terreau(tmp_path, "migrate") as migration:
        assert "à jour" in migration.communicate(timeout=120)[0]
    port = free_port()
    process = terreau(tmp_path, "serve", "--port", str(port))
    deadline = time.monotonic() + 90
    answered = False
    while time.monotonic() < deadline and process.poll() is None and not answered:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
                answered = answer.read() == b"ok"
        except OSError:
            time.sleep(0.3)
    announced = answered and any(f"http://127.0.0.1:{port}" in line for line in process.stdout)
    process.send_signal(signal.SIGTERM)
    said, _none = process.communicate(timeout=40)
    assert answered, said
    assert announced
    assert process.returncode == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0

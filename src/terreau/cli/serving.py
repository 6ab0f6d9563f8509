"""`terreau serve`: the web server and the background worker, one command, ended together."""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from typing import Annotated

import typer

from terreau.cli.start import django_up

GRACE = 10  # seconds that a process has to finish what it is doing
HOST = "127.0.0.1"
MORNING = 7  # the hour, in the site's time zone, from which reminders leave
Port = Annotated[int, typer.Option(help="Port d’écoute.", min=1, max=65535)]


def serve(
    port: Port = 8000,
    host: Annotated[str, typer.Option(help="Adresse d’écoute.")] = HOST,
    threads: Annotated[int, typer.Option(help="Requêtes traitées en même temps.", min=1, max=64)] = 4,
) -> None:
    """Sert le site et traite les tâches de fond, jusqu’à Ctrl-C."""
    os.environ.setdefault("TERREAU_SITE_URL", f"http://{HOST}:{port}")
    ready(host, port)
    run(host, port, threads, lambda: typer.echo(f"Terreau répond sur http://{host}:{port} (Ctrl-C pour arrêter)."))


def ready(host: str, port: int) -> None:
    """Everything a server needs before it starts: a free port, a migrated database, its static files."""
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise ValueError(f"le port {port} est déjà pris ; choisissez-en un autre avec --port.") from None
    django_up()
    if not migrated():
        raise ValueError("la base n’est pas à jour : lancez d’abord « terreau migrate ».")
    collect_static()


def migrated() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def collect_static() -> None:
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


def run(host: str, port: int, threads: int, announce: Callable[[], None]) -> None:
    """Start both processes and stay until a signal, or until one of them falls; then end the other."""
    from django.db import connections

    connections.close_all()
    server = [
        "granian",
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        "--no-ws",
        "--log-level",
        "warning",
    ]
    server += ["--blocking-threads", str(threads), "terreau.config.wsgi:application"]
    children = [_child(*server), _child("django", "db_worker", "--queue-name", "*", "--no-startup-delay", "-v", "0")]
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        if _answers(host, port, children, stop):
            announce()
        asked = ""
        while not stop.wait(0.5):
            asked = daily(asked)
            if fallen := [c for c in children if c.poll() is not None]:
                raise ValueError(f"un processus s’est arrêté (code {fallen[0].returncode}).")
    finally:
        _end(children)


def daily(asked: str) -> str:
    """Put the day's work in the queue, once a day from `MORNING` on; what was asked last comes back.

    Another server of the same instance asks too: the work sends nothing twice.
    """
    from django.db import DatabaseError, close_old_connections
    from django.utils import timezone

    from terreau.engagement.tasks import propose_today
    from terreau.funding.tasks import remind_today

    now = timezone.localtime()
    if now.hour < MORNING or asked == now.date().isoformat():
        return asked
    close_old_connections()
    try:
        remind_today.enqueue()
        propose_today.enqueue()
    except DatabaseError:  # asked again in a moment: the site goes on
        return asked
    return now.date().isoformat()


def _child(*module: str) -> subprocess.Popen:
    """A Python module in a session of its own: Ctrl-C reaches this process alone, which ends them in order."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "terreau.config.settings"}
    return subprocess.Popen([sys.executable, "-m", *module], env=environment, start_new_session=True)  # noqa: S603


def _answers(host: str, port: int, children: list[subprocess.Popen], stop: threading.Event) -> bool:
    """Wait until /healthz answers; False when stopped or fallen before."""
    shown = HOST if host == "0.0.0.0" else host  # noqa: S104 - compared, not bound
    while not stop.is_set() and all(c.poll() is None for c in children):
        try:
            with urllib.request.urlopen(f"http://{shown}:{port}/healthz", timeout=2):
                return True
        except OSError:
            time.sleep(0.2)
    return False


def _end(children: list[subprocess.Popen]) -> None:
    """Ask each to finish, wait, then end what remains with all it started."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    limit = time.monotonic() + GRACE
    for child in children:
        try:
            child.wait(max(0.1, limit - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def migrate() -> None:
    """Crée la base ou la met à jour."""
    django_up()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    typer.echo("La base est à jour.")

"""`terreau demo`: the demonstration edition, built once in a place of its own, then served."""

import os
import shutil
from pathlib import Path
from typing import Annotated

import typer

from terreau.cli import serving
from terreau.cli.start import django_up

ACCOUNTS = "demo-comptes.json"  # written by the builder, in the instance's folder


def demo(
    port: serving.Port = 8000,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Efface la démonstration et la reconstruit.")] = False,
    build_only: Annotated[bool, typer.Option("--build-only", help="Construit sans servir.")] = False,
) -> None:
    """Construit l’édition de démonstration (une fois), puis la sert ; affiche un compte par rôle.

    Tout y est fictif sauf les territoires. Elle vit à part, dans le sous-dossier « demo » du dossier de l’instance.
    """
    place(port)
    django_up()
    if rebuild:
        erase()
    prepare()
    if not build_only:
        serving.ready(serving.HOST, port)
        serving.run(serving.HOST, port, threads=4, announce=lambda: welcome(port))


def place(port: int) -> None:
    """A folder, a database and an address of its own; every page says that the data is synthetic."""
    home = Path(os.environ.get("TERREAU_HOME") or Path(__file__).resolve().parents[3] / "var")
    os.environ["TERREAU_HOME"] = str(home / "demo")
    os.environ["TERREAU_DEMO"] = "1"
    os.environ["TERREAU_REQUIRE_MFA"] = "0"
    os.environ["TERREAU_SITE_URL"] = f"http://{serving.HOST}:{port}"


def erase() -> None:
    """Forget the demonstration. A database that is not ours to delete is left alone."""
    from django.conf import settings
    from django.db import connections

    if os.environ.get("DATABASE_URL"):
        raise ValueError("--rebuild n’efface que la base SQLite de la démonstration ; videz la vôtre vous-même.")
    connections.close_all()
    database = Path(settings.DATABASES["default"]["NAME"])
    for suffix in ("", "-wal", "-shm"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


def prepare() -> None:
    """The tables, the territories, the data pack where it is named, the edition. Nothing where it is all there."""
    from django.conf import settings
    from django.core.management import CommandError, call_command

    call_command("migrate", interactive=False, verbosity=0)
    try:
        call_command("build_demo")
    except CommandError as problem:
        raise ValueError(str(problem)) from None
    if not settings.DATA_PACK:
        typer.echo("TERREAU_DATA ne désigne aucun dossier : zones d’emploi et indicateurs manquent.", err=True)


def welcome(port: int) -> None:
    """The address, then one account a role."""
    import json

    from django.conf import settings

    accounts = json.loads((settings.HOME / ACCOUNTS).read_text())["accounts"]
    typer.echo(f"\nDémonstration de Terreau : http://{serving.HOST}:{port} (Ctrl-C pour arrêter)")
    typer.echo("Données fictives, territoires réels. Double authentification désactivée.")
    typer.echo("Les e-mails s’affichent ici au lieu de partir.\n\nUn compte par rôle (adresse, mot de passe) :")
    for account in accounts:
        typer.echo(f"  {account['role']:42} {account['email']:28} {account['password']}")
    typer.echo("")

"""`terreau funding`: what a scheduled job asks of the agreements."""

from datetime import datetime
from typing import Annotated

import typer

from terreau.cli.data import start

app = typer.Typer(no_args_is_help=True, help="Conventions : rappels des rapports attendus.")
Day = Annotated[
    datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="Jour des rappels ; aujourd’hui par défaut.")
]


@app.callback()
def funding() -> None:
    """Keeps the name of the group while it has one command."""


@app.command()
def remind(day: Day = None) -> None:
    """Envoie les rappels de rapports du jour ; relancée, n’envoie rien deux fois."""
    start()
    from django.utils import timezone

    from terreau.funding.actions.reminders import remind as send

    asked = day.date() if day else timezone.localdate()
    typer.echo(f"{send(asked)} rappel(s) pour le {asked:%d/%m/%Y}.")

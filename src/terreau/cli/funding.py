"""`terreau funding`: the money, from the command line."""

from datetime import datetime
from typing import Annotated

import typer

from terreau.cli.data import start

app = typer.Typer(no_args_is_help=True, help="L’argent : rappels, et preuve que tout s’accorde.")
Day = Annotated[
    datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="Jour des rappels ; aujourd’hui par défaut.")
]


@app.command()
def remind(day: Day = None) -> None:
    """Envoie les rappels de rapports du jour ; relancée, n’envoie rien deux fois."""
    start()
    from django.utils import timezone

    from terreau.funding.actions.reminders import remind as send

    asked = day.date() if day else timezone.localdate()
    typer.echo(f"{send(asked)} rappel(s) pour le {asked:%d/%m/%Y}.")


@app.command()
def reconcile(
    edition: Annotated[int | None, typer.Option(help="Une édition seulement, par son année.")] = None,
) -> None:
    """Prouve que le journal, les conventions et les paiements s’accordent. Code 2, une ligne par écart, sinon."""
    start()
    from terreau.core.money import euros
    from terreau.funding.queries.reconciliation import Tally, differences

    tally, found = Tally(), 0
    for line in differences(edition, tally):
        typer.echo(line)
        found += 1
    if found:
        typer.echo(f"{found} écart{'s' if found > 1 else ''}.", err=True)
        raise typer.Exit(2)
    ledger = f"{tally.movements} mouvements, {tally.entries} écritures, {euros(tally.cents)} au débit comme au crédit"
    typer.echo(f"Tout s’accorde : {ledger}, {tally.files} dossiers, {tally.payments} paiements.")

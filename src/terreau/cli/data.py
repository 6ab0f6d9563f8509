"""`terreau data`: the reference geography and the data pack."""

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from terreau.cli.start import django_up

app = typer.Typer(no_args_is_help=True, help="Données de référence : territoires, zones d’emploi, indicateurs.")


def start() -> None:
    """Bring Django up, and say so plainly when the database is not ready."""
    from django.db import DatabaseError

    django_up()
    from terreau.territories.models import Source

    try:
        Source.objects.exists()
    except DatabaseError:
        raise ValueError("la base n’est pas prête : lancez d’abord « terreau migrate ».") from None


def bar() -> Progress:
    console = Console(stderr=True)
    columns = TextColumn("{task.description:45}"), BarColumn(), TimeElapsedColumn()
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


@app.command()
def build() -> None:
    """Reconstruit communes, intercommunalités, départements et régions à partir des paquets installés."""
    start()
    from terreau.territories import reference

    with bar() as shown:
        task = shown.add_task("", total=1.0)
        counts = reference.build(lambda label, share: shown.update(task, description=label, completed=share))
    typer.echo(", ".join(f"{level} : {count}" for level, count in counts.items()))


@app.command()
def load(
    folder: Annotated[str, typer.Argument(help="Dossier du lot de données ; à défaut, TERREAU_DATA.")] = "",
) -> None:
    """Charge les zones d’emploi et les indicateurs d’un lot de données, tout ou rien."""
    start()
    from terreau.territories import reference

    with bar() as shown:
        task = shown.add_task("", total=1.0)
        counts = reference.load(folder, lambda label, share: shown.update(task, description=label, completed=share))
    typer.echo(f"zones d’emploi : {counts['zones']}, communes : {counts['communes']}, valeurs : {counts['values']}")


@app.command()
def status() -> None:
    """Dit ce qui est chargé, de quel millésime, et comment charger ce qui manque."""
    start()
    from terreau.territories import queries

    table = Table("Contenu", "Producteur", "Millésime", "Lignes", "Chargé le")
    for source in queries.sources():
        when = f"{source.loaded_at:%d/%m/%Y %H:%M}"
        table.add_row(source.label, source.producer, source.vintage, str(source.rows), when)
    Console().print(table)
    for label, command in queries.missing():
        typer.echo(f"Manque : {label}. Pour charger : {command}")

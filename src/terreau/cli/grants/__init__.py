"""`terreau import grants`, `terreau publish grants` and `terreau publish barometer`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from terreau.cli.start import django_up

publish = typer.Typer(no_args_is_help=True, help="Publier des données ouvertes.")


class Standard(StrEnum):
    SCDL = "scdl"
    GIVING = "360giving"


@publish.command("grants")
def publish_grants(
    standard: Annotated[Standard, typer.Option(help="Standard du fichier.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Fichier .csv, ou .json pour 360Giving.")],
    edition: Annotated[int | None, typer.Option(help="Année de l’édition ; toutes sinon.")] = None,
) -> None:
    """Publie les subventions des conventions signées, de projets retenus et annoncés.

    Une subvention que le standard refuserait n’est pas écrite : elle est dite, avec ce qui lui manque.
    """
    django_up()
    from terreau.cli.grants import publishing

    publishing.run(standard.value, output, edition)


@publish.command("barometer")
def publish_barometer(year: Annotated[int, typer.Argument(help="Année civile, finie.")]) -> None:
    """Arrête une année du baromètre des dons d’entreprises : ce qui est publié ne change plus."""
    django_up()
    from terreau.cli.grants import barometer

    barometer.run(year)


def import_grants(
    file: Annotated[Path, typer.Argument(help="Fichier CSV, XLSX ou Parquet (SCDL, 360Giving), ou JSON (360Giving).")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Vérifie sans rien écrire.")] = False,
    only_good: Annotated[bool, typer.Option("--only-good", help="Prend les bonnes lignes, laisse les autres.")] = False,
) -> None:
    """Importe les subventions publiées par d’autres financeurs, selon SCDL (1.1.0, 2.0.2, 2.1.1) ou 360Giving.

    Ce qui est corrigé est dit ; chaque mauvaise ligne est dite avec sa colonne et son motif. Par défaut, une seule
    mauvaise ligne suffit pour ne rien prendre. Relancer la commande ne change rien.
    """
    django_up()
    from terreau.cli.grants import importing

    importing.run(file, dry_run=dry_run, only_good=only_good)

"""Closes a year of the barometer, for good."""

import typer
from django.utils import translation

from terreau.core.moves import Refused
from terreau.engagement.actions.barometer import close_edition


def run(year: int) -> None:
    """ValueError where the year cannot be published."""
    with translation.override("fr"):
        try:
            edition = close_edition(year, by=None)
        except Refused as problem:
            raise ValueError(str(problem)) from problem
    cells = edition.content["cells"]
    hidden = sum(cell["hidden"] for cell in cells)
    typer.echo(f"Baromètre {year} publié : {len(cells)} cases, dont {hidden} cachées.")

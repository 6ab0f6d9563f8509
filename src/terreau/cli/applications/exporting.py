"""Writes the files of a call with every answer, as the office downloads them."""

from pathlib import Path

import typer
from django.utils import translation

from terreau.calls.models import Call
from terreau.projects.models import Application
from terreau.projects.queries import exports, sheets


def run(output: Path, slug: str) -> None:
    """CSV or XLSX, streamed: memory does not depend on the number of files."""
    kind = output.suffix.lower()
    if kind not in {".csv", ".xlsx"}:
        raise ValueError(f"{output.name} : écrivez un fichier .csv ou .xlsx.")
    applications = Application.objects.all()
    if slug:
        if not Call.objects.filter(slug=slug).exists():
            raise ValueError(f"aucun appel n’a pour adresse « {slug} ».")
        applications = applications.filter(call__slug=slug)
    with translation.override("fr"):
        rows = exports.rows(applications)
        if kind == ".xlsx":
            with output.open("wb") as book:
                number = sheets.write_xlsx(rows, book)
        else:
            with output.open("w", encoding="utf-8", newline="") as file:
                file.writelines(sheets.csv_lines(rows))
            number = applications.count()
    typer.echo(f"{number} dossiers écrits dans {output}.")

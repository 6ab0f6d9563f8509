"""`terreau giving`: the fiscal years of a donor firm settled by article 238 bis, over a plain file."""

import csv
import re
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

YEAR = ("year", "exercice", "année", "an")
TURNOVER = ("turnover", "ca", "chiffre d’affaires", "chiffre d'affaires", "chiffre d’affaires ht")
GIFTS = ("gifts", "dons", "don", "mécénat", "versements")
TAX = ("tax", "impôt", "is", "ir", "impôt sur les sociétés")
AID = ("aid", "dons aide", "aide aux personnes en difficulté")
CLOSED = ("closed", "clôture", "date de clôture", "clos le")
AMOUNTS = ("cap", "own", "carried", "base", "reduction", "imputed")
LEFT = ("excess_left", "excess_expired", "credit_left", "credit_expired")
HEADERS = ("year", *AMOUNTS, *LEFT)
SHEETS = (".csv", ".xlsx", ".json")
FAULTS = {
    "before-the-law": "les règles d’avant 2003 ne sont pas connues",
    "not-consecutive": "chaque exercice suit le précédent d’un an, dans l’ordre du fichier",
    "aid-above-gifts": "les dons d’aide dépassent les dons de l’exercice, qui les comprennent",
}


def giving(
    exercises: Annotated[
        Path,
        typer.Option("--exercises", help="Exercices (CSV, XLSX, Parquet), en euros : year,turnover,gifts[,tax]."),
    ],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Une ligne par exercice (CSV, XLSX, JSON) ; sinon à l’écran.")
    ] = None,
    *,
    json: Annotated[Path | None, typer.Option("--json", help="Le tout en JSON, les deux stocks par année.")] = None,
    excess_rate: Annotated[
        str,
        typer.Option(
            help="Taux de l’excédent reporté : origin, celui du don ; year, celui de l’exercice qui l’emploie."
        ),
    ] = "origin",
) -> None:
    """Calcule le plafond, la réduction d’impôt et les reports d’une entreprise qui donne (CGI, art. 238 bis).

    Les exercices se suivent, du plus ancien au plus récent. Sans colonne « tax », ou dans une cellule vide, l’impôt
    suffit à la réduction de l’exercice. Sans colonne « closed » (date de clôture), l’exercice est clos le
    31 décembre. La colonne « aid » dit la part des dons faite aux organismes d’aide aux personnes en difficulté.

    Ce qui reste d’un excédent ou d’une réduction à la fin du cinquième exercice suivant est dans les colonnes
    « expired » de cette ligne. Un calcul n’est pas un conseil : vérifiez avec votre comptable.
    """
    from terreau.cli.methods import tables
    from terreau.cli.methods.writing import Sheet, check_outputs, save
    from terreau.methods.giving.exercises import BadExercises, ExcessRate, Instance, settle

    check_outputs([exercises], (output, SHEETS), (json, (".json",)))
    if excess_rate not in list(ExcessRate):
        raise ValueError(f"--excess-rate {excess_rate} : écrivez {' ou '.join(ExcessRate)}.")
    table = tables.read(exercises)
    year_column = table.find("", YEAR, "l’exercice", "year")
    years = _years(table, year_column)
    try:
        settled = settle(Instance(years, excess_rate=ExcessRate(excess_rate)))
    except BadExercises as fault:
        raise table.fault([fault.place], year_column, FAULTS[fault.code]) from None
    files: dict[Path, Any] = {json: _document(settled, excess_rate)} if json else {}
    if output:
        show = _text if output.suffix.lower() == ".csv" else _number
        files[output] = Sheet(HEADERS, [_row(one, show) for one in settled])
    save(files)
    if not output:
        csv.writer(sys.stdout, lineterminator="\n").writerows([HEADERS, *(_row(one, _text) for one in settled)])
    _tell(settled)


def _years(table: Any, year_column: str) -> list[Any]:
    from terreau.methods.giving.exercises import Exercise

    turnover = table.euros(table.find("", TURNOVER, "le chiffre d’affaires", "turnover")).tolist()
    gifts = table.euros(table.find("", GIFTS, "les dons", "gifts")).tolist()
    aid = _euros_or_none(table, table.find_if_any("", AID, "les dons d’aide", "aid"))
    tax = _euros_or_none(table, table.find_if_any("", TAX, "l’impôt", "tax"))
    closings = _closings(table, year_column)
    return [
        Exercise(closing, turnover[row], gifts[row], aid[row] or 0, tax[row]) for row, closing in enumerate(closings)
    ]


def _euros_or_none(table: Any, column: str) -> list[int | None]:
    """Cents; None where there is no column or the cell is empty."""
    if not column:
        return [None] * len(table)
    empty = [row for row, cell in enumerate(table.cells[column]) if not cell.strip()]
    cents: list[int | None] = table.with_cells(column, empty, "0").euros(column).tolist()
    for row in empty:
        cents[row] = None
    return cents


def _closings(table: Any, year_column: str) -> list[date]:
    """The closing date of each year: told, or 31 December."""
    cells = [cell.strip() for cell in table.cells[year_column]]
    if wrong := [row for row, cell in enumerate(cells) if not re.fullmatch(r"[12]\d{3}", cell)]:
        raise table.fault(wrong, year_column, f"« {cells[wrong[0]]} » n’est pas une année, comme 2025")
    column = table.find_if_any("", CLOSED, "la date de clôture", "closed")
    if not column:
        return [date(int(cell), 12, 31) for cell in cells]
    closings = []
    for row, cell in enumerate(table.cells[column]):
        closing = _day(cell.strip()) if cell.strip() else date(int(cells[row]), 12, 31)
        if closing is None:
            raise table.fault([row], column, f"« {cell} » n’est pas une date, comme 2025-12-31")
        if closing.year != int(cells[row]):
            raise table.fault([row], column, f"l’exercice {cells[row]} n’est pas clos en {closing.year}")
        closings.append(closing)
    return closings


def _day(text: str) -> date | None:
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def _row(settled: Any, show: Any) -> list[Any]:
    return [settled.exercise.year, *(show(getattr(settled, name)) for name in (*AMOUNTS, *LEFT))]


def _text(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def _number(cents: int) -> float:
    return cents / 100


def _document(settled: Any, excess_rate: str) -> dict[str, Any]:
    """Euros. The two ledgers stand by year of origin, as they are after each exercise."""
    return {
        "excess_rate": excess_rate,
        "exercises": [
            dict(zip(HEADERS, _row(one, _number), strict=True))
            | {
                "closed": one.exercise.closed_on.isoformat(),
                "excess_by_year": [
                    {"year": line.year, "amount": _number(line.cents), "rate": float(line.rate)}
                    for line in one.excesses
                ],
                "credit_by_year": [{"year": line.year, "amount": _number(line.cents)} for line in one.credits],
            }
            for one in settled
        ],
    }


def _tell(settled: Any) -> None:
    """What the reader must know, on the error stream."""
    from terreau.methods.giving.statement import detail_required
    from terreau.methods.selection.words import plain_money

    for one in settled:
        for cents, what in ((one.excess_expired, "d’excédent"), (one.credit_expired, "de réduction")):
            if cents:
                lost = f"{plain_money(cents)} {what} perdus, cinq exercices passés"
                typer.echo(f"{one.exercise.year} : {lost}.", err=True)
    listed = [one.exercise for one in settled if detail_required(one.exercise.gifts, one.exercise.closed_on)]
    if listed:
        years = ", ".join(str(exercise.year) for exercise in listed)
        typer.echo(f"Plus de 10 000 € donnés, dons à déclarer un par un : {years}.", err=True)

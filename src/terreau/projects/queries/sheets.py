"""The wide table of `exports` as a CSV stream or an XLSX file."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from itertools import batched
from pathlib import Path
from typing import IO

import xlsxwriter

from terreau.projects.queries.exports import Cell

BATCH = 100  # rows a piece of stream
LONGEST = 32_767  # characters in one cell of a spreadsheet


class Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(rows: Iterable[list[Cell]]) -> Iterator[str]:
    """UTF-8 CSV with its mark, comma between cells, dot decimals, ISO dates."""
    writer = csv.writer(Echo())
    yield "\ufeff"
    for batch in batched(rows, BATCH):  # the last batch may be shorter
        yield "".join(writer.writerow([_plain(cell) for cell in row]) for row in batch)


def _plain(cell: Cell) -> str | int | float | Decimal:
    if cell is None:
        return ""
    return cell.isoformat(sep=" ", timespec="seconds") if isinstance(cell, datetime) else str(cell)


def write_xlsx(rows: Iterable[list[Cell]], target: str | Path | IO[bytes]) -> int:
    """Write a workbook row by row, in constant memory; the number of rows below the header."""
    book = xlsxwriter.Workbook(target, {"constant_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"})
    sheet = book.add_worksheet("Dossiers")
    sheet.freeze_panes(1, 1)
    bold, money = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "#,##0.00"})
    number = -1
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, place, cell[:LONGEST], bold if number == 0 else None)
            elif isinstance(cell, datetime):
                sheet.write_datetime(number, place, cell)
            elif isinstance(cell, Decimal):
                sheet.write_number(number, place, float(cell), money)
            elif isinstance(cell, int | float):
                sheet.write_number(number, place, cell)
    book.close()
    return number

"""Reads a table, whatever it is kept in: CSV, XLSX, Parquet, 360Giving JSON or Pabulib.

Rows flow one by one with their line.
"""

import codecs
import csv
import re
import unicodedata
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import ijson

LARGEST = 100 * 1024 * 1024  # bytes
LONGEST_CELL = 1_000_000  # characters
DELIMITERS = (";", ",", "\t")
type Row = tuple[int, list[str]]


@dataclass(frozen=True)
class Table:
    """Headers, and a way to read the rows as many times as needed. `meta` is what a Pabulib file says of itself."""

    path: Path
    kind: str
    headers: list[str]
    rows: Callable[[], Iterator[Row]]
    read_as: str
    meta: dict[str, str] = field(default_factory=dict)


def plain(text: str) -> str:
    """Letters and digits alone, without accents or case: what two spellings of one name share."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", " ", re.sub(r"[^\w\s-]", "", ascii_text)).strip()


def open_table(path: Path) -> Table:
    """The table of a file. ValueError, in one line, for what cannot be read."""
    if not path.is_file():
        raise ValueError(f"le fichier {path} n’existe pas.")
    size = path.stat().st_size
    if not size:
        raise ValueError(f"{path.name} est vide.")
    if size > LARGEST:
        raise ValueError(
            f"{path.name} pèse {size // 2**20} Mo ; la limite est de {LARGEST // 2**20} Mo. "
            "Découpez-le en plusieurs fichiers."
        )
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise ValueError(f"{path.name} : les formats lus sont {', '.join(sorted(READERS))}.")
    table = reader(path)
    if not any(header.strip() for header in table.headers):
        raise ValueError(f"{path.name} n’a pas de ligne d’en-tête.")
    return table


def encoding_of(path: Path) -> str:
    """UTF-8 where the whole file is; UTF-16 with its mark; otherwise Windows-1252, the old habit of spreadsheets."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        head = file.read(2)
        if head in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        file.seek(0)
        try:
            while block := file.read(2**20):
                if b"\0" in block:
                    raise ValueError(f"{path.name} n’est pas un fichier texte.")
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def _delimiter(header: str) -> str:
    """The separator that cuts the header into most columns, quotes respected."""
    return max(DELIMITERS, key=lambda mark: len(next(csv.reader([header], delimiter=mark), [])))


def _read_csv(path: Path) -> Table:
    encoding = encoding_of(path)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        header = file.readline(LONGEST_CELL)
    mark = _delimiter(header)
    names = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252", "utf-16": "UTF-16"}
    shown = {";": "point-virgule", ",": "virgule", "\t": "tabulation"}
    lines = _csv_lines(path, encoding, mark)
    _line, headers = next(lines, (0, []))
    lines.close()

    def rows() -> Iterator[Row]:
        body = _csv_lines(path, encoding, mark)
        next(body, None)
        yield from body

    read_as = f"CSV, {names[encoding]}, séparateur {shown[mark]}"
    return Table(path, "csv", [h.strip() for h in headers], rows, read_as)


def _csv_lines(path: Path, encoding: str, mark: str) -> Generator[Row]:
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter=mark)
        try:
            for number, cells in enumerate(reader, 1):  # as a spreadsheet counts: a cell may hold several lines
                if any(cell.strip() for cell in cells):
                    yield number, cells
        except csv.Error as problem:
            raise ValueError(f"{path.name}, ligne {reader.line_num} : {problem}.") from None


def _read_xlsx(path: Path) -> Table:
    headers: list[str] = []

    def every() -> Generator[Row]:
        from openpyxl import load_workbook

        try:
            book = load_workbook(path, read_only=True, data_only=True)
        except (BadZipFile, KeyError, ValueError, OSError):
            raise ValueError(f"{path.name} n’est pas un classeur XLSX lisible.") from None
        for line, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
            texts = [_cell(cell) for cell in cells]
            if any(texts):
                yield line, texts
        book.close()

    def rows() -> Iterator[Row]:
        body = every()
        next(body, None)
        for line, texts in body:
            yield line, (texts + [""] * len(headers))[: len(headers)]

    first = every()
    headers += [h.strip() for h in next(first, (0, []))[1]]
    first.close()
    return Table(path, "xlsx", headers, rows, "classeur XLSX, première feuille")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list):
        return ";".join(map(_cell, value))
    return str(value)


def _read_parquet(path: Path) -> Table:
    import duckdb

    def query(limit: str = "") -> duckdb.DuckDBPyConnection:
        try:
            return duckdb.connect().execute(f"SELECT * FROM read_parquet(?) {limit}", [str(path)])  # noqa: S608 - ours
        except duckdb.Error:
            raise ValueError(f"{path.name} n’est pas un fichier Parquet lisible.") from None

    def rows() -> Iterator[Row]:
        found, line = query(), 0
        while block := found.fetchmany(10_000):
            for cells in block:
                line += 1
                yield line, [_cell(cell) for cell in cells]

    headers = [column[0].strip() for column in query("LIMIT 0").description or ()]
    return Table(path, "parquet", headers, rows, "Parquet")


GRANT = {  # column: path inside a 360Giving grant
    "id": "id",
    "title": "title",
    "description": "description",
    "currency": "currency",
    "amountAwarded": "amountAwarded",
    "amountAppliedFor": "amountAppliedFor",
    "amountDisbursed": "amountDisbursed",
    "awardDate": "awardDate",
    "recipientOrganization:id": "recipientOrganization.0.id",
    "recipientOrganization:name": "recipientOrganization.0.name",
    "recipientIndividual:name": "recipientIndividual.name",
    "grantProgramme:title": "grantProgramme.0.title",
    "fundingOrganization:id": "fundingOrganization.0.id",
    "fundingOrganization:name": "fundingOrganization.0.name",
    "beneficiaryLocation:name": "beneficiaryLocation.0.name",
    "beneficiaryLocation:countryCode": "beneficiaryLocation.0.countryCode",
    "beneficiaryLocation:geoCode": "beneficiaryLocation.0.geoCode",
    "plannedDates:startDate": "plannedDates.0.startDate",
    "plannedDates:endDate": "plannedDates.0.endDate",
}


def _read_json(path: Path) -> Table:
    """The grants of a 360Giving package, one by one: the file is never whole in memory."""
    if ("grants", "start_array") not in ((place, event) for place, event, _ in _parsed(path, ijson.parse)):
        raise ValueError(f"{path.name} : le JSON attendu est celui du standard 360Giving, avec une liste « grants ».")

    def rows() -> Iterator[Row]:
        for number, grant in enumerate(_parsed(path, ijson.items, "grants.item"), 1):
            if not isinstance(grant, dict):
                raise ValueError(f"{path.name}, subvention {number} : un objet JSON est attendu.")  # noqa: TRY004 - their file, not our code
            yield number, [_inside(grant, place) for place in GRANT.values()]

    return Table(path, "360giving", list(GRANT), rows, "JSON 360Giving")


def _parsed(path: Path, parse: Callable[..., Iterator[Any]], *what: str) -> Iterator[Any]:
    with path.open("rb") as file:
        if file.read(3) != codecs.BOM_UTF8:
            file.seek(0)
        try:
            yield from parse(file, *what, use_float=True)
        except (ijson.JSONError, UnicodeDecodeError):
            raise ValueError(f"{path.name} n’est pas un fichier JSON lisible.") from None


def _inside(value: Any, place: str) -> str:
    for step in place.split("."):
        if isinstance(value, list) and step.isdigit():
            value = value[int(step)] if int(step) < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return "" if value is None or isinstance(value, dict | list) else _cell(value)


def pabulib_sections(path: Path) -> tuple[dict[str, str], list[Row], Generator[Row]]:
    """META, the rows of PROJECTS, and those of VOTES as they come, headers first. Format: pabulib.org/format."""
    lines = _csv_lines(path, encoding_of(path), ";")
    meta: dict[str, str] = {}
    projects: list[Row] = []
    section = ""
    for line, cells in lines:
        name = cells[0].strip().upper()
        if name in {"META", "PROJECTS", "VOTES"} and not any(cell.strip() for cell in cells[1:]):
            section = name
            if section == "VOTES":
                break
        elif section == "META" and len(cells) > 1:
            meta[cells[0].strip()] = cells[1].strip()
        elif section == "PROJECTS":
            projects.append((line, cells))
    return meta, projects, lines


def _read_pabulib(path: Path) -> Table:
    """A Pabulib file: its projects are the table."""
    meta, projects, votes = pabulib_sections(path)
    votes.close()
    if not projects:
        raise ValueError(f"{path.name} : la section PROJECTS est vide ou absente.")
    headers = [h.strip() for h in projects[0][1]]
    return Table(path, "pabulib", headers, lambda: iter(projects[1:]), "Pabulib", meta)


READERS = {
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".xlsx": _read_xlsx,
    ".parquet": _read_parquet,
    ".json": _read_json,
    ".pb": _read_pabulib,
}

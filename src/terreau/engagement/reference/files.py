"""The official files as their publishers give them: Parquet, CSV, or CSV in a zip. Nothing is written here."""

import csv
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfileobj

import duckdb

ENDINGS = (".parquet", ".csv", ".zip")
BEGINNING = 1 << 20  # bytes read to tell the encoding


class BadFile(ValueError):  # noqa: N818 - named after what it is
    """The file is not what it should be, told in one line; what was loaded before stands."""


@dataclass(frozen=True)
class Layout:
    """What a publisher's file holds. key: columns that no other layout has together, by which it is recognised.

    needed: columns that must be there; more: columns read where they are (older and newer vintages lack some).
    """

    name: str
    key: tuple[str, ...]
    needed: tuple[str, ...]
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """A readable file: what to select from, its columns, its name as told to people."""

    name: str
    relation: str
    columns: tuple[str, ...]

    def text(self, column: str) -> str:
        """A column as text, nothing for blanks and for what Insee hides (`[ND]`)."""
        if column not in self.columns:
            return "NULL::VARCHAR"
        return f"nullif(nullif(trim(\"{column}\"::VARCHAR), ''), '[ND]')"


def opened(path: Path, work: Path) -> Source:
    """The file at this path; a zip is unpacked into `work`, by streaming."""
    if path.suffix.lower() not in ENDINGS:
        raise BadFile(f"{path.name} : les formats lus sont .parquet, .csv, .zip.")
    try:
        if not path.is_file():
            raise BadFile(f"le fichier {path} n’existe pas.")
        if not path.stat().st_size:
            raise BadFile(f"{path.name} est vide.")
        if path.suffix.lower() == ".parquet":
            return _parquet(path)
        parts = _unpacked(path, work) if path.suffix.lower() == ".zip" else [path]
        return _csv(path.name, parts)
    except (OSError, UnicodeDecodeError, csv.Error, zipfile.BadZipFile, NotImplementedError):
        raise BadFile(f"{path.name} ne peut être lu : fichier abîmé, ou droits insuffisants.") from None


def checked(source: Source, layouts: Iterable[Layout]) -> Layout:
    """Which of these layouts the file has, every needed column there."""
    known = list(layouts)
    for layout in known:
        if set(layout.key) <= set(source.columns):
            if missing := [name for name in layout.needed if name not in source.columns]:
                raise BadFile(f"{source.name} ({layout.name}) : il manque la colonne « {missing[0]} ».")
            return layout
    told = " ou ".join(layout.name for layout in known)
    raise BadFile(f"{source.name} n’est pas un fichier {told} (colonnes : {', '.join(source.columns[:6])}…).")


def _quoted(text: str | Path) -> str:
    return "'" + str(text).replace("'", "''") + "'"


def _parquet(path: Path) -> Source:
    relation = f"read_parquet({_quoted(path)})"
    try:
        rows = duckdb.connect(":memory:").execute("DESCRIBE SELECT * FROM read_parquet($path)", {"path": str(path)})
        columns = tuple(row[0] for row in rows.fetchall())
    except duckdb.Error:
        raise BadFile(f"{path.name} n’est pas un Parquet lisible.") from None
    return Source(path.name, relation, columns)


def _unpacked(path: Path, work: Path) -> list[Path]:
    """The tables of a zip (the RNA has one a département)."""
    parts = []
    with zipfile.ZipFile(path) as packed:
        inside = [one for one in packed.infolist() if one.filename.lower().endswith(".csv")]
        if not inside:
            raise BadFile(f"{path.name} ne contient aucun fichier .csv.")
        for number, one in enumerate(inside):
            parts.append(work / f"{path.stem}-{number}.csv")
            with packed.open(one) as packed_file, parts[-1].open("wb") as file:
                copyfileobj(packed_file, file, 1 << 22)
    return parts


def _csv(name: str, parts: list[Path]) -> Source:
    """One relation for all parts, which must have one header. Nothing is guessed by DuckDB."""
    with parts[0].open("rb") as file:
        beginning = file.read(BEGINNING)
    encoding = _encoding(beginning)
    header = beginning.decode(encoding).lstrip("\ufeff").splitlines()[0]
    mark = max(",;\t", key=header.count)
    columns = next(csv.reader([header], delimiter=mark))
    for part in parts[1:]:
        with part.open("rb") as file:
            other = file.readline().decode(encoding).lstrip("\ufeff").rstrip("\r\n")
        if other != header:
            raise BadFile(f"{name} : les fichiers qu’il contient n’ont pas le même en-tête.")
    if len(set(columns)) < len(columns):
        raise BadFile(f"{name} : une colonne est là deux fois.")
    types = ", ".join(f"{_quoted(column)}: 'VARCHAR'" for column in columns)
    told = f"delim = '{mark}', quote = '\"', escape = '\"', encoding = '{encoding}', header = true"
    files = ", ".join(_quoted(part) for part in parts)
    return Source(name, f"read_csv([{files}], auto_detect = false, columns = {{{types}}}, {told})", tuple(columns))


def _encoding(beginning: bytes) -> str:
    """UTF-8 as Insee writes, or Latin-1 as the RNA did for long."""
    try:
        beginning[:-4].decode("utf-8")
    except UnicodeDecodeError as problem:
        if problem.start < len(beginning) - 8:
            return "latin-1"
    return "utf-8"

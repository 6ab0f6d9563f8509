"""Millions of firms from a file into columns of codes, through DuckDB: in bounded memory, faults told by their line."""

# ruff: noqa: S608 - the statements are made of our own words and of quoted column names
import csv
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from terreau.cli.methods import tables
from terreau.cli.reading import DELIMITERS, encoding_of, plain
from terreau.methods.matching.firms import Firms
from terreau.methods.matching.plain import NO_DIVISION, Sets, Vocabulary

COLUMNS = {
    "id": ("id", "firm", "entreprise", "siret", "siren"),
    "lat": ("lat", "latitude"),
    "lon": ("lon", "lng", "longitude"),
    "naf": ("naf", "ape", "code naf", "code ape"),
    "size": ("size", "taille", "categorie", "catégorie"),
    "themes": ("themes", "thèmes", "theme", "thème"),
    "offers": ("offers", "offres", "formes"),
}
MORE = {"basin": ("basin", "bassin", "zone d'emploi", "ze"), "commune": ("commune", "code commune", "insee")}
MEMORY = "400MB"  # of DuckDB, which then writes to a temporary folder
DIVISION = r"regexp_extract(trim(naf), '^([0-9]{2})', 1)"
INTEGERS = {"BIGINT", "INTEGER", "UBIGINT", "UINTEGER"}
WHOLE = "^(0|[1-9][0-9]{0,17})$"  # an identifier that is a number as people write it


@dataclass(frozen=True, eq=False)
class FirmsFile:
    """The firms in the order of their identifiers, what their codes mean, and the way back to the identifiers.

    more: values of the optional columns (labour basin, commune), one a code.
    """

    base: duckdb.DuckDBPyConnection
    firms: Firms
    words: Vocabulary
    more: dict[str, list[str]]

    def names(self, rows: Iterable[int]) -> dict[int, Any]:
        """Row → identifier, as the file has it."""
        wanted = {"row": np.unique(np.fromiter(rows, dtype=np.int32))}  # noqa: F841 - read by name in the statement
        return dict(self.base.execute("SELECT row, id FROM named SEMI JOIN wanted USING (row)").fetchall())

    def rows(self, names: Iterable[str]) -> dict[str, int]:
        """Identifier, as text → row, for those that there are."""
        asked = {"id": np.array(sorted(set(names)), dtype=object)}
        if not len(asked["id"]):
            return {}
        statement = "SELECT asked.id, row FROM named JOIN asked ON named.id::VARCHAR = asked.id"
        return dict(self.base.execute(statement).fetchall())


def read(path: Path, more: Iterable[str] = ()) -> FirmsFile:
    """The firms of a Parquet, CSV or XLSX file. ValueError, in one line, for what is wrong in it."""
    if not path.is_file():
        raise ValueError(f"le fichier {path} n’existe pas.")
    base = duckdb.connect(config={"memory_limit": MEMORY, "threads": str(min(4, os.cpu_count() or 1))})
    try:
        wanted = _open(base, path, [*COLUMNS, *more])
        _check(base, path)
        return _coded(base, wanted[len(COLUMNS) :])
    except duckdb.Error as problem:
        if line := re.search(r"CSV Error on Line: (\d+)", str(problem)):
            told = "les cellules ne sont pas celles de l’en-tête, ou un guillemet n’est pas fermé"
            raise ValueError(f"{path.name}, ligne {line[1]} : {told}.") from None
        told = re.sub(r"\s+", " ", str(problem).split("\n", 1)[0])
        raise ValueError(f"{path.name} ne peut être lu ({told}).") from None


def _open(base: duckdb.DuckDBPyConnection, path: Path, wanted: list[str]) -> list[str]:
    """Makes the table `read`: line, and the wanted columns as texts (`key` is the identifier in its own type)."""
    source, first = _source(base, path)
    described = base.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    types = {name: kind for name, kind, *_ in described}
    named = {want: _named(path, list(types), want) for want in wanted}
    cells = [f"{_text(named[want], types[named[want]])} AS {want}" for want in wanted if want != "id"]
    identifier = '"' + named["id"].replace('"', '""') + '"'
    key = (
        identifier
        if types[named["id"]] in {"BIGINT", "INTEGER", "UBIGINT", "UINTEGER"}
        else f"trim({identifier}::VARCHAR)"
    )
    statement = f"SELECT row_number() OVER () + {first} AS line, {key} AS id, {', '.join(cells)} FROM {source}"
    base.execute(f"CREATE TEMP TABLE read AS {statement}")
    if not base.execute("SELECT count(*) FROM read").fetchall()[0][0]:
        raise ValueError(f"{path.name} n’a aucune ligne sous l’en-tête.")
    return wanted


def _source(base: duckdb.DuckDBPyConnection, path: Path) -> tuple[str, int]:
    """What to select from, and how many lines come before the first row."""
    quoted = "'" + str(path).replace("'", "''") + "'"
    match path.suffix.lower():
        case ".parquet":
            return f"read_parquet({quoted})", 0
        case ".csv" | ".tsv":
            if not path.stat().st_size:
                raise ValueError(f"{path.name} est vide.")
            return _csv(path, quoted), 1
        case ".xlsx":
            table = tables.read(path)
            cells = {header: np.array(table.cells[header], dtype=object) for header in table.headers if header}
            base.register("cells", cells)
            return "cells", 1
    raise ValueError(f"{path.name} : les formats lus sont .csv, .parquet, .tsv, .xlsx.")


def _csv(path: Path, quoted: str) -> str:
    """Nothing is guessed by DuckDB but where lines end."""
    encoding = encoding_of(path)
    with path.open(encoding=encoding, errors="replace") as file:
        header = file.readline()
    mark = max(DELIMITERS, key=header.count)
    names = [name.strip() for name in next(csv.reader([header], delimiter=mark))]
    if twice := [name for name in names if names.count(name) > 1]:
        raise ValueError(f"{path.name} : la colonne « {twice[0]} » est là deux fois.")
    columns = ", ".join(f"'{name.replace("'", "''")}': 'VARCHAR'" for name in names)
    known = {"cp1252": "latin-1", "utf-16": "utf-16"}.get(encoding, "utf-8")
    told = f"delim = '{mark}', quote = '\"', escape = '\"', encoding = '{known}'"
    return f"read_csv({quoted}, auto_detect = false, header = true, columns = {{{columns}}}, {told})"


def _named(path: Path, headers: list[str], want: str) -> str:
    known = {plain(name) for name in (COLUMNS | MORE)[want]}
    found = [header for header in headers if plain(header) == want] or [h for h in headers if plain(h) in known]
    if len(found) == 1:
        return found[0]
    told = "il manque la colonne" if not found else "plusieurs colonnes peuvent être"
    raise ValueError(f"{path.name} : {told} « {want} » (colonnes : {', '.join(headers[:12])}).")


def _text(header: str, kind: str) -> str:
    """A column as text; lists with `;` between their values."""
    name = '"' + header.replace('"', '""') + '"'
    if kind.endswith("[]"):
        return f"coalesce(array_to_string({name}, ';'), '')"
    if kind in {"DOUBLE", "FLOAT"}:
        return f"{name}::DOUBLE"
    return f"coalesce({name}::VARCHAR, '')"


def _degrees(base: duckdb.DuckDBPyConnection, column: str) -> str:
    """A coordinate as a number: as it is, or from a text in French or English spelling."""
    kind = base.execute(f"SELECT any_value(typeof({column})) FROM read").fetchall()[0][0]
    return column if kind == "DOUBLE" else f"TRY_CAST(replace({column}, ',', '.') AS DOUBLE)"


def _check(base: duckdb.DuckDBPyConnection, path: Path) -> None:
    """ValueError at the first line that has no identifier, one that another has, no place, or a NAF that is none."""
    wrong = {
        "id": ("id IS NULL OR id::VARCHAR = ''", "la cellule est vide"),
        "lat": (f"coalesce(NOT {_degrees(base, 'lat')} BETWEEN -90 AND 90, true)", "« {} » n’est pas une latitude"),
        "lon": (f"coalesce(NOT {_degrees(base, 'lon')} BETWEEN -180 AND 180, true)", "« {} » n’est pas une longitude"),
        "naf": (f"trim(naf::VARCHAR) <> '' AND {DIVISION} = ''", "« {} » n’est pas un code NAF"),
    }
    for column, (fault, words) in wrong.items():
        statement = f"SELECT min(line), arg_min({column}::VARCHAR, line), count(*) FROM read WHERE {fault}"
        line, shown, count = base.execute(statement).fetchall()[0]
        if count:
            more = {1: "", 2: " (et une autre ligne)"}.get(count, f" (et {count - 1} autres lignes)")
            raise ValueError(f"{path.name}, ligne {line}, colonne « {column} » : {words.format(shown or '')}{more}.")
    twice = base.execute(
        "SELECT id, min(line), max(line) FROM read GROUP BY id HAVING count(*) > 1 ORDER BY 3 LIMIT 1"
    ).fetchall()
    if twice:
        name, first, last = twice[0]
        raise ValueError(f"{path.name}, ligne {last}, colonne « id » : « {name} » est déjà à la ligne {first}.")


def _coded(base: duckdb.DuckDBPyConnection, more: list[str]) -> FirmsFile:
    whole = base.execute(f"SELECT bool_and(regexp_full_match(id::VARCHAR, '{WHOLE}')) FROM read").fetchall()[0][0]
    order = "id::VARCHAR::UBIGINT" if whole else "id"
    listed = {}
    for name in ("size", "themes", "offers", *more):
        base.execute(
            f"CREATE TEMP TABLE of_{name} AS SELECT value, (row_number() OVER (ORDER BY value) - 1)::INTEGER AS code "
            f"FROM (SELECT DISTINCT {name} AS value FROM read)"
        )
        listed[name] = [
            str(value) for (value,) in base.execute(f"SELECT value FROM of_{name} ORDER BY code").fetchall()
        ]
    joins = " ".join(f"JOIN of_{name} ON of_{name}.value = read.{name}" for name in listed)
    codes = ", ".join(f"of_{name}.code AS {name}" for name in listed)
    base.execute(
        "CREATE TEMP TABLE coded AS "
        f"SELECT (row_number() OVER (ORDER BY {order}) - 1)::INTEGER AS row, id, {_degrees(base, 'lat')} AS lat, "
        f"{_degrees(base, 'lon')} AS lon, coalesce(TRY_CAST({DIVISION} AS UTINYINT), {NO_DIVISION})::UTINYINT "
        f"AS sector, {codes} FROM read {joins}"
    )
    base.execute("DROP TABLE read")
    names = ["lat", "lon", "sector", *listed]
    found = base.execute(f"SELECT {', '.join(names)} FROM coded ORDER BY row").fetchnumpy()
    base.execute("CREATE TEMP TABLE named AS SELECT row, id FROM coded ORDER BY row")
    base.execute("DROP TABLE coded")
    words = Vocabulary([text.strip() for text in listed["size"]], _sets(listed["themes"]), _sets(listed["offers"]))
    columns: dict[str, NDArray[Any]] = {name: np.asarray(found[name]) for name in names[2:]}
    widths = words.widths | {name: len(listed[name]) for name in more}
    firms = Firms(np.asarray(found["lat"]), np.asarray(found["lon"]), columns, widths)
    return FirmsFile(base, firms, words, {name: listed[name] for name in more})


def _sets(cells: list[str]) -> Sets:
    return Sets([[word for one in cell.split(";") if (word := one.strip())] for cell in cells])

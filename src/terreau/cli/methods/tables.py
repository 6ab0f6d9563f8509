"""Plain tables for the methods: typed columns with their lines, and files written whole or not at all.

Every fault is a ValueError in one line that names the file, the line and the column.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from terreau.cli.reading import open_table, plain

LARGEST_EUROS = 1e11  # a larger amount is a typing error
SPACES = str.maketrans("", "", "\u0020\u00a0\u202f\u2009\t€")
type Texts = list[str]


@dataclass(frozen=True, eq=False)
class Columns:
    """A table held by columns. `lines` are those of the file, `cells[header]` the texts, one a row."""

    path: Path
    kind: str
    headers: Texts
    lines: NDArray[np.int64]
    cells: dict[str, Texts]

    def __len__(self) -> int:
        return len(self.lines)

    def find(self, asked: str, names: Iterable[str], what: str, option: str) -> str:
        """The column that the person named, or the only one whose name is among `names`."""
        if asked:
            return self.named(asked, option)
        known = {plain(name) for name in names}
        found = [header for header in self.headers if plain(header) in known]
        if len(found) == 1:
            return found[0]
        if not found:
            listed = ", ".join(self.headers[:12])
            told = f"aucune colonne ne donne {what} ; dites laquelle avec {option} (colonnes : {listed})."
            raise ValueError(f"{self.path.name} : {told}")
        listed = ", ".join(f"« {header} »" for header in found)
        raise ValueError(
            f"{self.path.name} : plusieurs colonnes peuvent donner {what} ({listed}) ; dites laquelle avec {option}."
        )

    def find_if_any(self, asked: str, names: Iterable[str], what: str, option: str) -> str:
        """As `find`, but empty where no column has such a name."""
        known = {plain(name) for name in names}
        if not asked and not any(plain(header) in known for header in self.headers):
            return ""
        return self.find(asked, names, what, option)

    def named(self, asked: str, option: str) -> str:
        """A column by its name, accents and case apart."""
        if asked in self.headers:
            return asked
        found = [header for header in self.headers if plain(header) == plain(asked)]
        if len(found) == 1:
            return found[0]
        listed = ", ".join(self.headers[:12])
        raise ValueError(f"{self.path.name} : {option} : colonne inconnue « {asked} » (colonnes : {listed}).")

    def fault(self, rows: Sequence[int] | NDArray[np.int64], column: str, reason: str) -> ValueError:
        """The error to raise for these rows: the first is told, the others are counted."""
        more = {1: "", 2: " (et une autre ligne)"}.get(len(rows), f" (et {len(rows) - 1} autres lignes)")
        return ValueError(
            f"{self.path.name}, ligne {self.lines[rows[0]]}, colonne « {column} » : {reason.rstrip('.')}{more}."
        )

    def ids(self, column: str) -> Texts:
        """Names that identify the rows: none empty, none twice."""
        texts = self.names(column)
        first: dict[str, int] = {}
        for row, text in enumerate(texts):
            if first.setdefault(text, row) != row:
                raise self.fault([row], column, f"« {text} » est déjà à la ligne {self.lines[first[text]]}")
        return texts

    def names(self, column: str) -> Texts:
        """Texts, none empty."""
        texts = [text.strip() for text in self.cells[column]]
        if empty := [row for row, text in enumerate(texts) if not text]:
            raise self.fault(empty, column, "la cellule est vide")
        return texts

    def numbers(self, column: str) -> NDArray[np.float64]:
        """Finite numbers, in French or English spelling: `1 234,5`, `1234.5`, `12 %` (read as 12)."""
        return self._finite(column, _point_decimal([text.rstrip(" %\u00a0\u202f") for text in self.cells[column]]))

    def euros(self, column: str) -> NDArray[np.int64]:
        """Cents, zero or more: `12 000 €`, `12.000,50`, `12,000.50`, `12500`.

        In a text file, a mark that always stands before three digits separates thousands: nobody asks for 12,500 €
        and a half cent.
        """
        texts = self.cells[column]
        bare = [text.replace("EUR", "") for text in texts]
        marked = _without_thousands(bare) if self.kind in {"csv", "pabulib"} else bare
        values = self._finite(column, _point_decimal(marked))
        if len(wrong := np.flatnonzero(values < 0)):
            raise self.fault(wrong, column, f"« {texts[wrong[0]].strip()} » est un montant négatif")
        if len(wrong := np.flatnonzero(values > LARGEST_EUROS)):
            raise self.fault(wrong, column, f"« {texts[wrong[0]].strip()} » est un montant trop grand")
        return np.rint(values * 100).astype(np.int64)

    def values(self, column: str) -> list[tuple[str, ...]]:
        """Several values a cell, separated by `;` (by `,` in a Pabulib file); an empty cell has none."""
        mark = "," if self.kind == "pabulib" else ";"
        known: dict[str, tuple[str, ...]] = {}
        for cell in self.cells[column]:
            if cell not in known:
                known[cell] = tuple(dict.fromkeys(v for one in cell.split(mark) if (v := one.strip())))
        return [known[cell] for cell in self.cells[column]]

    def with_cells(self, column: str, rows: Sequence[int], text: str) -> "Columns":
        """The same table, where these rows of one column hold another text."""
        texts = self.cells[column].copy()
        for row in rows:
            texts[row] = text
        return replace(self, cells={**self.cells, column: texts})

    def _finite(self, column: str, texts: Texts) -> NDArray[np.float64]:
        try:
            values = np.array(texts, dtype=np.str_).astype(np.float64) if texts else np.empty(0)
        except ValueError:
            values = np.array([_float(text) for text in texts])
        if not len(wrong := np.flatnonzero(~np.isfinite(values))):
            return values
        shown = self.cells[column][wrong[0]].strip()
        raise self.fault(wrong, column, f"« {shown} » n’est pas un nombre" if shown else "la cellule est vide")


def read(path: Path) -> Columns:
    """The columns of a CSV, XLSX, Parquet (or Pabulib: its projects) file. ValueError where it has no row."""
    if path.suffix.lower() == ".json":
        raise ValueError(f"{path.name} : les formats lus sont .csv, .tsv, .xlsx, .parquet et .pb.")
    table = open_table(path)
    lines: list[int] = []
    rows: list[list[str]] = []
    width = len(table.headers)
    for line, row in table.rows():
        cells = (row + [""] * width)[:width] if table.kind == "pabulib" else row
        if len(cells) != width:
            raise ValueError(f"{path.name}, ligne {line} : {len(cells)} cellules au lieu de {width}.")
        lines.append(line)
        rows.append(cells)
    if not rows:
        raise ValueError(f"{path.name} n’a aucune ligne sous l’en-tête.")
    doubles = {header for header in table.headers if header and table.headers.count(header) > 1}
    if doubles:
        raise ValueError(f"{path.name} : la colonne « {min(doubles)} » est là deux fois.")
    columns = [list(column) for column in zip(*rows, strict=True)]
    return Columns(path, table.kind, table.headers, np.array(lines), dict(zip(table.headers, columns, strict=True)))


def number(text: str) -> float:
    """One finite number in French or English spelling. ValueError otherwise."""
    value = _float(_point_decimal([text])[0])
    if not np.isfinite(value):
        raise ValueError(f"« {text} » n’est pas un nombre.")
    return value


def cents(text: str) -> int:
    """One amount as cents, zero or more. ValueError otherwise."""
    value = _float(_point_decimal(_without_thousands([text.upper().replace("EUR", "")]))[0])
    if not 0 <= value <= LARGEST_EUROS:
        raise ValueError(f"« {text} » n’est pas un montant.")
    return round(value * 100)


THOUSANDS = {mark: re.compile(rf"-?\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+") for mark in ",."}


def _without_thousands(texts: Texts) -> Texts:
    """Takes a mark out where, in every cell that bears it alone, it stands before groups of three digits."""
    kept = [text.translate(SPACES) for text in texts]
    for mark, other in ((",", "."), (".", ",")):
        alone = [text for text in kept if mark in text and other not in text]
        if alone and all(THOUSANDS[mark].fullmatch(text) for text in alone):
            kept = [text.replace(mark, "") if other not in text else text for text in kept]
    return kept


def _point_decimal(texts: Texts) -> Texts:
    """Spelled as Python reads numbers. Where both marks are, the last one is the decimal mark."""
    return [_plain_number(text) if "," in text else text.translate(SPACES) for text in texts]


def _plain_number(text: str) -> str:
    kept = text.translate(SPACES)
    if "." not in kept:
        return kept.replace(",", "" if kept.count(",") > 1 else ".")
    if kept.rindex(",") > kept.rindex("."):
        return kept.replace(".", "").replace(",", ".")
    return kept.replace(",", "")


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return np.nan

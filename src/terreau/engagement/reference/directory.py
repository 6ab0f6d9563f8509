"""Reads of the directory, from sorted files: a SIRET or an RNA number in some 20 ms, the lists of a basin in 0.1 s.

Nobody who asked Insee not to be shown has a name or an address here, nor stands in any list.
"""

# ruff: noqa: S608 - the statements are made of our own words; values are parameters
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from terreau.engagement.reference import kinds
from terreau.engagement.reference.home import cursor, folder

NAMES = (
    "siret",
    "name",
    "sign",
    "address",
    "postal_code",
    "commune_name",
    "commune",
    "naf",
    "nomenclature",
    "naf_2025",
    "legal_category",
    "kind",
    "size",
    "size_year",
    "is_seat",
    "is_sse",
    "rna",
    "founded_on",
)
COLUMNS = ", ".join(NAMES)
MOST = 2_000  # the rows that the pages of a list reach: further, one narrows


@dataclass(frozen=True)
class Establishment:
    """What Sirene says of a SIRET. Closed, or not to be shown: the number, and nothing else but since when.

    size: category of the decree of 2008, empty where unknown; size_year: of Insee's category or staff band.
    naf with its nomenclature (NAFRev2, NAF2025, older ones); naf_2025: the coming code, while the file gives both.
    kind: firm, association, public, other.
    """

    siret: str
    name: str = ""
    sign: str = ""
    address: str = ""
    postal_code: str = ""
    commune_name: str = ""
    commune: str = ""
    naf: str = ""
    nomenclature: str = ""
    naf_2025: str = ""
    legal_category: str = ""
    kind: str = kinds.OTHER
    size: str = ""
    size_year: int | None = None
    is_seat: bool = False
    is_sse: bool = False
    rna: str = ""
    founded_on: date | None = None
    is_open: bool = True
    is_diffusible: bool = True
    closed_on: date | None = None

    @property
    def siren(self) -> str:
        return self.siret[:9]

    @property
    def is_association(self) -> bool:
        return self.legal_category.startswith("92") or bool(self.rna)

    @property
    def legal_form(self) -> str:
        """As our accounts name it."""
        return kinds.legal_form(self.legal_category, is_sse=self.is_sse)


@dataclass(frozen=True)
class Association:
    """What the RNA says of an association; never its officers, nor their telephone."""

    rna: str
    name: str
    purpose: str
    address: str
    postal_code: str
    commune_name: str
    commune: str
    siret: str
    founded_on: date | None
    is_open: bool
    is_public_utility: bool


def is_loaded() -> bool:
    return (folder("companies") / "places.parquet").exists()


def associations_loaded() -> bool:
    return (folder("associations") / "associations.parquet").exists()


def associations_listed() -> bool:
    """The RNA was loaded since it has a list by commune."""
    return (folder("associations") / "basins.parquet").exists()


def loaded_at(name: str = "companies") -> datetime | None:
    """When the directory in use was made; `associations` for the RNA."""
    try:
        return datetime.fromtimestamp(folder(name).resolve(strict=True).stat().st_mtime, UTC)
    except OSError:
        return None


def firm(siret: str) -> Establishment | None:
    """The establishment of this number, fourteen digits; None where the directory has not heard of it."""
    if not is_loaded() or len(siret) != 14 or not siret.isdecimal():
        return None
    number = {"siret": int(siret)}
    if found := _rows(f"SELECT {COLUMNS} FROM read_parquet($file) WHERE siret = $siret", "places", "companies", number):
        return _establishment(found[0])
    told = _rows("SELECT state, since FROM read_parquet($file) WHERE siret = $siret", "silent", "companies", number)
    if not told:
        return None
    state, since = told[0]
    return Establishment(siret, is_open=state != "closed", is_diffusible=state != "hidden", closed_on=since)


def seats(sirens: Collection[str]) -> dict[str, Establishment]:
    """The head offices of these legal units, those that are shown."""
    if not is_loaded() or not sirens:
        return {}
    where = "is_seat AND siren IN (SELECT unnest($sirens))"
    wanted = {"sirens": sorted({int(siren) for siren in sirens})}
    rows = _rows(f"SELECT {COLUMNS} FROM read_parquet($file) WHERE {where}", "places", "companies", wanted)
    return {seat.siren: seat for seat in map(_establishment, rows)}


@dataclass(frozen=True)
class Asked:
    """What narrows a list; empty narrows nothing, but communes (codes of today), which a list always has.

    text: words of the name, a SIREN, a SIRET or an RNA number. division: first digits of the NAF. is_sse: those that
    say so to Insee. kind `registered`: the list of the RNA, which knows neither size nor NAF.
    """

    communes: Collection[str]
    text: str = ""
    kind: str = ""
    division: str = ""
    size: str = ""
    is_sse: bool = False

    @property
    def number(self) -> str:
        """The SIREN or the SIRET that the text is, without its spaces; empty where it is words."""
        digits = "".join(self.text.split())
        return digits if digits.isascii() and digits.isdecimal() and len(digits) in {9, 14} else ""


def search(asked: Asked, *, limit: int = 50, offset: int = 0) -> list[Establishment]:
    """Who is in these communes: the largest first, then by name."""
    if not _answers(asked):
        return []
    where, values = _where(asked)
    order = f"ORDER BY size_rank DESC, name, siret, rna LIMIT {int(limit)} OFFSET {int(offset)}"
    rows = _rows(f"SELECT {COLUMNS} FROM read_parquet($file) WHERE {where} {order}", *_table(asked), values)
    return [_establishment(row) for row in rows]


def count(asked: Asked) -> int:
    """How many `search` can list."""
    if not _answers(asked):
        return 0
    where, values = _where(asked)
    return int(_rows(f"SELECT count(*) FROM read_parquet($file) WHERE {where}", *_table(asked), values)[0][0])


class Listed:
    """Who was asked for, as a sequence for pages, each read when it is wanted; `total` may be more than pages reach."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.total = count(asked)

    def __len__(self) -> int:
        return min(self.total, MOST)

    def __getitem__(self, part: slice) -> list[Establishment]:
        return search(self.asked, limit=part.stop - part.start, offset=part.start)


def association(rna: str) -> Association | None:
    """The association of this RNA number; None where the directory has not heard of it."""
    kept = folder("associations").resolve() / "associations.parquet"
    if not kept.exists():
        return None
    found = (
        cursor()
        .execute("SELECT * FROM read_parquet($file) WHERE rna = $rna", {"file": str(kept), "rna": rna.upper()})
        .fetchall()
    )
    return Association(*found[0]) if found else None


def _answers(asked: Asked) -> bool:
    there = associations_listed() if asked.kind == kinds.REGISTERED else is_loaded()
    return there and bool(asked.communes)


def _table(asked: Asked) -> tuple[str, str]:
    """A number is found where numbers are sorted; the RNA has its own list."""
    if asked.kind == kinds.REGISTERED:
        return "basins", "associations"
    return ("places" if asked.number else "basins"), "companies"


def _where(asked: Asked) -> tuple[str, dict[str, Any]]:
    where = ["commune IN (SELECT unnest($communes))"]
    values: dict[str, Any] = {"communes": sorted(asked.communes)}
    for name, value in (("kind", asked.kind), ("size", asked.size)):
        if value:
            where.append(f"{name} = ${name}")
            values[name] = value
    if asked.is_sse:
        where.append("is_sse")
    if asked.division:
        where.append("starts_with(naf, $division)")
        values["division"] = asked.division
    conditions, more = _numbered(asked.number) if asked.number else _worded(asked)
    return " AND ".join([*where, *conditions]), values | more


def _numbered(number: str) -> tuple[list[str], dict[str, Any]]:
    """One SIRET, or all those of a SIREN: neighbours in the file."""
    first = int(number) if len(number) == 14 else int(number) * 100_000
    last = first if len(number) == 14 else first + 99_999
    return ["siret BETWEEN $first AND $last", f"kind <> '{kinds.OTHER}'"], {"first": first, "last": last}


def _worded(asked: Asked) -> tuple[list[str], dict[str, Any]]:
    """Each word somewhere in the name; and the stretches of the file to read, one a département."""
    values: dict[str, Any] = {}
    stretches, words = [], []
    for place, (_, codes) in enumerate(groupby(sorted(asked.communes), key=lambda code: code[:2])):
        held = list(codes)
        values |= {f"from{place}": held[0], f"to{place}": held[-1]}
        stretches.append(f"commune BETWEEN $from{place} AND $to{place}")
    for place, word in enumerate(asked.text.split()):
        words.append(
            f"contains(strip_accents(lower(concat(name, ' ', sign, ' ', rna))), strip_accents(lower($word{place})))"
        )
        values[f"word{place}"] = word
    return [f"({' OR '.join(stretches)})", *words], values


def _rows(statement: str, table: str, register: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    file: Path = folder(register).resolve() / f"{table}.parquet"
    return cursor().execute(statement, {"file": str(file)} | values).fetchall()


def _establishment(row: tuple[Any, ...]) -> Establishment:
    siret, *rest = row
    return Establishment(f"{siret:014}" if siret else "", **dict(zip(NAMES[1:], rest, strict=True)))

"""Real communes as seats, with the French that goes around a name: « au Havre », « d’Arras », « dans la Drôme ».

`content/places.csv` holds the chief towns of arrondissements and the communes above 50 000 inhabitants, derived from
`@etalab/decoupage-administratif` 6.0.0 (COG 1/1/2026, population 2023; Insee, Etalab, Licence Ouverte 2.0).
"""

import csv
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

REGIONS = {  # code: population 2023, sum of the communes of the same source
    "01": 384_160,
    "02": 360_630,
    "03": 293_996,
    "04": 889_679,
    "06": 256_518,
    "11": 12_463_067,
    "24": 2_587_031,
    "27": 2_802_670,
    "28": 3_345_842,
    "32": 5_992_194,
    "44": 5_563_378,
    "52": 3_907_156,
    "53": 3_449_370,
    "75": 6_150_451,
    "76": 6_124_653,
    "84": 8_205_557,
    "93": 5_218_960,
    "94": 355_486,
}
OVERSEAS = frozenset({"01", "02", "03", "04", "06"})
METROPOLIS = 200_000  # inhabitants


@dataclass(frozen=True)
class Place:
    """A commune. `a` reads « à Foix », `de` « de Foix », `inside` « en Ariège », `of` « de l’Ariège »."""

    code: str
    name: str
    departement: str
    region: str
    epci: str
    population: int
    postal_code: str
    inside: str
    of: str
    profile: str

    @property
    def a(self) -> str:
        for article, contracted in (("Le ", "au "), ("Les ", "aux ")):
            if self.name.startswith(article):
                return contracted + self.name.removeprefix(article)
        return f"à {self.name}"

    @property
    def de(self) -> str:
        for article, contracted in (("Le ", "du "), ("Les ", "des ")):
            if self.name.startswith(article):
                return contracted + self.name.removeprefix(article)
        return f"d’{self.name}" if self.name[0] in "AEÉÈÊIÎOUYHŒ" and self.name != "Haguenau" else f"de {self.name}"


def rows(name: str) -> list[dict[str, str]]:
    """A table of `content/`, one dict a line."""
    with files("terreau.demo").joinpath(f"content/{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def places() -> tuple[Place, ...]:
    """Every place, in the order of its code."""
    around = {r["code"]: r for r in rows("departements")}
    return tuple(_place(r, around[r["departement"]]) for r in rows("places"))


def _place(row: dict[str, str], around: dict[str, str]) -> Place:
    population = int(row["population"])
    profile = around["profile"]
    if population >= METROPOLIS and profile != "island":
        profile = "metropolis"
    name = row["name"].replace("'", "’")
    values: dict[str, Any] = {**row, "name": name, "population": population}
    return Place(**values, inside=around["inside"], of=around["of"], profile=profile)


@cache
def by_code() -> dict[str, Place]:
    return {p.code: p for p in places()}


def quotas(total: int) -> dict[str, int]:
    """`total` projects shared among the régions by population: largest remainders, none left with nothing."""
    whole = sum(REGIONS.values())
    exact = {code: total * people / whole for code, people in REGIONS.items()}
    shared = Counter({code: int(share) for code, share in exact.items()})
    if total >= len(REGIONS):
        shared.update({code: 1 for code, number in shared.items() if not number})
    by_remainder = sorted(REGIONS, key=lambda code: (int(exact[code]) - exact[code], code))
    for code in by_remainder[: max(0, total - shared.total())]:
        shared[code] += 1
    while shared.total() > total:
        shared[max(shared, key=lambda code: (shared[code], code))] -= 1
    return dict(shared)

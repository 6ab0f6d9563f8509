"""The hand-written French of the edition, and how it is fitted to a place."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from django.utils.text import slugify

from terreau.demo.parts import Person
from terreau.demo.places import Place

FAMILIES = ("inclusion", "territoires", "entreprises", "transitions")


@dataclass(frozen=True)
class Concept:
    """An idea of project, written by hand with its variants. `profiles` says where it makes sense, if not anywhere."""

    key: str
    domain: str
    themes: tuple[str, ...]
    publics: tuple[str, ...]
    titles: tuple[str, ...]
    summary: tuple[str, ...]
    need: tuple[str, ...]
    solution: tuple[str, ...]
    activities: tuple[str, ...]
    innovation: tuple[str, ...]
    profiles: tuple[str, ...] = ()


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("terreau.demo").joinpath(f"content/{name}.toml").read_text(encoding="utf-8"))


@cache
def concepts() -> dict[str, Concept]:
    tables = [table for family in FAMILIES for table in _read(f"concepts_{family}")["concept"]]
    return {t["key"]: _concept(t) for t in tables}


def _concept(table: dict[str, Any]) -> Concept:
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in table.items()}
    return Concept(**values)


@cache
def fragments() -> dict[str, Any]:
    return _read("fragments")


@cache
def told_later() -> dict[str, Any]:
    """What is written once a project is selected: reports, notes of visits, answers of the funder."""
    return _read("afterwards")


@cache
def engaged() -> dict[str, Any]:
    """What a firm commits to, by form of engagement, and why it or the structure gives up."""
    return _read("engagements")


def fit(text: str, place: Place, **numbers: Any) -> str:
    """A text with its place: {a} « à Foix », {de} « de Foix », {inside} « en Ariège », {of} « de l’Ariège »."""
    forms = {"a": place.a, "de": place.de, "inside": place.inside, "of": place.of}
    capital = {f"{k}_cap": v[:1].upper() + v[1:] for k, v in forms.items()}
    return text.format(**forms, **capital, **{k: spaced(v) for k, v in numbers.items()})


def spaced(number: Any) -> str:
    """`1 250`, with the narrow space of French."""
    return f"{number:,}".replace(",", "\u202f") if isinstance(number, int) else str(number)


def listed(items: list[str]) -> str:
    """« a, b et c »."""
    return ", ".join(items[:-1]) + " et " + items[-1]


def person(rng: Random, domain: str) -> Person:
    """An invented name, and an address in the domain `.example`, which can never exist (RFC 2606)."""
    names = fragments()["people"]
    first = rng.choice(names[rng.choice(("women", "men"))])
    last = rng.choice(names["families"])
    return Person(first, last, f"{slugify(first)}.{slugify(last)}@{domain}.example")

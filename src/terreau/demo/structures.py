"""Fictitious organisations: a name no other has, a real commune, reserved identifiers."""

from datetime import date
from random import Random
from typing import Any

from django.utils.text import slugify

from terreau.demo import identifiers, words
from terreau.demo.parts import Structure
from terreau.demo.places import Place

LOCAL_LAW = frozenset({"57", "67", "68"})  # Moselle and Alsace: a local register, no RNA
FORMS = (("association", 0.78), ("esus", 0.09), ("commercial_sse", 0.06), ("mutual", 0.05), ("foundation", 0.02))
ODD_FORMS = ("endowment_fund", "company")


class Structures:
    """Makes organisations, none with the name or the number of another."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(f"structures:{seed}")
        self.taken: set[str] = set()

    def make(self, place: Place, *, eligible: bool, name: str = "") -> Structure:
        name = name or _name(self.rng, place, self.taken)
        self.taken.add(name)
        return _structure(self.rng, len(self.taken), name, place, eligible=eligible)


def _name(rng: Random, place: Place, taken: set[str]) -> str:
    parts = words.fragments()["organisations"]
    while True:
        pattern = rng.choice(parts["names"])
        word = rng.choice(parts["words" if "du {x}" in pattern else "epithets"])
        name = words.fit(pattern, place, x=word)
        if name not in taken:
            return name
        if rng.random() < 0.2:
            name = f"{name} {place.name}"
            if name not in taken:
                return name


def _structure(rng: Random, number: int, name: str, place: Place, *, eligible: bool) -> Structure:
    domain = slugify(name.replace("’", " "))[:60].strip("-")
    owner = words.person(rng, domain)
    colleague = words.person(rng, domain)
    while colleague.email == owner.email:
        colleague = words.person(rng, domain)
    form = _form(rng, place)
    too_young = not eligible and rng.random() < 0.5
    if not eligible and not too_young:
        form = rng.choice(ODD_FORMS)
    founded = date(2024, rng.randint(6, 11), rng.randint(1, 28)) if too_young else _founded(rng)
    street = rng.choice(words.fragments()["people"]["streets"])
    facts: dict[str, Any] = {
        "kind": "association",
        "name": name,
        "legal_form": form,
        "siret": identifiers.siret(number),
        "rna": identifiers.rna(number) if form == "association" else None,
        "register": f"Tribunal de {place.name}, volume {rng.randint(40, 99)}, folio {rng.randint(1, 300)}"
        if form == "local_association"
        else "",
        "founded_on": founded,
        "accounts_closed": not too_young,
        "address": f"{rng.randint(1, 120)} {street}, {place.postal_code} {place.name}",
        "website": f"https://{domain}.example",
    }
    return Structure(name, place, owner, colleague, facts)


def _form(rng: Random, place: Place) -> str:
    form = rng.choices([f for f, _ in FORMS], [w for _, w in FORMS])[0]
    return "local_association" if form == "association" and place.departement in LOCAL_LAW else form


def _founded(rng: Random) -> date:
    year = min(2022, int(rng.triangular(1975, 2023, 2016)))
    return date(year, rng.randint(1, 12), rng.randint(1, 28))

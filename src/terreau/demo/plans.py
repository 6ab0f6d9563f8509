"""Draws the plan of an edition: where each project is, what it is about, what it asks for, how good it is."""

from collections.abc import Iterator
from random import Random

from terreau.demo import words
from terreau.demo.parts import Plan
from terreau.demo.places import Place, by_code, places, quotas

LOWEST, HIGHEST = 500_000, 20_000_000  # cents: the bounds of the demonstration call
MODELLED = {"tremplin": "68224", "boostes": "52448"}  # the two projects told in `special`, and their seats
STEP = 10_000  # a hundred euros


def plans(rng: Random, fates: list[tuple[str, str]], *, first: int = 1, modelled: bool = True) -> list[Plan]:
    """One plan for each (window, fate), numbered from `first`, shared among the régions by population."""
    where = _places(rng, len(fates))
    concept = _concepts(rng)
    drawn = []
    for number, ((window, fate), place) in enumerate(zip(fates, where, strict=True), first):
        kind = "pilot" if rng.random() < 0.64 else "scaling"
        requested = _requested(rng, kind)
        drawn.append(
            Plan(
                number=number,
                window=window,
                fate=fate,
                place=place,
                concept=next(concept)(place),
                kind=kind,
                quality=rng.gauss(0, 1) + (0.15 if kind == "scaling" else 0),
                requested_cents=requested,
                people=max(8, int(requested / 26_700 * rng.lognormvariate(-0.1, 0.45))),
            )
        )
    return _with_modelled(drawn) if modelled else drawn


def _requested(rng: Random, kind: str) -> int:
    middle = 10_200_000 if kind == "pilot" else 13_500_000
    cents = int(middle * rng.lognormvariate(0, 0.42)) // STEP * STEP
    return min(HIGHEST, max(LOWEST * 3, cents))


def _places(rng: Random, total: int) -> list[Place]:
    """As many places as projects: larger towns first in the draw, none twice while there is another."""
    chosen = []
    for region, number in quotas(total).items():
        ours = [p for p in places() if p.region == region]
        ranked = sorted(ours, key=lambda p: rng.random() ** (1 / (p.population**0.5)), reverse=True)
        chosen += [ranked[i % len(ranked)] for i in range(number)]
    rng.shuffle(chosen)
    return chosen


def _concepts(rng: Random) -> Iterator:
    """Deals concepts like cards, the whole deck before any comes back; a place takes the first that suits it."""
    deck: list[str] = []

    def deal(place: Place) -> str:
        if len(deck) < len(words.concepts()) // 4:
            more = [key for key in words.concepts() if key not in deck]
            rng.shuffle(more)
            deck.extend(more)
        suited = [k for k in deck if not (fits := words.concepts()[k].profiles) or place.profile in fits]
        wanted = [k for k in suited if place.profile == "island" and k == "insulaire"] or suited
        deck.remove(wanted[0])
        return wanted[0]

    while True:
        yield deal


def _with_modelled(drawn: list[Plan]) -> list[Plan]:
    """Put the two modelled projects in the place of two reviewed files of the same région, and make them good."""
    drawn = list(drawn)
    for key, code in MODELLED.items():
        place = by_code()[code]
        ours = [i for i, p in enumerate(drawn) if p.fate == "reviewed" and p.concept not in MODELLED]
        same = [i for i in ours if drawn[i].place.region == place.region] or ours
        old = drawn[same[0]]
        requested = 11_800_000 if key == "tremplin" else 13_200_000
        drawn[same[0]] = Plan(old.number, old.window, old.fate, place, key, "pilot", 2.6, requested, 240)
    return drawn

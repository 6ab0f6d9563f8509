"""Associations that can help near a place: an exact ranking by a stated score. Nothing is kept of what is asked.

    place·(1 if the place is in the territory, else exp(−d/scale)) + theme·[in common] + public·[in common]
    + text·likeness

Ties by key. A body that nobody can place has 0 for its place, unless the place is in its territory.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from terreau.methods.matching.parts import TELLING
from terreau.methods.matching.texts import likeness, packaged
from terreau.methods.matching.units import kilometres


@dataclass(frozen=True)
class Asked:
    lat: float
    lon: float
    theme: str = ""
    public: str = ""
    text: str = ""


@dataclass(frozen=True)
class Body:
    """`covers`: its territory holds the place asked."""

    key: int
    lat: float | None
    lon: float | None
    covers: bool = False
    themes: frozenset[str] = frozenset()
    publics: frozenset[str] = frozenset()
    text: str = ""


@dataclass(frozen=True)
class RelayWorth:
    place: float = 40
    theme: float = 25
    public: float = 15
    text: float = 20
    scale_km: float = 25.0


@dataclass(frozen=True)
class Relay:
    key: int
    score: float
    km: float | None
    parts: dict[str, float] = field(default_factory=dict)

    @property
    def telling(self) -> list[str]:
        """The parts that make it, the largest first."""
        least = max(TELLING * self.score, 1e-9)
        return sorted((n for n, v in self.parts.items() if v >= least), key=lambda n: (-self.parts[n], n))


def relays(asked: Asked, bodies: Sequence[Body], worth: RelayWorth, k: int) -> list[Relay]:
    """The k best, the best first."""
    if not bodies:
        return []
    alike = likeness([asked.text], [(body.text,) for body in bodies], packaged())[0].tolist()
    found = [_scored(asked, body, like, worth) for body, like in zip(bodies, alike, strict=True)]
    return sorted(found, key=lambda relay: (-relay.score, relay.key))[:k]


def _scored(asked: Asked, body: Body, like: float, worth: RelayWorth) -> Relay:
    km = None if body.lat is None or body.lon is None else kilometres(asked.lat, asked.lon, body.lat, body.lon)
    near = 1.0 if body.covers else 0.0 if km is None else math.exp(-km / worth.scale_km)
    parts = {
        "place": worth.place * near,
        "theme": worth.theme * (asked.theme in body.themes),
        "public": worth.public * (asked.public in body.publics),
        "text": worth.text * like,
    }
    return Relay(body.key, sum(parts.values()), km, parts)

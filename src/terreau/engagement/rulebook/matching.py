"""What a proposal is worth, as dated parameters: each change is a new entry, and the pages show the one in force.

The weights are ours, not measured: nobody has yet learned from answers which firms say yes. They add up to 100, so that
a score reads as a mark.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

PARTS: dict[str, Any] = {
    "distance": _("Proximité : la moitié des points à 17 km, presque rien au-delà de 75 km"),
    "theme": _("Sujets en commun"),
    "offers": _("Ce que l’entreprise peut apporter et que le projet cherche"),
    "basin": _("Même bassin d’emploi"),
    "sector": _("Métiers qui s’engagent déjà sur ces sujets (appris, dès 50 engagements)"),
    "text": _("Métier proche du texte du projet"),
    "size": _("Taille : les TPE et PME d’abord"),
}


@dataclass(frozen=True)
class Matching:
    """Weights of the parts; distances in km; `at_most`: projects to which one firm is proposed at the same time.

    Each refusal of a form or a theme multiplies what it counts for that reader by `refused`; each "too far" multiplies
    the scale of distance by `farther`, never below `least_km`. Nothing is proposed under a score of `least`,
    nor beyond `farthest_km`: a local firm is what a project seeks.
    """

    applies_from: date
    source: str
    distance: float = 35
    theme: float = 20
    offers: float = 20
    basin: float = 10
    sector: float = 5
    text: float = 5
    size: float = 5
    scale_km: float = 25.0
    size_values: Mapping[str, float] = field(
        default_factory=lambda: {"micro": 1.0, "sme": 1.0, "midcap": 0.5, "large": 0.25}
    )
    least: float = 20
    farthest_km: float = 100.0
    shown: int = 10
    at_most: int = 4
    later_days: int = 90
    refused: float = 0.5
    farther: float = 0.7
    least_km: float = 5.0


@dataclass(frozen=True)
class Relaying:
    """What makes a supported project a relay for a need told to a delegate: points out of 100."""

    place: float = 40
    theme: float = 25
    public: float = 15
    text: float = 20
    scale_km: float = 25.0
    shown: int = 10


RELAYING = Relaying()
MATCHING = (Matching(applies_from=date(2026, 1, 1), source="Choix de la plateforme, non mesurés"),)


def matching_on(day: date) -> Matching:
    """The parameters in force on a day; the first ones before any."""
    return max((one for one in MATCHING if one.applies_from <= day), key=lambda m: m.applies_from, default=MATCHING[0])

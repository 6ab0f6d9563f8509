"""The clauses of agreements: the fields that they may name, when each enters, and a set to start from."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from terreau.core import wording

PRESET = Path(__file__).parent / "presets" / "clauses.toml"
CONDITIONS: Mapping[str, Any] = MappingProxyType(
    {
        "": gettext_lazy("toujours"),
        "cofunded": gettext_lazy("d’autres financeurs dans le budget"),
        "public": gettext_lazy("règles des subventions publiques"),
        "cer": gettext_lazy("contrat d’engagement républicain exigé"),
        "accounts": gettext_lazy("comptes certifiés et publiés"),
        "pay": gettext_lazy("rémunérations de dirigeants à publier"),
        "de_minimis": gettext_lazy("aide de minimis"),
        "sgei": gettext_lazy("aide de minimis pour un SIEG"),
    }
)
FIELDS: Mapping[str, Any] = MappingProxyType(
    {
        "number": gettext_lazy("numéro de la convention"),
        "funder": gettext_lazy("financeur"),
        "funder_details": gettext_lazy("identité du financeur"),
        "holder": gettext_lazy("porteur"),
        "holder_details": gettext_lazy("identité du porteur"),
        "call": gettext_lazy("appel à projets"),
        "reference": gettext_lazy("numéro du dossier"),
        "title": gettext_lazy("titre du projet"),
        "purpose": gettext_lazy("objet"),
        "committee_date": gettext_lazy("date du comité"),
        "territories": gettext_lazy("territoires"),
        "starts_on": gettext_lazy("début"),
        "ends_on": gettext_lazy("fin"),
        "months": gettext_lazy("durée en mois"),
        "amount": gettext_lazy("montant accordé"),
        "eligible_base": gettext_lazy("assiette éligible"),
        "rate": gettext_lazy("taux d’intervention"),
        "cofunders": gettext_lazy("autres financeurs et leur état"),
        "schedule": gettext_lazy("échéancier des versements"),
        "report_due": gettext_lazy("date du bilan final"),
        "aid_rule": gettext_lazy("règlement de l’aide et plafond, s’il y a lieu"),
    }
)


@dataclass(frozen=True)
class Model:
    """A clause of the set to start from."""

    key: str
    title: str
    body: str
    applies_to: str = ""


def models() -> list[Model]:
    """The set, in its order."""
    content = tomllib.loads(PRESET.read_text())
    return [Model(**{name: value.strip() for name, value in clause.items()}) for clause in content["clauses"]]


def problems(text: str) -> list[str]:
    """What is wrong with the fields of a text, each at its line, in words."""
    try:
        found = wording.unknown_fields(text, FIELDS)
    except ValueError as problem:
        return [str(problem)]
    return [_("Ligne %(line)d : le champ %(field)s n’existe pas.") % {"line": n, "field": name} for n, name in found]

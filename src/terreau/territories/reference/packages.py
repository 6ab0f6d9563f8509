"""Reads the official geography out of the packages: plain rows, no database."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings

from terreau.territories.models import Area, FormerCommune

AREAS = {"metro": Area.METROPOLE, "drom": Area.DROM, "com": Area.COM}
KINDS = {
    "commune-deleguee": FormerCommune.Kind.DELEGATED,
    "commune-associee": FormerCommune.Kind.ASSOCIATED,
    "arrondissement-municipal": FormerCommune.Kind.DISTRICT,
}
Row = dict[str, Any]


class MissingPackage(ValueError):  # noqa: N818 - named after what happened
    """A package that the set-up should have installed is not there; the message says what to run."""


def read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise MissingPackage(f"fichier absent : {path}. Lancez « make setup » pour l’installer.") from None


@dataclass(frozen=True)
class Former:
    """A code or a name that leads to a commune of today."""

    code: str
    name: str
    kind: str
    commune: str


@dataclass(frozen=True)
class Cog:
    """The official geographic code (COG): communes, EPCI, départements, régions as the package lists them."""

    version: str
    communes: list[Row]
    epcis: list[Row]
    departements: list[Row]
    regions: list[Row]
    parts: list[Row] = field(repr=False)

    @cached_property
    def epci_of(self) -> dict[str, str]:
        return {member["code"]: epci["code"] for epci in self.epcis for member in epci["membres"]}

    def totals(self, parent: str) -> dict[str, int]:
        """Inhabitants of each département or région; none where no commune of it was counted."""
        sums: dict[str, int] = defaultdict(int)
        for commune in self.communes:
            if (counted := commune.get("population")) is not None:
                sums[commune[parent]] += counted
        return dict(sums)

    def heart(self, codes: Iterable[str]) -> Row:
        """The most populous of these communes: it says where a territory that crosses borders mostly is."""
        return max((self.by_code[c] for c in codes), key=lambda c: (c.get("population") or 0, c["code"]))

    @cached_property
    def by_code(self) -> dict[str, Row]:
        return {c["code"]: c for c in self.communes}

    def former(self) -> Iterator[Former]:
        """Merged, delegated and associated communes and municipal districts, each with its commune of today."""
        named = set()
        for part in self.parts:
            commune = part.get("chefLieu") or part.get("commune")
            if commune in self.by_code and part["nom"] != self.by_code[commune]["nom"]:
                named.add(part["code"])
                yield Former(part["code"], part["nom"], KINDS[part["type"]], commune)
        for commune in self.communes:
            for code in commune.get("anciensCodes", ()):
                if code not in named and code not in self.by_code:
                    yield Former(code, "", FormerCommune.Kind.MERGED, commune["code"])


def read_cog() -> Cog:
    """The npm package of Etalab, as installed by the set-up."""
    package = Path(settings.NODE_MODULES) / "@etalab" / "decoupage-administratif"
    everything = read_json(package / "data" / "communes.json")
    return Cog(
        version=read_json(package / "package.json")["version"],
        communes=[c for c in everything if c["type"] == "commune-actuelle"],
        parts=[c for c in everything if c["type"] in KINDS],
        epcis=read_json(package / "data" / "epci.json"),
        departements=read_json(package / "data" / "departements.json"),
        regions=read_json(package / "data" / "regions.json"),
    )

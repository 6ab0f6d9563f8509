"""Files that are known by their header, each with its mapping: our own export, the State's platform, others."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from terreau.cli.reading import Table

OWN = re.compile(r"\[([\w.\-]+)\]\s*$")


@dataclass(frozen=True)
class Shape:
    """A recognised layout. `columns`: header → field; `constants`: field → value; `call` names a call of its own."""

    key: str
    label: str
    columns: dict[str, str]
    constants: dict[str, str] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    call: str = ""
    edition: int | None = None
    by_name: bool = True  # whether other columns may be matched by name
    currency: str = ""  # the column, or with « = » the currency, of the amounts


def recognise(table: Table) -> Shape:
    """The layout of a table; `generic` where nothing is recognised."""
    return next(shape for read in READERS if (shape := read(table)))


def _own(table: Table) -> Shape | None:
    found = {h: m[1] for h in table.headers if (m := OWN.search(h))}
    if not {"reference", "call"} <= set(found.values()):
        return None
    dropped = {"documents", "region"}
    columns = {h: "-" if k in dropped else k for h, k in found.items()}
    return Shape("terreau", "export de Terreau", columns, by_name=False)


PLATFORM = {
    "ID": "external_id",
    "Email": "email",
    "Entreprise raison sociale": "holder",
    "Établissement SIRET": "siret",
    "Dossier": "platform_state",
    "Date de dépôt": "submitted_at",
}


def _platform(table: Table) -> Shape | None:
    """The procedure platform of the French State: fixed columns, then one a question."""
    if len(set(PLATFORM) & set(table.headers)) < 4 or "Entreprise raison sociale" not in table.headers:
        return None
    others = {h: "-" for h in table.headers if h not in PLATFORM and h.startswith(("Entreprise ", "Établissement "))}
    label = "export de la plateforme de démarches de l’État"
    return Shape("platform", label, PLATFORM | others, {"state": "submitted"}, required=tuple(PLATFORM))


def _laureates(table: Table) -> Shape | None:
    if not {"id", "nom", "aap", "statut", "aide_validee"} <= set(table.headers):
        return None
    columns = {
        "id": "external_id",
        "nom": "holder",
        "type": "answers.type",
        "siren": "siren",
        "region_code": "region",
        "departement_code": "departement",
        "commune_code": "commune",
        "statut": "state",
        "source": "answers.source",
        "aap": "title",
        "cout_total": "total",
        "aide_sollicitee": "requested",
        "aide_validee": "granted",
        **{f"lot{n}": f"answers.lot{n}" for n in range(1, 6)},
    }
    year = re.search(r"20\d\d", table.path.stem)
    edition = int(year[0]) if year else None
    required = ("id", "nom", "statut")
    name = "Lauréats ACTEE" + (f" {edition}" if edition else "")
    return Shape("actee", "lauréats ACTEE", columns, {}, required, name, edition, by_name=False)


def _giving(table: Table) -> Shape | None:
    if table.kind != "360giving":
        return None
    columns = {
        "id": "external_id",
        "title": "title",
        "description": "summary",
        "currency": "answers.currency",
        "amountAwarded": "granted",
        "amountAppliedFor": "requested",
        "amountDisbursed": "answers.disbursed",
        "awardDate": "submitted_at",
        "recipientOrganization:name": "holder",
        "recipientIndividual:name": "-",
        "grantProgramme:title": "answers.programme",
        "fundingOrganization:name": "answers.funder",
        "plannedDates:startDate": "answers.starts_on",
        "plannedDates:endDate": "answers.ends_on",
    }
    constants = {"state": "selected", "holder": "Personne aidée (nom non publié)"}
    name = f"360Giving {table.path.stem.removeprefix('grantnav_')}"
    return Shape(
        "360giving", "subventions 360Giving", columns, constants, ("id", "title"), name, None, False, "currency"
    )


def _pabulib(table: Table) -> Shape | None:
    if table.kind != "pabulib":
        return None
    known = {"project_id": "external_id", "name": "title", "cost": "requested", "selected": "state"}
    columns = {h: known.get(h, f"answers.{h}") for h in table.headers}
    meta = table.meta
    year = re.search(r"20\d\d", meta.get("instance", "") + table.path.stem)
    constants = {"state": "submitted", "holder": f"Budget participatif de {meta.get('unit', table.path.stem)}"}
    name = f"Pabulib {table.path.stem.replace('_', ' ')}"[:180]
    money = "=" + meta.get("currency", "?")
    required = ("project_id", "cost")
    edition = int(year[0]) if year else None
    return Shape("pabulib", "budget participatif Pabulib", columns, constants, required, name, edition, False, money)


def _generic(_table: Table) -> Shape:
    return Shape("generic", "tableau quelconque, colonnes reconnues par leur nom", {}, {"state": "submitted"})


READERS: tuple[Callable[[Table], Shape | None], ...] = (_own, _platform, _laureates, _giving, _pabulib, _generic)

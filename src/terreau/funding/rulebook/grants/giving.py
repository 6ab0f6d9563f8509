"""360Giving 1.4: a grant as the standard's JSON and as its flat CSV.

Source: 360Giving Data Standard 1.4 (schema, titles of the flat columns). Identifiers of organisations follow
org-id.guide: FR-INSEE for a SIREN or SIRET, FR-RNA for the register of associations.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any

from django.utils.translation import gettext as _

from terreau.funding.rulebook.grants.scdl import BATCH, Echo
from terreau.funding.rulebook.grants.values import Party, PublishedGrant

VERSION = "1.4"
COLUMNS = {  # title of the flat column: path inside a grant
    "Identifier": "id",
    "Title": "title",
    "Description": "description",
    "Currency": "currency",
    "Amount Awarded": "amountAwarded",
    "Award Date": "awardDate",
    "Planned Dates:Start Date": "plannedDates.0.startDate",
    "Planned Dates:End Date": "plannedDates.0.endDate",
    "Recipient Org:Identifier": "recipientOrganization.0.id",
    "Recipient Org:Name": "recipientOrganization.0.name",
    "Funding Org:Identifier": "fundingOrganization.0.id",
    "Funding Org:Name": "fundingOrganization.0.name",
    "Grant Programme:Title": "grantProgramme.0.title",
    "Beneficiary Location:0:Name": "beneficiaryLocation.0.name",
    "Beneficiary Location:0:Country Code": "beneficiaryLocation.0.countryCode",
    "Beneficiary Location:0:Geographic Code": "beneficiaryLocation.0.geoCode",
    "From An Open Call?": "fromOpenCall",
    "Last Modified": "dateModified",
}


def org_id(party: Party) -> str:
    if party.siret:
        return f"FR-INSEE-{party.siret}"
    return f"FR-RNA-{party.rna}" if party.rna else party.other_id


def faults(grant: PublishedGrant) -> list[str]:
    """What keeps this grant out of a valid file."""
    found = []
    for party, words in ((grant.funder, _("le financeur")), (grant.beneficiary, _("le bénéficiaire"))):
        if not party.name or not org_id(party):
            found.append(_("%s n’a pas de nom ou d’identifiant.") % words)
    if not grant.reference:
        found.append(_("la référence manque."))
    if not grant.purpose.strip():
        found.append(_("l’objet manque."))
    return found


def item(grant: PublishedGrant, prefix: str) -> dict[str, Any]:
    """One grant. `prefix` is the publisher's, given by the 360Giving register; the reference makes it unique."""
    found: dict[str, Any] = {
        "id": f"{prefix}-{grant.reference}",
        "title": grant.title or grant.purpose[:140],
        "description": grant.purpose,
        "currency": grant.currency,
        "amountAwarded": grant.cents / 100 if grant.cents % 100 else grant.cents // 100,
        "awardDate": (grant.awarded_on or grant.signed_on).isoformat(),
        "recipientOrganization": [{"id": org_id(grant.beneficiary), "name": grant.beneficiary.name}],
        "fundingOrganization": [{"id": org_id(grant.funder), "name": grant.funder.name}],
    }
    if grant.project:
        starts_on, ends_on = grant.project
        found["plannedDates"] = [{"startDate": starts_on.isoformat(), "endDate": ends_on.isoformat()}]
    if grant.programme:
        found["grantProgramme"] = [{"title": grant.programme}]
        found["fromOpenCall"] = "Yes"
    if grant.places:
        found["beneficiaryLocation"] = [
            {"name": p.name, "countryCode": p.country} | ({"geoCode": p.code} if p.code else {}) for p in grant.places
        ]
    if grant.modified_at:
        found["dateModified"] = grant.modified_at.isoformat(timespec="seconds")
    return found


def json_lines(grants: Iterable[PublishedGrant], prefix: str, about: dict[str, Any]) -> Iterator[str]:
    """The package, grant by grant: memory does not depend on their number. `about` is the package's own metadata."""
    head = json.dumps({"version": VERSION, **about}, ensure_ascii=False, indent=1)
    yield head.removesuffix("\n}") + ',\n "grants": ['
    comma = ""
    for some in batched(grants, BATCH):  # the last may be shorter
        pieces = [json.dumps(item(grant, prefix), ensure_ascii=False) for grant in some]
        yield comma + "\n  " + ",\n  ".join(pieces)
        comma = ","
    yield "\n ]\n}\n"


def csv_lines(grants: Iterable[PublishedGrant], prefix: str) -> Iterator[str]:
    """The flat file, under the titles of the standard. Only the first place of a grant has columns."""
    writer = csv.writer(Echo(), lineterminator="\n")
    yield str(writer.writerow(COLUMNS))
    for some in batched(grants, BATCH):  # the last may be shorter
        found = (item(grant, prefix) for grant in some)
        yield "".join(str(writer.writerow([inside(one, path) for path in COLUMNS.values()])) for one in found)


def inside(value: Any, path: str) -> Any:
    for step in path.split("."):
        if isinstance(value, list):
            value = value[int(step)] if int(step) < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return "" if value is None else value

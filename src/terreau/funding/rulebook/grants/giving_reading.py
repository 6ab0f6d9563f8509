"""Reads grants published in the 360Giving standard, JSON or flat CSV, as rows under the paths of the standard."""

import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from terreau.funding.rulebook.grants import cells
from terreau.funding.rulebook.grants.giving import COLUMNS
from terreau.funding.rulebook.grants.values import Fault, Note, Party, Place, PublishedGrant, Reading

REQUIRED = ("id", "title", "description", "currency", "amountAwarded", "awardDate")
RECIPIENT, PERSON, FUNDER = "recipientOrganization.0", "recipientIndividual", "fundingOrganization.0"
PLACE = "beneficiaryLocation.0"
EXTRA = {  # columns that our own file does not have
    "Amount Applied For": "amountAppliedFor",
    "Amount Disbursed": "amountDisbursed",
    "Recipient Ind:Name": f"{PERSON}.name",
    "Recipient Ind:Identifier": f"{PERSON}.id",
    "Beneficiary Location:Name": f"{PLACE}.name",
    "Beneficiary Location:Country Code": f"{PLACE}.countryCode",
    "Beneficiary Location:Geographic Code": f"{PLACE}.geoCode",
}


def _key(header: str) -> str:
    """`Recipient Org:0:Name`, `Recipient Org:Name`: one name; so do `recipientOrganization/0/id` and `…:id`."""
    return cells.plain(re.sub(r"[:./]0(?=[:./])", "", header))


NAMES = {_key(title): path for title, path in (COLUMNS | EXTRA).items()}
NAMES |= {_key(path): path for path in (COLUMNS | EXTRA).values()}


def recognises(headers: list[str]) -> bool:
    found = {NAMES.get(_key(header)) for header in headers}
    return {"id", "amountAwarded", "awardDate", f"{FUNDER}.name"} <= found


class Reader:
    """Reads the rows of one file. A person who was helped is never named: the standard's own guidance asks for it."""

    label = "360Giving"

    def __init__(self, headers: list[str]) -> None:
        self.headers = headers
        self.paths = [NAMES.get(_key(header), "") for header in headers]
        missing = [path for path in (*REQUIRED, f"{FUNDER}.id", f"{FUNDER}.name") if path not in self.paths]
        if missing:
            raise ValueError(_("colonnes manquantes : %s.") % ", ".join(missing))
        self.version = "1.4"
        self.remarks = [
            _("colonne « %s » laissée de côté") % header
            for header, path in zip(headers, self.paths, strict=True)
            if not path
        ]

    def read(self, values: list[str]) -> Reading:
        """One row."""
        reading = Reading()
        if len(values) != len(self.headers):
            told = {"given": len(values), "wanted": len(self.headers)}
            reading.faults.append(Fault("–", _("%(given)s cellules au lieu de %(wanted)s.") % told))
            return reading
        texts = {path: text.strip() for path, text in zip(self.paths, values, strict=True) if path}
        for path in (*REQUIRED, f"{FUNDER}.id", f"{FUNDER}.name"):
            if not texts.get(path):
                reading.faults.append(Fault(path, _("cette valeur manque.")))
        beneficiary = _beneficiary(texts, reading)
        amount = _read(reading, texts, "amountAwarded", _cents)
        signed_on = _read(reading, texts, "awardDate", cells.day)
        starts_on = _read(reading, texts, "plannedDates.0.startDate", cells.day)
        ends_on = _read(reading, texts, "plannedDates.0.endDate", cells.day)
        if starts_on and ends_on and ends_on < starts_on:
            reading.faults.append(Fault("plannedDates.0.endDate", _("la fin précède le début.")))
        currency = texts.get("currency", "")
        if currency and not re.fullmatch(r"[A-Z]{3}", currency):
            reading.faults.append(Fault("currency", _("« %s » n’est pas un code de monnaie.") % currency))
        if not reading.faults:
            reading.grant = PublishedGrant(
                funder=party(texts[f"{FUNDER}.name"], texts[f"{FUNDER}.id"]),
                beneficiary=beneficiary,
                purpose=texts["description"],
                cents=amount,
                signed_on=signed_on,
                reference=texts["id"],
                title=texts["title"],
                currency=currency,
                starts_on=starts_on,
                ends_on=ends_on,
                programme=texts.get("grantProgramme.0.title", ""),
                places=_places(texts),
                key=texts["id"],
            )
        return reading


def party(name: str, identifier: str) -> Party:
    """French identifiers are told apart; the others are kept as they are."""
    if found := re.fullmatch(r"FR-(?:INSEE|SIRET)-(\d{14})", identifier):
        return Party(name, siret=found[1])
    if found := re.fullmatch(r"FR-RNA-(W\d[A-Z\d]\d{7})", identifier):
        return Party(name, rna=found[1])
    return Party(name, other_id=identifier)


def _beneficiary(texts: dict[str, str], reading: Reading) -> Party:
    if texts.get(f"{PERSON}.name") or texts.get(f"{PERSON}.id"):
        return Party(_("Personne aidée (nom non repris)"))
    for part in ("id", "name"):
        if not texts.get(f"{RECIPIENT}.{part}"):
            reading.faults.append(Fault(f"{RECIPIENT}.{part}", _("cette valeur manque.")))
    return party(texts.get(f"{RECIPIENT}.name", ""), texts.get(f"{RECIPIENT}.id", ""))


def _read(reading: Reading, texts: dict[str, str], path: str, reader: Any) -> Any:
    if not texts.get(path):
        return None
    try:
        return reader(texts[path], lambda what: reading.corrections.append((path, what)))
    except ValueError as problem:
        reading.faults.append(Fault(path, str(problem)))
        return None


def _cents(text: str, note: Note) -> int:
    """A JSON number, in the grant's own currency."""
    if re.fullmatch(r"\d{1,12}(\.\d+)?", text):
        return round(Decimal(text) * 100)
    return cells.cents(text, note)


def _places(texts: dict[str, str]) -> tuple[Place, ...]:
    name, code = texts.get(f"{PLACE}.name", ""), texts.get(f"{PLACE}.geoCode", "")
    return (Place(name, code, texts.get(f"{PLACE}.countryCode", "")),) if name or code else ()

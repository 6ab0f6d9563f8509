"""Reads SCDL « subventions » as it is found: versions 1.1.0, 2.0.2 and 2.1.1, and files that come near them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from terreau.funding.rulebook.grants import cells
from terreau.funding.rulebook.grants.scdl import COLUMNS
from terreau.funding.rulebook.grants.values import LONGEST_PURPOSE, Fault, Note, Party, PublishedGrant, Reading

OPTIONAL = {"referenceDecision", "idBeneficiaire", "rnaBeneficiaire", "idRAE", "dispositifAide"}
NEWER = {"rnaBeneficiaire", "dispositifAide"}  # columns that came with 2.1
OTHER_NAMES = {
    "object": "objet",
    "siret": "idBeneficiaire",
    "siretbeneficiaire": "idBeneficiaire",
    "nomdelattribuant": "nomAttribuant",
    "nomattributaire": "nomAttribuant",
    "identificationdelattribuant": "idAttribuant",
    "identificationdelattributaire": "idAttribuant",
    "datedelaconventiondesubvention": "dateConvention",
    "datedeconvention": "dateConvention",
    "referencedeladecision": "referenceDecision",
    "nomdubeneficiaire": "nomBeneficiaire",
    "identificationsiretdubeneficiaire": "idBeneficiaire",
    "identificationdubeneficiaire": "idBeneficiaire",
    "identificationrnadubeneficiaire": "rnaBeneficiaire",
    "objetdelasubvention": "objet",
    "objetdelaconvention": "objet",
    "montanttotaldelasubvention": "montant",
    "naturedelasubvention": "nature",
    "conditionsdeversement": "conditionsVersement",
    "conditionsdeversementdelasubvention": "conditionsVersement",
    "dateouperiodedeversement": "datesPeriodeVersement",
    "datedeversement": "datesPeriodeVersement",
    "numerodereferencementaurepertoiredesentreprises": "idRAE",
    "aidenotifieealeurope": "notificationUE",
    "aidedetatnotifieealacommissioneuropeenne": "notificationUE",
    "pourcentagedumontantdelasubventionattribueaubeneficiaire": "pourcentageSubvention",
    "pourcentagedumontanttotaldelasubventionattribueeaubeneficiaire": "pourcentageSubvention",
}
NAMES = {cells.plain(name): name for name in COLUMNS} | OTHER_NAMES


def recognises(headers: list[str]) -> bool:
    """At least the amount, the beneficiary and two other columns go by a name of the standard."""
    found = {NAMES.get(cells.plain(header)) for header in headers} - {None}
    return {"nomAttribuant", "nomBeneficiaire"} <= found and len(found) >= 4


def _require(known: list[str]) -> None:
    missing = [name for name in COLUMNS if name not in known and name not in OPTIONAL]
    if not {"idBeneficiaire", "rnaBeneficiaire"} & set(known):
        missing.append("idBeneficiaire")
    if missing:
        raise ValueError(_("colonnes manquantes : %s.") % ", ".join(missing))
    if double := sorted({column for column in known if known.count(column) > 1}):
        raise ValueError(_("colonnes en double : %s.") % ", ".join(double))


class Reader:
    """Reads the rows of one file. `remarks` say what was made of its columns.

    A file is judged by the oldest version that has its columns: the key of a SIRET is asked for since 2.0.2 only, and
    2.0.2 has the columns of 1.1.0.
    """

    label = "SCDL subventions"

    def __init__(self, headers: list[str]) -> None:
        self.headers = headers
        self.columns = [NAMES.get(cells.plain(header), "") for header in headers]
        self.strict = bool(NEWER & set(self.columns))
        self.version = "2.1.1" if self.strict else "1.1.0"
        self.remarks = list(self._remarks())

    def _remarks(self) -> Iterator[str]:
        """ValueError where a column that every version requires is missing."""
        known = [column for column in self.columns if column]
        _require(known)
        pairs = list(zip(self.headers, self.columns, strict=True))
        if any(header != column and cells.plain(header) == cells.plain(column) for header, column in pairs):
            yield _("noms de colonnes écrits dans une autre casse")
        for header, column in pairs:
            if not column:
                yield _("colonne « %s » laissée de côté") % header
            elif cells.plain(header) != cells.plain(column):
                yield _("colonne « %(header)s » comprise comme « %(column)s »") % {"header": header, "column": column}
        if known != [name for name in COLUMNS if name in known]:
            yield _("les colonnes ne sont pas dans l’ordre du standard")

    def read(self, values: list[str]) -> Reading:
        """One row."""
        reading = Reading()
        if len(values) != len(self.headers):
            told = {"given": len(values), "wanted": len(self.headers)}
            reading.faults.append(Fault("–", _("%(given)s cellules au lieu de %(wanted)s.") % told))
            return reading
        texts = {column: text.strip() for column, text in zip(self.columns, values, strict=True) if column}
        kept = {column: self._cell(reading, column, texts.get(column, "")) for column in COLUMNS}
        if not kept["idBeneficiaire"] and not kept["rnaBeneficiaire"] and not _told(reading, self, "idBeneficiaire"):
            reading.faults.append(Fault(self.header("idBeneficiaire"), _("ni SIRET, ni numéro RNA.")))
        if not reading.faults:
            reading.grant = _grant(kept)
        return reading

    def header(self, column: str) -> str:
        """The column as the file names it."""
        return self.headers[self.columns.index(column)] if column in self.columns else column

    def _cell(self, reading: Reading, column: str, text: str) -> Any:
        header = self.header(column)
        if not text:
            if column not in OPTIONAL:
                reading.faults.append(Fault(header, _("cette valeur manque.")))
            return None
        try:
            return self._value(column, text, lambda what: reading.corrections.append((header, what)))
        except ValueError as problem:
            reading.faults.append(Fault(header, str(problem)))
            return None

    def _value(self, column: str, text: str, note: Note) -> Any:
        if column in {"idAttribuant", "idBeneficiaire"}:
            return cells.siret(text, note, strict=self.strict)
        if column in READ:
            return READ[column](text, note)
        if column == "objet" and len(text) > LONGEST_PURPOSE:
            note(_("plus de 256 caractères, gardé entier"))
        if column == "idRAE":
            return "" if cells.plain(text) == "non" else text
        return " ".join(text.split())


READ: dict[str, Any] = {
    "dateConvention": cells.day,
    "rnaBeneficiaire": cells.rna,
    "montant": cells.cents,
    "nature": cells.kinds,
    "conditionsVersement": cells.payment,
    "datesPeriodeVersement": cells.period,
    "notificationUE": cells.notified,
    "pourcentageSubvention": cells.share,
}


def _told(reading: Reading, reader: Reader, column: str) -> bool:
    return any(fault.column == reader.header(column) for fault in reading.faults)


def _grant(kept: dict[str, Any]) -> PublishedGrant:
    starts_on, ends_on = kept["datesPeriodeVersement"]
    return PublishedGrant(
        funder=Party(kept["nomAttribuant"], siret=kept["idAttribuant"]),
        beneficiary=Party(kept["nomBeneficiaire"], kept["idBeneficiaire"] or "", kept["rnaBeneficiaire"] or ""),
        purpose=kept["objet"],
        cents=kept["montant"],
        signed_on=kept["dateConvention"],
        reference=kept["referenceDecision"] or "",
        kinds=kept["nature"],
        payment=kept["conditionsVersement"],
        starts_on=starts_on,
        ends_on=ends_on,
        notified=kept["notificationUE"],
        share=kept["pourcentageSubvention"] or Decimal(1),
        scheme=kept["dispositifAide"] or "",
        rae=kept["idRAE"] or "",
    )

"""SCDL « subventions » 2.1.1: the columns, how a grant is written, and what would make the file invalid.

Sources: schema of 28 September 2023; décret 2017-779; arrêté du 17 novembre 2017.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import batched

from django.utils.translation import gettext as _

from terreau.accounts.identifiers import check_siret
from terreau.funding.rulebook.grants.values import LONGEST_PURPOSE, Party, PublishedGrant

COLUMNS = (
    "nomAttribuant",
    "idAttribuant",
    "dateConvention",
    "referenceDecision",
    "nomBeneficiaire",
    "idBeneficiaire",
    "rnaBeneficiaire",
    "objet",
    "montant",
    "nature",
    "conditionsVersement",
    "datesPeriodeVersement",
    "idRAE",
    "notificationUE",
    "pourcentageSubvention",
    "dispositifAide",
)
RNA = re.compile(r"W\d{9}")  # narrower than the register itself, which has W2A… and W2B… in Corsica
BATCH = 100  # rows a piece of stream


class Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def faults(grant: PublishedGrant) -> list[str]:
    """What keeps this grant out of a valid file."""
    found = []
    if not grant.funder.name or not _siret(grant.funder):
        found.append(_("le financeur n’a pas de SIRET valide."))
    if not grant.beneficiary.name:
        found.append(_("le bénéficiaire n’a pas de nom."))
    if not _siret(grant.beneficiary) and not _rna(grant.beneficiary):
        found.append(_("le bénéficiaire n’a ni SIRET valide ni numéro RNA."))
    if not grant.purpose.strip():
        found.append(_("l’objet manque."))
    if grant.currency != "EUR":
        found.append(_("le montant n’est pas en euros."))
    if grant.starts_on is None:
        found.append(_("la période de versement manque."))
    return found


def row(grant: PublishedGrant) -> list[str]:
    """The sixteen cells. A purpose that is too long ends with « … »."""
    return [
        grant.funder.name,
        _siret(grant.funder),
        grant.signed_on.isoformat(),
        grant.reference,
        grant.beneficiary.name,
        _siret(grant.beneficiary),
        _rna(grant.beneficiary),
        purpose(grant),
        money_cell(grant.cents),
        ";".join(grant.kinds),
        grant.payment[:256],
        period(grant.starts_on, grant.ends_on),
        grant.rae[:5],
        "oui" if grant.notified else "non",
        f"{grant.share:.2f}",
        grant.scheme,
    ]


def lines(grants: Iterable[PublishedGrant]) -> Iterator[str]:
    """The file, some rows at a time: UTF-8, comma, dot decimals, as the arrêté asks."""
    writer = csv.writer(Echo(), lineterminator="\n")
    yield str(writer.writerow(COLUMNS))
    for some in batched(grants, BATCH):  # the last may be shorter
        yield "".join(str(writer.writerow(row(grant))) for grant in some)


def purpose(grant: PublishedGrant) -> str:
    tidy = " ".join(grant.purpose.split())
    return tidy if len(tidy) <= LONGEST_PURPOSE else f"{tidy[: LONGEST_PURPOSE - 1].rstrip()}…"


def money_cell(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def period(first: date | None, last: date | None) -> str:
    return "/".join(d.isoformat() for d in (first, last if last != first else None) if d)


def _siret(party: Party) -> str:
    try:
        return check_siret(party.siret) if party.siret else ""
    except ValueError:
        return ""


def _rna(party: Party) -> str:
    return party.rna if RNA.fullmatch(party.rna) else ""

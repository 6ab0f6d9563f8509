"""Takes in what other funders published."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import batched

from django.db import transaction

from terreau.accounts.models import Organisation, User
from terreau.core import journal
from terreau.funding.models import ForeignGrant, GrantSource
from terreau.funding.rulebook.grants import PublishedGrant, row_key
from terreau.territories.models import Level, Territory

BATCH = 500
SAID = (
    "reference",
    "funder_name",
    "funder_id",
    "beneficiary_name",
    "beneficiary_siret",
    "beneficiary_rna",
    "beneficiary_id",
    "purpose",
    "amount_cents",
    "part_cents",
    "currency",
    "signed_on",
    "starts_on",
    "ends_on",
    "place",
)


@dataclass
class TakenIn:
    """What became of the rows: new, changed since by their publisher, or here already."""

    added: int = 0
    changed: int = 0
    known: int = 0


@transaction.atomic
def take_in(rows: Iterable[PublishedGrant], *, standard: str, name: str, digest: str, by: User | None) -> TakenIn:
    """Write the rows of one file, a few hundred at a time: memory does not depend on their number.

    A row that is here already is left alone; one whose publisher changed it under the same identifier is brought up to
    date. A file that brings nothing leaves no trace.
    """
    taken = TakenIn()
    source = GrantSource.objects.filter(digest=digest).first()
    source = source or GrantSource.objects.create(name=name[:200], digest=digest, standard=standard)
    for some in batched(rows, BATCH):  # the last may be shorter
        _write(some, source, taken)
    if taken.added or taken.changed:
        journal.record(source, "imported", by=by, added=taken.added, changed=taken.changed)
    elif not source.grants.exists():
        source.delete()
    return taken


def _write(some: Sequence[PublishedGrant], source: GrantSource, taken: TakenIn) -> None:
    read = [_row(grant, source) for grant in some]
    _place(read, some)
    known = {row.key: row for row in ForeignGrant.objects.filter(key__in=[row.key for row in read])}
    new = [row for row in read if row.key not in known]
    changed = []
    for row in read:
        if (former := known.get(row.key)) and any(getattr(former, name) != getattr(row, name) for name in SAID):
            row.pk = former.pk
            changed.append(row)
    ForeignGrant.objects.bulk_create(new)
    ForeignGrant.objects.bulk_update(changed, [*SAID, "source", "territory"])
    taken.added += len(new)
    taken.changed += len(changed)
    taken.known += len(read) - len(new) - len(changed)


def _row(grant: PublishedGrant, source: GrantSource) -> ForeignGrant:
    part = (Decimal(grant.cents) * grant.share).quantize(Decimal(1), ROUND_HALF_UP)
    return ForeignGrant(
        key=row_key(grant),
        source=source,
        reference=grant.reference[:200],
        funder_name=grant.funder.name[:300],
        funder_id=grant.funder.id[:80],
        beneficiary_name=grant.beneficiary.name[:300],
        beneficiary_siret=grant.beneficiary.siret,
        beneficiary_rna=grant.beneficiary.rna,
        beneficiary_id=grant.beneficiary.other_id[:80],
        purpose=grant.purpose,
        amount_cents=grant.cents,
        part_cents=int(part),
        currency=grant.currency,
        signed_on=grant.signed_on,
        starts_on=grant.starts_on,
        ends_on=grant.ends_on,
        place=grant.places[0].name[:200] if grant.places else "",
    )


def _place(rows: Sequence[ForeignGrant], read: Sequence[PublishedGrant]) -> None:
    """The commune that the row names by its code; otherwise that of the beneficiary, where we know its SIRET."""
    codes = {key: grant.places[0].code for key, grant in enumerate(read) if grant.places and _french(grant)}
    communes = dict(
        Territory.objects.filter(level=Level.COMMUNE, code__in=set(codes.values())).values_list("code", "pk")
    )
    sirets = {row.beneficiary_siret for row in rows if row.beneficiary_siret}
    seats = dict(Organisation.objects.filter(siret__in=sirets).values_list("siret", "commune_id"))
    for number, row in enumerate(rows):
        row.territory_id = communes.get(codes.get(number, "")) or seats.get(row.beneficiary_siret)


def _french(grant: PublishedGrant) -> bool:
    return grant.places[0].country in {"FR", ""}

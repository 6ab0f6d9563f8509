"""Who gave how much in a year, by size, territory, kind and declaration; and the editions that are published.

A gift counts in the year of its date, once its recipient confirmed it or a receipt for it is in force.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from terreau.engagement.lifecycle import ReceiptState
from terreau.engagement.models import BarometerEdition, CompanyProfile, Exercise, Gift, Receipt
from terreau.territories.models import Level, Territory

if TYPE_CHECKING:
    from terreau.methods.disclosure import System

UNKNOWN = "unknown"
STATEMENT, RECEIPT, NONE = "statement", "receipt", "none"
DECLARATIONS = (STATEMENT, RECEIPT, NONE)
TABLES = (("size", "declaration"), ("size", "kind"), ("region",))
COUNTED = (("size", "declaration"), ("region",))  # a firm may give in two kinds: numbers of firms do not add up there


@dataclass(frozen=True)
class Given:
    """What one firm gave in one kind, with and without a receipt in force."""

    donor: int
    size: str
    region: str
    kind: str
    has_receipt: bool
    cents: int


def counted() -> QuerySet[Gift]:
    """The gifts that count, each knowing whether a receipt for it is in force."""
    in_force = Exists(Receipt.objects.filter(gift=OuterRef("pk"), state=ReceiptState.ISSUED))
    gifts = Gift.objects.annotate(receipted=in_force).order_by()
    return gifts.filter(Q(confirmed_at__isnull=False) | Q(receipted=True))


def given(year: int) -> Iterator[Given]:
    """One row a firm, a kind and a receipt: added up by the database."""
    groups = ("donor", "donor__company_profile__size", "donor__commune__region__code", "kind", "receipted")
    rows = counted().filter(given_on__year=year).values_list(*groups).annotate(cents=Sum("amount_cents"))
    for donor, size, region, kind, receipted, cents in rows.iterator():
        yield Given(donor, size or UNKNOWN, region or UNKNOWN, kind, bool(receipted), cents)


def declaring(year: int) -> set[int]:
    """The firms that typed a fiscal year which overlaps this calendar year."""
    overlapping = Exercise.objects.filter(closes_on__gte=date(year, 1, 1), closes_on__lt=date(year + 1, 12, 31))
    return set(overlapping.order_by().values_list("company", flat=True))


def system(year: int) -> "System":
    """The tables of a year with all their margins, in three queries; nothing is hidden yet."""
    from terreau.methods import disclosure  # noqa: PLC0415 - heavy

    rows, statements = list(given(year)), declaring(year)
    receipts = {row.donor for row in rows if row.has_receipt}
    contributions = (
        disclosure.Contribution(
            row.donor,
            row.cents,
            {
                "size": row.size,
                "region": row.region,
                "kind": row.kind,
                "declaration": _declaration(row.donor, statements, receipts),
            },
        )
        for row in rows
    )
    return disclosure.system(contributions, dimensions(), TABLES, counted=COUNTED)


def _declaration(donor: int, statements: set[int], receipts: set[int]) -> str:
    if donor in receipts:
        return STATEMENT if donor in statements else RECEIPT
    return NONE


def dimensions() -> dict[str, list[str]]:
    regions = Territory.objects.filter(level=Level.REGION, current=True).order_by("code")
    return {
        "size": [*CompanyProfile.Size.values, UNKNOWN],
        "declaration": list(DECLARATIONS),
        "kind": list(Gift.Kind.values),
        "region": [*regions.values_list("code", flat=True), UNKNOWN],
    }


def editions() -> QuerySet[BarometerEdition]:
    return BarometerEdition.objects.order_by("-year")

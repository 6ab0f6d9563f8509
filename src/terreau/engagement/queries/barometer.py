"""Who gave how much in a year, by size, territory, kind and declaration; and the editions that are published.

A gift counts in the year of its date, once its recipient confirmed it or a receipt for it is in force.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from terreau.engagement.lifecycle import ReceiptState
from terreau.engagement.models import BarometerEdition, CompanyProfile, Exercise, Gift, Receipt
from terreau.territories.models import Level, Territory

if TYPE_CHECKING:
    from terreau.methods.disclosure import System

METHOD = "1.0"
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


@dataclass(frozen=True)
class Year:
    """A calendar year of gifts: how many count, how many nobody confirmed yet, what was published of it."""

    year: int
    counting: int
    waiting: int
    edition: BarometerEdition | None


COUNTING = Q(confirmed_at__isnull=False) | Q(receipted=True)


def known() -> QuerySet[Gift]:
    """Every gift, each knowing whether a receipt for it is in force."""
    in_force = Exists(Receipt.objects.filter(gift=OuterRef("pk"), state=ReceiptState.ISSUED))
    return Gift.objects.annotate(receipted=in_force).order_by()


def counted() -> QuerySet[Gift]:
    return known().filter(COUNTING)


def years() -> list[Year]:
    """The years that have gifts or an edition, the newest first, in two queries."""
    published = {edition.year: edition for edition in editions().select_related("closed_by")}
    tally = {"counting": Count("pk", filter=COUNTING), "waiting": Count("pk", filter=~COUNTING)}
    told = {year: (yes, no) for year, yes, no in known().values_list("given_on__year").annotate(**tally)}
    found = sorted(told.keys() | published.keys(), reverse=True)
    return [Year(year, *told.get(year, (0, 0)), published.get(year)) for year in found]


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


def content(year: int) -> dict[str, Any] | None:
    """What an edition of this year says, hidden cells without their figure; None where no gift counts.

    Cells are hidden by `methods.disclosure`. Neither their values nor why each is hidden stands here: to say "fewer
    than three" would be to say "one or two".
    """
    from terreau.methods import disclosure  # noqa: PLC0415 - heavy

    told, rule, protection = system(year), disclosure.Rule(), disclosure.Protection()
    if not any(tally.contributors for tally in told.tallies):
        return None
    hidden = disclosure.suppress(told, rule, protection).hidden
    with_donors = {cell for cell in told.cells if "kind" not in dict(cell)}
    cells = [
        {
            "of": dict(cell),
            "cents": None if cell in hidden else tally.value,
            "donors": None if cell in hidden or cell not in with_donors else tally.contributors,
            "hidden": cell in hidden,
        }
        for cell, tally in zip(told.cells, told.tallies, strict=True)
    ]
    share = float(rule.share) if rule.share is not None else None
    parameters = {"least": rule.least, "share": share, "width": float(protection.share)}
    return {"method": METHOD, "parameters": parameters, "cells": cells}


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

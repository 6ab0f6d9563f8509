"""What a structure declares each year of the receipts it issued (CGI, art. 222 bis)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Sum

from terreau.accounts.models import Organisation
from terreau.engagement.lifecycle import ReceiptState
from terreau.engagement.models import Gift, Receipt
from terreau.methods.giving import parameters, reporting
from terreau.methods.giving.parameters import at


@dataclass(frozen=True)
class Yearly:
    """`cents`: gifts received in the period that a receipt in force mentions. `receipts`: receipts in force delivered
    in the period. Gifts without a receipt are told apart and never declared.
    """

    starts_on: date
    closes_on: date
    cents: int
    receipts: int
    due_on: date
    source: str
    without_cents: int
    without: int


def declaration(issuer: Organisation, closes_on: date) -> Yearly:
    """Of the calendar year, or of the fiscal year that closes on this day. NotInForce before the law."""
    starts_on, _end = reporting.period(closes_on)
    days = (starts_on, closes_on)
    delivered = Receipt.objects.filter(issuer=issuer, state=ReceiptState.ISSUED, issued_at__date__range=days).count()
    received = Gift.objects.filter(recipient=issuer, given_on__range=days).annotate(
        has_receipt=Exists(Receipt.objects.filter(gift=OuterRef("pk"), state=ReceiptState.ISSUED))
    )
    counted = received.values("has_receipt").annotate(cents=Sum("amount_cents"), n=Count("pk")).order_by()
    found = {row["has_receipt"]: (row["cents"], row["n"]) for row in counted}
    without_cents, without = found.get(False, (0, 0))
    return Yearly(
        starts_on=starts_on,
        closes_on=closes_on,
        cents=found.get(True, (0, 0))[0],
        receipts=delivered,
        due_on=reporting.due_on(closes_on),
        source=at(parameters.REPORTING, closes_on).source,
        without_cents=without_cents,
        without=without,
    )

"""Numbers without gaps: taken under a lock, given back when the transaction that took them fails."""

from django.db import transaction

from terreau.funding.models import SeriesCounter


def next_number(series: str, year: int) -> int:
    """The next number of a series in a year, from 1. Only inside the transaction of what bears it: no gap, no double.

    Others who want one wait until that transaction has ended: take it as late as possible.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A number is taken in the transaction of what bears it.")
    SeriesCounter.objects.get_or_create(series=series, year=year)
    counter = SeriesCounter.objects.select_for_update().get(series=series, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last

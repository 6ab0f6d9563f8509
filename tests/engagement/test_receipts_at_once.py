"""Concurrent issuers, on either database: no receipt number twice or skipped, no gift with two receipts."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from tests.engagement.gifted import firm, gift, structure

from terreau.core.models import Entry
from terreau.core.moves import Refused
from terreau.engagement.actions.receipts import issue, void
from terreau.engagement.models import Receipt

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("june")]


def together(writers, act, items):
    """`act` on every item by threads that start at once, each with its own connection."""
    start = Barrier(writers)

    def work(mine):
        start.wait(timeout=30)
        try:
            return [act(item) for item in mine]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(writers) as pool:
        return [found for answer in pool.map(work, (items[n::writers] for n in range(writers))) for found in answer]


@pytest.mark.parametrize("writers", [2, 8])
def test_concurrent_issuers_share_and_skip_no_number(writers):
    """Four gifts a thread, two structures: each has its own series, without a gap."""
    donor, structures = firm(), [structure(), structure()]
    gifts = [gift(donor, structures[n // writers % 2]) for n in range(writers * 4)]
    issued = together(writers, lambda given: issue(given, by=None), gifts)
    for issuer in structures:
        numbers = sorted(receipt.number for receipt in issued if receipt.issuer_id == issuer.pk)
        assert numbers == list(range(1, writers * 2 + 1))
        assert sorted(Receipt.objects.filter(issuer=issuer).values_list("number", flat=True)) == numbers
    assert {receipt.content["number"] for receipt in issued} == {str(receipt) for receipt in issued}
    assert Entry.objects.filter(verb="issue_receipt").count() == len(gifts)


@pytest.mark.parametrize("writers", [2, 8])
def test_a_gift_gets_one_receipt_whoever_clicks_and_a_refusal_takes_no_number(writers):
    """Each thread issues, voids now and then, and is refused often: the series has no gap for it."""
    issuer = structure()
    gifts = [gift(firm(), issuer), gift(firm(), issuer)]

    def click(rank):
        try:
            receipt = issue(gifts[rank % 2], by=None)
        except Refused:
            return None
        return void(receipt, "Doublon", by=None) if rank % 3 == 0 else receipt

    issued = [receipt for receipt in together(writers, click, range(writers * 6)) if receipt]
    numbers = sorted(receipt.number for receipt in issued)
    assert numbers == list(range(1, len(issued) + 1))
    assert sorted(Receipt.objects.values_list("number", flat=True)) == numbers
    for given in gifts:
        assert given.receipts.filter(state="issued").count() <= 1

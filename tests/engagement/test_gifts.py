"""Gifts: valued as the law says, confirmed by who received them, frozen by a receipt."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from tests.engagement.gifted import firm, gift, head, holder, structure, told

from terreau.core.models import Entry, Mail
from terreau.core.moves import Refused
from terreau.engagement.actions import gifts
from terreau.engagement.actions.receipts import issue, void
from terreau.engagement.models import Gift
from terreau.engagement.queries.worth import explained, told_of, worth

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("june")]
TIME = {"kind": "skills", "hours": Decimal(24), "monthly_cents": 5_400_00, "description": "Comptabilité"}


def test_goods_count_for_their_cost_whatever_they_sell_for():
    """T12 of the domain: ten laptops, 420 each in stock, sold 750."""
    given = gift(kind="goods", unit_cents=420_00, quantity=10, sale_cents=750_00, description="Dix portables")
    assert given.amount_cents == 4_200_00
    lines = [line.sentence for line in explained(given.kind, given.details, given.amount_cents)]
    assert any("750" in line and "ne le compte pas" in line for line in lines)


def test_time_counts_within_its_ceiling_and_both_readings_are_kept():
    """T10 and T11."""
    given = gift(**TIME)
    assert (given.amount_cents, given.details["caps"]["monthly_prorata"]) == (854_49, 1_901_23)
    assert given.details["caps"]["flat_prudent"] == 12_015_00
    month = gift(**TIME | {"hours": Decimal("151.67"), "monthly_cents": 16_000_00})
    assert (month.amount_cents, month.details["not_eligible_cents"]) == (12_015_00, 3_985_00)
    flat = worth(told(**TIME | {"hours": Decimal("303.34"), "monthly_cents": 16_000_00, "policy": "flat_prudent"}))
    assert flat.cents == 12_015_00


def test_what_was_typed_can_be_typed_again():
    given = gift(**TIME)
    assert worth(told_of(given)).cents == given.amount_cents
    assert told_of(given).hours == 24


TOMORROW = date(2026, 6, 16)
WRONG = [
    ({"given_on": TOMORROW}, "futur"),
    ({"amount_cents": -1}, "supérieur à zéro"),
    ({"payment": ""}, "versé"),
    ({"donor_form": " "}, "forme juridique"),
    ({"kind": "goods", "unit_cents": 0, "description": "x"}, "coûté"),
    ({"kind": "goods", "unit_cents": 1, "quantity": 0, "description": "x"}, "combien"),
    ({**TIME, "hours": Decimal(-1)}, "heures"),
    ({**TIME, "hours": Decimal(2_001)}, "un don par salarié"),
    ({**TIME, "given_on": date(2022, 5, 1)}, "2023"),
    ({**TIME, "until": date(2026, 3, 1)}, "après le début"),
]


@pytest.mark.parametrize(("changes", "words"), WRONG)
def test_what_is_no_gift_is_refused_in_words(changes, words):
    with pytest.raises(Refused, match=words):
        gifts.declare(firm(), structure(), told(**changes), by=None)
    assert not Gift.objects.exists()


def test_the_beneficiary_confirms_and_a_large_return_is_told_to_the_firm():
    """T13: a quarter exactly is no warning, a cent more is one; a return worth the gift makes it a purchase."""
    company, recipient = firm(), structure()
    head(company)
    for cents, warned in ((2_000_00, False), (2_000_01, True)):
        given = gifts.declare(company, recipient, told(amount_cents=8_000_00), by=None)
        gifts.confirm(given, cents, by=holder(recipient))
        assert Mail.objects.filter(subject__contains="contrepartie").exists() is warned
    given = gifts.declare(company, recipient, told(), by=None)
    with pytest.raises(Refused, match="un achat"):
        gifts.confirm(given, 5_000_00, by=None)
    given.refresh_from_db()
    assert given.confirmed_at is None
    assert Entry.objects.filter(verb="confirm_gift").count() == 2


def test_a_correction_asks_for_a_new_confirmation():
    given = gift(return_cents=10)
    gifts.correct(given, told(amount_cents=6_000_00), by=None)
    given.refresh_from_db()
    assert (given.amount_cents, given.confirmed_at, given.return_cents) == (6_000_00, None, 0)


def test_a_receipt_freezes_its_gift_in_the_database_itself():
    given = gift()
    receipt = issue(given, by=None)
    with pytest.raises(Refused, match="reçu en vigueur"):
        gifts.correct(given, told(), by=None)
    with pytest.raises(IntegrityError, match="update refused"), transaction.atomic():
        Gift.objects.filter(pk=given.pk).update(amount_cents=1)
    with pytest.raises(Refused, match="ne peut plus être retiré"):
        gifts.withdraw(given, by=None)
    void(receipt, "Erreur de montant", by=None)
    gifts.correct(given, told(amount_cents=4_000_00), by=None)
    assert Gift.objects.get().amount_cents == 4_000_00
    with pytest.raises(Refused, match="ne peut plus être retiré"):
        gifts.withdraw(given, by=None)


def test_nobody_gives_to_itself_nor_for_another_s_engagement():
    one = structure()
    with pytest.raises(Refused, match="elle-même"):
        gifts.declare(one, one, told(), by=None)

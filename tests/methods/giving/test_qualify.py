"""What is a gift, who may receipt one, what the year's forms ask (T14), and the category of a firm."""

from dataclasses import replace
from datetime import date

import pytest

from terreau.methods.company_size import Size, size_of
from terreau.methods.giving import entitlement
from terreau.methods.giving.entitlement import (
    Basis,
    Body,
    has_public_rules,
    is_state_aid,
    may_apply,
    may_issue_receipts,
)
from terreau.methods.giving.exercises import Exercise, Instance, settle
from terreau.methods.giving.qualify import WORDS, Facts, Form, qualify
from terreau.methods.giving.statement import Gift, detail_required, state

TODAY = date(2026, 6, 1)
FACTS = Facts(TODAY, gift=8_000_00)
SOUND = Body(has_nonprofit_main_activity=True, is_disinterested=True, is_open=True, basis=Basis.SELF_ASSESSMENT)


@pytest.mark.parametrize("form", Form)
def test_each_form_says_whether_it_is_a_gift_and_why(form):
    found = qualify(form, FACTS)
    assert found.is_gift == (form in {Form.MONEY, Form.GOODS, Form.SKILLS, Form.SPONSORSHIP})
    assert found.code == str(form)
    assert found.template.startswith("C’est un don" if found.is_gift else "Ce n’est pas un don")


@pytest.mark.parametrize(
    ("form", "change", "code", "is_gift"),
    [
        (Form.SKILLS, {"on_working_time": False}, "own-time", False),
        (Form.SKILLS, {"is_free": False}, "invoiced", False),
        (Form.MONEY, {"gift": 0}, "nothing-given", False),
        (Form.SPONSORSHIP, {"benefit": 8_000_00}, "return-equal", False),
        (Form.SPONSORSHIP, {"benefit": 2_000_01}, "return-large", True),
        (Form.MONEY, {"benefit": 2_000_00}, "money", True),
        (Form.MENTORING, {"gift": 0}, "mentoring", False),
    ],
)
def test_what_the_facts_change(form, change, code, is_gift):
    found = qualify(form, replace(FACTS, **change))
    assert (found.code, found.is_gift) == (code, is_gift)
    assert found.is_warned == (code == "return-large")
    assert code in WORDS


@pytest.mark.parametrize(
    ("change", "holds", "codes"),
    [
        ({}, True, ("entitled",)),
        ({"basis": Basis.NONE}, None, ("no-basis",)),
        ({"basis": Basis.RULING}, None, ("no-date",)),
        ({"basis": Basis.RULING, "since": date(2025, 1, 1)}, True, ("entitled",)),
        ({"basis": Basis.PUBLIC_UTILITY, "since": date(2027, 1, 1)}, False, ("later",)),
        ({"is_open": None}, None, ("open-unknown",)),
        ({"is_open": False, "is_disinterested": False}, False, ("disinterested", "open")),
        ({"has_nonprofit_main_activity": False}, False, ("activity",)),
        ({"is_commercial": True}, False, ("commercial",)),
        ({"is_commercial": True, "basis": Basis.RULING, "since": date(2025, 1, 1)}, True, ("entitled",)),
    ],
)
def test_who_may_issue_a_receipt(change, holds, codes):
    found = may_issue_receipts(replace(SOUND, **change), TODAY)
    assert (found.holds, found.codes) == (holds, codes)
    assert all(found.templates)


def test_nobody_is_entitled_by_default():
    assert may_issue_receipts(Body(), TODAY).holds is None


def test_the_other_three_questions_have_their_own_facts():
    """A company admitted to a call, helped as an economic activity by public money, has no receipt to issue."""
    assert may_apply(admitted=True).holds
    assert not may_issue_receipts(replace(SOUND, is_commercial=True), TODAY).holds
    assert is_state_aid(aids_economic_activity=True).holds
    assert has_public_rules(funder_is_public=None, has_public_cofunder=True).codes == ("cofunder-public",)
    assert has_public_rules(funder_is_public=True, has_public_cofunder=False).holds
    assert has_public_rules(funder_is_public=None, has_public_cofunder=False).holds is None
    assert has_public_rules(funder_is_public=False, has_public_cofunder=False).holds is False
    answers = [
        may_apply(None),
        is_state_aid(None),
        may_apply(admitted=False),
        is_state_aid(aids_economic_activity=False),
    ]
    assert [one.holds for one in answers] == [None, None, False, False]
    assert all(code in entitlement.WORDS for one in answers for code in one.codes)


@pytest.mark.parametrize(("cents", "required"), [(10_000_00, False), (10_000_01, True)])
def test_the_detailed_list(cents, required):
    """T14."""
    assert detail_required(cents, date(2025, 12, 31)) is required
    assert not detail_required(cents, date(2018, 12, 31))


def test_the_statement_of_a_year():
    exercises = [
        Exercise(date(2024, 12, 31), 3_000_000_00, 25_000_00),
        Exercise(date(2025, 12, 31), 3_000_000_00, 12_000_50, tax=5_000_00),
    ]
    gifts = [
        Gift(2_000_50, date(2025, 9, 1), "Les Amis du port", benefit=100_00),
        Gift(10_000_00, date(2025, 3, 1), "Rugby sans limite"),
    ]
    found = state(settle(Instance(exercises))[1], gifts)
    assert found.reduction == 10_200  # 60 % of 12 000.50 and of the 5 000 carried
    assert found.add_back == 12_001
    assert found.worksheet.excess_used == ((2024, 5_000),)
    assert found.worksheet.credits_left == ((2025, 5_200),)
    assert found.worksheet.excess_left == ()
    assert [gift.beneficiary for gift in found.detail] == ["Rugby sans limite", "Les Amis du port"]
    with pytest.raises(ValueError, match="do not add up"):
        state(settle(Instance(exercises))[1], gifts[:1])


@pytest.mark.parametrize(
    ("persons", "turnover", "balance", "size"),
    [
        (9, 3, 1.5, Size.MICRO),
        (9, 3, 3, Size.SME),
        (249, 60, 40, Size.SME),
        (249, 60, 50, Size.MIDCAP),
        (250, 1, 1, Size.MIDCAP),
        (5_000, 1, 1, Size.LARGE),
        (5_000, None, None, Size.LARGE),
        (9.9, None, None, Size.MICRO),
        (10, 1, None, Size.SME),
        (3, 2_000, 3_000, Size.LARGE),
    ],
)
def test_the_category_of_a_firm(persons, turnover, balance, size):
    """Section 4 of the decree's tests; amounts in millions of euros."""
    cents = [None if amount is None else round(amount * 10**8) for amount in (turnover, balance)]
    assert size_of(persons, *cents) == size

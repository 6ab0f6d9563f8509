"""The balance of a grant: the worked examples of its docstring, and what must hold whatever the figures."""

import doctest
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terreau.funding.rulebook import balance, calendar, financial_report
from terreau.funding.rulebook.balance import Case, eligible, settle

cents = st.integers(0, 10**11)


@st.composite
def cases(draw):
    base = draw(st.integers(1, 10**11))
    granted = draw(st.integers(1, base))
    expenses = draw(cents)
    return Case(
        granted=granted,
        agreed_base=base,
        planned_expenses=draw(st.integers(base, 2 * base)),
        expenses=expenses,
        accepted_expenses=draw(st.integers(0, expenses)),
        co_funding=draw(cents),
        own_income=draw(cents),
        paid=draw(st.integers(0, granted)),
    )


@pytest.mark.parametrize("module", [balance, calendar, financial_report])
def test_the_worked_examples_hold(module):
    told = doctest.testmod(module)
    assert told.attempted
    assert not told.failed


@given(cases())
def test_never_above_the_grant_nor_back_above_what_was_paid(case):
    found = settle(case)
    assert 0 <= found.due <= case.granted
    assert case.paid + found.to_pay <= case.granted
    assert found.to_give_back <= case.paid
    assert not (found.to_pay and found.to_give_back)
    assert case.paid + found.to_pay - found.to_give_back == found.due


@given(cases(), st.integers(0, 10**10))
def test_more_accepted_costs_never_earn_less(case, more):
    higher = min(case.accepted_expenses + more, case.expenses)
    assert settle(replace(case, accepted_expenses=higher)).due >= settle(case).due


@given(cases(), st.integers(0, 10**10))
def test_more_money_from_others_never_earns_more(case, more):
    assert settle(replace(case, co_funding=case.co_funding + more)).due <= settle(case).due
    assert settle(replace(case, own_income=case.own_income + more)).due <= settle(case).due


@given(cases())
def test_the_grant_never_exceeds_what_own_resources_left_to_cover(case):
    assert settle(case).due <= max(case.expenses - case.own_income, 0)


def test_a_base_smaller_than_the_plan_counts_its_share_of_the_costs():
    case = Case(4_000_000, 8_000_000, 10_000_000, 9_000_000, 9_000_000, 0, 0, 0)
    assert eligible(case) == 7_200_000
    assert settle(case).due == 3_600_000

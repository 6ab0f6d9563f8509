"""What must hold between the lines of a budget."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from terreau.calls.rulebook import Amounts
from terreau.projects.rulebook import EXPENSES, INCOME, RUBRICS, Line, budget_checks, number, totals

AMOUNTS = Amounts(500_000, 20_000_000, 0.7, "règlement")
LINES = st.lists(
    st.builds(
        Line,
        st.sampled_from(sorted(RUBRICS)),
        st.just("ligne"),
        st.integers(0, 10**11),
        st.sampled_from(["", "sought", "obtained", "refused"]),
    ),
    max_size=12,
)


def budget(*, asked=7_000_000, own=3_000_000, status="obtained"):
    return [
        Line("64", "Salaires", 10_000_000),
        Line("74", "Ce financeur", asked, "sought", requested=True),
        Line("74", "Région", own, status),
        Line("86v", "Bénévoles", 500_000),
        Line("87v", "Bénévolat", 500_000),
    ]


def found(lines, amounts=AMOUNTS):
    return {check.key: check.ok for check in budget_checks(lines, amounts)}


def test_a_sound_budget_passes_every_check():
    assert set(found(budget()).values()) == {True}
    assert totals(budget()).rate == Fraction(7, 10)


def test_the_rate_leaves_contributions_in_kind_out_and_has_no_rounding():
    lines = [*budget(asked=7_000_001, own=2_999_999), Line("86s", "Prêt", 10**9), Line("87s", "Prêt", 10**9)]
    assert found(lines)["rate"] is False
    assert found(budget(asked=7_000_000))["rate"] is True


def test_a_refused_cofunding_counts_nowhere():
    checks = found(budget(status="refused"))
    assert checks["balanced"] is False
    assert totals(budget(status="refused")).refused == 3_000_000


def test_bounds_of_the_call():
    assert found(budget(asked=499_999, own=9_500_001))["minimum"] is False
    assert found(budget(asked=500_000, own=9_500_000))["minimum"] is True
    assert found(budget(asked=20_000_001, own=0))["maximum"] is False


def test_the_request_stands_on_one_line_74():
    lines = [Line("64", "Salaires", 100), Line("75", "Dons", 100, requested=True)]
    assert found(lines)["requested"] is False
    assert found(lines[:1])["requested"] is False
    assert found([])["requested"] is None


def test_an_empty_budget_is_neither_right_nor_wrong():
    assert found([])["balanced"] is None
    assert found([])["rate"] is None


def test_in_kind_rubrics_are_printed_by_their_number():
    assert (number("86v"), number("87v"), number("64")) == ("864", "875", "64")


@given(LINES)
def test_order_of_lines_does_not_matter(lines):
    assert totals(lines) == totals(reversed(lines))
    assert budget_checks(lines, AMOUNTS) == budget_checks(list(reversed(lines)), AMOUNTS)


@given(LINES)
def test_balance_is_exact_to_the_cent(lines):
    sums = totals(lines)
    gap = sums.expenses - sums.income
    mended = [*lines, Line("60", "écart", max(-gap, 0)), Line("70", "écart", max(gap, 0))]
    assert found(mended)["balanced"] in (True, None)
    off = found([*mended, Line("60", "un centime", 1)])
    assert off["balanced"] is False


@given(LINES)
def test_every_amount_lands_in_one_sum(lines):
    sums = totals(lines)
    kept = sum(line.amount_cents for line in lines if line.status != "refused")
    assert sums.expenses + sums.income + sums.kind_expenses + sums.kind_income == kept
    assert not set(EXPENSES) & set(INCOME)

"""What the law asks, against the worked figures of the regulations."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terreau.funding.rulebook import clauses, schedule
from terreau.funding.rulebook.obligations import PARAMETERS, Aid, Facts, headroom, obligations, parameter, window_start

DAY = date(2024, 1, 30)


def facts(**changes):
    given = {"on": date(2025, 6, 1), "granted_cents": 30_000_00, "months": 12, "budget_cents": 60_000_00}
    return Facts(**given | {"funder_is_public": True, "legal_form": "association"} | changes)


def keys(**changes):
    return {o.key: o for o in obligations(facts(**changes))}


def aid(cents, day, group="732829320", regime="de_minimis"):
    return Aid(group, regime, day, cents)


def room(*aids, on=DAY, group="732829320"):
    return headroom("de_minimis", on, group, aids)


def test_every_parameter_is_dated_and_says_its_source():
    assert all(p.source and (p.until is None or p.since <= p.until) for p in PARAMETERS)
    assert parameter("cer", date(2022, 1, 1)) is None
    assert parameter("de_minimis", date(2031, 1, 1)) is None


def test_nothing_applies_to_private_money_that_is_no_aid():
    assert obligations(facts(funder_is_public=False)) == ()


@pytest.mark.parametrize(("cents", "applies"), [(23_000_00, False), (23_000_01, True)])
def test_a_written_agreement_above_the_threshold(cents, applies):
    assert ("written_agreement" in keys(granted_cents=cents)) is applies


def test_a_public_cofunder_brings_the_rules_and_is_named():
    found = keys(funder_is_public=False, public_cofunders=(("Région Grand Est", 10_000_00),))
    assert {"written_agreement", "financial_report", "cer"} == set(found)
    assert "« Région Grand Est »" in found["cer"].why
    assert "2021-1947" in found["cer"].source


def test_a_company_signs_no_republican_contract():
    assert "cer" not in keys(legal_form="commercial_sse")


@pytest.mark.parametrize(("cents", "months", "applies"), [(153_000_00, 12, False), (153_000_01, 12, True),
                                                          (306_000_00, 24, False), (306_000_02, 24, True)])  # fmt: skip
def test_accounts_are_certified_above_153_000_a_year(cents, months, applies):
    assert ("accounts" in keys(granted_cents=cents, months=months)) is applies


def test_pay_is_published_when_both_thresholds_are_passed():
    assert "pay" in keys(granted_cents=50_000_01, budget_cents=150_000_01)
    assert "pay" not in keys(granted_cents=50_000_00, budget_cents=150_000_01)
    assert "pay" not in keys(granted_cents=50_000_01, budget_cents=150_000_00)


def test_the_window_of_three_years_includes_its_first_day():
    assert window_start(DAY) == date(2021, 1, 30)
    assert window_start(date(2024, 2, 29)) == date(2021, 2, 28)
    assert room(aid(280_000_00, date(2021, 1, 30))).used_cents == 280_000_00
    assert room(aid(280_000_00, date(2021, 1, 29))).used_cents == 0


def test_the_ceiling_is_reached_but_not_passed():
    found = room(aid(280_000_00, date(2022, 5, 1)))
    assert found.fits(20_000_00)
    assert not found.fits(20_000_01)


def test_aids_add_up_by_group_and_by_regime():
    others = [aid(1, DAY, group="999999999"), aid(1, DAY, regime="sgei")]
    assert room(aid(100, DAY), aid(50, DAY), *others).used_cents == 150


def test_an_aid_over_the_ceiling_is_not_met_and_outside_the_regulation_neither():
    earlier = (aid(280_000_00, date(2024, 5, 1)),)
    over = {"regime": "de_minimis", "group": "732829320", "aids": earlier}
    assert keys(granted_cents=20_000_00, **over)["de_minimis"].ok is True
    assert keys(granted_cents=20_000_01, **over)["de_minimis"].ok is False
    assert keys(on=date(2031, 1, 1), **over)["de_minimis"].ok is False
    assert keys(regime="sgei")["sgei"].ok is False  # no group is known


PARTS = st.sampled_from([schedule.DEFAULT.parts, (("signature", 100),), (("milestone", 60), ("final", 40)),
                         (("signature", 33), ("milestone", 33), ("milestone", 33), ("final", 1))])  # fmt: skip
PERIOD = schedule.Period(date(2025, 3, 1), date(2026, 2, 28))


@given(st.integers(1, 10**9), PARTS)
def test_a_schedule_sums_to_the_grant_and_its_days_follow(cents, parts):
    assert schedule.check(parts) == []
    dues = schedule.drawn(cents, PERIOD, parts)
    assert sum(due.cents for due in dues) == cents
    assert [due.on for due in dues] == sorted(due.on for due in dues)
    assert all(due.cents > 0 for due in dues)


@given(st.integers(1, 10**9), st.integers(1, 10**9), PARTS, st.integers(0, 4))
def test_an_amendment_leaves_what_is_settled_and_sums_to_the_new_amount(cents, new, parts, paid):
    drawn = schedule.drawn(cents, PERIOD, parts)
    dues = [schedule.Due(d.condition, d.cents, d.on, settled=n < paid) for n, d in enumerate(drawn)]
    settled = [due for due in dues if due.settled]
    if new < sum(due.cents for due in settled):
        with pytest.raises(schedule.TooLow):
            schedule.redrawn(dues, new, PERIOD)
        return
    after = schedule.redrawn(dues, new, PERIOD)
    assert sum(due.cents for due in after) == new
    assert [due for due in after if due.settled] == settled


@pytest.mark.parametrize(("start", "end", "months"), [
    ((2025, 3, 1), (2026, 2, 28), 12), ((2025, 3, 1), (2026, 3, 1), 13), ((2025, 3, 15), (2025, 3, 20), 1),
])  # fmt: skip
def test_a_month_begun_counts(start, end, months):
    assert schedule.Period(date(*start), date(*end)).months == months


def test_an_unchanged_amount_changes_no_instalment():
    dues = schedule.drawn(100_000_01, PERIOD, schedule.DEFAULT.parts)
    assert schedule.redrawn(dues, 100_000_01, PERIOD) == dues


@pytest.mark.parametrize(("parts", "broken"), [
    ((("signature", 50), ("final", 40)), ["sum"]), ((), ["sum", "share"]),
    ((("final", 50), ("signature", 50)), ["order"]), ((("soon", 100),), ["condition"]),
    ((("signature", 150), ("final", -50)), ["share"]),
])  # fmt: skip
def test_a_schedule_that_does_not_hold_says_why(parts, broken):
    assert schedule.check(parts) == broken


def test_the_set_of_clauses_names_known_fields_and_conditions():
    models = clauses.models()
    assert len({m.key for m in models}) == len(models)
    assert [p for m in models for p in clauses.problems(m.body)] == []
    assert {m.applies_to for m in models} <= set(clauses.CONDITIONS)


def test_an_unknown_field_is_told_at_its_line():
    assert clauses.problems("Bonjour\n{amount} {montant}") == ["Ligne 2 : le champ {montant} n’existe pas."]
    assert "Ligne 3" in clauses.problems("a\nb\nSeule {")[0]

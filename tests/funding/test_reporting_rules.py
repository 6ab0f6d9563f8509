"""Calendar of reports, reminders, gaps, risks: plain values."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terreau.funding.lifecycle import ReportKind
from terreau.funding.rulebook.calendar import Step, add_months, elapsed, expected, reminder
from terreau.funding.rulebook.financial_report import Gap, Line, actuals, gap, owes_words, sides
from terreau.funding.rulebook.reporting import Reporting, dump, parse
from terreau.funding.rulebook.risks import Facts, risks

START, END = date(2026, 1, 1), date(2026, 12, 31)
STEPS = [Step(1, "signature", date(2026, 1, 15)), Step(2, "milestone", date(2026, 7, 1)), Step(3, "final", END)]
days = st.dates(date(2020, 1, 1), date(2040, 1, 1))


def line(rubric="60", planned=1_000_000, actual=1_000_000, **more):
    return Line(f"l{rubric}", rubric, "Ligne", planned, actual, **more)


@given(days, st.integers(0, 60))
def test_months_keep_the_day_or_end_the_month(day, months):
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(1)).day == 1


@given(st.lists(days, max_size=4), days, st.integers(0, 800))
def test_every_milestone_instalment_has_its_report_within_the_project(dates, start, length):
    steps = [Step(i, "milestone", day) for i, day in enumerate(dates, 1)]
    found = expected(start, start + timedelta(length), steps, Reporting())
    mine = [e for e in found if e.kind == ReportKind.MILESTONE]
    assert {e.instalment for e in mine} == {s.number for s in steps}
    assert all(start <= e.due_on <= start + timedelta(length) for e in mine)
    assert [e.due_on for e in found] == sorted(e.due_on for e in found)
    assert len({(e.kind, e.number) for e in found}) == len(found)


def test_the_calendar_of_a_year_with_a_funder_of_three_months():
    found = expected(START, END, STEPS, Reporting(final_months=3, milestone_lead_days=15, follow_up_months=(12,)))
    assert [(e.kind, e.due_on, e.instalment) for e in found] == [
        ("milestone", date(2026, 6, 16), 2),
        ("final", date(2027, 3, 31), None),
        ("follow_up", date(2027, 12, 31), None),
    ]


@pytest.mark.parametrize(
    ("day", "stage"),
    [(-31, None), (-30, -30), (-8, -30), (-7, -7), (0, 0), (6, 0), (7, 7), (29, 7), (30, 30), (400, 30)],
)
def test_a_day_calls_for_the_last_reminder_that_has_come(day, stage):
    assert reminder(END, END + timedelta(day), Reporting()) == stage


@pytest.mark.parametrize(
    ("planned", "actual", "owed"),
    [
        (1_000_000, 1_100_000, False),  # 10 %, 1 000 €: at both bounds
        (1_000_000, 1_100_001, True),
        (1_000_000, 899_999, True),
        (50_000_000, 50_100_000, False),
        (50_000_000, 50_100_001, True),  # past 1 000 €, far from 10 %
        (20_000, 22_001, True),  # past 10 %, far from 1 000 €
        (0, 1, True),
        (0, 0, False),
    ],
)
def test_a_gap_past_either_bound_owes_an_explanation(planned, actual, owed):
    assert owes_words(line(planned=planned, actual=actual), Reporting()) is owed
    assert not owes_words(line(planned=planned, actual=actual, explanation="Loyer plus cher."), Reporting())


def test_a_gap_in_euros_and_as_a_share():
    assert gap(1_000_000, 880_000) == Gap(-120_000, Fraction(-12, 100))
    assert gap(0, 5) == Gap(5, None)


def test_what_is_given_in_kind_stays_out_of_every_total():
    lines = [
        line("60", 400_000, 500_000, refused_cents=100_000),
        line("64", 600_000, 300_000),
        line("74", 500_000, 500_000, ours=True),
        line("74", 300_000, 200_000),
        line("70", 200_000, 50_000),
        line("86v", 900_000, 900_000),
        line("87v", 900_000, 900_000),
    ]
    told = actuals(lines)
    assert (told.planned_expenses, told.expenses, told.accepted_expenses) == (1_000_000, 800_000, 700_000)
    assert (told.other_income, told.co_funding) == (250_000, 200_000)
    assert [(s.key, s.total.planned_cents, s.total.actual_cents) for s in sides(lines)] == [
        ("expenses", 1_000_000, 800_000),
        ("income", 1_000_000, 750_000),
        ("kind_expenses", 900_000, 900_000),
        ("kind_income", 900_000, 900_000),
    ]
    assert [s.key for s in sides(lines[:2])] == ["expenses", "income"]


def test_parameters_travel_as_json_and_say_what_cannot_hold():
    assert parse(dump(Reporting(final_months=3))) == Reporting(final_months=3)
    assert parse({}) == Reporting()
    for wrong in ({"final_months": 99}, {"unknown": 1}, {"follow_up_months": [0]}, {"explain_percent": "10"}):
        with pytest.raises(ValueError, match=r"\w"):
            parse(wrong)


def facts(**changes):
    told = {"told_on": date(2026, 7, 2), "planned_cents": 10_000_000, "spent_cents": 5_000_000}
    return Facts(START, END, **{"last_visit": date(2026, 6, 1), "expected": 100, "reached": 50} | told | changes)


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({}, []),
        ({"late_since": date(2026, 7, 20)}, []),
        ({"late_since": date(2026, 7, 19)}, ["late"]),
        ({"spent_cents": 8_100_000}, ["spending"]),
        ({"spent_cents": 1_900_000}, ["spending"]),
        ({"last_visit": date(2026, 1, 20)}, ["visit"]),
        ({"reached": 24}, ["participants"]),
        ({"told_on": None, "reached": 0, "spent_cents": 0}, []),
    ],
)
def test_each_sign_of_trouble_has_its_rule_and_its_words(changes, kinds):
    found = risks(facts(**changes), date(2026, 7, 20), Reporting())
    assert [risk.kind for risk in found] == kinds
    assert all("%" not in risk.reason.replace("\u00a0%", "") for risk in found)


def test_time_passed_is_a_share_of_the_period():
    assert elapsed(START, END, date(2025, 12, 31)) == 0
    assert elapsed(START, END, END) == elapsed(START, END, date(2030, 1, 1)) == 1

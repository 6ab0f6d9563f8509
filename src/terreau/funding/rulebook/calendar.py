"""Which reports an agreement owes, when; and which reminder a day calls for. Pure: dates in, dates out."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from terreau.funding.lifecycle import ReportKind
from terreau.funding.rulebook.reporting import Reporting


@dataclass(frozen=True)
class Step:
    """One instalment of the schedule: its number, the condition that releases it, the day it is meant for."""

    number: int
    condition: str
    due_on: date


@dataclass(frozen=True, order=True)
class Expected:
    """One report that the agreement owes. `number` tells reports of one kind apart and never changes."""

    due_on: date
    kind: str
    number: int
    instalment: int | None = None


def add_months(day: date, months: int) -> date:
    """The same day some months later; the last of the month where it has no such day: 31 August + 6 is 28 February."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def expected(starts_on: date, ends_on: date, steps: Iterable[Step], reporting: Reporting) -> tuple[Expected, ...]:
    """The reports of an agreement, by date.

    A milestone report precedes each instalment that waits for one, by `milestone_lead_days` (time to read it), within
    the project's period. The final report follows the end by at most `final_months`; follow-ups count from the end too.

    >>> steps = [Step(1, "signature", date(2026, 1, 5)), Step(2, "milestone", date(2026, 7, 1))]
    >>> [(str(e.kind), str(e.due_on)) for e in expected(date(2026, 1, 1), date(2026, 12, 31), steps, Reporting())]
    [('milestone', '2026-06-01'), ('final', '2027-06-30'), ('follow_up', '2027-06-30'), ('follow_up', '2027-12-31')]
    """
    lead = timedelta(days=reporting.milestone_lead_days)
    found = [
        Expected(min(max(step.due_on - lead, starts_on), ends_on), ReportKind.MILESTONE, step.number, step.number)
        for step in steps
        if step.condition == "milestone"
    ]
    found.append(Expected(add_months(ends_on, reporting.final_months), ReportKind.FINAL, 1))
    found += [Expected(add_months(ends_on, m), ReportKind.FOLLOW_UP, m) for m in reporting.follow_up_months]
    order = list(ReportKind)
    return tuple(sorted(found, key=lambda e: (e.due_on, order.index(ReportKind(e.kind)), e.number)))


def reminder(due_on: date, today: date, reporting: Reporting) -> int | None:
    """The reminder that `today` calls for: the last of `remind_days` that has come, None before the first.

    A day without the task loses nothing: the reminder it should have sent is still the last one the next morning,
    unless a later one has come, which says more.
    """
    late = (today - due_on).days
    return max((days for days in reporting.remind_days if days <= late), default=None)


def elapsed(starts_on: date, ends_on: date, today: date) -> float:
    """The share of the period that has passed, between 0 and 1; the last day counts."""
    total = (ends_on - starts_on).days + 1
    return min(max((today - starts_on).days + 1, 0), total) / total

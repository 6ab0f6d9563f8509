"""What becomes of each agreement: most go well, a few meet what an office has to deal with. Plain values.

A report is late, read or sent back around the day of the build, so the turns that are about today are given to the
agreements whose report falls nearest to it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from terreau.demo.parts import Edition, Project
from terreau.funding.rulebook.calendar import Step, add_months, expected
from terreau.funding.rulebook.reporting import Reporting
from terreau.funding.rulebook.schedule import CONDITIONS, Period, days

STEADY, LATE, WRITING, REVIEW, AGAIN, RETURNED = "steady", "late", "writing", "review", "again", "returned"
PREPARED, DUE = "prepared", "due"  # its second part waits in a payment run, or for one
AMENDED, ASKED, STOPPED, REJECTED = "amended", "asked", "stopped", "rejected"
SPARING, PARTIAL = "sparing", "partial"  # of a project that is over: it spent less, a cost was refused
FOLLOWED_BY_VISITORS = {"tremplin": LATE, "boostes": AGAIN}
READ_SOON = (REVIEW, RETURNED, DUE, PREPARED)  # the newest reports, the newest first
SOON = timedelta(days=45)
LATE_AT_LEAST, LATE_AT_MOST = timedelta(days=10), timedelta(days=45)


@dataclass(frozen=True)
class Course:
    """The way of one agreement: its period and what happens to it."""

    turn: str
    starts_on: date
    ends_on: date


def period(project: Project) -> tuple[date, date]:
    """What the application says."""
    starts_on = date.fromisoformat(project.answers["starts_on"])
    return starts_on, end_of(starts_on, project.answers["months"])


def end_of(starts_on: date, months: int) -> date:
    return add_months(starts_on, months) - timedelta(days=1)


def milestone_on(starts_on: date, ends_on: date) -> date:
    """When the first report is due."""
    on = days(Period(starts_on, ends_on), CONDITIONS)
    steps = [Step(n, condition, day) for n, (condition, day) in enumerate(zip(CONDITIONS, on, strict=True), 1)]
    return min(e.due_on for e in expected(starts_on, ends_on, steps, Reporting()))


def courses(projects: Iterable[Project], today: date) -> dict[int, Course]:
    """One course for each selected project of the edition that lives on."""
    chosen = sorted(projects, key=lambda p: p.plan.number)
    turns = {
        p.plan.number: FOLLOWED_BY_VISITORS[p.plan.concept] for p in chosen if p.plan.concept in FOLLOWED_BY_VISITORS
    }
    due = {p.plan.number: milestone_on(*period(p)) for p in chosen if p.plan.number not in turns}
    past = sorted((n for n in due if due[n] <= today), key=lambda n: (due[n], n), reverse=True)
    coming = sorted((n for n in due if today < due[n]), key=lambda n: (due[n], n))
    turns |= dict(zip(past, READ_SOON, strict=False))
    turns |= {n: WRITING for n in coming[:1] if due[n] <= today + SOON}
    left = [n for n in due if n not in turns]
    turns |= dict(zip(left, (AMENDED, REJECTED, ASKED), strict=False))
    turns |= {n: STOPPED for n in left[-1:] if n not in turns}
    return {p.plan.number: _course(p, turns.get(p.plan.number, STEADY), today) for p in chosen}


def closed(projects: Iterable[Project]) -> dict[int, Course]:
    """One course for each selected project of the edition that is over."""
    chosen = sorted(projects, key=lambda p: p.plan.number)
    turns = dict(zip((p.plan.number for p in chosen), (STEADY, SPARING, PARTIAL), strict=False))
    return {p.plan.number: Course(turns.get(p.plan.number, STEADY), *period(p)) for p in chosen}


def _course(project: Project, turn: str, today: date) -> Course:
    """What the application says; a project whose report is late begins later, or is shorter, so that it is so today."""
    starts_on, ends_on = period(project)
    if turn == LATE:
        for months in range(project.answers["months"], 11, -6):
            begins_on = starts_on
            while milestone_on(begins_on, end_of(begins_on, months)) < today - LATE_AT_MOST:
                begins_on = add_months(begins_on, 1)
            if milestone_on(begins_on, end_of(begins_on, months)) < today - LATE_AT_LEAST:
                return Course(turn, begins_on, end_of(begins_on, months))
    return Course(turn, starts_on, ends_on)


def selected(edition: Edition) -> list[Project]:
    """The projects that get an agreement."""
    return [edition.projects[n] for n, verdict in edition.verdicts.items() if verdict.outcome == "selected"]

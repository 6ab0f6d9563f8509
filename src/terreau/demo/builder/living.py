"""After the letters: agreements, payments, visits, reports, amendments, an early end, closings, up to today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from terreau.demo.builder import agreeing
from terreau.demo.builder.agenda import Agenda
from terreau.demo.builder.agreeing import DIRECTOR, Signed
from terreau.demo.builder.cast import Cast
from terreau.demo.builder.filing import Filed
from terreau.demo.builder.paying import Treasury
from terreau.demo.builder.reporting import Reporting
from terreau.demo.clock import moment
from terreau.demo.turns import AGAIN, AMENDED, ASKED, REJECTED, STOPPED, Course
from terreau.demo.words import told_later
from terreau.funding import actions
from terreau.funding.actions import settlement
from terreau.funding.actions.visits import record_visit
from terreau.funding.lifecycle import AgreementState
from terreau.funding.models import Agreement
from terreau.funding.queries.reports import received

SELDOM_SEEN = 7  # one project in so many is never visited
DRAFTED_AFTER = timedelta(days=16)  # from the committee to the first drafts


@dataclass(frozen=True)
class Selected:
    """A file that a committee has selected, the day it did, and what becomes of it."""

    filed: Filed
    decided_on: date
    course: Course


class Living:
    """Everything that follows a selection, in the order of the calendar."""

    def __init__(self, cast: Cast, today: date) -> None:
        self.cast = cast
        self.agenda = Agenda(moment(today, 8))
        self.treasury = Treasury(cast, self.agenda)

    def play(self, files: list[Selected]) -> Iterator[datetime]:
        first = min(f.decided_on for f in files)
        director = self.cast.visitors[DIRECTOR]
        self.agenda.plan(moment(first, 19), lambda _when: agreeing.set_terms(self.cast, director))
        for rank, file in enumerate(files):
            day = file.decided_on + DRAFTED_AFTER + timedelta(days=rank % 12)
            self.agenda.plan(moment(day, 9 + rank % 8, rank), partial(self._draft, file))
        self.treasury.open(first + timedelta(days=31))
        return self.agenda.play()

    def _draft(self, file: Selected, when: datetime) -> None:
        signed = agreeing.draft(file.filed, file.course, self.cast)
        rng = Random(f"signing:{signed.number}")
        holder = when + timedelta(days=rng.randint(3, 14), hours=rng.randint(-2, 6))
        self.agenda.plan(holder, lambda then: agreeing.answer(signed, then))
        later = timedelta(days=rng.randint(1, 5), minutes=rng.randrange(90))
        self.agenda.plan(holder + later, lambda then: self._countersign(signed, then, rng))

    def _countersign(self, signed: Signed, when: datetime, rng: Random) -> None:
        """The agreement is made: its reports, visits and accidents are written down."""
        agreeing.countersign(signed)
        Reporting(signed, self.agenda).expect()
        turn = signed.course.turn
        if signed.number % SELDOM_SEEN or turn == AGAIN:
            start = moment(max(when.date(), signed.course.starts_on), 11)
            self.agenda.plan(start + _some_days(rng), lambda then: self._visit(signed, then, rng))
        if turn == REJECTED:
            self.treasury.closed[signed.agreement.pk] = signed.owner
        elif turn == AMENDED:
            self.agenda.plan(when + timedelta(days=190), lambda then: self._amend(signed, then))
        elif turn == ASKED:
            self.agenda.plan(self.agenda.until - timedelta(days=6), lambda _then: agreeing.ask_for_longer(signed))
        elif turn == STOPPED:
            self.agenda.plan(when + timedelta(days=215), lambda then: self._stop(signed, then))

    def _visit(self, signed: Signed, when: datetime, rng: Random) -> None:
        """The delegate goes to see the project, and comes back some months later while it lives."""
        if Agreement.objects.filter(pk=signed.agreement.pk).exclude(state=AgreementState.SIGNED).exists():
            return
        texts, place = told_later()["visits"], signed.filed.project.plan.place
        record_visit(
            signed.agreement,
            on=(when - timedelta(days=1)).date(),
            met=rng.choice(texts["met"]),
            note=rng.choice(texts["notes"]),
            next_step=rng.choice(texts["steps"]),
            next_on=(when + timedelta(days=30)).date(),
            by=self.cast.delegates[place.region].user,
        )
        self.agenda.plan(when + _some_days(rng), lambda then: self._visit(signed, then, rng))

    def _amend(self, signed: Signed, when: datetime) -> None:
        amendment = agreeing.amend(signed)
        self.agenda.plan(when + timedelta(days=18), lambda _then: agreeing.conclude(signed, amendment))

    def _stop(self, signed: Signed, when: datetime) -> None:
        """Ended before its time: what was not spent is claimed back, and half of it comes."""
        texts, agreement, by = told_later()["stop"], signed.agreement, self.cast.officer
        actions.terminate(agreement, reason=texts["reason"], by=by)
        cents = received(agreement) * 3 // 5 // 10_000 * 10_000
        due_on = (when + timedelta(days=60)).date()
        clawback = settlement.claim(agreement, cents=cents, reason=texts["claim"], due_on=due_on, by=by)
        self.agenda.plan(
            when + timedelta(days=52),
            lambda then: settlement.recover(clawback, cents=cents // 2, on=then.date(), by=by),
        )


def _some_days(rng: Random) -> timedelta:
    """Between two visits."""
    return timedelta(days=rng.randint(100, 165))

"""Reports as holders write them and as the office reads them, each around the day when it is due."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from terreau.demo import telling
from terreau.demo.builder.agenda import Agenda, Scene
from terreau.demo.builder.agreeing import Signed
from terreau.demo.clock import moment
from terreau.demo.papers import paper
from terreau.demo.turns import AGAIN, DUE, LATE, PARTIAL, PREPARED, RETURNED, REVIEW, SPARING, WRITING
from terreau.demo.words import told_later
from terreau.funding.actions import reports, reviews, settlement
from terreau.funding.lifecycle import ReportKind, ReportState
from terreau.funding.models import Clawback, Report
from terreau.funding.queries import reports as queries
from terreau.funding.queries.settlement import obstacles_to_closing, obstacles_to_settlement

DAY = timedelta(days=1)
SPENT = {ReportKind.MILESTONE: 0.44, ReportKind.FINAL: 0.985}  # share of the budget
SENT_AGO = {REVIEW: 5, AGAIN: 26, RETURNED: 15, PREPARED: 22, DUE: 12}  # days, at least
ANSWERED_AGO = {AGAIN: 16, RETURNED: 6, PREPARED: 7, DUE: 1}  # days
SPARED = 0.68  # what a project that spent less has spent at its end
REFUSED_CENTS = 64_000  # of the cost that the funder does not take


@dataclass
class Reporting:
    """The reports of one agreement."""

    signed: Signed
    agenda: Agenda

    def __post_init__(self) -> None:
        self.rng = Random(f"reports:{self.signed.number}")

    @property
    def turn(self) -> str:
        return self.signed.course.turn

    def expect(self) -> None:
        """Write down when each report will be dealt with."""
        for report in self.signed.agreement.reports.filter(state=ReportState.EXPECTED):
            self._plan(report)

    def _plan(self, report: Report) -> None:
        ahead = self.rng.randint(4, 18) + (60 if report.kind == ReportKind.FINAL else 0)
        when = moment(report.due_on - timedelta(days=ahead), self.rng.randint(9, 18), self.rng.randrange(60))
        if report.kind == ReportKind.MILESTONE and self.turn in {LATE, WRITING, *SENT_AGO}:
            self._plan_today(report, when)
        else:
            self.agenda.plan(when, self._unless_moved(report, self._send_and_have_read))

    def _plan_today(self, report: Report, when: datetime) -> None:
        """The reports that an office has on its table today."""
        now, turn = self.agenda.until, self.turn
        if turn == WRITING:
            self.agenda.plan(min(when, now - 3 * DAY), lambda _w: self._write(report, half=True))
        if turn in SENT_AGO:
            self.agenda.plan(min(when, now - SENT_AGO[turn] * DAY), lambda _w: self._send(report))
        if turn in ANSWERED_AGO:
            answer = self._return if turn in {AGAIN, RETURNED} else self._accept
            self.agenda.plan(now - ANSWERED_AGO[turn] * DAY, partial(answer, report))
        if turn == AGAIN:
            self.agenda.plan(now - 4 * DAY, lambda _w: self._complete(report))

    def _unless_moved(self, report: Report, scene: Any) -> Scene:
        """An amendment may have moved its day, or left it without object."""
        known = report.due_on

        def checked(when: datetime) -> None:
            report.refresh_from_db()
            if report.state == ReportState.CANCELLED:
                return
            if report.due_on > known:
                self._plan(report)
            else:
                scene(report, when)

        return checked

    def _send_and_have_read(self, report: Report, when: datetime) -> None:
        self._send(report)
        later = when + timedelta(days=self.rng.randint(9, 21), hours=1)
        self.agenda.plan(later, lambda then: self._accept(report, then))

    def _write(self, report: Report, *, half: bool = False) -> None:
        """The texts, the people, the figures; or the first half of the texts alone."""
        by, project = self.signed.owner, self.signed.filed.project
        report = reports.open_report(report, by=by)
        final, rules = report.kind == ReportKind.FINAL, queries.rules_of(report)
        keys = [section.key for section in rules.asked(report.kind)]
        changes: dict[str, Any] = {}
        reached = 0
        if queries.has_figures(report) and not half:
            spent = SPARED if final and self.turn == SPARING else SPENT[ReportKind(report.kind)]
            expected = {count.public: count.expected for count in report.counts.all()}
            people = telling.people(self.rng, expected, 0.97 if final else 0.46)
            reached = sum(people.values())
            extra = REFUSED_CENTS if final and self.turn == PARTIAL else 0
            lines = queries.lines(report)
            figures = telling.figures(self.rng, lines, spent=spent, rules=rules, final=final, extra=extra)
            changes = {queries.FIGURES: figures, queries.PEOPLE: people}
        if half:
            keys = keys[:1]
        changes |= telling.words(self.rng, project, keys, reached=reached)
        reports.save(report, {key: (value, None) for key, value in changes.items()}, by=by)
        if final:
            reports.attach(report, paper("Compte rendu financier signé", project.structure.name, "bilan"), by=by)

    def _send(self, report: Report) -> None:
        self._write(report)
        reports.submit(report, by=self.signed.owner)

    def _return(self, report: Report, _when: datetime) -> None:
        reviews.return_report(report, message=told_later()["reading"]["returned"], by=self._reader(report))

    def _complete(self, report: Report) -> None:
        said = queries.answers(report)["results"]
        text = f"{said.value}\n\n{told_later()['reading']['completed']}"
        reports.save(report, {"results": (text, said.version)}, by=self.signed.owner)
        reports.submit(report, by=self.signed.owner)

    def _reader(self, report: Report) -> Any:
        """The office, or the delegate of the région for one milestone in two."""
        cast, project = self.signed.cast, self.signed.filed.project
        if report.kind == ReportKind.MILESTONE and self.signed.number % 2 == 0:
            return cast.delegates[project.plan.place.region].user
        return cast.officer

    def _accept(self, report: Report, when: datetime) -> None:
        """Accepted; a final report once no payment is under way, and the file is closed when both sides are quits."""
        texts, final = told_later()["reading"], report.kind == ReportKind.FINAL
        if final and obstacles_to_settlement(report.agreement):
            self.agenda.plan(when + 7 * DAY, lambda then: self._accept(report, then))
            return
        kind = {ReportKind.FINAL: "settled", ReportKind.MILESTONE: "accepted"}.get(ReportKind(report.kind))
        message, refusals = self.rng.choice(texts[kind]) if kind else texts["kept"], []
        if final and self.turn == PARTIAL:
            first = next(line for line in queries.lines(report) if line.rubric.startswith("6"))
            refusals = [reviews.Refusal(first.key, REFUSED_CENTS, texts["refusal"])]
            message = texts["partial"]
        reviews.accept_report(report, message=message, refusals=refusals, by=self._reader(report))
        if final:
            for clawback in report.agreement.clawbacks.all():
                self.agenda.plan(when + 24 * DAY, partial(self._recover, clawback))
            self.agenda.plan(when + 40 * DAY, self._close)

    def _recover(self, clawback: Clawback, when: datetime) -> None:
        """All of it."""
        settlement.recover(clawback, cents=clawback.amount_cents, on=when.date(), by=self.signed.cast.officer)

    def _close(self, when: datetime) -> None:
        self.signed.agreement.refresh_from_db()
        if obstacles_to_closing(self.signed.agreement):
            self.agenda.plan(when + 15 * DAY, self._close)
        else:
            settlement.close(self.signed.agreement, by=self.signed.cast.officer)

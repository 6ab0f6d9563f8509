"""The reports that an agreement owes, kept in step with its dates and schedule."""

from typing import Any

from django.db import transaction

from terreau.core import journal
from terreau.funding.actions.moves import move
from terreau.funding.lifecycle import ACCEPTED_REPORTS, AgreementState, InstalmentState, ReportKind, ReportState
from terreau.funding.models import Agreement, Report
from terreau.funding.queries.reports import rules_on
from terreau.funding.rulebook.calendar import Expected, Step, expected


@transaction.atomic
def keep_calendar(agreement: Agreement, *, by: Any) -> list[Report]:
    """Bring the expected reports in line with the agreement: new ones, other dates, those without object. What changed.

    Called when it is signed and when an amendment is; called again, it changes nothing. A report that was begun
    keeps its place, only its date follows; one that was sent is left alone.
    """
    held = Agreement.objects.select_for_update(of=("self",)).select_related("application__call").get(pk=agreement.pk)
    if held.state not in {AgreementState.SIGNED, AgreementState.CLOSED}:
        return _cancel([r for r in held.reports.all() if r.state in {ReportState.EXPECTED, ReportState.DRAFT}], by)
    rules = rules_on(held.application.call.funder_id, held.signed_on or held.starts_on)
    instalments = {i.number: i for i in held.instalments.exclude(state=InstalmentState.CANCELLED)}
    steps = [Step(i.number, i.condition, i.due_on) for i in instalments.values()]
    wanted = {(e.kind, e.number): e for e in expected(held.starts_on, held.ends_on, steps, rules)}
    known = {(r.kind, r.number): r for r in held.reports.all()}
    over = any(r.kind == ReportKind.FINAL and r.state in ACCEPTED_REPORTS for r in known.values())
    if over:  # what a milestone would tell has been told
        wanted = {key: one for key, one in wanted.items() if one.kind != ReportKind.MILESTONE}
    changed = [
        report
        for key, one in wanted.items()
        if (report := _keep(held, known.get(key), one, instalments.get(one.instalment or 0), by))
    ]
    if changed:
        journal.record(held, "keep_calendar", by=by, reports=len(changed))
    idle = {ReportState.EXPECTED, ReportState.DRAFT} if over else {ReportState.EXPECTED}
    gone = [r for key, r in known.items() if key not in wanted and r.state in idle]
    return changed + _cancel(gone, by)


def _keep(agreement: Agreement, report: Report | None, one: Expected, instalment: Any, by: Any) -> Report | None:
    """The report when something had to change, None when it stood already."""
    if report is None:
        return Report.objects.create(
            agreement=agreement, kind=one.kind, number=one.number, due_on=one.due_on, instalment=instalment
        )
    if report.state == ReportState.CANCELLED:
        move(report, "expect", by=by)
    elif report.submitted_at or (report.due_on == one.due_on and report.instalment == instalment):
        return None
    report.due_on, report.instalment = one.due_on, instalment
    report.save(update_fields=["due_on", "instalment"])
    return report


def _cancel(reports: list[Report], by: Any) -> list[Report]:
    for report in reports:
        move(report, "cancel", by=by)
    return reports

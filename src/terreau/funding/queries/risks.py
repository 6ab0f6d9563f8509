"""Running projects that show a sign of trouble, with the reasons; in a constant number of queries."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet

from terreau.funding.lifecycle import AWAITED_REPORTS, AgreementState
from terreau.funding.models import Agreement, Report, Visit
from terreau.funding.queries.reports import lines, rules_on
from terreau.funding.rulebook.financial_report import actuals
from terreau.funding.rulebook.risks import Facts, Risk, risks
from terreau.projects.models import Application


@dataclass(frozen=True)
class AtRisk:
    agreement: Agreement
    risks: tuple[Risk, ...]


def running(applications: QuerySet[Application]) -> QuerySet[Agreement]:
    """Signed agreements of these files with what their follow-up rests on."""
    reports = Report.objects.prefetch_related("lines", "counts").order_by("due_on", "id")
    return (
        Agreement.objects.filter(application__in=applications, state=AgreementState.SIGNED)
        .select_related("application__call", "application__region", "holder")
        .prefetch_related(Prefetch("reports", reports), Prefetch("visits", Visit.objects.order_by("-on")))
        .order_by("number")
    )


def facts_of(agreement: Agreement) -> Facts:
    """The figures of the last report sent, the oldest report awaited, the last visit."""
    reports = list(agreement.reports.all())
    awaited = [r.due_on for r in reports if r.state in AWAITED_REPORTS]
    sent = [r for r in reports if r.submitted_at and r.lines.all()]
    last = max(sent, key=lambda r: r.submitted_at or 0, default=None)  # type: ignore[arg-type, return-value]
    visits = [visit.on for visit in agreement.visits.all()]
    told = actuals(lines(last)) if last else None
    counts = list(last.counts.all()) if last else []
    return Facts(
        agreement.starts_on,
        agreement.ends_on,
        late_since=min(awaited, default=None),
        last_visit=max(visits, default=None),
        told_on=last.submitted_at.date() if last and last.submitted_at else None,
        planned_cents=told.planned_expenses if told else 0,
        spent_cents=told.expenses if told else 0,
        expected=sum(count.expected for count in counts),
        reached=sum(count.reached or 0 for count in counts),
    )


def at_risk(applications: QuerySet[Application], today: date) -> list[AtRisk]:
    """The running projects that break a rule today, those that break most first."""
    agreements = list(running(applications))
    rules = {funder: rules_on(funder, today) for funder in {a.application.call.funder_id for a in agreements}}
    found = [AtRisk(a, risks(facts_of(a), today, rules[a.application.call.funder_id])) for a in agreements]
    return sorted((one for one in found if one.risks), key=lambda one: -len(one.risks))

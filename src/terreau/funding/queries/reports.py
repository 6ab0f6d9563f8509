"""Reports as somebody reads them: which exist for whom, what each says, what it still lacks."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from terreau.core.money import euros
from terreau.funding.lifecycle import AWAITED_REPORTS, Account, AgreementState, ReportKind, ReportState
from terreau.funding.models import Agreement, Posting, Report, ReportingRules
from terreau.funding.rulebook import financial_report, reporting
from terreau.funding.rulebook.financial_report import Line
from terreau.projects import queries as projects
from terreau.projects.models import Answer, Application, BudgetLine, Document

# A terminated agreement owes no report any more; what it has to give back is still followed.
FOLLOWED = (AgreementState.SIGNED, AgreementState.CLOSED, AgreementState.TERMINATED)
FIGURES, PEOPLE, PAPERS = "_figures", "_participants", "_attachment"  # beside the sections: none starts so


@dataclass(frozen=True)
class Missing:
    """One thing to mend before the report is sent: the step where it is, the place in it, in words."""

    step: str
    anchor: str
    label: str
    detail: str


def rules_on(funder_id: int, day: date) -> reporting.Reporting:
    """The funder's parameters in force on a day; the defaults where it has set none."""
    dated = ReportingRules.objects.filter(funder_id=funder_id, applies_from__lte=day)
    return reporting.parse(dated.values_list("values", flat=True).first() or {})


def rules_of(report: Report) -> reporting.Reporting:
    """Those under which the report was opened; until then, those in force today."""
    if report.rules:
        return reporting.parse(report.rules)
    return rules_on(report.agreement.application.call.funder_id, timezone.localdate())


def reports_of(applications: QuerySet[Application]) -> QuerySet[Report]:
    """Every report that followed agreements of these files owe, by date."""
    found = Report.objects.filter(agreement__application__in=applications, agreement__state__in=FOLLOWED)
    return found.exclude(state=ReportState.CANCELLED).select_related(
        "agreement__application__call__funder", "agreement__holder", "instalment"
    )


def has_figures(report: Report) -> bool:
    """A follow-up tells in words what became of the project; the others also tell the money and the people."""
    return report.kind != ReportKind.FOLLOW_UP


def is_late(report: Report, today: date) -> bool:
    return report.state in AWAITED_REPORTS and report.due_on < today


def answers(report: Report) -> dict[str, Answer]:
    """The stored texts of a report by their short key."""
    prefix = report.prefix
    found = Answer.objects.filter(application=report.agreement.application_id, key__startswith=prefix)
    return {answer.key.removeprefix(prefix): answer for answer in found}


def attachments(report: Report) -> QuerySet[Document]:
    return Document.objects.filter(
        application=report.agreement.application_id, key=f"{report.prefix}{PAPERS}", removed_at=None
    )


def lines(report: Report) -> list[Line]:
    """The financial report as plain lines, in the order of the rubrics."""
    return [
        Line(
            row.key,
            row.rubric,
            row.label,
            row.planned_cents,
            row.actual_cents,
            row.explanation,
            row.status,
            row.ours,
            row.refused_cents,
        )
        for row in report.lines.all()
    ]


def received(agreement: Agreement) -> int:
    """What the holder has had of the grant, in cents, by the ledger; what it was asked to give back is taken off."""
    paid = Posting.objects.filter(application=agreement.application_id, account=Account.PAID)
    return paid.aggregate(cents=Sum("amount_cents"))["cents"] or 0


def earlier(report: Report) -> Report | None:
    """The report sent before this one, from which it takes what was told already."""
    before = Report.objects.filter(agreement=report.agreement_id, due_on__lte=report.due_on, kind=ReportKind.MILESTONE)
    return before.exclude(pk=report.pk).exclude(submitted_at=None).order_by("-due_on", "-id").first()


def missing(report: Report) -> list[Missing]:
    """What prevents sending, in the order of the steps."""
    rules, said = rules_of(report), answers(report)
    found = [
        Missing("texte", f"answer-{s.key}", s.title, _("Ce texte est vide."))
        for s in rules.asked(report.kind)
        if s.key not in said or not str(said[s.key].value or "").strip()
    ]
    if has_figures(report):
        figures = said.get(FIGURES)
        found += _missing_figures(report, rules, (figures.value if figures else None) or {})
        found += [
            Missing("personnes", f"count-{c.public}", label, _("Le nombre de participants manque."))
            for c, label in counts(report)
            if c.reached is None
        ]
    if projects.unmerged(report.agreement.application, report.prefix).exists():
        found.append(Missing("choix", "", _("Textes écrits à deux"), _("Deux textes attendent votre choix.")))
    return found


def _missing_figures(report: Report, rules: reporting.Reporting, typed: dict[str, Any]) -> list[Missing]:
    found = []
    for line in lines(report):
        detail = ""
        if line.actual_cents is None and not line.ours and line.status != BudgetLine.Status.REFUSED:
            text = typed.get(line.key)
            detail = (
                _("« %(text)s » n’est pas un montant.") % {"text": text} if text else _("Le montant réalisé manque.")
            )
        elif report.kind == ReportKind.FINAL and financial_report.owes_words(line, rules):
            detail = _("L’écart de %(gap)s est à expliquer.") % {"gap": euros(line.gap.cents)}
        if detail:
            found.append(Missing("chiffres", f"line-{line.key}", f"{line.rubric[:2]} {line.label}", detail))
    return found


def counts(report: Report) -> list[tuple[Any, str]]:
    """The participants by public, each with the words of the call."""
    rules = projects.rules_of(report.agreement.application)
    return [(count, rules.label("publics", count.public)) for count in report.counts.all()]


def content(report: Report, *, by: Any, at: datetime) -> dict[str, Any]:
    """The whole report as plain JSON: what is sent, readable without the rest of the database."""
    agreement, rules, said = report.agreement, rules_of(report), answers(report)
    line = ("key", "rubric", "label", "planned_cents", "actual_cents", "explanation", "status", "ours")
    stored = ("name", "mime", "size", "digest")
    return {
        "format": 1,
        "agreement": agreement.number or "",
        "reference": agreement.application.reference,
        "holder": agreement.holder.name,
        "kind": report.kind,
        "number": report.number,
        "due_on": report.due_on.isoformat(),
        "submitted_at": at.isoformat(timespec="seconds"),
        "submitted_by": str(by) if by else "",
        "sections": [
            {"key": s.key, "title": s.title, "text": said[s.key].value if s.key in said else ""}
            for s in rules.asked(report.kind)
        ],
        "lines": [{name: getattr(one, name) for name in line} for one in lines(report)],
        "participants": [
            {"public": c.public, "label": label, "expected": c.expected, "reached": c.reached}
            for c, label in counts(report)
        ],
        "documents": [{name: getattr(d, name) for name in stored} for d in attachments(report)],
    }

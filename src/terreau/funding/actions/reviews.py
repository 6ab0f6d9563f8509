"""How the office reads a report: sends it back, accepts it, or accepts it in part with amounts and reasons."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from terreau.core.moves import WrongMoment
from terreau.funding import lifecycle
from terreau.funding.actions.calendar import keep_calendar
from terreau.funding.actions.instalments import release
from terreau.funding.actions.moves import move
from terreau.funding.actions.settlement import strike, tell
from terreau.funding.lifecycle import AgreementState, InstalmentState, ReportKind, ReportState
from terreau.funding.models import Report, ReportLine, ReportReview
from terreau.projects import actions as projects
from terreau.projects.rulebook import EXPENSES

Verdict = ReportReview.Verdict


@dataclass(frozen=True)
class Refusal:
    """Cents of one line of charges that the funder does not take, and why."""

    key: str
    cents: int
    reason: str


@transaction.atomic
def return_report(report: Report, *, message: str, by: Any) -> ReportReview:
    """Ask the holder to complete the report: it becomes writable again, what was sent is kept."""
    if not message.strip():
        raise ValueError(_("Dites ce qui est à compléter."))
    held = _hold(report, "return")
    review = _review(held, Verdict.RETURNED, message, [], by)
    move(held, "return", by=by)
    title = held.title
    tell(
        held.agreement,
        f"review:{review.pk}",
        lambda: _("Votre rapport est à compléter : %(title)s") % {"title": title},
        lambda: _("Pour accepter votre rapport, il nous manque :\n\n%(message)s") % {"message": message.strip()},
    )
    return review


@transaction.atomic
def accept_report(report: Report, *, message: str = "", refusals: Sequence[Refusal] = (), by: Any) -> ReportReview:
    """Accept a report, with or without some amounts. A milestone opens its instalment; a final report, the balance.

    Refused, in words, while a payment or an amendment prevents the balance; nothing is kept then.
    """
    held = _hold(report, "accept")
    refused = [_refuse(held, one) for one in refusals]
    review = _review(held, Verdict.PARTIAL if refused else Verdict.ACCEPTED, message, refused, by)
    move(held, "accept_in_part" if refused else "accept", by=by, refused=sum(one["cents"] for one in refused))
    if held.kind == ReportKind.FINAL:
        strike(held, by=by)
        keep_calendar(held.agreement, by=by)
    elif held.instalment and _waits(held):
        release(held.instalment, by=by)
    title = held.title
    tell(
        held.agreement,
        f"review:{review.pk}",
        lambda: _("Votre rapport est accepté : %(title)s") % {"title": title},
        lambda: message.strip() or _("Merci. Rien ne vous est demandé de plus pour ce rapport."),
    )
    report.refresh_from_db()
    return review


def _waits(report: Report) -> bool:
    instalment = report.instalment
    signed = report.agreement.state == AgreementState.SIGNED
    return signed and instalment is not None and instalment.state == InstalmentState.PLANNED


def _hold(report: Report, verb: str) -> Report:
    projects.lock(report.agreement.application)
    held = Report.objects.select_related("agreement__application__call", "instalment").get(pk=report.pk)
    lifecycle.after(ReportState, held.state, verb)
    return held


def _refuse(report: Report, one: Refusal) -> dict[str, Any]:
    line = ReportLine.objects.filter(report=report, key=one.key, rubric__in=list(EXPENSES)).first()
    if line is None:
        raise ValueError(_("Seule une ligne de charges peut être refusée."))
    if not 0 < one.cents <= (line.actual_cents or 0):
        raise ValueError(_("%(label)s : le montant refusé dépasse le montant réalisé.") % {"label": line.label})
    if not one.reason.strip():
        raise ValueError(_("%(label)s : dites pourquoi ce montant est refusé.") % {"label": line.label})
    line.refused_cents, line.refusal = one.cents, one.reason.strip()[:300]
    line.save(update_fields=["refused_cents", "refusal"])
    return {**asdict(one), "reason": line.refusal, "label": line.label}


def _review(report: Report, verdict: str, message: str, refused: list[dict[str, Any]], by: Any) -> ReportReview:
    submission = report.submissions.order_by("-number").first()
    if submission is None:
        raise WrongMoment("review", report.state)
    return ReportReview.objects.create(
        report=report, submission=submission, verdict=verdict, message=message.strip(), refused=refused, by=by
    )

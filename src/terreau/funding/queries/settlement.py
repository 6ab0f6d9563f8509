"""What accepting a final report would do to the money, told before anybody decides; and what keeps a file open."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from terreau.core.money import euros
from terreau.funding.lifecycle import (
    ACCEPTED_REPORTS,
    Account,
    AmendmentState,
    ClawbackState,
    InstalmentState,
    ReportKind,
)
from terreau.funding.models import Agreement, Amendment, Report
from terreau.funding.queries.balances import balances
from terreau.funding.queries.reports import lines, received
from terreau.funding.rulebook import balance
from terreau.funding.rulebook.financial_report import actuals

IN_FLIGHT = (InstalmentState.DUE, InstalmentState.PREPARED)


def case_of(report: Report, refused: Mapping[str, int] | None = None) -> balance.Case:
    """The agreement's terms beside the report's figures; `refused` maps lines to the cents about to be refused."""
    agreement, told = report.agreement, actuals(lines(report))
    return balance.Case(
        granted=agreement.granted_cents,
        agreed_base=agreement.eligible_base_cents,
        planned_expenses=told.planned_expenses,
        expenses=told.expenses,
        accepted_expenses=max(told.accepted_expenses - sum((refused or {}).values()), 0),
        co_funding=told.co_funding,
        own_income=told.other_income - told.co_funding,
        paid=received(agreement),
    )


def obstacles_to_settlement(agreement: Agreement) -> list[str]:
    """What must be over before the balance is struck: payments under way, an amendment under way."""
    found = []
    if agreement.instalments.filter(state__in=IN_FLIGHT).exists():
        found.append(_("Un versement est en cours : attendez qu’il soit exécuté, ou retenez-le."))
    if Amendment.objects.filter(
        agreement=agreement, state__in=[AmendmentState.DRAFT, AmendmentState.APPROVED]
    ).exists():
        found.append(_("Un avenant est en cours : répondez-y d’abord."))
    return found


def obstacles_to_closing(agreement: Agreement) -> list[str]:
    """Why the agreement cannot be closed yet; empty when every promise of both sides is settled."""
    found = []
    if not agreement.reports.filter(kind=ReportKind.FINAL, state__in=ACCEPTED_REPORTS).exists():
        found.append(_("Le bilan final n’est pas accepté."))
    if agreement.instalments.filter(state__in=[InstalmentState.PLANNED, *IN_FLIGHT]).exists():
        found.append(_("Un versement n’est pas encore exécuté."))
    if agreement.clawbacks.filter(state=ClawbackState.CLAIMED).exists():
        found.append(_("Un reversement est encore attendu."))
    held = balances(agreement)
    left = held[Account.COMMITTED] + held[Account.PAYABLE] + held[Account.IN_TRANSIT] + held[Account.RECOVERABLE]
    if left and not found:
        found.append(_("Le registre garde %(left)s à solder.") % {"left": euros(left)})
    return found

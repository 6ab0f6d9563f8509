"""Who may do what with an agreement and what hangs on it, and when."""

from collections.abc import Callable
from typing import Any

import rules

from terreau.accounts.rules import is_administrator, is_chair
from terreau.funding.lifecycle import (
    WRITABLE_REPORTS,
    AgreementState,
    AmendmentState,
    ReportKind,
    ReportState,
    RunState,
    allows,
)
from terreau.funding.models import Agreement, Amendment, BankAccount, PaymentRun
from terreau.projects.lifecycle import State
from terreau.projects.models import Application
from terreau.projects.rules import is_delegate, is_office, is_officer, is_owner, may_edit, oversees, works_on


def of_its_file(predicate: Callable[..., bool], name: str) -> Any:
    """A predicate on applications, asked about the file of an agreement or of what hangs on one."""

    @rules.predicate(name)
    def asked(user: Any, thing: Any) -> bool:
        agreement = getattr(thing, "agreement", thing)
        return agreement is not None and bool(predicate(user, agreement.application))

    return asked


def agreement_allows(verb: str) -> Any:
    """The table of moves lets this verb start from the agreement's state."""

    @rules.predicate(f"agreement_allows_{verb}")
    def asked(_user: Any, agreement: Agreement | None) -> bool:
        return agreement is not None and allows(AgreementState, agreement.state, verb)

    return asked


def amendment_allows(verb: str) -> Any:
    @rules.predicate(f"amendment_allows_{verb}")
    def asked(_user: Any, amendment: Amendment | None) -> bool:
        return amendment is not None and allows(AmendmentState, amendment.state, verb)

    return asked


def report_in(*states: str) -> Any:
    @rules.predicate(f"report_in_{'_'.join(states)}")
    def asked(_user: Any, report: Any) -> bool:
        return report is not None and report.state in states

    return asked


@rules.predicate
def settles_money(_user: Any, report: Any) -> bool:
    return report is not None and report.kind == ReportKind.FINAL


@rules.predicate
def is_signed(_user: Any, agreement: Any) -> bool:
    return agreement is not None and agreement.state == AgreementState.SIGNED


@rules.predicate
def is_to_sign(_user: Any, target: Agreement | Amendment | None) -> bool:
    """A text that was offered, or an amendment that was accepted."""
    return target is not None and target.state in {AgreementState.OFFERED, AmendmentState.APPROVED}


@rules.predicate
def is_living(_user: Any, agreement: Agreement | None) -> bool:
    living = {AgreementState.DRAFT, AgreementState.OFFERED, AgreementState.SIGNED}
    return agreement is not None and agreement.state in living


@rules.predicate
def was_offered(_user: Any, agreement: Agreement | None) -> bool:
    """The holder reads a text once it is offered; one recalled is the office's own again."""
    return agreement is not None and bool(agreement.digest)


def run_allows(verb: str) -> Any:
    """The table of moves lets this verb start from the run's state."""

    @rules.predicate(f"run_allows_{verb}")
    def asked(_user: Any, run: PaymentRun | None) -> bool:
        return run is not None and allows(RunState, run.state, verb)

    return asked


@rules.predicate
def has_prepared(user: Any, run: PaymentRun | None) -> bool:
    return run is not None and run.prepared_by_id == user.pk


@rules.predicate
def has_typed(user: Any, account: BankAccount | None) -> bool:
    return account is not None and account.entered_by_id == user.pk


@rules.predicate
def awaits_check(_user: Any, account: BankAccount | None) -> bool:
    return account is not None and account.replaced_at is None and account.checked_at is None


@rules.predicate
def knows_it_is_selected(_user: Any, application: Application | None) -> bool:
    """By the state that the holder may know."""
    return application is not None and application.shown_state == State.SELECTED


holder_owns = of_its_file(is_owner, "holder_owns")
holder_writes = of_its_file(may_edit, "holder_writes")
follows = of_its_file(works_on, "follows")
is_sent = report_in(ReportState.SUBMITTED)
signs_for_funder = is_officer | is_chair

rules.add_perm("funding.see_agreements", is_office)
rules.add_perm("funding.draft_agreement", is_officer)
rules.add_perm("funding.edit_agreement", is_officer & agreement_allows("offer"))
for _verb in ("offer", "recall", "lapse", "terminate"):
    rules.add_perm(f"funding.{_verb}", is_officer & agreement_allows(_verb))
rules.add_perm("funding.read_as_holder", was_offered)
rules.add_perm("funding.sign_for_funder", signs_for_funder & is_to_sign)
rules.add_perm("funding.sign_for_holder", holder_owns & is_to_sign)
rules.add_perm("funding.read_copies", is_officer & is_to_sign)
rules.add_perm("funding.ask_amendment", (is_officer | holder_writes) & is_signed)
rules.add_perm("funding.approve_amendment", signs_for_funder & amendment_allows("approve"))
rules.add_perm("funding.refuse_amendment", signs_for_funder & amendment_allows("refuse"))
rules.add_perm("funding.record_contract", (is_officer | holder_owns) & is_living)
rules.add_perm("funding.declare_aid", is_officer & is_living)
rules.add_perm("funding.see_clauses", is_officer | is_chair | is_administrator)
rules.add_perm("funding.write_clauses", is_officer)
rules.add_perm("funding.open_report", holder_writes & report_in(ReportState.EXPECTED))
rules.add_perm("funding.write_report", holder_writes & report_in(*WRITABLE_REPORTS))
rules.add_perm("funding.return_report", follows & is_sent)
rules.add_perm("funding.accept_report", is_sent & (is_officer | (is_delegate & follows & ~settles_money)))
rules.add_perm("funding.note_visit", follows)
rules.add_perm("funding.close", is_officer & is_signed)
rules.add_perm("funding.claim", is_officer)
rules.add_perm("funding.set_reporting", is_officer)
rules.add_perm("funding.see_money", is_officer | oversees)
rules.add_perm("funding.prepare_run", is_officer)
rules.add_perm("funding.hold", is_officer)
rules.add_perm("funding.approve_run", (is_officer | is_administrator) & ~has_prepared & run_allows("approve"))
rules.add_perm("funding.send_run", is_officer & run_allows("send"))
rules.add_perm("funding.cancel_run", is_officer & run_allows("cancel"))
rules.add_perm("funding.answer_run", is_officer & run_allows("settle"))
rules.add_perm("funding.import_return", is_officer)
rules.add_perm("funding.check_account", is_officer & awaits_check & ~has_typed)
rules.add_perm("funding.enter_funder_account", is_officer | is_administrator)
rules.add_perm("funding.enter_account", may_edit & knows_it_is_selected)
rules.add_perm("funding.reserve", is_officer)

"""Signed agreements with money to pay: made in the tables and in the ledger, as the actions of each step leave them."""

from datetime import date

from django.utils import timezone
from tests import factories

from terreau.accounts.models import Role
from terreau.funding.actions.bank_accounts import check_account, enter_account
from terreau.funding.actions.instalments import release
from terreau.funding.actions.ledger import post, take_up
from terreau.funding.lifecycle import AgreementState, Cause
from terreau.funding.models import Agreement, Instalment
from terreau.projects.lifecycle import State
from terreau.selection.models import Committee, Decision

IBANS = ("FR7630006000011234567890189", "DE89370400440532013000", "NL91ABNA0417164300", "ES9121000418450200051332")
FUNDER_IBAN = "FR1420041010050500013M02606"
SHARES = (("signature", 50), ("milestone", 30), ("final", 20))


def officer():
    return factories.person(Role.OFFICER)


def with_account(organisation, iban, *, by=None, checker=None):
    account = enter_account(organisation, organisation.name, iban, by=by or factories.person())
    return check_account(account, by=checker or officer())


def agreements(number=3, *, cents=1_000_000, of=None, signed_on=date(2025, 6, 2), **fields):
    """So many signed agreements of one call, first instalments released, every account checked."""
    of, by = of or factories.call(), officer()
    files = [
        factories.application(
            of=of, owner=factories.membership(), state=State.SELECTED, requested_cents=cents, granted_cents=cents,
            **fields,
        )
        for _ in range(number)
    ]  # fmt: skip
    window = of.windows.first()
    committee = Committee.objects.get_or_create(window=window)[0]
    for file in files:
        Decision.objects.create(committee=committee, application=file, outcome="selected", amount_cents=cents)
    committee.sealed_at = timezone.now()
    committee.save()
    take_up(committee, by=by)
    made = [sign(file, cents, signed_on, by) for file in files]
    for rank, file in enumerate(files):
        with_account(file.holder, IBANS[rank % len(IBANS)])
    if not of.funder.bank_accounts.filter(replaced_at=None).exists():
        with_account(of.funder, FUNDER_IBAN)
    return made


def sign(file, cents, signed_on, by):
    agreement = Agreement.objects.create(
        number=f"C-2025-{next(factories.numbers):04d}", application=file, holder=file.holder, purpose="Objet",
        state=AgreementState.SIGNED, starts_on=signed_on, ends_on=date(2026, 12, 31), eligible_base_cents=2 * cents,
        granted_cents=cents, signed_on=signed_on,
    )  # fmt: skip
    post(Cause.COMMIT, key=f"commit:{agreement.pk}", window=file.window, cents=cents, agreement=agreement, by=by)
    for number, (condition, share) in enumerate(SHARES, 1):
        Instalment.objects.create(
            agreement=agreement, number=number, condition=condition, amount_cents=cents * share // 100,
            due_on=date(2025, 6 * number if number < 3 else 12, 15),
        )  # fmt: skip
    release(agreement.instalments.get(number=1), by=by)
    return agreement


def first_instalments(made):
    return Instalment.objects.filter(agreement__in=made, number=1).order_by("pk")

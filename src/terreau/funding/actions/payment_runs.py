"""Payment runs: one person prepares, another approves, then the file is made once and never changes."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from terreau.accounts.models import Organisation
from terreau.core import journal
from terreau.core.moves import Refused
from terreau.funding.actions.ledger import Transfer, post_all
from terreau.funding.actions.moves import move
from terreau.funding.actions.numbers import next_number
from terreau.funding.lifecycle import Cause
from terreau.funding.models import BankAccount, Instalment, Payment, PaymentRun
from terreau.funding.queries import payments as queries
from terreau.funding.queries.facts import window_of
from terreau.funding.rulebook import sepa

SERIES = "OP"  # ordre de paiement


@transaction.atomic
def prepare_run(funder: Organisation, instalments: Iterable[Instalment], *, executes_on: date, by: Any) -> PaymentRun:
    """Bring due instalments together, amounts and accounts frozen. Refused, with every reason, or whole.

    An instalment lives in one run at a time: the database refuses a second payment of it.
    """
    held = list(
        Instalment.objects.select_for_update(of=("self",))
        .select_related("agreement")
        .filter(pk__in=[i.pk for i in instalments], agreement__application__call__funder=funder)
        .order_by("pk")
    )
    debtor = queries.account_in_force(funder)
    holders = {i.agreement.holder_id for i in held}
    accounts = {a.organisation_id: a for a in BankAccount.objects.filter(organisation__in=holders, replaced_at=None)}
    reasons = [text for i in held if (text := queries.obstacle(i, accounts.get(i.agreement.holder_id)))]
    if not held:
        reasons.append(_("Choisissez au moins un versement."))
    if debtor is None or debtor.checked_at is None:
        reasons.append(_("Le compte bancaire du financeur manque ou n’est pas vérifié."))
    if executes_on < timezone.localdate():
        reasons.append(_("La date d’exécution est passée."))
    if reasons or debtor is None:
        raise Refused(*reasons)
    year = timezone.localdate().year
    run = PaymentRun.objects.create(
        number=f"{SERIES}-{year}-{next_number(SERIES, year):04d}",
        funder=funder,
        debtor=debtor,
        executes_on=executes_on,
        prepared_by=by,
    )
    for rank, instalment in enumerate(held, 1):
        move(instalment, "prepare", by=by, run=run.number)
        Payment.objects.create(
            run=run,
            instalment=instalment,
            account=accounts[instalment.agreement.holder_id],
            amount_cents=instalment.amount_cents,
            end_to_end=f"{run.number}-{rank:03d}",
        )
    journal.record(run, "prepare_run", by=by, payments=len(held), cents=sum(i.amount_cents for i in held))
    return run


def lock_run(run: PaymentRun) -> PaymentRun:
    return PaymentRun.objects.select_for_update(of=("self",)).select_related("funder", "debtor").get(pk=run.pk)


@transaction.atomic
def approve_run(run: PaymentRun, *, by: Any) -> PaymentRun:
    """Say yes to a run that somebody else has prepared. Refused where an account was replaced in between."""
    held = lock_run(run)
    if held.prepared_by_id == by.pk:
        raise Refused(_("Un ordre est approuvé par une autre personne que celle qui l’a préparé."))
    _check_accounts(held)
    move(held, "approve", by=by)
    held.approved_by, held.approved_at = by, timezone.now()
    held.save(update_fields=["approved_by", "approved_at"])
    return held


@transaction.atomic
def send_run(run: PaymentRun, *, by: Any) -> PaymentRun:
    """Make the file that goes to the bank, once; from then on the money is in transit.

    A date of execution that has passed while the run waited becomes today. Refused, with every fault, where a bank
    would refuse the file.
    """
    held = lock_run(run)
    _check_accounts(held)
    move(held, "send", by=by)
    held.sent_at = timezone.now().replace(microsecond=0)
    held.executes_on = max(held.executes_on, timezone.localdate())
    try:
        held.content = sepa.write(queries.order_of(held)).decode()
    except ValueError as problem:
        raise Refused(*str(problem).splitlines()) from None
    held.digest = queries.digest(held.content)
    held.save(update_fields=["sent_at", "executes_on", "content", "digest"])
    _carry(held, "send", Cause.SEND, by=by)
    return held


@transaction.atomic
def cancel_run(run: PaymentRun, *, reason: str, by: Any) -> PaymentRun:
    """Take a run apart before it has left: its instalments are due again."""
    if not reason.strip():
        raise ValueError(_("Dites pourquoi."))
    held = lock_run(run)
    move(held, "cancel", by=by, reason=reason.strip())
    for payment in queries.payments(held):
        move(payment, "cancel", by=by)
        move(payment.instalment, "return", by=by)
    return held


def _check_accounts(run: PaymentRun) -> None:
    """Every account is still the one in force: nobody is paid where they no longer are. Locked until the end."""
    used = {run.debtor_id, *Payment.objects.filter(run=run).values_list("account", flat=True)}
    held = BankAccount.objects.select_for_update(of=("self",)).filter(pk__in=used).order_by("pk")
    reasons = [
        _("%(name)s a changé de compte bancaire : annulez cet ordre et préparez-en un autre.")
        % {"name": account.organisation.name}
        for account in held.select_related("organisation")
        if account.replaced_at is not None
    ]
    if reasons:
        raise Refused(*reasons)


def _carry(run: PaymentRun, verb: str, cause: str, *, by: Any) -> None:
    """Move every payment of a run, and its money."""
    transfers = []
    for payment in queries.payments(run):
        move(payment, verb, by=by)
        transfers.append(transfer(cause, payment))
    post_all(transfers, by=by)


def transfer(cause: str, payment: Payment) -> Transfer:
    """The movement of one payment. Its key is the payment's own: whatever is replayed, the money moves once."""
    agreement = payment.instalment.agreement
    key, window = f"{cause}:{payment.pk}", window_of(agreement)
    return Transfer(cause, key, window, payment.amount_cents, agreement.application, payment.end_to_end)

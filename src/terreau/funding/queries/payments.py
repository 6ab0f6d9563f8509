"""Payments: what is due, what stands in the way, the runs and their files."""

import csv
import hashlib
import io
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from terreau.accounts.models import FUNDER_ROLES, Organisation
from terreau.core.money import euros
from terreau.funding.lifecycle import InstalmentState, PaymentState
from terreau.funding.models import BankAccount, Instalment, Payment, PaymentRun
from terreau.funding.rulebook import sepa
from terreau.funding.rulebook.sepa.writing import amount


def funders_of(user: Any) -> QuerySet[Organisation]:
    """The funders that this person works for."""
    return Organisation.objects.filter(
        memberships__user=user, memberships__left_at=None, memberships__role__in=FUNDER_ROLES
    ).distinct()


def account_in_force(organisation: Organisation | int) -> BankAccount | None:
    return BankAccount.objects.filter(organisation=organisation, replaced_at=None).first()


def last_refused(organisation: int) -> BankAccount | None:
    """The account that was set aside last, while none has taken its place."""
    return BankAccount.objects.filter(organisation=organisation).exclude(refusal="").order_by("-replaced_at").first()


def due(user: Any) -> QuerySet[Instalment]:
    """What is to be paid and is in no run: with the account in force of each holder, none where there is none."""
    account = BankAccount.objects.filter(organisation=OuterRef("agreement__holder"), replaced_at=None)
    return (
        Instalment.objects.filter(
            state=InstalmentState.DUE, agreement__application__call__funder__in=funders_of(user).values("pk")
        )
        .select_related("agreement__application", "agreement__holder")
        .annotate(
            account_pk=Subquery(account.values("pk")[:1]),
            account_checked_at=Subquery(account.values("checked_at")[:1]),
        )
        .order_by("due_on", "agreement__number", "number")
    )


def total(instalments: QuerySet[Instalment]) -> int:
    return int(instalments.order_by().aggregate(cents=Sum("amount_cents"))["cents"] or 0)


def accounts_to_check(user: Any) -> QuerySet[BankAccount]:
    """Accounts in force that nobody has checked: of holders with an agreement, and of the funder."""
    mine = funders_of(user).values("pk")
    concerned = Q(organisation__agreements__application__call__funder__in=mine) | Q(organisation__in=mine)
    return (
        BankAccount.objects.filter(concerned, replaced_at=None, checked_at=None)
        .select_related("organisation", "proof", "entered_by")
        .distinct()
        .order_by("entered_at")
    )


def accounts_of(user: Any) -> QuerySet[BankAccount]:
    """Every account that the office of these funders may look at."""
    mine = funders_of(user).values("pk")
    concerned = Q(organisation__agreements__application__call__funder__in=mine) | Q(organisation__in=mine)
    return BankAccount.objects.filter(concerned).select_related("organisation", "proof").distinct()


def runs(user: Any) -> QuerySet[PaymentRun]:
    """The payment runs of this person's funders, newest first, with what each adds up to."""
    return (
        PaymentRun.objects.filter(funder__in=funders_of(user).values("pk"))
        .defer("content")
        .select_related("funder", "debtor", "prepared_by", "approved_by")
        .annotate(
            lines=Count("payments"),
            cents=Sum("payments__amount_cents"),
            settled=Count("payments", filter=Q(payments__state=PaymentState.SETTLED)),
            rejected=Count("payments", filter=Q(payments__state=PaymentState.REJECTED)),
        )
        .order_by("-id")
    )


def payments(run: PaymentRun) -> QuerySet[Payment]:
    return (
        Payment.objects.filter(run=run)
        .select_related("account", "instalment__agreement__application__window", "instalment__agreement__holder")
        .order_by("end_to_end")
    )


def remittance(payment: Payment) -> str:
    """What the holder reads on the bank statement: the same whoever makes or downloads the file, so in French."""
    return f"Convention {payment.instalment.agreement.number}, versement {payment.instalment.number}"


def order_of(run: PaymentRun) -> sepa.Order:
    """The run as the bank's order, made when it is handed over."""
    debtor = run.debtor
    return sepa.Order(
        reference=run.number,
        made_at=timezone.localtime(run.sent_at).replace(microsecond=0),
        executes_on=run.executes_on,
        initiator=run.funder.name,
        debtor=sepa.Account(debtor.holder_name, debtor.iban, debtor.bic),
        payments=tuple(
            sepa.Payment(
                payment.end_to_end,
                payment.amount_cents,
                sepa.Account(payment.account.holder_name, payment.account.iban, payment.account.bic),
                remittance(payment),
            )
            for payment in payments(run)
        ),
    )


def csv_of(run: PaymentRun) -> str:
    """The same payments as a table, for a bank that takes no XML or a person who reads none."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["reference", "titulaire", "iban", "bic", "montant", "libelle"])
    for payment in payments(run):
        account = payment.account
        cells = [payment.end_to_end, account.holder_name, account.iban, account.bic]
        writer.writerow([*cells, amount(payment.amount_cents), remittance(payment)])
    return "\ufeff" + text.getvalue()


def digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def obstacle(instalment: Instalment, account: BankAccount | None) -> str:
    """Why it cannot be paid today; empty where it can."""
    told = {"file": instalment.agreement.number or "", "amount": euros(instalment.amount_cents)}
    if instalment.state != InstalmentState.DUE:
        return _("%(file)s, %(amount)s : ce versement n’est pas à payer.") % told
    if account is None:
        return _("%(file)s, %(amount)s : le porteur n’a pas donné de compte bancaire.") % told
    if account.checked_at is None:
        return _("%(file)s, %(amount)s : le compte bancaire n’est pas vérifié.") % told
    return ""

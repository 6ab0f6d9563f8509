"""Receipts are issued, voided and replaced: never edited, never deleted."""

import secrets
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from terreau.accounts.models import Role
from terreau.core import journal, mail
from terreau.core.money import euros
from terreau.core.moves import Refused
from terreau.engagement import lifecycle
from terreau.engagement.actions.gifts import lock, people
from terreau.engagement.lifecycle import ReceiptState
from terreau.engagement.models import Gift, Receipt
from terreau.engagement.queries import receipts as queries
from terreau.funding.actions.numbers import next_number
from terreau.projects.queries import digest


@transaction.atomic
def issue(gift: Gift, *, by: Any) -> Receipt:
    """Freeze what the receipt says and give it the next number of its issuer and year. Refused, with every reason.

    It replaces the last voided receipt of the same gift, if there is one. The number is taken last: others wait.
    """
    held = lock(gift)
    if found := queries.obstacles(held):
        raise Refused(*(one.text for one in found))
    now = timezone.now()
    on = timezone.localdate(now)
    replaced = held.receipts.filter(state=ReceiptState.VOIDED, replacement=None).order_by("-issued_at", "-pk").first()
    number = next_number(f"receipt:{held.recipient_id}", on.year)
    with translation.override("fr"):
        content = queries.content(held, f"{on.year}-{number:04}", on, replaced)
    receipt = Receipt.objects.create(
        issuer=held.recipient,
        year=on.year,
        number=number,
        gift=held,
        content=content,
        digest=digest(content),
        token=secrets.token_urlsafe(24),
        issued_by=by,
        issued_at=now,
        replaces=replaced,
    )
    journal.record(receipt, "issue_receipt", by=by, number=str(receipt), digest=receipt.digest, gift=held.pk)
    _tell(receipt, replaced)
    return receipt


@transaction.atomic
def void(receipt: Receipt, reason: str, *, by: Any) -> Receipt:
    """Say that a receipt is worth nothing any more, and why. Its number stays taken; the donor is told."""
    lock(receipt.gift)
    held = Receipt.objects.select_for_update(of=("self",)).select_related("gift__donor", "issuer").get(pk=receipt.pk)
    if not reason.strip():
        raise Refused(_("Dites pourquoi le reçu est annulé."))
    held.state = lifecycle.after(ReceiptState, held.state, "void")
    held.voided_at, held.voided_by, held.void_reason = timezone.now(), by, reason.strip()
    held.save(update_fields=["state", "voided_at", "voided_by", "void_reason"])
    journal.record(held, "void_receipt", by=by, number=str(held), reason=held.void_reason)
    for person in people(held.gift.donor, Role.CONTACT):
        with translation.override(person.language):
            said = _said(held) | {"reason": held.void_reason}
            mail.post(
                f"receipt-{held.pk}-voided-{person.pk}",
                to=person.email,
                subject=_("Reçu fiscal %(number)s annulé") % said,
                body=_(
                    "%(issuer)s annule le reçu fiscal n° %(number)s (%(amount)s).\n\nMotif\u00a0: %(reason)s\n\n"
                    "N’utilisez plus ce reçu\u00a0:\n%(url)s"
                )
                % said,
            )
    return held


def _tell(receipt: Receipt, replaced: Receipt | None) -> None:
    """The donor gets the address of the receipt, never the receipt itself."""
    for person in people(receipt.gift.donor, Role.CONTACT):
        with translation.override(person.language):
            said = _said(receipt)
            if replaced is not None:
                body = _(
                    "%(issuer)s vous délivre le reçu fiscal n° %(number)s (%(amount)s). Il remplace le n° %(replaced)s,"
                    " annulé.\n\nVotre reçu vous attend ici\u00a0:\n%(url)s"
                ) % (said | {"replaced": str(replaced)})
            else:
                body = (
                    _(
                        "%(issuer)s vous remercie de votre don et vous délivre le reçu fiscal n° %(number)s "
                        "(%(amount)s).\n\nVotre reçu vous attend ici\u00a0:\n%(url)s"
                    )
                    % said
                )
            subject = _("Reçu fiscal %(number)s de %(issuer)s") % said
            mail.post(f"receipt-{receipt.pk}-issued-{person.pk}", to=person.email, subject=subject, body=body)


def _said(receipt: Receipt) -> dict[str, Any]:
    url = reverse("company:gift", args=[receipt.gift.donor_id, receipt.gift_id])
    return {
        "issuer": receipt.issuer,
        "number": str(receipt),
        "amount": euros(receipt.gift.amount_cents),
        "url": mail.link(url),
    }

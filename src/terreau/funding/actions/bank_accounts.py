"""Where an organisation is paid: typed by one person, checked by another, replaced and never edited."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from terreau.accounts.models import Membership, Organisation
from terreau.core import journal, mail
from terreau.core.moves import Refused
from terreau.funding.models import BankAccount
from terreau.funding.rulebook import sepa
from terreau.projects.models import Document


@transaction.atomic
def enter_account(
    organisation: Organisation, holder_name: str, iban: str, bic: str = "", *, proof: Document | None = None, by: Any
) -> BankAccount:
    """A new account in the place of the former one; nothing is paid to it before somebody else has checked it.

    ValueError, in words, where the IBAN or the BIC is wrong. Everybody in the organisation is told: a stranger who
    diverts a payment starts here.
    """
    number, code = sepa.check_iban(iban), sepa.check_bic(bic)
    if not holder_name.strip():
        raise ValueError(_("le nom du titulaire manque."))
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    former = BankAccount.objects.filter(organisation=organisation, replaced_at=None)
    former.update(replaced_at=timezone.now())
    account = BankAccount.objects.create(
        organisation=organisation,
        holder_name=holder_name.strip()[:70],
        iban=number,
        bic=code,
        proof=proof,
        entered_by=by,
    )
    journal.record(account, "enter_account", by=by, organisation=organisation.pk, ending=number[-4:])
    _tell(
        account,
        "entered",
        _("Nouveau compte bancaire enregistré"),
        _(
            "Bonjour,\n\nUn nouveau compte bancaire, qui finit par %(ending)s, a été enregistré pour %(name)s. "
            "Si ce changement ne vient pas de votre structure, prévenez tout de suite le financeur.\n"
        )
        % {"ending": number[-4:], "name": organisation.name},
    )
    return account


@transaction.atomic
def check_account(account: BankAccount, *, by: Any) -> BankAccount:
    """Say that the account is theirs: the proof was read. Never by who typed it."""
    held = _lock(account)
    if held.entered_by_id == by.pk:
        raise Refused(_("Un compte est vérifié par une autre personne que celle qui l’a saisi."))
    held.checked_by, held.checked_at = by, timezone.now()
    held.save(update_fields=["checked_by", "checked_at"])
    journal.record(held, "check_account", by=by, ending=held.iban[-4:])
    return held


@transaction.atomic
def refuse_account(account: BankAccount, reason: str, *, by: Any) -> BankAccount:
    """Set an account aside: the organisation is told why and types another."""
    held = _lock(account)
    if not reason.strip():
        raise ValueError(_("Dites pourquoi."))
    held.replaced_at, held.refusal = timezone.now(), reason.strip()
    held.save(update_fields=["replaced_at", "refusal"])
    journal.record(held, "refuse_account", by=by, ending=held.iban[-4:], reason=held.refusal)
    _tell(
        held,
        "refused",
        _("Votre compte bancaire n’a pas pu être vérifié"),
        _("Bonjour,\n\nLe compte qui finit par %(ending)s est écarté : %(reason)s\n\nSaisissez-en un autre.\n")
        % {"ending": held.iban[-4:], "reason": held.refusal},
    )
    return held


def _lock(account: BankAccount) -> BankAccount:
    held = BankAccount.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=account.pk)
    if held.replaced_at is not None:
        raise Refused(_("Ce compte a été remplacé."))
    if held.checked_at is not None:
        raise Refused(_("Ce compte est déjà vérifié."))
    return held


def _tell(account: BankAccount, about: str, subject: str, body: str) -> None:
    people = Membership.objects.filter(organisation=account.organisation_id, left_at=None, user__is_active=True)
    for address in sorted(set(people.values_list("user__email", flat=True))):
        mail.post(f"account-{about}-{account.pk}-{address}"[:120], to=address, subject=subject, body=body)

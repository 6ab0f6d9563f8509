"""A gift is declared by the firm or recorded by the structure, corrected, confirmed by who received it, withdrawn."""

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from terreau.accounts.models import Organisation, Role
from terreau.accounts.queries import members
from terreau.core import journal, mail
from terreau.core.money import euros
from terreau.core.moves import Refused
from terreau.engagement.lifecycle import ReceiptState
from terreau.engagement.models import Commitment, Gift
from terreau.engagement.queries.worth import Told, faults, worth
from terreau.methods.giving.qualify import Facts, Form, qualify
from terreau.projects.models import Application


def lock(gift: Gift) -> Gift:
    """The gift, fresh and held until the transaction ends."""
    found = Gift.objects.select_for_update(of=("self",)).select_related("donor__commune", "recipient__commune")
    return found.get(pk=gift.pk)


@transaction.atomic
def declare(
    donor: Organisation,
    recipient: Organisation,
    told: Told,
    *,
    application: Application | None = None,
    commitment: Commitment | None = None,
    by: Any,
) -> Gift:
    """The firm says what it gave; who received it is asked to confirm. Refused, in words, where it cannot be."""
    gift = _made(donor, recipient, told, application, commitment, by)
    journal.record(gift, "declare_gift", by=by, cents=gift.amount_cents, kind=gift.kind)
    url = reverse("applicant:receipts-gift", args=[recipient.pk, gift.pk])
    said = {"donor": donor, "amount": euros(gift.amount_cents), "url": mail.link(url)}
    for person in people(recipient, Role.HOLDER):
        with translation.override(person.language):
            mail.post(
                f"gift-{gift.pk}-declared-{person.pk}",
                to=person.email,
                subject=_("%(donor)s déclare un don de %(amount)s") % said,
                body=_(
                    "%(donor)s déclare un don de %(amount)s à votre structure.\n\n"
                    "Confirmez-le, dites ce que l’entreprise a reçu en retour, puis délivrez le reçu fiscal si votre "
                    "structure en a le droit\u00a0:\n%(url)s"
                )
                % said,
            )
    return gift


@transaction.atomic
def record(
    donor: Organisation,
    recipient: Organisation,
    told: Told,
    *,
    return_cents: int = 0,
    application: Application | None = None,
    commitment: Commitment | None = None,
    by: Any,
) -> Gift:
    """The structure writes down what it received: confirmed at once, the firm is told of a large return."""
    gift = _made(donor, recipient, told, application, commitment, by)
    journal.record(gift, "record_gift", by=by, cents=gift.amount_cents, kind=gift.kind)
    return confirm(gift, return_cents, by=by)


def _made(
    donor: Organisation,
    recipient: Organisation,
    told: Told,
    application: Application | None,
    commitment: Commitment | None,
    by: Any,
) -> Gift:
    if donor.pk == recipient.pk:
        raise Refused(_("Une structure ne se donne rien à elle-même."))
    if commitment is not None and commitment.company_id != donor.pk:
        raise Refused(_("Cet engagement est celui d’une autre entreprise."))
    gift = Gift(donor=donor, recipient=recipient, application=application, commitment=commitment, recorded_by=by)
    _write(gift, told)
    return gift


def _write(gift: Gift, told: Told) -> None:
    if wrong := faults(told, timezone.localdate()):
        raise Refused(*wrong.values())
    found = worth(told)
    gift.kind, gift.given_on, gift.until = told.kind, told.given_on, told.until
    gift.payment = told.payment if told.kind == Gift.Kind.MONEY else ""
    gift.description, gift.donor_form = told.description.strip(), told.donor_form.strip()
    gift.amount_cents, gift.details = found.cents, found.details
    gift.save()


@transaction.atomic
def correct(gift: Gift, told: Told, *, by: Any) -> Gift:
    """Tell a gift again. Refused while a receipt is in force; the beneficiary then confirms it anew."""
    held = lock(gift)
    if held.receipts.filter(state=ReceiptState.ISSUED).exists():
        raise Refused(_("Ce don a un reçu en vigueur\u00a0: faites annuler le reçu avant de corriger le don."))
    before = held.amount_cents
    held.confirmed_at, held.confirmed_by, held.return_cents = None, None, 0
    _write(held, told)
    journal.record(held, "correct_gift", by=by, before=before, cents=held.amount_cents)
    return held


@transaction.atomic
def confirm(gift: Gift, return_cents: int, *, by: Any) -> Gift:
    """Who received the gift says so, and what the firm got back. Refused where that makes it no gift.

    A return above the accepted share is a warning: the firm is told, nothing is refused (CGI gives no threshold).
    """
    held = lock(gift)
    if held.confirmed_at is not None:
        raise Refused(_("Ce don est déjà confirmé."))
    verdict = qualify(Form.SPONSORSHIP, Facts(held.given_on, held.amount_cents, return_cents))
    if not verdict.is_gift:
        raise Refused(_(verdict.template))
    held.confirmed_at, held.confirmed_by, held.return_cents = timezone.now(), by, return_cents
    held.save(update_fields=["confirmed_at", "confirmed_by", "return_cents"])
    journal.record(held, "confirm_gift", by=by, cents=held.amount_cents, return_cents=return_cents)
    if verdict.is_warned:
        _warn(held)
    return held


def _warn(gift: Gift) -> None:
    """The firm learns that what it got back looks large beside its gift."""
    for person in people(gift.donor, Role.CONTACT):
        with translation.override(person.language):
            said = {
                "recipient": gift.recipient,
                "amount": euros(gift.amount_cents),
                "benefit": euros(gift.return_cents),
                "url": mail.link(reverse("company:gift", args=[gift.donor_id, gift.pk])),
            }
            mail.post(
                f"gift-{gift.pk}-return-{gift.return_cents}-{person.pk}",
                to=person.email,
                subject=_("Votre don à %(recipient)s\u00a0: la contrepartie semble large") % said,
                body=_(
                    "%(recipient)s évalue à %(benefit)s ce que votre entreprise a reçu en retour de son don de "
                    "%(amount)s, soit plus du quart.\n\n"
                    "C’est un don tant que la contrepartie reste sans commune mesure avec lui. Aucun texte ne fait du "
                    "quart un seuil, mais l’administration peut y voir un achat\u00a0: faites vérifier par votre "
                    "expert-comptable.\n\n%(url)s"
                )
                % said,
            )


@transaction.atomic
def withdraw(gift: Gift, *, by: Any) -> None:
    """Take back a gift declared by mistake. Refused once a receipt was issued for it, be it voided."""
    held = lock(gift)
    if held.receipts.exists():
        raise Refused(_("Un reçu a été délivré pour ce don\u00a0: il ne peut plus être retiré."))
    journal.record(held, "withdraw_gift", by=by, cents=held.amount_cents, donor=held.donor_id)
    held.delete()


def people(organisation: Organisation, role: str) -> list[Any]:
    """Whom to write to there."""
    found = members(organisation).filter(role=role, user__is_active=True).exclude(user__email="")
    return [membership.user for membership in found.prefetch_related(None)]

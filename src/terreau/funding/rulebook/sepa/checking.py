"""What a bank would refuse, told before anything is written, and what the SEPA characters change.

Sources: ISO 20022 pain.001.001.09; EPC132-08, implementation guidelines from customer to bank (lengths, characters,
amounts); EPC409-09, countries of the SEPA schemes, as in 2025.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _
from stdnum import bic, iban
from stdnum.exceptions import ValidationError

from terreau.core import money
from terreau.funding.rulebook.sepa.characters import IDENTIFIER, spelled
from terreau.funding.rulebook.sepa.values import Account, Change, Order, Payment

NAME, REMITTANCE, IDENTITY = 70, 140, 35  # characters
LARGEST = 99_999_999_999  # cents: 999 999 999,99 €
COUNTRIES = (
    "AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GG GI GR HR HU IE IM IS IT "
    "JE LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS SE SI SK SM VA"
)


def ready(order: Order) -> tuple[Order, list[Change]]:
    """The order in the bank's characters and lengths, and every text that this changed. Identifiers stay."""
    changes: list[Change] = []

    def text(where: str, before: str, limit: int) -> str:
        after = spelled(before, limit)
        if after != before:
            changes.append(Change(where, before, after))
        return after

    def account(where: str, one: Account) -> Account:
        return Account(text(where, one.name, NAME), iban.compact(one.iban), bic.compact(one.bic))

    def payment(one: Payment) -> Payment:
        name, remittance = (_("%s, bénéficiaire") % one.reference, _("%s, libellé") % one.reference)
        return replace(
            one, creditor=account(name, one.creditor), remittance=text(remittance, one.remittance, REMITTANCE)
        )

    prepared = replace(
        order,
        initiator=text(_("émetteur"), order.initiator, NAME),
        debtor=account(_("compte débité"), order.debtor),
        payments=tuple(payment(one) for one in order.payments),
    )
    return prepared, changes


def faults(order: Order) -> list[str]:
    """Everything that would make the bank refuse the order or one of its payments; empty when it may leave."""
    return list(_of_the_order(order))


def check_iban(text: str) -> str:
    """The IBAN without spaces. ValueError, in words, where it is wrong or outside the SEPA area."""
    number = iban.compact(text)
    if not number:
        raise ValueError(_("l’IBAN manque."))
    try:
        iban.validate(number)
    except ValidationError:
        raise ValueError(_("l’IBAN « %s » est faux : un signe manque ou est mal recopié.") % text) from None
    if number[:2] not in COUNTRIES:
        raise ValueError(_("l’IBAN « %s » est d’un pays hors de la zone SEPA.") % text)
    return number


def check_bic(text: str) -> str:
    """The BIC, or nothing. ValueError, in words, otherwise."""
    number = bic.compact(text)
    try:
        return bic.validate(number) if number else ""
    except ValidationError:
        raise ValueError(_("le BIC « %s » est faux : il compte 8 ou 11 signes.") % text) from None


def _of_the_order(order: Order) -> Iterator[str]:
    yield from _of_the_head(order)
    if not order.payments:
        yield _("l’ordre ne contient aucun paiement.")
    if order.total_cents > LARGEST:
        yield _("le total, %s, dépasse ce qu’un ordre peut porter.") % money.euros(order.total_cents)
    for reference, times in Counter(payment.reference for payment in order.payments).items():
        if times > 1:
            told = {"reference": reference, "times": times}
            yield _("%(reference)s : cette référence désigne %(times)s paiements.") % told
    for payment in order.payments:
        yield from _of_the_payment(payment, order)


def _of_the_head(order: Order) -> Iterator[str]:
    yield from _identifier(_("référence de l’ordre"), order.reference)
    if order.initiator_id:
        yield from _identifier(_("identifiant de l’émetteur"), order.initiator_id)
    if not _named(order.initiator):
        yield _("émetteur : le nom manque.")
    if order.made_at.tzinfo is None:
        yield _("l’heure de l’ordre n’a pas de fuseau horaire.")
    if order.executes_on < order.made_at.date():
        yield _("la date d’exécution est passée le jour où l’ordre est fait.")
    yield from _of_the_account(_("compte débité"), order.debtor)


def _of_the_payment(payment: Payment, order: Order) -> Iterator[str]:
    name = payment.reference or payment.creditor.name
    yield from _identifier(_("%s, référence") % name, payment.reference)
    if payment.cents <= 0:
        yield _("%s : le montant doit être positif.") % name
    elif payment.cents > LARGEST:
        yield _("%(name)s : %(amount)s dépasse ce qu’un virement peut porter.") % {
            "name": name,
            "amount": money.euros(payment.cents),
        }
    yield from _of_the_account(name, payment.creditor)
    if iban.compact(payment.creditor.iban) == iban.compact(order.debtor.iban):
        yield _("%s : le compte crédité est le compte débité.") % name


def _of_the_account(where: str, account: Account) -> Iterator[str]:
    if not _named(account.name):
        yield _("%s : le nom du titulaire manque.") % where
    for check, text in ((check_iban, account.iban), (check_bic, account.bic)):
        try:
            check(text)
        except ValueError as problem:
            yield f"{where} : {problem}"


def _named(text: str) -> bool:
    """A name that still says something in the bank's characters."""
    return any(sign.isalnum() for sign in spelled(text, NAME))


def _identifier(where: str, text: str) -> Iterator[str]:
    """An identifier is never rewritten: the bank's answer must name the payment as we do."""
    if not text:
        yield _("%s : manque.") % where
    elif len(text) > IDENTITY:
        yield _("%(where)s : « %(text)s » dépasse %(limit)s signes.") % {
            "where": where,
            "text": text,
            "limit": IDENTITY,
        }
    elif not IDENTIFIER.fullmatch(text) or text != text.strip():
        yield _("%(where)s : « %(text)s » contient un signe que les banques n’acceptent pas.") % {
            "where": where,
            "text": text,
        }

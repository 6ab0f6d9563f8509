"""The answer of the two-minute check: the rules of the call, then the amount and the publics."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from terreau.calls import queries
from terreau.calls.rulebook import Amounts, Facts, Reason, Rulebook
from terreau.core.money import euros


def reasons(rules: Rulebook, answers: dict[str, Any]) -> list[Reason]:
    """Every rule of the call with yes, no or unknown for these answers."""
    facts = Facts(
        legal_form=answers.get("legal_form") or None,
        founded_on=answers.get("founded_on"),
        accounts_closed=answers.get("accounts_closed"),
        seat=answers.get("seat") or None,
        today=timezone.localdate(),
    )
    found = queries.eligibility(rules, facts)
    if rules.publics:
        found.append(_publics(rules, answers.get("publics") or []))
    if answers.get("amount_cents") is not None:
        found.append(_amount(rules.amounts, answers["amount_cents"]))
    return found


def _publics(rules: Rulebook, chosen: list[str]) -> Reason:
    named = ", ".join(rules.label("publics", key) for key in chosen if key != "none")
    if named:
        return Reason("publics", True, _("Le projet s’adresse à un public de l’appel : %s.") % named)
    wanted = ", ".join(choice.label for choice in rules.publics)
    return Reason("publics", False, _("Le projet doit s’adresser à l’un de ces publics : %s.") % wanted)


def _amount(bounds: Amounts, cents: int) -> Reason:
    shown = euros(cents)
    if bounds.minimum_cents is not None and cents < bounds.minimum_cents:
        words = _("%(asked)s demandés : le minimum est de %(bound)s.")
        return Reason("amount", False, words % {"asked": shown, "bound": euros(bounds.minimum_cents)}, bounds.note)
    if bounds.maximum_cents is not None and cents > bounds.maximum_cents:
        words = _("%(asked)s demandés : le maximum est de %(bound)s.")
        return Reason("amount", False, words % {"asked": shown, "bound": euros(bounds.maximum_cents)}, bounds.note)
    return Reason("amount", True, _("Le montant demandé, %s, est dans les bornes de l’appel.") % shown, bounds.note)


def conclusion(found: list[Reason]) -> str:
    """`no` as soon as one rule refuses, `unknown` while one cannot be told, else `yes`."""
    if any(reason.ok is False for reason in found):
        return "no"
    return "unknown" if any(reason.ok is None for reason in found) else "yes"

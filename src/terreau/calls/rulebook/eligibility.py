"""Who may apply: each rule answered yes, no or unknown, with its sentence and its source. No clock inside."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from terreau.calls.rulebook.parts import Eligibility

SEATS = {
    "metropole": gettext_lazy("France métropolitaine"),
    "drom": gettext_lazy("départements et régions d’outre-mer"),
    "com": gettext_lazy("collectivités d’outre-mer"),
    "abroad": gettext_lazy("étranger"),
}
DROM = ("971", "972", "973", "974", "976")


@dataclass(frozen=True)
class Facts:
    """What is known of a structure; None where it is not. `today` serves calls that set no date for the age."""

    legal_form: str | None = None
    founded_on: date | None = None
    accounts_closed: bool | None = None
    seat: str | None = None
    today: date | None = None


@dataclass(frozen=True)
class Reason:
    """One rule: `ok` is None where a fact is missing."""

    key: str
    ok: bool | None
    sentence: str
    source: str = ""


def seat_of(commune_code: str | None) -> str | None:
    """The kind of seat that an INSEE commune code says: overseas départements, collectivités, or mainland."""
    if not commune_code:
        return None
    if commune_code.startswith(DROM):
        return "drom"
    return "com" if commune_code.startswith(("975", "977", "978", "98")) else "metropole"


def whole_months(start: date, end: date) -> int:
    """Whole months between two days: 31 January to 28 February is none, to 1 March is one."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - (end.day < start.day)


def eligibility_reasons(
    rules: Eligibility, facts: Facts | Mapping[str, Any], labels: Mapping[str, Any] | None = None
) -> list[Reason]:
    """Every rule of a call with its answer for one structure. `labels` names the legal forms in the sentences."""
    known = facts if isinstance(facts, Facts) else Facts(**facts)
    found: list[Reason | None] = [
        _legal_form(rules, known, labels or {}),
        _seat(rules, known),
        _age(rules, known),
        _accounts(rules, known),
    ]
    return [reason for reason in found if reason]


def _legal_form(rules: Eligibility, facts: Facts, labels: Mapping[str, Any]) -> Reason | None:
    if not rules.legal_forms:
        return None
    admitted = ", ".join(str(labels.get(form, form)) for form in rules.legal_forms) if labels else ""
    if not facts.legal_form:
        sentence = _("Indiquez la forme juridique de la structure.")
        return Reason("legal_form", None, sentence, rules.source)
    if facts.legal_form in rules.legal_forms:
        return Reason("legal_form", True, _("La forme juridique est admise."), rules.source)
    sentence = _("Cette forme juridique n’est pas admise par cet appel.")
    if admitted:
        sentence = f"{sentence} {_('Formes admises : %s.') % admitted}"
    return Reason("legal_form", False, sentence, rules.source)


def _seat(rules: Eligibility, facts: Facts) -> Reason | None:
    if not rules.seats:
        return None
    if not facts.seat:
        return Reason("seat", None, _("Indiquez la commune du siège."), rules.source)
    if facts.seat in rules.seats:
        return Reason("seat", True, _("Le siège est dans le périmètre de l’appel."), rules.source)
    admitted = ", ".join(str(SEATS.get(seat, seat)) for seat in rules.seats)
    return Reason("seat", False, _("Le siège doit se trouver ici : %s.") % admitted, rules.source)


def _age(rules: Eligibility, facts: Facts) -> Reason | None:
    wanted = rules.minimum_age_months
    if not wanted:
        return None
    at = rules.age_at or facts.today
    if not facts.founded_on or not at:
        return Reason("age", None, _("Indiquez la date de création de la structure."), rules.source)
    months = max(whole_months(facts.founded_on, at), 0)
    age = ngettext("%(n)s mois d’existence", "%(n)s mois d’existence", months) % {"n": months}
    sentence = _("%(age)s au %(at)s ; il en faut au moins %(wanted)s.") % {
        "age": age,
        "at": date_format(at, "DATE_FORMAT"),
        "wanted": wanted,
    }
    return Reason("age", months >= wanted, sentence, rules.source)


def _accounts(rules: Eligibility, facts: Facts) -> Reason | None:
    if not rules.accounts_closed:
        return None
    if facts.accounts_closed is None:
        return Reason("accounts", None, _("Dites si un exercice comptable est clos."), rules.source)
    if facts.accounts_closed:
        return Reason("accounts", True, _("Un exercice comptable au moins est clos."), rules.source)
    return Reason("accounts", False, _("Il faut avoir clos au moins un exercice comptable."), rules.source)

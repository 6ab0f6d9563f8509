"""Rules and faults of a selection in words, for the site and the command alike.

French templates; `translate` is gettext's where there is one. `money` writes cents, `label` an attribute and a value.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from terreau.methods.selection.instance import Measure, Rule
from terreau.methods.selection.outcome import Constraint, Either, Excluded, Forced, OnePer, Together

gettext_noop = str  # marks a template for the translators


def figure(value: float) -> str:
    """`1 234,5` and `12`: French spelling, at most two decimals, those that say something."""
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return text.replace(",", "\u202f").replace(".", ",")


def plain_money(cents: int) -> str:
    """`12 500 €`, `12 500,50 €`: French spelling, spaces that do not break."""
    whole, rest = divmod(abs(cents), 100)
    sign, decimals = "-" if cents < 0 else "", f",{rest:02}" if rest else ""
    return f"{sign}{figure(whole)}{decimals}\u00a0€"


def plain_label(attribute: str, value: str) -> str:
    return f"{attribute} = {value}"


@dataclass(frozen=True)
class Voice:
    """How a door speaks: its language, its money, its names for attributes and values, its figures."""

    translate: Callable[[str], str] = str
    money: Callable[[int], str] = plain_money
    label: Callable[[str, str], str] = plain_label
    figure: Callable[[float], str] = figure


FRENCH = Voice()

# (measure, floor, with an attribute) → template; counts have one for one project and one for several
RULES: Mapping[tuple[str, bool, bool], str] = {
    ("one", True, True): gettext_noop("au moins %(limit)s dossier pour %(what)s"),
    ("one", False, True): gettext_noop("au plus %(limit)s dossier pour %(what)s"),
    ("one", True, False): gettext_noop("au moins %(limit)s dossier en tout"),
    ("one", False, False): gettext_noop("au plus %(limit)s dossier en tout"),
    ("count", True, True): gettext_noop("au moins %(limit)s dossiers pour %(what)s"),
    ("count", False, True): gettext_noop("au plus %(limit)s dossiers pour %(what)s"),
    ("count", True, False): gettext_noop("au moins %(limit)s dossiers en tout"),
    ("count", False, False): gettext_noop("au plus %(limit)s dossiers en tout"),
    ("money", True, True): gettext_noop("au moins %(limit)s pour %(what)s"),
    ("money", False, True): gettext_noop("au plus %(limit)s pour %(what)s"),
    ("money", True, False): gettext_noop("au moins %(limit)s accordés en tout"),
    ("money", False, False): gettext_noop("au plus %(limit)s accordés en tout"),
    ("share", True, True): gettext_noop("au moins %(limit)s %% du montant accordé pour %(what)s"),
    ("share", False, True): gettext_noop("au plus %(limit)s %% du montant accordé pour %(what)s"),
    ("share", True, False): gettext_noop("au moins %(limit)s %% du montant accordé"),
    ("share", False, False): gettext_noop("au plus %(limit)s %% du montant accordé"),
}
ENVELOPE = gettext_noop("l’enveloppe")
ONE_PER = gettext_noop("un seul dossier retenu pour %(what)s")
TOGETHER = gettext_noop("tous retenus ou aucun : %(ids)s")
EITHER = gettext_noop("un seul retenu au plus parmi : %(ids)s")
FORCED = gettext_noop("%(id)s doit être retenu")
EXCLUDED = gettext_noop("%(id)s doit être écarté")

PROBLEMS: Mapping[str, str] = {
    "not-positive": gettext_noop("l’enveloppe doit être un montant positif"),
    "none": gettext_noop("il n’y a aucun dossier"),
    "duplicate-id": gettext_noop("le dossier %(subject)s est là deux fois"),
    "merit-not-finite": gettext_noop("la note du dossier %(subject)s n’est pas un nombre"),
    "requested-not-positive": gettext_noop("le montant demandé par %(subject)s doit être positif"),
    "minimum-out-of-bounds": gettext_noop(
        "le montant minimal de %(subject)s doit être positif et ne pas dépasser sa demande"
    ),
    "unknown-attribute": gettext_noop("« %(subject)s » n’est pas un critère connu"),
    "limit-out-of-bounds": gettext_noop("la limite %(value)s de la règle %(subject)s est hors des bornes"),
    "unknown-id": gettext_noop("le dossier %(subject)s est inconnu"),
}


def rule_words(rule: Rule, voice: Voice = FRENCH) -> str:
    """`au moins 3 dossiers pour region = Occitanie`."""
    measure, limit = str(rule.measure), limit_words(rule, voice)
    if rule.measure == Measure.COUNT and rule.limit < 2:
        measure = "one"
    template = voice.translate(RULES[measure, rule.is_floor, bool(rule.attribute)])
    return template % {"limit": limit, "what": voice.label(rule.attribute, rule.value)}


def limit_words(rule: Rule, voice: Voice = FRENCH) -> str:
    """The limit alone: `3`, `500 000 €`, `25` (per cent)."""
    if rule.measure == Measure.MONEY:
        return voice.money(round(rule.limit))
    return voice.figure(rule.limit * 100 if rule.measure == Measure.SHARE else rule.limit)


def constraint_words(constraint: Constraint, voice: Voice = FRENCH) -> str:
    """One constraint, as a phrase without a capital nor a full stop."""
    if isinstance(constraint, Rule):
        return rule_words(constraint, voice)
    values: dict[str, str] = {}
    template = ENVELOPE
    match constraint:
        case OnePer(attribute, value):
            template, values = ONE_PER, {"what": voice.label(attribute, value)}
        case Together(ids):
            template, values = TOGETHER, {"ids": ", ".join(ids)}
        case Either(ids):
            template, values = EITHER, {"ids": ", ".join(ids)}
        case Forced(name):
            template, values = FORCED, {"id": name}
        case Excluded(name):
            template, values = EXCLUDED, {"id": name}
    return voice.translate(template) % values


def problem_words(problem: tuple[str, str, str], voice: Voice = FRENCH) -> str:
    """One fault of a `BadInstance`."""
    subject, code, value = problem
    return voice.translate(PROBLEMS[code]) % {"subject": subject, "value": value}

"""What is wrong with a rulebook, each thing with its place and a sentence. Blocking problems forbid publishing."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from terreau.calls.rulebook.check_conditions import condition_problems
from terreau.calls.rulebook.eligibility import SEATS
from terreau.calls.rulebook.identity import BUILT_IN
from terreau.calls.rulebook.parts import Question, Rulebook, WindowRule
from terreau.calls.rulebook.problem import Problem
from terreau.calls.rulebook.routes import MOST_ROUTES, routes

KEY = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,38}[a-z0-9])?")


def problems(rules: Rulebook) -> list[Problem]:
    """Everything incoherent, blocking things first, each list in the order of the rulebook."""
    found = [
        *_windows(rules),
        *_amounts(rules),
        *_lists(rules),
        *_eligibility(rules),
        *_criteria(rules),
        *_sections(rules),
        *_documents(rules),
        *condition_problems(rules),
    ]
    if not any(p.blocking for p in found):
        found += _unreachable(rules)
    return sorted(found, key=lambda problem: not problem.blocking)


def blocking(rules: Rulebook) -> list[Problem]:
    """What forbids publishing."""
    return [problem for problem in problems(rules) if problem.blocking]


def _keys(part: str, place: str, keys: Iterable[str]) -> Iterator[Problem]:
    for key, count in Counter(keys).items():
        if count > 1:
            yield Problem(part, place, _("La clé « %s » sert plusieurs fois.") % key)
        if not KEY.fullmatch(key):
            text = _("La clé « %s » ne convient pas : minuscules sans accent, chiffres, tirets, 40 signes au plus.")
            yield Problem(part, place, text % key)


def _windows(rules: Rulebook) -> Iterator[Problem]:
    place = _("Périodes de sélection")
    if not rules.windows:
        yield Problem("windows", place, _("Il faut au moins une période de sélection."))
    yield from _keys("windows", place, (w.key for w in rules.windows))
    for window in rules.windows:
        yield from _window(window)


def _window(window: WindowRule) -> Iterator[Problem]:
    place = _("Période « %s »") % (window.label or window.key)
    if not window.label:
        yield Problem("windows", place, _("Cette période n’a pas de nom."))
    if window.deadline <= window.opens_at:
        yield Problem("windows", place, _("La date limite précède l’ouverture."))
    if window.committee_on and window.committee_on < window.deadline.date():
        yield Problem("windows", place, _("Le comité se réunit avant la date limite."))
    if window.envelope_cents < 0:
        yield Problem("windows", place, _("L’enveloppe est négative."))
    if window.envelope_cents == 0:
        yield Problem("windows", place, _("L’enveloppe est vide."), blocking=False)


def _amounts(rules: Rulebook) -> Iterator[Problem]:
    place, amounts = _("Montants"), rules.amounts
    low, high, rate = amounts.minimum_cents, amounts.maximum_cents, amounts.rate_ceiling
    if low is not None and high is not None and low > high:
        yield Problem("amounts", place, _("Le minimum dépasse le maximum."))
    if min(low or 0, high or 0) < 0:
        yield Problem("amounts", place, _("Un montant est négatif."))
    if rate is not None and not 0 < rate <= 1:
        yield Problem("amounts", place, _("La part cofinancée doit se trouver entre 0 et 100 %."))


def _lists(rules: Rulebook) -> Iterator[Problem]:
    places = {
        "kinds": _("Types de projet"), "domains": _("Domaines"), "themes": _("Thèmes"), "publics": _("Publics"),
    }  # fmt: skip
    for group, place in places.items():
        choices = getattr(rules, group)
        yield from _keys("lists", place, (c.key for c in choices))
        yield from (Problem("lists", place, _("Une ligne n’a pas de nom.")) for c in choices if not c.label)
    if not rules.kinds:
        yield Problem("lists", places["kinds"], _("Cette liste est vide."), blocking=False)
    if rules.summary_words < 1:
        yield Problem("lists", _("Résumé"), _("La limite de mots doit être d’au moins un."))


def _eligibility(rules: Rulebook) -> Iterator[Problem]:
    place, who = _("Éligibilité"), rules.eligibility
    if not who.legal_forms:
        yield Problem("eligibility", place, _("Toutes les formes juridiques sont admises."), blocking=False)
    if who.minimum_age_months and not who.age_at:
        text = _("L’ancienneté est comptée au jour de la demande : aucune date n’est fixée.")
        yield Problem("eligibility", place, text, blocking=False)
    if who.minimum_age_months is not None and who.minimum_age_months < 0:
        yield Problem("eligibility", place, _("L’ancienneté est négative."))
    for seat in who.seats:
        if seat not in SEATS:
            yield Problem("eligibility", place, _("« %s » n’est pas un siège connu.") % seat)


def _criteria(rules: Rulebook) -> Iterator[Problem]:
    place = _("Critères")
    if not rules.criteria:
        yield Problem("criteria", place, _("Aucun critère : les jurés n’auront pas de grille."), blocking=False)
        return
    yield from _keys("criteria", place, (c.key for c in rules.criteria))
    if sum(c.weight for c in rules.criteria) <= 0:
        yield Problem("criteria", place, _("La somme des poids est nulle."))
    for criterion in rules.criteria:
        named = _("Critère « %s »") % (criterion.label or criterion.key)
        if not criterion.label:
            yield Problem("criteria", named, _("Ce critère n’a pas de nom."))
        if criterion.weight < 0:
            yield Problem("criteria", named, _("Le poids est négatif."))
        if criterion.maximum < 1:
            yield Problem("criteria", named, _("La note maximale doit être d’au moins un."))


def _sections(rules: Rulebook) -> Iterator[Problem]:
    place = _("Formulaire")
    yield from _keys("sections", place, (s.key for s in rules.sections))
    yield from _keys("sections", place, (q.key for s in rules.sections for q in s.questions))
    for section in rules.sections:
        named = _("Section « %s »") % (section.title or section.key)
        if not section.title:
            yield Problem("sections", named, _("Cette section n’a pas de titre."))
        if not section.questions:
            yield Problem("sections", named, _("Cette section est vide."))
        if section.key == "identity":
            yield Problem("sections", named, _("La clé « identity » est réservée."))
        for question in section.questions:
            yield from _question(question)


def _question(question: Question) -> Iterator[Problem]:
    place = _("Question « %s »") % (question.label or question.key)
    if not question.label:
        yield Problem("sections", place, _("Cette question n’a pas d’énoncé."))
    if question.key in BUILT_IN:
        yield Problem("sections", place, _("La clé « %s » est celle d’une question déjà posée.") % question.key)
    if question.minimum is not None and question.maximum is not None and question.minimum > question.maximum:
        yield Problem("sections", place, _("Le minimum dépasse le maximum."))
    if question.limit is not None and question.limit < 1:
        yield Problem("sections", place, _("La limite doit être d’au moins un."))
    if question.kind in {"choice", "choices", "counts"}:
        yield from _choices(question, place)


def _choices(question: Question, place: str) -> Iterator[Problem]:
    if not question.choices:
        yield Problem("sections", place, _("Cette question n’a aucun choix."))
    yield from _keys("sections", place, (c.key for c in question.choices))
    if question.kind == "choices" and (question.minimum or 0) > len(question.choices):
        yield Problem("sections", place, _("Il y a moins de choix que de réponses demandées."))


def _documents(rules: Rulebook) -> Iterator[Problem]:
    place = _("Pièces")
    files = [q.key for q in rules.questions.values() if q.kind == "file"]
    yield from _keys("documents", place, [*(d.key for d in rules.documents), *files])
    for document in rules.documents:
        if not document.label:
            yield Problem("documents", place, _("La pièce « %s » n’a pas de nom.") % document.key)


def _unreachable(rules: Rulebook) -> Iterator[Problem]:
    """Questions, sections and documents that no complete form ever shows."""
    ways = routes(rules)
    if len(ways) >= MOST_ROUTES:
        yield Problem(
            "sections",
            _("Formulaire"),
            _("Les conditions ouvrent plus de parcours qu’on ne peut en lister."),
            blocking=False,
        )
        return
    never = _("Aucun parcours n’y mène.")
    for section in rules.sections:
        if not any(section.key in way.sections for way in ways):
            yield Problem("sections", _("Section « %s »") % section.title, never, blocking=False)
            continue
        for question in section.questions:
            if not any(question.key in way.questions for way in ways):
                yield Problem("sections", _("Question « %s »") % question.label, never, blocking=False)
    for document in rules.documents:
        if not any(document.key in way.documents for way in ways):
            yield Problem("documents", _("Pièce « %s »") % document.label, never, blocking=False)

"""What is wrong with the conditions of a rulebook: unreadable, on an unknown or later question, in a circle."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from terreau.calls.rulebook.answers import well_formed
from terreau.calls.rulebook.conditions import TESTS, leaves, readable, reads
from terreau.calls.rulebook.flow import steps
from terreau.calls.rulebook.identity import REQUESTED, all_questions
from terreau.calls.rulebook.parts import Condition, DocumentRule, Question, Rulebook
from terreau.calls.rulebook.problem import Problem

ORDERED = {"number", "money", "date"}
MULTIPLE = {"choices", "counts", "territory"}


def condition_problems(rules: Rulebook) -> Iterator[Problem]:
    """Every condition of the rulebook, in the order of the form."""
    questions = all_questions(rules)
    circles = _circular(rules)
    before = {REQUESTED}
    for kind, item in steps(rules):
        part = "documents" if isinstance(item, DocumentRule) else "sections"
        place = _place(kind, item)
        if item.show_if is not None:
            yield from _wording(part, place, item.show_if, questions)
            yield from _order(part, place, item, before, circles, questions)
        if isinstance(item, Question):
            before.add(item.key)
            if item.valid_if is not None:
                yield from _wording(part, place, item.valid_if, questions)


def _place(kind: str, item: Any) -> str:
    names = {"section": _("Section « %s »"), "question": _("Question « %s »"), "document": _("Pièce « %s »")}
    return names[kind] % (getattr(item, "title", "") or getattr(item, "label", "") or item.key)


def _wording(part: str, place: str, condition: Condition, questions: dict[str, Question]) -> Iterator[Problem]:
    """Unreadable conditions, unknown questions, tests that cannot apply."""
    if not readable(condition):
        yield Problem(part, place, _("La condition n’est pas lisible."))
    for leaf in leaves(condition):
        question = questions.get(leaf["question"])
        if question is None:
            yield Problem(part, place, _("La condition porte sur une question inconnue : « %s ».") % leaf["question"])
            continue
        for test in TESTS:
            if test in leaf and not _applies(test, leaf[test], question):
                text = _("La condition sur « %(label)s » ne peut pas s’appliquer : %(value)s.")
                yield Problem(part, place, text % {"label": question.label, "value": leaf[test]})


def _applies(test: str, wanted: Any, question: Question) -> bool:
    """Whether a test makes sense for the kind of a question, and its value for its choices."""
    if test == "answered":
        return isinstance(wanted, bool)
    if test == "contains":
        value = {wanted: 1} if question.kind == "counts" and isinstance(wanted, str) else [wanted]
        return question.kind in MULTIPLE and well_formed(question, value)
    if question.kind in MULTIPLE or (test in {"at_least", "at_most"} and question.kind not in ORDERED):
        return False
    if test == "in":
        return isinstance(wanted, list) and bool(wanted) and all(well_formed(question, one) for one in wanted)
    return well_formed(question, wanted)


def _order(
    part: str, place: str, item: Any, before: set[str], circles: set[str], questions: dict[str, Question]
) -> Iterator[Problem]:
    """A condition for showing reads what was asked before, and nothing else."""
    for key in sorted(reads(item.show_if) & set(questions)):
        if key in before:
            continue
        label = questions[key].label
        if item.key in circles and key in circles:
            yield Problem(part, place, _("La condition tourne en rond avec « %s ».") % label)
        else:
            yield Problem(part, place, _("La condition porte sur une question posée plus loin : « %s ».") % label)


def _circular(rules: Rulebook) -> set[str]:
    """The questions whose showing depends, step by step, on itself. A section's condition is its questions' too."""
    needs: dict[str, set[str]] = {}
    for section in rules.sections:
        for question in section.questions:
            needs[question.key] = reads(question.show_if) | reads(section.show_if)
        needs.setdefault(section.key, set()).update(reads(section.show_if))
    return {key for key in needs if key in _reachable(key, needs)} | {
        s.key for s in rules.sections if reads(s.show_if) & {q.key for q in s.questions}
    }


def _reachable(start: str, needs: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(needs.get(start, ()))
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += needs.get(key, ())
    return found

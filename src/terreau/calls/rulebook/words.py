"""Conditions as sentences: « Type de projet est « changement d’échelle » et montant demandé est au moins 50 000 € »."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from terreau.calls.rulebook.answers import in_words
from terreau.calls.rulebook.conditions import TESTS
from terreau.calls.rulebook.parts import Condition, Question


def condition_in_words(condition: Condition | None, questions: Mapping[str, Question]) -> str:
    """A condition as a person reads it; `questions` gives the labels (see `all_questions`)."""
    condition = condition or {}
    match condition:
        case {"all": list() as parts}:
            return _(" et ").join(_inner(part, questions) for part in parts)
        case {"any": list() as parts}:
            return _(" ou ").join(_inner(part, questions) for part in parts)
        case {"not": dict() as part}:
            return _("sauf si %s") % _inner(part, questions)
        case {"question": str() as key}:
            tests = [test_in_words(test, condition[test], questions.get(key)) for test in TESTS if test in condition]
            label = questions[key].label if key in questions else key
            return f"« {label} » {_(' et ').join(tests)}"
    return str(condition) if condition else ""


def _inner(part: Any, questions: Mapping[str, Question]) -> str:
    words = condition_in_words(part, questions)
    return f"({words})" if isinstance(part, dict) and ("all" in part or "any" in part) else words


def test_in_words(test: str, wanted: Any, question: Question | None) -> str:
    """One test: `est « Changement d’échelle »`, `vaut au moins 50 000 €`, `a une réponse`."""
    if test == "answered":
        return _("a une réponse") if wanted else _("n’a pas de réponse")
    values = [value_in_words(one, question) for one in (wanted if isinstance(wanted, list) else [wanted])]
    given = _(" ou ").join(values)
    return {
        "is": _("est %s"),
        "is_not": _("n’est pas %s"),
        "in": _("est %s"),
        "contains": _("contient %s"),
        "at_least": _("vaut au moins %s"),
        "at_most": _("vaut au plus %s"),
    }[test] % given


def value_in_words(value: Any, question: Question | None) -> str:
    if question is None:
        return f"« {value} »"
    if question.choices:
        return f"« {question.choice(str(value))} »"
    words = in_words(question, value)
    return words if question.kind in {"number", "money", "date"} else f"« {words} »"

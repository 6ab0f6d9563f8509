"""The answers that conditions tell apart: for each question, the few classes of values that matter.

Two answers are of one class when every condition that reads the question says the same of both. Classes come
from representative values: every choice, each threshold with its neighbours and midpoints, sets of named keys.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, pairwise
from math import ceil, floor
from typing import Any

from django.utils.translation import gettext as _

from terreau.calls.rulebook.answers import check_answer, in_words, well_formed
from terreau.calls.rulebook.conditions import TESTS, is_number, passes
from terreau.calls.rulebook.parts import Condition, Question
from terreau.calls.rulebook.text import is_date
from terreau.calls.rulebook.words import test_in_words

MOST_NAMED = 6  # a multiple answer with more named keys is explored one key at a time
type Test = tuple[str, Any]


@dataclass(frozen=True)
class AnswerClass:
    """Answers that lead the same way: one of them, and how to say them all."""

    value: Any
    words: str


def tests_of(leaves: list[Condition]) -> list[Test]:
    """The distinct tests in some leaves, in order."""
    found: list[Test] = []
    for leaf in leaves:
        found += [(t, leaf[t]) for t in TESTS if t in leaf and (t, leaf[t]) not in found]
    return found


def answer_classes(question: Question, leaves: list[Condition], *, complete: bool) -> list[AnswerClass]:
    """The classes of answers to one question. `complete`: only answers that could be submitted."""
    tests = tests_of(leaves)
    groups: dict[tuple[bool, ...], list[Any]] = {}
    for value in [None, *_candidates(question, tests)]:
        if value is not None and not well_formed(question, value):
            continue
        if complete and _refused(question, value):
            continue
        verdicts = tuple(passes(test, wanted, value) for test, wanted in tests)
        if value not in (kept := groups.setdefault(verdicts, [])):
            kept.append(value)
    return [AnswerClass(values[0], _words(question, values, tests)) for values in groups.values()]


def _refused(question: Question, value: Any) -> bool:
    bare = Question(
        question.key, question.kind, "", required=question.required, choices=question.choices,
        minimum=question.minimum, maximum=question.maximum,
    )  # fmt: skip
    if question.kind in {"choices", "territory"}:
        bare = Question(question.key, question.kind, "", required=question.required, choices=question.choices)
    return bool(check_answer(bare, value, {}))


def _candidates(question: Question, tests: list[Test]) -> Iterator[Any]:
    named: list[Any] = []
    for _test, wanted in tests:
        named += wanted if isinstance(wanted, list) else [wanted]
    match question.kind:
        case "choice":
            yield from (c.key for c in question.choices)
        case "choices" | "counts" | "territory":
            yield from _sets(question, list(dict.fromkeys(key for key in named if isinstance(key, str))))
        case "number" | "money":
            bounds = [b for b in (question.minimum, question.maximum) if b is not None]
            yield from _numbers([*bounds, *(n for n in named if is_number(n))])
        case "date":
            yield from _days([text for text in named if is_date(text)])
        case "file":
            yield "file"
        case _:
            texts = [text for text in named if isinstance(text, str)]
            yield from [*texts, *_days([t for t in texts if is_date(t)]), "…".join(["", *texts, ""])]


def _sets(question: Question, named: list[str]) -> Iterator[Any]:
    """Every set of the named keys, alone and beside a key that no condition names."""
    others = [c.key for c in question.choices if c.key not in named][:1]
    if question.kind == "territory":
        others = ["commune:00000"]
    most = len(named) if len(named) <= MOST_NAMED else 1
    for size in range(most + 1):
        for keys in combinations(named, size):
            for chosen in (list(keys), [*keys, *others]):
                yield dict.fromkeys(chosen, 1) if question.kind == "counts" else chosen


def _numbers(thresholds: list[float]) -> Iterator[float]:
    if not thresholds:
        yield 1
    ordered = sorted(set(thresholds))
    for threshold in ordered:
        yield from (floor(threshold) - 1, floor(threshold), threshold, ceil(threshold), ceil(threshold) + 1)
    for low, high in pairwise(ordered):
        yield from ((low + high) // 2, (low + high) / 2)


def _days(texts: list[str]) -> Iterator[str]:
    if not texts:
        yield "2000-01-01"
    for text in texts:
        day = date.fromisoformat(text)
        yield text
        if date.min < day < date.max:
            yield from ((day - timedelta(days=1)).isoformat(), (day + timedelta(days=1)).isoformat())


def _words(question: Question, values: list[Any], tests: list[Test]) -> str:
    """How to say a class: its choices where they are few, else what its tests say."""
    if values[0] is None:
        rest = _words(question, values[1:], tests) if len(values) > 1 else ""
        return _("sans réponse") if not rest else _("sans réponse, ou %s") % rest
    if question.kind == "choice":
        return _(" ou ").join(f"« {in_words(question, value)} »" for value in values)
    said = [_verdict(test, wanted, question, passes(test, wanted, values[0])) for test, wanted in tests]
    return _(" et ").join(dict.fromkeys(said))


def _verdict(test: str, wanted: Any, question: Question, passed: bool) -> str:
    if passed:
        return test_in_words(test, wanted, question)
    opposite = {"is": "is_not", "is_not": "is", "answered": "answered"}.get(test)
    if opposite:
        return test_in_words(opposite, not wanted if test == "answered" else wanted, question)
    words = test_in_words("is", wanted, question).removeprefix(_("est %s") % "")
    return {
        "at_least": _("vaut moins de %s"),
        "at_most": _("vaut plus de %s"),
        "contains": _("ne contient pas %s"),
        "in": _("n’est pas %s"),
    }[test] % words

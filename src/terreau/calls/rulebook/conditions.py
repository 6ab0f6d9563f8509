"""The small language of conditions: JSON that a form can write and a person can read.

A leaf names a question and one test: `{"question": "kind", "is": "scaling"}`. Tests: `is`, `is_not`, `in` (a list),
`contains` (a multiple answer, or publics, holds this key), `at_least` and `at_most` (numbers, cents, ISO dates),
`answered` (true or false). Leaves combine with `{"all": […]}`, `{"any": […]}` and `{"not": …}`.
Evaluation is total: whatever the JSON, it answers. What cannot be read holds, and `problems` reports it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from terreau.calls.rulebook.parts import Condition
from terreau.calls.rulebook.text import is_date

TESTS = ("is", "is_not", "in", "contains", "at_least", "at_most", "answered")
DEEPEST = 12


def empty(value: Any) -> bool:
    """No answer: nothing, blank text, an empty list, counts that are all zero."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, dict):
        return not any(value.values())
    return value is None or value == []


def holds(condition: Condition | None, answers: Mapping[str, Any], depth: int = 0) -> bool:
    """Whether a condition is met by these answers. No condition is always met."""
    if not isinstance(condition, dict) or depth > DEEPEST:
        return True
    match condition:
        case {"all": list() as parts}:
            return all(holds(part, answers, depth + 1) for part in parts)
        case {"any": list() as parts}:
            return any(holds(part, answers, depth + 1) for part in parts)
        case {"not": dict() as part}:
            return not holds(part, answers, depth + 1)
        case {"question": str() as key}:
            return all(passes(test, condition[test], answers.get(key)) for test in TESTS if test in condition)
    return True


def passes(test: str, wanted: Any, value: Any) -> bool:
    """One test on one answer."""
    match test:
        case "is":
            return same(value, wanted)
        case "is_not":
            return not same(value, wanted)
        case "in":
            return isinstance(wanted, list) and any(same(value, one) for one in wanted)
        case "contains":
            return _contains(value, wanted)
        case "answered":
            return (not empty(value)) == bool(wanted)
    return _ordered(value, wanted) if test == "at_least" else _ordered(wanted, value)


def same(value: Any, wanted: Any) -> bool:
    if isinstance(value, list | dict):
        return False  # a multiple answer is asked with `contains`
    return isinstance(value, bool) == isinstance(wanted, bool) and value == wanted


def _contains(value: Any, wanted: Any) -> bool:
    if isinstance(value, dict):
        return isinstance(wanted, str) and bool(value.get(wanted))
    return isinstance(value, list) and wanted in value


def _ordered(large: Any, small: Any) -> bool:
    if isinstance(large, str) and isinstance(small, str):
        return is_date(large) and is_date(small) and large >= small  # ISO dates sort as text
    return is_number(large) and is_number(small) and large >= small


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf")


def leaves(condition: Any, depth: int = 0) -> Iterator[Condition]:
    """Every `{"question": …}` inside a condition."""
    if not isinstance(condition, dict) or depth > DEEPEST:
        return
    if isinstance(condition.get("question"), str):
        yield condition
        return
    for part in (*_parts(condition, "all"), *_parts(condition, "any"), condition.get("not")):
        yield from leaves(part, depth + 1)


def _parts(condition: Condition, joiner: str) -> list[Any]:
    parts = condition.get(joiner)
    return parts if isinstance(parts, list) else []


def reads(condition: Any) -> set[str]:
    """The keys of the questions that a condition looks at."""
    return {leaf["question"] for leaf in leaves(condition)}


def readable(condition: Any, depth: int = 0) -> bool:
    """Whether a condition is written in the language, all the way down."""
    if not isinstance(condition, dict) or depth > DEEPEST:
        return False
    if "question" in condition:
        tests = set(condition) - {"question"}
        return isinstance(condition["question"], str) and bool(tests) and tests <= set(TESTS)
    if len(condition) != 1:
        return False
    [(joiner, inner)] = condition.items()
    if joiner == "not":
        return readable(inner, depth + 1)
    return joiner in {"all", "any"} and isinstance(inner, list) and all(readable(part, depth + 1) for part in inner)

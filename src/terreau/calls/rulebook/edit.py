"""Rules changed one part at a time: every function returns new rules and leaves the old ones as they were.

A list is named by its field (`windows`, `criteria`, `documents`, `sections`) or by its section (`questions` of one).
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from django.utils.text import slugify

from terreau.calls.rulebook.parts import Choice, Question, Rulebook, Section

KEY_LENGTH = 32


def new_key(label: str, taken: Collection[str]) -> str:
    """A key made from a label, unlike those that are taken."""
    stem = slugify(re.sub("[’']", " ", label)).replace("-", "_")[:KEY_LENGTH].strip("_") or "cle"
    key, number = stem, 2
    while key in taken:
        key, number = f"{stem}_{number}", number + 1
    return key


def all_keys(rules: Rulebook) -> set[str]:
    """The keys that a question or a document can no longer take."""
    return {*rules.questions, *(d.key for d in rules.documents), *(s.key for s in rules.sections)}


def items_of(rules: Rulebook, part: str, section: str = "") -> tuple[Any, ...]:
    """The items of one list."""
    if part != "questions":
        found: tuple[Any, ...] = getattr(rules, part)
        return found
    return next((s.questions for s in rules.sections if s.key == section), ())


def with_items(rules: Rulebook, part: str, items: Iterable[Any], section: str = "") -> Rulebook:
    """The rules with one list replaced."""
    if part != "questions":
        changed: dict[str, Any] = {part: tuple(items)}
        return replace(rules, **changed)
    sections = [replace(s, questions=tuple(items)) if s.key == section else s for s in rules.sections]
    return replace(rules, sections=tuple(sections))


def put(rules: Rulebook, part: str, item: Any, section: str = "") -> Rulebook:
    """An item in the place of the one with its key, else at the end."""
    items = items_of(rules, part, section)
    if any(one.key == item.key for one in items):
        return with_items(rules, part, (item if one.key == item.key else one for one in items), section)
    return with_items(rules, part, (*items, item), section)


def put_question(rules: Rulebook, question: Question, section: str) -> Rulebook:
    """A question in its section; it leaves the section where it was, if that is another one."""
    for other in rules.sections:
        if other.key != section and any(q.key == question.key for q in other.questions):
            rules = remove(rules, "questions", question.key, other.key)
    return put(rules, "questions", question, section)


def remove(rules: Rulebook, part: str, key: str, section: str = "") -> Rulebook:
    items = items_of(rules, part, section)
    return with_items(rules, part, (one for one in items if one.key != key), section)


def shift(rules: Rulebook, part: str, key: str, step: int, section: str = "") -> Rulebook:
    """An item moved up (-1) or down (+1) by one place; nothing beyond the ends."""
    items = list(items_of(rules, part, section))
    here = next((i for i, one in enumerate(items) if one.key == key), None)
    if here is None or not 0 <= here + step < len(items):
        return rules
    items[here], items[here + step] = items[here + step], items[here]
    return with_items(rules, part, items, section)


def choices_from_lines(lines: Iterable[str], before: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Choices written one a line. A line kept keeps its key wherever it goes; one reworded in place keeps it too."""
    labels = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
    keys = {c.label: c.key for c in before}
    gone = {i: c.key for i, c in enumerate(before) if c.label not in labels}
    taken = {c.key for c in before}
    found: list[Choice] = []
    for i, label in enumerate(labels):
        key = keys.get(label) or gone.pop(i, None) or new_key(label, taken)
        taken.add(key)
        found.append(Choice(key, label))
    return tuple(found)


def section_of(rules: Rulebook, question: str) -> Section | None:
    """The section that holds a question."""
    return next((s for s in rules.sections if any(q.key == question for q in s.questions)), None)

"""Two people changed the same answer: join what they wrote where that is plainly safe, say no elsewhere.

Pure. `base` is a common ancestor (any one: an older ancestor only makes the answer more cautious).
Texts are joined word by word, and only where `GAP` untouched words lie between the two changes: closer than that,
a machine would be writing sentences that nobody wrote.
"""

import re
from difflib import SequenceMatcher
from typing import Any

GAP = 3
LARGEST = 4_000_000  # product of lengths beyond which comparing would be too slow: people decide
type Hunk = tuple[int, int, tuple[str, ...]]
MISSING: Any = object()


def merge(base: Any, mine: Any, theirs: Any) -> Any:
    """The joined value, or MISSING where a person must choose."""
    if mine in (theirs, base):
        return theirs
    if theirs == base:
        return mine
    if all(isinstance(v, str) for v in (mine, theirs)) and isinstance(base, str | None):
        return merge_texts(base or "", mine, theirs)
    if all(isinstance(v, dict) for v in (mine, theirs)) and isinstance(base, dict | None):
        return _merge_dicts(base or {}, mine, theirs)
    if all(_is_set(v) for v in (base or [], mine, theirs)):
        return _merge_sets(base or [], mine, theirs)
    return MISSING


def merge_texts(base: str, mine: str, theirs: str) -> Any:
    """Three-way merge by words. Every word that either side added is in the outcome."""
    words = _words(base)
    ours, others = _hunks(words, _words(mine)), _hunks(words, _words(theirs))
    if ours is None or others is None:
        return MISSING
    if any(_too_close(a, b) for a in ours for b in others):
        return MISSING
    for start, end, new in sorted({*ours, *others}, reverse=True):
        words[start:end] = new
    return "".join(words)


def _words(text: str) -> list[str]:
    return re.findall(r"\s*\S+|\s+$", text)


def _hunks(before: list[str], after: list[str]) -> list[Hunk] | None:
    """The changes that lead from one to the other, as (start, end, words) over `before`; None when too long to tell."""
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    if len(old) * len(new) > LARGEST:
        return None
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(head + a, head + b, tuple(new[c:d])) for tag, a, b, c, d in codes if tag != "equal"]


def _too_close(a: Hunk, b: Hunk) -> bool:
    return a != b and max(a[0], b[0]) - min(a[1], b[1]) < GAP


def _merge_dicts(base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> Any:
    """Key by key; two different values under one key are a choice to make."""
    joined = {}
    for key in {**theirs, **mine}:
        old, a, b = (d.get(key, MISSING) for d in (base, mine, theirs))
        if a is not b and a != b and old not in (a, b):
            return MISSING
        kept = b if a == old else a
        if kept is not MISSING:
            joined[key] = kept
    return joined


def _is_set(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(v, str) for v in value) and len(set(value)) == len(value)


def _merge_sets(base: list[str], mine: list[str], theirs: list[str]) -> list[str]:
    """What both kept or either added, in the order of the stored list."""
    gone = (set(base) - set(mine)) | (set(base) - set(theirs))
    return [v for v in dict.fromkeys([*theirs, *mine]) if v not in gone]

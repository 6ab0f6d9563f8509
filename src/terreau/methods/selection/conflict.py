"""Rules that cannot hold together: a smallest set of them, by the deletion filter (Chinneck & Dravnieks 1991).

The set is minimal: without any one of its constraints the others can hold.
"""

from collections.abc import Callable, Iterator

from terreau.methods.selection.instance import Instance
from terreau.methods.selection.outcome import Budget, Constraint, Either, Excluded, Forced, OnePer, Together


def constraints(it: Instance) -> list[Constraint]:
    """Every constraint of the instance: what people have set first, the envelope last."""
    return list(dict.fromkeys(_constraints(it)))


def _constraints(it: Instance) -> Iterator[Constraint]:
    yield from it.rules
    for name in it.one_per:
        attribute = it.attributes[name]
        yield from (OnePer(name, value) for value in attribute.values if len(attribute.carriers(value)) > 1)
    yield from map(Together, it.together)
    yield from map(Either, it.either)
    yield from map(Excluded, sorted(it.excluded))
    yield from map(Forced, sorted(it.forced))
    yield Budget()


def smallest(
    it: Instance, possible: Callable[[frozenset[Constraint]], bool], without: frozenset[Constraint]
) -> tuple[Constraint, ...]:
    """A smallest set of constraints that no portfolio keeps; `possible(left out)` says whether the others can hold.

    Blocks of constraints are left out at once, then halved, so that few questions find a small set among many.
    """
    kept = [c for c in constraints(it) if c not in without]
    size = max(1, len(kept) // 2)
    left = without
    start = 0
    while True:
        if start >= len(kept):
            if size == 1:
                return tuple(kept)
            size, start = max(1, size // 2), 0
        block = kept[start : start + size]
        if possible(left | frozenset(block)):
            start += size
        else:
            left |= frozenset(block)
            del kept[start : start + size]

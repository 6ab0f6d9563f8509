"""Does a portfolio keep every constraint? Counted from the instance in whole cents, without any solver."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from terreau.methods.selection.instance import Instance, Ints, Measure, Rule
from terreau.methods.selection.outcome import Budget, Constraint, Either, Excluded, Forced, OnePer, Together
from terreau.methods.selection.program import Program


def broken(it: Instance, granted: Mapping[str, int]) -> list[Constraint]:
    """The constraints that these grants (id → cents) break, in the order of the instance; none where all hold."""
    return list(_broken(it, granted))


def granted(it: Instance, p: Program, chosen: Ints) -> dict[str, int]:
    """Id → cents of these options, in the order of the instance."""
    amounts = dict(zip(p.project[chosen].tolist(), p.cents[chosen].tolist(), strict=True))
    return {it.ids[i]: amounts[i] for i in sorted(amounts)}


def keeps(it: Instance, p: Program, without: frozenset[Constraint], chosen: Ints) -> bool:
    """Do these options keep every constraint but these?"""
    return all(constraint in without for constraint in broken(it, granted(it, p, chosen)))


def _broken(it: Instance, granted: Mapping[str, int]) -> Iterator[Constraint]:
    if sum(granted.values()) > it.budget:
        yield Budget()
    carried = {name: _carried(it, name, granted) for name in {r.attribute for r in it.rules} | set(it.one_per)}
    yield from (rule for rule in it.rules if not _kept(rule, carried[rule.attribute].get(rule.value, []), granted))
    for name in it.one_per:
        yield from (OnePer(name, value) for value, ids in sorted(carried[name].items()) if len(ids) > 1)
    yield from (Together(ids) for ids in it.together if 0 < len(granted.keys() & set(ids)) < len(set(ids)))
    yield from (Either(ids) for ids in it.either if len(granted.keys() & set(ids)) > 1)
    yield from (Forced(name) for name in sorted(it.forced - granted.keys()))
    yield from (Excluded(name) for name in sorted(it.excluded & granted.keys()))


def _carried(it: Instance, name: str, granted: Mapping[str, int]) -> dict[str, list[str]]:
    """Value → the granted projects that carry it; the empty attribute is carried by all, with the empty value."""
    if not name:
        return {"": list(granted)}
    found: dict[str, list[str]] = {}
    for i, project in enumerate(it.ids):
        if project in granted:
            for value in it.attributes[name].of_project(i):
                found.setdefault(value, []).append(project)
    return found


def _kept(rule: Rule, ids: list[str], granted: Mapping[str, int]) -> bool:
    limit = Fraction(Decimal(str(float(rule.limit))))  # 0.3 is meant, not its nearest binary fraction
    reached = len(ids) if rule.measure == Measure.COUNT else sum(granted[name] for name in ids)
    if rule.measure == Measure.SHARE:
        limit *= sum(granted.values())
    return reached >= limit if rule.is_floor else reached <= limit

"""Small random calls, and what the tests know of portfolios by themselves: a checker and brute force."""

from fractions import Fraction
from itertools import product
from math import fsum

import numpy as np
from hypothesis import strategies as st

from terreau.methods.selection.instance import Attribute, Balance, Instance, Measure, Rule

NAMES = "ABCDEFGHIJ"


@st.composite
def rules(draw, regions):
    attribute, value = draw(st.sampled_from([("", ""), *(("region", r) for r in regions), ("public", "p")]))
    measure = draw(st.sampled_from(list(Measure)))
    limits = {
        Measure.COUNT: st.integers(0, 4),
        Measure.MONEY: st.integers(0, 40).map(lambda k: k * 50_000),
        Measure.SHARE: st.sampled_from([0.1, 0.25, 0.3, 0.5, 2 / 3]),
    }
    return Rule(attribute, value, measure, draw(limits[measure]), is_floor=draw(st.booleans()))


@st.composite
def calls(draw, most=7, soft=True):
    """Small whole marks and amounts, so that ties are many; each file may be reducible, labelled twice, joined."""
    n = draw(st.integers(1, most))
    ids = tuple(draw(st.permutations(NAMES[:n])))
    requested = np.array(draw(st.lists(st.integers(1, 8), min_size=n, max_size=n))) * 100_000
    regions, publics = ("N", "S"), ("p", "q")
    pairs = st.lists(st.sampled_from(NAMES[:n]), min_size=2, max_size=3, unique=True).map(tuple)
    groups = st.lists(pairs, max_size=1) if n > 1 else st.just([])
    wish = Balance("region", {"N": 0.5, "S": 0.3}, draw(st.sampled_from([0.05, 0.5])))
    return Instance(
        ids=ids,
        merit=np.array(draw(st.lists(st.integers(0, 12), min_size=n, max_size=n)), dtype=float),
        requested=requested,
        budget=draw(st.integers(1, 8 * n)) * 50_000,
        minimum=draw(st.sampled_from([None, requested // 2, np.maximum(100_000, requested - 100_000)])),
        attributes={
            "region": Attribute.of([draw(st.sampled_from(regions))] for _ in ids),
            "public": Attribute.of(draw(st.lists(st.sampled_from(publics), max_size=2)) for _ in ids),
            "organisation": Attribute.of(draw(st.sampled_from([["x"], ["y"], [], []])) for _ in ids),
        },
        rules=tuple(draw(st.lists(rules(regions), max_size=3))),
        one_per=draw(st.sampled_from([(), ("organisation",), ("organisation", "public")])),
        together=tuple(draw(groups)),
        either=tuple(draw(groups)),
        forced=frozenset(draw(st.lists(st.sampled_from(ids), max_size=1))),
        excluded=frozenset(draw(st.lists(st.sampled_from(ids), max_size=1))),
        balance=(wish,) if soft and draw(st.booleans()) else (),
        steps=draw(st.sampled_from([2, 3])),
        elasticity=draw(st.sampled_from([0.0, 0.5, 1.0])),
    )


def labels(it, attribute, name):
    return it.attributes[attribute].of_project(it.ids.index(name)) if attribute else ("",)


def respects(it, granted):
    """Every constraint of the question, told from the question alone."""
    total = sum(granted.values())
    chosen = set(granted)
    within = all(_rule_holds(it, rule, granted) for rule in it.rules)
    alone = all(
        sum(value in labels(it, attribute, name) for name in granted) <= 1
        for attribute in it.one_per
        for value in it.attributes[attribute].values
    )
    return (
        total <= it.budget
        and within
        and alone
        and all(chosen >= set(group) or not chosen & set(group) for group in it.together)
        and all(len(chosen & set(group)) <= 1 for group in it.either)
        and it.forced <= chosen
        and not it.excluded & chosen
        and all(cents in offers(it, name) for name, cents in granted.items())
    )


def _rule_holds(it, rule, granted):
    carried = [cents for name, cents in granted.items() if rule.value in labels(it, rule.attribute, name)]
    reached, limit = (len(carried) if rule.measure == Measure.COUNT else sum(carried)), Fraction(str(rule.limit))
    if rule.measure == Measure.SHARE:
        limit *= sum(granted.values())
    return reached >= limit if rule.is_floor else reached <= limit


def offers(it, name):
    """The amounts that a file may be granted."""
    i = it.ids.index(name)
    whole = int(it.requested[i])
    if it.minimum is None:
        return [whole]
    least = int(it.minimum[i])
    return sorted({round(least + (whole - least) * k / (it.steps - 1)) for k in range(it.steps)})


def points(it, granted):
    """The objective, told from the question alone."""
    merits = [
        it.merit[it.ids.index(name)] * (cents / it.requested[it.ids.index(name)]) ** it.elasticity
        for name, cents in granted.items()
    ]
    astray = [
        wish.weight
        * abs(sum(c for name, c in granted.items() if value in labels(it, wish.attribute, name)) / it.budget - share)
        * 100
        for wish in it.balance
        for value, share in wish.shares.items()
    ]
    return fsum(merits) - fsum(astray)


def portfolios(it):
    """Every portfolio that respects the question."""
    names = sorted(it.ids)
    for amounts in product(*([0, *offers(it, name)] for name in names)):
        granted = {name: cents for name, cents in zip(names, amounts, strict=True) if cents}
        if respects(it, granted):
            yield granted


def preferred(it):
    """The best portfolio by the stated rule, by brute force; None where there is none."""
    every = [(points(it, granted), granted) for granted in portfolios(it)]
    if not every:
        return None
    best = max(value for value, _ in every)
    equals = [granted for value, granted in every if value > best - 1e-7]
    names = sorted(it.ids)
    return min(
        equals,
        key=lambda granted: (
            sum(granted.values()),
            [name not in granted for name in names],
            [-granted.get(name, 0) for name in names],
        ),
    )

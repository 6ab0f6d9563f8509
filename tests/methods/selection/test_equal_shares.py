"""Equal shares: the worked example of its page, a reference in fractions, and what the rule promises to voters."""

from fractions import Fraction
from itertools import chain, combinations
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terreau.methods.selection import equal_shares as module
from terreau.methods.selection.ballots import Ballots
from terreau.methods.selection.equal_shares import equal_shares
from terreau.methods.selection.instance import BadInstance

COSTS = [24, 15, 20, 12]  # the example of docs/methods/equal-shares.md, in k€
VOTERS = [[0, 1], [0, 1], [0, 1], [0, 2], [2, 3], [2, 3]]


def ballots(rows):
    """From project → points, a voter."""
    indptr = np.cumsum([0, *map(len, rows)]).astype(np.int64)
    flat = list(chain.from_iterable(row.items() for row in rows))
    projects, points = (np.array([pair[k] for pair in flat], dtype=np.int64) for k in (0, 1))
    return Ballots(indptr, projects, points)


def lowest(cost, supporters):
    """The rate at which supporters, with (money, gain) each, pay the cost."""
    supporters = sorted(supporters, key=lambda pair: pair[0] / pair[1])
    for k, (money, gain) in enumerate(supporters):
        rate = (cost - sum(m for m, _g in supporters[:k])) / sum(g for _m, g in supporters[k:])
        if rate * gain <= money:
            return rate
    raise AssertionError


def reference(costs, budget, rows, satisfaction):
    """The rule as the paper writes it, in fractions; projects in the order of their numbers where rates are equal."""
    worth = {"cost": lambda p, _w: costs[p], "cardinality": lambda _p, _w: 1, "points": lambda _p, w: w}[satisfaction]
    gain = [{p: worth(p, w) for p, w in row.items() if worth(p, w) > 0} for row in rows]
    left = [Fraction(budget, len(rows))] * len(rows)
    supporters = {p: [v for v, g in enumerate(gain) if p in g] for p in range(len(costs))}
    chosen = [p for p, them in supporters.items() if them and not costs[p]]
    while True:
        best = None
        for p, them in supporters.items():
            if p in chosen or not them or sum(left[v] for v in them) < costs[p]:
                continue
            rate = lowest(costs[p], [(left[v], Fraction(gain[v][p])) for v in them])
            if best is None or rate < best[0]:
                best = rate, p
        if best is None:
            return chosen
        chosen.append(best[1])
        for v in supporters[best[1]]:
            left[v] -= min(left[v], best[0] * gain[v][best[1]])


SATISFACTIONS = ["cost", "cardinality", "points"]


@st.composite
def questions(draw, largest=30):
    """Few costs and few points, so that ties abound."""
    size = draw(st.integers(1, 6))
    some = draw(st.lists(st.integers(0, largest), min_size=1, max_size=4))
    costs = draw(st.lists(st.sampled_from(some), min_size=size, max_size=size))
    row = st.dictionaries(st.integers(0, size - 1), st.integers(0, 3), max_size=size)
    rows = draw(st.lists(row, min_size=1, max_size=9))
    return costs, draw(st.integers(1, 4 * largest)), rows


def choose(question, satisfaction="cost", **options):
    costs, budget, rows = question
    return equal_shares(np.array(costs), budget, ballots(rows), satisfaction=satisfaction, **options)


def test_the_worked_example():
    def choice(**options):
        return equal_shares(np.array(COSTS), 60, Ballots.of(VOTERS), **options)

    plain = choice()
    assert (plain.selected, plain.price, plain.rest) == ((0, 2), (6.0, 8.0), 16)
    assert plain.left.tolist() == [4, 4, 4, 0, 2, 2]
    by_number = choice(satisfaction="cardinality")
    assert (by_number.selected, by_number.price, by_number.rest) == ((1, 3, 0), (5.0, 6.0, 9.0), 9)
    grown = choice(completion="add1")
    assert (grown.selected, grown.price, grown.rest, grown.shared) == ((0, 1, 2), (6.0, 5.0, 7.5), 1, 66)
    greedy = choice(completion="utilitarian")
    assert (greedy.selected, greedy.added, greedy.rest, greedy.shared) == ((0, 2, 1), (1,), 1, 60)


@pytest.mark.parametrize("doubts", [module.DOUBTS, (0.3,), ()], ids=["as shipped", "all in doubt", "all in integers"])
@pytest.mark.parametrize("satisfaction", SATISFACTIONS)
@settings(max_examples=120, deadline=None)
@given(question=questions())
def test_the_same_purchases_as_in_fractions(question, satisfaction, doubts):
    with patch.object(module, "DOUBTS", doubts):
        assert list(choose(question, satisfaction).selected) == reference(*question, satisfaction)


@pytest.mark.parametrize("satisfaction", SATISFACTIONS)
@settings(max_examples=60, deadline=None)
@given(question=questions(3), near=st.lists(st.integers(-1, 1), min_size=6, max_size=6))
def test_costs_that_differ_by_less_than_rounding_shows(question, satisfaction, near):
    costs, budget, rows = question
    costs = [c * 10**13 + more if c else 0 for c, more in zip(costs, near, strict=False)]
    question = costs, budget * 10**13, rows
    assert list(choose(question, satisfaction).selected) == reference(*question, satisfaction)


@pytest.mark.parametrize("satisfaction", SATISFACTIONS)
@settings(max_examples=80, deadline=None)
@given(question=questions())
def test_each_project_is_paid_by_its_supporters_from_their_share(question, satisfaction):
    costs, budget, rows = question
    shares = choose(question, satisfaction)
    assert sum(costs[p] for p in shares.selected) == budget - shares.rest <= budget
    left = np.full(len(rows), budget / len(rows))
    for p, price in zip(shares.selected, shares.price, strict=True):
        weight = np.array([float(row.get(p, 0) if satisfaction == "points" else p in row) for row in rows])
        assert weight.any()
        paid = np.minimum(left, price * weight)
        assert paid.sum() == pytest.approx(costs[p])
        left -= paid
    assert left == pytest.approx(shares.left, abs=1e-9 * budget)
    assert (shares.left >= 0).all()


@settings(max_examples=80, deadline=None)
@given(question=questions(), data=st.data())
def test_order_changes_nothing_but_named_ties(question, data):
    costs, budget, rows = question
    names = [f"projet {p}" for p in range(len(costs))]
    before = [names[p] for p in choose(question, names=names).selected]
    voters = data.draw(st.permutations(rows))
    order = data.draw(st.permutations(range(len(costs))))
    place = {p: k for k, p in enumerate(order)}
    moved = [{place[p]: w for p, w in row.items()} for row in voters]
    called = [names[p] for p in order]
    after = choose(([costs[p] for p in order], budget, moved), names=called)
    assert [called[p] for p in after.selected] == before


@settings(max_examples=80, deadline=None)
@given(question=questions(8))
def test_a_group_that_agrees_gets_what_its_share_pays_for(question):
    """Extended justified representation: voters whose shares pay for T, which all of them support, have one among
    them with at least |T| projects (Peters, Pierczyński and Skowron 2021, theorem 2; with one point a project).
    """
    costs, budget, rows = question
    chosen = set(choose(question, "cardinality").selected)
    sets = chain.from_iterable(combinations(range(len(costs)), k) for k in range(1, len(costs) + 1))
    for together in sets:
        group = [row for row in rows if set(together) <= set(row)]
        if group and len(group) * budget >= sum(costs[p] for p in together) * len(rows):
            assert max(len(chosen & set(row)) for row in group) >= len(together)


@pytest.mark.parametrize("satisfaction", SATISFACTIONS)
@settings(max_examples=60, deadline=None)
@given(question=questions())
def test_completions(question, satisfaction):
    costs, budget, rows = question
    plain = choose(question, satisfaction)
    for completion in ("utilitarian", "add1u"):
        full = choose(question, satisfaction, completion=completion)
        assert full.rest >= 0
        assert full.selected[-len(full.added) :] == full.added or not full.added
        supported = {p for row in rows for p, w in row.items() if (w if satisfaction == "points" else 1) and costs[p]}
        assert not [p for p in supported - set(full.selected) if costs[p] <= full.rest]
    grown, last = choose(question, satisfaction, completion="add1"), list(plain.selected)
    for more in range(budget, grown.shared + 1, len(rows)):
        last = reference(costs, more, rows, satisfaction)
    assert list(grown.selected) == last
    assert grown.rest >= 0


def test_greedy_completion_takes_the_most_satisfaction_for_the_money():
    costs, rows = np.array([50, 20, 30, 10]), [[0, 1], [0, 2], [0], [2]]
    by_votes = equal_shares(costs, 60, Ballots.of([*rows, [], []]), completion="utilitarian")
    assert (by_votes.selected, by_votes.rest) == ((0,), 10)
    by_number = equal_shares(costs, 60, Ballots.of(rows), satisfaction="cardinality", completion="utilitarian")
    assert (by_number.selected, by_number.added, by_number.rest) == ((2, 1), (1,), 10)


def test_nobody_votes():
    shares = equal_shares(np.array([5]), 10, Ballots.of([]))
    assert (shares.selected, shares.rest) == ((), 10)
    assert equal_shares(np.array([5]), 10, Ballots.of([[], []]), completion="add1u").selected == ()


def test_nothing_to_buy():
    shares = equal_shares(np.array([]), 10, Ballots.of([[], []]))
    assert (shares.selected, shares.left.tolist()) == ((), [5.0, 5.0])


@pytest.mark.parametrize(
    ("costs", "budget", "rows", "code"),
    [
        ([-1], 10, [{0: 1}], "cost-negative"),
        ([1], 0, [{0: 1}], "not-positive"),
        ([1], 10, [{1: 1}], "unknown-id"),
        ([1], 10, [{0: -1}], "points-negative"),
    ],
)
def test_a_bad_question(costs, budget, rows, code):
    with pytest.raises(BadInstance, match=code):
        choose((costs, budget, rows))


def test_a_crowd():
    """Twenty thousand voters and two hundred projects, whatever part of the choices is made in integers."""
    draw = np.random.default_rng(3)
    costs = draw.integers(1, 60, 200) * 500
    popular = draw.dirichlet(np.full(200, 0.6))
    rows = [draw.choice(200, 4, p=popular) for _ in range(20_000)]
    cast = Ballots.of([row.tolist() for row in rows])
    shares = equal_shares(costs, 2_000_000, cast)
    with patch.object(module, "DOUBTS", (1e-7, 1e-9)):
        again = equal_shares(costs, 2_000_000, cast)
    assert shares.selected == again.selected
    assert len(shares.selected) > 50

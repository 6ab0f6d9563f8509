"""Worked and published cases, then what must hold of any table: no hidden cell is worked out, the rest is exact."""

import csv
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st

from terreau.methods.disclosure import Contribution, Measure, Protection, Rule, State, System, cell, suppress, system
from terreau.methods.disclosure.attack import Attack
from terreau.methods.disclosure.primary import count, reason, union
from terreau.methods.disclosure.tables import given

HERE = Path(__file__).parent
PERSONS = Rule(least=5, share=None)


def read(name):
    with (HERE / name).open() as file:
        return list(csv.DictReader(file))


def row(*numbers):
    names = [str(i) for i in range(len(numbers))]
    cells = {cell(row=name): count(number) for name, number in zip(names, numbers, strict=True)}
    return given(cells | {cell(): count(sum(numbers))}, {"row": names}, ("row",))


@pytest.mark.parametrize(
    ("numbers", "rule", "hidden"),
    [
        ((12, 4, 9), PERSONS, {1, 2}),  # 25 in all: the 4, and the least of the others
        ((17, 3), PERSONS, {0, 1}),  # 20 in all
        ((12, 0, 9), PERSONS, set()),  # a zero is published
        ((1, 2, 1, 0), Rule(2, None), {0, 1, 2}),  # who is alone in a cell knows it, and would know the other
        ((7, 8, 9), PERSONS, set()),
    ],
)
def test_a_line_and_its_total(numbers, rule, hidden):
    outcome = suppress(row(*numbers), rule)
    assert outcome.hidden == {cell(row=str(i)) for i in hidden}


def test_a_total_of_too_few_is_hidden_with_all_that_tells_it():
    outcome = suppress(row(2, 0), Rule())
    assert outcome.hidden == {cell(), cell(row="0")}
    assert outcome.intervals["value"][cell()] == (1, float("inf"))


def test_a_table_with_two_hidden_a_line_can_still_be_worked_out():
    """From sdcTable's own tests: every line hides two cells, and (w, b) is exactly 47."""
    numbers = [(30, 47, 64, 89), (90, 124, 5, 31), (92, 100, 59, 85), (800, 991, 651, 685)]
    names = {"row": list("wxyz"), "column": list("abcd")}
    inner = dict(zip(product("wxyz", "abcd"), [n for line in numbers for n in line], strict=True))
    cells = {cell(row=r, column=c): count(n) for (r, c), n in inner.items()}
    cells |= {cell(row=r): count(sum(n for (x, _), n in inner.items() if x == r)) for r in "wxyz"}
    cells |= {cell(column=c): count(sum(n for (_, x), n in inner.items() if x == c)) for c in "abcd"}
    table = given(cells | {cell(): count(sum(inner.values()))}, names, ("row", "column"))
    hidden = {
        table.cells.index(cell(row=r, column=c)) for r, c in ["wa", "wb", "wc", "xa", "xc", "yb", "yd", "zb", "zd"]
    }
    attack, w_b = Attack(table.measures[0]), table.cells.index(cell(row="w", column="b"))
    assert attack.interval(w_b, hidden) == (47, 47)


def test_two_zonings_of_the_same_places_are_one_system():
    """From sdcTable, linked tables, each safe alone: K is 10 − 7 unless N is hidden too."""
    places = dict(zip("ABIJKLMN", (2, 2, 8, 8, 3, 3, 3, 7), strict=True))
    zones = {"c1": "ABIJ", "c2": "KLMN", "big": "LM", "small": "ABIJKN"}
    values = places | {zone: sum(places[p] for p in inside) for zone, inside in zones.items()} | {"all": 36}
    names = list(values)
    sums = [(names.index(z), tuple(names.index(p) for p in inside)) for z, inside in zones.items()]
    sums += [(names.index("all"), tuple(names.index(z) for z in pair)) for pair in (("c1", "c2"), ("big", "small"))]
    cells = tuple(cell(place=name) for name in names)
    measure = Measure("value", tuple(values.values()), tuple(sums))
    linked = System(cells, tuple(count(n) for n in values.values()), (measure,))
    assert suppress(linked, Rule(4, None)).hidden == {cell(place=p) for p in "ABKLMN"}


def test_no_more_is_hidden_than_in_the_published_counts():
    rows = read("ssbtools_z1.csv")
    names = {d: sorted({r[d] for r in rows} - {"Total"}) for d in ("region", "hovedint")}
    cells = {cell(**{d: r[d] for d in names if r[d] != "Total"}): count(int(r["ant"])) for r in rows}
    outcome = suppress(given(cells, names, ("region", "hovedint")), Rule(4, None))
    assert sum(s == State.PRIMARY for s in outcome.states.values()) == sum(r["primary"] == "TRUE" for r in rows)
    assert len(outcome.hidden) == sum(r["suppressed"] == "TRUE" for r in rows) == 6


@pytest.mark.parametrize(("rule", "primary", "reference"), [(Rule(1, Fraction(80, 100)), 4, 9), (Rule(3, None), 9, 12)])
def test_no_more_is_hidden_than_in_the_published_magnitudes(rule, primary, reference):
    rows = read("ssbtools_magnitude1.csv")
    names = {d: sorted({r[d] for r in rows}) for d in ("sector4", "geo")}
    given_ = [Contribution(r["company"], round(float(r["value"]) * 10), {d: r[d] for d in names}) for r in rows]
    outcome = suppress(system(given_, names, [("sector4", "geo")]), rule)
    assert sum(s == State.PRIMARY for s in outcome.states.values()) == primary
    assert len(outcome.hidden) < reference


SIZES, KINDS, PLACES = ["micro", "sme", "large"], ["no", "yes"], ["east", "west", "north"]
NAMES = {"size": SIZES, "declared": KINDS, "place": PLACES}
TABLES = [("size", "declared"), ("place",)]
FIRMS = st.lists(
    st.tuples(
        st.integers(1, 10_000), st.sampled_from(SIZES), st.sampled_from(KINDS), st.sampled_from(PLACES)
    ).map(lambda drawn: dict(zip(("amount", "size", "declared", "place"), drawn, strict=True))),
    max_size=25,
)  # fmt: skip


def tables(firms):
    bring = [Contribution(i, f["amount"], {d: f[d] for d in NAMES}) for i, f in enumerate(firms)]
    return system(bring, NAMES, TABLES, counted=TABLES)


@settings(max_examples=12, deadline=None)
@for_any(FIRMS)
def test_nothing_hidden_is_worked_out_from_what_is_published(firms):
    table, protection = tables(firms), Protection()
    outcome = suppress(table)
    for measure in table.measures:
        values = dict(zip(table.cells, measure.values, strict=True))
        for one, (low, high) in outcome.intervals[measure.name].items():
            assert low <= values[one] <= high
            assert high - low > 0.5  # never known, even for a cell that only protects another
            if outcome.states[one] == State.PRIMARY:
                assert high - low >= protection.width(values[one]) - 0.01
    for total, parts in {line for measure in table.measures for line in measure.sums}:
        ours = [table.tallies[p] for p in parts if table.cells[p] in outcome.hidden]
        assert table.cells[total] in outcome.hidden or not ours or reason(union(ours), Rule()) is None


@settings(max_examples=6, deadline=None)
@for_any(FIRMS, st.randoms(use_true_random=False))
def test_what_may_be_published_is_and_the_order_does_not_matter(firms, chance):
    table, outcome = tables(firms), suppress(tables(firms))
    for one, tally in zip(table.cells, table.tallies, strict=True):
        alone = reason(tally, Rule())
        assert (outcome.states[one] == State.PRIMARY) == (alone is not None)
        if not tally.contributors:
            assert outcome.states[one] == State.PUBLISHED
    shuffled = chance.sample(firms, len(firms))
    assert suppress(tables(shuffled)).states == outcome.states


@settings(max_examples=15, deadline=None)
@for_any(st.lists(st.integers(0, 12), min_size=2, max_size=6))
def test_the_hidden_line_is_the_cheapest_safe_one(numbers):
    """Against every subset, tried one by one."""
    table, outcome = row(*numbers), suppress(row(*numbers), PERSONS)
    cost = sum(t.value + 1 for c, t in zip(table.cells, table.tallies, strict=True) if c in outcome.hidden)
    assert cost == min(price for price, hidden in choices(table) if safe(table, hidden))


def choices(table):
    free = [i for i, t in enumerate(table.tallies) if t.contributors]
    for kept in product((True, False), repeat=len(free)):
        hidden = {i for i, k in zip(free, kept, strict=True) if k}
        if all(i in hidden for i in free if reason(table.tallies[i], PERSONS)):
            yield sum(table.tallies[i].value + 1 for i in hidden), hidden


def safe(table, hidden):
    measure, primary = table.measures[0], [i for i in hidden if reason(table.tallies[i], PERSONS)]
    for total, parts in measure.sums:
        ours = [table.tallies[p] for p in parts if p in hidden]
        if total not in hidden and ours and reason(union(ours), PERSONS):
            return False
    readers = [None, *(i for i in hidden if table.tallies[i].contributors == 1)]
    for reader, i in product(readers, primary):
        same = reader is not None and table.tallies[reader] == table.tallies[i]
        low, high = Attack(measure).interval(i, hidden - {reader})
        if not same and high - low < Protection().width(measure.values[i]):
            return False
    return True


def test_a_sum_that_is_wrong_and_a_cube_are_refused():
    cells = {cell(row="a"): count(3), cell(row="b"): count(4), cell(): count(8)}
    with pytest.raises(ValueError, match="not the sum of its parts"):
        given(cells, {"row": ["a", "b"]}, ("row",))
    with pytest.raises(ValueError, match="one or two dimensions"):
        system([], NAMES, [("size", "declared", "place")])

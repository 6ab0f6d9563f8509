"""What comes on top of the score: the other way round, diversity, refusals, affinity."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.methods.matching.countries import countries, queries, searcher

from terreau.methods.matching.affinity import by_division, learned
from terreau.methods.matching.diversity import shared
from terreau.methods.matching.firms import Firms
from terreau.methods.matching.plain import Project, Sets, Vocabulary, Weights
from terreau.methods.matching.plain import query as plain_query

calm = settings(deadline=None, max_examples=40)


@calm
@given(st.data())
def test_projects_for_a_firm_are_those_of_every_pair(data):
    firms = data.draw(countries(most=12))
    asked = [data.draw(queries(firms)) for _ in range(5)]
    it = searcher(firms)
    pairs = {}
    for p, query in enumerate(asked):
        for row, units in zip(*_all(it, query, len(firms)), strict=True):
            pairs.setdefault(row, []).append((-units, p))
    spots = np.arange(len(firms), dtype=np.int32)
    for spot, (places, units) in zip(spots, it.projects(asked, spots, 3), strict=True):
        best = sorted(pairs.get(int(it.index.row[spot]), []))[:3]
        assert [(-int(u), int(p)) for p, u in zip(places, units, strict=True)] == best


def _all(it, query, n):
    found = it.best(query, n)
    return found.rows.tolist(), found.units.tolist()


@calm
@given(st.data(), st.integers(1, 4), st.integers(1, 3))
def test_a_shared_list_is_stable_and_without_a_limit_is_the_plain_one(data, k, most):
    firms = data.draw(countries(most=14))
    asked = [data.draw(queries(firms)) for _ in range(5)]
    it = searcher(firms)
    plain = [it.best(query, k) for query in asked]
    loose = shared(it, asked, k, len(asked))
    assert [one.rows.tolist() for one in loose.lists] == [one.rows.tolist() for one in plain]
    assert loose.cost == 0
    found = shared(it, asked, k, most)
    assert found.total <= found.plain_total + 1e-9
    taken = [set(one.rows.tolist()) for one in found.lists]
    kept = {}
    for p, one in enumerate(found.lists):
        for row, units in zip(one.rows.tolist(), one.units.tolist(), strict=True):
            kept.setdefault(row, []).append((units, -p))
    assert max(map(len, kept.values()), default=0) <= most
    for p, query in enumerate(asked):  # no project and firm would both rather have each other
        mine = [u for row, u in zip(*_all(it, query, len(firms)), strict=True) if row in taken[p]]
        for row, units in zip(*_all(it, query, len(firms)), strict=True):
            envied = row not in taken[p] and (len(taken[p]) < k or units > min(mine))
            assert not (envied and (len(kept.get(row, [])) < most or (units, -p) > min(kept[row])))


@calm
@given(st.data())
def test_who_refused_is_never_shown_again(data):
    firms = data.draw(countries(least=2))
    query = replace(data.draw(queries(firms)), hidden=np.empty(0, dtype=np.int32))
    it = searcher(firms)
    first = it.best(query, len(firms))
    for gone in first.rows[:3].tolist():
        left = it.best(replace(query, hidden=np.array([gone], dtype=np.int32)), len(firms))
        assert left.rows.tolist() == [row for row in first.rows.tolist() if row != gone]


def test_the_example_of_the_page():
    lat = 46 + 10 / (math.pi / 180 * 6371.0088)
    words = Vocabulary(["micro"], Sets([["emploi"]]), Sets([["don"]]))
    columns = {"sector": [62], "size": [0], "themes": [0], "offers": [0]}
    firms = Firms(np.array([lat]), np.array([2.0]), {name: np.array(v) for name, v in columns.items()}, words.widths)
    themes, seeks = frozenset({"emploi", "mobilité"}), frozenset({"don", "visite"})
    asked = plain_query(Project("P", 46.0, 2.0, frozenset({62}), themes, seeks), Weights(), words)
    assert searcher(firms).best(asked, 1).units / 1e12 == pytest.approx([0.730260], abs=1e-6)


def test_affinity_is_learned_with_shrinkage():
    seen = [(62, "numérique")] * 40 + [(62, "mobilité")] * 10 + [(1, "alimentation")] * 2 + [(49, "mobilité")] * 48
    table = learned(seen)
    assert table[62, "numérique"] > 0.6
    assert table[49, "numérique"] < 0.5
    assert 0.5 < table[1, "alimentation"] < learned(seen, strength=1)[1, "alimentation"]
    assert learned(seen, strength=1e9)[62, "numérique"] == pytest.approx(0.5)
    values = by_division(table, ["numérique", "mobilité"])
    assert values[62] == pytest.approx((table[62, "numérique"] + table[62, "mobilité"]) / 2)
    assert values[2] == values[100] == 0
    assert not by_division(table, []).any()

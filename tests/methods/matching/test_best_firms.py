"""The index gives what brute force gives, to the last digit, whatever the batch, the threads or the order of rows."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.methods.matching.countries import countries, queries, ranked, score, searcher

from terreau.methods.matching.firms import BadQuery, Firms
from terreau.methods.matching.index import Index, build
from terreau.methods.matching.parts import parts, telling
from terreau.methods.matching.search import Searcher

calm = settings(deadline=None, max_examples=60)
CLOSE = 2  # units: another order of the same product of lengths may round the last digit otherwise


@calm
@given(st.data(), st.integers(1, 12), st.integers(1, 9))
def test_the_best_are_those_of_brute_force_ties_by_identifier(data, k, leaf):
    firms = data.draw(countries())
    query = data.draw(queries(firms))
    it = searcher(firms, leaf)
    found, scanned = it.best(query, k), it.scanned(query, k)
    assert found.rows.tolist() == scanned.rows.tolist()
    assert found.units.tolist() == scanned.units.tolist()
    rows, units = ranked(firms, query, k)
    assert found.units == pytest.approx(np.array(units), abs=CLOSE)
    if query.vector is None or firms.vectors is None:
        assert found.rows.tolist() == rows
    assert not set(found.rows.tolist()) & set(query.hidden.tolist())
    assert len(found.rows) == min(k, len(firms) - len(set(query.hidden.tolist())))


@calm
@given(st.data(), st.randoms(use_true_random=False))
def test_batch_threads_leaves_and_order_of_rows_leave_no_trace(data, random):
    firms = data.draw(countries())
    asked = [data.draw(queries(firms)) for _ in range(3)]
    told = [one.rows.tolist() for one in searcher(firms).best_of_all(asked, 7)]
    assert [one.rows.tolist() for one in searcher(firms, 5).best_of_all(asked, 7, threads=2)] == told
    again = searcher(firms, 11)
    assert [again.best(query, 7).rows.tolist() for query in reversed(asked)] == told[::-1]
    order = list(range(len(firms)))  # rows come in another order, but each keeps its rank among identifiers
    random.shuffle(order)
    names = np.array([f"F{i:03}" for i in range(len(firms))])[order]
    back = np.argsort(names)
    shuffled = replace(
        firms,
        lat=firms.lat[order][back],
        lon=firms.lon[order][back],
        columns={name: codes[order][back] for name, codes in firms.columns.items()},
        vectors=None if firms.vectors is None else firms.vectors[order][back],
    )
    assert [one.rows.tolist() for one in searcher(shuffled).best_of_all(asked, 7)] == told


@calm
@given(st.data())
def test_parts_add_up_to_the_score_and_the_telling_ones_come_first(data):
    firms = data.draw(countries())
    query = data.draw(queries(firms))
    it = searcher(firms)
    found = parts(it, query, it.best(query, 5))
    assert sum(found.values.values()) == pytest.approx(found.score, abs=1e-11)
    for match, row in enumerate(found.rows.tolist()):
        assert round(found.score[match] * 1e12) == pytest.approx(score(firms, query, row), abs=CLOSE)
        for name, (column, values) in query.tables.items():
            assert found.values[name][match] == pytest.approx(values[firms.columns[column][row]], abs=1e-12)
        told = [found.values[name][match] for name in telling(found, match)]
        assert told == sorted(told, reverse=True)
        assert all(value > 0 for value in told)


def test_a_larger_country_with_vectors():
    rng = np.random.default_rng(5)
    n = 20_000
    columns = {"sector": rng.integers(0, 30, n), "size": rng.integers(0, 3, n), "offers": rng.integers(0, 5, n)}
    vectors = rng.integers(-127, 128, (n, 64)).astype(np.int8)
    widths = {"sector": 30, "size": 3, "offers": 5}
    firms = Firms(rng.uniform(43, 50, n), rng.uniform(-1, 7, n), columns, widths, vectors=vectors)
    it = Searcher(build(firms, leaf=128), widths)
    for i in range(10):
        tables = {name: (name, rng.random(width) * 0.2) for name, width in widths.items()}
        query = replace(_plain(firms, i), tables=tables, vector=vectors[i], likeness=0.3)
        found, scanned = it.best(query, 50), it.scanned(query, 50)
        assert found.rows.tolist() == scanned.rows.tolist()
        assert found.units.tolist() == scanned.units.tolist()


def _plain(firms, row):
    from terreau.methods.matching.firms import Query

    return Query(float(firms.lat[row]), float(firms.lon[row]), 0.4, 30.0, {})


def test_an_index_lives_in_mapped_files(tmp_path):
    def mapped(name, shape, dtype):
        return np.lib.format.open_memmap(tmp_path / f"{name}.npy", "w+", dtype=dtype, shape=shape)

    rng = np.random.default_rng(1)
    columns = {"sector": rng.integers(0, 3, 90)}
    firms = Firms(rng.uniform(43, 50, 90), rng.uniform(-1, 7, 90), columns, {"sector": 3})
    build(firms, mapped, leaf=8)
    opened = Index(*(np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in Index._fields))
    here = searcher(firms).best(_plain(firms, 4), 9)
    assert Searcher(opened, firms.widths).best(_plain(firms, 4), 9).rows.tolist() == here.rows.tolist()
    assert here.rows[0] == 4


def test_what_cannot_be_asked_is_refused():
    firms = Firms(np.array([46.0]), np.array([2.0]), {"sector": np.array([0])}, {"sector": 1})
    it, query = searcher(firms), _plain(firms, 0)
    for wrong, code in (
        ({"lat": 91.0}, "not-a-place"),
        ({"lon": float("nan")}, "not-a-place"),
        ({"scale_km": 0.0}, "scale-not-positive"),
        ({"distance": -1.0}, "weight-out-of-bounds"),
        ({"tables": {"sector": ("sector", np.array([1.0, 2.0]))}}, "wrong-table"),
        ({"tables": {"sector": ("sector", np.array([float("inf")]))}}, "weight-out-of-bounds"),
    ):
        with pytest.raises(BadQuery) as refused:
            it.best(replace(query, **wrong), 1)
        assert refused.value.code == code
    for wrong, code in (({"lat": np.array([np.nan])}, "not-a-place"), ({"columns": {}}, "no-key")):
        with pytest.raises(BadQuery) as refused:
            build(replace(firms, **wrong))
        assert refused.value.code == code
    assert len(it.best(query, 0).rows) == 0

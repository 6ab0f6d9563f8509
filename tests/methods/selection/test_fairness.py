"""Rates, intervals and tests: published figures, an independent library, and silence where numbers are small."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats

from terreau.methods.selection.fairness import (
    Signal,
    banded,
    clopper_pearson,
    detectable,
    fisher,
    holm,
    selection_rates,
)

calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # slow machines are no fault


def test_published_intervals():
    """Zero of ten: 1 − 0.025^(1/10). One and eight of ten: the tables of Clopper and Pearson."""
    assert clopper_pearson(0, 10) == (0.0, pytest.approx(1 - 0.025**0.1))
    assert clopper_pearson(1, 10) == (pytest.approx(0.0025, abs=5e-5), pytest.approx(0.4450, abs=5e-5))
    assert clopper_pearson(8, 10) == (pytest.approx(0.4439, abs=5e-5), pytest.approx(0.9748, abs=5e-5))
    assert clopper_pearson(10, 10)[1] == 1.0
    assert clopper_pearson(0, 0) == (0.0, 1.0)


def test_the_lady_tasting_tea():
    """Fisher (1935): three of four cups right has p = 34/70 on both sides; four of four, 2/70, the least there is."""
    assert fisher(4, 3, 4, 4).p == pytest.approx(34 / 70)
    assert fisher(4, 4, 4, 4).p == pytest.approx(2 / 70)
    assert fisher(4, 3, 4, 4).reachable == pytest.approx(2 / 70)


def test_holm_as_published():
    """Probabilities .01, .04, .03, .005 in a family of four."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []


sizes = st.tuples(st.integers(1, 60), st.integers(1, 60)).flatmap(
    lambda s: st.tuples(st.just(s[0]), st.integers(0, s[0]), st.just(s[1]), st.integers(0, s[1]))
)


@calm
@given(sizes)
def test_it_agrees_with_an_independent_library(table):
    files, hits, others, other_hits = table
    expected = stats.fisher_exact([[hits, files - hits], [other_hits, others - other_hits]]).pvalue
    assert fisher(files, hits, others, hits + other_hits).p == pytest.approx(expected, rel=1e-6)
    exact = stats.binomtest(hits, files).proportion_ci(method="exact")
    assert clopper_pearson(hits, files) == (pytest.approx(exact.low), pytest.approx(exact.high))


@calm
@given(sizes)
def test_the_detectable_difference_is_found_four_times_in_five(table):
    """At the odds ratio found, the noncentral law puts 80 % where the test rejects; closer, less."""
    files, hits, others, other_hits = table
    taken = hits + other_hits
    least = detectable(files, others, taken, 0.05)
    if least is None:
        return
    assert 0 < least <= 1
    powers = []
    for odds in np.exp(np.linspace(-6, 6, 49)):
        law = stats.nchypergeom_fisher(files + others, files, taken, odds)
        mean = law.mean()
        if abs(mean / files - (taken - mean) / others) < least - 1e-6:
            x = np.arange(max(0, taken - others), min(files, taken) + 1)
            found = [fisher(files, int(k), others, taken).p <= 0.05 for k in x]
            powers.append(law.pmf(x)[found].sum())
    assert max(powers, default=0) <= 0.8 + 1e-6


def test_a_region_left_out_is_told_and_three_files_prove_nothing():
    groups = [["est"]] * 40 + [["ouest"]] * 40 + [["sud", "ouest"]] * 3
    selected = np.array([False] * 40 + [True] * 20 + [False] * 20 + [True] * 3)
    east, west, south = selection_rates(groups, selected)
    assert (east.value, east.files, east.selected, east.signal) == ("est", 40, 0, Signal.LOWER)
    assert east.p is not None
    assert east.p < 1e-5
    assert (south.value, south.files, south.signal, south.p, south.detectable) == ("sud", 3, Signal.TOO_FEW, None, None)
    assert (west.files, west.selected, west.signal) == (43, 23, Signal.HIGHER)
    assert west.rest == 0.0


def test_like_rates_show_nothing_and_say_what_would_have_shown():
    groups = [["a"]] * 30 + [["b"]] * 70
    selected = np.array(([True] + [False] * 4) * 20)
    first, second = selection_rates(groups, selected)
    assert first.signal == second.signal == Signal.NOTHING_SHOWN
    assert first.p == 1.0
    assert first.detectable is not None
    assert 0.2 < first.detectable < 0.5


def test_margins_that_allow_no_finding_are_not_tested():
    """Twelve files of which two are selected in all: no table can reach the level."""
    rates = selection_rates([["a"]] * 12 + [["b"]] * 12, np.array([True, True] + [False] * 22))
    assert {rate.signal for rate in rates} == {Signal.TOO_FEW}


def test_everyone_carries_it():
    (rate,) = selection_rates([["a"]] * 20, np.ones(20, dtype=bool))
    assert rate.signal == Signal.TOO_FEW
    assert np.isnan(rate.rest)


def test_bands_and_missing_figures():
    found = banded(np.array([0, 9, 10, 49, np.nan]), {"0-9": (0, 10), "10 et plus": (10, np.inf)})
    assert [found.of_project(i) for i in range(5)] == [("0-9",), ("0-9",), ("10 et plus",), ("10 et plus",), ()]


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="one mark of selection"):
        selection_rates([["a"]], np.ones(2, dtype=bool))


@calm
@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), min_size=1, max_size=80), st.randoms())
def test_the_order_of_files_leaves_no_trace(files, random):
    def rates(rows):
        return repr(selection_rates([[g] for g, _ in rows], np.array([s for _, s in rows])))

    shuffled = files[:]
    random.shuffle(shuffled)
    assert rates(files) == rates(shuffled)

"""Who is selected, value by value of an attribute: rates with exact intervals, and silence where numbers are small.

Intervals: Clopper and Pearson (Biometrika 26, 1934). Test of a group against the rest: Fisher's exact test, two-sided,
with Holm's correction over the groups tested (Scand. J. Statist. 6, 1979). Which groups can be tested at all, and the
smallest difference that the test would find, follow from the sizes alone (Tarone, Biometrics 46, 1990).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import gammaln
from scipy.stats import beta

from terreau.methods.selection.instance import Attribute, Floats, Ints
from terreau.methods.selection.outcome import Signal

LEVEL = 0.05  # risk of the intervals (95 %) and of the tests
POWER = 0.8  # a difference counts as detectable when the test finds it four times in five
FEWEST = 10  # files, in the group and in the rest, below which nothing is said


@dataclass(frozen=True)
class Rate:
    """The files that carry one value: how many, how many selected, the rate and its exact 95 % interval.

    rest: the rate of the files that do not carry it (nan where all do). p: Fisher's probability after Holm's
    correction, None where the group is not tested. detectable: the smallest difference of rates (0-1) from the rest
    that the test finds four times in five, None where it finds none: "nothing shown" then says little.
    """

    value: str
    files: int
    selected: int
    rate: float
    low: float
    high: float
    rest: float
    p: float | None
    detectable: float | None
    signal: Signal


def selection_rates(
    groups: Attribute | Sequence[Sequence[str]], selected: NDArray[np.bool_], *, fewest: int = FEWEST
) -> list[Rate]:
    """One rate for each value, by value. `groups`: values of each of n files, several allowed; `selected`: (n,) bool.

    A group is tested where it and the rest hold `fewest` files or more and where some outcome of its margins could
    reach the level. ValueError where the lengths differ.
    """
    attribute = groups if isinstance(groups, Attribute) else Attribute.of(groups)
    if len(selected) != len(attribute.indptr) - 1:
        raise ValueError("one mark of selection for each file")
    n, taken = len(selected), int(np.sum(selected))
    carriers = [attribute.carriers(value) for value in attribute.values]
    counts = [(len(c), int(np.sum(selected[c]))) for c in carriers]
    tables = {k: fisher(f, s, n - f, taken) for k, (f, s) in enumerate(counts) if min(f, n - f) >= fewest}
    tested = [k for k, table in tables.items() if table.reachable <= LEVEL]
    adjusted = dict(zip(tested, holm([tables[k].p for k in tested]), strict=True))
    return [
        _rate(value, (files, hits), (n, taken), adjusted.get(k), len(tested))
        for k, (value, (files, hits)) in enumerate(zip(attribute.values, counts, strict=True))
    ]


def _rate(value: str, group: tuple[int, int], everyone: tuple[int, int], p: float | None, tests: int) -> Rate:
    (files, hits), (n, taken) = group, everyone
    low, high = clopper_pearson(hits, files)
    own, rest = hits / files, (taken - hits) / (n - files) if n > files else np.nan
    if p is None:
        return Rate(value, files, hits, own, low, high, rest, None, None, Signal.TOO_FEW)
    least = detectable(files, n - files, taken, LEVEL / tests)
    shown = Signal.HIGHER if own > rest else Signal.LOWER
    return Rate(value, files, hits, own, low, high, rest, p, least, shown if p <= LEVEL else Signal.NOTHING_SHOWN)


def banded(values: Floats, bands: Mapping[str, tuple[float, float]]) -> Attribute:
    """A numeric attribute (size, seniority) as values: the names of the bands with low ≤ value < high; nan: none."""
    return Attribute.of([name for name, (low, high) in bands.items() if low <= v < high] for v in values)


def clopper_pearson(hits: int, trials: int, level: float = LEVEL) -> tuple[float, float]:
    """The exact interval of a rate: it holds the true one in 1 − level of cases or more. No trial: (0, 1)."""
    low = float(beta.ppf(level / 2, hits, trials - hits + 1)) if hits else 0.0
    high = float(beta.ppf(1 - level / 2, hits + 1, trials - hits)) if hits < trials else 1.0
    return low, high


@dataclass(frozen=True)
class Fisher:
    """p: the probability of a table as rare as this one or rarer; reachable: the least p that its margins allow."""

    p: float
    reachable: float


def fisher(files: int, hits: int, others: int, taken: int) -> Fisher:
    """Two-sided exact test that a group's `hits` among its `files`, `taken` being selected in all, owe to chance."""
    support, weight = _tables(files, others, taken)
    p = _probabilities(weight)
    return Fisher(float(p[hits - support[0]]), float(p.min()))


def holm(probabilities: Sequence[float]) -> list[float]:
    """Holm's step-down adjusted probabilities, in the order given."""
    m = len(probabilities)
    order = np.argsort(probabilities, kind="stable")
    stepped = np.maximum.accumulate(np.asarray(probabilities, dtype=float)[order] * (m - np.arange(m)))
    adjusted = np.empty(m)
    adjusted[order] = np.minimum(stepped, 1.0)
    return [float(p) for p in adjusted]


def detectable(files: int, others: int, taken: int, level: float) -> float | None:
    """The smallest difference of rates that the test at this level finds with a power of 80 %, None if there is none.

    Odds ratio by odds ratio the hits of the group follow Fisher's noncentral hypergeometric law, `taken` being fixed
    as the envelope fixes it; the difference is that of the expected rates, in the direction found the sooner.
    """
    support, weight = _tables(files, others, taken)
    found = _probabilities(weight) <= level

    def power(log_odds: float) -> float:
        law = _law(weight + support * log_odds)
        return float(law[found].sum()) - POWER

    differences = []
    for far in (-30.0, 30.0):
        if power(far) > 0:
            law = _law(weight + support * brentq(power, 0.0, far, xtol=1e-6))
            differences.append(abs(float(np.sum(law * (support / files - (taken - support) / others)))))
    return min(differences, default=None)


def _tables(files: int, others: int, taken: int) -> tuple[Ints, Floats]:
    """The hits that the margins allow, ascending, and the logarithm of the number of ways to each."""
    x = np.arange(max(0, taken - others), min(files, taken) + 1)

    def ways(a: int, b: Ints) -> Floats:
        return np.asarray(gammaln(a + 1) - gammaln(b + 1) - gammaln(a - b + 1), dtype=np.float64)

    return x, ways(files, x) + ways(others, taken - x)


def _law(weight: Floats) -> Floats:
    law = np.exp(weight - weight.max())
    return np.asarray(law / law.sum(), dtype=np.float64)


def _probabilities(weight: Floats) -> Floats:
    """For each table, the probability of those that are not likelier (within a rounding of 1e-9)."""
    law = _law(weight)
    order = np.argsort(law)
    below = np.searchsorted(law[order], law * (1 + 1e-9), side="right")
    return np.minimum(np.cumsum(law[order])[below - 1], 1.0)

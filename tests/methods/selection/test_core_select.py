"""Large calls through the front door: every constraint kept to the cent, the gap told, the impossible proved."""

from dataclasses import replace

import pytest
from benchmarks.portfolio_instance import make

from terreau.methods.selection.core import solve_core
from terreau.methods.selection.holds import broken
from terreau.methods.selection.instance import Measure, Rule
from terreau.methods.selection.outcome import Status
from terreau.methods.selection.prices import prices
from terreau.methods.selection.program import program
from terreau.methods.selection.select import select


@pytest.mark.parametrize("options", [False, True])
def test_a_large_call_within_a_thousandth_of_its_bound(options):
    it = make(3_300, seed=1, options=options)
    outcome = select(it)
    assert outcome.status in {Status.FEASIBLE, Status.OPTIMAL}
    assert broken(it, outcome.granted) == []
    assert 0 <= outcome.gap <= 1e-3


def test_many_sums_at_once():
    """A second attribute of which each value is granted once: hundreds of rows beside the rules."""
    it = make(3_300, seed=2)
    public = replace(it.attributes["organisation"], indices=it.attributes["organisation"].indices[::-1])
    it = replace(it, attributes={**it.attributes, "site": public}, one_per=("organisation", "site"))
    assert len(program(it).source) > 600
    outcome = select(it)
    assert broken(it, outcome.granted) == []
    assert 0 <= outcome.gap <= 1e-3


def test_prices_prove_that_nothing_can_hold():
    it = make(3_300, seed=3)
    it = replace(it, rules=(*it.rules, Rule("region", "R01", Measure.MONEY, 2.0 * it.budget, is_floor=True)))
    assert solve_core(program(it)) is None
    assert select(it).status == Status.INFEASIBLE


def test_a_sample_gives_the_prices_of_all():
    p = program(make(6_000, seed=4))
    found, close = prices(p), prices(p, precision=1e-7)
    assert found.bound == pytest.approx(close.bound, rel=1e-4)
    assert close.bound <= found.bound * (1 + 1e-5)
    assert found.passes < 40

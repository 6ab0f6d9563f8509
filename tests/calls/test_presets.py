"""The ready rulebooks are coherent and say which of their parameters are fictional."""

import pytest

from terreau.calls import rulebook as rb
from terreau.calls.rulebook import presets

NAMES = [preset.key for preset in presets.available()]


@pytest.mark.parametrize("name", NAMES)
def test_a_model_can_be_published_as_it_is(name):
    rules = presets.load(name).rules
    assert rb.problems(rules) == []
    assert rb.parse(rb.dump(rules)) == rules


def test_the_model_of_2025_has_the_published_dates_and_minimum():
    rules = presets.load("novapec-2025").rules
    assert [w.deadline.date().isoformat() for w in rules.windows] == ["2025-03-01", "2025-07-21"]
    assert sum(w.envelope_cents for w in rules.windows) == 400_000_000
    assert rules.amounts.minimum_cents == 500_000
    assert "paramètre fictif" in rules.amounts.note
    assert len(rules.criteria) == 6
    assert sum(c.weight for c in rules.criteria) == 100
    assert len(rules.questions) >= 15


def test_the_routes_of_the_model_differ_by_kind():
    rules = presets.load("novapec-2025").rules
    ways = rb.routes(rules)
    assert {("pilot" in r.sections, "scaling" in r.sections) for r in ways} == {(True, False), (False, True)}
    assert any("cash_plan" in r.documents for r in ways)


@pytest.mark.parametrize("name", ["absent", "../presets/novapec-2025", ""])
def test_a_model_that_does_not_exist_is_not_found(name):
    with pytest.raises(KeyError):
        presets.load(name)

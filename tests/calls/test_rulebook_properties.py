"""What holds of every rulebook and every answer."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.calls.strategies import JSON, KINDS, OPTIONS, rulebooks, rules_and_answers

from terreau.calls import rulebook as rb

CALM = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@CALM
@given(rulebooks())
def test_dump_then_parse_gives_the_same_rules(rules):
    assert rb.parse(json.loads(json.dumps(rb.dump(rules)))) == rules


@CALM
@given(JSON, st.dictionaries(st.text(max_size=4), JSON, max_size=3))
def test_a_condition_always_answers_yes_or_no(condition, answers):
    assert rb.holds(condition, answers) in {True, False}
    assert rb.shown(rb.Question("q", "number", "Q", show_if=condition), answers) in {True, False}


@CALM
@given(rules_and_answers())
def test_every_set_of_answers_follows_a_listed_route(pair):
    rules, answers = pair
    found = rb.asked(rules, answers)
    seen = (
        tuple(s.key for s in found.sections),
        tuple(found.questions),
        tuple(d.key for d in found.documents),
    )
    ways = {(r.sections, r.questions, r.documents) for r in rb.routes(rules, complete=False, limit=10_000)}
    assert seen in ways


@CALM
@given(rules_and_answers())
def test_an_answer_that_counts_belongs_to_a_question_that_is_asked(pair):
    rules, answers = pair
    found = rb.asked(rules, answers)
    assert set(found.answers) <= set(found.questions)
    again = rb.asked(rules, found.answers)
    assert again == found


@CALM
@given(rulebooks())
def test_routes_are_distinct_and_come_in_one_order(rules):
    ways = rb.routes(rules)
    marks = [(r.sections, r.questions, r.documents) for r in ways]
    assert len(set(marks)) == len(marks)
    assert ways == rb.routes(rules)


@CALM
@given(rulebooks())
def test_coherent_rules_have_nothing_that_forbids_publishing(rules):
    allowed = {"Cette section est vide."}
    assert [p for p in rb.blocking(rules) if p.text not in allowed] == []


@CALM
@given(st.sampled_from(KINDS), JSON, st.booleans(), st.none() | st.integers(1, 5))
def test_checking_any_json_gives_sentences(kind, value, required, limit):
    question = rb.Question("q", kind, "Q", required=required, limit=limit, choices=OPTIONS, minimum=2, maximum=4)
    found = rb.check_answer(question, value, {})
    assert all(isinstance(text, str) and text for text in found)
    assert isinstance(rb.in_words(question, value), str)


@CALM
@given(st.sampled_from(KINDS), JSON)
def test_normalising_twice_changes_nothing(kind, raw):
    question = rb.Question("q", kind, "Q", choices=OPTIONS)
    value = rb.normalise(question, raw)
    assert json.dumps(rb.normalise(question, value)) == json.dumps(value)


@CALM
@given(rulebooks(), rulebooks())
def test_two_rulebooks_differ_exactly_when_a_change_is_told(old, new):
    assert bool(rb.compare(old, new)) == (old != new)
    assert all(str(change) for change in rb.compare(old, new))

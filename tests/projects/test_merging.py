"""Joining what two people wrote: nothing that either typed may be lost, nothing may be invented."""

import re

from hypothesis import given
from hypothesis import strategies as st

from terreau.projects.actions.merging import GAP, MISSING, merge, merge_texts

WORDS = st.lists(st.sampled_from(["le", "projet", "aide", "les", "cadres", "à", "Gap.", "\n\n"]), max_size=40)
TEXT = WORDS.map(" ".join)


def words(text):
    return re.findall(r"\S+", text)


BASE = (
    "Nous aidons les jeunes diplômés de Dunkerque à trouver leur premier emploi. "
    "Une marraine suit chacun pendant un an."
)


def test_changes_far_apart_are_joined():
    mine = BASE.replace("Nous aidons", "Depuis 2019, nous aidons")
    theirs = BASE.replace("pendant un an", "pendant dix-huit mois")
    assert merge_texts(BASE, mine, theirs) == mine.replace("pendant un an", "pendant dix-huit mois")


def test_changes_of_the_same_words_are_a_choice():
    assert merge_texts(BASE, BASE.replace("un an", "deux ans"), BASE.replace("un an", "six mois")) is MISSING


def test_two_endings_are_a_choice():
    assert merge_texts(BASE, f"{BASE} Puis rien.", f"{BASE} Puis tout.") is MISSING


def test_closer_than_the_gap_is_a_choice():
    base = "un deux trois quatre cinq six"
    assert merge_texts(base, base.replace("un", "1"), base.replace("quatre", "4")) is not MISSING or GAP > 2
    assert merge_texts(base, base.replace("un", "1"), base.replace("deux", "2")) is MISSING


def test_an_enormous_pair_is_left_to_people_at_once():
    mine, theirs = ("a b " * 3000, "c d " * 3000)
    assert merge_texts("e f " * 3000, mine, theirs) is MISSING


@given(TEXT, TEXT, TEXT)
def test_joining_loses_no_word_that_either_added(base, mine, theirs):
    joined = merge_texts(base, mine, theirs)
    if joined is MISSING:
        return
    for text in (mine, theirs):
        added = [w for w in words(text) if words(text).count(w) > words(base).count(w)]
        assert set(added) <= set(words(joined))
    assert set(words(joined)) <= {*words(base), *words(mine), *words(theirs)}


@given(TEXT, TEXT, TEXT)
def test_joining_does_not_depend_on_who_came_first(base, mine, theirs):
    assert merge_texts(base, mine, theirs) == merge_texts(base, theirs, mine)


@given(TEXT, TEXT)
def test_a_side_that_changed_nothing_yields(base, mine):
    assert merge(base, mine, base) == mine
    assert merge(base, base, mine) == mine
    assert merge(base, mine, mine) == mine


COUNTS = st.dictionaries(st.sampled_from(["cadre", "graduate", "firm"]), st.integers(0, 5))


@given(COUNTS, COUNTS, COUNTS)
def test_counts_are_joined_key_by_key(base, mine, theirs):
    joined = merge(base, mine, theirs)
    clash = [
        k
        for k in {*base, *mine, *theirs}
        if base.get(k) != mine.get(k) != theirs.get(k) and base.get(k) != theirs.get(k)
    ]
    if joined is MISSING:
        assert clash
        return
    assert joined == merge(base, theirs, mine)
    for k in joined:
        assert joined[k] in (mine.get(k), theirs.get(k))


KEYS = st.lists(st.sampled_from("abcdef"), unique=True)


@given(KEYS, KEYS, KEYS)
def test_choices_are_joined_as_sets(base, mine, theirs):
    joined = merge(base, mine, theirs)
    assert set(joined) >= (set(mine) - set(base)) | (set(theirs) - set(base))
    assert set(joined) & set(base) <= (set(mine) & set(theirs))


def test_tables_that_both_changed_are_a_choice():
    base = [{"rubric": "60", "amount_cents": 1}]
    assert merge(base, [*base, {"rubric": "64", "amount_cents": 2}], []) is MISSING

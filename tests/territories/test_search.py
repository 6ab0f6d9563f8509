"""Search tolerates what people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import geography

from terreau.territories import queries
from terreau.territories.models import Level
from terreau.territories.queries.finder import plain


@pytest.fixture
def places(db):
    return geography.grand_est()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("saint-dizier", "52448"),
        ("SAINT DIZIER", "52448"),
        ("st dizier", "52448"),
        ("St-Diz", "52448"),
        ("dizier saint", "52448"),
        ("saintdizier", "52448"),
        ("chalons", "51108"),
        ("Châlons en champ", "51108"),
        ("vitry le francois", "51649"),
        ("françois", "51649"),
        ("52300", "52250"),
        ("5230", "52250"),
        ("52448", "52448"),
        ("52000 chama", "52125"),
        ("Brottes", "52121"),
        ("52078", "52121"),
    ],
)
def test_a_commune_is_found_as_people_type_it(places, typed, expected):
    found = queries.search(typed)
    assert found[0].code == expected


def test_the_former_name_that_matched_is_told(places):
    assert queries.search("brott")[0].found_as == "Brottes"
    assert queries.search("chaumont")[0].found_as == ""


def test_the_very_name_comes_before_longer_ones_and_the_populous_before_the_small(places):
    assert [t.name for t in queries.search("chaumont")][:2] == ["Chaumont", "CA de Chaumont"]
    assert [t.code for t in queries.search("52000")] == ["52121", "52125"]
    assert queries.search("marne")[0].code == "51"


def test_levels_filter_and_limit(places):
    assert {t.level for t in queries.search("cha", levels=[Level.COMMUNE])} == {"commune"}
    assert len(queries.search("cha", limit=2)) == 2
    assert queries.search("zzz") == queries.search("  -’ ") == []


def test_a_new_territory_is_found_at_once(places):
    assert not queries.search("Wassy")
    geography.place(Level.COMMUNE, "52550", "Wassy")
    assert [t.code for t in queries.search("Wassy")] == ["52550"]


def test_four_queries_whatever_is_found(places, django_assert_num_queries):
    queries.search("x")
    with django_assert_num_queries(4):
        assert len(queries.search("cha")) == 4
    with django_assert_num_queries(4):
        assert len(queries.search("joinville")) == 1


@given(st.text())
def test_plain_text_is_stable_and_plain(text):
    once = plain(text)
    assert plain(once) == once
    assert once.isascii()
    assert once == once.lower()

"""The choice of territories as a form field, without JavaScript."""

import pytest
from django import forms
from django.http import QueryDict
from tests import geography

from terreau.territories.models import Level
from terreau.web.ui.territory_picker import TerritoriesField, searching


class PlacesForm(forms.Form):
    places = TerritoriesField(label="Territoires")
    seat = TerritoriesField(label="Commune", levels=[Level.COMMUNE], single=True, required=False)


@pytest.fixture(autouse=True)
def places(db):
    return geography.grand_est()


def form(text):
    return PlacesForm(QueryDict(text))


def test_ticked_boxes_are_the_value_each_once():
    sent = form("places=commune:52121&places=region:44&places=commune:52121")
    assert sent.is_valid()
    assert sent.cleaned_data["places"] == ["commune:52121", "region:44"]


def test_a_search_shows_boxes_and_keeps_what_was_chosen():
    sent = form("places=commune:52448&places-q=chaumont&places-search=1")
    assert searching(sent)
    page = str(sent["places"])
    assert page.count('type="checkbox"') == 3
    assert page.count("checked") == 1
    assert 'value="commune:52121"' in page
    assert not searching(form("places=commune:52448&places-q=+"))


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", "places"),
        ("places=commune:99999", "places"),
        ("places=nonsense", "places"),
        ("places=region:44&seat=region:44", "seat"),
        ("places=region:44&seat=commune:52121&seat=commune:52448", "seat"),
    ],
)
def test_bad_values_are_told_at_the_field(text, field):
    assert list(form(text).errors) == [field]


def test_a_value_that_did_not_move_has_not_changed():
    field = TerritoriesField()
    assert not field.has_changed(["region:44", "commune:52121"], ["commune:52121", "region:44"])
    assert field.has_changed([], ["region:44"])

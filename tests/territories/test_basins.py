"""A basin is drawn from communes, across département lines, and never vanishes from under a file."""

import json

import pytest
from tests import factories, geography

from terreau.core import journal
from terreau.territories import actions, queries
from terreau.territories.models import Level, Outline, Territory


@pytest.fixture
def places(db):
    return geography.grand_est()


@pytest.fixture
def by(db):
    return factories.person()


def pick(places, *codes):
    return [places[f"commune:{code}"] for code in codes]


def test_a_basin_crosses_departements_and_sums_its_communes(places, by):
    basin = actions.draw_basin("Trois  villes", pick(places, "52121", "52448", "51649"), by=by)
    assert (basin.code, basin.name, basin.level) == ("B00001", "Trois villes", Level.BASIN)
    assert basin.population == 20_827 + 22_780 + 11_203
    assert {t.code for t in queries.inside(basin, Level.DEPARTEMENT)} == {"51", "52"}
    assert queries.regions_of([basin]) == {places["region:44"].pk}
    assert json.loads(Outline.objects.get(territory=basin).geometry)["type"] == "MultiPolygon"
    assert journal.history(basin).get().details["communes"] == ["51649", "52121", "52448"]


def test_the_outline_is_the_union_and_the_centre_its_own(places, by):
    basin = actions.draw_basin("Deux voisines", pick(places, "52121", "52125"), by=by)
    shape = json.loads(Outline.objects.get(territory=basin).geometry)
    xs = [x for x, _y in shape["coordinates"][0]]
    assert (shape["type"], min(xs), max(xs)) == ("Polygon", 4.8, 5.2)
    assert (basin.longitude, basin.latitude) == (5.0, 48.1)


def test_an_epci_brings_its_communes(places, by):
    basin = actions.draw_basin("CA et ville", [places["epci:200066000"], *pick(places, "52121", "52448")], by=by)
    assert basin.parts.count() == 3


def test_a_redrawn_basin_keeps_its_code_and_is_found_by_its_new_name(places, by):
    basin = actions.draw_basin("Ancien", pick(places, "52121"), by=by)
    assert [t.pk for t in queries.search("ancien")] == [basin.pk]
    actions.redraw(basin, name="Nouveau", communes=pick(places, "52448"), by=by)
    assert not queries.search("ancien")
    assert queries.search("nouveau")[0].population == 22_780
    assert actions.draw_basin("Autre", pick(places, "52121"), by=by).code == "B00002"


@pytest.mark.parametrize(("name", "codes"), [("", ["52121"]), ("Vide", []), ("x" * 121, ["52121"])])
def test_a_name_and_communes_are_needed(places, by, name, codes):
    with pytest.raises(ValueError, match=r"Donnez|Choisissez"):
        actions.draw_basin(name, pick(places, *codes), by=by)
    assert not Territory.objects.filter(level=Level.BASIN).exists()


def test_a_basin_in_use_is_not_deleted(places, by):
    basin = actions.draw_basin("Utile", pick(places, "52121"), by=by)
    application = factories.application()
    application.territories.add(basin)
    with pytest.raises(ValueError, match="sert encore"):
        actions.delete(basin, by=by)
    application.territories.clear()
    actions.delete(basin, by=by)
    assert not Territory.objects.filter(level=Level.BASIN).exists()

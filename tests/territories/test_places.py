from tests import geography

from terreau.territories import queries
from terreau.territories.models import Level, Territory


def test_an_old_code_leads_to_the_commune_of_today(db):
    geography.grand_est()
    assert queries.current_commune("52121").name == "Chaumont"
    assert queries.current_commune("52078").name == "Chaumont"
    assert queries.current_commune("99999") is None


def test_communes_of_each_level(db):
    places = geography.grand_est()
    assert queries.communes_of(places["region:44"]).count() == 6
    assert queries.communes_of(places["departement:51"]).count() == 2
    assert queries.communes_of(places["epci:200066000"]).count() == 2
    assert queries.communes_of(places["commune:52121"]).get() == places["commune:52121"]


def test_keys_keep_their_order_and_unknown_ones_fall_out(db):
    geography.grand_est()
    found = queries.by_keys(["commune:52448", "region:44", "commune:00000", "nonsense", "commune:52448"])
    assert [t.key for t in found] == ["commune:52448", "region:44"]


def test_regions_of_any_mix_in_one_query(db, django_assert_num_queries):
    places = geography.grand_est()
    other = geography.place(Level.REGION, "27", "Bourgogne-Franche-Comté")
    far = geography.place(Level.COMMUNE, "21200", "Is-sur-Tille", region=other)
    basin = Territory.objects.create(level=Level.BASIN, code="B00001", name="Bassin")
    basin.parts.set([far, places["commune:52121"]])
    with django_assert_num_queries(0):
        assert queries.regions_of([places["commune:52121"], other]) == {places["region:44"].pk, other.pk}
    with django_assert_num_queries(1):
        assert queries.regions_of([basin, places["epci:200066000"]]) == {places["region:44"].pk, other.pk}


def test_what_is_inside_and_near(db):
    places = geography.grand_est()
    assert [t.code for t in queries.inside(places["epci:200066000"], Level.DEPARTEMENT)] == ["52"]
    assert [t.name for t in queries.inside(places["region:44"], Level.COMMUNE)][:2] == [
        "Châlons-en-Champagne",
        "Saint-Dizier",
    ]
    assert queries.nearest(places["commune:52121"])[0].name == "Chamarandes-Choignes"

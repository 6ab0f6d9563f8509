"""The pages of the territories, open to all."""

from datetime import date

import pytest
from django.urls import reverse
from tests import geography

from terreau.funding.models import ForeignGrant, GrantSource
from terreau.territories.models import Level, Source


@pytest.fixture
def places(db, settings, tmp_path):
    settings.HOME = tmp_path  # no data pack here
    return geography.grand_est()


def test_the_search_answers_a_plain_page_a_fragment_and_json(client, places):
    url = reverse("public:territory-search")
    page = client.get(reverse("public:territories"), {"q": "st diz"})
    assert "Saint-Dizier" in page.text
    assert "<html" in page.text
    fragment = client.get(url, {"q": "st diz"}, headers={"HX-Request": "true"})
    assert "/territoires/commune/52448/" in fragment.text
    assert "<html" not in fragment.text
    answer = client.get(url, {"q": "st diz"}, headers={"Accept": "application/json"})
    assert answer.json()["results"][0] | {"population": 22_780} == answer.json()["results"][0]
    assert answer.json()["results"][0]["key"] == "commune:52448"


def test_levels_narrow_the_search_and_nonsense_is_ignored(client, places):
    url = reverse("public:territory-search")
    json = {"Accept": "application/json"}
    assert [
        r["level"] for r in client.get(url, {"q": "chaumont", "levels": "epci"}, headers=json).json()["results"]
    ] == ["epci"]
    assert len(client.get(url, {"q": "chaumont", "levels": "moon"}, headers=json).json()["results"]) == 2
    assert client.get(url, headers=json).json()["results"] == []


@pytest.mark.parametrize("key", ["commune:52121", "epci:200066000", "departement:52", "region:44"])
def test_each_level_has_its_page_with_its_map(client, places, key):
    territory = places[key]
    page = client.get(territory.get_absolute_url())
    assert page.status_code == 200
    assert territory.name in page.text
    assert 'class="map-own"' in page.text


def test_a_merged_commune_leads_to_the_one_of_today(client, places):
    old = reverse("public:territory", args=["commune", "52078"])
    assert client.get(old).headers["Location"] == places["commune:52121"].get_absolute_url()
    assert client.get(reverse("public:territory", args=["commune", "99999"])).status_code == 404
    assert client.get(reverse("public:territory", args=["moon", "52121"])).status_code == 404


def test_what_is_missing_is_said_with_its_command(client, places):
    page = client.get(places["commune:52121"].get_absolute_url()).text
    assert "terreau data load DOSSIER" in page
    assert "terreau data build" in page
    Source.objects.create(key="cog", label="Communes", vintage="COG 2026", licence="Licence Ouverte 2.0", rows=6)
    page = client.get(places["commune:52121"].get_absolute_url()).text
    assert "terreau data build" not in page
    assert "COG 2026" in page


def test_the_number_of_queries_does_not_grow_with_the_communes(client, places, django_assert_num_queries):
    epci = places["epci:200066000"]
    few = geography.place(
        Level.EPCI, "200000001", "CC à une commune", geography.square(0, 2), region=places["region:44"]
    )
    places["commune:52448"].epci = few
    places["commune:52448"].save()
    three = geography.place(Level.COMMUNE, "52999", "Troisième", geography.square(1, 1), latitude=48.3, longitude=5.1)
    three.epci, three.departement, three.region = epci, places["departement:52"], places["region:44"]
    three.save()
    for territory in (few, epci):
        with django_assert_num_queries(13):
            client.get(territory.get_absolute_url())


def foreign_grant(commune, number, **fields):
    source, _made = GrantSource.objects.get_or_create(name="x.csv", digest="x", standard="scdl")
    defaults = {"funder_name": "Ville", "funder_id": "1", "beneficiary_name": f"Asso {number}", "purpose": "Insertion"}
    cents = {"amount_cents": 120_000, "part_cents": 60_000}
    ForeignGrant.objects.create(
        key=f"k{number}",
        source=source,
        territory=commune,
        signed_on=date(2024, 1, 1 + number),
        **defaults,
        **cents | fields,
    )


def test_what_other_funders_gave_here_under_one_count_of_queries(client, places, django_assert_num_queries):
    epci, commune = places["epci:200066000"], places["commune:52121"]
    assert "Subventions d’autres financeurs" not in client.get(epci.get_absolute_url()).text
    foreign_grant(places["commune:52448"], 0)
    for numbers in ((1,), (2, 3)):
        for number in numbers:
            foreign_grant(commune, number, currency="GBP" if number == 3 else "EUR")
        with django_assert_num_queries(13):
            page = client.get(epci.get_absolute_url()).text
    assert "600\xa0€" in page
    assert "600,00\xa0GBP" in page
    assert page.index("Asso 3") < page.index("Asso 1")
    assert "Asso 0" not in page


def test_the_picker_map_goes_down_to_the_communes(client, places):
    url = reverse("public:territory-map")
    france = client.get(url, {"name": "t"}).text
    assert "in=departement:52" in france
    inside = client.get(url, {"name": "t", "in": "departement:52"}).text
    assert "key=commune:52448" in inside
    assert "commune:51649" not in inside


def test_a_click_on_the_map_answers_a_ticked_box(client, places):
    url = reverse("public:territory-choice")
    box = client.get(url, {"name": "t", "key": "commune:52448"}).text
    assert 'name="t"' in box
    assert "checked" in box
    assert client.get(url, {"name": "t", "key": "commune:00000"}).status_code == 404

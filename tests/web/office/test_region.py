"""A delegate's région: coverage, directory, and the reasoned opinion."""

import factories
import pytest

from terreau.accounts.models import Role
from terreau.projects.lifecycle import State
from terreau.projects.queries import coverage
from terreau.selection.models import Opinion
from terreau.territories.models import Level, Territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def places():
    """One région, two départements with a commune each, an EPCI and a zone across both."""
    region = factories.region()
    make = Territory.objects.create
    made = {"region": region}
    made["epci"] = make(level=Level.EPCI, code="200", name="CC du Der")
    made["zone"] = make(level=Level.ZONE, code="4411", name="Saint-Dizier")
    for code, name, town in [("52", "Haute-Marne", "Saint-Dizier"), ("51", "Marne", "Vitry-le-François")]:
        departement = make(level=Level.DEPARTEMENT, code=code, name=name, region=region)
        made[code] = departement
        made[town] = make(
            level=Level.COMMUNE,
            code=f"{code}448",
            name=town,
            region=region,
            departement=departement,
            epci=made["epci"],
            zone=made["zone"],
        )
    return made


@pytest.fixture
def delegate(client, places):
    delegate = factories.person(Role.DELEGATE, regions=[places["region"]])
    client.force_login(delegate)
    return delegate


def make(call, places, *names, **fields):
    file = factories.application(of=call, region=places["region"], **{"state": State.SUBMITTED} | fields)
    file.territories.set(places[name] for name in names)
    return file


@pytest.mark.parametrize(
    ("names", "level", "counts"),
    [
        (["Saint-Dizier"], Level.DEPARTEMENT, {"Haute-Marne": 1, "Marne": 0}),
        (["51"], Level.DEPARTEMENT, {"Haute-Marne": 0, "Marne": 1}),
        (["epci"], Level.DEPARTEMENT, {"Haute-Marne": 1, "Marne": 1}),
        (["region"], Level.DEPARTEMENT, {"Haute-Marne": 1, "Marne": 1}),
        (["zone"], Level.DEPARTEMENT, {"Haute-Marne": 1, "Marne": 1}),
        (["Saint-Dizier", "Vitry-le-François"], Level.ZONE, {"Saint-Dizier": 1}),
        (["52"], Level.ZONE, {"Saint-Dizier": 1}),
        ([], Level.DEPARTEMENT, {"Haute-Marne": 0, "Marne": 0}),
    ],
)
def test_a_file_counts_where_its_territories_reach(places, names, level, counts):
    file = make(factories.call(), places, *names)
    found = coverage.coverage(type(file).objects.all(), [places["region"].pk], level)
    assert {place.territory.name: place.files for place in found} == counts


def test_a_basin_reaches_the_communes_it_is_drawn_from(places):
    basin = Territory.objects.create(level=Level.BASIN, code="b1", name="Bassin")
    basin.parts.set([places["Saint-Dizier"], places["Vitry-le-François"]])
    file = make(factories.call(), places | {"basin": basin}, "basin", state=State.SELECTED)
    found = coverage.coverage(type(file).objects.all(), [places["region"].pk], Level.DEPARTEMENT)
    assert [(p.files, p.selected, p.requested_cents) for p in found] == [(1, 1, 5_000_000)] * 2


def test_the_page_says_where_nothing_is(client, delegate, places):
    call = factories.call()
    make(call, places, "Saint-Dizier")
    make(call, places)
    page = client.get("/bureau/region/")
    assert [place.name for place in page.context["empty"]] == ["Marne"]
    assert page.context["unplaced"] == 1


def test_a_delegate_opens_their_region_alone(client, delegate, places):
    factories.region("53", "Bretagne")
    page = client.get("/bureau/region/?region=53")
    assert [r.name for r in page.context["choices"]] == ["Grand Est"]
    assert page.context["region"] == places["region"]


def test_the_directory_lists_the_seats_of_the_region(client, delegate, places):
    here = factories.organisation(name="Écologie Der", commune=places["Saint-Dizier"])
    factories.organisation(name="Ailleurs")
    factories.application(holder=here, state=State.SUBMITTED, region=places["region"])
    page = client.get("/bureau/region/?q=ecologie")
    assert [(o.name, o.files) for o in page.context["page"]] == [("Écologie Der", 1)]
    assert not client.get("/bureau/region/?q=mulhouse").context["page"].object_list


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_whatever_it_holds(client, delegate, places, count, django_assert_num_queries):
    call = factories.call()
    for number in range(count):
        factories.organisation(name=f"Structure {number}", commune=places["Saint-Dizier"])
        make(call, places, "Saint-Dizier", "epci")
    with django_assert_num_queries(17):
        client.get("/bureau/region/")


@pytest.mark.parametrize("state", [State.ADMITTED, State.IN_REVIEW])
def test_an_opinion_is_kept_then_rendered(client, delegate, places, state):
    file = make(factories.call(), places, state=state)
    url = f"/bureau/dossiers/{file.reference}/avis/"
    assert "Innovation sociale" in client.get(url).content.decode()
    saved = client.post(url, {"score-innovation": "4"}, headers={"HX-Request": "true"})
    assert "Brouillon enregistré" in saved.content.decode()
    opinion = Opinion.objects.get()
    assert (opinion.scores, opinion.rendered_at) == ({"innovation": 4}, None)
    said = {"score-innovation": "3", "score-impact": "5", "verdict": "favourable", "text": "Utile au bassin."}
    assert client.post(url, said).url == f"/bureau/dossiers/{file.reference}/"
    opinion.refresh_from_db()
    assert (opinion.verdict, opinion.scores) == ("favourable", {"innovation": 3, "impact": 5})
    assert opinion.rendered_at
    assert "Utile au bassin." in client.get(f"/bureau/dossiers/{file.reference}/").content.decode()


def test_a_score_out_of_the_grid_is_refused(client, delegate, places):
    file = make(factories.call(), places, state=State.IN_REVIEW)
    page = client.post(f"/bureau/dossiers/{file.reference}/avis/", {"score-impact": "9", "text": "Long texte"})
    assert page.context["form"].errors
    assert "Long texte" in page.content.decode()
    assert not Opinion.objects.exists()


@pytest.mark.parametrize(("role", "state"), [(Role.DELEGATE, State.SELECTED), (Role.OFFICER, State.IN_REVIEW)])
def test_an_opinion_has_its_moment_and_its_author(client, places, role, state):
    file = make(factories.call(), places, state=state)
    client.force_login(factories.person(role, regions=[places["region"]]))
    assert client.get(f"/bureau/dossiers/{file.reference}/avis/").status_code == 403


def test_a_file_shared_with_the_region_receives_its_opinion(client, delegate, places):
    file = factories.application(state=State.IN_REVIEW, region=factories.region("53", "Bretagne"))
    url = f"/bureau/dossiers/{file.reference}/avis/"
    assert client.get(url).status_code == 404
    file.regions.add(places["region"])
    assert client.get(url).status_code == 200

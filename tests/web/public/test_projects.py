import pytest
from tests import factories

from terreau.calls.lifecycle import State as CallState
from terreau.projects.lifecycle import State
from terreau.projects.models import Document, Partner

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return factories.call(state=CallState.CLOSED, edition=2025)


def selected(call, **fields):
    return factories.application(of=call, state=State.SELECTED, **fields)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_much_whatever_its_length(client, call, rows, django_assert_num_queries):
    region = factories.region()
    for _ in range(rows):
        selected(call, region=region, themes=["mentoring"], publics={"cadre": 10})
    client.get("/projets/")  # draws France, which is kept
    with django_assert_num_queries(16):
        page = client.get("/projets/").content.decode()
    assert page.count('class="card"') == rows


def test_only_what_was_announced_is_shown(client, call):
    shown = selected(call, title="Annoncé")
    hidden = [
        selected(call, title="Secret", announced_at=None),
        factories.application(of=call, state=State.DECLINED, title="Refusé"),
        factories.application(of=call, state=State.DRAFT, title="Brouillon"),
        selected(factories.call(state=CallState.DRAFT), title="Appel en préparation"),
    ]
    page = client.get("/projets/").content.decode()
    assert "Annoncé" in page
    assert client.get(f"/projets/{shown.reference}/").status_code == 200
    for application in hidden:
        assert application.title not in page
        assert client.get(f"/projets/{application.reference}/").status_code == 404


def test_a_project_page_says_who_where_how_much_and_no_contact(client, call, django_assert_max_num_queries):
    owner = factories.membership()
    project = selected(
        call, owner=owner, region=factories.region(), themes=["mentoring"], publics={"cadre": 25}, title="Tremplin"
    )
    Partner.objects.create(application=project, name="Atelier Roux", contribution="Visites", siret=factories.siret())
    Document.objects.create(application=project, key="statutes", name="statuts-secrets.pdf", mime="a/b", size=1)
    with django_assert_max_num_queries(10):
        page = client.get(f"/projets/{project.reference}/").content.decode()
    for word in ("Tremplin", owner.organisation.name, "Grand Est", "Cadres", "25", "Parrainage", "Atelier Roux"):
        assert word in page
    assert "50\u00a0000\u00a0€" in page
    assert owner.user.email not in page
    assert owner.user.last_name not in page
    assert "statuts-secrets" not in page


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("region=44", {"Est"}),
        ("theme=mobility", {"Ouest"}),
        ("public=graduate", {"Ouest"}),
        ("kind=scaling", {"Ouest"}),
        ("text=est+utile", {"Est", "Ouest"}),
        ("text=ÔUEST", {"Ouest"}),
        ("text=introuvable", set()),
        ("edition=2025&region=53", {"Ouest"}),
        ("edition=1999", {"Est", "Ouest"}),
        ("region=<script>&page=99", {"Est", "Ouest"}),
    ],
)
def test_filters_narrow_and_nonsense_narrows_nothing(client, call, query, kept):
    selected(call, title="Est", region=factories.region(), themes=["mentoring"], publics={"cadre": 10})
    west = factories.region("53", "Bretagne")
    selected(call, title="Ouest", region=west, themes=["mobility"], publics={"graduate": 5}, kind="scaling")
    page = client.get(f"/projets/?{query}").content.decode()
    assert {name for name in ("Est", "Ouest") if f">{name}</a>" in page} == kept
    assert "<script>&" not in page


def test_a_shared_project_is_found_in_each_of_its_regions(client, call):
    project = selected(call, title="Commun", region=factories.region())
    project.regions.add(factories.region("53", "Bretagne"))
    assert ">Commun</a>" in client.get("/projets/?region=53").content.decode()


def test_nothing_yet_is_said_kindly(client):
    page = client.get("/projets/")
    assert page.status_code == 200
    assert "Aucun projet ne correspond" in page.content.decode()

import re
from itertools import pairwise

import pytest
from tests import factories

from terreau.calls.lifecycle import State as CallState
from terreau.projects.lifecycle import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def addresses():
    call = factories.call(slug="ouvert")
    old = factories.call(slug="clos", state=CallState.CLOSED)
    for number in range(40):
        project = factories.application(
            of=old,
            state=State.SELECTED,
            region=factories.region(str(number % 5 + 10), f"Région {number % 5}"),
            themes=["mentoring"],
            publics={"cadre": 10},
            summary="Un texte long. " * 60,
        )
    return [
        "/",
        "/appels/",
        f"/appels/{call.slug}/",
        f"/appels/{call.slug}/versions/",
        f"/appels/{call.slug}/eligibilite/",
        "/projets/",
        f"/projets/{project.reference}/",
        f"/editions/{old.slug}/chiffres/",
        "/simulateur-de-don/?turnover=600000&money=26000&hours=24&monthly=5400&benefit=9000&tax=4000",
        "/mentions-legales/",
        "/accessibilite/",
        "/donnees-personnelles/",
        "/plan-du-site/",
        "/nulle-part/",
    ]


def test_every_page_is_public_light_and_asks_nobody_else(client, addresses):
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == (404 if "nulle-part" in address else 200), address
        page = answer.content.decode()
        assert len(answer.content) < 120_000, address
        assert re.findall(r'(?:src|href|action)="(?:https?:)?//[^"]*', page) == [], address
        assert "style=" not in page, address
        assert page.count("<h1") == 1, address
        assert '<html lang="fr"' in page, address
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], address


def test_headings_never_skip_a_level(client, addresses):
    for address in addresses:
        levels = [int(n) for n in re.findall(r"<h([1-6])", client.get(address).content.decode())]
        jumps = [(a, b) for a, b in pairwise(levels) if b > a + 1]
        assert jumps == [], address


@pytest.mark.parametrize("rows", [1, 3])
def test_the_home_page_asks_as_much_whatever_there_is(client, rows, django_assert_num_queries):
    for _ in range(rows):
        factories.call()
    old = factories.call(state=CallState.CLOSED)
    for _ in range(rows):
        factories.application(of=old, state=State.SELECTED)
    with django_assert_num_queries(8):
        page = client.get("/").content.decode()
    assert page.count("Puis-je candidater") == rows


def test_the_home_page_stands_before_anything_exists(client):
    page = client.get("/").content.decode()
    assert "Aucun appel ouvert en ce moment" in page
    assert "en chiffres" not in page


def test_legal_pages_name_the_publisher_or_say_that_it_is_missing(client, settings):
    assert "Non renseigné" in client.get("/mentions-legales/").content.decode()
    settings.PUBLISHER, settings.CONTACT = "Le financeur", "contact@exemple.fr"
    for address in ("/mentions-legales/", "/donnees-personnelles/"):
        page = client.get(address).content.decode()
        assert "Le financeur" in page
        assert "contact@exemple.fr" in page

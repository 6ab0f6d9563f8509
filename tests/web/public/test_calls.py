from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from tests import factories

from terreau.calls import rulebook
from terreau.calls.lifecycle import State
from terreau.calls.models import Version

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_much_whatever_its_length(client, rows, django_assert_num_queries):
    for _ in range(rows):
        factories.call()
    with django_assert_num_queries(2):
        page = client.get("/appels/").content.decode()
    assert page.count("Puis-je candidater") == rows


def test_a_call_page_says_all_that_one_needs(client, django_assert_num_queries):
    call = factories.call(title="Innovation 2026", summary="Pour des projets utiles.")
    with django_assert_num_queries(3):
        page = client.get(f"/appels/{call.slug}/").content.decode()
    for word in (
        "Innovation 2026",
        "Pour des projets utiles.",
        "Le financeur",
        "5\u00a0000\u00a0€",
        "200\u00a0000\u00a0€",
        "70\u00a0%",
        "Association loi 1901",
        "au moins 12 mois",
        "Règlement, article 2",
        "Innovation sociale",
        "67\u00a0%",
        "Que change le projet ?",
        "Statuts",
        "Jeunes diplômés",
        "version 1",
    ):
        assert word in page


def test_a_call_in_preparation_is_nobodys_business(client):
    call = factories.call(state=State.DRAFT)
    for address in ("", "versions/", "eligibilite/"):
        assert client.get(f"/appels/{call.slug}/{address}").status_code == 404
    assert call.title not in client.get("/appels/").content.decode()


def test_a_change_of_rules_is_shown(client):
    call = factories.call()
    now = timezone.now()
    rules = replace(factories.rules(), amounts=rulebook.Amounts(1_000_000, 20_000_000, 0.7))
    Version.objects.create(
        call=call, number=2, content=rulebook.dump(rules), published_at=now, note="Minimum porté à 10 000 €."
    )
    page = client.get(f"/appels/{call.slug}/").content.decode()
    assert f"/appels/{call.slug}/versions/" in page
    page = client.get(f"/appels/{call.slug}/versions/").content.decode()
    assert "Minimum porté à 10 000 €." in page
    assert "10\u00a0000\u00a0€" in page


@pytest.mark.parametrize(
    ("opens", "closes", "said"),
    [(-2, 2, "ouverte"), (2, 4, "à venir"), (-4, -2, "close")],
    ids=["open", "soon", "past"],
)
def test_a_window_says_whether_it_is_open(client, opens, closes, said):
    now = timezone.now()
    window = rulebook.WindowRule("w", "Mai", now + timedelta(opens), now + timedelta(closes), 100)
    call = factories.call(rulebook_=factories.rules(windows=(window,)))
    assert f">{said}</span>" in client.get(f"/appels/{call.slug}/").content.decode()

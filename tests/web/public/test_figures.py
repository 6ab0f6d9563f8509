import csv
from datetime import timedelta

import pytest
from django.utils import timezone
from tests import factories

from terreau.calls.lifecycle import State as CallState
from terreau.calls.rulebook import WindowRule
from terreau.projects.lifecycle import State
from terreau.projects.queries import public

pytestmark = pytest.mark.django_db


def past():
    now = timezone.now()
    return factories.rules(windows=(WindowRule("mai", "Mai", now - timedelta(90), now - timedelta(60), 1),))


@pytest.fixture
def call():
    return factories.call(state=CallState.CLOSED, edition=2025, slug="edition-2025", rulebook_=past())


@pytest.fixture
def edition(call):
    """Two files selected (one not announced), one declined, one draft, one withdrawn."""
    east, west = factories.region(), factories.region("53", "Bretagne")
    make = factories.application
    make(
        of=call,
        state=State.SELECTED,
        region=east,
        themes=["mentoring", "mobility"],
        publics={"cadre": 40, "graduate": 2},
        granted_cents=4_000_000,
    )
    make(of=call, state=State.SELECTED, region=west, announced_at=None, publics={"cadre": 900}, themes=["mobility"])
    make(of=call, state=State.DECLINED, region=west, kind="scaling", publics={"cadre": 7})
    make(of=call, state=State.DRAFT, region=east, themes=["mentoring"])
    make(of=call, state=State.WITHDRAWN, region=east)
    return call


def test_the_figures_count_what_was_filed_and_announced(edition, django_assert_num_queries):
    with django_assert_num_queries(3):  # the rules were read when the call was made
        figures = public.edition_figures(edition)
    total = figures.total
    assert (total.filed, total.selected, total.expected) == (3, 1, 42)
    assert (total.requested_cents, total.granted_cents) == (15_000_000, 4_000_000)
    assert figures.rate == pytest.approx(1 / 3)
    assert [(r.label, r.filed, r.selected) for r in figures.regions] == [("Bretagne", 2, 0), ("Grand Est", 1, 1)]
    assert [(r.label, r.filed) for r in figures.kinds] == [("Expérimentation", 2), ("Changement d’échelle", 1)]
    assert [(r.label, r.filed, r.granted_cents) for r in figures.themes] == [
        ("Mobilité", 2, 4_000_000),
        ("Parrainage", 1, 4_000_000),
    ]
    assert {r.key: (r.filed, r.expected) for r in figures.publics} == {"cadre": (3, 40), "graduate": (1, 2)}


def test_a_window_still_open_counts_nothing():
    call = factories.call()
    factories.application(of=call, state=State.SUBMITTED)
    figures = public.edition_figures(call)
    assert figures.total.filed == 0
    assert figures.rate is None


def test_the_page_shows_the_same_figures_as_the_table(client, edition):
    page = client.get("/editions/edition-2025/chiffres/").content.decode()
    assert "Chiffres de l’édition 2025" in page
    assert "150\u00a0000\u00a0€" in page
    answer = client.get("/editions/edition-2025/chiffres.csv")
    text = answer.content.decode("utf-8-sig")
    rows = {(r["dimension"], r["code"]): r for r in csv.DictReader(text.splitlines(), delimiter=";")}
    assert rows["ensemble", ""]["deposes"] == "3"
    assert rows["ensemble", ""]["demande_eur"] == "150000.00"
    assert rows["region", "53"]["retenus"] == "0"
    assert rows["public", "cadre"]["personnes_attendues"] == "40"


def test_the_menu_leads_to_the_newest_edition(client, edition):
    assert client.get("/chiffres/").url == "/editions/edition-2025/chiffres/"


def test_before_any_edition_the_page_does_not_exist(client):
    assert client.get("/chiffres/").status_code == 404
    hidden = factories.call(state=CallState.DRAFT)
    assert client.get(f"/editions/{hidden.slug}/chiffres/").status_code == 404
    opened = factories.call()
    assert "Pas encore de chiffres" in client.get(f"/editions/{opened.slug}/chiffres/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_as_much_whatever_its_length(client, call, rows, django_assert_num_queries):
    for number in range(rows):
        region = factories.region(str(10 + number), f"Région {number}")
        factories.application(of=call, state=State.SUBMITTED, region=region, publics={"cadre": 1})
    client.get("/editions/edition-2025/chiffres/")  # draws France, which is kept
    with django_assert_num_queries(10):
        client.get("/editions/edition-2025/chiffres/")

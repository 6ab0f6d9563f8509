"""Territories in a real browser: every page is accessible, a basin is drawn by keyboard, and without JavaScript."""

import pytest
from tests import factories, geography

from terreau.territories.models import Level, Territory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BOUND = "link => link['htmx-internal-data']?.listenerInfos?.length > 0"  # a link just drawn is a plain one for 20 ms
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


@pytest.fixture(autouse=True)
def places(db):
    return geography.grand_est()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_territory_page_is_accessible(open_as, audit, places, size, scheme):
    page = open_as(factories.person(), size=size, color_scheme=scheme)
    keys = ["commune:52121", "epci:200066000", "departement:52", "region:44"]
    addresses = ["/territoires/", "/territoires/?q=chaumont", "/territoires/bassins/dessiner/"]
    for address in addresses + [places[key].get_absolute_url() for key in keys]:
        page.goto(address)
        assert address in page.url  # not the sign-in page
        audit(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], address


def test_a_basin_is_drawn_by_search_and_on_the_map(open_as, audit):
    page = open_as(factories.person())
    page.goto("/territoires/bassins/dessiner/")
    page.get_by_label("Nom du bassin").fill("Trois villes")
    page.get_by_label("Chercher un territoire").press_sequentially("st diz")
    page.get_by_label("Saint-Dizier").check()
    page.get_by_text("Choisir sur la carte").click()
    for name in ("Marne", "Vitry-le-François"):
        link = page.get_by_role("link", name=name, exact=True)
        page.wait_for_function(BOUND, arg=link.element_handle())
        link.focus()
        page.keyboard.press("Enter")
    page.locator(".picker-chosen input[value='commune:51649']").wait_for()
    audit(page)
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("heading", name="Trois villes").wait_for()
    basin = Territory.objects.get(level=Level.BASIN)
    assert {c.code for c in basin.parts.all()} == {"52448", "51649"}


def test_a_basin_is_drawn_without_javascript(open_as):
    page = open_as(factories.person(), js=False)
    page.goto("/territoires/bassins/dessiner/")
    page.get_by_label("Nom du bassin").fill("Deux villes")
    for text, name in (("vitry", "Vitry-le-François"), ("52100", "Saint-Dizier")):
        page.get_by_label("Chercher un territoire").fill(text)
        page.get_by_role("button", name="Chercher").click()
        page.get_by_label(name).check()
    page.get_by_label("Chercher un territoire").fill("")
    page.get_by_role("button", name="Enregistrer").click()
    assert page.get_by_role("heading", name="Deux villes").is_visible()
    assert Territory.objects.get(level=Level.BASIN).parts.count() == 2

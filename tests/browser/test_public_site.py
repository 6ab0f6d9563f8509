import pytest
from tests import factories

from terreau.calls.lifecycle import State as CallState
from terreau.projects.lifecycle import State

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


@pytest.fixture
def edition():
    factories.call(slug="ouvert", title="Appel ouvert")
    old = factories.call(slug="clos", state=CallState.CLOSED)
    east, west = factories.region(), factories.region("53", "Bretagne")
    for number in range(4):
        project = factories.application(
            of=old,
            state=State.SELECTED,
            title=f"Projet n° {number}",
            region=(east, west)[number % 2],
            themes=["mentoring"],
            publics={"cadre": 10},
        )
    return project


def addresses(project):
    return [
        "/",
        "/appels/",
        "/appels/ouvert/",
        "/appels/ouvert/versions/",
        "/appels/ouvert/eligibilite/",
        "/projets/",
        f"/projets/{project.reference}/",
        "/editions/clos/chiffres/",
        "/simulateur-de-don/?turnover=600000&money=26000&hours=24&monthly=5400&benefit=9000&tax=4000",
        "/mentions-legales/",
        "/accessibilite/",
        "/donnees-personnelles/",
        "/plan-du-site/",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_public_page_is_accessible_in_both_lights(open_as, audit, edition, size, scheme):
    page = open_as(size=size, color_scheme=scheme)
    for address in addresses(edition):
        page.goto(address)
        audit(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_component_is_accessible_in_both_lights(open_as, audit, settings, scheme):
    settings.DEMO = True
    page = open_as(color_scheme=scheme)
    page.goto("/composants/?essayer=1")
    assert page.get_by_role("alert").is_visible()
    audit(page)


@pytest.mark.parametrize("js", [True, False], ids=["script", "no script"])
def test_a_structure_learns_whether_it_may_apply(open_as, edition, js):
    page = open_as(js=js, size=PHONE)
    page.goto("/")
    page.get_by_role("link", name="Puis-je candidater").click()
    page.get_by_role("button", name="Vérifier").click()
    assert page.get_by_role("link", name="Forme juridique de votre structure").is_visible()
    page.get_by_label("Forme juridique").select_option("company")
    page.get_by_label("Date de création").fill("2015-03-01")
    page.get_by_label("Oui", exact=True).check()
    page.get_by_label("France métropolitaine").check()
    page.get_by_label("Cadres").check()
    page.get_by_role("button", name="Vérifier").click()
    assert page.get_by_role("heading", name="Non, d’après vos réponses").is_visible()
    page.get_by_label("Forme juridique").select_option("association")
    page.get_by_role("button", name="Vérifier de nouveau").click()
    assert page.get_by_role("heading", name="Oui, d’après vos réponses").is_visible()
    assert page.get_by_role("link", name="Commencer un dossier").is_visible()


@pytest.mark.parametrize("js", [True, False], ids=["script", "no script"])
def test_projects_are_narrowed_by_region(open_as, edition, js):
    page = open_as(js=js)
    page.goto("/projets/")
    page.get_by_label("Région", exact=True).select_option("Bretagne")
    page.get_by_role("button", name="Filtrer").click()
    page.get_by_role("status").filter(has_text="2 projets").wait_for()
    assert page.get_by_role("link", name="Projet n°").count() == 2
    assert "region=53" in page.url


def test_the_display_is_chosen_by_keyboard_without_script(open_as):
    page = open_as(js=False)
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#contenu"
    page.get_by_role("button", name="Sombre").focus()
    page.keyboard.press("Enter")
    page.locator("html[data-bs-theme=dark]").wait_for()
    page.get_by_role("button", name="English").focus()
    page.keyboard.press("Enter")
    page.locator("html[lang=en]").wait_for()


def test_the_small_menu_opens_and_closes_by_keyboard(open_as):
    page = open_as(size=PHONE)
    page.goto("/")
    menu = page.locator("summary", has_text="Menu")
    menu.focus()
    page.keyboard.press("Enter")
    link = page.get_by_role("link", name="Appels à projets", exact=True)
    assert link.is_visible()
    page.keyboard.press("Escape")
    assert not link.is_visible()

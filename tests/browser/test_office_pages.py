"""The office in a real browser: no fault of accessibility, the list narrows itself, messages stay on the page."""

import factories
import pytest

from terreau.accounts.models import Role
from terreau.projects.lifecycle import State
from terreau.territories.models import Level, Territory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def files():
    region = factories.region()
    Territory.objects.create(level=Level.DEPARTEMENT, code="52", name="Haute-Marne", region=region)
    call, owner = factories.call(), factories.membership(Role.HOLDER)
    made = [
        factories.application(
            of=call, owner=owner, state=state, region=region, title=title, themes=[theme], publics={"cadre": 5}
        )
        for state, title, theme in [
            (State.SUBMITTED, "Jardin des métiers", "mobility"),
            (State.ADMITTED, "Passerelle", "mentoring"),
        ]
    ]
    made[0].budget_lines.create(rubric="60", label="Achats", amount_cents=100)
    made[0].messages.create(author=owner.user, from_office=False, body="Bonjour")
    return made


@pytest.mark.parametrize("size", [None, PHONE])
def test_no_page_of_the_office_has_a_fault(open_as, audit, files, size):
    officer = factories.person(Role.OFFICER)
    officer.saved_views.create(name="À admettre", query="state=submitted")
    page = open_as(officer, size=size)
    one = f"/bureau/dossiers/{files[0].reference}/"
    lists = ["/bureau/", "/bureau/dossiers/?state=submitted&q=jardin", "/bureau/vues/", "/bureau/messages/"]
    for url in [*lists, "/bureau/region/", one, f"{one}recevabilite/", f"{one}reopen/", f"{one}share/"]:
        assert page.goto(url).status == 200
        assert page.url.endswith(url)
        audit(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_a_delegate_s_pages_have_no_fault_and_the_opinion_saves_itself(open_as, audit, files):
    page = open_as(factories.person(Role.DELEGATE, regions=[files[1].region]))
    page.goto("/bureau/region/")
    audit(page)
    assert page.goto(f"/bureau/dossiers/{files[1].reference}/avis/").status == 200
    audit(page)
    page.select_option("[name=score-innovation]", "4")
    page.wait_for_selector("#saved:has-text('Brouillon enregistré')")
    assert files[1].opinions.get().scores == {"innovation": 4}


def test_the_list_narrows_itself_and_the_address_follows(open_as, audit, files):
    page = open_as(factories.person(Role.OFFICER))
    page.goto("/bureau/dossiers/")
    page.get_by_text("État", exact=True).first.click()
    page.check("#f-state-admitted")
    page.wait_for_selector("#files:not(:has-text('Jardin des métiers'))")
    assert "state=admitted" in page.url
    assert page.is_visible("text=Passerelle")
    assert page.text_content("#count-theme-mobility") == "0"
    audit(page)


def test_a_message_is_sent_without_leaving_the_page(open_as, files):
    page = open_as(factories.person(Role.OFFICER))
    page.goto(f"/bureau/dossiers/{files[0].reference}/")
    page.fill("#id_body", "Pouvez-vous préciser ?")
    page.click("text=Envoyer au porteur")
    page.wait_for_selector("#conversation .ours:has-text('Pouvez-vous préciser ?')")
    assert files[0].messages.count() == 2


def test_a_file_is_admitted_without_javascript(open_as, files):
    page = open_as(factories.person(Role.OFFICER), js=False)
    page.goto(f"/bureau/dossiers/{files[0].reference}/recevabilite/")
    page.fill("#note", "Vérifié par téléphone.")
    page.click("text=Déclarer recevable")
    files[0].refresh_from_db()
    assert files[0].state == State.ADMITTED

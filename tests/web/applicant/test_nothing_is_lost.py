"""In a real browser: a session that ends, a network that is cut, conditions that appear, a keyboard alone."""

import pytest
from django.contrib.sessions.models import Session
from tests import factories

from terreau.calls import rulebook
from terreau.projects import actions
from terreau.projects.models import Answer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TYPED = "Des visites d’entreprises, chaque mois, près de chez soi."


def sections():
    choice, question = rulebook.Choice, rulebook.Question
    ways = (choice("no", "Non"), choice("yes", "Oui"))
    return (
        rulebook.Section(
            "project",
            "Le projet",
            questions=(
                question("need", "long_text", "À quel besoin répondez-vous ?", required=True, limit=300),
                question("grown", "choice", "Existe-t-il déjà ?", choices=ways, required=True),
                question("years", "number", "Depuis combien d’années ?", show_if={"question": "grown", "is": "yes"}),
            ),
        ),
    )


@pytest.fixture
def owner():
    return factories.membership()


@pytest.fixture
def draft(owner):
    call = factories.call(rulebook_=factories.rules(sections=sections()))
    return actions.start(call, owner.organisation, by=owner.user, membership=owner)


@pytest.fixture
def page(chromium, live_server, owner):
    context = chromium.new_context(locale="fr-FR")
    page = context.new_page()
    page.set_default_timeout(30_000)  # a machine may be busy: a wait is no measure of speed
    page.goto(f"{live_server.url}/compte/login/")
    sign_in(page, owner.user)
    yield page
    context.close()


def sign_in(page, user):
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", factories.PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_load_state()


def step(live_server, draft, key="section-project"):
    return f"{live_server.url}/dossiers/{draft.reference}/etape/{key}/"


def test_what_is_typed_is_saved_without_a_button(page, live_server, draft):
    page.goto(step(live_server, draft))
    page.type("#id_need", TYPED)
    page.wait_for_selector("#saved-need >> text=Enregistré à")
    assert Answer.objects.get(key="need").value == TYPED
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('terreau:')).length") == 0


def test_the_text_is_there_after_signing_in_again(page, live_server, draft, owner):
    page.goto(step(live_server, draft))
    Session.objects.all().delete()
    page.type("#id_need", TYPED)
    page.wait_for_selector("#saved-need >> text=votre session a expiré")
    page.click("#saved-need a")
    sign_in(page, owner.user)
    assert page.url == step(live_server, draft)
    page.click("text=Reprendre ce texte")
    page.wait_for_selector("#saved-need >> text=Enregistré à")
    assert Answer.objects.get(key="need").value == TYPED


def test_a_cut_network_keeps_the_text_and_saves_it_once_back(page, live_server, draft):
    page.goto(step(live_server, draft))
    page.context.set_offline(True)
    page.type("#id_need", TYPED)
    page.wait_for_selector("#saved-need >> text=la connexion est coupée")
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_selector("#saved-need >> text=Enregistré à")
    assert Answer.objects.get(key="need").value == TYPED


def test_an_answer_shows_the_question_that_depends_on_it(page, live_server, draft):
    page.goto(step(live_server, draft))
    assert not page.is_visible("#answer-years")
    page.check("#answer-grown input[value=yes]")
    page.wait_for_selector("#answer-years", state="visible")
    page.check("#answer-grown input[value=no]")
    page.wait_for_selector("#answer-years", state="hidden")


def test_a_step_is_written_and_left_by_keyboard_alone(page, live_server, draft):
    page.goto(step(live_server, draft))
    page.focus("#id_need")
    page.keyboard.type("Un besoin")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "next":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/etape/territory/")
    assert dict(Answer.objects.values_list("key", "value"))["need"] == "Un besoin"

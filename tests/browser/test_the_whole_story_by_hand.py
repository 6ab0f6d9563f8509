"""Writing a file by keyboard alone, and two people who write the same answer in two windows."""

import pytest
from tests import factories, geography
from tests.browser.story import keyboard

from terreau.projects import actions
from terreau.projects.lifecycle import State
from terreau.projects.models import Application, Collaborator

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NEXT = "Enregistrer et continuer"
SHORT = {"kinds": (), "domains": (), "themes": (), "publics": (), "sections": (), "documents": ()}


@pytest.fixture
def owner():
    return factories.membership()


def write_budget(page):
    """Rows open with their rubrics: only amounts and states are to be given."""
    keyboard.fill(page, "Montant en euros", "10 000")
    keyboard.reach(page, "Ajouter une ligne")
    for amount in ("7 000", "3 000"):  # asked here, then asked of somebody else
        keyboard.fill(page, "Montant en euros", amount)
        keyboard.reach(page, "État")
        page.keyboard.press("ArrowDown")
    keyboard.press(page, NEXT, then="Partenaires")


def test_the_keyboard_alone_completes_an_application(open_as, owner):
    geography.grand_est()
    call = factories.call(rulebook_=factories.rules(**SHORT))
    page = open_as(owner.user)
    page.goto(f"/dossiers/nouveau/{call.slug}/")
    keyboard.press(page, "Commencer", then="Projet")
    keyboard.fill(page, "Titre du projet", "Visites d’entreprises")
    keyboard.fill(page, "Résumé", "Un mois de visites.")
    keyboard.press(page, NEXT, then="Territoire")
    keyboard.fill(page, "Chercher un territoire", "st diz")
    page.get_by_label("Saint-Dizier").wait_for()
    keyboard.reach(page, "Saint-Dizier")
    page.keyboard.press("Space")
    keyboard.press(page, NEXT, then="Budget")
    write_budget(page)
    keyboard.press(page, NEXT, then="Pièces")
    keyboard.press(page, "Relire le dossier", then="Relecture")
    keyboard.press(page, "Déposer le dossier", then="Visites d’entreprises")
    page.get_by_text("Dossier déposé. Reçu n° 1").wait_for()
    assert Application.objects.get().state == State.SUBMITTED


def write(page, path, text):
    page.goto(path)
    field = page.get_by_label("À quel besoin répondez-vous")
    field.fill(text)
    return field


@pytest.mark.parametrize("js", [True, False], ids=["script", "no-script"])
def test_two_people_on_one_answer_lose_no_text(open_as, owner, js):
    draft = actions.start(factories.call(), owner.organisation, by=owner.user, membership=owner)
    other = factories.membership(of=owner.organisation)
    actions.share(draft, other, Collaborator.Role.EDITOR, by=owner.user)
    path = f"/dossiers/{draft.reference}/etape/section-project/"
    first, second = open_as(owner.user, js=js), open_as(other.user, js=js)
    write(first, path, "Le besoin vu par la directrice.")
    write(second, path, "Un tout autre constat, celui du trésorier.")
    for page, done in ((first, "Enregistré à"), (second, "Choisir le texte")):
        if js:
            page.locator("#saved-need").get_by_text(done).wait_for()
        else:
            page.get_by_role("button", name="Enregistrer", exact=True).click()
    if js:
        second.get_by_role("link", name="Choisir le texte").click()
    second.get_by_text("Le besoin vu par la directrice.").first.wait_for()
    assert second.locator(".side").get_by_text("Un tout autre constat, celui du trésorier.").is_visible()
    second.get_by_label("Ou écrire un texte qui réunit les deux").fill("La directrice et le trésorier sont d’accord.")
    second.get_by_role("button", name="Enregistrer ce texte").click()
    second.get_by_text("C’est réglé").wait_for()
    assert draft.answers.get(key="need").value == "La directrice et le trésorier sont d’accord."
    assert {"Le besoin vu par la directrice.", "Un tout autre constat, celui du trésorier."} <= {
        revision.value for revision in draft.answers.get(key="need").revisions.all()
    }

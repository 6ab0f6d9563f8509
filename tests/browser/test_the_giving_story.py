"""A company head, from a SIRET to a yes, a gift, its receipt and the yearly statement; then the structure's books."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests import factories, geography
from tests.engagement.gifted import RIGHT

from terreau.accounts.models import Role
from terreau.engagement.actions.entitlements import declare_right
from terreau.engagement.actions.needs import add_need
from terreau.engagement.models import Receipt
from terreau.projects.lifecycle import State

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def project():
    """A supported project of Chaumont that seeks money, held by a structure that may issue receipts."""
    places = geography.grand_est()
    seat = places["commune:52121"]
    structure = factories.organisation(name="Les Ponts", address="3 rue du Puits", commune=seat)
    declare_right(structure, **RIGHT, by=None)
    found = factories.application(
        owner=factories.membership(Role.HOLDER, of=structure),
        holder=structure,
        state=State.SELECTED,
        announced_at=timezone.now(),
        title="Passerelle",
        region=places["region:44"],
        themes=["mobility"],
    )
    found.territories.add(seat)
    add_need(found, form="money", title="Financer les trajets", by=None)
    return found


@pytest.mark.parametrize("js", [True, False], ids=["js", "plain"])
def test_from_a_siret_to_the_statement_and_the_books_of_the_structure(open_as, project, js):
    page = open_as(factories.user(), js=js)
    enter_the_firm(page)
    say_yes(page)
    commit(page)
    books = open_as(project.collaborators.get().membership.user, js=js)
    agree(books, project)
    give(page, js=js)
    confirm_and_issue(books)
    read_the_statement(page)
    void_and_replace(books, project)


def enter_the_firm(page):
    page.goto("/compte/organisations/nouvelle/")
    page.get_by_label("SIRET").fill(factories.siret())
    page.get_by_label("Nom").fill("Menuiserie du Lac")
    page.get_by_label("Forme juridique").select_option("company")
    page.get_by_label("Adresse").fill("12 rue du Port")
    page.get_by_label("Commune").fill("Chaumont")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("heading", name="Menuiserie du Lac").wait_for()


def say_yes(page):
    page.get_by_role("link", name="Trois questions").click()
    page.get_by_label("Un don d’argent").check()
    page.get_by_label("Oui", exact=False).first.check()
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("link", name="Projets", exact=True).click()
    page.get_by_role("button", name="Oui, ça nous intéresse").click()
    page.get_by_role("link", name="S’engager").click()


def commit(page):
    page.get_by_role("link", name="Financer les trajets").click()
    page.get_by_label("Valeur prévue").fill("5000")
    page.get_by_role("button", name="Proposer cet engagement").click()
    page.get_by_text("C’est un don").wait_for()


def agree(page, project):
    page.goto(f"/dossiers/{project.reference}/partenaires/")
    page.get_by_role("region", name="Où en est-on").get_by_role("link", name="Financer les trajets").click()
    page.get_by_role("link", name="Accepter").click()
    page.get_by_role("button", name="Accepter").click()
    page.get_by_text("C’est enregistré, l’autre partie est prévenue.").wait_for()


def give(page, *, js):
    page.reload()
    page.get_by_role("link", name="C’est fait").click()
    page.get_by_role("button", name="C’est fait").click()
    page.get_by_role("link", name="Déclarer ce don").click()
    yesterday = timezone.localdate() - timedelta(days=1)
    page.get_by_label("Donné le").fill(yesterday.isoformat())
    assert page.get_by_label("Somme versée").input_value() == "5\xa0000"
    page.get_by_label("Mode de versement").select_option("transfer")
    page.get_by_label("Forme juridique").fill("SARL")
    if js:
        page.get_by_text("Ce don compte pour").wait_for()
        page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Déclarer ce don").click()
    page.get_by_text("La structure doit encore confirmer ce don").wait_for()


def confirm_and_issue(page):
    page.goto("/dossiers/")
    page.get_by_role("link", name="Les dons reçus par Les Ponts").click()
    page.get_by_role("link", name="Menuiserie du Lac").click()
    page.get_by_role("button", name="Confirmer ce don").click()
    page.get_by_role("button", name="Délivrer le reçu fiscal").click()
    page.get_by_text("est délivré. L’entreprise en est prévenue").wait_for()


def read_the_statement(page):
    page.reload()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger le reçu fiscal").click()
    assert download.value.suggested_filename == f"recu-{Receipt.objects.get()}.pdf"
    page.get_by_role("link", name="Dons et reçus", exact=True).click()
    page.get_by_role("link", name="Relevé annuel").click()
    page.get_by_role("link", name="Saisir un exercice").click()
    page.get_by_label("Date de clôture").fill(f"{timezone.localdate().year}-12-31")
    page.get_by_label("Chiffre d’affaires hors taxes").fill("800000")
    page.get_by_role("button", name="Enregistrer").click()
    text = page.locator("main").inner_text().replace("\u00a0", " ").replace("\u202f", " ")
    assert "3 000 €" in text  # T1: 60 % of 5 000
    assert "2 000 €" in text  # what it costs


def void_and_replace(page, project):
    page.get_by_role("link", name="Annuler ce reçu").click()
    page.get_by_label("Pourquoi ce reçu est-il annulé").fill("Adresse fausse.")
    page.get_by_role("button", name="Annuler ce reçu").click()
    page.get_by_role("button", name="Délivrer le reçu fiscal").click()
    page.get_by_text("est délivré. L’entreprise en est prévenue").wait_for()
    first, second = Receipt.objects.order_by("number")
    assert (first.state, second.state, second.replaces) == ("voided", "issued", first)
    assert (first.number, second.number) == (1, 2)
    page.goto(f"/dossiers/structure/{project.holder_id}/recus/")
    assert page.get_by_role("row").filter(has_text="annulé").count() == 1
    page.get_by_role("link", name="Déclaration annuelle des dons").click()
    page.get_by_label("Clôture de l’exercice").fill(f"{timezone.localdate().year}-12-31")
    page.get_by_role("button", name="Calculer").click()
    text = page.locator("dl.stats").inner_text().replace("\u00a0", " ").replace("\u202f", " ")
    assert "5 000,00 €" in text
    assert "\n1\n" in f"\n{text}\n"

"""What somebody who carries a project does: learn, enter, write, check, submit, wait for the answer."""

import re
from pathlib import Path

from tests import factories
from tests.browser.story.setting import PDF, TITLE

ASSOCIATION = "Passerelles de Chaumont"
NAME = re.compile(r"^Nom\b")


def check_eligibility(page, call):
    """From the home page, without an account: a no with its reason, then a yes."""
    page.goto("/")
    page.get_by_role("link", name=call.title).first.click()
    page.get_by_role("link", name="Puis-je candidater").click()
    page.get_by_label("Forme juridique").select_option("company")
    page.get_by_label("Date de création").fill("2015-03-01")
    page.get_by_label("Oui", exact=True).check()
    page.get_by_label("France métropolitaine").check()
    page.get_by_label("Cadres").check()
    page.get_by_label("Montant que vous pensez demander").fill("20 000")
    page.get_by_role("button", name="Vérifier").click()
    page.get_by_role("heading", name="Non, d’après vos réponses").wait_for()
    assert page.locator(".reasons li.bad").count() == 1
    page.get_by_label("Forme juridique").select_option("association")
    page.get_by_role("button", name="Vérifier de nouveau").click()
    page.get_by_role("heading", name="Oui, d’après vos réponses").wait_for()
    assert page.locator(".reasons li.good").count() >= 4


def create_account(page, email):
    page.get_by_role("link", name="Commencer un dossier").click()
    page.get_by_role("link", name="Créer mon compte").click()
    page.get_by_label("Prénom").fill("Claude")
    page.get_by_label(NAME).fill("Martin")
    page.get_by_label("Courriel").fill(email)
    page.get_by_label("Mot de passe").fill(factories.PASSWORD)
    page.get_by_role("button", name="Créer mon compte").click()
    page.get_by_role("heading", name="Commencer un dossier").wait_for()


def declare_structure(page):
    page.get_by_role("link", name="Déclarer ma structure").click()
    page.get_by_label("Forme juridique").select_option("association")
    page.get_by_label(NAME).fill(ASSOCIATION)
    page.get_by_label("SIRET").fill(factories.siret())
    page.get_by_label("Commune du siège").fill("52121 Chaumont")
    page.get_by_label("Date de création").fill("2015-03-01")
    page.get_by_label("A clos au moins un exercice").select_option("true")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("heading", name=ASSOCIATION).wait_for()


def start(page, call):
    """From one's own files; answers the reference of the new one."""
    page.goto("/dossiers/")
    page.get_by_role("link", name=f"Commencer un dossier : {call.title}").click()
    page.get_by_text("vos réponses servent de point de départ").wait_for()
    page.get_by_role("button", name="Commencer").click()
    page.get_by_role("heading", name="Projet", level=1).wait_for()
    return page.url.split("/dossiers/")[1].split("/")[0]


def go_on(page, heading):
    page.get_by_role("button", name="Enregistrer et continuer").click()
    page.get_by_role("heading", name=heading, level=1).wait_for()


def describe(page):
    page.get_by_label("Titre du projet").fill(TITLE)
    page.get_by_label("Résumé").fill("Un mois de visites pour retrouver un emploi près de chez soi.")
    page.get_by_label("Expérimentation").check()
    page.get_by_label("Solidarité et inclusion").check()
    page.get_by_label("Parrainage").check()
    go_on(page, "Le projet en détail")


def answer_questions(page, *, js):
    """One answer makes another question appear: at once with a script, after saving without."""
    page.get_by_label("À quel besoin répondez-vous").fill("Peu d’offres d’emploi sont visibles ici.")
    years = page.get_by_label("Depuis combien d’années")
    assert not years.is_visible()
    page.get_by_label("Oui, il tourne déjà").check()
    if not js:
        page.get_by_role("button", name="Enregistrer et continuer").click()
        page.get_by_text("Vos réponses font apparaître de nouvelles questions").wait_for()
    years.fill("3")
    go_on(page, "Territoire")


def choose_places(page, *, js):
    search = page.get_by_label("Chercher un territoire")
    if js:
        search.press_sequentially("st diz")
    else:
        search.fill("st diz")
        page.get_by_role("button", name="Enregistrer et continuer").click()
    page.get_by_label("Saint-Dizier").check()
    if not js:
        page.get_by_label("Chercher un territoire").fill("")
    go_on(page, "Publics")


def count_people(page):
    page.get_by_label("Cadres").fill("40")
    page.get_by_label("Jeunes diplômés").fill("25")
    go_on(page, "Budget")


def balance_budget(page):
    """20 000 € were told to the check of eligibility; the rest is found elsewhere."""
    spent = page.locator("#expenses tbody tr").first
    spent.get_by_label("Rubrique").select_option("64")
    spent.get_by_label("Intitulé").fill("Salaires")
    spent.get_by_label("Montant").fill("30 000")
    page.get_by_role("button", name="Ajouter une ligne : Produits").click()
    other = page.locator("#income tbody tr").last
    other.get_by_label("Rubrique").select_option("74")
    other.get_by_label("Intitulé").fill("Région Grand Est")
    other.get_by_label("Montant").fill("10 000")
    other.get_by_label("État").select_option("obtained")
    go_on(page, "Partenaires")


def add_partner(page):
    page.get_by_label("Nom", exact=True).first.fill("Forges de Saint-Dizier")
    page.get_by_label("SIRET").first.fill(factories.siret())
    page.get_by_label("Ce que ce partenaire apporte").first.fill("Deux visites par mois")
    go_on(page, "Pièces")


def give_documents(page):
    statutes = page.locator("#piece-statutes")
    statutes.get_by_label("Fichier").set_input_files({"name": "statuts.pdf", "mimeType": "", "buffer": PDF})
    statutes.get_by_role("button", name="Envoyer le fichier").click()
    statutes.get_by_text("fournie").wait_for()
    page.get_by_role("link", name="Relire le dossier").click()


def submit(page):
    """The whole file reads well, is complete, and leaves; answers the bytes of the receipt."""
    page.get_by_text("Le dossier est complet").wait_for()
    for words in (TITLE, "Saint-Dizier", "Forges de Saint-Dizier", "statuts.pdf"):
        assert page.locator("#reponses").get_by_text(words).first.is_visible(), words
    page.get_by_role("button", name="Déposer le dossier").click()
    page.get_by_text("Dossier déposé. Reçu n° 1").wait_for()
    with page.expect_download() as waited:
        page.get_by_role("link", name="Télécharger le reçu n° 1").click()
    return Path(waited.value.path()).read_bytes()


def reads(page, reference, state):
    """The state that the holder is told, on the file and in the list."""
    page.goto(f"/dossiers/{reference}/")
    page.locator("header, main").get_by_text(state, exact=True).first.wait_for()
    page.goto("/dossiers/")
    page.locator("main .card").get_by_text(state, exact=True).wait_for()

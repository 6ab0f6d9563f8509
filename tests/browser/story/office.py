"""What the funder's people do: admit, entrust to jurors, propose, seal, read letters, send them."""

from tests.browser.story.setting import euros


def admit(page, reference):
    page.goto("/bureau/dossiers/")
    page.get_by_role("link", name="Visites d’entreprises").click()
    page.goto(f"/bureau/dossiers/{reference}/recevabilite/")
    for line in page.locator("fieldset.verify input[type=checkbox]").all():
        line.check()
    page.get_by_role("button", name="Déclarer recevable", exact=True).click()
    page.get_by_text("recevable", exact=True).first.wait_for()


def entrust(page, window, jurors):
    page.goto("/bureau/jury/")
    page.get_by_role("link", name=window.label).click()
    page.get_by_role("link", name="Visites d’entreprises").click()
    for juror in jurors:
        page.get_by_label(str(juror)).check()
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Les lecteurs et lectrices sont enregistrés").wait_for()
    assert page.get_by_text("à lire", exact=True).count() == len(jurors)


def propose(page, window, amount):
    """On the page of the committee: selected, with an amount; the envelope follows."""
    page.goto("/bureau/comite/")
    page.get_by_role("link", name=window.label).click()
    page.get_by_role("link", name="Visites d’entreprises").click()
    page.get_by_role("combobox", name="Décision").select_option("selected")
    page.get_by_label("Montant accordé").fill(amount)
    page.get_by_label("Motif").first.fill("Un besoin réel, des entreprises présentes.")
    page.get_by_role("button", name="Enregistrer la proposition").click()
    page.locator("main").get_by_text(euros(amount)).first.wait_for()


def seal(page, window):
    page.goto(f"/bureau/comite/{window.pk}/")
    page.get_by_role("link", name="Sceller").click()
    page.get_by_role("button", name="Sceller définitivement").click()
    page.get_by_role("heading", name="Lettres de décision").wait_for()
    page.goto(f"/bureau/comite/{window.pk}/")
    page.get_by_text("Comité scellé le").wait_for()


def approve_letter(page, call):
    """The letter waits as a draft; somebody reads it, mends a word, says so."""
    page.goto("/bureau/courriers/")
    page.get_by_role("link", name=call.title, exact=True).click()
    page.locator("tbody th a").click()
    text = page.get_by_label("Texte")
    assert "18" in text.input_value()
    text.fill(text.input_value() + "\nBravo à toute l’équipe.")
    page.get_by_role("button", name="Enregistrer, c’est relu").click()
    page.get_by_role("link", name="Relues, prêtes à partir (1)").wait_for()


def open_sending(page, call):
    """Everything up to the last button."""
    page.goto(f"/bureau/courriers/{call.pk}/?etat=approved")
    page.locator("input[name=letters]").check()
    page.get_by_role("button", name="Envoyer…").click()
    page.get_by_text("Une lettre va partir").wait_for()
    return page.get_by_role("button", name="Envoyer", exact=True)


def send_twice(page, call):
    """The same button pressed in two windows: the second is told that the letter is gone."""
    other = page.context.new_page()
    first, second = open_sending(page, call), open_sending(other, call)
    first.click()
    page.get_by_text("1 lettre est partie").wait_for()
    second.click()
    other.get_by_text("déjà parties").wait_for()
    other.close()

"""What a juror does: read, mark and justify, hand in; or step aside."""


def open_file(page):
    page.goto("/jury/")
    page.get_by_role("link", name="Visites d’entreprises").click()
    page.get_by_role("heading", name="Ma lecture").wait_for()


def hand_in(page, mark):
    open_file(page)
    for criterion in ("Innovation sociale", "Effets attendus"):
        group = page.get_by_role("group", name=criterion)
        group.get_by_role("radio", name=mark).check()
        group.get_by_label("Justification").fill("Les entreprises d’ici le demandent.")
    page.get_by_role("button", name="Relire et rendre").click()
    page.get_by_role("button", name="Rendre ma lecture").click()
    page.get_by_text("Votre lecture est rendue").wait_for()


def step_aside(page):
    """Two clicks at most, no reason asked; afterwards the file is not theirs to see."""
    open_file(page)
    address = page.url
    page.get_by_text("Me déporter de ce dossier").click()
    page.get_by_role("button", name="Me déporter", exact=True).click()
    page.get_by_text("Le dossier a quitté votre liste").wait_for()
    assert page.get_by_role("link", name="Visites d’entreprises").count() == 0
    assert page.request.get(address).status == 404

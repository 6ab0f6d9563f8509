"""The committee room in a real browser: a slider, a file forced in, a replay, a seal with its reason; no scripts."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests import factories

from terreau.accounts.models import Role
from terreau.projects.lifecycle import State
from terreau.selection import queries
from terreau.selection.lifecycle import ReviewState
from terreau.selection.models import Committee, Departure, Review, Scenario

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
EACH = 5_000_000


@pytest.fixture
def files():
    one = factories.call()
    one.windows.update(envelope_cents=2 * EACH)
    found = []
    for score in (80.0, 70.0, 60.0, 50.0):
        made = factories.application(of=one, state=State.IN_REVIEW, region=factories.region(), themes=["mobility"])
        for leniency in (-4, 0, 4):
            juror = factories.membership(Role.JUROR)
            Review.objects.create(application=made, juror=juror, state=ReviewState.DONE, total=score + leniency)
        found.append(made)
    return found


@pytest.fixture
def chair():
    return factories.person(Role.CHAIR)


def address(files):
    """Where the room is. The first reading of the methods' compiled loops takes its time: not on the page's."""
    queries.calibrated(files[0].window)
    return reverse("office:committee-room", args=[files[0].window_id])


def fate(page, file):
    return page.locator(f"#s-{file.pk} > p")


def slide(page, name, keys):
    """Move a slider by the keyboard, as somebody without a mouse does."""
    page.locator(f"#{name}").focus()
    for key in keys:
        page.keyboard.press(key)


def test_a_committee_works_in_its_room(open_as, audit, files, chair):
    page = open_as(chair)
    page.goto(address(files))
    page.get_by_role("button", name="Calculer l’optimum").click()
    expect(fate(page, files[0])).to_contain_text("retenu")
    expect(fate(page, files[3])).to_have_text("hors sélection")
    audit(page)

    page.get_by_role("group", name=files[3].reference).get_by_role("button", name="Imposer").click()
    expect(fate(page, files[3])).to_contain_text("imposé")
    expect(fate(page, files[1])).to_have_text("hors sélection")
    expect(page.locator("#portfolio")).to_contain_text("Ce réglage a changé la sélection")
    expect(page.locator("#said")).to_contain_text("Optimum : 2 projets")

    slide(page, "margin", ["End"])
    expect(page.locator("output[for=margin]")).to_have_text("20 %")
    expect(fate(page, files[0])).to_have_text("hors sélection")
    page.reload()
    expect(fate(page, files[3])).to_contain_text("imposé")
    slide(page, "margin", ["Home"])
    expect(fate(page, files[0])).to_contain_text("retenu")

    page.get_by_role("link", name=f"Pourquoi ? {files[1].reference}").click()
    expect(page.locator(f"#why-{files[1].pk}")).to_contain_text("point")
    page.get_by_text("Ajouter une règle").click()
    page.get_by_label("Sur quoi").select_option("theme|mobility")
    page.get_by_label("Sens").select_option("cap")
    page.get_by_role("button", name="Ajouter", exact=True).click()
    expect(fate(page, files[0])).to_have_text("hors sélection")
    page.get_by_role("button", name="Retirer la règle Thème : Mobilité").click()
    expect(fate(page, files[0])).to_contain_text("retenu")
    seals_with_a_reason(page, audit, files)


def seals_with_a_reason(page, audit, files):
    """Replay, adopt, change one by hand, seal."""
    page.get_by_role("link", name="Nommer, garder, rejouer").click()
    page.get_by_label("Nom du scénario").fill("Avec le quatrième")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("button", name="Rejouer").click()
    expect(page.locator("#messages")).to_contain_text("le résultat est le même")
    audit(page)
    page.get_by_role("link", name="Adopter cette sélection").click()
    audit(page)
    page.get_by_label("liste d’attente").check()
    page.get_by_role("button", name="Adopter", exact=True).click()
    expect(page.locator("#portfolio")).to_contain_text("Le comité propose exactement cette sélection")
    page.get_by_role("link", name="Propositions", exact=True).click()
    page.locator(f"#outcome-{files[3].pk}").select_option("reserve")
    expect(page.locator(f"#decision-{files[3].pk}")).to_contain_text("Enregistré")
    page.get_by_role("link", name="Sceller").click()
    page.get_by_label(f"{files[3].title} ({files[3].reference}) n’est pas retenu").fill("Budget trop fragile.")
    audit(page)
    page.get_by_role("button", name="Sceller définitivement").click()
    page.get_by_text("Le comité est scellé").wait_for()
    assert Departure.objects.get().reason == "Budget trop fragile."
    assert Committee.objects.get().reference.name == "Avec le quatrième"
    page.goto(f"/bureau/comite/{files[0].window_id}/journal/")
    expect(page.get_by_role("table")).to_contain_text("Écart à l’optimum")


def test_impossible_rules_say_so_and_the_portfolio_stays(open_as, audit, files, chair):
    page = open_as(chair)
    page.goto(address(files))
    page.get_by_role("button", name="Calculer l’optimum").click()
    expect(fate(page, files[0])).to_contain_text("retenu")
    page.get_by_text("Ajouter une règle").click()
    page.get_by_label("Limite").fill("4")
    page.get_by_role("button", name="Ajouter", exact=True).click()
    expect(page.locator("#portfolio")).to_contain_text("ne peuvent pas tenir ensemble")
    expect(page.locator("#note-0")).to_contain_text("l’enveloppe")
    expect(fate(page, files[0])).to_contain_text("retenu")
    audit(page)
    page.get_by_role("switch", name="tous les projets au moins").uncheck()
    expect(page.locator("#portfolio")).not_to_contain_text("ne peuvent pas tenir ensemble")


def test_the_room_works_without_scripts(open_as, files, chair):
    page = open_as(chair, js=False)
    page.goto(address(files))
    page.get_by_role("button", name="Calculer l’optimum").click()
    expect(fate(page, files[0])).to_contain_text("retenu")
    page.get_by_role("group", name=files[3].reference).get_by_role("button", name="Imposer").click()
    expect(fate(page, files[3])).to_contain_text("imposé")
    page.get_by_role("group", name=files[0].reference).get_by_role("button", name="Écarter").click()
    expect(fate(page, files[0])).to_have_text("écarté")
    expect(fate(page, files[3])).to_contain_text("imposé")
    page.get_by_role("link", name=f"Pourquoi ? {files[0].reference}").click()
    expect(page.get_by_role("main")).to_contain_text("Si ce dossier devait entrer")
    assert Scenario.objects.count() == 3


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_the_room_is_accessible(open_as, audit, files, chair, size, scheme):
    page = open_as(chair, size=SIZES[size], color_scheme=scheme)
    page.goto(address(files))
    page.get_by_role("button", name="Calculer l’optimum").click()
    expect(fate(page, files[0])).to_contain_text("retenu")
    number = Scenario.objects.get().pk
    for where in ("", "solidite/", "scenarios/", f"scenarios/?a={number}&b={number}", f"scenarios/{number}/",
                  f"scenarios/{number}/adopter/", f"dossiers/{files[3].pk}/"):  # fmt: skip
        page.goto(f"{address(files)}{where}")
        audit(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"], where

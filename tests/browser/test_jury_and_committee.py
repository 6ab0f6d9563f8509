"""The grid and the committee in a real browser: what is typed is kept, the envelope moves, with or without scripts."""

import pytest
from tests import factories

from terreau.accounts.models import Role
from terreau.projects.lifecycle import State
from terreau.selection import actions
from terreau.selection.models import Decision, Review, Score

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def review():
    file = factories.application(of=factories.call(), state=State.ADMITTED, region=factories.region())
    (made,) = actions.assign_reviewers(file, [factories.membership(Role.JUROR)], by=factories.person(Role.OFFICER))
    return Review.objects.get(pk=made.pk)


def test_the_grid_saves_itself_on_a_phone(open_as, audit, review):
    page = open_as(review.juror.user, size=PHONE)
    page.goto(f"/jury/dossiers/{review.pk}/")
    audit(page)
    innovation = page.get_by_role("group", name="Innovation sociale")
    innovation.get_by_role("radio", name="4").check()
    innovation.get_by_label("Justification").fill("Une vraie nouveauté ici.")
    page.get_by_text("Enregistré à").wait_for()
    page.get_by_text("Critères complets : 1 sur 2").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.reload()
    assert innovation.get_by_label("Justification").input_value() == "Une vraie nouveauté ici."
    assert Score.objects.get(criterion="innovation").value == 4


def test_the_grid_is_handed_in_without_javascript(open_as, review):
    page = open_as(review.juror.user, js=False)
    page.goto(f"/jury/dossiers/{review.pk}/")
    for criterion in ("Innovation sociale", "Effets attendus"):
        group = page.get_by_role("group", name=criterion)
        group.get_by_role("radio", name="3").check()
        group.get_by_label("Justification").fill("Plausible.")
    page.get_by_role("button", name="Relire et rendre").click()
    page.get_by_role("button", name="Rendre ma lecture").click()
    assert page.get_by_text("Votre lecture est rendue").is_visible()
    review.refresh_from_db()
    assert review.total == 60


@pytest.mark.parametrize("js", [True, False])
def test_the_envelope_follows_each_decision(open_as, audit, review, js):
    file = review.application
    page = open_as(factories.person(Role.CHAIR), js=js)
    page.goto(f"/bureau/comite/{file.window_id}/")
    if js:
        audit(page)
    cell = page.locator(f"#decision-{file.pk}")
    cell.get_by_label("Décision", exact=True).select_option("selected")
    if not js:
        cell.get_by_role("button", name="Proposer").click()
    page.locator("#envelope").get_by_text("50\u202f000\xa0€").or_(
        page.locator("#envelope").get_by_text("50\xa0000\xa0€")
    ).first.wait_for()
    assert Decision.objects.get().amount_cents == 5_000_000

"""A hand faster than the network: the last save is still on its way when the button is pressed."""

import pytest
from tests import factories

from terreau.accounts.models import Role
from terreau.projects.lifecycle import State
from terreau.selection import actions
from terreau.selection.models import Review

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_slow_save_is_no_conflict_with_oneself(open_as):
    file = factories.application(state=State.ADMITTED, region=factories.region())
    actions.assign_reviewers(file, [factories.membership(Role.JUROR)], by=factories.person(Role.OFFICER))
    review = Review.objects.get()
    page = open_as(review.juror.user)
    page.goto(f"/jury/dossiers/{review.pk}/")

    held, slow = [], True

    def pass_on(route):
        if not (slow and route.request.headers.get("hx-request")):
            return route.continue_()
        answer = route.fetch()  # saved at once, told later: once the button is pressed
        return held.append((route, answer)) if slow else route.fulfill(response=answer)

    page.route("**/jury/dossiers/*/", pass_on)
    for criterion in ("Innovation sociale", "Effets attendus"):
        group = page.get_by_role("group", name=criterion)
        group.get_by_role("radio", name="4").check()
        group.get_by_label("Justification").fill("Utile ici.")
    page.get_by_role("button", name="Relire et rendre").click()
    slow = False
    for route, answer in held:
        route.fulfill(response=answer)
    page.get_by_role("button", name="Rendre ma lecture").click()
    page.get_by_text("Votre lecture est rendue").wait_for()

"""What the tests of the committee room share."""

from django.urls import reverse
from tests import factories

from terreau.accounts.models import Role
from terreau.projects.lifecycle import State
from terreau.selection import actions
from terreau.selection.lifecycle import ReviewState
from terreau.selection.models import Review
from terreau.selection.rulebook import Parameters

HTMX = {"headers": {"HX-Request": "true"}}
EACH = 5_000_000  # cents: what each file asks for, half the envelope


def file_of(window, score=60.0, **more):
    made = factories.application(
        of=window.call, state=State.IN_REVIEW, region=factories.region(), themes=["mobility"], **more
    )
    for _n in range(2):
        Review.objects.create(
            application=made, juror=factories.membership(Role.JUROR), state=ReviewState.DONE, total=score
        )
    return made


def at(name, window, *more):
    return reverse(f"office:{name}", args=[window.pk, *more])


def run(window, chair, **parameters):
    return actions.run_selection(window, Parameters(**parameters), by=chair.user)


def text(page):
    return page.content.decode()

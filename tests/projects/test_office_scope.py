"""Which files the office sees, and which verbs it may use."""

import factories
import pytest

from terreau.accounts.models import Role, User
from terreau.projects.lifecycle import State
from terreau.projects.queries import for_office

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.OFFICER, {"est", "ouest"}),
        (Role.CHAIR, {"est", "ouest"}),
        (Role.ADMINISTRATOR, {"est", "ouest"}),
        (Role.DELEGATE, {"est"}),
        (Role.JUROR, set()),
        (Role.HOLDER, set()),
    ],
)
def test_each_role_has_its_scope(role, seen):
    est, ouest = factories.region(), factories.region("53", "Bretagne")
    factories.application(title="est", state=State.SUBMITTED, region=est)
    factories.application(title="ouest", state=State.SELECTED, region=ouest)
    factories.application(title="brouillon", region=est)
    somebody = factories.person(role, regions=[est])
    assert set(for_office(somebody).values_list("title", flat=True)) == seen


@pytest.mark.parametrize(
    ("verb", "role", "state", "allowed"),
    [
        ("admit", Role.OFFICER, State.SUBMITTED, True),
        ("admit", Role.OFFICER, State.SELECTED, False),
        ("admit", Role.CHAIR, State.SUBMITTED, False),
        ("admit", Role.DELEGATE, State.SUBMITTED, False),
        ("reconsider", Role.OFFICER, State.INELIGIBLE, True),
        ("decide_admissibility", Role.OFFICER, State.INCOMPLETE, True),
        ("decide_admissibility", Role.OFFICER, State.ADMITTED, False),
        ("message", Role.DELEGATE, State.ADMITTED, True),
        ("message", Role.OFFICER, State.DRAFT, False),
        ("see_in_office", Role.JUROR, State.ADMITTED, False),
        ("see_in_office", Role.ADMINISTRATOR, State.ADMITTED, True),
    ],
)
def test_each_verb_has_its_role_and_moment(verb, role, state, allowed):
    est = factories.region()
    application = factories.application(state=state, region=est)
    user = factories.person(role, regions=[est])
    assert User.objects.get(pk=user.pk).has_perm(f"projects.{verb}", application) is allowed


def test_a_delegate_of_elsewhere_may_nothing():
    application = factories.application(state=State.SUBMITTED, region=factories.region())
    delegate = factories.person(Role.DELEGATE, regions=[factories.region("53", "Bretagne")])
    assert not delegate.has_perm("projects.message", application)

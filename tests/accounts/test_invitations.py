from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.utils import timezone
from tests import factories

from terreau.accounts import actions, queries
from terreau.accounts.models import Invitation, Membership, Role
from terreau.core import journal

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitation():
    by = factories.membership()
    return actions.invite(by.organisation, email="Nouvelle@Exemple.fr", role=Role.HOLDER, by=by.user)


def test_an_invitation_leaves_by_mail_with_a_link_nobody_can_guess(django_capture_on_commit_callbacks):
    by = factories.membership()
    with django_capture_on_commit_callbacks(execute=True):
        made = actions.invite(by.organisation, email="nouvelle@exemple.fr", role=Role.HOLDER, by=by.user)
    assert len(made.token) >= 43
    assert f"http://127.0.0.1:8000/compte/invitation/{made.token}/" in outbox.outbox[0].body
    assert outbox.outbox[0].to == ["nouvelle@exemple.fr"]
    assert made.token not in str([e.details for e in journal.history(by.organisation)])


def test_it_gives_its_role_and_regions_once(invitation):
    user = factories.user("nouvelle@exemple.fr")
    membership = actions.accept(invitation, user=user)
    assert (membership.role, membership.organisation) == (Role.HOLDER, invitation.organisation)
    with pytest.raises(actions.NotOpen):
        actions.accept(invitation, user=user)
    assert queries.addresses(user) == {"nouvelle@exemple.fr"}  # the link proved it


def test_another_account_is_refused_and_the_place_stays(invitation):
    with pytest.raises(actions.WrongAccount, match=r"nouvelle@exemple\.fr"):
        actions.accept(invitation, user=factories.user("autre@exemple.fr"))
    assert Invitation.objects.get(pk=invitation.pk).is_open()
    assert not Membership.objects.filter(user__email="autre@exemple.fr").exists()


def test_it_expires(invitation):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(actions.NotOpen):
        actions.accept(invitation, user=factories.user("nouvelle@exemple.fr"))


def test_it_can_be_taken_back_and_a_second_one_replaces_the_first(invitation):
    user = factories.user("nouvelle@exemple.fr")
    second = actions.invite(invitation.organisation, email=invitation.email, role=Role.HOLDER, by=invitation.invited_by)
    assert list(queries.open_invitations(invitation.organisation)) == [second]
    with pytest.raises(actions.NotOpen):
        actions.accept(invitation, user=user)
    actions.revoke(second, by=invitation.invited_by)
    with pytest.raises(actions.NotOpen):
        actions.accept(second, user=user)


def test_a_colleague_is_not_invited_twice(invitation):
    with pytest.raises(actions.Refused, match="déjà ce rôle"):
        actions.invite(
            invitation.organisation,
            email=invitation.invited_by.email,
            role=Role.HOLDER,
            by=invitation.invited_by,
        )


def test_a_delegate_is_invited_with_regions():
    officer, east = factories.person(Role.OFFICER), factories.region()
    invitation = actions.invite(
        factories.funder(), email="d@exemple.fr", role=Role.DELEGATE, regions=[east], by=officer
    )
    delegate = factories.user("d@exemple.fr")
    actions.accept(invitation, user=delegate)
    assert delegate.region_ids() == {east.pk}

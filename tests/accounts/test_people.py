import json

import pytest
from allauth.account.models import EmailAddress
from tests import factories

from terreau.accounts import actions, queries
from terreau.accounts.models import Membership, Role, User
from terreau.core import journal

pytestmark = pytest.mark.django_db


def test_a_profile_changes_and_the_journal_says_only_what():
    user = factories.user(first_name="Ana", last_name="Diaz")
    actions.change_profile(user, by=user, first_name="Anna", language="en")
    assert journal.history(user).get().details == {"fields": ["first_name", "language"]}
    actions.change_profile(user, by=user, first_name="Anna")
    assert journal.history(user).count() == 1


def test_an_erased_account_keeps_nothing_that_names_the_person():
    membership = factories.membership()
    user = membership.user
    email = user.email
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    actions.ask_to_join(user, factories.organisation(), by=user)
    actions.erase(user, by=user)
    kept = User.objects.get(pk=user.pk)
    assert not kept.is_active
    assert not kept.has_usable_password()
    assert email not in str(User.objects.filter(pk=user.pk).values())
    assert kept.get_full_name() == ""
    assert not EmailAddress.objects.filter(user=user).exists()
    assert not Membership.objects.filter(user=user, left_at=None).exists()
    assert journal.history(kept).first().actor_label == "terreau"
    with pytest.raises(actions.Refused):
        actions.erase(kept, by=None)


def test_the_only_officer_hands_over_before_erasing():
    officer = factories.person(Role.OFFICER)
    with pytest.raises(actions.NeedsSuccessor):
        actions.erase(officer, by=officer)
    assert User.objects.get(pk=officer.pk).is_active


def test_personal_data_is_plain_and_complete():
    membership = factories.membership()
    actions.change_profile(membership.user, by=membership.user, first_name="Anna")
    data = json.loads(json.dumps(queries.personal_data(membership.user)))
    assert data["person"]["first_name"] == "Anna"
    assert data["memberships"][0]["organisation"] == membership.organisation.name
    assert data["journal"][0]["verb"] == "profile_changed"

import pytest
from allauth.account.models import EmailAddress
from tests import factories

from terreau.accounts import actions
from terreau.accounts.models import Invitation, Membership, Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitation():
    by = factories.membership()
    return actions.invite(by.organisation, email="nouvelle@exemple.fr", role=Role.HOLDER, by=by.user)


@pytest.fixture
def url(invitation):
    return f"/compte/invitation/{invitation.token}/"


def test_a_new_account_is_made_from_the_link(client, invitation, url, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    page = client.get(url).content.decode()
    assert invitation.organisation.name in page
    signup = f"/compte/signup/?next={url}"
    assert signup in page
    assert "nouvelle@exemple.fr" in client.get(signup).content.decode()
    given = {"first_name": "Ana", "last_name": "Diaz", "email": "nouvelle@exemple.fr", "password1": "terreau-essai-42"}
    done = client.post(signup, given | {"next": url})
    assert done.url == url  # the link proved the address: no second e-mail to wait for
    assert client.post(url).url == "/accueil/"
    user = User.objects.get(email="nouvelle@exemple.fr")
    assert user.get_full_name() == "Ana Diaz"
    assert user.memberships.get().organisation == invitation.organisation
    assert EmailAddress.objects.get(user=user).verified


def test_an_existing_account_signs_in_and_accepts(client, invitation, url):
    user = factories.user("nouvelle@exemple.fr")
    client.get(url)
    done = client.post("/compte/login/", {"login": user.email, "password": factories.PASSWORD, "next": url})
    assert done.url == url
    assert "Accepter" in client.get(url).content.decode()
    client.post(url)
    assert user.memberships.exists()
    assert client.get(url).status_code == 410


def test_another_account_is_refused_kindly_and_the_place_stays(client, invitation, url):
    client.force_login(factories.user("autre@exemple.fr"))
    refused = client.post(url)
    assert refused.status_code == 403
    assert "Cette invitation est pour nouvelle@exemple.fr" in refused.content.decode()
    assert not Membership.objects.filter(user__email="autre@exemple.fr").exists()
    assert client.get(url).status_code == 200


def test_nobody_accepts_without_an_account(client, url):
    assert client.post(url).status_code == 200
    assert Membership.objects.count() == 1


def test_a_wrong_or_withdrawn_link_says_so(client, invitation, url):
    assert client.get("/compte/invitation/devinette/").status_code == 410
    client.force_login(invitation.invited_by)
    assert client.post(f"/compte/invitations/{invitation.pk}/annuler/").status_code == 302
    assert client.get(url).status_code == 410


def test_a_stranger_withdraws_nothing(client, invitation):
    client.force_login(factories.person())
    assert client.post(f"/compte/invitations/{invitation.pk}/annuler/").status_code == 404


def test_an_invitation_is_sent_from_the_page(client, invitation):
    client.force_login(invitation.invited_by)
    url = f"/compte/organisations/{invitation.organisation_id}/inviter/"
    assert client.post(url, {"email": "b@exemple.fr", "role": "officer"}).status_code == 200  # no such role here
    assert client.post(url, {"email": "b@exemple.fr", "role": "mentor"}).status_code == 302
    page = client.get(f"/compte/organisations/{invitation.organisation_id}/").content.decode()
    assert "b@exemple.fr" in page
    again = client.post(url, {"email": invitation.invited_by.email, "role": "holder"})
    assert "déjà ce rôle" in again.content.decode()


def test_staff_are_invited_with_regions_and_a_delegate_needs_one(client):
    east, funder = factories.region(), factories.funder()
    client.force_login(factories.person(Role.OFFICER))
    url = f"/compte/organisations/{funder.pk}/inviter/"
    refused = client.post(url, {"email": "d@exemple.fr", "role": "delegate"})
    assert "au moins une région" in refused.content.decode()
    assert client.post(url, {"email": "d@exemple.fr", "role": "administrator"}).status_code == 200
    assert client.post(url, {"email": "d@exemple.fr", "role": "delegate", "regions": [east.pk]}).status_code == 302
    user = factories.user("d@exemple.fr")
    client.force_login(user)
    client.post(f"/compte/invitation/{Invitation.objects.get().token}/")
    assert user.region_ids() == {east.pk}


def test_the_regions_of_a_delegate_are_changed_by_the_programme(client):
    east, south = factories.region(), factories.region("93", "Sud")
    delegate = factories.membership(Role.DELEGATE, regions=[east])
    url = f"/compte/acces/{delegate.pk}/regions/"
    client.force_login(delegate.user)
    assert client.post(url, {"regions": [south.pk]}).status_code == 403
    client.force_login(factories.person(Role.ADMINISTRATOR))
    assert client.post(url, {"regions": [south.pk]}).status_code == 302
    assert User.objects.get(pk=delegate.user.pk).region_ids() == {south.pk}

"""Account pages: what each person sees, may do, and leaves in the mail."""

import json

import pytest
from django.core import mail as outbox
from tests import factories

from terreau.accounts.models import Invitation, JoinRequest, Membership, Organisation, Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(client):
    membership = factories.membership()
    client.force_login(membership.user)
    return membership


def identity(**changes):
    given = {"legal_form": "association", "name": "Les Passerelles", "siret": factories.siret()}
    return given | {"accounts_closed": "unknown"} | changes


@pytest.mark.parametrize(
    "path", ["", "profil/", "donnees/", "effacer/", "organisations/", "organisations/nouvelle/", "demandes/"]
)
def test_the_pages_of_an_account_answer_their_owner_alone(client, path):
    assert client.get(f"/compte/{path}").status_code == 302
    client.force_login(factories.user())
    assert client.get(f"/compte/{path}").status_code == 200


def test_a_profile_changes_with_the_language_of_the_browser(client, mine):
    done = client.post("/compte/profil/", {"first_name": "Ana", "last_name": "Diaz", "language": "en"})
    assert done.cookies["django_language"].value == "en"
    mine.user.refresh_from_db()
    assert (mine.user.first_name, mine.user.language) == ("Ana", "en")


def test_an_organisation_is_entered_with_its_first_member(client):
    user = factories.user()
    client.force_login(user)
    client.post("/compte/organisations/nouvelle/", identity(siret="732 829 320 00074"))
    made = Organisation.objects.get()
    assert (made.siret, made.kind, made.memberships.get().role) == ("73282932000074", "association", Role.HOLDER)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"siret": "12"}, "14 chiffres"),
        ({"siret": ""}, "Donnez le SIRET ou le numéro RNA."),
        ({"siret": "", "legal_form": "company"}, "Donnez le SIRET."),
        ({"siret": "", "legal_form": "company", "rna": "W751234567"}, "Donnez le SIRET."),
        ({"siret": "", "legal_form": "local_association"}, "registre local"),
        ({"rna": "123"}, "W suivi de 9 chiffres"),
        ({"name": ""}, "obligatoire"),
        ({"founded_on": "2999-01-01"}, "dans le futur"),
        ({"commune": "Nullepart"}, "ne trouvons pas cette commune"),
    ],
)
def test_a_wrong_identity_is_told_at_its_field_and_nothing_is_lost(client, mine, changes, words):
    page = client.post("/compte/organisations/nouvelle/", identity(address="3 rue du Sauvage", **changes))
    assert words in page.content.decode()
    assert "3 rue du Sauvage" in page.content.decode()
    assert Organisation.objects.count() == 1


def test_an_association_of_alsace_moselle_enters_with_its_register(client, mine):
    given = identity(siret="", legal_form="local_association", register="Mulhouse, volume 87, folio 12")
    client.post("/compte/organisations/nouvelle/", given)
    assert Organisation.objects.get(register="Mulhouse, volume 87, folio 12").memberships.get().user == mine.user


def test_an_organisation_already_here_is_asked_not_entered(client, django_capture_on_commit_callbacks):
    member, user = factories.membership(), factories.user()
    client.force_login(user)
    page = client.post("/compte/organisations/nouvelle/", identity(siret=member.organisation.siret))
    assert "déjà ici" in page.content.decode()
    assert not user.memberships.exists()
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/compte/organisations/rejoindre/", {"siret": member.organisation.siret, "message": "Bonjour"})
    assert not user.memberships.exists()
    assert outbox.outbox[0].to == [member.user.email]
    client.force_login(member.user)
    asked = JoinRequest.objects.get()
    client.post(f"/compte/demandes/{asked.pk}/", {"answer": "yes"})
    assert user.memberships.get().role == Role.HOLDER


def test_a_request_is_answered_by_its_organisation_alone(client):
    asked = JoinRequest.objects.create(user=factories.user(), organisation=factories.membership().organisation)
    client.force_login(factories.person())
    assert client.post(f"/compte/demandes/{asked.pk}/", {"answer": "yes"}).status_code == 404


def test_the_funder_is_not_joined_by_asking(client, mine):
    answer = client.post("/compte/organisations/rejoindre/", {"siret": factories.funder().siret})
    assert answer.status_code == 403


def test_an_organisation_is_seen_by_its_members_and_the_programme(client, mine):
    url = f"/compte/organisations/{mine.organisation.pk}/"
    assert client.get(url).status_code == 200
    client.force_login(factories.person())
    for path in ("", "corriger/", "inviter/"):
        assert client.get(url + path).status_code == 404
    client.force_login(factories.person(Role.OFFICER))
    assert client.get(url).status_code == 200
    assert client.get(url + "corriger/").status_code == 200
    assert client.get(url + "inviter/").status_code == 403
    client.force_login(factories.membership(Role.MENTOR, of=mine.organisation).user)
    assert client.get(url).status_code == 200
    assert client.get(url + "corriger/").status_code == 403
    assert client.get(url + "inviter/").status_code == 403


def test_an_organisation_is_corrected(client, mine):
    url = f"/compte/organisations/{mine.organisation.pk}/corriger/"
    client.post(url, identity(name="Nouveau nom", siret=mine.organisation.siret))
    assert Organisation.objects.get(pk=mine.organisation.pk).name == "Nouveau nom"
    other = factories.organisation()
    page = client.post(url, identity(siret=other.siret))
    assert "déjà inscrite ici" in page.content.decode()


def test_a_colleague_leaves_at_once_and_the_last_one_hands_over(client, mine):
    url = f"/compte/acces/{mine.pk}/fin/"
    assert "Invitez d’abord" in client.get(url).content.decode()
    mentor = factories.membership(Role.MENTOR, of=mine.organisation)
    page = client.post(url, {"sure": "True"})
    assert page.status_code == 200
    assert "obligatoire" in page.content.decode()
    assert client.post(url, {"sure": "True", "successor": mentor.pk}).status_code == 302
    assert client.get(f"/compte/organisations/{mine.organisation.pk}/").status_code == 404
    assert mentor.user.memberships.filter(role=Role.HOLDER, left_at=None).exists()


def test_an_access_is_ended_by_its_organisation_alone(client, mine):
    stranger = factories.membership()
    assert client.post(f"/compte/acces/{stranger.pk}/fin/").status_code == 404
    mentor = factories.membership(Role.MENTOR, of=mine.organisation)
    client.force_login(mentor.user)
    assert client.post(f"/compte/acces/{mine.pk}/fin/").status_code == 403


def test_my_data_is_seen_and_exported(client, mine):
    assert mine.organisation.name in client.get("/compte/donnees/").content.decode()
    answer = client.get("/compte/donnees/export.json")
    assert answer["Content-Disposition"].startswith("attachment")
    assert json.loads(answer.content)["person"]["email"] == mine.user.email


def test_an_account_is_erased_after_a_yes(client, mine):
    client.post("/compte/effacer/", {})
    assert User.objects.get(pk=mine.user.pk).is_active
    assert client.post("/compte/effacer/", {"agree": "on"}).url == "/compte/efface/"
    assert not User.objects.get(pk=mine.user.pk).is_active
    assert client.get("/compte/efface/").status_code == 200
    assert client.get("/compte/").status_code == 302


def test_the_last_officer_is_told_why_erasing_waits(client):
    officer = factories.person(Role.OFFICER)
    client.force_login(officer)
    page = client.post("/compte/effacer/", {"agree": "on"})
    assert "qui prend le relais" in page.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_members_costs_the_same_whatever_its_length(client, mine, count, django_assert_num_queries):
    for _n in range(count):
        factories.membership(of=mine.organisation)
        Invitation.objects.create(
            organisation=mine.organisation,
            email=f"p{_n}@exemple.fr",
            role=Role.HOLDER,
            invited_by=mine.user,
            expires_at="2099-01-01T00:00:00Z",
        )
    with django_assert_num_queries(9):
        client.get(f"/compte/organisations/{mine.organisation.pk}/")


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_requests_costs_the_same_whatever_its_length(client, mine, count, django_assert_num_queries):
    for _n in range(count):
        JoinRequest.objects.create(user=factories.user(), organisation=mine.organisation, role=Role.HOLDER)
    with django_assert_num_queries(5):
        client.get("/compte/demandes/")


def test_a_membership_that_ended_gives_nothing(client, mine):
    Membership.objects.update(left_at="2025-01-01T00:00:00Z")
    assert client.get(f"/compte/organisations/{mine.organisation.pk}/").status_code == 404


def test_files_without_another_owner_are_handed_over(client, mine):
    application = factories.application(owner=mine)
    colleague = factories.membership(of=mine.organisation)
    url = f"/compte/acces/{mine.pk}/fin/"
    assert "pas d’autre responsable" in client.get(url).content.decode()
    assert client.post(url, {"sure": "True"}).status_code == 200
    assert client.post(url, {"sure": "True", "successor": colleague.pk}).status_code == 302
    assert application.collaborators.get(membership=colleague).role == "owner"

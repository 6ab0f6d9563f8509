"""Sessions that end while somebody writes; the second factor of the funder's staff; where each person lands."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from tests import factories

from terreau.accounts import actions
from terreau.accounts.models import Organisation, Role

pytestmark = pytest.mark.django_db


def login(client, user, **fields):
    return client.post("/compte/login/", {"login": user.email, "password": factories.PASSWORD} | fields)


def test_a_form_sent_after_the_session_ended_is_kept_and_sent_again(client):
    user = factories.user()
    late = {"legal_form": "company", "name": "Atelier", "siret": "73282932000074", "accounts_closed": "unknown"}
    asked = client.post("/compte/organisations/nouvelle/", late)
    assert asked.url == "/compte/login/?next=/compte/reprendre/"
    assert login(client, user, next="/compte/reprendre/").url == "/compte/reprendre/"
    page = client.get("/compte/reprendre/").content.decode()
    assert 'action="/compte/organisations/nouvelle/"' in page
    assert 'name="siret" value="73282932000074"' in page
    assert not Organisation.objects.exists()
    client.post("/compte/organisations/nouvelle/", late)
    assert Organisation.objects.get().siret == "73282932000074"


def test_the_kept_form_can_be_forgotten(client):
    client.post("/compte/organisations/nouvelle/", {"name": "Atelier"})
    login(client, factories.user())
    assert client.post("/compte/reprendre/").url == "/accueil/"
    assert client.get("/compte/reprendre/").url == "/accueil/"


def test_another_site_keeps_nothing_in_the_session():
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/compte/organisations/nouvelle/", {"name": "Piège"}).status_code == 403
    assert "unsent" not in strict.session


def test_a_page_in_the_middle_of_writing_is_left_as_it_is(client):
    here = "http://testserver/compte/profil/?page=2"
    answer = client.post("/compte/profil/", {"first_name": "A"}, headers={"HX-Request": "true", "HX-Current-URL": here})
    assert answer.status_code == 401
    assert answer["HX-Trigger"] == "signed-out"
    assert answer["X-Sign-In"] == "/compte/login/?next=/compte/profil/%3Fpage%3D2"


def test_a_foreign_page_is_no_place_to_come_back_to(client):
    headers = {"HX-Request": "true", "HX-Current-URL": "https://ailleurs.example/"}
    assert client.get("/compte/", headers=headers)["X-Sign-In"] == "/compte/login/?next=/accueil/"


def test_staff_set_up_a_second_factor_first(client, settings):
    settings.REQUIRE_MFA = True
    officer = factories.person(Role.OFFICER)
    client.force_login(officer)
    assert client.get("/compte/organisations/").url == "/compte/2fa/"
    assert client.get("/").status_code == 200
    client.post("/compte/reauthenticate/", {"password": factories.PASSWORD})
    assert client.get("/compte/2fa/totp/activate/").status_code == 200
    assert client.get("/compte/email/").status_code == 200
    Authenticator.objects.create(user=officer, type="totp", data={"secret": "x"})
    assert client.get("/compte/organisations/").status_code == 200


@pytest.mark.parametrize("role", [Role.DELEGATE, Role.JUROR, Role.CHAIR, Role.ADMINISTRATOR])
def test_recovery_codes_alone_are_no_second_factor(client, settings, role):
    settings.REQUIRE_MFA = True
    person = factories.person(role)
    Authenticator.objects.create(user=person, type="recovery_codes", data={})
    client.force_login(person)
    assert client.get("/compte/organisations/").url == "/compte/2fa/"


def test_others_are_not_asked_and_the_setting_switches_it_off(client, settings):
    settings.REQUIRE_MFA = True
    client.force_login(factories.person())
    assert client.get("/compte/organisations/").status_code == 200
    settings.REQUIRE_MFA = False
    client.force_login(factories.person(Role.OFFICER))
    assert client.get("/compte/organisations/").status_code == 200


@pytest.mark.parametrize(
    ("role", "path"),
    [
        (Role.OFFICER, "/bureau/"),
        (Role.DELEGATE, "/bureau/"),
        (Role.ADMINISTRATOR, "/bureau/"),
        (Role.JUROR, "/jury/"),
        (Role.CONTACT, "/entreprise/"),
        (Role.MENTOR, "/entreprise/"),
    ],
)
def test_each_person_goes_to_their_space(client, role, path):
    client.force_login(factories.person(role))
    assert client.get("/accueil/").url == path


def test_several_roles_make_a_choice_and_a_chair_has_two_rooms(client):
    client.force_login(factories.person(Role.CHAIR))
    page = client.get("/accueil/").content.decode()
    assert 'href="/bureau/"' in page
    assert 'href="/jury/"' in page


def test_a_new_person_is_shown_what_can_be_done(client):
    client.force_login(factories.user())
    page = client.get("/accueil/").content.decode()
    assert "/compte/organisations/nouvelle/" in page
    assert "/parcours/" in page


def test_what_waits_stops_on_the_way(client):
    member = factories.membership(Role.CONTACT)
    asker = factories.user()
    actions.ask_to_join(asker, member.organisation, Role.CONTACT, by=asker)
    client.force_login(member.user)
    assert "demande à rejoindre" in client.get("/accueil/").content.decode()


def test_the_door_is_closed_to_everybody_else(client):
    for path in ("/accueil/", "/entreprise/", "/parcours/", "/compte/journal/", "/compte/courrier/"):
        assert client.get(path).url == f"/compte/login/?next={path}"

"""Every way in and out: password, e-mailed code, one-time codes, recovery codes, reset, providers."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings as conf
from django.core import mail as outbox
from django.core.cache import cache
from tests import factories

from terreau.accounts.models import User
from terreau.core import journal

pytestmark = pytest.mark.django_db
NEW = {"first_name": "Ana", "last_name": "Diaz", "email": "ana@exemple.fr", "password1": "terreau-essai-42"}


@pytest.fixture(autouse=True)
def fresh_rate_limits():
    cache.clear()


@pytest.fixture
def user():
    made = factories.user("ana@exemple.fr")
    EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    return made


def login(client, **fields):
    return client.post("/compte/login/", {"login": "ana@exemple.fr", "password": factories.PASSWORD} | fields)


def signed_in(client):
    return "_auth_user_id" in client.session


def code_in_mail():
    return re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", outbox.outbox[-1].body, re.MULTILINE).group(0)


def prove(client):
    """Sensitive pages ask for the password once more."""
    return client.post("/compte/reauthenticate/", {"password": factories.PASSWORD})


def test_password_then_back_to_the_page_one_wanted(client, user):
    wanted = client.get("/compte/donnees/")
    assert wanted.url == "/compte/login/?next=/compte/donnees/"
    assert "compte/donnees" in client.get(wanted.url).content.decode()
    assert login(client, next="/compte/donnees/").url == "/compte/donnees/"
    assert login(client, next="https://ailleurs.example/").url == "/accueil/"


def test_the_language_of_the_account_follows_the_person(client, user):
    User.objects.update(language="en")
    assert login(client).cookies["django_language"].value == "en"


def test_a_wrong_password_says_the_same_for_a_known_and_an_unknown_address(client, user):
    def told(email):
        page = client.post("/compte/login/", {"login": email, "password": "faux-mot-de-passe"}).content.decode()
        return re.search(r'id="form-errors".*?</div>', page, re.DOTALL).group(0)

    assert told("ana@exemple.fr") == told("personne@exemple.fr")


def test_too_many_wrong_passwords_are_slowed_down(client, user):
    limit = 5
    for _n in range(limit):
        login(client, password="faux")
    assert not signed_in(client)
    login(client)
    assert not signed_in(client)  # even the right one, for a while


def test_sign_up_then_the_journal_remembers(client):
    assert client.post("/compte/signup/", NEW).status_code == 302
    assert signed_in(client)
    made = User.objects.get(email="ana@exemple.fr")
    assert made.get_full_name() == "Ana Diaz"
    assert [e.verb for e in journal.history(made)] == ["account_created"]


def test_sign_up_tells_nobody_who_has_an_account(client, user, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    known = client.post("/compte/signup/", NEW)
    told_known = outbox.outbox[-1]
    unknown = client.post("/compte/signup/", NEW | {"email": "autre@exemple.fr"})
    assert known.url == unknown.url
    assert told_known.to == ["ana@exemple.fr"]
    assert User.objects.filter(email="ana@exemple.fr").count() == 1
    assert not signed_in(client)


def test_a_code_by_e_mail_signs_in(client, user):
    assert client.post("/compte/login/code/", {"email": user.email}).url == "/compte/login/code/confirm/"
    assert outbox.outbox[-1].to == [user.email]
    client.post("/compte/login/code/confirm/", {"code": "AAAAAA"})
    assert not signed_in(client)
    client.post("/compte/login/code/confirm/", {"code": code_in_mail()})
    assert signed_in(client)


def test_a_code_for_an_unknown_address_answers_the_same(client, user):
    assert client.post("/compte/login/code/", {"email": "personne@exemple.fr"}).url == "/compte/login/code/confirm/"
    assert client.get("/compte/login/code/confirm/").status_code == 200


def activate(client):
    """Set one-time codes up through the pages; gives the secret back."""
    assert client.get("/compte/2fa/totp/activate/").url.startswith("/compte/reauthenticate/")
    prove(client)
    page = client.get("/compte/2fa/totp/activate/")
    secret = client.session[totp.SECRET_SESSION_KEY]
    assert page.context["form"].secret == secret
    done = client.post("/compte/2fa/totp/activate/", {"code": now(secret)})
    assert done.status_code == 302
    return secret


def now(secret):
    return totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))


def test_one_time_codes_are_set_up_then_asked(client, user):
    login(client)
    secret = activate(client)
    assert Authenticator.objects.filter(user=user, type="totp").exists()
    client.logout()
    cache.clear()
    assert login(client, next="/compte/donnees/").url.startswith("/compte/2fa/authenticate/")
    assert not signed_in(client)
    client.post("/compte/2fa/authenticate/", {"code": "000000"})
    assert not signed_in(client)
    assert client.post("/compte/2fa/authenticate/", {"code": now(secret)}).url == "/compte/donnees/"
    assert signed_in(client)


def test_a_code_by_e_mail_does_not_replace_the_second_factor(client, user):
    login(client)
    activate(client)
    client.logout()
    client.post("/compte/login/code/", {"email": user.email})
    client.post("/compte/login/code/confirm/", {"code": code_in_mail()})
    assert not signed_in(client)


def test_a_recovery_code_serves_once(client, user):
    login(client)
    activate(client)
    codes = RecoveryCodes.activate(user).generate_codes()
    for again in (False, True):
        client.logout()
        cache.clear()
        login(client)
        client.post("/compte/2fa/authenticate/", {"code": codes[0]})
        assert signed_in(client) is not again


def test_a_forgotten_password_is_chosen_anew(client, user):
    client.post("/compte/password/reset/", {"email": user.email})
    link = re.search(r"http://testserver(/compte/password/reset/key/\S+)", outbox.outbox[-1].body).group(1)
    page = client.get(link, follow=True)
    form = page.redirect_chain[-1][0]
    client.post(form, {"password1": "nouveau-terreau-43", "password2": "nouveau-terreau-43"})
    assert signed_in(client) or login(client, password="nouveau-terreau-43").status_code == 302
    user.refresh_from_db()
    assert user.check_password("nouveau-terreau-43")


def test_a_forgotten_password_tells_nobody_who_has_an_account(client, user):
    known = client.post("/compte/password/reset/", {"email": user.email})
    unknown = client.post("/compte/password/reset/", {"email": "personne@exemple.fr"})
    assert known.url == unknown.url


def test_a_password_changes_and_a_message_says_so(client, user):
    client.force_login(user)
    given = {"oldpassword": factories.PASSWORD, "password1": "nouveau-terreau-43", "password2": "nouveau-terreau-43"}
    client.post("/compte/password/change/", given)
    user.refresh_from_db()
    assert user.check_password("nouveau-terreau-43")
    assert outbox.outbox[-1].to == [user.email]


def test_a_second_address_is_added_and_becomes_the_first_once_confirmed(client, user):
    client.force_login(user)
    client.post("/compte/email/", {"action_add": "", "email": "nouvelle@exemple.fr"})
    link = re.search(r"http://testserver(/compte/confirm-email/\S+)", outbox.outbox[-1].body).group(1)
    client.post(link)
    client.post("/compte/email/", {"action_primary": "", "email": "nouvelle@exemple.fr"})
    user.refresh_from_db()
    assert user.email == "nouvelle@exemple.fr"


def test_signing_out_closes_the_door(client, user):
    client.force_login(user)
    assert client.post("/compte/logout/").status_code == 302
    assert client.get("/compte/").status_code == 302


@pytest.mark.parametrize(
    "path",
    ["login/", "signup/", "login/code/", "password/reset/", "password/reset/done/", "confirm-email/", "inactive/"],
)
def test_the_pages_before_the_door_are_ours(client, path):
    page = client.get(f"/compte/{path}")
    assert page.status_code == 200
    assert "ui/tokens.css" in page.content.decode()
    assert "<h1>" in page.content.decode()


@pytest.mark.parametrize(
    "path",
    ["email/", "password/change/", "2fa/", "2fa/totp/activate/", "2fa/webauthn/", "2fa/webauthn/add/", "3rdparty/"],
)
def test_the_pages_behind_the_door_are_ours(client, user, path):
    login(client)
    prove(client)
    page = client.get(f"/compte/{path}")
    assert page.status_code == 200
    assert "ui/tokens.css" in page.content.decode()
    assert 'aria-label="Mon compte"' in page.content.decode()


def test_a_provider_by_configuration_has_its_button(client, settings):
    app = {"provider_id": "agence", "name": "Mon agence", "client_id": "x", "secret": "y"}
    app["settings"] = {"server_url": "https://connexion.exemple.fr"}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    page = client.get("/compte/login/").content.decode()
    assert "Mon agence" in page
    assert "/compte/oidc/agence/login/" in page
    assert client.get("/compte/oidc/agence/login/").status_code == 200


def test_no_provider_no_button(client):
    assert conf.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] == []
    assert "oidc" not in client.get("/compte/login/").content.decode()

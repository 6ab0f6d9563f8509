"""In a real browser, under the strict policy: a passkey is added with a virtual authenticator, then signs in alone."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(chromium, live_server):
    """A page with an authenticator; what the policy refuses is kept in `page.refused`."""
    cache.clear()
    context = chromium.new_context(base_url=live_server.url.replace("127.0.0.1", "localhost"))
    opened = context.new_page()
    opened.refused = []
    opened.on("console", lambda message: opened.refused.append(message.text) if message.type == "error" else None)
    session = context.new_cdp_session(opened)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    yield opened
    context.close()


def submit(page):
    page.locator("main form").first.locator("button[type=submit]").first.click()


def sign_in(page, user):
    page.goto("/compte/login/")
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", factories.PASSWORD)
    submit(page)
    page.wait_for_url("**/accueil/")


def add_passkey(page):
    page.goto("/compte/2fa/webauthn/add/")
    page.fill("main [name=password]", factories.PASSWORD)
    submit(page)
    page.fill("[name=name]", "Mon téléphone")
    page.check("[name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/compte/2fa/recovery-codes/**")


def test_a_passkey_is_added_then_signs_in_alone(page):
    user = factories.user("ana@exemple.fr")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    sign_in(page, user)
    add_passkey(page)
    assert Authenticator.objects.filter(user=user, type="webauthn").count() == 1
    page.goto("/compte/2fa/webauthn/")
    assert "Mon téléphone" in page.content()
    page.context.clear_cookies()
    page.goto("/compte/login/?next=/compte/donnees/")
    page.click("#passkey_login")
    page.wait_for_url(lambda address: "/login/" not in address)
    assert "ana@exemple.fr" in page.content()
    assert page.refused == []


def test_one_time_codes_show_their_picture_under_the_policy(page):
    user = factories.user("ana@exemple.fr")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    sign_in(page, user)
    page.goto("/compte/2fa/totp/activate/")
    page.fill("main [name=password]", factories.PASSWORD)
    submit(page)
    assert page.locator("main img").evaluate("picture => picture.naturalWidth") > 0
    assert page.refused == []

"""Pages opened as somebody, watched: an error on the console or a request to another host fails the test."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

AXE = (Path(settings.NODE_MODULES) / "axe-core" / "axe.min.js").read_text
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


def watched(page, host, faults):
    """Collect what a page must never do: complain on its console, break, or ask another host for anything."""

    def requested(request):
        if urlsplit(request.url).netloc not in {host, ""}:
            faults.append(f"request to {request.url}")

    def said(message):
        if message.type == "error" and "favicon" not in message.text:
            faults.append(f"console on {page.url}: {message.text}")

    page.on("request", requested)
    page.on("console", said)
    page.on("pageerror", lambda problem: faults.append(f"script on {page.url}: {problem}"))
    return page


@pytest.fixture
def open_as(chromium, live_server):
    """`open_as(user, js=True, size=DESK)` gives a page signed in as that user (None: nobody)."""
    contexts, faults = [], []

    def opened(user=None, *, js=True, size=None, **options):
        context = chromium.new_context(
            base_url=live_server.url, java_script_enabled=js, viewport=size or DESK, locale="fr-FR", **options
        )
        context.set_default_timeout(30_000)  # a machine may be busy: a wait is no measure of speed
        if user:
            client = Client()
            client.force_login(user)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        contexts.append(context)
        page = context.new_page()
        return watched(page, urlsplit(live_server.url).netloc, faults)

    opened.faults = faults
    yield opened
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def audit():
    """`audit(page)` runs axe on the page as it stands and fails on any violation."""

    def audited(page):
        page.evaluate(AXE())
        found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
        assert [f"{page.url} {v['id']}: {v['help']} → {[n['target'] for n in v['nodes']][:3]}" for v in found] == []

    return audited

"""Shared fixtures: a Chromium where there is one, the data pack where it is named, and no mail that leaves."""

import os
import shutil
from pathlib import Path

import pytest
import time_machine
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

CALM = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}  # a busy machine is no fault of the code
hypothesis.register_profile("steady", derandomize=True, **CALM)  # the same examples for everybody
hypothesis.register_profile("searching", **CALM)
hypothesis.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PACK = os.environ.get("TERREAU_DATA")


def pytest_addoption(parser):
    parser.addoption("--write-permissions", action="store_true", help="rewrite tests/paths/permissions.csv")


def pytest_collection_modifyitems(items):
    for item in items:
        if item.get_closest_marker("browser") and not CHROMIUM:
            item.add_marker(pytest.mark.skip(reason="no Chromium found: browser tests did not run"))
        if item.get_closest_marker("data") and not (PACK and Path(PACK).is_dir()):
            item.add_marker(pytest.mark.skip(reason="TERREAU_DATA names no folder: data pack tests did not run"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """End the sessions that are left: a thread of the live server outlives the last browser test, and a database with
    a session is not dropped.
    """
    from django.db import connection

    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True)
def private_files(settings, tmp_path):
    """Uploads of a test stay in its own folder."""
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True, scope="session")
def emptied_after_each_transaction_test():
    """Rows that must not change are deleted with their test all the same: SQLite empties tables by DELETE."""
    from terreau.core import immutable

    empty = TransactionTestCase._fixture_teardown  # noqa: SLF001 - Django offers no other place

    def teardown(self):
        with immutable.lifted():
            empty(self)

    TransactionTestCase._fixture_teardown = teardown  # noqa: SLF001 - as above
    yield
    TransactionTestCase._fixture_teardown = empty  # noqa: SLF001 - as above


@pytest.fixture
def june():
    """A day on which the dates of `engagement.gifted` are past, whatever the machine says."""
    with time_machine.travel("2026-06-15 10:00Z"):
        yield


@pytest.fixture(autouse=True)
def fresh_territories():
    """The index and the map are read again in each test: rolled-back rows leave them stale."""
    from terreau.territories.queries import finder
    from terreau.web.ui import maps

    finder.forget()
    maps.forget()


@pytest.fixture(scope="session")
def chromium():
    """One headless browser a session, driven by Playwright; each test opens its own context."""
    from playwright.sync_api import sync_playwright

    flags = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
    ]
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps an event loop in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*flags, "--disable-component-update", "--disable-sync"]
        )
        yield browser
        browser.close()

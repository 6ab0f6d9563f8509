"""A published version never changes, whoever asks and by whatever way."""

import pytest
from django.db import IntegrityError, transaction
from tests import factories

from terreau.accounts.models import Role, User
from terreau.calls import actions
from terreau.calls.models import Version

pytestmark = pytest.mark.django_db


@pytest.fixture
def published():
    officer = factories.person(Role.OFFICER)
    call = actions.create_call(
        funder=factories.funder(), title="Appel", slug="appel", edition=2025, rules=factories.rules(), by=officer
    )
    return actions.publish(call, by=officer)


@pytest.mark.parametrize(
    "change", [{"content": {}}, {"note": "autre"}, {"number": 9}, {"published_at": None}, {"content": {"kinds": []}}]
)
def test_the_database_refuses_to_change_a_published_version(published, change):
    with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
        Version.objects.filter(pk=published.pk).update(**change)


def test_the_database_refuses_to_delete_a_published_version(published):
    with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
        published.delete()


def test_erasing_an_account_leaves_what_it_published(published):
    User.objects.filter(pk=published.published_by_id).update(is_active=False)
    Version.objects.filter(pk=published.pk).update(published_by=None)
    published.refresh_from_db()
    assert published.published_by is None


def test_a_version_in_preparation_changes_and_goes(published):
    version = actions.write_rules(published.call, factories.rules(documents=()), by=None)
    version.note = "en cours"
    version.save()
    version.delete()
    assert published.call.versions.get() == published

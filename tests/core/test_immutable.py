import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from tests import factories

from terreau.core import immutable, journal
from terreau.core.models import Entry, Mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    return journal.record(factories.user(), "tested", by=None, reason="essai")


def test_a_line_of_the_journal_cannot_be_rewritten(entry):
    with pytest.raises(IntegrityError, match="core_entry: update refused"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(verb="rewritten")
    assert Entry.objects.get(pk=entry.pk).verb == "tested"


def test_a_line_of_the_journal_cannot_be_deleted(entry):
    with pytest.raises(IntegrityError, match="core_entry: delete refused"), transaction.atomic():
        entry.delete()
    assert Entry.objects.filter(pk=entry.pk).exists()


def test_every_table_named_by_a_trigger_keeps_it():
    """A migration that rebuilt a guarded table on SQLite without calling `forbid` again is seen here."""
    tables = {m._meta.db_table for m in apps.get_models()}
    named = {
        (operation, table)
        for trigger in immutable.guarded()
        for operation in ("update", "delete", "insert")
        for table in tables
        if trigger == f"{immutable.PREFIX}{table}_{operation}"
    }
    assert {("update", "core_entry"), ("delete", "core_entry")} <= named
    assert len(named) == len(immutable.guarded())


def test_lifted_triggers_come_back(entry):
    before = immutable.guarded()
    with immutable.lifted():
        Entry.objects.filter(pk=entry.pk).update(verb="corrected")
    assert immutable.guarded() == before
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(verb="again")


class Editor:
    """What a schema editor does for these operations, inside the test's own transaction."""

    connection = connection

    def execute(self, statement, params=None):
        with connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_condition_says_when_a_row_is_frozen():
    operation = immutable.forbid("core_mail", when="OLD.state = 'sent'")
    operation.database_forwards("core", Editor(), None, None)
    mail = Mail.objects.create(key="k", to="a@exemple.fr", subject="s", body="b")
    Mail.objects.filter(pk=mail.pk).update(state="sent")
    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.filter(pk=mail.pk).update(body="other")
    with pytest.raises(IntegrityError), transaction.atomic():
        mail.delete()
    operation.database_backwards("core", Editor(), None, None)
    Mail.objects.filter(pk=mail.pk).update(body="free again")


def test_an_insertion_may_be_refused_and_a_condition_may_look_elsewhere(entry):
    """As for decisions of a sealed committee: nothing is added once another row says so."""
    when = f"EXISTS (SELECT 1 FROM core_entry WHERE id = {entry.pk} AND subject_id = NEW.key)"
    operation = immutable.forbid("core_mail", when=when, on=("insert",))
    operation.database_forwards("core", Editor(), None, None)
    Mail.objects.create(key="other", to="a@exemple.fr", subject="s", body="b")
    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.create(key=entry.subject_id, to="a@exemple.fr", subject="s", body="b")
    operation.database_backwards("core", Editor(), None, None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second"])
def test_a_transaction_test_leaves_an_empty_journal(time):
    assert not Entry.objects.exists(), time
    journal.record(factories.user(), "tested", by=None)

"""Rows that must not change: triggers that refuse it, on SQLite and on PostgreSQL.

`forbid` belongs in a `0002_triggers` migration. On SQLite, a later migration that alters the table rebuilds it and
loses its triggers: that migration must call `forbid` again (`tests/core/test_immutable.py` sees to it).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import NotSupportedError, connection
from django.db.migrations.operations.base import Operation

PREFIX = "immutable_"
OPERATIONS = ("update", "delete")


class Forbid(Operation):
    """Refuse to change rows: see `forbid`. Not RunPython, which would build every model anew for nothing."""

    reduces_to_sql = False
    reversible = True

    def __init__(self, table: str, when: str, on: tuple[str, ...], lock: str) -> None:
        self.table, self.when, self.on, self.lock = table, when, on, lock

    def state_forwards(self, app_label: str, state: Any) -> None:
        """No model changes."""

    def database_forwards(self, _app_label: str, schema_editor: Any, _from_state: Any, _to_state: Any) -> None:
        for operation in self.on:
            for statement in _creation(schema_editor.connection.vendor, self.table, operation, self.when, self.lock):
                schema_editor.execute(statement, params=None)

    def database_backwards(self, _app_label: str, schema_editor: Any, _from_state: Any, _to_state: Any) -> None:
        for operation in self.on:
            name = _name(self.table, operation)
            if schema_editor.connection.vendor == "postgresql":
                schema_editor.execute(f"DROP FUNCTION {name}() CASCADE", params=None)
            else:
                schema_editor.execute(f"DROP TRIGGER {name}", params=None)

    def describe(self) -> str:
        return f"Refuse to {', '.join(self.on)} rows of {self.table}"


class Permit(Forbid):
    """Take a `forbid` back, before a migration that must touch the rows or that guards them otherwise."""

    def __init__(self, before: Forbid) -> None:
        super().__init__(before.table, before.when, before.on, before.lock)

    database_forwards = Forbid.database_backwards
    database_backwards = Forbid.database_forwards

    def describe(self) -> str:
        return f"Allow to {', '.join(self.on)} rows of {self.table}"


def forbid(table: str, *, when: str = "1 = 1", on: tuple[str, ...] = OPERATIONS, lock: str = "") -> Forbid:
    """A migration operation: refuse to `on` a row of `table` while `when` holds; the caller gets IntegrityError.

    `when` is SQL that both databases understand, on OLD (update, delete) or NEW (insert), subqueries included:
    `forbid("calls_version", when="OLD.published_at IS NOT NULL")`. Where `when` looks at rows that others may be
    writing, `lock` is what PostgreSQL runs first, so that they write one after the other as on SQLite.
    """
    return Forbid(table, when, on, lock)


def _name(table: str, operation: str) -> str:
    return f"{PREFIX}{table}_{operation}"


def _creation(vendor: str, table: str, operation: str, when: str, lock: str) -> list[str]:
    name, event = _name(table, operation), operation.upper()
    refusal = f"{table}: {operation} refused"
    if vendor == "sqlite":
        return [
            (
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW "
                f"BEGIN SELECT RAISE(ABORT, '{refusal}') WHERE {when}; END"
            )
        ]
    if vendor == "postgresql":
        row = "OLD" if operation == "delete" else "NEW"
        return [
            (
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {lock} "
                f"IF {when} THEN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
                f"RETURN {row}; END $$"
            ),
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]
    raise NotSupportedError(f"No triggers for {vendor}.")


def guarded() -> set[str]:
    """The names of the triggers in force."""
    tables = {"sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'"}
    with connection.cursor() as cursor:
        cursor.execute(tables.get(connection.vendor, "SELECT tgname FROM pg_trigger"))
        return {name for (name,) in cursor.fetchall() if name.startswith(PREFIX)}


@contextmanager
def lifted() -> Iterator[None]:
    """Without the triggers: for emptying a test database, a restore, an erasure that the law requires."""
    down, up = _switches()
    _run(down)
    try:
        yield
    finally:
        _run(up)


def _run(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _switches() -> tuple[list[str], list[str]]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname, tgrelid::regclass FROM pg_trigger")
        found = [(name, origin) for name, origin in cursor.fetchall() if name.startswith(PREFIX)]
    if connection.vendor == "sqlite":
        return [f"DROP TRIGGER {name}" for name, _sql in found], [sql for _name, sql in found]
    return (
        [f"ALTER TABLE {table} DISABLE TRIGGER {name}" for name, table in found],
        [f"ALTER TABLE {table} ENABLE TRIGGER {name}" for name, table in found],
    )

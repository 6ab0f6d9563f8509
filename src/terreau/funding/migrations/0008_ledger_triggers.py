from django.db import migrations

from terreau.core.immutable import forbid

# A posting comes before the movement that closes it; OR REPLACE, on SQLite, deletes behind the back of triggers.
CLOSED = (
    "EXISTS (SELECT 1 FROM funding_movement m WHERE m.id = NEW.movement_id)"
    " OR EXISTS (SELECT 1 FROM funding_posting p WHERE p.id = NEW.id)"
)
# Two who write one movement wait for each other: the second one's posting finds the movement, and is refused.
ONE_AT_A_TIME = "PERFORM pg_advisory_xact_lock(hashtextextended({row}::text, 0));"

KNOWN = "EXISTS (SELECT 1 FROM funding_movement m WHERE m.id = NEW.id OR m.key = NEW.key)"
UNBALANCED = (
    "(SELECT COUNT(*) FROM funding_posting p WHERE p.movement_id = NEW.id) < 2"
    " OR (SELECT SUM(p.amount_cents) FROM funding_posting p WHERE p.movement_id = NEW.id) <> 0"
)
OVERDRAWN = (
    "EXISTS (SELECT 1 FROM funding_posting p WHERE p.movement_id = NEW.id AND p.amount_cents < 0"
    " AND p.account NOT IN ('funds', 'demand') AND ("
    "(SELECT SUM(q.amount_cents) FROM funding_posting q WHERE q.window_id = p.window_id AND q.account = p.account) < 0"
    " OR (p.application_id IS NOT NULL AND (SELECT SUM(q.amount_cents) FROM funding_posting q"
    " WHERE q.application_id = p.application_id AND q.account = p.account) < 0)))"
)
# Whoever takes money of a window waits for the others who do. Under REPEATABLE READ the sums would be old ones.
WINDOWS_IN_TURN = (
    "IF current_setting('transaction_isolation') = 'repeatable read' THEN"
    " RAISE EXCEPTION 'funding_movement: not under REPEATABLE READ' USING ERRCODE = 'integrity_constraint_violation';"
    " END IF;"
    " PERFORM 1 FROM calls_window w WHERE w.id IN"
    " (SELECT p.window_id FROM funding_posting p WHERE p.movement_id = NEW.id) ORDER BY w.id FOR NO KEY UPDATE;"
)


class Migration(migrations.Migration):
    dependencies = [("funding", "0007_ledger")]
    operations = [
        forbid(
            "funding_posting", when=CLOSED, on=("insert",), lock=ONE_AT_A_TIME.format(row="NEW.movement_id")
        ),
        forbid("funding_posting"),
        forbid(
            "funding_movement",
            when=f"{KNOWN} OR {UNBALANCED} OR {OVERDRAWN}",
            on=("insert",),
            lock=ONE_AT_A_TIME.format(row="NEW.id") + WINDOWS_IN_TURN,
        ),
        forbid("funding_movement"),
    ]

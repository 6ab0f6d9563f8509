from importlib import import_module

from django.db import migrations

from terreau.core.immutable import Permit, forbid

COMMITTEE_CHANGES = import_module("terreau.selection.migrations.0002_triggers").COMMITTEE_CHANGES
# Who computed or decided may be forgotten when the account is erased; a scenario's name may change, its content not.
SCENARIO_CHANGES = (
    "(NEW.window_id <> OLD.window_id OR NEW.input_id <> OLD.input_id OR NEW.digest <> OLD.digest"
    " OR NEW.parameters <> OLD.parameters OR NEW.outcome <> OLD.outcome OR NEW.made_at <> OLD.made_at)"
)
DEPARTURE_CHANGES = (
    "(NEW.decision_id <> OLD.decision_id OR NEW.reason <> OLD.reason"
    " OR COALESCE(NEW.optimum_cents, -1) <> COALESCE(OLD.optimum_cents, -1))"
)
BEFORE = forbid("selection_committee", when=f"OLD.sealed_at IS NOT NULL AND {COMMITTEE_CHANGES}", on=("update",))
AFTER = forbid(
    "selection_committee",
    when=(
        f"OLD.sealed_at IS NOT NULL AND ({COMMITTEE_CHANGES}"
        " OR COALESCE(NEW.reference_id, -1) <> COALESCE(OLD.reference_id, -1))"
    ),
    on=("update",),
)


class Migration(migrations.Migration):
    dependencies = [("selection", "0003_scenarios")]
    operations = [
        forbid("selection_input"),
        forbid("selection_scenario", when=SCENARIO_CHANGES, on=("update",)),
        forbid("selection_scenario", on=("delete",)),
        forbid("selection_departure", when=DEPARTURE_CHANGES, on=("update",)),
        forbid("selection_departure", on=("delete",)),
        Permit(BEFORE),
        AFTER,
    ]

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

from terreau.core.immutable import Permit, forbid

TRIGGERS = import_module("terreau.selection.migrations.0002_triggers")
SEALED = TRIGGERS.SEALED
# The one decision that a sealed committee may still take: it follows a reserve of its own, on the same file.
FOLLOWS = (
    "EXISTS (SELECT 1 FROM selection_decision d WHERE d.id = NEW.follows_id AND d.committee_id = NEW.committee_id"
    " AND d.application_id = NEW.application_id AND d.outcome = 'reserve' AND d.follows_id IS NULL)"
)
CHANGES = (
    f"({TRIGGERS.DECISION_CHANGES} OR COALESCE(NEW.follows_id, -1) <> COALESCE(OLD.follows_id, -1))"
)
BEFORE = [
    forbid("selection_decision", when=SEALED.format(row="NEW"), on=("insert",)),
    forbid(
        "selection_decision", when=f"{TRIGGERS.DECISION_CHANGES} AND {SEALED.format(row='OLD')}", on=("update",)
    ),
    forbid("selection_decision", when=SEALED.format(row="OLD"), on=("delete",)),
]
AFTER = [
    forbid(
        "selection_decision",
        when=(
            f"({SEALED.format(row='NEW')} AND NOT {FOLLOWS})"
            f" OR (NEW.follows_id IS NOT NULL AND NOT {SEALED.format(row='NEW')})"
        ),
        on=("insert",),
    ),
    forbid("selection_decision", when=f"{CHANGES} AND {SEALED.format(row='OLD')}", on=("update",)),
    forbid("selection_decision", when=SEALED.format(row="OLD"), on=("delete",)),
]


class Migration(migrations.Migration):
    dependencies = [("selection", "0006_analyses")]
    operations = [
        *(Permit(operation) for operation in BEFORE),
        migrations.AddField(
            model_name="decision",
            name="follows",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="followed_by",
                to="selection.decision",
                verbose_name="fait suite à",
            ),
        ),
        migrations.RemoveConstraint(model_name="decision", name="one_decision_a_committee"),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("follows", None)),
                fields=("committee", "application"),
                name="one_decision_a_committee",
            ),
        ),
        *AFTER,
    ]

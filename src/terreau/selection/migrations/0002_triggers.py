from django.db import migrations

from terreau.core.immutable import forbid

SEALED = "EXISTS (SELECT 1 FROM selection_committee c WHERE c.id = {row}.committee_id AND c.sealed_at IS NOT NULL)"
# Who decided may be forgotten when the account is erased; what was decided may not.
DECISION_CHANGES = (
    "(NEW.committee_id <> OLD.committee_id OR NEW.application_id <> OLD.application_id OR NEW.outcome <> OLD.outcome"
    " OR COALESCE(NEW.amount_cents, -1) <> COALESCE(OLD.amount_cents, -1) OR NEW.reason <> OLD.reason"
    " OR COALESCE(NEW.votes_for, -1) <> COALESCE(OLD.votes_for, -1)"
    " OR COALESCE(NEW.votes_against, -1) <> COALESCE(OLD.votes_against, -1)"
    " OR COALESCE(NEW.abstentions, -1) <> COALESCE(OLD.abstentions, -1) OR NEW.decided_at <> OLD.decided_at)"
)
COMMITTEE_CHANGES = (
    "(NEW.sealed_at IS NULL OR NEW.sealed_at <> OLD.sealed_at OR NEW.digest <> OLD.digest"
    " OR NEW.window_id <> OLD.window_id)"
)


class Migration(migrations.Migration):
    dependencies = [("selection", "0001_initial")]
    operations = [
        forbid("selection_decision", when=SEALED.format(row="NEW"), on=("insert",)),
        forbid("selection_decision", when=f"{DECISION_CHANGES} AND {SEALED.format(row='OLD')}", on=("update",)),
        forbid("selection_decision", when=SEALED.format(row="OLD"), on=("delete",)),
        forbid("selection_committee", when=f"OLD.sealed_at IS NOT NULL AND {COMMITTEE_CHANGES}", on=("update",)),
        forbid("selection_committee", when="OLD.sealed_at IS NOT NULL", on=("delete",)),
    ]

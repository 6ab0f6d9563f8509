from django.db import migrations

from terreau.core.immutable import forbid


def changed(*columns, **optional):
    """SQL: one of these columns differs; `optional` gives the value that stands for NULL."""
    told = [f"NEW.{column} <> OLD.{column}" for column in columns]
    told += [f"COALESCE(NEW.{c}, {none}) <> COALESCE(OLD.{c}, {none})" for c, none in optional.items()]
    return "(" + " OR ".join(told) + ")"


# A published clause only ends; a text that was offered only goes back to a draft, and its number never leaves it.
CLAUSE = changed("key", "version", "title", "body", "applies_to", "applies_from", "funder_id", "position")
CLAUSE_ENDS = "(OLD.applies_until IS NOT NULL AND (NEW.applies_until IS NULL OR NEW.applies_until <> OLD.applies_until))"
OFFERED = f"OLD.state <> 'draft' AND NEW.state <> 'draft' AND {changed('content', 'digest', document_id=-1)}"
NUMBER = "OLD.number IS NOT NULL AND (NEW.number IS NULL OR NEW.number <> OLD.number OR NEW.offers < OLD.offers)"
APPROVED = f"OLD.state <> 'draft' AND {changed('content', 'digest', 'changes', 'number', document_id=-1)}"
# Who recorded it may be forgotten when the account is erased; what was signed may not.
SIGNED = changed(
    "agreement_id", "party", "method", "signatory", "capacity", "digest", "evidence", "signed_at",
    amendment_id=-1, document_id=-1,
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("funding", "0002_terms")]
    operations = [
        forbid(
            "funding_clause",
            when=f"OLD.published_at IS NOT NULL AND (NEW.published_at IS NULL OR {CLAUSE} OR {CLAUSE_ENDS})",
            on=("update",),
        ),
        forbid("funding_clause", when="OLD.published_at IS NOT NULL", on=("delete",)),
        forbid("funding_agreement", when=f"({OFFERED}) OR ({NUMBER})", on=("update",)),
        forbid("funding_agreement", when="OLD.number IS NOT NULL", on=("delete",)),
        forbid("funding_amendment", when=APPROVED, on=("update",)),
        forbid("funding_amendment", when="OLD.state <> 'draft'", on=("delete",)),
        forbid("funding_signature", when=SIGNED, on=("update",)),
        forbid("funding_signature", on=("delete",)),
    ]

from django.db import migrations

from terreau.core.immutable import forbid


def changes(*columns: str) -> str:
    """Whether any of these columns changes, to or from nothing included."""
    return " OR ".join(f"NEW.{c} <> OLD.{c} OR (NEW.{c} IS NULL) <> (OLD.{c} IS NULL)" for c in columns)


# Who wrote it may be forgotten when the account is erased; what was written may not.
RECEIPT = changes(
    "issuer_id", "year", "number", "gift_id", "content", "digest", "token", "issued_at", "replaces_id",
)  # fmt: skip
VOIDED = f"(OLD.state = 'voided' AND ({changes('state', 'voided_at', 'void_reason')}))"
UNSAID = "(NEW.state = 'voided' AND (NEW.voided_at IS NULL OR NEW.void_reason = ''))"
# The first number of a series is 1, and each next one follows: what cannot be deleted has no gaps then.
GAP = (
    "NEW.state <> 'issued' OR (NEW.number <> 1 AND NOT EXISTS (SELECT 1 FROM engagement_receipt r"
    " WHERE r.issuer_id = NEW.issuer_id AND r.year = NEW.year AND r.number = NEW.number - 1))"
)
GIFT = changes(
    "donor_id", "recipient_id", "application_id", "commitment_id", "donor_form", "kind", "payment", "amount_cents",
    "return_cents", "description", "details", "given_on", "until", "confirmed_at",
)  # fmt: skip
RECEIPTED = "EXISTS (SELECT 1 FROM engagement_receipt r WHERE r.gift_id = OLD.id AND r.state = 'issued')"


class Migration(migrations.Migration):
    dependencies = [("engagement", "0005_gift_proofs")]
    operations = [
        forbid("engagement_receipt", when=GAP, on=("insert",)),
        forbid("engagement_receipt", when=f"{RECEIPT} OR {VOIDED} OR {UNSAID}", on=("update",)),
        forbid("engagement_receipt", on=("delete",)),
        forbid("engagement_gift", when=f"{RECEIPTED} AND ({GIFT})", on=("update",)),
    ]

from django.db import migrations

from terreau.core.immutable import forbid


def changes(*columns: str) -> str:
    """Whether any of these columns changes, to or from nothing included."""
    return " OR ".join(f"NEW.{c} <> OLD.{c} OR (NEW.{c} IS NULL) <> (OLD.{c} IS NULL)" for c in columns)


ACCOUNT = changes("organisation_id", "holder_name", "iban", "bic", "proof_id", "entered_at")
ACCOUNT_SETTLED = (
    f"(OLD.replaced_at IS NOT NULL AND ({changes('replaced_at', 'refusal')}))"
    f" OR (OLD.checked_at IS NOT NULL AND ({changes('checked_at')}))"
)
RUN = changes("number", "funder_id", "debtor_id", "prepared_by_id", "prepared_at")
RUN_SENT = f"(OLD.digest <> '' AND ({changes('content', 'digest', 'executes_on', 'sent_at', 'approved_by_id')}))"
PAYMENT = changes("run_id", "instalment_id", "account_id", "amount_cents", "end_to_end")
PAYMENT_ENDED = f"(OLD.state IN ('settled', 'rejected', 'cancelled') AND ({changes('state', 'settled_on', 'rejection')}))"
INSTALMENT = f"(OLD.state IN ('due', 'prepared', 'paid') AND ({changes('agreement_id', 'number', 'amount_cents')}))"
INSTALMENT_PAID = f"(OLD.state = 'paid' AND ({changes('state', 'paid_on')}))"


class Migration(migrations.Migration):
    dependencies = [("funding", "0010_payments")]
    operations = [
        forbid("funding_bankaccount", when=f"{ACCOUNT} OR {ACCOUNT_SETTLED}", on=("update",)),
        forbid("funding_bankaccount", on=("delete",)),
        forbid("funding_paymentrun", when=f"{RUN} OR {RUN_SENT}", on=("update",)),
        forbid("funding_paymentrun", on=("delete",)),
        forbid(
            "funding_payment",
            when="EXISTS (SELECT 1 FROM funding_paymentrun r WHERE r.id = NEW.run_id AND r.state <> 'prepared')",
            on=("insert",),
        ),
        forbid("funding_payment", when=f"{PAYMENT} OR {PAYMENT_ENDED}", on=("update",)),
        forbid("funding_payment", on=("delete",)),
        forbid("funding_instalment", when=f"{INSTALMENT} OR {INSTALMENT_PAID}", on=("update",)),
        forbid("funding_instalment", when="OLD.state IN ('due', 'prepared', 'paid')", on=("delete",)),
    ]

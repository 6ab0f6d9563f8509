from importlib import import_module

from django.db import migrations, models

from terreau.core.immutable import Permit, forbid

BEFORE = import_module("terreau.funding.migrations.0003_agreement_triggers")
KEPT = forbid("funding_agreement", when=f"({BEFORE.OFFERED}) OR ({BEFORE.NUMBER})", on=("update",))
DELETION = forbid("funding_agreement", when="OLD.number IS NOT NULL", on=("delete",))


class Migration(migrations.Migration):
    dependencies = [("funding", "0008_ledger_triggers")]
    operations = [  # the triggers step aside: SQLite rebuilds the table
        Permit(KEPT),
        Permit(DELETION),
        migrations.AddField(
            model_name="agreement",
            name="public_cofunders",
            field=models.JSONField(blank=True, default=list, verbose_name="cofinanceurs publics"),
        ),
        migrations.AlterField(
            model_name="stateaid",
            name="agreement",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=models.deletion.PROTECT,
                related_name="state_aids",
                to="funding.agreement",
                verbose_name="convention",
            ),
        ),
        KEPT,
        DELETION,
    ]

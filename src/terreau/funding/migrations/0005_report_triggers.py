from importlib import import_module

from django.db import migrations

from terreau.core.immutable import forbid

changed = import_module("terreau.funding.migrations.0003_agreement_triggers").changed
# Who sent or read may be forgotten when the account is erased; what was sent or answered may not.
SENT = changed("report_id", "number", "content", "digest", "at")
READ = changed("report_id", "submission_id", "verdict", "message", "refused", "at")


class Migration(migrations.Migration):
    dependencies = [("funding", "0004_reports")]
    operations = [
        forbid("funding_reportsubmission", when=SENT, on=("update",)),
        forbid("funding_reportsubmission", on=("delete",)),
        forbid("funding_reportreview", when=READ, on=("update",)),
        forbid("funding_reportreview", on=("delete",)),
    ]

"""A submission is written once: the database refuses to change what was handed in, or to lose it."""

from django.db import migrations

from terreau.core.immutable import forbid

CHANGED = " OR ".join(
    f"OLD.{column} IS DISTINCT FROM NEW.{column}"
    for column in ("application_id", "number", "content", "digest", "version_id", "at")
)


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial")]
    operations = [
        forbid("projects_submission", when=CHANGED, on=("update",)),
        forbid("projects_submission", on=("delete",)),
    ]

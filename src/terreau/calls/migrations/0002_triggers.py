from django.db import migrations

from terreau.core.immutable import forbid

PUBLISHED = "OLD.published_at IS NOT NULL"
# published_by may still be emptied: an account can be erased, what it published stays.
CHANGED = (
    "(NEW.published_at IS NULL OR NEW.published_at <> OLD.published_at OR NEW.content <> OLD.content"
    " OR NEW.note <> OLD.note OR NEW.number <> OLD.number OR NEW.call_id <> OLD.call_id)"
)


class Migration(migrations.Migration):
    dependencies = [("calls", "0001_initial")]
    operations = [
        forbid("calls_version", when=f"{PUBLISHED} AND {CHANGED}", on=("update",)),
        forbid("calls_version", when=PUBLISHED, on=("delete",)),
    ]

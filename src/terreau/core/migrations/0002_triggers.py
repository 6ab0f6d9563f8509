from django.db import migrations

from terreau.core.immutable import forbid


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [forbid("core_entry")]

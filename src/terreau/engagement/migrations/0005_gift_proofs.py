from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("engagement", "0004_barometer")]
    operations = [
        migrations.RemoveField(model_name="entitlement", name="proof"),
        migrations.AddField(
            model_name="entitlement",
            name="proof",
            field=models.FileField(blank=True, default="", upload_to="entitlements/%Y/%m/", verbose_name="preuve"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="entitlement",
            name="proof_name",
            field=models.CharField(blank=True, default="", max_length=120, verbose_name="nom de la preuve"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="entitlement",
            name="proof_mime",
            field=models.CharField(blank=True, default="", max_length=100, verbose_name="type de la preuve"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="entitlement",
            name="proof_digest",
            field=models.CharField(blank=True, default="", max_length=64, verbose_name="empreinte de la preuve"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="gift",
            name="donor_form",
            field=models.CharField(
                blank=True, default="", max_length=80, verbose_name="forme juridique du donateur"
            ),
            preserve_default=False,
        ),
    ]

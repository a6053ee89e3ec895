import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reader", "0014_notes_of_other_forms"),
    ]

    operations = [
        migrations.AddField(
            model_name="witness",
            name="form",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="witness",
            name="kind",
            field=models.CharField(default="text", max_length=40, verbose_name="kind of file"),
        ),
        migrations.AddField(
            model_name="witness",
            name="text_digest",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AlterField(
            model_name="witness",
            name="digest",
            field=models.CharField(max_length=64, verbose_name="SHA-256 of the file"),
        ),
        migrations.AlterField(
            model_name="witness",
            name="encoding",
            field=models.CharField(max_length=40, verbose_name="encoding of the text"),
        ),
        migrations.CreateModel(
            name="Original",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("content", models.BinaryField()),
                ("boxes", models.JSONField(blank=True, default=list, editable=False)),
                (
                    "witness",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="original",
                        to="reader.witness",
                    ),
                ),
            ],
        ),
    ]

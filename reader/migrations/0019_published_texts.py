import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reader", "0018_revisions"),
    ]

    operations = [
        migrations.CreateModel(
            name="PublishedText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number of the paragraph")),
                ("since", models.PositiveIntegerField(verbose_name="first revision that shows it")),
                ("text", models.TextField()),
                (
                    "volume",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="published_texts",
                        to="reader.volume",
                    ),
                ),
            ],
            options={
                "ordering": ("volume", "number", "since"),
                "constraints": [
                    models.UniqueConstraint(fields=("volume", "number", "since"), name="published_text_once")
                ],
            },
        ),
    ]

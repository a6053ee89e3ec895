"""The addresses that notes have and had."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reader", "0025_explained_terms")]

    operations = [
        migrations.CreateModel(
            name="NoteAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("chapter", models.SlugField(max_length=120)),
                ("n", models.PositiveIntegerField(verbose_name="number of the note")),
                ("note_key", models.BigIntegerField(verbose_name="key of the note")),
                (
                    "volume",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="note_addresses",
                        to="reader.volume",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "note addresses",
                "ordering": ("volume", "chapter", "n"),
                "constraints": [
                    models.UniqueConstraint(fields=("volume", "chapter", "n"), name="note_address_once")
                ],
            },
        ),
    ]

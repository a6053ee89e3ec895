"""The published pages with their interface in other languages than the first."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reader", "0026_former_notes")]

    operations = [
        migrations.CreateModel(
            name="TranslatedPage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=10)),
                ("etag", models.CharField(max_length=64)),
                ("html", models.BinaryField()),
                ("gzip", models.BinaryField()),
                ("brotli", models.BinaryField()),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="translations",
                        to="reader.publishedpage",
                    ),
                ),
            ],
            options={
                "ordering": ("page", "language"),
                "constraints": [
                    models.UniqueConstraint(fields=("page", "language"), name="translated_page_once")
                ],
            },
        ),
    ]

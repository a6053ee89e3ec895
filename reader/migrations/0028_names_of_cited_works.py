"""Cited works as the text names them, for lists, choices and search."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reader", "0027_translated_pages"),
    ]

    operations = [
        migrations.AddField(
            model_name="citedwork",
            name="found_author",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=300),
        ),
        migrations.AddField(
            model_name="citedwork",
            name="found_title",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=500),
        ),
        migrations.AddField(
            model_name="citedwork",
            name="slug",
            field=models.SlugField(
                blank=True, db_default="", db_index=False, default="", editable=False, max_length=80
            ),
        ),
    ]

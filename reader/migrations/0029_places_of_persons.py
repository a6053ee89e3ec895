"""Places that an editor gave to a person, and how many of them the text has lost."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reader", "0028_names_of_cited_works"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="places_assigned",
            field=models.JSONField(
                blank=True, db_default=models.Value([], models.JSONField()), default=list, editable=False
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="places_lost",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
    ]

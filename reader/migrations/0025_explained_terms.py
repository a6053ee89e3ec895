"""Whether the text still explains a candidate for the glossary."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reader", "0024_persons")]

    operations = [
        migrations.AddField(
            model_name="candidate",
            name="is_explained",
            field=models.BooleanField(default=True, editable=False),
        ),
    ]

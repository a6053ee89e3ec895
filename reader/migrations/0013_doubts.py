from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reader", "0012_supplied"),
    ]

    operations = [
        migrations.AddField(
            model_name="volume",
            name="doubts",
            field=models.JSONField(blank=True, default=list, editable=False),
        ),
    ]

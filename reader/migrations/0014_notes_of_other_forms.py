from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reader", "0013_doubts"),
    ]

    operations = [
        migrations.AddField(
            model_name="note",
            name="inferred",
            field=models.BooleanField(default=False, editable=False, verbose_name="number is inferred"),
        ),
        migrations.AddField(
            model_name="note",
            name="mark",
            field=models.CharField(
                blank=True, editable=False, max_length=10, verbose_name="number or sign in the source"
            ),
        ),
    ]

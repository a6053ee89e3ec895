from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reader", "0011_terms"),
    ]

    operations = [
        migrations.AddField(
            model_name="note",
            name="supplied_by",
            field=models.PositiveBigIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="note",
            name="supplied_from",
            field=models.CharField(
                blank=True, editable=False, max_length=300, verbose_name="copy from which it was supplied"
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="supplied_on",
            field=models.CharField(
                blank=True, editable=False, max_length=10, verbose_name="day on which it was supplied"
            ),
        ),
    ]

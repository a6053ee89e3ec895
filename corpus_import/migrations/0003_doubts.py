from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("corpus_import", "0002_jobs"),
    ]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="accepts_doubts",
            field=models.BooleanField(
                default=False, editable=False, verbose_name="the person accepts the doubts about the reading"
            ),
        ),
    ]

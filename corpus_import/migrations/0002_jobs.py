import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("corpus_import", "0001_uploads"),
    ]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="changed_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, editable=False, verbose_name="last step"
            ),
        ),
        migrations.AddField(
            model_name="upload",
            name="contents",
            field=models.JSONField(default=list, editable=False, verbose_name="names and sizes of the files"),
        ),
        migrations.AddField(
            model_name="upload",
            name="is_another",
            field=models.BooleanField(
                default=False, editable=False, verbose_name="the plan is not the one that was confirmed"
            ),
        ),
        migrations.AddField(
            model_name="upload",
            name="outcome",
            field=models.JSONField(
                default=dict, editable=False, verbose_name="the plan, or where it is read"
            ),
        ),
        migrations.AddField(
            model_name="upload",
            name="said",
            field=models.TextField(blank=True, editable=False, verbose_name="what came of it"),
        ),
        migrations.AddField(
            model_name="upload",
            name="shown",
            field=models.CharField(
                blank=True,
                editable=False,
                max_length=64,
                verbose_name="digest of the plan that was confirmed",
            ),
        ),
        migrations.AddField(
            model_name="upload",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "waits for its turn"),
                    ("at work", "at work"),
                    ("planned", "waits for you"),
                    ("done", "imported"),
                    ("failed", "not imported"),
                ],
                default="waiting",
                editable=False,
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="upload",
            name="step",
            field=models.CharField(
                blank=True, editable=False, max_length=200, verbose_name="what the process is doing"
            ),
        ),
        migrations.AlterField(
            model_name="upload",
            name="uploaded_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, editable=False, verbose_name="uploaded"
            ),
        ),
    ]

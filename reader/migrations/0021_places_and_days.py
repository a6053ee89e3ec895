import django.utils.timezone
from django.db import migrations, models

# The day of the last version that a person made and that changed the wording.
FILL = """
    UPDATE reader_{kind} AS row SET corrected_on = to_char(corrected.at, 'YYYY-MM-DD')
    FROM (
        SELECT id, max(history_date) AS at FROM (
            SELECT id, history_date, history_user_id, {wording} AS wording,
                lag({wording}) OVER (PARTITION BY id ORDER BY history_id) AS before
            FROM reader_historical{kind}
        ) version
        WHERE wording <> before AND history_user_id IS NOT NULL GROUP BY id
    ) corrected
    WHERE corrected.id = row.id AND row.{wording} <> row.imported_{wording}
"""
DAY = {"blank": True, "editable": False, "max_length": 10, "verbose_name": "day of the last correction"}
WORDINGS = {"division": "head", "note": "text", "paragraph": "text"}


class Migration(migrations.Migration):
    dependencies = [
        ("reader", "0020_italics"),
    ]

    operations = [
        *(migrations.AddField(kind, "corrected_on", models.CharField(**DAY)) for kind in WORDINGS),
        migrations.AddField(
            model_name="emendation",
            name="offset",
            field=models.PositiveIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="deed",
            name="made_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        *(
            migrations.RunSQL(FILL.format(kind=kind, wording=wording), migrations.RunSQL.noop)
            for kind, wording in WORDINGS.items()
        ),
    ]

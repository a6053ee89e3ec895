from django.db import migrations


class Migration(migrations.Migration):
    """Keep witnesses uncompressed: a few lines are then cut out of one without reading what stands before them."""

    dependencies = [("reader", "0003_words")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE reader_witness ALTER COLUMN content SET STORAGE EXTERNAL",
            "ALTER TABLE reader_witness ALTER COLUMN content SET STORAGE EXTENDED",
        ),
        # What is there already is written again in the new form.
        migrations.RunSQL("UPDATE reader_witness SET content = content || ''::bytea", migrations.RunSQL.noop),
    ]

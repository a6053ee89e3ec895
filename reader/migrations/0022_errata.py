"""The table of errata, with what was changed before it was there.

A reason that was typed while reasons were for correctors only stays with them.
"""

import django.db.models.deletion
from django.db import migrations, models

# The newest revision that had begun when a version was made is the one that first showed it.
EARLIER = """
    INSERT INTO reader_erratum
        (volume_id, revision, made_at, source, kind, key, place, is_structure, before, after, reason)
    SELECT changed.volume_id, first.revision, changed.at, source, kind, key, place, is_structure, before, after, ''
    FROM (
        SELECT row.volume_id, version.history_date AS at, 'paragraph ' || version.history_id AS source,
            'paragraph' AS kind, version.id AS key, 'paragraph ' || row.number AS place, false AS is_structure,
            last.text AS before, version.text AS after
        FROM reader_historicalparagraph version JOIN reader_paragraph row ON row.id = version.id
        CROSS JOIN LATERAL (
            SELECT text FROM reader_historicalparagraph earlier
            WHERE earlier.id = version.id AND earlier.history_id < version.history_id
            ORDER BY earlier.history_id DESC LIMIT 1
        ) last
        WHERE version.text <> last.text
        UNION ALL
        SELECT division.volume_id, version.history_date, 'note ' || version.history_id, 'note', version.id,
            COALESCE('note ' || row.n, 'fragment of a note'), false, last.text, version.text
        FROM reader_historicalnote version JOIN reader_note row ON row.id = version.id
        JOIN reader_division division ON division.id = row.division_id
        CROSS JOIN LATERAL (
            SELECT text FROM reader_historicalnote earlier
            WHERE earlier.id = version.id AND earlier.history_id < version.history_id
            ORDER BY earlier.history_id DESC LIMIT 1
        ) last
        WHERE version.text <> last.text
        UNION ALL
        SELECT row.volume_id, version.history_date, 'division ' || version.history_id, 'division', version.id,
            'heading', false, last.head, version.head
        FROM reader_historicaldivision version JOIN reader_division row ON row.id = version.id
        CROSS JOIN LATERAL (
            SELECT head FROM reader_historicaldivision earlier
            WHERE earlier.id = version.id AND earlier.history_id < version.history_id
            ORDER BY earlier.history_id DESC LIMIT 1
        ) last
        WHERE version.head <> last.head
        UNION ALL
        SELECT volume.id, version.time, 'term ' || version.id, 'term', version.term_id,
            COALESCE(version.snapshot->>'headword', last.snapshot->>'headword', ''), false,
            concat_ws(E'\\n', last.snapshot->>'headword', NULLIF(last.snapshot->>'definition', '')),
            concat_ws(E'\\n', version.snapshot->>'headword', NULLIF(version.snapshot->>'definition', ''))
        FROM glossary_termversion version JOIN reader_volume volume ON volume.glossary_id = version.glossary_id
        LEFT JOIN LATERAL (
            SELECT snapshot FROM glossary_termversion earlier
            WHERE earlier.term_id = version.term_id AND earlier.id < version.id ORDER BY earlier.id DESC LIMIT 1
        ) last ON true
        WHERE version.reason <> 'before the first change that is recorded' AND (version.snapshot->>'headword', version.snapshot->>'definition')
            IS DISTINCT FROM (last.snapshot->>'headword', last.snapshot->>'definition')
        UNION ALL
        SELECT version.volume_id, version.time, 'volume ' || version.id, 'volume', version.volume_id, 'title page',
            false,
            COALESCE((
                SELECT string_agg(field.key || ': ' || field.value, E'\\n' ORDER BY field.key)
                FROM jsonb_each_text(last.snapshot) field
                WHERE field.value IS DISTINCT FROM version.snapshot->>field.key
            ), ''),
            COALESCE((
                SELECT string_agg(field.key || ': ' || field.value, E'\\n' ORDER BY field.key)
                FROM jsonb_each_text(version.snapshot) field
                WHERE field.value IS DISTINCT FROM last.snapshot->>field.key
            ), '')
        FROM reader_volumeversion version CROSS JOIN LATERAL (
            SELECT snapshot FROM reader_volumeversion earlier
            WHERE earlier.volume_id = version.volume_id AND earlier.id < version.id
            ORDER BY earlier.id DESC LIMIT 1
        ) last
        WHERE version.snapshot <> last.snapshot
        UNION ALL
        SELECT deed.volume_id, made_at, 'deed ' || deed.id, 'paragraph', paragraph_id,
            COALESCE('paragraph ' || paragraph.number, ''), true, '', said
        FROM reader_deed deed LEFT JOIN reader_paragraph paragraph ON paragraph.id = deed.paragraph_id
        UNION ALL
        SELECT deed.volume_id, taken_back_at, 'deed ' || deed.id || ' taken back', 'paragraph', paragraph_id,
            COALESCE('paragraph ' || paragraph.number, ''), true, '', 'taken back: ' || said
        FROM reader_deed deed LEFT JOIN reader_paragraph paragraph ON paragraph.id = deed.paragraph_id
        WHERE taken_back_at IS NOT NULL
    ) changed
    CROSS JOIN LATERAL (
        SELECT max(n) AS revision FROM reader_revision
        WHERE volume_id = changed.volume_id AND made_at <= changed.at
    ) first
    -- A term that is older than the revisions may have been there from the first.
    WHERE first.revision IS NOT NULL OR before <> '' OR is_structure
    ORDER BY changed.at, source
"""


class Migration(migrations.Migration):
    dependencies = [
        ("glossary", "0004_versions"),  # whose rows the statement below reads
        ("reader", "0021_places_and_days"),
        # Reads the versions of terms.
        ("glossary", "0004_versions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Erratum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.PositiveIntegerField(null=True)),
                ("made_at", models.DateTimeField()),
                ("source", models.CharField(max_length=60)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("paragraph", "paragraph"),
                            ("note", "note"),
                            ("division", "heading"),
                            ("term", "term"),
                            ("volume", "title page"),
                        ],
                        max_length=10,
                    ),
                ),
                ("key", models.BigIntegerField(null=True)),
                ("place", models.CharField(max_length=300)),
                ("is_structure", models.BooleanField(default=False)),
                ("before", models.TextField(blank=True)),
                ("after", models.TextField(blank=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "volume",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="errata", to="reader.volume"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "errata",
                "ordering": ("-pk",),
                "constraints": [models.UniqueConstraint(fields=("volume", "source"), name="erratum_once")],
            },
        ),
        migrations.RunSQL(EARLIER, migrations.RunSQL.noop),
    ]

"""What a publication changes of what readers saw, recorded as errata."""

from django.db import connection

from glossary.versions import BEFORE
from reader.models import Volume

# The versions of texts and heads whose wording differs from the version before.
OF_TEXTS = """
    SELECT version.history_date AS made_at, '{kind} ' || version.history_id AS source, '{kind}' AS kind,
        version.id AS key, {place} AS place, false AS is_structure, last.wording AS before,
        version.{wording} AS after, COALESCE(version.history_change_reason, '') AS reason
    FROM reader_historical{kind} version JOIN {rows} CROSS JOIN LATERAL (
        SELECT {wording} AS wording FROM reader_historical{kind} earlier
        WHERE earlier.id = version.id AND earlier.history_id < version.history_id
        ORDER BY earlier.history_id DESC LIMIT 1
    ) last
    WHERE version.history_date > (SELECT at FROM since) AND version.{wording} <> last.wording
"""
# What readers see of a term, a line each: headword, definition, reference, senses.
TERM_IN_WORDS = """
    concat_ws(E'\\n', {snapshot}->>'headword', NULLIF({snapshot}->>'definition', ''),
        'see ' || NULLIF({snapshot}->>'see', ''),
        (SELECT string_agg(concat_ws(' ', (sense->>0) || '.', sense->>1, '(' || NULLIF(sense->>2, '') || ')'), E'\\n')
         FROM jsonb_array_elements({snapshot}->'senses') sense))
"""
OF_TERMS = """
    SELECT version.time, 'term ' || version.id, 'term', version.term_id,
        COALESCE(version.snapshot->>'headword', last.snapshot->>'headword'), false, last.words, now.words,
        version.reason
    FROM glossary_termversion version
    JOIN reader_volume volume ON volume.glossary_id = version.glossary_id AND volume.id = %(volume)s
    LEFT JOIN LATERAL (
        SELECT snapshot FROM glossary_termversion earlier
        WHERE earlier.term_id = version.term_id AND earlier.id < version.id ORDER BY earlier.id DESC LIMIT 1
    ) before ON true
    CROSS JOIN LATERAL (
        SELECT before.snapshot, COALESCE({before}, '') AS words
    ) last
    CROSS JOIN LATERAL (SELECT {after} AS words) now
    WHERE version.time > (SELECT at FROM since) AND version.reason <> %(before_history)s
        AND now.words <> last.words
"""
DIFFERING = """
    (SELECT string_agg(field.key || ': ' || field.value, E'\\n' ORDER BY field.key)
     FROM jsonb_each_text({one}) field WHERE field.value IS DISTINCT FROM {other}->>field.key)
"""
OF_DESCRIPTIONS = """
    SELECT version.time, 'volume ' || version.id, 'volume', version.volume_id, 'title page', false,
        COALESCE({before}, ''),
        COALESCE({after}, ''), version.reason
    FROM reader_volumeversion version CROSS JOIN LATERAL (
        SELECT snapshot FROM reader_volumeversion earlier
        WHERE earlier.volume_id = version.volume_id AND earlier.id < version.id ORDER BY earlier.id DESC LIMIT 1
    ) last
    WHERE version.volume_id = %(volume)s AND version.time > (SELECT at FROM since)
        AND version.snapshot <> last.snapshot
"""
OF_DEEDS = """
    SELECT {time}, 'deed ' || deed.id || '{suffix}',
        CASE WHEN deed.paragraph_id IS NOT NULL THEN 'paragraph' WHEN deed.note_id IS NOT NULL THEN 'note'
            WHEN deed.division_id IS NOT NULL THEN 'division' ELSE 'volume' END,
        COALESCE(deed.paragraph_id, deed.note_id, deed.division_id),
        COALESCE('paragraph ' || paragraph.number, 'note ' || note.n, ''), true, '', '{said}' || deed.said, {reason}
    FROM reader_deed deed LEFT JOIN reader_paragraph paragraph ON paragraph.id = deed.paragraph_id
    LEFT JOIN reader_note note ON note.id = deed.note_id
    WHERE deed.volume_id = %(volume)s AND {time} > (SELECT at FROM since)
"""
PARTS = (
    OF_TEXTS.format(
        kind="paragraph",
        wording="text",
        place="'paragraph ' || paragraph.number",
        rows="reader_paragraph paragraph ON paragraph.id = version.id AND paragraph.volume_id = %(volume)s",
    ),
    OF_TEXTS.format(
        kind="note",
        wording="text",
        place="COALESCE('note ' || note.n, 'fragment of a note')",
        rows="reader_note note ON note.id = version.id JOIN reader_division division"
        " ON division.id = note.division_id AND division.volume_id = %(volume)s",
    ),
    OF_TEXTS.format(
        kind="division",
        wording="head",
        place="'heading'",
        rows="reader_division division ON division.id = version.id AND division.volume_id = %(volume)s",
    ),
    OF_TERMS.format(
        before=TERM_IN_WORDS.format(snapshot="before.snapshot"),
        after=TERM_IN_WORDS.format(snapshot="version.snapshot"),
    ),
    OF_DESCRIPTIONS.format(
        before=DIFFERING.format(one="last.snapshot", other="version.snapshot"),
        after=DIFFERING.format(one="version.snapshot", other="last.snapshot"),
    ),
    OF_DEEDS.format(time="made_at", suffix="", said="", reason="deed.reason"),
    OF_DEEDS.format(time="taken_back_at", suffix=" taken back", said="taken back: ", reason="''"),
)
# A version is written in the transaction that publishes it, and none lasts a day: older ones are recorded already.
RECORD = """
    WITH since AS MATERIALIZED (
        SELECT COALESCE(max(made_at) FILTER (WHERE n < %(revision)s), now()) - interval '1 day' AS at
        FROM reader_revision WHERE volume_id = %(volume)s
    )
    INSERT INTO reader_erratum
        (volume_id, revision, made_at, source, kind, key, place, is_structure, before, after, reason)
    SELECT %(volume)s, %(revision)s, changed.* FROM ({changes}) changed
    ORDER BY made_at, source ON CONFLICT (volume_id, source) DO NOTHING
"""
RECORD_ALL = RECORD.format(changes=" UNION ALL ".join(PARTS))


def record_errata(volume: Volume) -> None:
    """Record every version and every deed that this revision of a volume is the first to show. One statement.

    What the first revision shows is recorded, too, and shown to nobody: there was nothing before it.
    """
    with connection.cursor() as cursor:
        values: dict[str, str | int] = {
            "volume": volume.pk,
            "revision": volume.revision,
            "before_history": BEFORE,
        }
        cursor.execute(RECORD_ALL, values)

"""The notes that the text calls and the witnesses lack."""

from collections.abc import Sequence

from reader.edition.edition import Edition
from reader.models import Division, Gap
from reader.text import markup


def record_gaps(edition: Edition, chapters: Sequence[Division]) -> None:
    """Record the notes that heads or texts of these chapters call and the chapters lack.

    A gap that is recorded already keeps its row, and with it a person's answer.
    """
    inside = set(edition.divisions_in(chapters))
    here = {chapter.pk for chapter in chapters}
    sources = [(division.pk, division.head) for division in edition.divisions if division.pk in inside]
    for chapter in chapters:
        sources += [(text.division_id, text.text) for text in edition.texts_of(chapter)]
    called = {
        (edition.page_of[division], marker.n)
        for division, source in sources
        for marker in markup.markers(source)
        if isinstance(marker, markup.NoteCall)
    }
    present = {(chapter.pk, note.n) for chapter in chapters for note in edition.notes_of(chapter)}
    missing = called - present
    known = {key: gap for key, gap in edition.gaps.items() if edition.page_of[key[0]] in here}
    if closed := [key for key in known if key not in missing]:
        Gap.objects.filter(pk__in=[known[key].pk for key in closed]).delete()
        for key in closed:
            del edition.gaps[key]
    opened = Gap.objects.bulk_create(Gap(division_id=page, n=n) for page, n in sorted(missing - known.keys()))
    edition.gaps.update({(gap.division_id, gap.n): gap for gap in opened})

"""The notes that the text calls and that are not there."""

from collections.abc import Collection, Sequence

from reader.edition.edition import Edition
from reader.models import Gap, Note, Text
from reader.text import markup


def record_gaps(edition: Edition, divisions: Collection[int], texts: Sequence[Text]) -> None:
    """The notes that these divisions call, in heads or texts, and that no text of their chapter is.

    What was recorded before and still is so is left alone, with what a person said of it.
    """
    called: set[tuple[int, int]] = set()
    in_chapters = set(divisions)
    heads = ((division.pk, division.head) for division in edition.divisions if division.pk in in_chapters)
    for division, source in (*heads, *((text.division_id, text.text) for text in texts)):
        called |= {
            (edition.page_of[division], marker.n)
            for marker in markup.markers(source)
            if isinstance(marker, markup.NoteCall)
        }
    present = {(edition.page_of[text.division_id], text.n) for text in texts if isinstance(text, Note)}
    missing = called - present
    rows = Gap.objects.filter(division__in=divisions).order_by()
    known = {(division, n): key for key, division, n in rows.values_list("pk", "division", "n")}
    if gone := [key for place, key in known.items() if place not in missing]:
        Gap.objects.filter(pk__in=gone).delete()
    Gap.objects.bulk_create(Gap(division_id=page, n=n) for page, n in sorted(missing - known.keys()))

"""Missing notes in the queue, which may be known to be lost."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from reader.correction.queue.rows import LARGE, Row, marked
from reader.models import Correctable, Gap, Note, Paragraph
from reader.text import markup
from reader.text.sentences import sentence_parts

if TYPE_CHECKING:
    from reader.correction.queue.queue import Queue


def shown(queue: "Queue", rows: "QuerySet[Any]") -> Iterator[Row]:
    """The rows of gaps, each at the first call of its note."""
    gaps = list(rows)
    calls = _calls_of(queue, gaps)
    for gap in gaps:
        text, source, offset = calls.get((gap.division_id, gap.n), (None, "", 0))
        row = queue.row(gap, text, reading=f"[{gap.n}]")
        if text is None:
            row.chapter = queue.head_of(queue.chapter_of[gap.division_id])
        row.why = gettext("Note %(n)s is called and is not in the source.") % {"n": gap.n}
        row.before, row.after = sentence_parts(source, offset, 0)
        row.sentence = marked(row.before, row.reading, row.after)
        yield row


def _calls_of(queue: "Queue", gaps: Iterable[Gap]) -> Mapping[tuple[int, int], tuple[Correctable, str, int]]:
    """The first call of each of these notes: the text, the text without markup, the offset in it. Two statements."""
    wanted = {(gap.division_id, gap.n) for gap in gaps}
    of_call = Q(pk=None)
    for n in {n for _, n in wanted}:
        of_call |= Q(text__contains=f"[^{n}]")
    chapters = {chapter for chapter, _ in wanted}
    within = [pk for pk, chapter in queue.chapter_of.items() if chapter.pk in chapters]
    texts: list[Correctable] = [division for division in queue.divisions if division.pk in set(within)]
    for model in (Paragraph, Note):
        texts += model.objects.filter(of_call, division__in=within).in_book_order().defer(*LARGE)
    calls: dict[tuple[int, int], tuple[Correctable, str, int]] = {}
    for text in texts:
        chapter = queue.chapter_of[text.stands_in].pk
        for marker in markup.markers(text.wording):
            if isinstance(marker, markup.NoteCall) and (chapter, marker.n) in wanted:
                calls.setdefault((chapter, marker.n), (text, markup.plain(text.wording), marker.offset))
    return calls

"""The texts and heads in which the pages of the book begin."""

from collections import defaultdict
from collections.abc import Iterable

from reader.edition.edition import Edition
from reader.edition.recording import BATCH, key_of
from reader.models import PageBreak, Text
from reader.text import markup


def record_page_breaks(edition: Edition, texts: Iterable[Text]) -> None:
    """Point the book's pages to the texts that they begin in."""
    found: dict[str, Text] = {}
    for text in texts:
        for marker in markup.markers(text.text):
            if isinstance(marker, markup.PageBreak):
                found.setdefault(marker.n, text)
    moved = []
    read = {key_of(text) for text in texts}
    for page in edition.volume.page_breaks.order_by("position"):
        place = found.get(page.n)
        pointers = page.paragraph_id, page.note_id
        if place is not None:
            pointers = key_of(place)
        elif pointers in read:  # else it begins in a chapter that was not read
            pointers = None, None
        if pointers != (page.paragraph_id, page.note_id):
            page.paragraph_id, page.note_id = pointers
            moved.append(page)
    PageBreak.objects.bulk_update(moved, ["paragraph", "note"], batch_size=BATCH)


def pages_at_heads(edition: Edition) -> dict[int, list[str]]:
    """The pages of the book that begin at the head of a division, by its key."""
    at_heads: dict[int, list[str]] = defaultdict(list)
    pages = edition.volume.page_breaks.filter(division__isnull=False, paragraph=None, note=None)
    for division, n in pages.order_by("position").values_list("division", "n"):
        at_heads[division].append(n)
    return at_heads

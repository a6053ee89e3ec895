"""The texts in which the pages of the book begin."""

from collections.abc import Iterable

from reader.edition.edition import Edition
from reader.edition.recording import BATCH
from reader.models import PageBreak, Text
from reader.text import markup


def record_page_breaks(edition: Edition, texts: Iterable[Text]) -> None:
    """Point the book's pages to the texts in which they begin."""
    begins_in: dict[str, Text] = {}
    read = set()
    for text in texts:
        read.add(text.key)
        for marker in markup.markers(text.text):
            if isinstance(marker, markup.PageBreak):
                begins_in.setdefault(marker.n, text)
    moved = []
    for page in edition.pages:
        begins = begins_in.get(page.n)
        key = page.paragraph, page.note
        if begins is not None:
            key = begins.key
        elif key in read:  # else the page begins in a chapter that was not read
            key = None, None
        if key != (page.paragraph, page.note):
            moved.append(PageBreak(pk=page.pk, paragraph_id=key[0], note_id=key[1]))
    if moved:
        PageBreak.objects.bulk_update(moved, ["paragraph", "note"], batch_size=BATCH)
        edition.forget_pages()

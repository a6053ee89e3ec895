"""The length of a volume and of its chapters in characters, and where in it each text stands: for dispersion plots."""

from collections import Counter
from functools import cached_property
from itertools import accumulate

from reader.edition.edition import Edition
from reader.models import Division, Note
from reader.pages.dispersion import Band
from reader.text import markup
from reader.text.labels import labels_in


class Extent:
    """An edition as one line of characters, in the order of the book: a chapter's text, then its notes.

    Markup is counted too: it makes less than a pixel of any plot.
    """

    def __init__(self, edition: Edition) -> None:
        self.edition = edition

    @cached_property
    def bands(self) -> list[Band]:
        """The chapters, with their lengths."""
        lengths: Counter[int] = Counter()
        for chapter, _, _, length in self._lengths:
            lengths[chapter] += length
        language = self.edition.volume.language
        return [
            Band(
                lengths[chapter.pk],
                _named(chapter, language),
                chapter.n if chapter.kind == "chapter" else "",
            )
            for chapter in self.edition.page_divisions
        ]

    def place_of(self, paragraph: int | None, note: int | None, start: int) -> int:
        """The offset in the volume of the character at `start` of the paragraph or the note with this key."""
        is_note = paragraph is None
        return self._begins[is_note, (note if is_note else paragraph) or 0] + start

    @cached_property
    def _lengths(self) -> list[tuple[int, bool, int, int]]:
        """Each text: the key of its chapter, whether it is a note, its key, its characters."""
        return [
            (chapter.pk, isinstance(text, Note), text.pk, len(text.text))
            for chapter in self.edition.page_divisions
            for text in self.edition.texts_of(chapter)
        ]

    @cached_property
    def _begins(self) -> dict[tuple[bool, int], int]:
        """The offset of each text in the volume, by whether it is a note and its key."""
        lengths = [length for *_, length in self._lengths]
        return {
            (is_note, pk): begins
            for (_, is_note, pk, _), begins in zip(
                self._lengths, accumulate(lengths, initial=0), strict=False
            )
        }


def _named(chapter: Division, language: str) -> str:
    head = markup.plain(chapter.head).strip()
    label = f"{chapter.kind_in_book.capitalize()} {chapter.n}".strip() if chapter.n else ""
    return f"{label}{labels_in(language).colon} {head}" if label and head else head or label

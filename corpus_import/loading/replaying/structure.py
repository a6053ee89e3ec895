"""The structure of a draft while changes of structure are made again in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from corpus_import.loading.composing import head_of_division, text_of_note, text_of_paragraph
from corpus_import.loading.replaying.finding import ALIKE, find
from corpus_import.parsing.elements import (
    Account,
    Division,
    Draft,
    Note,
    PageStart,
    Paragraph,
    Piece,
    Span,
    Text,
)
from corpus_import.parsing.headings import find_parents
from corpus_import.parsing.stages.balance_books import audit_of
from reader.text.anchors import Anchor, anchor_at, division_text


@dataclass(slots=True)
class Replayed:
    """What became of one deed: where its texts stand now, and what it does there.

    `is_lost`: the import has no place for it, and `found` says what stands there instead. `is_imported`: the import
    reads so itself.
    """

    sought: Sequence[Anchor] = ()
    values: dict[str, Any] = field(default_factory=dict)
    is_imported: bool = False
    is_lost: bool = False
    found: str = ""


def lost(found: str = "") -> Replayed:
    """A deed without a place; with the text that stands where it was, as far as it is known."""
    return Replayed(is_lost=True, found=found)


class Structure:
    """The divisions, paragraphs and notes of a draft, in the order of the book; deeds change them."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.divisions: list[Division] = list(draft.divisions)
        self.paragraphs: list[Paragraph] = list(draft.paragraphs)
        # Notes stand in the order of their divisions, whatever the order of the witness.
        order = {division.index: k for k, division in enumerate(draft.divisions)}
        self.notes: list[Note] = sorted(draft.notes, key=lambda note: order[note.division])
        self.pages: list[PageStart] = list(draft.pages)
        self.taken_out: list[Span] = []

    # Paragraphs

    @cached_property
    def texts(self) -> list[str]:
        """The texts of the paragraphs."""
        return [text_of_paragraph(each) for each in self.paragraphs]

    def find(self, anchor: Anchor, *, least: float = ALIKE) -> int | None:
        """The index of the paragraph that an anchor describes."""
        return find(anchor, self.texts, least=least)

    def anchor(self, index: int) -> Anchor:
        """The anchor of a paragraph as it stands now."""
        return anchor_at(self.texts, index)

    def put(self, start: int, end: int, paragraphs: Iterable[Paragraph]) -> None:
        """Put paragraphs in the place of those from `start` to `end`."""
        new = list(paragraphs)
        self.paragraphs[start:end] = new
        self.texts[start:end] = [text_of_paragraph(each) for each in new]

    # Divisions and notes

    @property
    def division_texts(self) -> list[str]:
        """The kind, number and head of each division."""
        return [division_text(each.kind, each.n[:20], head_of_division(each)) for each in self.divisions]

    def find_division(self, anchor: Anchor) -> int | None:
        """The index among the divisions of the one that an anchor describes."""
        return find(anchor, self.division_texts)

    def find_note(self, anchor: Anchor, *, least: float = ALIKE) -> int | None:
        """The index of the note that an anchor describes."""
        return find(anchor, self.note_texts, least=least)

    def arrange(self) -> None:
        """Give each division its parent, and let texts stand in the order of their divisions."""
        self.divisions = find_parents(self.divisions)
        order = {division.index: k for k, division in enumerate(self.divisions)}
        self.paragraphs.sort(key=lambda paragraph: order[paragraph.division])
        self.notes.sort(key=lambda note: order[note.division])
        self.__dict__.pop("texts", None)

    @property
    def note_texts(self) -> list[str]:
        """The texts of the notes."""
        return [text_of_note(each) for each in self.notes]

    # The result

    def result(self) -> Draft:
        """The draft with its new structure. What was found in a text that was taken out goes with the text."""
        draft = self.draft

        def stays(span: Span) -> bool:
            return not any(
                span.witness == out.witness and out.start <= span.start and span.end <= out.end
                for out in self.taken_out
            )

        accounts = [each for each in draft.accounts if stays(each.span)]
        accounts += [Account(span, TAKEN_OUT) for span in self.taken_out]
        changed = replace(
            draft,
            divisions=tuple(self.divisions),
            paragraphs=tuple(self.paragraphs),
            notes=tuple(self.notes),
            pages=tuple(self.pages),
            accounts=tuple(accounts),
            emendations=tuple(each for each in draft.emendations if stays(each.span)),
            suspects=tuple(each for each in draft.suspects if stays(each.span)),
            settled=tuple(each for each in draft.settled if stays(each.suspect.span)),
            variants=tuple(each for each in draft.variants if stays(each.span)),
        )
        return replace(changed, audit=audit_of(changed))


# The category of the audit for text that a person took out.
TAKEN_OUT = "taken out by an editor"


def supplied(string: str) -> Text:
    """Text that no witness has: its source is an empty span."""
    return Text((Piece(string, Span(0, 0, 0)),))

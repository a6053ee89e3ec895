"""Matches the texts of the archive with those of the new edition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from corpus_import.loading.alignment import align
from corpus_import.loading.archive import Archive
from corpus_import.loading.composing import text_of_note, text_of_paragraph
from corpus_import.loading.following import Followed, Old, follow
from corpus_import.loading.planning.corrections import base_of
from corpus_import.parsing import elements
from reader import models

_Element = TypeVar("_Element", elements.Paragraph, elements.Note)
_Row = TypeVar("_Row", models.Paragraph, models.Note)


@dataclass(frozen=True, slots=True)
class Aligned(Generic[_Element, _Row]):
    """New texts of one kind, in the order of the book, with the rows of which they are versions."""

    elements: Sequence[_Element]
    texts: Sequence[str]  # the elements' texts in the inline markup
    rows: Mapping[int, _Row]  # by the index of the element that is the new version of the row
    without_version: Sequence[_Row]
    # By the index of the element: what it has of old texts, where persons' words went to another text.
    followed: Mapping[int, Followed]
    sources: Sequence[_Row]  # the rows that `followed` names by their indices
    gone_to: Mapping[int, Sequence[int]]  # by the key of a row: the elements to which its words went
    left: Mapping[int, Followed]  # by the key of a row: what no new text has of it, if persons changed that


AlignedParagraphs = Aligned[elements.Paragraph, models.Paragraph]
AlignedNotes = Aligned[elements.Note, models.Note]


def align_paragraphs(draft: elements.Draft, archive: Archive) -> AlignedParagraphs:
    """Match the paragraphs of the archive with those of the draft."""
    return _align(
        archive, draft.paragraphs, [text_of_paragraph(each) for each in draft.paragraphs], archive.paragraphs
    )


def align_notes(draft: elements.Draft, archive: Archive) -> AlignedNotes:
    """Match the notes of the archive with those of the draft."""
    index_of = {division.index: k for k, division in enumerate(draft.divisions)}
    # Notes stand in the order of their divisions, whatever the order of the witness.
    notes = sorted(draft.notes, key=lambda note: index_of[note.division])
    texts = [text_of_note(note) for note in notes]
    return _align(archive, notes, texts, archive.notes)


def _align(
    archive: Archive, new: Sequence[_Element], texts: Sequence[str], old: Sequence[_Row]
) -> Aligned[_Element, _Row]:
    matched = _match(archive, texts, old)
    versions = {i: j for j, i in matched.items()}
    olds = [
        Old(base_of(archive, row, "text") or row.text, row.text, versions.get(i)) for i, row in enumerate(old)
    ]
    is_changed = [j not in matched or old[matched[j]].imported_text != text for j, text in enumerate(texts)]
    following = follow(olds, texts, is_changed)
    return Aligned(
        elements=new,
        texts=texts,
        rows={j: old[i] for j, i in matched.items()},
        without_version=[row for i, row in enumerate(old) if i not in versions],
        followed=following.into,
        sources=old,
        gone_to={old[i].pk: places for i, places in following.gone_to.items()},
        left={old[i].pk: each for i, each in following.left.items()},
    )


def _match(archive: Archive, texts: Sequence[str], old: Sequence[_Row]) -> dict[int, int]:
    """The index of the row, by the index of the new text that is its version.

    A row is matched by its last import. A row that has lost its place is matched by its text before that, with the new
    texts that are no version of any other row: the same import twice gives the same rows.
    """
    placed = [i for i, row in enumerate(old) if row.imported_text]
    matched = {j: placed[i] for j, i in align([old[i].imported_text for i in placed], texts).items()}
    lost = [i for i, row in enumerate(old) if not row.imported_text]
    if lost:
        free = [j for j in range(len(texts)) if j not in matched]
        known_as = [archive.import_before(old[i]) or old[i].text for i in lost]
        matched |= {free[j]: lost[i] for j, i in align(known_as, [texts[j] for j in free]).items()}
    return matched

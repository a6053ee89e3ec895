"""The three texts of a conflict side by side: the last import's, the person's, the new import's."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reader.correction.deciding import seen_as, standing
from reader.models import Conflict, Correctable, Note, Paragraph
from reader.text.differences import Change, difference
from reader.text.html import visible
from reader.text.merging import merge_words

# The other texts that a conflict is about, in the words of an import.
OTHERS = re.compile(r"\(with ([^)]*)\)?$")
NAMED = re.compile(r"(paragraph|note) (\d+)")


@dataclass(frozen=True, slots=True)
class ThreeTexts:
    """A conflict with its texts; the person's and the new import's show the changes from the last import."""

    conflict: Conflict
    old: str
    person: Sequence[Change]
    new: Sequence[Change]
    merged: str  # both changes made together, which a person has to read; empty if they change the same words
    merge: Sequence[Change]
    related: Sequence[Correctable]
    others: str  # the names of the related texts, as they were called then
    seen: str


def three_texts_of(conflicts: Iterable[Conflict]) -> list[ThreeTexts]:
    """The texts of conflicts, with the texts that these are about as well. Two statements at most."""
    conflicts = list(conflicts)
    paragraphs, notes = _related(conflicts)
    return [_three_texts(conflict, paragraphs, notes) for conflict in conflicts]


def _three_texts(conflict: Conflict, paragraphs: Sequence[Paragraph], notes: Sequence[Note]) -> ThreeTexts:
    old, person, new = conflict.old_import, standing(conflict), conflict.new_import
    merged = merge_words(old, person, new, word_by_word=True) if new else None
    if merged in (person, new):
        merged = None
    named = _named(conflict)
    return ThreeTexts(
        conflict=conflict,
        old=visible(old),
        person=difference(visible(old), visible(person)),
        new=difference(visible(old), visible(new)) if new else [],
        merged=merged or "",
        merge=difference(visible(person), visible(merged)) if merged else [],
        related=[
            *(each for each in paragraphs if ("paragraph", each.number) in named),
            *(each for each in notes if ("note", each.n) in named and each.pk != conflict.note_id),
        ],
        others=_others(conflict),
        seen=seen_as(conflict),
    )


def _others(conflict: Conflict) -> str:
    found = OTHERS.search(conflict.about)
    return found[1] if found else ""


def _named(conflict: Conflict) -> set[tuple[str, int]]:
    return {(kind, int(n)) for kind, n in NAMED.findall(_others(conflict))}


def _related(conflicts: Sequence[Conflict]) -> tuple[list[Paragraph], list[Note]]:
    """The paragraphs that conflicts name, and the notes that they name, which are of the chapter of their own note."""
    numbers = {n for conflict in conflicts for kind, n in _named(conflict) if kind == "paragraph"}
    notes = {n for conflict in conflicts for kind, n in _named(conflict) if kind == "note"}
    volumes = {conflict.volume_id for conflict in conflicts}
    divisions = {conflict.note.division_id for conflict in conflicts if conflict.note is not None}
    return (
        list(Paragraph.objects.filter(volume__in=volumes, number__in=numbers)) if numbers else [],
        list(Note.objects.filter(division__in=divisions, n__in=notes)) if notes and divisions else [],
    )

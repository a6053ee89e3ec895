"""What is found again in the text whenever it is published, gathered from its collectors."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from reader.edition.candidates import place_candidates
from reader.edition.edition import Edition
from reader.edition.gaps import record_gaps
from reader.edition.links import record_references, referring_texts_outside
from reader.edition.occurrences import occurrences_in, record_occurrences
from reader.edition.page_breaks import pages_at_heads, record_page_breaks
from reader.models import Division, Note, Paragraph, TermOccurrence, Text


@dataclass(frozen=True, slots=True)
class Findings:
    """The texts of some chapters, in the order of the book, and what was found in them.

    `paragraphs` and `notes` by the key of the chapter on whose page they stand; `terms` by text, in its order;
    `pages_at_heads` are the pages of the book that begin at the head of the division with this key; `moved` are the
    keys of the terms whose occurrences in a text are not those that were recorded before; `redirected` are the keys of
    other chapters whose cross-references lead elsewhere now.
    """

    paragraphs: Mapping[int, Sequence[Paragraph]]
    notes: Mapping[int, Sequence[Note]]
    terms: Mapping[Text, Sequence[TermOccurrence]]
    pages_at_heads: Mapping[int, Sequence[str]]
    moved: Mapping[Text, Collection[int]] = field(default_factory=dict)
    redirected: Collection[int] = ()

    def with_more(self, other: "Findings") -> "Findings":
        """What was found in these chapters and in others."""
        return Findings(
            paragraphs={**self.paragraphs, **other.paragraphs},
            notes={**self.notes, **other.notes},
            terms={**self.terms, **other.terms},
            pages_at_heads=other.pages_at_heads,
            moved={**self.moved, **other.moved},
        )


def find_again(edition: Edition, chapters: Collection[Division]) -> Findings:
    """Read the texts of these chapters, and record what is found in them in place of what was recorded before."""
    divisions = edition.divisions_in(chapters)
    paragraphs, notes = _texts_in(edition, divisions)
    texts = _all_of(paragraphs, notes)
    terms = occurrences_in(edition, texts)
    moved = record_occurrences(divisions, terms)
    record_gaps(edition, divisions, texts)
    record_page_breaks(edition, texts)
    redirected = record_references(edition, [*texts, *referring_texts_outside(edition, divisions)])
    redirected -= {chapter.pk for chapter in chapters}
    place_candidates(texts)
    return Findings(paragraphs, notes, terms, pages_at_heads(edition), moved, redirected)


def find_terms_again(edition: Edition) -> Findings:
    """Read all texts, which nobody changed, and record where they use the terms of a glossary that somebody did.

    A text is matched in less time than it takes to tell which old and new forms, exceptions and settlements cannot
    matter to it.
    """
    divisions = edition.divisions_in(edition.page_divisions)
    paragraphs, notes = _texts_in(edition, divisions)
    terms = occurrences_in(edition, _all_of(paragraphs, notes))
    moved = record_occurrences(divisions, terms)
    return Findings(paragraphs, notes, terms, pages_at_heads(edition), moved)


def _texts_in(
    edition: Edition, divisions: Collection[int]
) -> tuple[dict[int, list[Paragraph]], dict[int, list[Note]]]:
    paragraphs: dict[int, list[Paragraph]] = defaultdict(list)
    for paragraph in Paragraph.objects.filter(division__in=divisions).order_by("position").defer("search"):
        paragraphs[edition.page_of[paragraph.division_id]].append(paragraph)
    notes: dict[int, list[Note]] = defaultdict(list)
    in_order = Note.objects.filter(division__in=divisions).order_by("division__position", "position")
    for note in in_order.defer("search"):
        notes[edition.page_of[note.division_id]].append(note)
    return paragraphs, notes


def _all_of(paragraphs: Mapping[int, Sequence[Paragraph]], notes: Mapping[int, Sequence[Note]]) -> list[Text]:
    return [text for found in (paragraphs, notes) for each in found.values() for text in each]

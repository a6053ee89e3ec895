"""Findings that are made again in the text at each publishing, by one collector for each kind."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from reader.edition.candidates import place_candidates
from reader.edition.edition import Edition
from reader.edition.gaps import record_gaps
from reader.edition.links import record_references
from reader.edition.occurrences import record_occurrences
from reader.edition.page_breaks import record_page_breaks
from reader.edition.works import record_works
from reader.models import Division, Text


@dataclass(frozen=True, slots=True)
class Moved:
    """The differences between the new findings and the recorded ones.

    `terms`: for each text in which occurrences have changed, the keys of their terms; `redirected`: the keys of other
    chapters whose cross-references, or references to works, have changed.
    """

    terms: Mapping[Text, Collection[int]] = field(default_factory=dict)
    redirected: Collection[int] = ()


def find_again(edition: Edition, chapters: Sequence[Division]) -> Moved:
    """Make the findings in the texts of these chapters again, and record the differences."""
    texts = [text for chapter in chapters for text in edition.texts_of(chapter)]
    terms = record_occurrences(edition, texts)
    record_gaps(edition, chapters)
    record_page_breaks(edition, texts)
    # A text of another chapter may refer to a place that has changed.
    referring = {edition.text_by_key[key]: None for key, rows in edition.cross_references.items() if rows}
    redirected = record_references(edition, list({**dict.fromkeys(texts), **referring}))
    redirected |= record_works(edition)
    place_candidates(edition, texts)
    edition.explained.record_counts()
    return Moved(terms, redirected - {chapter.pk for chapter in chapters})


def find_terms_again(edition: Edition) -> Moved:
    """Find the occurrences in all texts again, after a change of the glossary and of no text.

    Matching every text is faster than finding out which of them the old and new forms, exceptions and settlements
    cannot affect.
    """
    terms = record_occurrences(edition, [*edition.paragraphs, *edition.notes])
    edition.explained.record_counts()
    return Moved(terms)

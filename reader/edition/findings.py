"""What is found again in the text whenever it is published, by one collector for each kind of finding."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from reader.edition.candidates import place_candidates
from reader.edition.edition import Edition
from reader.edition.gaps import record_gaps
from reader.edition.links import record_references
from reader.edition.occurrences import record_occurrences
from reader.edition.page_breaks import record_page_breaks
from reader.models import Division, Text


@dataclass(frozen=True, slots=True)
class Moved:
    """What is recorded otherwise than before.

    `terms`: for each text that uses terms elsewhere than before, the keys of these terms; `redirected`: the keys of
    other chapters whose cross-references lead elsewhere now.
    """

    terms: Mapping[Text, Collection[int]] = field(default_factory=dict)
    redirected: Collection[int] = ()


def find_again(edition: Edition, chapters: Sequence[Division]) -> Moved:
    """Find in the texts of these chapters what changes with them, and record it where it is not as before."""
    texts = [text for chapter in chapters for text in edition.texts_of(chapter)]
    terms = record_occurrences(edition, texts)
    record_gaps(edition, chapters)
    record_page_breaks(edition, texts)
    # A text elsewhere may refer to what changed here.
    referring = {edition.text_by_key[key]: None for key, rows in edition.cross_references.items() if rows}
    redirected = record_references(edition, list({**dict.fromkeys(texts), **referring}))
    place_candidates(texts)
    return Moved(terms, redirected - {chapter.pk for chapter in chapters})


def find_terms_again(edition: Edition) -> Moved:
    """Find again where all texts use terms, after the glossary was changed and no text was.

    A text is matched in less time than it takes to tell which old and new forms, exceptions and settlements cannot
    matter to it.
    """
    return Moved(record_occurrences(edition, [*edition.paragraphs, *edition.notes]))

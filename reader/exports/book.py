"""The edition in reading order, and what is said of it: the half that all formats for readers share."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.conf import settings
from django.utils.translation import override

from glossary.models import Term
from reader.edition.edition import Edition
from reader.models import Division, Note, Paragraph, Volume
from reader.pages.holdings import holdings_of, in_words, numbers_of
from reader.pages.metadata import name_of
from reader.text import markup, rendering

NOT_IN_XML = re.compile("[\\ud800-\\udfff\\ufffe\\uffff]")


@dataclass(frozen=True, slots=True)
class Portion:
    """A division without the divisions in it: the pages that begin at its head, and its own paragraphs.

    `depth` is 0 for a chapter, 1 for its sections, 2 for their subsections.
    """

    division: Division
    depth: int
    pages: Sequence[str]
    paragraphs: Sequence[Paragraph]

    @property
    def number(self) -> str:
        """The number of the division as it is printed: `I.`; empty if it has none."""
        return rendering.number(self.division.n, self.division.kind)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A division that has a page of its own, with all that stands on this page.

    `missing` are the numbers of the notes that its text calls and no source has.
    """

    division: Division
    portions: Sequence[Portion]
    notes: Sequence[Note]
    missing: Sequence[int]

    @property
    def slug(self) -> str:
        """Its slug, which no other chapter of the volume has."""
        return self.division.slug


def chapters_of(edition: Edition, only: str = "") -> list[Chapter]:
    """The chapters in the order of the book; `only` the one with this slug, if a slug is given."""
    return [
        _chapter(edition, division)
        for division in edition.page_divisions
        if not only or division.slug == only
    ]


def _chapter(edition: Edition, chapter: Division) -> Chapter:
    paragraphs = edition.paragraphs_of(chapter)
    return Chapter(
        chapter,
        [
            Portion(
                division,
                _depth(division, chapter),
                edition.pages_at_head(division),
                [paragraph for paragraph in paragraphs if paragraph.division_id == division.pk],
            )
            for division in edition.divisions
            if edition.page_of[division.pk] == chapter.pk
        ],
        edition.notes_of(chapter),
        [n for division, n in edition.gaps if division == chapter.pk],
    )


def _depth(division: Division, chapter: Division) -> int:
    depth = 0
    while division.pk != chapter.pk and division.parent is not None:
        division, depth = division.parent, depth + 1
    return depth


# What is said of the edition


def name_of_part(edition: Edition, only: str) -> str:
    """The name of the chapter whose slug is `only`, as plain text; empty if there is none."""
    return next((name_of(division) for division in edition.page_divisions if division.slug == only), "")


def statements(edition: Edition, address: str = "", only: str = "") -> list[str]:
    """What a copy of the edition says of itself, in sentences: revision, date, contents, gaps, rights.

    `address` is where the archive shows the volume, empty if that is not known. `only` is the slug of the chapter that
    the copy holds, if it holds no other: the sentences then say that they count the whole edition.
    """
    part = name_of_part(edition, only)
    counted = "The whole edition" if part else "It"
    holdings = holdings_of(edition, numbers_of(edition))
    total, volume = holdings.total, edition.volume
    with override(settings.LANGUAGE_CODE):  # what leaves the archive is the same for all readers
        contents, gaps, share = holdings.contains, holdings.lacks, total.share
    open_questions = [
        f"doubtful: {in_words(total.doubtful, 'reading')}" if total.doubtful else "",
        f"with an inferred beginning: {in_words(total.inferred, 'page')}" if total.inferred else "",
        f"without its number: {in_words(total.fragments, 'piece')} of notes" if total.fragments else "",
    ]
    said = [
        f"Revision {volume.revision}"
        + (f" of {day.isoformat()}" if (day := revised_on(volume)) else "")
        + (f", from {address}." if address else "."),
        f"This file holds one part of the edition: {part}." if part else "",
        f"{counted} contains {contents}.",
        f"It lacks {gaps}, which its source does not have." if gaps else "",
        f"{'; '.join(filter(None, open_questions)).capitalize()}." if any(open_questions) else "",
        f"Emended: {in_words(total.emended, 'reading')}; corrected by an editor: {in_words(total.corrected, 'text')}.",
        f"{share.capitalize()}." if share else "",
        *(f"Doubt about the reading of the source: {doubt['said']}." for doubt in volume.doubts),
        volume.rights,
    ]
    return [sentence for sentence in said if sentence]


def revised_on(volume: Volume) -> date | None:
    """The day on which the volume's revision was made; None if it is older than the archive's record of them."""
    made = volume.revisions.filter(n=volume.revision).values_list("made_at", flat=True).first()
    return made.date() if made else None


# The head above the terms that the text itself explains, and no editor has checked.
EXPLAINED_BY_THE_TEXT = "Explained by the text, not checked"


def has_glossary(edition: Edition) -> bool:
    """Whether the edition has terms, of its glossary or explained by its text."""
    return bool(edition.terms or edition.explained.terms)


def explained_in_order(edition: Edition) -> list[tuple[str, str]]:
    """The terms that the text explains: the headword, then the explanation with the sentence that gives it."""
    return [
        (term.headword, f"{term.definition}: “{' '.join(term.sentence.split())}”")
        for term in edition.explained.terms
    ]


def terms_in_order(edition: Edition) -> list[Term]:
    """The terms of the glossary by their headwords, capitals aside."""
    return sorted(edition.terms, key=lambda term: (term.headword.casefold(), term.headword))


def in_xml(document: str) -> str:
    """A document with U+FFFD for each character that XML 1.0 does not allow, beyond those that HTML does not allow."""
    return NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", document)


# Inline markup


class Inline(Protocol):
    """How a format writes each thing of the inline markup."""

    def text(self, plain: str) -> str:
        """Text as readers read it."""

    def call(self, n: int) -> str:
        """The call of note `n` of the chapter."""

    def page(self, name: str) -> str:
        """The beginning of a page of the printed book."""

    def emphasis(self, inner: str, language: str) -> str:
        """What is emphasised, already written, with the tag of its language, which is empty if nobody said it."""


def lines_of(source: str) -> list[str]:
    """The lines of a text that keeps them, in the inline markup: emphasis over a line's end is one in each."""
    pieces = []
    for node in markup.parse(source):
        written = source[node.start : node.end]
        if isinstance(node, markup.Emphasis):
            written = "\n".join(map(_emphasised, written[1:-1].split("\n")))
        pieces.append(written)
    return "".join(pieces).split("\n")


def _emphasised(line: str) -> str:
    """A line between stars, without the white space at its ends, which stars may not touch."""
    return line.replace(inner, f"*{inner}*", 1) if (inner := line.strip()) else line


def write_inline(source: str, style: Inline, italics: Iterable[rendering.ItalicSpan] = ()) -> str:
    """A text of the inline markup in the format of `style`; persons said what the `italics` are."""
    languages = {(italic.start, italic.end): italic.language for italic in italics}
    pieces = []
    for node in markup.parse(source):
        if isinstance(node, markup.Emphasis):
            inner = "".join(_leaf(leaf, style) for leaf in node.children)
            pieces.append(style.emphasis(inner, languages.get(markup.span_of(node), "")))
        else:
            pieces.append(_leaf(node, style))
    return "".join(pieces)


def _leaf(leaf: markup.Leaf, style: Inline) -> str:
    if isinstance(leaf, markup.Text):
        return style.text(leaf.plain)
    if isinstance(leaf, markup.NoteCall):
        return style.call(leaf.n)
    return style.page(leaf.n)

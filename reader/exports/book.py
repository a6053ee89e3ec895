"""The edition in reading order, and what is said of it: the half that all formats for readers share."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.utils.translation import gettext, ngettext, pgettext

from glossary.models import Term
from reader.edition.edition import Edition
from reader.edition.evidence import supplied_from
from reader.edition.interface import grouped
from reader.models import Division, Note, Paragraph, Volume
from reader.pages.holdings import Numbers, holdings_of, numbers_of
from reader.pages.metadata import name_of
from reader.text import markup, rendering

LINE_SPACE = re.compile("[^\\S\u00a0\u202f]+")
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

    They are in the language of the moment, but for doubts of an import, which are kept in English. `address` is where
    the archive shows the volume, empty if that is not known. `only` is the slug of the chapter that the copy holds, if
    it holds no other: the sentences then say that they count the whole edition.
    """
    part, volume = name_of_part(edition, only), edition.volume
    holdings = holdings_of(edition, numbers_of(edition))
    total = holdings.total
    counted = (
        gettext("The whole edition contains %(contents)s.") if part else gettext("It contains %(contents)s.")
    )
    said = [
        _revision(volume, address),
        gettext("This file holds one part of the edition: %(part)s.") % {"part": part} if part else "",
        counted % {"contents": holdings.contains},
        gettext("It lacks %(gaps)s, which its source does not have.") % {"gaps": holdings.lacks}
        if holdings.lacks
        else "",
        _open_questions(total),
        gettext("Emended: %(readings)s; corrected by an editor: %(texts)s.")
        % {
            "readings": _counted(
                total.emended, ngettext("%(count)s reading", "%(count)s readings", total.emended)
            )
            or gettext("no readings"),
            "texts": _counted(total.corrected, ngettext("%(count)s text", "%(count)s texts", total.corrected))
            or gettext("no texts"),
        },
        f"{total.share.capitalize()}." if total.share else "",
        *(
            gettext("Doubt about the reading of the source: %(doubt)s.") % {"doubt": doubt["said"]}
            for doubt in volume.doubts
        ),
        volume.rights,
    ]
    return [sentence for sentence in said if sentence]


def _revision(volume: Volume, address: str) -> str:
    revision = gettext("Revision %(n)s") % {"n": volume.revision}
    if day := revised_on(volume):
        revision = gettext("Revision %(n)s of %(day)s") % {"n": volume.revision, "day": day.isoformat()}
    if not address:
        return f"{revision}."
    return gettext("%(revision)s, from %(address)s.") % {"revision": revision, "address": address}


def _open_questions(total: Numbers) -> str:
    """What is doubtful, inferred or lost, in a sentence; empty if nothing is."""
    questions = (
        _counted(
            total.doubtful,
            ngettext("doubtful: %(count)s reading", "doubtful: %(count)s readings", total.doubtful),
        ),
        _counted(
            total.inferred,
            ngettext(
                "with an inferred beginning: %(count)s page",
                "with an inferred beginning: %(count)s pages",
                total.inferred,
            ),
        ),
        _counted(
            total.fragments,
            ngettext(
                "without its number: %(count)s piece of notes",
                "without its number: %(count)s pieces of notes",
                total.fragments,
            ),
        ),
    )
    asked = pgettext("between words", "; ").join(filter(None, questions))
    return f"{asked.capitalize()}." if asked else ""


def _counted(count: int, some: str) -> str:
    """Some things with their number; empty if there are none."""
    return some % {"count": grouped(count)} if count else ""


def revised_on(volume: Volume) -> date | None:
    """The day on which the volume's revision was made; None if it is older than the archive's record of them."""
    made = volume.revisions.filter(n=volume.revision).values_list("made_at", flat=True).first()
    return made.date() if made else None


def explained_by_the_text() -> str:
    """The head above the terms that the text itself explains, and no editor has checked."""
    return gettext("Explained by the text, not checked")


def glossary_head() -> str:
    """The head above the terms of the glossary."""
    return gettext("Glossary")


def translated_by(volume: Volume) -> str:
    """Who translated the volume, in words; empty if nobody did."""
    return (
        gettext("Translated by %(translator)s") % {"translator": volume.translator}
        if volume.translator
        else ""
    )


def not_in_source() -> str:
    """What stands instead of a note that no source has."""
    return gettext("This note is not in the source.")


def piece_of_note() -> str:
    """What stands before a piece of a note whose number is lost."""
    return gettext("A piece of a note whose number is lost:")


def said_of_note(note: Note) -> list[str]:
    """What is to be said of a note: where it is from if the source lacks it, and whether its number is inferred."""
    said = [supplied_from(note), gettext("the number of this note is inferred") if note.inferred else ""]
    return [each for each in said if each]


def see(headword: str) -> str:
    """What an entry of the glossary says that leads to another one."""
    return gettext("see %(term)s") % {"term": headword}


def has_glossary(edition: Edition) -> bool:
    """Whether the edition has terms, of its glossary or explained by its text."""
    return bool(edition.terms or edition.explained.terms)


def explained_in_order(edition: Edition) -> list[tuple[str, str]]:
    """The terms that the text explains: the headword, then the explanation with the sentence that gives it."""
    return [
        (
            term.headword,
            gettext("%(definition)s: “%(sentence)s”")
            % {"definition": term.definition, "sentence": one_line(term.sentence)},
        )
        for term in edition.explained.terms
    ]


def terms_in_order(edition: Edition) -> list[Term]:
    """The terms of the glossary by their headwords, capitals aside."""
    return sorted(edition.terms, key=lambda term: (term.headword.casefold(), term.headword))


def one_line(text: str) -> str:
    """A text on one line, with its spaces that part no lines: French has them before signs."""
    return LINE_SPACE.sub(" ", text).strip(" ")


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

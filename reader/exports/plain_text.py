"""The edition as plain text in UTF-8: one paragraph a line, with its permanent number, its calls and its pages.

`[12]` before a paragraph is its number, `[^3]` calls note 3 of the chapter, and `[p. 42]` begins page 42 of the printed
book. What the archive shows as table or verse keeps its lines.
"""

from collections.abc import Iterator

from django.utils.translation import gettext

from reader.edition.edition import Edition
from reader.exports.book import (
    Chapter,
    chapters_of,
    explained_by_the_text,
    explained_in_order,
    glossary_head,
    has_glossary,
    not_in_source,
    said_of_note,
    see,
    statements,
    terms_in_order,
    translated_by,
    write_inline,
)
from reader.exports.indexes import Index, between, indexes_of
from reader.models import Note, Paragraph
from reader.text import rendering, table_notation
from reader.text.labels import labels_in

INDENT = "    "


class _Plain:
    def text(self, plain: str) -> str:
        return plain

    def call(self, n: int) -> str:
        return f"[^{n}]"

    def page(self, name: str) -> str:
        return f"[p. {name}]"

    def emphasis(self, inner: str, language: str) -> str:
        return f"_{inner}_"


PLAIN = _Plain()


def write_text(edition: Edition, only: str = "", address: str = "") -> str:
    """The edition, or the chapter whose slug is `only`, as plain text that ends with a line end."""
    volume = edition.volume
    title = [
        str(volume),
        volume.author,
        *filter(None, [translated_by(volume)]),
    ]
    imprint = f"{volume.publisher}, {volume.year}"
    pieces = ["\n".join([*title, imprint]), "\n".join(statements(edition, address, only))]
    for chapter in chapters_of(edition, only):
        pieces += _chapter(chapter)
    if not only and has_glossary(edition):
        pieces.append("\n\n".join([glossary_head().upper(), *_terms(edition), *_explained(edition)]))
    for listed in indexes_of(edition, only):
        pieces.append("\n\n".join(_index(listed)))
    return "\n\n".join(pieces) + "\n"


def _chapter(chapter: Chapter) -> Iterator[str]:
    for portion in chapter.portions:
        pages = "".join(f"{PLAIN.page(name)} " for name in portion.pages)
        head = write_inline(portion.division.head, PLAIN)
        kind = (
            f"{portion.division.kind_in_book.upper()} " if _is_numbered_page(chapter, portion.depth) else ""
        )
        number = f"{portion.number} " if portion.number else ""
        yield f"\n{pages}{kind}{number}{head}" if portion.depth == 0 else f"{pages}{number}{head}"
        for paragraph in portion.paragraphs:
            yield _paragraph(paragraph)
    if chapter.notes or chapter.missing:
        lines = [_note(note) for note in chapter.notes]
        lines += (f"[^{n}] {not_in_source()}" for n in sorted(chapter.missing))
        yield "\n\n".join(
            [gettext("NOTES TO %(head)s") % {"head": write_inline(chapter.division.head, PLAIN)}, *lines]
        )


def _is_numbered_page(chapter: Chapter, depth: int) -> bool:
    return depth == 0 and bool(chapter.division.n) and chapter.division.kind in ("part", "chapter")


def _paragraph(paragraph: Paragraph) -> str:
    number = f"[{paragraph.number}] "
    if paragraph.kind == Paragraph.Kind.QUOTATION:
        return f"{number}{INDENT}{write_inline(paragraph.text, PLAIN)}"
    if paragraph.kind in (Paragraph.Kind.TABLE, Paragraph.Kind.VERSE):
        lines = _lines_of(paragraph)
        return "\n".join([number.rstrip(), *(f"{INDENT}{line}" for line in lines)])
    return f"{number}{write_inline(paragraph.text, PLAIN)}"


def _lines_of(paragraph: Paragraph) -> list[str]:
    """The lines of a table or of verse; the cells of a table have tabs between them."""
    if table := table_notation.read_table(paragraph.text):
        rows = [
            *((line,) for line in table.caption),
            *table.headings,
            *table.rows,
            *((line,) for line in table.notes),
        ]
        return ["\t".join(write_inline(cell, PLAIN) for cell in row) for row in rows]
    return write_inline(paragraph.text, PLAIN).splitlines()


def _note(note: Note) -> str:
    if note.n is None:
        label = gettext("[a piece of a note whose number is lost]") + " "
    else:
        label = f"[^{note.n}] " + (f"({note.mark}) " if note.mark and note.mark != str(note.n) else "")
    text = "\n\n".join(
        f"{INDENT if is_quotation else ''}{write_inline(source, PLAIN)}"
        for _, is_quotation, source in rendering.paragraphs_of_note(note.text)
    )
    said = said_of_note(note) + (
        [gettext("called on p. %(page)s") % {"page": note.page}] if note.page else []
    )
    return f"{label}{text}" + "".join(f" [{each}]" for each in said)


def _terms(edition: Edition) -> Iterator[str]:
    names = {term.pk: term.headword for term in edition.terms}
    colon = labels_in(edition.volume.language).colon
    for term in terms_in_order(edition):
        senses = edition.senses.get(term.pk, ())
        said = see(names[term.see_id]) if term.see_id else term.definition
        if senses:
            said = "; ".join(f"({sense.n}) {sense.definition}" for sense in senses)
        yield f"{term.headword}{colon} {said}"


def _explained(edition: Edition) -> Iterator[str]:
    if edition.explained.terms:
        yield explained_by_the_text().upper()
    colon = labels_in(edition.volume.language).colon
    for headword, said in explained_in_order(edition):
        yield f"{headword}{colon} {said}"


def _index(listed: Index) -> Iterator[str]:
    """A list of works or of persons: an entry a line, with its places."""
    yield listed.head.upper()
    if listed.explanation:
        yield listed.explanation
    for entry in listed.entries:
        head = "".join(PLAIN.emphasis(text, "") if is_title else text for text, is_title in entry.head)
        said = [entry.about, entry.doubt.words, ", ".join(place.label for place in entry.places)]
        yield f"{head}{between(listed, entry)}{' '.join(filter(None, said))}"

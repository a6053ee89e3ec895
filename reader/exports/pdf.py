"""The volume as PDF for print: notes at the foot of the page, running heads, the original book's pages in the margin.

Typst sets the pages (reader/exports/book.typ). It comes with the extra `pdf` of the installation: 81 MB, Apache-2.0,
with its own fonts, so that every machine gives the same pages. WeasyPrint, under the BSD licence, has no hyphenation of
its own quality and needs Pango from the system; TeX is no package of Python.
"""

import importlib.util
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Literal

from django.utils.translation import gettext

from reader.edition.edition import Edition
from reader.exports.book import (
    Chapter,
    Portion,
    chapters_of,
    explained_by_the_text,
    explained_in_order,
    glossary_head,
    has_glossary,
    in_xml,
    lines_of,
    not_in_source,
    piece_of_note,
    revised_on,
    said_of_note,
    see,
    statements,
    terms_in_order,
    translated_by,
)
from reader.exports.indexes import PERSONS, Entry, Index, indexes_of
from reader.models import Division, Note, Paragraph
from reader.text import markup, rendering, table_notation
from reader.text.html import permitted
from reader.text.labels import labels_in
from reader.text.typography import Typeset, typeset

# The first subtag of a language (BCP 47), in the two or three letters of ISO 639.
LANGUAGE = re.compile(r"[a-z]{2,3}(?![a-z])")


class NotInstalled(Exception):
    """Typst is not installed; the message says how to install it."""


def is_installed() -> bool:
    """Whether Typst is installed."""
    return importlib.util.find_spec("typst") is not None


def write_pdf(edition: Edition, only: str = "", address: str = "") -> bytes:
    """The edition, or the chapter whose slug is `only`, as PDF/UA-1 on pages of A5. Raises NotInstalled.

    The same edition gives the same bytes.
    """
    if not is_installed():
        raise NotInstalled("The format pdf needs Typst, which is not installed: pip install typst.")
    template = files("reader.exports").joinpath("book.typ").read_text("utf-8")
    said = statements(edition, address, only)
    text = _text(edition, only)
    for has_all, fonts in ((True, False), (True, True), (False, True)):
        shown = (
            said
            if has_all
            else [*said, gettext("Characters that no font of this machine has are shown as boxes.")]
        )
        try:
            return _set(
                f"{template}\n{_front(edition, shown)}\n{text}\n", is_accessible=has_all, system_fonts=fonts
            )
        except _MissingGlyph:
            continue
    raise AssertionError("A PDF that claims nothing takes every character.")


class _MissingGlyph(Exception):
    """A character is in no font."""


def _set(document: str, is_accessible: bool, system_fonts: bool) -> bytes:
    """The PDF of a document of Typst. PDF/UA-1 (ISO 14289-1) is claimed, and held to, if `is_accessible`.

    Raises _MissingGlyph: PDF/UA allows no character that cannot be shown.
    """
    import typst  # an extra of the installation

    claims: Literal["ua-1"] | None = "ua-1" if is_accessible else None
    # Typst may read files below its root: a folder that holds nothing else.
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "book.typ")
        source.write_text(document, "utf-8")
        try:
            return typst.compile(
                source,
                root=Path(folder),
                ignore_system_fonts=not system_fonts,
                format="pdf",
                pdf_standards=claims,
            )
        except typst.TypstError as error:
            if is_accessible and "could not be displayed" in str(error):
                raise _MissingGlyph from None
            raise


# Text as strings of Typst


def _string(text: str) -> str:
    """A text as a string literal: what Typst never reads as markup.

    https://typst.app/docs/reference/foundations/str/
    """
    written = "".join(
        char if char.isprintable() and char not in '"\\' else f"\\u{{{ord(char):x}}}"
        for char in in_xml(permitted(text))
    )
    return f'"{written}"'


def _strings(texts: Iterable[str]) -> str:
    """An array of texts, each a string literal."""
    return f"({''.join(f'{_string(text)}, ' for text in texts)})"


def _content(pieces: Iterable[str]) -> str:
    """Content of expressions of Typst, one after the other."""
    return f"[{''.join(f'#{piece};' for piece in pieces)}]"


class _Pages:
    """The inline markup of a chapter: its notes stand where they are first called."""

    def __init__(self, edition: Edition, chapter: Chapter) -> None:
        self.language = edition.volume.language
        self.slug = chapter.slug
        self.notes = {note.n: note for note in chapter.notes if note.n is not None}
        self.missing = frozenset(chapter.missing)
        self.inferred = frozenset(page.n for page in edition.pages if page.is_inferred)
        self.calls: Counter[int] = Counter()

    def inline(self, source: str) -> list[str]:
        """The expressions for a text of the inline markup, its characters as those of a printed book."""
        shown = typeset(markup.plain(source), self.language)
        written = []
        for node in markup.parse(source):
            if isinstance(node, markup.Emphasis):
                written.append(f"emph({_content(self._leaf(leaf, shown) for leaf in node.children)})")
            else:
                written.append(self._leaf(node, shown))
        return written

    def content(self, source: str) -> str:
        """The content for a text of the inline markup."""
        return _content(self.inline(source))

    def page(self, name: str) -> str:
        """The beginning of a page of the original book; in brackets if no source shows it."""
        return f"page-begins({_string(f'[{name}]' if name in self.inferred else name)})"

    def _leaf(self, leaf: markup.Leaf, shown: Typeset) -> str:
        if isinstance(leaf, markup.Text):
            return _string(shown.shown(leaf.offset, leaf.offset + len(leaf.plain)))
        if isinstance(leaf, markup.PageBreak):
            return self.page(leaf.n)
        return self._call(leaf.n)

    def _call(self, n: int) -> str:
        self.calls[n] += 1
        note = self.notes.get(n)
        sign = _string(note.mark or str(n) if note else str(n))
        if self.calls[n] > 1:
            return f"call-again({sign})"
        if note is not None:
            body = self.note(note)
        elif n in self.missing:
            body = _content([f"emph({_string(not_in_source())})"])
        else:
            return f"call-again({sign})"
        return f"note-of({_string(f'{self.slug}-{n}')}, {sign}, {body})"

    def note(self, note: Note) -> str:
        """The content of a note: its paragraphs, and what is to be said of it."""
        pieces: list[str] = []
        for k, (_, is_quotation, source) in enumerate(rendering.paragraphs_of_note(note.text)):
            if k:
                pieces.append("parbreak()")
            text = self.inline(source)
            pieces += [f"pad(left: 1em, {_content(text)})"] if is_quotation else text
        pieces += (_string(f" [{each}]") for each in said_of_note(note))
        return _content(pieces)


# The document


def _front(edition: Edition, said: Iterable[str]) -> str:
    """The title page, what the edition says of itself, and the contents."""
    volume = edition.volume
    revised = revised_on(volume)
    fields = {
        "title": _string(volume.title),
        "subtitle": _string(volume.subtitle),
        "author": _string(volume.author),
        "translator": _string(translated_by(volume)),
        "imprint": _string(f"{volume.publisher}, {volume.year}"),
        # Typst takes no other subtag; a language that it does not know is not hyphenated.
        "language": _string(found[0] if (found := LANGUAGE.match(volume.language)) else "und"),
        "contents": _string(gettext("Contents")),
        "said": _strings(said),
        "date": f"datetime(year: {revised.year}, month: {revised.month}, day: {revised.day})"
        if revised
        else "none",
    }
    return f"#show: volume.with({', '.join(f'{name}: {value}' for name, value in fields.items())})"


def _text(edition: Edition, only: str) -> str:
    lines: list[str] = []
    for chapter in chapters_of(edition, only):
        lines += _chapter(edition, chapter)
    if not only and has_glossary(edition):
        lines += [
            f"#heading(level: 1, {_content([_string(glossary_head())])})",
            *_terms(edition),
            *_explained(edition),
        ]
    for listed in indexes_of(edition, only):
        lines += _index(edition, listed)
    return "\n".join(lines)


def _chapter(edition: Edition, chapter: Chapter) -> Iterator[str]:
    pages = _Pages(edition, chapter)
    for portion in chapter.portions:
        yield _heading(portion, pages)
        for paragraph in portion.paragraphs:
            yield f"#{_paragraph(paragraph, pages)}"
    # A page of the text shows a note where it is called; what nothing calls stands at the end of the chapter.
    uncalled = [note for note in chapter.notes if note.n is None or not pages.calls[note.n]]
    if uncalled:
        head = gettext("Notes that the text does not call")
        bodies = [_content([_string(_label(note)), pages.note(note)]) for note in uncalled]
        yield f"#loose-notes({_string(head)}, {', '.join(bodies)})"


def _label(note: Note) -> str:
    return f"{note.mark or note.n} " if note.n is not None else f"{piece_of_note()} "


def _heading(portion: Portion, pages: _Pages) -> str:
    begins = [pages.page(name) for name in portion.pages]
    is_part = portion.division.kind == Division.Kind.PART
    kind = f"{portion.division.kind_in_book.capitalize()} " if is_part else ""
    number = [_string(f"{kind}{portion.number} ")] if portion.number else []
    head = _content([*begins, *number, *pages.inline(" ".join(portion.division.head.split()))])
    return f"#heading(level: {min(portion.depth + 1, 4)}, {head})"


def _paragraph(paragraph: Paragraph, pages: _Pages) -> str:
    if paragraph.kind == Paragraph.Kind.TABLE and (table := table_notation.read_table(paragraph.text)):
        return _table(table, pages)
    if paragraph.kind in (Paragraph.Kind.VERSE, Paragraph.Kind.TABLE):
        name = "verse" if paragraph.kind == Paragraph.Kind.VERSE else "plain-lines"
        return f"{name}({', '.join(pages.content(line) for line in lines_of(paragraph.text))})"
    name = "quotation" if paragraph.kind == Paragraph.Kind.QUOTATION else "prose"
    return f"{name}({pages.content(paragraph.text)})"


def _table(table: table_notation.Table, pages: _Pages) -> str:
    caption = _content(piece for line in table.caption for piece in [*pages.inline(line), _string(" ")])
    headings = [_row(row, table.width, pages) for row in table.headings]
    body = [_row(row, table.width, pages) for row in table.rows]
    below = [pages.content(line) for line in table.notes]
    figures = [
        k
        for k in range(1, table.width)
        if all(
            table_notation.is_figure(markup.plain(row[k])) for row in table.rows if k < len(row) and row[k]
        )
    ]
    parts = [_array(headings), _array(body), _array(below), _array(map(str, figures))]
    return f"rows({table.width}, {caption if table.caption else '[]'}, {', '.join(parts)})"


def _row(row: Sequence[str], width: int, pages: _Pages) -> str:
    """The cells of a row, parted by commas; a row of one cell stands over all columns."""
    if len(row) == 1 and width > 1:
        return f"table.cell(colspan: {width}, align: center, emph({pages.content(row[0])}))"
    return ", ".join([*(pages.content(cell) for cell in row), *["[]"] * (width - len(row))])


def _array(items: Iterable[str]) -> str:
    return f"({''.join(f'{item}, ' for item in items)})"


def _terms(edition: Edition) -> Iterator[str]:
    language = edition.volume.language
    names = {term.pk: term.headword for term in edition.terms}
    for term in terms_in_order(edition):
        senses = edition.senses.get(term.pk, ())
        said = see(names[term.see_id]) if term.see_id else term.definition
        if senses:
            said = "; ".join(f"({sense.n}) {sense.definition}" for sense in senses)
        yield f"#term({_string(term.headword)}, {_string(typeset(said, language).shown())})"


def _explained(edition: Edition) -> Iterator[str]:
    language = edition.volume.language
    if edition.explained.terms:
        yield f"#heading(level: 2, {_content([_string(explained_by_the_text())])})"
    for headword, said in explained_in_order(edition):
        yield f"#term({_string(headword)}, {_string(typeset(said, language).shown())})"


def _index(edition: Edition, listed: Index) -> Iterator[str]:
    """A list of works, or one of persons in two columns; places are pages of the original book, as in the margin."""
    yield f"#heading(level: 1, {_content([_string(listed.head)])})"
    if listed.explanation:
        margin = labels_in(edition.volume.language).margin_shows_pages
        yield f"#explanation({_string(f'{listed.explanation} {margin}')})"
    entries = ", ".join(_entry(edition, listed, entry) for entry in listed.entries)
    yield f"#entries({2 if listed.name == PERSONS else 1}, {entries})"


def _entry(edition: Edition, listed: Index, entry: Entry) -> str:
    """The content of an entry: its head, what is said of it, its places."""
    language = edition.volume.language

    def shown(text: str) -> str:
        return _string(typeset(text, language).shown())

    head = [f"emph({shown(text)})" if is_title else shown(text) for text, is_title in entry.head]
    of_doubt = f"lang: {_string(entry.doubt.language)}, " if entry.doubt.language else ""
    said = [
        shown(entry.about) if entry.about else "",
        f"text({of_doubt}{_string(entry.doubt.words)})" if entry.doubt.words else "",
    ]
    head += [_string(listed.colon)] if listed.name == PERSONS and any(said) else []
    pieces = [*head, *(piece for each in said if each for piece in (_string(" "), each))]
    return f"entry({_content(pieces)}, {_string(', '.join(place.label for place in entry.places))})"

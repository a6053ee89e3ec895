"""The edition as Pandoc's Markdown: notes as footnotes, pages of the printed book and paragraph numbers as spans.

Notes are called by chapter and number (`[^chapter-1-3]`), so that the chapters can be read as one document. The text is
written for `pandoc -f markdown-smart`: Pandoc's own default also curls its quotation marks.
https://pandoc.org/MANUAL.html#pandocs-markdown
"""

import re
from collections.abc import Collection, Iterator, Sequence

from reader.edition.edition import Edition
from reader.edition.italics import italics_in
from reader.exports.book import (
    Chapter,
    Portion,
    chapters_of,
    explained_by_the_text,
    explained_in_order,
    glossary_head,
    has_glossary,
    lines_of,
    not_in_source,
    one_line,
    piece_of_note,
    said_of_note,
    see,
    statements,
    terms_in_order,
    write_inline,
)
from reader.exports.indexes import Index, indexes_of
from reader.models import Note, Paragraph
from reader.text import rendering, table_notation
from reader.text.html import permitted
from reader.text.page_numbers import inferred_page

# Characters that Markdown may read as markup, wherever they stand.
ESCAPED = re.compile(r"[\\`*_\[\]<>$^~@|#{}&]")
# What begins a list, a heading, a quotation, a definition or a table if a line begins with it.
AT_LINE = re.compile(r"^(\s*)([-+=:>%]|\(?[0-9A-Za-z]{1,9}[.)])", re.MULTILINE)
ADDRESS = re.compile(r"(https?):(?=//)")


def escaped(text: str) -> str:
    """Text that Markdown reads as exactly this text, also at the beginning of a line."""
    marked = ESCAPED.sub(r"\\\g<0>", permitted(text))
    marked = ADDRESS.sub(r"\1\\:", marked)
    return AT_LINE.sub(lambda found: f"{found[1]}{found[2][:-1]}\\{found[2][-1]}", marked)


class _Markdown:
    """The inline markup of a chapter, whose slug is part of each note's name; `inferred` are pages in brackets."""

    def __init__(self, chapter: str, inferred: Collection[str]) -> None:
        self.chapter = chapter
        self.inferred = inferred

    def text(self, plain: str) -> str:
        return escaped(plain)

    def call(self, n: int) -> str:
        return f"[^{self.chapter}-{n}]"

    def page(self, name: str) -> str:
        shown = inferred_page(name) if name in self.inferred else name
        return f'[]{{.pagebreak title="{_attribute(shown)}"}}'

    def emphasis(self, inner: str, language: str) -> str:
        return f'[*{inner}*]{{lang="{_attribute(language)}"}}' if language else f"*{inner}*"


def write_markdown(edition: Edition, only: str = "", address: str = "") -> str:
    """The edition, or the chapter whose slug is `only`, as Markdown that ends with a line end."""
    volume = edition.volume
    fields = {
        "title": volume.title,
        "subtitle": volume.subtitle,
        "author": volume.author,
        "translator": volume.translator,
        "publisher": volume.publisher,
        "date": str(volume.year),
        "rights": volume.rights,
        "lang": volume.language,
    }
    head = [f"{name}: {_yaml(value)}" for name, value in fields.items() if value]
    said = "\n".join(f"  - {_yaml(sentence)}" for sentence in statements(edition, address, only))
    pieces = ["\n".join(["---", *head, f"edition:\n{said}", "---"])]
    for chapter in chapters_of(edition, only):
        pieces += _chapter(edition, chapter)
    if not only and has_glossary(edition):
        pieces += [
            f"# {glossary_head()} {{#glossary .unnumbered}}",
            *_terms(edition),
            *_explained(edition),
        ]
    for listed in indexes_of(edition, only):
        pieces += _index(listed)
    return "\n\n".join(pieces) + "\n"


def _chapter(edition: Edition, chapter: Chapter) -> Iterator[str]:
    style = _Markdown(chapter.slug, {page.n for page in edition.pages if page.is_inferred})
    for portion in chapter.portions:
        yield _heading(portion, style)
        for paragraph in portion.paragraphs:
            yield _paragraph(paragraph, style, italics_in(edition, paragraph))
    for note in chapter.notes:
        yield _note(note, style, italics_in(edition, note))
    for n in sorted(chapter.missing):
        yield f"[^{chapter.slug}-{n}]: [*{not_in_source()}*]{{.of-edition}}"


def _heading(portion: Portion, style: _Markdown) -> str:
    division = portion.division
    number = f"{escaped(portion.number)} " if portion.number else ""
    pages = "".join(style.page(name) for name in portion.pages)
    head = " ".join(write_inline(division.head, style).split())
    return f"{'#' * min(portion.depth + 1, 6)} {pages}{number}{head} {{#{division.slug} .{division.kind}}}"


def _paragraph(paragraph: Paragraph, style: _Markdown, italics: Sequence[rendering.ItalicSpan]) -> str:
    anchor = f"[]{{#p{paragraph.number}}}"
    text = write_inline(paragraph.text, style, italics)
    if paragraph.kind == Paragraph.Kind.QUOTATION:
        return "\n".join(f"> {line}" for line in f"{anchor}{_one_line(text)}".split("\n"))
    if paragraph.kind == Paragraph.Kind.VERSE:
        first, *others = _lines(paragraph, style)
        return "\n".join(f"| {line}" for line in (anchor + first, *others))
    if paragraph.kind == Paragraph.Kind.TABLE:
        return _table(paragraph, anchor, style)
    return f"{anchor}{_one_line(text)}"


def _lines(paragraph: Paragraph, style: _Markdown) -> list[str]:
    return [" ".join(write_inline(line, style).splitlines()) for line in lines_of(paragraph.text)]


def _one_line(text: str) -> str:
    return " ".join(text.split("\n"))


def _table(paragraph: Paragraph, anchor: str, style: _Markdown) -> str:
    """A table with bars between its cells; a text that is no table keeps its lines."""
    table = table_notation.read_table(paragraph.text)
    if table is None:
        return "\n".join(f"| {line}" for line in (anchor, *_lines(paragraph, style)))

    def row(cells: tuple[str, ...]) -> str:
        written = [_one_line(write_inline(cell, style)) for cell in cells]
        written += [""] * (table.width - len(cells))
        return f"| {' | '.join(written)} |"

    first, *others = table.headings or ((),)
    caption = " ".join(_one_line(write_inline(line, style)) for line in table.caption)
    lines = [row(first), f"|{'---|' * table.width}", *map(row, others), *map(row, table.rows)]
    pieces = [anchor, "\n".join(lines), *([f": {caption}"] if caption else ())]
    return "\n\n".join([*pieces, *(_one_line(write_inline(note, style)) for note in table.notes)])


def _note(note: Note, style: _Markdown, italics: Sequence[rendering.ItalicSpan]) -> str:
    """A note as a footnote; a piece of a note whose number is lost as a paragraph after the text."""
    paragraphs = [
        f"{'> ' if is_quotation else ''}{_one_line(write_inline(source, style, rendering.shifted(italics, offset)))}"
        for offset, is_quotation, source in rendering.paragraphs_of_note(note.text)
    ]
    paragraphs[-1] += "".join(f" \\[{escaped(each)}\\]" for each in said_of_note(note))
    if note.n is None:
        return f"*{piece_of_note()}* {' '.join(paragraphs)}"
    if note.mark and note.mark != str(note.n):
        paragraphs[0] = f"({escaped(note.mark)}) {paragraphs[0]}"
    return f"[^{style.chapter}-{note.n}]: " + "\n\n    ".join(paragraphs)


def _terms(edition: Edition) -> Iterator[str]:
    names = {term.pk: term.headword for term in edition.terms}
    for term in terms_in_order(edition):
        senses = edition.senses.get(term.pk, ())
        if term.see_id:
            said = [see(names[term.see_id])]
        else:
            said = [f"({sense.n}) {sense.definition}" for sense in senses] or [term.definition]
        yield "\n".join(
            [f"{_one_line(escaped(term.headword))}", *(f"\n:   {_one_line(escaped(each))}" for each in said)]
        )


def _explained(edition: Edition) -> Iterator[str]:
    if not edition.explained.terms:
        return
    # What no editor checked is no part of the text to whoever reads the file back.
    yield f"::: of-edition\n\n## {explained_by_the_text()} {{#explained .unnumbered}}"
    for headword, said in explained_in_order(edition):
        yield f"{_one_line(escaped(headword))}\n\n:   {_one_line(escaped(said))}"
    yield ":::"


def _index(listed: Index) -> Iterator[str]:
    """A list of works or of persons as definitions: what is said of each, then its places."""
    # It is no part of the text to whoever reads the file back.
    yield f"::: of-edition\n\n# {_one_line(escaped(listed.head))} {{#{listed.name} .unnumbered}}"
    if listed.explanation:
        yield escaped(listed.explanation)
    for entry in listed.entries:
        pieces = ((escaped(text), is_title) for text, is_title in entry.head)
        head = "".join(f"*{text}*" if is_title else text for text, is_title in pieces)
        doubt, language = escaped(entry.doubt.words), entry.doubt.language
        said = [
            escaped(entry.about),
            f'[{doubt}]{{lang="{language}"}}' if language else doubt,
            ", ".join(escaped(place.label) for place in entry.places),
        ]
        yield "\n".join([head, *(f"\n:   {each}" for each in said if each)])
    yield ":::"


def _yaml(text: str) -> str:
    """A text as a YAML string (YAML 1.2, 7.3.1), on one line."""
    written = permitted(one_line(text)).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{written}"'


def _attribute(text: str) -> str:
    return permitted(text).replace("\\", "\\\\").replace('"', '\\"')

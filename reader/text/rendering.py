"""Markup and term spans in, HTML out. Pure, and the only place where text becomes HTML: all of it is escaped."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TypeVar

from reader.text import markup, table_notation
from reader.text.addresses import (
    ON_CHAPTER,
    Addresses,
    call_id,
    entry_of,
    explained_entry,
    fragment_id,
    note_id,
    paragraph_id,
)
from reader.text.html import Html, escape
from reader.text.labels import Labels, labels_in
from reader.text.lost_italics import Kind
from reader.text.page_numbers import inferred_page, page_anchor
from reader.text.typography import Typeset, typeset

# The separator between the paragraphs of a note: one empty line or several.
BETWEEN_PARAGRAPHS = re.compile(rf"{markup.EMPTY_LINE}\s*")
QUOTATION_MARK = "> "
# Letters all large, with or without full stops, hyphens and a bracket.
ACRONYM = re.compile(r"(?=(?:[^a-z]*[A-ZА-ЯЁ]){2})[A-ZА-ЯЁ0-9.()/&-]+")
# A paragraph of stars or dashes alone parts the text.
BREAK = re.compile(r"(?:\\?[*•·⁂#~_—–-]\s*){1,12}")
# The end of a piece of a word, and the rest of the word.
WORD_END = re.compile(r"[^\W_]['’]?$")
WORD_REST = re.compile(r"['’]?[^\W_]+(?:['’][^\W_]+)*")
# A row's head with more characters may be broken.
LONG_STUB = 24

_AnyNode = TypeVar("_AnyNode", markup.Node, markup.Leaf)


@dataclass(frozen=True, slots=True)
class TermSpan:
    """Characters `start` to `end` of a plain text, to be linked to the entry of the term with this slug.

    `sense` is the number of the term's sense there; None if the term has only one, or if the sense is not known.
    `explained` tells that the text explains the term and no editor has checked it: it has no entry of its own.
    """

    start: int
    end: int
    slug: str
    sense: int | None = None
    explained: bool = False


@dataclass(frozen=True, slots=True)
class ReferenceSpan:
    """Characters `start` to `end` of a plain text, to be linked to the place in the book that they refer to.

    `title` says what they stand for, if the characters do not: *ibid.*
    """

    start: int
    end: int
    url: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class DoubtSpan:
    """Characters `start` to `end` of a plain text that are doubted, to be marked and linked to their suspect.

    Markup may cut the span: each piece is marked.
    """

    start: int
    end: int
    url: str


@dataclass(frozen=True, slots=True)
class MarkSpan:
    """Characters `start` to `end` of a plain text, to be marked; markup may cut them."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ItalicSpan:
    """Emphasis of characters `start` to `end` of a plain text of which a person said what it is.

    `kind` is one of `lost_italics.Kind`; `language` is a tag of BCP 47, empty for the language of the text.
    """

    start: int
    end: int
    kind: str
    language: str = ""


# In one text links stand in order and do not overlap; marks stand in order.
LinkSpan = TermSpan | ReferenceSpan | DoubtSpan | MarkSpan


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph: its permanent number, its kind (`prose`, `quotation`, `verse`, `table`), its markup, its links.

    `aside` is HTML that stands behind it, and is no text of the book.
    """

    number: int
    kind: str
    text: str
    continues: bool = False
    links: Sequence[LinkSpan] = ()
    italics: Sequence[ItalicSpan] = ()
    aside: str = ""


@dataclass(frozen=True, slots=True)
class NoteBlock:
    """A note; without a number it is a fragment, known by its position.

    `supplied` says in words where a note is from that the source lacks. `mark` is the number or sign that the source
    prints, if that is not `n`; `inferred` tells that the number is not in the source. `aside` is as of a `Block`.
    """

    n: int | None
    position: int
    text: str
    links: Sequence[LinkSpan] = ()
    supplied: str = ""
    mark: str = ""
    inferred: bool = False
    italics: Sequence[ItalicSpan] = ()
    aside: str = ""
    # Where it stands in the book and where it is called, in words.
    place: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A division, its number as it is printed: the pages that begin at its head, its blocks, its sections."""

    slug: str
    n: str
    head: str
    pages: Sequence[str] = ()
    blocks: Sequence[Block] = ()
    sections: Sequence["Section"] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """The HTML of a chapter, and the slugs of the terms that are linked in it."""

    head: Html
    body: Html
    notes: Html
    terms: frozenset[str]


@dataclass(slots=True)
class _Page:
    """The ids, calls and terms of a page so far, so that no id is given twice and every call gets its way back."""

    addresses: Addresses
    notes: frozenset[int]
    # The language by whose rules the text is typeset; empty for the source's own characters.
    language: str = ""
    marks: Mapping[int, str] = field(
        default_factory=dict
    )  # of notes that the source marks otherwise than by `n`
    inferred: frozenset[str] = frozenset()  # the pages that no source shows
    calls: Counter[int] = field(default_factory=Counter)
    breaks: set[str] = field(default_factory=set)
    terms: set[str] = field(default_factory=set)
    # The entries that are linked since the section, or the note, began.
    in_section: set[str] = field(default_factory=set)

    @property
    def labels(self) -> Labels:
        """The archive's own words in the text."""
        return labels_in(self.language)


def render_chapter(
    chapter: Section,
    notes: Sequence[NoteBlock],
    addresses: Addresses = ON_CHAPTER,
    language: str = "",
    inferred: Iterable[str] = (),
) -> Chapter:
    """A chapter with its notes, typeset by the rules of a language if one is given (typography.py).

    `inferred` are the numbers of the pages whose beginning no source shows. Calls are counted over the whole chapter:
    head, text, notes within notes.
    """
    page = _Page(
        addresses,
        notes=frozenset(note.n for note in notes if note.n is not None),
        language=language,
        marks={note.n: note.mark for note in notes if note.n is not None and note.mark},
        inferred=frozenset(inferred),
    )
    head = _inline(chapter.head, page)
    body = "\n".join([*_breaks(chapter.pages, page), *_content(chapter, 2, page)])
    return Chapter(
        head=Html(head), body=Html(body), notes=Html(_notes(notes, page)), terms=frozenset(page.terms)
    )


def render_text(
    text: Block | NoteBlock,
    notes: Iterable[int],
    addresses: Addresses = ON_CHAPTER,
    language: str = "",
    inferred: Iterable[str] = (),
) -> Html:
    """A paragraph, or a note without its number, by itself; `notes` are the numbers of the chapter's notes.

    It is typeset by the rules of a language if one is given. `inferred` are as those of `render_chapter`.
    """
    page = _Page(addresses, notes=frozenset(notes), language=language, inferred=frozenset(inferred))
    if isinstance(text, NoteBlock):
        return Html(_in_paragraphs(_note_paragraphs(text, page)))
    return Html("\n".join(_content(Section(slug="", n="", head="", blocks=[text]), 2, page)))


def render_head(
    head: str, notes: Iterable[int], addresses: Addresses = ON_CHAPTER, language: str = ""
) -> Html:
    """The head of a division by itself, its note calls included, typeset if a language is given."""
    return Html(_inline(head, _Page(addresses, notes=frozenset(notes), language=language)))


def heading(head: str, language: str = "") -> Html:
    """The head of a division for lists and links: its emphasis kept, its note calls and page breaks left out."""
    shown = typeset(markup.plain(head), language)

    def text_of(nodes: Iterable[markup.Node]) -> str:
        texts = (leaf for leaf in markup.leaves(nodes) if isinstance(leaf, markup.Text))
        return "".join(shown.html(text.offset, text.offset + len(text.plain)) for text in texts)

    pieces = (
        f"<em>{text_of(node.children)}</em>" if isinstance(node, markup.Emphasis) else text_of((node,))
        for node in markup.parse(head)
    )
    start = len(shown.plain) - len(shown.plain.lstrip())
    return shown.wrapped("".join(pieces).strip(), start, max(start, len(shown.plain.rstrip())))


def number(n: str, kind: str) -> str:
    """The number of a division as it is printed before its head: `I.`, but `(a)` where it is a subsection."""
    if not n or not n[-1].isalnum():
        return n
    return f"({n})" if kind == "subsection" else f"{n}."


def _content(division: Section, level: int, page: _Page) -> list[str]:
    pieces = []
    for is_quotation, run in groupby(division.blocks, key=lambda block: block.kind == "quotation"):
        blocks = list(run)
        if not is_quotation:
            pieces += [f"{_block(block, page)}{block.aside}" for block in blocks]
        elif len(blocks) == 1:
            [block] = blocks
            text = _inline(block.text, page, block.links, block.italics)
            pieces.append(
                f'<blockquote id="{paragraph_id(block.number)}"><p>{text}{_address(block, page)}</p></blockquote>'
                f"{block.aside}"
            )
        else:
            pieces += ["<blockquote>", *(_block(block, page) for block in blocks), "</blockquote>"]
            pieces += [block.aside for block in blocks if block.aside]
    for section in division.sections:
        page.in_section.clear()
        slug, tag = escape(section.slug), f"h{min(level, 6)}"
        n = f'<span class="n">{escape(section.n)}</span> ' if section.n else ""
        pieces += [
            f'<section id="{slug}" aria-labelledby="h-{slug}">',
            *_breaks(section.pages, page),
            f'<{tag} id="h-{slug}">{n}{_inline(section.head, page)}</{tag}>',
            *_content(section, level + 1, page),
            "</section>",
        ]
    return pieces


def _block(block: Block, page: _Page) -> str:
    if block.kind == "table":
        return _table(block, page)
    continued = ' class="continued"' if block.continues else ""
    if block.kind == "prose" and BREAK.fullmatch(block.text):
        continued = ' class="break"'
    if block.kind == "verse":  # whose line ends the style sheet keeps
        continued = ' class="verse"'
    text = _inline(block.text, page, block.links, block.italics)
    return f'<p id="{paragraph_id(block.number)}"{continued}>{text}{_address(block, page)}</p>'


def _address(block: Block, page: _Page) -> str:
    """The link to the paragraph's permanent address. CSS adds its sign, so that the text stays as it is."""
    url = escape(page.addresses.paragraph(block.number))
    label = page.labels.paragraph.format(n=block.number)
    return f'<a class="at" href="{url}" aria-label="{label}"></a>'


def _table(block: Block, page: _Page) -> str:
    """A table as rows and columns, in a region that scrolls sideways; as lines if it is not in the notation."""
    table = table_notation.read_table(block.text)
    block_id = paragraph_id(block.number)
    if table is None:
        # Browsers drop a line end right after <pre>: this one is there to be dropped.
        text = _inline(block.text, page)
        return (
            f'<div id="{block_id}" class="lines"><pre tabindex="0" role="group" aria-label="{page.labels.table}">\n'
            f"{text}</pre>{_address(block, page)}</div>"
        )
    label = (
        f'aria-labelledby="caption-{block.number}"' if table.caption else f'aria-label="{page.labels.table}"'
    )
    pieces = [
        f'<figure id="{block_id}" class="table">',
        f'<div role="region" tabindex="0" {label}><table>',
    ]
    if table.caption:
        caption = " ".join(_inline(line, page) for line in table.caption)
        pieces.append(f'<caption id="caption-{block.number}">{caption}</caption>')
    in_words = _columns_in_words(table)
    if table.headings:
        headings = (_heading_row(row, table.width, in_words, page) for row in table.headings)
        pieces += ["<thead>", *headings, "</thead>"]
    pieces.append("<tbody>")
    for k, row in enumerate(table.rows):
        if len(row) == 1 and table.width > 1:
            pieces += ["</tbody><tbody>"] if k else []
            pieces.append(
                f'<tr><th scope="rowgroup" colspan="{table.width}">{_inline(row[0], page)}</th></tr>'
            )
        else:
            pieces.append(_row(row, table.width, in_words, page))
    pieces += [
        "</tbody></table></div>",
        *(f"<p>{_inline(note, page)}</p>" for note in table.notes),
        f"{_address(block, page)}</figure>",
    ]
    return "\n".join(pieces)


def _columns_in_words(table: table_notation.Table) -> frozenset[int]:
    """The columns that hold at most as many figures as words; the others are set flush right."""
    columns = set()
    for column in range(table.width):
        cells = [markup.plain(row[column]) for row in table.rows if 1 < len(row) > column and row[column]]
        if sum(table_notation.is_figure(cell) for cell in cells) * 2 <= len(cells):
            columns.add(column)
    return frozenset(columns)


def _heading_row(row: Sequence[str], width: int, in_words: frozenset[int], page: _Page) -> str:
    if len(row) == 1 and width > 1:
        return f'<tr><th scope="colgroup" colspan="{width}">{_cell(row[0], page)}</th></tr>'
    cells = []
    for column in range(width):
        text = _cell(row[column], page) if column < len(row) else ""
        words = ' class="words"' if column in in_words or not column else ""
        # An empty heading is a plain cell.
        cells.append(f'<th scope="col"{words}>{text}</th>' if text else "<td></td>")
    return f"<tr>{''.join(cells)}</tr>"


def _row(row: Sequence[str], width: int, in_words: frozenset[int], page: _Page) -> str:
    head = _cell(row[0], page)
    long = ' class="long"' if len(markup.plain(row[0])) > LONG_STUB else ""
    cells = [f'<th scope="row"{long}>{head}</th>' if head else "<td></td>"]
    for column in range(1, width):
        text = _cell(row[column], page) if column < len(row) else ""
        words = ' class="words"' if column in in_words else ""
        cells.append(f"<td{words}>{text}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def _cell(text: str, page: _Page) -> str:
    """The HTML of a cell; a figure keeps the characters of the source."""
    if table_notation.is_figure(markup.plain(text)):
        page = replace(page, language="")
    return _inline(text, page)


def _notes(notes: Sequence[NoteBlock], page: _Page) -> str:
    if not notes:
        return ""
    # All texts first: a note can be called in a later one.
    texts = [_note_paragraphs(note, page) for note in notes]
    items = []
    for note, paragraphs in zip(notes, texts, strict=True):
        if note.supplied:
            label = f' <span class="supplied of-edition">[{escape(note.supplied)}]</span>'
            paragraphs[-1] = (paragraphs[-1][0], paragraphs[-1][1] + label)
        if note.n is None:
            opening = f'<li id="{fragment_id(note.position)}" class="fragment">'
            lead = f'<span class="fragment-label">{page.labels.piece_of_note}</span> '
            paragraphs[0] = (paragraphs[0][0], lead + paragraphs[0][1])
        else:
            opening, lead = _opening(note.n, note.mark)
            if note.inferred:
                lead += f'<span class="fragment-label">{page.labels.inferred_note}</span> '
            paragraphs[0] = (paragraphs[0][0], lead + paragraphs[0][1])
            ways = _back_links(note.n, page) + _note_address(note, page)
            paragraphs[-1] = (paragraphs[-1][0], paragraphs[-1][1] + ways)
        items.append(f"{opening}{_in_paragraphs(paragraphs)}{note.aside}</li>")
    return "\n".join(
        [
            '<section class="notes" role="doc-endnotes" aria-labelledby="notes">'
            f'<h2 id="notes">{page.labels.notes}</h2>',
            "<ol>",
            *items,
            "</ol></section>",
        ]
    )


def _opening(n: int, mark: str) -> tuple[str, str]:
    """The opening tag of a numbered note, and what stands before its text: the sign of a note without a number."""
    if mark and not (mark.isascii() and mark.isdigit()):
        return f'<li id="{note_id(n)}" class="fragment">', f"{escape(mark)} "
    return f'<li id="{note_id(n)}" value="{mark or n}">', ""


def _in_paragraphs(paragraphs: Sequence[tuple[bool, str]]) -> str:
    """The paragraphs of a note, those that follow each other as quotations in one element."""
    pieces = []
    for is_quotation, run in groupby(paragraphs, key=lambda paragraph: paragraph[0]):
        run_of_paragraphs = "".join(f"<p>{text}</p>" for _, text in run)
        pieces.append(f"<blockquote>{run_of_paragraphs}</blockquote>" if is_quotation else run_of_paragraphs)
    return "".join(pieces)


def _note_paragraphs(note: NoteBlock, page: _Page) -> list[tuple[bool, str]]:
    """Each paragraph of a note: whether it is a quotation, and its HTML."""
    page.in_section.clear()
    paragraphs = []
    for offset, is_quotation, source in paragraphs_of_note(note.text):
        links = [replace(link, start=link.start - offset, end=link.end - offset) for link in note.links]
        italics = shifted(note.italics, offset)
        paragraphs.append((is_quotation, _inline(source, page, links, italics)))
    return paragraphs


def paragraphs_of_note(text: str) -> Iterator[tuple[int, bool, str]]:
    """Each paragraph of a note: its offset in the note's plain text, whether it is a quotation, and its source."""
    offset = start = 0  # of the paragraph, in the plain text and in the source
    separators = [separator.span() for separator in BETWEEN_PARAGRAPHS.finditer(text)]
    for end, following in (*separators, (len(text), len(text))):
        piece = text[start:end]
        is_quotation = piece.startswith(QUOTATION_MARK)
        skipped = len(QUOTATION_MARK) if is_quotation else 0
        yield offset + skipped, is_quotation, piece[skipped:]
        offset += len(markup.plain(piece)) + following - end
        start = following


def shifted(italics: Iterable[ItalicSpan], offset: int) -> list[ItalicSpan]:
    """The italics of a text, counted from `offset` in its plain text: those of one of its paragraphs."""
    return [replace(each, start=each.start - offset, end=each.end - offset) for each in italics]


def _back_links(n: int, page: _Page) -> str:
    calls = page.calls[n]
    if calls == 1:
        url = escape(page.addresses.call(n, 1))
        return (
            f' <a class="backlink" role="doc-backlink" href="{url}"'
            f' aria-label="{page.labels.back.format(n=n)}">↩</a>'
        )
    return "".join(
        f' <a class="backlink" role="doc-backlink" href="{escape(page.addresses.call(n, call))}"'
        f' aria-label="{page.labels.back_to_call.format(call=_letters(call), n=n)}">↩{_letters(call)}</a>'
        for call in range(1, calls + 1)
    )


def _note_address(note: NoteBlock, page: _Page) -> str:
    """The link to a note's permanent address, with the note's place in the book."""
    url, name = escape(page.addresses.note_page(note.n or 0)), escape(note.mark or str(note.n))
    title = f' title="{escape(note.place)}"' if note.place else ""
    label = page.labels.note_address.format(n=name)
    return f' <a class="at" href="{url}" aria-label="{label}"{title}></a>'


def _letters(count: int) -> str:
    """The letters for 1, 2, … 26, 27, 28: a, b, … z, aa, ab."""
    letters = ""
    while count:
        count, letter = divmod(count - 1, 26)
        letters = chr(ord("a") + letter) + letters
    return letters


def _inline(
    text: str, page: _Page, links: Sequence[LinkSpan] = (), italics: Sequence[ItalicSpan] = ()
) -> str:
    """The inline HTML of a text. A span is linked where one text node holds it whole; each piece of it is marked."""
    linked: set[str] = set()
    known = {(italic.start, italic.end): italic for italic in italics}
    shown = typeset(markup.plain(text), page.language)
    pieces: list[str] = []
    for node in _breaks_after_words(markup.parse(text)):
        if isinstance(node, markup.Emphasis):
            children = _breaks_after_words(node.children)
            inner = (_leaf(leaf, page, shown, links, linked) for leaf in children)
            opening, closing = _italic(known.get(markup.span_of(node)))
            pieces += opening, *inner, closing
        else:
            pieces.append(_leaf(node, page, shown, links, linked))
    return shown.wrapped("".join(pieces))


def _italic(italic: ItalicSpan | None) -> tuple[str, str]:
    """The tags of emphasis: a title is `cite`, foreign words are `i`, with their language; all else is `em`."""
    if italic is None or italic.kind == Kind.EMPHASIS:
        return "<em>", "</em>"
    tag = "cite" if italic.kind == Kind.TITLE else "i"
    language = f' lang="{escape(italic.language)}"' if italic.language else ""
    return f"<{tag}{language}>", f"</{tag}>"


def _breaks_after_words(nodes: Sequence[_AnyNode]) -> list[_AnyNode]:
    """The nodes with each page break that stands within a word after this word, and after the calls that follow it.

    A page that turns inside a word would be heard, and copied, as two words. The text on both sides of the break is one
    node then. A word that emphasis cuts, too, keeps its break.
    """
    moved: list[_AnyNode] = []
    rest = list(nodes)
    while rest:
        node = rest.pop(0)
        before, after = (moved[-1] if moved else None), (rest[0] if rest else None)
        if (
            not isinstance(node, markup.PageBreak)
            or not isinstance(before, markup.Text)
            or not isinstance(after, markup.Text)
            or not WORD_END.search(before.plain)
            or not (word := WORD_REST.match(after.plain))
        ):
            moved.append(node)
            continue
        end = word.end()
        moved[-1] = replace(before, end=after.start, plain=before.plain + after.plain[:end])
        rest.pop(0)
        calls = []
        while end == len(after.plain) and rest and isinstance(rest[0], markup.NoteCall):
            calls.append(rest.pop(0))
        moved += calls
        moved.append(node)
        if end < len(after.plain):
            rest.insert(0, replace(after, offset=after.offset + end, plain=after.plain[end:]))
    return moved


def _leaf(leaf: markup.Leaf, page: _Page, shown: Typeset, links: Sequence[LinkSpan], linked: set[str]) -> str:
    if isinstance(leaf, markup.Text):
        return _linked(leaf, page, shown, links, linked)
    return _marker(leaf, page)


def _linked(
    text: markup.Text, page: _Page, shown: Typeset, links: Sequence[LinkSpan], linked: set[str]
) -> str:
    pieces: list[str] = []
    at, last = text.offset, text.offset + len(text.plain)
    for link in links:
        start, end = link.start, link.end
        if isinstance(link, DoubtSpan):
            start, end = max(start, at), min(end, last)
            if start < end:
                mark = f'<a class="doubt" href="{escape(link.url)}"><mark>{shown.html(start, end)}</mark></a>'
                pieces += shown.html(at, start), mark
                at = end
            continue
        if isinstance(link, MarkSpan):
            start, end = max(start, at), min(end, last)
        if not at <= start < end <= last:
            continue
        if isinstance(link, MarkSpan):
            opening, closing = "<mark>", "</mark>"
        elif isinstance(link, ReferenceSpan):
            title = f' title="{escape(link.title)}"' if link.title else ""
            opening, closing = f'<a class="ref" href="{escape(link.url)}"{title}>', "</a>"
        else:
            opening, closing = (
                _term(link, text.plain[start - text.offset : end - text.offset], page, linked),
                "</a>",
            )
        pieces += shown.html(at, start), opening, shown.html(start, end), closing
        at = end
    return "".join([*pieces, shown.html(at, last)])


def _term(span: TermSpan, form: str, page: _Page, linked: set[str]) -> str:
    """The opening tag of a term: a link at its first occurrence in a paragraph, else a place that can become one.

    Class `again` marks a term that the section, or the note, had before, `caps` an acronym, which the style sheet sets
    in small capitals. static/js/terms.js makes links of the terms that the reader wants.
    """
    entry = explained_entry(span.slug) if span.explained else entry_of(span.slug, span.sense)
    caps = bool(page.language and ACRONYM.fullmatch(form))
    if entry in linked:
        own = ' class="caps"' if caps else ""
        return f'<a{own} data-t="{escape(entry)}">'
    linked.add(entry)
    page.terms.add(span.slug)
    again = " again" if entry in page.in_section else ""
    page.in_section.add(entry)
    again += " caps" * caps
    return f'<a class="t{again}" href="{escape(page.addresses.term(entry))}">'


def _marker(marker: markup.Marker, page: _Page) -> str:
    if isinstance(marker, markup.PageBreak):
        return _break(marker.n, page)
    n = marker.n
    page.calls[n] += 1
    own_id = call_id(n, page.calls[n])
    if n in page.notes:
        url, mark = escape(page.addresses.note(n)), escape(page.marks.get(n, str(n)))
        label = page.labels.note.format(n=mark)
        return f'<a id="{own_id}" class="noteref" role="doc-noteref" href="{url}" aria-label="{label}">{mark}</a>'
    return (
        f'<span id="{own_id}" class="noteref missing" role="note" tabindex="0"'
        f' title="{page.labels.missing_note.format(n=n)}">{n}</span>'
    )


def _breaks(names: Iterable[str], page: _Page) -> list[str]:
    return [_break(name, page) for name in names]


def _break(name: str, page: _Page) -> str:
    break_id = f' id="{escape(page_anchor(name))}"' if name not in page.breaks else ""
    page.breaks.add(name)
    label, title = escape(name), page.labels.page
    if name in page.inferred:
        label, title = escape(inferred_page(name)), page.labels.inferred_page
    title = title.format(n=escape(name))
    return f'<span{break_id} class="pagebreak" role="doc-pagebreak" title="{title}" data-n="{label}"></span>'

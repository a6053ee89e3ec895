"""Sets an edition as the web page that the archive's sources were.

Title block, contents, a key in two columns, chapters. `page N` stands between the lines where a page of the book
begins, also inside a paragraph. The notes of a division stand under *Notes* in a table of two columns, number left,
body right. Quotations are narrower than the text.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from html import escape
from itertools import count

from tests.layouts import set_truth
from tests.typesetter import Block, Division, Edition, TruePage

Pages = Mapping[tuple[object, ...], Mapping[int, str]]

INDENT = "&nbsp;" * 4
STYLES = {
    # As the pages of 2001 were written: spaces before each paragraph, tables for the columns.
    "plain": """
        body { font: 12pt "Liberation Serif", "DejaVu Serif", serif; }
        h2, h3, h4, h5 { font-size: 12pt; }
        blockquote { font-size: 11pt; margin: 12pt 30pt; }
        td { vertical-align: top; }
        .key td:first-child { width: 9em; }
    """,
    # As a page of today is written.
    "styled": """
        body { font: 11pt "DejaVu Sans", sans-serif; }
        h1, h2 { text-align: center; }
        p { text-indent: 2em; margin: 0.4em 0; }
        p.title, p.page, p.resumes, td p { text-indent: 0; }
        p.page { text-align: center; }
        blockquote { font-size: 10pt; margin: 1em 3em; }
        blockquote p { text-indent: 0; }
        td { vertical-align: top; padding: 2pt 6pt; }
    """,
}


def web_page(edition: Edition, style: str = "plain") -> str:
    """The HTML of an edition in one of `STYLES`."""
    return "\n".join(_Page(edition, style).lines())


class _Page:
    def __init__(self, edition: Edition, style: str) -> None:
        self.edition, self.style = edition, style
        self.indent = INDENT if style == "plain" else ""
        self.truth = set_truth(edition)
        self.pages: dict[tuple[object, ...], dict[int, str]] = defaultdict(dict)
        self.blank: dict[int, str] = {}
        for page in self.truth.pages:
            if page.place == "blank":
                self.blank[page.division] = page.n
            else:
                self.pages[_place(page)][page.offset] = page.n

    def lines(self) -> Iterator[str]:
        """The lines of the page."""
        title = escape(self.edition.title)
        yield f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        yield f"<style>{STYLES[self.style]}</style><body>"
        yield f"<h1>{title}</h1>"
        for line in (
            "By the editors of this archive",
            "A short history of economic planning in Soviet Russia",
            "[Sections one to three, with the preface and the introduction, the key and all the notes that were kept]",
            "Free to copy on the terms of the license",
            "Transcribed by hand for the Bettelheim Archive",
        ):
            yield f'<p class="title">{line}</p>'
        yield "<h3>Contents</h3><table class=contents>"
        for true in self.truth.divisions:
            if true.kind in ("front", "part", "chapter"):
                label = {"part": f"Part {true.n}: ", "chapter": f"{true.n}. "}.get(true.kind, "")
                yield f"<tr><td>{label}{escape(true.head)}</td><td>{true.page}</td></tr>"
        yield "</table>"
        yield from self.key()
        for at, division in enumerate(self.edition.divisions):
            own_page = division.kind in ("front", "part", "chapter")
            if own_page and at:
                yield from self.notes(self.owner(at - 1))
            yield from self.division(at, division)
        yield from self.notes(self.owner(len(self.edition.divisions) - 1))
        yield "</body></html>"

    def owner(self, at: int) -> int:
        """The division whose notes a division calls."""
        return next(
            k for k in range(at, -1, -1) if self.edition.divisions[k].kind in ("front", "part", "chapter")
        )

    def marker(self, n: str, blank: bool = False) -> str:
        return f'<p class="page">page {n}{" [blank]" if blank else ""}</p>'

    def key(self) -> Iterator[str]:
        if not self.edition.key:
            return
        yield "<h3>Key to abbreviations and Russian words used in the text</h3><table class=key>"
        for n, row in enumerate(self.edition.key):
            text = f"See {row.see}" if row.see else row.definition
            pages = dict(self.pages.get(("key", -1, n, None), {}))
            # A row that begins a page has the marker above.
            if 0 in pages:
                yield f"<tr><td colspan=2>{self.marker(pages.pop(0))}</td></tr>"
            body = "".join(
                self.marker(page) if page else part for part, page in _cut(text, pages, italics=False)
            )
            yield f"<tr><td>{escape(row.headword)}</td><td>{body}</td></tr>"
        yield "</table>"

    def division(self, at: int, division: Division) -> Iterator[str]:
        if at in self.blank:
            yield self.marker(self.blank[at], blank=True)
        for page in self.pages.get(("head", at, 0, None), {}).values():
            yield self.marker(page)
        tag = {"front": "h2", "part": "h2", "chapter": "h2", "section": "h3"}.get(division.kind, "h4")
        label = {"chapter": "{n}. ", "section": "{n}.&nbsp; ", "subsection": "({n})&nbsp; "}.get(
            division.kind, ""
        )
        head = label.format(n=division.n) + _html(division.head)
        if division.kind == "part":
            yield f"<{tag}>Part {division.n}</{tag}>"
        yield f"<{tag}>{head}</{tag}>"
        for n, block in enumerate(division.blocks):
            yield from self.block(block, self.pages.get(("paragraph", at, n, None), {}))

    def block(self, block: Block, pages: Mapping[int, str]) -> Iterator[str]:
        if block.kind == "table":
            for page in pages.values():
                yield self.marker(page)
            yield f"<p>{_html(block.text)}</p><table>"
            for row in block.rows:
                yield "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            yield "</table>"
            return
        for n, (part, page) in enumerate(_cut(block.text, pages)):
            begins = n == 0 and block.kind == "prose"
            if page:
                yield self.marker(page)
            elif block.kind == "quotation":
                yield f"<blockquote><p>{part}</p></blockquote>"
            elif begins or (n == 1 and block.kind == "prose" and 0 in pages):
                yield f"<p>{self.indent}{part}</p>"
            else:
                yield f'<p class="resumes">{part}</p>'

    def notes(self, at: int) -> Iterator[str]:
        division = self.edition.divisions[at]
        kept = [note for note in division.notes if not note.missing]
        if not kept:
            return
        yield "<h4>Notes</h4><table class=notes>"
        page_of = {note.n: note.page for note in self.truth.divisions[at].notes}
        for note in kept:
            body = []
            for n, paragraph in enumerate(note.paragraphs):
                last = n + 1 == len(note.paragraphs)
                end = f"{INDENT}[p. {page_of[note.n]}]" if last else ""
                pages = dict(self.pages.get(("note", at, n, note.n), {}))
                if n == 0 and 0 in pages:
                    yield f"<tr><td colspan=2>{self.marker(pages.pop(0))}</td></tr>"
                parts = list(_cut(paragraph.text, pages))
                for k, (part, page) in zip(count(), parts):
                    tail = end if k + 1 == len(parts) else ""
                    if page:
                        body.append(self.marker(page))
                    elif paragraph.kind == "quotation":
                        body.append(f"<blockquote>{part}{tail}</blockquote>")
                    elif n == 0 or k:
                        body.append(f"<div>{part}{tail}</div>")
                    else:
                        body.append(f"<div>{INDENT}{part}{tail}</div>")
            yield f"<tr><td>{note.n}.</td><td>{''.join(body)}</td></tr>"
        yield "</table>"


def _place(page: TruePage) -> tuple[object, ...]:
    return page.place, page.division, page.paragraph, page.note


def _html(text: str) -> str:
    return "".join(part for part, _ in _cut(text, {}))


def _cut(text: str, pages: Mapping[int, str], italics: bool = True) -> Iterator[tuple[str, str]]:
    """The HTML of marked-up text, cut where a page begins: pairs of a part and the number of a page, one of them empty.

    The keys of `pages` are offsets in the text without the marks of italics, as the truth counts.
    """
    part, offset, slanted = "", 0, False
    for letter in " ".join(text.replace("[^", "\ue000").split()):
        if letter == "*" and italics:
            slanted = not slanted
            part += "<i>" if slanted else "</i>"
            continue
        if offset in pages:
            if part.strip():
                yield part + ("</i>" if slanted else ""), ""
            yield "", pages[offset]
            part = "<i>" if slanted else ""
        part += "[" if letter == "\ue000" else escape(letter, quote=False)
        offset += 2 if letter == "\ue000" else 1
    yield part, ""

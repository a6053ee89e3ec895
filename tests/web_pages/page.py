"""Sets a generated edition as the web page of a hand: HTML in one or two files, with the truth about it."""

# ruff: noqa: E501  # pieces of markup are easier to read whole

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from tests.typesetter import OWN_PAGE, Block, Edition, TruePage, Truth
from tests.web_pages import notes as notes_of
from tests.web_pages.books import edition_with_italics, truth_of
from tests.web_pages.frames import around
from tests.web_pages.hands import INDENTED, Hand, hand_of, mixed_hand

SPACES = "&nbsp;" * 4
STYLE = """p.fst { text-indent: 0 } .quoteb { margin-left: 4em; margin-right: 4em } span.it { font-style: italic }
.title2 { font-weight: bold; text-align: center } .title3 { font-weight: bold } .center { text-align: center }
.pagenum { position: absolute; left: 92% } p.page { text-align: center }"""
_BLOCK_MARKERS = ("p", "centre", "dashes")
_NUMBERS = ("", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
_TOKEN = re.compile(r"\[\^(\d+)\]|\*")


@dataclass(frozen=True)
class WebPage:
    """The files of a page by their names, the first of which is the page itself, and what should be read."""

    hand: Hand
    edition: Edition
    truth: Truth
    files: Mapping[str, str]


def web_page_of(seed: int, *, mixed: bool = False) -> WebPage:
    """The page of a seed, by a hand of one family or of all."""
    hand = mixed_hand(seed) if mixed else hand_of(seed)
    edition = edition_with_italics(seed)
    truth = truth_of(edition, notes_stand_apart=hand.where != "chapter")
    setter = _Setter(edition, hand, truth, random.Random(seed))
    return WebPage(hand, edition, truth, setter.files())


class _Setter:
    def __init__(self, edition: Edition, hand: Hand, truth: Truth, chance: random.Random) -> None:
        self.edition, self.hand, self.truth = edition, hand, truth
        self.first_level = chance.choice((1, 2, 3)) if hand.frame == "none" else chance.choice((2, 3))
        self.page_way = hand.page
        if hand.page in _BLOCK_MARKERS and hand.paragraph not in INDENTED:
            self.page_way = "inline"
        self.two_headings = chance.random() < 0.5  # label and title of a part, or a chapter, stand apart
        self.pages: dict[tuple[object, ...], dict[int, str]] = defaultdict(dict)
        for page in truth.pages:
            if page.place != "blank":
                self.pages[_place(page)][page.offset] = page.n
        self.keys: dict[tuple[int, int], str] = {}
        self.called: list[tuple[int, int]] = []  # divisions and numbers of notes, whose foot has not come yet

    def files(self) -> dict[str, str]:
        title = escape(self.edition.title)
        before, after = around(self.hand, self.edition.title)
        body = [before, self.contents(), self.key()]
        apart: list[str] = []
        for at, division in enumerate(self.edition.divisions):
            if division.kind in OWN_PAGE and at:
                self.put_notes(self.owner(at - 1), body, apart)
            body += self.division(at)
        self.put_notes(self.owner(len(self.edition.divisions) - 1), body, apart)
        if self.hand.where == "book":
            body += [notes_of.heading(self.hand), *apart]
        body.append(after)
        css = STYLE + ("p { text-indent: 2em }" if self.hand.paragraph == "style" else "")
        head = f"<head><title>{title}</title><style>{css}</style></head>"
        files = {"book.htm": f"<html>{head}<body>\n{''.join(body)}\n</body></html>"}
        if self.hand.where == "file":
            files[notes_of.FILE_OF_NOTES] = f"<html>{head}<body><h2>Notes</h2>{''.join(apart)}</body></html>"
        return {name: _retagged(text, self.hand.tags) for name, text in files.items()}

    def owner(self, at: int) -> int:
        """The division whose notes a division calls."""
        return next(k for k in range(at, -1, -1) if self.edition.divisions[k].kind in OWN_PAGE)

    def name_of(self, at: int, n: int) -> str:
        """The name of a note's anchor, numbered through as word processors do, or by chapter and number."""
        key = (self.owner(at), n)
        if self.hand.call == "mso":
            return self.keys.setdefault(key, str(len(self.keys) + 1))
        return self.keys.setdefault(key, f"{key[0] + 1}-{n}")

    # Text

    def parts(self, text: str, pages: Mapping[int, str], at: int) -> Iterator[tuple[str, str]]:
        """The HTML of a text: pairs of a part and of the number of a page that stands between parts, one empty."""
        out, offset, slanted, k = "", 0, False, 0
        text = " ".join(text.split())
        waiting = dict(pages)
        opening, closing = self.italics()
        while k < len(text):
            token = _TOKEN.match(text, k)
            if token and token[0] == "*":
                slanted = not slanted
                out += opening if slanted else closing
                k += 1
                continue
            if offset in waiting:
                page = waiting.pop(offset)
                if self.page_way in _BLOCK_MARKERS:
                    if out.strip():
                        yield out.rstrip() + (closing if slanted else ""), ""
                    yield "", page
                    out = opening if slanted else ""
                else:
                    out += self.marker(page)
            if token:
                out += notes_of.call(self.hand, token[1], self.name_of(at, int(token[1])))
                self.called.append((self.owner(at), int(token[1])))
                k, offset = token.end(), offset + len(token[0])
                continue
            out += escape(text[k], quote=False)
            k, offset = k + 1, offset + 1
        yield out, ""

    def italics(self) -> tuple[str, str]:
        return {
            "i": ("<i>", "</i>"),
            "em": ("<em>", "</em>"),
            "cite": ("<cite>", "</cite>"),
            "span": ('<span class="it">', "</span>"),
            "mso": ("<i style='mso-bidi-font-style:normal'>", "</i>"),
        }[self.hand.italics]

    def marker(self, n: str) -> str:
        return {
            "p": f'<p class="page">page {n}</p>',
            "centre": f"<center>page {n}</center>",
            "dashes": f'<p align="center">- {n} -</p>',
            "inline": f'<span class="pagenum"><a name="Page_{n}" id="Page_{n}">[Pg {n}]</a></span>',
            "brackets": f'<a name="p{n}"></a>[p. {n}] ',
            "attribute": f'<span><span class="pagenum ws-pagenum" id="{n}" data-page-number="{n}" title="Page:B.djvu/9{n}">'
            "&#8203;</span></span>",
            "title": f'<span epub:type="pagebreak" role="doc-pagebreak" id="pg{n}" title="{n}"></span>',
        }[self.page_way]

    def open_marker(self, n: str) -> str:
        """A marker between blocks."""
        return self.marker(n) if self.page_way in _BLOCK_MARKERS else f"<div>{self.marker(n)}</div>"

    def paragraph(self, html: str, *, begins: bool) -> str:
        indent = {"spaces": SPACES, "em": "&emsp;"}.get(self.hand.paragraph, "") if begins else ""
        match self.hand.paragraph:
            case "div":
                return f'<div class="par">{html}</div>'
            case "breaks":
                return f"{html}<br><br>"
            case "breaks and spaces":
                return f"{SPACES if begins else ''}{html}<br>"
            case "style":
                return f"<p>{html}</p>" if begins else f'<p class="fst">{html}</p>'
            case "mso":
                style = "text-indent:36.0pt;mso-pagination:none" if begins else "mso-pagination:none"
                return f"<p class=MsoNormal style='{style}'><span lang=EN-GB>{html}<o:p></o:p></span></p>"
        return f"<p>{indent}{html}</p>"

    def quotation(self, html: str) -> str:
        return {
            "blockquote": f"<blockquote>{html}</blockquote>",
            "blockquote p": f"<blockquote><p>{html}</p></blockquote>",
            "margin": f'<p style="margin-left: 3em; text-indent: 0">{html}</p>',
            "class": f'<p class="quoteb">{html}</p>',
            "mso": f"<p class=MsoNormal style='margin-left:36.0pt;margin-right:36.0pt'><span lang=EN-GB>{html}</span></p>",
            "list": f"<ul>{html}</ul>",
        }[self.hand.quotation]

    # Divisions

    def division(self, at: int) -> Iterator[str]:
        division = self.edition.divisions[at]
        level = {"section": 1, "subsection": 2}.get(division.kind, 0)
        for page in self.pages.get(("head", at, 0, None), {}).values():
            yield from self.foot()
            yield self.open_marker(page)
        for text in self.head(at):
            yield self.heading(text, level)
        for n, block in enumerate(division.blocks):
            yield from self.block(block, self.pages.get(("paragraph", at, n, None), {}), at)

    def head(self, at: int) -> list[str]:
        """The heading of a division, in one or two blocks."""
        division = self.edition.divisions[at]
        title = "".join(part for part, _ in self.parts(division.head, {}, at))
        n = division.n
        if division.kind == "section":
            return [f"{n}.&nbsp; {title}" if self.two_headings else f"{n}. {title}"]
        if division.kind == "subsection":
            return [f"({n}) {title}"]
        if division.kind not in ("chapter", "part"):
            return [title]
        word = division.kind.capitalize()
        if self.hand.label == "word below" or (division.kind == "part" and self.two_headings):
            label = f"{word.upper()} {_NUMBERS[int(n)].upper()}"
            return [label, title] if self.two_headings else [f"{label}<br>{title}"]
        if self.hand.label == "dot" and division.kind == "chapter":
            return [f"{n}. {title}"]
        return [f"{word} {n}: {title}" if self.hand.label == "colon" else f"{word} {n}. {title}"]

    def heading(self, html: str, level: int) -> str:
        match self.hand.heading:
            case "bold":
                return f"<p><b>{html}</b></p>"
            case "centred":
                return (
                    f"<center><b>{html}</b></center>" if level < 2 else f'<p align="center"><b>{html}</b></p>'
                )
            case "font":
                return f'<p><font size="+{3 - level}"><b>{html}</b></font></p>'
            case "class":
                return f'<p class="title{min(level + 2, 3)}">{html}</p>'
            case "mso":
                size = 16 - 2 * level
                return (
                    "<p class=MsoNormal align=center style='text-align:center'><b style='mso-bidi-font-weight:normal'>"
                    f"<span lang=EN-GB style='font-size:{size}.0pt'>{html}<o:p></o:p></span></b></p>"
                )
        tag = f"h{self.first_level + level}"
        return f'<{tag} id="s{abs(hash(html)) % 10}">{html}</{tag}>' if level else f"<{tag}>{html}</{tag}>"

    def block(self, block: Block, pages: Mapping[int, str], at: int) -> Iterator[str]:
        if block.kind == "table":
            for page in pages.values():
                yield from self.foot()
                yield self.open_marker(page)
            caption = escape(block.text)
            rows = "".join(
                "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in block.rows
            )
            yield f'<table border="1"><caption>{caption}</caption>{rows}</table>'
            return
        begins = block.kind == "prose"
        for part, page in self.parts(block.text, pages, at):
            if page:
                yield from self.foot()
                yield self.marker(page)
            elif block.kind == "quotation":
                yield self.quotation(part)
            else:
                yield self.paragraph(part, begins=begins)
                begins = False
                continue
            begins = begins and 0 in pages

    # Front

    def contents(self) -> str:
        entries = [
            (f"{true.n}. {escape(true.head)}" if true.kind == "chapter" else escape(true.head), true.page, k)
            for k, true in enumerate(self.truth.divisions)
            if true.kind in ("front", "chapter")
        ]
        heading = (
            "<h4>Contents</h4>" if self.hand.heading == "tags" else "<p align=center><b>Contents</b></p>"
        )
        match self.hand.contents:
            case "table":
                rows = "".join(
                    f"<tr><td>{head}</td><td align=right>{page}</td></tr>" for head, page, _ in entries
                )
                return f"{heading}<table>{rows}</table>"
            case "list":
                rows = "".join(f'<li><a href="#d{k}">{head}</a></li>' for head, _, k in entries)
                return f"{heading}<ul>{rows}</ul>"
            case "dots":
                rows = "".join(f"<p>{head} ..... {page}</p>" for head, page, _ in entries)
                return f"{heading}{rows}"
        return ""

    def key(self) -> str:
        rows = []
        for n, row in enumerate(self.edition.key):
            text = f"See {row.see}" if row.see else row.definition
            pages = dict(self.pages.get(("key", -1, n, None), {}))
            before = "".join(self.open_marker(pages.pop(k)) for k in list(pages) if k == 0)
            body = "".join(self.marker(page) if page else part for part, page in self.parts(text, pages, -1))
            rows.append((before, escape(row.headword), body))
        title = "Key to abbreviations and Russian words used in the text"
        heading = (
            f"<h4>{title}</h4>" if self.hand.heading == "tags" else f"<p align=center><b>{title}</b></p>"
        )
        return heading + _key(self.hand.key, rows)

    # Notes

    def foot(self) -> Iterator[str]:
        """The notes that were called since the last page began."""
        called = self.called if self.hand.where == "foot" else []
        notes = [
            (at, note)
            for at, n in called
            for note in self.edition.divisions[at].notes
            if note.n == n and not note.missing
        ]
        self.called = []
        if notes:
            yield "<hr width=30% align=left>"
        for at, note in notes:
            parts = ["".join(part for part, _ in self.parts(each.text, {}, at)) for each in note.paragraphs]
            yield notes_of.note(self.hand, note.n, self.name_of(at, note.n), parts)

    def put_notes(self, at: int, body: list[str], apart: list[str]) -> None:
        """Set the notes of a division behind it, or with the notes of the others."""
        if self.hand.where == "foot":
            body += self.foot()
            return
        notes = [note for note in self.edition.divisions[at].notes if not note.missing]
        if not notes:
            return
        is_behind = self.hand.where == "chapter"
        out = body if is_behind else apart
        opening, closing = notes_of.begin_and_end(self.hand)
        if is_behind:
            out.append(notes_of.heading(self.hand))
        elif self.hand.notes in ("p", "dl", "table", "breaks"):
            head = re.sub("<[^>]*>", " ", " ".join(self.head(at)))
            out.append(f"<h3>{head}</h3>" if self.hand.heading == "tags" else f"<p><b>{head}</b></p>")
        out.append(opening)
        for note in notes:
            parts: list[str] = []
            for n, paragraph in enumerate(note.paragraphs):
                pages = dict(self.pages.get(("note", at, n, note.n), {})) if is_behind else {}
                if n == 0 and 0 in pages and self.page_way in _BLOCK_MARKERS:
                    page = self.open_marker(pages.pop(0))
                    out.append(f"<tr><td colspan=2>{page}</td></tr>" if self.hand.notes == "table" else page)
                pieces = [
                    self.marker(page) if page else part
                    for part, page in self.parts(paragraph.text, pages, at)
                ]
                parts.append("".join(pieces))
            if self.hand.family == "transcriber":
                page = next(each.page for each in self.truth.divisions[at].notes if each.n == note.n)
                parts[-1] += f"{SPACES}[p. {page}]"
            out.append(notes_of.note(self.hand, note.n, self.name_of(at, note.n), parts))
        out.append(closing)


def _key(way: str, rows: list[tuple[str, str, str]]) -> str:
    """The rows of the key: what stands before each, headword, definition."""
    match way:
        case "table":
            out = [
                (f"<tr><td colspan=2>{before}</td></tr>" if before else "")
                + f"<tr><td>{head}</td><td>{body}</td></tr>"
                for before, head, body in rows
            ]
            return f'<table class="key">{"".join(out)}</table>'
        case "mso":
            out = [
                (f"<tr><td colspan=2>{before}</td></tr>" if before else "")
                + f"<tr><td width=100 valign=top><p class=MsoNormal>{head}<o:p></o:p></p></td><td><p class=MsoNormal>{body}"
                "</p></td></tr>"
                for before, head, body in rows
            ]
            return f"<table class=MsoTableGrid border=1>{''.join(out)}</table>"
        case "dl":
            out = [
                f"{'<dd>' + before + '</dd>' if before else ''}<dt>{head}</dt><dd>{body}</dd>"
                for before, head, body in rows
            ]
            return f"<dl>{''.join(out)}</dl>"
        case "list":
            out = [f"<li>{before}<b>{head}</b> – {body}</li>" for before, head, body in rows]
            return f"<ul>{''.join(out)}</ul>"
    sign = ": " if way == "colon" else " – "
    return "".join(f"{before}<p><b>{head}</b>{sign}{body}</p>" for before, head, body in rows)


def _place(page: TruePage) -> tuple[object, ...]:
    return page.place, page.division, page.paragraph, page.note


def _retagged(html: str, way: str) -> str:
    """The page with its tags as the hand writes them."""
    match way:
        case "capitals":
            return re.sub(r"<(/?)([a-z][a-z0-9]*)", lambda m: f"<{m[1]}{m[2].upper()}", html)
        case "unclosed":
            return re.sub(r"</(?:td|tr|li|dt|dd)>|</p>(?=\s*</?(?!i>|b>|a |sup|span|font)[a-z])", "\n", html)
        case "wrapped":
            return re.sub(r"([^<>\n]{60,72}) (?=[^<>]*<)", r"\1" + "\n", html)
    return f"<!DOCTYPE html>\n{html}"

"""The elements of a web page as a flat row of blocks of text, in their order, with what the markup says of each.

White space counts as browsers count it. Nothing is left out in silence: text that a browser does not show is counted by
the element that holds it. The walk needs no recursion, however deep the elements are nested.
"""

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from lxml import etree, html

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.sources.html_balance import RAW, characters_of
from corpus_import.parsing.sources.html_names import (
    UNSEEN,
    division_of,
    is_call,
    is_fragment,
    is_of_edition,
    is_of_site,
    is_verse,
    names_of,
    page_of,
)
from corpus_import.parsing.sources.html_style import Rules, look_of, read_rules
from corpus_import.parsing.sources.html_text import UNSHOWN

_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir", "div",
     "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
     "hgroup", "hr", "html", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot",
     "th", "thead", "tr", "ul"}
)  # fmt: skip
_ITALIC = frozenset({"i", "em", "cite", "dfn", "var"})
_BOLD = frozenset({"b", "strong"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
NO_BREAK = "\xa0"
# What is written for the beginning of a page that only the attributes of an element show.
UNSEEN_MARK = re.compile(r"\[p\. [^\]]+\]")
# An indent that is typed: so many no-break spaces, or an em, at the beginning of a paragraph.
_TYPED_INDENT, _EMS = 2, "\u2001\u2003\u3000"
# Characters that the second parser may count otherwise (a stray `<` in the text), and their share.
_MOST_OFF, _SHARE_OFF = 20, 1 / 1000
# XHTML, in which `<a id="p12"/>` is an element without text; a parser of HTML leaves it open.
_XML = re.compile(r"^\s*<\?xml|<html[^>]{0,400}xmlns\s*=", re.IGNORECASE)
_HEAD = 2_000
_EMPTY = re.compile(
    r"<((?!(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)\b)([a-zA-Z][\w:-]*)\b[^<>]*?)\s*/>",
    re.IGNORECASE,
)
# No book has more characters.
MOST_TEXT = 8_000_000
_WHITES = " \t\r\n\f"
_WHITE = re.compile(f"[{_WHITES}]+")
# Elements that hold blocks which belong together.
_PLACES = frozenset({"td", "th", "li", "dd", "dt", "div", "aside", "section", "blockquote", "body"})
# Those that can hold one note whole.
_HOLDERS = frozenset({"li", "dd", "div", "aside"})


@dataclass(frozen=True, slots=True)
class Cell:
    """The place of a cell: the number of its table, its row and its column, from 0, and the columns that it spans."""

    table: int
    row: int
    column: int
    span: int = 1


@dataclass(slots=True)
class Flow:
    """A block of text. Lines that the markup breaks are parted by line ends; all runs are (start, end) in `text`.

    `place` names the innermost element that holds blocks (a cell, an item of a list), to tell which blocks stand in
    one; `heading` is 1 to 6, or 0. `marks` are runs in elements whose class or name speaks of a page.
    """

    text: str = ""
    indented: bool = False
    heading: int = 0
    division: str = ""  # of a heading: `part` or `chapter`, if the names of its elements say so
    quoted: bool = False
    centred: bool = False
    caption: bool = False
    place: int = 0
    places: tuple[int, ...] = ()  # the items, asides and divisions that are open, from the outermost
    cell: Cell | None = None
    style: str = ""  # the classes of the element
    bold: list[tuple[int, int]] = field(default_factory=list)
    italics: list[tuple[int, int]] = field(default_factory=list)
    raised: list[tuple[int, int]] = field(default_factory=list)
    links: list[tuple[int, int, str]] = field(default_factory=list)
    anchors: list[tuple[int, str]] = field(default_factory=list)
    marks: list[tuple[int, int]] = field(default_factory=list)
    of_site: bool = False  # a menu or the like, which belongs to the site
    verse: bool = False  # by its class
    item: int = 0  # the number of the item of a numbered list that begins here; -1 if it has none
    after_rule: bool = False  # a line is drawn above

    @property
    def is_bold(self) -> bool:
        """Whether all of the text is bold."""
        return sum(end - start for start, end in self.bold) >= len(self.text.strip()) > 0


@dataclass(frozen=True, slots=True)
class _State:
    """What the open elements say of the text inside."""

    opens_table: bool = False
    italic: bool = False
    bold: bool = False
    raised: bool = False
    centred: bool = False
    quoted: bool = False
    indent: bool = False
    kept_space: bool = False  # pre
    heading: int = 0
    division: str = ""
    caption: bool = False
    hidden: str = ""  # the element that hides it
    href: str = ""
    link: int = 0
    mark: bool = False
    of_site: bool = False
    verse: bool = False
    place: int = 0
    places: tuple[int, ...] = ()
    cell: Cell | None = None
    style: str = ""


def read_flow(markup: str, name: str, sheets: str = "") -> tuple[list[Flow], Counter[str]]:
    """The blocks of a page, and the characters that are not shown, by their elements.

    `sheets` are style sheets that stand in files of their own. Raises ImportFault if the parser dropped text, as
    it does where elements are nested too deep.
    """
    if _XML.search(markup[:_HEAD]):
        markup = _EMPTY.sub(r"<\1></\2>", markup)
    there = characters_of(markup)
    if there > MOST_TEXT:
        raise ImportFault(
            name,
            None,
            "the web page has %(count)s characters of text; %(most)s are the most: part it into files.",
            count=there,
            most=MOST_TEXT,
        )
    parser = html.HTMLParser(huge_tree=True, no_network=True, remove_pis=True, encoding="utf-8")
    try:
        root = html.document_fromstring(markup.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        raise ImportFault(name, 1, "the web page has no elements; save the page again.") from None
    walk = _Walk(read_rules(" ".join([sheets, *(str(sheet.text or "") for sheet in root.iter("style"))])))
    walk.read(root)
    kept = walk.shown + sum(count for what, count in walk.left_out.items() if what not in RAW)
    if there - kept > _MOST_OFF + there * _SHARE_OFF:
        raise ImportFault(
            name,
            None,
            "%(count)s characters of the web page could not be reached: its elements are nested "
            "too deep; save the page again, or save its text.",
            count=there - kept,
        )
    return walk.flows, walk.left_out


class _Walk:
    """Walks over the elements once and writes the blocks."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.flows: list[Flow] = []
        self.left_out: Counter[str] = Counter()
        self.shown = 0
        self._states = [_State()]
        self._above: list[tuple[str, frozenset[str]]] = []
        self._parts: list[str] = []
        self._size = 0
        self._space = False  # white space waits for the next word
        self._flow = Flow()
        self._places = self._tables = self._links = 0
        self._rows: list[list[int]] = []  # of the open tables: number, row, column
        self._ruled = False  # a line is drawn before the next block
        self._item = 0  # the number of the item of a list that the next block begins
        self._lists: list[
            int
        ] = []  # of the open lists: the number of the last item; -1 where items have none
        self._typed = False  # the next line begins with an indent that is typed

    def read(self, root: html.HtmlElement) -> None:
        for event, element in etree.iterwalk(root, events=("start", "end", "comment")):
            if event == "comment":
                self._add(element.tail)
            elif event == "start":
                self._open(element)
                self._add(element.text)
            else:
                self._close(element)
                self._add(element.tail)
        self._flush()

    def _open(self, element: html.HtmlElement) -> None:
        tag = element.tag
        attributes = {str(key): str(value) for key, value in element.attrib.items()}
        before = self._states[-1]
        look = look_of(tag, attributes, self.rules, self._above)
        # Lines of verse can be elements of their own.
        is_line = before.verse and tag in ("div", "li") and not is_verse(attributes)
        is_block = tag in _BLOCKS and not is_line
        of_site = is_of_site(tag, attributes)
        if is_block or (of_site and not before.of_site):
            self._flush()
        elif is_line:
            self._break()
        mark, number = page_of(element, attributes)
        state = replace(
            before,
            opens_table=False,
            # The style of headings is no emphasis.
            italic=tag in _ITALIC
            or (before.italic if look.italic is None or tag in _HEADINGS else look.italic),
            bold=tag in _BOLD or (before.bold if look.bold is None else look.bold),
            raised=tag == "sup" or before.raised or bool(look.raised and not is_block) or is_call(attributes),
            centred=tag == "center" or (before.centred if look.centred is None else look.centred),
            quoted=tag == "blockquote"
            or before.quoted
            or bool(is_block and look.inset and tag in ("p", "div"))
            # Lists without items, which pages of old use for the margin.
            or (tag in ("ul", "ol", "dir", "menu") and element.find("li") is None)
            or (tag == "dl" and element.find("dt") is None),
            indent=before.indent if look.indent is None else look.indent,
            kept_space=tag == "pre" or before.kept_space,
            heading=_HEADINGS.get(tag, before.heading),
            division=division_of(element) if tag in _HEADINGS else before.division,
            caption=tag in ("caption", "figcaption") or before.caption,
            hidden=before.hidden
            or (tag if tag in UNSHOWN else "hidden element" if look.hidden and not mark else "")
            or ("words of the edition" if is_of_edition(attributes) else ""),
            mark=before.mark or mark,
            of_site=before.of_site or of_site,
            verse=before.verse or is_verse(attributes),
            style=attributes.get("class", "") if is_block else before.style,
        )
        if tag in _PLACES:
            self._places += 1
            state = replace(state, place=self._places)
            if tag in _HOLDERS:
                state = replace(state, places=(*state.places, self._places))
        if tag == "table" or (tag == "dl" and element.find("dt") is not None):
            self._tables += 1
            self._rows.append([self._tables, -1, -1])
            state = replace(state, cell=None, opens_table=True)
        elif tag in ("tr", "dt") and self._rows:
            self._rows[-1][1] += 1
            self._rows[-1][2] = -1
        if tag in ("td", "th", "dt", "dd") and self._rows:
            span = int(s) if (s := attributes.get("colspan", "")).isdigit() and len(s) < 4 else 1
            table, row, column = self._rows[-1]
            state = replace(state, cell=Cell(table, max(row, 0), column + 1, span))
            self._rows[-1][2] = column + max(span, 1)
        if tag == "a" and attributes.get("href"):
            self._links += 1
            state = replace(state, href=attributes["href"], link=self._links)
        self._states.append(state)
        self._above.append((tag, frozenset(attributes.get("class", "").split())))
        self._flow.anchors += [(self._size, name) for name in names_of(attributes, tag)]
        if number and not before.mark:
            self._add_words(f"[p. {number}]", state)
        if tag in ("ol", "ul"):
            start = attributes.get("start", "1")
            self._lists.append(int(start) - 1 if tag == "ol" and start.isdigit() and len(start) < 5 else -1)
        elif tag == "li" and self._lists and self._lists[-1] >= 0:
            value = attributes.get("value", "")
            if is_fragment(attributes):
                self._item = -1
            else:
                self._lists[-1] = int(value) if value.isdigit() and len(value) < 5 else self._lists[-1] + 1
                self._item = self._lists[-1]
        if tag == "hr":
            self._ruled = True
        if tag == "br" and not state.hidden:
            self._break()

    def _close(self, element: html.HtmlElement) -> None:
        state = self._states.pop()
        if (
            element.tag in _BLOCKS
            and not (state.verse and self._states[-1].verse and element.tag in ("div", "li"))
        ) or (state.of_site and not self._states[-1].of_site):
            self._flush()
        if element.tag in ("ol", "ul") and self._lists:
            self._lists.pop()
        if state.opens_table:
            self._rows.pop()
        self._above.pop()

    def _break(self) -> None:
        self._space = False
        if self._size and self._parts[-1] == "\n":
            self._flush()  # an empty line
        elif self._size:
            self._write("\n")

    def _add(self, text: str | None) -> None:
        if not text:
            return
        state = self._states[-1]
        count = sum(not character.isspace() for character in text)
        if state.hidden:
            self.left_out[state.hidden] += count
            return
        self.shown += count
        if state.mark:
            text = text.translate(dict.fromkeys(map(ord, UNSEEN)))
        if state.kept_space:
            for k, line in enumerate(text.splitlines()):
                if k:
                    self._break()
                self._add_words(line, state)
            return
        self._add_words(text, state)

    def _add_words(self, text: str, state: _State) -> None:
        if not text:
            return
        words = " ".join(filter(None, _WHITE.split(text)))
        if text[0] in _WHITES:
            self._space = True
        if not words:
            return
        if not self._size or self._parts[-1] == "\n":
            bare = words.lstrip(f" {NO_BREAK}{_EMS}")
            typed = words[: len(words) - len(bare)]
            if typed.count(NO_BREAK) >= _TYPED_INDENT or any(em in typed for em in _EMS):
                self._typed = True
            words, self._space = bare, False
            if not words:
                return
            if self._typed and self._size:
                self._flush()
                self._typed = True
        elif self._space:
            self._write(" ")
        if not self._size:
            self._begin(state)
        start = self._size
        self._write(words)
        self._space = text[-1] in _WHITES
        for is_so, runs in (
            (state.italic, self._flow.italics),
            (state.bold, self._flow.bold),
            (state.raised, self._flow.raised),
            (state.mark, self._flow.marks),
        ):
            if is_so:
                _extend(runs, start, self._size)
        if state.href:
            links = self._flow.links
            if links and self._linked == state.link:
                links[-1] = (links[-1][0], self._size, state.href)
            else:
                links.append((start, self._size, state.href))
            self._linked = state.link

    _linked = 0

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._size += len(text)

    def _begin(self, state: _State) -> None:
        flow = self._flow
        flow.indented = self._typed or state.indent
        flow.heading, flow.quoted, flow.centred = state.heading, state.quoted, state.centred
        flow.division = state.division
        flow.caption, flow.place, flow.cell, flow.style = state.caption, state.place, state.cell, state.style
        flow.places = state.places
        flow.of_site, flow.verse = state.of_site, state.verse
        flow.after_rule, self._ruled = self._ruled, False
        flow.item, self._item = self._item, 0
        self._typed = False

    def _flush(self) -> None:
        """End the block. Anchors without text wait for the next one."""
        flow = self._flow
        text = "".join(self._parts).rstrip(f" \n{NO_BREAK}")
        self._parts, self._size, self._space, self._typed, self._linked = [], 0, False, False, 0
        if not text:
            flow.anchors[:] = [(0, anchor) for _, anchor in flow.anchors]
            self._flow = Flow(anchors=flow.anchors)
            return
        flow.text = text
        self.flows.append(flow)
        self._flow = Flow()


def _extend(runs: list[tuple[int, int]], start: int, end: int) -> None:
    if runs and runs[-1][1] >= start - 1:
        runs[-1] = (runs[-1][0], end)
    else:
        runs.append((start, end))

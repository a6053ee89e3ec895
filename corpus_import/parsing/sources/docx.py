"""Front: a Word document (DOCX), a ZIP of XML. Its paragraphs are written as a web page, which that front reads.

Styles and outline levels become headings, margins quotations, runs italics and bold; footnotes and endnotes are called
by links. Word counts the numbers of notes while it shows them, so they are counted here; numbers that it counts before
headings and items stand nowhere in the file, and are not read. Deleted text and commands of fields are left out, and
counted.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from html import escape

from lxml import etree

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.manifest import Manifest
from corpus_import.parsing.sources.html_flow import read_flow
from corpus_import.parsing.sources.shown import Shown
from corpus_import.parsing.sources.web_page import shown_of
from corpus_import.parsing.sources.zip_members import Members

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DOCUMENT = "word/document.xml"
_NOTES = {
    "footnoteReference": ("word/footnotes.xml", "footnote"),
    "endnoteReference": ("word/endnotes.xml", "endnote"),
}
# A left margin of a quotation, in twentieths of a point; names of styles that are one.
_INSET, _QUOTES = 280, ("quote", "intense quote", "block text", "block quotation")
# Styles of a list of terms, as converters write it.
_TERM, _MEANING = ("definition term", "definition list term"), ("definition", "definition list definition")
_SPLIT = re.compile(r"</dl>\s*<dl>")
_HEADING = "heading "
# Styles lead to others; more steps are a circle.
_MOST_STEPS = 20


def is_docx(content: bytes) -> bool:
    """Whether bytes are a ZIP with a document of Word."""
    return content.startswith(b"PK\x03\x04") and _DOCUMENT.encode() in content


def read_docx(content: bytes, name: str, manifest: Manifest) -> Shown:
    """The text of the document with what it shows. Raises ImportFault if it cannot be read."""
    members = Members(content, name, "Word document")
    root = members.tree(_DOCUMENT, strict=True)
    body = root.find(f"{_W}body")
    if body is None:
        raise ImportFault(name, None, "the Word document has no text in it; save it again.")
    styles = _read_styles(members.tree("word/styles.xml")) if "word/styles.xml" in members else {}
    writer = _Writer(styles)
    markup = "".join(writer.blocks(body))
    writer.left_out["text in odd places"] += max(_characters(body) - writer.written, 0)
    markup = _SPLIT.sub("", markup + "".join(_notes(writer, members)))
    flows, left_out = read_flow(f"<html><body>{markup}</body></html>", name)
    return shown_of("Word document", [(name, flows)], left_out + writer.left_out, name, manifest)


@dataclass(slots=True)
class _Look:
    """What a style, a paragraph or a run says of its look; None where it says nothing."""

    name: str = ""
    based_on: str = ""
    level: int | None = None
    said: dict[str, bool] = field(default_factory=dict)
    left: int | None = None
    first: int | None = None


def _read_styles(root: etree._Element) -> dict[str, _Look]:
    styles = {}
    for style in root.iter(f"{_W}style"):
        look = _look(style.find(f"{_W}pPr"), style.find(f"{_W}rPr"))
        look.name = _value(style.find(f"{_W}name")).lower()
        look.based_on = _value(style.find(f"{_W}basedOn"))
        styles[style.get(f"{_W}styleId", "")] = look
    return styles


def _look(paragraph: etree._Element | None, run: etree._Element | None) -> _Look:
    look = _Look()
    if paragraph is not None:
        level = _value(paragraph.find(f"{_W}outlineLvl"))
        look.level = int(level) if level.isdigit() else None
        jc = paragraph.find(f"{_W}jc")
        if jc is not None:
            look.said["centred"] = _value(jc) == "center"
        indent = paragraph.find(f"{_W}ind")
        if indent is not None:
            look.left = _number(indent.get(f"{_W}left") or indent.get(f"{_W}start"))
            look.first = _number(indent.get(f"{_W}firstLine"))
    if run is not None:
        for tag, what in (("i", "italic"), ("b", "bold"), ("vanish", "hidden")):
            mark = run.find(f"{_W}{tag}")
            if mark is not None:
                look.said[what] = _value(mark) not in ("0", "false", "off")
        raised = run.find(f"{_W}vertAlign")
        if raised is not None:
            look.said["raised"] = _value(raised) == "superscript"
    return look


class _Writer:
    """Writes paragraphs and tables as elements of a web page."""

    def __init__(self, styles: Mapping[str, _Look]) -> None:
        self.styles = styles
        self.left_out: Counter[str] = Counter()
        self.written = 0  # characters
        self.called: list[tuple[str, str]] = []  # kind of call and id of the note, in the order of the calls

    def blocks(self, parent: etree._Element, before: str = "") -> Iterator[str]:
        """The elements of a body, a cell or a note; `before` is set before the text of the first paragraph."""
        for element in parent:
            if element.tag == f"{_W}p":
                yield self.paragraph(element, before)
                before = ""
                for box in element.iter(f"{_W}txbxContent"):
                    if not any(above.tag == _FALLBACK for above in box.iterancestors()):
                        yield from self.blocks(box)
            elif element.tag == f"{_W}tbl":
                yield "<table>"
                for row in element.iter(f"{_W}tr"):
                    if next(row.iterancestors(f"{_W}tbl")) is element:
                        cells = [
                            cell for cell in row.iter(f"{_W}tc") if next(cell.iterancestors(f"{_W}tr")) is row
                        ]
                        yield (
                            "<tr>"
                            + "".join(f"<td>{''.join(self.blocks(cell))}</td>" for cell in cells)
                            + "</tr>"
                        )
                yield "</table>"
            elif element.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
                yield from self.blocks(element, before)

    def paragraph(self, element: etree._Element, before: str) -> str:
        """A paragraph, a heading or a quotation."""
        properties = element.find(f"{_W}pPr")
        chain = list(self.chain(_value(properties.find(f"{_W}pStyle")) if properties is not None else ""))
        looks = [_look(properties, None), *chain]
        level = next((look.level for look in looks if look.level is not None), None)
        named = next(
            (look.name for look in chain if look.name.startswith(_HEADING) or look.name in _QUOTES), ""
        )
        if named.startswith(_HEADING) and named[len(_HEADING) :].isdigit():
            level = int(named[len(_HEADING) :]) - 1
        if level is not None:
            # Word's fourth heading is in italics: the look of all headings of its kind, and no emphasis.
            chain = [replace(each, said={**each.said, "italic": False}) for each in chain]
        text = before + "".join(self.run(run, chain) for run in self.runs(element))
        if level is not None and level < 6 and text.strip():
            return f"<h{level + 1}>{text}</h{level + 1}>"
        if any(look.name in _TERM for look in chain):
            return f"<dl><dt>{text}</dt></dl>"
        if any(look.name in _MEANING for look in chain):
            return f"<dl><dd>{text}</dd></dl>"
        left = next((look.left for look in looks if look.left is not None), 0)
        first = next((look.first for look in looks if look.first is not None), 0)
        if named in _QUOTES or left >= _INSET:
            return f"<blockquote><p>{text}</p></blockquote>"
        style = (
            "text-align:center"
            if _said(looks, "centred")
            else "text-indent:2em"
            if first
            else "text-indent:0"
        )
        return f'<p style="{style}">{text}</p>'

    def chain(self, style: str) -> Iterator[_Look]:
        """The look of a style and of those that it is based on."""
        for _ in range(_MOST_STEPS):
            if style not in self.styles:
                return
            yield self.styles[style]
            style = self.styles[style].based_on

    def runs(self, element: etree._Element) -> Iterator[etree._Element]:
        """The runs of a paragraph in their order, without those of text boxes, and bookmarks and links around them."""
        for child in element:
            if child.tag in (f"{_W}r", f"{_W}bookmarkStart"):
                yield child
            elif child.tag == f"{_W}del":
                self.left_out["deleted text"] += sum(len(text) for text in child.itertext())
            elif child.tag not in (f"{_W}pPr", f"{_W}moveFrom"):
                yield from self.runs(child)

    def run(self, element: etree._Element, chain: list[_Look]) -> str:
        """The text of a run in the elements of its look."""
        if element.tag == f"{_W}bookmarkStart":
            return f'<a name="{escape(element.get(f"{_W}name", ""))}"></a>'
        properties = element.find(f"{_W}rPr")
        style = _value(properties.find(f"{_W}rStyle")) if properties is not None else ""
        looks = [_look(None, properties), *self.chain(style), *chain]
        text = "".join(self.pieces(element))
        for what, tag in (("italic", "i"), ("bold", "b"), ("raised", "sup")):
            if text and _said(looks, what):
                text = f"<{tag}>{text}</{tag}>"
        if _said(looks, "hidden") and text:
            self.left_out["hidden text"] += len(text)
            return ""
        return text

    def pieces(self, run: etree._Element) -> Iterator[str]:
        """The pieces of a run's text."""
        for child in run:
            tag = str(child.tag).removeprefix(_W)
            if tag == "t":
                self.written += len(child.text or "")
                yield escape(child.text or "")
            elif tag == "cr" or (tag == "br" and child.get(f"{_W}type", "textWrapping") == "textWrapping"):
                yield "<br>"
            elif tag in ("tab", "ptab"):
                yield " "
            elif tag == "noBreakHyphen":
                yield "-"
            elif tag == "instrText":
                self.left_out["commands of fields"] += len("".join((child.text or "").split()))
            elif tag == "sym":
                self.left_out["signs of a font of signs"] += 1
            elif tag in _NOTES:
                self.called.append((tag, child.get(f"{_W}id", "")))
                n = sum(kind == tag for kind, _ in self.called)
                yield f'<sup><a href="#{tag}{self.called[-1][1]}">[{n}]</a></sup>'


def _notes(writer: _Writer, members: Members) -> Iterator[str]:
    """The notes that the text calls, at its end, in the order of their calls."""
    for tag, (path, name) in _NOTES.items():
        if path not in members:
            continue
        notes = {
            note.get(f"{_W}id", ""): note for note in members.tree(path, strict=True).iter(f"{_W}{name}")
        }
        called = [of for kind, of in writer.called if kind == tag]
        for n, of in enumerate(called, start=1):
            if of in notes:
                yield (
                    f'<div id="{tag}{escape(of)}">' + "".join(writer.blocks(notes[of], f"[{n}] ")) + "</div>"
                )


def _characters(body: etree._Element) -> int:
    """The characters of a body, without what stands there a second time for older programs."""
    return sum(
        len(text.text or "")
        for text in body.iter(f"{_W}t")
        if not any(above.tag in (_FALLBACK, f"{_W}moveFrom") for above in text.iterancestors())
    )


def _said(looks: list[_Look], what: str) -> bool:
    return next((look.said[what] for look in looks if what in look.said), False)


def _value(element: etree._Element | None) -> str:
    return "" if element is None else str(element.get(f"{_W}val", ""))


def _number(value: str | None) -> int | None:
    return int(value) if value is not None and value.lstrip("-").isdigit() else None

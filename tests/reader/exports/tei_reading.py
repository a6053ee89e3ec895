"""Reads our TEI back: the edition as lists of elements, in the terms of the document (docs/edition-format.md).

It is there for the test that nothing of the text is lost, and shows what a program of somebody else can rely on. Pages,
emendations and supplied text are read where they stand; what is certain about them, too.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from reader.text import markup
from reader.text.note_paragraphs import PARTED, quoted

TEI = "{http://www.tei-c.org/ns/1.0}"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
# What is in a text and is no reading of ours: the witness's, a second witness's, the label of a note.
NOT_OURS = ("sic", "rdg", "label")
TABLE_MARKS = {"head": "^", "row": "|", "trailer": "_"}
Entry = dict[str, Any]


@dataclass(slots=True)
class Read:
    """What a document of TEI says, in the order of the book."""

    divisions: list[Entry] = field(default_factory=list)
    paragraphs: list[Entry] = field(default_factory=list)
    notes: list[Entry] = field(default_factory=list)
    gaps: list[Entry] = field(default_factory=list)
    pages: list[Entry] = field(default_factory=list)
    terms: list[Entry] = field(default_factory=list)
    # By the name of a text: the places of terms, counted in its plain text.
    occurrences: dict[str, list[tuple[int, int, str]]] = field(default_factory=dict)


def read_tei(document: bytes) -> Read:
    """Read a document of TEI that the archive wrote."""
    root = etree.fromstring(document)
    read = Read()
    for part in root.find(f"{TEI}text"):
        for division in part.findall(f"{TEI}div[@{XML_ID}]"):
            outer = (division.get("corresp") or "").removeprefix("#") or None
            _read_division(division, outer, division.get(XML_ID), read)
    for label in root.iterfind(f".//{TEI}div[@type='glossary']//{TEI}label"):
        if label.find(f"{TEI}term[@cert]") is not None:  # no editor checked what it means
            continue
        item = label.getnext()
        see = item.find(f"{TEI}ref")
        read.terms.append(
            {
                "slug": label.get(XML_ID).removeprefix("term-"),
                "headword": "".join(label.itertext()),
                "definitions": [each.text or "" for each in item.findall(f"{TEI}gloss")],
                "see": None if see is None else see.get("target").removeprefix("#term-"),
            }
        )
    read.pages = [
        {"n": page.get("n"), "certainty": "inferred" if page.get("cert") else "attested"}
        for page in root.iter(f"{TEI}pb")
    ]
    return read


def _read_division(division: etree._Element, parent: str | None, chapter: str, read: Read) -> None:
    head = division.find(f"{TEI}head")
    name = division.get(XML_ID)
    read.divisions.append(
        {
            "id": name,
            "kind": division.get("type"),
            "n": division.get("n", ""),
            "head": "" if head is None else source_of(head),
            "parent": parent,
            "pages": [page.get("n") for page in division.findall(f"{TEI}pb")],
        }
    )
    for element in division:
        tag = element.tag.removeprefix(TEI)
        if tag == "div" and element.get("type") == "notes":
            for note in element.findall(f"{TEI}note"):
                _read_note(note, chapter, read)
        elif tag == "div":
            _read_division(element, name, chapter, read)
        elif element.get(XML_ID):
            _read_paragraph(element, tag, name, read)


def _read_paragraph(element: etree._Element, tag: str, division: str, read: Read) -> None:
    kind, within = "prose", element
    if tag == "quote":
        kind, within = "quotation", element[0]
    text = source_of(within)
    if tag == "lg":
        kind, text = "verse", "\n".join(source_of(line) for line in element)
    elif tag == "table":
        kind, text = "table", _table(element)
    elif element.get("rend") == "lines":
        kind = "table"
    number = int(element.get("n"))
    assert element.get(XML_ID) == f"p{number}"
    read.occurrences[f"paragraph {number}"] = terms_in(within)
    read.paragraphs.append(
        {
            "id": number,
            "division": division,
            "kind": kind,
            "continues": element.get("rend") == "continued",
            "text": text,
        }
    )


def _table(table: etree._Element) -> str:
    lines = []
    for line in table:
        tag = line.tag.removeprefix(TEI)
        mark = "!" if line.get("role") == "label" else TABLE_MARKS[tag]
        cells = [source_of(cell) for cell in line] if tag == "row" else [source_of(line)]
        lines.append(f"{mark} {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)}".rstrip())
    return "\n".join(lines)


def _read_note(note: etree._Element, chapter: str, read: Read) -> None:
    n = note.get("n")
    if note.find(f"{TEI}gap") is not None:
        read.gaps.append({"division": chapter, "note": int(n)})
        return
    label, call = note.find(f"{TEI}label"), note.find(f"{TEI}ref[@type='page']")
    paragraphs = []
    for element in note:
        if element.tag == f"{TEI}p":
            paragraphs.append(quoted(False, source_of(element)))
        elif element.tag == f"{TEI}quote":
            paragraphs.append(quoted(True, source_of(element[0])))
    read.notes.append(
        {
            "division": chapter,
            "n": None if n is None else int(n),
            "mark": "" if label is None or label.text == n else label.text,
            "page": "" if call is None else call.get("n"),
            "inferred": note.get("cert") is not None,
            "is_supplied": note.find(f".//{TEI}supplied") is not None,
            "text": PARTED.join(paragraphs),
        }
    )


def source_of(element: etree._Element) -> str:
    """What an element holds, in the inline markup."""
    return _text(element.text) + "".join(_source(child) + _text(child.tail) for child in element)


def _source(element: etree._Element) -> str:
    tag = element.tag.removeprefix(TEI)
    if tag in NOT_OURS:
        return ""
    if tag == "pb":
        return f"{{p. {element.get('n')}}}"
    if tag == "ref" and element.get("type") == "note":
        return markup.call(int(element.text))
    if tag == "lb":
        return "\n"
    inner = source_of(element)
    return f"*{inner}*" if tag in ("emph", "title", "foreign") else inner


def _text(text: str | None) -> str:
    return markup.NEEDS_ESCAPE.sub(r"\\\g<0>", text or "")


def terms_in(element: etree._Element) -> list[tuple[int, int, str]]:
    """The places of the terms in an element, counted in its plain text, with the slugs of the terms."""
    found: list[tuple[int, int, str]] = []

    def walk(node: etree._Element, at: int) -> int:
        tag, start = node.tag.removeprefix(TEI), at
        if tag in NOT_OURS or (tag == "ref" and node.get("type") == "note"):
            return at
        at += len(node.text or "")
        for child in node:
            at = walk(child, at) + len(child.tail or "")
        if tag == "term" and node.get("cert") is None:
            found.append((start, at, node.get("ref").removeprefix("#term-")))
        return at

    walk(element, 0)
    return sorted(found)


def shape(source: str) -> list[Any]:
    """A text of the inline markup as it is read, whatever its escapes are."""
    return list(_shapes(markup.parse(source)))


def _shapes(nodes: Any) -> Iterator[Any]:
    for node in nodes:
        if isinstance(node, markup.Emphasis):
            yield ["emphasis", *_shapes(node.children)]
        elif isinstance(node, markup.Text):
            yield node.plain
        else:
            yield (type(node).__name__, node.n)

"""The hands that web pages come from: how each writes headings, paragraphs, pages, calls, notes, key and italics.

A family is a kind of site or program; a seed chooses among the ways that the family knows.
"""

# ruff: noqa: E501  # a row of ways is easier to read whole

import random
from collections.abc import Mapping
from dataclasses import dataclass

# Styles of paragraph in which each paragraph but those that go on has an indent, so that markers can stand between.
INDENTED = ("spaces", "style", "mso", "breaks and spaces", "em")


@dataclass(frozen=True)
class Hand:
    """One way to write a page. `where` the notes stand: after their chapter, at the end of the book, in a file, at a page."""

    family: str
    heading: str  # tags | bold | centred | font | class | mso
    label: str  # dot | word | word below | colon
    paragraph: str  # p | div | breaks, or one of INDENTED
    quotation: str  # blockquote | blockquote p | margin | class | mso | list
    page: str  # p | centre | dashes | inline | brackets | attribute | title
    call: str  # bracket | raised | raised link | link | mso | wiki | fnanchor
    notes: str  # table | list | p | dl | boxes | mso | breaks | wiki | aside
    where: str  # chapter | book | file | foot
    back: str  # number | arrow | nothing: what leads back to the text
    key: str  # table | dl | colon | dash | list | mso
    contents: str  # table | list | dots | none
    italics: str  # i | em | span | mso | cite
    frame: str  # plain | menu | gutenberg | wiki | mia | none
    tags: str  # clean | capitals | unclosed | wrapped
    encoding: str  # utf-8 | cp1252 | utf-16 | ascii | bom


_ANY_TAGS = ("clean", "wrapped")
_ANY_ENCODING = ("utf-8", "cp1252", "ascii", "bom", "utf-16")
FAMILIES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "transcriber": {
        "heading": ("tags", "bold"), "label": ("dot",), "paragraph": ("spaces",), "quotation": ("blockquote",),
        "page": ("p", "centre", "dashes"), "call": ("bracket",), "notes": ("table",), "where": ("chapter",),
        "back": ("nothing",), "key": ("table",), "contents": ("table",), "italics": ("i",), "frame": ("plain", "none"),
        "tags": ("capitals", "unclosed"), "encoding": ("cp1252", "ascii"),
    },
    "old site": {
        "heading": ("centred", "font", "bold"), "label": ("dot", "word", "word below"),
        "paragraph": ("breaks and spaces", "spaces", "breaks"), "quotation": ("blockquote", "list"),
        "page": ("centre", "dashes", "inline"), "call": ("raised", "bracket", "raised link"),
        "notes": ("p", "breaks", "table", "dl"), "where": ("chapter",), "back": ("nothing",),
        "key": ("colon", "dash", "dl", "table"), "contents": ("dots", "list", "none"), "italics": ("i", "em"),
        "frame": ("menu", "plain"), "tags": ("capitals", "unclosed", "wrapped"), "encoding": ("cp1252", "ascii"),
    },
    "marxists": {
        "heading": ("tags", "class"), "label": ("dot", "word", "colon"), "paragraph": ("style", "p"),
        "quotation": ("class", "margin"), "page": ("brackets", "inline"), "call": ("raised link", "link"),
        "notes": ("p", "dl"), "where": ("chapter", "book"), "back": ("number",), "key": ("dash", "dl", "colon"),
        "contents": ("list", "dots"), "italics": ("em", "i", "span"), "frame": ("mia",), "tags": _ANY_TAGS,
        "encoding": _ANY_ENCODING,
    },
    "wiki": {
        "heading": ("tags", "centred"), "label": ("dot", "word", "colon"), "paragraph": ("p",),
        "quotation": ("blockquote p", "margin"), "page": ("attribute", "inline"), "call": ("wiki",),
        "notes": ("wiki",), "where": ("book", "chapter"), "back": ("arrow",), "key": ("dl", "list", "table"),
        "contents": ("list", "none"), "italics": ("i",), "frame": ("wiki",), "tags": ("clean",), "encoding": ("utf-8",),
    },
    "gutenberg": {
        "heading": ("tags",), "label": ("word below", "dot", "word"), "paragraph": ("p", "style"),
        "quotation": ("blockquote p", "class"), "page": ("inline", "brackets"), "call": ("fnanchor",),
        "notes": ("boxes",), "where": ("chapter", "book"), "back": ("number",), "key": ("table", "dl", "dash"),
        "contents": ("table", "list"), "italics": ("i", "em", "span"), "frame": ("gutenberg",), "tags": _ANY_TAGS,
        "encoding": _ANY_ENCODING,
    },
    "word processor": {
        "heading": ("mso", "tags"), "label": ("dot", "word", "colon"), "paragraph": ("mso",), "quotation": ("mso",),
        "page": ("centre", "inline"), "call": ("mso",), "notes": ("mso",), "where": ("book",), "back": ("number",),
        "key": ("mso", "colon", "dash"), "contents": ("dots", "none"), "italics": ("mso", "i"), "frame": ("none",),
        "tags": ("wrapped",), "encoding": ("cp1252", "utf-8", "ascii"),
    },
    "converter": {
        "heading": ("tags",), "label": ("dot", "colon"), "paragraph": ("p",), "quotation": ("blockquote p",),
        "page": ("attribute", "title", "inline"), "call": ("raised link",), "notes": ("list", "aside"),
        "where": ("book", "chapter"), "back": ("arrow",), "key": ("dl", "table", "list"), "contents": ("list", "none"),
        "italics": ("em",), "frame": ("menu", "none"), "tags": _ANY_TAGS, "encoding": ("utf-8", "bom", "utf-16"),
    },
    "notes at the foot": {
        "heading": ("tags", "centred", "bold"), "label": ("dot", "word", "word below"),
        "paragraph": ("spaces", "style", "em"), "quotation": ("blockquote", "margin"),
        "page": ("p", "centre", "dashes"), "call": ("raised", "raised link", "bracket", "link"), "notes": ("p",),
        "where": ("foot",), "back": ("number", "nothing"), "key": ("table", "dl"), "contents": ("list", "none"),
        "italics": ("i", "em"), "frame": ("none", "plain"), "tags": ("clean", "wrapped"), "encoding": ("utf-8", "cp1252"),
    },
    "frames": {
        "heading": ("tags", "font"), "label": ("dot", "word"), "paragraph": ("spaces", "p", "em"),
        "quotation": ("blockquote", "list"), "page": ("inline", "brackets"), "call": ("link", "raised link"),
        "notes": ("p", "table", "dl"), "where": ("file",), "back": ("number", "nothing"), "key": ("table", "dash"),
        "contents": ("list", "table"), "italics": ("i", "cite"), "frame": ("menu", "none"),
        "tags": ("clean", "capitals"), "encoding": ("utf-8", "cp1252"),
    },
}  # fmt: skip


def hand_of(seed: int) -> Hand:
    """The hand of a seed; the families take turns."""
    family = list(FAMILIES)[seed % len(FAMILIES)]
    chance = random.Random(seed)
    return Hand(family, **{what: chance.choice(ways) for what, ways in FAMILIES[family].items()})


def mixed_hand(seed: int) -> Hand:
    """A hand that writes each thing in the way of another family, as far as the ways go together."""
    chance = random.Random(seed)
    ways = {
        what: sorted({way for family in FAMILIES.values() for way in family[what]})
        for what in FAMILIES["transcriber"]
    }
    hand = {what: chance.choice(of) for what, of in ways.items()}
    called = {"wiki": ("wiki",), "mso": ("mso",), "fnanchor": ("boxes",)}
    plain = ("table", "p", "dl", "breaks")
    hand["notes"] = chance.choice(called.get(hand["call"], plain))
    if hand["call"] == "raised link" and chance.random() < 0.5:
        hand["notes"] = chance.choice(("list", "aside"))
    hand["back"] = {"wiki": "arrow", "mso": "number", "boxes": "number", "list": "arrow"}.get(
        hand["notes"], hand["back"]
    )
    if hand["call"] in ("bracket", "raised"):
        hand["back"] = "nothing"
        hand["where"] = chance.choice(("chapter", "book"))
    elif hand["call"] in called and hand["where"] == "file":
        hand["where"] = "book"
    if hand["back"] == "arrow" and hand["notes"] not in ("list", "wiki"):
        hand["back"] = "number"
    if hand["where"] == "foot":
        hand["where"] = "chapter"
    return Hand("mixed", **hand)

r"""The inline markup of the stored text, written as a person would type it.

    text      = { escape | call | break | emphasis | character }
    escape    = "\" punctuation           the punctuation itself; before anything else "\" is a backslash
    call      = "[^" number "]"           number = 1 to 9999, without leading zeros
    break     = "{p. " name "}"           name = any run without braces and line ends
    emphasis  = "*" text "*"              not empty, no space just inside the stars, no emphasis within,
                                          no empty line within; any other star is a star

The lines of a table begin with marks and have bars between their cells; to this module these are text like any other
(see `tables.py`).

What does not fit is text: nothing that a person types is an error. Every node knows its `start` and `end` in
the source, and the `offset` in the plain text (the text without its markup) at which it stands.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    r"""A run of text, `plain` as it is read: `a\*b` is read a*b."""

    start: int
    end: int
    offset: int
    plain: str


@dataclass(frozen=True, slots=True)
class NoteCall:
    """`[^12]`: the place that calls note 12."""

    start: int
    end: int
    offset: int
    n: int


@dataclass(frozen=True, slots=True)
class PageBreak:
    """`{p. 42}`: page 42 of the printed book begins here."""

    start: int
    end: int
    offset: int
    n: str


@dataclass(frozen=True, slots=True)
class Emphasis:
    """`*word*`, with the text and the markers inside it."""

    start: int
    end: int
    offset: int
    children: tuple[Text | NoteCall | PageBreak, ...]


Marker = NoteCall | PageBreak
Leaf = Text | NoteCall | PageBreak
Node = Leaf | Emphasis

LARGEST_NOTE = 9999
PAGE_NAME = re.compile(r"[^{}\n]+")
TOKEN = re.compile(
    r"""
      \\(?P<escaped>[!-/:-@\[-`{-~])
    | \[\^(?P<call>[1-9][0-9]{0,3})\]
    | \{p\.\ (?P<page>[^{}\n]+)\}
    | (?P<star>\*)
    | (?P<empty>\n[ \t]*\n)
    """,
    re.VERBOSE,
)
# What would be read as markup if it stood in the source as it is.
NEEDS_ESCAPE = re.compile(r"[\\*]|\[(?=\^)|\{(?=p\. )")


def parse(text: str) -> tuple[Node, ...]:
    """The nodes of `text`, in order; their spans cover it without a hole. Never raises."""
    tokens = list(TOKEN.finditer(text))
    closer_of = _pair_stars(text, tokens)
    closers = set(closer_of.values())
    nodes: list[Node] = []
    inside: list[Leaf] | None = None  # the leaves of the emphasis that is being read
    opened_at = opened_offset = 0
    pieces: list[str] = []  # the plain text of source[since:at]
    since = at = offset = 0

    for token in tokens:
        start, end = token.span()
        pieces.append(text[at:start])
        at = end
        is_bound = start in closer_of or start in closers
        if token["escaped"] is not None or token["empty"] is not None or (token["star"] and not is_bound):
            pieces.append(token["escaped"] or token[0])
            continue
        target: list[Node] | list[Leaf] = nodes if inside is None else inside
        if start > since:
            target.append(Text(since, start, offset, "".join(pieces)))
            offset += sum(map(len, pieces))
        pieces, since = [], end
        if token["call"]:
            target.append(NoteCall(start, end, offset, int(token["call"])))
        elif token["page"]:
            target.append(PageBreak(start, end, offset, token["page"]))
        elif inside is None:
            inside, opened_at, opened_offset = [], start, offset
        else:
            nodes.append(Emphasis(opened_at, end, opened_offset, tuple(inside)))
            inside = None
    if len(text) > since:
        nodes.append(Text(since, len(text), offset, "".join([*pieces, text[at:]])))
    return tuple(nodes)


def _pair_stars(text: str, tokens: Sequence[re.Match[str]]) -> dict[int, int]:
    """Where each emphasis begins, and where it ends. A star closes the nearest one that opens before it."""
    pairs: dict[int, int] = {}
    opener: int | None = None
    for token in tokens:
        if token["empty"] is not None:
            opener = None
        elif token["star"] is not None:
            start, end = token.span()
            before, after = text[max(0, start - 1) : start], text[end : end + 1]
            if opener is not None and start > opener + 1 and not before.isspace():
                pairs[opener] = start
                opener = None
            elif after and not after.isspace():
                opener = start
    return pairs


def leaves(nodes: Iterable[Node]) -> Iterator[Leaf]:
    """Text and markers in the order of the text, taken out of their emphasis."""
    for node in nodes:
        if isinstance(node, Emphasis):
            yield from node.children
        else:
            yield node


def plain(text: str) -> str:
    """`text` without its markup: what a reader reads, and what terms and searches are matched in."""
    return "".join(leaf.plain for leaf in leaves(parse(text)) if isinstance(leaf, Text))


def markers(text: str) -> list[Marker]:
    """The note calls and page breaks of `text`, in order."""
    return [leaf for leaf in leaves(parse(text)) if not isinstance(leaf, Text)]


def escape(text: str) -> str:
    """Source that is read as exactly `text`: `plain(escape(text)) == text`."""
    return NEEDS_ESCAPE.sub(r"\\\g<0>", text)


def compose(
    plain: str, note_calls: Sequence[tuple[int, int]] = (), page_breaks: Sequence[tuple[int, str]] = ()
) -> str:
    """Source that is read as `plain`, with a note call or page break at each of the given offsets in it.

    Note calls are (offset, number) and page breaks (offset, name). At one offset calls stand before breaks,
    since a call belongs to the word before it; otherwise each list keeps its order.
    ValueError: an offset outside the text, or a number or name that the markup cannot write.
    """
    for _, number in note_calls:
        if not 1 <= number <= LARGEST_NOTE:
            raise ValueError(f"A note cannot have the number {number}.")
    for _, name in page_breaks:
        if not PAGE_NAME.fullmatch(name):
            raise ValueError(f"A page cannot have the name {name!r}.")
    inserted = sorted(
        [(offset, 0, f"[^{number}]") for offset, number in note_calls]
        + [(offset, 1, f"{{p. {name}}}") for offset, name in page_breaks],
        key=lambda marker: marker[:2],
    )
    pieces: list[str] = []
    at = 0
    for offset, _, source in inserted:
        if not 0 <= offset <= len(plain):
            raise ValueError(f"{source} at {offset}, outside a text of {len(plain)} characters.")
        pieces += escape(plain[at:offset]), source
        at = offset
    return "".join([*pieces, escape(plain[at:])])

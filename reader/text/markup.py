r"""The inline markup of the stored text, written as a person would type it.

    text      = { escape | call | break | emphasis | character }
    escape    = "\" punctuation           the punctuation itself; before anything else "\" is a backslash
    call      = "[^" number "]"           number = 1 to 9999, without leading zeros
    break     = "{p. " name "}"           name = any run without braces and line ends
    emphasis  = "*" text "*"              not empty, no space just inside the stars, no emphasis within,
                                          no empty line within; any other star is a star

The lines of a table begin with marks and have bars between their cells; to this module these are text like any other
(see `table_notation.py`).

Anything that does not fit the grammar is text: nothing that a person types is an error. Every node has its `start`
and `end` in the source, and its `offset` in the plain text (the text without its markup).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

from reader.text.kept import TEXTS


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
# The syntax, as fragments of patterns without groups: no other module writes it down. PostgreSQL is given the patterns
# of call, break and star (reader/models/vectors.py) and reads them as Python does.
NOTE_NUMBER = r"[1-9][0-9]{0,3}"
PAGE_NAME = r"[^{}\n]+"
CALL = rf"\[\^{NOTE_NUMBER}\]"
BREAK = rf"\{{p\. {PAGE_NAME}\}}"
STAR = r"\*"
PUNCTUATION = r"[!-/:-@\[-`{-~]"
ESCAPE = rf"\\{PUNCTUATION}"
EMPTY_LINE = r"\n[ \t]*\n"
# Every page break begins so: a text without it has none.
BREAK_OPENS = "{p. "

TOKEN = re.compile(
    rf"\\(?P<escaped>{PUNCTUATION})|\[\^(?P<call>{NOTE_NUMBER})\]|\{{p\. (?P<page>{PAGE_NAME})\}}"
    rf"|(?P<star>{STAR})|(?P<empty>{EMPTY_LINE})"
)
# Text that would be read as markup if it stood in the source unescaped.
NEEDS_ESCAPE = re.compile(r"[\\*]|\[(?=\^)|\{(?=p\. )")
# One character of a plain text as the source writes it; its last character is the one that is read.
CHARACTER = re.compile(rf"{ESCAPE}|.", re.DOTALL)
WORD = re.compile(r"\w+|\s+|.", re.DOTALL)


# A publication reads each text several times: plain, with its markers, rendered.
@lru_cache(maxsize=TEXTS)
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
    """The beginning of each emphasis, and its end. A star closes the nearest one that opens before it."""
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
    """`text` without its markup: as readers read it, and as terms and searches are matched in it."""
    return "".join(leaf.plain for leaf in leaves(parse(text)) if isinstance(leaf, Text))


def unemphasised(text: str) -> str:
    """`text` in the inline markup without its stars of emphasis: one source shows italics that another has lost."""
    return "".join(
        text[node.start + 1 : node.end - 1] if isinstance(node, Emphasis) else text[node.start : node.end]
        for node in parse(text)
    )


def emphasised_spans(text: str) -> list[tuple[int, int]]:
    """The emphasised characters of the plain text, as (start, end), in order."""
    return [span_of(node) for node in parse(text) if isinstance(node, Emphasis)]


def span_of(emphasis: Emphasis) -> tuple[int, int]:
    """The characters of the plain text that an emphasis holds, as (start, end)."""
    length = sum(len(leaf.plain) for leaf in emphasis.children if isinstance(leaf, Text))
    return emphasis.offset, emphasis.offset + length


def markers(text: str) -> list[Marker]:
    """The note calls and page breaks of `text`, in order."""
    return [leaf for leaf in leaves(parse(text)) if not isinstance(leaf, Text)]


def calls(text: str) -> list[NoteCall]:
    """The note calls of `text`, in order."""
    return [marker for marker in markers(text) if isinstance(marker, NoteCall)]


def page_breaks(text: str) -> list[PageBreak]:
    """The page breaks of `text`, in order."""
    return [marker for marker in markers(text) if isinstance(marker, PageBreak)]


def call(n: int) -> str:
    """The source of a call of note `n`."""
    return f"[^{n}]"


def page_break(name: str) -> str:
    """The source of the beginning of the page with this name."""
    return f"{BREAK_OPENS}{name}}}"


def escape(text: str) -> str:
    """Source that is read as exactly `text`: `plain(escape(text)) == text`."""
    return NEEDS_ESCAPE.sub(r"\\\g<0>", text)


def compose(
    plain: str,
    note_calls: Sequence[tuple[int, int]] = (),
    page_breaks: Sequence[tuple[int, str]] = (),
    emphasised: Sequence[tuple[int, int]] = (),
) -> str:
    """Source that is read as `plain`, with a note call or page break at each of the given offsets in it.

    Note calls are (offset, number), page breaks (offset, name), and `emphasised` the (start, end) of emphasis. At one
    offset calls stand before breaks, since a call belongs to the word before it; otherwise each list keeps its order.
    Spaces at the edges of emphasis, which the markup cannot write, are left outside.
    ValueError: an offset outside the text, or a number or name that the markup cannot write.
    """
    for _, number in note_calls:
        if not 1 <= number <= LARGEST_NOTE:
            raise ValueError(f"A note cannot have the number {number}.")
    for _, name in page_breaks:
        if not re.fullmatch(PAGE_NAME, name):
            raise ValueError(f"A page cannot have the name {name!r}.")
    runs = _runs_of_emphasis(plain, emphasised)
    inserted = sorted(
        [(offset, 1, call(number)) for offset, number in note_calls]
        + [(offset, 2, page_break(name)) for offset, name in page_breaks]
        + [(start, 3, "*") for start, _ in runs]
        + [(end, 0, "*") for _, end in runs],
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


def _runs_of_emphasis(plain: str, emphasised: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The runs that stars can hold, in order: apart from each other, no space just inside, no empty line within."""
    runs: list[tuple[int, int]] = []
    for start, end in sorted(emphasised):
        for part in re.finditer(rf"(?:(?!{EMPTY_LINE}).)+", plain[start:end], re.DOTALL):
            a, b = start + part.start(), start + part.end()
            inside = plain[a:b]
            a, b = a + len(inside) - len(inside.lstrip()), b - len(inside) + len(inside.rstrip())
            if a >= b:
                continue
            if runs and not plain[runs[-1][1] : a].strip() and "\n" not in plain[runs[-1][1] : a]:
                runs[-1] = (runs[-1][0], max(b, runs[-1][1]))
            else:
                runs.append((a, b))
    return runs


# Substitution


class _Atom(NamedTuple):
    """The smallest piece of source: a character as it is read, a marker, or a star of emphasis."""

    source: str
    kind: str = "text"  # or "call", "page", "open", "close"

    @property
    def read(self) -> str:
        """The character of the plain text; empty for a marker or a star."""
        return self.source[-1] if self.kind == "text" else ""

    @property
    def is_bare(self) -> bool:
        """Whether it is text that other neighbours would turn into markup."""
        return self.kind == "text" and self.source in ("\\", "*", "[", "{")


# Characters `start` to `end` of a plain text, and their replacement.
_Piece = tuple[int, int, str]


def substitute(source: str, start: int, end: int, replacement: str) -> str:
    """The source in which `replacement` is read for characters `start` to `end` of the plain text.

    No marker is lost or passes another, and the text around keeps its emphasis. Characters that both readings share are
    not touched, so that a marker among them keeps its place. Markers at the edges of the replaced text stay outside;
    where words are only added, a marker of the word before them stays with that word.
    ValueError: offsets outside the text, or an emphasis that would go over an empty line.
    """
    atoms = _atoms(source)
    places = [k for k, atom in enumerate(atoms) if atom.kind == "text"]
    if not 0 <= start <= end <= len(places):
        raise ValueError(f"Characters {start} to {end} lie outside a text of {len(places)} characters.")
    read = "".join(atoms[k].read for k in places)
    # A call stands at the end of a word and may not come to stand inside another.
    calls = {
        offset
        for offset in range(1, len(places))
        if any(atom.kind == "call" for atom in atoms[places[offset - 1] : places[offset]])
        and not (_is_word(read[offset - 1]) and _is_word(read[offset]))
    }
    places.append(len(atoms))
    for a, b, put in reversed(_pieces(read, start, end, replacement, calls)):
        written = [_Atom(character) for character in CHARACTER.findall(escape(put))]
        if a < b:
            first, last = places[a], places[b - 1] + 1
        else:
            first = last = _place_between(atoms, places, (start, a, end), put)
        atoms[first:last] = [*written, *(atom for atom in atoms[first:last] if atom.kind != "text")]
    return _write(_with_sound_emphasis(atoms))


def emphasise(source: str, start: int, end: int) -> str:
    """The source in which characters `start` to `end` of the plain text are emphasised.

    A note's call behind them stays outside. ValueError: offsets outside the text, white space at the edges, an empty
    line within, or emphasis already there.
    """
    atoms = _atoms(source)
    places = [k for k, atom in enumerate(atoms) if atom.kind == "text"]
    if not 0 <= start < end <= len(places):
        raise ValueError(f"Characters {start} to {end} lie outside a text of {len(places)} characters.")
    first, last = places[start], places[end - 1] + 1
    if atoms[first].read.isspace() or atoms[last - 1].read.isspace():
        raise ValueError("An emphasis cannot begin or end with white space.")
    if any(start < b and a < end for a, b in emphasised_spans(source)):
        raise ValueError("These words are emphasised already.")
    inside = atoms[first:last]
    return _write(
        _with_sound_emphasis(
            [*atoms[:first], _Atom("*", "open"), *inside, _Atom("*", "close"), *atoms[last:]]
        )
    )


def without_emphasis(source: str, start: int, end: int) -> str:
    """The source without the emphasis of exactly these characters of the plain text; as it is if there is none."""
    if (start, end) not in emphasised_spans(source):
        return source
    kept: list[_Atom] = []
    at, drops = 0, False
    for atom in _atoms(source):
        if atom.kind == "open" and at == start:
            drops = True
        elif atom.kind == "close" and drops:
            drops = False
        else:
            kept.append(atom)
        at += atom.kind == "text"
    return _write(kept)


def _atoms(source: str) -> list[_Atom]:
    """The source piece by piece; the atoms of text are the characters of its plain text."""
    atoms: list[_Atom] = []
    for node in parse(source):
        if isinstance(node, Emphasis):
            atoms.append(_Atom("*", "open"))
        for leaf in leaves((node,)):
            piece = source[leaf.start : leaf.end]
            if isinstance(leaf, Text):
                atoms += map(_Atom, CHARACTER.findall(piece))
            else:
                atoms.append(_Atom(piece, "call" if isinstance(leaf, NoteCall) else "page"))
        if isinstance(node, Emphasis):
            atoms.append(_Atom("*", "close"))
    return atoms


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _pieces(read: str, start: int, end: int, replacement: str, calls: set[int]) -> list[_Piece]:
    """The smallest pieces that differ: words, and in them characters unless one of the `calls` stands between."""
    pieces = []
    for a, b, c, d in _differences(WORD.findall(read[start:end]), WORD.findall(replacement)):
        at, old, new = start + a, read[start + a : start + b], replacement[c:d]
        head = _shared(old, new)
        tail = _shared(old[head:][::-1], new[head:][::-1])
        first, last = at + head, at + len(old) - tail
        new = new[head : len(new) - tail]
        if calls.intersection(range(first + 1, last)):
            pieces.append((first, last, new))
        else:
            inside = _differences(read[first:last], new)
            pieces += [(first + i, first + j, new[k:m]) for i, j, k, m in inside]
    return pieces


def _differences(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """The differences of two sequences of strings, as offsets in the joined old strings and the joined new ones."""
    at_old, at_new = _offsets(old), _offsets(new)
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield at_old[a], at_old[b], at_new[c], at_new[d]


def _offsets(strings: Sequence[str]) -> list[int]:
    offsets = [0]
    for string in strings:
        offsets.append(offsets[-1] + len(string))
    return offsets


def _shared(one: str, other: str) -> int:
    """The number of characters at the beginning that two strings share."""
    return next(
        (k for k, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _place_between(
    atoms: Sequence[_Atom], places: Sequence[int], offsets: tuple[int, int, int], put: str
) -> int:
    """The index among the atoms for an insertion at the middle one of the offsets; the others are the edges."""
    start, at, end = offsets
    before, after = places[at - 1] + 1 if at else 0, places[at]
    if start < end and at in (start, end):
        goes_on = at == end  # a marker outside the replaced text stays outside
    else:
        goes_on = at > 0 and not atoms[before - 1].read.isspace() and not put[0].isspace()
    if goes_on:
        return before
    # Words before an emphasised one are not emphasised for that.
    if put[-1].isspace() and after > before and atoms[after - 1].kind == "open":
        return after - 1
    return after


def _with_sound_emphasis(atoms: Sequence[_Atom]) -> list[_Atom]:
    """The atoms with no space just inside the stars, and without stars around nothing."""
    sound: list[_Atom] = []
    opened = 0
    for atom in atoms:
        if atom.kind == "open":
            opened = len(sound)
        elif atom.kind == "close":
            inside = sound[opened:]
            words = [k for k, each in enumerate(inside) if not (each.kind == "text" and each.read.isspace())]
            if words:
                first, last = words[0], words[-1] + 1
                if re.search(EMPTY_LINE, "".join(each.source for each in inside[first:last])):
                    raise ValueError("An emphasis cannot go over an empty line: end it before the line.")
                sound[opened:] = [
                    *inside[:first],
                    _Atom("*", "open"),
                    *inside[first:last],
                    atom,
                    *inside[last:],
                ]
        else:
            sound.append(atom)
    return sound


def _write(atoms: list[_Atom]) -> str:
    """The source that is parsed to these atoms, with as many more escapes as that needs."""
    while True:
        source = "".join(atom.source for atom in atoms)
        pairs = enumerate(zip_longest(atoms, _atoms(source)))
        misread = next((k for k, (wanted, found) in pairs if wanted != found), None)
        if misread is None:
            return source
        bare = next((k for k in range(misread, len(atoms)) if atoms[k].is_bare), None)
        if bare is None:
            raise ValueError(f"No markup can say this: {source!r}.")
        atoms[bare] = _Atom(f"\\{atoms[bare].source}")

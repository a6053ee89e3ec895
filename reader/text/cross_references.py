"""Cross-references found and resolved: places where the book sends its reader to another of its places. Pure.

A reference is read as a chain of pieces that stand side by side, parted by a comma, a bracket or a small word:

    reference = piece { [","] ["("] [join] piece }
    piece     = see | where | here | volume | division | pages | note

    `see` `below`, `pp. 187 ff.`        `note 3` to `chapter 2`        `volume I` `of the present work`, `p. 12`

The words are in the table of the volume's language in `reference_words`. A cross-reference is told from a citation
by these rules:

- `above`, `below` and `of the present work` make one of any target;
- a volume is one of this work only where the text says so: `vol. 33, p. 97` is a place in another work;
- without such a word, `see p. 12` and `chapter 3` are places in this book unless a work was cited before (in the
  sentence; in a note, in the thousand characters before), or right before the comma, or comes next (`chapter 3 of …`).

Give no quotations: they refer to places in the work that they are from. The cost is linear in the text.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from reader.text.kept import TEXTS
from reader.text.page_numbers import ARABIC, ROMAN, order_of
from reader.text.reference_words import ReferenceWords, words_of
from reader.text.sentences import last_beginning

# The reasons why a reference leads nowhere, as the apparatus says them.
REASONS = {
    "elsewhere": "it leads to another volume",
    "no-such-page": "that page is not in the source",
    "blank-page": "that page has no text in the source",
    "outside": "that page begins in no text of this edition",
    "no-such-division": "that division is not in the source",
    "several-divisions": "more than one division has that number",
    "no-such-note": "that note is not in the source",
    "no-target": "it names neither a page nor a division",
}

# `107`, or a Roman number in small letters: no `4O`, no initial.
_PAGE = rf"(?:{ARABIC}(?-i:(?![0-9A-Z]))|(?-i:{ROMAN}))"
_FROM_WIDEST = ("part", "chapter", "section")
# The numbers of characters before and after a reference that can tell which work it refers to.
LOOK_BACK = 1000


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference: characters `start` to `end` of a text, which send the reader to another place.

    `kind` is the kind of thing that it names: `page`, `division`, `note` or `volume` (another volume of the work).
    `division` is the key of the division that it names, or that the page or note stands in; `page` is the first page
    that it names. `reason` is a key of `REASONS` if the reference leads nowhere.
    """

    start: int
    end: int
    reading: str
    kind: str
    page: str
    division: int | None
    note: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class DivisionOfBook:
    """A division as references name it. `kind` is `part`, `chapter`, `section` and so on; `parent` is a key."""

    key: int
    kind: str
    n: str
    parent: int | None


@dataclass(frozen=True, slots=True)
class PageOfBook:
    """A page of the printed book: whether it has text, and the key of the division in which it begins, if in any."""

    has_text: bool
    division: int | None


@dataclass(frozen=True)
class Book:
    """The places that can be referred to: the divisions in order, the pages, the notes as (division, number).

    A note is under the division whose notes are numbered together.
    """

    language: str
    divisions: Sequence[DivisionOfBook]
    pages: Mapping[str, PageOfBook]
    notes: Collection[tuple[int, int]]

    @cached_property
    def index(self) -> dict[int, int]:
        """The index of each division in the order of the book, by its key."""
        return {division.key: k for k, division in enumerate(self.divisions)}

    def around(self, key: int) -> list[DivisionOfBook]:
        """The division with this key and the divisions around it, from the inside out."""
        divisions: list[DivisionOfBook] = []
        at: int | None = key
        while at is not None and at in self.index:
            divisions.append(self.divisions[self.index[at]])
            at = divisions[-1].parent
        return divisions


def find_references(text: str, home: int, book: Book, *, is_note: bool) -> Iterator[Reference]:
    """The cross-references of a plain text in the division with the key `home`, from its beginning to its end."""
    words = words_of(book.language)
    if words is None:
        return
    for chain in _read(text, words, is_note=is_note):
        yield _resolve(chain, text, home, book, words)


# Reading


@dataclass(frozen=True, slots=True)
class _Piece:
    kind: str  # see, where, here, volume, another (volume), part, chapter, section, page, note
    start: int
    end: int
    target: str = ""  # a number, as it stands; `+` and `-` are the following and the preceding one
    is_ordinal: bool = False


@dataclass(frozen=True, slots=True)
class _Chain:
    start: int
    end: int
    pieces: tuple[_Piece, ...]

    def first(self, kind: str) -> _Piece | None:
        return next((p for p in self.pieces if p.kind == kind), None)

    def has(self, *kinds: str) -> bool:
        return any(p.kind in kinds for p in self.pieces)


@lru_cache
def _pieces_pattern(words: ReferenceWords) -> re.Pattern[str]:
    numeral = rf"(?:[0-9]{{1,3}}(?![0-9])|(?-i:[IVXLC]{{1,7}}\b)|(?:{'|'.join(words.numerals)})\b)"
    ordinal = rf"(?:{'|'.join(words.ordinals)})"
    more = rf"(?:\s*(?:,|[-–]|(?:{words.and_})\b)\s*{{}})*"
    another_page = rf"(?:(?:{words.page})\s*)?{_PAGE}"
    more_pages = rf"{more.format(another_page)}(?:\s*(?:{words.and_on})(?!\w))?"
    divisions = "|".join(
        rf"(?P<{kind}_after>\b(?:{kind_words})\s*(?P<{kind}_n>{numeral}){more.format(numeral)})"
        rf"|(?P<{kind}_before>\b{words.ordinal_article}\s+(?P<{kind}_nth>{ordinal})\s+(?:{kind_words})(?!\w))"
        rf"|(?P<{kind}_following>\b{words.following.format(kind_words)}(?!\w))"
        rf"|(?P<{kind}_preceding>\b{words.preceding.format(kind_words)}(?!\w))"
        for kind, kind_words in _division_words(words)
    )
    volume = words.volume
    note = r"[0-9]{1,3}(?![0-9])"
    return re.compile(
        rf"(?<!\w)(?=\w)(?:(?P<another>\b(?:{words.another_volume})(?!\w))"
        rf"|(?P<here>\b(?:{words.here})(?!\w))"
        rf"|(?P<see>\b(?:{words.see})(?!\w))"
        rf"|(?P<where>\b(?:{words.where})(?!\w))"
        rf"|(?P<volume>\b(?:{volume})\s*{numeral}|\b{words.ordinal_article}\s+{ordinal}\s+(?:{volume})(?!\w))"
        rf"|{divisions}"
        rf"|(?P<page>\b(?:{words.page})\s*(?P<page_n>{_PAGE}){more_pages})"
        rf"|(?P<note>\b(?:{words.note})\s*(?P<note_n>{note}){more.format(note)}))",
        re.IGNORECASE,
    )


def _division_words(words: ReferenceWords) -> tuple[tuple[str, str], ...]:
    return (("part", words.parts), ("chapter", words.chapters), ("section", words.sections))


@lru_cache
def _between_pattern(words: ReferenceWords) -> re.Pattern[str]:
    return re.compile(rf"\s*,?\s*\(?(?:(?:{words.joins})\s+)?", re.IGNORECASE)


def _pieces(text: str, words: ReferenceWords) -> Iterator[_Piece]:
    for match in _pieces_pattern(words).finditer(text):
        kind = match.lastgroup or ""
        name, _, form = kind.partition("_")
        target = ""
        if form == "after":
            target = match[f"{name}_n"]
        elif form == "before":
            target = match[f"{name}_nth"]
        elif form:
            target = "+" if form == "following" else "-"
        elif name in ("page", "note"):
            target = match[f"{name}_n"]
        yield _Piece(name, *match.span(), target, form == "before")


@lru_cache(maxsize=TEXTS)
def _read(text: str, words: ReferenceWords, *, is_note: bool) -> tuple[_Chain, ...]:
    """The cross-references of a text, from its beginning to its end."""
    pieces = list(_pieces(text, words))
    if not pieces:
        return ()
    between = _between_pattern(words)
    chains: list[list[_Piece]] = [[pieces[0]]]
    for before, piece in pairwise(pieces):
        begins_anew = piece.kind == "see" or (piece.kind == "where" and before.kind == "where")
        if begins_anew or not between.fullmatch(text, before.end, piece.start):
            chains.append([])
        chains[-1].append(piece)
    found: list[_Chain] = []
    own: list[tuple[int, int]] = []  # text that was read as a cross-reference cites no other work
    for run in chains:
        chain = _without_loose_ends(text, run)
        if chain is not None and _is_ours(text, chain, words, own, is_note):
            own.append((chain.start, chain.end))
            found.append(chain)
    return tuple(found)


def _without_loose_ends(text: str, run: Sequence[_Piece]) -> _Chain | None:
    """A chain without a `see` at its end, its bracket closed; None if no reference is left."""
    pieces = list(run)
    while len(pieces) > 1 and pieces[-1].kind == "see":
        pieces.pop()
    if len(pieces) == 1 and pieces[0].kind in ("see", "where", "here"):
        return None
    start, end = pieces[0].start, pieces[-1].end
    is_open = "(" in text[start:end] and text.startswith(")", end)
    return _Chain(start, end + is_open, tuple(pieces))


def _is_ours(
    text: str, chain: _Chain, words: ReferenceWords, own: Sequence[tuple[int, int]], is_note: bool
) -> bool:
    """Whether a chain is a reference of this book to itself."""
    if chain.has("another"):
        return True
    before, after = (
        text[max(chain.start - LOOK_BACK, 0) : chain.start],
        text[chain.end : chain.end + LOOK_BACK],
    )
    of_another = re.match(
        rf"\s*\)?\s*(?:{words.of_another})\s+(?!(?:{words.this})\b)\S", after, re.IGNORECASE
    )
    if of_another and not chain.has("here"):
        return False
    if chain.has("volume"):
        return chain.has("here")
    if not chain.has("page", "note", *_FROM_WIDEST):
        # Exactly `see above`: not `see above the door`.
        return (
            chain.has("see") and chain.has("where") and bool(re.match(r"\s*(?:[.;:)\]]|,\s+[a-z]|$)", after))
        )
    if chain.has("here"):
        return True
    if chain.has("where"):
        is_cited = re.search(rf"(?:{words.cited_where})\s+$", before, re.IGNORECASE)
        return chain.has("see") or not is_cited
    if any(p.is_ordinal for p in chain.pieces) and not chain.has("see"):
        return False
    return _is_clear_of_citations(text, chain, words, own, is_note)


def _is_clear_of_citations(
    text: str, chain: _Chain, words: ReferenceWords, own: Sequence[tuple[int, int]], is_note: bool
) -> bool:
    """Whether a chain that names neither a direction nor a book can only mean this book."""
    first = max(chain.start - LOOK_BACK, 0)
    before = text[first : chain.start]
    if not chain.has("see"):
        widest = next((p for p in chain.pieces if p.kind in _FROM_WIDEST), None)
        if widest is None or before.rstrip().endswith(","):
            return False
        inside = re.search(rf"(?:^|\W)(?:{words.within})\s+$|\(\s*$", before, re.IGNORECASE)
        if widest.kind == "section" and not inside and not chain.has("part", "chapter"):
            return False
        if widest.kind == "part" and widest.target in "+-" and not inside:
            return False
        # `the part I played`: a pronoun; `one` can be a pronoun, too.
        word = text[widest.start : widest.end]
        is_pronoun = widest.target.casefold() in ("i", words.numerals[0]) and word[0].islower()
        if is_pronoun and (widest.kind == "part" or not inside):
            return False
    at = first
    if not is_note:
        at += last_beginning(before)
    others = []
    for start, end in own[-LOOK_BACK // 5 :]:
        others.append(text[at:start])
        at = max(at, end)
    others.append(text[at : chain.start])
    return not re.search(rf"\b(?:{words.cited})", " ".join(others), re.IGNORECASE)


# Resolving


def _resolve(chain: _Chain, text: str, home: int, book: Book, words: ReferenceWords) -> Reference:
    """The cross-reference of a chain in a text of the division `home`."""
    kind, page, division, number, reason = "page", "", None, None, ""
    pages, note = chain.first("page"), chain.first("note")
    path = [p for p in chain.pieces if p.kind in _FROM_WIDEST]
    if pages is not None:
        page = pages.target
    if chain.has("volume", "another"):
        kind, reason = "volume", "elsewhere"
    elif pages is not None:
        target = book.pages.get(page)
        division = target.division if target else None
        if target is None:
            reason = "no-such-page"
        elif not target.has_text:
            reason = "blank-page"
        elif division is None:
            reason = "outside"
    elif note is not None:
        kind, number = "note", int(note.target)
        if path:
            division, reason = _find(path, home, book, words)
        else:
            division = _numbers_notes(book.around(home))
        if not reason and (division, number) not in book.notes:
            reason = "no-such-note"
    elif path:
        kind = "division"
        division, reason = _find(path, home, book, words)
    else:
        reason = "no-target"
    return Reference(
        start=chain.start,
        end=chain.end,
        reading=text[chain.start : chain.end],
        kind=kind,
        page=page,
        division=division,
        note=number,
        reason=reason,
    )


def _find(path: Sequence[_Piece], home: int, book: Book, words: ReferenceWords) -> tuple[int | None, str]:
    """The key of the division that a path names from `home`; or None and the reason."""
    scope: int | None = None
    for kind in _FROM_WIDEST:
        for piece in path:
            if piece.kind != kind:
                continue
            candidates = _candidates(piece, scope, home, book, words)
            if len(candidates) != 1:
                return None, "several-divisions" if candidates else "no-such-division"
            scope = candidates[0].key
    return scope, ""


def _candidates(
    piece: _Piece, scope: int | None, home: int, book: Book, words: ReferenceWords
) -> list[DivisionOfBook]:
    """The divisions that a piece can mean; without a scope, the ones nearest to `home`."""

    def inside(divisions: Sequence[DivisionOfBook], outer: int) -> list[DivisionOfBook]:
        return [d for d in divisions if any(a.key == outer for a in book.around(d.key))]

    alike = [d for d in book.divisions if d.kind == piece.kind]
    around = book.around(home)
    if piece.target in ("+", "-"):
        here = next((d for d in around if d.kind == piece.kind), None)
        at = book.index[here.key if here else home]
        if piece.kind == "section":
            alike = [d for d in alike if here is not None and d.parent == here.parent]
        rest = [d for d in alike if (book.index[d.key] - at) * (1 if piece.target == "+" else -1) > 0]
        return rest[:1] if piece.target == "+" else rest[-1:]
    n = _value(piece.target, words)
    alike = [d for d in alike if n and _value(d.n, words) == n]
    if scope is not None:
        return inside(alike, scope)
    if piece.kind == "section":
        # Sections are numbered anew in each chapter.
        around = [d for d in around if d.kind not in ("part", "section", "subsection")]
        alike = inside(alike, around[0].key) if around else []
    for outer in around:
        if nearer := inside(alike, outer.key):
            return nearer
    return alike


@lru_cache(maxsize=1000)
def _value(n: str, words: ReferenceWords) -> int:
    """The number that `3`, `III`, `three` or `third` stands for; 0 if `n` is not a number."""
    for numbers in (words.numerals, words.ordinals):
        for k, number in enumerate(numbers, start=1):
            if re.fullmatch(number, n, re.IGNORECASE):
                return k
    order = order_of(n)
    return order[1] if order else 0


def _numbers_notes(around: Sequence[DivisionOfBook]) -> int | None:
    """The division whose notes are numbered together: the innermost one that is not a section."""
    return next((d.key for d in around if d.kind not in ("section", "subsection")), None)

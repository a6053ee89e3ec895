"""Stage: cross-references. Where the book sends its reader to another place of itself.

A reference is read as a chain of pieces that stand side by side, parted by a comma, a bracket or a small word:

    reference = piece { [","] ["("] [join] piece }
    piece     = see | where | here | volume | division | pages | note

    `see` `below`, `pp. 187 ff.`        `note 3` to `chapter 2`        `volume I` `of the present work`, `p. 12`

The words are `reference_words`' table of the manifest's language. What tells a cross-reference from a citation:

- `above`, `below` and `of the present work` make one of any target;
- a volume is one of this work only where that is said: `vol. 33, p. 97` is a place in somebody else's;
- without such a word, `see p. 12` and `chapter 3` are places in this book unless a work was cited before (in the
  sentence; in a note, in the thousand characters before), or right before the comma, or comes next (`chapter 3 of …`).

Quotations are not read: what they refer to is a place in the work that they are from. The cost is linear in the text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from corpus_import.elements import CrossReference, Division, Draft, ParagraphKind, Span, Text
from corpus_import.reference_words import ReferenceWords, words_of

# Why a reference is not resolved, in words for the apparatus.
REASONS = {
    "elsewhere": "in another volume of the work",
    "no-such-page": "the page is not in the witnesses",
    "blank-page": "the page has no text",
    "no-such-division": "the division is not in the witnesses",
    "several-divisions": "more than one division has this number",
    "no-such-note": "the note is not in the witnesses",
    "no-target": "neither a page nor a division is named",
}

# `107`, or a small roman number: no initial, no `mild`.
_SMALL_ROMAN = r"(?=[ivxlcdm])m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})(?!\w)"
_PAGE = rf"(?:[0-9]{{1,4}}(?![0-9])|(?-i:{_SMALL_ROMAN}))"
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_SENTENCE_BEGINS = re.compile(r"[.!?][\"”’')\]]*\s+(?=[\"“(\[]?[A-ZÀ-Ý])")
_FROM_WIDEST = ("part", "chapter", "section")
# How many characters before and after a reference can tell whose it is.
LOOK_BACK = 1000


def resolve_cross_references(draft: Draft) -> Draft:
    """Find the cross-references of text and notes, and the page, division or note that each one names."""
    words = words_of(draft.manifest.language)
    if words is None:
        return draft
    book = _Book(draft)
    found: list[CrossReference] = []
    for index, paragraph in enumerate(draft.paragraphs):
        if paragraph.kind is ParagraphKind.QUOTATION:
            continue
        for chain in _read(paragraph.text.string, words, is_note=False):
            reference = _refer(chain, paragraph.text, paragraph.place, book, draft)
            found.append(replace(reference, paragraph=index))
    for index, note in enumerate(draft.notes):
        for part, body in enumerate(note.paragraphs):
            if body.kind is ParagraphKind.QUOTATION:
                continue
            for chain in _read(body.text.string, words, is_note=True):
                reference = _refer(chain, body.text, note.place, book, draft)
                found.append(replace(reference, note=index, part=part))
    return replace(draft, cross_references=tuple(found))


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


def _read(text: str, words: ReferenceWords, *, is_note: bool) -> Iterator[_Chain]:
    """The cross-references of a text, from its beginning to its end."""
    pieces = list(_pieces(text, words))
    if not pieces:
        return
    between = _between_pattern(words)
    chains: list[list[_Piece]] = [[pieces[0]]]
    for before, piece in pairwise(pieces):
        begins_anew = piece.kind == "see" or (piece.kind == "where" and before.kind == "where")
        if begins_anew or not between.fullmatch(text, before.end, piece.start):
            chains.append([])
        chains[-1].append(piece)
    own: list[tuple[int, int]] = []  # what was read as a cross-reference cites no other work
    for run in chains:
        chain = _without_loose_ends(text, run)
        if chain is not None and _is_ours(text, chain, words, own, is_note):
            own.append((chain.start, chain.end))
            yield chain


def _without_loose_ends(text: str, run: Sequence[_Piece]) -> _Chain | None:
    """A chain without a `see` that belongs to what follows it, its bracket closed; None if no reference is left."""
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
        # `see above`, and no more than that: not `see above the door`.
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
    """Whether a chain that says neither where nor in which book can be meant for no other book than this."""
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
        # `the part I played`: a pronoun, and so can `one` be.
        word = text[widest.start : widest.end]
        is_pronoun = widest.target.casefold() in ("i", words.numerals[0]) and word[0].islower()
        if is_pronoun and (widest.kind == "part" or not inside):
            return False
    at = first
    if not is_note:
        at += max((m.end() for m in _SENTENCE_BEGINS.finditer(before)), default=0)
    others = []
    for start, end in own[-LOOK_BACK // 5 :]:
        others.append(text[at:start])
        at = max(at, end)
    others.append(text[at : chain.start])
    return not re.search(rf"\b(?:{words.cited})", " ".join(others), re.IGNORECASE)


# Resolving


class _Book:
    """What the archive has: pages, divisions, notes, and where they are."""

    def __init__(self, draft: Draft) -> None:
        self.divisions = draft.divisions
        self.words = words_of(draft.manifest.language)
        self.index = {d.place: k for k, d in enumerate(draft.divisions)}
        self.pages = {p.page: p for p in draft.pages}
        self.page_places = {p.page: p.place for p in draft.pages}
        for paragraph in draft.paragraphs:
            self.page_places.update({b.page: paragraph.place for b in paragraph.breaks})
        for note in draft.notes:
            for part in note.paragraphs:
                self.page_places.update({b.page: note.place for b in part.breaks})
        self.notes = {(n.place, n.n) for n in draft.notes if n.n is not None}

    def around(self, place: int) -> list[Division]:
        """The division at a place and those that it stands in, from the inside out."""
        found: list[Division] = []
        at: int | None = place
        while at is not None and at in self.index:
            found.append(self.divisions[self.index[at]])
            at = found[-1].parent
        return found

    def find(self, path: Sequence[_Piece], place: int) -> tuple[int | None, str]:
        """The place of the division that a path names from `place`, and why there is none if there is none."""
        scope: int | None = None
        for kind in _FROM_WIDEST:
            for piece in path:
                if piece.kind != kind:
                    continue
                candidates = self._candidates(piece, scope, place)
                if len(candidates) != 1:
                    return None, "several-divisions" if candidates else "no-such-division"
                scope = candidates[0].place
        return scope, ""

    def _candidates(self, piece: _Piece, scope: int | None, place: int) -> list[Division]:
        """The divisions that a piece can mean; those that stand nearest to `place` if there is no scope."""
        alike = [d for d in self.divisions if d.kind == piece.kind]
        around = self.around(place)
        if piece.target in ("+", "-"):
            here = next((d for d in around if d.kind == piece.kind), None)
            at = self.index[here.place if here else place]
            if piece.kind == "section":
                alike = [d for d in alike if here is not None and d.parent == here.parent]
            rest = [d for d in alike if (self.index[d.place] - at) * (1 if piece.target == "+" else -1) > 0]
            return rest[:1] if piece.target == "+" else rest[-1:]
        n = self.value(piece.target)
        alike = [d for d in alike if n and self.value(d.n) == n]
        if scope is not None:
            return [d for d in alike if any(a.place == scope for a in self.around(d.place))]
        if piece.kind == "section":
            # Sections are numbered anew in each chapter.
            around = [d for d in around if d.kind not in ("part", "section", "subsection")]
            alike = [
                d for d in alike if around and any(a.place == around[0].place for a in self.around(d.place))
            ]
        for outer in around:
            nearer = [d for d in alike if any(a.place == outer.place for a in self.around(d.place))]
            if nearer:
                return nearer
        return alike

    def value(self, n: str) -> int:
        """The number that `3`, `III`, `three` or `third` stands for; 0 for none."""
        if n.isdigit():
            return int(n)
        if self.words is not None:
            for numbers in (self.words.numerals, self.words.ordinals):
                for k, number in enumerate(numbers, start=1):
                    if re.fullmatch(number, n, re.IGNORECASE):
                        return k
        if not n or any(letter not in _ROMAN for letter in n.upper()):
            return 0
        values = [_ROMAN[letter] for letter in n.upper()]
        return sum(-a if a < b else a for a, b in pairwise([*values, 0]))


def _refer(chain: _Chain, text: Text, place: int, book: _Book, draft: Draft) -> CrossReference:
    """The cross-reference that a chain in a text of the division at `place` is."""
    kind, page, target, number, reason = "page", "", None, None, ""
    pages, note = chain.first("page"), chain.first("note")
    path = [p for p in chain.pieces if p.kind in _FROM_WIDEST]
    if pages is not None:
        page = pages.target
    if chain.has("volume", "another"):
        kind, reason = "volume", "elsewhere"
    elif pages is not None:
        if page not in book.pages:
            reason = "no-such-page"
        elif not book.pages[page].has_text:
            reason = "blank-page"
        target = book.page_places.get(page)
    elif note is not None:
        kind, number = "note", int(note.target)
        target, reason = book.find(path, place) if path else (_numbers_notes(book.around(place)), "")
        if not reason and (target, number) not in book.notes:
            reason = "no-such-note"
    elif path:
        kind = "division"
        target, reason = book.find(path, place)
    else:
        reason = "no-target"
    span = _span(text.cut(chain.start, chain.end))
    return CrossReference(
        span=span,
        line=draft.line_at(span),
        reading=text.string[chain.start : chain.end],
        kind=kind,
        target_page=page,
        target_place=target,
        target_note=number,
        resolved=not reason,
        reason=reason,
        paragraph=None,
        note=None,
        part=0,
        offset=chain.start,
        length=chain.end - chain.start,
    )


def _numbers_notes(around: Sequence[Division]) -> int | None:
    """The division whose notes are numbered together: the innermost that is no section."""
    return next((d.place for d in around if d.kind not in ("section", "subsection")), None)


def _span(text: Text) -> Span:
    """From where the text begins to where it ends, or, if something stood in between, what stands before that."""
    held = [p.span for p in text.pieces if p.span.start < p.span.end]
    first, last = held[0], held[-1]
    if last.witness == first.witness and last.end >= first.end:
        return replace(first, end=last.end)
    return first

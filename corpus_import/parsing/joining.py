"""Joins lines into running text, and decides which hyphens at a line's end stay."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus_import.parsing.characters import SOFT, SOFT_HYPHEN, SOFT_HYPHENS, is_typed_hyphen, shown
from corpus_import.parsing.elements import (
    Between,
    Block,
    BreakInText,
    Cutter,
    Emendation,
    Line,
    Piece,
    Span,
    Text,
    Vocabulary,
)
from corpus_import.parsing.recognise import REFERENCE
from reader.text.lost_italics import CLOSED_SPACE

_BEFORE_HYPHEN = re.compile(rf"([^\W_]+(?:-(?=[{SOFT_HYPHENS}]))?)[-{SOFT_HYPHENS}]$")
_AFTER_HYPHEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


# A dash that no space parts from its words: `peasants—`, `1924–`, `—who`.
_TIGHT_DASH_BEFORE = re.compile(r"[^\s–—―][–—―]$")
_TIGHT_DASH_AFTER = re.compile(r"[–—―][^\s–—―]")

# Words before which a hyphen hangs: `pre- and post-war`, `Ein- und Ausfuhr`.
_BETWEEN = frozenset({"and", "or", "to", "nor", "und", "oder", "bis", "et", "ou", "y", "o", "e", "и", "или"})


@dataclass(frozen=True, slots=True)
class Seam:
    """A line, whether a page of the book turned before the line, and the page's number if a marker gives one."""

    line: Line
    turned: bool = False
    page: str = ""


def seams_of(blocks: Sequence[Block]) -> list[Seam]:
    """The lines of blocks that make one text. Two spaces in the middle, or a marker, mean that a page turned."""
    seams: list[Seam] = []
    for block in blocks:
        for line in block.lines:
            first = line is block.first
            before = seams[-1].line if seams else None
            page = block.markers[-1].page if first and block.markers else ""
            closed = before is not None and before.trailing >= 2
            turned = (
                first
                and before is not None
                and (bool(page) or (closed and (block.between is not Between.BLANK or line.indent == 1)))
            )
            seams.append(Seam(line, turned, page))
    return seams


def join_lines(
    seams: Sequence[Seam], known: Vocabulary, *, keep_lines: bool = False
) -> tuple[Text, tuple[BreakInText, ...], tuple[Emendation, ...]]:
    """Join lines into one text, or `keep_lines`, as in verse.

    Returns the text, the pages that begin in it (offsets in the text), and the hyphens that were taken out.
    """
    pieces: list[Piece] = []
    breaks: list[BreakInText] = []
    emendations: list[Emendation] = []
    length = 0
    for index, seam in enumerate(seams):
        line = seam.line
        if index:
            before = seams[index - 1].line
            broken = seam.turned or line.witness in known.printed
            joint, drop = ("\n", False) if keep_lines else _join(before.text, line.text, broken, known)
            if drop:
                hyphen = Span(
                    before.witness, before.start + len(before.text) - 1, before.start + len(before.text)
                )
                pieces[-1] = Piece(
                    pieces[-1].text[:-1],
                    Span(before.witness, pieces[-1].span.start, hyphen.start),
                )
                pieces.append(Piece("", hyphen))
                length -= 1
                if joint:
                    pieces[-1] = Piece(joint, hyphen)
                    length += len(joint)
                left, right = _halves(before.text, line.text)
                reading = f"{left}{shown(before.text[-1])} {right}"
                rule = "printer's hyphen" if before.text[-1] == "-" else SOFT
                emendations.append(Emendation(hyphen, before.number, reading, left + joint + right, rule))
            elif joint:
                end = before.start + len(before.text)
                pieces.append(Piece(joint, Span(before.witness, end, end)))
                length += len(joint)
        if seam.page:
            breaks.append(BreakInText(length, seam.page, attested=True))
        pieces.append(Piece(line.text, line.span))
        length += len(line.text)
    return Text(tuple(pieces)), tuple(breaks), tuple(emendations)


# `forward ."`, `(bednyaki )`: the space that the end of italics left before a mark of punctuation; no ellipsis.
_STRAY_SPACE = re.compile(
    r"(?<=[^\W_]) (?=[,;:.!?)](?: ?\]|[\"”’'.,;:)]{0,3})(?:[\s\[]|--|$))(?!\. \.|\.\.|: \d)"
)
# French sets a space before the other marks.
_STRAY_SPACE_IN_FRENCH = re.compile(r"(?<=[^\W_]) (?=[,.)](?:[\s\[]|$))(?!\. \.)")


def close_spaces(
    text: Text, breaks: Sequence[BreakInText], language: str, line_of: Callable[[Span], int]
) -> tuple[Text, tuple[BreakInText, ...], tuple[Emendation, ...]]:
    """Take out the spaces that lost italics left before punctuation, and move the offsets of the breaks."""
    string = text.string
    pattern = _STRAY_SPACE_IN_FRENCH if language.startswith("fr") else _STRAY_SPACE
    offsets = [match.start() for match in pattern.finditer(string)]
    if not offsets:
        return text, tuple(breaks), ()
    cutter = Cutter(text)
    pieces: list[Piece] = []
    emendations: list[Emendation] = []
    at = 0
    for offset in offsets:
        pieces.extend(cutter.cut(at, offset).pieces)
        left = re.search(r"\S*$", string[max(offset - 80, 0) : offset])
        right = re.match(r"\S*", string[offset + 1 : offset + 80])
        assert left is not None and right is not None, "both patterns match the empty string"  # noqa: PT018
        where = cutter.cut(offset - 1, offset).pieces[-1].span
        span = Span(where.witness, where.end, where.end)
        before = f"{left[0]} {right[0]}"
        emendations.append(Emendation(span, line_of(where), before, left[0] + right[0], CLOSED_SPACE))
        at = offset + 1
    pieces.extend(cutter.cut(at).pieces)
    moved = tuple(
        BreakInText(b.offset - sum(o < b.offset for o in offsets), b.page, b.attested) for b in breaks
    )
    return Text(tuple(pieces)), moved, tuple(emendations)


def _halves(before: str, after: str) -> tuple[str, str]:
    left, right = _BEFORE_HYPHEN.search(before), _AFTER_HYPHEN.match(after)
    return (left[1] if left else ""), (right[0] if right else "")


def _join(before: str, after: str, broken: bool, known: Vocabulary) -> tuple[str, bool]:
    """The characters to put between two lines, and whether the hyphen at the end of the first one goes.

    - A dash ` -- ` that was broken between its hyphens is made whole: `peasants -` / `- who` .
    - `1923-` / `1924` is a range, `class-` / `divided` a compound: the hyphen stays, with no space.
    - `de-` / `veloping` at a page of the book is one word: the printer's hyphen goes.
    - A soft hyphen goes, unless it was typed for a hyphen; after a hyphen it says that the hyphen is real.
    - A dash without a space before or after it has none at the line's end either: `peasants—` / `who`.
    - `known.` / `[12]`: a note's call belongs to the word before.
    """
    if REFERENCE.match(after):
        return "", False
    if before.endswith(SOFT_HYPHEN) or (
        before.endswith(SOFT_HYPHENS[1]) and before[-2:-1].isalpha() and after[0].islower()
    ):
        left, right = _halves(before, after)
        is_typed = is_typed_hyphen(left, right, known.listed) or (
            before[-2:-1].isdigit() and after[0].isdigit()
        )
        return ("-", True) if is_typed else ("", True)
    if before.endswith("-") and after.startswith("-") and not before.endswith("--"):
        return "", False
    if _TIGHT_DASH_BEFORE.search(before) or _TIGHT_DASH_AFTER.match(after):
        return "", False
    if not before.endswith("-") or before.endswith(("--", " -")) or before == "-":
        return " ", False
    left, right = _halves(before, after)
    if not left or not right:
        return ("", False) if left else (" ", False)
    if right.casefold() in _BETWEEN:
        return " ", False  # `pre-` / `and post-war`
    return "", hyphen_goes(left, right, broken, known)


def hyphen_goes(left: str, right: str, broken: bool, known: Vocabulary) -> bool:
    """Whether `left-` / `right` is one word that was broken, not a compound that has a hyphen.

    A browser breaks lines at existing hyphens and adds none: a printer adds hyphens. `broken` is true where a printer
    broke the line: where a page of the book turned, and everywhere in a witness that hyphenates at the ends of its
    lines (`known.printed`). There the halves are one word if the whole is known or one half is not a word; two words
    that do not make a known one keep their hyphen.

    Elsewhere the hyphen stays, unless it parts what nobody would part: neither half is a word, the whole is one, and
    the text never has the left half before a hyphen. So `pre-` / `war`, `bi-` / `weekly`, `e-` / `mail` are kept.
    """
    if left[-1].isdigit() or right[0].isdigit() or right[0].isupper():
        return False
    words = [known.has(half.casefold()) for half in (left, right)]
    whole, compound = (left + right).casefold(), f"{left}-{right}".casefold()
    if known.folded[whole] == 0 and known.compounds[compound] > 0:
        return False
    if broken:
        return known.has(whole) or not all(words)
    if known.compounds[compound] > 0 or not known.has(whole) or any(words):
        return False
    return not any(c.startswith(f"{left.casefold()}-") for c in known.compounds)

"""Letters whose stand-in is a blank: `Re olution`, `the  tate`.

A blank is a letter or a space. First the blanks beside halves of words say which letter it is, as other stand-ins do.
Then each line that has a half of a word is cut into words at those of its blanks that are spaces: the cheapest way, by
the frequencies of the words (dynamic programming, Viterbi 1967). A word is restored only if the language or the volume
has it, if its pieces are no words by themselves, and if it is far cheaper than its pieces. For a language without a
list of words nothing is restored. A capital at the beginning of words is restored by `dropped_capitals`, blank or not.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus_import.parsing.elements import Line, LineKind
from corpus_import.parsing.stages.repair_lost_letters.dropped_capitals import repair_capitals
from corpus_import.parsing.stages.repair_lost_letters.dropped_small import small_loss
from corpus_import.parsing.stages.repair_lost_letters.inference import (
    EXACT,
    LISTED,
    MOST_WORDS,
    Case,
    case_at,
    case_of_all,
    infer_letter,
)
from corpus_import.parsing.stages.repair_lost_letters.known import Known, Repair, sample, unknown_words

_LEFT = re.compile(r"[^\W\d_]+$")
_RIGHT = re.compile(r"[^\W\d_]+")
_CORE = re.compile(r"[^\W\d_](?:.*[^\W\d_])?")
# The fewest distinct halves that make a blank a letter.
FEWEST = 4
# Two neighbours often make a word by chance: a lower share of the explained halves is enough, but of longer words.
SHARE, FEWEST_OF_PAIR, FEWEST_OF_HALF = 0.6, 5, 3
# The most pieces of a word.
MOST_PIECES = 8
# Costs, as negative logarithms of a word's frequency: of an unknown word, of each of its letters, of a second space.
UNKNOWN, EACH_LETTER, SECOND_SPACE = 20.0, 1.5, 4.0
DEAREST, NO_WORD = 18.0, 2.0
# The cost of a second space where the volume has none but for the lost letter; the share that the letter explains.
RARE_SECOND_SPACE, EXPLAINED = 16.0, 0.8
_TWO_SPACES = re.compile(r"(?<![^\W\d_])([^\W\d_]+)[,.;:!?]?[\"”)]?  ([^\W\d_]+)")
# Fewer capitals may be an abbreviation; a name that is rarer in the list may be another one.
FEWEST_CAPITALS, RARE_NAME = 6, 5_000_000
# A rarer word is not restored at a blank at its end; a shorter one not from a far more frequent word and another piece.
RARE_WORD, FEWEST_AFTER_WORD = 1_000_000, 6
# How much more frequent a word is than another that lacks the letter at an end.
CLEARLY = 10
# How much cheaper a restored word is than its pieces.
MARGIN = 8.0


def repair_blanks(lines: Sequence[Line], known: Known) -> tuple[list[Repair], list[tuple[int, str]]]:
    """The repairs, and the words that need a capital and remain unread."""
    if not known.listed:
        return [], []
    halves: dict[str, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        if line.kind is LineKind.TEXT:
            for token in _halves(line, known):
                halves[token].append(index)
    asked = sample([token for token, indices in halves.items() for _ in indices], MOST_WORDS)
    candidates = {token: _weights(token, known) for token in asked}
    letter = infer_letter(candidates, FEWEST, SHARE)
    small = small_loss(unknown_words(known), known)
    if small is not None and (letter is None or letter.small != small):
        # A small letter was dropped, which can begin words as well.
        return [], []
    if letter is None or not letter.sure:
        return repair_capitals(lines, known)
    explained = [token for token in asked if letter.small in candidates[token]]
    case = case_of_all([case_at(token, token.index(" ")) for token in explained])
    if case is not Case.SMALL:
        repairs, unread = repair_capitals(lines, known)
        if repairs:
            return repairs, unread
    if case is Case.OPEN:
        return [], []
    glyph = letter.small.upper() if case is Case.CAPITAL else letter.small
    indices = {index for indices in halves.values() for index in indices}
    second_spaces = _second_spaces(lines, known, glyph)
    cutter = _LineCutter(known, glyph, RARE_SECOND_SPACE if second_spaces else SECOND_SPACE)
    return [
        repair
        for index in sorted(indices.union(second_spaces))
        for repair in reversed(list(cutter.read(index, lines[index])))
    ], []


def _second_spaces(lines: Sequence[Line], known: Known, letter: str) -> list[int]:
    """The lines with two spaces between words, if the lost letter explains nearly all of them; else none."""
    found, explained = [], 0
    for index, line in enumerate(lines):
        if line.kind is LineKind.TEXT:
            for spaces in _TWO_SPACES.finditer(line.text):
                found.append(index)
                explained += known.lists(letter + spaces[2]) or known.lists(spaces[1] + letter)
    return found if explained >= EXPLAINED * len(found) else []


def _halves(line: Line, known: Known) -> Iterator[str]:
    """The neighbours of each blank, as one token with the blank in it, where one of them is no word."""
    text = (" " if line.indent else "") + line.text + (" " if line.trailing > 1 else "")
    pieces = text.split(" ")
    whole = [piece.isalpha() and known.lists(piece) for piece in pieces]
    for k in range(len(pieces) - 1):
        if whole[k] or whole[k + 1]:
            continue
        left, right = _LEFT.search(pieces[k]), _RIGHT.match(pieces[k + 1])
        one, two = (left[0] if left else ""), (right[0] if right else "")
        if one and two:
            if len(one) + len(two) >= FEWEST_OF_PAIR and not (known.lists(one) or known.lists(two)):
                yield f"{one} {two}"
        elif len(two) >= FEWEST_OF_HALF and not pieces[k] and not known.lists(two):
            yield f" {two}"
        elif len(one) >= FEWEST_OF_HALF and not pieces[k + 1] and not known.lists(one):
            yield f"{one} "


def _weights(token: str, known: Known) -> dict[str, float]:
    """The letters that make a known word of the token, with the weight of that word."""
    weights: dict[str, float] = {}
    for letter in known.letters:
        small, capital = token.replace(" ", letter), token.replace(" ", letter.upper())
        if small.casefold() in known.listed:
            weights[letter] = LISTED
        if known.vocabulary.words[small] > 1 or known.vocabulary.words[capital] > 1:
            weights[letter] = EXACT
    return weights


@dataclass(frozen=True)
class _LineCutter:
    """Cuts lines into words at those of their blanks that are no letters; `second_space` is the cost of two spaces."""

    known: Known
    letter: str
    second_space: float

    def read(self, index: int, line: Line) -> Iterator[Repair]:
        """The words of a line in which a blank was a letter, in order."""
        lead = 1 if line.indent else 0
        pieces = ((" " * lead) + line.text + (" " if line.trailing > 1 else "")).split(" ")
        at = -lead
        for start, end in self._cut(pieces):
            word = self.letter.join(pieces[start:end])
            if end - start > 1 and self._is_sure(word, pieces[start:end]):
                yield Repair(index, at, at + len(word), word)
            at += len(word) + 1

    def _cut(self, pieces: Sequence[str]) -> list[tuple[int, int]]:
        """The cheapest way to cut the pieces into words, as ranges of pieces."""
        best: list[tuple[float, int]] = [(0.0, 0)]
        for end in range(1, len(pieces) + 1):
            ways = []
            for start in range(max(end - MOST_PIECES, 0), end):
                cost = best[start][0] + self._cost(self.letter.join(pieces[start:end]), start, end, pieces)
                ways.append((cost, start))
            best.append(min(ways))
        cuts, end = [], len(pieces)
        while end:
            cuts.append((best[end][1], end))
            end = best[end][1]
        return cuts[::-1]

    def _cost(self, word: str, start: int, end: int, pieces: Sequence[str]) -> float:
        if not word:
            return 0.0 if start == 0 or end == len(pieces) else self.second_space
        if end - start > 1 and not (self._can_be(word) and _can_join(pieces[start:end])):
            return UNKNOWN + EACH_LETTER * len(word)
        core = _CORE.search(word)
        if core is None:
            return NO_WORD
        return sum(self._cost_of_part(part) for part in re.split(r"['’-]", core[0]) if part)

    def _cost_of_part(self, part: str) -> float:
        count = self.known.listed.get(part.casefold())
        if count and (len(part) > 1 or part in "aAIO"):
            return min(-math.log(count / self.known.total), DEAREST)
        return UNKNOWN + EACH_LETTER * len(part)

    def _can_be(self, word: str) -> bool:
        """Whether the capitals of a word stand where capitals can."""
        core = _CORE.search(word)
        return core is not None and (
            core[0].islower() or core[0].isupper() or not any(c.isupper() for c in core[0][1:])
        )

    def _is_sure(self, word: str, pieces: Sequence[str]) -> bool:
        core = _CORE.search(word)
        if core is None or not all(
            self.known.lists(part) for part in re.split(r"['’-]", core[0]) if len(part) > 1
        ):
            return False
        if (
            not self._can_be(word)
            or self._may_be_name(core[0], pieces)
            or self._may_be_shorter(core[0], pieces)
        ):
            return False
        apart = sum(
            self._cost_of_part(part) if (part := "".join(filter(str.isalpha, piece))) else self.second_space
            for piece in pieces
        )
        broken = any(
            not (part := "".join(filter(str.isalpha, piece))) or not self.known.lists(part)
            for piece in pieces
        )
        return broken and self._cost(word, 0, len(pieces), pieces) + MARGIN < apart

    def _may_be_name(self, word: str, pieces: Sequence[str]) -> bool:
        """Whether a name or an abbreviation makes a rare word with a blank by chance: `Mir` and *Mire*."""
        if not word[0].isupper() or self.known.is_exact(word) or (pieces[0] and pieces[-1]):
            return False
        count = self.known.listed.get(word.casefold(), 0)
        return (word.isupper() and len(word) < FEWEST_CAPITALS) or count < RARE_NAME

    def _may_be_shorter(self, word: str, pieces: Sequence[str]) -> bool:
        """Whether a blank at an end may be a space: `plan` and a blank are no *plans*."""
        count = self.known.listed.get(word.casefold(), 0)
        if "" in (pieces[0], pieces[-1]) and (count < RARE_WORD or pieces[-1].endswith("-")):
            return True
        if len(word) < FEWEST_AFTER_WORD and self.known.listed.get(pieces[0].casefold(), 0) > 10 * count:
            return True
        first, last = not pieces[0], len(pieces) - (not pieces[-1])
        for start, end in ((first, len(pieces)), (0, last), (first, last)):
            if (start, end) != (0, len(pieces)) and start < end:
                core = _CORE.search(self.letter.join(pieces[start:end]))
                if core and count < CLEARLY * self.known.listed.get(core[0].casefold(), 0):
                    return True
        return False


# A shorter word is made of two single letters by chance.
FEWEST_LETTERS = 4
_FIGURE = re.compile(r"\d")
_AFTER_APOSTROPHE = re.compile(r"['’][^\W\d_]$")


def _can_join(pieces: Sequence[str]) -> bool:
    """Whether a letter can stand between the pieces: each joint has letters, or another lost letter, beside it."""
    for left, right in pairwise(pieces):
        if (left and not left[-1].isalpha()) or (right and not right[0].isalpha()):
            return False
        if _AFTER_APOSTROPHE.search(left):
            return False
    letters = sum(map(len, pieces)) + len(pieces) - 1
    return not _FIGURE.search("".join(pieces)) and (letters >= FEWEST_LETTERS or "" in pieces)

"""Capitals that were dropped at the beginning of words, without a trace or for a blank: `ovember`, `the  tate`.

The proof of such a loss: distinct words that are none, and words in small letters where a capital has to stand (a
sentence begins, a blank too many stands before them, the volume has the word with its capital elsewhere), become words
by one and the same capital, and hardly any by another.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from corpus_import.parsing.elements import Line
from corpus_import.parsing.stages.repair_lost_letters.known import Known, Repair, unknown_words
from corpus_import.parsing.stages.repair_lost_letters.places import (
    Place,
    begins_for_certain,
    words_of,
)

ALPHABET = "abcdefghijklmnopqrstuvwxyz"
# The evidence counts distinct words, those where a capital has to stand twice: so much of it, so many of the latter,
# and this share of all that any capital explains.
FEWEST, FEWEST_PLACES, SHARE = 5, 2, 0.6
# This share of the broken words inside lines has a blank too many before it, if the capital left a blank.
SHARE_BLANK = 0.8
# The list's count of the rarest word that is restored, divided by the times that it stands in the volume.
RAREST = 300_000
# A rare word of the list that stands in the volume at least so often, and this many times as often as in the language,
# is another word that is so much more frequent: `arty` is *Party*.
FEWEST_SAME, MORE_OFTEN, RARE = 4, 100, 3e-6
# A blank after another, after an opening sign, or at the beginning of a line.
_BLANK_BEFORE = re.compile(r"(?:[(\[“‘ ]|(?:^|[ (\[])[\"'])[ ]$")
# `NEP  New Economic Policy`, a row of a key.
_ROW = re.compile(r"(?P<head>[A-Z]{2,6})  +(?P<words>\S.*)")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Evidence:
    """The small words of the volume, and those among them that need a capital."""

    lines: Sequence[Line]
    known: Known
    unknown: Sequence[str]

    @cached_property
    def places(self) -> list[Place]:
        """The words in small letters."""
        return [
            place
            for place in words_of(self.lines)
            if place.word.islower()
            # `pp.` and `ff.` are words by themselves.
            and (len(place.word) > 3 or self.lines[place.line].text[place.end : place.end + 1] != ".")
        ]

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each small word stands in the volume."""
        return Counter(place.word for place in self.places)

    @cached_property
    def begins(self) -> frozenset[Place]:
        """The small words with which a sentence begins."""
        return frozenset(p for p in self.places if begins_for_certain(self.lines, p.line, p.start))

    @cached_property
    def after_blanks(self) -> frozenset[Place]:
        """The small words with a blank too many before them."""
        return frozenset(place for place in self.places if blank_before(self.lines[place.line], place.start))

    def letters(self, word: str) -> list[str]:
        """The letters before which the word is another one."""
        words = self.known.vocabulary.words
        return [x for x in ALPHABET if x + word in self.known.listed or words[x.upper() + word]]

    def find(self) -> tuple[str, bool] | None:
        """The capital, and whether it left a blank; None if none was dropped."""
        inside = frozenset(place for place in self.after_blanks if place.start)
        return self._find(self.begins) or self._find(self.begins | inside)

    def _find(self, needing_places: frozenset[Place]) -> tuple[str, bool] | None:
        letters: dict[str, list[str]] = {}
        needs_capital: set[tuple[str, str]] = set()
        words = self.known.vocabulary.words
        for word in self.unknown:
            if word.islower() and (found := self.letters(word)):
                letters[word] = found
                needs_capital |= {(word, x) for x in found if words[x.upper() + word]}
        for place in needing_places:
            if place.word not in letters and (found := self.letters(place.word)):
                letters[place.word] = found
            needs_capital |= {(place.word, x) for x in letters.get(place.word, ())}
        explained: Counter[str] = Counter()
        votes: dict[str, float] = defaultdict(float)
        needing: Counter[str] = Counter()
        total = 0
        for word, found in letters.items():
            weights = {x: 2 if (word, x) in needs_capital else 1 for x in found}
            total += max(weights.values())
            for x, weight in weights.items():
                explained[x] += weight
                votes[x] += weight / len(found)
                needing[x] += weight > 1
        if not votes:
            return None
        [(best, most), *rest] = sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))
        if (
            explained[best] < FEWEST
            or needing[best] < FEWEST_PLACES
            or explained[best] < SHARE * total
            or (rest and rest[0][1] > most / 2)
        ):
            return None
        broken = {word for word, found in letters.items() if best in found and not self.known.lists(word)}
        inner = [place for place in self.places if place.start and place.word in broken]
        with_blank = sum(place in self.after_blanks for place in inner)
        blank = bool(inner) and with_blank >= SHARE_BLANK * len(inner)
        return best.upper(), blank


def blank_before(line: Line, start: int) -> bool:
    """Whether a blank too many stands before a word: after another one, after an opening sign, or before the line."""
    if start == 0:
        return line.indent > 0
    return _BLANK_BEFORE.search(line.text[max(start - 4, 0) : start]) is not None


@dataclass(frozen=True)
class Capitals:
    """Restores a capital."""

    evidence: Evidence
    letter: str
    blank: bool

    def read(self) -> tuple[list[Repair], list[tuple[int, str]]]:
        """The repairs of all words that can be read in one way alone, and the words that need some capital."""
        evidence = self.evidence
        needing = [place for place in evidence.places if self._needs_capital(place)]
        done = {place for place in needing if self._is_sure(place)}
        own = Counter(evidence.known.vocabulary.words)
        own.update(self.letter + place.word for place in done)
        done |= {place for place in evidence.places if place not in done and self._is_sure_inside(place, own)}
        found = [self._repair(place, self.letter + place.word) for place in done]
        names = list(self._names())
        repairs = sorted(found + names, key=lambda repair: (repair.line, -repair.start))
        return repairs, sorted((place.line, place.word) for place in needing if place not in done)

    def _repair(self, place: Place, after: str) -> Repair:
        blank = place in self.evidence.after_blanks and (self.blank or place.start > 0)
        return Repair(place.line, place.start - blank, place.end, after)

    def _needs_capital(self, place: Place) -> bool:
        evidence = self.evidence
        if self.blank and place.start:
            return place in evidence.after_blanks
        return place in evidence.begins

    def _is_sure(self, place: Place) -> bool:
        """Whether a word where a capital has to stand can be restored."""
        word, known = place.word, self.evidence.known
        whole = self.letter + word
        if known.lists(whole) or known.vocabulary.words[whole]:
            # *A new plan* may have lost its first word as well as `new` its first letter.
            return len(word) == 1 or known.listed.get(whole.casefold(), 0) >= known.listed.get(word, 0)
        return not known.lists(word) and len(word) > 3 and not known.vocabulary.words[word.capitalize()]

    def _is_sure_inside(self, place: Place, own: Counter[str]) -> bool:
        """Whether a word inside a sentence can be restored."""
        word, known, counts = place.word, self.evidence.known, self.evidence.counts
        whole = self.letter + word
        if (
            len(word) < 2
            or own[word.capitalize()]
            or (self.blank and place not in self.evidence.after_blanks)
        ):
            return False
        listed = known.listed.get(whole.casefold(), 0)
        if not known.lists(word):
            return own[whole] > 0 or listed * counts[word] >= RAREST
        expected = known.listed[word] / known.total
        return (
            expected < RARE
            and counts[word] >= FEWEST_SAME
            and counts[word] > MORE_OFTEN * expected * len(self.evidence.places)
            and listed > MORE_OFTEN * known.listed[word]
        )

    def _names(self) -> Iterator[Repair]:
        """The abbreviations of a key whose definitions spell them out: `EP  New Economic Policy`."""
        heads: dict[str, str] = {}
        for line in self.evidence.lines:
            row = _ROW.fullmatch(line.text)
            if row is None:
                continue
            initials = "".join(
                word[0] if word[0].isupper() else self.letter
                for word in _WORD.findall(row["words"])
                if word[0].isupper() or not self.evidence.known.lists(word)
            )
            if initials != row["head"] and initials.replace(self.letter, "") == row["head"]:
                heads[row["head"]] = initials
        if not heads:
            return
        for place in words_of(self.evidence.lines):
            if place.word in heads and (repair := self._name(place, heads[place.word])):
                yield repair

    def _name(self, place: Place, whole: str) -> Repair | None:
        start, end = place.start, place.end
        if self.blank:
            line = self.evidence.lines[place.line]
            if whole.startswith(self.letter):
                if not blank_before(line, start):
                    return None
                start -= 1
            if whole.endswith(self.letter):
                if line.text[end : end + 1] not in ("", " ") or (end == len(line.text) and not line.trailing):
                    return None
                end += 1
            if end - start != len(whole):
                return None
        return Repair(place.line, start, end, whole)


def repair_capitals(lines: Sequence[Line], known: Known) -> tuple[list[Repair], list[tuple[int, str]]]:
    """The repairs of a capital that was dropped, or left a blank, at the beginning of words; none without proof.

    Beside these, the words that need a capital and remain unread.
    """
    evidence = Evidence(lines, known, unknown_words(known))
    found = evidence.find()
    return Capitals(evidence, *found).read() if found else ([], [])

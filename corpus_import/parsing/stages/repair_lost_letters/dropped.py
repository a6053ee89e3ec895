"""Letters that were dropped without a trace, or capitals that left a blank: `ovember`, `the  tate`, `th`.

No sign marks such a place, so the volume itself has to prove the loss first: many distinct words of no language become
words by one and the same letter, in ever other surroundings, and none of them has this letter elsewhere. For a capital,
sentences begin with small letters as well. (American spelling lacks a *u*, but always between *o* and *r*; a dialect
lacks a *g*, but always at the end.) Without this proof nothing is done.

Then a word is restored only if it is none as it stands, and if one word alone can have stood there. A word of the
language is left alone, but at the beginning of a sentence, where it needs a capital (`he` for *The*), or behind a blank
too many.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus_import.parsing.elements import Line
from corpus_import.parsing.stages.repair_lost_letters.known import Known, Repair
from corpus_import.parsing.stages.repair_lost_letters.places import Place, begins_for_certain, words_of

ALPHABET = "abcdefghijklmnopqrstuvwxyz"
# The fewest letters of a broken word that is evidence.
FEWEST_LETTERS = 3
# A small letter: so many distinct broken words, this share of those that any letter explains, at most this share of them
# with the same two neighbours of the letter, at most this share of words that have the letter elsewhere.
FEWEST_SMALL, SHARE_SMALL, SAME_SURROUNDINGS, WITH_LETTER = 10, 0.6, 0.4, 0.1
# A capital: so many distinct broken words, one at the beginning of a sentence counted twice; so many such beginnings.
FEWEST_CAPITAL, FEWEST_BEGINNINGS, SHARE_CAPITAL = 5, 2, 0.6
# This share of the broken words has a blank too many before it, if the capital left a blank.
SHARE_BLANK = 0.8
# A word that only the language has, and that is rarer, is not restored.
RAREST = 300_000
# How much more frequent the one reading is than all others together.
CLEARLY = 50


@dataclass(frozen=True, slots=True)
class Loss:
    """A letter that was dropped, as it was: `N`, or `e`; whether it left a blank; its share of words that lost it."""

    letter: str
    blank: bool = False


def repair_dropped(lines: Sequence[Line], known: Known) -> tuple[list[Repair], list[tuple[int, str]]]:
    """The repairs, and the broken words that remain unread."""
    if not known.listed:
        return [], []
    types = _unknown_types(known)
    repairs: list[Repair] = []
    small = _small_loss(types, known)
    if small is not None:
        repairs += _Small(lines, known, small).repairs()
    else:
        heads = _Heads(lines, known, types)
        loss = heads.loss()
        if loss is not None:
            repairs += _Capital(lines, known, loss).repairs()
    return sorted(repairs, key=lambda r: (r.line, -r.start)), []


def _unknown_types(known: Known) -> list[str]:
    """The words of the volume that the language has not, without the end of a genitive."""
    types = {}
    for word in known.vocabulary.words:
        bare = word[:-2] if word.endswith(("'s", "’s")) else word
        if len(bare) >= FEWEST_LETTERS and bare.isascii() and bare.isalpha() and not known.lists(bare):
            types[bare] = None
    return list(types)


def _small_loss(types: Sequence[str], known: Known) -> str | None:
    """The small letter that was dropped inside words, if one was."""
    explained: dict[str, set[str]] = defaultdict(set)
    with_letter: Counter[str] = Counter()
    surroundings: dict[str, Counter[str]] = defaultdict(Counter)
    votes: Counter[str] = Counter()
    for word in types:
        if word[1:].islower():
            small = word.casefold()
            found = set()
            for k in range(1, len(small) + 1):
                before, after = small[:k], small[k:]
                for letter in ALPHABET:
                    if before + letter + after in known.listed:
                        if letter in small:
                            with_letter[letter] += 1
                        else:
                            found.add(letter)
                            surroundings[letter][before[-1] + after[:1]] += 1
            for letter in found:
                explained[letter].add(word)
                votes[letter] += 1
    if not explained:
        return None
    best = max(explained, key=lambda letter: (len(explained[letter]), letter))
    words = explained[best]
    any_letter = set().union(*explained.values())
    if (
        len(words) < FEWEST_SMALL
        or len(words) < SHARE_SMALL * len(any_letter)
        or max(surroundings[best].values()) > SAME_SURROUNDINGS * len(words)
        or with_letter[best] > WITH_LETTER * len(words)
    ):
        return None
    return best


class _Heads:
    """The evidence for a capital that was dropped at the beginning of words."""

    def __init__(self, lines: Sequence[Line], known: Known, types: Sequence[str]) -> None:
        self.lines, self.known = lines, known
        self.types = types

    def loss(self) -> Loss | None:
        """The capital that was dropped, if one was."""
        # Words of no language, and words that begin a sentence with a small letter.
        votes: Counter[str] = Counter()
        beginnings: Counter[str] = Counter()
        broken: dict[str, list[str]] = {}
        for word in self.types:
            if word.islower() and (letters := self._letters(word)):
                broken[word] = letters
        heads: dict[str, list[str]] = {}
        for place in self._small_beginnings():
            if place.word not in heads:
                heads[place.word] = self._letters(place.word)
        words = broken | {word: letters for word, letters in heads.items() if letters}
        explained: Counter[str] = Counter()
        for word, letters in words.items():
            for letter in letters:
                weight = (2 if word in heads else 1)
                explained[letter] += weight
                votes[letter] += weight / len(letters)
                beginnings[letter] += word in heads
        if not votes:
            return None
        total = sum(2 if word in heads else 1 for word in words)
        [(best, most), *rest] = votes.most_common(2)
        if (
            explained[best] < FEWEST_CAPITAL
            or beginnings[best] < FEWEST_BEGINNINGS
            or explained[best] < SHARE_CAPITAL * total
            or (rest and rest[0][1] > most / 2)
        ):
            return None
        return Loss(best.upper())

    def _letters(self, word: str) -> list[str]:
        words = self.known.vocabulary.words
        return [
            letter for letter in ALPHABET if letter + word in self.known.listed or words[letter.upper() + word]
        ]

    def _small_beginnings(self) -> Iterator[Place]:
        for place in words_of(self.lines):
            if place.word.islower() and begins_for_certain(self.lines, place.line, place.start):
                yield place


@dataclass(frozen=True)
class _Capital:
    lines: Sequence[Line]
    known: Known
    loss: Loss

    def repairs(self) -> Iterator[Repair]:
        words = self.known.vocabulary.words
        letter = self.loss.letter
        for place in words_of(self.lines):
            word = place.word
            if not word.islower():
                continue
            whole = letter + word
            if not (whole.casefold() in self.known.listed or words[whole]):
                continue
            if self.known.lists(word) and len(word) > 1 or word == "a":
                if not begins_for_certain(self.lines, place.line, place.start):
                    continue
            elif words[word.capitalize()] or (
                not words[whole] and self.known.listed.get(whole.casefold(), 0) < RAREST
            ):
                continue
            yield Repair(place.line, place.start, place.end, whole)


@dataclass(frozen=True)
class _Small:
    lines: Sequence[Line]
    known: Known
    letter: str

    def repairs(self) -> Iterator[Repair]:
        readings: dict[str, dict[str, int]] = defaultdict(dict)
        for word, count in self.known.listed.items():
            if self.letter in word:
                readings[word.replace(self.letter, "")][word] = count
        for place in words_of(self.lines):
            word = place.word
            small = word.casefold()
            if self.letter in word or (word != small and word[1:] != small[1:]):
                continue
            if small in self.known.listed and (len(small) > 1 or small == "a"):
                continue
            found = readings.get(small)
            if not found:
                continue
            if word != small:
                found = {w: c for w, c in found.items() if w[0] == small[0]}
                if not found:
                    continue
            best = max(found, key=lambda w: (found[w], w))
            if found[best] < CLEARLY * (sum(found.values()) - found[best]) or found[best] < RAREST:
                continue
            yield Repair(place.line, place.start, place.end, word[:1] + best[1:] if word != small else best)

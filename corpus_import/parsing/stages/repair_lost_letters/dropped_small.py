"""Small letters that were dropped without a trace: `th`, `govrnmnt`.

No sign marks such a place, so the volume itself has to prove the loss first: many distinct words that are none become
words by one and the same letter, in ever other surroundings, and none of them has this letter elsewhere. (American
spelling lacks a *u*, but always between *o* and *r*; a dialect lacks a *g*, but always at the end.) Without this proof
nothing is done.

Then each word is read with the words beside it, and restored only if one reading outweighs all others. A word of the
language is left alone, unless the letter is gone everywhere and the words beside leave no doubt.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from corpus_import.parsing.elements import Line
from corpus_import.parsing.stages.repair_lost_letters.known import Known, Repair, unknown_words
from corpus_import.parsing.stages.repair_lost_letters.places import LONGEST_WORD, Place, words_of
from corpus_import.parsing.stages.repair_lost_letters.sentences import Model, Reading, Slot, chances

ALPHABET = "abcdefghijklmnopqrstuvwxyz"
# A small letter: so many distinct broken words, this share of those that any letter explains, at most this share of
# them with the same two neighbours of the letter, at most this share of words that have the letter elsewhere.
FEWEST_SMALL, SHARE_SMALL, SAME_SURROUNDINGS, WITH_LETTER = 10, 0.6, 0.4, 0.1
# The chance of a certain reading against another, against one with another ending, against a word as it stands, and
# against a word as it stands that is none.
SURE, SURE_OF_ENDING, SURE_OF_WORD, SURE_OF_UNKNOWN = 0.998, 0.9998, 0.9995, 0.8
# The least count of a word that a few letters can be: `du` and `po` are words of other languages.
LEAST_OF_SHORT = {1: 500_000_000, 2: 200_000_000, 3: 15_000_000, 4: 1_500_000}
# The list has the plural of every word that is more frequent.
FREQUENT = 5_000_000
# From this share of broken words on, a letter was dropped everywhere; below, names and foreign words weigh more.
ALL, SURE_IN_FONT = 0.95, 0.95
# `centre`: the list does not have `center`, which may have stood there as well.
_OF_ONE_COUNTRY = re.compile(r"[tb]re[sd]?$")


def repair_small(lines: Sequence[Line], known: Known) -> tuple[list[Repair], list[tuple[int, str]]]:
    """The repairs of a small letter that was dropped, and the broken words that remain unread."""
    if known.language is None:
        return [], []
    letter = small_loss(unknown_words(known), known)
    if letter is None:
        return [], []
    return _Small(lines, known, letter).read()


def small_loss(types: Sequence[str], known: Known) -> str | None:
    """The small letter that was dropped inside words, if one was."""
    explained: dict[str, set[str]] = defaultdict(set)
    with_letter: Counter[str] = Counter()
    surroundings: dict[str, Counter[str]] = defaultdict(Counter)
    for word in types:
        if word[1:].islower() and len(word) <= LONGEST_WORD:
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


class _Small:
    """Restores a small letter that was dropped."""

    def __init__(self, lines: Sequence[Line], known: Known, letter: str) -> None:
        assert known.language is not None
        self.lines, self.known, self.letter = lines, known, letter
        self.places = list(words_of(lines))
        self.readings: dict[str, list[str]] = defaultdict(list)
        for word in known.listed:
            if letter in word:
                self.readings[word.replace(letter, "")].append(word)
        # A word of the volume that has the letter is whole.
        own = {word.casefold() for word in known.vocabulary.words if letter in word and word.isalpha()}
        for word in own.difference(known.listed):
            self.readings[word.replace(letter, "")].append(word)
        self.counts = Counter(place.word for place in self.places)
        self.size = len(self.places)
        self.share = self._share()
        self.model = Model(known.language, known.vocabulary.folded, self.size)

    def _share(self) -> float:
        """The share of the words with this letter that lost it."""
        lost, kept = 0, 0
        for word, count in self.counts.items():
            small = word.casefold()
            if self.letter in word:
                kept += count
            elif small not in self.known.listed and small in self.readings:
                lost += count
        return max(lost, 1) / max(lost + kept, 1)

    def _options(self, place: Place) -> tuple[list[Reading], list[str]]:
        """The readings of a word, with their chances and spellings."""
        word = place.word
        small = word.casefold()
        is_name = word != small
        is_word = self._is_word(small)
        if self.letter in word or word[1:] != small[1:] or self._may_be_short(place):
            return [Reading(small, 1.0)], [word]
        found = self.readings.get(small, ())
        spelled = [(w, word[:1] + w[1:] if is_name else w) for w in found if not is_name or w[0] == small[0]]
        if len(small) == 1:
            spelled = [(w, spelling) for w, spelling in spelled if len(w) == 2]
        if self.letter in "er" and any(_OF_ONE_COUNTRY.search(w) for w in found):
            spelled = []
        if not spelled:
            return [Reading(small, 1.0)], [word]
        readings, spellings = [], []
        for w, spelling in spelled:
            chance = self.share
            if is_name and small in self.counts and not self.known.vocabulary.words[spelling]:
                chance *= 0.05
            readings.append(Reading(w, chance))
            spellings.append(spelling)
        if is_word:
            itself = 1.0
        else:
            own = 0.0
            if self.share < 0.9:
                whole = sum(self.known.vocabulary.folded[w] for w in found)
                own = (self.counts[word] - 1 - 4 * whole * self.share / (1 - self.share)) / self.size
            # In proportion to the frequency that the model gives to any unknown word.
            least = 0.01 if len(small) == 1 else (0.006 if is_name else 0.002) * 7.0 ** -len(small)
            itself = max(least, own) / self.model.frequency(small)
        return [Reading(small, itself), *readings], [word, *spellings]

    def read(self) -> tuple[list[Repair], list[tuple[int, str]]]:
        """The repairs of all words that can be read in one way alone, and the words that likely lost the letter too."""
        repairs: list[Repair] = []
        unread: list[tuple[int, str]] = []
        slots, spellings = [], []
        last: Place | None = None
        for place in self.places:
            readings, spelled = self._options(place)
            slots.append(Slot(tuple(readings), last is not None and self._joined(last, place)))
            spellings.append(spelled)
            last = place
        own: dict[str, float] = defaultdict(float)
        for slot in slots:
            if len(slot.readings) == 1:
                own[slot.readings[0].word] += 1
        # The first reading says how frequent the words are in this volume: nobody could say it before.
        first = chances(slots, replace(self.model, own=own))
        for slot, shares in zip(slots, first, strict=True):
            if len(shares) > 1:
                for reading, share in zip(slot.readings, shares, strict=True):
                    own[reading.word] += share
        second = chances(slots, replace(self.model, own=own))
        for place, spelled, shares in zip(self.places, spellings, second, strict=True):
            best = max(range(len(shares)), key=shares.__getitem__)
            if not best:
                continue
            if self._is_sure(place.word.casefold(), [w.casefold() for w in spelled], shares, best):
                repairs.append(Repair(place.line, place.start, place.end, spelled[best]))
            else:
                unread.append((place.line, place.word))
        return repairs, unread

    def _is_sure(self, word: str, spelled: Sequence[str], shares: Sequence[float], best: int) -> bool:
        """Whether a reading outweighs each other one, and the word as it stands."""
        is_word = self._is_word(word)
        if is_word and self.share < ALL:
            return False
        if not is_word and self.known.listed.get(spelled[best], 0) < LEAST_OF_SHORT.get(len(word), 0):
            return False
        sure = SURE_OF_WORD if is_word else SURE_OF_UNKNOWN if self.share >= ALL else SURE_IN_FONT
        if shares[0] > (1 - sure) * shares[best]:
            return False
        ends = spelled[best]
        has_plural = ends.endswith("s") or ends + "s" in spelled or self.known.listed.get(ends, 0) >= FREQUENT
        if self.letter == "s" and not has_plural:
            return False
        for k in range(1, len(shares)):
            if k != best:
                alike = self._are_alike(spelled[k], spelled[best])
                if shares[k] > (1 - (SURE_OF_ENDING if alike else SURE)) * shares[best]:
                    return False
        return True

    def _are_alike(self, word: str, best: str) -> bool:
        """Whether two words differ in their ending alone, and are both in use."""
        frequency = self.model.language.counts.get
        return (word[:-1] == best or best[:-1] == word) and frequency(best, 0) < 1000 * frequency(word, 0)

    def _is_word(self, small: str) -> bool:
        if len(small) < 2:
            return small in ("a", "i")
        return small in self.known.listed or self.model.language.spelled(small) != small

    def _may_be_short(self, place: Place) -> bool:
        """Whether a few letters may be an abbreviation, or the letter of a list."""
        text = self.lines[place.line].text
        after = text[place.end : place.end + 1]
        return (len(place.word) < 4 and after == ".") or (len(place.word) == 1 and after in (")", ":", ""))

    def _joined(self, last: Place, place: Place) -> bool:
        if last.line == place.line:
            between = self.lines[place.line].text[last.end : place.start]
        elif last.line == place.line - 1:
            between = (
                self.lines[last.line].text[last.end :] + " " + self.lines[place.line].text[: place.start]
            )
        else:
            return False
        return between == " "

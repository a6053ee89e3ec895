"""Words and their frequencies: a language's list, from libraries, and a volume's own words. Pure.

The list is symspellpy's (MIT): 82,834 words of English with their counts, and 242,342 pairs of neighbours. Rarer words
(`teetotal`, `crèches`) and the base of a word (`men`: `man`) are simplemma's (MIT): 181,612 forms, without counts. For
a language without a list, only the rules that need none are applied.

The package's own search is not used: its index of the whole list takes 0.7 s to make. An import asks the whole list for
the neighbours of the few words that it does not know, and all edits of each are tried. For every other word it asks for
common words alone; of these, and of a volume's own words, an index is made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

from simplemma import is_known, lemmatize

# Per language (the part of the tag before the hyphen) the files of words and of pairs in symspellpy.
_LISTS = {"en": ("frequency_dictionary_en_82_765.txt", "frequency_bigramdictionary_en_243_342.txt")}
# A longer word is not looked up as a slip.
LONGEST = 60
# A word this often in the list, about one in a quarter of a million, may be meant where another word is written.
COMMON = 2_000_000
# Spellings of one country where the list has another: `analyze`, `neighbor`, `dialog`, `defense`.
_COUNTRIES = (("yz", "ys"), ("or", "our"), ("og", "ogue"), ("ens", "enc"))


@dataclass(frozen=True, slots=True)
class WordList:
    """A language's words: `counts` of words, all in small letters, and of `pairs`, two words with a space between.

    The two counts come from corpora of different sizes: `scale` is how many pairs of the one there are for a word
    of the other. A pair that is less frequent than `floor` is not in the list.
    """

    language: str  # as simplemma names it: `en`
    counts: Mapping[str, int]
    pairs: Mapping[str, int]
    total: int
    scale: float
    floor: int
    neighbours: "Neighbours"
    common: "Index"

    def spelled(self, word: str) -> str:
        """The word as the list spells it: `analysed` for `analyzed`; unchanged if the list has neither."""
        if word not in self.counts:
            for there, here in _COUNTRIES:
                if there in word and word.replace(there, here) in self.counts:
                    return word.replace(there, here)
        return word

    def knows(self, word: str) -> bool:
        """Whether the list has a word, or the forms of rarer words (0.4 s and 27 MB at the first question)."""
        return word in self.counts or is_known(word, lang=self.language)

    def base_of(self, word: str) -> str:
        """The word without its inflection: `man` for `men`, `take` for `takes`; unchanged if it has none."""
        return lemmatize(word, lang=self.language)

    def expected(self, left: str, right: str) -> float:
        """The frequency of the pair if words were independent of each other (Church and Hanks 1990)."""
        return self.counts.get(left, 0) * self.counts.get(right, 0) / self.total * self.scale

    def pair(self, left: str, right: str) -> float:
        """The frequency of the pair; if it is not in the list, its frequency by chance, at most half the floor."""
        count = self.pairs.get(f"{left} {right}")
        return count if count else max(min(self.expected(left, right), self.floor / 2), 1.0)

    def one_edit_from(self, word: str) -> list[tuple[str, int]]:
        """The words of the list that are one edit away (Damerau and Levenshtein), with their counts."""
        return self.neighbours.one_edit_from(word)

    def one_slip_from(self, word: str) -> dict[str, int]:
        """The words one edit away, with their counts; for a respelled word, in this spelling."""
        near = dict(self.one_edit_from(word))
        for there, here in _COUNTRIES:
            if there in word:
                for other, count in self.one_edit_from(word.replace(there, here)):
                    near.setdefault(other.replace(here, there), count)
        return near


@cache
def word_list(language: str) -> WordList | None:
    """The list for a language tag (`en`, `en-GB`), read once (0.3 s, 50 MB); None if there is no list."""
    language = language.split("-")[0].lower()
    names = _LISTS.get(language)
    if names is None:
        return None
    [counts, counts_of_pairs] = map(_read_counts, names)
    total = sum(counts.values())
    return WordList(
        language,
        counts,
        counts_of_pairs,
        total,
        # The pairs below the floor are missing from the sum: about a third of running text.
        scale=sum(counts_of_pairs.values()) * 1.5 / total,
        floor=min(counts_of_pairs.values()),
        neighbours=Neighbours(counts),
        common=Index({word: count for word, count in counts.items() if count >= COMMON}),
    )


def _read_counts(name: str) -> dict[str, int]:
    """Read a file of the package, whose lines are words and a count."""
    counts = {}
    for line in (files("symspellpy") / name).read_text("utf-8").splitlines():
        words, count = line.rsplit(" ", 1)
        counts[words] = int(count)
    return counts


class Neighbours:
    """Words found by a spelling one edit away: all edits of the spelling are tried (P. Norvig, 2007).

    An edit is a letter added, left out or replaced, or two neighbours swapped. The cost is the square of the word's
    length.
    """

    def __init__(self, words: Mapping[str, int]) -> None:
        self._words = words
        self._letters = {letter for word in words for letter in word}
        self._longest = min(max(map(len, words), default=0), LONGEST)

    def one_edit_from(self, word: str) -> list[tuple[str, int]]:
        """The words that are one edit away, with their counts, the most frequent first."""
        if len(word) > self._longest + 1:
            return []
        near = [(other, self._words[other]) for other in self._words.keys() & self._edits(word)]
        return sorted(near, key=lambda each: (-each[1], each[0]))

    def _edits(self, word: str) -> set[str]:
        edits = {word + letter for letter in self._letters}
        for k in range(len(word)):
            before, after, rest = word[:k], word[k:], word[k + 1 :]
            edits.add(before + rest)
            edits.add(before + rest[:1] + after[:1] + rest[1:])
            for letter in self._letters:
                changed = before + letter
                edits.add(changed + after)
                edits.add(changed + rest)
        edits.discard(word)
        return edits


class Index:
    """Words found by a spelling one edit away, in an index of all their deletions (W. Garbe, 2012).

    The index is made at the first question: 0.1 s for fifteen thousand words. A question is fifty times as fast as
    with `Neighbours`.
    """

    def __init__(self, words: Mapping[str, int]) -> None:
        self._words = words

    @cached_property
    def _by_deletion(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for word in self._words:
            if len(word) <= LONGEST:
                for deletion in _deletions(word):
                    found.setdefault(deletion, []).append(word)
        return found

    def one_edit_from(self, word: str) -> list[tuple[str, int]]:
        """The words that are one edit away, with their counts, the most frequent first."""
        if len(word) > LONGEST + 1:
            return []
        filed, deletions = self._by_deletion, _deletions(word)
        near = {
            other for deletion in deletions for other in filed.get(deletion, ()) if _is_one_edit(word, other)
        }
        near.update(filed.get(word, ()))  # with a letter added
        near.update(deletion for deletion in deletions if deletion in self._words)
        near.discard(word)
        return sorted(((other, self._words[other]) for other in near), key=lambda each: (-each[1], each[0]))


def _deletions(word: str) -> set[str]:
    return {word[:k] + word[k + 1 :] for k in range(len(word))}


def _is_one_edit(a: str, b: str) -> bool:
    """Whether two words of one length differ in one letter, or in the order of two neighbours."""
    if len(a) != len(b):
        return False
    differing = [k for k in range(len(a)) if a[k] != b[k]]
    if len(differing) < 2:
        return True
    k, last = differing[0], differing[-1]
    return len(differing) == 2 and last == k + 1 and a[k] == b[last] and a[last] == b[k]

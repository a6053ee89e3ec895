"""Words and how often they are written: a language's list, from a library, and a volume's own words.

The list is symspellpy's (MIT): 82,765 words of English with their counts, and 242,342 pairs of neighbours. For a
language without a list there is none, and only the rules that need none are asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

from symspellpy import SymSpell, Verbosity  # type: ignore[import-untyped]

# Per language (the part of the tag before the hyphen) the files of words and of pairs in symspellpy.
_LISTS = {"en": ("frequency_dictionary_en_82_765.txt", "frequency_bigramdictionary_en_243_342.txt")}


# What one country spells so and the list otherwise: `analyze`, `neighbor`, `dialog`, `defense`.
_COUNTRIES = (("yz", "ys"), ("or", "our"), ("og", "ogue"), ("ens", "enc"))


@dataclass(frozen=True, slots=True)
class WordList:
    """A language's words: `counts` of words, all in small letters, and of `pairs`, two words with a space between.

    The two counts come from corpora of different sizes: `scale` is how many pairs of the one there are for a word
    of the other. A pair that stands less often than `floor` is not in the list.
    """

    counts: Mapping[str, int]
    pairs: Mapping[str, int]
    total: int
    scale: float
    floor: int
    index: SymSpell

    def spelled(self, word: str) -> str:
        """The word as the list spells it: `analysed` for `analyzed`; itself where the list knows neither."""
        if word not in self.counts:
            for there, here in _COUNTRIES:
                if there in word and word.replace(there, here) in self.counts:
                    return word.replace(there, here)
        return word

    def expected(self, left: str, right: str) -> float:
        """How often the pair would stand if words kept no company at all (Church and Hanks 1990)."""
        return self.counts.get(left, 0) * self.counts.get(right, 0) / self.total * self.scale

    def pair(self, left: str, right: str) -> float:
        """How often the pair stands; where the list has it not, what chance would have, at most half the floor."""
        found = self.pairs.get(f"{left} {right}")
        return found if found else max(min(self.expected(left, right), self.floor / 2), 1.0)

    def one_edit_from(self, word: str) -> list[tuple[str, int]]:
        """The words of the list that are one edit away (Damerau and Levenshtein), with their counts."""
        found = self.index.lookup(word, Verbosity.ALL, max_edit_distance=1)
        return [(item.term, item.count) for item in found if item.distance == 1]

    def one_slip_from(self, word: str) -> dict[str, int]:
        """The words one edit away, with their counts; words that the list spells otherwise, too, as here."""
        found = dict(self.one_edit_from(word))
        for there, here in _COUNTRIES:
            if there in word:
                for other, count in self.one_edit_from(word.replace(there, here)):
                    found.setdefault(other.replace(here, there), count)
        return found


@cache
def word_list(language: str) -> WordList | None:
    """The list for a language tag (`en`, `en-GB`), read once (a second, 60 MB); None where there is none."""
    names = _LISTS.get(language.split("-")[0].lower())
    if names is None:
        return None
    # A short prefix takes a third of the memory, and costs a little at each look-up.
    index = SymSpell(max_dictionary_edit_distance=1, prefix_length=5)
    with as_file(files("symspellpy") / names[0]) as words, as_file(files("symspellpy") / names[1]) as pairs:
        index.load_dictionary(words, 0, 1, encoding="utf-8")
        index.load_bigram_dictionary(pairs, 0, 2, encoding="utf-8")
    total = sum(index.words.values())
    # The pairs below the floor are missing from the sum: about a third of running text.
    scale = sum(index.bigrams.values()) * 1.5 / total
    return WordList(index.words, index.bigrams, total, scale, min(index.bigrams.values()), index)


class EditIndex:
    """Words that are found by a spelling one edit away: each is filed under itself with any one letter left out.

    The deletion neighbourhood of Mor and Fraenkel (1982), as SymSpell uses it; looking up costs the word's length.
    """

    def __init__(self, words: Mapping[str, int]) -> None:
        self._words = words
        self._filed: dict[str, list[str]] = {}
        for word in words:
            for spelling in _shortened(word):
                self._filed.setdefault(spelling, []).append(word)

    def one_edit_from(self, word: str) -> list[tuple[str, int]]:
        """The words that are one edit away, with their counts, the most frequent first."""
        candidates = {w for spelling in _shortened(word) for w in self._filed.get(spelling, ())}
        near = [(w, self._words[w]) for w in candidates if is_one_edit(word, w)]
        return sorted(near, key=lambda found: (-found[1], found[0]))


def _shortened(word: str) -> set[str]:
    return {word, *(word[:k] + word[k + 1 :] for k in range(len(word)))}


def is_one_edit(a: str, b: str) -> bool:
    """Whether two different words differ by one letter too many, too few or another, or by two that changed places."""
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    if a[start + 1 :] == b[start + 1 :] or a[start + 1 :] == b[start:] or a[start:] == b[start + 1 :]:
        return True
    return a[start : start + 2] == b[start : start + 2][::-1] and a[start + 2 :] == b[start + 2 :]

"""The words that a volume and its language have, and the ways in which a broken word can be one of them."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from corpus_import.parsing.elements import Line, Vocabulary
from corpus_import.parsing.recognise import LOST, TITLE_WORDS
from reader.text.word_list import WordList

# Whole words, with the apostrophes and hyphens inside.
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# Signs that no word has beside it, but for a letter that was lost: U+FFFD, the private use area, and others.
SURE = f"{LOST}\ue000-\uf8ff"
SIGNS = SURE + "&#$%@¤¬¦□■▯◻~^_=+|<>"
IS_SIGN = re.compile(f"[{SIGNS}]")


@dataclass(frozen=True, slots=True)
class Repair:
    """The characters `start` to `end` of the line with index `line` read `after`."""

    line: int
    start: int
    end: int
    after: str


@dataclass(frozen=True)
class Known:
    """The words of the volume that lost nothing, and the words of the language with their frequencies."""

    vocabulary: Vocabulary
    listed: Mapping[str, int]
    language: WordList | None = None

    @cached_property
    def letters(self) -> tuple[str, ...]:
        """The small letters of the volume's words and of the language."""
        letters = {c for word in self.vocabulary.folded for c in word if c.isalpha()}
        if self.listed:
            letters.update("abcdefghijklmnopqrstuvwxyz")
        return tuple(sorted(letters))

    @cached_property
    def total(self) -> int:
        """The number of words that the frequencies are of."""
        return sum(self.listed.values())

    def is_exact(self, word: str) -> bool:
        """Whether the volume, or the title of a division, has the word with these capitals."""
        return word in self.vocabulary.words or word in TITLE_WORDS

    def has(self, word: str) -> bool:
        """Whether the volume or the language has the word, with any capitals."""
        folded = word.casefold()
        return folded in self.listed or folded in self.vocabulary.folded or word in TITLE_WORDS

    def lists(self, word: str) -> bool:
        """Whether the language has the word."""
        return word.casefold() in self.listed


def count_words(lines: Iterable[Line]) -> Vocabulary:
    """Count the words of the lines, except the words at a line's hyphen and beside a sign: they may be halves."""
    words: Counter[str] = Counter()
    compounds: Counter[str] = Counter()
    for line in lines:
        text = line.text
        if not _NEEDS_CARE.search(text):
            words.update(WORD.findall(text))
            continue
        for match in WORD.finditer(text):
            a, b = match.span()
            if b < len(text) and (text[b] in _BESIDE or (text[b] == "-" and b + 1 == len(text))):
                continue
            if a and (text[a - 1] in ",;" or text[a - 1] in _BESIDE):
                continue
            word = match[0]
            if "-" in word:
                compounds[word.casefold()] += 1
                words.update(word.split("-"))
            else:
                words[word] += 1
    folded: Counter[str] = Counter()
    for word, count in words.items():
        folded[word.casefold()] += count
    return Vocabulary(words, folded, compounds)


_SIGNS_BESIDE = f"{LOST}&#$@¤¬¦□■▯◻~^|"
_BESIDE = frozenset(_SIGNS_BESIDE) | {chr(c) for c in range(0xE000, 0xF900)}
# A line without hyphens, signs, and words directly after a comma: all its words count as they stand.
_NEEDS_CARE = re.compile(rf"[-{re.escape(_SIGNS_BESIDE)}\ue000-\uf8ff]|[,;]\S")


def sample(tokens: Sequence[str], most: int) -> list[str]:
    """The distinct tokens, the most frequent first, at most `most`."""
    return [token for token, _ in Counter(tokens).most_common(most)]


# The fewest letters of an unknown word that says something.
FEWEST_LETTERS = 3


def unknown_words(known: Known) -> list[str]:
    """The words of the volume that the language has not, without the end of a genitive."""
    types: dict[str, None] = {}
    for word in known.vocabulary.words:
        bare = word[:-2] if word.endswith(("'s", "’s")) else word
        if len(bare) >= FEWEST_LETTERS and bare.isascii() and bare.isalpha() and not known.lists(bare):
            if known.language is not None and known.language.spelled(bare.casefold()) != bare.casefold():
                continue
            types[bare] = None
    return list(types)

"""The words of a draft's texts, as columns: a long book has half a million, and a row for each takes too much room."""

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from unicodedata import normalize

from corpus_import.parsing.elements import Draft, Text
from corpus_import.parsing.recognise import LOST

# A stand-in for a lost letter is part of its word. A hyphen ends a word.
STAND_INS = f"{LOST}\ue000-\uf8ff"
_LETTER = rf"(?:[^\W_]|[{STAND_INS}])"
WORD = re.compile(rf"{_LETTER}+(?:['’]{_LETTER}+)*")
# A key of a text: a paragraph (its index, -1), or a paragraph of a note (the note's index, its index in the note).
Key = tuple[int, int]


@dataclass
class Words:
    """The words of texts, in order: the word with index k is `strings[text[k]][start[k]:end[k]]`.

    `normal` is the word in small letters, with plain apostrophes and without ligatures: words are compared by it.
    """

    strings: list[str] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    notes_from: int = 0  # the index of the first text that belongs to a note
    first: list[int] = field(default_factory=list)  # by text, the index of its first word
    normal: list[str] = field(default_factory=list)
    text: "array[int]" = field(default_factory=lambda: array("l"))
    start: "array[int]" = field(default_factory=lambda: array("l"))
    end: "array[int]" = field(default_factory=lambda: array("l"))

    def __len__(self) -> int:
        return len(self.normal)

    def written(self, k: int) -> str:
        """The word with index k as it is written."""
        return self.strings[self.text[k]][self.start[k] : self.end[k]]

    def passage(self, start: int, end: int) -> str:
        """The string from the word `start` up to the word before `end`; both stand in one text."""
        return self.strings[self.text[start]][self.start[start] : self.end[end - 1]]

    def until(self, text: int) -> int:
        """The index after the last word of a text."""
        return self.first[text + 1] if text + 1 < len(self.first) else len(self)

    def add(self, key: Key, string: str) -> None:
        """Add the words of a text."""
        text = len(self.strings)
        self.strings.append(string)
        self.keys.append(key)
        self.first.append(len(self))
        matches = [*WORD.finditer(string)]
        self.normal += [_normal(match[0]) for match in matches]
        self.text.extend([text] * len(matches))
        self.start.extend([match.start() for match in matches])
        self.end.extend([match.end() for match in matches])


def words_of(draft: Draft) -> Words:
    """The words of the paragraphs of a draft, then of its notes."""
    words = Words()
    for index, paragraph in enumerate(draft.paragraphs):
        words.add((index, -1), paragraph.text.string)
    words.notes_from = len(words.strings)
    for index, note in enumerate(draft.notes):
        for at, part in enumerate(note.paragraphs):
            words.add((index, at), part.text.string)
    return words


def text_at(draft: Draft, words: Words, text: int) -> Text:
    """The text of a draft with this index among the words' texts."""
    index, part = words.keys[text]
    return draft.paragraphs[index].text if part < 0 else draft.notes[index].paragraphs[part].text


def runs(indices: list[int], words: Words) -> Iterator[tuple[int, int]]:
    """The runs of words (first, after the last) that follow each other in one text, among sorted indices."""
    if not indices:
        return
    begin = indices[0]
    for before, after in pairwise([*indices, -1]):
        if after != before + 1 or words.text[before] != words.text[after]:
            yield begin, before + 1
            begin = after


@lru_cache(maxsize=100_000)
def _normal(word: str) -> str:
    if not word.isascii():
        word = normalize("NFKC", word).replace("’", "'")
    return word.casefold()

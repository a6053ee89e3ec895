"""The rule: what may be changed by a second witness. Everything that it does not name is a variant for a person.

1. Ours is emended only where it is no word and the other's is one: both single, within two letters, without figures.
2. White space, the division of words and punctuation are never changed by the other alone.
3. Where ours is a word and the other's is none, ours is kept, and counted.
4. Letters that a font lost are restored by any witness; all else needs one that is independent.
"""

import re
from enum import Enum, auto
from functools import cached_property
from itertools import chain

from corpus_import.parsing.collation.differences import Difference, edits
from corpus_import.parsing.collation.words import STAND_INS, Words
from corpus_import.parsing.elements import Draft, VariantKind
from reader.text.word_list import word_list

# Letters of the shortest word that is emended: a shorter one that no list has is an abbreviation.
_SHORTEST = 4
# A word that stands this often in our witnesses is one of the volume's words.
_OFTEN = 2
# More words than these are a passage.
_FEW = 8
_ENDINGS = ("s", "es", "d", "ed", "ing", "ly", "ism", "ist", "ists")
_STAND_IN = re.compile(f"[{STAND_INS}]")
_FIGURE = re.compile(r"\d")


class Verdict(Enum):
    """What becomes of a difference."""

    RESTORE = auto()  # a letter that the font lost
    EMEND = auto()
    KEEP = auto()
    ASK = auto()


class Judge:
    """Judges the differences between our text and another witness."""

    def __init__(self, draft: Draft, ours: Words, other: Words, *, independent: bool) -> None:
        self._list = word_list(draft.manifest.language)
        self._ours, self._other = ours, other
        self._independent = independent
        self._usage = draft.vocabulary.folded
        self._terms = {word for entry in draft.key for word in entry.headword.casefold().split()}

    def verdict(self, one: Difference) -> Verdict:
        """What becomes of a difference."""
        if one.is_single and self._restores(one):
            return Verdict.RESTORE
        mine = self._ours.normal[one.a0 : one.a1]
        others = self._other.normal[one.b0 : one.b1]
        if any(map(_FIGURE.search, chain(mine, others))) or not mine or not others:
            return Verdict.ASK
        if len(mine) < _FEW and all(map(self.is_word, mine)) and not all(map(self.is_word, others)):
            return Verdict.KEEP
        if one.is_single and self._independent and self._emends(one):
            return Verdict.EMEND
        return Verdict.ASK

    def kind(self, one: Difference) -> VariantKind:
        """The kind of a difference that a person decides."""
        mine = self._ours.normal[one.a0 : one.a1]
        others = self._other.normal[one.b0 : one.b1]
        if "".join(mine) == "".join(others):
            return VariantKind.DIVISION
        if any(map(_FIGURE.search, chain(mine, others))) and one.size < _FEW:
            return VariantKind.FIGURES
        return VariantKind.WORDS if one.size < _FEW else VariantKind.PASSAGES

    def is_word(self, normal: str) -> bool:
        """Whether the language or the volume has a word."""
        known = self._judged.get(normal)
        if known is None:
            word = normal.removesuffix("'s").removesuffix("'")
            known = self._usage[word] >= _OFTEN or word in self._terms
            known = known or (self._list is not None and self._list.knows(self._list.spelled(word)))
            self._judged[normal] = known
        return known

    def _may_be_word(self, normal: str) -> bool:
        """Whether it is a word, or one with an ending: no list has every plural."""
        return any(self.is_word(normal.removesuffix(ending)) for ending in ("", *_ENDINGS))

    @cached_property
    def _judged(self) -> dict[str, bool]:
        return {}

    def _restores(self, one: Difference) -> bool:
        """Whether ours has stand-ins for lost letters, and the other's is a word with letters in their place."""
        mine, other = self._ours.written(one.a0), self._other.written(one.b0)
        if not _STAND_IN.search(mine) or _STAND_IN.search(other):
            return False
        pattern = "[^\\W\\d_]".join(re.escape(part) for part in _STAND_IN.split(mine))
        return re.fullmatch(pattern, other) is not None and self.is_word(self._other.normal[one.b0])

    def _emends(self, one: Difference) -> bool:
        mine, other = self._ours.normal[one.a0], self._other.normal[one.b0]
        if min(len(mine), len(other)) < _SHORTEST or self._list is None:
            return False
        if edits(mine, other, 2) > 2 or self._may_be_word(mine) or not self.is_word(other):
            return False
        # The other may have a slip of its own: the word that ours is likeliest a slip of must be the other's.
        near = self._list.one_slip_from(mine)
        if near and max(near, key=lambda word: near[word]) != other:
            return False
        # A word with another capital may be a name; a word among strangers may be one of another language.
        written, other_written = self._ours.written(one.a0), self._other.written(one.b0)
        if _capitals(written) != _capitals(other_written) or not mine.isascii():
            return False
        beside = [k for k in (one.a0 - 1, one.a0 + 1) if 0 <= k < len(self._ours)]
        return all(self.is_word(self._ours.normal[k]) or self._ours.normal[k].isdigit() for k in beside)


def _capitals(word: str) -> tuple[bool, bool]:
    return word[:1].isupper(), word.isupper()

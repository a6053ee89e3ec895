"""Restores in a second witness the letters that our font lost: what is known of ours is applied to the other first."""

import re
from collections import defaultdict
from collections.abc import Iterator

from corpus_import.parsing.collation.emending import Change, change_all
from corpus_import.parsing.collation.words import STAND_INS, WORD, Words, words_of
from corpus_import.parsing.elements import Draft
from reader.text.word_list import word_list

RULE = "lost letter"
_STAND_IN = re.compile(f"[{STAND_INS}]")
_SIGN = re.compile(r"[^\w\s]")


def restore_known(ours: Draft, other: Draft) -> Draft:
    """The other draft with the words that our witnesses had broken in the same way, and ours repaired."""
    repaired = {
        e.before: e.after for e in ours.emendations if e.rule == RULE and _SIGN.search(e.before) and e.after
    }
    if not repaired:
        return other
    words = words_of(other)
    return change_all(other, [*_as_ours(words, repaired), *_by_sign(ours, words, repaired)])


def _as_ours(words: Words, repaired: dict[str, str]) -> Iterator[Change]:
    broken = re.compile(
        rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(repaired, key=len, reverse=True)))})(?!\w)"
    )
    for key, string in zip(words.keys, words.strings, strict=True):
        for match in broken.finditer(string):
            yield Change(key, *match.span(), repaired[match[0]], RULE)


def _by_sign(ours: Draft, words: Words, repaired: dict[str, str]) -> Iterator[Change]:
    """Other words with a stand-in that is always the same letter in ours, if a word comes of it."""
    letters: dict[str, set[str]] = defaultdict(set)
    for before, after in repaired.items():
        if len(before) == len(after):
            for sign, letter in zip(before, after, strict=True):
                if _STAND_IN.match(sign):
                    letters[sign].add(letter)
    known = {sign: min(found) for sign, found in letters.items() if len(found) == 1}
    if not known:
        return
    listed = word_list(ours.manifest.language)
    for key, string in zip(words.keys, words.strings, strict=True):
        if not any(sign in string for sign in known):
            continue
        for match in WORD.finditer(string):
            after = "".join(known.get(sign, sign) for sign in match[0])
            if after == match[0] or match[0] in repaired or _STAND_IN.search(after):
                continue
            small = after.casefold()
            if ours.vocabulary.folded[small] or (listed is not None and listed.knows(small)):
                yield Change(key, *match.span(), after, RULE)

"""Rules for number, agreement and lost little words, in a few frames of English where hardly anything else can stand.

Each frame asks for evidence beside its words: the form of a noun from the list, how often pairs are written, or a mark
after the words. The words of the frames stand in known_words.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from corpus_import.parsing.stages.question_readings.known_words import (
    ALSO_ONE,
    AUXILIARIES,
    CLOSED,
    FRAMES,
    MANY,
    NO_TO,
    NOT_MANY,
    ONE,
    PREPOSITIONS,
)
from corpus_import.parsing.stages.question_readings.likelihood import after, before, chance, is_small, share
from corpus_import.parsing.stages.question_readings.passages import Finding, Known, Passage, Word

# The shares of a word's uses from which the little word beside it is missed, and the log odds that it needs.
_THE = (1.0, 2.0)
_OF = (0.6, 3.3)
_TO = (0.7, 2.6)
_VERB = 0.28  # of the uses of a verb, those after *to*
# A noun of the list stands at least this often.
_USUAL = 100_000


def find_disagreement(passage: Passage, known: Known) -> Iterator[Finding]:
    """A noun in the wrong number: `in certain circumstance`; `this conditions of`; `these measure`."""
    assert known.list is not None, "asked only where there is a list"
    if passage.kind in ("heading", "entry"):
        return
    words = passage.words
    for at in range(1, len(words)):
        noun, left = words[at], words[at - 1]
        number = left.folded
        if (number not in MANY and number not in ONE) or noun.apart or not is_small(noun):
            continue
        if number == "this" and (at + 1 == len(words) or words[at + 1].text != "of"):
            continue  # `this answers,` has a verb
        if not _ends_phrase(passage, at) or (number == "certain" and _is_one(passage, at - 1)):
            continue
        other = _other_number(noun.folded, number in MANY, known)
        if not other or known.usage.pairs[f"{number} {noun.folded}"] > 1:
            continue
        pairs, counts = known.list.pairs, known.list.counts
        here, there = pairs.get(f"{number} {noun.folded}", 0), pairs.get(f"{number} {other}", 0)
        # Without the pair, the other form must be a usual one: no *presents* for `those present`.
        is_noun = number in MANY and f"the {noun.folded}" in pairs and counts[other] * 5 > counts[noun.folded]
        if here * 3 > there or not (there or is_noun) or (here and not there):
            continue
        evidence = f"“{number} {noun.text}” is hardly ever written; “{number} {other}” often is."
        yield Finding(left.start, noun.end, "unlikely-word", f"{left.text} {other}", evidence)


def _is_one(passage: Passage, at: int) -> bool:
    """Whether `certain` speaks of one thing: `a certain circumstance`, `is certain`."""
    left = before(passage, at)
    return not left or left in NOT_MANY or left in AUXILIARIES


def _ends_phrase(passage: Passage, at: int) -> bool:
    """Whether no noun can follow word `at`: a mark stands after it, a preposition or a small verb."""
    words = passage.words
    return at + 1 == len(words) or words[at + 1].apart or words[at + 1].text in PREPOSITIONS | AUXILIARIES


def _other_number(noun: str, many: bool, known: Known) -> str:
    """The plural of a singular noun, or the singular of a plural noun; an empty string if it is neither."""
    words = known.list
    assert words is not None, "asked only where there is a list"
    if not many:
        if noun in ALSO_ONE:
            return ""
        base = words.base_of(noun)
        is_plural = noun.endswith("s") and base != noun and words.counts.get(base, 0) >= _USUAL
        return base if is_plural and base in (noun[:-1], noun[:-2], f"{noun[:-3]}y") else ""
    if noun.endswith("s") or words.counts.get(noun, 0) < _USUAL or words.base_of(noun) != noun:
        return ""
    plural = f"{noun[:-1]}ies" if re.search(r"[^aeiou]y$", noun) else f"{noun}s"
    if re.search(r"(?:s|x|z|ch|sh)$", noun):
        plural = f"{noun}es"
    return plural if plural in words.counts and words.base_of(plural) == noun else ""


_PRONOUN_NOT = re.compile(r"\b(?P<pronoun>I|[Yy]ou|[Hh]e|[Ss]he|[Ii]t|[Ww]e|[Tt]hey) not (?P<next>[a-z]+)")
_GOES_ON = frozenset(
    ("only", "merely", "simply", "just", "even", "to", "less", "unnaturally", "infrequently")
)


def find_lost_verbs(passage: Passage, known: Known) -> Iterator[Finding]:
    """`these conditions we not present`, `it not appear`: a pronoun and *not*, and no verb before or between them."""
    if passage.kind in ("heading", "entry"):
        return
    string = passage.string
    for match in _PRONOUN_NOT.finditer(string) if " not " in string else ():
        left = re.search(r"([^\W\d_]+)[^\w]*$", string[max(match.start() - 30, 0) : match.start()])
        word = left[1].casefold() if left else ""
        if word in AUXILIARIES or word.endswith("n't") or match["next"] in _GOES_ON:
            continue
        evidence = f"No verb stands between “{match['pronoun']}” and “not”."
        yield Finding(match.start(), match.start("next") - 1, "missing-word", "", evidence)


def find_wrong_frames(passage: Passage, known: Known) -> Iterator[Finding]:
    """`more then the`, `their is`, `could of been`, `has be done`: one word of a frame is another word."""
    words = passage.words
    for at, word in enumerate(words):
        for lefts, rights, instead in FRAMES.get(word.text, ()):
            first = _left_of(words, at)
            if lefts and (first is None or first.folded not in lefts):
                continue
            last = words[at + 1] if at + 1 < len(words) and not words[at + 1].apart else None
            if rights and (last is None or not (last.folded in rights or _is_past(last, rights))):
                continue
            start = first.start if lefts and first else word.start
            end = last.end if rights and last else word.end
            reading = passage.string[start:end]
            likely = passage.string[start : word.start] + instead + passage.string[word.end : end]
            evidence = f"“{reading}” is hardly ever right; “{likely}” often is."
            yield Finding(start, end, "unlikely-word", likely, evidence)
            break


def _left_of(words: tuple[Word, ...], at: int) -> Word | None:
    """The word before word `at`, not counting *not*; None if a mark stands between."""
    if at and not words[at].apart and words[at - 1].folded == "not":
        at -= 1
    return words[at - 1] if at and not words[at].apart else None


def _is_past(word: Word, rights: frozenset[str]) -> bool:
    return "-ed" in rights and word.folded.endswith("ed") and len(word.text) > 4


def find_lost_small_words(passage: Passage, known: Known) -> Iterator[Finding]:
    """`in spite the`, `unable find`, `of latter`: a word that nearly always has another small word beside it."""
    words = known.list
    assert words is not None, "asked only where there is a list"
    if passage.kind in ("heading", "entry"):
        return
    pairs, said = words.pairs, known.usage.pairs
    for at, (left, right) in enumerate(pairwise(passage.words), 1):
        a, b = left.folded, right.folded
        if right.apart or (pair := f"{a} {b}") in pairs or said.get(pair, 0) > 1:
            continue
        if not is_small(left) or not is_small(right) or a not in words.counts or b not in words.counts:
            continue
        lost, needed = _lost_between(a, b, known)
        if not lost:
            continue
        row = before(passage, at - 1), a, b, after(passage, at)
        better = chance(words, (*row[:2], lost, *row[2:])) - chance(words, row)
        if better < needed:
            continue
        evidence = f"“{a} {b}” is hardly ever written; “{a} {lost} {b}” often is."
        yield Finding(left.start, right.end, "missing-word", f"{left.text} {lost} {right.text}", evidence)


def _lost_between(a: str, b: str, known: Known) -> tuple[str, float]:
    """The small word that belongs between two words, and the log odds that it needs; or an empty string."""
    words, usage = known.list, known.usage
    assert words is not None, "asked only where there is a list"
    if a in PREPOSITIONS:
        is_lost = b not in CLOSED and share(words, usage, "the", b, of=b) >= _THE[0]
        return ("the", _THE[1]) if is_lost else ("", 0)
    if a in CLOSED or a in NO_TO:
        return "", 0
    if b in ("the", "these", "those", "its", "their"):
        return ("of", _OF[1]) if share(words, usage, a, "of", of=a) >= _OF[0] else ("", 0)
    is_verb = share(words, usage, "to", b, of=b) >= _VERB and words.base_of(b) == b and b not in CLOSED
    if not is_verb and b != "be":
        return "", 0
    return ("to", _TO[1]) if share(words, usage, a, "to", of=a) >= _TO[0] else ("", 0)

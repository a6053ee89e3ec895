"""The places of a reading in a plain text, and the keys by which forms name them. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import takewhile

from reader.text.sentences import sentence_parts

# A word character beside a word, or letters that an apostrophe joins to it: "plan" is no whole word in "plan's".
BEFORE_WORD = r"(?<!\w)(?<!\w['’])"
AFTER_WORD = r"(?!\w|['’]\w)"
WITHIN_WORD = re.compile(r"\w\w")
# The sign for the reading in the words around it.
GAP = "…"
# Characters on either side of a place in which the words of its context are looked for.
REACH = 200
# Words on either side of a reading that make its context.
CONTEXT_WORDS = 5
# Words at the end of a text that may follow the words before a passage.
BESIDE = 4
# A word, with its apostrophes and hyphens.
WORD = re.compile(r"\w+(?:['’\-‐‑]\w+)*")
# Marks that do not stand twice; an ellipsis is none of these.
MARKS = tuple(".,;:!?")
ELLIPSIS = ("...", "…")
CLOSES = re.compile(r"[.!?…][\"”’')\]]*$")
# The text after a sentence.
ENDS_HERE = re.compile(r"[\"”’')\]]*(?:\s+[\"“‘'(\[]*[^\W\d_a-z]|\s*$)")
# The call of a note, as a witness prints it.
PRINTED_CALL = re.compile(r"\[\d{1,4}\]")


@dataclass(frozen=True, slots=True)
class Hit:
    """Characters `start` to `end` of a plain text, the words before and after in the sentence, and the place's key."""

    key: str
    start: int
    end: int
    before: str
    reading: str
    after: str


def hits(plain: str, reading: str, *, whole_word: bool) -> list[tuple[int, int]]:
    """The places of a reading in a plain text, in order; none overlaps another.

    White space matches any other white space, every other character only itself. A whole word has no part of a word
    beside it; beside a mark of punctuation at the reading's beginning or end, anything may stand.
    """
    if not reading.strip():
        return []
    pattern = r"\s+".join(map(re.escape, re.split(r"\s+", reading)))
    if whole_word and re.match(r"\w", reading):
        pattern = BEFORE_WORD + pattern
    if whole_word and re.search(r"\w\Z", reading):
        pattern += AFTER_WORD
    return [match.span() for match in re.finditer(pattern, plain)]


def locate(plain: str, reading: str, context: str) -> tuple[int, int] | None:
    """The place of a reading in an edited text; None if there is no place, or more than one that is as likely."""
    likely = likeliest(plain, reading, context)
    return likely[0] if len(likely) == 1 else None


def likeliest(plain: str, reading: str, context: str) -> list[tuple[int, int]]:
    """The likeliest places of a reading in an edited text.

    `context` is the words around it in the witness, "a b c … d e f". These are the places with the most words of the
    context beside them; of equal places, those that are whole words. Where the reading is part of a longer word, the
    rest of that word has to be in the context: "we" is not found in "were". There is none if the context has words and
    none of them is there: then the reading that was meant is gone.
    """
    around = list(_around(context))
    has_words = any(before or after for before, after in around)
    whole = set(hits(plain, reading, whole_word=True))
    by_likeness = defaultdict(list)
    for start, end in sorted({*whole, *hits(plain, reading, whole_word=False)}):
        before = _words(plain[max(0, start - REACH) : start])[::-1]
        after = _words(plain[end : end + REACH])
        cut_before, cut_after = _is_within_word(plain, start), _is_within_word(plain, end)
        agreeing = 0
        for words_before, words_after in around:
            shared_before, shared_after = _shared(words_before, before), _shared(words_after, after)
            if (shared_before or not cut_before) and (shared_after or not cut_after):
                agreeing = max(agreeing, shared_before + shared_after)
        if agreeing or not has_words:
            by_likeness[agreeing, (start, end) in whole].append((start, end))
    return by_likeness[max(by_likeness)] if by_likeness else []


def context_at(plain: str, start: int, end: int) -> str:
    """The words around characters `start` to `end` of a plain text, by which `locate` finds them again."""
    before = plain[max(0, start - REACH) : start].split()[-CONTEXT_WORDS:]
    after = plain[end : end + REACH].split()[:CONTEXT_WORDS]
    return " ".join([*before, GAP, *after])


def begins_with_gap(context: str) -> bool:
    """Whether no word stands before the reading in its context."""
    return all(not before for before, _ in _around(context))


def stands_beside(plain: str, context: str) -> bool:
    """Whether a passage stands beside a text: the words before the passage are the text's last, or there are none.

    A few words may still follow: where they differ from the other witness, the place before them is all that is known.
    """
    if begins_with_gap(context):
        return True
    last = _words(plain)[::-1]
    return any(
        before and _shared(before, last[skipped:]) == len(before)
        for before, _ in _around(context)
        for skipped in range(BESIDE + 1)
    )


def whole_words(plain: str, start: int, end: int) -> tuple[int, int]:
    """Characters `start` to `end` of a plain text, extended to whole words: `lan` in `plan's` to `plan's`."""
    if start == end:
        return start, end
    for match in WORD.finditer(plain):
        if match.start() >= end:
            break
        if match.end() > start:
            start, end = min(start, match.start()), max(end, match.end())
    return start, end


def fitted(plain: str, span: tuple[int, int], suggestion: str) -> str:
    """A suggestion as it fits at its place: it doubles no mark, and leaves its sentence the full stop.

    `ff.` loses its point where a full stop follows; a suggestion gets one for a reading that ended the sentence.
    """
    start, end = span
    after = plain[end:]
    if suggestion[-1:] in MARKS and after.startswith(suggestion[-1:]) and not after.startswith(ELLIPSIS):
        return suggestion[:-1]
    ends_sentence = plain[:end].endswith(".") and not plain[start:end].endswith(ELLIPSIS)
    if (
        suggestion
        and ends_sentence
        and start < end
        and not CLOSES.search(suggestion)
        and ENDS_HERE.match(after)
    ):
        return f"{suggestion}."
    return suggestion


def reads_already(plain: str, span: tuple[int, int], suggestion: str) -> bool:
    """Whether the text reads as suggested, or has the suggestion around its reading: `ff.` where `ff` was found."""
    start, end = span
    reading = plain[start:end]
    if fitted(plain, span, suggestion) == reading:
        return True
    at = suggestion.find(reading)
    while reading and reading != suggestion and at >= 0:
        begins = start - at
        if begins >= 0 and plain[begins : begins + len(suggestion)] == suggestion:
            return True
        at = suggestion.find(reading, at + 1)
    return False


def _is_within_word(plain: str, at: int) -> bool:
    """Whether the characters on both sides of an offset belong to one word."""
    return WITHIN_WORD.fullmatch(plain[max(0, at - 1) : at + 1]) is not None


def _around(context: str) -> Iterator[tuple[list[str], list[str]]]:
    """The words before and after the reading, the nearest first; once for each sign of the reading in the context."""
    pieces = context.split()
    gaps = [k for k, piece in enumerate(pieces) if piece == GAP]
    if not gaps:
        yield [], []
    for k in gaps:
        yield _words(" ".join(pieces[:k]))[::-1], _words(" ".join(pieces[k + 1 :]))


def _words(text: str) -> list[str]:
    """Words as they are compared: letters and digits alone, capitals or not, without the calls of notes."""
    words = PRINTED_CALL.sub("", text).casefold().split()
    return [word for piece in words if (word := "".join(filter(str.isalnum, piece)))]


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """The number of words at the beginning that two lists share."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))))


def key_of(plain: str, start: int, end: int) -> str:
    """A digest of these characters in their sentence: it changes whenever the sentence does.

    A repetition of the sentence has another key.
    """
    before, after = sentence_parts(plain, start, end - start, len(plain))
    sentence = before + plain[start:end] + after
    earlier = sum(plain.startswith(sentence, at) for at in range(start - len(before)))
    digested = repr((before, plain[start:end], after, earlier))
    return blake2b(digested.encode(), digest_size=8).hexdigest()


def keyed_hits(plain: str, reading: str, whole_word: bool) -> dict[str, tuple[int, int]]:
    """The places of a reading by their keys, in the order of the text."""
    return {key_of(plain, *span): span for span in hits(plain, reading, whole_word=whole_word)}


def hit_at(plain: str, start: int, end: int) -> Hit:
    """A place as it is shown: among the words of its sentence."""
    before, after = sentence_parts(plain, start, end - start)
    return Hit(key_of(plain, start, end), start, end, before, plain[start:end], after)

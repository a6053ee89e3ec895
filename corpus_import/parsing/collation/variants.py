"""Makes variants of differences: both readings with their places, the ones that could change most first."""

from collections.abc import Iterable

from corpus_import.parsing.collation.both import Both
from corpus_import.parsing.collation.differences import Difference, alike
from corpus_import.parsing.collation.words import Words, text_at
from corpus_import.parsing.elements import Draft, Span, Variant, VariantKind

# Words on either side of a reading by which it is found again.
CONTEXT = 4
_ORDER = {kind: k for k, kind in enumerate(VariantKind)}


def variant_of_words(both: Both, one: Difference, kind: VariantKind) -> Variant:
    """The variant of words that differ. Words that one witness lacks are given with the words beside them."""
    a0, a1, b0, b1 = one.a0, one.a1, one.b0, one.b1
    if one.a0 == one.a1 or one.b0 == one.b1:
        is_before, is_after = _both_have(both, a0 - 1, b0 - 1, one), _both_have(both, a1, b1, one)
        a0, b0, a1, b1 = a0 - is_before, b0 - is_before, a1 + is_after, b1 + is_after
    return _variant(both, kind, (a0, a1), (b0, b1))


def _both_have(both: Both, a: int, b: int, one: Difference) -> bool:
    """Whether a word beside a difference is the same in both, and stands in the texts of the difference."""
    if not (0 <= a < len(both.ours) and 0 <= b < len(both.other) and both.found[a] == b):
        return False
    ours, other = both.ours.text, both.other.text
    in_ours = one.a0 == one.a1 or ours[a] == ours[one.a0]
    return in_ours and (one.b0 == one.b1 or other[b] == other[one.b0])


def variant_of_marks(both: Both, a: int) -> Variant:
    """The variant of what stands before the word `a` of ours, and before the same word of the other."""
    b = both.found[a]
    marks = [
        alike(words.strings[words.text[k]][words.end[k - 1] : words.start[k]])
        for words, k in ((both.ours, a), (both.other, b))
    ]
    kind = VariantKind.DIVISION if set(marks) == {" ", "-"} else VariantKind.PUNCTUATION
    return _variant(both, kind, (a - 1, a + 1), (b - 1, b + 1))


def variant_of_capitals(both: Both, a: int) -> Variant:
    """The variant of a word that both have, one with another capital."""
    b = both.found[a]
    return _variant(both, VariantKind.PUNCTUATION, (a, a + 1), (b, b + 1))


def in_order(variants: Iterable[Variant]) -> tuple[Variant, ...]:
    """The variants by their kinds, in each in the order of our witnesses."""
    return tuple(sorted(variants, key=lambda v: (_ORDER[v.kind], v.span.witness, v.span.start)))


def _variant(both: Both, kind: VariantKind, mine: tuple[int, int], theirs: tuple[int, int]) -> Variant:
    """The variant of our words `mine` and the other's `theirs`, each from the first to the one after the last."""
    span = _span(both.draft, both.ours, *mine)
    other_span = _span(both.second.draft, both.other, *theirs)
    return Variant(
        kind,
        both.name,
        span,
        both.draft.line_at(span),
        _reading(both.ours, *mine, is_alone=theirs[0] == theirs[1]),
        Span(other_span.witness + both.by, other_span.start, other_span.end),
        both.second.draft.line_at(other_span),
        _reading(both.other, *theirs, is_alone=mine[0] == mine[1]),
        _context(both.ours, *mine),
    )


def _reading(words: Words, start: int, end: int, *, is_alone: bool) -> str:
    """The words as they are written; a whole text that one witness has alone, with the marks at its ends."""
    if start == end:
        return ""
    text = words.text[start]
    is_whole = is_alone and (start, end) == (words.first[text], words.until(text))
    return " ".join((words.strings[text] if is_whole else words.passage(start, end)).split())


def _context(words: Words, start: int, end: int) -> str:
    """The words before and after a reading in its text, with an ellipsis for the reading."""
    if start == end:
        text = words.text[max(start - 1, 0)]
        before, after = range(max(start - CONTEXT, words.first[text]), start), range(0)
    else:
        text = words.text[start]
        before = range(max(start - CONTEXT, words.first[text]), start)
        after = range(end, min(end + CONTEXT, words.until(words.text[end - 1])))
    return " ".join([*map(words.written, before), "…", *map(words.written, after)])


def _span(draft: Draft, words: Words, start: int, end: int) -> Span:
    """The characters of words in their witness; of no words, the place after the word before."""
    if start == end:
        after = max(start - 1, 0)
        text = text_at(draft, words, words.text[after])
        source = text.source_at(words.end[after] - 1 if start else words.start[after])
        at = source.end if start else source.start
        return Span(source.witness, at, at)
    first = text_at(draft, words, words.text[start]).source_at(words.start[start])
    last = text_at(draft, words, words.text[end - 1]).source_at(words.end[end - 1] - 1)
    if first.witness != last.witness or last.end < first.start:
        return first
    return Span(first.witness, first.start, last.end)

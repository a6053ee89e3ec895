"""Makes variants of differences: both readings with their places, the ones that could change most first."""

from collections.abc import Iterable

from corpus_import.parsing.collation.both import Both
from corpus_import.parsing.collation.differences import Difference, alike
from corpus_import.parsing.collation.words import Words, text_at
from corpus_import.parsing.elements import Draft, Span, Variant, VariantKind

_ORDER = {kind: k for k, kind in enumerate(VariantKind)}


def variant_of_words(both: Both, one: Difference, kind: VariantKind) -> Variant:
    """The variant of words that differ."""
    return _variant(
        both,
        kind,
        (_span(both.draft, both.ours, one.a0, one.a1), _reading(both.ours, one.a0, one.a1)),
        (_span(both.second.draft, both.other, one.b0, one.b1), _reading(both.other, one.b0, one.b1)),
    )


def variant_of_marks(both: Both, a: int) -> Variant:
    """The variant of what stands before the word `a` of ours, and before the same word of the other."""
    b = both.found[a]
    marks = [
        alike(words.strings[words.text[k]][words.end[k - 1] : words.start[k]])
        for words, k in ((both.ours, a), (both.other, b))
    ]
    kind = VariantKind.DIVISION if set(marks) == {" ", "-"} else VariantKind.PUNCTUATION
    return _variant(
        both,
        kind,
        (_span(both.draft, both.ours, a - 1, a + 1), _reading(both.ours, a - 1, a + 1)),
        (_span(both.second.draft, both.other, b - 1, b + 1), _reading(both.other, b - 1, b + 1)),
    )


def in_order(variants: Iterable[Variant]) -> tuple[Variant, ...]:
    """The variants by their kinds, in each in the order of our witnesses."""
    return tuple(sorted(variants, key=lambda v: (_ORDER[v.kind], v.span.witness, v.span.start)))


def _variant(both: Both, kind: VariantKind, ours: tuple[Span, str], other: tuple[Span, str]) -> Variant:
    (span, reading), (other_span, other_reading) = ours, other
    return Variant(
        kind,
        both.name,
        span,
        both.draft.line_at(span),
        reading,
        Span(other_span.witness + both.by, other_span.start, other_span.end),
        both.second.draft.line_at(other_span),
        other_reading,
    )


def _reading(words: Words, start: int, end: int) -> str:
    return words.passage(start, end) if start < end else ""


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

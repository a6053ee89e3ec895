"""Finds the lines of the witnesses on which an element stands."""

from collections.abc import Iterable

from corpus_import.parsing.elements import Draft, Span


def lines_of(draft: Draft, spans: Iterable[Span]) -> list[list[int]]:
    """The lines of spans, as [witness, first, last], with witnesses from 1; supplied words have none."""
    numbers = sorted(
        {
            (span.witness + 1, number)
            for span in spans
            if span.start < span.end
            for number in _numbers(draft, span)
        }
    )
    ranges: list[list[int]] = []
    for witness, number in numbers:
        if ranges and ranges[-1][0] == witness and ranges[-1][2] + 1 == number:
            ranges[-1][2] = number
        else:
            ranges.append([witness, number, number])
    return ranges


def _numbers(draft: Draft, span: Span) -> range:
    witness = draft.witnesses[span.witness]
    return range(witness.line_at(span.start), witness.line_at(max(span.end - 1, span.start)) + 1)

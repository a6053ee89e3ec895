"""The emphasis of texts that a deed joins or cuts: a source may show italics. Pure."""

from collections.abc import Iterable

# Start and end of emphasised words in a text without its markup.
Emphasis = Iterable[tuple[int, int]]


def moved(emphasis: Emphasis, by: int) -> tuple[tuple[int, int], ...]:
    """The emphasis of a text that now stands behind `by` other characters."""
    return tuple((start + by, end + by) for start, end in emphasis)


def before(emphasis: Emphasis, end: int) -> tuple[tuple[int, int], ...]:
    """The emphasis of the first `end` characters of a text."""
    return tuple((a, min(b, end)) for a, b in emphasis if a < end)


def behind(emphasis: Emphasis, start: int) -> tuple[tuple[int, int], ...]:
    """The emphasis of the characters from `start` on, counted from there."""
    return tuple((max(a - start, 0), b - start) for a, b in emphasis if b > start)

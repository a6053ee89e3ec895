"""Whether the divisions are divisions of a book: headings with text below, in a series, and as the contents promise."""

from collections import defaultdict
from collections.abc import Iterator

from corpus_import.parsing.elements import Division, Draft
from corpus_import.parsing.headings import plain_title, titles_of
from corpus_import.parsing.stages.judge_reading.limits import Count
from corpus_import.parsing.stages.judge_reading.texts import Place, sizes_of_divisions
from reader.text.page_numbers import order_of

LONG_HEADING = 100  # words
ONE_LINE = 90  # characters
# Words of a title in the contents by which its division is known, if the rest differs.
FIRST_WORDS = 3


def count_divisions(draft: Draft) -> Iterator[Count]:
    """Count headings that are too long, that have no text, that are missing."""
    sizes = sizes_of_divisions(draft)
    yield from _headings(draft, sum(sizes.values()))
    headless = [
        division for division in draft.divisions if not division.head.string.strip() and not division.n
    ]
    yield Count(
        "text-without-heading",
        sum(sizes.get(division.index, 0) for division in headless),
        sum(sizes.values()),
        _places(draft, headless),
    )
    yield from _sizes(draft, sizes)
    yield _numbers(draft)
    yield _contents(draft)


def _places(draft: Draft, divisions: list[Division]) -> tuple[Place, ...]:
    return tuple(place_of_division(division) for division in divisions if division.blocks)


def place_of_division(division: Division) -> Place:
    """Witness and line of the heading."""
    first = division.blocks[0].first
    return first.witness, first.number


def _headings(draft: Draft, text: int) -> Iterator[Count]:
    long = [d for d in draft.divisions if d.head.string.count(" ") >= LONG_HEADING]
    yield Count("long-heading", len(long), len(draft.divisions), _places(draft, long))
    heads = sum(len(division.head.string) for division in draft.divisions)
    yield Count("text-in-headings", heads, heads + text, _places(draft, list(draft.divisions[:1])))


def _sizes(draft: Draft, sizes: dict[int, int]) -> Iterator[Count]:
    """Count divisions without text, in themselves and in the divisions within."""
    within = dict(sizes)
    parents = {division.index: division.parent for division in draft.divisions}
    has_children = set(parents.values())
    for index, size in sizes.items():
        at = parents.get(index)
        while at is not None:
            within[at] = within.get(at, 0) + size
            at = parents.get(at)
    with_notes = {note.division for note in draft.notes}
    headed = [division for division in draft.divisions if division.head.string.strip() or division.n]
    empty = [d for d in headed if not within.get(d.index) and d.index not in with_notes and d.kind != "part"]
    yield Count("heading-without-text", len(empty), len(headed), _places(draft, empty))
    short = [d for d in headed if 0 < within.get(d.index, 0) <= ONE_LINE and d.index not in has_children]
    yield Count("division-of-one-line", len(short), len(headed), _places(draft, short))


def _numbers(draft: Draft) -> Count:
    """Count numbers between the first and the last of a series that no heading has."""
    series: dict[tuple[str, int | None], list[Division]] = defaultdict(list)
    for division in draft.divisions:
        # Chapters are numbered through the parts of a book, or anew in each.
        parent = division.parent if division.kind != "chapter" else None
        if division.n:
            series[division.kind, parent].append(division)
    missing = of = 0
    places: list[Place] = []
    for numbered in series.values():
        numbers = _as_numbers([division.n.lower() for division in numbered])
        of += len(numbers)
        for before, n, division in zip(numbers, numbers[1:], numbered[1:], strict=False):
            if n > before + 1:
                missing += n - before - 1
                places += _places(draft, [division])
    return Count("numbers-of-headings-missing", missing, of, tuple(places))


def _as_numbers(labels: list[str]) -> list[int]:
    """The numbers of a series in figures or Roman numerals; none if the series has letters."""
    orders = [order_of(label) for label in labels]
    is_roman = not {"i", "ii"}.isdisjoint(labels)
    numbers = [order[1] for order in orders if order is not None and (order[0] or is_roman)]
    return numbers if len(numbers) == len(labels) else []


def _contents(draft: Draft) -> Count:
    titles = {title for division in draft.divisions for title in titles_of(division)}
    begun = {" ".join(title.split()[:FIRST_WORDS]) for title in titles}
    missing = []
    for entry in draft.contents:
        title = plain_title(entry.title)
        words = title.split()
        # The number may stand in a cell of its own.
        shorter = {" ".join(words[k : k + FIRST_WORDS]) for k in range(min(3, len(words)))}
        if title not in titles and not (shorter & begun):
            missing.append((entry.line.witness, entry.line.number))
    return Count("contents-not-found", len(missing), len(draft.contents), tuple(missing))

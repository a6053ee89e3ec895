"""Whether calls and notes were paired, and whether the text holds notes and calls that were not read."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from corpus_import.parsing.elements import Draft, Line, Note, Role
from corpus_import.parsing.recognise import NOTE_PAGE
from corpus_import.parsing.stages.judge_reading.limits import Count
from corpus_import.parsing.stages.judge_reading.texts import Place, place_of

ENDLESS = 12_000  # characters of a note of 2,000 words
# `12.`, `(12)`, `[12]`, `{12}`, `^12`, `12:`, `#12~`, `¹²`, or `12` and two spaces or a capital: a note begins.
_NUMBER = re.compile(
    r"[\[({^<#/|]?(?P<n>\d{1,3})(?:[\])}.:/>|~]+(?:\s|$)|\s{2,}\S|\s(?=[^\W\d_a-z]))|(?P<high>[⁰¹²³⁴-⁹]{1,3})\s?\S"
)
# A number with any signs around it, at the beginning of a paragraph.
_ANY_NUMBER = re.compile(r"[^\w\s]{0,3}(?P<n>\d{1,3})[^\w\s]{0,3}(?:\s|$)")
# Signs in the text that may be calls, by form, each with a sign without which a text has none. A figure right after a
# stop may be one; so may figures set high. Last, the least length of a series: items in a sentence have numbers, too.
_CALLS = (
    ("", re.compile(r"(?<=[^\s(\[{])(?P<n>[⁰¹²³⁴-⁹]{1,3})"), 3),
    ("^", re.compile(r"\^(?P<n>\d{1,3})\b"), 3),
    ("{", re.compile(r"\{(?P<n>\d{1,3})\}"), 3),
    ("(", re.compile(r"\((?P<n>\d{1,3})\)"), 10),
    ("[", re.compile(r"\[(?P<n>\d{1,3})(?:\s?[,–-]\s?\d{1,3})*\]"), 3),
    (".", re.compile(r"[.,;:!?”\"’')](?<=[^\W\d_].)(?P<n>\d{1,3})(?=\s|$)"), 3),
)
_HIGH = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
# Numbers at the beginnings of lines, each one more than the one before, are a series from the first length on; calls
# begin anew after a number as high as the second.
SERIES, HIGH = 3, 5
# A number of a run stands at most this many lines below the one before.
FARTHEST = 200


def count_notes(draft: Draft) -> Iterator[Count]:
    """Count notes without number, text or call, calls without notes, and what looks like unread notes and calls."""
    yield from _paired(draft)
    yield _anew(draft)
    calls, places = _unread_calls(draft)
    yield Count("unread-calls", len(calls), len(calls) + _calls(draft), tuple(places))
    yield _unread_notes(draft, calls)
    ends = [
        p for p in draft.paragraphs if p.text.string.endswith("]") and NOTE_PAGE.search(p.text.string[-24:])
    ]
    where = tuple(place_of(draft, p.text) for p in ends)
    yield Count("pages-of-notes-in-text", len(ends), len(draft.notes) + len(ends), where)


def count_numbers(draft: Draft) -> Iterator[Count]:
    """Count the notes without a number."""
    lost = [note for note in draft.notes if note.n is None]
    yield Count("note-without-number", len(lost), len(draft.notes), _places(lost))


def _calls(draft: Draft) -> int:
    return sum(len(p.references) for p in draft.paragraphs) + sum(len(d.references) for d in draft.divisions)


def _paired(draft: Draft) -> Iterator[Count]:
    notes = draft.notes
    numbered = [note for note in notes if note.n is not None]
    if not notes:
        called = {(p.division, r.n) for p in draft.paragraphs for r in p.references}
        first = next((p.references for p in draft.paragraphs if p.references), ())
        yield Count(
            "no-notes",
            len(called),
            len(called),
            tuple((r.span.witness, draft.line_at(r.span)) for r in first),
        )
    uncalled = _said(draft, "note-never-called")
    yield Count("note-without-call", len(uncalled), len(numbered), tuple(uncalled))
    yield from count_numbers(draft)
    twice = _said(draft, "note-duplicate")
    yield Count("note-numbered-twice", len(twice), len(notes), tuple(twice))
    joined = [note for note in notes if note.n is None and _has_rising_numbers(note)]
    yield Count("notes-run-together", len(joined), len(notes), _places(joined))
    bare = [note for note in numbered if not note.paragraphs]
    yield Count("note-without-body", len(bare), len(numbered), _places(bare))
    sizes = [(sum(len(p.text.string) for p in note.paragraphs), note) for note in notes]
    endless = [(size, note) for size, note in sizes if size > ENDLESS]
    yield Count(
        "endless-note",
        sum(size for size, _ in endless),
        sum(size for size, _ in sizes),
        _places([note for _, note in endless]),
    )


def _has_rising_numbers(note: Note) -> bool:
    """Whether the paragraphs of a note begin with numbers that rise by one, as notes do."""
    begins = [_ANY_NUMBER.match(part.text.string) for part in note.paragraphs]
    numbers = [int(match["n"]) for match in begins if match]
    rising = sum(b == a + 1 for a, b in pairwise(numbers))
    return rising + 1 >= SERIES


def _said(draft: Draft, code: str) -> list[Place]:
    return [(remark.witness, remark.line) for remark in draft.diagnostics if remark.code == code]


def _places(notes: Sequence[Note]) -> tuple[Place, ...]:
    return tuple((note.first.witness, note.first.number) for note in notes)


def _anew(draft: Draft) -> Count:
    """Count the places within a division at which calls begin anew, 1, 2 after more, with no notes between."""
    headings = [
        (block.first.witness, block.first.number)
        for block in draft.blocks
        if block.role is Role.NOTES_HEADING
    ]
    places = []
    highest: dict[int, tuple[int, Place]] = {}
    for paragraph in draft.paragraphs:
        references = paragraph.references
        for k, reference in enumerate(references):
            place = (reference.span.witness, draft.line_at(reference.span))
            high, before = highest.get(paragraph.division, (0, place))
            after = references[k + 1].n if k + 1 < len(references) else 2
            if reference.n == 1 and high >= HIGH and after <= 2:
                if bisect_left(headings, before) == bisect_left(headings, place):
                    places.append(place)
                high = 0
            highest[paragraph.division] = (max(high, reference.n), place)
    return Count("calls-begin-anew", len(places), len(draft.divisions), tuple(places))


def _unread_calls(draft: Draft) -> tuple[list[int], list[Place]]:
    """The numbers of signs that look like calls, if they rise as calls do, and where the first ones stand."""
    found: list[list[tuple[int, int]]] = [[] for _ in _CALLS]
    for at, paragraph in enumerate(draft.paragraphs):
        text = paragraph.text.string
        for form, (sign, pattern, _) in enumerate(_CALLS):
            if text.isascii() if not sign else sign not in text:
                continue
            found[form] += [(int(m["n"].translate(_HIGH)), at) for m in pattern.finditer(text)]
    numbers: list[int] = []
    places: list[Place] = []
    for signs, (*_, least) in zip(found, _CALLS, strict=True):
        series = _rising(signs, least)
        if len(series) >= len(signs) * 0.6:
            numbers += [n for n, _ in series]
            places += [place_of(draft, draft.paragraphs[at].text) for _, at in series[:3]]
    return numbers, places


def _rising(numbers: Sequence[tuple[int, int]], least: int) -> list[tuple[int, int]]:
    """Of numbers with their places, the long series that rise from 1 by one each time, one number may be lacking."""
    series: list[tuple[int, int]] = []
    run: list[tuple[int, int]] = []
    for n, at in numbers:
        if run and run[-1][0] < n <= run[-1][0] + 2:
            run.append((n, at))
        elif n == 1:
            series += run if len(run) >= least else []
            run = [(n, at)]
    return series + (run if len(run) >= least else [])


def _unread_notes(draft: Draft, unread_calls: Sequence[int]) -> Count:
    """Count lines that begin with rising numbers, which the text calls, and that are no notes."""
    lines = [line for block in draft.blocks if block.role is Role.TEXT for line in block.lines]
    found: list[tuple[int, Line]] = []
    last, at = 0, 0
    runs: list[list[tuple[int, Line]]] = []
    for k, line in enumerate(lines):
        first = line.text[0]
        if not (first.isdigit() or first in "[({^"):
            continue
        number = _NUMBER.match(line.text[:12])
        if number is None:
            continue
        n = int((number["n"] or number["high"]).translate(_HIGH))
        if found and n == last + 1 and k - at <= FARTHEST:
            found.append((n, line))
        elif n == 1:
            runs.append(found)
            found = [(n, line)]
        else:
            continue
        last, at = n, k
    runs.append(found)
    called = {r.n for p in draft.paragraphs for r in p.references} | set(unread_calls)
    long = [each for run in runs if len(run) >= SERIES for each in run]
    of_calls = [line for n, line in long if n in called]
    count = len(of_calls) if len(of_calls) * 2 >= len(long) else 0
    return Count(
        "unread-notes",
        count,
        count + len(draft.notes),
        tuple((line.witness, line.number) for line in of_calls),
    )

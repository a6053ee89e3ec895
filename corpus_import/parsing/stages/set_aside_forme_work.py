"""Stage: tell forme work (print headers, running heads, page markers) apart from text.

What a browser printed above and below its pages is known by its shape (print_lines.py) and its place: it stands by
itself, or it comes again, or it cuts a sentence in two. A running head is known by its repetition. An address that
begins a line of text is text. Page markers are found by the system in which they stand (page_markers.py).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import Account, Draft, Line, LineKind
from corpus_import.parsing.forms.labels import labels_of, names_picture
from corpus_import.parsing.page_markers import mark_pages
from corpus_import.parsing.print_lines import PrintLine, is_title, read_print_line
from corpus_import.parsing.quote_marks import take_quote_marks
from corpus_import.parsing.recognise import (
    NOTE_NUMBER,
    NOTE_PAGE,
    begins_like_a_heading,
    is_key_heading,
    is_notes_heading,
)
from reader.text.diagnostics import said
from reader.text.sentences import reads_on

_FIGURES = re.compile(r"\d+")
_NO_WORD = re.compile(r"[\W\d_]+")
# So many lines that are not text are passed over to find the next line of text.
FARTHEST_NEIGHBOUR = 8
# A running head without a number comes so often at least; one that is the volume's title, so often.
LEAST_HEADS, LEAST_TITLES = 3, 2
# So many lines of text at the beginning can hold the volume's title.
FIRST_LINES = 6
# What those who scan books, and their libraries, print on each page.
_SCANNERS = re.compile(
    r"(?:digiti[sz]ed|scanned|downloaded|generated|hosted|original|copyrighted|uploaded)"
    r" (?:by|from|for|at|on|material)\b",
    re.IGNORECASE,
)
# The longest running head, in characters.
LONGEST_HEAD = 80
# No column holds a longer line.
LONGEST_OF_COLUMN = 150
# A line of at least this share of the usual length can be a line of text that goes on below.
FULL_LINE = 0.75


def set_aside_forme_work(draft: Draft) -> Draft:
    """Mark the lines that are forme work, and account for their characters."""
    shown = {witness.n for witness in draft.witnesses if witness.shown}
    read = _read_forme_work(
        replace(draft, lines=tuple(line for line in draft.lines if line.witness not in shown))
    )
    if not shown:
        return read
    by_place = {(line.witness, line.number, line.start): line for line in read.lines}
    lines = tuple(by_place.get((line.witness, line.number, line.start), line) for line in draft.lines)
    accounts = tuple(
        Account(line.span, "forme work")
        for line in lines
        if line.witness in shown and line.kind in (LineKind.MARKER, LineKind.HEADER)
    )
    return replace(read, lines=lines, accounts=read.accounts + accounts)


def _read_forme_work(draft: Draft) -> Draft:
    lines = list(draft.lines)
    headers, doubtful = _print_headers(draft)
    for index in headers:
        lines[index] = replace(lines[index], kind=LineKind.HEADER)
    lines, unread = mark_pages(lines, draft.manifest, draft.witnesses)
    for index in _lines_that_count(lines) | _running_heads(draft, lines):
        lines[index] = replace(lines[index], kind=LineKind.HEADER)
    accounts = tuple(
        Account(line.span, "forme work") for line in lines if line.kind in (LineKind.MARKER, LineKind.HEADER)
    )
    lines, signs = take_quote_marks(lines)
    accounts += signs
    remarks = tuple(
        Diagnostic(
            "forme-work-doubtful",
            draft.lines[index].witness,
            draft.lines[index].number,
            said("forme-work-doubtful", words=draft.lines[index].text[:60]),
        )
        for index in sorted(doubtful)
    )
    remarks += tuple(
        Diagnostic(
            "marker-doubtful",
            line.witness,
            line.number,
            said("marker-doubtful", number=len(unread), words=line.text[:60]),
        )
        for line in unread[:1]
    )
    return replace(
        draft,
        lines=tuple(lines),
        accounts=draft.accounts + accounts,
        diagnostics=draft.diagnostics + remarks,
    )


# Neighbours


def _stands_alone(lines: Sequence[Line], index: int, others: frozenset[int] | set[int] = frozenset()) -> bool:
    """Whether no text stands directly above or below; `others` are lines that are no text either."""
    around = [i for i in (index - 1, index + 1) if 0 <= i < len(lines)]
    return all(
        lines[i].kind is not LineKind.TEXT or lines[i].witness != lines[index].witness or i in others
        for i in around
    )


def _cuts_a_sentence(lines: Sequence[Line], index: int, others: set[int]) -> bool:
    """Whether the text above breaks off inside a sentence and the text below goes on with a small letter."""
    above = next(_texts(lines, index, -1, others), None)
    below = next(_texts(lines, index, 1, others), None)
    return (
        above is not None
        and below is not None
        and reads_on(above.text)
        and not begins_like_a_heading(above.text)
        and below.text[0].islower()
    )


def _texts(lines: Sequence[Line], index: int, step: int, others: set[int]) -> Iterator[Line]:
    """The lines of text near a line, in one direction."""
    for far in range(1, FARTHEST_NEIGHBOUR + 1):
        at = index + far * step
        if not 0 <= at < len(lines) or lines[at].witness != lines[index].witness:
            return
        if lines[at].kind is LineKind.TEXT and at not in others:
            yield lines[at]


# The lines of a browser's print


def _print_headers(draft: Draft) -> tuple[set[int], set[int]]:
    """Indices of the lines that a browser printed, and of those that look like one and stand in the text."""
    lines = draft.lines
    shaped: dict[int, PrintLine] = {
        index: shape
        for index, line in enumerate(lines)
        if line.kind is LineKind.TEXT and (shape := read_print_line(line.text))
    }
    sure = {index for index, shape in shaped.items() if shape.is_sure}
    titles = Counter(_plain(shaped[index].title) for index in sure if shaped[index].title)
    known = _known_titles(draft)
    alike = Counter(shape for index, shape in shaped.items() if _stands_alone(lines, index, sure))
    headers: set[int] = set()
    doubtful: set[int] = set()
    for index, shape in shaped.items():
        alone = _stands_alone(lines, index, sure)
        title = _plain(shape.title)
        comes_again = bool(title) and (titles[title] > 1 or _is_known(title, known))
        if index not in sure:
            # An address or a date is forme work if it stands by itself and comes again, and not as the body of a note;
            # nobody cites a saved page, so its address need not come again.
            again = alike[shape] >= (2 if shape.title or shape.address else 3)
            if alone and (again or _is_saved_page(shape)) and not _is_body_of_note(lines, index):
                headers.add(index)
            elif "local" in shape.parts:
                doubtful.add(index)
        elif alone or comes_again or _cuts_a_sentence(lines, index, sure) or _is_bare(shape):
            headers.add(index)
        else:
            doubtful.add(index)
    return headers, doubtful


def _is_saved_page(shape: PrintLine) -> bool:
    return shape.parts == {"local"} and not shape.title


def _is_bare(shape: PrintLine) -> bool:
    """Whether a line is a date with the address of a file: no text has one."""
    return not shape.title and "local" in shape.parts and "date" in shape.parts


def _is_body_of_note(lines: Sequence[Line], index: int) -> bool:
    """Whether the line of text before holds nothing but a note's number."""
    above = next(_texts(lines, index, -1, set()), None)
    return above is not None and NOTE_NUMBER.fullmatch(above.text) is not None


def _plain(title: str) -> str:
    return _NO_WORD.sub(" ", title.casefold()).strip()


def _known_titles(draft: Draft) -> list[str]:
    """The titles of the volume, as a browser or a printer may set them at the head of a page."""
    manifest = draft.manifest
    titles = (manifest.title, manifest.subtitle, f"{manifest.title} {manifest.subtitle}", manifest.original)
    return [plain for title in titles if (plain := _plain(title))]


def _is_known(title: str, known: Sequence[str]) -> bool:
    """Whether a title is the volume's, or the whole words at the beginning of it."""
    return any(f"{whole} ".startswith(f"{title} ") for whole in known)


# Running heads


def _running_heads(draft: Draft, lines: Sequence[Line]) -> set[int]:
    """Indices of short lines without a number that come again and again at the head of a page."""
    alike: dict[str, list[int]] = defaultdict(list)
    known = _known_titles(draft)
    sizes = [len(line.text) for line in lines if line.kind is LineKind.TEXT]
    full = FULL_LINE * median(sizes) if sizes else 0
    for index, line in enumerate(lines):
        if (
            line.kind is LineKind.TEXT
            and len(line.text) <= LONGEST_HEAD
            and not (len(line.text) > full and _goes_on_below(lines, index))
            and line.text[0].isupper()
            and sum(map(str.isalpha, line.text)) >= 4
            and not _FIGURES.search(line.text)
            and "  " not in line.text
            and is_title(line.text)
            and not begins_like_a_heading(line.text)
            and not is_notes_heading(line.text, draft.manifest.notes_heading)
            and not is_key_heading(line.text, draft.manifest.key_heading)
            and not NOTE_PAGE.search(line.text)
        ):
            alike[_plain(line.text)].append(index)
    beginning = _lines_at_beginning(lines)
    heads: set[int] = set()
    for title, indices in alike.items():
        # The volume's title above pages, or a scanner's line below them, need not cut sentences.
        again = [i for i in indices if i not in beginning]
        if _SCANNERS.match(lines[indices[0]].text):
            again, is_sure = indices, True
        else:
            is_sure = len(again) < len(indices) and _surroundings(lines, again) >= LEAST_HEADS
        if is_sure and len(again) >= LEAST_HEADS and all(_stands_alone(lines, i) for i in again):
            heads.update(again)
            continue
        least = LEAST_TITLES if title in known else LEAST_HEADS
        if not title or len(indices) < least or _surroundings(lines, indices) < least:
            continue
        cut = sum(_cuts_a_sentence(lines, i, set(indices)) for i in indices)
        # A table, a list or a refrain repeats a line as well, but it does not stand inside sentences.
        if cut * 3 >= len(indices) and cut >= 2 - (title in known):
            heads.update(indices)
    return heads


def _goes_on_below(lines: Sequence[Line], index: int) -> bool:
    """Whether the line directly below begins with a small letter: the sentence goes on from a line of text."""
    below = lines[index + 1] if index + 1 < len(lines) else None
    return below is not None and below.kind is LineKind.TEXT and below.text[:1].islower()


def _lines_at_beginning(lines: Sequence[Line]) -> set[int]:
    """Indices of the first lines of text of each witness, among which the volume's title stands."""
    by_witness: dict[int, list[int]] = defaultdict(list)
    begun: set[int] = set()  # witnesses of which a paragraph was passed, that no column broke
    for index, line in enumerate(lines):
        if line.kind is LineKind.TEXT and len(by_witness[line.witness]) < FIRST_LINES:
            if len(line.text) > LONGEST_OF_COLUMN:
                begun.add(line.witness)
            if line.witness not in begun:
                by_witness[line.witness].append(index)
    return {index for indices in by_witness.values() for index in indices}


def _surroundings(lines: Sequence[Line], indices: Sequence[int]) -> int:
    """In how many places of the text lines stand. The key of each file, repeated with what is around it, is one."""
    others = set(indices)
    above, below = (
        {near.text if (near := next(_texts(lines, i, step, others), None)) else i for i in indices}
        for step in (-1, 1)
    )
    return min(len(above), len(below))


def _is_one_label(text: str) -> bool:
    """Whether a line is a word and its number alone."""
    return any(label.form[0] == "named" and label.size == len(text) for label in labels_of(text))


def _lines_that_count(lines: Sequence[Line]) -> set[int]:
    """Indices of lines that stand alone and come three times or more with rising figures."""
    alike: dict[str, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        if (
            line.kind is LineKind.TEXT
            and line.indent < 2
            and line.text[-1:].isalnum()
            and _FIGURES.search(line.text)
            and not begins_like_a_heading(line.text)
            and not names_picture(line.text)
        ):
            shape = _FIGURES.sub("#", line.text)
            # A row of a table has few letters; a running header has words.
            if sum(map(str.isalpha, shape)) >= 6 and shape.count("#") <= 6:
                alike[shape].append(index)
    counting: set[int] = set()
    for indices in alike.values():
        if len(indices) < 3 or not all(_stands_alone(lines, i) for i in indices):
            continue
        rows = [tuple(int(f[:12]) for f in _FIGURES.findall(lines[i].text)) for i in indices]
        # `Letter 1`, `Letter 2` are headings, unless a sentence is cut by one.
        is_series = rows == [(n,) for n in range(1, len(rows) + 1)] and _is_one_label(lines[indices[0]].text)
        if is_series and not any(_cuts_a_sentence(lines, i, set(indices)) for i in indices):
            continue
        columns = list(zip(*rows, strict=True))
        if any(all(a < b for a, b in pairwise(column)) for column in columns):
            counting.update(indices)
    return counting

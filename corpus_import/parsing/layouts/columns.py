"""Puts the two columns of a key, and the numbers and bodies of notes, together again.

A tool can emit a table row by row, or each column of a print page by itself: all headwords, then all definitions.
Either way the first headword belongs to the first definition, the second to the second. Which rows are headwords is
read from their alphabetical order and their length; which rows go on with a definition, from the line above. The
cheapest reading is taken (a beam over the rows, linear in their number), and only if its columns are equally long on
each print page, and no line can be read otherwise.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.layouts.paragraphs import is_small
from corpus_import.parsing.layouts.rows import Row
from corpus_import.parsing.layouts.widths import TOLERANCE, Font, first_piece
from corpus_import.parsing.recognise import NOTE_NUMBER, SEE, is_headword
from reader.text.messages import gettext_noop

# Readings that are followed for each number of waiting headwords, and the most headwords that can wait.
BEAM, FARTHEST = 2, 60
# A reading that costs more for each entry is no reading.
DEAREST = 2.2
# Costs.
OUT_OF_ORDER = 4.0
EACH_WORD, SMALL_HEADWORD, SENDS = 0.7, 4.0, 6.0
SMALL_DEFINITION, ONE_WORD = 3.0, 1.2
GOES_ON, FULL, NOT_FULL, SMALL_NOT_FULL, AFTER_TURN = 0.2, 0.3, 4.0, 3.0, 1.0
# A definition that begins although the one above could go on.
AFTER_FULL = 1.0
# A line that goes on with a definition but could begin a row.
CAN_BEGIN = 1.0
IN_ONE_LINE, AMID_COLUMNS, MORE_WORDS = 0.2, 0.4, 2.0
# A definition that ends with one of the most frequent words, or goes on over a blank line.
CUT_SHORT, OVER_BLANK = 2.0, 1.5
LEFT_AT_END = 9.0
# A new run of headwords before the last run has its definitions, or the other way round.
OUT_OF_STEP = 2.0
# A definition before its headword.
BEFORE_HEADWORD = 0.15
LIKE_HEADWORD = 2.0

ADVICE = gettext_noop("take the text out with “pdftotext -layout”, which keeps the columns side by side")


@dataclass(slots=True)
class Entry:
    """A row of the key: the headword, and the rows of its definition with the markers between."""

    head: Row
    body: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Way:
    cost: float
    waiting: int  # headwords without definition; negative: definitions without headword
    last: str  # the last headword
    steps: tuple[object, ...]  # a linked list: (step, the steps before)


# What a row can be: a headword, the beginning of a definition, or its going on; a number is the words of a headword
# that has its definition on the line.
HEAD, BODY, REST = "head", "body", "rest"


def read_key(
    rows: Sequence[Row], font: Font, file: str, little: frozenset[str], sides: Sequence[str] = ()
) -> list[Entry]:
    """The entries of a key. `sides` gives the column of each row where the layout shows it (`left`, `right`), `little`
    the most frequent words of the text, with which no definition ends.

    Raises ImportFault if the columns cannot be put together with certainty.
    """
    rows = _with_turns(rows)
    plain = [k for k, row in enumerate(rows) if not row.marker]
    if not plain:
        return []
    if sides:
        return _pair_sides(rows, sides, file)
    texts = [font.width(rows[k].text) for k in plain if len(rows[k].text.split()) > 4]
    column = float(max(texts, default=0))
    ways = [
        _read(rows, plain, font, column, little, in_lines=in_lines, small=small)
        for in_lines, small in ((True, False), (False, False), (False, True))
    ]
    best = min(
        (way for way in ways if way is not None), key=lambda way: way.cost / _entries(way), default=None
    )
    steps = _steps(best) if best else []
    entries = _entries(best) if best else 0
    unsure = best is not None and _is_unsure([rows[k] for k in plain], steps, font, column, little)
    if best is None or entries < 2 or best.cost > DEAREST * entries or unsure:
        raise _refusal(file, rows[plain[0]])
    entries_read = _pair([rows[k] for k in plain], steps, rows)
    for entry, after in pairwise(entries_read):
        _check_rest(entry, after, file)
    return entries_read


def _check_rest(entry: Entry, after: Entry, file: str) -> None:
    """Raise ImportFault if a further line of a definition, or one of a single word, could be the next headword."""
    rows = [row for row in entry.body if not row.marker]
    for row in rows if rows and " " not in rows[0].text else rows[1:]:
        word = row.text.split()[0]
        between = entry.head.text.casefold() < word.casefold() < after.head.text.casefold()
        if between and is_headword(word) and not is_small(word):
            raise _refusal(file, row)


def _pair_sides(rows: Sequence[Row], sides: Sequence[str], file: str) -> list[Entry]:
    """The entries of a key whose columns stand side by side."""
    entries: list[Entry] = []
    markers: list[Row] = []
    for k, row in enumerate(rows):
        if row.marker:
            markers.append(row)
            continue
        if sides[k] == "left":
            if (entries and not entries[-1].body) or not is_headword(row.text):
                raise _refusal(file, row)
            entries.append(Entry(row, markers))
        elif entries:
            entries[-1].body += [*markers, row]
        else:
            raise _refusal(file, row)
        markers = []
    if entries and not any(not row.marker for row in entries[-1].body):
        raise _refusal(file, entries[-1].head)
    return entries


def _refusal(file: str, row: Row) -> ImportFault:
    return ImportFault(
        file,
        row.line.number,
        "the two columns of the key at “%(words)s” stand apart, and cannot be put together "
        "with certainty; %(advice)s.",
        words=row.text[:30],
        advice=ADVICE,
    )


def _with_turns(rows: Sequence[Row]) -> list[Row]:
    """The rows; where a marker is the first row of a print page, the row below the marker is so too."""
    found: list[Row] = []
    turned = False
    for row in rows:
        turned = turned or row.turned
        found.append(row if row.marker else replace(row, turned=turned))
        turned = turned and bool(row.marker)
    return found


def _read(
    rows: Sequence[Row],
    plain: Sequence[int],
    font: Font,
    column: float,
    little: frozenset[str],
    *,
    in_lines: bool,
    small: bool,
) -> "_Way | None":
    """The cheapest way in which no headword waits at the end.

    `in_lines`: headword and definition share each line; `small`: definitions begin with small letters as well.
    """
    beam = [_Way(0.0, 0, "", ())]
    for at, k in enumerate(plain):
        above = rows[plain[at - 1]] if at else None
        cut = at > 0 and (rows[k].turned or plain[at - 1] != k - 1)
        ends = at + 1 == len(plain) or rows[plain[at + 1]].turned
        beam = _step(
            beam,
            rows[k],
            above,
            cut=cut,
            ends=ends,
            font=font,
            column=column,
            little=little,
            in_lines=in_lines,
            small=small,
        )
    return next((way for way in beam if way.waiting == 0), None)


def _entries(way: "_Way") -> int:
    return max(sum(step not in (BODY, REST) for step in _steps(way)), 1)


def _step(
    beam: Sequence[_Way],
    row: Row,
    above: Row | None,
    *,
    cut: bool,
    ends: bool,
    font: Font,
    column: float,
    little: frozenset[str],
    in_lines: bool,
    small: bool,
) -> list[_Way]:
    ways: dict[tuple[int, str, object], _Way] = {}
    text = row.text
    words = text.split()
    full = above is not None and (
        font.width(above.text) + font.width(" ") + font.width(first_piece(text)) > column * (1 - TOLERANCE)
    )
    short = above is not None and above.text.split()[-1] in little
    for way in beam:
        for step, cost, waiting, last in _choices(
            way, text, words, cut=cut, full=full, in_lines=in_lines, small=small
        ):
            if step == REST and row.blank and not cut:
                cost += OVER_BLANK
            if step in (BODY, HEAD) and short and way.steps and way.steps[0] != HEAD:
                cost += CUT_SHORT
            total = way.cost + cost + (LEFT_AT_END * abs(waiting) if ends else 0.0)
            if abs(waiting) > FARTHEST:
                continue
            key = (waiting, last, step == HEAD)
            if key not in ways or total < ways[key].cost:
                ways[key] = _Way(total, waiting, last, (step, way.steps))
    kept: list[_Way] = []
    followed: Counter[int] = Counter()
    for way in sorted(ways.values(), key=lambda way: way.cost):
        followed[way.waiting] += 1
        if followed[way.waiting] <= BEAM:
            kept.append(way)
    return kept


def _choices(
    way: _Way,
    text: str,
    words: Sequence[str],
    *,
    cut: bool,
    full: bool,
    in_lines: bool,
    small: bool,
) -> Iterator[tuple[object, float, int, str]]:
    """What a row can be after a way: the step, its cost, the headwords that wait then, and the last headword."""
    before = way.steps[0] if way.steps else None
    plain = text.casefold()
    if is_headword(text) and not in_lines:
        cost = EACH_WORD * max(len(words) - 2, 0) + (OUT_OF_ORDER if plain < way.last else 0.0)
        cost += SMALL_HEADWORD if text[0].islower() else 0.0
        cost += SENDS if SEE.fullmatch(text) else 0.0
        cost += OUT_OF_STEP if before in (BODY, REST) and way.waiting > 0 else 0.0
        yield HEAD, cost, way.waiting + 1, plain
    is_rest = is_small(text) and not small
    cost = (SMALL_DEFINITION if is_rest else 0.0) + (ONE_WORD if len(words) == 1 else 0.0)
    # A single word that comes next in the alphabet is a headword.
    cost += LIKE_HEADWORD if len(words) == 1 and is_headword(text) and plain > way.last else 0.0
    cost += AFTER_FULL if full and before in (BODY, REST) else 0.0
    cost += OUT_OF_STEP if before == HEAD and way.waiting < 0 else 0.0
    cost += BEFORE_HEADWORD if way.waiting <= 0 else 0.0
    if not in_lines:
        yield BODY, cost, way.waiting - 1, way.last
    if before is not None and (before != HEAD or cut):
        if cut or (in_lines and is_rest):
            cost = GOES_ON if is_rest else AFTER_TURN
        elif full:
            cost = GOES_ON if is_rest else FULL
        else:
            cost = SMALL_NOT_FULL if is_rest else NOT_FULL
        cost += NOT_FULL if SEE.fullmatch(text) else 0.0
        cost += CAN_BEGIN if in_lines and not is_small(text) else 0.0
        yield REST, cost, way.waiting, way.last
    if way.waiting == 0 and len(words) > 1 and not small:
        for count in (1, 2, 3):
            head = " ".join(words[:count])
            if len(words) <= count or not is_headword(head) or is_small(text):
                break
            after = words[count].lstrip("\"“‘'(")
            if (
                not after[:1].isupper()
                and not after[:1].isdigit()
                and not SEE.fullmatch(" ".join(words[count:]))
            ):
                continue
            order = OUT_OF_ORDER if head.casefold() < way.last else 0.0
            usual = IN_ONE_LINE if in_lines else AMID_COLUMNS
            yield count, usual + MORE_WORDS * (count - 1) + order, 0, head.casefold()


def _is_unsure(
    rows: Sequence[Row], steps: Sequence[object], font: Font, column: float, little: frozenset[str]
) -> bool:
    """Whether, where columns stand apart, a row may as well begin a definition as go on with one.

    The number of headwords tells how many rows go on. If as many could go on by their place, these are known; if more
    could, and one of those that were taken shows it by nothing but the full line above, the pairs are a guess.
    """
    begins = goes_on = 0
    apart = False
    for k in range(1, len(rows)):
        apart = apart or (steps[k] == HEAD and steps[k - 1] == HEAD)
        if k + 1 == len(rows) or rows[k].turned:
            if apart and begins and goes_on:
                return True
            begins = goes_on = 0
            apart = False
        above, text = rows[k - 1].text, rows[k].text
        if steps[k] not in (BODY, REST) or rows[k].turned:
            continue
        if is_small(text):
            begins += steps[k] == BODY
            continue
        if steps[k - 1] == HEAD:
            continue
        if above.split()[-1] in little or SEE.fullmatch(text) or SEE.fullmatch(above):
            continue
        if font.width(above) + font.width(" " + first_piece(text)) > column * (1 - TOLERANCE):
            begins += steps[k] == BODY
            goes_on += steps[k] == REST
    return apart and begins > 0 and goes_on > 0


def _steps(way: _Way) -> list[object]:
    steps: list[object] = []
    at: tuple[object, ...] = way.steps
    while at:
        steps.append(at[0])
        at = at[1]  # type: ignore[assignment]  # the second item is the list before
    return steps[::-1]


_WORD = re.compile(r"\S+")


def _pair(plain: Sequence[Row], steps: Sequence[object], rows: Sequence[Row]) -> list[Entry]:
    """Give the n-th definition to the n-th headword; markers stand before the row that follows them."""
    heads: list[Entry] = []
    bodies: list[list[Row]] = []
    markers = _markers_before(rows)
    for row, step in zip(plain, steps, strict=True):
        above = markers.get(row.line.start, [])
        if step == HEAD:
            heads.append(Entry(row))
            if above:
                heads[-1].body = [*above]
        elif step == BODY:
            bodies.append([*above, row])
        elif step == REST:
            (bodies[-1] if bodies else heads[-1].body).extend([*above, row])
        else:
            end = [match.end() for match in _WORD.finditer(row.text)][int(str(step)) - 1]
            heads.append(Entry(row.cut(0, end), [*above]))
            bodies.append([row.cut(end)])
    for head, body in zip(heads, bodies, strict=True):
        head.body += body
    return heads


def _markers_before(rows: Sequence[Row]) -> dict[int, list[Row]]:
    """The markers above each row, by the row's offset."""
    above: dict[int, list[Row]] = {}
    waiting: list[Row] = []
    for row in rows:
        if row.marker:
            waiting.append(row)
        elif waiting:
            above[row.line.start] = waiting
            waiting = []
    return above


def split_number(row: Row) -> tuple[int | None, Row | None]:
    """The number of the note that a row begins, and the rest of the row; (None, row) if no note begins."""
    match = NOTE_NUMBER.match(row.text)
    if match is None:
        return None, row
    return int(match["n"]), (row.cut(match.end()) if match.end() < len(row.text) else None)

"""Finds lists of terms and notes in the rows of a PDF: a short line at the margin, and what it stands for set in below.

So a browser sets the rows of a key, or notes, that are a list of definitions. A line stands alone because the first
word of the next one had room on it; the last line of a paragraph, which has room too, ends a sentence.
"""

from collections.abc import Sequence

from corpus_import.parsing.recognise import is_headword
from corpus_import.parsing.sources.pdf_rows import Row
from corpus_import.parsing.sources.pdf_tables import NUMBER, Table

# The fewest entries of a list; how far what a line stands for is set in, in sizes of the type; the same margin, in
# points.
_ENTRIES, _LEAST, _MOST, _SAME = 3, 1.2, 6.0, 1.0
# Lines of an entry stand no further apart, in sizes of the type.
_FAR = 4.2
_OTHER_SIZE = 0.07


def set_lists(items: Sequence[Row | Table]) -> list[Row | Table]:
    """The rows and tables, with a table of two columns in place of each list."""
    right = max((item.right for item in items if isinstance(item, Row)), default=0.0)
    lists = {}
    at = 0
    while at < len(items):
        entries = _entries(items, at, right)
        if entries:
            lists[at] = entries
        at = entries[-1][-1] + 1 if entries else at + 1
    usual = {round(_step(items, own)) for own in lists.values() if len(own) >= _ENTRIES}
    out: list[Row | Table] = []
    at = 0
    while at < len(items):
        own = lists.get(at)
        if own and (len(own) >= _ENTRIES or (round(_step(items, own)) in usual and _is_numbered(items, own))):
            out.append(_table(items, own))
            at = own[-1][-1] + 1
        else:
            out.append(items[at])
            at += 1
    return out


def _entries(items: Sequence[Row | Table], at: int, right: float) -> list[list[int]]:
    """The entries of the list that begins at a place: the indices of the line at the margin and of those below it."""
    entries: list[list[int]] = []
    first = items[at]
    inset = 0.0
    while at + 1 < len(items):
        head, below = items[at], items[at + 1]
        if not isinstance(head, Row) or not isinstance(below, Row) or not isinstance(first, Row):
            break
        if not _heads(head, below, right) or abs(head.left - first.left) > _SAME:
            break
        if head.is_bold != first.is_bold or abs(head.size - first.size) > _OTHER_SIZE * first.size:
            break
        if entries and abs(below.left - inset) > _SAME:
            break
        inset = below.left
        end = at + 1
        while end < len(items) and _goes_on(items[end], items[end - 1], inset):
            end += 1
        entries.append(list(range(at, end)))
        at = end
    if entries:
        # Behind the last entry, what is set in otherwise is a heading, a marker, or another list.
        own = entries[-1]
        while len(own) > 2 and not _stands_at(items[own[-1]], inset):
            own.pop()
    return entries


def _heads(head: Row, below: Row, right: float) -> bool:
    """Whether a line stands over lines that are set in, and not because there was no room on it."""
    text = head.text
    step = (below.left - head.left) / head.size
    if len(head.chunks) > 1 or not _LEAST < step < _MOST or below.page - head.page not in (0, 1):
        return False
    if head.page != below.page and NUMBER.fullmatch(text):
        return False  # the number and its note become one line of one page
    if not _goes_on(below, head, below.left):
        return False
    if not NUMBER.fullmatch(text) and not is_headword(text):
        return False
    words = below.words
    end = next((k for k in range(1, len(words)) if words[k].spaced), len(words))
    return head.right + 0.5 * head.size + words[end - 1].right - words[0].left < right


def _goes_on(item: Row | Table, above: Row | Table, inset: float) -> bool:
    if not isinstance(item, Row) or not isinstance(above, Row) or item.left < inset - _SAME:
        return False
    return item.page != above.page or 0 <= item.base - above.base < _FAR * item.size


def _stands_at(item: Row | Table, inset: float) -> bool:
    return isinstance(item, Row) and abs(item.left - inset) <= _SAME


def _step(items: Sequence[Row | Table], entries: Sequence[Sequence[int]]) -> float:
    head, below = items[entries[0][0]], items[entries[0][1]]
    assert isinstance(head, Row), "lists have no tables"
    assert isinstance(below, Row), "lists have no tables"
    return below.left - head.left


def _is_numbered(items: Sequence[Row | Table], entries: Sequence[Sequence[int]]) -> bool:
    return all(isinstance(item := items[own[0]], Row) and NUMBER.fullmatch(item.text) for own in entries)


def _table(items: Sequence[Row | Table], entries: Sequence[Sequence[int]]) -> Table:
    rows = [[item for k in own if isinstance(item := items[k], Row)] for own in entries]
    edges = (rows[0][0].left, rows[0][1].left)
    return Table(edges, [{0: own[:1], 1: own[1:]} for own in rows], _is_numbered(items, entries))

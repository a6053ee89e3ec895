"""Finds the numbers of the book's pages in the margin of a PDF, or laid over its text at one distance from the side.

Such a number says in which line the page of the book begins, not at which word. It is put before the line's first word.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus_import.parsing.sources.html_pages import FEWEST, MARK, SHARE
from corpus_import.parsing.sources.pdf_rows import Chunk, Row
from corpus_import.parsing.sources.pdf_words import Page, Word
from reader.text.page_numbers import order_of

# The longest number with its word, in words; the same distance from the side, in points.
_WORDS, _SAME = 4, 1.5
# In sizes of the type: the same line; words that follow each other; the height of letters above the base line.
_LEVEL, _NEAR, _UPPER = 0.3, 0.9, 0.9


@dataclass(frozen=True, slots=True)
class MarginMark:
    """The words of a number; `order` is the number's place among pages. `alone` tells that no text stands beside."""

    page: int
    words: tuple[Word, ...]
    order: tuple[int, int]
    alone: bool

    @property
    def left(self) -> float:
        """The left end."""
        return min(word.left for word in self.words)

    @property
    def right(self) -> float:
        """The right end."""
        return max(word.right for word in self.words)


def take_margin_marks(pages: Sequence[Page]) -> list[MarginMark]:
    """Take the numbers out of the words of the pages."""
    edge = _edge(pages)
    found = [mark for page in pages for mark in _marks(page, edge)]
    beside = [mark for mark in found if not mark.alone]
    if len(beside) < FEWEST:
        return []
    lefts, rights = (
        Counter(map(round, own)) for own in ([m.left for m in beside], [m.right for m in beside])
    )
    [(left, at_left)], [(right, at_right)] = lefts.most_common(1), rights.most_common(1)
    if at_left >= at_right:
        kept = [mark for mark in found if abs(mark.left - left) <= _SAME]
    else:
        kept = [mark for mark in found if abs(mark.right - right) <= _SAME]
    rises = sum(a.order < b.order for a, b in pairwise(kept))
    if len(kept) < max(FEWEST, SHARE * len(found)) or rises < SHARE * (len(kept) - 1):
        return []
    gone = {id(word) for mark in kept for word in mark.words}
    for page in pages:
        page.words = [word for word in page.words if id(word) not in gone]
    return kept


def put_back(marks: Sequence[MarginMark], rows: Mapping[int, list[Row]]) -> None:
    """Put each number before the first word of the line beside or below it; at the end of a page it is a line."""
    for mark in marks:
        own = rows[mark.page]
        base, size = mark.words[0].base, mark.words[0].size
        level = min(own, key=lambda row: _apart(row, base, size), default=None)
        if level is None or _apart(level, base, size) >= _LEVEL * size:
            level = next((row for row in own if row.base > base), None)
        if level is None:
            own.append(Row(mark.page, base, size, [Chunk(list(mark.words))]))
        else:
            first = level.chunks[0].words[0]
            first.before = (*first.before, *mark.words)


def _apart(row: Row, base: float, size: float) -> float:
    """How far a line is from a number that stands level with it, or begins at its top, as before a heading."""
    return min(abs(row.base - base), abs(row.base - base - _UPPER * (row.size - size)))


def _edge(pages: Sequence[Page]) -> float:
    """Where most lines of the text end at the latest."""
    rights = sorted(word.right for page in pages for word in page.words)
    return rights[-1 - len(rights) // 100] if rights else 0.0


def _marks(page: Page, edge: float) -> Iterator[MarginMark]:
    """Words of one line that are the number of a page, with no word close before or behind them in the file."""
    words = page.words
    bases = [word.base for word in words]
    for k, first in enumerate(words):
        if not any(map(str.isalnum, first.text)) or (k and _follows(words[k - 1], first)):
            continue
        for end in range(k + 1, min(k + 1 + _WORDS, len(words) + 1)):
            if end > k + 1 and not (
                _follows(words[end - 2], words[end - 1]) or _is_broken(words[end - 2], words[end - 1])
            ):
                break
            if end < len(words) and _follows(words[end - 1], words[end]):
                continue
            text = "".join(
                (" " if n and word.spaced else "") + word.text for n, word in enumerate(words[k:end])
            )
            match = MARK.fullmatch(text)
            order = order_of(match["page"].lower()) if match else None
            if match is None or order is None:
                continue
            worded = any(map(str.isalpha, text[: match.start("page")]))
            level = [n for n, base in enumerate(bases) if abs(base - first.base) < _LEVEL * first.size]
            alone = all(k <= n < end for n in level)
            if worded or (match["page"].isdigit() and first.left > edge):
                yield MarginMark(page.n, tuple(words[k:end]), order, alone)
            break


def _follows(last: Word, word: Word) -> bool:
    size = max(last.size, word.size)
    return abs(last.base - word.base) < _LEVEL * size and -0.4 * size < word.left - last.right < _NEAR * size


def _is_broken(last: Word, word: Word) -> bool:
    """Whether the number of a page had no room in the margin, and its second word stands on the next line."""
    step = word.base - last.base
    return last.text[0] in "[({" and word.text[-1] in "])}" and 0.8 * word.size < step < 1.6 * word.size

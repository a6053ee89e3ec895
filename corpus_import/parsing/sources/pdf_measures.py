"""The measures of a PDF's text: the size of its type, the distance of its lines, its margins and its indent."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus_import.parsing.sources.pdf_rows import Row

# The fewest rows of a page that show its margin; the share of the column that a row of prose fills.
_FEWEST, _FULL = 4, 0.5
_EXACT = 0.5  # how far the margins of two pages of a print differ, in points
_MANY = 12  # rows of a page that outweigh the other pages
# In sizes of the type: the least and the greatest indent of a first line.
LEAST_INDENT, MOST_INDENT = 0.6, 5.0
_USUAL_PITCH = 1.25
_UPPER = 0.55


@dataclass(frozen=True, slots=True)
class Measures:
    """The size of the running text, and by page and column the left and right margins; `pitches` by size.

    `indent` is the distance of a paragraph's first line from the margin; 0 if paragraphs have none. `quotation` is that
    of a quotation's lines.
    """

    size: float
    margins: Mapping[tuple[int, int], tuple[float, float]]
    pitches: Mapping[float, float]
    indent: float
    quotation: float

    def margin(self, row: Row) -> tuple[float, float]:
        """The left and right margin of the column that a row stands in."""
        return self.margins[row.page, row.column]

    def pitch(self, size: float) -> float:
        """The distance of two base lines of this size."""
        if known := self.pitches.get(rounded(size)):
            return known
        usual = self.pitches.get(self.size)
        return max(_USUAL_PITCH * size, usual / self.size * size if usual else 0.0)


def rounded(size: float) -> float:
    """A size to half a point, by which sizes are told apart."""
    return round(size * 2) / 2


def measure(rows: Sequence[Row]) -> Measures:
    """Measure the rows of running text."""
    size = _body_size(rows)
    margins = _margins(rows, size)
    return Measures(
        size, margins, _pitches(rows), _indent(rows, margins, size), _quotation(rows, margins, size)
    )


def _body_size(rows: Sequence[Row]) -> float:
    """The size of most characters in the upper halves of the pages: below, notes can outweigh the text."""
    lowest: dict[int, float] = {}
    for row in rows:
        lowest[row.page] = max(lowest.get(row.page, 0.0), row.base)
    sizes: Counter[float] = Counter()
    for row in rows:
        if row.base <= lowest[row.page] * _UPPER:
            sizes[rounded(row.size)] += len(row.text)
    return sizes.most_common(1)[0][0] if sizes else 12.0


def _margins(rows: Sequence[Row], size: float) -> dict[tuple[int, int], tuple[float, float]]:
    own: dict[tuple[int, int], list[Row]] = defaultdict(list)
    for row in rows:
        own[row.page, row.column].append(row)
    parity: dict[tuple[int, int], list[Row]] = defaultdict(list)
    for (page, column), each in own.items():
        parity[page % 2, column] += each
    # A last page with few lines, the only one on its side, has the margin of the others.
    few = {key for key, each in parity.items() if len(each) < _MANY and len(rows) > 2 * _MANY}
    usual = {
        key: _margin([row for row in rows if row.column == key[1]] if key in few else each, size)
        for key, each in parity.items()
    }
    stand = [
        abs(_margin(each, size)[0] - usual[page % 2, column][0]) < _EXACT
        for (page, column), each in own.items()
        if len(each) >= _MANY
    ]
    # The pages of a scan are all shifted a little; on those of a print, text that stands elsewhere is set in.
    shifts = sum(stand) * 2 < len(stand)
    margins = {}
    for (page, column), each in own.items():
        of_all = usual[page % 2, column]
        left, right = of_all
        text = [row for row in each if abs(row.size - size) < 0.07 * size]
        if len(text) >= _FEWEST:
            found = _margin(each, size)
            # A page whose prose is all a quotation has the margin of the others; a page of a scan can be shifted.
            shifted = abs(found[0] - left)
            if not _stands_at(each, left) and (
                shifted < LEAST_INDENT * size or (shifts and len(text) >= _MANY)
            ):
                left = found[0]
            right = max(right, found[1]) if abs(found[0] - of_all[0]) < 1 else found[1]
        margins[page, column] = left, max(right, left + size)
    return margins


def _stands_at(rows: Sequence[Row], left: float) -> int:
    return sum(abs(row.left - left) < 1 for row in rows)


def _margin(rows: Sequence[Row], size: float) -> tuple[float, float]:
    text = [row for row in rows if abs(row.size - size) < 0.07 * size] or rows
    wide = max(row.right for row in text) - min(row.left for row in text)
    full = [row for row in text if row.right - row.left > _FULL * wide] or text
    lefts = Counter(round(row.left) for row in full)
    # The margin is the leftmost place where many rows begin.
    most = max(lefts.values())
    left = min(value for value, count in lefts.items() if count * 3 >= most)
    exact = [row.left for row in full if abs(row.left - left) <= 1]
    rights = sorted(row.right for row in full)
    return min(exact, default=float(left)), rights[max(len(rights) - 1 - len(rights) // 50, 0)]


def _pitches(rows: Sequence[Row]) -> dict[float, float]:
    steps: dict[float, Counter[float]] = defaultdict(Counter)
    for above, below in pairwise(rows):
        step = below.base - above.base
        alike = above.page == below.page and above.column == below.column
        if alike and rounded(above.size) == rounded(below.size) and 0.8 < step / below.size < 2.6:
            steps[rounded(below.size)][round(step * 4) / 4] += 1
    pitches = {}
    for size, counts in steps.items():
        most = max(counts.values())
        if counts.total() < _FEWEST:
            continue
        # The least of the common distances: blank lines can be as common as lines.
        pitches[size] = min(step for step, count in counts.items() if count * 4 >= most)
    return pitches


def _indent(
    rows: Sequence[Row], margins: Mapping[tuple[int, int], tuple[float, float]], size: float
) -> float:
    insets: Counter[float] = Counter()
    for row, below in pairwise(rows):
        if row.page != below.page or row.column != below.column or below.base - row.base > 2 * size:
            continue
        left, _ = margins[row.page, row.column]
        if abs(below.left - left) < 1 and LEAST_INDENT * size < row.left - left < MOST_INDENT * size:
            insets[round(row.left - left)] += 1
    if not insets:
        return 0.0
    inset, count = insets.most_common(1)[0]
    return float(inset) if count > 1 else 0.0


def _quotation(
    rows: Sequence[Row], margins: Mapping[tuple[int, int], tuple[float, float]], size: float
) -> float:
    insets: Counter[float] = Counter()
    for row, below in pairwise(rows):
        left, _ = margins[row.page, row.column]
        alike = (row.page, row.column) == (below.page, below.column) and below.base - row.base < 2 * size
        if alike and row.left - left > LEAST_INDENT * size and abs(row.left - below.left) < 1:
            insets[round(row.left - left)] += 1
    if not insets:
        return 0.0
    inset, count = insets.most_common(1)[0]
    return float(inset) if count > 1 else 0.0

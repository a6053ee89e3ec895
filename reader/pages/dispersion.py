"""A dispersion plot: the places of a term in a whole volume. Numbers in, SVG out.

The volume lies from left to right, as wide as its texts are long; its chapters are bands, each occurrence is a mark.
Marks that fall on one pixel are one mark, which is taller the more they are. A table beside the plot says in words what
it shows, so the plot is hidden from screen readers, and the keyboard skips its marks.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from django.utils.translation import ngettext

from reader.edition.interface import in_pages
from reader.text.html import escape

# Pixels of the plot where there is room for it. Marks less than one pixel apart cannot be told apart.
WIDTH = 560
# Pixels of the plot on a telephone.
NARROW = 300
HEIGHT = 56
LOWEST, STEP = 26, 6  # height of the mark of one occurrence, and its growth for each further one
LABEL_BASELINE = HEIGHT + 17
FULL_HEIGHT = HEIGHT + 22
# Pixels of an average letter of a label, and between two labels.
LETTER, BETWEEN = 7, 5
# Pixels by which a label may reach over the edge of the plot.
EDGE = 4


@dataclass(frozen=True, slots=True)
class Band:
    """A chapter: its length in characters, its name, and a short name for where there is no room."""

    length: int
    name: str
    n: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """An occurrence: its offset in the volume in characters, its address, its printed page if known."""

    at: int
    url: str
    page: str = ""


def dispersion(bands: Sequence[Band], marks: Iterable[Mark]) -> str:
    """The plot as an <svg>; empty if the bands have no length. Marks are in the order of the volume."""
    whole = sum(band.length for band in bands)
    if not whole:
        return ""
    unit = WIDTH / whole
    groups = _merged(marks, unit)
    labels, places = [], _places(bands, unit)
    for (start, width), label in zip(places, _labels(bands, places), strict=True):
        if label:
            text, is_narrow = label
            wide = "" if is_narrow else ' class="wide"'
            x = _number((start + width / 2) / WIDTH * 100)
            labels.append(f'<text x="{x}%" y="{LABEL_BASELINE}"{wide}>{escape(text)}</text>')
    return "\n".join(
        [
            f'<svg class="dispersion" width="100%" height="{FULL_HEIGHT}" aria-hidden="true" focusable="false">',
            f'<svg width="100%" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none">',
            *(
                f'<rect x="{_number(start)}" width="{_number(width)}" height="{HEIGHT}">'
                f"<title>{escape(band.name)}</title></rect>"
                for band, (start, width) in zip(bands, places, strict=True)
                if width
            ),
            f'<path class="marks" d="{"".join(_stroke(at, group) for at, group in groups)}"/>',
            *(_link(at, group) for at, group in groups),
            "</svg>",
            *labels,
            "</svg>",
        ]
    )


def named_bands(bands: Sequence[Band], marks: Iterable[Mark]) -> list[tuple[str, int]]:
    """The name of each band of the plot from left to right, and the number of occurrences in it."""
    ends = list(accumulate(band.length for band in bands))
    # Of bands that end at one place, only the first has a length.
    counts = Counter(bisect_right(ends, mark.at) for mark in marks)
    return [(band.name, counts[k]) for k, band in enumerate(bands) if band.length]


def _places(bands: Iterable[Band], unit: float) -> list[tuple[float, float]]:
    """The beginning and the width of each band."""
    places, start = [], 0.0
    for band in bands:
        places.append((start, band.length * unit))
        start += band.length * unit
    return places


def _merged(marks: Iterable[Mark], unit: float) -> list[tuple[float, list[Mark]]]:
    """Groups of marks less than a pixel from the first of the group, each with its position."""
    groups: list[tuple[float, list[Mark]]] = []
    for mark in marks:
        at = mark.at * unit
        if groups and at - groups[-1][0] < 1:
            groups[-1][1].append(mark)
        else:
            groups.append((at, [mark]))
    return groups


def _stroke(at: float, group: Sequence[Mark]) -> str:
    height = min(LOWEST + STEP * (len(group) - 1), HEIGHT)
    return f"M{_number(at)} {HEIGHT}v-{height}"


def _link(at: float, group: Sequence[Mark]) -> str:
    """An invisible stroke, wide enough for a pointer to hit. The keyboard skips it: it has the concordance."""
    first, last = group[0], group[-1]
    count = len(group)
    says = [ngettext("%(n)s time", "%(n)s times", count) % {"n": count}] if count > 1 else []
    if first.page:
        says.append(in_pages(first.page, last.page))
    title = f"<title>{escape(', '.join(says))}</title>" if says else ""
    return f'<a href="{escape(first.url)}" tabindex="-1">{title}<path d="M{_number(at)} {HEIGHT}V0"/></a>'


def _labels(bands: Sequence[Band], places: Sequence[tuple[float, float]]) -> list[tuple[str, bool] | None]:
    """The label under each band, if there is room for one, and whether there is room in the narrow plot, too.

    A number may be wider than its band if it meets no other label; a name may not.
    """
    labels: list[tuple[str, bool] | None] = [None] * len(bands)
    for is_narrow in (True, False):
        scale = (NARROW if is_narrow else WIDTH) / WIDTH
        # In a wider plot the other labels are as far from their middles as before.
        taken = [_extent(places[at], label[0], scale) for at, label in enumerate(labels) if label]
        for at, (band, place) in enumerate(zip(bands, places, strict=True)):
            text = band.n or band.name
            start, end = _extent(place, text, scale)
            fits = bool(band.n) or (end - start) + BETWEEN <= place[1] * scale
            inside = start >= -EDGE and end <= WIDTH * scale + EDGE
            apart = all(end + BETWEEN <= other or until + BETWEEN <= start for other, until in taken)
            if labels[at] is None and text and place[1] and fits and inside and apart:
                labels[at] = text, is_narrow
                taken.append((start, end))
    return labels


def _extent(place: tuple[float, float], text: str, scale: float) -> tuple[float, float]:
    """The beginning and the end of a label under the middle of a band."""
    middle, half = (place[0] + place[1] / 2) * scale, len(text) * LETTER / 2
    return middle - half, middle + half


def _number(value: float) -> str:
    """A number with one decimal, or with none if it is whole."""
    return f"{value:.1f}".removesuffix(".0")

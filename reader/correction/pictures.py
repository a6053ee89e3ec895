"""The pieces of a file's own pages that show the lines of a text: where they are, and their pictures.

Only files with pages (PDFs) have them. The pictures are drawn by another room, which reads such files: the setting
`PAGE_PICTURE` names its function.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import cast

from django.conf import settings
from django.db.models import F, Func, JSONField, Value
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from reader.edition.witnesses import Lines
from reader.models import Original

# What is shown around the lines, and the boxes' unit: tenths of a point.
MARGIN = 40
TENTHS = 10

Box = tuple[float, float, float, float]
# The picture (PNG) of a box of a page, counted from 1, of a file: left, top, right, bottom in points from its upper
# left. It raises CannotDraw.
Draw = Callable[[bytes, int, Box], bytes]


class CannotDraw(Exception):
    """A page cannot be drawn; the message is one sentence for a person."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A piece of a page of a witness's file, with the lines `first` to `last` of its text; `box` is in points."""

    n: int  # among the pictures of a text, from 1
    original: int
    digest: str
    witness: str
    page: int
    first: int
    last: int
    box: Box

    @property
    def shows(self) -> str:
        """What it shows, in words."""
        if self.last > self.first:
            said = gettext("page %(page)s of %(witness)s with lines %(first)s to %(last)s of its text")
        else:
            said = gettext("page %(page)s of %(witness)s with line %(first)s of its text")
        return said % {
            "page": self.page,
            "witness": self.witness,
            "first": self.first,
            "last": self.last,
        }

    @property
    def version(self) -> str:
        """Another word where the picture is another one."""
        shown = f"{self.digest} {self.page} {self.box}"
        return blake2b(shown.encode(), digest_size=8).hexdigest()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height as a browser shows it: in CSS pixels, at the size of the paper."""
        left, top, right, bottom = self.box
        return round((right - left) * 4 / 3), round((bottom - top) * 4 / 3)

    def draw(self) -> bytes:
        """The picture as PNG. Raises CannotDraw. One statement."""
        content = Original.objects.values_list("content", flat=True).get(pk=self.original)
        draw = cast(Draw, import_string(settings.PAGE_PICTURE))
        return draw(bytes(content), self.page, self.box)


def pictures_of(volume: int, lines: Lines) -> Sequence[Picture]:
    """The pieces of pages that show lines, as paragraphs and notes keep them: one for each page. One statement."""
    [pictures] = pictures_of_each(volume, [lines])
    return pictures


def pictures_of_each(volume: int, texts: Sequence[Lines]) -> list[Sequence[Picture]]:
    """The pieces of pages that show the lines of each text. One statement, however many texts there are."""
    ranges = [(n, first, last) for lines in texts for n, first, last in lines]
    if not ranges:
        return [() for _ in texts]
    wanted = " || ".join(f"(@[0] >= {first:d} && @[0] <= {last:d})" for first, last in _joined(ranges))
    boxes = Func(
        F("boxes"),
        Value(f"strict $[*] ? ({wanted})"),
        function="jsonb_path_query_array",
        output_field=JSONField(),
    )
    rows = (
        Original.objects.filter(witness__volume=volume, witness__n__in={n for n, _, _ in ranges})
        .exclude(boxes=[])
        .order_by("witness__n")
        .values_list("pk", "witness__n", "witness__name", "witness__digest", boxes)
    )
    originals = [_BoxesOf(*row) for row in rows]
    return [_pictures(originals, lines) for lines in texts]


class _BoxesOf:
    """The boxes of a file's lines: for each the line, the page, left, top, right and bottom."""

    def __init__(self, key: int, n: int, name: str, digest: str, boxes: Sequence[Sequence[int]]) -> None:
        self.key, self.n, self.name, self.digest = key, n, name, digest
        self._boxes = sorted(boxes, key=_line)

    def between(self, first: int, last: int) -> Sequence[Sequence[int]]:
        """The boxes of these lines."""
        return self._boxes[
            bisect_left(self._boxes, first, key=_line) : bisect_right(self._boxes, last, key=_line)
        ]


def _line(box: Sequence[int]) -> int:
    return box[0]


def _joined(ranges: Iterable[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """Ranges of lines in their order, without their witnesses; those that touch each other are one."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted((first, last) for _, first, last in ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return joined


def _pictures(originals: Sequence[_BoxesOf], lines: Lines) -> Sequence[Picture]:
    pictures: list[Picture] = []
    for original in originals:
        for n, first, last in lines:
            if n != original.n:
                continue
            by_page: dict[int, list[Sequence[int]]] = defaultdict(list)
            for box in original.between(first, last):
                by_page[box[1]].append(box)
            for page, there in by_page.items():
                numbers = [box[0] for box in there]
                pictures.append(
                    Picture(
                        n=len(pictures) + 1,
                        original=original.key,
                        digest=original.digest,
                        witness=original.name,
                        page=page,
                        first=min(numbers),
                        last=max(numbers),
                        box=_around(there),
                    )
                )
    return pictures


def _around(boxes: Sequence[Sequence[int]]) -> Box:
    """The box around boxes with a margin, in points, not beyond the upper left of the page."""
    left, top = (max(min(box[k] for box in boxes) - MARGIN, 0) for k in (2, 3))
    right, bottom = (max(box[k] for box in boxes) + MARGIN for k in (4, 5))
    return left / TENTHS, top / TENTHS, right / TENTHS, bottom / TENTHS

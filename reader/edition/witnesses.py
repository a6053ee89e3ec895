"""The lines of the witnesses that a text was read from, unchanged."""

import re
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import BinaryField
from django.db.models.functions import Substr
from django.utils.safestring import SafeString

from reader.edition.contents import safe
from reader.models import Witness
from reader.text.html import numbered_lines

# The line ends that an import counts.
LINE_END = re.compile(r"\r\r\n|\r\n|\n|\r")
LINE_END_BYTES = re.compile(LINE_END.pattern.encode())

Lines = Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive lines of a witness, without their line ends; `first` counts from 1."""

    witness: str
    first: int
    lines: Sequence[str]

    @property
    def html(self) -> SafeString:
        """The lines as HTML, with their numbers."""
        return safe(numbered_lines(self.first, self.lines))

    @property
    def last(self) -> int:
        """The number of the last line."""
        return self.first + len(self.lines) - 1


def passages_of(volume: int, lines: Lines) -> Iterator[Passage]:
    """The passages of a volume's witnesses; `lines` holds [witness, first, last], as paragraphs and notes keep them.

    Only these lines are read out of a witness, however long it is: the offsets of its lines are cached. One statement,
    one for each witness, and one more for each witness at its first use.
    """
    ranges: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for n, first, last in lines:
        ranges[n].append((first, last))
    witnesses = Witness.objects.filter(volume=volume, n__in=ranges).order_by("n")
    of_row = ("pk", "n", "name", "encoding", "digest", "text_digest")
    for pk, n, name, encoding, *digests in witnesses.values_list(*of_row):
        for first, found in _read(pk, encoding, digests, ranges[n]):
            yield Passage(name, first, found)


def _read(
    pk: int, encoding: str, digests: Sequence[str], ranges: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, Sequence[str]]]:
    """The number of the first line and the lines of each range, as far as the witness has them."""
    if "\n".encode(encoding) != b"\n":
        # UTF-16 and the like: a line cannot be found without reading everything before it.
        content = bytes(Witness.objects.values_list("content", flat=True).get(pk=pk))
        lines = LINE_END.split(content.decode(encoding, errors="replace"))
        yield from ((first, lines[first - 1 : last]) for first, last in ranges if first <= len(lines))
        return
    starts = _line_starts(pk, *digests)
    present = [(first, min(last, len(starts) - 1)) for first, last in ranges if first < len(starts)]
    if not present:
        return
    slices = (
        Substr("content", starts[first - 1] + 1, starts[last] - starts[first - 1], output_field=BinaryField())
        for first, last in present
    )
    row = Witness.objects.values_list(*slices).get(pk=pk)
    for (first, last), content in zip(present, row, strict=True):
        text = bytes(content).decode(encoding, errors="replace")
        yield first, LINE_END.split(text)[: last - first + 1]


@lru_cache(maxsize=64)
def _line_starts(pk: int, digest: str, text_digest: str) -> "array[int]":
    """The offset of each line's first byte, and the end of the last line.

    The cache stays valid: a text never changes, and one that takes its place has another digest.
    """
    witness = Witness.objects.filter(digest=digest, text_digest=text_digest)
    content = bytes(witness.values_list("content", flat=True).get(pk=pk))
    return array("Q", (0, *(end.end() for end in LINE_END_BYTES.finditer(content)), len(content)))

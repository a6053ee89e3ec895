"""Text with a blank line after each line, as a typist sets it for an editor's pen."""

from collections.abc import Sequence
from itertools import pairwise

from corpus_import.parsing.elements import Line
from reader.text.sentences import reads_on

# So many lines of text have no other directly below; of those with one blank line below so many go on behind it.
APART, GOING_ON = 0.98, 0.6
FEWEST_GOING_ON = 8


def without_double_spacing(lines: Sequence[Line]) -> tuple[list[Line], list[Line]] | None:
    """The lines with half of the blank ones between them, and those that go; None if the text is not set so."""
    texts = [k for k, line in enumerate(lines) if line.text]
    gaps = [b - a - 1 for a, b in pairwise(texts)]
    if sum(gap > 0 for gap in gaps) < APART * len(gaps):
        return None
    going_on = sum(
        gap == 1 and reads_on(lines[a].text) and lines[b].text[0].islower() and lines[b].indent < 2
        for (a, b), gap in zip(pairwise(texts), gaps, strict=True)
    )
    if going_on < max(GOING_ON * gaps.count(1), FEWEST_GOING_ON):
        return None
    kept, gone = list(lines[: texts[0] + 1]), list[Line]()
    for a, b in pairwise(texts):
        blank = lines[a + 1 : b]
        half = len(blank) // 2
        kept += [*blank[:half], lines[b]]
        gone += blank[half:]
    kept += lines[texts[-1] + 1 :]
    return kept, gone

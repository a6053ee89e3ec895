"""Stage: tell forme work (print headers, page markers) apart from text.

A print header is known by its wording (`Page 7 of 46`, an address of a file) or by its repetition: a line that stands
alone and equals other lines except for its figures, which count upwards.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from corpus_import.parsing.elements import Account, Draft, Line, LineKind
from corpus_import.parsing.recognise import PRINT_FOOTER, PRINT_HEADER, begins_like_a_heading, page_marker
from corpus_import.parsing.running_heads import find_running_heads

_FIGURES = re.compile(r"\d+")


def set_aside_forme_work(draft: Draft) -> Draft:
    """Mark the lines that are forme work, and account for their characters."""
    marker = page_marker(draft.manifest.page_word)
    counting = _lines_that_count(draft.lines) | find_running_heads(draft.lines, draft.manifest.title)
    lines = []
    for index, line in enumerate(draft.lines):
        if line.kind is LineKind.TEXT:
            match = marker.fullmatch(line.text)
            if match and not _ends_sentence(draft.lines, index):
                line = replace(
                    line,
                    kind=LineKind.MARKER,
                    page=match["page"].lower(),
                    page_is_blank=bool(match["blank"]),
                )
            elif PRINT_HEADER.match(line.text) or PRINT_FOOTER.search(line.text[:40]) or index in counting:
                line = replace(line, kind=LineKind.HEADER)
        lines.append(line)
    accounts = tuple(
        Account(line.span, "forme work") for line in lines if line.kind in (LineKind.MARKER, LineKind.HEADER)
    )
    return replace(draft, lines=tuple(lines), accounts=draft.accounts + accounts)


def _ends_sentence(lines: Sequence[Line], index: int) -> bool:
    """Whether an apparent marker is the last line of a sentence: `… as is said on` / `page 12`."""
    above = lines[index - 1] if index else None
    return (
        above is not None and above.kind is LineKind.TEXT and above.trailing < 2 and not lines[index].indent
    )


def _stands_alone(lines: Sequence[Line], index: int) -> bool:
    """Whether no text stands directly above or below."""
    around = [lines[i] for i in (index - 1, index + 1) if 0 <= i < len(lines)]
    return all(n.kind is not LineKind.TEXT or n.witness != lines[index].witness for n in around)


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
        columns = list(zip(*rows, strict=True))
        if any(all(a < b for a, b in pairwise(column)) for column in columns):
            counting.update(indices)
    return counting

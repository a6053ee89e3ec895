"""Finds the running heads that put the title first: `The Salt Board Page 3 of 42`, also with a lost accent (`Pgina`).

A count of pages at a line's end can be a sentence's. So the words before it must be the volume's title, or its
beginning where the browser cut it short, or come again before another count of pages.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from corpus_import.parsing.elements import Line, LineKind
from corpus_import.parsing.headings import plain_title

_WORDS = r"(?:page|p.?gina|p.?g\.|seite|стр\.)"
_COUNT = rf"{_WORDS}\s*(?P<n>\d{{1,4}})\s*(?:of|de|di|von|из|sur|/)\s*(?P<total>\d{{1,4}})"
# `Página 3 de 42The Salt Board`
COUNT_FIRST = re.compile(rf"{_COUNT}(?!\d)(?P<title>.*)", re.IGNORECASE)
# `The Salt Board  Página 3 de 42`, also with the date before or after: `01/02/2003, 11:05`
TITLE_FIRST = re.compile(rf"(?P<title>\S.{{2,160}}?)[\s.…·|-]*{_COUNT}(?:\s+[\d/.:, -]+)?", re.IGNORECASE)
# A head that is longer than this is none.
LONGEST = 200
# The fewest letters of a title that was cut short.
SHORTEST = 10


def find_running_heads(lines: Sequence[Line], title: str) -> set[int]:
    """The indices of the lines that are running heads with the title first, or with a lost accent."""
    wanted = plain_title(title)
    found: dict[str, list[int]] = defaultdict(list)
    pages: dict[str, Counter[str]] = defaultdict(Counter)
    heads: set[int] = set()
    for index, line in enumerate(lines):
        if line.kind is not LineKind.TEXT or len(line.text) > LONGEST or not line.text[-1:].isalnum():
            continue
        match = COUNT_FIRST.fullmatch(line.text) or TITLE_FIRST.fullmatch(line.text)
        if match is None or not 0 < int(match["n"]) <= int(match["total"]):
            continue
        name = plain_title(match["title"])
        if _is_title(name, wanted):
            heads.add(index)
        elif name and not line.text[0].islower():
            found[name].append(index)
            pages[name][match["n"]] += 1
    for name, indices in found.items():
        if len(pages[name]) > 1:
            heads.update(indices)
    return heads


def _is_title(name: str, wanted: str) -> bool:
    """Whether a name is the title, begins with it, or is its beginning."""
    if not name or not wanted:
        return False
    return name == wanted or (
        min(len(name), len(wanted)) >= SHORTEST and (wanted.startswith(name) or name.startswith(wanted))
    )

"""Stage: tell the witnesses that hyphenate at the ends of their lines, as a printer does and no browser.

The evidence is the share of ends. A hyphen at a line's end, with a small letter before and after it, breaks a word if
the whole is a word that the volume (elsewhere) or the language's list has, and the right half is none: `develop-` /
`ment`. It stands in a compound if the right half is a word and the whole is none: `class-` / `divided`. An end with
both (`pre-` / `war`, `under-` / `stand`) or with neither tells nothing, nor does an end where a page of the book may
have turned. A witness hyphenates as a printer does if eight ends or more break words, and one line in fifty, and there
are twice as many of these as of compounds.
"""

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise

from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import Draft, LineKind
from reader.text.diagnostics import said

FEWEST_BROKEN = 8
LINES_TO_ONE = 50
TIMES_COMPOUNDS = 2
_LEFT = re.compile(r"([^\W\d_]+)-$")
_RIGHT = re.compile(r"[^\W\d_]+")


def judge_hyphens(draft: Draft) -> Draft:
    """Note the witnesses that hyphenate as a printer does, and say so."""
    ends = []
    halves: Counter[str] = Counter()
    text = [line for line in draft.lines if line.kind is LineKind.TEXT]
    for above, below in pairwise(text):
        if above.text.endswith("-") and above.trailing < 2 and above.witness == below.witness:
            left, right = _LEFT.search(above.text), _RIGHT.match(below.text)
            if left and right and left[1][-1].islower() and right[0].islower():
                ends.append((above, left[1].casefold(), right[0].casefold()))
                halves[right[0].casefold()] += 1
    known = draft.vocabulary

    def is_word(word: str) -> bool:
        # A half at the beginning of a line is no evidence for itself.
        return known.folded[word] > halves[word] or word in known.listed

    broken: dict[int, list[int]] = {}
    compounds: Counter[int] = Counter()
    for line, left_half, right_half in ends:
        if is_word(right_half):
            compounds[line.witness] += not is_word(left_half + right_half)
        elif is_word(left_half + right_half):
            broken.setdefault(line.witness, []).append(line.number)
    of_text = Counter(line.witness for line in text)
    printed = {
        witness: lines
        for witness, lines in broken.items()
        if len(lines) >= max(FEWEST_BROKEN, of_text[witness] / LINES_TO_ONE)
        and len(lines) >= compounds[witness] * TIMES_COMPOUNDS
    }
    remarks = tuple(
        Diagnostic(
            "hyphenated-as-printed",
            witness,
            lines[0],
            said("hyphenated-as-printed", count=f"{len(lines):,}"),
        )
        for witness, lines in sorted(printed.items())
    )
    return replace(
        draft,
        vocabulary=replace(known, printed=frozenset(printed)),
        diagnostics=draft.diagnostics + remarks,
    )

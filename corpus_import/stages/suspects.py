"""Stage 12: suspects. Readings that look wrong, and that no rule is certain about; none is changed.

One rule so far: words that lost the space after a mark of punctuation.
"""

import re
from dataclasses import replace

from corpus_import.elements import Draft, Line, LineKind, Suspect, Vocabulary
from corpus_import.elements import Span as _Span

# `education,there`: a comma or semicolon between two words, with no space after it.
FUSED = re.compile(r"(?P<left>[^\W\d_]{2,})(?P<mark>[,;])(?P<right>[^\W\d_]{2,})")


def question_readings(draft: Draft) -> Draft:
    """Record the readings that a person should look at."""
    suspects = [
        suspect
        for line in draft.lines
        if line.kind is LineKind.TEXT
        for suspect in _fused(line, draft.vocabulary)
    ]
    return replace(draft, suspects=draft.suspects + tuple(suspects))


def _fused(line: Line, known: Vocabulary) -> list[Suspect]:
    found = []
    for match in FUSED.finditer(line.text):
        if known.folded[match["left"].casefold()] and known.folded[match["right"].casefold()]:
            span = _Span(line.witness, line.start + match.start(), line.start + match.end())
            apart = f"{match['left']}{match['mark']} {match['right']}"
            evidence = f"“{match['left']}” and “{match['right']}” are words of this volume."
            found.append(Suspect(span, line.number, "missing-space", match[0], apart, evidence))
    return found

"""Stage: read plain characters where a tool or a typesetter put others (`characters.py` has the rules).

The stages after this one read the edited text of each witness, and their spans count its characters.
`return_to_witnesses` gives the spans back their own characters, and records what was read otherwise.

The witnesses whose lines are justified by further blanks are known by two gaps or more inside the sentences of a line.
A line of a typist who puts two spaces after a stop ends with three where it was broken: two of them are the typist's.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from corpus_import.parsing.characters import edit
from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import Draft, Line, LineKind
from corpus_import.parsing.source import number_lines
from reader.text.diagnostics import said
from reader.text.sentences import reads_on
from reader.text.word_list import word_list

_WORD = re.compile(r"[^\W\d_]+")
# The end of a sentence inside a line: a word in small letters, its stop, spaces, a capital.
_STOP_INSIDE = re.compile(r"[^\W\d_A-Z][^\W\d_A-Z][.?!][\"”’')\]]{0,2}(?P<gap> {1,2})(?=[\"“‘(]?[^\W\d_a-z])")
# A typist sets two spaces so many times at least, and after so large a share of all stops, or so many times in all.
FEWEST_GAPS, SHARE_OF_GAPS, MANY_GAPS = 3, 1 / 4, 10
# A gap inside a sentence; a line that is long enough to be filled up.
_GAP_INSIDE = re.compile(r"(?:(?<=[^\W\d_A-Z])|(?<=,)) {2,3}(?=[^\W\d_A-Z])")
FULL_LINE = 50
# So many lines at least have two such gaps, and so large a share of the full ones.
FEWEST_FILLED, SHARE_FILLED = 6, 1 / 5
# A longer line was never broken.
LONGEST_LINE = 20_000


def normalise_characters(draft: Draft) -> Draft:
    """Edit the witnesses' texts, and measure their lines again where anything changed."""
    is_word = _words_of(draft)
    words = word_list(draft.manifest.language)
    listed = words.counts if words else {}
    edited = [edit(witness, is_word, listed) for witness in draft.witnesses]
    if any(text is not own for (text, _), own in zip(edited, draft.witnesses, strict=True)):
        draft = number_lines(replace(draft, witnesses=tuple(text for text, _ in edited)))
    typists = tuple(sorted(_typists(draft.lines)))
    lines = draft.lines
    if typists:
        lines = tuple(_without_gap(line) if line.witness in typists else line for line in lines)
    long = [
        line for line in lines if len(line.text) > LONGEST_LINE and not draft.witnesses[line.witness].shown
    ]
    remarks = tuple(
        Diagnostic(
            "line-without-end",
            line.witness,
            line.number,
            said("line-without-end", count=f"{len(line.text):,}"),
        )
        for line in {line.witness: line for line in reversed(long)}.values()
    )
    return replace(
        draft,
        lines=lines,
        edited=tuple(each for _, each in edited),
        typists=typists,
        justified=tuple(sorted(_justified(draft.lines))),
        diagnostics=draft.diagnostics + remarks,
    )


def _words_of(draft: Draft) -> Callable[[str], bool]:
    """Whether a word (in small letters) is in the language's list, or in the witnesses."""
    listed = word_list(draft.manifest.language)
    own: set[str] = set()

    def is_word(word: str) -> bool:
        if listed is not None:
            return word in listed.counts
        if not own:
            own.update(_WORD.findall(" ".join(witness.text for witness in draft.witnesses).casefold()))
        return word in own

    return is_word


def _typists(lines: Sequence[Line]) -> set[int]:
    """The witnesses whose typist put two spaces after a stop."""
    counted: dict[int, list[int]] = {}
    for line in lines:
        if line.kind is LineKind.TEXT and "  " in line.text:
            counts = counted.setdefault(line.witness, [0, 0])
            for stop in _STOP_INSIDE.finditer(line.text):
                counts[len(stop["gap"]) - 1] += 1
    for line in lines:
        if line.witness in counted and "  " not in line.text:
            counted[line.witness][0] += sum(1 for _ in _STOP_INSIDE.finditer(line.text))
    return {
        witness
        for witness, (single, double) in counted.items()
        if double >= MANY_GAPS or (double >= FEWEST_GAPS and double >= (single + double) * SHARE_OF_GAPS)
    }


def _justified(lines: Sequence[Line]) -> set[int]:
    """The witnesses whose lines were filled up with blanks between words, as no columns are parted."""
    counted: dict[int, list[int]] = {}
    for line in lines:
        if line.kind is LineKind.TEXT and len(line.text) >= FULL_LINE:
            counts = counted.setdefault(line.witness, [0, 0])
            counts[0] += "  " in line.text and sum(1 for _ in _GAP_INSIDE.finditer(line.text)) > 1
            counts[1] += 1
    return {
        witness
        for witness, (wide, all_) in counted.items()
        if wide >= max(FEWEST_FILLED, all_ * SHARE_FILLED)
    }


def _without_gap(line: Line) -> Line:
    if line.trailing == 3 and line.text and not reads_on(line.text):
        return replace(line, trailing=1)
    return line

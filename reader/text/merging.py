"""Three versions of a text made one. Pure.

The merge is diff3 (S. Khanna, K. Kunal and B. C. Pierce, "A Formal Investigation of Diff3", FSTTCS 2007) on difflib's
matching of words. It is our own because the packages for it do not fit: merge3 is under the GPL; three-merge has had
no release since 2020 and merges characters, so that two spellings of a word become a third one.
"""

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

from reader.text import markup

# A marker, an escaped character, white space, a word, or any other character.
TOKEN = re.compile(rf"{markup.CALL}|{markup.BREAK}|{markup.ESCAPE}|\s+|\w+|.", re.DOTALL)


class Outcome(StrEnum):
    """The result of merging a person's text with a new import."""

    TAKEN = "taken"  # the new import stands: the person had changed nothing, or made the change of the import
    KEPT = "kept"  # the person's text stands: the import changed nothing
    MERGED = "merged"
    CONFLICT = "conflict"  # the person's words stand until somebody decides


class _Edit(NamedTuple):
    """Tokens `start` to `end` of the base are replaced by `put`."""

    start: int
    end: int
    put: tuple[str, ...]


def settle(base: str, human: str, new: str) -> tuple[str, Outcome]:
    """The text to read after an import: `base` is the old import, `human` a person's correction of it.

    The markers of the result are those of `new`, and the calls that the person added: a merge that would lose or
    double one, or put two out of order, is a conflict. In a conflict the words are the person's.
    """
    if human in (base, new):
        return new, Outcome.TAKEN
    if new == base:
        return human, Outcome.KEPT
    merged = merge_words(base, human, new)
    if merged is not None and _keeps_markers(base, human, new, merged):
        return merged, Outcome.MERGED
    return set_markers(human, new, _wanted_markers(base, human, new)), Outcome.CONFLICT


def merge_words(base: str, human: str, new: str) -> str | None:
    """`base` with both changes; None if the changes overlap. A change that both made is made once."""
    tokens = TOKEN.findall(base)
    mine, theirs = _edits(tokens, TOKEN.findall(human)), _edits(tokens, TOKEN.findall(new))
    merged: list[str] = []
    at, before = 0, None
    for edit in sorted({*mine, *theirs}):
        if before is not None and (edit.start < at or (edit.start == at and _are_one_place(before, edit))):
            return None
        merged += tokens[at : edit.start]
        merged += edit.put
        at, before = edit.end, edit
    return "".join([*merged, *tokens[at:]])


def _are_one_place(a: _Edit, b: _Edit) -> bool:
    """Whether two changes that touch cannot be told apart: insertions at one place, or one beside a deletion."""
    inserts = [edit.start == edit.end for edit in (a, b)]
    return all(inserts) or (any(inserts) and not (a.put and b.put))


def _edits(base: Sequence[str], other: Sequence[str]) -> list[_Edit]:
    # White space alone does not show that two versions agree; next to words that agree it does.
    matcher = SequenceMatcher(str.isspace, base, other, autojunk=False)
    return [_Edit(a, b, tuple(other[c:d])) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]


# Markers

_Key = tuple[type[markup.Marker], str]


def _keys(text: str) -> list[_Key]:
    return [(type(marker), str(marker.n)) for marker in markup.markers(text)]


def _wanted_markers(base: str, human: str, new: str) -> "Counter[_Key]":
    """The markers that a text has after an import: the new import's, and the calls that a person added."""
    old, mine, wanted = Counter(_keys(base)), Counter(_keys(human)), Counter(_keys(new))
    for key, count in mine.items():
        if count > old[key] and key[0] is markup.NoteCall:
            wanted[key] = max(wanted[key], count)
    return wanted


def _keeps_markers(base: str, human: str, new: str, merged: str) -> bool:
    in_merged, imported = _keys(merged), _keys(new)
    shared = set(imported)
    return Counter(in_merged) == _wanted_markers(base, human, new) and (
        [key for key in in_merged if key in shared] == imported
        or Counter(key for key in in_merged if key in shared) != Counter(imported)
    )


def set_markers(text: str, model: str, wanted: "Counter[_Key]") -> str:
    """`text` with the wanted markers and no others; a marker that it lacks is put where `model` has it."""
    counted: Counter[_Key] = Counter()
    kept = text
    for marker in reversed(markup.markers(text)):
        key = (type(marker), str(marker.n))
        counted[key] += 1
        if counted[key] > wanted[key]:
            kept = kept[: marker.start] + kept[marker.end :]
    missing = wanted - counted
    tokens = TOKEN.findall(kept)
    for marker in reversed(markup.markers(model)):
        key = (type(marker), str(marker.n))
        if missing[key] > 0:
            missing[key] -= 1
            at = _same_place(TOKEN.findall(model[: marker.start]), TOKEN.findall(model[marker.end :]), tokens)
            tokens.insert(at, model[marker.start : marker.end])
    return "".join(tokens)


def _same_place(before: Sequence[str], after: Sequence[str], tokens: Sequence[str]) -> int:
    """The index in `tokens` that corresponds to the place between `before` and `after`."""
    matcher = SequenceMatcher(str.isspace, [*before, *after], tokens, autojunk=False)
    index = 0
    for a, b, size in matcher.get_matching_blocks():
        if a >= len(before):
            break
        index = b + min(size, len(before) - a)
    return index


def without_pages(text: str, pages: set[str]) -> str:
    """`text` without the beginnings of these pages, which now stand elsewhere."""
    for marker in reversed(markup.page_breaks(text)):
        if marker.n in pages:
            text = text[: marker.start] + text[marker.end :]
    return text

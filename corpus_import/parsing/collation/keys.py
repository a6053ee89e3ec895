"""Rows of the key that only a second witness has."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus_import.parsing.collation.both import Both
from corpus_import.parsing.collation.differences import edits
from corpus_import.parsing.collation.notes import moved
from corpus_import.parsing.collation.words import WORD
from corpus_import.parsing.elements import KeyEntry

# Letters by which two headwords differ at most that may be one, misread.
_NEAR = 2


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that the edition takes from the other, and those that it leaves, each with the reason."""

    taken: Sequence[KeyEntry]
    left: Sequence[tuple[KeyEntry, str]]


def rows_of_other(both: Both) -> Rows:
    """The rows that only the other has. One whose headword our text does not use may be a misreading, and is left."""
    known = {entry.headword.casefold() for entry in both.draft.key}
    used = set(both.ours.normal)
    taken: list[KeyEntry] = []
    left: list[tuple[KeyEntry, str]] = []
    for entry in both.second.draft.key:
        headword = entry.headword.casefold()
        if headword in known:
            continue
        moved_entry = replace(entry, spans=tuple(moved(span, both.by) for span in entry.spans))
        if any(_is_near(headword, each) for each in known) or _explains_alike(both, entry):
            left.append((moved_entry, "it may be a row of ours, read otherwise"))
        elif not all(word in used for word in _words(headword)):
            left.append((moved_entry, "the text does not use it"))
        elif entry.see and entry.see.casefold() not in known:
            left.append((moved_entry, f"it sends to “{entry.see}”, which is no entry"))
        else:
            taken.append(moved_entry)
            known.add(headword)
    return Rows(taken, left)


def _is_near(a: str, b: str) -> bool:
    return max(len(a), len(b)) > _NEAR + 1 and edits(a, b, _NEAR) <= _NEAR


def _explains_alike(both: Both, entry: KeyEntry) -> bool:
    """Whether a row of ours has the definition."""
    return bool(entry.definition) and any(
        entry.definition.casefold() == each.definition.casefold() for each in both.draft.key
    )


def _words(string: str) -> Iterator[str]:
    yield from (match[0].casefold() for match in WORD.finditer(string))

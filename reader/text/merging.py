"""Three versions of a text made one. Pure.

The merge is diff3 (S. Khanna, K. Kunal and B. C. Pierce, "A Formal Investigation of Diff3", FSTTCS 2007) on difflib's
matching of words. It is our own because the packages for it do not fit: merge3 is under the GPL; three-merge has had
no release since 2020 and merges characters, so that two spellings of a word become a third one.
"""

import re
from collections import Counter
from collections.abc import Sequence, Set
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

from reader.text import markup
from reader.text.table_merging import are_tables, merge_tables

# A marker, an escaped character, white space, a word, or any other character.
TOKEN = re.compile(rf"{markup.CALL}|{markup.BREAK}|{markup.ESCAPE}|\s+|\w+|.", re.DOTALL)
MARKER = re.compile(rf"{markup.CALL}|{markup.BREAK}")


class Outcome(StrEnum):
    """The result of merging a person's text with a new import."""

    TAKEN = "taken"  # the new import stands: the person had changed nothing, or made the change of the import
    KEPT = "kept"  # the person's text stands: the import changed nothing
    MERGED = "merged"
    CONFLICT = "conflict"  # the person's words stand until somebody decides


class Edit(NamedTuple):
    """Tokens `start` to `end` of the base are replaced by `put`."""

    start: int
    end: int
    put: tuple[str, ...]


def settle(
    base: str,
    human: str,
    new: str,
    placed: Set[str] = frozenset(),
    *,
    changes: Sequence[Edit] | None = None,
) -> tuple[str, Outcome]:
    """The text to read after an import: `base` is the old import, `human` what a person made of it.

    `changes` are those that make `human` of `base`, where they are known: sentences that repeat make them hard to tell.

    The markers of the result are those of `new`, the calls that the person added, and the beginnings of the pages
    `placed`, which the person set here: a merge that would lose or double one, or put two out of order, is a conflict.
    In a conflict the words are the person's.
    """
    if human in (base, new):
        return new, Outcome.TAKEN
    if new == base:
        return human, Outcome.KEPT
    merged = merge(base, human, new, changes)
    if merged is None or _stars_of(merged) > max(map(_stars_of, (base, human, new))):
        merged = _with_words_of(base, human, new)
    wanted = _wanted_markers(base, human, new, placed)
    if merged is not None and _keeps_markers(wanted, new, merged):
        return merged, Outcome.MERGED
    return set_markers(human, new, wanted), Outcome.CONFLICT


def _stars_of(text: str) -> int:
    """The stars that are read as stars. Emphasis of two sides that overlaps would leave one over."""
    return markup.plain(text).count("*")


def _with_words_of(base: str, human: str, new: str) -> str | None:
    """The new import with a person's words, where it changed only markup and the person only words; else None.

    Then the two never disagree, not even about neighbouring words.
    """
    words = markup.plain(base)
    if words != markup.plain(new) or are_tables(base, human, new):
        return None
    typed = markup.plain(human)
    try:
        if markup.substitute(base, 0, len(words), typed) != human:
            return None
        return markup.substitute(new, 0, len(words), typed)
    except ValueError:
        return None


def merge(base: str, human: str, new: str, changes: Sequence[Edit] | None = None) -> str | None:
    """Make both changes to `base` at once, in a table by its cells, elsewhere by words; None where they touch."""
    if are_tables(base, human, new):
        return merge_tables(base, human, new, merge_words)
    return merge_words(base, human, new, changes=changes)


def merge_words(
    base: str,
    human: str,
    new: str,
    *,
    word_by_word: bool = False,
    changes: Sequence[Edit] | None = None,
) -> str | None:
    """Make both changes to `base` at once; None where they touch. A change that both made is made once.

    Two changes touch if no word that both keep stands between them: white space and punctuation do not part them.
    `word_by_word`, they touch only at one and the same place: for a change that is taken back, of which one knows that
    it made sense beside the other.
    """
    touch = _are_one_place if word_by_word else _touch
    tokens = TOKEN.findall(base)
    mine = set(edits_between(tokens, TOKEN.findall(human)) if changes is None else changes)
    theirs = set(edits_between(tokens, TOKEN.findall(new)))
    merged: list[str] = []
    at = 0
    before: Edit | None = None  # the last change that one side alone made, unless a word stands behind it
    for edit in sorted(mine | theirs):
        if edit.start < at:
            return None
        if any(map(is_word, tokens[at : edit.start])):
            before = None
        if edit in mine and edit in theirs:
            if any(map(is_word, edit.put)):
                before = None
        else:
            if before is not None and (before in mine) != (edit in mine) and touch(tokens, before, edit):
                return None
            before = edit
        merged += tokens[at : edit.start]
        merged += edit.put
        at = edit.end
    return "".join([*merged, *tokens[at:]])


def _touch(base: Sequence[str], a: Edit, b: Edit) -> bool:
    """Whether two changes with no word between them cannot be told apart.

    They can if one of them only sets or takes out markers beside words that the other replaces.
    """
    return not (
        (_is_of_markers(base, a) and b.start < b.end and bool(b.put))
        or (_is_of_markers(base, b) and a.start < a.end and bool(a.put))
    )


def _are_one_place(base: Sequence[str], a: Edit, b: Edit) -> bool:
    """Whether insertions stand at one place, or one beside a deletion."""
    inserts = [edit.start == edit.end for edit in (a, b)]
    return a.end == b.start and (all(inserts) or (any(inserts) and not (a.put and b.put)))


def _is_of_markers(base: Sequence[str], edit: Edit) -> bool:
    changed = [token for token in (*base[edit.start : edit.end], *edit.put) if not token.isspace()]
    return bool(changed) and all(MARKER.fullmatch(token) for token in changed)


def is_word(token: str) -> bool:
    """Whether a token is a word: not a marker, an escaped character, white space or punctuation."""
    return token[:1].isalnum()


def edits_between(base: Sequence[str], other: Sequence[str]) -> list[Edit]:
    """The changes that make other tokens of those of a base, each as small as it can be told."""
    edits: list[Edit] = []
    # White space alone is no sign that two versions agree; next to words that agree it is.
    matcher = SequenceMatcher(str.isspace, base, other, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "replace" and b - a == d - c and _have_one_shape(base[a:b], other[c:d]):
            edits += [
                Edit(a + k, a + k + 1, (other[c + k],)) for k in range(b - a) if base[a + k] != other[c + k]
            ]
        elif tag != "equal":
            edits.append(Edit(a, b, tuple(other[c:d])))
    return edits


def _have_one_shape(tokens: Sequence[str], others: Sequence[str]) -> bool:
    """Whether words stand for words, and all else for itself."""
    return all(a == b or (is_word(a) and is_word(b)) for a, b in zip(tokens, others, strict=True))


# Markers

_Key = tuple[type[markup.Marker], str]


def _keys(text: str) -> list[_Key]:
    return [(type(marker), str(marker.n)) for marker in markup.markers(text)]


def _wanted_markers(base: str, human: str, new: str, placed: Set[str]) -> "Counter[_Key]":
    """The markers that a text has after an import: the new import's, and what a person added."""
    old, mine, wanted = Counter(_keys(base)), Counter(_keys(human)), Counter(_keys(new))
    for key, count in mine.items():
        if count > old[key] and (key[0] is markup.NoteCall or key[1] in placed):
            wanted[key] = max(wanted[key], count)
    return wanted


def _keeps_markers(wanted: "Counter[_Key]", new: str, merged: str) -> bool:
    in_merged, imported = _keys(merged), _keys(new)
    shared = set(imported)
    return Counter(in_merged) == wanted and (
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
            at = same_place(TOKEN.findall(model[: marker.start]), TOKEN.findall(model[marker.end :]), tokens)
            tokens.insert(at, model[marker.start : marker.end])
    return "".join(tokens)


def same_place(before: Sequence[str], after: Sequence[str], tokens: Sequence[str]) -> int:
    """The index in `tokens` that corresponds to the place between `before` and `after`."""
    matcher = SequenceMatcher(str.isspace, [*before, *after], tokens, autojunk=False)
    index = 0
    for a, b, size in matcher.get_matching_blocks():
        if a >= len(before):
            break
        index = b + min(size, len(before) - a)
    return index


def with_page(text: str, model: str, page: str) -> str:
    """`text` with the beginning of a page where `model` has it."""
    return set_markers(text, model, Counter([*_keys(text), (markup.PageBreak, page)]))


def without_pages(text: str, pages: Set[str]) -> str:
    """`text` without the beginnings of these pages: they stand elsewhere now."""
    for marker in reversed(markup.page_breaks(text)):
        if marker.n in pages:
            text = text[: marker.start] + text[marker.end :]
    return text

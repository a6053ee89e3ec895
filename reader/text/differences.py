"""The differences between two texts, word by word. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# A word or a run of white space.
TOKEN = re.compile(r"\S+|\s+")
# A word with the white space after it, or white space.
WORD = re.compile(r"\S+\s*|\s+")
# The most pieces, and the most words, that a quick comparison compares one by one.
EXACT, COMPARED = 100, 400


@dataclass(frozen=True, slots=True)
class Change:
    """A piece of a text: `kept`, `removed` or `added`; `omitted`, without text, stands for words that were kept."""

    kind: str
    text: str


def difference(before: str, after: str, *, quick: bool = False) -> list[Change]:
    """The pieces of both texts, in order: `removed` stands before what was `added` in its place.

    The cost grows with the square of what is compared, and faster if words are repeated. A `quick` comparison of more
    than EXACT pieces takes a word and its white space as one, and may miss that frequent words were kept; of more than
    COMPARED words it takes all between the common beginning and end for changed.
    """
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    # The common beginning and end are not compared: the cost grows with the change, not with the text.
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    pieces = [("kept", old[:head])]
    a, b = old[head : len(old) - tail], new[head : len(new) - tail]
    is_long = quick and max(len(a), len(b)) > EXACT
    if is_long:
        a, b = WORD.findall("".join(a)), WORD.findall("".join(b))
    if is_long and max(len(a), len(b)) > COMPARED:
        pieces += [("removed", a), ("added", b)]
    else:
        for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=is_long).get_opcodes():
            pieces += [("kept", a[i:j])] if tag == "equal" else [("removed", a[i:j]), ("added", b[k:m])]
    pieces.append(("kept", old[len(old) - tail :]))
    return [Change(kind, "".join(tokens)) for kind, tokens in pieces if tokens]


def shortened(changes: Sequence[Change], around: int = 6) -> Iterator[Change]:
    """The changes, with at most `around` of the kept words on either side of a change."""
    for index, change in enumerate(changes):
        tokens = TOKEN.findall(change.text) if change.kind == "kept" else []
        before = 0 if index == 0 else 2 * around
        after = 0 if index == len(changes) - 1 else 2 * around
        if len(tokens) <= before + after:
            yield change
            continue
        if before:
            yield Change("kept", "".join(tokens[:before]))
        yield Change("omitted", "")
        if after:
            yield Change("kept", "".join(tokens[-after:]))


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """The number of items at the beginning that two sequences share."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count

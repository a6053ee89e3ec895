"""The places of emendations in a text: in the wording of an import, and in what persons made of it. Pure.

A place is told only if it is certain.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from reader.text.readings import PRINTED_CALL

# A word or a mark.
_TOKEN = re.compile(r"\w+|[^\w\s]")


def as_read(after: str) -> str:
    """The words of an emendation as they stand in our text: without the calls of notes that a witness prints."""
    return PRINTED_CALL.sub("", after)


def find_emended(plain: str, after: str, near: tuple[int, int] | None = None) -> int | None:
    """The offset in an imported text at which the emended words begin; None if there is none, or more than one.

    `near` is the characters (start, end) that an import emended: the words hold all of these. Without it, the words
    have to stand in the text once, as words of their own. Words that were emended to nothing stand where `near` is.
    """
    words = as_read(after)
    if not words:
        return near[0] if near is not None and near[0] <= len(plain) else None
    if near is None:
        before = r"(?<!\w)" if re.match(r"\w", words) else ""
        behind = r"(?!\w)" if re.search(r"\w\Z", words) else ""
        places = [found.start() for found in re.finditer(f"{before}{re.escape(words)}{behind}", plain)]
    else:
        first, last = max(near[1] - len(words), 0), near[0]
        places = [at for at in range(first, last + 1) if plain.startswith(words, at)]
    return places[0] if len(places) == 1 else None


def follow(before: str, after: str, start: int, end: int) -> int | None:
    """Where characters `start` to `end` of a text begin in what persons made of it.

    None if the words that hold them were changed, or if it cannot be told which of equal words are meant. A place
    without characters is followed by the words on either side.
    """
    if before == after:
        return start
    old, new = list(_TOKEN.finditer(before)), list(_TOKEN.finditer(after))
    at = [k for k, token in enumerate(old) if token.end() > start and token.start() < end]
    if start == end:
        at = [k for k, token in enumerate(old) if token.end() == start or token.start() <= start][-1:]
        at += [k + 1 for k in at if k + 1 < len(old) and old[k].end() <= start]
    words = [token[0] for token in old], [token[0] for token in new]
    forwards = _kept(*words)
    # Read from the end, another of two equal words may seem to be kept: then neither is certain.
    backwards = _kept(words[0][::-1], words[1][::-1])
    found = [forwards.get(k, -1) for k in at]
    if (
        not found
        or -1 in found
        or found != [len(new) - 1 - backwards.get(len(old) - 1 - k, len(new)) for k in at]
    ):
        return None
    offset = new[found[0]].start() + start - old[at[0]].start()
    first, last = min(start, old[at[0]].start()), max(end, old[at[-1]].end())
    is_whole = after.startswith(before[first:last], offset - start + first)
    return offset if is_whole and found == list(range(found[0], found[0] + len(found))) else None


def _kept(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """For the index of each old word that was kept, its index among the new ones."""
    # The common beginning and end are not compared: the cost grows with the change, not with the text.
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    middle = SequenceMatcher(None, old[head : len(old) - tail], new[head : len(new) - tail], autojunk=False)
    blocks = [
        (0, 0, head),
        *((i + head, j + head, size) for i, j, size in middle.get_matching_blocks()),
        (len(old) - tail, len(new) - tail, tail),
    ]
    return {i + k: j + k for i, j, size in blocks for k in range(size)}


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """The number of words at the beginning that two sequences share."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((k for k, (a, b) in pairs if a != b), min(len(one), len(other)))

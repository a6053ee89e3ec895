"""Finds in an import the text that an anchor describes. Pure."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from reader.text.anchors import REACH, Anchor
from reader.text.markup import unemphasised

# The part of the words that two versions of a text have in common: where the texts around agree too, and where not.
ALIKE = 0.5
ALIKE_ALONE = 0.8
# A text of fewer words that changed is found only beside its neighbours.
FEW = 6


def find(anchor: Anchor, texts: Sequence[str], *, least: float = ALIKE) -> int | None:
    """The index of the text; None if it is gone, or if it cannot be told from others.

    An equal text is found first; of several, the one between the same neighbours. Else it is the text that has most of
    its words, `least` of them at least, and stands beside one of the neighbours, unless nearly all words agree.
    Emphasis makes no difference: another kind of source may show it.
    """
    texts = [unemphasised(text) for text in texts]
    anchor = _plain(anchor)
    equal = [k for k, text in enumerate(texts) if text == anchor["text"]]
    if len(equal) == 1 and anchor["count"] == 1:
        return equal[0]
    if equal:
        if len(equal) == anchor["count"]:
            return equal[anchor["nth"]]
        return _only_best([(_neighbours(anchor, texts, k), k) for k in equal], least=1)
    words = anchor["text"].split()
    found = []
    for k, text in enumerate(texts):
        likeness = _likeness(words, text.split(), least)
        if likeness <= least:
            continue
        beside = _neighbours(anchor, texts, k)
        if beside or (likeness > ALIKE_ALONE and len(words) >= FEW):
            found.append((likeness + beside, k))
    return _only_best(found)


def _plain(anchor: Anchor) -> Anchor:
    return Anchor(
        text=unemphasised(anchor["text"]),
        before=unemphasised(anchor["before"]),
        after=unemphasised(anchor["after"]),
        nth=anchor["nth"],
        count=anchor["count"],
    )


def has_words_of(text: str, other: str) -> bool:
    """Whether nearly all words of another text stand in a text, in their order, emphasised or not."""
    words = unemphasised(other).split()
    matcher = SequenceMatcher(None, words, unemphasised(text).split(), autojunk=False)
    return sum(size for _, _, size in matcher.get_matching_blocks()) >= ALIKE_ALONE * len(words)


def _only_best(scored: Sequence[tuple[float, int]], *, least: float = 0) -> int | None:
    best = max((score for score, _ in scored), default=least - 1)
    indices = [k for score, k in scored if score == best and score >= least]
    return indices[0] if len(indices) == 1 else None


def _likeness(words: Sequence[str], others: Sequence[str], least: float) -> float:
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    if matcher.real_quick_ratio() <= least or matcher.quick_ratio() <= least:
        return 0
    return matcher.ratio()


def _neighbours(anchor: Anchor, texts: Sequence[str], k: int) -> int:
    """How many of the two texts around agree with the anchor's."""
    before = texts[k - 1][-REACH:] if k else ""
    after = texts[k + 1][:REACH] if k + 1 < len(texts) else ""
    return _agree(anchor["before"], before) + _agree(anchor["after"], after)


def _agree(one: str, other: str) -> int:
    return int(one == other or _likeness(one.split(), other.split(), ALIKE) > ALIKE)

"""Finds the new version of each text in another import, and shows a change in one line. Pure."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from difflib import SequenceMatcher

from reader.text import markup
from reader.text.merging import TOKEN

# The most texts that are paired in order within a change; more would take time and pair texts that are alike by chance.
WINDOW = 8
# Words in a row by which a moved and changed text is looked up.
SHINGLE = 4


def align(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """The index of the `old` text, by the index of the `new` text that is its version.

    Equal texts are aligned first, in order (the matching of Ratcliff and Obershelp, as in difflib); between them,
    similar texts are paired in order. All other texts moved: first equal texts are paired, then texts that share most
    of their words. Each step looks only at the texts that the step before could not pair.

    Emphasis makes no difference, since one source shows the italics that another has lost.
    """
    old, new = ([markup.unemphasised(text) for text in texts] for texts in (old, new))
    same = 0  # at the beginning: most of a volume is unchanged, and difflib is slow where texts repeat
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    matched = {k: k for k in range(same)}
    matcher = SequenceMatcher(None, old[same:], new[same:], autojunk=False)
    for tag, *bounds in matcher.get_opcodes():
        a, b, c, d = (same + k for k in bounds)
        if tag == "equal":
            matched.update({c + k: a + k for k in range(b - a)})
        elif tag == "replace":
            at = a
            for j in range(c, d):
                for i in range(at, min(b, at + WINDOW)):
                    if are_alike(old[i], new[j]):
                        matched[j] = i
                        at = i + 1
                        break
    _match_moved(old, new, matched)
    _match_moved_and_changed(old, new, matched)
    return matched


def _match_moved(old: Sequence[str], new: Sequence[str], matched: dict[int, int]) -> None:
    used = set(matched.values())
    unpaired: dict[str, list[int]] = defaultdict(list)
    for i in range(len(old) - 1, -1, -1):
        if i not in used:
            unpaired[old[i]].append(i)
    for j, text in enumerate(new):
        if j not in matched and unpaired.get(text):
            matched[j] = unpaired[text].pop()


def _match_moved_and_changed(old: Sequence[str], new: Sequence[str], matched: dict[int, int]) -> None:
    used = set(matched.values())
    index: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, text in enumerate(old):
        if i not in used:
            for shingle in _shingles(text):
                index[shingle].append(i)
    for j, text in enumerate(new):
        if j in matched or not index:
            continue
        shared = Counter(
            i for shingle in _shingles(text) for i in index.get(shingle, ())[:WINDOW] if i not in used
        )
        for i, _ in shared.most_common(WINDOW):
            if are_alike(old[i], text):
                matched[j] = i
                used.add(i)
                break


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = markup.plain(text).split()
    return {tuple(words[k : k + SHINGLE]) for k in range(max(1, len(words) - SHINGLE + 1))}


def are_alike(a: str, b: str) -> bool:
    """Whether two texts are versions of one text: more than half of the words are equal, in order, without markup."""
    words, others = (markup.plain(text).split() for text in (a, b))
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    return matcher.real_quick_ratio() > 0.5 and matcher.quick_ratio() > 0.5 and matcher.ratio() > 0.5


def moved(ranks: Sequence[int]) -> set[int]:
    """Indices of `ranks` that are out of order: the fewest that have to move (the rest is a longest rising run).

    M. L. Fredman, "On computing the length of longest increasing subsequences", Discrete Mathematics 11 (1975).
    """
    tails: list[int] = []
    tail_at: list[int] = []
    before: list[int] = []
    for k, rank in enumerate(ranks):
        at = bisect_left(tails, rank)
        before.append(tail_at[at - 1] if at else -1)
        tails[at : at + 1] = [rank]
        tail_at[at : at + 1] = [k]
    kept: set[int] = set()
    k = tail_at[-1] if tail_at else -1
    while k >= 0:
        kept.add(k)
        k = before[k]
    return set(range(len(ranks))) - kept


def show_change(before: str, after: str, width: int = 60) -> str:
    """The change between two texts in one line: `“old words” → “new words”`, a few words around each."""
    a, b = TOKEN.findall(before), TOKEN.findall(after)
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    start, end = max(start - 4, 0), max(end - 4, 0)
    return f"“{_shorten(a[start : len(a) - end], width)}” → “{_shorten(b[start : len(b) - end], width)}”"


def _shorten(tokens: Sequence[str], width: int) -> str:
    text = " ".join("".join(tokens).split())
    return text if len(text) <= width else f"{text[: width - 1].rstrip()}…"

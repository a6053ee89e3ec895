"""Follows the words of old texts into new ones, and takes persons' changes along. Pure.

A witness may split a paragraph, join two, or move a sentence to another paragraph. Then the old import and the person's
text are cut and put together again as the new texts are, so that each new text can be merged with what belongs to it.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

from corpus_import.loading.alignment import WINDOW
from reader.text.merging import TOKEN, Edit, edits_between, is_word

# Words in a row by which two texts agree for certain: what stands between may be chance.
SOLID = 3
# Words that have to agree where a text is no neighbour of the one that has lost them.
FAR = 6
# The place of words that no new text has, while other words of their text went to one.
LEFT = -1
SENTENCE_ENDS = frozenset(".!?…")


@dataclass(frozen=True, slots=True)
class Old:
    """A text of the archive: as an import had it, as it stands, and the index of the new text that is its version."""

    base: str
    human: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """What a new text has of old ones, as the import had it and as persons made it; the indices of the old texts."""

    base: str
    human: str
    sources: tuple[int, ...]
    # The changes that make the one of the other; None if they do not stand between the tokens of the base.
    changes: tuple[Edit, ...] | None = None


class _Gap(NamedTuple):
    """Tokens `lo` to `hi` of an old text, and `start` to `end` of its new version, that do not agree."""

    lo: int
    hi: int
    start: int
    end: int


class _Went(NamedTuple):
    """Where a token went: a new text, and the token there that it stands at or behind."""

    text: int
    at: int


@dataclass(frozen=True, slots=True)
class _Match:
    """Which tokens of an old text and its new version agree, and the gaps between them."""

    blocks: Sequence[tuple[int, int, int]]
    gaps: Sequence[_Gap]


@dataclass(slots=True)
class _News:
    """What the new texts have that their old versions had not: tokens, by runs and by the words in them."""

    tokens: Sequence[list[str]]
    runs: list[tuple[int, int, int]] = field(default_factory=list)  # a text, the first token, the end
    runs_of: dict[tuple[str, ...], set[int]] = field(default_factory=lambda: defaultdict(set))
    taken: set[tuple[int, int]] = field(default_factory=set)  # tokens that an old text has been found for

    def add(self, text: int, start: int, end: int) -> None:
        for shingle in _shingles(self.tokens[text][start:end]):
            self.runs_of[shingle].add(len(self.runs))
        self.runs.append((text, start, end))

    def having(
        self, tokens: Sequence[str], own: int | None, near: Container[int]
    ) -> list[tuple[int, int, int]]:
        """The runs of other texts than `own` that have most of these words, or of whose words these have most.

        Few words are looked for only in texts that stand `near`, a word or two only in new ones.
        """
        shared = Counter(run for shingle in _shingles(tokens) for run in self.runs_of.get(shingle, ()))
        found = []
        for run, _ in shared.most_common(WINDOW):
            text, start, end = self.runs[run]
            if text == own or (_count_words(tokens) < SOLID and end - start < len(self.tokens[text])):
                continue
            begins, count = _agreement(tokens, self._free(text, start, end))
            if count and (count >= FAR or text in near):
                found.append((begins, (text, start, end)))
        return [run for _, run in sorted(found)]

    def _free(self, text: int, start: int, end: int) -> list[str]:
        return [
            "" if (text, at) in self.taken else token
            for at, token in enumerate(self.tokens[text][start:end], start)
        ]


@dataclass(frozen=True, slots=True)
class Following:
    """Where words went to other texts than the new version of their own."""

    # By the index of a new text: what it has of texts that persons changed, of which words went to it.
    into: Mapping[int, Followed] = field(default_factory=dict)
    # By the index of an old text: the new texts that have words of it.
    gone_to: Mapping[int, Sequence[int]] = field(default_factory=dict)
    # By the index of an old text without a version: what is left of it that no new text has, if persons changed that.
    left: Mapping[int, Followed] = field(default_factory=dict)


def follow(old: Sequence[Old], new: Sequence[str], is_changed: Sequence[bool]) -> Following:
    """Follow the words of old texts where they went to other texts than the new version of their own.

    `is_changed` tells of each new text whether it reads otherwise than the last import. A text without a version is
    looked for as a whole, then by its sentences. If less than half of its words are found, the other ones are left.
    """
    tokens = [TOKEN.findall(text) if is_changed[k] else [] for k, text in enumerate(new)]
    is_concerned = [each.version is None or is_changed[each.version] for each in old]
    is_corrected = [each.base != each.human for each in old]
    if not any(map(all, zip(is_concerned, is_corrected, strict=True))):
        return Following()
    matches: dict[int | None, _Match] = {
        each.version: _match(TOKEN.findall(each.base), tokens[each.version])
        for each in old
        if each.version is not None and is_changed[each.version]
    }
    news = _News(tokens)
    for k in range(len(new)):
        if is_changed[k]:
            for gap in matches[k].gaps if k in matches else [_Gap(0, 0, 0, len(tokens[k]))]:
                news.add(k, gap.start, gap.end)
    went: dict[int, list[_Went]] = {}
    for i, each in enumerate(old):
        if is_concerned[i]:
            places = _follow_text(each, matches.get(each.version), news, _near(i, old, len(new)))
            if places:
                went[i] = places
    gone_to = {
        i: [text for text in dict.fromkeys(place.text for place in places) if text != LEFT]
        for i, places in went.items()
    }
    left = {
        i: _put_together(LEFT, old, {i: places})
        for i, places in went.items()
        if any(place.text == LEFT for place in places)
    }
    touched = {k for texts in gone_to.values() for k in texts}
    for i, each in enumerate(old):
        if each.version in touched and i not in went:
            went[i] = _stay(each.version, TOKEN.findall(each.base), matches[each.version])
    followed = {k: _put_together(k, old, went) for k in touched}
    return Following(
        into={k: each for k, each in followed.items() if any(is_corrected[i] for i in each.sources)},
        gone_to=gone_to,
        left={i: each for i, each in left.items() if each.base != each.human},
    )


# Where the words of one text went


def _near(i: int, old: Sequence[Old], count: int) -> range:
    """The new texts, of `count`, between the versions of the texts that stood before and after an old one."""
    before = (each.version for each in reversed(old[:i]) if each.version is not None)
    after = (each.version for each in old[i + 1 :] if each.version is not None)
    return range(next(before, 0), next(after, count - 1) + 1)


def _follow_text(old: Old, match: _Match | None, news: _News, near: Container[int]) -> list[_Went]:
    """Where each token of a text went; empty if none went to another text than its version."""
    base = TOKEN.findall(old.base)
    gaps = match.gaps if match else [_Gap(0, len(base), 0, 0)]
    own = old.version
    places: list[_Went | None] = (
        _matched(own, match, len(base)) if own is not None and match else [None] * len(base)
    )
    is_elsewhere = False
    sentences = [] if match else [_Gap(start, end, 0, 0) for start, end in _sentences(base)]
    for gap in [*gaps, *sentences]:
        lost = base[gap.lo : gap.hi]
        if _is_found(lost, places[gap.lo : gap.hi]) or not (runs := news.having(lost, own, near)):
            continue
        is_elsewhere = True
        if own is not None and gap.end > gap.start:
            # What stands in its place in its own version is a change of words at the one end or the other.
            mine = (own, gap.start, gap.end)
            runs = max([mine, *runs], [*runs, mine], key=lambda each: _agreeing(lost, news, each))
        for k, place in _distribute(lost, news, runs).items():
            places[gap.lo + k] = place
            news.taken.add(place)
    if not is_elsewhere:
        return []
    if own is None and not _is_found(base, places):
        return _leave(base, places)
    return _fill(places)


def _is_found(tokens: Sequence[str], places: Sequence[_Went | None]) -> bool:
    """Whether at least half of the words have a place."""
    found = sum(place is not None for token, place in zip(tokens, places, strict=True) if is_word(token))
    return 2 * found >= _count_words(tokens)


def _leave(base: Sequence[str], places: Sequence[_Went | None]) -> list[_Went]:
    """The places of whole sentences that were found, all other words left; empty if no whole sentence was found."""
    found = [_Went(LEFT, k) for k in range(len(base))]
    for start, end in _sentences(base):
        if _is_found(base[start:end], places[start:end]):
            found[start:end] = _fill(places[start:end])
    return found if any(place.text != LEFT for place in found) else []


def _sentences(base: Sequence[str]) -> list[tuple[int, int]]:
    """Where sentences begin and end: a sentence takes along what stands before the next word."""
    bounds = [0]
    is_ended = False
    for k, token in enumerate(base):
        if is_word(token):
            if is_ended:
                bounds.append(k)
            is_ended = False
        elif token in SENTENCE_ENDS:
            is_ended = True
    return list(pairwise([*bounds, len(base)]))


def _matched(own: int, match: _Match, length: int) -> list[_Went | None]:
    places: list[_Went | None] = [None] * length
    for a, b, size in match.blocks:
        for k in range(size):
            places[a + k] = _Went(own, b + k)
    return places


def _stay(own: int | None, base: Sequence[str], match: _Match) -> list[_Went]:
    return _fill(_matched(own, match, len(base)) if own is not None else []) or [
        _Went(own, -1) for _ in base if own is not None
    ]


def _fill(places: Sequence[_Went | None]) -> list[_Went]:
    """Places for all tokens: one that was not found stays with the one before it, at the beginning with the next."""
    last = next((_Went(place.text, -1) for place in places if place is not None), None)
    filled = []
    for place in places:
        last = place or last
        if last is not None:
            filled.append(last)
    return filled


def _distribute(lost: Sequence[str], news: _News, runs: Sequence[tuple[int, int, int]]) -> dict[int, _Went]:
    """The places of tokens in runs of new texts that follow each other."""
    places = [_Went(text, at) for text, start, end in runs for at in range(start, end)]
    tokens = ["" if place in news.taken else news.tokens[place.text][place.at] for place in places]
    found: dict[int, _Went] = {}
    a = b = 0
    for start, at, size in [*_blocks(lost, tokens), (len(lost), len(tokens), 0)]:
        # What an import changed stands where it stood: token by token, the last for all that are left.
        for k in range(min(start - a, at - b) if at > b else 0):
            found[a + k] = places[b + k]
        for k in range(size):
            found[start + k] = places[at + k]
        a, b = start + size, at + size
    return found


def _agreeing(lost: Sequence[str], news: _News, runs: Sequence[tuple[int, int, int]]) -> int:
    tokens = [token for text, start, end in runs for token in news.tokens[text][start:end]]
    return sum(size for _, _, size in _blocks(lost, tokens))


# The texts put together


def _put_together(text: int, old: Sequence[Old], went: Mapping[int, Sequence[_Went]]) -> Followed:
    """The words that went to a text, in the order in which it has them."""
    ordered = sorted(
        (place.at, i, k) for i, places in went.items() for k, place in enumerate(places) if place.text == text
    )
    pieces: list[tuple[str, str]] = []
    put = {i: list(_replaced(TOKEN.findall(old[i].base), old[i].human)) for i in {i for _, i, _ in ordered}}
    before = -1
    for _, i, k in ordered:
        if before not in (-1, i) and not pieces[-1][0].isspace():
            pieces.append((" ", " "))
        before = i
        pieces.append(put[i][k])
    while pieces and pieces[0][0].isspace() and not pieces[0][1].strip():
        del pieces[0]
    while pieces and pieces[-1][0].isspace() and not pieces[-1][1].strip():
        del pieces[-1]
    base, human = ("".join(side) for side in zip(*pieces, strict=True)) if pieces else ("", "")
    is_cut_at_tokens = TOKEN.findall(base) == [token for token, _ in pieces]
    changes = tuple(_changes(pieces)) if is_cut_at_tokens else None
    return Followed(base, human, tuple(sorted(put)), changes)


def _changes(pieces: Sequence[tuple[str, str]]) -> Iterator[Edit]:
    """The changes in tokens, each given with what stands in its place: one change for neighbours that are replaced."""
    k = 0
    while k < len(pieces):
        token, now = pieces[k]
        if now == token:
            k += 1
        elif now.startswith(token):
            yield Edit(k + 1, k + 1, tuple(TOKEN.findall(now[len(token) :])))
            k += 1
        elif now.endswith(token):
            yield Edit(k, k, tuple(TOKEN.findall(now[: -len(token)])))
            k += 1
        else:
            end = k + 1
            while end < len(pieces) and not pieces[end][1]:
                end += 1
            yield Edit(k, end, tuple(TOKEN.findall(now)))
            k = end


def _replaced(base: Sequence[str], human: str) -> Iterator[tuple[str, str]]:
    """Each token of a base, and what stands in its place: what was inserted stands with the token before it."""
    now = list(base)
    for edit in edits_between(base, TOKEN.findall(human)):
        put = "".join(edit.put)
        if edit.start < edit.end:
            now[edit.start : edit.end] = [put, *[""] * (edit.end - edit.start - 1)]
        elif edit.start:
            now[edit.start - 1] += put
        elif now:
            now[0] = put + now[0]
    return zip(base, now, strict=True)


# Which tokens agree


def _match(base: Sequence[str], new: Sequence[str]) -> _Match:
    """Agreeing tokens, of which few words in a row agree by chance, unless they begin or end both texts."""
    blocks = [
        (a, b, size)
        for a, b, size in _blocks(base, new)
        if _count_words(base[a : a + size]) >= SOLID
        or (a, b) == (0, 0)
        or (a + size, b + size) == (len(base), len(new))
    ]
    gaps, at, there = [], 0, 0
    for a, b, size in [*blocks, (len(base), len(new), 0)]:
        if a > at or b > there:
            gaps.append(_Gap(at, a, there, b))
        at, there = a + size, b + size
    return _Match(blocks, gaps)


def _blocks(tokens: Sequence[str], others: Sequence[str]) -> list[tuple[int, int, int]]:
    """Where tokens agree, the longest first looked for: the first index in either, and how many. Each has a word."""
    matcher = SequenceMatcher(None, tokens, others, autojunk=False)
    return [
        (a, b, size)
        for a, b, size in matcher.get_matching_blocks()
        if any(map(is_word, tokens[a : a + size]))
    ]


def _agreement(tokens: Sequence[str], run: Sequence[str]) -> tuple[int, int]:
    """Where a run begins among tokens, and how many words agree; none, unless half of the words of either do."""
    few = min(_count_words(tokens), _count_words(run))
    blocks = [
        (a, count)
        for a, _, size in _blocks(tokens, run)
        if (count := _count_words(tokens[a : a + size])) >= min(SOLID, few)
    ]
    agreeing = sum(count for _, count in blocks)
    return (blocks[0][0], agreeing) if agreeing and 2 * agreeing >= few else (0, 0)


def _count_words(tokens: Sequence[str]) -> int:
    return sum(map(is_word, tokens))


def _shingles(tokens: Sequence[str]) -> set[tuple[str, ...]]:
    words = list(filter(is_word, tokens))
    return {tuple(words[k : k + SOLID]) for k in range(len(words) - SOLID + 1)} or {tuple(words)}

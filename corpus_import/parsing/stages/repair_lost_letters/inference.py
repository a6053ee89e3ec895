"""Decides which letter a stand-in is, by the words that each letter makes of the broken words. Pure.

Every broken word has one vote, shared by the letters that make a known word of it: `�e` says little (be, he, me, we),
`�ovember` says N. A letter is *sure* if it explains nearly all broken words that any letter explains, and far more
than the next one. Otherwise the stand-in may be several letters, and a word is repaired only if it can be one alone.

A lost glyph is a capital or a small letter. Inside a word of small letters it is a small one, among capitals or
before one a capital; if it stands at the beginning of words alone it is a capital, since small letters do not.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

# The share of the explained words that a sure letter explains, and the most of its votes that the next one has.
SURE_SHARE, NEXT_SHARE = 0.8, 0.5
# How much more a word counts that the volume has, than one that only the language has.
EXACT, OF_VOLUME, LISTED = 4.0, 2.0, 1.0
# The most distinct words that are asked.
MOST_WORDS = 400


class Case(Enum):
    """The case of a lost letter, as far as one place tells."""

    CAPITAL = "capital"
    SMALL = "small"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter behind a stand-in: small; `sure` if it is the only one; `explained` is the number of its words."""

    small: str
    sure: bool
    explained: int


def infer_letter(
    candidates: Mapping[str, Mapping[str, float]], fewest: int, share: float = SURE_SHARE
) -> Letter | None:
    """The letter that explains the broken words; None if fewer than `fewest` words speak for it, or two are equal.

    A letter is sure if it explains this `share` of the words that any letter explains.

    `candidates` has for each broken word the letters that make a known word of it, with their weights.
    """
    votes: dict[str, float] = defaultdict(float)
    explained: Counter[str] = Counter()
    explainable = 0
    for weights in candidates.values():
        total = sum(weights.values())
        explainable += bool(weights)
        for letter, weight in weights.items():
            votes[letter] += weight / total
            explained[letter] += 1
    if not votes:
        return None
    ranked = sorted(votes, key=lambda letter: (votes[letter], letter), reverse=True)
    best = ranked[0]
    follows = votes[ranked[1]] if len(ranked) > 1 else 0.0
    if explained[best] < fewest or follows == votes[best]:
        return None
    sure = explained[best] >= share * explainable and follows <= NEXT_SHARE * votes[best]
    return Letter(best, sure, explained[best])


def case_at(token: str, offset: int) -> Case:
    """The case that the neighbours of the letter at `offset` tell."""
    before = token[:offset].rstrip(token[offset])
    after = token[offset + 1 :].lstrip(token[offset])
    left, right = before[-1:], after[:1]
    if left.islower():
        # In `NKh�Rv` both can stand.
        return Case.OPEN if sum(map(str.isupper, token)) > 1 else Case.SMALL
    if right.isupper():
        return Case.CAPITAL
    if right.islower():
        # `A�l` is *All*; `VSN�h` and `�h` can be either.
        return Case.SMALL if len(before) == 1 else Case.OPEN
    return Case.CAPITAL if len(before) > 1 else Case.OPEN


def case_of_all(cases: Sequence[Case]) -> Case:
    """The case of a stand-in, from all its places; OPEN if it stands for both, or if too few places tell."""
    counted = Counter(cases)
    capitals, small, places = counted[Case.CAPITAL], counted[Case.SMALL], len(cases)
    # A stray name such as *McKenzie* does not make a capital a small letter.
    if small > 0.1 * places and small > capitals:
        return Case.SMALL if capitals <= 0.02 * places else Case.OPEN
    if small <= 0.05 * places and (capitals or places >= FEW_PLACES):
        return Case.CAPITAL
    return Case.OPEN


# So many places, none of them inside a word, show a capital: of a small letter most stand inside.
FEW_PLACES = 4


def with_case(
    token: str, offsets: Sequence[int], letter: str, decide: Callable[[int], bool | None]
) -> str | None:
    """The token with the letter at its offsets, a capital where `decide` says so; None where that is not known."""
    characters = list(token)
    for offset in offsets:
        capital = decide(offset)
        if capital is None:
            return None
        characters[offset] = letter.upper() if capital else letter
    return "".join(characters)

"""The chances of the readings of words, by the words beside them: a model of pairs, forward and backward. Pure.

A word's reading is a word with the chance that it looks as it does. The chance of a sentence is that of its pairs of
neighbours (`WordList.pair`); the chance of one reading is that of all sentences with it (L. Rabiner 1989).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from reader.text.word_list import WordList

# The frequency of a word that neither the language nor the volume has.
UNKNOWN = 1e-9
# The weight of the volume's own frequencies.
OWN = 0.3


@dataclass(frozen=True, slots=True)
class Reading:
    """A word that may stand at a place, in small letters; `chance` is that it would look as it does there."""

    word: str
    chance: float


@dataclass(frozen=True, slots=True)
class Slot:
    """A place with its readings; `joined` if nothing but a space parts it from the place before."""

    readings: tuple[Reading, ...]
    joined: bool


@dataclass(frozen=True)
class Model:
    """The frequencies of words and pairs in a language and in a volume (`own`: of `size` words)."""

    language: WordList
    own: Mapping[str, float]
    size: int

    def frequency(self, word: str) -> float:
        """The frequency of a word."""
        listed = self.language.counts.get(word, 0) / self.language.total
        return max((1 - OWN) * listed + OWN * self.own.get(word, 0) / max(self.size, 1), UNKNOWN)

    def after(self, left: str, right: str) -> float:
        """The frequency of a word after another."""
        count = self.language.counts.get(left, 0)
        alone = self.frequency(right)
        if not count or right not in self.language.counts:
            return alone
        language = self.language
        pair: float | None = language.pairs.get(f"{left} {right}")
        if pair is None:
            pair = min(language.expected(left, right) / 2, language.floor / 8)
        return 0.95 * min(pair / (count * language.scale), 1.0) + 0.05 * alone / 10


def chances(slots: Sequence[Slot], model: Model) -> Iterator[list[float]]:
    """For each place the chances of its readings, which add up to one."""
    for run in _runs(slots):
        yield from _of_run(run, model)


def _runs(slots: Sequence[Slot]) -> Iterator[list[Slot]]:
    """The sentences: each begins at a place that is not joined to the one before."""
    numbers = []
    n = 0
    for slot in slots:
        n += not slot.joined
        numbers.append(n)
    for _, group in groupby(zip(numbers, slots, strict=True), key=lambda each: each[0]):
        yield [slot for _, slot in group]


def _of_run(run: Sequence[Slot], model: Model) -> list[list[float]]:
    if all(len(slot.readings) < 2 for slot in run):
        return [[1.0] for _ in run]
    steps = [
        []
        if k == 0 or (len(slot.readings) < 2 and len(run[k - 1].readings) < 2)
        else [[model.after(left.word, right.word) for right in slot.readings] for left in run[k - 1].readings]
        for k, slot in enumerate(run)
    ]
    forward: list[list[float]] = []
    for k, slot in enumerate(run):
        if k == 0:
            found = [r.chance * model.frequency(r.word) for r in slot.readings]
        elif not steps[k]:
            found = [1.0]
        else:
            found = [
                r.chance * sum(a * row[j] for a, row in zip(forward[-1], steps[k], strict=True))
                for j, r in enumerate(slot.readings)
            ]
        forward.append(_shared(found))
    backward = [[1.0] * len(run[-1].readings)]
    for k in range(len(run) - 1, 0, -1):
        if not steps[k]:
            backward.append([1.0])
            continue
        ahead = [r.chance * b for r, b in zip(run[k].readings, backward[-1], strict=True)]
        backward.append(_shared([sum(p * b for p, b in zip(row, ahead, strict=True)) for row in steps[k]]))
    backward.reverse()
    return [
        _shared([a * b for a, b in zip(f, g, strict=True)]) for f, g in zip(forward, backward, strict=True)
    ]


def _shared(values: Sequence[float]) -> list[float]:
    total = sum(values)
    return [value / total for value in values] if total else [1 / len(values)] * len(values)

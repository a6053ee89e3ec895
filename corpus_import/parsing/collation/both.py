"""Our draft and a second witness's, with their words aligned."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from corpus_import.parsing.collation.words import Words
from corpus_import.parsing.elements import Draft, Second

# Words that follow each other in both are a run from this number on.
_RUN = 4


@dataclass(frozen=True)
class Both:
    """Two witnesses of one text: `found` has for each word of ours the index of the other's word, or -1."""

    draft: Draft
    second: Second
    ours: Words
    other: Words
    found: Sequence[int]

    @property
    def name(self) -> str:
        """The name of the second witness for readers."""
        return self.second.name

    @property
    def by(self) -> int:
        """The number by which the indices of the second witness rise when it stands after ours."""
        return len(self.draft.witnesses)

    @cached_property
    def taken(self) -> bytearray:
        """For each word of the other, whether ours have it."""
        taken = bytearray(len(self.other))
        for b in self.found:
            if b >= 0:
                taken[b] = 1
        return taken

    @property
    def aligned(self) -> int:
        """The number of words that both have."""
        return sum(self.taken)

    @property
    def share(self) -> float:
        """The share of the shorter witness's words that both have in runs: two texts share single words by chance."""
        in_runs, run = 0, 0
        for a, b in enumerate([*self.found, -1]):
            if b >= 0 and run and self.found[a - 1] == b - 1:
                run += 1
                continue
            in_runs += run if run >= _RUN else 0
            run = 1 if b >= 0 else 0
        return in_runs / max(min(len(self.ours), len(self.other)), 1)

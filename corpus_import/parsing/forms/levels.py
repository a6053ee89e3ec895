"""Tells the levels of headings from the way in which their forms stand in one another.

Numbers that begin anew under each heading of another form are numbers of the level below. Where no number shows that,
headings that follow others without text between stand below them, and so do several between two of another form.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus_import.parsing.forms.labels import NumberLabel
from corpus_import.parsing.forms.titles import may_have_sections
from reader.text.outline import LEVELS

# The fewest headings that show a series.
FEWEST_IN_SERIES = 2


@dataclass(frozen=True, slots=True)
class Found:
    """A heading: the indices of its blocks, its form, and the label in the first of them (None for the usual forms)."""

    at: tuple[int, ...]
    form: tuple[str, ...]
    kind: str  # empty where the form's level decides
    label: NumberLabel | None
    value: tuple[int, ...] = ()  # of the number, if there is one
    title: str = ""  # of the titles that every book may have


class Levels:
    """Tells the kinds of divisions whose forms have no words, from the way in which the forms stand in one another."""

    def __init__(
        self, found: Sequence[Found], usual: Sequence[str], prose: Sequence[bool], *, alone: bool = False
    ) -> None:
        self.found, self.usual, self.prose = found, list(usual), prose
        self.alone = alone  # whether a `1.` that is not among the headings found numbers a chapter
        self.forms = [f.form for f in found]
        self.named = any(kind == "chapter" for kind in usual)
        self.moved: set[tuple[str, ...]] = set()  # usual forms that are not on their usual level

    def kinds(self) -> list[str]:
        """The kind of each heading."""
        level: dict[tuple[str, ...], int] = {}
        for form, kind in zip(self.forms, self.usual, strict=True):
            if kind in ("part", "chapter", "section", "subsection"):
                level.setdefault(form, LEVELS[kind])
            elif kind == "numbered":
                level.setdefault(form, LEVELS["section" if self.named else "chapter"])
        level.update(self._moved(level))
        open_forms = list(
            dict.fromkeys(f for f, kind in zip(self.forms, self.usual, strict=True) if kind == "?")
        )
        open_forms = [form for form in open_forms if form not in level]
        # From the outermost form inwards.
        while open_forms:
            outer = next(
                (f for f in open_forms if not any(self._above(o, f) for o in open_forms if o != f)),
                open_forms[0],
            )
            open_forms.remove(outer)
            above = [n for f, n in level.items() if self._above(f, outer)]
            below = [n for f, n in level.items() if f not in open_forms and self._above(outer, f)]
            if above:
                at = min(max(above) + 1, LEVELS["subsection"])
            elif below and min(below) <= LEVELS["chapter"] and LEVELS["part"] not in level.values():
                at = LEVELS["part"]
            else:
                at = LEVELS["chapter"]
            level[outer] = at
        names = {1: "part", 2: "chapter", 3: "section", 4: "subsection"}
        kinds = [
            names[level[form]] if kind == "?" or form in self.moved else kind
            for form, kind in zip(self.forms, self.usual, strict=True)
        ]
        return self._with_front(kinds)

    def _moved(self, level: dict[tuple[str, ...], int]) -> dict[tuple[str, ...], int]:
        """The levels of `I.` and `1.`, where `I.` numbers chapters: no other form does, or `1.` begins anew in each."""
        section, chapter = LEVELS["section"], LEVELS["chapter"]
        romans = [f for f, n in level.items() if f[:2] == ("bare", "roman upper") and n == section]
        numbered = [f for f, n in level.items() if f[:2] == ("bare", "arabic") and n == chapter]
        if len(romans) != 1 or self.named or "?" in self.usual:
            return {}
        roman = romans[0]
        if self.forms.count(roman) < FEWEST_IN_SERIES:
            return {}
        first = self.forms.index(roman)
        # `(1)` over `I.` in a book without other chapters: the Roman numbers begin anew under each.
        outer = [
            f
            for f, n in level.items()
            if n == LEVELS["subsection"]
            and self.forms.index(f) < first
            and self._times_anew(roman, f) > self._times_anew(f, roman)
        ]
        if outer and not (numbered or self.alone):
            self.moved = set(outer)
            return dict.fromkeys(outer, chapter)
        above = next(
            (k for k in range(first - 1, -1, -1) if self.found[k].title or self.usual[k] == "part"), None
        )
        if self._is_section_of_parts(roman):
            return {}
        if not (numbered or self.alone) and (above is None or not may_have_sections(self.found[above].title)):
            self.moved = {roman, *(f for f, n in level.items() if n == LEVELS["subsection"])}
        elif len(numbered) == 1 and self._times_anew(numbered[0], roman) > self._times_anew(
            roman, numbered[0]
        ):
            self.moved = {roman, numbered[0]}
        return {f: level[f] + (1 if f in numbered else -1) for f in self.moved}

    def _is_section_of_parts(self, form: tuple[str, ...]) -> bool:
        """Whether every part has text before the first heading of a form, and the numbers begin anew in each."""
        parts = [k for k, kind in enumerate(self.usual) if kind == "part"]
        return (
            len(parts) >= FEWEST_IN_SERIES
            and all(self.prose[k] for k in parts)
            and self._times_anew(form, self.forms[parts[0]]) >= len(parts) - 1
            and self._begins_anew_with_parts_alone(form)
        )

    def _begins_anew_with_parts_alone(self, form: tuple[str, ...]) -> bool:
        """Whether the numbers of a form rise by one within each part: no heading of a level between is lost."""
        last = 0
        for found, kind in zip(self.found, self.usual, strict=True):
            if kind == "part":
                last = 0
            elif found.form == form and found.value:
                if found.value[0] != last + 1:
                    return False
                last = found.value[0]
        return True

    def _above(self, a: tuple[str, ...], b: tuple[str, ...]) -> bool:
        """Whether headings of the form `b` stand under headings of the form `a`."""
        if a[0] == b[0] and a[0] in ("mark", "dotted"):
            return a[1] < b[1]
        anew = self._times_anew(b, a) - self._times_anew(a, b)
        if anew:
            return anew > 0
        beside = self._times_directly(a, b) - self._times_directly(b, a)
        if beside:
            return beside > 0
        several = self._times_several(b, a) - self._times_several(a, b)
        if several:
            return several > 0
        return self.forms.index(a) < self.forms.index(b)

    def _times_anew(self, inner: tuple[str, ...], outer: tuple[str, ...]) -> int:
        """How often the numbers of `inner` begin anew after a heading of `outer`."""
        times, between = 0, False
        last: tuple[int, ...] = ()
        for found, kind in zip(self.found, self.usual, strict=True):
            if found.form == outer:
                between = True
            elif kind == "part" and outer != found.form and inner != found.form:
                last = ()  # begins anew because of the part
            elif found.form == inner and (value := found.value):
                times += bool(last) and value <= last and between
                last, between = value, False
        return times

    def _times_directly(self, outer: tuple[str, ...], inner: tuple[str, ...]) -> int:
        """How often a heading of `inner` follows one of `outer` with no text between."""
        return sum(
            (a, b) == (outer, inner) and not prose
            for (a, b), prose in zip(pairwise(self.forms), self.prose, strict=False)
        )

    def _times_several(self, inner: tuple[str, ...], outer: tuple[str, ...]) -> int:
        """How often two headings of `inner` or more stand between two of `outer`."""
        times = run = 0
        seen = False
        for form in self.forms:
            if form == outer:
                times += seen and run > 1
                run, seen = 0, True
            elif form == inner:
                run += 1
        return times

    def _with_front(self, kinds: list[str]) -> list[str]:
        """What has text of its own before the first chapter with a number, and no number itself, is front matter."""
        numbered = [
            k
            for k, kind in enumerate(kinds)
            if kind in ("chapter", "part", "numbered") and self.found[k].value
        ]
        if not numbered:
            return kinds
        for k, found in enumerate(self.found):
            without = found.label is not None and not found.value and self.usual[k] == "?"
            if without and k < numbered[0] and self.prose[k]:
                kinds[k] = "front"
        return kinds

"""What stands in the witnesses and on no page of the edition: title blocks, contents, running lines. Read from them.

Only the places are kept (`Witness.audit`); the characters are read out of the witness at the first use.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext_lazy

from reader.edition.contents import safe
from reader.edition.interface import Words, grouped
from reader.edition.witnesses import LINE_END
from reader.models import Witness
from reader.text.html import numbered_lines

# The most that a page shows of one kind: lines, and characters of a line.
MOST_LINES, MOST_CHARACTERS = 200, 500

# What an import read the characters of a witness as, by the names under which `Witness.audit` keeps them.
CATEGORIES = Words(
    {
        "text": pgettext_lazy("characters of a source", "text"),
        "note": pgettext_lazy("characters of a source", "note"),
        "heading": pgettext_lazy("characters of a source", "heading"),
        "table": pgettext_lazy("characters of a source", "table"),
        "emended reading": pgettext_lazy("characters of a source", "emended reading"),
        "key": pgettext_lazy("characters of a source", "key"),
        "note reference": pgettext_lazy("characters of a source", "note reference"),
        "note's number": pgettext_lazy("characters of a source", "note's number"),
        "note's page": pgettext_lazy("characters of a source", "note's page"),
        "heading's number": pgettext_lazy("characters of a source", "heading's number"),
        "second witness": pgettext_lazy("characters of a source", "second witness"),
        "title block": pgettext_lazy("characters of a source", "title block"),
        "contents list": pgettext_lazy("characters of a source", "contents list"),
        "forme work": pgettext_lazy("characters of a source", "forme work"),
        "ornament": pgettext_lazy("characters of a source", "ornament"),
        "rule of a table": pgettext_lazy("characters of a source", "rule of a table"),
        "repeated text": pgettext_lazy("characters of a source", "repeated text"),
        "lost letter": pgettext_lazy("characters of a source", "lost letter"),
        "ligature": pgettext_lazy("characters of a source", "ligature"),
        "kind of hyphen": pgettext_lazy("characters of a source", "kind of hyphen"),
        "soft hyphen": pgettext_lazy("characters of a source", "soft hyphen"),
        "accent": pgettext_lazy("characters of a source", "accent"),
        "sign of cp1252": pgettext_lazy("characters of a source", "sign of cp1252"),
        "unseen sign": pgettext_lazy("characters of a source", "unseen sign"),
    }
)

Place = tuple[int, ...]
Line = tuple[int, str]


@dataclass(frozen=True, slots=True)
class InWitness:
    """Lines of one kind in one witness, each with its number."""

    witness: str
    lines: Sequence[Line]

    @property
    def html(self) -> SafeString:
        """The lines as HTML, with their numbers."""
        return safe("\n".join(numbered_lines(n, [text]) for n, text in self.lines))


@dataclass(frozen=True, slots=True)
class SetAside:
    """What is set aside of one kind: characters without white space, all its lines, and the lines that are shown."""

    kind: str
    characters: int
    lines: int
    shown: Sequence[InWitness]

    @property
    def summary(self) -> str:
        """Its kind and size in words."""
        characters = ngettext("%(n)s character", "%(n)s characters", self.characters) % {
            "n": grouped(self.characters)
        }
        lines = ngettext("%(n)s line", "%(n)s lines", self.lines) % {"n": grouped(self.lines)}
        return gettext("%(kind)s: %(characters)s in %(lines)s") % {
            "kind": CATEGORIES.get(self.kind, self.kind).capitalize(),
            "characters": characters,
            "lines": lines,
        }

    @property
    def left_out(self) -> int:
        """The number of lines that are not shown."""
        return self.lines - sum(len(each.lines) for each in self.shown)


def counts_set_aside(witnesses: Sequence[Witness]) -> list[tuple[str, int]]:
    """The kinds of what is set aside, each with its number of characters; the greatest first. No statement."""
    counted: dict[str, int] = {}
    for witness in witnesses:
        for kind in witness.audit.get("set_aside", {}):
            counted[kind] = counted.get(kind, 0) + witness.audit.get("characters", {}).get(kind, 0)
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def set_aside_in(witnesses: Sequence[Witness]) -> Iterator[SetAside]:
    """What is set aside, by kind. One statement for each witness at its first use."""
    kinds = counts_set_aside(witnesses)
    remaining = dict.fromkeys((kind for kind, _count in kinds), MOST_LINES)
    lines = dict.fromkeys(remaining, 0)
    shown: dict[str, list[InWitness]] = {kind: [] for kind in remaining}
    for witness in witnesses:
        wanted = []
        for kind, places in witness.audit.get("set_aside", {}).items():
            lines[kind] += sum(place[1] - place[0] + 1 for place in places)
            first = tuple(_first(places, remaining[kind]))
            remaining[kind] -= sum(place[1] - place[0] + 1 for place in first)
            if first:
                wanted.append((kind, first))
        places = tuple(first for _kind, first in wanted)
        read = _read(witness.pk, witness.digest, witness.text_digest, places) if places else ()
        for (kind, _places), found in zip(wanted, read, strict=True):
            shown[kind].append(InWitness(witness.name, found))
    for kind, characters in kinds:
        yield SetAside(kind, characters, lines[kind], shown[kind])


def _first(places: Sequence[Sequence[int]], most: int) -> Iterator[Place]:
    """The first places, with no more lines than `most` together."""
    for first, last, *columns in places:
        if most <= 0:
            return
        yield first, min(last, first + most - 1), *columns
        most -= last - first + 1


@lru_cache(maxsize=64)
def _read(
    pk: int, digest: str, text_digest: str, kinds: tuple[tuple[Place, ...], ...]
) -> tuple[tuple[Line, ...], ...]:
    """For each kind, the lines of a witness at its places, each cut if it is very long.

    The cache stays valid: a text never changes, and one that takes its place has another digest.
    """
    witness = Witness.objects.filter(digest=digest, text_digest=text_digest)
    content, encoding = witness.values_list("content", "encoding").get(pk=pk)
    lines = LINE_END.split(bytes(content).decode(encoding, errors="replace").removeprefix("\ufeff"))
    return tuple(tuple(_lines_at(places, lines)) for places in kinds)


def _lines_at(places: Sequence[Place], lines: Sequence[str]) -> Iterator[Line]:
    for first, last, *columns in places:
        for n in range(first, min(last, len(lines)) + 1):
            text = lines[n - 1]
            text = text[columns[0] : columns[1]] if columns else text
            yield n, text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]} …"

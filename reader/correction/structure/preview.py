"""What readers will see of a change of structure: done for show, compared with what stands, and rolled back."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from django.db import transaction
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from reader.correction.rendered import rendered_head, rendered_note, rendered_paragraph
from reader.correction.structure.deeds import held_back, publish_structure
from reader.models import Deed, Division, Note, Paragraph, Volume

# How many texts are shown around a change.
AROUND = 1


class Item(NamedTuple):
    """A heading, a paragraph or a note as readers see it: its number, kind and wording, and the volume's language."""

    n: str
    kind: str
    wording: str
    language: str
    continues: bool = False

    @property
    def html(self) -> SafeString:
        """How the page shows it."""
        if self.kind in Division.Kind.values:
            return rendered_head(self.wording, self.language)
        if self.kind == "note":
            return rendered_note(self.wording, self.language)
        return rendered_paragraph(self.kind, self.wording, self.language, continues=self.continues)

    @property
    def label(self) -> str:
        """Its name, with its kind if that is not told by the name."""
        if self.kind in Division.Kind.values:
            return f"{Division.Kind(self.kind).label} {self.n}".strip()
        if self.kind == "note":
            said = gettext("note %(n)s") if self.n else gettext("fragment of a note")
        elif self.kind == Paragraph.Kind.QUOTATION:
            said = gettext("paragraph %(number)s, quotation")
        elif self.kind == Paragraph.Kind.VERSE:
            said = gettext("paragraph %(number)s, verse")
        else:
            said = gettext("paragraph %(number)s")
        return said % {"n": self.n, "number": self.n}


@dataclass(frozen=True, slots=True)
class Hunk:
    """Texts in which a change shows: as they are, and as they will be, each with whether it differs."""

    before: Sequence[tuple[Item, bool]]
    after: Sequence[tuple[Item, bool]]


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A change that was done for show: what it is called, and what it changes."""

    said: str
    hunks: Sequence[Hunk]

    @property
    def digest(self) -> str:
        """A digest of what a person is shown."""
        shown = [
            [(tuple(item), differs) for item, differs in (*hunk.before, *hunk.after)] for hunk in self.hunks
        ]
        return hashlib.sha256(repr(shown).encode()).hexdigest()


class Differs(Exception):
    """The change would no longer be the one that was shown: nothing is done."""

    def __init__(self, rehearsed: Rehearsed) -> None:
        self.rehearsed = rehearsed
        super().__init__("The text was changed meanwhile.")


def rehearse(volume: Volume, act: Callable[[], Deed | None]) -> Rehearsed:
    """Do a change, look at what it changes, and roll it back. Raises Refused as the change does."""
    with transaction.atomic(), held_back():
        rehearsed, _ = _observed(volume, act)
        transaction.set_rollback(True)
    return rehearsed


def perform(volume: Volume, act: Callable[[], Deed | None], shown: str) -> Deed | None:
    """Do a change as it was `shown`, given by the digest, and publish it. Raises Differs if it would be another one."""
    with transaction.atomic():
        with held_back() as waiting:
            rehearsed, deed = _observed(volume, act)
        if rehearsed.digest != shown:
            transaction.set_rollback(True)
            raise Differs(rehearsed)
        for changed in waiting:
            publish_structure(volume, changed)
    return deed


def _observed(volume: Volume, act: Callable[[], Deed | None]) -> tuple[Rehearsed, Deed | None]:
    before = _items_of(volume)
    deed = act()
    return Rehearsed(deed.said if deed else "", _hunks(before, _items_of(volume))), deed


def _items_of(volume: Volume) -> list[Item]:
    """All that readers see of the text of a volume, in its order. Three statements."""
    language = volume.language
    divisions = Division.objects.filter(volume=volume).order_by("position")
    paragraphs: dict[int, list[Item]] = {}
    rows = Paragraph.objects.filter(volume=volume).order_by("position")
    for division, number, kind, text, continues in rows.values_list(
        "division", "number", "kind", "text", "continues"
    ):
        paragraphs.setdefault(division, []).append(Item(str(number), kind, text, language, continues))
    notes: dict[int, list[Item]] = {}
    for division, n, text in (
        Note.objects.filter(division__volume=volume).order_by("position").values_list("division", "n", "text")
    ):
        notes.setdefault(division, []).append(Item("" if n is None else str(n), "note", text, language))
    items: list[Item] = []
    waiting: list[Item] = []  # notes stand after the text of their chapter
    for each in divisions:
        if each.pk in notes or each.is_page:
            items += waiting
            waiting = notes.get(each.pk, [])
        items.append(Item(each.n, each.kind, each.head, language))
        items += paragraphs.get(each.pk, [])
    return items + waiting


def _hunks(before: Sequence[Item], after: Sequence[Item]) -> list[Hunk]:
    """The places in which two orders of texts differ, each with its neighbours."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    hunks = []
    for group in matcher.get_grouped_opcodes(AROUND):
        was: list[tuple[Item, bool]] = []
        now: list[tuple[Item, bool]] = []
        for tag, a, b, c, d in group:
            was += [(item, tag != "equal") for item in before[a:b]]
            now += [(item, tag != "equal") for item in after[c:d]]
        hunks.append(Hunk(was, now))
    return hunks

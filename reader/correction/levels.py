"""The levels of texts, which say how far they were compared with their witnesses, and the right to set them.

The levels are Wikisource's (https://en.wikisource.org/wiki/Help:Page_status): one person proofreads a text, another
one validates it.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext

from glossary.languages import in_english
from reader.correction.correcting import Overtaken, Refused, begin_histories, publish, version_of
from reader.models import Correctable, Division, Level, Note, Paragraph, Text


@dataclass(frozen=True, slots=True)
class Levelled:
    """The numbers of texts asked for and moved, and a sentence for each refused text."""

    count: int
    moved: int
    refusals: list[str]

    @property
    def already(self) -> int:
        """The number of texts that were at the level before."""
        return self.count - self.moved - len(self.refusals)


@transaction.atomic
def bring_to_level(
    model: type[Correctable], keys: Collection[int], level: str, *, by: models.Model, seen: str | None = None
) -> Levelled:
    """Bring the texts with these keys, or the texts in the divisions with these keys, to a level; publish once.

    Raises Overtaken if a text no longer reads as it was `seen`. The level is the reason of the texts' new versions.
    """
    texts = list(_held(model, keys))
    for text in texts:
        if seen is not None and text.wording != seen:
            raise Overtaken(text.wording)
    before = {text: text.level for text in texts}
    moved, refusals = set_level(texts, level, by=by)
    publish(text for text in texts if text.level != before[text])
    return Levelled(len(texts), moved, refusals)


def _held(model: type[Correctable], keys: Collection[int]) -> Iterator[Text]:
    """The texts with these keys, or in the divisions with these keys at any depth: locked, in the order of the book."""
    where: dict[str, Any] = {"pk__in": keys}
    if model is Division:
        where = {"division__in": _with_all_inside(keys)}
    if model is not Note:
        paragraphs = Paragraph.objects.filter(**where).select_related("volume", "division__volume")
        yield from paragraphs.in_book_order().defer("search").select_for_update(of=("self",))
    if model is not Paragraph:
        notes = Note.objects.filter(**where).select_related("division__volume")
        yield from notes.in_book_order().defer("search").select_for_update(of=("self",))


def _with_all_inside(keys: Iterable[int]) -> set[int]:
    """The keys of divisions and of all divisions within them."""
    chosen = set(keys)
    volumes = Division.objects.filter(pk__in=chosen).values("volume")
    children: dict[int | None, list[int]] = {}
    for key, parent in Division.objects.filter(volume__in=volumes).values_list("pk", "parent"):
        children.setdefault(parent, []).append(key)
    inside, outermost = set(chosen), list(chosen)
    while outermost:
        outermost = [child for key in outermost for child in children.get(key, ()) if child not in inside]
        inside.update(outermost)
    return inside


def set_level(texts: Iterable[Text], level: str, *, by: models.Model) -> tuple[int, list[str]]:
    """Bring locked texts to a level; return the number that moved, and a sentence for each refused one.

    The caller publishes their chapters. The number of statements does not grow with the texts.
    """
    texts = list(texts)
    reasons = {text: objection(text, level, by.pk) for text in texts if text.level != level}
    moved = 0
    for model in (Paragraph, Note):
        rows = [text for text, reason in reasons.items() if type(text) is model and not reason]
        begin_histories(rows)
        values: dict[str, Any] = {"level": level}
        if level != Level.VALIDATED:
            values["proofread_by"] = by.pk if level == Level.PROOFREAD else None
        for text in rows:
            for name, value in values.items():
                setattr(text, name, value)
        model._default_manager.filter(pk__in=[text.pk for text in rows]).update(**values)
        reason = in_english(Level(level).label)
        model.history.model.objects.bulk_create(
            version_of(text, kind="~", reason=reason, by=by) for text in rows
        )
        moved += len(rows)
    return moved, [reason for reason in reasons.values() if reason]


def objection(text: Text, level: str, account: int) -> str:
    """Why a person may not bring a text to a level, in a sentence; empty if the person may."""
    if level not in Level.values:
        raise Refused(gettext("“%(name)s” is not a level.") % {"name": level})
    if level != Level.VALIDATED:
        return ""
    name = str(text).capitalize()
    if text.level != Level.PROOFREAD:
        said = gettext("%(text)s is %(level)s: it has to be proofread before it is validated.")
        return said % {"text": name, "level": text.get_level_display()}
    if account == text.proofread_by:
        return gettext("%(text)s was proofread by you: another person has to validate it.") % {"text": name}
    if account in text.corrected_by:
        return gettext("%(text)s was corrected by you: another person has to validate it.") % {"text": name}
    return ""


def levels_allowed(text: Text, account: int) -> Sequence[Level]:
    """The levels to which a person may bring a text."""
    return [level for level in Level if level != text.level and not objection(text, level, account)]

"""How far texts were compared with their witnesses: and who may say so.

The levels are those of Wikisource (https://en.wikisource.org/wiki/Help:Page_status): what one person has proofread
another one validates.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models

from reader.correction.correcting import Refused, begin_histories, version_of
from reader.models import Level, Note, Paragraph


def set_level(texts: Iterable[Paragraph | Note], level: str, *, by: models.Model) -> tuple[int, list[str]]:
    """Bring texts, which are locked, to a level; how many moved, and why each of the others did not.

    The caller publishes their chapters. The number of its statements does not grow with the texts.
    """
    texts = list(texts)
    reasons = {text: objection(text, level, by.pk) for text in texts if text.level != level}
    moved = 0
    for model in (Paragraph, Note):
        rows = [text for text, reason in reasons.items() if isinstance(text, model) and not reason]
        begin_histories(rows)
        values: dict[str, Any] = {"level": level}
        if level != Level.VALIDATED:
            values["proofread_by"] = by.pk if level == Level.PROOFREAD else None
        for text in rows:
            for name, value in values.items():
                setattr(text, name, value)
        model._default_manager.filter(pk__in=[text.pk for text in rows]).update(**values)
        model.history.model.objects.bulk_create(
            version_of(text, kind="~", reason=Level(level).label, by=by) for text in rows
        )
        moved += len(rows)
    return moved, [reason for reason in reasons.values() if reason]


def objection(text: Paragraph | Note, level: str, account: int) -> str:
    """Why a person may not bring a text to a level, in a sentence; empty if the person may."""
    if level not in Level.values:
        raise Refused(f"“{level}” is not a level.")
    if level != Level.VALIDATED:
        return ""
    name = str(text).capitalize()
    if text.level != Level.PROOFREAD:
        return f"{name} is {text.get_level_display()}: it has to be proofread before it is validated."
    if account == text.proofread_by:
        return f"{name} was proofread by you: another person has to validate it."
    if account in text.corrected_by:
        return f"{name} was corrected by you: another person has to validate it."
    return ""


def levels_allowed(text: Paragraph | Note, account: int) -> Sequence[Level]:
    """The levels to which a person may bring a text."""
    return [level for level in Level if level != text.level and not objection(text, level, account)]

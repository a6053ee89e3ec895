"""Levels in the admin's lists: of the texts that are chosen, or of all that stand in the divisions that are."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.db import models, transaction
from django.http import HttpRequest

from reader.admin.at_work import account_of
from reader.correction.correcting import publish
from reader.correction.levels import set_level
from reader.models import Division, Level, Note, Paragraph

# So many reasons are told; the others are counted.
REASONS = 5


class LevelActions(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in its stubs alone
    """Actions that bring the chosen paragraphs, notes, or texts of the chosen divisions, to a level."""

    def has_set_level_permission(self, request: HttpRequest) -> bool:
        """Whether this person sets levels."""
        return request.user.has_perm("reader.set_level")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Django's, and one for each level."""
        actions = dict(super().get_actions(request))
        if self.has_set_level_permission(request):
            of_a_division = "of all texts in them" if self.model is Division else ""
            for level in Level:
                name = f"set_{level.name.lower()}"
                words = " ".join(filter(None, ("Set level", of_a_division)))
                actions[name] = (_action(level), name, f"{words}: {level.label}")
        return actions


def _action(level: Level) -> Callable[..., Any]:
    """The action for a level, as a list calls it."""

    def act(model_admin: Any, request: HttpRequest, chosen: models.QuerySet[Any]) -> None:
        keys = list(chosen.order_by().values_list("pk", flat=True))
        with transaction.atomic():
            texts = list(_locked(chosen.model, keys))
            before = {(type(text), text.pk): text.level for text in texts}
            moved, refused = set_level(texts, level, by=account_of(request))
            publish(text for text in texts if text.level != before[type(text), text.pk])
        _report(request, level, len(texts), moved, refused)

    return act


def _locked(model: type[models.Model], keys: Iterable[int]) -> Iterable[Paragraph | Note]:
    """The texts that were chosen, or that stand in the divisions that were: locked, in the order of the edition."""
    where: dict[str, Any] = {"pk__in": keys}
    if model is Division:
        where = {"division__in": _with_all_inside(keys)}
    if model is not Note:
        paragraphs = Paragraph.objects.filter(**where).order_by("volume", "position")
        yield from _held(paragraphs.select_related("volume", "division"))
    if model is not Paragraph:
        notes = Note.objects.filter(**where).select_related("division__volume")
        yield from _held(notes.order_by("division__volume", "division__position", "position"))


def _held(texts: models.QuerySet[Any]) -> models.QuerySet[Any]:
    return texts.select_for_update(of=("self",)).defer("search")


def _with_all_inside(keys: Iterable[int]) -> set[int]:
    """Divisions with those that stand in them, at any depth."""
    chosen = set(keys)
    volumes = Division.objects.filter(pk__in=chosen).values("volume")
    children: dict[int | None, list[int]] = {}
    for key, parent in Division.objects.filter(volume__in=volumes).values_list("pk", "parent"):
        children.setdefault(parent, []).append(key)
    inside, left = set(chosen), list(chosen)
    while left:
        left = [child for key in left for child in children.get(key, ()) if child not in inside]
        inside.update(left)
    return inside


def _report(request: HttpRequest, level: Level, count: int, moved: int, refused: list[str]) -> None:
    if moved:
        messages.success(request, f"{_texts(moved)} set to {level.label}, and readers see it.")
    if already := count - moved - len(refused):
        messages.info(
            request, f"{_texts(already)} {'was' if already == 1 else 'were'} {level.label} already."
        )
    if not count:
        messages.info(request, "There is no text in what you chose.")
    if refused:
        said = " ".join(refused[:REASONS])
        rest = f" And {len(refused) - REASONS} more, for such reasons." if len(refused) > REASONS else ""
        messages.warning(request, f"{_texts(len(refused))} left as before. {said}{rest}")


def _texts(count: int) -> str:
    return f"{count} text{'' if count == 1 else 's'}"

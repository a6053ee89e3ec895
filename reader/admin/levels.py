"""Levels in the admin's lists: of the chosen texts, or of all texts in the chosen divisions."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest

from reader.admin.at_work import account_of
from reader.correction.levels import Levelled, bring_to_level
from reader.models import Division, Level

# The largest number of shown reasons; the others are counted.
REASONS = 5


class LevelActions(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in its stubs alone
    """Actions that bring the chosen paragraphs, notes, or texts of the chosen divisions, to a level."""

    def has_set_level_permission(self, request: HttpRequest) -> bool:
        """Whether this person sets levels."""
        return request.user.has_perm("reader.set_level")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Django's actions, and one for each level."""
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
        _report(request, level, bring_to_level(chosen.model, keys, level, by=account_of(request)))

    return act


def _report(request: HttpRequest, level: Level, done: Levelled) -> None:
    if done.moved:
        messages.success(request, f"{_texts(done.moved)} set to {level.label}, and readers see it.")
    if done.already:
        were = "was" if done.already == 1 else "were"
        messages.info(request, f"{_texts(done.already)} {were} {level.label} already.")
    if not done.count:
        messages.info(request, "There is no text in what you chose.")
    if done.refusals:
        refused = len(done.refusals)
        reasons = " ".join(done.refusals[:REASONS])
        rest = f" And {refused - REASONS} more, for similar reasons." if refused > REASONS else ""
        messages.warning(request, f"{_texts(refused)} left as before. {reasons}{rest}")


def _texts(count: int) -> str:
    return f"{count} text{'' if count == 1 else 's'}"

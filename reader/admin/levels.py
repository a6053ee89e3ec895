"""Levels in the admin's lists: of the chosen texts, or of all texts in the chosen divisions."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

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
            words = (
                _("Set level of all texts in them: %(level)s")
                if self.model is Division
                else _("Set level: %(level)s")
            )
            for level in Level:
                name = f"set_{level.name.lower()}"
                actions[name] = (_action(level), name, words % {"level": level.label})
        return actions


def _action(level: Level) -> Callable[..., Any]:
    """The action for a level, as a list calls it."""

    def act(model_admin: Any, request: HttpRequest, chosen: models.QuerySet[Any]) -> None:
        keys = list(chosen.order_by().values_list("pk", flat=True))
        _report(request, level, bring_to_level(chosen.model, keys, level, by=account_of(request)))

    return act


def _report(request: HttpRequest, level: Level, done: Levelled) -> None:
    named = {"level": level.label}
    if done.moved:
        said = ngettext(
            "%(count)s text set to %(level)s, and readers see it.",
            "%(count)s texts set to %(level)s, and readers see it.",
            done.moved,
        )
        messages.success(request, said % {"count": done.moved, **named})
    if done.already:
        said = ngettext(
            "%(count)s text was %(level)s already.", "%(count)s texts were %(level)s already.", done.already
        )
        messages.info(request, said % {"count": done.already, **named})
    if not done.count:
        messages.info(request, gettext("There is no text in what you chose."))
    if done.refusals:
        refused = len(done.refusals)
        said = ngettext("%(count)s text left as before.", "%(count)s texts left as before.", refused)
        told = [said % {"count": refused}, *done.refusals[:REASONS]]
        if refused > REASONS:
            rest = ngettext(
                "And %(count)s more, for similar reasons.",
                "And %(count)s more, for similar reasons.",
                refused - REASONS,
            )
            told.append(rest % {"count": refused - REASONS})
        messages.warning(request, " ".join(told))

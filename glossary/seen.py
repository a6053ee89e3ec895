"""A form whose row somebody else may save meanwhile, and whose changes need a reason."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from glossary.sentences import UsualReason


class NotOfTheRow(forms.CharField):
    """A field that is no field of the row: it never counts as a change of the row."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return False."""
        return False


@dataclass(frozen=True, slots=True)
class SavedMeanwhile:
    """A field that somebody else saved after the form was opened, as it was then and as it is now."""

    name: str
    opened: str
    saved: str


class SeenForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in its stubs alone
    """A form that saves nothing over what somebody else saved after it was opened.

    The form sends back, in `seen`, the row as it was when the form was opened.
    """

    reason = NotOfTheRow(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Kept in the history, and shown to readers among the errata: name nobody."),
        error_messages={"required": gettext_lazy("Say why, in a few words: the history keeps it.")},
    )
    seen = NotOfTheRow(required=False, widget=forms.HiddenInput)

    # What is said with a change if nobody says more.
    CHANGED, ADDED = gettext_noop("changed by hand"), gettext_noop("added by hand")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meanwhile: list[SavedMeanwhile] = []
        self._now: dict[str, Any] = {}
        self._usual = UsualReason(self.CHANGED if self.instance.pk else self.ADDED)
        if "reason" in self.fields:
            self.fields["reason"].initial = self._usual.shown

    def clean_reason(self) -> str:
        """The reason as it is stored."""
        return self._usual.to_store(self.cleaned_data["reason"])

    def row_now(self) -> dict[str, Any]:
        """The row as it is in the database; empty for a new row."""
        raise NotImplementedError

    def lock_row(self) -> None:
        """Let nobody else save the row until the transaction ends."""
        raise NotImplementedError

    def texts_of(self, row: Mapping[str, Any]) -> dict[str, str]:
        """The fields of a row as texts, by their names for persons."""
        raise NotImplementedError

    @property
    def seen_now(self) -> str:
        """The value of `seen` in the page: what the person has seen of the row, with this page."""
        if self.is_bound and not self.meanwhile:
            return str(self.data.get("seen", ""))
        return json.dumps(self._now or self.row_now(), ensure_ascii=False)

    def clean(self) -> dict[str, Any]:
        """Refuse a form whose row is not as it was when the form was opened."""
        cleaned = super().clean() or {}
        if self.instance.pk is None or not cleaned.get("seen"):
            return cleaned
        self.lock_row()
        now = self._now = self.row_now()
        try:
            seen = json.loads(cleaned["seen"])
            opened = self.texts_of(seen)
        except (ValueError, KeyError, TypeError, AttributeError):
            return cleaned
        if seen != now:
            saved = self.texts_of(now)
            self.meanwhile = [
                SavedMeanwhile(name, opened[name], saved[name])
                for name in saved
                if opened[name] != saved[name]
            ]
        if self.meanwhile:
            self.add_error(
                None,
                gettext(
                    "Nothing was saved: somebody else saved this after you had opened it. Look at what they changed,"
                    " put it into your version, and save again."
                ),
            )
        return cleaned

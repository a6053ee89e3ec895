"""Forms of decisions that two persons may have open at once, and screens on which a deed may be refused.

A form carries what it showed, so only what a person changed is saved; what somebody else decided meanwhile stays.
A deed that is refused after its form was found right leaves the form as it was filled in, with the reason.
"""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext

from reader.admin.shown import ShownAdmin
from reader.correction.correcting import Refused


class DecisionForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in its stubs alone
    """A form that knows what it showed when it was opened."""

    data: MultiValueDict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = True

    def clean(self) -> dict[str, Any]:
        """Refuse once to replace what somebody else wrote meanwhile, and say what it is."""
        cleaned = super().clean() or {}
        for name in self.changed_data:
            bound = self[name]
            if isinstance(bound.field, forms.MultipleChoiceField) or bound.html_initial_name not in self.data:
                continue
            showed = self.data[bound.html_initial_name]
            if bound.field.has_changed(bound.initial, showed) and bound.field.has_changed(
                bound.initial, bound.data
            ):
                self.add_error(name, self._overtaken(bound))
        return cleaned

    def ticked(self, name: str) -> tuple[set[str], set[str]]:
        """The choices of a field that a person has ticked, and those that the person has taken back."""
        showed = set(self.data.getlist(self[name].html_initial_name))
        now = set(self.cleaned_data.get(name, ()))
        return now - showed, showed - now

    def _overtaken(self, bound: forms.BoundField) -> str:
        """Say what a field has now, and have the form know that it was shown."""
        now = bound.field.prepare_value(bound.initial)
        shown = dict(getattr(bound.field, "choices", ())).get(now, now)
        self.data = self.data.copy()
        self.data[bound.html_initial_name] = "" if now is None else now
        if now in (None, ""):
            return gettext("Somebody else emptied this meanwhile. Save again to replace it with yours.")
        said = gettext("Somebody else wrote “%(now)s” here meanwhile. Save again to replace it with yours.")
        return said % {"now": shown}


class RefusingAdmin(ShownAdmin):
    """A screen that says in its form why a deed is refused, beside what was filled in; nothing is saved."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The screen, or what becomes of it; with the reason if the deed is refused."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused as refused:
            request.refused = str(refused)  # type: ignore[attr-defined]  # read by get_form
            return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form; after a refusal one that is refused for the same reason."""
        form = super().get_form(request, obj, change, **kwargs)
        if not (reason := getattr(request, "refused", "")):
            return form

        class RefusedForm(form):  # type: ignore[misc, valid-type]  # made when it is needed
            def clean(self) -> Any:
                cleaned = super().clean()
                self.add_error(None, reason)
                return cleaned

        return RefusedForm

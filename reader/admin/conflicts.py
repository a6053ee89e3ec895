"""Conflicts between an import and a person's text, decided in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from reader.admin.at_work import account_of
from reader.admin.read_only import ImportedAdmin
from reader.correction.correcting import normalised
from reader.correction.deciding import decide, standing
from reader.models import Conflict
from reader.text.markers import objection
from reader.text.markup import plain


class ConflictForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in its stubs alone
    """A person's decision between a correction and a new import."""

    MINE, THEIRS, TYPED = "mine", "theirs", "typed"
    decision = forms.ChoiceField(
        choices=[
            (MINE, "keep the person's text"),
            (THEIRS, "take the new import's"),
            (TYPED, "as typed here"),
        ],
        widget=forms.RadioSelect,
    )
    typed = forms.CharField(widget=forms.Textarea, required=False, strip=False)

    class Meta:
        model = Conflict
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["typed"].initial = standing(self.instance)

    def clean(self) -> dict[str, Any]:
        """Set `wording` to the text after the decision; refuse a decision that would lose a marker."""
        cleaned = super().clean() or {}
        conflict = self.instance
        typed = normalised(str(cleaned.get("typed", "")))
        decided = {self.MINE: None, self.THEIRS: conflict.new_import, self.TYPED: typed}
        cleaned["wording"] = decided.get(cleaned.get("decision", ""))
        if cleaned.get("decision") == self.TYPED:
            if not plain(typed).strip():
                self.add_error("typed", "Type the text.")
            elif conflict.field in ("text", "head") and conflict.subject() is not None:
                if refused := objection(standing(conflict), typed):
                    self.add_error("typed", refused)
            elif conflict.field == "year" and not (typed.isdecimal() and 0 < int(typed) < 10_000):
                self.add_error("typed", "Type a year in figures.")
            elif conflict.field not in (*Conflict.OF_ROWS, "year"):
                self._check_described(conflict, typed)
        return cleaned

    def _check_described(self, conflict: Conflict, typed: str) -> None:
        """Refuse what a field of the volume cannot hold."""
        try:
            described: Any = conflict.volume._meta.get_field(conflict.field)
            described.clean(typed, conflict.volume)
        except ValidationError as refused:
            self.add_error("typed", refused)


def right_to(conflict: Conflict) -> str:
    """The permission to change the subject of a conflict, even if the subject is gone."""
    if conflict.field == "text":
        return f"reader.change_{'note' if conflict.note_id is not None else 'paragraph'}"
    changed = {
        "head": "reader.change_division",
        "definition": "glossary.change_term",
        Conflict.FORMER_DEFINITION: "glossary.change_term",
    }
    return changed.get(conflict.field, "reader.change_volume")


@admin.register(Conflict)
class ConflictAdmin(ImportedAdmin):
    """Readings that an import could not merge: a person decides."""

    form = ConflictForm
    list_display = ("about", "field", "state", "volume")
    list_filter = ("state", "volume")
    list_select_related = ("volume",)
    fields = ("about", "old", "person", "new", "decision", "typed")
    readonly_fields = ("about", "old", "person", "new")

    @admin.display(description="old import")
    def old(self, conflict: Conflict) -> SafeString:
        """The text that the person corrected."""
        return format_html('<pre class="imported">{}</pre>', conflict.old_import)

    @admin.display(description="person's text")
    def person(self, conflict: Conflict) -> SafeString:
        """What stands now: what the person made of it, with the markers of the new import."""
        return format_html('<pre class="imported">{}</pre>', standing(conflict))

    @admin.display(description="new import")
    def new(self, conflict: Conflict) -> SafeString:
        """The witness's text now."""
        text = conflict.new_import or "(the new import has no place for it: taking the import removes it)"
        return format_html('<pre class="imported">{}</pre>', text)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether a person may decide: a conflict is decided once, by a person who may change its subject."""
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or (obj.state == Conflict.State.OPEN and request.user.has_perm(right_to(obj)))

    def save_model(self, request: HttpRequest, obj: Conflict, form: Any, change: bool) -> None:
        """Carry out the decision, and publish at once."""
        decide(obj, form.cleaned_data["wording"], by=account_of(request))

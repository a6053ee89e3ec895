"""The page of a conflict: for conflicts about terms and volumes, and for those whose text is gone.

A conflict about a text that is there is decided on the correction screen as well, with the text at hand.
"""

from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from reader.admin.at_work import account_of
from reader.admin.conflict_piece import pieces_of
from reader.admin.correction import change_url
from reader.admin.read_only import ImportedAdmin
from reader.correction.correcting import normalised
from reader.correction.deciding import (
    DEED,
    AlreadyDecided,
    Changed,
    decide,
    decision_on,
    seen_as,
    standing,
)
from reader.correction.queue import codes
from reader.correction.sentences import in_words
from reader.edition.told import subject_of_conflict
from reader.models import Conflict, Correctable
from reader.templatetags.languages import of_text
from reader.text.markers import objection
from reader.text.markup import plain


class ConflictForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in its stubs alone
    """A person's decision between a correction and a new import."""

    MINE, THEIRS, TYPED = "mine", "theirs", "typed"
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (MINE, _("keep the person's text")),
            (THEIRS, _("take the new import's")),
            (TYPED, _("as typed here")),
        ],
        widget=forms.RadioSelect,
    )
    typed = forms.CharField(label=_("Typed"), widget=forms.Textarea, required=False, strip=False)
    seen = forms.CharField(label="", widget=forms.HiddenInput, required=False)

    class Meta:
        model = Conflict
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["typed"].initial = standing(self.instance)
        self.fields["seen"].initial = seen_as(self.instance)
        self.fields["typed"].widget.attrs["lang"] = self.instance.volume.language
        if self.instance.field == DEED:
            # A change that the import has no place for is done anew by hand, where it is still needed.
            self.fields["decision"] = forms.ChoiceField(
                label=_("Decision"),
                choices=[(self.THEIRS, gettext("set the change aside: the text stays as the import has it"))],
                widget=forms.RadioSelect,
                help_text=gettext(
                    "While it waits, each next import tries to make the change again. What is still needed is"
                    " done anew on the correction screen."
                ),
            )
            del self.fields["typed"]

    def clean(self) -> dict[str, Any]:
        """Set `wording` to the text after the decision; refuse a decision that would lose a marker."""
        cleaned = super().clean() or {}
        conflict = self.instance
        typed = normalised(str(cleaned.get("typed", "")))
        decided = {self.MINE: None, self.THEIRS: conflict.new_import, self.TYPED: typed}
        cleaned["wording"] = decided.get(cleaned.get("decision", ""))
        if cleaned.get("decision") == self.TYPED:
            if not plain(typed).strip():
                self.add_error("typed", gettext("Type the text."))
            elif conflict.field in ("text", "head") and conflict.subject() is not None:
                if refused := objection(standing(conflict), typed):
                    self.add_error("typed", in_words(refused))
            elif conflict.field == "year" and not (typed.isdecimal() and 0 < int(typed) < 10_000):
                self.add_error("typed", gettext("Type a year in figures."))
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
    if conflict.field == DEED:
        return "reader.change_paragraph"
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
    list_display = ("named", "field", "state", "volume")
    list_filter = ("state", "volume")
    list_select_related = ("volume",)
    fields = ("named", "texts", "decision", "typed", "seen")
    readonly_fields = ("named", "texts")
    in_words: ClassVar = {"field": partial(codes.in_words, "conflict")}

    class Media:
        css: ClassVar = {"all": ["admin-archive/conflict.css"]}

    @admin.display(description=pgettext_lazy("field", "about"), ordering="about")
    def named(self, conflict: Conflict) -> str:
        """What it is about, as it was called then."""
        said = subject_of_conflict(conflict.about)
        return of_text(conflict.about, conflict.volume.language) if said is None else said

    @admin.display(description=_("the texts"))
    def texts(self, conflict: Conflict) -> SafeString:
        """The three texts with their differences, and the way to the correction screen."""
        [piece] = pieces_of([conflict])
        subject = conflict.subject()
        context = {
            "piece": piece,
            "screen": change_url(subject) if isinstance(subject, Correctable) else "",
        }
        return render_to_string("admin/reader/conflict_page.html", context)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The fields; nothing is typed about a change of structure."""
        is_deed = obj is not None and obj.field == DEED
        return [name for name in self.fields if not (is_deed and name == "typed")]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether a person may decide: a conflict is decided once, by a person who may change its subject."""
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or (obj.state == Conflict.State.OPEN and request.user.has_perm(right_to(obj)))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show the conflict, or carry out the decision; refuse a decision that comes too late."""
        if request.method == "POST" and self.has_view_permission(request):
            conflict = self.get_object(request, object_id) if object_id else None
            if conflict is not None and conflict.state != Conflict.State.OPEN:
                messages.error(request, decision_on(conflict))
                return HttpResponseRedirect(request.path)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (AlreadyDecided, Changed) as refused:
            messages.error(request, str(refused))
            return HttpResponseRedirect(request.path)

    def save_model(self, request: HttpRequest, obj: Conflict, form: Any, change: bool) -> None:
        """Carry out the decision, and publish at once."""
        decide(
            obj, form.cleaned_data["wording"], by=account_of(request), seen=form.cleaned_data["seen"] or None
        )

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Log nothing: the deed has written the log."""

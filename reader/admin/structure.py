"""The screens on which a person changes the structure of texts, sees the changes, and takes one back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reader.admin.at_work import account_of
from reader.admin.read_only import ReadOnlyAdmin
from reader.correction.correcting import Refused
from reader.correction.correctors import user_names_of
from reader.correction.structure import divisions, joining, kinds, moving, notes, pages, supplying
from reader.correction.structure.deeds import take_back
from reader.correction.structure.preview import Differs, Rehearsed, perform, rehearse
from reader.edition.restructured import deed_in_words
from reader.models import Correctable, Deed, Division, Note, Paragraph

# Where the second half begins, in a text that is to be split.
MARK = "‖"
LONGEST = 300
WIDE = {"class": "vTextField", "autocomplete": "off"}
WHERE = [(supplying.AFTER, _("after it")), (supplying.BEFORE, _("before it"))]
# A reason for a change that is only shown.
FOR_SHOW = "shown"


class StructureForm(forms.Form):
    """What a person chooses for a change; the reason is asked for when it is done."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(WIDE),
        help_text=_(
            "Kept with the change, and shown to readers among the errata: what shows that it is right."
        ),
    )
    field_order: Sequence[str] = ()

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix, self.row = "", row
        if "text" in self.fields:
            self.fields["text"].widget.attrs["lang"] = row.volume.language
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    @property
    def has_choices(self) -> bool:
        """Whether a person has to choose anything beside the reason."""
        return len(self.fields) > 1


class SplitForm(StructureForm):
    """The text with a mark where its second half begins."""

    text = forms.CharField(
        strip=False,
        label=_("Text"),
        widget=forms.Textarea({"rows": 12, "spellcheck": "false"}),
    )
    where_to_mark = _("Put the sign %(mark)s where the second half begins; change nothing else here.")

    def __init__(self, *args: Any, row: Any, at: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        wording = row.wording
        self.fields["text"].help_text = str(self.where_to_mark) % {"mark": MARK}
        self.fields["text"].initial = wording if at is None else f"{wording[:at]}{MARK}{wording[at:]}"

    def clean_text(self) -> int:
        """The place of the mark in the text."""
        text = self.cleaned_data["text"].replace("\r\n", "\n")
        if text.count(MARK) - self.row.wording.count(MARK) != 1:
            raise forms.ValidationError(gettext("Put one %(mark)s into the text.") % {"mark": MARK})
        at = text.index(MARK)
        if text[:at] + text[at + 1 :] != self.row.wording:
            raise forms.ValidationError(
                gettext(
                    "The text is not the one that is saved: correct its words on its own screen, and split it then."
                )
            )
        return int(at)


class PageForm(SplitForm):
    """A text with a mark where a page begins, and the number of the page."""

    n = forms.CharField(label=_("Page"), max_length=20, help_text=_("As it is printed: 42, or xii."))
    where_to_mark = _("Put the sign %(mark)s where the page begins; change nothing else here.")


class KindForm(StructureForm):
    """The kind of a paragraph."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Paragraph.Kind.choices)
    continues = forms.BooleanField(
        label=_("It goes on with the sentence before the quotation"), required=False
    )

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.fields["kind"].initial, self.fields["continues"].initial = row.kind, row.continues


class MoveForm(StructureForm):
    """The paragraph beside which another one is to stand."""

    number = forms.IntegerField(
        label=_("Paragraph"), min_value=1, help_text=_("The number of the other paragraph.")
    )
    where = forms.ChoiceField(label=_("It shall stand"), choices=WHERE)

    def clean_number(self) -> Paragraph:
        """The paragraph of the same volume with this number."""
        number = self.cleaned_data["number"]
        found = Paragraph.objects.filter(volume=self.row.volume_id, number=number).first()
        if found is None:
            said = gettext("This volume has no paragraph %(number)s: look the number up in the list.")
            raise forms.ValidationError(said % {"number": number})
        return found


class SupplyForm(StructureForm):
    """A paragraph that the source lacks."""

    text = forms.CharField(
        label=_("Text"),
        strip=False,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("[^12] calls note 12, *word* is emphasis. Say in the reason which copy has it."),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[each for each in Paragraph.Kind.choices if each[0] != Paragraph.Kind.TABLE]
    )
    where = forms.ChoiceField(label=_("It shall stand"), choices=WHERE)


class HeadingForm(StructureForm):
    """The kind and number of a division that a paragraph becomes."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Division.Kind.choices, initial=Division.Kind.SECTION)
    n = forms.CharField(
        label=_("Number"),
        max_length=20,
        required=False,
        help_text=_("As it is printed, without a full stop."),
    )


class DivisionForm(HeadingForm):
    """The kind and number of a division."""

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.fields["kind"].initial, self.fields["n"].initial = row.kind, row.n


class MoveDivisionForm(StructureForm):
    """The division beside which another one is to stand."""

    beside = forms.ModelChoiceField(queryset=Division.objects.none(), label=_("Division"))
    where = forms.ChoiceField(label=_("It shall stand"), choices=WHERE)

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        others = Division.objects.filter(volume=row.volume_id).exclude(pk=row.pk).order_by("position")
        field: Any = self.fields["beside"]
        field.queryset = others
        field.widget.attrs["lang"] = row.volume.language


class DissolveForm(StructureForm):
    """What becomes of the words of a heading that is none."""

    becomes = forms.ChoiceField(
        label=_("Its words"),
        choices=[
            ("paragraph", _("become a paragraph")),
            ("nothing", _("are no text: they are taken out")),
        ],
    )


class NumberForm(StructureForm):
    """The number of a note."""

    n = forms.IntegerField(label=_("Number"), min_value=1)


class JoinNotesForm(StructureForm):
    """Whether the second piece of a note begins a paragraph."""

    as_paragraph = forms.BooleanField(label=_("The second piece begins a new paragraph"), required=False)


class SplitNoteForm(SplitForm):
    """A note with a mark where its second half begins, and the number of that."""

    n = forms.IntegerField(
        label=_("Number of the second half"),
        min_value=1,
        required=False,
        help_text=_("Empty, if it is unknown."),
    )


Act = Callable[[Any, dict[str, Any], models.Model, str], Deed]


@dataclass(frozen=True, slots=True)
class Way:
    """A way to change the structure at a text: its name in the address, its title, its form, and what it does."""

    name: str
    title: Promise
    help: Promise
    form: type[StructureForm]
    act: Act


PARAGRAPH = (
    Way(
        "join",
        _("Join with the paragraph before"),
        _("The joined paragraph keeps the number of the first; the other number leads to it from then on."),
        StructureForm,
        lambda row, chosen, by, reason: joining.join(row, by=by, reason=reason),
    ),
    Way(
        "split",
        _("Split"),
        _("The second half gets a number of its own."),
        SplitForm,
        lambda row, chosen, by, reason: joining.split(row, chosen["text"], by=by, reason=reason),
    ),
    Way(
        "kind",
        _("Set the kind"),
        _("Prose, a quotation set off from the text, verse, or a table."),
        KindForm,
        lambda row, chosen, by, reason: kinds.set_kind(
            row, chosen["kind"], continues=chosen["continues"], by=by, reason=reason
        ),
    ),
    Way(
        "heading",
        _("Make it a heading"),
        _("What follows, up to the next heading, stands below it from then on."),
        HeadingForm,
        lambda row, chosen, by, reason: divisions.make_division(
            row, chosen["kind"], chosen["n"], by=by, reason=reason
        ),
    ),
    Way(
        "move",
        _("Move"),
        _("It keeps its number, and belongs to the division of the other paragraph."),
        MoveForm,
        lambda row, chosen, by, reason: moving.move(
            row, chosen["number"], where=chosen["where"], by=by, reason=reason
        ),
    ),
    Way(
        "page",
        _("Set where a page begins"),
        _(
            "As seen in the printed copy: the page is certain from then on, and pages inferred around it follow."
        ),
        PageForm,
        lambda row, chosen, by, reason: pages.set_page(
            row, chosen["n"], chosen["text"], by=by, reason=reason
        ),
    ),
    Way(
        "supply",
        _("Supply a paragraph beside it"),
        _("For a paragraph that the source lacks. Readers see that it was supplied."),
        SupplyForm,
        lambda row, chosen, by, reason: supplying.supply(
            row, chosen["text"], where=chosen["where"], kind=chosen["kind"], by=by, reason=reason
        ),
    ),
    Way(
        "take-out",
        _("Take out"),
        _("For what is no text of the book, such as a running head. Its number leads to where it stood."),
        StructureForm,
        lambda row, chosen, by, reason: supplying.take_out(row, by=by, reason=reason),
    ),
)
DIVISION = (
    Way(
        "number",
        _("Set number and kind"),
        _("Its address stays, so that links to it hold."),
        DivisionForm,
        lambda row, chosen, by, reason: divisions.set_division(
            row, chosen["kind"], chosen["n"], by=by, reason=reason
        ),
    ),
    Way(
        "move",
        _("Move"),
        _("It moves with all that stands in it."),
        MoveDivisionForm,
        lambda row, chosen, by, reason: divisions.move_division(
            row, chosen["beside"], where=chosen["where"], by=by, reason=reason
        ),
    ),
    Way(
        "dissolve",
        _("It is no heading"),
        _("What stands below it belongs to the division before it from then on."),
        DissolveForm,
        lambda row, chosen, by, reason: divisions.dissolve(
            row, as_paragraph=chosen["becomes"] == "paragraph", by=by, reason=reason
        ),
    ),
)
NOTE = (
    Way(
        "number",
        _("Set the number"),
        _("For a note whose number the source lost, or has wrong."),
        NumberForm,
        lambda row, chosen, by, reason: notes.number_note(row, chosen["n"], by=by, reason=reason),
    ),
    Way(
        "join",
        _("Join with the note before"),
        _("For a note that was torn in two; the number of either piece is kept."),
        JoinNotesForm,
        lambda row, chosen, by, reason: notes.join_notes(
            row, as_paragraph=chosen["as_paragraph"], by=by, reason=reason
        ),
    ),
    Way(
        "split",
        _("Split"),
        _("For two notes that were read as one."),
        SplitNoteForm,
        lambda row, chosen, by, reason: notes.split_note(
            row, chosen["text"], chosen["n"], by=by, reason=reason
        ),
    ),
    Way(
        "take-out",
        _("Take out"),
        _("For what is no note of the book. A call of it shows a gap from then on."),
        StructureForm,
        lambda row, chosen, by, reason: notes.take_out_note(row, by=by, reason=reason),
    ),
)
WAYS: dict[type[models.Model], tuple[Way, ...]] = {Paragraph: PARAGRAPH, Division: DIVISION, Note: NOTE}


def ways_at(row: Correctable) -> list[tuple[str, str, str]]:
    """The ways that a text has: the name, the title and the address of each."""
    address = f"admin:reader_{row.called}_structure"
    return [(way.name, str(way.title), reverse(address, args=[row.pk, way.name])) for way in WAYS[type(row)]]


class StructurePages(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in its stubs alone
    """The ways to change the structure at a text, each with a preview of what readers will see."""

    def get_urls(self) -> list[URLPattern]:
        """Django's addresses, and the ones for changes of structure."""
        changing = path(
            "<int:pk>/structure/<slug:way>/",
            self.admin_site.admin_view(self.structure_view),
            name=f"reader_{self.opts.model_name}_structure",
        )
        return [changing, *super().get_urls()]

    def structure_view(self, request: HttpRequest, pk: int, way: str) -> HttpResponse:
        """Ask for what the change needs, show what it changes, and do it."""
        row = self.get_object(request, str(pk))
        chosen = next((each for each in WAYS[self.model] if each.name == way), None)
        if chosen is None:
            raise Http404
        if row is None:
            said = gettext("This text is gone, and nothing was done: the list below may say why.")
            messages.warning(request, said)
            return HttpResponseRedirect(reverse("admin:reader_deed_changelist"))
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        options = _at(request, row) if issubclass(chosen.form, SplitForm) else {}
        if request.method != "POST":
            form = chosen.form(row=row, **options)
            shown = None if form.has_choices else self._rehearsed(request, row, chosen, form)
            return self._structure_page(request, row, chosen, form, shown)
        form = chosen.form(request.POST, row=row)
        if not form.is_valid():
            return self._structure_page(request, row, chosen, form, None)
        if "_do" in request.POST:
            return self._do(request, row, chosen, form)
        shown = self._rehearsed(request, row, chosen, form)
        return self._structure_page(request, row, chosen, form, shown)

    def _do(self, request: HttpRequest, row: Any, way: Way, form: StructureForm) -> HttpResponse:
        reason = " ".join(form.cleaned_data["reason"].split())
        if not reason:
            form.add_error("reason", gettext("Say why, in a few words: the list of changes keeps it."))
            return self._structure_page(request, row, way, form, self._rehearsed(request, row, way, form))
        by = account_of(request)
        following = _neighbour(row)
        try:
            deed = perform(
                row.volume,
                lambda: way.act(row, form.cleaned_data, by, reason),
                request.POST.get("shown", ""),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
            return self._structure_page(request, row, way, form, None)
        except Differs as differs:
            form.add_error(
                None,
                gettext(
                    "Nothing was done: this is not what was shown, since the text or your choice changed."
                    " Look again below, and press the button once more."
                ),
            )
            return self._structure_page(request, row, way, form, differs.rehearsed, status=409)
        assert deed is not None
        back = reverse("admin:reader_deed_change", args=[deed.pk])
        said = deed_in_words(deed.said)
        messages.success(
            request,
            format_html(
                '{} <a href="{}">{}</a>',
                _told(gettext("Done and published: %(said)s."), said),
                back,
                gettext("Take it back"),
            ),
        )
        return HttpResponseRedirect(_screen_after(deed, following, type(row)))

    def _rehearsed(self, request: HttpRequest, row: Any, way: Way, form: StructureForm) -> Rehearsed | None:
        chosen = form.cleaned_data if form.is_bound else {}
        by = account_of(request)
        try:
            return rehearse(row.volume, lambda: way.act(row, chosen, by, FOR_SHOW))
        except Refused as refused:
            if form.is_bound:
                form.add_error(None, str(refused))
            else:
                messages.error(request, str(refused))
            return None

    def _structure_page(
        self,
        request: HttpRequest,
        row: Any,
        way: Way,
        form: StructureForm,
        shown: Rehearsed | None,
        *,
        status: int = 200,
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "is_nav_sidebar_enabled": False,
            "title": way.title,
            "opts": self.opts,
            "original": row,
            "volume": row.volume,
            "way": way,
            "form": form,
            "shown": shown,
            "back": reverse(f"admin:reader_{self.opts.model_name}_change", args=[row.pk]),
        }
        return TemplateResponse(request, "admin/reader/structure.html", context, status=status)


def _at(request: HttpRequest, row: Correctable) -> dict[str, int]:
    """Where the cursor stood on the correction screen, if the address says so."""
    at = request.GET.get("at", "")
    is_place = at.isascii() and at.isdecimal() and len(at) < 9
    return {"at": int(at)} if is_place and 0 <= int(at) < len(row.wording) else {}


def _neighbour(row: Any) -> Correctable | None:
    rows: Any = type(row).objects
    following: Correctable | None = (
        rows.after(row).in_book_order().first() or rows.before(row).in_book_order().last()
    )
    return following


def _screen_after(deed: Deed, following: Correctable | None, model: type[models.Model]) -> str:
    """The screen on which the person goes on: of the text that the change made or kept, else of its neighbour."""
    if deed.kind in (Deed.Kind.TAKE_OUT, Deed.Kind.TAKE_OUT_NOTE):
        row: Any = following
    elif deed.kind == Deed.Kind.DISSOLVE:
        row = deed.paragraph or deed.division
    else:
        row = deed.paragraph or deed.note or deed.division or following
    if row is None:
        return reverse(f"admin:reader_{model._meta.model_name}_changelist")
    return reverse(f"admin:reader_{row.called}_change", args=[row.pk])


class TakeBackForm(forms.Form):
    """The reason for taking a change back."""

    reason = forms.CharField(
        label=_("Reason (readers see it)"),
        max_length=LONGEST,
        widget=forms.TextInput(WIDE),
        error_messages={"required": _("Say why, in a few words: the history keeps it.")},
    )


@admin.register(Deed)
class DeedAdmin(ReadOnlyAdmin):
    """Changes of structure: each is seen with what it changed, and taken back."""

    list_display = ("told", "state", "reason", "made_at", "volume")
    list_display_links = ("told",)
    list_filter = ("state", "kind", "volume")
    list_select_related = ("volume",)
    list_per_page = 50
    search_fields = ("said", "reason")

    @admin.display(description=Deed._meta.get_field("said").verbose_name, ordering="said")
    def told(self, deed: Deed) -> SafeString:
        """What was done, in words."""
        return deed_in_words(deed.said)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether a person corrects paragraphs, notes or divisions."""
        rights = ("reader.change_paragraph", "reader.change_note", "reader.change_division")
        return any(request.user.has_perm(right) for right in rights)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether a person may take a change back: whoever might have made it."""
        return request.user.has_perm(_right_to(obj)) if obj else self.has_view_permission(request)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show a change, with what taking it back would change, and take it back."""
        deed = self.get_object(request, unquote(object_id)) if object_id else None
        if deed is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        may_take_back = self.has_change_permission(request, deed)
        if not self.has_view_permission(request, deed) or (request.method == "POST" and not may_take_back):
            raise PermissionDenied
        form = TakeBackForm(request.POST or None)
        by = account_of(request)
        if request.method == "POST" and form.is_valid():
            reason = form.cleaned_data["reason"]
            try:
                perform(deed.volume, lambda: _taken_back(deed, by, reason), request.POST.get("shown", ""))
            except Refused as refused:
                form.add_error(None, str(refused))
            except Differs:
                form.add_error(
                    None,
                    gettext(
                        "Nothing was done: the text was changed meanwhile. Look again below, and press once more."
                    ),
                )
            else:
                said = _told(
                    gettext("Taken back and published: %(said)s."), deed_in_words(deed.said, begins=False)
                )
                messages.success(request, said)
                return HttpResponseRedirect(request.path)
        shown, refusal = None, ""
        is_open = may_take_back and deed.state != Deed.State.TAKEN_BACK
        if is_open:
            try:
                shown = rehearse(deed.volume, lambda: _taken_back(deed, by, FOR_SHOW))
            except Refused as refused:
                refusal = str(refused)
        names = user_names_of([deed.made_by, deed.taken_back_by])
        context = {
            **self.admin_site.each_context(request),
            "is_nav_sidebar_enabled": False,
            "title": deed_in_words(deed.said),
            "opts": self.opts,
            "original": deed,
            "volume": deed.volume,
            "form": form,
            "shown": shown,
            "refusal": refusal,
            "maker": names.get(deed.made_by, ""),
            "undoer": names.get(deed.taken_back_by, ""),
            "is_open": is_open,
        }
        return TemplateResponse(request, "admin/reader/deed.html", context)


def _told(message: str, said: SafeString) -> SafeString:
    """A message that names a deed in words."""
    return mark_safe(escape(message) % {"said": said})  # noqa: S308  # both are escaped


def _right_to(deed: Deed) -> str:
    """The right that a deed needed, and that taking it back needs."""
    of_divisions = (Deed.Kind.DISSOLVE, Deed.Kind.SET_DIVISION, Deed.Kind.MOVE_DIVISION)
    if deed.kind in of_divisions:
        return "reader.change_division"
    return "reader.change_note" if "note" in deed.kind else "reader.change_paragraph"


def _taken_back(deed: Deed, by: models.Model, reason: str) -> None:
    take_back(deed, by=by, reason=reason)

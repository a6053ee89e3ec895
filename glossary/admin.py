"""The admin of terms, without publishing. reader/admin/terms.py registers it, and publishes the changes."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.signing import BadSignature, Signer
from django.db import models, transaction
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language, gettext, gettext_lazy, override
from import_export.admin import ImportExportMixin
from import_export.forms import ConfirmImportForm, ExportForm, ImportForm

from glossary.entries import TAKEN_SLUGS, OtherForms, add_usual_forms, free_slug, loop_from
from glossary.matching import Case, Form
from glossary.models import FormerTerm, Glossary, Sense, Term, TermException, TermForm
from glossary.resources import CSV, JSON, TableError, TermResource
from glossary.seen import SeenForm
from glossary.sentences import objection
from glossary.shown_tables import ShownTable
from glossary.versions import Snapshot, lock, record, recording, shown, snapshot_of, snapshots_of

# The salt of the signature of a shown file's name, until the editor confirms the file.
TERM_FILE = Signer(salt="glossary.admin")
# The fields in which words of the text are typed or chosen.
OF_THE_TEXT = ("headword", "definition", "see", "text", "applies", "remaining", "forms", "senses")


def mark_language(fields: Mapping[str, Any], language: str) -> None:
    """Give the fields for words of the text their `lang`, unless it is unknown or that of the interface."""
    if not language or language == (get_language() or "en"):
        return
    for name, field in fields.items():
        if name in OF_THE_TEXT:
            # A choice of rows has its own widget in another one, for the links beside it.
            getattr(field.widget, "widget", field.widget).attrs["lang"] = language


class _NamedFormSet(BaseInlineFormSet):  # type: ignore[type-arg]  # generic in its stubs alone
    """Rows of a table whose fields have names, which Django gives to the columns alone."""

    def __init__(self, *args: Any, language: str = "", **kwargs: Any) -> None:
        self.language = language
        super().__init__(*args, **kwargs)

    def add_fields(self, form: Any, index: int | None) -> None:
        """Name the fields, and give those for words of the text their language."""
        super().add_fields(form, index)
        mark_language(form.fields, self.language)
        for name, field in form.fields.items():
            values = {"field": field.label or name, "row": (index or 0) + 1}
            words = gettext("%(field)s, new row") if index is None else gettext("%(field)s, row %(row)s")
            field.widget.attrs.setdefault("aria-label", words % values)


class TermFormFormSet(_NamedFormSet):
    """The forms of a term, each refused at its field. Stored forms are not checked again."""

    def clean(self) -> None:
        """Check every form that is new or changed."""
        super().clean()
        changed = [
            form
            for form in self.forms
            if form.has_changed() and form.cleaned_data.get("text") and form not in self.deleted_forms
        ]
        if not changed:
            return
        term: Term = self.instance
        others = OtherForms.in_glossary(term.glossary_id, term)
        for form in changed:
            case = form.cleaned_data.get("case") or Case.EXACT
            if refused := others.objection(term.headword, Form(form.cleaned_data["text"], Case(case))):
                form.add_error("text", refused)


class TermFormInline(admin.TabularInline):  # type: ignore[type-arg]  # generic in its stubs alone
    """The spellings of a term."""

    model = TermForm
    formset = TermFormFormSet
    extra = 1


class SenseFormSet(_NamedFormSet):
    """The senses of a term, counted from 1."""

    def clean(self) -> None:
        """Refuse a sense with a number below 1."""
        super().clean()
        for form in self.forms:
            if form.cleaned_data.get("n") == 0:
                form.add_error("n", gettext("Senses are counted from 1."))


class SenseInline(admin.TabularInline):  # type: ignore[type-arg]  # generic in its stubs alone
    """The meanings of a term that has several."""

    model = Sense
    formset = SenseFormSet
    formfield_overrides = {models.TextField: {"widget": forms.Textarea({"rows": 3, "cols": 32})}}
    extra = 0
    verbose_name_plural = gettext_lazy("senses, if it means several things")


class ExceptionForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in its stubs alone
    """A phrase that does not mean the term; the rules for forms hold for it, too."""

    def clean_text(self) -> str:
        """The phrase, checked as a form."""
        text = str(self.cleaned_data["text"])
        if refused := objection(Form(text)):
            raise forms.ValidationError(refused)
        return text


class TermExceptionInline(admin.TabularInline):  # type: ignore[type-arg]  # generic in its stubs alone
    """Phrases that do not mean the term."""

    model = TermException
    form = ExceptionForm
    formset = _NamedFormSet
    extra = 0
    verbose_name_plural = gettext_lazy("exceptions: phrases with a form that do not mean the term")


class GlossaryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in its stubs alone
    """Lists of terms."""

    search_fields = ("name",)


class TermEntryForm(SeenForm):
    """A term, refused if it would send readers in a circle or duplicate another."""

    # True: the form is shown again as it was typed, whether or not it could be saved.
    is_shown_again = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if slug := self.fields.get("slug"):
            slug.required = False
            slug.help_text = gettext("Its address. Empty: made of the headword.")
        if (see := self.fields.get("see")) and self.instance.pk:
            others = Term.objects.filter(glossary=self.instance.glossary_id).exclude(pk=self.instance.pk)
            see.queryset = others  # type: ignore[attr-defined]  # a choice of rows

    def row_now(self) -> Snapshot:
        """The term with its forms, senses and exceptions."""
        return snapshot_of(self.instance) if self.instance.pk else {}

    def lock_row(self) -> None:
        """Let nobody else change terms of the glossary."""
        lock(self.instance.glossary_id)

    def texts_of(self, row: Mapping[str, Any]) -> dict[str, str]:
        """The fields of a term as texts."""
        return shown(row)

    def is_valid(self) -> bool:
        """Whether the term may be saved."""
        return super().is_valid() and not self.is_shown_again

    def clean(self) -> dict[str, Any]:
        """Check the term against the others of its glossary."""
        cleaned = super().clean() or {}
        glossary = cleaned.get("glossary") or self.instance.glossary_id
        others = Term.objects.filter(glossary=glossary).exclude(pk=self.instance.pk)
        headword, see = cleaned.get("headword", ""), cleaned.get("see")
        alike = others.filter(headword__iexact=headword).first() if "headword" in self.changed_data else None
        if alike is not None:
            self.add_error(
                "headword", gettext("“%(term)s” is a term of this glossary already.") % {"term": alike}
            )
        slugs = dict(others.values_list("slug", "headword"))
        former = FormerTerm.objects.filter(glossary=glossary, term__in=others)
        leading = dict(former.values_list("slug", "term__headword"))
        slug = cleaned.get("slug") or free_slug(headword, {*slugs, *leading})
        if slug in slugs:
            self.add_error("slug", gettext("“%(term)s” has this address already.") % {"term": slugs[slug]})
        elif slug in leading:
            words = gettext("This address leads to “%(term)s”, which had it earlier.")
            self.add_error("slug", words % {"term": leading[slug]})
        elif slug in TAKEN_SLUGS:
            self.add_error("slug", gettext("A page of the glossary has this address."))
        cleaned["slug"] = slug
        if see is not None and "see" in self.changed_data:
            self._refuse_see(see, others)
        return cleaned

    def _refuse_see(self, see: Term, others: Any) -> None:
        if see == self.instance:
            self.add_error("see", gettext("A term cannot send readers to itself."))
            return
        if not others.filter(pk=see.pk).exists():
            self.add_error("see", gettext("“%(term)s” is a term of another glossary.") % {"term": see})
            return
        # By key, since the typed headword may be new.
        sees = dict(others.filter(see__isnull=False).values_list("pk", "see_id"))
        own = self.instance.pk or 0
        way = loop_from(own, {**sees, own: see.pk})
        if way:
            names = dict(others.filter(pk__in=way[1:-1]).values_list("pk", "headword"))
            along = " → ".join([*(names[key] for key in way[1:-1]), str(self.instance)])
            self.add_error("see", gettext("This leads back to the term itself: %(way)s.") % {"way": along})


class _GlossaryChoice(forms.Form):
    glossary = forms.ModelChoiceField(Glossary.objects.all(), label=gettext_lazy("Glossary"))


class TermImportForm(_GlossaryChoice, ImportForm):  # type: ignore[misc]  # the library has no types
    """A file of terms, and the glossary to which they belong."""

    field_order = ("glossary", "import_file", "format")


class TermExportForm(ExportForm):  # type: ignore[misc]  # the library has no types
    """The format of a file of terms, and the glossary: a file is of one."""

    glossary = forms.ModelChoiceField(Glossary.objects.all(), label=gettext_lazy("Glossary"), required=False)
    field_order = ("glossary", "format")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first_two = Glossary.objects.all()[:2]
        if len(first_two) == 1:
            self.fields["glossary"].initial = first_two[0]
        self.fields["glossary"].required = len(first_two) > 1


class ConfirmTermImportForm(_GlossaryChoice, ConfirmImportForm):  # type: ignore[misc]  # the library has no types
    """The confirmation of a shown file."""

    glossary = forms.ModelChoiceField(Glossary.objects.all(), widget=forms.HiddenInput)

    def clean_import_file_name(self) -> str:
        """The name of the shown file, and of no other in the folder for temporary files."""
        try:
            return TERM_FILE.unsign(self.cleaned_data["import_file_name"])
        except BadSignature:
            raise forms.ValidationError(gettext("This is not the file that was shown.")) from None


class TermAdmin(ImportExportMixin, admin.ModelAdmin):  # type: ignore[type-arg,misc]  # the library has no types
    """Terms with their spellings, senses and exceptions; tables of them in and out."""

    form = TermEntryForm
    list_display: tuple[str, ...] = ("headword", "definition", "see", "source", "glossary")
    list_filter: ClassVar[tuple[Any, ...]] = ("glossary", "source")
    list_select_related = ("see", "glossary")
    search_fields = ("headword", "definition", "forms__text")
    fields = ("glossary", "headword", "slug", "definition", "see", "source", "in_emphasis", "reason")
    prepopulated_fields = {"slug": ("headword",)}
    inlines = (TermFormInline, SenseInline, TermExceptionInline)

    resource_classes = (TermResource,)
    formats = (CSV, JSON)
    tmp_storage_class = ShownTable
    import_form_class = TermImportForm
    confirm_form_class = ConfirmTermImportForm
    export_form_class = TermExportForm
    import_template_name = "admin/glossary/term/import.html"

    def get_readonly_fields(self, request: HttpRequest, obj: Term | None = None) -> tuple[str, ...]:
        """The fields that cannot change: a term stays in its glossary."""
        return ("glossary",) if obj is not None else ()

    def get_fields(self, request: HttpRequest, obj: Term | None = None) -> Any:
        """The fields; a reason only for a person who may change something."""
        may = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        return self.fields if may else [name for name in self.fields if name != "reason"]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Term | None = None) -> Any:
        """Derive the address of a new term from its headword; an existing address never changes by itself."""
        return {} if obj is not None else self.prepopulated_fields

    def language_of(self, request: HttpRequest, glossary: int | None) -> str:
        """The language of the texts that use a glossary: unknown here, since this app knows no texts."""
        return ""

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form of a term, whose words have their language."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        mark_language(form.base_fields, self.language_of(request, obj and obj.glossary_id))
        return form

    def get_formset_kwargs(self, request: HttpRequest, obj: Term, inline: Any, prefix: str) -> dict[str, Any]:
        """The arguments of a table of forms, senses or exceptions, with the language of the words."""
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        return {**kwargs, "language": self.language_of(request, obj.glossary_id)}

    def save_model(self, request: HttpRequest, obj: Term, form: Any, change: bool) -> None:
        """Save the term's own fields, after a look at the glossary as it is before."""
        lock(obj.glossary_id)
        request.terms_before = snapshots_of(obj.glossary_id)  # type: ignore[attr-defined]  # for save_related
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save everything else, and keep a version. A new term without a form gets the usual ones of its headword."""
        super().save_related(request, form, formsets, change)
        term: Term = form.instance
        # A term without a form would never be found in the text; the editor can take forms away afterwards.
        if not change and not term.forms.exists():
            try:
                add_usual_forms(term)
            except ValueError as refused:
                messages.warning(request, gettext("The term has no form: %(reason)s") % {"reason": refused})
        before: dict[int, Snapshot] = request.terms_before  # type: ignore[attr-defined]  # of save_model
        record(term.glossary_id, before, by=request.user.pk, reason=form.cleaned_data["reason"])

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Whether a person may add and change terms."""
        return self.has_add_permission(request) and self.has_change_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Whether a person may see terms."""
        return self.has_view_permission(request)

    def export_action(self, request: HttpRequest) -> Any:
        """Export the terms that the list shows; a query that the list does not know is left out."""
        try:
            return super().export_action(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(request.path)

    def get_export_queryset(self, request: HttpRequest) -> Any:
        """The terms of the list, with everything that a table has."""
        queryset = super().get_export_queryset(request)
        return queryset.select_related("see", "glossary").prefetch_related("forms", "senses", "exceptions")

    def get_export_data(self, file_format: Any, request: HttpRequest, queryset: Any, **kwargs: Any) -> Any:
        """The file with the terms of the chosen glossary."""
        if chosen := kwargs["export_form"].cleaned_data.get("glossary"):
            queryset = queryset.filter(glossary=chosen)
        return super().get_export_data(file_format, request, queryset, **kwargs)

    def get_export_filename(self, request: HttpRequest, queryset: Any, file_format: Any) -> str:
        """The name of the file, with the glossary's."""
        name: str = super().get_export_filename(request, queryset, file_format)
        chosen = Glossary.objects.filter(pk=request.POST.get("glossary") or 0).first()
        return f"{slugify(chosen.name) or 'glossary'}-{name}" if chosen else name

    def get_import_form_initial(self, request: HttpRequest) -> dict[str, Any]:
        """The only glossary, if there is exactly one."""
        glossaries = Glossary.objects.all()[:2]
        return {"glossary": glossaries[0]} if len(glossaries) == 1 else {}

    def get_confirm_form_initial(self, request: HttpRequest, import_form: Any) -> dict[str, Any]:
        """The glossary that was chosen for the preview."""
        initial: dict[str, Any] = super().get_confirm_form_initial(request, import_form)
        if import_form is not None:
            initial["glossary"] = import_form.cleaned_data["glossary"].pk
            initial["import_file_name"] = TERM_FILE.sign(initial["import_file_name"])
        return initial

    def get_import_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """The glossary of the file."""
        cleaned: Mapping[str, Any] = getattr(kwargs.get("form"), "cleaned_data", {})
        return {"glossary": cleaned.get("glossary")}

    def import_action(self, request: HttpRequest, **kwargs: Any) -> Any:
        """Show a file, whose words have the language of the chosen glossary."""
        response = super().import_action(request, **kwargs)
        form = response.context_data["form"]
        if form.is_bound and (glossary := form.cleaned_data.get("glossary")):
            response.context_data["language"] = self.language_of(request, glossary.pk)
        return response

    def add_data_read_fail_error_to_form(self, form: Any, e: Exception) -> None:
        """Add the reason why the file cannot be read to its field."""
        if isinstance(e, TableError):
            form.add_error("import_file", str(e))
        else:
            super().add_data_read_fail_error_to_form(form, e)

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Write the shown file, once."""
        try:
            response: HttpResponse = super().process_import(request, **kwargs)
        except FileNotFoundError:
            messages.error(request, gettext("This file was read in already, or is gone: choose it again."))
            return HttpResponseRedirect(reverse("admin:glossary_term_import"))
        return response

    def process_dataset(self, dataset: Any, form: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Write all rows, or none if a row no longer fits since the preview."""
        glossary = form.cleaned_data["glossary"]
        reason = f"table read in: {form.cleaned_data['original_file_name']}"
        with transaction.atomic():
            with recording(glossary, by=request.user.pk, reason=reason):
                result = super().process_dataset(
                    dataset, form, request, rollback_on_validation_errors=True, **kwargs
                )
            if not result.has_errors() and not result.has_validation_errors():
                self.publish(glossary)
        return result

    def process_result(self, result: Any, request: HttpRequest) -> HttpResponse:
        """Tell the editor the result, and lead to the list."""
        if result.has_errors() or result.has_validation_errors():
            messages.error(
                request,
                gettext(
                    "Nothing was written: the glossary has changed since the preview, and the file no longer fits it."
                ),
            )
            return HttpResponseRedirect(reverse("admin:glossary_term_import"))
        response: HttpResponse = super().process_result(result, request)
        return response

    def generate_log_entries(self, result: Any, request: HttpRequest) -> None:
        """Write the log in English, in whatever language the editor works."""
        with override("en"):
            super().generate_log_entries(result, request)

    def add_success_message(self, result: Any, request: HttpRequest) -> None:
        """Say how many terms were written, in numbers and not in the library's sentence."""
        words = gettext(
            "Import finished: %(new)s new, %(updated)s updated, %(deleted)s deleted and %(skipped)s skipped terms."
        )
        totals = result.totals
        values = {"new": "new", "updated": "update", "deleted": "delete", "skipped": "skip"}
        messages.success(request, words % {name: totals[kind] for name, kind in values.items()})

    def publish(self, glossary: Glossary) -> None:
        """Publish a glossary: does nothing here, since this app knows no pages of readers."""

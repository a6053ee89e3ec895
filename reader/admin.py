"""Where a person corrects the edition. Whatever is saved here is published in the same transaction."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.search import SearchQuery
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from reader import glossary_admin as glossary_admin  # registers the glossary's part
from reader.accounts import account_of
from reader.correcting import decide
from reader.corrections import objection
from reader.models import (
    Conflict,
    CrossReference,
    Division,
    Emendation,
    Gap,
    Note,
    PageBreak,
    Paragraph,
    Suspect,
    Volume,
    Witness,
)
from reader.publishing import publish_chapters, publish_volume
from reader.witnesses import passages_of


class _Imported(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in its stubs alone
    """Rows that only an import adds or takes away."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class _ReadOnly(_Imported):
    """Rows that only an import changes."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class CorrectionForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in its stubs alone
    """A correction of a text, refused if it loses a note call or a page break."""

    corrected = "text"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get(self.corrected):
            field.strip = False  # type: ignore[attr-defined]  # the columns of a table may begin with spaces
            setattr(self, f"clean_{self.corrected}", self._clean_corrected)

    def _clean_corrected(self) -> str:
        # A browser sends every line end of a text area as CR LF.
        text = str(self.cleaned_data[self.corrected]).replace("\r\n", "\n")
        imported = getattr(self.instance, f"imported_{self.corrected}")
        if refused := objection(getattr(self.instance, self.corrected), text, imported):
            raise forms.ValidationError(refused)
        return text


class HeadCorrectionForm(CorrectionForm):
    """The same for the head of a division."""

    corrected = "head"


class ChapterFilter(admin.SimpleListFilter):
    """By chapter, its sections included."""

    title = "chapter"
    parameter_name = "chapter"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The chapters of the volume that is filtered by, or of all."""
        chapters = Division.objects.chapters().select_related("volume")
        if volume := request.GET.get("volume__id__exact", ""):
            chapters = chapters.filter(volume=int(volume)) if volume.isdigit() else chapters.none()
        return [(str(chapter.pk), str(chapter)) for chapter in chapters]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """The rows whose division stands on the chapter's page."""
        chapter = self.value()
        if chapter is None:
            return queryset
        if not chapter.isdigit():
            return queryset.none()
        divisions = Division.objects.filter(volume__divisions=int(chapter)).select_related("parent__parent")
        within = [division.pk for division in divisions if division.page_division().pk == int(chapter)]
        return queryset.filter(division__in=within)


class _TextAdmin(_Imported):
    """A text with its words to search, the import's reading and the witness lines beside it."""

    form = CorrectionForm

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        """By words as readers search them, or by any piece of the text as it stands."""
        if not search_term:
            return queryset, False
        asked = SearchQuery(search_term, config="english", search_type="websearch")
        return queryset.filter(models.Q(search=asked) | models.Q(text__icontains=search_term)), False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Rows without what is large, with what the list shows."""
        return (
            super()
            .get_queryset(request)
            .defer("search")
            .select_related("division__volume", "division__parent")
        )

    @admin.display(description="text")
    def beginning(self, text: Paragraph | Note) -> str:
        return text.text[:120]

    @admin.display(boolean=True, description="corrected")
    def is_corrected(self, text: Paragraph | Note) -> bool:
        return text.text != text.imported_text

    @admin.display(description="as imported")
    def imported(self, text: Paragraph | Note) -> SafeString:
        return format_html('<pre class="imported">{}</pre>', text.imported_text)

    @admin.display(description="witness lines")
    def witness_lines(self, text: Paragraph | Note) -> SafeString:
        numbered = (
            f"{number:>5}  {line}"
            for passage in passages_of(text.division.volume_id, text.lines)
            for number, line in enumerate(passage.lines, start=passage.first)
        )
        return format_html('<pre class="witness">{}</pre>', "\n".join(numbered))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and publish at once."""
        super().save_model(request, obj, form, change)
        if form.changed_data:
            publish_chapters(obj.division.volume, [obj.division])


@admin.register(Paragraph)
class ParagraphAdmin(_TextAdmin):
    """Paragraphs, whose text a person corrects."""

    list_display = ("number", "beginning", "division", "kind", "is_corrected")
    list_display_links = ("number", "beginning")
    list_filter = ("volume", ChapterFilter, "kind")
    search_fields = ("text",)
    search_help_text = "Words, “a phrase” in quotation marks, -word to leave out; or any piece of the text."
    fields = ("text", "imported", "witness_lines", "volume", "division", "number", "kind", "continues")
    readonly_fields = ("imported", "witness_lines", "volume", "division", "number", "kind", "continues")


@admin.register(Note)
class NoteAdmin(_TextAdmin):
    """Notes, whose text a person corrects."""

    list_display = ("__str__", "beginning", "division", "state", "is_corrected")
    list_display_links = ("__str__", "beginning")
    list_filter = (("division__volume", admin.RelatedOnlyFieldListFilter), ChapterFilter, "state")
    search_fields = ("text",)
    fields = ("text", "imported", "witness_lines", "division", "n", "state", "page")
    readonly_fields = ("imported", "witness_lines", "division", "n", "state", "page")


@admin.register(Division)
class DivisionAdmin(_Imported):
    """Divisions, whose head a person corrects."""

    form = HeadCorrectionForm
    list_display = ("__str__", "kind", "n", "page", "volume")
    list_filter = ("volume", "kind")
    list_select_related = ("volume",)
    search_fields = ("head",)
    fields = ("head", "volume", "parent", "kind", "n", "slug", "page")
    readonly_fields = ("volume", "parent", "kind", "n", "slug", "page")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and publish at once."""
        super().save_model(request, obj, form, change)
        if form.changed_data:
            publish_volume(obj.volume)  # every page shows the contents


@admin.register(Volume)
class VolumeAdmin(_Imported):
    """Volumes, whose description a person corrects."""

    list_display = ("title", "subtitle", "author", "year", "revision")
    search_fields = ("title", "subtitle", "author")
    fields = (
        *("title", "subtitle", "author", "translator", "publisher", "year", "original", "rights", "language"),
        *("glossary", "slug", "revision"),
    )
    readonly_fields = ("slug", "revision")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and publish at once."""
        super().save_model(request, obj, form, change)
        if form.changed_data:
            publish_volume(obj)


@admin.register(Witness)
class WitnessAdmin(_ReadOnly):
    """The extracted files, without their content."""

    list_display = ("name", "volume", "n", "encoding", "digest")
    list_select_related = ("volume",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Rows without what is large, with what the list shows."""
        return super().get_queryset(request).defer("content")


@admin.register(Emendation)
class EmendationAdmin(_ReadOnly):
    """What was changed in the witnesses' readings."""

    list_display = ("line", "before", "after", "rule", "witness", "volume")
    list_filter = ("volume", "rule")
    search_fields = ("before", "after")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Rows without what is large, with what the list shows."""
        return super().get_queryset(request).select_related("volume", "witness").defer("witness__content")


@admin.register(Suspect)
class SuspectAdmin(_ReadOnly):
    """Readings that look wrong."""

    list_display = ("line", "code", "reading", "suggestion", "state", "volume")
    list_filter = ("volume", "state", "code")
    list_select_related = ("volume",)
    search_fields = ("reading", "suggestion")


@admin.register(CrossReference)
class CrossReferenceAdmin(_ReadOnly):
    """Places where the text sends its reader to another."""

    list_display = ("reading", "kind", "target_page", "target_division", "is_resolved", "reason", "volume")
    list_filter = ("volume", "is_resolved", "kind")
    list_select_related = ("target_division", "volume")
    search_fields = ("reading",)


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
        self.fields["typed"].initial = self.instance.human

    def clean(self) -> dict[str, Any]:
        """What the decision makes of the text, as `text`; refused if it would lose a marker."""
        cleaned = super().clean() or {}
        conflict = self.instance
        # A browser sends every line end of a text area as CR LF.
        typed = str(cleaned.get("typed", "")).replace("\r\n", "\n")
        decided = {self.MINE: None, self.THEIRS: conflict.new_import, self.TYPED: typed}
        cleaned["text"] = decided.get(cleaned.get("decision", ""))
        if cleaned.get("decision") == self.TYPED:
            if not typed.strip():
                self.add_error("typed", "Type the text.")
            elif conflict.field in ("text", "head") and (row := conflict.subject()) is not None:
                if refused := objection(getattr(row, conflict.field), typed):
                    self.add_error("typed", refused)
            elif conflict.field == "year" and not (typed.isdecimal() and 0 < int(typed) < 10_000):
                self.add_error("typed", "Type a year in figures.")
        return cleaned


@admin.register(Conflict)
class ConflictAdmin(_Imported):
    """What an import could not merge: a person decides."""

    form = ConflictForm
    list_display = ("about", "field", "state", "volume")
    list_filter = ("state", "volume")
    list_select_related = ("volume",)
    fields = ("about", "old", "person", "new", "decision", "typed")
    readonly_fields = ("about", "old", "person", "new")

    @admin.display(description="old import")
    def old(self, conflict: Conflict) -> SafeString:
        """What the person had corrected."""
        return format_html('<pre class="imported">{}</pre>', conflict.old_import)

    @admin.display(description="person's text")
    def person(self, conflict: Conflict) -> SafeString:
        """What the person made of it."""
        return format_html('<pre class="imported">{}</pre>', conflict.human)

    @admin.display(description="new import")
    def new(self, conflict: Conflict) -> SafeString:
        """What the witness says now."""
        text = conflict.new_import or "(the new text has no place for it: to take this removes it)"
        return format_html('<pre class="imported">{}</pre>', text)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A conflict is decided once."""
        decided = obj is not None and obj.state == Conflict.State.RESOLVED
        return not decided and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Conflict, form: Any, change: bool) -> None:
        """Carry the decision out, and publish at once."""
        with transaction.atomic():
            decide(obj, form.cleaned_data["text"], by=account_of(request))
            publish_volume(obj.volume)


@admin.register(Gap)
class GapAdmin(_ReadOnly):
    """Notes that the witnesses lack."""

    list_display = ("__str__", "division")
    list_filter = ("division__volume",)
    list_select_related = ("division",)


@admin.register(PageBreak)
class PageBreakAdmin(_ReadOnly):
    """Where the pages of the printed book begin."""

    list_display = ("n", "certainty", "paragraph", "note", "division", "volume")
    list_filter = ("volume", "certainty")
    list_select_related = ("paragraph", "note", "division", "volume")
    search_fields = ("=n",)

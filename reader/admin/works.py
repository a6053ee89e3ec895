"""Works cited in the admin: their descriptions, the references to them, and the decisions on single references."""

import re
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models.functions import Coalesce, NullIf
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from reader.admin.at_work import account_of
from reader.admin.deciding import DecisionForm, RefusingAdmin
from reader.admin.shown import ShownAdmin
from reader.correction.works import (
    CHANGED,
    describe_work,
    has_changed,
    objection,
    settle_reference,
    take_back,
)
from reader.edition.edition import Edition
from reader.edition.interface import Words
from reader.models import CitedWork, SettledReference, Volume, WorkReference
from reader.pages.works import Works
from reader.templatetags.languages import of_text
from reader.templatetags.rows import called
from reader.text.citations import MEANT_ELSEWHERE

# The most places that the screen of a work shows; the page of the work has all.
SHOWN = 20
# The most citations before an *ibid.* that its screen shows.
SHOWN_BEFORE = 2
AS_FOUND, NO_WORK, ANOTHER = "", "-", "+"
DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")


def _keys(volume: Volume) -> list[tuple[str, str]]:
    """The works of a volume as choices: their keys, and their names."""
    return sorted(
        ((row.key, str(row)) for row in volume.cited_works.all()), key=lambda pair: pair[1].casefold()
    )


# What names a work, by the kinds of reader/text/citations.py.
KINDS = Words(
    {
        "named": pgettext_lazy("kind of reference", "by its title"),
        "ibid": pgettext_lazy("kind of reference", "ibid."),
        "op-cit": pgettext_lazy("kind of reference", "op. cit."),
        "loc-cit": pgettext_lazy("kind of reference", "loc. cit."),
        "note": pgettext_lazy("kind of reference", "by another note"),
        "present-work": pgettext_lazy("kind of reference", "the present work"),
        "same": pgettext_lazy("kind of reference", "the same"),
        "unknown": pgettext_lazy("kind of reference", "not known"),
    }
)


def _with_works(rows: models.QuerySet[Any], **named: Any) -> models.QuerySet[Any]:
    """Rows, each with `work_author` and `work_title` of the work of its volume that is `named`; both may be None."""
    works = CitedWork.objects.filter(volume=models.OuterRef("volume"), **named)
    named_rows: models.QuerySet[Any] = rows.annotate(
        **{
            f"work_{name}": models.Subquery(
                works.values_list(Coalesce(NullIf(name, models.Value("")), f"found_{name}"))[:1]
            )
            for name in ("author", "title")
        }
    )
    return named_rows


def _name_of_work(row: Any) -> SafeString:
    """The work of a row of `_with_works` by its author and title, or else as the row has it."""
    named = ", ".join(filter(None, (row.work_author, row.work_title)))
    return of_text(named or row.work, row.volume.language)


class CitedWorkForm(DecisionForm):
    """What an editor says of a work."""

    into = forms.ChoiceField(label=_("One with"), required=False)

    class Meta:
        model = CitedWork
        fields = ("is_work", "into", *CitedWork.DESCRIBES, "archived")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "into" in self.fields:
            others = [each for each in _keys(self.instance.volume) if each[0] != self.instance.key]
            self.fields["into"].choices = [("", gettext("a work of its own")), *others]  # type: ignore[attr-defined]

    def clean_into(self) -> str:
        """Refuse a joining that leads in a circle."""
        into: str = self.cleaned_data["into"]
        if said := objection(self.instance, into):
            raise forms.ValidationError(said)
        return into

    def clean_doi(self) -> str:
        """Refuse what is no DOI: `10.`, a number, a stroke, and a name (DOI Handbook, 2.2)."""
        doi: str = self.cleaned_data["doi"]
        if doi and not DOI.fullmatch(doi):
            raise forms.ValidationError(gettext("Give a DOI as 10.1000/182, without an address before it."))
        return doi

    def clean_isbn(self) -> str:
        """Refuse a number whose last figure does not fit the others (ISBN Users’ Manual)."""
        isbn: str = self.cleaned_data["isbn"]
        if isbn and not is_isbn(isbn):
            raise forms.ValidationError(gettext("This is no ISBN: a figure is missing, or one is wrong."))
        return isbn


def is_isbn(text: str) -> bool:
    """Whether a text is an ISBN of 10 or 13 figures, with hyphens or without, whose last figure fits."""
    figures = re.sub(r"[- ]", "", text).upper()
    if re.fullmatch(r"\d{9}[\dX]", figures):
        values = [10 if each == "X" else int(each) for each in figures]
        return sum(value * weight for value, weight in zip(values, range(10, 0, -1), strict=True)) % 11 == 0
    if re.fullmatch(r"97[89]\d{10}", figures):
        return sum(int(each) * (3 if n % 2 else 1) for n, each in enumerate(figures)) % 10 == 0
    return False


@admin.register(CitedWork)
class CitedWorkAdmin(RefusingAdmin):
    """The works that volumes cite: an editor describes them, joins two that are one, and refuses what is no work."""

    form = CitedWorkForm
    list_display = ("named", "year", "joined", "is_work", "is_found")
    list_filter = (("volume", admin.RelatedOnlyFieldListFilter), "is_work", "is_found")
    list_select_related = ("volume",)
    search_fields = ("key", "title", "author", "found_title", "found_author")
    readonly_fields = ("key", "volume", "is_found", "places")
    fields = (
        *("key", "volume", "is_found", "places", "is_work", "into"),
        *CitedWork.DESCRIBES,
        "archived",
    )

    @admin.display(description=_("cited work"), ordering="key")
    def named(self, work: CitedWork) -> SafeString:
        """Its author and its title, as an editor wrote them, or else as the text has them."""
        return of_text(str(work), work.volume.language)

    @admin.display(description=_("one with"), ordering="into")
    def joined(self, work: CitedWork) -> SafeString | str:
        """The work that it is one with."""
        return of_text(getattr(work, "into_title", "") or work.into, work.volume.language) or "–"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[CitedWork]:
        """The works, each with the title of the work that it is one with."""
        other = CitedWork.objects.filter(volume=models.OuterRef("volume"), key=models.OuterRef("into"))
        title = Coalesce(NullIf("title", models.Value("")), "found_title")
        works: models.QuerySet[CitedWork] = super().get_queryset(request)
        return works.annotate(into_title=models.Subquery(other.values_list(title)[:1]))

    @admin.display(description=_("cited in"))
    def places(self, work: CitedWork) -> SafeString | str:
        """The first places that cite the work, each with its sentence."""
        works = Works(Edition(work.volume))
        found = [place for place in works.places if place.found_key == work.key][:SHOWN]
        if not found:
            return "–"
        return format_html_join(
            "",
            '<p><a href="{}">{}</a> {}</p>',
            (
                (
                    line.url,
                    line.note or gettext("text"),
                    of_text(line.sentence, work.volume.language),
                )
                for line in works.lines(found)
            ),
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: works are found in the text, or named for a single reference."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: what is no work is refused, so that the next publication does not bring it back."""
        return False

    def save_model(self, request: HttpRequest, obj: CitedWork, form: Any, change: bool) -> None:
        """Describe the work, and publish at once."""
        if not form.changed_data:
            return
        describe_work(obj, form.changed_data, by=account_of(request), reason="described")

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Log nothing: the deed writes the log."""


class ReferenceForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in its stubs alone
    """An editor's decision on one reference."""

    cites = forms.ChoiceField(label=_("Cites"), required=False)
    author = forms.CharField(
        label=_("Author"), max_length=300, required=False, help_text=_("Of another work.")
    )
    title = forms.CharField(label=_("Title"), max_length=300, required=False, help_text=_("Of another work."))

    class Meta:
        model = WorkReference
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cites"].choices = [  # type: ignore[attr-defined]
            (AS_FOUND, gettext("as found")),
            (NO_WORK, gettext("no work")),
            (ANOTHER, gettext("another work, named below")),
            *_keys(self.instance.volume),
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for the title of another work."""
        cleaned = super().clean() or {}
        if cleaned.get("cites") == ANOTHER and not any(
            letter.isalnum() for letter in cleaned.get("title", "")
        ):
            self.add_error("title", gettext("Give the title of the other work."))
        if cleaned.get("cites") != AS_FOUND and has_changed(self.instance):
            self.add_error("cites", gettext(CHANGED))
        return cleaned


@admin.register(WorkReference)
class WorkReferenceAdmin(RefusingAdmin):
    """The references to works in the texts; an editor says of one which work it cites."""

    form = ReferenceForm
    list_display = ("reading", "kind", "cited", "place")
    list_filter = (("volume", admin.RelatedOnlyFieldListFilter), "kind", ("work", admin.EmptyFieldListFilter))
    list_select_related = ("volume", "paragraph__division__volume", "note__division__volume")
    search_fields = ("work",)
    in_words: ClassVar = {"kind": KINDS.said}
    readonly_fields = ("reading", "kind", "cited", "sentence", "place", "before")
    fields = ("reading", "kind", "cited", "sentence", "place", "before", "cites", "author", "title")

    @admin.display(description=_("reading"))
    def reading(self, reference: WorkReference) -> str:
        """The characters that name the work."""
        return of_text(reference.reading, reference.volume.language)

    @admin.display(description=_("work"), ordering="work")
    def cited(self, reference: WorkReference) -> SafeString | str:
        """The work that it cites now."""
        if not reference.work:
            return gettext("not certain")
        url = reverse("work", args=[reference.volume.slug, reference.work])
        return format_html('<a href="{}">{}</a>', url, _name_of_work(reference))

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[WorkReference]:
        """The references, each with the name of the work that it cites."""
        return _with_works(super().get_queryset(request), slug=models.OuterRef("work"), into=models.Value(""))

    @admin.display(description=_("place"))
    def place(self, reference: WorkReference) -> SafeString | str:
        """The text that has the reference."""
        text = reference.text
        if text is None:
            return "–"
        return format_html('<a href="{}">{}, {}</a>', text.get_absolute_url(), called(text.division), text)

    @admin.display(description=_("in these words"))
    def sentence(self, reference: WorkReference) -> str:
        """The words around it."""
        return of_text(reference.context, reference.volume.language)

    @admin.display(description=_("cited right before"))
    def before(self, reference: WorkReference) -> SafeString | str:
        """The last citations before *ibid.* or the like in its chapter, each in its sentence: it may mean one."""
        if reference.kind not in MEANT_ELSEWHERE:
            return "–"
        works = Works(Edition(reference.volume))
        lines = works.lines(works.before(reference.text_key, reference.start, SHOWN_BEFORE))
        language = reference.volume.language
        rows = ((line.url, line.note or gettext("text"), of_text(line.sentence, language)) for line in lines)
        item = (
            "<li>" + gettext("%(what)s: %(said)s") % {"what": '<a href="{}">{}</a>', "said": "{}"} + "</li>"
        )
        listed = format_html_join("", item, rows)
        return format_html('<ol class="before">{}</ol>', listed) if listed else "–"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: references are found in the text."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: an editor says that a reference cites no work."""
        return False

    def save_model(self, request: HttpRequest, obj: WorkReference, form: Any, change: bool) -> None:
        """Settle the reference, and publish at once."""
        cites = form.cleaned_data["cites"]
        if cites == AS_FOUND:
            return
        names = {name: form.cleaned_data[name] if cites == ANOTHER else "" for name in ("author", "title")}
        key = "" if cites in (NO_WORK, ANOTHER) else cites
        settle_reference(obj, key, by=account_of(request), **names)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Log nothing: the deed writes the log."""


@admin.register(SettledReference)
class SettledReferenceAdmin(ShownAdmin):
    """Decisions on single references; deleting one takes it back."""

    list_display = ("reading", "cited", "words", "place")
    list_filter = (("volume", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("volume", "paragraph__division__volume", "note__division__volume")
    search_fields = ("reading", "work")
    of_text = ("reading",)

    @admin.display(description=_("work"), ordering="work")
    def cited(self, settled: SettledReference) -> SafeString | str:
        """The work that it cites by decision."""
        return _name_of_work(settled) if settled.work else gettext("no work")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[SettledReference]:
        """The decisions, each with the name of its work."""
        return _with_works(super().get_queryset(request), key=models.OuterRef("work"))

    @admin.display(description=_("in these words"))
    def words(self, settled: SettledReference) -> str:
        """The words by which the place is known."""
        return of_text(f"{settled.before} {settled.reading} {settled.after}", settled.volume.language)

    @admin.display(description=_("place"))
    def place(self, settled: SettledReference) -> str:
        """The text that has the reference."""
        text = settled.text
        return format_html("{}, {}", called(text.division), text) if text else "–"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: a reference is settled on its own screen."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: a reference is settled on its own screen."""
        return False

    def delete_model(self, request: HttpRequest, obj: SettledReference) -> None:
        """Take a decision back, and publish at once."""
        take_back([obj], by=account_of(request))

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[SettledReference]) -> None:
        """Take several decisions back, and publish at once."""
        take_back(queryset.select_related("volume"), by=account_of(request))

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Log nothing: the deed writes the log."""

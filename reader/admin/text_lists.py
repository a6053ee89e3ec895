"""The common base of the lists of paragraphs and notes: search, and a filter by chapter."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from reader.admin.correction import CorrectionAdmin
from reader.admin.finding import find
from reader.admin.shown import as_html
from reader.models import Division, Text
from reader.templatetags.languages import of_text
from reader.templatetags.rows import called
from reader.text.sentences import shorten


class ChapterFilter(admin.SimpleListFilter):
    """A filter by chapter, its sections included."""

    title = _("chapter")
    parameter_name = "chapter"

    def __init__(self, *args: Any) -> None:
        # The divisions on each chapter's page, of the volumes that were asked for: counts ask for every chapter.
        self._within: dict[int, list[int]] = {}
        super().__init__(*args)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The chapters of the chosen volume, or of all volumes."""
        chapters = Division.objects.chapters().select_related("volume")
        if volume := request.GET.get("volume__id__exact", ""):
            chapters = chapters.filter(volume=int(volume)) if volume.isdecimal() else chapters.none()
        return [(str(chapter.pk), called(chapter)) for chapter in chapters]

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Django's choices, as HTML also when they are counted."""
        return as_html(super().choices(changelist))

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """The rows whose division stands on the chapter's page."""
        chapter = self.value()
        if chapter is None:
            return queryset
        if not chapter.isdecimal():
            return queryset.none()
        if int(chapter) not in self._within:
            self._within[int(chapter)] = []
            divisions = Division.objects.filter(volume__divisions=int(chapter))
            for division in divisions.select_related("parent__parent"):
                self._within.setdefault(division.page_division().pk, []).append(division.pk)
        return queryset.filter(division__in=self._within[int(chapter)])


class TextAdmin(CorrectionAdmin):
    """Lists of texts that are found by their number, their printed page, their words."""

    search_help_text = _(
        "A number (12), a printed page (p. 42), or words: texts that begin with them come first. “A phrase” in "
        "quotation marks, -word to leave out."
    )

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        """The rows that are meant by a number, a printed page or words. The person's own order goes before theirs."""
        return find(queryset, search_term, by_rank="o" not in request.GET), False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """The texts without large fields, with the related rows that the list shows."""
        return (
            super()
            .get_queryset(request)
            .defer("search")
            .select_related("division__volume", "division__parent__parent")
        )

    list_per_page = 50

    @admin.display(description=_("text"))
    def beginning(self, text: Text) -> str:
        """The beginning of the text."""
        return of_text(shorten(text.text, 80), text.division.volume.language)

    @admin.display(description=_("division"), ordering="division__position")
    def place(self, text: Text) -> str:
        """The division in which the text stands."""
        return of_text(shorten(str(text.division), 40), text.division.volume.language)

    @admin.display(boolean=True, description=_("corrected"))
    def is_corrected(self, text: Text) -> bool:
        """Whether the text differs from the last import's."""
        return not text.is_as_imported

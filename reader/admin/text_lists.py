"""What the lists of paragraphs and of notes have in common: they are found by their words, and by their chapter."""

from typing import Any

from django.contrib import admin
from django.contrib.postgres.search import SearchQuery
from django.db import models
from django.http import HttpRequest

from reader.admin.correction import CorrectionAdmin
from reader.models import Division, Text
from reader.text.sentences import shorten


class ChapterFilter(admin.SimpleListFilter):
    """By chapter, its sections included."""

    title = "chapter"
    parameter_name = "chapter"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The chapters of the volume that is filtered by, or of all."""
        chapters = Division.objects.chapters().select_related("volume")
        if volume := request.GET.get("volume__id__exact", ""):
            chapters = chapters.filter(volume=int(volume)) if volume.isdecimal() else chapters.none()
        return [(str(chapter.pk), str(chapter)) for chapter in chapters]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """The rows whose division stands on the chapter's page."""
        chapter = self.value()
        if chapter is None:
            return queryset
        if not chapter.isdecimal():
            return queryset.none()
        divisions = Division.objects.filter(volume__divisions=int(chapter)).select_related("parent__parent")
        within = [division.pk for division in divisions if division.page_division().pk == int(chapter)]
        return queryset.filter(division__in=within)


class TextAdmin(CorrectionAdmin):
    """Lists of texts that are found by their words."""

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
            .select_related("division__volume", "division__parent__parent")
        )

    list_per_page = 50

    @admin.display(description="text")
    def beginning(self, text: Text) -> str:
        """The beginning of the text."""
        return shorten(text.text, 80)

    @admin.display(description="division", ordering="division__position")
    def place(self, text: Text) -> str:
        """The division that it stands in."""
        return shorten(str(text.division), 40)

    @admin.display(boolean=True, description="corrected")
    def is_corrected(self, text: Text) -> bool:
        """Whether it reads otherwise than the last import."""
        return not text.is_as_imported

"""Divisions in the admin: their heads are corrected."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reader.admin.finding import find
from reader.admin.reading import ReadingPages
from reader.admin.supplying import may_supply, supply_url
from reader.models import Division


@admin.register(Division)
class DivisionAdmin(ReadingPages):
    """Divisions, whose head a person corrects."""

    list_display = ("__str__", "kind", "n", "page", "volume", "reading", "supplying")
    list_filter = ("volume", "kind")
    search_fields = ("head",)
    search_help_text = _(
        "A number (12, IV), the printed page on which it begins (p. 42), or words of its head."
    )

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        """The rows that are meant by a number, a printed page or words. The person's own order goes before theirs."""
        return find(queryset, search_term, by_rank="o" not in request.GET), False

    @admin.display(description=_("notes"))
    def supplying(self, division: Division) -> str:
        """The way to write in the notes of a chapter."""
        if not division.is_page:
            return ""
        return format_html('<a href="{}">{}</a>', supply_url(division), gettext("Write in notes"))

    def get_list_display(self, request: HttpRequest) -> Any:
        """The columns, with the way to write notes in for persons who may."""
        columns = list(super().get_list_display(request))
        return columns if may_supply(request) else [each for each in columns if each != "supplying"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """The divisions, with the related rows that the list and the screen show."""
        return super().get_queryset(request).select_related("volume", "parent__parent")

"""Divisions in the admin: their heads are corrected."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html

from reader.admin.correction import CorrectionAdmin
from reader.admin.supplying import may_supply, supply_url
from reader.models import Division


@admin.register(Division)
class DivisionAdmin(CorrectionAdmin):
    """Divisions, whose head a person corrects."""

    list_display = ("__str__", "kind", "n", "page", "volume", "supplying")
    list_filter = ("volume", "kind")
    search_fields = ("head",)

    @admin.display(description="notes")
    def supplying(self, division: Division) -> str:
        """The way to write in the notes of a chapter."""
        if not division.is_page:
            return ""
        return format_html('<a href="{}">Write in notes</a>', supply_url(division))

    def get_list_display(self, request: HttpRequest) -> Any:
        """The columns, with the way to write notes in for persons who may."""
        columns = list(super().get_list_display(request))
        return columns if may_supply(request) else [each for each in columns if each != "supplying"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """The divisions, with the related rows that the list and the screen show."""
        return super().get_queryset(request).select_related("volume", "parent__parent")

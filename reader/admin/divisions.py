"""Divisions in the admin: their heads are corrected."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from reader.admin.reading import ReadingPages
from reader.models import Division


@admin.register(Division)
class DivisionAdmin(ReadingPages):
    """Divisions, whose head a person corrects."""

    list_display = ("__str__", "kind", "n", "page", "volume", "reading")
    list_filter = ("volume", "kind")
    search_fields = ("head",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """The divisions, with the related rows that the list and the screen show."""
        return super().get_queryset(request).select_related("volume", "parent__parent")

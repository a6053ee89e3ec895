"""What an import or a publishing found, shown in the admin."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from reader.admin.read_only import ReadOnlyAdmin
from reader.models import CrossReference, Emendation, PageBreak


@admin.register(Emendation)
class EmendationAdmin(ReadOnlyAdmin):
    """What was changed in the witnesses' readings."""

    list_display = ("line", "before", "after", "rule", "witness", "volume")
    list_filter = ("volume", "rule")
    search_fields = ("before", "after")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Rows without what is large, with what the list shows."""
        return super().get_queryset(request).select_related("volume", "witness").defer("witness__content")


@admin.register(CrossReference)
class CrossReferenceAdmin(ReadOnlyAdmin):
    """Places where the text sends its reader to another."""

    list_display = ("reading", "kind", "target_page", "target_division", "is_resolved", "reason", "volume")
    list_filter = ("volume", "is_resolved", "kind")
    list_select_related = ("target_division", "volume")
    search_fields = ("reading",)


@admin.register(PageBreak)
class PageBreakAdmin(ReadOnlyAdmin):
    """Where the pages of the printed book begin."""

    list_display = ("n", "certainty", "paragraph", "note", "division", "volume")
    list_filter = ("volume", "certainty")
    list_select_related = ("paragraph", "note", "division", "volume")
    search_fields = ("=n",)

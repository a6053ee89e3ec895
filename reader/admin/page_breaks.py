"""The beginnings of the printed pages, shown in the admin."""

from django.contrib import admin

from reader.admin.read_only import ReadOnlyAdmin
from reader.models import PageBreak


@admin.register(PageBreak)
class PageBreakAdmin(ReadOnlyAdmin):
    """The beginnings of the printed pages."""

    list_display = ("n", "certainty", "paragraph", "note", "division", "volume")
    list_filter = ("volume", "certainty")
    list_select_related = ("paragraph", "note", "division", "volume")
    search_fields = ("=n",)

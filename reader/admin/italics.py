"""Lost italics, shown in the admin and answered in the queue."""

from django.contrib import admin

from reader.admin.read_only import ReadOnlyAdmin
from reader.models import Italic


@admin.register(Italic)
class ItalicAdmin(ReadOnlyAdmin):
    """Words that may have stood in italics."""

    list_display = ("reading", "kind", "language", "state", "volume")
    list_filter = ("volume", "state", "kind", "language")
    list_select_related = ("volume",)
    search_fields = ("reading",)

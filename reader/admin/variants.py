"""The readings of second witnesses that no rule decides, shown in the admin and answered in the queue."""

from django.contrib import admin

from reader.admin.read_only import ReadOnlyAdmin
from reader.models import Variant


@admin.register(Variant)
class VariantAdmin(ReadOnlyAdmin):
    """Readings of second witnesses."""

    list_display = ("line", "kind", "reading", "other", "name", "state", "volume")
    list_filter = ("volume", "state", "kind", "name")
    list_select_related = ("volume",)
    search_fields = ("reading", "other")
    of_text = ("reading", "other")

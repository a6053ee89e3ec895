"""Cross-references in the admin, to be read only."""

from django.contrib import admin

from reader.admin.read_only import ReadOnlyAdmin
from reader.models import CrossReference


@admin.register(CrossReference)
class CrossReferenceAdmin(ReadOnlyAdmin):
    """Places where the text sends its reader to another place."""

    list_display = ("reading", "kind", "target_page", "target_division", "is_resolved", "reason", "volume")
    list_filter = ("volume", "is_resolved", "kind")
    list_select_related = ("target_division", "volume")
    search_fields = ("reading",)

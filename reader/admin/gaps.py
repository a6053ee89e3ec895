"""Notes that the witnesses lack, shown in the admin and answered in the queue."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from reader.admin.read_only import ReadOnlyAdmin
from reader.admin.supplying import may_supply
from reader.models import Gap


@admin.register(Gap)
class GapAdmin(ReadOnlyAdmin):
    """Notes that the witnesses lack."""

    list_display = ("__str__", "division", "state")
    list_filter = ("division__volume", "state")
    list_select_related = ("division__volume",)
    change_list_template = "admin/reader/gap/change_list.html"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Show the list, with the way to write notes in."""
        return super().changelist_view(request, {"may_supply": may_supply(request), **(extra_context or {})})

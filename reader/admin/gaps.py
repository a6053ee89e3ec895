"""Notes that the witnesses lack, shown in the admin and answered in the queue."""

from django.contrib import admin

from reader.admin.read_only import ReadOnlyAdmin
from reader.models import Gap


@admin.register(Gap)
class GapAdmin(ReadOnlyAdmin):
    """Notes that the witnesses lack."""

    list_display = ("__str__", "division", "state")
    list_filter = ("division__volume", "state")
    list_select_related = ("division",)

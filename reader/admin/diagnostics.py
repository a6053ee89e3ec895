"""What the last import had to say, shown in the admin; answered in the queue."""

from django.contrib import admin

from reader.admin.read_only import ReadOnlyAdmin
from reader.models import Diagnostic


@admin.register(Diagnostic)
class DiagnosticAdmin(ReadOnlyAdmin):
    """What the last import had to say."""

    list_display = ("line", "code", "message", "state", "volume")
    list_filter = ("volume", "state", "code")
    list_select_related = ("volume",)
    search_fields = ("message",)

"""The last import's messages, shown in the admin and answered in the queue."""

from functools import partial
from typing import ClassVar

from django.contrib import admin

from reader.admin.read_only import ReadOnlyAdmin
from reader.edition.told import Told
from reader.models import Diagnostic


@admin.register(Diagnostic)
class DiagnosticAdmin(ReadOnlyAdmin):
    """The last import's messages."""

    list_display = ("line", "code", "message", "state", "volume")
    list_filter = ("volume", "state", "code")
    list_select_related = ("volume",)
    search_fields = ("message",)
    in_words: ClassVar = {"message": partial(Told, language="en")}

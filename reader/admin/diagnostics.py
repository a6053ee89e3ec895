"""The last import's messages, shown in the admin and answered in the queue."""

from functools import partial
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from reader.admin.read_only import ReadOnlyAdmin
from reader.correction.queue.codes import in_words
from reader.edition.diagnostics import shown
from reader.models import Diagnostic


@admin.register(Diagnostic)
class DiagnosticAdmin(ReadOnlyAdmin):
    """The last import's messages."""

    list_display = ("line", "kind", "said", "state", "volume")
    list_filter: ClassVar = ["volume", "state", "code"]
    list_select_related = ("volume",)
    search_fields = ("message",)
    in_words: ClassVar = {"code": partial(in_words, "diagnostic")}
    exclude = ("message",)
    readonly_fields = ("said",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The message in the language of the person, in the place of the one that is kept."""
        return [
            each
            for name in super().get_fields(request, obj)
            if name != "said"
            for each in ((name, "said") if getattr(name, "__name__", "") == "code" else (name,))
        ]

    @admin.display(description=_("code"), ordering="code")
    def kind(self, diagnostic: Diagnostic) -> str:
        """The code in words, with the code itself as a title."""
        words = in_words("diagnostic", diagnostic.code)
        return format_html('<span title="{}">{}</span>', diagnostic.code, words)

    @admin.display(description=_("message"), ordering="message")
    def said(self, diagnostic: Diagnostic) -> str:
        """The message in the language of the person."""
        return shown(diagnostic.code, diagnostic.message, diagnostic.volume.language)

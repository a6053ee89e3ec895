"""The last import's messages, shown in the admin and answered in the queue."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from reader.admin.read_only import ReadOnlyAdmin
from reader.correction.queue.codes import in_words
from reader.edition.diagnostics import shown
from reader.models import Diagnostic


class CodeFilter(admin.AllValuesFieldListFilter):
    """Diagnostics by their codes, each with its name."""

    def choices(self, changelist: Any) -> Any:
        """The codes, in words."""
        codes = {str(code) for code in self.lookup_choices}
        for choice in super().choices(changelist):
            code = str(choice["display"])
            yield {**choice, "display": in_words("diagnostic", code)} if code in codes else choice


@admin.register(Diagnostic)
class DiagnosticAdmin(ReadOnlyAdmin):
    """The last import's messages."""

    list_display = ("line", "kind", "said", "state", "volume")
    list_filter: ClassVar = ["volume", "state", ("code", CodeFilter)]
    list_select_related = ("volume",)
    search_fields = ("message",)
    exclude = ("message",)
    readonly_fields = ("said",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The message in the language of the person, in the place of the one that is kept."""
        fields = [name for name in super().get_fields(request, obj) if name != "said"]
        fields.insert(fields.index("code") + 1, "said")
        return fields

    @admin.display(description=_("code"), ordering="code")
    def kind(self, diagnostic: Diagnostic) -> str:
        """The code in words, with the code itself as a title."""
        words = in_words("diagnostic", diagnostic.code)
        return format_html('<span title="{}">{}</span>', diagnostic.code, words)

    @admin.display(description=_("message"), ordering="message")
    def said(self, diagnostic: Diagnostic) -> str:
        """The message in the language of the person."""
        return shown(diagnostic.code, diagnostic.message, diagnostic.volume.language)

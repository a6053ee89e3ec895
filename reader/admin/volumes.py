"""Volumes in the admin: a person corrects their descriptions."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from reader.admin.at_work import account_of
from reader.admin.read_only import ImportedAdmin
from reader.correction.describing import describe
from reader.models import Volume


@admin.register(Volume)
class VolumeAdmin(ImportedAdmin):
    """Volumes, whose description a person corrects."""

    list_display = ("title", "subtitle", "author", "year", "revision")
    search_fields = ("title", "subtitle", "author")
    fields = (
        "title",
        "subtitle",
        "author",
        "translator",
        "publisher",
        "year",
        "original",
        "rights",
        "language",
        "glossary",
        "slug",
        "revision",
    )
    readonly_fields = ("slug", "revision")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the description, and publish at once."""
        if form.changed_data:
            changes = self.construct_change_message(request, form, [])
            describe(obj, form.changed_data, by=account_of(request), reason=changes)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Log nothing: the deed has written the log."""

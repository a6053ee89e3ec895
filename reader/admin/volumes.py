"""Volumes and their witnesses in the admin."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from reader.admin.read_only import ImportedAdmin, ReadOnlyAdmin
from reader.models import Volume, Witness
from reader.publishing.publish import publish_volume


@admin.register(Volume)
class VolumeAdmin(ImportedAdmin):
    """Volumes, whose description a person corrects."""

    list_display = ("title", "subtitle", "author", "year", "revision")
    search_fields = ("title", "subtitle", "author")
    fields = (
        *("title", "subtitle", "author", "translator", "publisher", "year", "original", "rights", "language"),
        *("glossary", "slug", "revision"),
    )
    readonly_fields = ("slug", "revision")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and publish at once."""
        super().save_model(request, obj, form, change)
        if form.changed_data:
            publish_volume(obj)


@admin.register(Witness)
class WitnessAdmin(ReadOnlyAdmin):
    """The extracted files, without their content."""

    list_display = ("name", "volume", "n", "encoding", "digest")
    list_select_related = ("volume",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Rows without what is large, with what the list shows."""
        return super().get_queryset(request).defer("content")

"""Volumes in the admin: a person corrects their descriptions."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from glossary.seen import SeenForm
from reader.admin.at_work import account_of
from reader.admin.read_only import ImportedAdmin
from reader.admin.row_history import RowHistoryPages
from reader.correction.describing import describe, description_of, restore_description, shown_description
from reader.models import Volume


class VolumeForm(SeenForm):
    """A volume's description."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("title", "subtitle"):
            if name in self.fields:
                self.fields[name].widget.attrs["lang"] = self.instance.language

    def row_now(self) -> dict[str, Any]:
        """The description as it is."""
        return description_of(self.instance)

    def lock_row(self) -> None:
        """Let nobody else describe the volume."""
        Volume.objects.select_for_update(of=("self",)).get(pk=self.instance.pk)

    def texts_of(self, row: Mapping[str, Any]) -> dict[str, str]:
        """The fields of a description as texts."""
        return shown_description(row)


@admin.register(Volume)
class VolumeAdmin(RowHistoryPages, ImportedAdmin):
    """Volumes, whose description a person corrects."""

    form = VolumeForm
    change_form_template = "admin/reader/volume/change_form.html"
    list_display = ("title", "subtitle", "author", "year", "revision")
    search_fields = ("title", "subtitle", "author")
    of_text = ("title", "subtitle")
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
        "reason",
    )
    readonly_fields = ("slug", "revision")

    def get_fields(self, request: HttpRequest, obj: Volume | None = None) -> Any:
        """The fields; a reason only for a person who may change something."""
        if self.has_change_permission(request, obj):
            return super().get_fields(request, obj)
        return [name for name in super().get_fields(request, obj) if name != "reason"]

    def row_now(self, row: Volume) -> dict[str, Any]:
        """The description as it is."""
        return description_of(row)

    def texts_of(self, snapshot: Mapping[str, Any]) -> dict[str, str]:
        """The fields of a description as texts."""
        return shown_description(snapshot)

    def lock_row(self, row: Volume) -> None:
        """Let nobody else describe the volume."""
        Volume.objects.select_for_update(of=("self",)).get(pk=row.pk)

    def restore_row(self, request: HttpRequest, row: Volume, snapshot: dict[str, Any], reason: str) -> None:
        """Describe the volume as it was, and publish it."""
        restore_description(row, snapshot, by=account_of(request), reason=reason)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the description, and publish at once."""
        if form.changed_data:
            changes = self.construct_change_message(request, form, [])
            reason = form.cleaned_data["reason"]
            describe(obj, form.changed_data, by=account_of(request), reason=reason, log=changes)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Log nothing: the deed has written the log."""

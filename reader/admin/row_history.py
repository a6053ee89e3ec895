"""The history of a term or of a volume's description in the admin: every version, and how to restore one."""

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext

from glossary.versions import CannotRestore
from reader.admin.history import LoggedInEnglish, RestoreForm, reason_to_restore
from reader.correction.row_versions import RowHistory, field_changes
from reader.models import Volume


class RowHistoryPages(LoggedInEnglish):
    """The history of a row that is kept whole, in place of Django's own."""

    def row_now(self, row: Any) -> dict[str, Any]:
        """The row as it is in the database."""
        raise NotImplementedError

    def lock_row(self, row: Any) -> None:
        """Let nobody else save the row until the transaction ends."""
        raise NotImplementedError

    def texts_of(self, snapshot: Mapping[str, Any]) -> dict[str, str]:
        """The fields of a version as texts, by their names for persons."""
        raise NotImplementedError

    def language_of_row(self, row: Any) -> str:
        """The language of the row's words: that of the volume, or of the first volume of the term's glossary."""
        if isinstance(row, Volume):
            return row.language
        return str(row.glossary.volumes.values_list("language", flat=True).first() or "")

    def restore_row(self, request: HttpRequest, row: Any, snapshot: dict[str, Any], reason: str) -> None:
        """Make the row as it was, and publish. CannotRestore, with the reason, if it cannot be so."""
        raise NotImplementedError

    def get_urls(self) -> list[URLPattern]:
        """Django's addresses, and the one for restoring an old version."""
        restoring = path(
            "<int:pk>/history/<int:n>/restore/",
            self.admin_site.admin_view(self.restore_view),
            name=f"{self.opts.app_label}_{self.opts.model_name}_restore",
        )
        return [restoring, *super().get_urls()]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show a page of the versions, the last first, each with what it changed."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return super().history_view(request, object_id, extra_context)
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        history = RowHistory(row.versions, self.texts_of, request.GET.get("page", ""))
        now = self.row_now(row)
        context = {
            **self._history_context(request, row, gettext("History: %(name)s") % {"name": row}),
            "history": history,
            "current": [version.n for version in history.versions if version.snapshot == now],
            "can_restore": self.has_change_permission(request, row),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/reader/row_history.html", context)

    def restore_view(self, request: HttpRequest, pk: int, n: int) -> HttpResponse:
        """Show what restoring a version changes; restore it, as a new version that is published at once."""
        row = self.get_object(request, str(pk))
        if row is None:
            raise Http404
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        version = RowHistory(row.versions, self.texts_of).find(n)
        if version is None or not version.snapshot:
            raise Http404
        default = reason_to_restore(version.time)
        form = RestoreForm(request.POST or None, initial={"reason": default})
        is_overtaken, refused = False, ""
        if form.is_valid():
            try:
                with transaction.atomic():
                    self.lock_row(row)
                    is_overtaken = request.POST.get("seen", "") != json.dumps(self.row_now(row))
                    if not is_overtaken:
                        reason = form.cleaned_data["reason"] or default
                        self.restore_row(request, row, dict(version.snapshot), reason)
            except CannotRestore as error:
                refused = str(error)
            if not is_overtaken and not refused:
                done = gettext("Version %(number)s was restored, and readers see it.")
                messages.success(request, done % {"number": version.n})
                return HttpResponseRedirect(self._url_of("history", row))
        now = self.row_now(row)
        context = {
            **self._history_context(
                request, row, gettext("Restore version %(number)s: %(name)s") % {"number": n, "name": row}
            ),
            "form": form,
            "version": version,
            "seen": json.dumps(now),
            "is_overtaken": is_overtaken,
            "refused": refused,
            "changes": field_changes(self.texts_of(now), self.texts_of(version.snapshot)),
        }
        return TemplateResponse(request, "admin/reader/row_restore.html", context)

    def _history_context(self, request: HttpRequest, row: Any, title: str) -> dict[str, Any]:
        request.current_app = self.admin_site.name
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": None,
            "module_name": self.opts.verbose_name_plural,
            "object": row,
            "text_language": self.language_of_row(row),
            "opts": self.opts,
            "change_url": self._url_of("change", row),
            "history_url": self._url_of("history", row),
            "restore": f"admin:{self.opts.app_label}_{self.opts.model_name}_restore",
        }

    def _url_of(self, name: str, row: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=[row.pk])

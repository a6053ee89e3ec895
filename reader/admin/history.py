"""The history of a text in the admin: every version with its changes; two are compared, an old one is restored."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

from reader.admin.at_work import account_of
from reader.correction.correcting import Overtaken, Refused, correct, normalised
from reader.correction.sentences import marker_changes
from reader.correction.structure.deeds import parted_by
from reader.correction.versions import History, Version, changes_between
from reader.models import Correctable

# The format of times in templates/admin/reader/.
TIME = "j F Y, H:i"


class RestoreForm(forms.Form):
    """The reason for restoring an old version."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("Kept in the history, and shown to readers among the errata: name nobody."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The reason that is filled in is English.
        if (get_language() or "en") != "en":
            self.fields["reason"].widget.attrs["lang"] = "en"

    def clean_reason(self) -> str:
        """The reason in its stored form: one line."""
        return " ".join(normalised(self.cleaned_data["reason"]).split())


def reason_to_restore(time: datetime) -> str:
    """The reason for restoring the version of a time unless the person gives another: in English, as it is kept."""
    with override("en"):
        return f"restored the version of {date_format(localtime(time), TIME)}"


class LoggedInEnglish(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in its stubs alone
    """A screen that logs in English, in whatever language the person works: the log keeps the names of rows."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Log that a row was added."""
        with override("en"):
            return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Log that a row was changed."""
        with override("en"):
            return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Log that rows are deleted."""
        with override("en"):
            return super().log_deletions(request, queryset)


class HistoryPages(LoggedInEnglish):
    """The history of a text, in place of Django's own."""

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
        """Show a page of the versions, the last first, and compare the versions `from` and `to`. Nine statements."""
        text: Correctable | None = self.get_object(request, unquote(object_id))
        if text is None:
            # Django's own view says that the text is missing, and leads to the list.
            return super().history_view(request, object_id, extra_context)
        if not self.has_view_or_change_permission(request, text):
            raise PermissionDenied
        asked = request.GET
        history = History(text, asked.get("page", ""))
        compared = history.compared(asked.get("from", ""), asked.get("to", ""))
        before = compared.before.n if compared and compared.before else max(history.count - 1, 1)
        after = compared.after.n if compared else history.count
        context = {
            **self._context(request, text, gettext("History: %(name)s") % {"name": text}),
            "history": history,
            # The links to other pages do not compare.
            "compared": compared if "page" not in asked else None,
            "from": before,
            "to": after,
            "elsewhere": [
                (name, n) for name, n in (("from", before), ("to", after)) if n not in history.numbers
            ],
            "now": text.wording,
            "can_restore": self.has_change_permission(request, text),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/reader/history.html", context)

    def restore_view(self, request: HttpRequest, pk: int, n: int) -> HttpResponse:
        """Show the changes of restoring a version; restore it, as a new version that is published at once."""
        text: Correctable | None = self.get_object(request, str(pk))
        if text is None:
            raise Http404
        if not self.has_change_permission(request, text):
            raise PermissionDenied
        version = History(text).find(n)
        if version is None:
            raise Http404
        default = reason_to_restore(version.time)
        form = RestoreForm(request.POST or None, initial={"reason": default})
        is_overtaken = False
        deed = parted_by(text, version.time)
        if form.is_valid() and deed is None:
            try:
                self._restore(request, text, version, form.cleaned_data["reason"] or default)
            except Overtaken:
                is_overtaken = True
                text.refresh_from_db()
            else:
                return HttpResponseRedirect(self._url("history", text))
        now = text.wording
        context = {
            **self._context(
                request, text, gettext("Restore version %(number)s: %(name)s") % {"number": n, "name": text}
            ),
            "form": form,
            "version": version,
            "now": now,
            "is_overtaken": is_overtaken,
            "deed": deed,
            "changes": changes_between(now, version.reading),
            "markers": marker_changes(now, version.reading),
        }
        return TemplateResponse(request, "admin/reader/restore.html", context)

    def _restore(self, request: HttpRequest, text: Correctable, version: Version, reason: str) -> None:
        """Restore a version if the text still reads as it was shown, and tell the person the result."""
        # A browser sends every line end of a field as CR LF.
        seen = request.POST.get("seen", "").replace("\r\n", "\n")
        try:
            with transaction.atomic():
                is_changed = correct(
                    text,
                    version.reading,
                    seen=seen,
                    by=account_of(request),
                    reason=reason,
                    markers_are_meant=True,
                )
                if is_changed:
                    self.log_change(request, text, f"Restored version {version.n}.")
        except Refused as refused:
            messages.error(request, str(refused))
            return
        if not is_changed:
            said = gettext("The text reads as in version %(number)s already: nothing was changed.")
            messages.info(request, said % {"number": version.n})
            return
        done = gettext("Version %(number)s was restored, and readers see it.") % {"number": version.n}
        if markers := marker_changes(seen, version.reading):
            messages.warning(request, f"{done} {markers}")
        else:
            messages.success(request, done)

    def _context(self, request: HttpRequest, text: Correctable, title: str) -> dict[str, Any]:
        request.current_app = self.admin_site.name
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": None,
            "module_name": self.opts.verbose_name_plural,
            "object": text,
            "opts": self.opts,
            "change_url": self._url("change", text),
            "history_url": self._url("history", text),
            "restore": f"admin:{self.opts.app_label}_{self.opts.model_name}_restore",
        }

    def _url(self, name: str, text: Correctable) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=[text.pk])

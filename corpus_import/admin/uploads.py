"""Importing from the admin: a person uploads files, sees the changes that the import would make, and confirms them.

The work is done by a process of its own (`corpus_import/jobs/`): these pages start it, and show what its row says.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy, ngettext

from corpus_import.jobs import dry_run, process
from corpus_import.jobs.faults import refusal, refusal_kept
from corpus_import.jobs.reports import doubt_in_words
from corpus_import.jobs.sentences import NOT_STARTED, in_words
from corpus_import.jobs.watching import notice_ended
from corpus_import.models import Upload
from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.uploads import (
    LARGEST_UPLOAD,
    MANIFEST_KIND,
    MOST_FILES,
    READ,
    WITNESS_KINDS,
    Uploaded,
    read_upload,
)

# Names of buttons.
CANCEL, AGAIN = "_cancel", "_again"
# Name of the tick box by which a person accepts the doubts about a reading.
ACCEPT = "accept_doubts"
# The imports of one person that may be at work, or wait for it, at once.
MOST_ACTIVE = 5
# Seconds after which the page of an import at work is asked for again by the browser.
REFRESH = 2
# The query with which it is not.
STILL = "still"


class FilesInput(forms.FileInput):
    """An input for several files."""

    allow_multiple_selected = True


class FilesField(forms.Field):
    """A field for the files of a volume, or one zip of the files."""

    widget = FilesInput(
        attrs={"aria-describedby": "files-help", "accept": ",".join((".zip", MANIFEST_KIND, *WITNESS_KINDS))}
    )

    def clean(self, value: Sequence[Any]) -> Uploaded:
        """Read the uploaded files; raises ValidationError if they are not a whole volume."""
        if not value:
            raise forms.ValidationError(gettext("Choose the files, or one zip of them."))
        try:
            return read_upload([(file.name, file) for file in value])
        except ImportFault as fault:
            raise forms.ValidationError(refusal(fault)) from None


class UploadForm(forms.Form):
    """The form that takes the files of a volume."""

    sent = FilesField(label=gettext_lazy("Files"))


@admin.register(Upload)
class UploadAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in its stubs alone
    """Uploads. Only the person who made an upload sees it, and can only confirm, cancel or repeat its import."""

    list_display = ("name", "progress", "uploaded_at")
    actions = None

    class Media:
        css: ClassVar = {"all": ("admin-archive/upload.css",)}

    add_form_template = "admin/corpus_import/upload/add_form.html"
    change_form_template = "admin/corpus_import/upload/change_form.html"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """True for persons who may upload; get_queryset limits them to their own uploads."""
        return self.has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """False: an upload stays as it is."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """False: an upload is cancelled on its own page."""
        return False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """The person's own uploads, without the bytes of their files."""
        return super().get_queryset(request).filter(uploaded_by=_key_of(request)).defer("files")

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def progress(self, upload: Upload) -> str:
        """The state of an import in words, with what its process is doing, or what came of it."""
        if upload.state == Upload.State.DONE:
            return in_words(upload.said)
        detail = in_words(upload.step) if upload.is_active else _said_of(upload)
        state = upload.get_state_display()
        return format_html(gettext("{state}: {detail}"), state=state, detail=detail) if detail else str(state)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """List the person's imports with their states."""
        if self.has_view_permission(request):
            notice_ended()
        return super().changelist_view(request, {"title": gettext("Your imports"), **(extra_context or {})})

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Take files, and lead to the page that shows what becomes of them."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm()
        if request.method == "POST":
            form = UploadForm(request.POST, request.FILES)
            notice_ended()
            active = Upload.objects.filter(uploaded_by=_key_of(request), state__in=Upload.ACTIVE).count()
            if active >= MOST_ACTIVE:
                said = ngettext(
                    "%(number)s of your imports is not ready yet; wait for it, or cancel it.",
                    "%(number)s of your imports are not ready yet; wait for one, or cancel one.",
                    active,
                )
                form.add_error("sent", said % {"number": active})
            if form.is_valid():
                upload = self._keep(request, form.cleaned_data["sent"])
                return self._start(upload)
        context = {
            "title": gettext("Import a volume"),
            "add": True,
            "form": form,
            "errors": form.errors,
            "most_files": MOST_FILES,
            "largest": LARGEST_UPLOAD // 1_000_000,
            "read": gettext(READ),
        }
        return self._page(request, self.add_form_template, context, extra_context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show how far an import has come; confirm, cancel or repeat it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        upload: Upload | None = self.get_object(request, object_id)
        if upload is not None and upload.is_active and notice_ended():
            upload = self.get_object(request, object_id)
        if upload is None:
            missing: HttpResponse = self._get_obj_does_not_exist_redirect(  # type: ignore[attr-defined]
                request, self.opts, object_id
            )
            return missing
        is_another = upload.is_another
        if request.method == "POST":
            if CANCEL in request.POST:
                return self._cancel(request, upload)
            if AGAIN in request.POST:
                return self._try_again(upload, accepts_doubts=ACCEPT in request.POST)
            if upload.state != Upload.State.PLANNED:
                return HttpResponseRedirect(_address_of(upload))
            if self._confirm(upload, request.POST.get("shown", "")):
                return self._start(upload)
            is_another = True
        context: dict[str, Any] = {
            "title": gettext("Import a volume"),
            "subtitle": None,
            "original": upload,
            "said": _said_of(upload),
            "step": _step_of(upload),
            "is_another": is_another,
            "is_still": STILL in request.GET,
            **{"CANCEL": CANCEL, "AGAIN": AGAIN, "STILL": STILL, "REFRESH": REFRESH},
            "ACCEPT": ACCEPT,
        }
        if upload.state == Upload.State.PLANNED:
            context["dry_run"] = dry_run.in_words(upload.outcome)
        elif upload.state == Upload.State.FAILED:
            context["doubts"] = [doubt_in_words(doubt) for doubt in upload.outcome.get("doubts", [])]
        elif upload.state == Upload.State.DONE and upload.outcome["conflicts"]:
            context["conflicts"] = reverse(
                "admin:reader_conflict_changelist",
                query={"state__exact": "open", "volume__id__exact": upload.outcome["volume"]},
            )
        page = self._page(request, self.change_form_template, context, extra_context)
        if upload.is_active and not context["is_still"]:
            page.headers["Refresh"] = str(REFRESH)
        return page

    def _keep(self, request: HttpRequest, uploaded: Uploaded) -> Upload:
        """Keep an upload until it is confirmed, and remove old uploads that nobody confirmed."""
        with transaction.atomic():
            Upload.remove_old()
            return Upload.objects.create(
                name=uploaded.title,
                files=uploaded.pack(),
                contents=[(name, len(content)) for name, content in uploaded.files.items()],
                uploaded_by=_key_of(request),
            )

    def _start(self, upload: Upload) -> HttpResponse:
        """Start the process of an upload, and lead to its page."""
        try:
            process.start(upload.pk)
        except OSError as error:
            upload.fail(NOT_STARTED % {"error": error.strerror or error})
        return HttpResponseRedirect(_address_of(upload))

    def _confirm(self, upload: Upload, shown: str) -> bool:
        """Let an upload wait to be written; False if the plan is another one than the person was shown."""
        plan = upload.outcome
        if plan["is_empty"] or shown != plan["digest"]:
            return False
        upload.shown, upload.is_another = shown, False
        with transaction.atomic():
            now = Upload.objects.select_for_update().only("outcome").get(pk=upload.pk)
            return now.outcome == plan and upload.move(
                Upload.State.PLANNED, Upload.State.WAITING, "shown", "is_another"
            )

    def _try_again(self, upload: Upload, *, accepts_doubts: bool) -> HttpResponse:
        """Plan an import again whose process has ended without one, or was refused for doubts."""
        upload.shown, upload.said, upload.outcome, upload.accepts_doubts = "", "", {}, accepts_doubts
        fields = ("shown", "said", "outcome", "accepts_doubts")
        if upload.move(Upload.State.FAILED, Upload.State.WAITING, *fields):
            return self._start(upload)
        return HttpResponseRedirect(_address_of(upload))

    def _cancel(self, request: HttpRequest, upload: Upload) -> HttpResponse:
        """Remove an upload, whose process then stops and writes nothing; say so if it was written meanwhile."""
        was_done = upload.state == Upload.State.DONE
        with transaction.atomic():
            now = Upload.objects.select_for_update().defer("files", "outcome").filter(pk=upload.pk).first()
            if now is not None and now.state == Upload.State.DONE and not was_done:
                said = gettext("It was too late to cancel the import of “%(name)s”.")
                messages.warning(request, said % {"name": upload})
                return HttpResponseRedirect(_address_of(upload))
            upload.delete()
        said = (
            gettext("The import of “%(name)s” was removed from the list.")
            if was_done
            else gettext("The import of “%(name)s” was cancelled; nothing was written.")
        )
        messages.success(request, said % {"name": upload})
        return HttpResponseRedirect(reverse("admin:corpus_import_upload_changelist"))

    def _page(
        self,
        request: HttpRequest,
        template: str,
        context: dict[str, Any],
        extra_context: dict[str, Any] | None,
    ) -> TemplateResponse:
        request.current_app = self.admin_site.name  # as Django's own views do
        return TemplateResponse(
            request,
            template,
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "app_label": self.opts.app_label,
                "has_view_permission": True,
                **context,
                **(extra_context or {}),
            },
        )


def _said_of(upload: Upload) -> str:
    """What came of an upload, in words."""
    if upload.state == Upload.State.FAILED and "fault" in upload.outcome:
        return refusal_kept(upload.outcome["fault"])
    return in_words(upload.said)


def _step_of(upload: Upload) -> str:
    """What the process of an upload is doing, in words."""
    if upload.state == Upload.State.WAITING:
        return gettext("waiting until it is its turn")
    return in_words(upload.step) or gettext("beginning")


def _address_of(upload: Upload) -> str:
    return reverse("admin:corpus_import_upload_change", args=[upload.pk])


def _key_of(request: HttpRequest) -> int:
    return request.user.pk or 0

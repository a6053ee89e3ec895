"""Importing from the admin: a person uploads files, sees the changes that the import would make, and confirms them."""

import io
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import DataError, IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html

from corpus_import.admin.dry_run import DryRun, _key_of, fates_of
from corpus_import.loading.write import Loaded, PlanChanged, load_edition, plan_edition
from corpus_import.models import Upload
from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.elements import Draft
from corpus_import.parsing.pipeline import parse_volume
from corpus_import.uploads import (
    LARGEST_UPLOAD,
    MANIFEST_KIND,
    MOST_FILES,
    WITNESS_KINDS,
    Uploaded,
    read_upload,
)
from reader.models import Conflict, Volume
from reader.publishing.made_with import collect_static_files_once

CANCEL = "_cancel"


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
            raise forms.ValidationError("Choose the files, or one zip of them.")
        try:
            return read_upload([(file.name, file) for file in value])
        except ImportFault as fault:
            raise forms.ValidationError(str(fault)) from None


class UploadForm(forms.Form):
    """The form that takes the files of a volume."""

    sent = FilesField(label="Files")


@admin.register(Upload)
class UploadAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in its stubs alone
    """Uploads. Only the person who made an upload sees it, and can only confirm or cancel it."""

    list_display = ("name", "uploaded_at")
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

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Take files, and lead to the page with the changes that they would make."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm()
        if request.method == "POST":
            form = UploadForm(request.POST, request.FILES)
            if form.is_valid():
                upload = self._keep(request, form.cleaned_data["sent"])
                return HttpResponseRedirect(reverse("admin:corpus_import_upload_change", args=[upload.pk]))
        context = {
            "title": "Import a volume",
            "add": True,
            "form": form,
            "errors": form.errors,
            "most_files": MOST_FILES,
            "largest": LARGEST_UPLOAD // 1000,
            "witness_kinds": WITNESS_KINDS,
        }
        return self._page(request, self.add_form_template, context, extra_context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the changes that an upload would make; import or remove the upload."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        upload: Upload | None = self.get_object(request, object_id)
        if upload is None:
            missing: HttpResponse = self._get_obj_does_not_exist_redirect(  # type: ignore[attr-defined]
                request, self.opts, object_id
            )
            return missing
        if request.method == "POST" and CANCEL in request.POST:
            upload.delete()
            messages.success(request, f"The import of “{upload}” was cancelled; nothing was written.")
            return HttpResponseRedirect(reverse("admin:corpus_import_upload_changelist"))
        context: dict[str, Any] = {
            "title": "Import a volume",
            "subtitle": None,
            "original": upload,
            "CANCEL": CANCEL,
        }
        try:
            uploaded = read_upload([("upload.zip", io.BytesIO(upload.files))])
            context["files"] = [(name, len(content)) for name, content in uploaded.files.items()]
            with TemporaryDirectory() as folder:
                draft = parse_volume(uploaded.lay_out(Path(folder)))
            if request.method == "POST":
                return self._import(request, upload, draft)
            context["dry_run"] = DryRun(draft, plan_edition(draft))
        except ImportFault as fault:
            context["fault"] = fault
        except PlanChanged as changed:
            context["dry_run"], context["is_another"] = DryRun(draft, changed.plan), True
        except (DataError, IntegrityError) as error:
            context["fault"] = (
                f"The database refuses this volume ({str(error).splitlines()[0]}); nothing was written."
            )
        return self._page(request, self.change_form_template, context, extra_context)

    def _keep(self, request: HttpRequest, uploaded: Uploaded) -> Upload:
        """Keep an upload until it is confirmed, and remove old uploads that nobody confirmed."""
        with transaction.atomic():
            Upload.remove_old()
            return Upload.objects.create(
                name=uploaded.title, files=uploaded.pack(), uploaded_by=_key_of(request)
            )

    def _import(self, request: HttpRequest, upload: Upload, draft: Draft) -> HttpResponse:
        """Write the plan that the person was shown, and remove the upload in one transaction.

        Raises PlanChanged, and writes nothing, if the plan is another one now.
        """
        collect_static_files_once()
        with transaction.atomic():
            is_new = not Volume.objects.filter(slug=draft.manifest.slug).exists()
            loaded = load_edition(draft, shown=request.POST.get("shown", ""))
            if not loaded.is_unchanged:
                log = self.log_addition if is_new else self.log_change
                log(request, loaded.volume, " ".join(["Imported.", *loaded.plan.summary()]))
            upload.delete()
        self._say_what_was_done(request, loaded)
        return HttpResponseRedirect(reverse("admin:corpus_import_upload_changelist"))

    def _say_what_was_done(self, request: HttpRequest, loaded: Loaded) -> None:
        volume = loaded.volume
        counted = [
            f"{fate.label.lower()}: {len(fate.remarks)}" for fate in fates_of(loaded.plan) if fate.remarks
        ]
        messages.success(
            request,
            format_html(
                '“{}” was imported ({}). <a href="{}">Read it</a>.',
                volume,
                "nothing changed" if loaded.is_unchanged else ", ".join(counted) or "no text changed",
                volume.get_absolute_url(),
            ),
        )
        if waiting := volume.conflicts.filter(state=Conflict.State.OPEN).count():
            address = reverse(
                "admin:reader_conflict_changelist",
                query={"state__exact": "open", "volume__id__exact": volume.pk},
            )
            messages.warning(
                request,
                format_html('Conflicts that wait for a person: <a href="{}">{}</a>.', address, waiting),
            )

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

"""Correctors in the admin: their names for the apparatus, and the numbers of their corrections."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reader.admin.at_work import account_of
from reader.correction.correcting import normalised
from reader.correction.correctors import choose_name, work_of_all
from reader.edition.credits import names_of
from reader.models import Corrector
from reader.text.html import visible


class NameForm(forms.Form):
    """A name for the apparatus."""

    name = forms.CharField(
        label=_("Your name in the apparatus"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
        help_text=_("As readers shall see it. Leave it empty, and you are “an editor”."),
    )

    def clean_name(self) -> str:
        """The name as one line of visible characters."""
        name = " ".join(normalised(self.cleaned_data["name"]).split())
        if unseen := [character for character in name if visible(character) != character]:
            raise forms.ValidationError(
                gettext("The name has a character that nobody can see, %(character)s: type it again without.")
                % {"character": visible(unseen[0])}
            )
        return name


@admin.register(Corrector)
class CorrectorAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in its stubs alone
    """Two pages without a list: nobody sees or changes another person's name here."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Return False: there is no list."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: there is no list."""
        return False

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission

    def get_urls(self) -> list[URLPattern]:
        """Django's addresses, which nobody may use, and the two pages'."""
        view = self.admin_site.admin_view
        return [
            path("name/", view(self.name_view), name="reader_corrector_name"),
            path("corrections/", view(self.work_view), name="reader_correctors"),
            *super().get_urls(),
        ]

    def name_view(self, request: HttpRequest) -> HttpResponse:
        """Show and change the name of the account that is logged in; publish the name at once."""
        account = account_of(request)
        chosen = names_of([account.pk]).get(account.pk, "")
        form = NameForm(request.POST or None, initial={"name": chosen})
        if request.method == "POST" and form.is_valid():
            is_changed = choose_name(account.pk, form.cleaned_data["name"])
            name = form.cleaned_data["name"] or gettext("an editor")
            if is_changed:
                said = gettext("Readers see you as “%(name)s”.")
            else:
                said = gettext("Nothing was changed: readers see you as “%(name)s”.")
            messages.success(request, said % {"name": name})
            return HttpResponseRedirect(reverse("admin:reader_corrector_name"))
        context = {
            **self._context(request, gettext("Your name in the apparatus")),
            "form": form,
            "chosen": chosen,
        }
        return TemplateResponse(request, "admin/reader/corrector_name.html", context)

    def work_view(self, request: HttpRequest) -> HttpResponse:
        """Show the numbers of each person's corrections in each volume, the busiest first. Ten statements."""
        if not any(
            request.user.has_perm(f"reader.{permission}")
            for permission in ("change_paragraph", "view_paragraph", "set_level")
        ):
            raise PermissionDenied
        context = {**self._context(request, gettext("Who corrected how much")), "volumes": work_of_all()}
        return TemplateResponse(request, "admin/reader/corrector_work.html", context)

    def _context(self, request: HttpRequest, title: str) -> dict[str, Any]:
        request.current_app = self.admin_site.name
        return {**self.admin_site.each_context(request), "title": title, "subtitle": None, "opts": self.opts}

"""The login to the admin: a password, and a second factor (TOTP, RFC 6238) if the account or the archive has it."""

import base64
import io
from collections import Counter
from functools import wraps
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django_otp import login as remember_device
from django_otp.plugins.otp_totp.models import TOTPDevice

from bettelheim_site.at_work import show_at_work
from reader.text.unseen import name_of_character, unseen_in, without_unseen

# Posted fields that nobody types: what a text read when it was opened has to stay as it was.
AS_SENT = {"csrfmiddlewaretoken", "seen", "draft"}
# Addresses that are asked while a person types, and show no messages.
PREVIEWS = "/shown/"
# In a session: the name of the draft that was saved last.
SAVED_DRAFT = "saved_draft"
# In a session: this login is not complete without a code.
IS_DUE = "second_factor_is_due"


def note_second_factor(sender: Any, request: HttpRequest, user: Any, **rest: Any) -> None:
    """Note in a new session whether its account has a second factor, so that no page has to ask."""
    if TOTPDevice.objects.filter(user=user, confirmed=True).exists():
        request.session[IS_DUE] = True


def take_out_unseen(request: HttpRequest) -> None:
    """Take characters that nobody sees out of posted fields, and tell the person which they were."""
    posted = request.POST.copy()
    unseen: Counter[str] = Counter()
    for name, values in request.POST.lists():
        if name not in AS_SENT and "password" not in name:
            for value in values:
                unseen += unseen_in(value)
            posted.setlist(name, [without_unseen(value) for value in values])
    if not unseen:
        return
    request.POST = posted  # type: ignore[assignment]
    if not request.path.endswith(PREVIEWS):
        characters = ", ".join(f"{name_of_character(each)} ({count})" for each, count in unseen.items())
        messages.info(request, f"Characters that nobody sees were taken out of what was typed: {characters}.")


class CodeForm(forms.Form):
    """A form for the code of an authenticator app."""

    code = forms.RegexField(
        regex=r"^[0-9]{6}\Z",
        error_messages={"invalid": "A code has six digits."},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "maxlength": 6}
        ),
    )


class ArchiveAdminSite(AdminSite):
    """The admin, closed to a login that lacks its second factor."""

    site_header = site_title = "The archive"
    index_title = "At work"

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether this is an editor's complete login. No statement beside the middleware's."""
        if not super().has_permission(request):
            return False
        return not _is_code_due(request) or request.user.is_verified()  # type: ignore[union-attr]  # django_otp's middleware adds it

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Any page of the admin, with what is asked and posted made fit to be read.

        An address with a NUL, which no text has, is read without its query. Characters that nobody sees are taken out
        of what is posted, and the person is told.
        """
        page = super().admin_view(view, cacheable)

        @wraps(page)
        def checked(request: HttpRequest, *arguments: Any, **named: Any) -> Any:
            if "\0" in "".join(value for values in request.GET.lists() for value in (values[0], *values[1])):
                return redirect(request.path)
            draft = ""
            if request.method == "POST":
                take_out_unseen(request)
                draft = request.POST.get("draft", "") if self.has_permission(request) else ""
            answer = page(request, *arguments, **named)
            # A page that cannot be saved comes back; only what was saved leads on.
            if draft and 300 <= answer.status_code < 400:
                request.session[SAVED_DRAFT] = draft[:200]
            show_at_work(request, answer, is_at_work=self.has_permission(request))
            return answer

        return checked

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """The context of every page, with the draft that was just saved: the browser need not keep it any longer."""
        saved_draft = request.session.pop(SAVED_DRAFT, "") if SAVED_DRAFT in request.session else ""
        return {**super().each_context(request), "saved_draft": saved_draft}

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The admin's addresses, the second factor's, and those to which the reader's pages lead."""
        from reader.admin import from_page  # imported here: the screens register with this site

        return [
            *from_page.urls(self),
            path("second-factor/", never_cache(self.second_factor), name="second_factor"),
            path("second-factor/qr.svg", never_cache(self.qr_code), name="second_factor_qr"),
            *super().get_urls(),
        ]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Ask for the password; send a person who still needs a code on to the second factor."""
        if request.method == "GET" and super().has_permission(request) and not self.has_permission(request):
            return redirect(reverse("admin:second_factor", query={"next": _aim(request)}))
        answer = super().login(request, extra_context)
        if request.method == "POST":
            is_complete = super().has_permission(request) and not _is_code_due(request)
            show_at_work(request, answer, is_at_work=is_complete, is_new=True)
        return answer

    def second_factor(self, request: HttpRequest) -> HttpResponseBase:
        """Ask for a code; for an account without a device, first show the secret of a new one."""
        if not super().has_permission(request):
            return redirect("admin:login")
        if request.user.is_verified():  # type: ignore[union-attr]
            return redirect("admin:index")
        device = _device_of(request)
        form = CodeForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            if _accepts(device, form.cleaned_data["code"]):
                remember_device(request, device)
                answer = redirect(_aim(request))
                show_at_work(request, answer, is_at_work=True, is_new=True)
                return answer
            form.add_error("code", "That code is wrong or was used before: wait for the next one.")
        context = {
            **self.each_context(request),
            "title": "Second factor",
            "form": form,
            "next": _aim(request),
            "secret": "" if device.confirmed else base64.b32encode(device.bin_key).decode(),
        }
        return TemplateResponse(request, "admin/second_factor.html", context)

    def qr_code(self, request: HttpRequest) -> HttpResponseBase:
        """The secret of an unconfirmed device as a QR code."""
        if not super().has_permission(request) or (device := _device_of(request)).confirmed:
            return HttpResponse(status=404)
        picture = io.BytesIO()
        segno.make(device.config_url).save(picture, kind="svg", scale=5, light="#fff")
        return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


def _is_code_due(request: HttpRequest) -> bool:
    """Whether this login needs a code beside its password."""
    return bool(settings.ADMIN_REQUIRES_TOTP or request.session.get(IS_DUE, False))


def _device_of(request: HttpRequest) -> TOTPDevice:
    """The account's device: the confirmed one, else one that waits for its first code."""
    devices = TOTPDevice.objects.filter(user=request.user).order_by("-confirmed", "pk")
    return devices.first() or TOTPDevice.objects.create(user=request.user, name="app", confirmed=False)


def _accepts(device: TOTPDevice, code: str) -> bool:
    """Whether the code is the device's current one and unused. The first accepted code confirms the device.

    After a wrong code django_otp makes the account wait, twice as long each time.
    """
    with transaction.atomic():
        locked = TOTPDevice.objects.select_for_update().get(pk=device.pk)
        is_right: bool = locked.verify_token(code)
        if is_right and not locked.confirmed:
            locked.confirmed = True
            locked.save(update_fields=["confirmed"])
    return is_right


def _aim(request: HttpRequest) -> str:
    """The address within this archive to which a person wanted to go."""
    aim = request.POST.get("next") or request.GET.get("next") or ""
    is_here = url_has_allowed_host_and_scheme(aim, {request.get_host()}, require_https=request.is_secure())
    return aim if is_here else reverse("admin:index")

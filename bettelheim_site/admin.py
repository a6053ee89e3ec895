"""The login to the admin: a password, and a second factor (TOTP, RFC 6238) if the account or the archive has it."""

import base64
import io
from collections import Counter
from functools import wraps
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, gettext_lazy, gettext_noop
from django.views.csrf import csrf_failure as refused_as_forged
from django.views.decorators.cache import never_cache
from django_otp import login as remember_device
from django_otp.plugins.otp_totp.models import TOTPDevice

from bettelheim_site.at_work import show_at_work
from bettelheim_site.typed_again import (
    CARRIED,
    PREVIEWS,
    THROW_AWAY,
    Typed,
    forget,
    is_from_here,
    is_typed,
    keep,
    kept_for,
    page_to_show,
)
from reader.text.unseen import name_of_character, unseen_in, without_unseen

# Posted fields that nobody types: what a text read when it was opened has to stay as it was.
AS_SENT = {"csrfmiddlewaretoken", "seen", "draft", CARRIED}
# In a session: the name of the draft that was saved last.
SAVED_DRAFT = "saved_draft"
# In a session: this login is not complete without a code.
IS_DUE = "second_factor_is_due"
# In a session: the key of the device that takes the place of the account's present one when its first code comes.
RENEWS = "second_factor_renews"

# Messages of Django's own whose French does not fit each name that they get; our catalogue has others.
DJANGOS = (
    gettext_noop("Add %s"),
    gettext_noop("Change %s"),
    gettext_noop("View %s"),
    gettext_noop("Select %s to change"),
    gettext_noop("Select %s to view"),
    gettext_noop("Delete selected %(verbose_name_plural)s"),
)


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
        said = gettext("Characters that nobody sees were taken out of what was typed: %(characters)s.")
        messages.info(request, said % {"characters": characters})


class CodeForm(forms.Form):
    """A form for the code of an authenticator app."""

    code = forms.RegexField(
        label=gettext_lazy("Code"),
        regex=r"^[0-9]{6}\Z",
        error_messages={"invalid": gettext_lazy("A code has six digits.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "maxlength": 6}
        ),
    )


class ArchiveAdminSite(AdminSite):
    """The admin, closed to a login that lacks its second factor."""

    site_header = site_title = gettext_lazy("The archive")
    index_title = gettext_lazy("At work")

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether this is an editor's complete login. No statement beside the middleware's."""
        if not super().has_permission(request):
            return False
        return not _is_code_due(request) or _has_given_code(request)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Any page of the admin, with what is asked and posted made fit to be read.

        An address with a NUL, which no text has, is read without its query. Characters that nobody sees are taken out
        of what is posted, and the person is told. What was posted without a login is shown again after the login.
        """
        page = super().admin_view(view, cacheable)

        @wraps(page)
        def checked(request: HttpRequest, *arguments: Any, **named: Any) -> Any:
            if "\0" in "".join(value for values in request.GET.lists() for value in (values[0], *values[1])):
                return redirect(request.path)
            may = self.has_permission(request)
            if is_typed(request) and not may:
                return self.lead_back(request, Typed.sent(request))
            if request.method == "GET" and may and (typed := kept_for(request)):
                return self._shown_again(request, view, typed, arguments, named)
            draft = ""
            if request.method == "POST":
                take_out_unseen(request)
                draft = request.POST.get("draft", "") if may else ""
                if may and (was_kept := forget(request)) and THROW_AWAY in request.POST:
                    draft = was_kept
                if THROW_AWAY in request.POST:
                    request.session[SAVED_DRAFT] = draft[:200]
                    return redirect(request.get_full_path())
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
        return {
            **super().each_context(request),
            "saved_draft": saved_draft,
            "is_shown_again": getattr(request, "is_shown_again", False),
        }

    @method_decorator(never_cache)
    def lead_back(self, request: HttpRequest, typed: Typed) -> HttpResponseBase:
        """Lead to the page on which something was typed, if need be through the login."""
        if self.has_permission(request):
            keep(request, typed)
            return redirect(typed.address)
        if super().has_permission(request):
            return self._ask_for_code(request, CodeForm(), typed, status=403)
        context = {
            **self.each_context(request),
            "title": gettext("Log in"),
            "app_path": reverse("admin:login"),
            "next": typed.address,
            "form": AdminAuthenticationForm(request),
            "typed": typed,
        }
        return TemplateResponse(request, "admin/login.html", context, status=403)

    def _shown_again(
        self, request: HttpRequest, view: Any, typed: Typed, arguments: Any, named: Any
    ) -> HttpResponseBase:
        """The page with what was typed on it before the login; nothing is saved."""
        request.is_shown_again = True  # type: ignore[attr-defined]  # read by each_context
        if shown := page_to_show(view):
            page, button = shown
            # Django reads fields and files together, when either is first asked for, and would read the fields anew.
            _ = request.FILES
            request.method, request.POST = "POST", typed.posted(button)  # type: ignore[assignment]
            answer: HttpResponseBase = super().admin_view(page)(request, *arguments, **named)
            return answer
        return self._list_typed(request, typed)

    @method_decorator(never_cache)
    def _list_typed(self, request: HttpRequest, typed: Typed) -> HttpResponseBase:
        title = gettext("What you sent before the login")
        context = {**self.each_context(request), "title": title, "typed": typed}
        return TemplateResponse(request, "admin/typed_again.html", context)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The first page: the lists in which this person does something, and apart the lists to look at."""
        every = self.get_app_list(request)
        apart = {"app_list": _only(every, viewed=False), "looked_at": _only(every, viewed=True)}
        return super().index(request, {**apart, **(extra_context or {})})

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The admin's addresses, the second factor's, and those to which the reader's pages lead."""
        from reader.admin import from_page  # imported here: the screens register with this site

        return [
            *from_page.urls(self),
            path("second-factor/", never_cache(self.second_factor), name="second_factor"),
            path("second-factor/qr.svg", never_cache(self.qr_code), name="second_factor_qr"),
            *super().get_urls(),
        ]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override]
        """Ask for the password; send a person who still needs a code on to the second factor."""
        if request.method == "GET" and super().has_permission(request) and not self.has_permission(request):
            return redirect(reverse("admin:second_factor", query={"next": _aim(request)}))
        typed = Typed.carried(request)
        answer: HttpResponseBase = super().login(request, {**(extra_context or {}), "typed": typed})
        if typed and answer.status_code == 302:  # only a login that succeeded leads on
            answer = self.lead_back(request, typed)
        if request.method == "POST":
            is_complete = super().has_permission(request) and not _is_code_due(request)
            show_at_work(request, answer, is_at_work=is_complete, is_new=True)
        return answer

    def second_factor(self, request: HttpRequest) -> HttpResponseBase:
        """Ask for a code; for an account without a device, first show the secret of a new one.

        A login that has given its code gets the page where its device is renewed or removed.
        """
        if not super().has_permission(request):
            return redirect("admin:login")
        if _has_given_code(request):
            return self._own_device(request)
        typed = Typed.carried(request)
        form = CodeForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            device = _device_of(request)
            if _accepts(device, form.cleaned_data["code"]):
                remember_device(request, device)
                answer = self.lead_back(request, typed) if typed else redirect(_aim(request))
                show_at_work(request, answer, is_at_work=True, is_new=True)
                return answer
            form.add_error("code", gettext("That code is wrong or was used before: wait for the next one."))
        return self._ask_for_code(request, form, typed)

    def _ask_for_code(
        self, request: HttpRequest, form: CodeForm, typed: Typed | None = None, *, status: int = 200
    ) -> HttpResponseBase:
        device = _device_of(request)
        context = {
            **self.each_context(request),
            "title": gettext("Second factor"),
            "form": form,
            "next": typed.address if typed else _aim(request),
            "typed": typed,
            "secret": "" if device.confirmed else base64.b32encode(device.bin_key).decode(),
        }
        return TemplateResponse(request, "admin/second_factor.html", context, status=status)

    def _own_device(self, request: HttpRequest) -> HttpResponseBase:
        """The page where a person renews or removes the account's device, each with a code of the present one."""
        waiting = _waiting_device(request)
        form = CodeForm(request.POST if request.method == "POST" and "_keep" not in request.POST else None)
        if request.method == "POST" and "_keep" in request.POST:
            _end_renewal(request, waiting)
            return redirect("admin:second_factor")
        if form.is_valid():
            if "_remove" in request.POST and settings.ADMIN_REQUIRES_TOTP:
                form.add_error(
                    None, gettext("This archive asks every account for a second factor: renew it instead.")
                )
            elif _accepts(waiting or _device_of(request), form.cleaned_data["code"]):
                messages.success(request, _change_device(request, waiting))
                return redirect("admin:second_factor")
            else:
                form.add_error(
                    "code", gettext("That code is wrong or was used before: wait for the next one.")
                )
        context = {
            **self.each_context(request),
            "title": gettext("Second factor"),
            "form": form,
            "may_remove": not settings.ADMIN_REQUIRES_TOTP,
            "secret": base64.b32encode(waiting.bin_key).decode() if waiting else "",
        }
        return TemplateResponse(request, "admin/own_device.html", context)

    def refuse_token(self, request: HttpRequest, reason: str) -> HttpResponseBase:
        """Lead back to what was typed on a page whose token a later login made void; else refuse, as Django does."""
        typed = Typed.carried(request) or (Typed.sent(request) if is_typed(request) else None)
        if typed and is_from_here(request) and request.path.startswith(reverse("admin:index")):
            return self.lead_back(request, typed)
        return refused_as_forged(request, reason=reason)

    def qr_code(self, request: HttpRequest) -> HttpResponseBase:
        """The secret of an unconfirmed device as a QR code."""
        if not super().has_permission(request) or (device := _waiting_device(request)) is None:
            return HttpResponse(status=404)
        picture = io.BytesIO()
        segno.make(device.config_url).save(picture, kind="svg", scale=5, light="#fff")
        return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


def _only(apps: list[dict[str, Any]], *, viewed: bool) -> list[dict[str, Any]]:
    """The apps with the models that a person may only view, or with the others; no app without a model."""
    kept = [
        {**app, "models": [model for model in app["models"] if _is_only_viewed(model["perms"]) == viewed]}
        for app in apps
    ]
    return [app for app in kept if app["models"]]


def _is_only_viewed(may: dict[str, bool]) -> bool:
    return not (may["add"] or may["change"] or may["delete"])


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """The answer to a form without a valid token."""
    site = admin.site
    assert isinstance(site, ArchiveAdminSite)
    return site.refuse_token(request, reason)


def _has_given_code(request: HttpRequest) -> bool:
    """Whether the login has given the code of a device. A login of this very request has not met django_otp yet."""
    is_verified = getattr(request.user, "is_verified", None)
    return is_verified is not None and bool(is_verified())


def _is_code_due(request: HttpRequest) -> bool:
    """Whether this login needs a code beside its password."""
    return bool(settings.ADMIN_REQUIRES_TOTP or request.session.get(IS_DUE, False))


def _device_of(request: HttpRequest) -> TOTPDevice:
    """The account's device: the confirmed one, else one that waits for its first code."""
    devices = TOTPDevice.objects.filter(user=request.user).order_by("-confirmed", "pk")
    return devices.first() or TOTPDevice.objects.create(user=request.user, name="app", confirmed=False)


def _waiting_device(request: HttpRequest) -> TOTPDevice | None:
    """The device whose secret this login may see: it waits for its first code.

    Beside a confirmed device there is one only if this login has asked for it, with a code of the present device.
    """
    if _has_given_code(request):
        renews = request.session.get(RENEWS)
        return TOTPDevice.objects.filter(user=request.user, pk=renews, confirmed=False).first()
    device = _device_of(request)
    return None if device.confirmed else device


def _change_device(request: HttpRequest, waiting: TOTPDevice | None) -> str:
    """Do with the account's device what was asked for, after its code was accepted; say what was done."""
    own = TOTPDevice.objects.filter(user=request.user)
    if waiting is not None:
        own.exclude(pk=waiting.pk).delete()
        remember_device(request, waiting)
        request.session.pop(RENEWS, None)
        return gettext("The new device counts from now on, and the old one no longer.")
    if "_remove" in request.POST:
        own.delete()
        request.session.pop(IS_DUE, None)
        return gettext("The second factor was removed: the password alone opens this account.")
    own.filter(confirmed=False).delete()
    request.session[RENEWS] = own.create(user=request.user, name="app", confirmed=False).pk
    return gettext("Set up the new device; until its first code comes, the present one counts.")


def _end_renewal(request: HttpRequest, waiting: TOTPDevice | None) -> None:
    if waiting is not None:
        waiting.delete()
    request.session.pop(RENEWS, None)


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

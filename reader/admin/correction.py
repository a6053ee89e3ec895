"""The correction screen: one paragraph, note or head, with everything for putting it right."""

from dataclasses import dataclass
from typing import Any, TypeGuard

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.cache import get_conditional_response
from django.utils.decorators import method_decorator
from django.utils.http import quote_etag
from django.utils.translation import gettext, gettext_lazy, override
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST, require_safe

from reader.admin.at_work import account_of
from reader.admin.conflict_piece import DECIDE, TAKE_BOTH, both_texts, carry_out, pieces_of
from reader.admin.good_readings import may_call_good
from reader.admin.grid import GRID_BUTTONS, grid_of, is_table, read_grid
from reader.admin.history import HistoryPages
from reader.admin.levels import LevelActions
from reader.admin.reasons import reason_of, reasons_for, remember_reason
from reader.admin.shown import ShownAdmin
from reader.admin.structure import StructurePages, ways_at
from reader.correction import variants
from reader.correction.correcting import (
    Overtaken,
    Refused,
    correct,
    normalised,
    objection_to,
)
from reader.correction.correctors import user_names_of
from reader.correction.desk import around, desk_of, next_suspected, show
from reader.correction.levels import bring_to_level, levels_allowed
from reader.correction.pictures import CannotDraw, Picture, pictures_of
from reader.correction.reading import anchor_of
from reader.correction.suspects import (
    accept,
    dismiss,
    name_of,
    put_in,
    reopen,
)
from reader.models import Correctable, Deed, Level, Suspect, Text, Variant
from reader.text import markup
from reader.text.differences import Change, difference, shortened
from reader.text.markers import objection
from reader.text.merging import merge
from reader.text.readings import locate, reads_already

# Names of the form's buttons.
ACCEPT, PUT_RIGHT, DISMISS, REOPEN, LEVEL = "_accept", "_put_right", "_dismiss", "_reopen", "_level"
ANSWERS = {ACCEPT, PUT_RIGHT, DISMISS, REOPEN}
# Of a variant.
TAKE, KEEP, REOPEN_VARIANT = "_take", "_keep", "_reopen_variant"
ANSWERS_TO_VARIANTS = {TAKE, KEEP, REOPEN_VARIANT}
# The field with the objection that a person confirms.
OBJECTED = "objected"
# A picture whose address names its version stays with the browser of the person who may see it.
PICTURE_KEPT = f"private, max-age={7 * 24 * 3600}, immutable"
NOT_KEPT = {"Cache-Control": "no-store"}
# They show what is typed, and save nothing.
SHOWN_BUTTONS = {"_show", *GRID_BUTTONS}


class CorrectionForm(forms.Form):
    """The text that a person typed, the text before it, and the reason."""

    typed = forms.CharField(strip=False, required=False)
    seen = forms.CharField(strip=False, required=False)
    reason = forms.CharField(
        max_length=300,
        error_messages={"required": gettext_lazy("Say why, in a few words: the history keeps it.")},
    )
    markers_are_meant = forms.BooleanField(required=False)

    def clean_typed(self) -> str:
        """The typed text in its stored form."""
        return normalised(self.cleaned_data["typed"])

    def clean_seen(self) -> str:
        """The text before, with line feeds: a browser sends each line end as CR LF."""
        return str(self.cleaned_data["seen"]).replace("\r\n", "\n")


@dataclass(frozen=True, slots=True)
class Versions:
    """A text that two persons changed: the version of each, and both merged if they can be."""

    opened: str
    saved: list[Change]
    typed: list[Change]
    merged: str
    merge: list[Change]
    who: str


class CorrectionAdmin(HistoryPages, StructurePages, LevelActions, ShownAdmin):
    """Texts that only an import adds or removes; persons correct them on a screen of their own."""

    # The button that shows what was typed and saves nothing: after a login, bettelheim_site/typed_again.py presses it.
    SHOWS = "_show"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: texts come from witnesses."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: an imported text stays."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Django's addresses, the one for the preview during typing, and those of pictures of the source."""
        shown = path(
            "<int:pk>/shown/",
            self.admin_site.admin_view(self.shown_view),
            name=f"reader_{self.opts.model_name}_shown",
        )
        picture = path(
            "<int:pk>/picture/<int:n>/",
            # The browser may keep it: its address names its version.
            self.admin_site.admin_view(self.picture_view, cacheable=True),
            name=f"reader_{self.opts.model_name}_picture",
        )
        return [shown, picture, *super().get_urls()]

    @method_decorator(csrf_protect)
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show the correction screen, and carry out its buttons."""
        if object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        text = self._text(request, object_id)
        if not self.has_view_or_change_permission(request, text):
            raise PermissionDenied
        if text is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        if request.method != "POST":
            return self._screen(request, text, text.wording, "")
        if refusal := read_grid(request):
            messages.warning(request, refusal)
        if LEVEL in request.POST:
            return self._set_level(request, text)
        if not self.has_change_permission(request, text):
            raise PermissionDenied
        return self._posted(request, text)

    @method_decorator(require_POST)
    def shown_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A piece of the screen: the changes by the text that is being typed."""
        text = self._text(request, str(pk))
        if not self.has_view_or_change_permission(request, text):
            raise PermissionDenied
        if text is None:
            raise Http404
        read_grid(request)
        shown = show(text, normalised(request.POST.get("typed", "")))
        context = {
            "shown": shown,
            "volume": text.volume,
            "is_table": is_table(text),
            "markers_are_meant": _is_meant(request, shown.objection),
        }
        return TemplateResponse(request, "admin/reader/shown.html", context)

    @method_decorator(require_safe)
    def picture_view(self, request: HttpRequest, pk: int, n: int) -> HttpResponseBase:
        """The picture of the source's own page that shows lines of a text: its n-th. Drawn when it is asked for."""
        text = self._text(request, str(pk))
        if not self.has_view_or_change_permission(request, text):
            raise PermissionDenied
        pictures = pictures_of(text.volume_id, text.lines) if text is not None else ()
        if not 1 <= n <= len(pictures):
            raise Http404
        picture = pictures[n - 1]
        etag = quote_etag(picture.version)
        answer = get_conditional_response(request, etag=etag)
        if answer is None:
            try:
                answer = HttpResponse(picture.draw(), content_type="image/png")
            except CannotDraw as fault:
                return HttpResponse(
                    f"{fault}\n", status=503, content_type="text/plain; charset=utf-8", headers=NOT_KEPT
                )
        is_this_version = request.GET.get("v") == picture.version
        answer.headers["Cache-Control"] = PICTURE_KEPT if is_this_version else "private, no-cache"
        answer.headers["ETag"] = etag
        return answer

    def _text(self, request: HttpRequest, object_id: str) -> Any:
        """The text with its division and volume; None if it does not exist."""
        return self.get_object(request, object_id)

    def _posted(self, request: HttpRequest, text: Correctable) -> HttpResponse:
        form = CorrectionForm(request.POST)
        form.is_valid()
        typed = form.cleaned_data.setdefault("typed", normalised(request.POST.get("typed", "")))
        form.cleaned_data.setdefault("seen", "")
        if not _is_meant(request, objection_to(text, text.wording, typed)):
            form.cleaned_data["markers_are_meant"] = False
        if "_merge" in request.POST:
            typed = normalised(request.POST.get("merged", typed))
            return self._screen(request, text, typed, request.POST.get("reason", ""), is_merge=True)
        if TAKE_BOTH in request.POST:
            both = both_texts(text, request.POST[TAKE_BOTH])
            return self._screen(request, text, both, request.POST.get("reason", ""))
        if DECIDE in request.POST:
            return self._decide(request, text, typed, form)
        if not SHOWN_BUTTONS.isdisjoint(request.POST):
            return self._screen(request, text, typed, request.POST.get("reason", ""), form=form)
        if isinstance(text, Text) and (pressed := ANSWERS & request.POST.keys()):
            [answer] = pressed
            suspect = self._suspect(text, request.POST[answer])
            if answer == ACCEPT:
                return self._accept(request, text, suspect, form)
            if answer == PUT_RIGHT:
                return self._put_right(request, text, suspect, form)
            return self._dismiss_or_reopen(request, text, suspect, form, is_sound=answer == DISMISS)
        if isinstance(text, Text) and (pressed := ANSWERS_TO_VARIANTS & request.POST.keys()):
            [answer] = pressed
            return self._answer_variant(request, text, answer, form)
        is_unchanged = typed == form.cleaned_data["seen"] == text.wording
        if not form.is_valid() and not is_unchanged:
            return self._screen(request, text, typed, request.POST.get("reason", ""), form=form)
        return self._save(request, text, form, typed, form.cleaned_data.get("reason", ""))

    def _save(
        self,
        request: HttpRequest,
        text: Correctable,
        form: CorrectionForm,
        typed: str,
        reason: str,
        *,
        answers: Suspect | None = None,
    ) -> HttpResponse:
        try:
            is_changed = correct(
                text,
                typed,
                seen=form.cleaned_data["seen"],
                by=account_of(request),
                reason=reason,
                markers_are_meant=form.cleaned_data["markers_are_meant"],
                answers=answers,
            )
        except Refused as refused:
            form.add_error("typed", str(refused))
            return self._screen(request, text, typed, form.data.get("reason", ""), form=form)
        except Overtaken as overtaken:
            text = self._text(request, str(text.pk))
            versions = self._versions(text, form.cleaned_data["seen"], overtaken.saved, typed)
            return self._screen(
                request, text, typed, form.data.get("reason", ""), versions=versions, status=409
            )
        if answers is not None and not is_changed:
            form.add_error(
                "typed", gettext("Nothing was changed: correct the text, or call the suspect no fault.")
            )
            return self._screen(request, text, typed, form.data.get("reason", ""), form=form)
        if is_changed:
            if form.cleaned_data.get("reason"):
                remember_reason(request, form.cleaned_data["reason"])
            with override("en"):  # the log names the text in it
                self.log_change(request, text, reason)
            messages.success(request, gettext("Saved and published."))
        else:
            messages.info(request, gettext("Nothing was changed."))
        return HttpResponseRedirect(self._after(request, text))

    def _after(self, request: HttpRequest, text: Correctable) -> str:
        """The address to which the person wanted to go on."""
        aim: Correctable | None = None
        if "_next_suspect" in request.POST:
            is_answered = not (ANSWERS | ANSWERS_TO_VARIANTS).isdisjoint(request.POST)
            aim = next_suspected(text, or_here=is_answered)
        elif "_next" in request.POST:
            aim = around(text).next
        return change_url(aim or text)

    def _accept(
        self, request: HttpRequest, text: Text, suspect: Suspect, form: CorrectionForm
    ) -> HttpResponse:
        """Accept a suspect as the queue does; if something else was typed too, save it with the suggestion put in."""
        typed = form.cleaned_data["typed"]
        if typed == text.wording == form.cleaned_data["seen"]:
            accepted = accept([suspect], by=account_of(request))
            if accepted.refusals:
                form.add_error("typed", accepted.refusals[0])
                return self._screen(request, text, typed, form.data.get("reason", ""), form=form)
            said = gettext("%(name)s: accepted. Saved and published.")
            messages.success(request, said % {"name": name_of(suspect)})
            return HttpResponseRedirect(self._after(request, text))
        reason = reason_of(suspect, "accepted")
        if typed != text.wording:
            if "reason" not in form.cleaned_data:
                return self._screen(request, text, typed, form.data.get("reason", ""), form=form)
            reason = f"{form.cleaned_data['reason']}; {reason}"
        try:
            if not _is_typed(suspect, markup.plain(typed)):
                typed = put_in(suspect, typed)
        except Refused as refused:
            form.add_error("typed", str(refused))
            return self._screen(request, text, typed, form.data.get("reason", ""), form=form)
        return self._save(request, text, form, typed, reason, answers=suspect)

    def _put_right(
        self, request: HttpRequest, text: Text, suspect: Suspect, form: CorrectionForm
    ) -> HttpResponse:
        """Save the typed text, which puts right a suspect without a suggestion."""
        reason = form.cleaned_data.get("reason") or reason_of(suspect, "put right")
        return self._save(request, text, form, form.cleaned_data["typed"], reason, answers=suspect)

    def _dismiss_or_reopen(
        self,
        request: HttpRequest,
        text: Text,
        suspect: Suspect,
        form: CorrectionForm,
        *,
        is_sound: bool,
    ) -> HttpResponse:
        """Dismiss or reopen a suspect. The text that was typed meanwhile stays in the form."""
        by = account_of(request)
        count = dismiss([suspect], by=by) if is_sound else reopen([suspect], by=by)
        if count:
            said = gettext("%(name)s: not a fault.") if is_sound else gettext("%(name)s: opened again.")
            messages.success(request, said % {"name": name_of(suspect)})
        else:
            said = gettext("%(name)s: nothing was changed, it was answered meanwhile.")
            messages.warning(request, said % {"name": name_of(suspect)})
        typed = form.cleaned_data["typed"]
        if typed == text.wording:
            return HttpResponseRedirect(self._after(request, text))
        return self._screen(request, text, typed, form.data.get("reason", ""), form=form)

    def _answer_variant(
        self, request: HttpRequest, text: Text, answer: str, form: CorrectionForm
    ) -> HttpResponse:
        """Take the reading of a second witness, keep ours, or open the variant again. What was typed stays typed."""
        key = request.POST[answer]
        variant = Variant.objects.of_text(text).filter(pk=int(key)).first() if key.isdecimal() else None
        if variant is None:
            raise Http404
        typed, by = form.cleaned_data["typed"], account_of(request)
        is_typed = typed != text.wording
        changes_text = answer == TAKE or (
            answer == REOPEN_VARIANT and variant.state == variant.State.ACCEPTED
        )
        if changes_text and is_typed:
            form.add_error(
                "typed", gettext("Save the text first: this answer to the second witness changes it.")
            )
            return self._screen(request, text, typed, form.data.get("reason", ""), form=form)
        answered_meanwhile, done = gettext("%(name)s: it was answered meanwhile."), ""
        if answer == TAKE:
            accepted = variants.take([variant], by=by)
            if accepted.refusals:
                form.add_error("typed", accepted.refusals[0])
                return self._screen(request, text, typed, form.data.get("reason", ""), form=form)
            said = gettext("%(name)s: taken. Saved and published.")
        elif answer == KEEP:
            is_done = dismiss([variant], by=by)
            said = gettext("%(name)s: ours is kept.") if is_done else answered_meanwhile
        else:
            reopened = variants.reopen([variant], by=by)
            if reopened.refusals:
                form.add_error("typed", reopened.refusals[0])
                return self._screen(request, text, typed, form.data.get("reason", ""), form=form)
            for remark in reopened.remarks:
                messages.warning(request, remark)
            said = gettext("%(name)s: %(done)s.") if reopened.count else answered_meanwhile
            done = reopened.done
        messages.success(request, said % {"name": name_of(variant), "done": done})
        if is_typed:
            return self._screen(request, text, typed, form.data.get("reason", ""), form=form)
        return HttpResponseRedirect(self._after(request, text))

    def _decide(
        self, request: HttpRequest, text: Correctable, typed: str, form: CorrectionForm
    ) -> HttpResponse:
        """Decide a conflict of the text. What was typed and is in no text yet stays in the form."""
        reason = form.cleaned_data.get("reason", "")
        wording, is_meant = text.wording, bool(form.cleaned_data.get("markers_are_meant"))
        try:
            said = carry_out(request, text, typed, reason, markers_are_meant=is_meant)
        except Refused as refused:
            messages.error(request, str(refused))
            text = self._text(request, str(text.pk)) or text
            return self._screen(request, text, typed, form.data.get("reason", ""), status=409)
        messages.success(request, said)
        text = self._text(request, str(text.pk))
        if text is None:  # the decision removed it
            return HttpResponseRedirect(reverse("admin:reader_queue") + "?kind=conflict")
        if typed in (wording, text.wording):
            return HttpResponseRedirect(change_url(text))
        return self._screen(request, text, typed, form.data.get("reason", ""))

    def _set_level(self, request: HttpRequest, text: Correctable) -> HttpResponse:
        if not _may_level(text, request):
            raise PermissionDenied
        typed = normalised(request.POST.get("typed", text.wording))
        if typed != text.wording:
            said = gettext("Save the text first, then set its level: a change takes the level back.")
            messages.error(request, said)
            return self._screen(request, text, typed, request.POST.get("reason", ""))
        try:
            done = bring_to_level(
                type(text), [text.pk], request.POST[LEVEL], by=account_of(request), seen=typed
            )
            refusals = done.refusals
        except Overtaken:
            said = gettext("Somebody else saved this text meanwhile: read it again first.")
            messages.error(request, said)
            return HttpResponseRedirect(change_url(text))
        except Refused as refused:
            refusals = [str(refused)]
        for refusal in refusals:
            messages.error(request, refusal)
        if not refusals:
            level = Level(request.POST[LEVEL]).label
            said = gettext("%(name)s is %(level)s now.") % {"name": text.title, "level": level}
            messages.success(request, said)
        return HttpResponseRedirect(self._after(request, text))

    @staticmethod
    def _suspect(text: Text, key: str) -> Suspect:
        suspect = Suspect.objects.of_text(text).filter(pk=int(key)).first() if key.isdecimal() else None
        if suspect is None:
            raise Http404
        return suspect

    def _versions(self, text: Correctable, opened: str, saved: str, typed: str) -> Versions:
        merged = merge(opened, typed, saved) or ""
        if merged and objection(saved, merged, text.imported_wording):
            merged = ""
        last = text.history.first()
        account = last.history_user_id if last else None
        return Versions(
            opened=opened,
            saved=list(shortened(difference(opened, saved))),
            typed=list(shortened(difference(opened, typed))),
            merged=merged,
            merge=list(shortened(difference(saved, merged))) if merged else [],
            who=user_names_of([account])[account] if account else gettext("An import"),
        )

    def _screen(
        self,
        request: HttpRequest,
        text: Correctable,
        typed: str,
        reason: str,
        *,
        form: CorrectionForm | None = None,
        versions: Versions | None = None,
        is_merge: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        saved = text.wording
        opened = saved
        if form is not None and "seen" in form.cleaned_data:
            opened = form.cleaned_data["seen"]
        if versions is not None or is_merge:
            opened = saved if versions is not None else request.POST.get("seen", saved).replace("\r\n", "\n")
        desk = desk_of(text)
        context = {
            **self.admin_site.each_context(request),
            "is_nav_sidebar_enabled": False,
            "title": text.title,
            "opts": self.opts,
            "original": text,
            "has_view_permission": self.has_view_permission(request),
            "may_change": self.has_change_permission(request, text),
            "volume": text.volume,
            "typed": typed,
            "seen": opened,
            "reason": reason,
            "reasons": reasons_for(request),
            "draft": request.POST.get("draft", ""),
            "errors": form.errors
            if form is not None and form.is_bound and SHOWN_BUTTONS.isdisjoint(request.POST)
            else {},
            "markers_are_meant": bool(form and form.cleaned_data.get("markers_are_meant")),
            "versions": versions,
            "desk": desk,
            "pictures": [(picture, picture_url(text, picture)) for picture in desk.pictures],
            "structure_ways": ways_at(text) if self.has_change_permission(request, text) else [],
            "deeds": Deed.objects.in_force().of_row(text),
            "conflicts": pieces_of(desk.conflicts),
            "shown": show(text, typed, desk.suspects),
            "may_call_good": may_call_good(request),
            "is_table": is_table(text),
            "grid": grid_of(text, typed, request.POST),
            "level": text.level_name,
            "levels": levels_allowed(text, account_of(request).pk) if _may_level(text, request) else [],
            "urls": {
                "shown": reverse(f"admin:reader_{self.opts.model_name}_shown", args=[text.pk]),
                "history": reverse(f"admin:reader_{self.opts.model_name}_history", args=[text.pk]),
                "reader": text.get_absolute_url(),
                "reading": reading_url(text),
                "previous": change_url(desk.around.previous),
                "next": change_url(desk.around.next),
                "suspected_before": change_url(desk.around.suspected_before),
                "suspected": change_url(desk.around.suspected),
            },
        }
        return TemplateResponse(request, "admin/reader/correction.html", context, status=status)


def _is_typed(suspect: Suspect, typed: str) -> bool:
    """Whether a person typed the suggestion already."""
    span = locate(typed, suspect.reading, suspect.context)
    return span is not None and bool(suspect.suggestion) and reads_already(typed, span, suspect.suggestion)


def _may_level(text: Correctable, request: HttpRequest) -> TypeGuard[Text]:
    return isinstance(text, Text) and request.user.has_perm("reader.set_level")


def _is_meant(request: HttpRequest, objection: str) -> bool:
    """Whether a person confirmed the objection, and not another that the page showed before more was typed."""
    return "markers_are_meant" in request.POST and request.POST.get(OBJECTED, objection) == objection


def reading_url(text: Correctable) -> str:
    """The address of a text on the page on which its chapter is read through."""
    chapter = text.page_division()
    return f"{reverse('admin:reader_division_reading', args=[chapter.pk])}#{anchor_of(text)}"


def picture_url(text: Correctable, picture: Picture) -> str:
    """The address of a picture of the source's page beside a text, with its version."""
    address = reverse(f"admin:reader_{text.called}_picture", args=[text.pk, picture.n])
    return f"{address}?v={picture.version}"


def change_url(text: Correctable | None) -> str:
    """The address of a text's correction screen; empty without a text."""
    return reverse(f"admin:reader_{text.called}_change", args=[text.pk]) if text else ""

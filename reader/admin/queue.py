"""The queue in the admin: questions are listed, filtered, accepted after a preview, dismissed, reopened."""

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext, npgettext_lazy
from django.utils.translation import gettext_lazy as _

from reader.admin.at_work import account_of
from reader.admin.good_readings import may_call_good
from reader.admin.read_only import ReadOnlyAdmin
from reader.admin.supplying import may_supply, supply_url
from reader.correction import candidates, italics, suspects, variants
from reader.correction.queue import codes
from reader.correction.queue.choices import Asked
from reader.correction.queue.kinds import CANDIDATES, DIAGNOSTICS, GAPS, ITALICS, KINDS, SUSPECTS, VARIANTS
from reader.correction.queue.queue import Queue
from reader.correction.queue.rows import Row
from reader.edition.interface import grouped
from reader.edition.told import evidence_of_suspect
from reader.models import Candidate, Italic, Question, Suspect, Variant
from reader.text.markup import plain

# What was done where the log has other words for it.
AS_IT_IS, UPRIGHT_AGAIN, SEEN = "as it is", "upright again", "seen"
# The actions of buttons for one row or the ticked rows; `settle` gives the answer of the row's kind.
ACCEPT, ANSWER, REOPEN, PREVIEW = "accept", "settle", "reopen", "preview"
TICKED = "ticked"
# The question of the preview, and what the message says, by the kind; of suspects those below.
_QUESTIONS = {
    VARIANTS.name: _("Take these readings?"),
    ITALICS.name: _("Set these words in italics?"),
}
_ACCEPTED = {VARIANTS.name: suspects.TAKEN, ITALICS.name: italics.SET}
# What was done, as a message about one row and about several says it: by the kind, and by the words of the log.
_DONE: dict[tuple[str, str], Any] = {
    (SUSPECTS.name, suspects.ACCEPTED): npgettext_lazy("answer to a suspect", "accepted", "accepted"),
    (SUSPECTS.name, suspects.DISMISSED): npgettext_lazy("answer to a suspect", "not a fault", "not a fault"),
    (SUSPECTS.name, AS_IT_IS): npgettext_lazy(
        "answer to a suspect",
        "opened again; the text stays as it is",
        "opened again; the text stays as it is",
    ),
    (VARIANTS.name, suspects.TAKEN): npgettext_lazy("answer to a variant", "taken", "taken"),
    (VARIANTS.name, suspects.KEPT): npgettext_lazy("answer to a variant", "ours is kept", "ours is kept"),
    (VARIANTS.name, suspects.OPEN_AGAIN): npgettext_lazy(
        "answer to a variant", "opened again", "opened again"
    ),
    (ITALICS.name, italics.SET): npgettext_lazy(
        "answer to a lost italic", "set in italics", "set in italics"
    ),
    (ITALICS.name, italics.UPRIGHT): npgettext_lazy(
        "answer to a lost italic", "left upright", "left upright"
    ),
    (ITALICS.name, UPRIGHT_AGAIN): npgettext_lazy(
        "answer to a lost italic",
        "opened again; the words are upright",
        "opened again; the words are upright",
    ),
    (GAPS.name, SEEN): npgettext_lazy("answer to a missing note", "known to be lost", "known to be lost"),
    (GAPS.name, suspects.OPEN_AGAIN): npgettext_lazy(
        "answer to a missing note", "opened again", "opened again"
    ),
    (DIAGNOSTICS.name, SEEN): npgettext_lazy("answer to a diagnostic", "seen", "seen"),
    (DIAGNOSTICS.name, suspects.OPEN_AGAIN): npgettext_lazy(
        "answer to a diagnostic", "opened again", "opened again"
    ),
    (CANDIDATES.name, candidates.ACCEPTED): npgettext_lazy("answer to a candidate", "accepted", "accepted"),
    (CANDIDATES.name, candidates.REFUSED): npgettext_lazy("answer to a candidate", "refused", "refused"),
    (CANDIDATES.name, candidates.OPEN_AGAIN): npgettext_lazy(
        "answer to a candidate", "opened again", "opened again"
    ),
}
# Behind the key of a variant: all that belong together with it.
TOGETHER = " together"
# Of what a second witness reads for the words of a suspect.
TAKE = "take"
# The largest number of shown reasons; the others are counted.
REASONS = 10


@admin.register(Suspect)
class SuspectAdmin(ReadOnlyAdmin):
    """Readings that look wrong, and the queue of all questions for persons."""

    list_display = ("line", "code", "reading", "suggestion", "state", "volume")
    list_filter = ("volume", "state", "code")
    list_select_related = ("volume",)
    search_fields = ("reading", "suggestion")
    of_text = ("reading", "suggestion")
    in_words: ClassVar = {"code": partial(codes.in_words, "suspect"), "evidence": evidence_of_suspect}

    def get_urls(self) -> list[URLPattern]:
        """Django's addresses, and the queue's before them."""
        view = self.admin_site.admin_view(self.queue_view)
        return [path("queue/", view, name="reader_queue"), *super().get_urls()]

    def queue_view(self, request: HttpRequest) -> HttpResponse:
        """Show the selected part of the queue; carry out a posted action, and lead back to its place."""
        user = request.user
        kinds = [kind for kind in KINDS.values() if kind.may(user, "view") or kind.may(user, "change")]
        asked = Asked(**{name: request.GET.get(name, "") for name in Asked.__dataclass_fields__})
        if not kinds or (asked.kind in KINDS and KINDS[asked.kind] not in kinds):
            raise PermissionDenied
        shown = Queue(asked, kinds)
        if request.method != "POST":
            return self._page(request, shown)
        if not (shown.kind.seen and shown.kind.may(user, "change")):
            raise PermissionDenied
        if request.POST.get(TICKED) == PREVIEW and shown.kind.accept and shown.kind is not CANDIDATES:
            return self._preview(request, shown)
        if TAKE in request.POST and shown.kind is SUSPECTS:
            return self._take_other(request, shown)
        return self._carry_out(request, shown)

    def _page(self, request: HttpRequest, shown: Queue) -> HttpResponse:
        rows = shown.rows()
        may_answer = bool(shown.kind.seen) and shown.kind.may(request.user, "change")
        may_correct = _may_correct(request)
        may_take = may_correct if VARIANTS.may(request.user, "change") else dict.fromkeys(may_correct, False)
        if any(not row.is_open for row in rows):
            names = _names_of_answerers(shown, [row.pk for row in rows if not row.is_open])
            for row in rows:
                row.settled_by = row.settled_by or names.get(row.pk, "")
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Queue"),
            "is_nav_sidebar_enabled": False,
            "opts": self.opts,
            "queue": shown,
            "rows": rows,
            "supply_url": _supply_url(request, shown),
            "may_settle": may_answer,
            "may_call_good": may_call_good(request),
            "acceptable": {row.pk for row in rows if may_answer and _acceptable(shown, row, may_correct)},
            "takeable": {row.pk for row in rows if row.others and may_take[row.stands_in]},
            "leading": {row.pk for row in rows if _may_open(request, row)},
            "can_be_opened": {row.pk for row in rows if may_answer and not row.is_open},
        }
        return TemplateResponse(request, "admin/reader/queue.html", context)

    def _preview(self, request: HttpRequest, shown: Queue) -> HttpResponse:
        """Show the changes of accepting the ticked rows, each in its sentence."""
        keys = _keys(request.POST.getlist("row"))
        rows = shown.shown(shown.in_order(_of_volume(shown).filter(pk__in=keys)))
        may_correct = _may_correct(request)
        can = [row for row in rows if _acceptable(shown, row, may_correct)]
        if not can:
            messages.warning(
                request,
                gettext("None of these can be accepted: %(reasons)s")
                % {"reasons": "; ".join(_named(row.name, _why(row)) for row in rows[:REASONS])}
                if rows
                else gettext("Tick what you accept first."),
            )
            return HttpResponseRedirect(self._address(shown))
        context = {
            **self.admin_site.each_context(request),
            "title": _QUESTIONS.get(shown.kind.name, _("Accept these suggestions?")),
            "is_nav_sidebar_enabled": False,
            "opts": self.opts,
            "queue": shown,
            "rows": can,
            "left": [(row, _why(row)) for row in rows if row not in can],
            "back": self._address(shown),
        }
        return TemplateResponse(request, "admin/reader/queue_preview.html", context)

    def _carry_out(self, request: HttpRequest, shown: Queue) -> HttpResponse:
        """Answer one row or the ticked rows, and go back to their place."""
        action, keys, single = _asked_for(request)
        on_page = shown.keys_on_page() if single else []
        pressed, seen_together = keys[:1], {}
        if single and shown.kind is VARIANTS and request.POST[action].endswith(TOGETHER):
            seen_together = _seen_together(shown, pressed, request.POST.get(f"key-{pressed[0]}", ""))
            keys = [*seen_together]
        asked: Any = Variant.objects if seen_together else _of_volume(shown)
        rows = list(asked.filter(pk__in=keys))
        by = account_of(request)
        if not action or not rows:
            messages.warning(request, gettext("Nothing was ticked."))
        elif not shown.kind.accept:
            state = "open" if action == REOPEN else "dismissed"
            count = suspects.set_state(rows, state, by=by)
            _say(request, shown, rows, count, suspects.OPEN_AGAIN if action == REOPEN else SEEN)
        elif shown.kind is CANDIDATES:
            _answer_candidates(request, shown, rows, action)
        elif action == ACCEPT:
            seen = seen_together or {key: request.POST.get(f"key-{key}", "") for key in keys}
            allowed = [row for row in rows if _may_correct(request)[_text_of(row)]]
            if not allowed:
                raise PermissionDenied
            if shown.kind is VARIANTS:
                accepted = variants.take(allowed, by=by, seen=seen)
            elif shown.kind is ITALICS:
                accepted = italics.accept(allowed, by=by, seen=seen)
            else:
                accepted = suspects.accept(allowed, by=by, seen=seen)
            if accepted.count or not accepted.refusals:
                done = _ACCEPTED.get(shown.kind.name, suspects.ACCEPTED)
                _say(request, shown, allowed, accepted.count, done)
            _say_refusals(request, accepted.refusals)
        elif action == ANSWER and shown.kind is ITALICS:
            _say(request, shown, rows, italics.dismiss(rows, by=by), italics.UPRIGHT)
        elif action == ANSWER:
            done = suspects.KEPT if shown.kind is VARIANTS else suspects.DISMISSED
            _say(request, shown, rows, suspects.dismiss(rows, by=by), done)
        elif shown.kind is ITALICS:
            _say(request, shown, rows, self._taken_back(request, rows), UPRIGHT_AGAIN)
        elif shown.kind is VARIANTS:
            may_correct = _may_correct(request)
            if any(
                row.state == "accepted" and _text_of(row) and not may_correct[_text_of(row)] for row in rows
            ):
                raise PermissionDenied
            reopened = variants.reopen(rows, by=by)
            if reopened.count or not reopened.refusals:
                _say(request, shown, rows, reopened.count, reopened.done)
            _say_refusals(request, [*reopened.refusals, *reopened.remarks])
        else:
            _say(request, shown, rows, suspects.reopen(rows, by=by), AS_IT_IS)
        return HttpResponseRedirect(
            self._address(shown, _row_after(shown, on_page, pressed if single else keys))
        )

    def _take_other(self, request: HttpRequest, shown: Queue) -> HttpResponse:
        """Take what a second witness reads for the words of a suspect, and go on with the next suspect."""
        keys = _keys([request.POST[TAKE]])
        variant = (
            Variant.objects.of_volume(shown.volume).filter(pk__in=keys).first() if shown.volume else None
        )
        if variant is None:
            raise Http404
        if not (VARIANTS.may(request.user, "change") and _may_correct(request)[_text_of(variant)]):
            raise PermissionDenied
        before = shown.keys_on_page()
        key = request.POST.get(f"other-key-{variant.pk}", "")
        taken = variants.take([variant], by=account_of(request), seen={variant.pk: key})
        if taken.count:
            done = str(_DONE[VARIANTS.name, suspects.TAKEN] % 1)
            messages.success(request, _sentence(suspects.name_of(variant), done))
        _say_refusals(request, taken.refusals)
        gone = [pk for pk in before if pk not in set(shown.keys_on_page())]
        return HttpResponseRedirect(self._address(shown, _row_after(shown, before, gone[:1])))

    def _taken_back(self, request: HttpRequest, rows: Sequence[Italic]) -> int:
        """Open lost italics again; those of texts that the person may not change stay as they are."""
        may_correct = _may_correct(request)
        allowed = [
            row
            for row in rows
            if row.state != Italic.State.ACCEPTED or not row.text or may_correct[_text_of(row)]
        ]
        if not allowed:
            raise PermissionDenied
        return italics.reopen(allowed, by=account_of(request))

    def _address(self, shown: Queue, anchor: str = "") -> str:
        return reverse("admin:reader_queue") + shown.asked.address() + anchor


def _names_of_answerers(shown: Queue, keys: Sequence[int]) -> dict[int, str]:
    """The user names of the persons who last answered rows, by the rows' keys, as far as logged. One statement."""
    meta = shown.kind.model._meta
    entries = LogEntry.objects.filter(
        content_type__app_label=meta.app_label,
        content_type__model=meta.model_name,
        object_id__in=[str(key) for key in keys],
    )
    rows = entries.order_by("action_time", "pk").values_list("object_id", "user__username")
    return {int(key or 0): name for key, name in rows}


def _may_correct(request: HttpRequest) -> dict[str, bool]:
    """Whether a person may change paragraphs, and notes; nobody may change a row outside of them."""
    may = {name: request.user.has_perm(f"reader.change_{name}") for name in ("paragraph", "note")}
    return {**may, "candidate": request.user.has_perm("glossary.add_term"), "": False}


def _answer_candidates(request: HttpRequest, shown: Queue, rows: Sequence[Candidate], action: str) -> None:
    """Accept candidates as terms, refuse them, or open them again."""
    by, these = account_of(request), Candidate.objects.filter(pk__in=[row.pk for row in rows])
    if action == ACCEPT:
        if not _may_correct(request)["candidate"]:
            raise PermissionDenied
        waiting = these.exclude(state=Candidate.State.ACCEPTED).select_related("volume__glossary")
        accepted = candidates.accept_all(waiting, by=by)
        if accepted.terms or not accepted.refusals:
            _say(request, shown, rows, len(accepted.terms), candidates.ACCEPTED)
        _say_refusals(request, [_named(row.headword, str(error)) for row, error in accepted.refusals])
    elif action == ANSWER:
        _say(request, shown, rows, candidates.refuse(these, by=by), candidates.REFUSED)
    else:
        _say(request, shown, rows, candidates.reopen(these, by=by), candidates.OPEN_AGAIN)


def _text_of(row: Question | Italic) -> str:
    return "paragraph" if row.paragraph_id else "note" if row.note_id else ""


def _acceptable(shown: Queue, row: Row, may_correct: dict[str, bool]) -> bool:
    return bool(shown.kind.accept) and not row.objection and may_correct[row.stands_in]


def _why(row: Row) -> str:
    return row.objection or gettext("you may not change that text")


def _may_open(request: HttpRequest, row: Row) -> bool:
    """Whether a person may see the page that a row leads to."""
    return bool(row.leads_to) and any(
        request.user.has_perm(f"reader.{action}_{row.stands_in}") for action in ("view", "change")
    )


def _of_volume(shown: Queue) -> Any:
    """All rows of the shown kind and volume: posted rows may stand on another page by now."""
    return shown.kind.rows(shown.volume) if shown.volume else shown.kind.model._default_manager.none()


def _asked_for(request: HttpRequest) -> tuple[str, list[int], bool]:
    """The action of a button, its rows, and whether it is the button of one row."""
    for action in (ACCEPT, ANSWER, REOPEN):
        if action in request.POST:
            return action, _keys([request.POST[action].removesuffix(TOGETHER)]), True
    action = request.POST.get(TICKED, "")
    return (action if action in (ACCEPT, ANSWER, REOPEN) else ""), _keys(request.POST.getlist("row")), False


def _seen_together(shown: Queue, pressed: Sequence[int], key: str) -> dict[int, str]:
    """The variants that belong together with a pressed one, each with the key of its sentence as it is now.

    The pressed one has the key that was shown: where its sentence was changed since, it stands alone, to be refused.
    """
    variant = _of_volume(shown).filter(pk__in=pressed).select_related("paragraph", "note").first()
    if variant is None or variant.text is None:
        return dict.fromkeys(pressed, key)
    read = plain(variant.text.text)
    if variant.state == "open" and key != suspects.offer_of(variant, read).key:
        return {variant.pk: key}
    return {row.pk: suspects.offer_of(row, read).key for row in variants.together_with(variant)}


def _supply_url(request: HttpRequest, shown: Queue) -> str:
    """Where the missing notes that are shown are written in; empty for other kinds, or for persons who may not."""
    if shown.kind is not GAPS or not may_supply(request):
        return ""
    chapter = next((each for each in shown.divisions if each.is_page and each.slug == shown.chapter), None)
    return supply_url(chapter) if chapter else reverse("admin:reader_note_supply")


def _keys(posted: Sequence[str]) -> list[int]:
    return [int(each) for each in posted if each.isdecimal() and len(each) < 19]


def _row_after(shown: Queue, on_page: Sequence[int], keys: Sequence[int]) -> str:
    """The row to go on with after an answer: the answered one if all states are listed, else the next one."""
    if len(keys) != 1 or keys[0] not in on_page:
        return ""
    at = on_page.index(keys[0])
    stays = keys[0] in shown.keys_on_page()
    rest = on_page[at:] if stays else [*on_page[at + 1 :], *on_page[:at][-1:]]
    return f"#{shown.kind.name}-{rest[0]}" if rest else ""


def _say_refusals(request: HttpRequest, refusals: Sequence[str]) -> None:
    for refusal in refusals[:REASONS]:
        messages.warning(request, gettext("Left as it is: %(reason)s") % {"reason": refusal})
    if (more := len(refusals) - REASONS) > 0:
        said = ngettext(
            "And %(count)s more were left as they are.", "And %(count)s more were left as they are.", more
        )
        messages.warning(request, said % {"count": more})


def _say(request: HttpRequest, shown: Queue, rows: Sequence[Any], count: int, done: str) -> None:
    if not count:
        messages.warning(request, gettext("Nothing was changed: it was settled meanwhile."))
    elif len(rows) == 1:
        [row] = rows
        if isinstance(row, Italic):
            name = italics.name_of_row(row)
        else:
            name = suspects.name_of(row) if isinstance(row, Question) else str(row)
        messages.success(request, _sentence(name, _done(shown, done, 1)))
    else:
        messages.success(request, _all_done(shown, done, count))


def _done(shown: Queue, done: str, count: int) -> str:
    """What was done to so many rows, in words."""
    words = _DONE.get((shown.kind.name, done))
    return str(words % count) if words else done


def _all_done(shown: Queue, done: str, count: int) -> str:
    return gettext("%(kind)s: %(count)s %(done)s.") % {
        "kind": shown.kind.title,
        "count": grouped(count),
        "done": _done(shown, done, count),
    }


def _sentence(name: str, done: str) -> str:
    return gettext("%(name)s: %(done)s.") % {"name": name, "done": done}


def _named(name: str, reason: str) -> str:
    return gettext("%(name)s: %(reason)s") % {"name": name, "reason": reason}

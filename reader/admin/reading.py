"""Reading a chapter through: all its texts on one page, each corrected and marked as read where it stands."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeGuard

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, override
from django.views.decorators.http import require_safe

from reader.admin.at_work import account_of
from reader.admin.correction import (
    CorrectionAdmin,
    CorrectionForm,
    Versions,
    change_url,
    picture_url,
    reading_url,
)
from reader.admin.reasons import last_reason, remember_reason
from reader.correction.correcting import Overtaken, Refused, correct, normalised
from reader.correction.levels import bring_to_level
from reader.correction.pictures import Picture
from reader.correction.reading import Item, Reading, anchor_of, digest_of, goal_of, name_of_chapter, shares_of
from reader.correction.suspects import accept, dismiss
from reader.correction.variants import take
from reader.models import Correctable, Division, Level, Paragraph, Question, Suspect, Text, Variant, Volume
from reader.text.html import visible
from reader.text.markers import objection
from reader.text.sentences import shorten

# The script asks for one text in place of the whole page, and says so in this header.
ONE_TEXT = "X-One-Text"
# Names of the page's buttons.
SAVE_AND_READ, MERGE, READ, PROBLEMATIC, ACCEPT, DISMISS, TAKE, KEEP = (
    "_save_and_read",
    "_merge",
    "_read",
    "_problematic",
    "_accept",
    "_dismiss",
    "_take",
    "_keep",
)
# What was read of a volume takes three statements.
VOLUMES_ON_A_PAGE = 10
DOUBT = {ACCEPT, DISMISS, TAKE, KEEP}


@dataclass(frozen=True, slots=True)
class Editor:
    """An open editor: what was typed over which text, what is wrong with it, a colleague's version if there is one."""

    typed: str
    seen: str
    reason: str
    errors: dict[str, Any]
    objection: str = ""
    markers_are_meant: bool = False
    versions: Versions | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A text on the page, with its addresses and what this person may do to it."""

    item: Item
    url: str
    screen: str
    may_change: bool
    may_level: bool
    goal: Level | None
    may_doubt: bool
    pictures: Sequence[tuple[Picture, str]]
    editor: Editor | None = None


class ReadingPages(CorrectionAdmin):
    """The pages on which chapters are read through, beside the list of divisions."""

    def get_urls(self) -> list[URLPattern]:
        """Django's addresses, those of the reading pages before them."""
        view = self.admin_site.admin_view
        return [
            path("reading/", view(require_safe(self.chapters_view)), name="reader_reading"),
            path("<int:pk>/reading/", view(require_safe(self.reading_view)), name="reader_division_reading"),
            path(
                "<int:pk>/reading/<slug:anchor>/", view(self.text_view), name="reader_division_reading_text"
            ),
            *super().get_urls(),
        ]

    @admin.display(description=gettext_lazy("read through"))
    def reading(self, division: Division) -> SafeString:
        """The link to the page of the division's chapter."""
        return format_html('<a href="{}">{}</a>', reading_url(division), gettext("Read through"))

    def chapters_view(self, request: HttpRequest) -> HttpResponse:
        """List the chapters of some volumes, by `page` from 1, with what was read of each."""
        _check_that_texts_are_open_to(request)
        page = Paginator(Volume.objects.all(), VOLUMES_ON_A_PAGE).get_page(request.GET.get("page", ""))
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Read through"),
            "opts": self.opts,
            "page": page,
            "shares": shares_of(page.object_list),
        }
        return TemplateResponse(request, "admin/reader/reading_chapters.html", context)

    def reading_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show a chapter; a section leads to the page of its chapter."""
        _check_that_texts_are_open_to(request)
        division = self._division(pk)
        if division.page_division() != division:
            return HttpResponseRedirect(reading_url(division))
        return self._page(request, Reading(division))

    def text_view(self, request: HttpRequest, pk: int, anchor: str) -> HttpResponse:
        """Open the editor of a text where it stands; save what was typed, set its level, answer a doubt."""
        _check_that_texts_are_open_to(request)
        reading = Reading(self._division(pk))
        text = reading.find(anchor)
        if text is None:
            raise Http404
        if request.method != "POST":
            reason = last_reason(request)
            is_open = "closed" not in request.GET and _may_change(request, text)
            editor = Editor(text.wording, text.wording, reason, {}) if is_open else None
            return self._answer(request, reading, text, editor)
        if {READ, PROBLEMATIC} & request.POST.keys():
            return self._level(request, reading, text)
        if not _may_change(request, text):
            raise PermissionDenied
        if len(DOUBT & request.POST.keys()) == 1:
            return self._doubt(request, text)
        return self._save_here(request, reading, text)

    @staticmethod
    def _division(pk: int) -> Division:
        return get_object_or_404(Division.objects.select_related("volume", "parent__parent"), pk=pk)

    def _save_here(self, request: HttpRequest, reading: Reading, text: Correctable) -> HttpResponse:
        form = CorrectionForm(request.POST)
        is_valid = form.is_valid()
        typed = form.cleaned_data.get("typed", "")
        seen = form.cleaned_data.get("seen", "")
        reason = request.POST.get("reason", "")
        is_meant = form.cleaned_data.get("markers_are_meant", False)
        if MERGE in request.POST:
            merged = normalised(request.POST.get("merged", typed))
            return self._answer(request, reading, text, Editor(merged, seen, reason, {}))
        if not is_valid:
            editor = Editor(typed, seen, reason, form.errors, markers_are_meant=is_meant)
            return self._answer(request, reading, text, editor)
        reason = form.cleaned_data["reason"]
        remember_reason(request, reason)
        goal = None
        try:
            with transaction.atomic():
                is_changed = correct(
                    text,
                    typed,
                    seen=seen,
                    by=account_of(request),
                    reason=reason,
                    markers_are_meant=is_meant,
                )
                if is_changed:
                    with override("en"):  # the log names the text in it
                        self.log_change(request, text, f"Read through: {reason}")
                if SAVE_AND_READ in request.POST and _may_set_levels(text, request):
                    text.refresh_from_db()
                    goal = self._bring(request, text, goal_of(text, account_of(request).pk))
        except Refused as refused:
            editor = Editor(
                typed,
                seen,
                reason,
                {"typed": [str(refused)]},
                objection=objection(text.wording, typed, text.imported_wording),
                markers_are_meant=is_meant,
            )
            return self._answer(request, reading, text, editor)
        except Overtaken as overtaken:
            text.refresh_from_db()
            versions = self._versions(text, seen, overtaken.saved, typed)
            editor = Editor(typed, overtaken.saved, reason, {}, versions=versions)
            return self._answer(request, Reading(reading.chapter), text, editor, status=409)
        if is_changed:
            messages.success(request, _saved(text))
        elif goal is None:
            said = gettext("Nothing was changed in %(name)s.") % {"name": text.name_in_chapter}
            messages.info(request, said)
        return self._go_on(request, text, goal)

    def _bring(self, request: HttpRequest, text: Text, goal: Level | None) -> Level | None:
        """Bring a text to a level as it reads now; say so, and return the level, or say why not."""
        if goal is None:
            said = gettext("%(name)s is %(level)s: another person has to read it.")
            messages.warning(request, said % {"name": _name(text), "level": text.level_name})
            return None
        done = bring_to_level(type(text), [text.pk], goal, by=account_of(request), seen=text.wording)
        for refusal in done.refusals:
            messages.error(request, refusal)
        if done.refusals:
            return None
        said = gettext("%(name)s is %(level)s now.") % {"name": _name(text), "level": goal.label}
        messages.success(request, said)
        return goal

    def _level(self, request: HttpRequest, reading: Reading, text: Correctable) -> HttpResponse:
        if not _may_set_levels(text, request):
            raise PermissionDenied
        waits_for = goal_of(text, account_of(request).pk)
        goal = waits_for if READ in request.POST else Level.PROBLEMATIC
        try:
            if request.POST.get(READ, request.POST.get(PROBLEMATIC)) != digest_of(text):
                raise Overtaken(text.wording)
            done = self._bring(request, text, goal)
        except Overtaken:
            said = gettext("Somebody else saved this text meanwhile: here it is as it is now.")
            messages.error(request, said)
            return self._go_on(request, text, None, status=409)
        return self._go_on(request, text, (waits_for or Level.PROOFREAD) if done else None)

    def _doubt(self, request: HttpRequest, text: Correctable) -> HttpResponse:
        """Put in the suggestion of a suspect or what a second witness reads, or leave the text as it is."""
        [pressed] = DOUBT & request.POST.keys()
        key, _, sentence = request.POST[pressed].partition(" ")
        row: Question | None = None
        if isinstance(text, Text) and key.isascii() and key.isdecimal() and len(key) < 19:
            rows: Any = Variant.objects if pressed in (TAKE, KEEP) else Suspect.objects
            row = rows.of_text(text).filter(pk=int(key)).first()
        if row is None:
            raise Http404
        by = account_of(request)
        known = frozenset(_paragraphs_beside(row)) if pressed == TAKE and not row.reading else None
        if pressed in (ACCEPT, TAKE):
            deed: Any = take if pressed == TAKE else accept
            accepted = deed([row], by=by, seen={row.pk: sentence})
            for refusal in accepted.refusals:
                messages.error(request, refusal)
            if accepted.count and not row.reading:
                messages.success(request, gettext("It is a paragraph beside this text now."))
            elif accepted.count:
                messages.success(request, _saved(text))
        elif dismiss([row], by=by):
            reading = visible(shorten(row.reading or row.suggestion))
            kept, sound = gettext("“%(reading)s”: ours is kept."), gettext("“%(reading)s” is no fault.")
            messages.success(request, (kept if pressed == KEEP else sound) % {"reading": reading})
        return self._go_on(request, text, None, known=known)

    def _go_on(
        self,
        request: HttpRequest,
        text: Correctable,
        goal: Level | None,
        status: int = 200,
        known: Collection[int] | None = None,
    ) -> HttpResponse:
        """Come back to a text; with a level that it was just brought to, go on to the next text to be read.

        If the deed can make paragraphs, `known` has the keys of those that stood in the text's division before it.
        """
        chapter = self._division(text.page_division().pk)
        reading = Reading(chapter)
        here = reading.find(anchor_of(text))
        to_read = reading.next_to_read(account_of(request).pk, here, goal) if goal else ""
        if goal and not to_read:
            messages.success(request, gettext("No other text of this chapter waits for you."))
        if ONE_TEXT in request.headers and here is not None:
            return self._answer(request, reading, here, None, to_read=to_read, status=status, known=known)
        return HttpResponseRedirect(f"{_chapter_url(chapter)}#{to_read or anchor_of(text)}")

    def _answer(
        self,
        request: HttpRequest,
        reading: Reading,
        text: Correctable,
        editor: Editor | None,
        *,
        to_read: str = "",
        status: int = 200,
        known: Collection[int] | None = None,
    ) -> HttpResponse:
        """The one text, and what was made beside it, for the script; else the whole page, with its editor open."""
        if ONE_TEXT not in request.headers:
            return self._page(request, reading, text, editor, status=status)
        context = {
            "reading": reading,
            "shown": self._shown(request, reading, reading.item(text), editor),
            "is_right": status == 200 and editor is None and request.method == "POST",
            # Each with the id of the text after which it stands.
            "made": [
                (self._shown(request, reading, reading.item(new), None), anchor_of(before))
                for before, new in pairwise(reading.texts)
                if known is not None and isinstance(new, Paragraph) and isinstance(text, Paragraph)
                if new.division_id == text.division_id and new.pk not in known
            ],
            "to_read": to_read,
            "chapter_url": _chapter_url(reading.chapter),
        }
        return TemplateResponse(request, "admin/reader/reading_piece.html", context, status=status)

    def _page(
        self,
        request: HttpRequest,
        reading: Reading,
        opened: Correctable | None = None,
        editor: Editor | None = None,
        *,
        status: int = 200,
    ) -> HttpResponse:
        shown = [
            self._shown(request, reading, item, editor if item.text == opened else None)
            for item in reading.items()
        ]
        name = name_of_chapter(reading.chapter)
        context = {
            **self.admin_site.each_context(request),
            "is_nav_sidebar_enabled": False,
            "title": gettext("Read through: %(name)s") % {"name": name},
            "name": name,
            "opts": self.opts,
            "volume": reading.volume,
            "reading": reading,
            "heads_and_paragraphs": [each for each in shown if each.item.text.called != "note"],
            "notes": [each for each in shown if each.item.text.called == "note"],
            "chapter_url": _chapter_url(reading.chapter),
            "to_read": reading.next_to_read(account_of(request).pk),
        }
        return TemplateResponse(request, "admin/reader/reading.html", context, status=status)

    @staticmethod
    def _shown(request: HttpRequest, reading: Reading, item: Item, editor: Editor | None) -> Shown:
        text, account = item.text, account_of(request).pk
        is_open = _may_set_levels(text, request)
        return Shown(
            item=item,
            url=f"{_chapter_url(reading.chapter)}{item.anchor}/",
            screen=change_url(text),
            may_change=_may_change(request, text),
            may_level=is_open,
            goal=goal_of(text, account) if is_open else None,
            may_doubt=is_open and getattr(text, "level", "") != Level.PROBLEMATIC,
            pictures=[(picture, picture_url(text, picture)) for picture in item.pictures],
            editor=editor,
        )


def _chapter_url(chapter: Division) -> str:
    return reverse("admin:reader_division_reading", args=[chapter.pk])


def _paragraphs_beside(row: Question) -> "QuerySet[Paragraph, int]":
    """The keys of the paragraphs in the division in which a question's paragraph stands."""
    beside = Paragraph.objects.filter(division__paragraphs=row.paragraph_id)
    return beside.values_list("pk", flat=True)


def _name(text: Correctable) -> str:
    return gettext("The heading") if isinstance(text, Division) else text.title


def _saved(text: Correctable) -> str:
    return gettext("%(name)s is saved and published.") % {"name": _name(text)}


def _may_change(request: HttpRequest, text: Correctable) -> bool:
    return request.user.has_perm(f"reader.change_{text.called}")


def _may_set_levels(text: Correctable, request: HttpRequest) -> TypeGuard[Text]:
    return isinstance(text, Text) and request.user.has_perm("reader.set_level")


def _check_that_texts_are_open_to(request: HttpRequest) -> None:
    if not any(request.user.has_perm(f"reader.{may}_paragraph") for may in ("view", "change")):
        raise PermissionDenied

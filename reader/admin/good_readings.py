"""The screen where a person calls a reading good everywhere, the list of such readings, and the way back."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext
from django.views.decorators.csrf import csrf_protect

from reader.admin.at_work import account_of
from reader.admin.shown import ShownAdmin
from reader.correction.correctors import user_names_of
from reader.correction.good_readings import (
    AlreadyGood,
    NumberChanged,
    alike,
    answered_by,
    call_good,
    take_back,
)
from reader.correction.queue import codes
from reader.correction.queue.rows import marked, with_texts
from reader.edition.evidence import DOUBTS
from reader.edition.interface import grouped
from reader.models import GoodReading, Suspect, Volume
from reader.models.standing import WITNESS_ORDER
from reader.text.markup import plain
from reader.text.readings import locate
from reader.text.sentences import sentence_parts

# The most sentences that the screen shows; the others are counted.
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice of where a reading is good: the kind of doubt, or every kind; the volume, or all; and the suspects."""

    name: str
    label: str
    code: str
    volume: Volume | None
    count: int


class ReasonForm(forms.Form):
    """The reason for calling a reading good."""

    reason = forms.CharField(
        max_length=300,
        error_messages={"required": gettext_lazy("Say why, in a few words: the list keeps it.")},
    )


def may_call_good(request: HttpRequest) -> bool:
    """Whether a person may call a reading good everywhere."""
    return request.user.has_perms(("reader.add_goodreading", "reader.change_suspect"))


@admin.register(GoodReading)
class GoodReadingAdmin(ShownAdmin):
    """Readings that are good everywhere; deleting one takes it back."""

    list_display = ("reading", "what", "where", "number", "person", "made_at", "reason")
    list_filter = (("volume", admin.RelatedOnlyFieldListFilter), "code")
    list_select_related = ("volume",)
    search_fields = ("reading", "reason")
    of_text = ("reading",)
    in_words: ClassVar = {"code": partial(codes.in_words, "suspect")}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: a good reading is taken back, not changed."""
        return False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """The good readings with the numbers of suspects that they answer."""
        number = Count("suspects", filter=Q(suspects__is_found=True))
        rows: models.QuerySet[Any] = super().get_queryset(request)
        counted: models.QuerySet[Any] = rows.annotate(number=number)
        return counted

    @admin.display(description=gettext_lazy("kind of doubt"), ordering="code")
    def what(self, good: GoodReading) -> str:
        """The kind of doubt that it answers."""
        return good.what

    @admin.display(description=gettext_lazy("good in"), ordering="volume")
    def where(self, good: GoodReading) -> str:
        """The volume in which it holds."""
        return good.where

    @admin.display(description=gettext_lazy("suspects"), ordering="number")
    def number(self, good: Any) -> int:
        """The number of suspects that it answers."""
        return int(good.number)

    @admin.display(description=gettext_lazy("called good by"), ordering="made_by")
    def person(self, good: GoodReading) -> str:
        """The account of the person."""
        return self._names.get(good.made_by or 0, "")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The list, with the names of its persons read at once."""
        keys = GoodReading.objects.order_by().values_list("made_by", flat=True).distinct()
        self._names = user_names_of(keys)
        return super().changelist_view(request, extra_context)

    # Calling good

    @method_decorator(csrf_protect)
    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show how many suspects a good reading would answer, in which sentences; answer them when confirmed."""
        if not may_call_good(request):
            raise PermissionDenied
        queue = reverse("admin:reader_queue")
        back = request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
            back = queue
        key = request.GET.get("suspect", "")
        found = Suspect.objects.select_related("volume")
        suspect = found.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None
        if suspect is None:
            said = gettext("Choose a reading in the queue: Good everywhere stands beside each.")
            messages.info(request, said)
            return HttpResponseRedirect(queue)
        form = ReasonForm(request.POST if request.method == "POST" else None)
        choices = _choices(suspect)
        chosen = next((each for each in choices if each.name == request.POST.get("where")), choices[0])
        where = chosen.volume or gettext("all volumes")
        changed: int | None = None
        if request.method == "POST" and form.is_valid():
            shown = request.POST.get(f"shown-{chosen.name}", "")
            try:
                count = call_good(
                    suspect.reading,
                    code=chosen.code,
                    volume=chosen.volume,
                    by=account_of(request),
                    reason=form.cleaned_data["reason"],
                    shown=int(shown) if shown.isdecimal() and len(shown) < 9 else -1,
                )
            except NumberChanged as now:
                changed = now.count
                choices = _choices(suspect)
            except AlreadyGood:
                said = gettext("“%(reading)s” was called good in %(where)s already: nothing was changed.")
                messages.warning(request, said % {"reading": suspect.reading, "where": where})
                return HttpResponseRedirect(back)
            else:
                said = ngettext(
                    "“%(reading)s” is good in %(where)s: %(count)s suspect is answered as not a fault.",
                    "“%(reading)s” is good in %(where)s: %(count)s suspects are answered as not a fault.",
                    count,
                )
                values = {"reading": suspect.reading, "where": where, "count": grouped(count)}
                messages.success(request, said % values)
                return HttpResponseRedirect(back)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Good everywhere?"),
            "is_nav_sidebar_enabled": False,
            "opts": self.opts,
            "suspect": suspect,
            "doubt": DOUBTS.get(suspect.code, suspect.code),
            "choices": choices,
            "chosen": chosen.name,
            "form": form,
            "changed": changed,
            "back": back,
            **_sentences(suspect),
        }
        return TemplateResponse(request, "admin/reader/good_reading.html", context)

    # Taking back

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Say before a good reading is taken back how many suspects it opens again."""
        goods = list(objs)
        counted = dict(answered_by(goods).order_by().values_list("good_reading").annotate(Count("pk")))
        named = [_opened_again(good, counted.get(good.pk, 0)) for good in goods]
        summary = {
            gettext("good readings"): len(goods),
            gettext("suspects that it answers"): sum(counted.values()),
        }
        needed = set() if self.has_delete_permission(request) else {str(self.opts.verbose_name)}
        return named, summary, needed, []

    def delete_model(self, request: HttpRequest, obj: GoodReading) -> None:
        """Take a good reading back, and publish at once."""
        self._take_back(request, [obj])

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[GoodReading]) -> None:
        """Take several good readings back, and publish at once."""
        self._take_back(request, list(queryset))

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Log nothing: the deed writes the log."""

    @staticmethod
    def _take_back(request: HttpRequest, goods: Sequence[GoodReading]) -> None:
        done = take_back(goods, by=account_of(request))
        opened = ngettext(
            "Taken back: %(count)s suspect is open again.",
            "Taken back: %(count)s suspects are open again.",
            done.opened,
        )
        message = opened % {"count": grouped(done.opened)}
        if done.kept:
            kept = ngettext(
                "Another good reading answers %(count)s more.",
                "Another good reading answers %(count)s more.",
                done.kept,
            )
            message = f"{message} {kept % {'count': done.kept}}"
        messages.success(request, message)


def _opened_again(good: GoodReading, count: int) -> str:
    """What happens if a good reading is taken back that answers so many suspects."""
    said = ngettext(
        "%(reading)s, %(doubt)s, in %(where)s: %(count)s suspect is open again, unless another good reading"
        " answers them",
        "%(reading)s, %(doubt)s, in %(where)s: %(count)s suspects are open again, unless another good reading"
        " answers them",
        count,
    )
    return said % {"reading": good, "doubt": good.what, "where": good.where, "count": grouped(count)}


def _choices(suspect: Suspect) -> list[Choice]:
    """Where the reading of a suspect can be good, the narrowest first. One statement."""
    kind = pgettext("kind of doubt", suspect.code.replace("-", " "))
    rows = alike(suspect.reading, "", None).order_by()
    counted = list(rows.values_list("code", "volume").annotate(Count("pk")))

    def choice(name: str, label: str, code: str, volume: Volume | None) -> Choice:
        count = sum(
            number
            for each, key, number in counted
            if code in ("", each) and (volume is None or key == volume.pk)
        )
        return Choice(name, label, code, volume, count)

    volume = suspect.volume
    in_volume = gettext("In this volume, as no fault of this kind (%(kind)s)")
    in_all = gettext("In all volumes, as no fault of this kind (%(kind)s)")
    return [
        choice("volume", in_volume % {"kind": kind}, suspect.code, volume),
        choice("volume-any", gettext("In this volume, whatever the doubt"), "", volume),
        choice("all", in_all % {"kind": kind}, suspect.code, None),
        choice("all-any", gettext("In all volumes, whatever the doubt"), "", None),
    ]


def _sentences(suspect: Suspect) -> dict[str, Any]:
    """The sentences of the open suspects in this volume, at most SHOWN, and the number of the others."""
    rows = alike(suspect.reading, "", suspect.volume).order_by(*WITNESS_ORDER)
    found: list[tuple[SafeString, str]] = []
    for row in with_texts(rows)[: SHOWN + 1]:
        text = row.text
        read = plain(text.text) if text else ""
        span = locate(read, row.reading, row.context) if text else None
        before, _, after = row.context.partition("…")
        if span:
            before, after = sentence_parts(read, span[0], span[1] - span[0])
        found.append((marked(before, row.reading, after), str(text or gettext("in no text"))))
    return {"sentences": found[:SHOWN], "has_more": len(found) > SHOWN}

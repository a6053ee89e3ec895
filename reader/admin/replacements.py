"""The screens where a person puts a reading right everywhere, sees these sets, and takes one back."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy, ngettext, override, pgettext_lazy
from django.views.decorators.http import require_POST

from reader.admin.at_work import account_of
from reader.admin.shown import ShownAdmin
from reader.correction.correcting import Refused, normalised
from reader.correction.replaceable import EVERY_KIND
from reader.correction.replacing import Standing, Told, Untouched, apply, find, told, undo
from reader.models import Replaced, Replacement, Volume

LONGEST = 300
WIDE = {"class": "vTextField", "autocomplete": "off", "spellcheck": "false"}
# The kinds of rows, as in: nowhere in notes.
NAMES = {
    "p": pgettext_lazy("a kind of row", "text"),
    "n": pgettext_lazy("a kind of row", "notes"),
    "d": pgettext_lazy("a kind of row", "headings"),
    "t": pgettext_lazy("a kind of row", "definitions"),
}
LINE_BREAK = mark_safe("<br>")


class SearchForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in its stubs alone
    """The reading to look for and its replacement; the form's instance is never saved by itself."""

    reading = forms.CharField(
        label=gettext_lazy("Reading"),
        max_length=LONGEST,
        strip=False,
        widget=forms.TextInput(WIDE),
        help_text=gettext_lazy(
            "As readers see it, without markup: a * or [^1] that is typed here is looked for as it is typed."
            " Capitals are told from small letters; a space stands for any white space."
        ),
    )
    replacement = forms.CharField(
        label=gettext_lazy("Put right as"),
        max_length=LONGEST,
        strip=False,
        required=False,
        widget=forms.TextInput(WIDE),
        help_text=gettext_lazy(
            "Plain text as well; empty, to delete the reading. Note calls, page breaks and emphasis stay."
        ),
    )

    class Meta:
        model = Replacement
        fields = ("volume", "reading", "replacement", "is_whole_word")
        labels = {"is_whole_word": gettext_lazy("Whole words only")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        volumes = list(Volume.objects.all()[:2])
        if len(volumes) == 1:
            self.instance.volume = volumes[0]
            del self.fields["volume"]

    def clean_reading(self) -> str:
        """The reading in the stored form of texts."""
        reading = normalised(self.cleaned_data["reading"])
        if not reading.strip():
            raise forms.ValidationError(gettext("Type the reading that is to be put right."))
        return reading

    def clean_replacement(self) -> str:
        """The replacement in the stored form of texts."""
        return normalised(self.cleaned_data["replacement"])

    def clean(self) -> dict[str, Any]:
        """Refuse a replacement that would change nothing."""
        cleaned = super().clean() or {}
        if "reading" in cleaned and cleaned["reading"] == cleaned.get("replacement"):
            self.add_error("replacement", gettext("This is the reading itself: nothing would change."))
        return cleaned


class ReasonForm(forms.Form):
    """The reason for putting a reading right."""

    reason = forms.CharField(
        label=gettext_lazy("Reason (readers see it)"),
        max_length=LONGEST,
        widget=forms.TextInput({"class": "vTextField"}),
        error_messages={"required": gettext_lazy("Give a reason: it stands in the history of every text.")},
    )


class TakenBackFilter(admin.SimpleListFilter):
    """A filter for sets that were taken back, or that stand."""

    title = pgettext_lazy("a filter", "taken back")
    parameter_name = "taken_back"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The choices: taken back, or standing."""
        return [("no", gettext("no")), ("yes", gettext("yes"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """The sets of the chosen kind."""
        if self.value() in ("no", "yes"):
            return queryset.filter(undone_at__isnull=self.value() == "no")
        return queryset


@admin.register(Replacement)
class ReplacementAdmin(ShownAdmin):
    """Readings that were put right everywhere. A set is made and taken back, never edited."""

    list_display = ("shown_reading", "shown_replacement", "places", "reason", "who", "when", "undone")
    list_display_links = ("shown_reading",)
    list_filter = ("volume", TakenBackFilter)
    list_per_page = 50
    search_fields = ("reading", "replacement", "reason")
    search_help_text = gettext_lazy("A piece of the reading, of what was put there, or of the reason.")
    actions = None
    change_list_template = "admin/reader/replacement/change_list.html"

    # Permissions

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whether a person corrects both paragraphs and notes."""
        return request.user.has_perms(["reader.change_paragraph", "reader.change_note"])

    @staticmethod
    def _kinds(request: HttpRequest) -> set[str]:
        """The kinds of rows that a person may change: heads and definitions with rights of their own."""
        kinds = {"p", "n"}
        if request.user.has_perm("reader.change_division"):
            kinds.add("d")
        if request.user.has_perm("glossary.change_term"):
            kinds.add("t")
        return kinds

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether a person corrects both paragraphs and notes."""
        return self.has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: a set is taken back, not rewritten."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: a set is kept for the record."""
        return False

    # The list

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Sets with the number of their places, and the names of the accounts."""
        counted = Replaced.objects.filter(replacement=models.OuterRef("pk")).order_by().values("replacement")
        sets: models.QuerySet[Any] = (
            super()
            .get_queryset(request)
            .annotate(
                places_count=models.Subquery(counted.annotate(n=models.Sum("count")).values("n")),
                maker=_username("made_by"),
                undoer=_username("undone_by"),
            )
        )
        return sets

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Show the list under a heading of its own."""
        return super().changelist_view(
            request, {"title": gettext("Readings put right everywhere"), **(extra_context or {})}
        )

    @admin.display(description=gettext_lazy("reading"), ordering="reading")
    def shown_reading(self, row: Replacement) -> str:
        """The reading that was put right."""
        return row.reading

    @admin.display(description=gettext_lazy("put right as"), ordering="replacement")
    def shown_replacement(self, row: Replacement) -> str:
        """The replacement of the reading."""
        return row.replacement or gettext("(deleted)")

    @admin.display(description=gettext_lazy("places"), ordering="places_count")
    def places(self, row: Any) -> int:
        """The number of places."""
        return row.places_count or 0

    @admin.display(description=pgettext_lazy("the person who did it", "by"), ordering="maker")
    def who(self, row: Any) -> str:
        """The person who put the reading right."""
        return row.maker or gettext("account %(number)s") % {"number": row.made_by}

    @admin.display(description=gettext_lazy("when"), ordering="made_at")
    def when(self, row: Replacement) -> datetime:
        """The time of putting right."""
        return row.made_at

    @staticmethod
    def undoer(row: Any) -> str:
        """The person who took the set back."""
        return row.undoer or gettext("account %(number)s") % {"number": row.undone_by}

    @admin.display(description=gettext_lazy("taken back"), ordering="undone_at")
    def undone(self, row: Any) -> str:
        """The words “by” and the person who took the set back; “no” if the set stands."""
        return gettext("by %(person)s") % {"person": self.undoer(row)} if row.undone_at else gettext("no")

    # Searching and putting right

    def get_urls(self) -> list[URLPattern]:
        """Django's addresses, and the one for taking back."""
        undoing = path(
            "<int:pk>/undo/", self.admin_site.admin_view(self.undo_view), name="reader_replacement_undo"
        )
        return [undoing, *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Search with GET, which writes nothing; put right with POST."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        is_sent = request.method == "POST"
        data = request.POST if is_sent else request.GET
        search = SearchForm(data if is_sent or "reading" in data else None)
        why = ReasonForm(data if is_sent else None)
        chosen = data.getlist("place")
        if is_sent and search.is_valid() and why.is_valid() and chosen:
            search.instance.reason = why.cleaned_data["reason"]
            return self._put_right(request, search.instance, chosen)
        kinds = self._kinds(request)
        found = find(search.instance, kinds) if search.is_bound and search.is_valid() else None
        context = {
            "title": gettext("Put a reading right everywhere"),
            "search": search,
            "why": why,
            "found": found,
            "wanted": search.instance,
            "where": _where(kinds),
            "unseen": _where(EVERY_KIND - kinds),
            "counted": _counted(found.total, found.texts) if found else "",
            "shared_with": ", ".join(gettext("“%(title)s”") % {"title": each} for each in found.shared_with)
            if found
            else "",
            "is_sent": is_sent,
            "chosen": set(chosen),
            "sent": [(name, data[name]) for name in search.fields if data.get(name)],
            "in_words": self._search_url(search.instance, is_whole_word=False) if found else "",
        }
        return self._page(request, "add_form", context)

    def _put_right(self, request: HttpRequest, wanted: Replacement, chosen: Sequence[str]) -> HttpResponse:
        done = apply(wanted, chosen, by=account_of(request), kinds=self._kinds(request))
        if done.replacement is None:
            messages.warning(request, _told_untouched(gettext("Nothing was put right."), done.untouched))
            return HttpResponseRedirect(self._search_url(wanted))
        with override("en"):  # what is kept
            self.log_addition(request, done.replacement, f"Put right in {_counted(done.places, done.texts)}.")
        where = _counted(done.places, done.texts)
        said = (
            gettext("“%(reading)s” was put right as “%(replacement)s” in %(where)s.")
            if wanted.replacement
            else gettext("“%(reading)s” was deleted in %(where)s.")
        )
        words = {"reading": wanted.reading, "replacement": wanted.replacement}
        messages.success(request, said % {**words, "where": where})
        if done.untouched:
            messages.warning(request, _told_untouched(gettext("Left as they are:"), done.untouched))
        return HttpResponseRedirect(reverse("admin:reader_replacement_change", args=[wanted.pk]))

    @staticmethod
    def _search_url(wanted: Replacement, *, is_whole_word: bool | None = None) -> str:
        query = QueryDict(mutable=True)
        query["volume"] = str(wanted.volume_id)
        query["reading"], query["replacement"] = wanted.reading, wanted.replacement
        if wanted.is_whole_word if is_whole_word is None else is_whole_word:
            query["is_whole_word"] = "on"
        return f"{reverse('admin:reader_replacement_add')}?{query.urlencode()}"

    # One set, and taking it back

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a set: its places, its maker, and the present state of its texts."""
        row = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, row) or request.method == "POST":
            raise PermissionDenied
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]
        listed = list(told(row))
        chapters: list[tuple[str, list[Told]]] = [
            (name, list(each)) for name, each in groupby(listed, lambda one: one.place)
        ]
        context = {
            "title": _named(row),
            "original": row,
            "maker": self.who(row),
            "undoer": self.undoer(row),
            "where": _counted(sum(each.count for each in listed), len(listed)),
            "chapters": chapters,
            "overtaken": sum(each.standing == Standing.OVERTAKEN for each in listed),
            "Standing": Standing.__members__,
            "search_again": self._search_url(row),
        }
        return self._page(request, "change_form", context)

    @method_decorator(require_POST)
    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take a set back."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        row = get_object_or_404(Replacement, pk=pk)
        try:
            undone = undo(row, by=account_of(request), kinds=self._kinds(request))
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            if undone.texts or not undone.untouched:
                with override("en"):  # what is kept
                    self.log_change(request, row, _taken_back(undone.texts))
                messages.success(request, _taken_back(undone.texts))
            if undone.untouched:
                start = gettext("Left as they are:") if undone.texts else gettext("Nothing was taken back.")
                messages.warning(request, _told_untouched(start, undone.untouched))
        return HttpResponseRedirect(reverse("admin:reader_replacement_change", args=[pk]))

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        request.current_app = self.admin_site.name
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, f"admin/reader/replacement/{name}.html", {**shared, **context})


def _username(field: str) -> models.Subquery:
    accounts = get_user_model()._default_manager.filter(pk=models.OuterRef(field))
    return models.Subquery(accounts.values(get_user_model().USERNAME_FIELD)[:1])


def _named(row: Replacement) -> str:
    said = (
        gettext("“%(reading)s” was put right as “%(replacement)s”")
        if row.replacement
        else gettext("“%(reading)s” was deleted")
    )
    return said % {"reading": row.reading, "replacement": row.replacement}


def _where(kinds: Collection[str]) -> str:
    """The kinds of rows, in words."""
    names = [str(name) for letter, name in NAMES.items() if letter in kinds]
    if len(names) < 2:
        return "".join(names)
    return gettext("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def _counted(places: int, texts: int) -> str:
    said = ngettext("%(number)s place in %(texts)s", "%(number)s places in %(texts)s", places)
    return said % {"number": places, "texts": _counted_texts(texts)}


def _counted_texts(texts: int) -> str:
    return ngettext("%(number)s text", "%(number)s texts", texts) % {"number": texts}


def _taken_back(texts: int) -> str:
    return gettext("Taken back in %(texts)s.") % {"texts": _counted_texts(texts)}


def _told_untouched(start: str, untouched: Iterable[Untouched]) -> SafeString:
    """The texts that stay as they are, a line for each."""
    return format_html_join(LINE_BREAK, "{}", [(start,), *((str(each),) for each in untouched)])

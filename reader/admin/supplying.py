"""The screens where a person writes in the notes of a chapter that the source lacks, many at once."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, gettext_lazy, ngettext

from reader.admin.at_work import account_of
from reader.correction.correcting import Refused
from reader.correction.structure.notes import COPY
from reader.correction.supplying import Done, Fate, Proposed, chapters, propose, write_notes
from reader.models import Division
from reader.pages.metadata import name_of
from reader.text.typed_notes import read_typed_notes

# In a session: the copy that was named last; by the keys of chapters, what was typed and is not written yet.
LAST_COPY, TYPED = "supplied_from", "typed_notes"
# The session's name of a draft that was saved; the draft stays while its notes are only shown.
SAVED_DRAFT = "saved_draft"
# Names of the form's buttons and of its ticks; in an address: the notes are shown.
SHOW, WRITE, TICK, SHOWN = "_show", "_write", "note", "shown"
# The largest numbers of characters and of notes at once, more than any chapter has.
LONGEST = 400_000
MOST = 500


class NotesForm(forms.Form):
    """The copy from which notes are taken, and the notes as they were typed."""

    copy = forms.CharField(
        label=gettext_lazy("Which copy"),
        max_length=COPY,
        required=False,
        widget=forms.TextInput({"class": "vTextField"}),
        help_text=gettext_lazy("As readers are told: edition, publisher, year, and whose copy it is."),
    )
    typed = forms.CharField(
        label=gettext_lazy("The notes"),
        max_length=LONGEST,
        strip=False,
        required=False,
        widget=forms.Textarea({"rows": 18, "class": "vLargeTextField", "spellcheck": "true"}),
    )

    def clean_typed(self) -> str:
        """The typed text; refused if it has more notes than any chapter."""
        typed = str(self.cleaned_data["typed"])
        count = len(read_typed_notes(typed).notes)
        if count > MOST:
            said = ngettext(
                "This is %(count)s note: write in %(most)s at most at once.",
                "These are %(count)s notes: write in %(most)s at most at once.",
                count,
            )
            raise forms.ValidationError(said % {"count": count, "most": MOST})
        return typed


class SupplyingPages(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in its stubs alone
    """Two addresses beside those of the notes: the chapters that lack notes, and the screen of one chapter."""

    def get_urls(self) -> list[URLPattern]:
        """Django's addresses, and the screens' before them."""
        view = self.admin_site.admin_view
        return [
            path("supply/", view(self.chapters_view), name="reader_note_supply"),
            path("supply/<int:pk>/", view(self.supply_view), name="reader_division_supply"),
            *super().get_urls(),
        ]

    def chapters_view(self, request: HttpRequest) -> HttpResponse:
        """List the chapters, each with the number of its missing notes."""
        if not may_supply(request):
            raise PermissionDenied
        context = {"title": gettext("Write in notes"), "chapters": chapters()}
        return self._supply_page(request, "chapters", context)

    def supply_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take notes, show what each would do, and write the ticked ones.

        Notes are shown at an address of their own, so that the back button finds them; the session keeps their text.
        """
        if not may_supply(request):
            raise PermissionDenied
        chapter = get_object_or_404(Division.objects.chapters().select_related("volume"), pk=pk)
        if request.method != "POST":
            copy = request.session.get(LAST_COPY, "")
            typed = request.session.get(TYPED, {}).get(str(pk), "")
            is_shown = SHOWN in request.GET and bool(typed.strip())
            if is_shown:
                request.session.pop(SAVED_DRAFT, None)
            form = NotesForm(initial={"copy": copy, "typed": typed})
            return self._notes_screen(request, chapter, form, propose(chapter, typed), is_shown=is_shown)
        form = NotesForm(request.POST)
        if not form.is_valid():
            return self._notes_screen(request, chapter, form, propose(chapter, ""), is_shown=False)
        copy, typed = form.cleaned_data["copy"].strip(), form.cleaned_data["typed"]
        request.session[LAST_COPY] = copy
        if WRITE in request.POST:
            return self._write(request, chapter, form)
        if not typed.strip():
            form.add_error("typed", gettext("Type or paste a note, with its number before it."))
            return self._notes_screen(request, chapter, form, propose(chapter, ""), is_shown=False)
        _remember(request, chapter, typed)
        return HttpResponseRedirect(f"{supply_url(chapter)}?{SHOWN}=1")

    def _write(self, request: HttpRequest, chapter: Division, form: NotesForm) -> HttpResponse:
        copy, typed = form.cleaned_data["copy"], form.cleaned_data["typed"]
        keys = request.POST.getlist(TICK)
        try:
            done = write_notes(chapter, typed, keys, copy=copy, by=account_of(request))
        except Refused as refused:
            form.add_error(None if copy.strip() else "copy", str(refused))
            return self._notes_screen(
                request, chapter, form, propose(chapter, typed), is_shown=True, chosen=set(keys)
            )
        _remember(request, chapter, done.rest)
        _report(request, done)
        return HttpResponseRedirect(supply_url(chapter))

    def _notes_screen(
        self,
        request: HttpRequest,
        chapter: Division,
        form: NotesForm,
        proposed: Proposed,
        *,
        is_shown: bool,
        chosen: set[str] | None = None,
    ) -> HttpResponse:
        if chosen is None:
            chosen = {each.key for each in proposed.proposals if each.fate is Fate.FILLS}
        form.fields["typed"].widget.attrs["lang"] = chapter.volume.language
        context = {
            "title": gettext("Write in notes: %(name)s") % {"name": name_of(chapter)},
            "chapter": chapter,
            "volume": chapter.volume,
            "form": form,
            "proposed": proposed if is_shown else None,
            "can_be_written": any(each.can_be_written for each in proposed.proposals),
            "left": in_ranges(proposed.left),
            "left_count": len(proposed.left),
            "chosen": chosen,
            "Fate": Fate.__members__,
        }
        return self._supply_page(request, "chapter", context)

    def _supply_page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        request.current_app = self.admin_site.name
        shared = {**self.admin_site.each_context(request), "is_nav_sidebar_enabled": False, "opts": self.opts}
        return TemplateResponse(request, f"admin/reader/supplying/{name}.html", {**shared, **context})


def may_supply(request: HttpRequest) -> bool:
    """Whether a person may write in notes."""
    return request.user.has_perm("reader.change_note")


def supply_url(chapter: Division) -> str:
    """The address of a chapter's screen."""
    return reverse("admin:reader_division_supply", args=[chapter.pk])


def in_ranges(numbers: list[int] | Any) -> str:
    """Numbers in order, with ranges: `3, 9–12`."""
    ranges: list[list[int]] = []
    for n in numbers:
        if ranges and ranges[-1][1] == n - 1:
            ranges[-1][1] = n
        else:
            ranges.append([n, n])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in ranges)


def _remember(request: HttpRequest, chapter: Division, typed: str) -> None:
    """Keep what was typed for a chapter in the session, or forget it if nothing is left."""
    kept = dict(request.session.get(TYPED, {}))
    kept.pop(str(chapter.pk), None)
    if typed.strip():
        kept[str(chapter.pk)] = typed.replace("\r\n", "\n")
    request.session[TYPED] = kept


def _report(request: HttpRequest, done: Done) -> None:
    if done.written:
        count = len(done.written)
        said = ngettext(
            "Note %(n)s was written, and readers see it.",
            "%(count)s notes were written, and readers see them.",
            count,
        )
        messages.success(request, said % {"n": done.written[0], "count": count})
    elif not done.refusals:
        messages.info(request, gettext("Nothing was written: these notes are there already."))
    for refusal in done.refusals:
        messages.warning(request, refusal)
    if done.rest:
        messages.info(request, gettext("What was typed and is not written stands below."))

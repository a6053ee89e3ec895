"""The ways from a text on the reader's pages to its correction. The pages hold no database keys.

static/js/correct.js makes these addresses of what a page shows: a paragraph's permanent number, a note's place in its
chapter, the slugs of divisions and terms.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from glossary.models import Term
from reader.models import Division, Note, Paragraph

# The largest number that a paragraph or a note can have.
LARGEST = 2**31 - 1


def urls(site: AdminSite) -> list[URLPattern]:
    """An address for each kind of text."""
    return [
        path(
            f"correct/<slug:volume>/{place}/",
            site.admin_view(require_safe(view)),
            name=f"reader_correct_{kind}",
        )
        for kind, place, view in (
            ("paragraph", "p<int:number>", _to_paragraph),
            ("note", "<slug:chapter>/notes/<slug:anchor>", _to_note),
            ("division", "division/<slug:slug>", _to_division),
            ("term", "term/<slug:slug>", _to_term),
        )
    ]


def _to_paragraph(request: HttpRequest, volume: str, number: int) -> HttpResponse:
    def find() -> Paragraph | None:
        return Paragraph.objects.filter(volume__slug=volume, number=min(number, LARGEST)).only("pk").first()

    missing = gettext("Paragraph %(number)s is not in this volume any more.") % {"number": number}
    return _lead(request, Paragraph, find, missing)


def _to_note(request: HttpRequest, volume: str, chapter: str, anchor: str) -> HttpResponse:
    def find() -> Note | None:
        notes = Note.objects.filter(division__volume__slug=volume).select_related("division__parent__parent")
        return next(
            (note for note in _with_anchor(notes, anchor) if note.page_division().slug == chapter),
            None,
        )

    return _lead(request, Note, find, gettext("This note is not in the chapter any more."))


def _with_anchor(notes: models.QuerySet[Note], anchor: str) -> models.QuerySet[Note]:
    """The notes that can have an id on their chapter's page: a number, or a place among the notes."""
    number = anchor.removeprefix("n-fragment-") if "fragment" in anchor else anchor.removeprefix("n")
    if not (number.isascii() and number.isdecimal() and int(number) <= LARGEST):
        return notes.none()
    if anchor == f"n-fragment-{number}":
        return notes.filter(n=None, position=int(number))
    return notes.filter(n=int(number))


def _to_division(request: HttpRequest, volume: str, slug: str) -> HttpResponse:
    def find() -> Division | None:
        return Division.objects.filter(volume__slug=volume, slug=slug).first()

    missing = gettext("The division “%(slug)s” is not in this volume any more.") % {"slug": slug}
    return _lead(request, Division, find, missing)


def _to_term(request: HttpRequest, volume: str, slug: str) -> HttpResponse:
    def find() -> Term | None:
        return Term.objects.filter(glossary__volumes__slug=volume, slug=slug).first()

    missing = gettext("The term “%(slug)s” is not in the glossary any more.") % {"slug": slug}
    return _lead(request, Term, find, missing)


def _lead(
    request: HttpRequest, model: type[models.Model], find: Callable[[], Any], missing: str
) -> HttpResponse:
    """Lead to the screen of a text; to the list of its kind, with a message, if the page was older than the archive."""
    name = f"{model._meta.app_label}_{model._meta.model_name}"
    rights = (f"{model._meta.app_label}.{may}_{model._meta.model_name}" for may in ("view", "change"))
    if not any(request.user.has_perm(right) for right in rights):
        raise PermissionDenied
    row = find()
    if row is None:
        messages.warning(request, missing)
        return HttpResponseRedirect(reverse(f"admin:{name}_changelist"))
    return HttpResponseRedirect(reverse(f"admin:{name}_change", args=[row.pk]))

"""The terms of the glossary in the admin. Every change is published in its transaction."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Count, Exists, Max, Min, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_POST

from glossary.admin import GlossaryAdmin, TermAdmin
from glossary.models import Glossary, Sense, Term
from glossary.versions import lock, shown, snapshot_of
from reader.admin.at_work import account_of
from reader.admin.row_history import RowHistoryPages
from reader.admin.shown import ShownAdmin
from reader.admin.term_structure import PREVIEW, TermStructurePages
from reader.correction.form_proposals import add_proposed, proposals_for
from reader.correction.occurrence_changes import Changes, changes_of
from reader.correction.occurrences import occurrences_of
from reader.correction.settling import NOT_THE_TERM, OPEN_AGAIN, NoSuchSense, settle
from reader.correction.terms import delete, language_of, restore
from reader.models import TermOccurrence, Volume
from reader.publishing.publish import publish_glossary, publish_terms
from reader.templatetags.languages import text_lang


@admin.register(Glossary)
class ShownGlossaryAdmin(ShownAdmin, GlossaryAdmin):
    """Lists of terms, whose names say their language."""

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Glossaries with the language of their volumes if it is one."""
        glossaries: models.QuerySet[Any] = (
            super().get_queryset(request).annotate(language=_language_of_volumes("pk"))
        )
        return glossaries


def _language_of_volumes(glossary: str) -> models.Subquery:
    """The language of the volumes that use the glossary named by this field; null if there are none, or several."""
    volumes = Volume.objects.filter(glossary=OuterRef(glossary)).order_by().values("glossary")
    languages = volumes.annotate(first=Min("language"), last=Max("language"))
    return models.Subquery(languages.filter(first=models.F("last")).values("first"))


class OnlyShown(Exception):
    """Rolls back a save that was only made to see its changes."""

    def __init__(self, changes: Changes) -> None:
        self.changes = changes


def _in_its_language(words: str, language: str | None) -> str:
    """Words of the text, with their language if it is known and not that of the interface."""
    lang = text_lang(language or "")
    return format_html("<span{}>{}</span>", lang, words) if lang else words


class OccurrenceFilter(admin.SimpleListFilter):
    """A filter for terms that the text never uses, or uses in a sense that nobody has settled."""

    title = gettext_lazy("occurrences")
    parameter_name = "occurrences"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The choices of the filter."""
        return [("never", gettext("never occurs")), ("ambiguous", pgettext("occurrences", "ambiguous"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """The terms of the chosen kind."""
        here = TermOccurrence.objects.filter(term=OuterRef("pk"))
        if self.value() == "never":
            return queryset.filter(~Exists(here))
        if self.value() == "ambiguous":
            # Terms with two senses or more, and an occurrence without a sense.
            second = Sense.objects.filter(term=OuterRef("pk")).order_by("n")
            return queryset.filter(Exists(here.filter(sense=None)), Exists(second[1:2]))
        return queryset


@admin.register(Term)
class PublishedTermAdmin(TermStructurePages, RowHistoryPages, ShownAdmin, TermAdmin):
    """Terms. Every change is published in all volumes that use the term's glossary."""

    list_display = ("shown_headword", "shown_definition", "shown_see", "source", "uses", "in_glossary")
    list_filter = ("glossary", OccurrenceFilter, "source")
    change_form_template = "admin/glossary/term/change_form.html"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Terms with the number of their occurrences, and the language of their volumes if it is one."""
        rows = TermOccurrence.objects.filter(term=OuterRef("pk")).order_by().values("term")
        uses = models.Subquery(rows.annotate(n=Count("pk")).values("n"))
        terms: models.QuerySet[Any] = (
            super().get_queryset(request).annotate(uses=uses, language=_language_of_volumes("glossary"))
        )
        return terms

    @admin.display(description=gettext_lazy("headword"), ordering="headword")
    def shown_headword(self, term: Any) -> str:
        """The headword with its language."""
        return _in_its_language(term.headword, term.language)

    @admin.display(description=gettext_lazy("definition"), ordering="definition")
    def shown_definition(self, term: Any) -> str:
        """The definition with its language."""
        return _in_its_language(term.definition, term.language)

    @admin.display(description=pgettext_lazy("field of a term", "see"), ordering="see")
    def shown_see(self, term: Any) -> str | None:
        """The term to which readers are sent, with its language."""
        return _in_its_language(str(term.see), term.language) if term.see else None

    @admin.display(description=gettext_lazy("occurrences"), ordering=models.F("uses").desc(nulls_last=True))
    def uses(self, term: Any) -> int:
        """The number of occurrences."""
        return term.uses or 0

    @admin.display(description=pgettext_lazy("field", "glossary"), ordering="glossary")
    def in_glossary(self, term: Any) -> str:
        """The term's glossary, with its language."""
        return _in_its_language(term.glossary.name, term.language)

    def language_of(self, request: HttpRequest, glossary: int | None) -> str:
        """The language of the volumes that use a glossary, or of all volumes; asked once a request."""
        asked: dict[int | None, str] = request.__dict__.setdefault("languages_of_glossaries", {})
        if glossary not in asked:
            asked[glossary] = language_of(glossary)
        return asked[glossary]

    def get_urls(self) -> list[URLPattern]:
        """The library's and Django's addresses, and those for settling occurrences and adding a proposed form."""
        settling = path(
            "<int:pk>/settle/",
            self.admin_site.admin_view(self.settle_view),
            name="glossary_term_settle",
        )
        adding = path(
            "<int:pk>/add-form/",
            self.admin_site.admin_view(self.add_form_view),
            name="glossary_term_add_form",
        )
        return [settling, adding, *super().get_urls()]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form of a term; if only the changes are wanted, a form that is shown again."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.is_shown_again = getattr(request, "changes_are_shown", False)
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show the form of a term with its occurrences, or with the changes that saving would make to them."""
        context = {
            **(extra_context or {}),
            "PREVIEW": PREVIEW,
            "may_restructure": self.may_restructure(request),
        }
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except OnlyShown as shown:
            request.changes_are_shown = True  # type: ignore[attr-defined]  # read by get_form
            context["changes"] = shown.changes
            return super().changeform_view(request, object_id, form_url, context)

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Term | None = None,
    ) -> Any:
        """Show the form with the occurrences that an editor settles."""
        if obj is not None and request.method == "GET":
            context["occurrences"] = occurrences_of(
                obj,
                all_shown=request.GET.get("occurrences") == "all",
                page=request.GET.get("page", "1"),
            )
            context["senses"] = list(obj.senses.all())
            context["language"] = self.language_of(request, obj.glossary_id)
            context["proposals"] = proposals_for(obj)
            context["NOT_THE_TERM"], context["OPEN_AGAIN"] = NOT_THE_TERM, OPEN_AGAIN
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the term with its forms, senses and exceptions, and publish at once; or only show the changes."""
        super().save_related(request, form, formsets, change)
        term: Term = form.instance
        if PREVIEW in request.POST:
            raise OnlyShown(changes_of(term.glossary))
        publish_terms(term.glossary, [term])

    def row_now(self, row: Term) -> dict[str, Any]:
        """The term with its forms, senses and exceptions."""
        return snapshot_of(row)

    def texts_of(self, snapshot: Mapping[str, Any]) -> dict[str, str]:
        """The fields of a version as texts."""
        return shown(snapshot)

    def lock_row(self, row: Term) -> None:
        """Let nobody else change terms of the glossary."""
        lock(row.glossary_id)

    def restore_row(self, request: HttpRequest, row: Term, snapshot: dict[str, Any], reason: str) -> None:
        """Make the term as it was, and publish it."""
        restore(row, snapshot, by=account_of(request), reason=reason)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the versions, and lead to the list of merged, split and deleted terms."""
        context = {"deeds_url": reverse("admin:glossary_term_deeds"), **(extra_context or {})}
        return super().history_view(request, object_id, context)

    @method_decorator(require_POST)
    def add_form_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give a term a proposed form, and publish at once."""
        term = get_object_or_404(Term, pk=pk)
        if not self.has_change_permission(request, term):
            raise PermissionDenied
        form = request.POST.get("form", "")
        if add_proposed(term, form, by=account_of(request)):
            messages.success(
                request, gettext("“%(form)s” is a form of “%(term)s” now.") % {"form": form, "term": term}
            )
        else:
            words = gettext("“%(form)s” is not proposed any more: nothing was changed.")
            messages.warning(request, words % {"form": form})
        return HttpResponseRedirect(reverse("admin:glossary_term_change", args=[pk]))

    @method_decorator(require_POST)
    def settle_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record an editor's decisions on a term's occurrences, and publish at once."""
        term = get_object_or_404(Term, pk=pk)
        if not self.has_change_permission(request, term):
            raise PermissionDenied
        words = {
            name.removeprefix("of-"): str(word)
            for name, word in request.POST.items()
            if name.startswith("of-")
        }
        every = request.POST.get("every", "")
        try:
            settled = settle(term, words, every, by=account_of(request))
        except NoSuchSense as error:
            raise Http404(str(error)) from error
        if every:
            sentence = gettext(
                "All occurrences of “%(term)s” that are not settled by themselves were settled together."
            )
            messages.success(request, sentence % {"term": term})
        sentence = gettext("Occurrences settled by themselves: %(number)s.")
        messages.success(request, sentence % {"number": settled.count})
        if settled.outdated:
            sentence = gettext(
                "Left as they are, since the text or the senses have changed meanwhile: %(number)s."
            )
            messages.warning(request, sentence % {"number": settled.outdated})
        return HttpResponseRedirect(reverse("admin:glossary_term_change", args=[pk]))

    def delete_model(self, request: HttpRequest, obj: Term) -> None:
        """Delete a term, and publish at once."""
        delete([obj], by=account_of(request))
        self._say_where(request)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Term]) -> None:
        """Delete several terms, and publish at once."""
        delete(list(queryset), by=account_of(request))
        self._say_where(request)

    def _say_where(self, request: HttpRequest) -> None:
        """Tell the person where a deleted term is brought back."""
        url = reverse("admin:glossary_term_deeds")
        words = gettext(
            'What was taken out can be brought back: <a href="{url}">terms that were merged, split or taken out</a>.'
        )
        messages.info(request, format_html(words, url=url))

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Log nothing: the deed writes the log."""

    def publish(self, glossary: Glossary) -> None:
        """Publish the glossary after a table was read in."""
        publish_glossary(glossary)

    def view_on_site(self, term: Term) -> str | None:
        """The address of the entry in the first volume that uses the glossary."""
        volume = Volume.objects.filter(glossary=term.glossary_id).first()
        return reverse("term", args=[volume.slug, term.slug]) if volume else None

"""Where an editor keeps the glossary of an edition. Whatever is saved here is published in the same transaction."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from glossary.admin import GlossaryAdmin, TermAdmin
from glossary.entries import add_term
from glossary.models import Glossary, Sense, Term
from reader.models import Candidate, Settlement, TermOccurrence, Volume
from reader.occurrence_changes import Changes, changes_of
from reader.publishing import publish_glossary, publish_terms
from reader.settling import NOT_THE_TERM, OPEN_AGAIN, occurrences_of, settle

PREVIEW = "_preview"

admin.site.register(Glossary, GlossaryAdmin)


class _OnlyShown(Exception):
    """Takes a save back, of which only the changes were wanted."""

    def __init__(self, changes: Changes) -> None:
        self.changes = changes


class OccurrenceFilter(admin.SimpleListFilter):
    """Terms that the text never uses, or uses in a sense that nobody has settled."""

    title = "occurrences"
    parameter_name = "occurrences"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """What can be asked for."""
        return [("never", "never occurs"), ("ambiguous", "ambiguous")]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """The terms of which that is true."""
        here = TermOccurrence.objects.filter(term=OuterRef("pk"))
        if self.value() == "never":
            return queryset.filter(~Exists(here))
        if self.value() == "ambiguous":
            # Two senses, of which no occurrence without a sense says which one it has.
            second = Sense.objects.filter(term=OuterRef("pk")).order_by("n")
            return queryset.filter(Exists(here.filter(sense=None)), Exists(second[1:2]))
        return queryset


@admin.register(Term)
class PublishedTermAdmin(TermAdmin):
    """Terms, whose every change is published in all volumes that use their glossary."""

    list_display = ("headword", "definition", "see", "source", "uses", "glossary")
    list_filter = ("glossary", OccurrenceFilter, "source")
    change_form_template = "admin/glossary/term/change_form.html"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Terms with the number of their occurrences."""
        rows = TermOccurrence.objects.filter(term=OuterRef("pk")).order_by().values("term")
        uses = models.Subquery(rows.annotate(n=Count("pk")).values("n"))
        terms: models.QuerySet[Any] = super().get_queryset(request).annotate(uses=uses)
        return terms

    @admin.display(description="occurrences", ordering=models.F("uses").desc(nulls_last=True))
    def uses(self, term: Any) -> int:
        """How often the text uses it."""
        return term.uses or 0

    def get_urls(self) -> list[URLPattern]:
        """The library's and Django's, and the one where occurrences are settled."""
        settling = path(
            "<int:pk>/settle/",
            self.admin_site.admin_view(self.settle_view),
            name="glossary_term_settle",
        )
        return [settling, *super().get_urls()]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form of a term; where only its changes are wanted, one that is shown again."""
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
        """The form of a term, with its occurrences, or with what saving it would change of them."""
        context = {**(extra_context or {}), "PREVIEW": PREVIEW}
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except _OnlyShown as shown:
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
        """The same, with the occurrences that an editor settles."""
        if obj is not None and request.method == "GET":
            context["occurrences"] = occurrences_of(
                obj,
                all_shown=request.GET.get("occurrences") == "all",
                page=request.GET.get("page", "1"),
            )
            context["senses"] = list(obj.senses.all())
            context["NOT_THE_TERM"], context["OPEN_AGAIN"] = NOT_THE_TERM, OPEN_AGAIN
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the term with its forms, senses and exceptions, and publish at once; or only see what changes."""
        super().save_related(request, form, formsets, change)
        term: Term = form.instance
        if PREVIEW in request.POST:
            raise _OnlyShown(changes_of(term.glossary))
        publish_terms(term.glossary, [term])

    @method_decorator(require_POST)
    def settle_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record what an editor said of a term's occurrences, and publish at once."""
        term = get_object_or_404(Term, pk=pk)
        if not self.has_change_permission(request, term):
            raise PermissionDenied
        said = {
            name.removeprefix("of-"): str(word)
            for name, word in request.POST.items()
            if name.startswith("of-")
        }
        with transaction.atomic():
            Term.objects.select_for_update().get(pk=pk)
            settled, left = settle(term, said)
            every = request.POST.get("every", "")
            if every == OPEN_AGAIN:
                term.settled_sense = None
            elif every:
                term.settled_sense = get_object_or_404(term.senses, pk=every if every.isdecimal() else 0)
            term.save(update_fields=["settled_sense"])
            self.log_change(request, term, f"Settled occurrences: {settled}.")
            publish_terms(term.glossary, [term])
        if every:
            messages.success(
                request,
                f"All occurrences of “{term}” that are not settled by themselves were settled together.",
            )
        messages.success(request, f"Occurrences settled by themselves: {settled}.")
        if left:
            messages.warning(
                request, f"Left as they are, since the text or the senses have changed meanwhile: {left}."
            )
        return HttpResponseRedirect(reverse("admin:glossary_term_change", args=[pk]))

    def delete_model(self, request: HttpRequest, obj: Term) -> None:
        """Delete, and publish at once."""
        glossary = obj.glossary
        super().delete_model(request, obj)
        publish_terms(glossary, [])

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Term]) -> None:
        """Delete several, and publish at once."""
        with transaction.atomic():
            glossaries = list(Glossary.objects.filter(terms__in=queryset).distinct())
            super().delete_queryset(request, queryset)
            for glossary in glossaries:
                publish_terms(glossary, [])

    def publish(self, glossary: Glossary) -> None:
        """After a table was read in."""
        publish_glossary(glossary)

    def view_on_site(self, term: Term) -> str | None:
        """The entry in the first volume that uses the glossary."""
        volume = Volume.objects.filter(glossary=term.glossary_id).first()
        return reverse("term", args=[volume.slug, term.slug]) if volume else None


@admin.register(Settlement)
class SettlementAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in its stubs alone
    """What editors said of single occurrences; taken back by deleting it."""

    list_display = ("reading", "said", "term", "words", "place")
    list_filter = ("is_term", ("term", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("term", "sense__term", "paragraph", "note")
    search_fields = ("reading", "term__headword")

    @admin.display(description="in these words")
    def words(self, settlement: Settlement) -> str:
        """The words by which it is known."""
        return f"{settlement.before} {settlement.reading} {settlement.after}"

    @admin.display(description="settled as")
    def said(self, settlement: Settlement) -> str:
        """What the editor said."""
        return f"sense {settlement.sense.n}" if settlement.sense else "not the term"

    @admin.display(description="place")
    def place(self, settlement: Settlement) -> str:
        """The text that it is about."""
        return str(settlement.paragraph or settlement.note)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They are made on the page of the term."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """They are changed on the page of the term."""
        return False

    def delete_model(self, request: HttpRequest, obj: Settlement) -> None:
        """Take back, and publish at once."""
        term = obj.term
        super().delete_model(request, obj)
        publish_terms(term.glossary, [term])

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Settlement]) -> None:
        """Take several back, and publish at once."""
        with transaction.atomic():
            terms = list(Term.objects.filter(settlements__in=queryset).select_related("glossary").distinct())
            super().delete_queryset(request, queryset)
            for glossary in {term.glossary for term in terms}:
                publish_terms(glossary, [term for term in terms if term.glossary == glossary])


class StateFilter(admin.SimpleListFilter):
    """By state, the open ones first."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The states; no choice stands for open."""
        return [*Candidate.State.choices[1:], ("all", "all")]

    def choices(self, changelist: Any) -> Any:
        """The states, the first of them `open` in place of Django's `all`."""
        for choice in super().choices(changelist):
            if choice["query_string"] == changelist.get_query_string(remove=[self.parameter_name]):
                choice["display"] = Candidate.State.OPEN.label
            yield choice

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """The candidates in that state."""
        if self.value() == "all":
            return queryset
        return queryset.filter(state=self.value() or Candidate.State.OPEN)


def accept(candidate: Candidate, headword: str, definition: str) -> Term:
    """Make a term of a candidate. ValueError, with the reason, if it cannot be one."""
    if not definition.strip():
        raise ValueError("The text explains it nowhere: write a definition before you accept it.")
    glossary = candidate.volume.glossary
    if existing := glossary.terms.filter(headword__iexact=headword).first():
        raise TermExists(existing)
    term = add_term(glossary, headword, definition, Term.Source.TEXT)
    candidate.state, candidate.term = Candidate.State.ACCEPTED, term
    candidate.save(update_fields=["state", "term"])
    return term


class TermExists(ValueError):
    """The glossary has this headword; says so with a link to its term."""

    def __init__(self, term: Term) -> None:
        url = reverse("admin:glossary_term_change", args=[term.pk])
        self.html = format_html('<a href="{}">“{}”</a> is a term of the glossary already.', url, term)
        super().__init__(f"“{term}” is a term of the glossary already.")


def _reason(error: ValueError) -> SafeString | str:
    return error.html if isinstance(error, TermExists) else str(error)


class CandidateForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in its stubs alone
    """What an editor makes of a candidate. The headword that was found stays: by it an import knows the candidate."""

    headword_of_term = forms.CharField(label="Headword", max_length=200)
    definition_of_term = forms.CharField(label="Definition", widget=forms.Textarea, required=False)

    class Meta:
        model = Candidate
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["headword_of_term"].initial = self.instance.headword
        self.fields["definition_of_term"].initial = self.instance.definition
        if not {"_refuse", "_reopen"}.isdisjoint(self.data):
            self.fields["headword_of_term"].required = False

    def clean(self) -> dict[str, Any]:
        """What can be told before it is tried: that nothing is explained, that the headword is there."""
        cleaned = super().clean() or {}
        headword, definition = cleaned.get("headword_of_term"), cleaned.get("definition_of_term", "")
        if "_accept" not in self.data or not headword:
            return cleaned
        try:
            # Tried and taken back: what is refused is refused at its field.
            with transaction.atomic():
                accept(self.instance, " ".join(headword.split()), definition)
                transaction.set_rollback(True)
        except ValueError as error:
            field = "headword_of_term" if definition.strip() else "definition_of_term"
            self.add_error(field, _reason(error))
        finally:
            self.instance.refresh_from_db(fields=["state", "term"])
        return cleaned


@admin.register(Candidate)
class CandidateAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in its stubs alone
    """Terms that the text explains, or uses and nowhere explains: an editor accepts or refuses them."""

    form = CandidateForm
    list_display = ("headword", "definition", "sentence", "percent", "count", "pattern")
    list_filter = (StateFilter, "volume", "pattern")
    list_select_related = ("term", "volume")
    list_per_page = 50
    search_fields = ("headword", "definition", "sentence")
    search_help_text = "Words of the headword, the definition or the sentence."
    ordering = ("-score", "-count", "headword")
    actions = ("accept_all", "refuse_all", "reopen_all")
    change_form_template = "admin/reader/candidate/change_form.html"
    fields = (
        *("headword_of_term", "definition_of_term"),
        *("found", "sentence", "place", "percent", "pattern", "count", "state", "made", "volume"),
    )
    readonly_fields = ("found", "sentence", "place", "percent", "pattern", "count", "state", "made", "volume")

    class Media:
        css = {"all": ("admin-archive/glossary.css",)}

    @admin.display(description="score", ordering="score")
    def percent(self, candidate: Candidate) -> str:
        """How often such a candidate is right."""
        return f"{candidate.score:.0%}" if candidate.definition else "–"

    @admin.display(description="term", ordering="term")
    def made(self, candidate: Candidate) -> SafeString | str:
        """The term that was made of it."""
        if candidate.term is None:
            return "–"
        url = reverse("admin:glossary_term_change", args=[candidate.term.pk])
        return format_html('<a href="{}">{}</a>', url, candidate.term)

    @admin.display(description="found as")
    def found(self, candidate: Candidate) -> str:
        """The headword that an import knows it by."""
        return candidate.headword

    @admin.display(description="place")
    def place(self, candidate: Candidate) -> SafeString | str:
        """Where it was found."""
        text = candidate.paragraph or candidate.note
        return format_html('<a href="{}">{}</a>', text.get_absolute_url(), text) if text else "–"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only an import finds candidates."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """They are refused, so that another import does not bring them back."""
        return False

    def has_accept_permission(self, request: HttpRequest) -> bool:
        """Whoever accepts a candidate adds a term."""
        return self.has_change_permission(request) and request.user.has_perm("glossary.add_term")

    @admin.action(description="Accept: make terms of them", permissions=["accept"])
    def accept_all(self, request: HttpRequest, queryset: models.QuerySet[Candidate]) -> None:
        """Make a term of each that can be one, and publish once."""
        made: list[Term] = []
        with transaction.atomic():
            for candidate in queryset.exclude(state=Candidate.State.ACCEPTED).select_related(
                "volume__glossary"
            ):
                try:
                    made.append(accept(candidate, candidate.headword, candidate.definition))
                except ValueError as error:
                    messages.warning(request, format_html("“{}”: {}", candidate.headword, _reason(error)))
            for glossary in {term.glossary for term in made}:
                publish_terms(glossary, [term for term in made if term.glossary == glossary])
        messages.success(request, f"Candidates accepted: {len(made)}.")

    @admin.action(description="Refuse", permissions=["change"])
    def refuse_all(self, request: HttpRequest, queryset: models.QuerySet[Candidate]) -> None:
        """Refuse them; another import does not bring them back."""
        refused = queryset.filter(state=Candidate.State.OPEN).update(state=Candidate.State.REFUSED)
        messages.success(request, f"Candidates refused: {refused}.")

    @admin.action(description="Open again", permissions=["change"])
    def reopen_all(self, request: HttpRequest, queryset: models.QuerySet[Candidate]) -> None:
        """Ask again; terms that were made of them stay."""
        settled = queryset.exclude(state=Candidate.State.OPEN)
        messages.success(request, f"Candidates opened: {settled.update(state=Candidate.State.OPEN)}.")

    def save_model(self, request: HttpRequest, obj: Candidate, form: Any, change: bool) -> None:
        """Carry the decision out, and publish at once."""
        if "_refuse" in request.POST:
            obj.state = Candidate.State.REFUSED
        elif "_reopen" in request.POST:
            obj.state = Candidate.State.OPEN
        elif "_accept" in request.POST:
            if not self.has_accept_permission(request):
                raise PermissionDenied
            headword = " ".join(form.cleaned_data["headword_of_term"].split())
            term = accept(obj, headword, form.cleaned_data["definition_of_term"])
            publish_terms(term.glossary, [term])
        obj.save(update_fields=["state"])

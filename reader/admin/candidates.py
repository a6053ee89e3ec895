"""Candidates for the glossary in the admin."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from glossary.entries import add_term
from glossary.models import Term
from reader.models import Candidate
from reader.publishing.publish import publish_terms


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


def reason_of(error: ValueError) -> SafeString | str:
    """The error as a message, with a link where the glossary has the term."""
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
            self.add_error(field, reason_of(error))
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
                    messages.warning(request, format_html("“{}”: {}", candidate.headword, reason_of(error)))
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

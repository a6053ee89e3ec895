"""Candidates for the glossary in the admin."""

from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from reader.admin.at_work import account_of
from reader.admin.deciding import RefusingAdmin
from reader.correction import candidates
from reader.correction.candidates import TermExists
from reader.correction.correcting import Refused
from reader.correction.queue import codes
from reader.models import Candidate
from reader.templatetags.languages import of_text


class StateFilter(admin.SimpleListFilter):
    """A filter by state, the open candidates first."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The states; without a choice the list shows the open candidates."""
        states = [(state, str(label)) for state, label in Candidate.State.choices[1:]]
        return [*states, ("all", pgettext("state of a question", "all"))]

    def choices(self, changelist: Any) -> Any:
        """The states, the first of them `open` in place of Django's `all`."""
        for choice in super().choices(changelist):
            if choice["query_string"] == changelist.get_query_string(remove=[self.parameter_name]):
                choice["display"] = Candidate.State.OPEN.label
            yield choice

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """The candidates in the chosen state."""
        if self.value() == "all":
            return queryset
        return queryset.filter(state=self.value() or Candidate.State.OPEN)


def reason_of(error: ValueError) -> SafeString | str:
    """The error as a message, with a link if the glossary has the term."""
    if not isinstance(error, TermExists):
        return str(error)
    url = reverse("admin:glossary_term_change", args=[error.term.pk])
    return format_html(gettext('<a href="{}">“{}”</a> is a term of the glossary already.'), url, error.term)


class CandidateForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in its stubs alone
    """An editor's decision on a candidate. The found headword stays: an import knows the candidate by it."""

    headword_of_term = forms.CharField(label=_("Headword"), max_length=200)
    definition_of_term = forms.CharField(label=_("Definition"), widget=forms.Textarea, required=False)

    class Meta:
        model = Candidate
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["headword_of_term"].initial = self.instance.headword
        self.fields["definition_of_term"].initial = self.instance.definition
        for field in self.fields.values():
            field.widget.attrs["lang"] = self.instance.volume.language
        if not {"_refuse", "_reopen"}.isdisjoint(self.data):
            self.fields["headword_of_term"].required = False

    def clean(self) -> dict[str, Any]:
        """Refuse a candidate without a definition, or with a headword that the glossary has."""
        cleaned = super().clean() or {}
        headword, definition = cleaned.get("headword_of_term"), cleaned.get("definition_of_term", "")
        if "_accept" not in self.data or not headword:
            return cleaned
        if error := candidates.objection(self.instance, " ".join(headword.split()), definition):
            field = "headword_of_term" if definition.strip() else "definition_of_term"
            self.add_error(field, reason_of(error))
        return cleaned


@admin.register(Candidate)
class CandidateAdmin(RefusingAdmin):
    """Possible terms, which the text explains or uses unexplained: an editor accepts or refuses them."""

    form = CandidateForm
    list_display = ("headword", "definition", "sentence", "percent", "count", "pattern")
    list_filter = (StateFilter, "volume", "pattern")
    list_select_related = ("term", "volume")
    list_per_page = 50
    search_fields = ("headword", "definition", "sentence")
    of_text = ("headword", "definition", "sentence")
    in_words: ClassVar = {"pattern": partial(codes.in_words, "candidate")}
    search_help_text = _("Words of the headword, the definition or the sentence.")
    ordering = ("-score", "-count", "headword")
    actions = ("accept_all", "refuse_all", "reopen_all")
    change_form_template = "admin/reader/candidate/change_form.html"
    readonly_fields = ("found", "sentence", "place", "percent", "pattern", "count", "state", "made", "volume")
    fields = ("headword_of_term", "definition_of_term", *readonly_fields)

    class Media:
        css = {"all": ("admin-archive/glossary.css",)}

    @admin.display(description=_("score"), ordering="score")
    def percent(self, candidate: Candidate) -> str:
        """The share of candidates with this score that are right."""
        if not candidate.definition:
            return "–"
        return gettext("%(percent)s%%") % {"percent": f"{candidate.score:.0%}"[:-1]}

    @admin.display(description=_("term"), ordering="term")
    def made(self, candidate: Candidate) -> SafeString | str:
        """The term that was made of the candidate."""
        if candidate.term is None:
            return "–"
        url = reverse("admin:glossary_term_change", args=[candidate.term.pk])
        return format_html(
            '<a href="{}">{}</a>', url, of_text(candidate.term.headword, candidate.volume.language)
        )

    @admin.display(description=_("found as"))
    def found(self, candidate: Candidate) -> str:
        """The headword by which an import knows the candidate."""
        return of_text(candidate.headword, candidate.volume.language)

    @admin.display(description=_("place"))
    def place(self, candidate: Candidate) -> SafeString | str:
        """The text in which the candidate was found."""
        text = candidate.text
        return format_html('<a href="{}">{}</a>', text.get_absolute_url(), text) if text else "–"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: only an import finds candidates."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: a refused candidate stays, so that another import does not bring it back."""
        return False

    def has_accept_permission(self, request: HttpRequest) -> bool:
        """Whether a person may accept candidates, which adds terms."""
        return self.has_change_permission(request) and request.user.has_perm("glossary.add_term")

    @admin.action(description=_("Accept: make terms of them"), permissions=["accept"])
    def accept_all(self, request: HttpRequest, queryset: models.QuerySet[Candidate]) -> None:
        """Make a term of each chosen candidate that can become one, and publish once."""
        rows = queryset.exclude(state=Candidate.State.ACCEPTED).select_related("volume__glossary")
        accepted = candidates.accept_all(rows, by=account_of(request))
        for candidate, error in accepted.refusals:
            messages.warning(request, format_html("“{}”: {}", candidate.headword, reason_of(error)))
        messages.success(request, gettext("Candidates accepted: %(count)s.") % {"count": len(accepted.terms)})

    @admin.action(description=_("Refuse"), permissions=["change"])
    def refuse_all(self, request: HttpRequest, queryset: models.QuerySet[Candidate]) -> None:
        """Refuse the chosen candidates; another import does not bring them back."""
        count = candidates.refuse(queryset, by=account_of(request))
        messages.success(request, gettext("Candidates refused: %(count)s.") % {"count": count})

    @admin.action(description=_("Open again"), permissions=["change"])
    def reopen_all(self, request: HttpRequest, queryset: models.QuerySet[Candidate]) -> None:
        """Reopen the chosen candidates; terms that were made of them stay."""
        count = candidates.reopen(queryset, by=account_of(request))
        messages.success(request, gettext("Candidates opened: %(count)s.") % {"count": count})

    def save_model(self, request: HttpRequest, obj: Candidate, form: Any, change: bool) -> None:
        """Carry out the decision, and publish at once. Refused if somebody else has decided meanwhile."""
        this, by = Candidate.objects.filter(pk=obj.pk), account_of(request)
        answer = {"_refuse": candidates.refuse, "_reopen": candidates.reopen}
        for button in answer.keys() & request.POST.keys():
            if not answer[button](this, by=by):
                raise Refused(gettext("Nothing was changed: it was settled meanwhile."))
            return
        if "_accept" in request.POST:
            if not self.has_accept_permission(request):
                raise PermissionDenied
            headword = " ".join(form.cleaned_data["headword_of_term"].split())
            try:
                candidates.accept(obj, headword, form.cleaned_data["definition_of_term"], by=by)
            except ValueError as error:
                raise Refused(reason_of(error)) from None

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Log nothing: the deed has written the log."""

"""The persons of a volume in the admin: an editor names, merges, splits and excludes them, and settles doubts."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from reader.admin.at_work import account_of
from reader.admin.shown import ShownAdmin
from reader.correction import persons
from reader.edition.occurrences import places_of
from reader.edition.told import doubt_of_person
from reader.models import Person, PersonOccurrence
from reader.templatetags.languages import of_text
from reader.text.markup import plain

# Characters on either side of a name, where its place is shown.
AROUND = 60
STATES = {
    "doubt": (
        pgettext_lazy("state of a person", "in doubt"),
        models.Q(is_settled=False, is_excluded=False, into=None) & ~models.Q(doubt=""),
    ),
    "excluded": (pgettext_lazy("state of a person", "no persons"), models.Q(is_excluded=True)),
    "merged": (pgettext_lazy("state of a person", "merged"), models.Q(into__isnull=False)),
    "gone": (pgettext_lazy("state of a person", "no longer in the text"), models.Q(is_found=False)),
    "lost": (pgettext_lazy("state of a person", "with lost places"), models.Q(places_lost__gt=0)),
}


class StateFilter(admin.SimpleListFilter):
    """A filter by what is doubtful or decided."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The states."""
        return [(name, str(label)) for name, (label, _) in STATES.items()]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """The persons in the chosen state, or all."""
        chosen = STATES.get(self.value() or "")
        return queryset.filter(chosen[1]) if chosen else queryset


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in its stubs alone
    """An editor's decisions about a person."""

    apart = forms.MultipleChoiceField(
        label=_("Forms of another person"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The chosen forms become a person of their own. Take a choice back to join them again."),
    )

    places = forms.MultipleChoiceField(
        label=_("Places of another person"), required=False, widget=forms.CheckboxSelectMultiple
    )
    belong_to = forms.ModelChoiceField(
        label=_("They belong to"), queryset=Person.objects.none(), required=False
    )
    assigned = forms.MultipleChoiceField(
        label=_("Places given to this person"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Take a choice back to give the place back."),
        show_hidden_initial=True,
    )

    class Meta:
        model = Person
        fields = ("heading", "about", "into", "is_excluded", "is_settled")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = self.instance
        others = Person.objects.of_volume(person.volume_id).filter(into=None, is_excluded=False)
        others = others.exclude(pk=person.pk).order_by("found_as")
        for name in {"into", "belong_to"} & self.fields.keys():
            self.fields[name].queryset = others  # type: ignore[attr-defined]
        named = named_in(person)
        counted = forms_of(named)
        language = person.volume.language
        self.fields["places"].choices = [  # type: ignore[attr-defined]
            (str(row.pk), of_text(_around(said, row), language)) for row, said in named
        ]
        self.fields["assigned"].choices = [  # type: ignore[attr-defined]
            (json.dumps(words), of_text(shown, language))
            for words in person.places_assigned
            for shown in (_given(words, named),)
        ]
        self.initial["assigned"] = [json.dumps(words) for words in person.places_assigned]
        self.fields["apart"].choices = [  # type: ignore[attr-defined]
            *(
                (form, of_text(f"{form} ({count})", person.volume.language))
                for form, count in counted.most_common()
            ),
            *(
                (form, gettext("%(form)s (apart)") % {"form": form})
                for form in person.forms_apart
                if form not in counted
            ),
        ]
        self.initial["apart"] = person.forms_apart

    def clean(self) -> dict[str, Any]:
        """Refuse a merging that leads in a circle, and a person all of whose forms are set apart."""
        cleaned = super().clean() or {}
        into = cleaned.get("into")
        if into is not None and (said := persons.objection(self.instance, into)):
            self.add_error("into", said)
        apart = cleaned.get("apart", [])
        if apart and not set(forms_of(named_in(self.instance))) - set(apart):
            self.add_error("apart", gettext("One form at least stays with the person."))
        if cleaned.get("places") and not cleaned.get("belong_to"):
            self.add_error("belong_to", gettext("Say to whom these places belong."))
        for name in ("heading", "about"):
            cleaned[name] = " ".join(cleaned.get(name, "").split())
        return cleaned


class AddForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in its stubs alone
    """A person whom no rule found: the surname is a name from now on, wherever the text has it."""

    surname = forms.CharField(label=_("Surname"), max_length=200)
    given = forms.CharField(label=_("Given names or initials"), max_length=200, required=False)

    class Meta:
        model = Person
        fields = ("volume",)
        # Read before names are lazy: an own one is needed.
        labels: ClassVar[dict[str, Any]] = {"volume": _("Volume")}

    def clean(self) -> dict[str, Any]:
        """Refuse a name that is in the list."""
        cleaned = super().clean() or {}
        volume, surname = cleaned.get("volume"), cleaned.get("surname", "")
        if (
            volume
            and surname
            and (said := persons.objection_to_name(volume, surname, cleaned.get("given", "")))
        ):
            self.add_error("surname", said)
        return cleaned


def named_in(person: Person) -> list[tuple[PersonOccurrence, str]]:
    """The places that name a person, each with the words of its text, in the order of the book. Two statements."""
    rows = PersonOccurrence.objects.filter(person=person).select_related("paragraph", "note")
    rows = rows.defer("paragraph__search", "note__search").order_by(
        "paragraph__position", "note__division__position", "note__position", "start"
    )
    return [(row, plain(row.text.text)) for row in rows if row.text is not None]


def forms_of(named: Iterable[tuple[PersonOccurrence, str]]) -> Counter[str]:
    """The forms of a name at these places, and how often each stands there."""
    return Counter(" ".join(said[row.start : row.end].split()) for row, said in named)


def _around(said: str, row: PersonOccurrence) -> str:
    """A place in its words."""
    return " ".join(said[max(0, row.start - AROUND) : row.end + AROUND].split())


def _given(words: Sequence[str], named: Iterable[tuple[PersonOccurrence, str]]) -> str:
    """A place that was given to a person, in its words; with a remark if it is none of these places now."""
    shown = " ".join(filter(None, words))
    if any((row.start, row.end) in places_of(said, *words) for row, said in named):
        return shown
    return gettext("%(place)s (not found in the text now)") % {"place": shown}


@admin.register(Person)
class PersonAdmin(ShownAdmin):
    """The persons that a text names, and the decisions of editors about them."""

    form = PersonForm
    list_display = ("__str__", "count", "said", "doubt", "in_volume")
    list_filter = (StateFilter, "volume")
    list_select_related = ("volume", "into")
    list_per_page = 100
    search_fields = ("found_as", "heading", "about", "doubt")
    of_text = ("found_as",)
    in_words: ClassVar = {"doubt": doubt_of_person}
    search_help_text = _("Words of the name, the line or the doubt.")
    ordering = ("volume", "found_as")
    actions = ("make_one", "exclude_all", "count_again", "settle_all")
    readonly_fields = ("found_as", "count", "doubt", "page", "volume")
    fields = (
        *("found_as", "volume", "count", "page", "doubt"),
        *(
            "heading",
            "about",
            "into",
            "apart",
            "places",
            "belong_to",
            "assigned",
            "is_excluded",
            "is_settled",
        ),
    )

    @admin.display(description=_("volume"), ordering="volume")
    def in_volume(self, person: Person) -> str:
        """The volume by the slug: titles are long."""
        return person.volume.slug

    @admin.display(description=_("decided"))
    def said(self, person: Person) -> str:
        """What an editor decided, in words."""
        said = [
            gettext("one with %(person)s") % {"person": person.into} if person.into else "",
            gettext("no person") if person.is_excluded else "",
            gettext("as found: %(name)s") % {"name": person.found_as} if person.heading else "",
            pgettext("person", "added") if person.is_added else "",
            gettext("not in the text") if not (person.is_found or person.count) else "",
            ngettext("%(n)s place lost", "%(n)s places lost", person.places_lost) % {"n": person.places_lost}
            if person.places_lost
            else "",
        ]
        return ", ".join(filter(None, said)) or "–"

    @admin.display(description=_("page"))
    def page(self, person: Person) -> SafeString | str:
        """The person's page, with every place in its sentence."""
        if not person.pk or not person.is_shown:
            return "–"
        return format_html(
            '<a href="{}">{}</a>', person.get_absolute_url(), gettext("Every place in its sentence")
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: an excluded person stays, so that the next publication does not bring it back."""
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form of decisions; for a new person, of the name."""
        if obj is None:
            return AddForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The fields of decisions; for a new person, of the name."""
        return super().get_fields(request, obj) if obj is not None else ("volume", "surname", "given")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What was found; nothing of a new person."""
        return super().get_readonly_fields(request, obj) if obj is not None else ()

    def change_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the screen again, with the reason, if places cannot be given; nothing was saved."""
        try:
            return super().change_view(request, *args, **kwargs)
        except ValueError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        """Carry out the decision, and publish at once. ValueError if it cannot be."""
        by = account_of(request)
        if not change:
            added = persons.add(obj.volume, form.cleaned_data["surname"], form.cleaned_data["given"], by=by)
            obj.pk, obj.found_as = added.pk, added.found_as
            if not added.count:
                messages.warning(request, gettext("The text names %(person)s nowhere.") % {"person": added})
            return
        values = {
            name: form.cleaned_data[name] for name in form.changed_data if name in PersonForm.Meta.fields
        }
        if "apart" in form.changed_data:
            values["forms_apart"] = form.cleaned_data["apart"]
        # The places first: each other deed may find them again, as other rows.
        if form.cleaned_data["places"]:
            rows = PersonOccurrence.objects.filter(person=obj, pk__in=form.cleaned_data["places"])
            persons.assign(list(rows), form.cleaned_data["belong_to"], by=by)
        if values:
            persons.decide(obj, values, by=by, reason=self.construct_change_message(request, form, []))
        # Of the places that the form showed: what was given meanwhile stays.
        unchosen = {*form.data.getlist(form.add_initial_prefix("assigned"))} - {
            *form.cleaned_data["assigned"]
        }
        if taken := [words for words in obj.places_assigned if json.dumps(words) in unchosen]:
            persons.give_back(obj, taken, by=by)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Log nothing: the deed has written the log."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Log nothing: the deed has written the log."""

    @admin.action(description=_("Make them one person"), permissions=["change"])
    def make_one(self, request: HttpRequest, queryset: models.QuerySet[Person]) -> None:
        """Make the chosen persons one, the one with the most places."""
        try:
            person = persons.make_one(list(queryset.select_related("volume")), by=account_of(request))
        except ValueError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, gettext("One person now: %(person)s.") % {"person": person})

    @admin.action(description=_("Exclude: no persons"), permissions=["change"])
    def exclude_all(self, request: HttpRequest, queryset: models.QuerySet[Person]) -> None:
        """Say of the chosen ones that they are no persons."""
        count = persons.exclude(queryset, by=account_of(request))
        messages.success(request, gettext("Excluded: %(count)s.") % {"count": count})

    @admin.action(description=_("Count as persons again"), permissions=["change"])
    def count_again(self, request: HttpRequest, queryset: models.QuerySet[Person]) -> None:
        """Say of the chosen ones that they are persons after all."""
        count = persons.exclude(queryset, by=account_of(request), is_excluded=False)
        messages.success(request, gettext("Persons again: %(count)s.") % {"count": count})

    @admin.action(description=_("Settle the doubts: as they are"), permissions=["change"])
    def settle_all(self, request: HttpRequest, queryset: models.QuerySet[Person]) -> None:
        """Say of the doubts about the chosen persons that all is right."""
        count = persons.settle(queryset, by=account_of(request))
        messages.success(request, gettext("Doubts settled: %(count)s.") % {"count": count})

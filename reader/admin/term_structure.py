"""Terms are merged and split in the admin, after a preview of what readers will see; the deeds are listed, undone."""

import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from glossary.admin import mark_language
from glossary.models import Term, TermDeed
from glossary.sentences import UsualReason, in_words
from glossary.versions import lock, names_in_the_texts_language, shown, snapshot_of
from reader.admin.at_work import account_of
from reader.correction.correcting import Refused
from reader.correction.correctors import user_names_of
from reader.correction.occurrence_changes import Changes, before_change, changes_of
from reader.correction.term_structure import (
    Split,
    deeds_of,
    merge,
    merge_unpublished,
    split,
    split_unpublished,
    summary_of,
    undo,
    undo_unpublished,
)
from reader.correction.terms import TAKEN_OUT, language_of
from reader.templatetags.languages import of_text

PREVIEW = "_preview"
DEEDS_ON_A_PAGE = 50
OVERTAKEN = gettext_lazy(
    "Nothing was saved: somebody else changed one of these terms after you had opened this page. What you see below"
    " is made of the terms as they are now."
)
# The reasons that are proposed, and stored in English.
ONE_TERM = gettext_noop("“%(gone)s” and “%(kept)s” are one term")
TWO_TERMS = gettext_noop("“%(term)s” is two terms")
REASONS = (ONE_TERM, TWO_TERMS, TAKEN_OUT)


class _Said(forms.Form):
    """What every deed needs beside its own fields."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=UsualReason.LONGEST,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Kept in the history, and shown to readers among the errata: name nobody."),
        error_messages={"required": gettext_lazy("Say why, in a few words: the history keeps it.")},
    )

    def __init__(self, *args: Any, usual: UsualReason, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._usual = usual
        self.fields["reason"].initial = usual.shown
        mark_language(self.fields, language)

    def clean_reason(self) -> str:
        """The reason as it is stored."""
        return self._usual.to_store(self.cleaned_data["reason"])


class _Lines(forms.CharField):
    """A text of lines: a browser ends them with two signs, the glossary with one."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


def _definition(label: Any, help_text: Any = "") -> forms.CharField:
    return _Lines(
        label=label,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"}),
        help_text=help_text,
    )


class MergeForm(_Said):
    """The definition of two terms that become one."""

    definition = _definition(
        gettext_lazy("Definition of both"),
        gettext_lazy("Both stand here, one after the other: leave what readers need."),
    )
    field_order = ("definition", "reason")


class SplitForm(_Said):
    """The new term, and what goes there."""

    headword = forms.CharField(
        label=gettext_lazy("New headword"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    definition = _definition(gettext_lazy("Its definition"))
    senses: Any = forms.ModelMultipleChoiceField(
        None,
        label=gettext_lazy("Senses that go there"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    remaining = _definition(gettext_lazy("Definition that remains"))
    forms: Any = forms.ModelMultipleChoiceField(
        None,
        label=gettext_lazy("Forms that go there"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Without any, the new term gets the usual forms of its headword."),
    )
    field_order = ("headword", "definition", "forms", "senses", "remaining", "reason")

    def __init__(self, term: Term, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["forms"].queryset = term.forms.all()  # type: ignore[attr-defined]  # a choice of rows
        self.fields["senses"].queryset = term.senses.all()  # type: ignore[attr-defined]
        language = language_of(term.glossary_id)
        for name in ("forms", "senses"):
            self.fields[name].label_from_instance = lambda row: of_text(str(row), language)  # type: ignore[attr-defined]
        if not term.senses.exists():
            del self.fields["senses"]

    def parts(self) -> Split:
        """The new term and what remains, as they were said."""
        said = self.cleaned_data
        return Split(
            headword=said["headword"],
            definition=said["definition"],
            forms=[form.pk for form in said["forms"]],
            senses=[sense.pk for sense in said.get("senses", ())],
            remaining=said["remaining"],
        )


# The name of a field for persons, its text, and the language of the text; the last is empty for other words.
ShownField = tuple[str, str, str]


class Shown:
    """What a deed would do: the terms afterwards, each with its fields as texts, and the occurrences that move."""

    def __init__(self, terms: list[list[ShownField]], changes: Changes, ambiguous: int) -> None:
        self.terms, self.changes, self.ambiguous = terms, changes, ambiguous


def _preview(do: Callable[[], list[int | None]], glossary: Any, language: str) -> Shown:
    """Carry out a deed, look at what it has done, and roll it back. Refused, with the reason, if it cannot be done."""
    with transaction.atomic():
        lock(glossary)
        before = before_change(glossary)
        keys = do()
        changes = changes_of(glossary, before)
        terms = list(
            Term.objects.filter(pk__in=[key for key in keys if key is not None]).order_by("headword")
        )
        of_the_text = names_in_the_texts_language()
        after = [
            [
                (name, text, language if name in of_the_text else "")
                for name, text in shown(snapshot_of(term)).items()
            ]
            for term in terms
        ]
        ambiguous = sum(
            term.occurrences.filter(sense=None).count() for term in terms if term.senses.count() > 1
        )
        transaction.set_rollback(True)
    return Shown(after, changes, ambiguous)


class TermStructurePages(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in its stubs alone
    """The pages on which terms are merged and split, and on which that is taken back."""

    def get_urls(self) -> list[URLPattern]:
        """Django's addresses, and those of these pages."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/merge/", view(self.merge_view), name="glossary_term_merge"),
            path("<int:pk>/split/", view(self.split_view), name="glossary_term_split"),
            path("deeds/", view(self.deeds_view), name="glossary_term_deeds"),
            path("deeds/<int:pk>/undo/", view(self.undo_view), name="glossary_termdeed_undo"),
            *super().get_urls(),
        ]

    def may_restructure(self, request: HttpRequest) -> bool:
        """Whether a person may add, change and delete terms."""
        return (
            self.has_change_permission(request)
            and self.has_add_permission(request)
            and self.has_delete_permission(request)
        )

    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Choose another term; show what merging it would do; merge it."""
        self._refuse_others(request)
        kept = Term.objects.select_related("glossary", "see").filter(pk=pk).first()
        if kept is None:
            return self._gone(request)
        asked = request.POST.get("other") or request.GET.get("other", "")
        others = Term.objects.filter(glossary=kept.glossary_id).exclude(pk=kept.pk)
        context = {
            **self._structure_context(request, kept, gettext("Merge: %(term)s") % {"term": kept}),
            "others": list(others.values_list("pk", "headword")),
            "asked": asked,
        }
        if not asked:
            return TemplateResponse(request, "admin/glossary/term/merge.html", context)
        key = int(asked) if asked.isdecimal() and asked.isascii() and len(asked) < 19 else 0
        gone = others.select_related("glossary").filter(pk=key).first()
        if gone is None:
            messages.error(
                request, gettext("That term is not in this glossary any more: it was merged or taken out.")
            )
            return HttpResponseRedirect(reverse("admin:glossary_term_merge", args=[kept.pk]))
        both = "\n".join(dict.fromkeys(filter(None, (kept.definition.strip(), gone.definition.strip()))))
        form = MergeForm(
            request.POST or None,
            initial={"definition": both},
            usual=UsualReason(ONE_TERM, {"gone": gone, "kept": kept}),
            language=context["language"],
        )
        seen = _seen(kept, gone)
        definition = form.data.get("definition", both) if form.is_bound else both
        if form.is_valid() and PREVIEW not in request.POST and self._is_as_seen(request, seen):
            try:
                with transaction.atomic():
                    lock(kept.glossary_id)
                    if _seen(kept, gone) != seen:
                        raise Refused(str(OVERTAKEN))
                    deed = merge(
                        kept,
                        gone,
                        form.cleaned_data["definition"],
                        by=account_of(request),
                        reason=form.cleaned_data["reason"],
                    )
            except Refused as refused:
                messages.error(request, str(refused))
            else:
                return self._done(request, deed)

        def do() -> list[int | None]:
            merge_unpublished(kept, gone, definition, by=account_of(request), reason="")
            return [kept.pk]

        context |= {"other": gone, "form": form, "seen": seen, **self._shown(do, kept, context["language"])}
        return TemplateResponse(request, "admin/glossary/term/merge.html", context)

    def split_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for the new term; show what splitting would do; split."""
        self._refuse_others(request)
        term = Term.objects.select_related("glossary", "see").filter(pk=pk).first()
        if term is None:
            return self._gone(request)
        context = self._structure_context(request, term, gettext("Split: %(term)s") % {"term": term})
        form = SplitForm(
            term,
            request.POST or None,
            initial={"remaining": term.definition, "definition": term.definition},
            usual=UsualReason(TWO_TERMS, {"term": term}),
            language=context["language"],
        )
        seen = _seen(term)
        context |= {"form": form, "seen": seen}
        if form.is_valid():
            if PREVIEW not in request.POST and self._is_as_seen(request, seen):
                try:
                    with transaction.atomic():
                        lock(term.glossary_id)
                        if _seen(term) != seen:
                            raise Refused(str(OVERTAKEN))
                        deed = split(
                            term, form.parts(), by=account_of(request), reason=form.cleaned_data["reason"]
                        )
                except Refused as refused:
                    messages.error(request, str(refused))
                else:
                    return self._done(request, deed)

            def do() -> list[int | None]:
                made = split_unpublished(term, form.parts(), by=account_of(request), reason="")
                return [made.term_key, made.other_key]

            context |= self._shown(do, term, context["language"])
        return TemplateResponse(request, "admin/glossary/term/split.html", context)

    def deeds_view(self, request: HttpRequest) -> HttpResponse:
        """List the terms that were merged, split or taken out, the last first."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        page = Paginator(deeds_of(), DEEDS_ON_A_PAGE).get_page(request.GET.get("page", ""))
        deeds = list(page)
        names = user_names_of(key for deed in deeds for key in (deed.made_by, deed.undone_by))
        for deed in deeds:
            deed.shown_summary = summary_of(deed)  # type: ignore[attr-defined]  # for the template
            deed.shown_reason = in_words(deed.reason, REASONS)  # type: ignore[attr-defined]
            deed.maker = names.get(deed.made_by or 0, "")  # type: ignore[attr-defined]
            deed.undoer = names.get(deed.undone_by or 0, "")  # type: ignore[attr-defined]
        context = {
            **self._structure_context(request, None, gettext("Terms that were merged, split or taken out")),
            "deeds": deeds,
            "page": page,
            "may_undo": self.may_restructure(request),
        }
        return TemplateResponse(request, "admin/glossary/term/deeds.html", context)

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what taking a deed back would do; take it back."""
        self._refuse_others(request)
        deed = get_object_or_404(deeds_of(), pk=pk)
        if request.method == "POST":
            try:
                stays = undo(deed, by=account_of(request))
            except Refused as refused:
                words = gettext("Nothing was taken back. %(reason)s")
                messages.error(request, words % {"reason": refused})
            else:
                words = gettext("Taken back, and readers see it: %(deed)s.")
                messages.success(request, words % {"deed": summary_of(deed)})
                for sentence in stays:
                    messages.warning(request, sentence)
            return HttpResponseRedirect(reverse("admin:glossary_term_deeds"))

        def do() -> list[int | None]:
            undo_unpublished(deed, by=account_of(request))
            return [deed.term_key, deed.other_key]

        title = gettext("Take back: %(deed)s") % {"deed": summary_of(deed)}
        context = self._structure_context(request, None, title)
        context |= {"deed": deed, **self._shown(do, deed, language_of(deed.glossary_id))}
        return TemplateResponse(request, "admin/glossary/term/undo.html", context)

    def _refuse_others(self, request: HttpRequest) -> None:
        if not self.may_restructure(request):
            raise PermissionDenied

    def _gone(self, request: HttpRequest) -> HttpResponse:
        messages.error(
            request, gettext("This term is not in the glossary any more: the list says what became of it.")
        )
        return HttpResponseRedirect(reverse("admin:glossary_term_deeds"))

    def _is_as_seen(self, request: HttpRequest, seen: str) -> bool:
        """Whether the terms are as the person saw them; says so if not."""
        if request.POST.get("seen", "") == seen:
            return True
        messages.error(request, str(OVERTAKEN))
        return False

    def _shown(
        self, do: Callable[[], list[int | None]], row: Term | TermDeed, language: str
    ) -> dict[str, Any]:
        """The preview of a deed for the template, or the reason why it cannot be done."""
        try:
            return {"shown": _preview(do, row.glossary, language)}
        except Refused as refused:
            return {"refused": str(refused)}

    def _done(self, request: HttpRequest, deed: TermDeed) -> HttpResponse:
        url = reverse("admin:glossary_termdeed_undo", args=[deed.pk])
        messages.success(
            request,
            format_html(
                gettext('{deed}, and readers see it. <a href="{url}">Take it back</a>'),
                deed=summary_of(deed),
                url=url,
            ),
        )
        return HttpResponseRedirect(reverse("admin:glossary_term_change", args=[deed.term_key]))

    def _structure_context(self, request: HttpRequest, term: Term | None, title: str) -> dict[str, Any]:
        request.current_app = self.admin_site.name
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": None,
            "opts": self.opts,
            "term": term,
            "language": language_of(term.glossary_id) if term else "",
            "PREVIEW": PREVIEW,
        }


def _seen(*terms: Term) -> str:
    """The terms as they are now, as a text that a form sends back."""
    return json.dumps([snapshot_of(term) for term in terms])

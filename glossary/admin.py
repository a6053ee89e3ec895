"""How an editor finds and changes terms. Registered in reader/admin.py, which publishes what a change touches."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from glossary.forms import forms_of
from glossary.models import Term, TermForm


class TermFormInline(admin.TabularInline):  # type: ignore[type-arg]  # generic in its stubs alone
    """The spellings of a term."""

    model = TermForm
    extra = 1


class GlossaryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in its stubs alone
    """Lists of terms."""

    search_fields = ("name",)


class TermAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in its stubs alone
    """Terms with their spellings."""

    list_display = ("headword", "definition", "see", "source", "glossary")
    list_filter = ("glossary", "source")
    list_select_related = ("see", "glossary")
    search_fields = ("headword", "definition", "forms__text")
    fields = ("glossary", "headword", "slug", "definition", "see", "source")
    autocomplete_fields = ("see",)
    prepopulated_fields = {"slug": ("headword",)}
    inlines = (TermFormInline,)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Give a new term the usual spellings of its headword, unless the editor gave it some."""
        super().save_related(request, form, formsets, change)
        term: Term = form.instance
        # A term without a form would never be found in the text; the editor can take forms away afterwards.
        if not change and not term.forms.exists():
            TermForm.objects.bulk_create(
                TermForm(term=term, text=spelling.text, case=spelling.case)
                for spelling in forms_of(term.headword)
            )

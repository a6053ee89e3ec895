"""What editors said of single occurrences, in the admin."""

from typing import Any

from django.contrib import admin
from django.db import models, transaction
from django.http import HttpRequest

from glossary.models import Term
from reader.models import Settlement
from reader.publishing.publish import publish_terms


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

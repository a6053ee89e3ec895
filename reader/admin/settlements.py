"""Editors' decisions on single occurrences, in the admin."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reader.admin.at_work import account_of
from reader.admin.shown import ShownAdmin
from reader.correction.settling import take_back
from reader.models import Settlement
from reader.templatetags.languages import of_text


@admin.register(Settlement)
class SettlementAdmin(ShownAdmin):
    """Editors' decisions on single occurrences; deleting one takes it back."""

    list_display = ("reading", "said", "term", "words", "place")
    list_filter = ("is_term", ("term", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("term", "sense__term", "paragraph__volume", "note__division__volume")
    search_fields = ("reading", "term__headword")
    of_text = ("reading",)

    @admin.display(description=_("in these words"))
    def words(self, settlement: Settlement) -> str:
        """The words by which the settlement is known."""
        words = f"{settlement.before} {settlement.reading} {settlement.after}"
        return of_text(words, settlement.text.volume.language) if settlement.text else words

    @admin.display(description=_("settled as"))
    def said(self, settlement: Settlement) -> str:
        """The editor's decision."""
        if settlement.sense is None:
            return gettext("not the term")
        return gettext("sense %(n)s") % {"n": settlement.sense.n}

    @admin.display(description=_("place"))
    def place(self, settlement: Settlement) -> str:
        """The text of the settlement."""
        return str(settlement.text)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: settlements are made on the page of the term."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: settlements are changed on the page of the term."""
        return False

    def delete_model(self, request: HttpRequest, obj: Settlement) -> None:
        """Take a settlement back, and publish at once."""
        take_back([obj], by=account_of(request))

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Settlement]) -> None:
        """Take several settlements back, and publish at once."""
        take_back(list(queryset), by=account_of(request))

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Log nothing: the deed writes the log."""

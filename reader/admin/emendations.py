"""An import's changes of the witnesses' readings, shown in the admin."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from reader.admin.read_only import ReadOnlyAdmin
from reader.edition.evidence import name_of_rule
from reader.models import Emendation


@admin.register(Emendation)
class EmendationAdmin(ReadOnlyAdmin):
    """Changes of the witnesses' readings."""

    list_display = ("line", "before", "after", "rule", "witness", "volume")
    list_filter = ("volume", "rule")
    search_fields = ("before", "after")
    of_text = ("before", "after")
    in_words: ClassVar = {"rule": name_of_rule}

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """The emendations without large fields, with the related rows that the list shows."""
        return super().get_queryset(request).select_related("volume", "witness").defer("witness__content")

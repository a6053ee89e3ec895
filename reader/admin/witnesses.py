"""The witnesses of a volume, shown in the admin without their content."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from reader.admin.read_only import ReadOnlyAdmin
from reader.models import Witness


def kind_in_words(kind: str) -> str:
    """A kind of file, as readers see it."""
    return Witness(kind=kind).kind_in_words


@admin.register(Witness)
class WitnessAdmin(ReadOnlyAdmin):
    """The files of the volumes, without their content."""

    list_display = ("name", "volume", "n", "kind", "encoding", "digest")
    list_select_related = ("volume",)
    in_words: ClassVar = {"kind": kind_in_words}

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """The witnesses without large fields, with the related rows that the list shows."""
        return super().get_queryset(request).defer("content")

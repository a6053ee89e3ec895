"""Cross-references in the admin, to be read only."""

from typing import ClassVar

from django.contrib import admin
from django.utils.translation import pgettext_lazy

from reader.admin.read_only import ReadOnlyAdmin
from reader.edition.interface import Words
from reader.models import CrossReference
from reader.pages.apparatus import REASONS

# What a cross-reference names, by the kinds of reader/text/cross_references.py.
KINDS = Words(
    {
        "page": pgettext_lazy("kind of reference", "page"),
        "note": pgettext_lazy("kind of reference", "note"),
        "division": pgettext_lazy("kind of reference", "division"),
        "volume": pgettext_lazy("kind of reference", "another volume"),
    }
)


@admin.register(CrossReference)
class CrossReferenceAdmin(ReadOnlyAdmin):
    """Places where the text sends its reader to another place."""

    list_display = ("reading", "kind", "target_page", "target_division", "is_resolved", "reason", "volume")
    list_filter = ("volume", "is_resolved", "kind")
    list_select_related = ("target_division", "volume")
    search_fields = ("reading",)
    of_text = ("reading",)
    in_words: ClassVar = {"kind": KINDS.said, "reason": REASONS.said}

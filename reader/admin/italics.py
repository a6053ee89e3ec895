"""Lost italics, shown in the admin and answered in the queue."""

from typing import ClassVar

from django.contrib import admin

from reader.admin.read_only import ReadOnlyAdmin
from reader.edition.italics import LANGUAGES
from reader.edition.told import evidence_of_italic
from reader.models import Italic


@admin.register(Italic)
class ItalicAdmin(ReadOnlyAdmin):
    """Words that may have stood in italics."""

    list_display = ("reading", "kind", "language", "state", "volume")
    list_filter = ("volume", "state", "kind", "language")
    list_select_related = ("volume",)
    search_fields = ("reading",)
    of_text = ("reading",)
    in_words: ClassVar = {"language": LANGUAGES.said, "evidence": evidence_of_italic}

"""Paragraphs in the admin."""

from django.contrib import admin

from reader.admin.text_lists import ChapterFilter, TextAdmin
from reader.models import Paragraph


@admin.register(Paragraph)
class ParagraphAdmin(TextAdmin):
    """Paragraphs, whose text a person corrects."""

    list_display = ("number", "beginning", "level", "is_corrected", "place", "kind")
    list_display_links = ("number", "beginning")
    list_filter = ("volume", ChapterFilter, "kind", "level")
    search_fields = ("text",)

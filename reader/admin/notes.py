"""Notes in the admin."""

from django.contrib import admin

from reader.admin.supplying import SupplyingPages
from reader.admin.text_lists import ChapterFilter, TextAdmin
from reader.models import Note


@admin.register(Note)
class NoteAdmin(SupplyingPages, TextAdmin):
    """Notes, whose text a person corrects."""

    list_display = ("__str__", "beginning", "level", "is_corrected", "place", "state")
    list_display_links = ("__str__", "beginning")
    list_filter = (("division__volume", admin.RelatedOnlyFieldListFilter), ChapterFilter, "state", "level")
    search_fields = ("text",)

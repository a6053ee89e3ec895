"""The list of contents beside the text as HTML. It holds no words of the interface, and all pages have nearly one."""

from dataclasses import replace

from django.template.loader import render_to_string

from reader.edition.contents import Entry, safe
from reader.edition.edition import Edition


class ContentsList:
    """The list of an edition, rendered once for many pages."""

    def __init__(self, edition: Edition) -> None:
        self.html = render_to_string("reader/contents.html", edition.context)

    def at(self, entry: Entry) -> str:
        """The list on the page of an entry, which is marked as current, and shows what is in it."""
        return safe(self.html.replace(_rendered(entry), _rendered(replace(entry, current=True))))


def _rendered(entry: Entry) -> str:
    return render_to_string("reader/contents_entry.html", {"entry": entry, "whole": False})

"""Names, headings and recorded words as pages show them: the words of a text say which language they are in."""

from django import template
from django.utils.html import conditional_escape, format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe

from reader.edition.contents import Entry
from reader.edition.errata import Correction
from reader.edition.set_aside import CATEGORIES
from reader.edition.works import title_of
from reader.templatetags.languages import of_text
from reader.text.labels import labels_in
from reader.text.works import Work

register = template.Library()


@register.simple_tag
def entry_name(entry: Entry, language: str) -> SafeString:
    """The name of a division, which is in the language of its text: `Chapter 3: The lamps`."""
    return of_text(_named(entry.label, entry.head_html, language), language)


@register.simple_tag
def entry_title(entry: Entry, language: str) -> SafeString:
    """The name of a division for a page's title, without elements."""
    # The heading is escaped HTML.
    return _named(entry.label, mark_safe(strip_tags(entry.head_html)), language)  # noqa: S308


@register.simple_tag
def where(erratum: Correction, language: str) -> SafeString:
    """The place of an erratum: `Paragraph 12, Chapter 1: The lamps`."""
    place = conditional_escape(erratum.place)
    chapter = of_text(erratum.chapter, language)
    if not place and not chapter:
        return conditional_escape(erratum.where)
    return format_html("{}, {}", place, chapter) if place and chapter else place or chapter


@register.filter
def work_title(work: Work) -> str:
    """The title of a work that the text cites."""
    return title_of(work)


@register.filter
def language_of_title(work: Work, language: str) -> str:
    """The language of a work's title, as far as it is known: that of the text, or none for words of the interface."""
    return "" if work.volume_of_present else language


@register.filter
def category(name: str) -> str:
    """What an import read characters as, in the language of the interface."""
    return CATEGORIES.get(name, name)


@register.filter
def colon(language: str) -> str:
    """The sign between a name and what is said of it, in a language: French has a space before it."""
    return labels_in(language).colon


def _named(label: str, head: SafeString, language: str) -> SafeString:
    both = format_html("{}{} {}", label, colon(language), head)
    return both if label and head else head or conditional_escape(label)

"""Filters that show the words of a glossary, and the archive's own, in the characters of a book."""

from django import template
from django.utils.safestring import SafeString

from reader.edition.contents import safe
from reader.text.typography import in_print as in_print_text
from reader.text.typography import typeset as typeset_text

register = template.Library()


@register.filter
def typeset(plain: str, language: str) -> SafeString:
    """A plain text typeset by the rules of a language, escaped, with the source's own characters beside it."""
    shown = typeset_text(plain, language)
    return safe(shown.wrapped(shown.html()))


@register.filter
def in_print(said: str) -> str:
    """A sentence of the archive's own, such as the name of a rule, with the apostrophes of a book."""
    return in_print_text(str(said))

"""A filter that shows the words of a glossary in the characters of a book, as pages show the text."""

from django import template
from django.utils.safestring import SafeString

from reader.edition.contents import safe
from reader.text.typography import typeset as typeset_text

register = template.Library()


@register.filter
def typeset(plain: str, language: str) -> SafeString:
    """A plain text typeset by the rules of a language, escaped, with the source's own characters beside it."""
    shown = typeset_text(plain, language)
    return safe(shown.wrapped(shown.html()))

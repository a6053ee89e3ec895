"""The `lang` of elements: a page is in the reader's language, what it quotes is in that of the text."""

from django import template
from django.utils.html import format_html
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def text_lang(language: str) -> str:
    """` lang="…"` for an element with words of a text, if its language is not that of the interface; else nothing."""
    return _attribute(language) if _differs(language) else ""


@register.simple_tag
def interface_lang(language: str) -> str:
    """` lang="…"` for words of the interface inside an element that has the `text_lang` of this language."""
    return _attribute(get_language() or "en") if _differs(language) else ""


def in_language(language: str, words: str) -> str:
    """Words of a text for a list of the admin: in an element with their `lang`, if that is not the interface's."""
    return format_html("<span{}>{}</span>", _attribute(language), words) if _differs(language) else words


def _attribute(language: str) -> str:
    return format_html(' lang="{}"', language)


def _differs(language: str) -> bool:
    return bool(language) and language != (get_language() or "en")


@register.filter("in_language")
def words_in_language(words: str, language: str) -> str:
    """Words of a text within a sentence of the interface: in a `<span>` with their `lang`, if it is another one."""
    return (
        format_html('<span lang="{}">{}</span>', language, words) if words and _differs(language) else words
    )

"""The `lang` of elements: a page is in the reader's language, what it quotes is in that of the text. Scripts' words."""

from django import template
from django.utils.html import conditional_escape, format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from reader.pages.script_words import OF_CORRECTORS, OF_READERS
from reader.publishing import languages

register = template.Library()


@register.simple_tag
def archive_languages() -> tuple[str, ...]:
    """The languages from which a reader may choose; nothing if there is no choice."""
    offered = languages.archive_languages()
    return offered if len(offered) > 1 else ()


@register.simple_tag
def text_lang(language: str) -> str:
    """` lang="…"` for an element with words of a text, if its language is not that of the interface; else nothing."""
    return _attribute(language) if _differs(language) else ""


@register.simple_tag
def interface_lang(language: str) -> str:
    """` lang="…"` for words of the interface inside an element that has the `text_lang` of this language."""
    return _attribute(get_language() or "en") if _differs(language) else ""


@register.filter
def of_text(words: str, language: str) -> SafeString:
    """Words of a text in a <span> with their language, if it is not that of the interface; empty words as they are."""
    shown = conditional_escape(words)
    return (
        format_html("<span{}>{}</span>", _attribute(language), shown)
        if shown and _differs(language)
        else shown
    )


@register.simple_tag
def script_words(of: str = "readers") -> str:
    """The words that scripts say, for the page's language if that is not English; `of` is "readers" or "correctors"."""
    words = {"readers": OF_READERS, "correctors": OF_CORRECTORS}[of]
    return json_script({word: gettext(word) for word in words}, "words") if _differs("en") else ""


def _attribute(language: str) -> str:
    return format_html(' lang="{}"', language)


def _differs(language: str) -> bool:
    return bool(language) and language != (get_language() or "en")

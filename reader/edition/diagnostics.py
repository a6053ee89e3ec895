"""What an import says of its sources, in the language of the interface: it is kept in English."""

from collections.abc import Iterable
from functools import partial

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from glossary.languages import marked_english, translated
from reader.text.diagnostics import FINDINGS, LISTED, MESSAGES, NUMBERS, PARTS, REMEDIES, WORDS
from reader.text.typography import in_print


def in_words(code: str, message: str, language: str = "") -> str | None:
    """The message of a diagnostic as a sentence, as HTML; None if no message of its code makes it.

    `language` is that of the text, which its words within the message have.
    """
    if code not in FINDINGS:
        said = _translated(message, MESSAGES.get(code, ()), language)
        return None if said is None else _capitalised(said)
    begins, _, remedy = message.partition(". ")
    finding = finding_in_words(code, f"{begins[:1].lower()}{begins[1:]}")
    if finding is None or remedy != REMEDIES[code]:
        return None
    return format_html("{}. {}", _capitalised(finding), gettext(remedy))


def finding_in_words(code: str, said: str) -> str | None:
    """What is said of a reading as a whole; None if it is not the sentence of its code."""
    return _translated(said, [FINDINGS[code]] if code in FINDINGS else [])


def finding_shown(code: str, said: str) -> str:
    """What is said of a reading as a whole, as HTML; in English, and marked so, if it has no other words."""
    found = None if get_language() == "en" else finding_in_words(code, said)
    return marked_english(in_print(said)) if found is None else found


def shown(code: str, message: str, language: str = "") -> str:
    """The message of a diagnostic, as HTML; in English, and marked so, if it has no words in other languages."""
    said = in_words(code, message, language)
    return marked_english(message) if said is None else said


def _translated(message: str, messages: Iterable[str], language: str = "") -> str | None:
    marks = {name: partial(_of_text, language=language) for name in WORDS}
    return translated(message, messages, PARTS, listed=LISTED, numbers=NUMBERS, marks=marks)


def _capitalised(html: str) -> SafeString:
    return mark_safe(f"{html[:1].upper()}{html[1:]}")  # noqa: S308 - only its first letter is another one


def _of_text(words: str, language: str) -> str:
    differs = language and language != (get_language() or "en")
    return format_html('<span lang="{}">{}</span>', language, words) if differs else words

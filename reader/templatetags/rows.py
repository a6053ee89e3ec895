"""What Django's own pages of the admin show of a row: its name in the language of its text, what was changed in it."""

import json
from html import unescape
from typing import Any

from django import template
from django.db import models
from django.utils.html import conditional_escape, strip_tags
from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext, pgettext

from glossary.models import FormerTerm, Glossary, Sense, Term, TermException, TermForm
from reader.edition.diagnostics import in_words, shown
from reader.models import (
    Candidate,
    CitedWork,
    CrossReference,
    Diagnostic,
    Division,
    Emendation,
    GoodReading,
    Italic,
    Person,
    Replacement,
    Suspect,
    Variant,
    Volume,
    WorkReference,
)
from reader.templatetags.languages import of_text

register = template.Library()

# Rows that are called by words of a text; the names of all others are words of the interface.
CALLED_BY_TEXT = (
    *(Volume, Division, Glossary, Term, TermForm, TermException, Sense, FormerTerm, Person, CitedWork),
    *(Candidate, Emendation, Suspect, Variant, CrossReference, WorkReference, Replacement, GoodReading),
)
# The fields that lead from a row to its volume or its glossary, the nearest first.
_ABOVE = ("volume", "text", "division", "term", "glossary")
# The most words of a name in the way back.
MOST_WORDS = 18


def language_of(row: Any) -> str:
    """The language of a row's words: that of its volume, or of all volumes with its glossary; empty if there is none.

    Costs no statement if the volume was read with the row, and one for a row of a glossary.
    """
    if isinstance(row, Volume | Italic) and row.language:
        return row.language
    if isinstance(row, Glossary | Term) and hasattr(row, "language"):  # as the admin's lists read them
        return row.language or ""
    if isinstance(row, Glossary):
        languages = list(row.volumes.order_by().values_list("language", flat=True).distinct()[:2])
        return languages[0] if len(languages) == 1 else ""
    above = (getattr(row, name, None) for name in _ABOVE)
    return next((language_of(each) for each in above if isinstance(each, models.Model)), "")


@register.filter
def called(row: Any, language: str | None = None) -> SafeString:
    """The name of a row, with its language if it is of a text; `language` is that of the row, if it is known."""
    return _in_its_language(row, name_of(row), language)


@register.filter
def called_shortly(row: Any) -> SafeString:
    """The first words of the name of a row, with their language if they are of a text."""
    return _in_its_language(row, Truncator(name_of(row)).words(MOST_WORDS, truncate=" …"))


def name_of(row: Any) -> str:
    """The name of a row, in the language of the interface if it is not of a text."""
    # Elsewhere a suspect and a diagnostic are called by their codes, too.
    if isinstance(row, Diagnostic):
        return unescape(strip_tags(shown(row.code, row.message)))
    return row.reading if isinstance(row, Suspect) else str(row)


def _in_its_language(row: Any, words: str, language: str | None = None) -> SafeString:
    if isinstance(row, Diagnostic):
        return of_text(words, "" if in_words(row.code, row.message) else "en")
    if not isinstance(row, CALLED_BY_TEXT):
        return conditional_escape(words)
    return of_text(words, language_of(row) if language is None else language)


@register.filter
def changes_said(action: Any) -> SafeString:
    """What a row of the log says, in the language of the interface; in English where that has no words for it."""
    from reader.correction.stored import is_fixed, told  # processes for readers alone run without it

    kept = str(action.change_message)
    try:
        deeds = json.loads(kept)
    except json.JSONDecodeError:
        return conditional_escape(told(kept)) if is_fixed(kept) else of_text(kept, "en")
    if not isinstance(deeds, list):
        return of_text(kept, "en")
    for deed in deeds:
        for said in deed.values():
            if "fields" in said:
                said["fields"] = [field_said(name) for name in said["fields"]]
    return conditional_escape(
        type(action)(action_flag=action.action_flag, change_message=json.dumps(deeds)).get_change_message()
    )


def field_said(name: str) -> str:
    """The English label of a field in the language of the interface, as it is if there are no words for it."""
    small = name[:1].lower() + name[1:]
    said = (pgettext("field", small), gettext(small), gettext(name))
    return capfirst(next((each for each in said if each not in (name, small)), name))

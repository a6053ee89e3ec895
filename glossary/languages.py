"""The languages of words: what the archive keeps is English, what it shows is in the reader's language."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache, partial
from typing import Any

from django.db import models
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext, override


def in_english(words: object) -> str:
    """The name of a row, or the label of a choice, for a sentence that is kept."""
    with override("en"):
        return str(words)


def marked_english(sentence: str) -> str:
    """A sentence that has no words in other languages, marked as English on a page that is not."""
    is_english = (get_language() or "en") == "en"
    return sentence if is_english else format_html('<span lang="en">{}</span>', sentence)


def translated(
    sentence: str,
    messages: Iterable[str],
    parts: Mapping[str, Iterable[str]] | None = None,
    *,
    listed: Collection[str] = (),
    numbers: Collection[str] = (),
    marks: Mapping[str, Callable[[str], str]] | None = None,
    is_strict: bool = False,
) -> str | None:
    """A kept English sentence in the language of the interface, if one of these messages makes it; else None.

    `parts` are the messages that stand in the places of values, by the names of the values; of those in `listed`
    several stand there, parted by commas, and those in `numbers` are whole numbers. A value that is none of its
    messages stays as it is; with `is_strict`, the message is then not that of the sentence. `marks` are functions that
    make HTML of values, by their names; the sentence is then HTML.
    """
    within = partial(
        translated, parts=parts, listed=listed, numbers=numbers, marks=marks, is_strict=is_strict
    )
    for message in messages:
        found = _values_in(sentence, message)
        if found is None:
            continue
        values = {}
        for name, value in found.items():
            pieces = value.split(", ") if name in listed else [value]
            known = (parts or {}).get(name)
            mark = (marks or {}).get(name, str)
            said = [mark(piece) if known is None else within(piece, known) for piece in pieces]
            if is_strict and None in said:
                break
            values[name] = _joined(
                p if words is None else words for p, words in zip(pieces, said, strict=True)
            )
            if name in numbers and value.replace(",", "").isdigit():
                values[name] = number_format(int(value.replace(",", "")), force_grouping=True)
        else:
            if marks is None:
                return gettext(message) % values
            shown = {name: conditional_escape(value) for name, value in values.items()}
            return mark_safe(conditional_escape(gettext(message)) % shown)  # noqa: S308 - all of it is escaped
    return None


def _joined(pieces: Iterable[str]) -> str:
    pieces = list(pieces)
    if any(hasattr(piece, "__html__") for piece in pieces):
        return mark_safe(", ".join(map(conditional_escape, pieces)))  # noqa: S308 - each piece is escaped
    return ", ".join(pieces)


def _values_in(sentence: str, message: str) -> dict[str, str] | None:
    """The values with which a message makes a sentence, by their names, each as short as can be; None if none do.

    The cost is linear in the sentence, which may hold words of a text.
    """
    (first, *between), names = _pieces(message)
    if not names:
        return {} if sentence == first else None
    last = between.pop()
    end = len(sentence) - len(last)
    if not (sentence.startswith(first) and sentence.endswith(last)):
        return None
    values, at = [], len(first)
    for piece in between:
        found = sentence.find(piece, at, end)
        if found < 0:
            return None
        values.append(sentence[at:found])
        at = found + len(piece)
    return dict(zip(names, [*values, sentence[at:end]], strict=True)) if at <= end else None


@cache
def _pieces(message: str) -> tuple[list[str], list[str]]:
    """What stands in a message between its values, and the names of the values."""
    pieces = re.split(r"%\((\w+)\)s", message)
    return pieces[::2], pieces[1::2]


def translate_names(
    rows: Iterable[type[models.Model]],
    called: Iterable[Any],
    fields: Iterable[Any],
    help_texts: Iterable[Any] = (),
) -> None:
    """Give rows and their fields these lazy names in place of the English ones, and fields these lazy help texts.

    The models cannot have them: there each name would ask for a migration.
    """
    names, of_fields, of_help = (
        {in_english(name): name for name in lazy} for lazy in (called, fields, help_texts)
    )
    for row in rows:
        meta = row._meta
        meta.verbose_name_plural = _known(meta.verbose_name_plural, names)
        meta.verbose_name = _known(meta.verbose_name, names)
        for field in meta.get_fields():
            if isinstance(field, models.Field) and not isinstance(field.verbose_name, Promise):
                field.verbose_name = _known(field.verbose_name, of_fields)
                field.help_text = _known(field.help_text, of_help)


def _known(name: Any, names: dict[str, Any]) -> Any:
    return names.get(in_english(name), name)

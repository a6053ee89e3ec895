"""The languages of words: what the archive keeps is English, what it shows is in the reader's language."""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache, partial
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext, override


def in_english(words: object) -> str:
    """The name of a row, or the label of a choice, for a sentence that is kept."""
    with override("en"):
        return str(words)


def translated(
    sentence: str,
    messages: Iterable[str],
    parts: Mapping[str, Iterable[str]] | None = None,
    *,
    listed: Collection[str] = (),
    is_strict: bool = False,
) -> str | None:
    """A kept English sentence in the language of the interface, if one of these messages makes it; else None.

    `parts` are the messages that stand in the places of values, by the names of the values; of those in `listed`
    several stand there, parted by commas. A value that is none of its messages stays as it is; with `is_strict`, the
    message is then not that of the sentence.
    """
    within = partial(translated, parts=parts, listed=listed, is_strict=is_strict)
    for message in messages:
        found = _pattern(message).fullmatch(sentence)
        if found is None:
            continue
        values = {}
        for name, value in found.groupdict().items():
            pieces = value.split(", ") if name in listed else [value]
            known = (parts or {}).get(name)
            said = pieces if known is None else [within(piece, known) for piece in pieces]
            if is_strict and None in said:
                break
            values[name] = ", ".join(
                p if words is None else words for p, words in zip(pieces, said, strict=True)
            )
        else:
            return gettext(message) % values
    return None


@cache
def _pattern(message: str) -> re.Pattern[str]:
    """The sentences that a message makes, with its values as named groups."""
    pieces = re.split(r"%\((\w+)\)s", message)
    named = (f"(?P<{piece}>.*?)" if k % 2 else re.escape(piece) for k, piece in enumerate(pieces))
    return re.compile("".join(named), re.DOTALL)


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

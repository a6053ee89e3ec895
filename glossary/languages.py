"""The languages of words: what the archive keeps is English, what it shows is in the reader's language."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import override


def in_english(words: object) -> str:
    """The name of a row, or the label of a choice, for a sentence that is kept."""
    with override("en"):
        return str(words)


def translate_names(rows: Iterable[type[models.Model]], called: Iterable[Any], fields: Iterable[Any]) -> None:
    """Give rows and their fields these lazy names in place of the English names that Django makes from the code.

    The models cannot have them: there each name would ask for a migration.
    """
    names, of_fields = ({in_english(name): name for name in lazy} for lazy in (called, fields))
    for row in rows:
        meta = row._meta
        meta.verbose_name_plural = _known(meta.verbose_name_plural, names)
        meta.verbose_name = _known(meta.verbose_name, names)
        for field in meta.get_fields():
            if isinstance(field, models.Field) and not isinstance(field.verbose_name, Promise):
                field.verbose_name = _known(field.verbose_name, of_fields)


def _known(name: Any, names: dict[str, Any]) -> Any:
    return names.get(in_english(name), name)

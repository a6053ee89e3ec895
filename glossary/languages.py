"""The languages of words: what the archive keeps is English, what it shows is in the reader's language."""

from collections.abc import Iterable

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, override


def in_english(words: object) -> str:
    """The name of a row, or the label of a choice, for a sentence that is kept."""
    with override("en"):
        return str(words)


def translate_names(rows: Iterable[type[models.Model]]) -> None:
    """Let the names that Django makes from those of classes and fields follow the reader's language.

    They are not given in the models, where each of them would ask for a migration.
    """
    for row in rows:
        meta = row._meta
        meta.verbose_name_plural = gettext_lazy(in_english(meta.verbose_name_plural))
        meta.verbose_name = gettext_lazy(in_english(meta.verbose_name))
        for field in meta.get_fields():
            if isinstance(field, models.Field) and not isinstance(field.verbose_name, Promise):
                field.verbose_name = gettext_lazy(field.verbose_name)

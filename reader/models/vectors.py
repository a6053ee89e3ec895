"""SQL for searching in text that holds inline markup."""

from django.contrib.postgres.search import SearchVector
from django.db.models import F, Func, TextField, Value

# What the inline markup adds to the text (reader/markup.py): note calls, page breaks, emphasis, and escapes, of
# which the character that was escaped stays.
MARKUP = r"\[\^[1-9][0-9]{0,3}\]|\{p\. [^{}\n]+\}|\*|\\([^[:alnum:][:space:]])"


def without_markup(field: str) -> Func:
    """SQL for `field` without its inline markup."""
    return Func(
        F(field), Value(MARKUP), Value(r"\1"), Value("g"), function="regexp_replace", output_field=TextField()
    )


def vector_of_markup(field: str) -> SearchVector:
    """SQL for the search vector of a field that holds inline markup."""
    return SearchVector(without_markup(field), config="english")

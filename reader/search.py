"""Search in the text, PostgreSQL's own: a generated vector, `websearch_to_tsquery`, marked snippets."""

from django.contrib.postgres.search import SearchVector
from django.db.models import CharField, F, Func, Value

# What the inline markup adds to the text (reader/markup.py): note calls, page breaks, emphasis, escapes.
MARKUP = r"\[\^[1-9][0-9]{0,3}\]|\{p\. [^}]*\}|[*\\]"


def without_markup(field: str) -> Func:
    """SQL for `field` without its inline markup."""
    return Func(F(field), Value(MARKUP), Value(""), Value("g"), function="regexp_replace", output_field=CharField())


def vector_of_markup(field: str) -> SearchVector:
    """SQL for the search vector of a field that holds inline markup."""
    return SearchVector(without_markup(field), config="english")

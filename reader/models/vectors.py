"""SQL for searching in text that holds inline markup."""

from django.contrib.postgres.search import SearchVector
from django.db.models import F, Func, TextField, Value

from reader.text import markup

# The characters that the inline markup adds to the text: note calls, page breaks, stars, and the backslashes of
# escapes. PostgreSQL counts more characters as punctuation than we do: a backslash before one of them is text, but it
# is not searched.
PUNCTUATION = r"[^[:alnum:][:space:]]"
MARKUP = rf"{markup.CALL}|{markup.BREAK}|{markup.STAR}|\\({PUNCTUATION})"


def without_markup(field: str) -> Func:
    """SQL for `field` without its inline markup."""
    return Func(
        F(field), Value(MARKUP), Value(r"\1"), Value("g"), function="regexp_replace", output_field=TextField()
    )


def vector_of_markup(field: str) -> SearchVector:
    """SQL for the search vector of a field that holds inline markup."""
    return SearchVector(without_markup(field), config="english")

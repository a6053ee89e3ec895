"""SQL for searching in text that holds inline markup."""

from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db.models import F, Func, TextField, Value

from reader.text import markup, searchable

# The characters that the inline markup adds to the text: note calls, page breaks, stars, and the backslashes of
# escapes. PostgreSQL counts more characters as punctuation than we do: a backslash before one of them is text, but it
# is not searched.
PUNCTUATION = r"[^[:alnum:][:space:]]"
MARKUP = rf"{markup.CALL}|{markup.BREAK}|{markup.STAR}|\\({PUNCTUATION})"
PARTING_CALL = rf"(?<!\\){markup.CALL}"


def without_markup(field: str) -> Func:
    """SQL for `field` without its inline markup."""
    return _replaced(F(field), MARKUP, r"\1")


def as_searched(text: Any) -> Func:
    """SQL for an expression of plain text as it is searched: words and figures alone (reader/text/searchable.py).

    The texts and what a reader types go through this, and through nothing else.
    """
    joined = _replaced(text, searchable.JOINED, "")
    words = _replaced(_replaced(joined, searchable.DOTTED, r"\1"), searchable.PARTED, " ")
    # Ligatures, letters with separate accents, Roman numerals in one piece.
    plain = Func(words, template="normalize(%(expressions)s, NFKC)", output_field=TextField())
    return _replaced(_replaced(plain, searchable.PARTED, " "), searchable.ACCENTS, "")


def sql_as_searched(text: str) -> str:
    """`as_searched` as the text of a statement with parameters: `text` is SQL for an expression of plain text."""
    for pattern, replacement in (
        (searchable.JOINED, ""),
        (searchable.DOTTED, r"\1"),
        (searchable.PARTED, " "),
    ):
        text = _sql_replaced(text, pattern, replacement)
    text = f"normalize({text}, NFKC)"
    return _sql_replaced(_sql_replaced(text, searchable.PARTED, " "), searchable.ACCENTS, "")


def markup_as_searched(field: str) -> Func:
    """SQL for a field that holds inline markup, as it is searched. A note's call parts words, as readers see it."""
    return as_searched(_replaced(_replaced(F(field), PARTING_CALL, " "), MARKUP, r"\1"))


def vector_of_markup(field: str) -> SearchVector:
    """SQL for the search vector of a field that holds inline markup."""
    return SearchVector(markup_as_searched(field), config="english")


def _replaced(text: Any, pattern: str, replacement: str) -> Func:
    return Func(
        text,
        Value(pattern),
        Value(replacement),
        Value("g"),
        function="regexp_replace",
        output_field=TextField(),
    )


def _sql_replaced(text: str, pattern: str, replacement: str) -> str:
    quoted = pattern.replace("'", "''").replace("%", "%%")
    return f"regexp_replace({text}, '{quoted}', '{replacement}', 'g')"

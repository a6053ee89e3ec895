"""The codes by which the queue is narrowed, in words."""

from typing import Any

from django.utils.translation import pgettext, pgettext_lazy

# By the name of the kind of question. What is not here is shown by its code, as are the codes of diagnostics.
CODES: dict[str, tuple[Any, ...]] = {
    "suspect": (
        pgettext_lazy("kind of doubt", "missing space"),
        pgettext_lazy("kind of doubt", "stray space"),
        pgettext_lazy("kind of doubt", "punctuation"),
        pgettext_lazy("kind of doubt", "dash"),
        pgettext_lazy("kind of doubt", "unbalanced quotation"),
        pgettext_lazy("kind of doubt", "unbalanced bracket"),
        pgettext_lazy("kind of doubt", "unfinished"),
        pgettext_lazy("kind of doubt", "capital"),
        pgettext_lazy("kind of doubt", "doubled word"),
        pgettext_lazy("kind of doubt", "split word"),
        pgettext_lazy("kind of doubt", "fused word"),
        pgettext_lazy("kind of doubt", "misspelling"),
        pgettext_lazy("kind of doubt", "near term"),
        pgettext_lazy("kind of doubt", "two spellings"),
        pgettext_lazy("kind of doubt", "unlikely word"),
        pgettext_lazy("kind of doubt", "missing word"),
        pgettext_lazy("kind of doubt", "superfluous word"),
        pgettext_lazy("kind of doubt", "range without hyphen"),
        pgettext_lazy("kind of doubt", "letter for digit"),
        pgettext_lazy("kind of doubt", "odd figure"),
        pgettext_lazy("kind of doubt", "missing hyphen"),
    ),
    "variant": (
        pgettext_lazy("kind of variant", "figures"),
        pgettext_lazy("kind of variant", "words"),
        pgettext_lazy("kind of variant", "passages"),
        pgettext_lazy("kind of variant", "division of words"),
        pgettext_lazy("kind of variant", "punctuation"),
    ),
    "italic": (
        pgettext_lazy("kind of italics", "title"),
        pgettext_lazy("kind of italics", "term"),
        pgettext_lazy("kind of italics", "foreign"),
        pgettext_lazy("kind of italics", "emphasis"),
    ),
    "conflict": (
        pgettext_lazy("field", "text"),
        pgettext_lazy("field", "head"),
        pgettext_lazy("field", "definition"),
        pgettext_lazy("field", "former definition"),
        pgettext_lazy("field", "deed"),
    ),
    "candidate": (
        pgettext_lazy("pattern", "acronym in brackets"),
        pgettext_lazy("pattern", "expansion in brackets"),
        pgettext_lazy("pattern", "name in brackets"),
        pgettext_lazy("pattern", "gloss in brackets"),
        pgettext_lazy("pattern", "that is"),
        pgettext_lazy("pattern", "or"),
        pgettext_lazy("pattern", "called"),
        pgettext_lazy("pattern", "means"),
        pgettext_lazy("pattern", "appositive"),
        pgettext_lazy("pattern", "unexplained"),
    ),
}
CONTEXTS = {
    "suspect": "kind of doubt",
    "variant": "kind of variant",
    "italic": "kind of italics",
    "conflict": "field",
    "candidate": "pattern",
}


def in_words(kind: str, code: str) -> str:
    """A code of a kind of question in words: `missing-space` of suspects is `missing space`."""
    words = code.replace("-", " ")
    return pgettext(CONTEXTS[kind], words) if kind in CONTEXTS else words

"""Stage: find keys whose form only the whole key shows: a colon, a dash, a tab, an equals sign, a single space.

Rows of two columns, two spaces apart, are found by a later stage, wherever a print page put them.
"""

from dataclasses import replace

from corpus_import.parsing.elements import Draft
from corpus_import.parsing.forms.keys import find_keys


def find_key(draft: Draft) -> Draft:
    """Give the rows of such keys, and the headings over them, their roles."""
    return replace(draft, blocks=find_keys(draft))

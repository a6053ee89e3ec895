"""Objections and remarks about typed texts, said in the language of the interface.

The functions of reader/text that make them are pure and know English alone. A sentence is known again by its message;
what stands in its place of a name (a marker, a row, a column) is a message too.
"""

from django.utils.translation import get_language, gettext_noop

from glossary.languages import translated
from reader.text import markers

# reader/text/markers.py
MARKERS = (
    gettext_noop("The call of note %(n)s"),
    gettext_noop("The beginning of page %(n)s"),
    gettext_noop("the call of note %(n)s"),
    gettext_noop("the beginning of page %(n)s"),
)
PLACES = (gettext_noop("after “…%(words)s”"), gettext_noop("at the beginning"))
OF_MARKERS = (
    gettext_noop("%(marker)s was dropped: it stood %(where)s."),
    gettext_noop("%(marker)s was doubled: it stands again %(where)s."),
    gettext_noop("%(marker)s was added %(where)s: only an import can say where a page begins."),
    gettext_noop("%(marker)s was moved before %(other)s: it now stands %(where)s."),
)
OF_CHANGES = (
    gettext_noop("Markers taken out: %(markers)s."),
    gettext_noop("Markers put in: %(markers)s."),
    gettext_noop("The markers stand in another order."),
)
# reader/text/table_changes.py
LINES = (
    gettext_noop("The caption “%(name)s”"),
    gettext_noop("The line below the table “%(name)s”"),
    gettext_noop("The row of headings “%(name)s”"),
    gettext_noop("The row “%(name)s”"),
    gettext_noop("An empty row of headings"),
    gettext_noop("An empty row"),
)
COLUMNS = (gettext_noop("column %(n)s (“%(heading)s”)"), gettext_noop("column %(n)s"))
CELLS = (gettext_noop("1 cell"), gettext_noop("%(n)s cells"))
OF_TABLES = (
    gettext_noop(
        "This would be no table any more, only lines: line %(n)s begins with none of the marks | ! ^ _."
    ),
    gettext_noop("This would be no table any more, only lines: no line begins with the mark of a row, |."),
    gettext_noop("And 1 more change of this kind."),
    gettext_noop("And %(n)s more changes of this kind."),
    gettext_noop("What stands in %(column)s would be taken out: %(cells)s."),
    gettext_noop("%(line)s would be taken out."),
    gettext_noop("%(line)s would have one cell over all columns: it has %(n)s."),
    gettext_noop("%(line)s would have %(cells)s, and the headings have %(n)s."),
    gettext_noop("%(line)s would have %(cells)s, and most rows have %(n)s."),
    gettext_noop("In the headings, “%(cell)s” would stand in %(there)s: it stands in %(here)s."),
    gettext_noop("In the row “%(name)s”, “%(cell)s” would stand in %(there)s: it stands in %(here)s."),
    gettext_noop("In a row without a name, “%(cell)s” would stand in %(there)s: it stands in %(here)s."),
)
# reader/text/typed_notes.py
OF_NOTES = (
    gettext_noop("Note %(n)s is empty: type what it says."),
    gettext_noop(
        "Line %(n)s begins with %(mark)s: notes are known by their numbers here, so give it the number of its call."
    ),
    gettext_noop("Line %(n)s stands before the first number, so it belongs to no note."),
    gettext_noop("Line %(n)s follows the page that ends note %(note)s, and has no number of its own."),
    gettext_noop("Of %(pages)s the first page is kept."),
    gettext_noop("Line %(n)s begins with a number and was read as part of this note."),
)

# The messages that stand in the places of these names.
_PARTS = {
    "marker": MARKERS,
    "markers": MARKERS,
    "other": MARKERS,
    "where": PLACES,
    "line": LINES,
    "here": COLUMNS,
    "there": COLUMNS,
    "column": COLUMNS,
    "cells": CELLS,
}


def in_words(sentence: str) -> str:
    """A sentence of these functions in the language of the interface; in English, if none of the messages makes it."""
    if not sentence or (get_language() or "en") == "en":
        return sentence
    messages = (*OF_MARKERS, *OF_CHANGES, *OF_TABLES, *OF_NOTES)
    said = translated(sentence, messages, _PARTS, listed=("markers",), is_strict=True)
    return sentence if said is None else said


def marker_changes(before: str, after: str) -> str:
    """The differences between the markers of two readings, in a sentence or two; empty if there are none."""
    return " ".join(map(in_words, markers.sentences_on_changes(before, after)))

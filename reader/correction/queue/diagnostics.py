"""Diagnostics in the queue: messages of the last import to be seen."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext

from reader.correction.queue.codes import in_words
from reader.correction.queue.rows import SHOWN, Row, sentences, with_texts
from reader.edition import diagnostics
from reader.edition.contents import safe
from reader.text.diagnostics import CODES
from reader.text.html import escape
from reader.text.markup import plain
from reader.text.sentences import shorten

if TYPE_CHECKING:
    from reader.correction.queue.queue import Queue


def shown(queue: "Queue", rows: "QuerySet[Any]") -> Iterator[Row]:
    """The rows of diagnostics, each with the beginning of its text."""
    language = queue.volume.language if queue.volume else ""
    with_divisions = with_texts(rows).select_related("paragraph", "note", "division")
    for diagnostic in with_divisions.annotate(in_witness=F("witness__name")):
        text = diagnostic.text or diagnostic.division
        row = queue.row(
            diagnostic, text, reading=in_words("diagnostic", diagnostic.code), line=diagnostic.line
        )
        said = diagnostics.in_words(diagnostic.code, diagnostic.message, language)
        if said is None:
            row.why, row.kept = sentences(_meaning_of(diagnostic.code)), sentences(diagnostic.message)
        else:
            row.why = said
        row.witness = diagnostic.in_witness if queue.has_several_witnesses else ""
        row.sentence = safe(escape(shorten(plain(text.wording if text else ""), SHOWN)))
        yield row


def _meaning_of(code: str) -> str:
    """What a code means, for readers of another language than English; else nothing."""
    meaning = CODES.get(code, "")
    said = gettext(meaning)
    return said if said != meaning else ""

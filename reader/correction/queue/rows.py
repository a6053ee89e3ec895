"""A question as the queue shows it, and the functions that the kinds share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from reader.text.differences import Change
from reader.text.html import permitted, visible
from reader.text.sentences import shorten

# Shown characters of a text.
SHOWN = 240
# Large fields of a text, which no row shows.
LARGE = ("search", "imported_text", "lines")


@dataclass(frozen=True, slots=True)
class Other:
    """What a second witness reads for the words of a suspect: a variant; `key` is the key of its sentence.

    `objection` says why it cannot be taken with one press.
    """

    pk: int
    name: str
    reads: str
    key: str
    objection: str


@dataclass(slots=True)
class Row:
    """A question as the queue shows it.

    `reading` is the reading in question and `suggestion` its possible replacement; `sentence` has the reading marked,
    `before` and `after` are the words around it. `key` is the key of its place; `objection` says why the suggestion
    cannot be accepted; `leads_to` is the address of the screen where the text is put right; `alike` is the number of
    open suspects in the volume with the reading of an open suspect. `other_place` is where a second witness has the
    suggestion; `why` is the question in words, `kept` what the archive keeps of it, in its first language, and
    `settled` who answered it; `others` are the variants of the words of an open suspect, and `together` the changes
    that belong together with a variant's, itself among them, each as words.
    """

    pk: int
    state: str
    is_open: bool
    sentence: str = ""
    before: str = ""
    reading: str = ""
    after: str = ""
    suggestion: str = ""
    why: str = ""
    kept: str = ""
    settled: str = ""
    changes: Sequence[Change] = ()
    chapter: str = ""
    place: str = ""
    line: int | None = None
    other_place: str = ""
    witness: str = ""
    key: str = ""
    objection: str = ""
    stands_in: str = ""
    leads_to: str = ""
    reads_at: str = ""
    settled_by: str = ""
    alike: int = 0
    others: Sequence[Other] = ()
    together: Sequence[str] = ()

    @property
    def name(self) -> str:
        """A name that is unique on the page, for screen readers."""
        words = self.reading or (self.suggestion if self.other_place else "") or str(self.sentence)
        reading = visible(shorten(words, 40))
        return gettext("“%(reading)s”, %(place)s") % {
            "reading": reading,
            "place": self.place or self.chapter,
        }


def with_texts(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Rows with the paragraph or note that each stands in, without the text's large fields."""
    large = [f"{text}__{name}" for text in ("paragraph", "note") for name in LARGE]
    return rows.select_related("paragraph", "note").defer(*large)


def marked(before: str, reading: str, after: str) -> SafeString:
    """A sentence with its reading marked and every character visible."""
    return format_html(
        "{}<mark>{}</mark>{}",
        permitted(visible(before)),
        permitted(visible(reading)),
        permitted(visible(after)),
    )


def sentences(*pieces: str) -> str:
    """The pieces that are not empty, each as a sentence."""
    return " ".join(
        f"{piece[:1].upper()}{piece[1:]}{'' if piece[-1:] in '.?!' else '.'}" for piece in pieces if piece
    )

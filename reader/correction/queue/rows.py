"""A question as the queue shows it, and what the five kinds need to show theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString

from reader.text.differences import Change
from reader.text.html import permitted, visible
from reader.text.sentences import shorten

# Characters that are shown of a text.
SHOWN = 240
# Fields of a text that are large, and that no row shows.
LARGE = ("search", "imported_text", "lines")


@dataclass(slots=True)
class Row:
    """A question as it is shown.

    `reading` is what is asked about and `suggestion` what may stand in its place; `sentence` has the reading marked,
    `before` and `after` are what stands around it there. `key` is that of its place; `objection` says why it cannot be
    accepted, and `leads_to` where it is put right.
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
    changes: Sequence[Change] = ()
    chapter: str = ""
    place: str = ""
    line: int | None = None
    witness: str = ""
    key: str = ""
    objection: str = ""
    stands_in: str = ""
    leads_to: str = ""
    reads_at: str = ""
    settled_by: str = ""

    @property
    def name(self) -> str:
        """What tells it from the others of a page, for who hears it."""
        reading = visible(shorten(self.reading or str(self.sentence), 40))
        return f"“{reading}”, {self.place or self.chapter}"


def with_texts(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Rows with the paragraph or note that each stands in, without what is large in it."""
    large = [f"{text}__{name}" for text in ("paragraph", "note") for name in LARGE]
    return rows.select_related("paragraph", "note").defer(*large)


def marked(before: str, reading: str, after: str) -> SafeString:
    """A sentence with its reading marked, every character seen."""
    return format_html(
        "{}<mark>{}</mark>{}",
        permitted(visible(before)),
        permitted(visible(reading)),
        permitted(visible(after)),
    )


def sentences(*pieces: str) -> str:
    """Each of these pieces as a sentence, without those that are empty."""
    return " ".join(
        f"{piece[:1].upper()}{piece[1:]}{'' if piece[-1:] in '.?!' else '.'}" for piece in pieces if piece
    )

"""The found rows as hits: sentences with addresses, by chapter."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from reader.edition.contents import Entry
from reader.models import Note, Paragraph
from reader.search.asking import Asked, words_found
from reader.search.outline import Outline, Row, Text
from reader.search.snippets import joined, marked, sentence_around, sentence_with_call, text_fragment
from reader.text import markup
from reader.text.addresses import call_id, fragment_id, note_id, paragraph_id
from reader.text.html import Html
from reader.text.note_paragraphs import QUOTED
from reader.text.searchable import FoundWord, words_of

MOST_LIT = 8
# A number, with the marks of its thousands.
FIGURE = re.compile(r"\d{1,3}(?:[,.]\d{3})+(?!\d)|\d+")
MOST_FIGURES_OF_PART = 3


@dataclass(frozen=True, slots=True)
class Call:
    """The call of a note that was found: its address, and its sentence with the number of the note."""

    url: str
    sentence: Html


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that was found: its address, its words with the found ones marked, the name of its place.

    `kind` is heading, text, note or key; `headword` is the headword of a key's term, `call` the call of a note. `page`
    is the page on which it stands in the book; `called` the page of a note's call, as the source gives it.
    """

    url: str
    snippet: Html
    kind: str
    page: str = ""
    n: int | None = None
    headword: Html | None = None
    call: Call | None = None
    called: str = ""

    @property
    def place(self) -> str:
        """The name of its place in words."""
        match self.kind:
            case "note":
                said = gettext("note %(number)s") if self.n else gettext("in a piece of a note")
                name = said % {"number": self.n}
            case "heading":
                name = gettext("heading")
            case _:
                name = ""
        page = gettext("p. %(page)s") % {"page": self.page} if self.page else ""
        called = gettext("called on p. %(page)s") % {"page": self.called} if self.called else ""
        return ", ".join(filter(None, (name, page, called)))


# Before each paragraph of a note that is a quotation.
QUOTES = re.compile(rf"^{QUOTED}", re.MULTILINE)


def _is_asked(found: str, asked: Asked) -> bool:
    """False for a figure that is only a part of one that was asked for: 5 of 5700, 4 of 4,216."""
    if not found.isdecimal() or any(word.is_prefix for word in asked.query.words()):
        return True
    return found in FIGURE.findall(asked.query.text) or len(found) > MOST_FIGURES_OF_PART


def hits_by_chapter(asked: Asked, rows: Sequence[Row]) -> list[tuple[Entry | None, list[Hit]]]:
    """The hits of one page by chapter, the glossary's without one. Two statements, none without rows."""
    if not rows:
        return []
    outline = asked.outline
    callers = _callers(outline, rows)
    texts = outline.texts([(row.kind, row.pk) for row in rows] + [*chain(*callers.values())])
    shown = {
        (row.kind, row.pk): _as_shown(row.kind, texts[row.kind, row.pk].source)
        for row in rows
        if (row.kind, row.pk) in texts
    }
    marking = _Marking(asked, [*shown.values(), *(text.headword for text in texts.values() if text.headword)])
    chapters: dict[str, tuple[Entry | None, list[Hit]]] = {}
    for row in rows:
        text = texts.get((row.kind, row.pk))
        if text is None:
            continue
        source = shown[row.kind, row.pk]
        if row.division is None:
            chapters.setdefault("", (None, []))[1].append(_hit_in_glossary(asked, text, marking))
            continue
        entry = outline.entry_of(row.division)
        call = _call(outline, row, callers.get(row.pk, ()), texts) if row.kind == "note" else None
        hit = _hit_in_chapter(asked, entry, row, text._replace(source=source), marking, call)
        chapters.setdefault(entry.slug, (entry, []))[1].append(hit)
    return list(chapters.values())


def _as_shown(kind: str, source: str) -> str:
    # The sign of a quotation in a note is no sign of the text; blanks keep the places of all others.
    return QUOTES.sub("  ", source) if kind == "note" else source


class _Marking:
    """The words of some texts that a query looks for; `sources` are all these texts. One statement."""

    def __init__(self, asked: Asked, sources: Iterable[str]) -> None:
        self._asked = asked
        self._words = {source: _words(source) for source in sources}
        self._found = words_found(asked, {word.text for words in self._words.values() for word in words})

    def found(self, source: str) -> tuple[str, list[tuple[int, int]]]:
        """The text as readers see it, and the (start, end) of the found words in it."""
        shown = markup.plain(source)
        spans = [(word.start, word.end) for word in self._words.get(source, ()) if word.text in self._found]
        runs = joined(shown, spans, self._asked.query.has_phrase)
        return shown, [(start, end) for start, end in runs if _is_asked(shown[start:end], self._asked)]


@lru_cache(maxsize=1024)
def _words(source: str) -> list[FoundWord]:
    return list(words_of(markup.plain(source), [call.offset for call in markup.calls(source)]))


def _hit_in_chapter(
    asked: Asked, entry: Entry, row: Row, text: Text, marking: _Marking, call: Call | None
) -> Hit:
    outline = asked.outline
    assert row.division is not None, "it is no entry of the glossary"
    division = outline.divisions[row.division]
    plain, spans = marking.found(text.source)
    n = None
    match row.kind:
        case "heading":
            anchor = "" if division.is_page else f"#{division.slug}"
            page = division.page
        case "note":
            n = row.n
            anchor = f"#{note_id(n) if n is not None else fragment_id(row.position)}"
            note = Note(division=division, position=row.position, text=text.source)
            page = outline.pages_of_notes.at(note, spans[0][0] if spans else 0)
        case _:
            n = row.n
            assert n is not None, "every paragraph has a number"
            anchor = f"#{paragraph_id(n)}"
            paragraph = Paragraph(division=division, position=row.position, text=text.source)
            page = outline.pages_of_paragraphs.of(paragraph)
    language = outline.volume.language
    lit = _lit(plain[start:end] for start, end in spans) if anchor else ""
    sentence = text_fragment(text.source, spans, language) if row.kind in ("text", "note") else ""
    return Hit(
        url=f"{entry.url}{lit}{anchor}{f':~:text={sentence}' if sentence else ''}",
        snippet=sentence_around(plain, spans, language),
        kind=row.kind,
        page=outline.labels.get(page, page),
        n=n if row.kind == "note" else None,
        call=call,
        called=text.page,
    )


def _hit_in_glossary(asked: Asked, text: Text, marking: _Marking) -> Hit:
    volume = asked.outline.volume
    return Hit(
        url=reverse("term", args=[volume.slug, text.slug]),
        snippet=sentence_around(*marking.found(text.source), volume.language),
        kind="key",
        headword=marked(*marking.found(text.headword), volume.language),
    )


def _callers(outline: Outline, rows: Iterable[Row]) -> dict[int, list[tuple[str, int]]]:
    """The texts that may call each of these notes, by the note's key."""
    return {
        row.pk: outline.callers.get((outline.chapter_of[row.division].pk, row.n), [])
        for row in rows
        if row.kind == "note" and row.division is not None and row.n is not None
    }


def _call(
    outline: Outline,
    note: Row,
    callers: Iterable[tuple[str, int]],
    texts: Mapping[tuple[str, int], Text],
) -> Call | None:
    """The first call of a note in these texts."""
    assert note.division is not None, "a note stands in a division"
    for caller in callers:
        source = texts[caller].source if caller in texts else ""
        for marker in markup.calls(source):
            if marker.n == note.n:
                url = f"{outline.entry_of(note.division).url}#{call_id(marker.n)}"
                volume = outline.volume
                return Call(
                    url, sentence_with_call(markup.plain(source), marker.offset, marker.n, volume.language)
                )
    return None


def _lit(words: Iterable[str]) -> str:
    """The part of an address that names the words to highlight on its page (static/js/lit.js)."""
    distinct = list(dict.fromkeys(" ".join(word.casefold().split()) for word in words))[:MOST_LIT]
    return "?" + urlencode([("lit", word) for word in distinct]) if distinct else ""

"""The found rows as hits: sentences with addresses, by chapter."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib.postgres.search import SearchHeadline
from django.db.models import Case, F, IntegerField, Model, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from glossary.models import Term
from reader.edition.book_pages import BookPage, PagesOfNotes, labels_of, page_of, read_book_pages
from reader.edition.contents import Entry, contents_of, flat
from reader.models import Division, Note, Paragraph, Volume
from reader.models.vectors import as_searched, markup_as_searched
from reader.search.asking import CONFIG, Asked, ReadyQuery, Row
from reader.search.snippets import (
    START,
    STOP,
    found_in,
    joined,
    marked,
    sentence_around,
    sentence_with_call,
    text_fragment,
)
from reader.text import markup
from reader.text.addresses import call_id, fragment_id, note_id, paragraph_id
from reader.text.html import Html
from reader.text.note_paragraphs import QUOTED
from reader.text.searchable import places

MOST_LIT = 8
# A number, with the marks of its thousands.
FIGURE = re.compile(r"\d{1,3}(?:[,.]\d{3})+(?!\d)|\d+")
MOST_FIGURES_OF_PART = 3
# Stands between a headword and its definition while both are searched as one text.
BETWEEN = "\x1f"


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


class _Pages:
    """The pages of a volume, with their labels, and where its notes stand."""

    def __init__(self, outline: "Outline") -> None:
        self.all: Sequence[BookPage] = read_book_pages(outline.volume)
        self.labels = labels_of(self.all)
        chapters = {pk: chapter.position for pk, chapter in outline.chapter_of.items()}
        self.of_notes = PagesOfNotes(self.all, chapters)


class Outline:
    """A volume's divisions, given in the order of the book, and the places of rows among them."""

    def __init__(self, volume: Volume, divisions: Sequence[Division]) -> None:
        self.volume = volume
        self.divisions = {division.pk: division for division in divisions}
        for division in divisions:
            division.volume = volume
            division.parent = self.divisions[division.parent_id] if division.parent_id else None
        self.chapter_of = {division.pk: division.page_division() for division in divisions}
        self.contents = contents_of(volume, divisions)
        self._entries = {entry.slug: entry for entry in flat(self.contents)}

    def entry_of(self, division: int) -> Entry:
        """The entry of the chapter in which a division stands."""
        return self._entries[self.chapter_of[division].slug]

    def place_of(self, row: Row) -> tuple[int, ...]:
        """The sort key of a row: by chapter; in each the text before the notes, a head before its text."""
        if row.division is None:
            return (1, row.position)
        chapter, division = self.chapter_of[row.division].position, self.divisions[row.division].position
        if row.kind == "note":
            return (0, chapter, 1, division, row.position)
        return (0, chapter, 0, division, row.kind != "heading", row.position)


# Before each paragraph of a note that is a quotation.
QUOTES = re.compile(rf"^{QUOTED}", re.MULTILINE)


class _Shown(NamedTuple):
    """The text of a row as it is searched, with START and STOP around the found words; its source; its address."""

    headline: str
    source: str
    n: int | None  # of a paragraph or a note
    page: str  # of a note
    slug: str  # of an entry of the glossary

    def found(self, asked: Asked) -> tuple[str, list[tuple[int, int]]]:
        """The text as readers see it, and the (start, end) of the found words in it."""
        return _found(markup.plain(self.source), self.headline, asked)


def _found(shown: str, headline: str, asked: Asked) -> tuple[str, list[tuple[int, int]]]:
    searched, spans = found_in(headline)
    runs = joined(shown, places(shown, searched, spans), asked.query.has_phrase)
    return shown, [(start, end) for start, end in runs if _is_asked(shown[start:end], asked)]


def _is_asked(found: str, asked: Asked) -> bool:
    """False for a figure that is only a part of one that was asked for: 5 of 5700, 4 of 4,216."""
    if not found.isdecimal() or any(word.is_prefix for word in asked.query.words()):
        return True
    return found in FIGURE.findall(asked.query.text) or len(found) > MOST_FIGURES_OF_PART


def hits_by_chapter(
    asked: Asked, outline: Outline, rows: Sequence[Row]
) -> list[tuple[Entry | None, list[Hit]]]:
    """The hits of one page by chapter, the glossary's without one. Three statements, none without rows."""
    if not rows:
        return []
    texts = _texts(asked, rows)
    pages = _Pages(outline)
    calls = _calls(outline, [row for row in rows if row.kind == "note"], texts)
    chapters: dict[str, tuple[Entry | None, list[Hit]]] = {}
    for row in rows:
        text = texts.get((row.kind, row.pk))
        if text is None:
            continue  # deleted between the two statements
        if row.division is None:
            chapters.setdefault("", (None, []))[1].append(_hit_in_glossary(asked, text))
            continue
        entry = outline.entry_of(row.division)
        hit = _hit_in_chapter(asked, outline.divisions[row.division], entry, row, text, pages, calls)
        chapters.setdefault(entry.slug, (entry, []))[1].append(hit)
    return list(chapters.values())


def _hit_in_chapter(
    asked: Asked,
    division: Division,
    entry: Entry,
    row: Row,
    text: _Shown,
    pages: _Pages,
    calls: Mapping[int, Call],
) -> Hit:
    if row.kind == "note":
        # The sign of a quotation in a note is no sign of the text; blanks keep the places of all others.
        text = text._replace(source=QUOTES.sub("  ", text.source))
    plain, spans = text.found(asked)
    n = call = None
    called = ""
    match row.kind:
        case "heading":
            anchor = "" if division.is_page else f"#{division.slug}"
            page = division.page
        case "note":
            n, call = text.n, calls.get(row.pk)
            anchor = f"#{note_id(n) if n is not None else fragment_id(row.position)}"
            called = text.page
            note = Note(division=division, position=row.position, text=text.source)
            page = pages.of_notes.at(note, spans[0][0] if spans else 0)
        case _:
            assert text.n is not None, "every paragraph has a number"
            anchor = f"#{paragraph_id(text.n)}"
            page = page_of(Paragraph(division=division, position=row.position, text=text.source), pages.all)
    language = asked.volume.language
    lit = _lit(plain[start:end] for start, end in spans) if anchor else ""
    sentence = text_fragment(text.source, spans, language) if row.kind in ("text", "note") else ""
    return Hit(
        url=f"{entry.url}{lit}{anchor}{f':~:text={sentence}' if sentence else ''}",
        snippet=sentence_around(plain, spans, language),
        kind=row.kind,
        page=pages.labels.get(page, page),
        n=n,
        call=call,
        called=called,
    )


def _hit_in_glossary(asked: Asked, text: _Shown) -> Hit:
    (headword, definition), (headline, rest) = (
        each.split(BETWEEN, 1) for each in (text.source, text.headline)
    )
    return Hit(
        url=reverse("term", args=[asked.volume.slug, text.slug]),
        snippet=sentence_around(*_found(definition, rest, asked), asked.volume.language),
        kind="key",
        headword=marked(*_found(headword, headline, asked), asked.volume.language),
    )


def _texts(asked: Asked, rows: Iterable[Row]) -> dict[tuple[str, int], _Shown]:
    """The whole text of each row, by kind and key. One statement."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        wanted[row.kind].append(row.pk)
    nothing = Value("", output_field=TextField())
    no_number = Cast(Value(None), IntegerField())
    explained = Case(
        When(definition="", see__isnull=False, then=Concat(Value("see "), F("see__headword"))),
        default=F("definition"),
        output_field=TextField(),
    )
    entry = Concat(F("headword"), Value(BETWEEN), explained, output_field=TextField())
    # For each kind: its table, the text as it is searched, then the other fields of `_Shown`.
    selects: dict[str, tuple[type[Model], Any, Any, Any, Any, Any]] = {
        "heading": (Division, markup_as_searched("head"), F("head"), no_number, nothing, nothing),
        "text": (Paragraph, markup_as_searched("text"), F("text"), F("number"), nothing, nothing),
        "note": (Note, markup_as_searched("text"), F("text"), F("n"), F("page"), nothing),
        "key": (Term, as_searched(entry), entry, no_number, nothing, F("slug")),
    }
    texts_of_kinds: list[QuerySet[Any, Any]] = []
    for kind, keys in wanted.items():
        model, text, source, n, page, slug = selects[kind]
        headline = SearchHeadline(
            text,
            ReadyQuery(asked.tsquery),
            config=CONFIG,
            start_sel=START,
            stop_sel=STOP,
            highlight_all=True,
        )
        texts_of_kinds.append(
            model._default_manager.filter(pk__in=keys)
            .order_by()
            .annotate(
                hit=Value(kind, output_field=TextField()),
                headline=headline,
                hit_source=Cast(source, TextField()),
                hit_n=n,
                hit_page=Cast(page, TextField()),
                hit_slug=Cast(slug, TextField()),
            )
            .values_list("hit", "pk", "headline", "hit_source", "hit_n", "hit_page", "hit_slug")
        )
    return {(kind, pk): _Shown(*shown) for kind, pk, *shown in _all_of(texts_of_kinds)}


def _all_of(queries: Sequence[QuerySet[Any, Any]]) -> QuerySet[Any, Any]:
    """The rows of one query or several in one statement."""
    return queries[0].union(*queries[1:], all=True) if len(queries) > 1 else queries[0]


def _calls(outline: Outline, rows: Sequence[Row], texts: Mapping[tuple[str, int], _Shown]) -> dict[int, Call]:
    """The first call of each of these notes, by the note's key. One statement; none without notes."""
    notes = {
        (outline.chapter_of[row.division].pk, n): row.pk
        for row in rows
        if row.division is not None
        and (row.kind, row.pk) in texts
        and (n := texts[row.kind, row.pk].n) is not None
    }
    calls: dict[int, Call] = {}
    for chapter, source in _texts_that_call(outline, notes):
        for marker in markup.calls(source):
            note = notes.get((chapter, marker.n))
            if note is not None and note not in calls:
                url = f"{outline.entry_of(chapter).url}#{call_id(marker.n)}"
                sentence = sentence_with_call(
                    markup.plain(source), marker.offset, marker.n, outline.volume.language
                )
                calls[note] = Call(url, sentence)
    return calls


def _texts_that_call(outline: Outline, notes: Iterable[tuple[int, int]]) -> list[tuple[int, str]]:
    """The texts that may call one of the notes, which are given by chapter and number: each with its chapter, in order.

    All heads are among them. One statement; none without notes.
    """
    divisions: dict[int, list[int]] = defaultdict(list)
    for pk, chapter in outline.chapter_of.items():
        divisions[chapter.pk].append(pk)
    calling = [Q(division__in=divisions[chapter], text__contains=markup.call(n)) for chapter, n in notes]
    if not calling:
        return []
    paragraphs, in_notes = (
        model._default_manager.filter(reduce(or_, calling))
        .order_by()
        .annotate(hit=Value(kind, output_field=TextField()))
        .values_list("hit", "pk", "division_id", "position", "text")
        for model, kind in ((Paragraph, "text"), (Note, "note"))
    )
    sources = [("heading", pk, pk, 0, division.head) for pk, division in outline.divisions.items()]
    sources += paragraphs.union(in_notes, all=True)
    placed = sorted(
        (outline.place_of(Row(kind, pk, division, 0, position)), outline.chapter_of[division].pk, text)
        for kind, pk, division, position, text in sources
    )
    return [(chapter, text) for _, chapter, text in placed]


def _lit(words: Iterable[str]) -> str:
    """The part of an address that names the words to highlight on its page (static/js/lit.js)."""
    distinct = list(dict.fromkeys(" ".join(word.casefold().split()) for word in words))[:MOST_LIT]
    return "?" + urlencode([("lit", word) for word in distinct]) if distinct else ""

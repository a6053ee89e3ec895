"""Search in a volume, PostgreSQL's own: `websearch_to_tsquery` over vectors, sentences for the rows shown alone."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.db.models import F, IntegerField, TextField, Value
from django.utils.safestring import SafeString, mark_safe

from reader import rendering
from reader.contents import Entry, contents_of, flat
from reader.models import Division, Note, Paragraph, Volume
from reader.vectors import vector_of_markup, without_markup

ROWS = 20
LONGEST_QUERY = 300
# PostgreSQL puts these around the words that were found. Should the text hold them, they are shown as U+FFFD.
START, STOP = "\x02", "\x03"
FOUND = re.compile(f"{START}([^{START}{STOP}]*){STOP}")
CONFIG = "english"


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that was found: its address, its words with the found ones marked, where it stands."""

    url: str
    snippet: SafeString
    kind: str
    page: str


def search_context(volume: Volume, query: str, page: str = "1") -> dict[str, Any]:
    """What templates/reader/search.html shows: at most ROWS hits, in the order of relevance, by chapter.

    At most eight statements, whatever the query is and however many rows it finds.
    """
    divisions = list(volume.divisions.order_by("position"))
    context: dict[str, Any] = {
        "volume": volume,
        "contents": contents_of(volume, divisions),
        "query": query.replace("\0", "").strip()[:LONGEST_QUERY],
        **{"total": 0, "results": [], "page": 1, "pages": 0},
        "message": _objection(query),
    }
    if context["message"]:
        return context
    asked = SearchQuery(context["query"], config=CONFIG, search_type="websearch")
    found = _found(volume, asked)
    total = found.count()
    if not total:
        context["message"] = (
            f"Nothing was found for “{context['query']}”. Other words, or fewer, may find it; words such as"
            " “the” and “of” are not searched for."
        )
        return context
    pages = -(-total // ROWS)
    number = min(max(int(page), 1), pages) if page.isascii() and page.isdigit() and len(page) < 8 else 1
    rows = list(found[(number - 1) * ROWS : number * ROWS])
    results = _by_chapter(volume, divisions, context["contents"], asked, rows)
    return {**context, "total": total, "page": number, "pages": pages, "results": results}


def _objection(query: str) -> str:
    """Why a query is not searched for; empty if it is."""
    if "\0" in query:
        return "That query holds a character that no text has. Please type the words again."
    if not query.strip():
        return "Type a word, or a phrase in quotation marks."
    if len(query.strip()) > LONGEST_QUERY:
        return f"A query can have {LONGEST_QUERY} characters; this one has {len(query.strip()):,}. Try a phrase of it."
    return ""


def _found(volume: Volume, asked: SearchQuery) -> Any:
    """A query for the zone, id, rank and order of every hit; of one rank, headings before text before notes."""
    headings = Division.objects.filter(volume=volume).annotate(vector=vector_of_markup("head"))
    zones = (
        ("heading", headings.filter(vector=asked), F("vector"), F("position")),
        ("text", Paragraph.objects.filter(volume=volume, search=asked), F("search"), F("position")),
        ("note", Note.objects.filter(division__volume=volume, search=asked), F("search"), F("position")),
    )
    selects = [
        rows.order_by()
        .annotate(
            zone=Value(zone, output_field=TextField()),
            rank=SearchRank(vector, asked),
            place=position,
            zone_order=Value(order, output_field=IntegerField()),
        )
        .values_list("zone", "pk", "rank", "zone_order", "place")
        for order, (zone, rows, vector, position) in enumerate(zones)
    ]
    return selects[0].union(*selects[1:], all=True).order_by("-rank", "zone_order", "place", "pk")


def _by_chapter(
    volume: Volume,
    divisions: Iterable[Division],
    contents: Iterable[Entry],
    asked: SearchQuery,
    rows: Iterable[tuple[Any, ...]],
) -> list[tuple[Entry, list[Hit]]]:
    by_id: dict[int, Division] = {}
    for division in divisions:
        division.volume = volume
        division.parent = by_id.get(division.parent_id) if division.parent_id else None
        by_id[division.pk] = division
    wanted: dict[str, list[int]] = defaultdict(list)
    for zone, pk, *_ in rows:
        wanted[zone].append(pk)
    models = {"heading": Division, "text": Paragraph, "note": Note}
    texts: dict[tuple[str, int], Any] = {}
    for zone, keys in wanted.items():
        field = "head" if zone == "heading" else "text"
        shown = models[zone]._default_manager.filter(pk__in=keys).annotate(snippet=_headline(field, asked))
        texts |= {(zone, row.pk): row for row in shown}
    breaks = list(
        volume.page_breaks.order_by("position").values_list("n", "paragraph__position", "division__position")
    )
    entries = {entry.slug: entry for entry in flat(contents)}
    results: dict[str, tuple[Entry, list[Hit]]] = {}
    for zone, pk, *_ in rows:
        if (zone, pk) not in texts:
            continue  # it was taken out between the two statements
        row = texts[zone, pk]
        division = by_id[pk if zone == "heading" else row.division_id]
        if zone == "heading":
            url, page = division.get_absolute_url(), division.page
        else:
            row.division = division
            url, page = row.get_absolute_url(), row.page if zone == "note" else _page_of(row, breaks)
        entry = entries[division.page_division().slug]
        hit = Hit(url, _marked(row.snippet), zone, page)
        results.setdefault(entry.slug, (entry, []))[1].append(hit)
    return list(results.values())


def _headline(field: str, asked: SearchQuery) -> SearchHeadline:
    return SearchHeadline(
        without_markup(field),
        asked,
        config=CONFIG,
        start_sel=START,
        stop_sel=STOP,
        highlight_all=True,
    )


def _marked(found: str) -> SafeString:
    """The sentence with what was found in <mark>, out of a whole text with delimiters; all else is escaped."""
    text, spans = "", []
    for at, piece in enumerate(FOUND.split(found)):
        if at % 2:
            spans.append((len(text), len(text) + len(piece)))
        text += piece
    sentence = rendering.marked_sentence(text, spans) if spans else rendering.escape(rendering.shorten(text))
    return mark_safe(sentence)  # noqa: S308


def _page_of(paragraph: Paragraph, breaks: Iterable[tuple[str, int | None, int | None]]) -> str:
    """The printed page on which a paragraph begins: the last one that begins before it.

    `breaks` are the volume's pages in order, each with the position of the paragraph or division it begins in.
    """
    division = paragraph.division
    page = ""
    for n, in_paragraph, at_division in breaks:
        if in_paragraph is not None:
            begins_before = in_paragraph < paragraph.position
        else:
            begins_before = at_division is not None and at_division <= division.position
        if begins_before:
            page = n
    return page or division.page

"""The page of search results."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.utils.text import Truncator
from django.utils.translation import gettext, gettext_lazy

from reader.edition.book_pages import has_inferred
from reader.search.asking import ask, corrected_query, find_rows, looser_queries
from reader.search.hits import hits_by_chapter
from reader.search.offers import missing, offers
from reader.search.outline import Outline, Row
from reader.search.query import (
    LONGEST,
    MOST_BEGINNINGS,
    MOST_ITEMS,
    SHORTEST_BEGINNING,
    Query,
    read_query,
)
from reader.text.html import escape

ROWS = 20
TITLE_WIDTH = 60
ZONES = {
    "headings": gettext_lazy("Headings"),
    "text": gettext_lazy("Text"),
    "notes": gettext_lazy("Notes"),
    "key": gettext_lazy("Glossary"),
}
ZONE_OF = {"heading": "headings", "text": "text", "note": "notes", "key": "key"}
ORDERS = {"": gettext_lazy("By relevance"), "book": gettext_lazy("In the order of the book")}


def search_page(slug: str, typed: str, page: str = "1", zones: Collection[str] = (), order: str = "") -> str:
    """The page of results, as HTML; the arguments are those of `search_context`. Raises Volume.DoesNotExist."""
    context = search_context(slug, typed, page, zones, order)
    before, between, after = context["outline"].around_results()
    title = f"{escape(Truncator(context['query']).chars(TITLE_WIDTH))} – " if context["query"] else ""
    return f"{before}{title}{between}{render_to_string('reader/results.html', context)}{after}"


def search_context(
    slug: str, typed: str, page: str = "1", zones: Collection[str] = (), order: str = ""
) -> dict[str, Any]:
    """The context of templates/reader/results.html: at most ROWS hits, by chapter.

    `zones` are keys of ZONES; unknown ones are ignored, and without a known one all are searched. `order` is a key of
    ORDERS. Five statements for a query whose words the volume has, ten at most for any, beside those that read the
    volume (Outline). Raises Volume.DoesNotExist.
    """
    query = read_query(typed)
    chosen = [zone for zone in ZONES if zone in zones] or list(ZONES)
    order = order if order in ORDERS else ""
    asked = ask(slug, query)
    outline = asked.outline
    everywhere = find_rows(asked)
    counts = Counter(ZONE_OF[row.kind] for row in everywhere)
    rows = _in_order(
        [row for row in everywhere if ZONE_OF[row.kind] in chosen], outline, by_book=order == "book"
    )
    pages = max(-(-len(rows) // ROWS), 1)
    number = min(max(int(page), 1), pages) if page.isascii() and page.isdigit() and len(page) < 8 else 1

    def address(text: str, zones: Sequence[str] = chosen) -> str:
        parts = [("q", text), *(("in", zone) for zone in zones if len(zones) < len(ZONES))]
        return "?" + urlencode([*parts, *([("order", order)] if order else [])])

    elsewhere = [zone for zone in ZONES if counts[zone]] if not rows else []
    corrected = corrected_query(asked)
    looser = looser_queries(asked) if not everywhere else []
    offered = offers(outline, query.text)
    nothing = "" if rows or offered or not query.text else gettext("Nothing was found.")
    if not offered and (said := missing(query.text)):
        nothing = f"{said} {nothing}".strip()
    results = hits_by_chapter(asked, rows[(number - 1) * ROWS : number * ROWS])
    return {
        "outline": outline,
        "volume": outline.volume,
        "query": query.text,
        "zones": [(zone, name, zone in chosen, counts[zone]) for zone, name in ZONES.items()],
        "orders": [(each, name, each == order) for each, name in ORDERS.items()],
        "asked": bool(asked.tsquery),
        "total": len(rows),
        "page": number,
        "pages": pages if rows else 0,
        "address": address(query.text),
        "results": results,
        "has_inferred": has_inferred(hit.page for _, hits in results for hit in hits),
        "message": asked.objection or nothing,
        "remark": _remark(query),
        "offers": offered,
        "meant": [(corrected, address(corrected))] if corrected else [],
        "elsewhere": [(ZONES[zone], counts[zone], address(query.text, [zone])) for zone in elsewhere],
        "looser": [(name, text, address(text)) for name, text in looser],
    }


def _in_order(rows: Sequence[Row], outline: Outline, *, by_book: bool) -> list[Row]:
    """Rows in the order of the book, the glossary last; unless `by_book`, first by relevance."""
    if by_book:
        return sorted(rows, key=outline.place_of)
    return sorted(rows, key=lambda row: (-row.rank, outline.place_of(row)))


def _remark(query: Query) -> str:
    remarks = []
    if query.is_cut:
        remarks.append(
            gettext(
                "A query is read up to %(characters)s characters and %(words)s words; what came after was left out."
            )
            % {"characters": LONGEST, "words": MOST_ITEMS}
        )
    if query.has_whole:
        remarks.append(
            gettext(
                "A query may have %(most)s beginnings of words (with *), each of %(letters)s letters or more;"
                " the others were looked for as words."
            )
            % {"most": MOST_BEGINNINGS, "letters": SHORTEST_BEGINNING}
        )
    return " ".join(remarks)

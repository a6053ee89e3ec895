"""A page of the printed book, looked up by its number."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reader.edition.book_pages import BookPage, Found, look_up, read_book_pages
from reader.edition.contents import contents_of, divisions_of
from reader.models import Division, Paragraph, Volume
from reader.text import markup
from reader.text.html import permitted
from reader.text.sentences import shorten


@dataclass(frozen=True, slots=True)
class NearPage:
    """A printed page with text: its label, its address, its first words if they are known."""

    n: str
    url: str
    words: str


def find_printed_page(volume: Volume, n: str) -> tuple[str | None, dict[str, Any]]:
    """The address of the place where printed page `n` begins, or None and the context of a page about its neighbours.

    At most three statements: divisions, pages, the texts in which the neighbours begin.
    """
    divisions = divisions_of(volume)
    result = look_up(n, read_book_pages(volume))
    chapters = {division.pk: division.page_division() for division in divisions}
    if result.page is not None:
        return _page_url(result.page, chapters), {}
    return None, {
        "volume": volume,
        "contents": contents_of(volume, divisions),
        "n": permitted(n),
        "is_in_book": result.is_in_book,
        **_neighbours(result, chapters),
        "has_inferred": any(page.is_inferred for page in (result.before, result.after) if page),
    }


def _neighbours(found: Found, chapters: Mapping[int, Division]) -> dict[str, NearPage | None]:
    near = [page for page in (found.before, found.after) if page is not None]
    keys = [page.paragraph for page in near if page.paragraph is not None]
    texts = dict(Paragraph.objects.filter(pk__in=keys).values_list("pk", "text")) if keys else {}
    shown = {
        page: NearPage(
            page.label, _page_url(page, chapters), _first_words(page, texts.get(page.paragraph or 0, ""))
        )
        for page in near
    }
    return {"before": shown.get(found.before), "after": shown.get(found.after)}  # type: ignore[arg-type]


def _page_url(page: BookPage, chapters: Mapping[int, Division]) -> str:
    chapter = chapters[page.division or 0]
    return f"{chapter.get_absolute_url()}#{page.anchor}"


def _first_words(page: BookPage, text: str) -> str:
    for marker in markup.markers(text):
        if isinstance(marker, markup.PageBreak) and marker.n == page.n:
            return shorten(markup.plain(text)[marker.offset :], 60)
    return ""

"""The divisions of a volume as contents and links show them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from reader.models import Division, Volume
from reader.text import rendering


@dataclass(frozen=True, slots=True)
class Entry:
    """A division as contents and links show it."""

    slug: str
    url: str
    n: str
    head: str  # without markup, in the source's characters
    head_html: SafeString
    kind: str
    page: str
    label: str
    current: bool = False
    children: tuple["Entry", ...] = ()


def divisions_of(volume: Volume, rows: "QuerySet[Division] | None" = None) -> list[Division]:
    """The divisions in the order of the book, each with its volume and its parent loaded. One statement.

    `rows` is a query of the volume's divisions for callers that need more fields of them.
    """
    divisions = list((volume.divisions.all() if rows is None else rows).order_by("position"))
    by_id = {division.pk: division for division in divisions}
    for division in divisions:
        division.volume = volume
        division.parent = by_id[division.parent_id] if division.parent_id else None
    return divisions


def contents_of(
    volume: Volume, divisions: Iterable[Division], current: Division | None = None
) -> tuple[Entry, ...]:
    """The divisions of a volume, given in the order of the book, as a tree of entries."""
    children: dict[int | None, list[Division]] = defaultdict(list)
    for division in divisions:
        children[division.parent_id].append(division)
    volume_url = volume.get_absolute_url()

    def entries(parent: int | None, page_url: str) -> Iterator[Entry]:
        for division in children[parent]:
            url = f"{volume_url}{division.slug}/" if division.is_page else f"{page_url}#{division.slug}"
            yield Entry(
                slug=division.slug,
                url=url,
                n=rendering.number(division.n, division.kind),
                head=division.title.strip(),
                head_html=safe(rendering.heading(division.head, volume.language)),
                kind=division.kind,
                page=division.page,
                label=_label(division),
                current=division == current,
                children=tuple(entries(division.pk, url if division.is_page else page_url)),
            )

    return tuple(entries(None, volume_url))


def flat(contents: Iterable[Entry]) -> Iterator[Entry]:
    """The entries with their children, in the order of the book."""
    for entry in contents:
        yield entry
        yield from flat(entry.children)


def _label(division: Division) -> str:
    if division.kind in (Division.Kind.PART, Division.Kind.CHAPTER) and division.n:
        return f"{division.kind_in_book.capitalize()} {division.n}"
    return ""


def safe(rendered: str) -> SafeString:
    """HTML as Django's SafeString, for templates that apply a filter for strings; elsewhere `Html` is enough."""
    return SafeString(rendered)

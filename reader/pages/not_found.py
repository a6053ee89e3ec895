"""Help with an address that leads nowhere."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any
from urllib.parse import quote

from django.urls import Resolver404, resolve
from django.utils.html import format_html

from reader.edition.contents import Entry, contents_of, divisions_of, flat
from reader.models import PublishedPage, Volume
from reader.text.html import permitted
from reader.text.labels import labels_in

# Characters that a sentence or a mail leaves at the end of an address.
TRAILING = "/.,;:!?)]}>*\"'`«»“”‘’… \t\r\n"
WORD = re.compile(r"[^\W_]+")
# Characters of an address that are read and shown.
LONGEST = 300


def meant_by(path: str) -> str | None:
    """The address that a path means, with its capitals, slashes or last characters put right; None if there is none.

    One statement; none if nothing can be put right.
    """
    kept = path[:LONGEST].lower().rstrip(TRAILING)
    segments = [segment for part in kept.split("/") if (segment := part.strip())]
    meant = "/".join(["", *segments, ""])
    if not segments or meant == path or len(path) > LONGEST or "\0" in meant:
        return None
    try:
        name = resolve(meant).url_name
    except Resolver404:
        return None
    if name == "printed_page":
        meant = meant.rstrip("/")
        return quote(meant) if meant != path.rstrip("/") else None
    # The views of paragraphs and notes have their own help for a missing one.
    if name in ("paragraph", "note") or PublishedPage.objects.filter(path=meant[1:]).exists():
        return quote(meant)
    return None


def help_with(path: str) -> dict[str, Any]:
    """The context of templates/404.html: the nearest addresses, the contents, words to search for.

    Two statements at most: the volumes, and the divisions of the volume that is named, or of the only one.
    """
    asked = path[:LONGEST].lower().strip("/")
    first, _, rest = asked.partition("/")
    volumes = list(Volume.objects.all())
    volume = next((each for each in volumes if each.slug == first), None)
    if volume is None:
        by_slug = {each.slug: each for each in volumes}
        near = [by_slug[slug] for slug in get_close_matches(first, by_slug, n=1)]
        if len(volumes) > 1 or near:
            nearest = [
                {"url": each.get_absolute_url(), "name": str(each), "language": each.language}
                for each in near
            ]
            return {"volumes": volumes, "nearest": nearest[0] if nearest else None}
        if not volumes:
            return {}
        [volume], rest = volumes, asked
    contents = contents_of(volume, divisions_of(volume))
    return {
        "volume": volume,
        "contents": contents,
        "nearest": _nearest(rest.partition("/")[0].rstrip(TRAILING), flat(contents), volume.language),
        "words": " ".join(WORD.findall(rest))[:100],
    }


def shown(path: str) -> str:
    """The beginning of the path, in characters that HTML allows."""
    return permitted(path if len(path) <= LONGEST else f"{path[:LONGEST]}…")


def _nearest(slug: str, entries: Iterable[Entry], language: str) -> dict[str, str] | None:
    by_slug = {entry.slug: entry for entry in entries}
    for near in get_close_matches(slug, by_slug, n=1):
        entry = by_slug[near]
        colon = labels_in(language).colon
        is_both = entry.label and entry.head_html
        named = format_html("{}{} {}", entry.label, colon, entry.head_html) if is_both else ""
        return {"url": entry.url, "name": named or entry.head_html or entry.label, "language": language}
    return None

"""The edition as readers see it, as JSON: a volume, a chapter, a paragraph or a note, all in one shape.

`part` in edition-format.schema.json describes it, docs/formats.md explains it. Its elements are those of the document
(document.py), without what is there for correctors and for restoring alone.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reader.edition.book_pages import pages_of
from reader.edition.edition import Edition
from reader.exports.book import revised_on, statements
from reader.exports.document import DESCRIBED, FORMAT, Entry, Exporting, write_document
from reader.exports.kept import kept
from reader.exports.moment import one_moment
from reader.exports.schema import NAME as SCHEMA
from reader.models import Division, Note, Volume
from reader.publishing.made_with import made_with
from reader.text import markup

FILE = "edition.json"
MEDIA_TYPE = "application/json"
# Where the schema describes a part.
DEFINITION = f"{SCHEMA}#/$defs/part"


@dataclass(frozen=True, slots=True)
class Named:
    """What is asked for: a chapter, a note of it by its number, or a paragraph; the volume if nothing is named."""

    chapter: str = ""
    note: int | None = None
    paragraph: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole volume."""
        return not self.chapter and self.paragraph is None


def part_of(volume: Volume, named: Named, address: str) -> bytes | None:
    """A part of a volume as JSON, in UTF-8; None if the volume has no such part.

    The whole is read and written once for a revision. `address` is where the archive shows the volume.
    """
    key = (volume.pk, volume.revision, made_with(), FILE, "", address)
    whole = kept(key, lambda: _written(_read(volume, address)))
    if named.is_whole:
        return whole
    part = cut_out(json.loads(whole), named)
    return None if part is None else _written(part)


def _read(volume: Volume, address: str) -> Entry:
    with one_moment():
        return whole_of(Edition(Volume.objects.select_related("glossary").get(pk=volume.pk)), address)


def whole_of(edition: Edition, address: str = "") -> Entry:
    """The whole volume: its description, and the lists of what every reader sees."""
    volume, exporting = edition.volume, Exporting(edition)
    day, shown = revised_on(volume), exporting.shown()
    return {
        "$schema": f"../{DEFINITION}",
        "volume": {
            "slug": volume.slug,
            **{name: getattr(volume, name) for name in DESCRIBED},
            "format": FORMAT,
            "revision": volume.revision,
            **({"revised_on": day.isoformat()} if day else {}),
            "said": statements(edition, address),
        },
        **{name: shown[name] for name in ("divisions", "paragraphs", "notes", "gaps", "pages")},
        "stands_on": list(_stands_on(edition, exporting)),
        "terms": shown["terms"],
        "occurrences": list(_occurrences(edition, exporting)),
        "cross_references": shown["cross_references"],
        "works": shown.get("works", []),
        "persons": list(_persons(edition, exporting)),
        "emendations": shown["emendations"],
    }


def _stands_on(edition: Edition, exporting: Exporting) -> Iterator[Entry]:
    """The first and the last page of the printed book on which each text stands, where they are known."""
    for text in edition.text_by_key.values():
        is_note = isinstance(text, Note)
        pages = edition.pages_of_notes.of(text) if is_note else pages_of(text, edition.pages)  # type: ignore[arg-type]
        if pages is not None:
            yield {**exporting.text_at(*text.key), "first": pages[0], "last": pages[1]}


def _occurrences(edition: Edition, exporting: Exporting) -> Iterator[Entry]:
    slugs = {term.pk: term.slug for term in edition.terms}
    for text in edition.text_by_key.values():
        for row in edition.occurrences.get(text.key, ()):
            sense = {} if row.sense_id is None else {"sense": edition.sense_numbers[row.sense_id]}
            place = {"start": row.start, "end": row.end, "term": slugs[row.term_id]}
            yield {**exporting.text_at(*text.key), **place, **sense}


def _persons(edition: Edition, exporting: Exporting) -> Iterator[Entry]:
    """The persons whom the texts name, each with the places."""
    places: dict[int, list[Entry]] = defaultdict(list)
    for text in edition.text_by_key.values():
        for row in edition.person_occurrences.get(text.key, ()):
            place = {**exporting.text_at(*text.key), "start": row.start, "end": row.end}
            places[row.person_id].append(place)
    for person in edition.persons:
        if person.is_shown and places[person.pk]:
            about = {"about": person.about} if person.about else {}
            yield {"id": person.slug, "name": person.shown_as, **about, "occurrences": places[person.pk]}


# Parts. Pure.


def cut_out(whole: Entry, named: Named) -> Entry | None:
    """A part of a whole volume, which it changes; None if there is no such part.

    A chapter has all that stands on its page; a paragraph or a note the notes that it calls, and that these call.
    """
    around = {entry["id"]: entry["parent"] for entry in whole["divisions"]}
    chapter_of = _chapters(whole["divisions"], around)
    if named.paragraph is not None:
        texts = [entry for entry in whole["paragraphs"] if entry["id"] == named.paragraph]
    else:
        in_chapter = [entry for entry in whole["notes"] if chapter_of[entry["division"]] == named.chapter]
        texts = [entry for entry in in_chapter if named.note is not None and entry["n"] == named.note]
    if texts:
        [text] = texts
        innermost, depth = text["division"], 3 if named.paragraph is not None else 4
        divisions: set[str] = set()
        _keep_text(whole, text, chapter_of)
    elif named.note is None and chapter_of.get(named.chapter) == named.chapter:
        innermost, depth = named.chapter, 2
        divisions = {name for name, chapter in chapter_of.items() if chapter == named.chapter}
        _keep(whole, ("paragraphs", "notes", "gaps"), lambda entry: entry["division"] in divisions)
    else:
        return None
    whole["$schema"] = f"{'../' * depth}{DEFINITION}"
    shown = {*divisions, innermost, *_above(innermost, around)}
    _keep(whole, ("divisions",), lambda entry: entry["id"] in shown)
    _keep_what_stands_in(whole, divisions)
    return whole


def _keep(whole: Entry, lists: Iterable[str], chosen: Callable[[Entry], bool]) -> None:
    for name in lists:
        whole[name] = [entry for entry in whole[name] if chosen(entry)]


def _keep_text(whole: Entry, text: Entry, chapter_of: Mapping[str, str]) -> None:
    """Keep one text, with the notes that it calls and the gaps where they are missing."""
    chapter = chapter_of[text["division"]]
    here = [entry for entry in whole["notes"] if chapter_of[entry["division"]] == chapter]
    called = _called(text, here)
    kept_notes = {entry["id"] for entry in here if entry is text or entry["n"] in called}
    _keep(whole, ("paragraphs",), lambda entry: entry is text)
    _keep(whole, ("notes",), lambda entry: entry["id"] in kept_notes)
    _keep(whole, ("gaps",), lambda entry: entry["division"] == chapter and entry["note"] in called)


def _keep_what_stands_in(whole: Entry, divisions: Collection[str]) -> None:
    """Keep what stands in the texts that were kept, or at the heads of these divisions; and the terms that do."""
    paragraphs = {entry["id"] for entry in whole["paragraphs"]}
    notes = {entry["id"] for entry in whole["notes"]}

    def stands_in_text(entry: Entry) -> bool:
        return entry.get("paragraph") in paragraphs or entry.get("note") in notes

    def stands_here(entry: Entry) -> bool:
        return stands_in_text(entry) or entry.get("division") in divisions

    _keep(whole, ("pages", "emendations"), stands_here)
    # The division of a cross-reference is the one to which it leads.
    _keep(whole, ("stands_on", "occurrences", "cross_references"), stands_in_text)
    for name, places in (("works", "references"), ("persons", "occurrences")):
        for entry in whole[name]:
            _keep(entry, (places,), stands_in_text)
        _keep(whole, (name,), lambda entry, places=places: bool(entry[places]))  # type: ignore[misc]
    terms = {entry["term"] for entry in whole["occurrences"]}
    _keep(whole, ("terms",), lambda entry: entry["slug"] in terms)


def _chapters(divisions: Iterable[Entry], around: Mapping[str, str | None]) -> dict[str, str]:
    """The division on whose page each division stands, by their ids."""
    is_page = {entry["id"]: entry["kind"] in Division.PAGE_KINDS for entry in divisions}
    chapters = {}
    for name in around:
        page, outer = name, around[name]
        while not is_page[page] and outer is not None:
            page, outer = outer, around[outer]
        chapters[name] = page
    return chapters


def _above(division: str, around: Mapping[str, str | None]) -> Iterator[str]:
    outer = around[division]
    while outer is not None:
        yield outer
        outer = around[outer]


def _called(text: Entry, notes: Iterable[Entry]) -> set[int]:
    """The numbers of the notes that a text calls, and that these call."""
    by_number: dict[int | None, Any] = {entry["n"]: entry for entry in notes}
    called: set[int] = set()
    waiting = [call.n for call in markup.calls(text["text"])]
    while waiting:
        n = waiting.pop()
        if n not in called:
            called.add(n)
            waiting += [call.n for call in markup.calls(by_number[n]["text"])] if n in by_number else []
    return called


def _written(part: Entry) -> bytes:
    return write_document(part).encode()

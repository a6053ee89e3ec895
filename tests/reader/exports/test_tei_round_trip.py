"""A way from the edition to TEI and back loses nothing of the text: of every kind of text, and of generated books."""

from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from reader.edition.edition import Edition
from reader.exports.book import lines_of
from reader.exports.document import Exporting
from reader.exports.formats import made_in
from reader.models import Division, Note, PageBreak, Paragraph, Volume
from reader.publishing.publish import publish_volume
from reader.text.markup import Emphasis, Text, calls, leaves, page_breaks, parse
from reader.text.table_notation import read_table
from tests.editions import plausible_edition
from tests.factories import (
    make_division,
    make_italic,
    make_note,
    make_page_break,
    make_paragraph,
    make_term,
    make_volume,
)
from tests.reader.exports.tei_reading import Read, read_tei, shape
from tests.reader.exports.test_formats import book
from tests.sample import MANIFEST as SAMPLE

__all__ = ["book"]  # a fixture

pytestmark = pytest.mark.django_db


def read_back(volume: Volume) -> Read:
    return read_tei(made_in("tei", volume))


def text_of(entry: Any) -> Any:
    """The text of an element: that of a table line by line and cell by cell, if it is in the notation."""
    if entry.get("kind") == "table" and (table := read_table(entry["text"])):
        lists = (table.caption, *table.headings, *table.rows, table.notes)
        return [[shape(cell) for cell in cells] for cells in lists]
    if entry.get("kind") in ("table", "verse"):
        return letters_of(entry["text"])
    return shape(entry["text"])


def letters_of(source: str) -> list[Any]:
    """The characters, and whether each is emphasised, and the markers: emphasis over two lines is one in each."""
    found: list[Any] = []
    for node in parse(source):
        for leaf in leaves((node,)):
            if isinstance(leaf, Text):
                found += [(each, isinstance(node, Emphasis) and each != "\n") for each in leaf.plain]
            else:
                found.append(leaf.n)
    return found


def loses_nothing(volume: Volume) -> None:
    """Compare the edition with what is read from its TEI, list by list."""
    edition = Edition(volume)
    ours, theirs = Exporting(edition).shown(), read_back(volume)
    for name in ("id", "kind", "n", "parent"):
        assert [each[name] for each in theirs.divisions] == [each[name] for each in ours["divisions"]]
    assert [shape(each["head"]) for each in theirs.divisions] == [
        shape(each["head"]) for each in ours["divisions"]
    ]

    by_number = {each["id"]: each for each in theirs.paragraphs}
    assert [each["id"] for each in theirs.paragraphs] == [each["id"] for each in ours["paragraphs"]]
    for each in ours["paragraphs"]:
        read = by_number[each["id"]]
        for name in ("division", "kind", "continues"):
            assert read[name] == each[name], each
        assert text_of(read) == text_of(each)

    assert len(theirs.notes) == len(ours["notes"])
    for read, each in zip(theirs.notes, ours["notes"], strict=True):
        assert (read["division"], read["n"], read["page"]) == (each["division"], each["n"], each["page"])
        assert read["mark"] == (each.get("mark", "") if each.get("mark") != str(each["n"]) else "")
        assert (read["inferred"], read["is_supplied"]) == (
            each.get("inferred", False),
            bool(each.get("supplied_from")),
        )
        assert shape(read["text"]) == shape(each["text"])

    assert sorted((each["division"], each["note"]) for each in theirs.gaps) == sorted(
        (each["division"], each["note"]) for each in ours["gaps"]
    )
    # A page on which no text stands, such as a blank one before the first chapter, is in no TEI.
    assert sorted((each["n"], each["certainty"]) for each in theirs.pages) == sorted(
        (each["n"], each["certainty"])
        for each in ours["pages"]
        if each.get("paragraph") or each.get("note") or each["division"]
    )
    slugs = {term.pk: term.slug for term in edition.terms}
    assert {(each["slug"], each["headword"]) for each in theirs.terms} == {
        (each["slug"], each["headword"]) for each in ours["terms"]
    }
    for paragraph in edition.paragraphs:
        here = {
            (row.start, row.end, slugs[row.term_id]) for row in edition.occurrences.get(paragraph.key, ())
        }
        assert set(theirs.occurrences[f"paragraph {paragraph.number}"]) <= here


def test_a_book_with_a_thing_of_every_kind_comes_back(book: Volume) -> None:
    chapter = book.divisions.get(slug="chapter-1")
    make_paragraph(chapter, "and so on.", continues=True, position=7, number=7)
    make_note(chapter, 4, "Marked.", mark="*", page="2", inferred=True)
    make_note(chapter, 5, "Under another number.", mark="17")
    make_note(chapter, 6, "\\> no quotation\n\n> one *with* {p. 3}a page[^1]")
    make_page_break(book, "3", certainty=PageBreak.Certainty.INFERRED)
    publish_volume(book)

    loses_nothing(book)


def test_the_sample_comes_back_with_all_places_of_its_terms() -> None:
    call_command("import_volume", SAMPLE, verbosity=0)
    volume = Volume.objects.get()

    loses_nothing(volume)
    edition = Edition(volume)
    placed = sum(map(len, read_back(volume).occurrences.values()))
    there = sum(len(edition.occurrences.get(paragraph.key, ())) for paragraph in edition.paragraphs)
    assert placed > 0.9 * there > 0


def test_italics_that_a_person_named_come_back_as_emphasis(book: Volume) -> None:
    paragraph = book.paragraphs.get(number=1)
    Paragraph.objects.filter(pk=paragraph.pk).update(text="The *fonari* of *Les lampes*[^2] were *lit*.")
    paragraph.refresh_from_db()
    make_italic(paragraph, "fonari", kind="foreign", language="ru-Latn", state="accepted")
    make_italic(paragraph, "Les lampes", kind="title", language="fr", state="accepted")
    publish_volume(book)

    [read] = [each for each in read_back(book).paragraphs if each["id"] == 1]
    assert read["text"] == "The *fonari* of *Les lampes*[^2] were *lit*."


INLINE = st.text(st.sampled_from("ab *\\[]^{}p. 123|!_>&<\"'\n~é\u2028"), max_size=40)
KINDS = st.sampled_from(
    [Paragraph.Kind.PROSE, Paragraph.Kind.QUOTATION, Paragraph.Kind.VERSE, Paragraph.Kind.TABLE]
)


@hypothesis(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=KINDS, text=INLINE, note=INLINE)
@example(kind="verse", text="*Over\n[^1]two* lines", note="")
@example(kind="table", text="*Over\n\\*two*\nlines", note="> *a\nb*")
def test_no_text_is_changed_on_the_way(book: Volume, kind: str, text: str, note: str) -> None:
    Paragraph.objects.filter(volume=book, number=1).update(text=text, kind=kind)
    Note.objects.filter(division__volume=book, n=1).update(text=note)

    read = read_back(book)

    [paragraph] = [each for each in read.paragraphs if each["id"] == 1]
    assert paragraph["kind"] == kind
    assert text_of(paragraph) == text_of({"kind": kind, "text": text})
    assert shape(next(each["text"] for each in read.notes if each["n"] == 1)) == shape(note)


def written(seed: int) -> Volume:
    """A generated book as rows, with pages that begin in its texts."""
    edition = plausible_edition(seed)
    volume = make_volume(slug=f"book-{seed}", title=edition.title)
    for row in edition.key:
        make_term(volume.glossary, row.headword)
    above: dict[str, Division] = {}
    page = 0
    for n, division in enumerate(edition.divisions):
        outer = {"chapter": "part", "section": "chapter", "subsection": "section"}.get(division.kind, "")
        made = make_division(
            volume,
            kind=division.kind,
            n=division.n,
            head=division.head,
            slug=f"d-{n}",
            parent=above.get(outer),
        )
        above[division.kind] = made
        for block in division.blocks:
            page += 1
            kind = "quotation" if block.kind == "quotation" else "prose"
            text = f"{block.text[:20]}{{p. {page}}}{block.text[20:]}" if page % 3 == 0 else block.text
            if page % 3 == 0:
                make_page_break(volume, str(page))
            make_paragraph(made, text, kind=kind, continues=block.kind == "continuation")
        for note in division.notes:
            if not note.missing:
                make_note(made, note.n, "\n\n".join(each.text for each in note.paragraphs))
    publish_volume(volume)
    return volume


@hypothesis(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000))
def test_a_generated_book_comes_back(seed: int) -> None:
    if not Volume.objects.filter(slug=f"book-{seed}").exists():
        volume = written(seed)
        assert any(calls(row.text) for row in volume.paragraphs.all())
        assert any(page_breaks(row.text) for row in volume.paragraphs.all())
        loses_nothing(volume)


@given(text=INLINE)
@example(text="*Over\n two* lines\n*and\n*")
def test_the_lines_of_a_text_are_the_text(text: str) -> None:
    # White space at the ends of a line is never emphasised: stars may not touch it.
    def seen(source: str) -> list[Any]:
        return [
            (each[0], each[1] and not each[0].isspace()) if isinstance(each, tuple) else each
            for each in letters_of(source)
        ]

    assert seen("\n".join(lines_of(text))) == seen(text)

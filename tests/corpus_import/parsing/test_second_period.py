"""The real volume, if its files are at hand: structure and counts, without its sentences."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from corpus_import.loading.write import load_edition
from corpus_import.parsing.elements import Draft
from corpus_import.parsing.pipeline import parse_volume
from tests.corpus_import.parsing.case_files import references_in

ROOT = Path(__file__).resolve().parents[3]
MANIFEST = ROOT / "fixtures" / "second-period" / "volume.toml"
# Beside the manifest, or where the project's owner keeps them.
FOLDERS = (MANIFEST.parent, ROOT.parent / "shared" / "volume")
NAME = "second-period-section-1.txt"


@pytest.fixture(scope="module")
def draft() -> Draft:
    folder = next((f for f in FOLDERS if (f / NAME).is_file()), None)
    if folder is None:
        pytest.skip(f"{NAME} is its owner's and not at hand")
    return parse_volume(MANIFEST, folder)


def test_every_division_stands_in_the_order_of_the_book(draft: Draft) -> None:
    found = [(d.kind, d.n, d.head.string.split()[0]) for d in draft.divisions if d.kind != "subsection"]

    assert found == [
        ("front", "", "Preface"),
        ("front", "", "Introduction"),
        *(("section", n, "The") for n in ("I", "II", "III")),
        ("section", "IV", "Grain"),
        ("section", "V", "The"),
        ("part", "1", "The"),
        ("chapter", "1", "The"),
        *(("section", n, "The") for n in ("I", "II", "III", "IV", "V")),
        ("chapter", "2", "The"),
        ("section", "I", "The"),
        ("section", "II", "Gosplan"),
        ("section", "III", "Osvok"),
    ]


def test_the_reading_is_accepted_without_doubts(draft: Draft) -> None:
    assert [doubt.code for doubt in draft.doubts] == []


def test_subsections_stand_under_their_sections(draft: Draft) -> None:
    by_index = {d.index: d for d in draft.divisions}
    found = [
        (by_index[d.parent].n, d.n)
        for d in draft.divisions
        if d.kind == "subsection" and d.parent is not None
    ]

    assert found == [
        *(("II", n) for n in "abc"),
        *(("IV", n) for n in "ab"),
        *(("II", n) for n in "abcd"),
        *(("IV", n) for n in "ab"),
    ]


def test_titles_over_several_lines_are_whole(draft: Draft) -> None:
    assert [len(d.head.string.split()) for d in draft.divisions] == [
        *(1, 5, 13, 12, 2, 2, 4, 16, 11, 8, 7, 7),
        *(14, 8, 8, 3, 5, 10, 7, 17, 3, 3, 7, 10, 11, 10, 2, 1, 1),
    ]


def test_every_reference_has_its_note_or_its_gap(draft: Draft) -> None:
    chapters = ("Preface", "Introduction", "part 1", "chapter 1", "chapter 2")
    places = {
        name: d.index
        for d in draft.divisions
        for name in chapters
        if name in (f"{d.kind} {d.n}", d.head.string.split()[0])
    }
    notes = {name: [n.n for n in draft.notes if n.division == places[name]] for name in chapters}
    assert [(n.division, n.n) for n in draft.notes if n.inferred] == [(places["Introduction"], 46)]
    gaps = {name: [m.n for m in draft.missing if m.division == places[name]] for name in chapters}

    assert notes == {
        "Preface": [1, 2, 3, 4, 5, 6],
        "Introduction": [46, 47],
        "part 1": [1, 2, 3, 4, 5],
        "chapter 1": [None],
        "chapter 2": [],
    }
    assert gaps == {
        "Preface": [],
        "Introduction": [*range(1, 46)],
        "part 1": [],
        "chapter 1": [*range(1, 51)],
        "chapter 2": [*range(1, 14)],
    }


def test_notes_have_their_pages_and_paragraphs(draft: Draft) -> None:
    assert [(n.page, len(n.paragraphs)) for n in draft.notes] == [
        *(("11", 1), ("12", 1), ("14", 1), ("15", 1), ("16", 1), ("16", 1)),
        *(("42", 1), ("42", 1)),
        *(("49", 1), ("49", 3), ("49", 1), ("50", 5), ("50", 1)),
        ("", 1),
    ]


def test_paragraphs_are_whole_and_quotations_told_apart(draft: Draft) -> None:
    kinds = Counter(p.kind.value for p in draft.paragraphs)

    assert kinds == {"prose": 224, "quotation": 2}
    assert sum(p.continues for p in draft.paragraphs) == 1
    # No paragraph begins or ends inside a sentence.
    beginnings = [p.text.string for p in draft.paragraphs if p.text.string[0].islower()]
    assert beginnings == []
    endings = [p.text.string for p in draft.paragraphs if p.text.string[-1] not in '.:")']
    assert endings == []


def test_the_key_is_whole(draft: Draft) -> None:
    heads = [entry.headword for entry in draft.key]

    assert len(heads) == 35
    assert (heads[0], heads[-1]) == ("Artel", "Zemstvo")
    assert {e.headword: e.see for e in draft.key if e.see} == {"CLD": "STO", "Rabkrin": "RKI"}
    assert all(e.definition or e.see for e in draft.key)


def test_lost_letters_and_broken_words_are_put_right_with_their_lines(draft: Draft) -> None:
    rules = Counter(e.rule for e in draft.emendations)

    assert rules["lost letter"] == 16
    assert rules["printer's hyphen"] == 8
    repaired = {e.after for e in draft.emendations if e.rule == "lost letter"}
    assert repaired == {"NEP", "VSNKh", "Notes", "Note", "November", "Narkomfin"}
    text = draft.witnesses[0].text.split("\n")
    assert all(e.before in text[e.line - 1] for e in draft.emendations if e.rule == "lost letter")


def test_no_character_is_lost(draft: Draft) -> None:
    counted = draft.audit[0][1]

    assert sum(counted.values()) == sum(not c.isspace() for c in draft.witnesses[0].text)


def test_every_printed_page_begins_where_a_reader_found_it(draft: Draft) -> None:
    with (Path(__file__).parent / "second_period_pages.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    begins: dict[str, int] = {}
    for division in draft.divisions:
        if division.page in {p.page for p in draft.pages if p.division == division.index}:
            begins[division.page] = division.blocks[0].first.number
    for text, breaks in [
        *((p.text, p.breaks) for p in draft.paragraphs),
        *((part.text, part.breaks) for n in draft.notes for part in n.paragraphs),
    ]:
        begins.update({at.page: draft.line_at(text.source_at(at.offset)) for at in breaks})
    without_text = {p.page for p in draft.pages if not p.has_text}

    # A reader takes a heading, a note's number or the first line of a paragraph for the page's first line.
    found = {
        row["page"]: begins.get(row["page"])
        for row in rows
        if row["where"] not in ("none", "key") and abs(begins.get(row["page"], 0) - int(row["line"])) > 9
    }
    assert found == {}
    assert sorted(without_text) == sorted(row["page"] for row in rows if row["where"] == "none")
    assert len(draft.pages) == len(rows) == 75


def test_every_cross_reference_is_found_and_nothing_else_is_taken_for_one(draft: Draft) -> None:
    found = {(line, x.kind, x.page, x.reason) for line, x in references_in(draft)}

    # Found by reading every line that names a page, volume, chapter or part, or has above, below or see.
    assert found == {
        *((n, "volume", "", "elsewhere") for n in (110, 1030)),
        *(
            (n, "volume", p, "elsewhere")
            for n, p in ((1135, "329"), (1229, "462"), (1281, "198"), (1296, "500"))
        ),
        *((n, "page", p, "no-such-page") for n, p in ((864, "107"), (1346, "187"), (1355, "268"))),
        (1846, "division", "", ""),
    }


@pytest.mark.django_db
def test_the_archive_has_every_cross_reference_and_the_one_that_leads_somewhere(draft: Draft) -> None:
    volume = load_edition(draft).volume

    found = Counter(volume.cross_references.values_list("kind", "reason"))
    assert found == {("volume", "elsewhere"): 6, ("page", "no-such-page"): 3, ("division", ""): 1}


def test_no_line_of_a_volume_without_tables_is_taken_for_one(draft: Draft) -> None:
    assert [p for p in draft.paragraphs if p.kind == "table"] == []


@pytest.mark.django_db
def test_each_emendation_in_the_text_has_its_place(draft: Draft) -> None:
    """The other two stand in headings over notes, which are no text."""
    emendations = load_edition(draft).volume.emendations

    assert emendations.count() == 34
    assert emendations.filter(offset=None).count() == 2
    assert emendations.filter(offset=None, paragraph=None, note=None, division=None).count() == 2

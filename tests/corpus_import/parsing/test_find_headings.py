"""Headings of other forms, each in a small whole volume; single lines have cases in cases/read_divisions.txt."""

from dataclasses import replace

import pytest

from corpus_import.parsing.elements import Draft
from tests.corpus_import.parsing.books import NUMBERS, ROMANS, Book, Setter, chapters_only, with_sections
from tests.corpus_import.parsing.case_files import MANIFEST, parse_text


def divisions_of(draft: Draft) -> list[tuple[str, str, str]]:
    return [(d.kind, d.n, d.head.string) for d in draft.divisions]


def paragraphs_of(draft: Draft) -> list[list[str]]:
    return [[p.text.string for p in draft.paragraphs if p.division == d.index] for d in draft.divisions]


def check(book: Book) -> None:
    draft = parse_text(book.text)
    assert divisions_of(draft) == book.divisions
    assert paragraphs_of(draft) == book.paragraphs


def centred(text: str) -> str:
    return text.center(90).rstrip()


WITH_NUMBERS: dict[str, Setter] = {
    "CHAPTER ONE, title below": lambda n, t: f"   CHAPTER {NUMBERS[n].upper()}  \n   {t}  \n\n",
    "CHAPTER ONE, title after a blank line": lambda n, t: (
        f"   CHAPTER {NUMBERS[n].upper()}  \n\n   {t}  \n\n"
    ),
    "Chapter One, title below": lambda n, t: f"   Chapter {NUMBERS[n]}  \n\n   {t}  \n\n",
    "Chapter One: title": lambda n, t: f"   Chapter {NUMBERS[n]}: {t}  \n\n",
    "Chapter One. Title": lambda n, t: f"   Chapter {NUMBERS[n]}. {t}  \n\n",
    "CHAPTER ONE at the margin": lambda n, t: f"CHAPTER {NUMBERS[n].upper()}  \n\n{t}  \n\n",
    "centred by spaces": lambda n, t: f"{centred(f'CHAPTER {NUMBERS[n].upper()}')}\n{centred(t)}\n\n",
    "indented by tabs": lambda n, t: f"\t\tChapter {NUMBERS[n]}\n\t\t{t}\n\n",
    "indented by one tab": lambda n, t: f"\tCHAPTER {NUMBERS[n].upper()}\n\n\t{t}\n\n",
    "Chapter the First": lambda n, t: f"   Chapter the {('First', 'Second', 'Third')[n]}  \n\n   {t}  \n\n",
    "First Chapter": lambda n, t: f"   {('First', 'Second', 'Third')[n]} Chapter  \n\n   {t}  \n\n",
    "§ 1.": lambda n, t: f"   § {n + 1}. {t}  \n\n",
    "§ 1 without a stop": lambda n, t: f"   § {n + 1} {t}  \n\n",
    "§ 1 with the title below": lambda n, t: f"§ {n + 1}.  \n\n{t}  \n\n",
    "1 Title": lambda n, t: f"   {n + 1} {t}  \n\n",
    "1  Title at the margin": lambda n, t: f"{n + 1}  {t}  \n\n",
    "1) Title": lambda n, t: f"   {n + 1}) {t}  \n\n",
    "1 – Title": lambda n, t: f"   {n + 1} – {t}  \n\n",
    "1: Title": lambda n, t: f"   {n + 1}: {t}  \n\n",
    "1. Title at the margin": lambda n, t: f"{n + 1}. {t}  \n\n",
    "1 alone, title below": lambda n, t: f"{centred(str(n + 1))}\n\n{centred(t)}\n\n",
    "One, title below": lambda n, t: f"   {NUMBERS[n]}  \n\n   {t}  \n\n",
    "ONE – Title": lambda n, t: f"   {NUMBERS[n].upper()} – {t}  \n\n",
    "# 1. Title": lambda n, t: f"# {n + 1}. {t}\n\n",
    "Lecture 1, a word that is not known": lambda n, t: f"   Lecture {n + 1}  \n\n   {t}  \n\n",
    "Chapitre premier": lambda n, t: (
        f"   Chapitre {('premier', 'deuxième', 'troisième')[n]}  \n\n   {t}  \n\n"
    ),
    "Kapitel 1": lambda n, t: f"   {n + 1}. Kapitel  \n\n   {t}  \n\n",
    "Capítulo primero": lambda n, t: f"   Capítulo {('primero', 'segundo', 'tercero')[n]}  \n\n   {t}  \n\n",
    "Глава первая": lambda n, t: f"   Глава {('первая', 'вторая', 'третья')[n]}  \n\n   {t}  \n\n",
    "ГЛАВА ПЕРВАЯ": lambda n, t: f"   ГЛАВА {('ПЕРВАЯ', 'ВТОРАЯ', 'ТРЕТЬЯ')[n]}. {t}  \n\n",
}
WITH_ROMANS: dict[str, Setter] = {
    "I – Title": lambda n, t: f"   {ROMANS[n]} – {t}  \n\n",
    "I Title": lambda n, t: f"   {ROMANS[n]} {t}  \n\n",
    "I alone, title below": lambda n, t: f"{centred(ROMANS[n])}\n\n{centred(t)}\n\n",
    "I. alone at the margin, title below": lambda n, t: f"{ROMANS[n]}.\n\n{t}\n\n",
    "I) Title": lambda n, t: f"   {ROMANS[n]}) {t}  \n\n",
    "I.  Title, and no chapters": lambda n, t: f"   {ROMANS[n]}.  {t}  \n\n",
    "Chapter I. Title": lambda n, t: f"Chapter {ROMANS[n]}. {t}  \n\n",
}
WITHOUT_NUMBERS: dict[str, Setter] = {
    "underlined by hyphens": lambda n, t: f"{t}\n{'-' * len(t)}\n\n",
    "underlined by equals signs": lambda n, t: f"   {t}  \n   {'=' * len(t)}  \n\n",
    "# Title": lambda n, t: f"# {t}\n\n",
    "== Title ==": lambda n, t: f"== {t} ==\n\n",
    "**Title**": lambda n, t: f"**{t}**\n\n",
    "centred": lambda n, t: f"{centred(t)}\n\n",
    "at the margin over indented paragraphs": lambda n, t: f"{t}  \n\n",
    "set in by three spaces": lambda n, t: f"   {t}  \n\n",
}


@pytest.mark.parametrize("form", WITH_NUMBERS)
def test_chapters_with_numbers_in_words_or_figures_are_found(form: str) -> None:
    check(chapters_only(WITH_NUMBERS[form]))


@pytest.mark.parametrize("form", WITH_NUMBERS)
def test_they_are_found_where_no_line_keeps_its_spaces(form: str) -> None:
    def without_spaces(n: int, title: str) -> str:
        return "\n".join(line.rstrip() for line in WITH_NUMBERS[form](n, title).split("\n"))

    check(chapters_only(without_spaces, spaced=False))
    check(chapters_only(without_spaces, spaced=False, indented=False))


@pytest.mark.parametrize("form", WITH_ROMANS)
def test_chapters_with_roman_numbers_are_found(form: str) -> None:
    check(chapters_only(WITH_ROMANS[form], numbers=ROMANS))


@pytest.mark.parametrize("form", WITHOUT_NUMBERS)
def test_chapters_without_numbers_are_found(form: str) -> None:
    check(chapters_only(WITHOUT_NUMBERS[form], numbers=""))


@pytest.mark.parametrize("place", ["   {}  \n\n", "{}\n\n", "\t{}\n\n", "                    {}\n\n"])
def test_lines_in_capitals_are_chapters_where_there_are_several(place: str) -> None:
    book = chapters_only(lambda n, t: place.format(t.upper()), numbers="")

    draft = parse_text(book.text)

    assert divisions_of(draft) == [("chapter", "", title.upper()) for _, _, title in book.divisions]
    assert paragraphs_of(draft) == book.paragraphs


SYSTEMS: dict[str, tuple[Setter, Setter, tuple[object, object]]] = {
    "CHAPTER ONE and § 1.": (
        WITH_NUMBERS["CHAPTER ONE, title below"],
        lambda n, t: f"   § {n + 1}. {t}  \n\n",
        ("123", "12"),
    ),
    "Chapter I and 1 Title": (
        WITH_ROMANS["Chapter I. Title"],
        lambda n, t: f"   {n + 1} {t}  \n\n",
        (ROMANS, "12"),
    ),
    "I.  and 1.": (
        lambda n, t: f"   {ROMANS[n]}.  {t}  \n\n",
        lambda n, t: f"   {n + 1}. {t}  \n\n",
        (ROMANS, "12"),
    ),
    "I – and A.": (WITH_ROMANS["I – Title"], lambda n, t: f"   {'AB'[n]}. {t}  \n\n", (ROMANS, "AB")),
    "Chapter One and a)": (
        WITH_NUMBERS["Chapter One: title"],
        lambda n, t: f"   {'ab'[n]}) {t}  \n\n",
        ("123", "ab"),
    ),
    "# and ##": (
        lambda n, t: f"# {n + 1}. {t}\n\n",
        lambda n, t: f"## {t}\n\n",
        ("123", ""),
    ),
    "1. and centred": (
        lambda n, t: f"   {n + 1}. {t}  \n\n",
        lambda n, t: f"{centred(t)}\n\n",
        ("123", ""),
    ),
}


@pytest.mark.parametrize("form", SYSTEMS)
def test_levels_follow_from_the_way_in_which_forms_stand_in_one_another(form: str) -> None:
    chapter, section, numbers = SYSTEMS[form]

    check(with_sections(chapter, section, numbers))  # type: ignore[arg-type]


GLUED: dict[str, Setter] = {
    "a label and its title": lambda n, t: f"CHAPTER {NUMBERS[n].upper()}\n{t}\n",
    "a label and its title in one line": lambda n, t: f"CHAPTER {NUMBERS[n].upper()}: {t.upper()}\n",
    "a title with a rule below": lambda n, t: f"{t}\n{'-' * len(t)}\n",
}


@pytest.mark.parametrize("form", GLUED)
def test_a_heading_is_parted_from_the_text_right_below(form: str) -> None:
    is_numbered = "CHAPTER" in GLUED[form](0, "")
    book = chapters_only(GLUED[form], numbers="123" if is_numbered else "", spaced=False, indented=False)

    draft = parse_text(book.text)

    assert [d.head.string.casefold() for d in draft.divisions] == [t.casefold() for _, _, t in book.divisions]
    assert paragraphs_of(draft) == book.paragraphs


DECLARED: dict[str, tuple[Setter, Setter, tuple[str, str], tuple[object, object]]] = {
    "CHAPTER {n} and § {n}.": (
        lambda n, t: f"CHAPTER {NUMBERS[n].upper()}  \n\n{t}  \n\n",
        lambda n, t: f"§ {n + 1}. {t}  \n\n",
        ("CHAPTER {n}", "§ {n}."),
        ("123", "12"),
    ),
    "{n}] {title} and ({n}) {title}": (
        lambda n, t: f"   {ROMANS[n]}] {t}  \n\n",
        lambda n, t: f"   ({n + 1}) {t}  \n\n",
        ("{n}] {title}", "({n}) {title}"),
        (ROMANS, "12"),
    ),
    "Of {title}": (
        lambda n, t: f"    Of {t}  \n\n",
        lambda n, t: f"    Item {'ab'[n]}, {t}  \n\n",
        ("Of {title}", "Item {n}, {title}"),
        ("", "ab"),
    ),
    "{title} ({n})": (
        lambda n, t: f"{t} ({n + 1})  \n\n",
        lambda n, t: f"{t}, no. {n + 1}  \n\n",
        ("{title} ({n})", "{title}, no. {n}"),
        ("123", "12"),
    ),
}


@pytest.mark.parametrize("form", DECLARED)
def test_forms_that_the_manifest_declares_are_found_on_their_levels(form: str) -> None:
    chapter, section, headings, numbers = DECLARED[form]
    book = with_sections(chapter, section, numbers)  # type: ignore[arg-type]

    draft = parse_text(book.text, replace(MANIFEST, headings=headings))

    assert divisions_of(draft) == book.divisions
    assert paragraphs_of(draft) == book.paragraphs
    assert [d.code for d in draft.diagnostics] == []


def test_a_declared_part_stands_above_chapters() -> None:
    text = "   Book One  \n\n   The river  \n\n   Chap. i  \n\n    The ferry was old.  \n"

    draft = parse_text(text, replace(MANIFEST, headings=("Book {n}", "Chap. {n}")))

    assert divisions_of(draft) == [("part", "1", "The river"), ("chapter", "i", "")]


def test_a_declared_form_that_is_nowhere_is_a_diagnostic() -> None:
    draft = parse_text(
        "   1. The ferry  \n\n    The ferry was old.  \n", replace(MANIFEST, headings=("Canto {n}",))
    )

    assert [(d.code, "Canto {n}" in d.message) for d in draft.diagnostics] == [("declared-nowhere", True)]


def test_a_sentence_that_begins_like_a_declared_form_is_none() -> None:
    text = (
        "   Canto I  \n\n    The ferry was old.  \n\n    Canto II was never written, and nobody asked for it,"
        " neither in the winter nor in the spring of the year.  \n\n    Canto III was lost  \n"
    )

    draft = parse_text(text, replace(MANIFEST, headings=("Canto {n}",)))

    assert divisions_of(draft) == [("chapter", "I", "")]


def chapters_set_as(form: str, numbers: tuple[str, ...] = ROMANS) -> str:
    """Three chapters, each with a paragraph and a note, whose headings have a form of two lines or one."""
    text = ""
    for n in range(3):
        title = ("The bridge", "The ferry", "The toll")[n]
        text += form.format(n=numbers[n], title=title)
        text += (
            f"    The first paragraph of {title} says nothing that needs an answer, and says it at such length\x20\n"
            "that the reader has forgotten the question by the time the ferryman comes back from there.[1]\x20\x20\n\n"
        )
        text += f"Notes\x20\x20\n\n1. See the ledger of {n + 3} carters. [p. {n + 1}]\x20\x20\n\n"
    return text


@pytest.mark.parametrize(
    "form",
    [
        "   {n}\x20\n   {title}\x20\x20\n\n",
        "   LECTURE {n}\x20\n   {title}\x20\x20\n\n",
        "   — {n} —\x20\n   {title}\x20\x20\n\n",
        "   C H A P T E R  {n}\x20\n   {title}\x20\x20\n\n",
        "{n}. {title}\x20\n================\x20\x20\n\n",
        "   {n}. {title}.\x20\x20\n\n",
    ],
)
def test_headings_after_notes_are_found_by_their_series(form: str) -> None:
    draft = parse_text(chapters_set_as(form))

    assert [d.head.string.rstrip(".") for d in draft.divisions] == ["The bridge", "The ferry", "The toll"]
    assert [len(division) for division in paragraphs_of(draft)] == [1, 1, 1]
    assert [note.n for note in draft.notes] == [1, 1, 1]


def test_theses_that_begin_where_paragraphs_do_are_no_headings() -> None:
    text = chapters_set_as("    {n}. {title} is closed.\x20\x20\n\n", ("1", "2", "3"))

    draft = parse_text("   CHAPTER ONE\x20\x20\n\n" + text)

    assert len(draft.divisions) == 1


def test_titles_set_in_by_tabs_alone_are_headings() -> None:
    draft = parse_text(chapters_set_as("\t\t\t{title}\n\n"))

    assert [d.head.string for d in draft.divisions] == ["The bridge", "The ferry", "The toll"]


def test_a_heading_over_a_paragraph_that_a_page_cuts_after_a_few_words_is_one() -> None:
    text = chapters_set_as("   {n}. {title}\x20\x20\n\n", ("1", "2", "3")) + "".join(
        f"   {title}  \n\n    The {word} mill\x20\x20\n\npage {n}\n\n"
        "was closed in the winter, and nobody in the town could say for how long it had been closed\x20\n"
        "before that, or who had the key to its door in the years of the war.\x20\x20\n\n"
        for n, (title, word) in enumerate((("THE WATER", "upper"), ("THE WHEEL", "lower")), 12)
    )

    draft = parse_text(text)

    assert [d.head.string for d in draft.divisions][3:] == ["THE WATER", "THE WHEEL"]


def test_titles_between_underscores_lose_the_signs() -> None:
    draft = parse_text(
        "   1. The mill  \n\n" + chapters_set_as("_{title}_\x20\x20\n\n").replace("Notes", "Of notes: ")
    )

    assert [d.head.string for d in draft.divisions][1:] == ["The bridge", "The ferry", "The toll"]

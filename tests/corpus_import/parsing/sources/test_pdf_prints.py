"""What browsers print of pages by other hands: lists, numbers in the margin, notes at the foot of book pages."""

import re
from collections.abc import Sequence

import pytest

from corpus_import.loading.composing import text_of_note, text_of_paragraph
from corpus_import.parsing.elements import Draft
from tests.corpus_import.parsing.sources.pdf_pages import Setter
from tests.corpus_import.parsing.sources.pdf_writer import BOLD, ROMAN, pdf
from tests.web_pages.score import read_bytes

FIRST, SECOND, THIRD = "1. The first office", "2. The second office", "3. The third office"
PROSE = (
    "The council met in the long room above the post, and whoever came late stood at the wall until the lamps were"
    " put out and the porter had locked the doors behind them."
)
OTHER = (
    "Nothing was written down of what was said there in that winter, but the bill for the candles shows how often"
    " they met and how long they sat."
)


def parse(book: Setter) -> Draft:
    return read_bytes(pdf(book.sheets), "A Book of Lamps", "book.pdf")


def texts(draft: Draft) -> list[str]:
    return [text_of_paragraph(paragraph) for paragraph in draft.paragraphs]


def said(draft: Draft, code: str) -> list[str]:
    return [each.message for each in draft.diagnostics if each.code == code]


def put(book: Setter, lines: Sequence[tuple[float, str]], *, font: str = ROMAN) -> None:
    """Set lines as they stand, each so far from the margin."""
    for inset, line in lines:
        book.sheet.line(book.left + inset, book.base, line, font, book.size)
        book.base += book.lead


def test_a_key_that_is_a_list_of_definitions_is_read() -> None:
    book = Setter()
    book.heading("Key to abbreviations")
    words = ("Artel", "Glavk", "Gosplan", "Kulak", "NEP", "Volost", "Zemstvo")
    for word in words:
        put(book, [(0, word)])
        if word == "Kulak":
            book.turn()
        put(book, [(30, f"what {word} means in this book")])
    book.heading(FIRST)
    book.paragraph(PROSE)
    book.heading(SECOND)
    book.paragraph(OTHER)
    draft = parse(book)

    assert [(row.headword, row.definition) for row in draft.key] == [
        (word, f"what {word} means in this book") for word in words
    ]
    assert texts(draft) == [PROSE, OTHER]


def test_short_last_lines_at_the_margin_are_no_list_of_definitions() -> None:
    book = Setter()
    book.heading(FIRST)
    each = [
        f"In the year {1700 + k} the lamps of the council were lit at six, as the Minutes say."
        for k in range(6)
    ]
    for paragraph in each:
        book.paragraph(paragraph)
    draft = parse(book)

    assert texts(draft) == each
    assert draft.key == ()


def test_a_number_in_the_margin_begins_a_page_in_its_line() -> None:
    book = Setter(right=330)
    book.heading(FIRST)
    for n in range(12, 18):
        top = book.base
        book.paragraph(f"In the year {1700 + n} {PROSE[0].lower()}{PROSE[1:]}", indent=14)
        book.sheet.line(
            325, top + book.lead, f"[Pg {n}]", ROMAN, book.size
        )  # over the end of the second line
    draft = parse(book)

    bare = [re.sub(r"\{p\. \d+\}", "", text) for text in texts(draft)]
    assert bare == [f"In the year {1700 + n} {PROSE[0].lower()}{PROSE[1:]}" for n in range(12, 18)]
    assert [re.findall(r"\{p\. (\d+)\}", text) for text in texts(draft)] == [[str(n)] for n in range(12, 18)]


def test_numbers_in_brackets_inside_the_lines_are_no_numbers_in_the_margin() -> None:
    book = Setter()
    book.heading(FIRST)
    each = [f"{'So ' * k}the council met in [Pg {12 + k}] the long room, and {OTHER}" for k in range(5)]
    for paragraph in each:
        book.paragraph(paragraph)
    draft = parse(book)

    assert [re.sub(r" ?\{p\. (\d+)\}", r" [Pg \1] ", text) for text in texts(draft)] == each


def notes_before_the_next_page(answered: bool) -> Draft:
    book = Setter()
    book.heading(FIRST)
    for n in (11, 12, 13):
        book.paragraph(f"page {n}", indent=0, gap=6)
        a, b = 2 * n - 21, 2 * n - 20
        book.paragraph(f"In {1700 + n} {PROSE[0].lower()}{PROSE[1:-1]}.^{a} {OTHER}^{b}", gap=6)
        if answered:
            book.paragraph(f"{a}. The bill for candles of the year {1700 + n}.", gap=6)
            book.paragraph(f"{b}. Minutes, vol. {n}.", gap=6)
    if not answered:
        book.paragraph("1. A list of lamps.", gap=6)
    return parse(book)


def test_notes_in_type_of_the_text_before_the_next_page_are_notes() -> None:
    draft = notes_before_the_next_page(answered=True)

    assert [(note.n, text_of_note(note)) for note in draft.notes][:2] == [
        (1, "The bill for candles of the year 1711."),
        (2, "Minutes, vol. 11."),
    ]
    assert [note.n for note in draft.notes] == [1, 2, 3, 4, 5, 6]
    assert len(draft.paragraphs) == 3


def test_one_paragraph_with_a_number_is_no_note() -> None:
    draft = notes_before_the_next_page(answered=False)

    assert draft.notes == ()
    assert texts(draft)[-1] == "1. A list of lamps."


def test_a_call_alone_on_a_line_ends_its_paragraph() -> None:
    book = Setter()
    book.heading(FIRST)
    book.paragraph(OTHER, indent=14)
    put(
        book,
        [
            (14, "The council met in the long room above the post, and who came"),
            (0, "late stood at the wall."),
        ],
    )
    book.sheet.line(book.left, book.base, "[1]", ROMAN, 8.5)
    book.base += book.lead
    book.paragraph(PROSE, indent=14)
    book.heading("Notes")
    book.rows([("1.", "The bill for candles."), ("2.", "Minutes.")], 74)
    draft = parse(book)

    assert texts(draft)[1] == (
        "The council met in the long room above the post, and who came late stood at the wall.[^1]"
    )


def test_notes_that_line_breaks_part_are_told_by_their_series() -> None:
    book = Setter()
    book.heading(FIRST)
    book.paragraph(f"The council met.[1] {PROSE}[2] {OTHER}[3]", indent=14)
    book.heading("Notes")
    put(
        book,
        [
            (0, "1. The bill for candles was paid in the spring by the porter of the"),
            (0, "house."),
            (14, "It was never seen again."),
            (0, "2. Minutes, vol. 3, which the clerk of the council kept, as it seems."),
            (0, "3. Letters of the year."),
        ],
    )
    draft = parse(book)

    assert [(note.n, text_of_note(note)) for note in draft.notes] == [
        (
            1,
            "The bill for candles was paid in the spring by the porter of the house.\n\nIt was never seen again.",
        ),
        (2, "Minutes, vol. 3, which the clerk of the council kept, as it seems."),
        (3, "Letters of the year."),
    ]


def test_the_cell_on_the_left_may_stand_in_the_middle_of_its_row() -> None:
    book = Setter()
    book.heading("Key to abbreviations")
    for word in ("Artel", "Glavk", "Gosplan", "Kulak", "NEP", "Volost", "Zemstvo"):
        two = word in ("Gosplan", "Kulak")
        book.sheet.line(book.left, book.base + (book.lead / 2 if two else 0), word, ROMAN, book.size)
        for line in (f"{word} is what this book says", "of it in a second line")[: 1 + two]:
            book.sheet.line(book.left + 80, book.base, line, ROMAN, book.size)
            book.base += book.lead
        book.base += 4
    book.heading(FIRST)
    book.paragraph(PROSE)
    draft = parse(book)

    assert [row.definition for row in draft.key][1:4] == [
        "Glavk is what this book says",
        "Gosplan is what this book says of it in a second line",
        "Kulak is what this book says of it in a second line",
    ]


def test_entries_that_begin_in_bold_are_parted_even_where_the_line_is_full() -> None:
    book = Setter()
    book.heading("Key to abbreviations")
    for word in ("Artel", "Glavk", "Gosplan", "Kulak", "NEP", "Volost", "Zemstvo"):
        line = "what was said of it in the long room above the post"
        book.sheet.line(book.left + 30, book.base, [(BOLD, f"{word} "), (ROMAN, f"– {line}")], size=book.size)
        book.base += book.lead
    book.heading(FIRST)
    book.paragraph(PROSE)
    draft = parse(book)

    assert [row.headword for row in draft.key] == [
        "Artel",
        "Glavk",
        "Gosplan",
        "Kulak",
        "NEP",
        "Volost",
        "Zemstvo",
    ]


def test_a_table_goes_on_over_the_page_and_its_caption_is_no_paragraph() -> None:
    book = Setter()
    book.heading(FIRST)
    book.paragraph(f"{PROSE} {OTHER} So it was.")
    put(book, [(5, "Table 1. Lamps that were lit in")])
    put(book, [(6, "three towns")])
    rows = ("1913", "29.0", "42.1"), ("1921", "8.9", "11.6"), ("1922", "9.5", "18.8"), ("1923", "9.1", "17.3")
    for n, cells in enumerate(rows):
        if n == 3:
            book.turn()
        for left, cell in zip((66, 92, 116), cells, strict=True):
            book.sheet.line(left, book.base, cell, ROMAN, book.size)
        book.base += 18
    book.base += 10
    book.paragraph(OTHER)
    draft = parse(book)

    assert [p.kind.value for p in draft.paragraphs] == ["prose", "table", "prose"]
    assert [row.replace(" ", "") for row in texts(draft)[1].splitlines()[-4:]] == [
        "|" + "|".join(r) for r in rows
    ]


# Contradictions


def page_of(*, name: int = 13, leads: int = 3) -> bytes:
    """A web page with six pages and notes: the name of page 13's mark, and where the link of call 3 leads."""
    marks = [
        f'<p><a name="Page_{name if n == 3 else 10 + n}">[p. {10 + n}]</a> In {1700 + n} {PROSE[0].lower()}{PROSE[1:]}'
        f'<a href="#n{leads if n == 3 else n}">[{n}]</a></p>'
        for n in range(1, 7)
    ]
    notes = [f'<p><a name="n{n}">{n}.</a> The bill for candles, no. {n}.</p>' for n in range(1, 7)]
    return (
        f"<html><body><h2>{FIRST}</h2>{''.join(marks)}<h3>Notes</h3>{''.join(notes)}</body></html>".encode()
    )


def test_a_link_that_leads_to_a_note_with_another_number_is_reported() -> None:
    draft = read_bytes(page_of(leads=4), "A Book of Lamps")

    assert said(draft, "link-contradicted") == [
        "the link of call 3 leads to note 4: compare which of them is meant."
    ]
    assert said(read_bytes(page_of(), "A Book of Lamps"), "link-contradicted") == []


def test_a_page_whose_name_has_another_number_than_its_words_is_reported() -> None:
    draft = read_bytes(page_of(name=14), "A Book of Lamps")

    assert said(draft, "page-name-contradicted") == [
        "the mark says page 13, and its name says page 14: compare which is right."
    ]
    assert said(read_bytes(page_of(), "A Book of Lamps"), "page-name-contradicted") == []


@pytest.mark.parametrize(("wrong", "times"), [(13, 1), (0, 0)])
def test_a_head_that_names_another_page_than_the_text_is_reported(wrong: int, times: int) -> None:
    book = Setter(head="A Book of Lamps")
    book.heading(FIRST)
    for n in range(11, 17):
        book.sheet.line(205, 570, str(n), ROMAN, 9)
        book.paragraph(f"In {1700 + n} {PROSE[0].lower()}{PROSE[1:]}", gap=6)
        book.paragraph(f"page {n + (n == wrong) * 30}", indent=0, gap=6)
        book.paragraph(f"In {1800 + n} {PROSE[0].lower()}{PROSE[1:]}", gap=6)
        if n < 16:
            book.turn()
    draft = parse(book)

    assert len(said(draft, "page-name-contradicted")) == times


FROM_12 = "/Nums [0 << /S /D /St 12 >>]"


def labelled(labels: str, *, folio: int = 0) -> list[tuple[str, bool]]:
    """The pages of the book that a print of five pages begins, and whether they are attested."""
    book = Setter(folio=folio)
    book.heading("Preface")
    headed = False
    while len(book.sheets) < 5:
        if book.base > 450 and len(book.sheets) == 2 and not headed:
            book.turn()
            book.heading(FIRST)
            headed = True
        book.paragraph(f"In the year {1700 + int(book.base)} {PROSE[0].lower()}{PROSE[1:]} {OTHER}")
    content = pdf(book.sheets, catalog=f"/PageLabels << {labels} >>")
    draft = read_bytes(content, "A Book of Lamps", "book.pdf")
    assert not any("[p." in text for text in texts(draft))
    return [(page.page, page.attested) for page in draft.pages]


@pytest.mark.parametrize(
    ("labels", "pages"),
    [(FROM_12, "12 13 14 15 16"), ("/Nums [0 << /S /r /St 7 >> 2 << /S /D /St 1 >>]", "vii viii 1 2 3")],
    ids=["arabic", "roman first"],
)
def test_the_labels_of_a_print_without_numbers_are_pages(labels: str, pages: str) -> None:
    assert [page for page, attested in labelled(labels) if attested] == pages.split()


@pytest.mark.parametrize(
    "labels",
    [
        "/Nums [0 << /S /D >>]",
        "/Nums [0 << /S /D /St 5 >> 2 << /S /D /St 2 >>]",
        "/Nums [0 << /P (Sheet ) /S /D /St 5 >>]",
    ],
    ids=["counting the file", "falling", "names"],
)
def test_labels_that_cannot_be_pages_of_the_book_say_nothing(labels: str) -> None:
    assert not any(attested for _, attested in labelled(labels))


def test_a_number_that_is_printed_outranks_the_label_of_its_page() -> None:
    found = labelled(FROM_12, folio=31)

    assert [page for page, attested in found if attested][:5] == ["31", "32", "33", "34", "35"]


@pytest.mark.parametrize("linked", [True, False])
def test_a_row_of_links_to_other_pages_of_a_site_is_no_heading(linked: bool) -> None:
    book = Setter()
    book.heading(FIRST)
    book.paragraph(PROSE)
    book.base += 30
    for left, word in ((60, "Home"), (110, "Library"), (165, "Authors")):
        book.sheet.line(left, book.base, word, BOLD, 14)
        if linked:
            book.sheet.away.append((left - 1, book.base - 14, left + 50, book.base + 4))
    book.base += 40
    book.heading(SECOND)
    book.paragraph(OTHER)
    draft = parse(book)

    heads = [division.head.string for division in draft.divisions]
    assert heads == ["The first office", *([] if linked else ["Home Library Authors"]), "The second office"]
    assert texts(draft) == [PROSE, OTHER]


def test_a_heading_that_is_a_link_to_a_site_is_a_heading() -> None:
    book = Setter()
    book.sheet.away.append((55, book.base, 300, book.base + 30))
    book.heading(FIRST)
    book.paragraph(PROSE)

    assert [division.head.string for division in parse(book).divisions] == ["The first office"]


@pytest.mark.parametrize(
    ("line", "is_menu"),
    [("Home | Library | Authors", True), ("Home · The library · Authors", True), ("Lamps | Locks", False)],
)
def test_a_line_at_an_edge_that_bars_part_is_a_menu(line: str, is_menu: bool) -> None:
    book = Setter()
    book.heading(line, centred=True)
    for title, text in ((FIRST, PROSE), (SECOND, OTHER)):
        book.base += 20
        book.heading(title)
        book.paragraph(text)
    book.base += 20
    book.heading(line, centred=True)
    draft = parse(book)

    heads = [division.head.string for division in draft.divisions]
    assert heads[-3:] == ["The first office", "The second office", *([] if is_menu else [line])][-3:]
    assert texts(draft) == [PROSE, OTHER]

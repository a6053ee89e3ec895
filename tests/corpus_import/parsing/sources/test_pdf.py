"""PDFs as different programs print them: each keeps its text, kinds, calls, notes, emphasis and pages."""

import re
import subprocess
import textwrap
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_import.loading.composing import head_of_division, text_of_note, text_of_paragraph
from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.elements import Draft
from corpus_import.parsing.pipeline import parse
from corpus_import.parsing.source import decode_source
from corpus_import.parsing.sources import pdf_process, pdf_words
from corpus_import.parsing.sources.pdf import is_pdf, read_pdf
from corpus_import.parsing.sources.shown import Shown
from corpus_import.parsing.telling import Ended
from tests.corpus_import.parsing.case_files import MANIFEST
from tests.corpus_import.parsing.sources.pdf_pages import Setter, locked, wrapped
from tests.corpus_import.parsing.sources.pdf_writer import BOLD, ITALIC, RAISED, ROMAN, SANS, Sheet, pdf

PLAN = (
    "The council met in the winter of that year and drew up a plan for the whole country, which nobody read."
    " The clerks of the office counted the wagons twice and wrote the figures into the ledger with a pencil."
)
SPRING = (
    "In the spring the second office asked for the plan, and the first one answered that it was lost. Nobody in"
    " the building had seen it since the door was painted, and the river had carried the key away."
)
FIRST, SECOND = "1. The first office", "2. The second office"
NOTE = "The *Minutes*, vol. 2, where the council is said to have slept."
BOOK = [
    "# 1 The first office",
    f"{PLAN}[^1] It was cold.",
    SPRING,
    f"^1 {NOTE}",
    "# 2 The second office",
    SPRING,
]


def parse_bytes(content: bytes, language: str = "en") -> Draft:
    manifest = replace(MANIFEST, witnesses=("book.pdf",), language=language)
    return parse(decode_source(manifest, {"book.pdf": content}))


def shown_of(content: bytes) -> Shown:
    return read_pdf(content, "book.pdf", MANIFEST)


def lines_of(draft: Draft) -> list[str]:
    lines = []
    for division in draft.divisions:
        lines.append(f"# {division.n} {head_of_division(division)}".replace("  ", " "))
        lines += [text_of_paragraph(p) for p in draft.paragraphs if p.division == division.index]
        lines += [
            f"^{note.n} {text_of_note(note)}" for note in draft.notes if note.division == division.index
        ]
    return [re.sub(r"\{p\. [^}]*\}", "", line) for line in lines]


# Books


def browser_s_print() -> bytes:
    """Numbers of notes in a column of their own, and calls in brackets, as on the print of a web page."""
    book = Setter()
    book.heading(FIRST)
    book.paragraph(f"{PLAN}[1] It was cold.", gap=6)
    book.paragraph(SPRING, gap=6)
    book.heading("Notes")
    book.rows([("1.", NOTE)], 74)
    book.heading(SECOND)
    book.paragraph(SPRING, gap=6)
    return book.pdf()


def printed_book() -> bytes:
    """Centred headings in larger type, raised numbers, the note in small type at the foot of the page."""
    book = Setter(head="The Office", folio=41)
    book.heading(FIRST, 15, ROMAN, centred=True)
    book.paragraph(f"{PLAN}^1 It was cold.")
    book.paragraph(SPRING)
    for k, line in enumerate(wrapped(f"1. {NOTE}", 300, 8.5, 0)):
        parts = [(ITALIC if n % 2 else ROMAN, part) for n, part in enumerate(line.split("*")) if part]
        book.sheet.line(60, 530 + 10 * k, parts, size=8.5)
    book.turn()
    book.heading(SECOND, 15, ROMAN, centred=True)
    book.paragraph(SPRING)
    book.turn()
    book.paragraph(
        "Nothing else is known of it, and the winter went on as before in all the offices.", indent=0
    )
    return book.pdf()


def linked_print() -> bytes:
    """Letters of one width, so that the place of the call is known; only its link tells which note it calls."""
    sheet, size = Sheet(), 10
    base = 60.0

    def paragraph(text: str, font: str = "type") -> None:
        nonlocal base
        for line in textwrap.wrap(text, 48):
            sheet.line(60, base, line, font, size)
            if "(1)" in line:
                left = 60 + 0.6 * size * line.index("(1)")
                sheet.link((left, base - 8, left + 18, base + 2), 0, 60, 432)
            base += 13
        base += 10

    paragraph(FIRST, BOLD)
    paragraph(f"{PLAN}(1) It was cold.")
    paragraph(SPRING)
    paragraph(SECOND, BOLD)
    paragraph(SPRING)
    base = 440
    paragraph("1. The Minutes, vol. 2, where the council is said to have slept in the winter.")
    return pdf([sheet])


def two_columns() -> bytes:
    """Two columns of prose below a heading over both; the notes follow in small type."""
    sheet = Sheet(width=520)
    sheet.line(60, 60, FIRST, BOLD, 15)
    base = [90.0, 90.0]

    def lines(side: int, text: str, indent: float = 0, size: float = 10) -> None:
        for k, line in enumerate(wrapped(text, 185, size, indent)):
            parts = []
            for n, part in enumerate(line.split("*")):
                for m, piece in enumerate(re.split(r"\^(\d)", part)):
                    if piece:
                        parts.append((RAISED if m % 2 else ITALIC if n % 2 else ROMAN, piece))
            sheet.line((60, 275)[side] + (indent if k == 0 else 0), base[side], parts, size=size)
            base[side] += 12

    lines(0, f"{PLAN}^1 It was cold.")
    lines(1, SPRING, 12)
    base[1] += 10
    sheet.line(275, base[1], "Notes", BOLD, 10)
    base[1] += 16
    lines(1, f"1. {NOTE}", size=8.5)
    sheet.line(60, 300, SECOND, BOLD, 15)
    base[:] = [330, 330]
    lines(0, SPRING)
    return pdf([sheet])


FORMS: dict[str, Callable[[], bytes]] = {
    "a browser's print": browser_s_print,
    "two columns": two_columns,
}


@pytest.mark.parametrize("form", FORMS)
def test_a_book_is_read_whole_whatever_its_form(form: str) -> None:
    assert lines_of(parse_bytes(FORMS[form]())) == BOOK


def test_a_note_at_the_foot_of_the_page_is_called_from_there() -> None:
    draft = parse_bytes(printed_book())

    [note] = draft.notes
    assert f"^1 {text_of_note(note)}" == BOOK[3]
    assert text_of_paragraph(draft.paragraphs[0]) == BOOK[1]


def test_a_link_tells_the_note_of_a_call() -> None:
    shown = shown_of(linked_print())

    [call] = [call for call in shown.calls if call.note is not None]
    assert (call.n, shown.notes[call.note or 0].n) == (1, 1)


# Pages


def test_a_place_that_is_counted_from_the_margins_is_found_where_it_is() -> None:
    """Chromium leaves the margins of the paper out of the places that its links lead to."""
    sheet = Sheet()
    sheet.line(60, 40, FIRST, BOLD, 15)
    for k, line in enumerate(wrapped(SPRING, 300, 11, 0)):
        sheet.line(60, 70 + 13 * k, line)
    for n in (1, 2, 3):
        top, note = 110 + 40 * n, 310 + 60 * n
        sheet.line(60, top, f"The office kept its ledgers there. ({n})", "type", 10)
        sheet.link((60 + 6 * 35, top - 8, 60 + 6 * 38, top + 2), 0, 4, note - 8 - 56)
        sheet.line(60, note, f"{n}. The Minutes, vol. {n}, where nobody is said to have slept.")
        sheet.line(60, note + 26, "The clerks of that time had no other witness of it than this.")

    shown = shown_of(pdf([sheet]))

    assert [(call.n, call.note) for call in shown.calls] == [(1, 0), (2, 1), (3, 2)]
    assert [note.n for note in shown.notes] == [1, 2, 3]


def test_a_line_that_a_raised_number_pushed_down_goes_on() -> None:
    sheet = Sheet()
    base = 60.0
    for text in (f"{PLAN}^1 It was cold, and {PLAN.replace('The', 'the')}^2 It was warm.", SPRING):
        for line in wrapped(text, 300, 11, 0):
            base += 13 + 3.5 * ("^" in line)
            parts = re.split(r"\^(\d)", line)
            sheet.line(60, base, [(RAISED if n % 2 else ROMAN, part) for n, part in enumerate(parts) if part])
        base += 12

    shown = shown_of(pdf([sheet]))

    assert len(shown.blocks) == 2


def test_a_list_whose_numbers_hang_before_its_text_is_no_quotation() -> None:
    book = Setter()
    book.heading(FIRST)
    book.paragraph(f"{PLAN}[1] It was cold.[2]", indent=0, gap=6)
    book.heading("Notes")
    for n, text in ((1, PLAN), (2, SPRING)):
        for k, line in enumerate(wrapped(text, 250, 11, 0)):
            book.sheet.line(91 if k else 80, book.base, line if k else f"{n}. {line}")
            book.base += book.lead

    draft = parse_bytes(book.pdf())

    assert [(note.n, text_of_note(note)) for note in draft.notes] == [(1, PLAN), (2, SPRING)]


def test_the_lines_of_a_site_around_the_book_are_set_aside() -> None:
    book = Setter()
    book.heading(FIRST)
    book.paragraph(PLAN)
    book.heading(SECOND)
    book.paragraph(SPRING)
    book.base += 20
    book.sheet.line(60, book.base, "This page was last updated on 3 May 1999")

    draft = parse_bytes(book.pdf())

    assert lines_of(draft) == ["# 1 The first office", PLAN, "# 2 The second office", SPRING]


def test_heads_and_page_numbers_are_set_aside_and_a_page_number_is_the_book_s_page() -> None:
    book = Setter(head="A Book of Snow", folio=11)
    book.heading(FIRST)
    paragraphs = [f"In the year {1700 + k} {SPRING[0].lower()}{SPRING[1:]}" for k in range(0, 280, 7)]
    for paragraph in paragraphs:
        book.paragraph(paragraph)
    content = book.pdf()
    shown, draft = shown_of(content), parse_bytes(content)

    texts = shown.text.splitlines()
    assert [page.page for page in shown.pages] == [str(11 + n) for n in range(len(book.sheets))]
    assert {texts[n - 1] for n in shown.forme_work} == {"A Book of Snow"}
    assert [re.sub(r"\{p\. \d+\}", "", text_of_paragraph(p)) for p in draft.paragraphs] == paragraphs


def test_a_paragraph_that_a_marker_cuts_goes_on_and_an_indented_one_begins() -> None:
    book = Setter()
    book.heading(FIRST)
    first, second = PLAN.split(". ")[0] + ".", PLAN.split(". ")[1]
    book.paragraph(SPRING, gap=6)
    book.paragraph(first, gap=6)
    book.paragraph("page 12", indent=0, gap=6)
    book.paragraph(second, indent=0, gap=6)
    book.paragraph(SPRING, gap=6)
    draft = parse_bytes(book.pdf())

    assert [text_of_paragraph(p) for p in draft.paragraphs] == [SPRING, f"{first} {{p. 12}}{second}", SPRING]


def test_a_page_that_lies_on_its_side_is_read_and_its_boxes_lie_on_the_page() -> None:
    sheet = Sheet(rotate=90)
    sheet.line(60, 60, FIRST, BOLD, 14)
    for k, line in enumerate(wrapped(PLAN, 300, 11, 0)):
        sheet.line(60, 90 + 14 * k, line)
    shown = shown_of(pdf([sheet]))

    assert shown.text.splitlines()[0] == FIRST
    assert all(0 <= box.left < box.right <= 595 and 0 <= box.top < box.bottom <= 420 for box in shown.boxes)


def test_every_line_has_its_box_on_its_page() -> None:
    shown = shown_of(printed_book())

    assert [box.line for box in shown.boxes] == list(range(1, len(shown.text.splitlines()) + 1))
    heading = next(box for box in shown.boxes if shown.text.splitlines()[box.line - 1] == FIRST)
    assert (heading.page, round(heading.bottom)) == (1, round(82 + 15 * 0.25))


# Kinds


def test_a_quotation_and_what_goes_on_after_it_are_told_by_their_margins() -> None:
    book = Setter()
    book.heading(FIRST)
    book.paragraph(SPRING)
    book.paragraph("The clerk wrote to the second office in the winter that the river was frozen, and that")
    book.paragraph(
        "the plan lies below the ice, where it can be read by fishes and by nobody else,",
        indent=0,
        inset=30,
        gap=5,
    )
    book.paragraph("and nobody asked again.", indent=0)
    book.paragraph(SPRING)
    draft = parse_bytes(book.pdf())

    assert [(p.kind.value, p.continues) for p in draft.paragraphs] == [
        ("prose", False), ("prose", False), ("quotation", False), ("prose", True), ("prose", False),
    ]  # fmt: skip


def test_a_key_is_read_from_its_two_columns() -> None:
    book = Setter()
    book.heading("Abbreviations")
    rows = [
        ("CLD", "See STO"), ("Glavk", "One of the chief directorates, with a single branch in its care and no other"),
        ("NEP", "New Economic Policy"), ("STO", "Council of Labour"), ("TsSU", "Central Statistical Administration"),
        ("VSNKh", "Supreme Council of the National Economy"),
    ]  # fmt: skip
    book.rows(rows, 150)
    book.heading(FIRST)
    book.paragraph(PLAN)
    draft = parse_bytes(book.pdf())

    assert [(row.headword, row.definition or f"See {row.see}") for row in draft.key] == rows


def test_a_table_of_figures_keeps_its_rows() -> None:
    book = Setter()
    book.heading(FIRST)
    book.paragraph(PLAN)
    book.base += 10
    for cells in (
        ("Year", "Coal", "Iron"),
        ("1913", "29.0", "4,216"),
        ("1921", "8.9", "116"),
        ("1922", "9.5", "188"),
    ):
        for left, cell in zip((62, 92, 120), cells, strict=True):
            book.sheet.line(left, book.base, cell)
        book.base += 14
    book.base += 10
    book.paragraph(SPRING)
    draft = parse_bytes(book.pdf())

    assert [p.kind.value for p in draft.paragraphs] == ["prose", "table", "prose"]
    assert text_of_paragraph(draft.paragraphs[1]).splitlines()[1:] == [
        "| 1913 | 29.0 | 4,216",
        "| 1921 | 8.9 | 116",
        "| 1922 | 9.5 | 188",
    ]


def test_words_in_italics_over_the_end_of_a_line_are_one_emphasis() -> None:
    book = Setter()
    book.heading(FIRST)
    words = "a plan for the snow of the whole country and of the river"
    book.paragraph(f"The council of the winter wrote down *{words}* which nobody read in the office.")
    [paragraph] = parse_bytes(book.pdf()).paragraphs

    assert [paragraph.text.string[a:b] for a, b in paragraph.emphasis] == [words]


# Letters


def with_map(lines: list[str], codes: dict[str, str]) -> bytes:
    """A PDF whose font maps some characters otherwise: to another, or to nothing (an empty string)."""
    mapped = [(ord(c), codes.get(c, c)) for c in map(chr, range(32, 127))]
    said = "\n".join(f"<{code:02X}> <{to.encode('utf-16-be').hex()}>" for code, to in mapped if to)
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        "1 begincodespacerange <00> <FF> endcodespacerange\n"
        f"{sum(bool(to) for _, to in mapped)} beginbfchar\n{said}\nendbfchar\nendcmap end end"
    )
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /ToUnicode 3 0 R >>"
    sheet = Sheet()
    sheet.line(60, 60, FIRST, BOLD, 14)
    for k, line in enumerate(lines):
        sheet.line(60, 90 + 14 * k, line, "broken")
    stream = f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream"
    return pdf([sheet], {"broken": font}, raw_objects=[stream])


LINES = [
    "Now the North wind came from the river, and Nobody knew why the",
    "November snow lay on the road. Not one clerk of Narva had seen it in",
    "the winter, and No letter was written. Nearly all of them had gone to",
    "the market of the town, Nor did they wait for the ledger, or for salt,",
    "or for the key of the door that the porter of the office had lost there.",
]  # fmt: skip


def test_a_glyph_that_claims_another_character_is_told_by_its_width_and_restored() -> None:
    shown = shown_of(with_map(LINES, {"N": ","}))

    assert " ".join(LINES) in " ".join(shown.text.split())
    [(_, code, sentence)] = shown.remarks
    assert code == "letters-of-a-font"
    assert "Times-Roman" in sentence
    assert "N (9 times)" in sentence


def test_ligatures_whose_letters_ghostscript_wrote_in_turned_bytes_are_read() -> None:
    signs = {"#": "fi", "$": "ff", "%": "fl", "&": "ffi", "+": "ffl"}
    # As Ghostscript 10.00 maps the ligatures of a font that it writes anew: <66006900>, and <6600cf00> for three.
    turned = {
        "#": "\u6600\u6900",
        "$": "\u6600\u6600",
        "%": "\u6600\u6c00",
        "&": "\u6600\ucf00",
        "+": "\u6600\ud200",
    }
    lines = [*LINES, "The o&ce was the #rst to send o$ its %our, in a ba+ing way."]
    text = " ".join(lines)
    for sign, letters in signs.items():
        text = text.replace(sign, letters)

    assert text in " ".join(shown_of(with_map(lines, turned)).text.split())
    assert text in " ".join(shown_of(with_map(lines, signs)).text.split())


def test_two_signs_of_chinese_that_stand_side_by_side_stay() -> None:
    lines = [*LINES, "The o#$ was the first."]

    assert "o\u6600\u6900 was" in shown_of(with_map(lines, {"#": "\u6600", "$": "\u6900"})).text


def test_a_letter_that_no_word_shows_is_not_guessed() -> None:
    lines = [*LINES[:4], "or for the Xqj of the door that the porter of the office had lost there."]
    text = shown_of(with_map(lines, {"X": ","})).text

    assert "\ufffdqj" in text


def test_a_letter_of_another_s_width_is_left_and_asked_about() -> None:
    shown = shown_of(with_map([*LINES, *LINES], {"o": "x"}))

    assert "snxw" in shown.text
    assert [
        sentence for _, code, sentence in shown.remarks if code == "letters-of-a-font" and "“x”" in sentence
    ] != []
    assert shown_of(with_map([*LINES, *LINES], {})).remarks == ()


def test_a_capital_inside_small_letters_makes_no_word() -> None:
    lines = [*LINES, "The hat, and what was had. Then They stood and Took it to Town. This was all."]

    assert " ".join(lines) in " ".join(shown_of(with_map(lines, {"d": "T"})).text.split())


# What cannot be read is refused in one sentence.


def image_only() -> bytes:
    sheet = Sheet()
    sheet.shown.append("q 200 0 0 200 50 50 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x7f EI Q")
    return pdf([sheet])


def garbage() -> bytes:
    book = Setter()
    turned = {ord(c): chr(ord("a") + (ord(c) - ord("a") + 11) % 26) for c in map(chr, range(97, 123))}
    for _ in range(4):
        book.paragraph(PLAN.translate(turned))
    return book.pdf()


def book() -> bytes:
    return browser_s_print()


def repeated() -> bytes:
    sheets = [Sheet() for _ in range(8)]
    for sheet in sheets:
        sheet.line(60, 60, PLAN[:80])
    return pdf(sheets)


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "cut off": (lambda: book()[:700], "cut off or damaged"),
    "only a beginning": (lambda: b"%PDF-1.7\n", "cut off or damaged"),
    "a user's password": (lambda: locked(book(), "secret"), "opens only with a password"),
    "pictures of pages": (image_only, "run OCR"),
    "no text": (lambda: pdf([Sheet()]), "no text"),
    "nothing but what each page repeats": (repeated, "no heading of a part, chapter or preface was found"),
    "no page": (lambda: pdf([]), "cut off or damaged"),
    "fonts without a map": (garbage, "do not say which letters they show .Times-Roman"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_pdf_that_cannot_be_read_is_refused(what: str) -> None:
    content, message = REFUSED[what]

    with pytest.raises(ImportFault, match=message):
        parse_bytes(content())


def test_a_pdf_that_is_locked_for_its_owner_alone_is_read() -> None:
    assert lines_of(parse_bytes(locked(book(), ""))) == BOOK


def test_a_small_file_that_holds_more_characters_than_a_book_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("corpus_import.parsing.sources.pdf_words.MOST_CHARACTERS", 1_000)
    setter = Setter()
    for _ in range(8):
        setter.paragraph(PLAN)

    with pytest.raises(ImportFault, match="more than 1,000 characters"):
        parse_bytes(setter.pdf())


def test_a_pdf_of_more_pages_than_can_be_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus_import.parsing.sources.pdf_words.MOST_PAGES", 2)

    with pytest.raises(ImportFault, match="has 3 pages, and 2 are the most"):
        parse_bytes(pdf([Sheet(), Sheet(), Sheet()]))


def test_a_process_that_takes_too_long_or_too_much_memory_ends_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf_words, "READING", replace(pdf_process.READING, waiting=0.001))
    with pytest.raises(ImportFault, match="takes longer than"):
        parse_bytes(book())

    monkeypatch.setattr(pdf_words, "READING", replace(pdf_process.READING, memory=2**20))
    with pytest.raises(ImportFault, match=r"could not be read|takes more memory"):
        parse_bytes(book())


def test_each_page_is_told_while_it_is_read_and_then_what_is_made_of_it() -> None:
    told: list[str] = []
    sheets = []
    for n in range(200):
        sheets.append(Sheet())
        sheets[-1].line(60, 300, f"The clerk counted {n} wagons and {n * n} of the horses.")
    read_pdf(pdf(sheets), "x.pdf", MANIFEST, told.append)

    pages = [
        int(found[1]) for step in told if (found := re.fullmatch(r"Reading x\.pdf, page (\d+) of 200", step))
    ]
    assert pages[-1] == 200
    assert len(pages) > 1  # as many as were told while the next were read
    assert pages == sorted(set(pages))
    assert next(step for step in told if "page" not in step) == "Reading x.pdf: letters of its fonts"


def test_the_program_is_ended_when_nobody_wants_its_work(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    begin = subprocess.Popen.__init__

    def noted(process: subprocess.Popen[bytes], *args: object, **kwargs: object) -> None:
        started.append(process)
        begin(process, *args, **kwargs)  # type: ignore[call-overload]

    def stop(step: str) -> None:
        raise Ended

    monkeypatch.setattr(subprocess.Popen, "__init__", noted)

    with pytest.raises(Ended):
        read_pdf(book(), "x.pdf", MANIFEST, stop)
    [process] = started
    assert process.returncode is not None


def test_scripts_and_attachments_are_ignored() -> None:
    script = "/OpenAction << /S /JavaScript /JS (app.alert\\('x'\\)) >> /Names << /EmbeddedFiles << /Names [] >> >>"
    setter = Setter()
    setter.heading(FIRST)
    setter.paragraph(PLAN)

    assert lines_of(parse_bytes(pdf(setter.sheets, catalog=script))) == ["# 1 The first office", PLAN]


def test_a_pdf_is_told_by_its_bytes() -> None:
    assert is_pdf(b"\n\n%PDF-1.4 and so on")
    assert not is_pdf(b"<html><body>about %PDF</body></html>")


# Every character is accounted for.

PLACED = st.tuples(
    st.floats(0, 400), st.floats(10, 590), st.text("abcXYZ019.,;:*[]()-\u2013 ", min_size=1, max_size=24),
    st.sampled_from([ROMAN, ITALIC, BOLD, SANS]), st.sampled_from([6, 8.5, 11, 14]),
)  # fmt: skip


# The library takes a character that is printed twice on one place for one in bold type.
@given(st.lists(st.lists(PLACED, max_size=14, unique_by=lambda word: word[1] // 4), min_size=1, max_size=3))
@settings(max_examples=25, deadline=None)
def test_every_character_is_in_the_text_wherever_it_stands(
    pages: list[list[tuple[float, float, str, str, float]]],
) -> None:
    sheets = []
    for words in pages:
        sheets.append(Sheet())
        for left, base, text, font, size in words:
            sheets[-1].line(left, base, text, font, size)
    sheets[-1].line(60, 300, PLAN[:80])
    shown = read_pdf(pdf(sheets), "x.pdf", replace(MANIFEST, language="xx"))

    written = Counter(
        "".join("".join(word[2].split()) for page in pages for word in page) + "".join(PLAN[:80].split())
    )
    lines = shown.text.splitlines()
    assert Counter("".join(shown.text.split())) == written
    of = Counter(n for block in shown.blocks for n in range(block.first, block.last + 1))
    of += Counter(shown.forme_work) + Counter(page.line for page in shown.pages)
    missing = [n for n in range(1, len(lines) + 1) if not of[n]]
    assert missing == []

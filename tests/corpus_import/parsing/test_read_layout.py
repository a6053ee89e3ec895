"""Text that common tools took out of a print: read, or refused with the reason."""

import pytest

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.elements import Draft
from corpus_import.parsing.layouts.paragraphs import observe
from corpus_import.parsing.layouts.rows import rows_of
from corpus_import.parsing.layouts.widths import FONTS
from corpus_import.parsing.source import decode_witness, number_lines
from corpus_import.parsing.stages.read_layout import read_layout
from tests.corpus_import.parsing.case_files import MANIFEST, SCENE, parse_text
from tests.corpus_import.parsing.found import Found, compare, elements_read, elements_there
from tests.layouts import TOOLS, lay_out, set_truth
from tests.sample import EDITION, WITNESS

PREFACE = """\
Preface

    These accounts were kept by three generations of millers, and nobody but the millers ever read
them before the archive bought the chest in which they lay.

"""


def found_in(text: str) -> dict[str, Found]:
    read, there = elements_read(parse_text(text)), elements_there(set_truth(EDITION))
    return {kind: compare(read[kind], there[kind]) for kind in there}


@pytest.mark.parametrize("tool", TOOLS)
def test_the_sample_is_read_from_the_layout_of_each_tool(tool: str) -> None:
    found = found_in(lay_out(EDITION, set_truth(EDITION), tool))

    for kind in ("headings", "notes", "terms"):
        assert found[kind].right == found[kind].true, kind
        assert found[kind].wrong == 0, kind
    # Without indents and blank lines, a paragraph whose last line is full cannot be told from the next.
    share = 0.95 if tool in ("layout", "apart") else 0.8
    assert found["paragraphs"].right >= share * found["paragraphs"].true


def test_a_witness_with_the_spaces_of_a_browser_is_left_as_it_is() -> None:
    witness = decode_witness(WITNESS.read_bytes(), "sample.txt", 0, "utf-8")
    draft = number_lines(Draft(MANIFEST, (witness,)))

    assert read_layout(draft) is draft


def test_typed_text_with_indents_and_blank_lines_is_left_as_it_is() -> None:
    lines = "\n".join(line.rstrip() for line in (SCENE * 20).split("\n"))
    draft = number_lines(Draft(MANIFEST, (decode_witness(lines.encode(), "typed.txt", 0, "utf-8"),)))

    assert read_layout(draft) is draft


def test_columns_of_a_key_that_are_not_equally_long_are_refused() -> None:
    text = (
        PREFACE.replace("Preface", "Key to abbreviations\n\nCFA\nMill\nWeirman\n\nFlour Agents\n\nPreface")
        + "\f"
    )

    with pytest.raises(ImportFault, match=r"key at “Mill” stand apart.*pdftotext -layout"):
        parse_text(text)


def test_numbers_of_notes_without_as_many_bodies_are_refused() -> None:
    text = PREFACE + "Notes\n\n1.\n2.\n3.\n\nThe chest itself was not for sale. [p. 5]\n\f"

    with pytest.raises(ImportFault, match=r"notes from “2.” on stand apart.*pdftotext -layout"):
        parse_text(text)


def test_every_line_of_an_extraction_keeps_its_place_in_the_witness() -> None:
    text = lay_out(EDITION, set_truth(EDITION), "apart")
    witness = decode_witness(text.encode(), "apart.txt", 0, "utf-8")

    draft = read_layout(number_lines(Draft(MANIFEST, (witness,))))

    for line in draft.lines:
        assert witness.text[line.span.start : line.span.end].split() == line.text.split()
        assert not line.text or witness.line_at(line.start) == line.number


def test_a_line_that_begins_with_an_address_is_text_and_a_footer_is_none() -> None:
    text = (
        "See the copy on the site of the museum, which is at\n"
        "https://museum.example/ledger and the catalogue of 1931. [p. 11]\n"
        "13/02/2010mhtml:file://C:\\library\\ledger.mht\n"
    )
    witness = decode_witness(text.encode(), "a.txt", 0, "utf-8")
    lines = number_lines(Draft(MANIFEST, (witness,))).lines

    assert [row.forme for row in rows_of(witness, lines, "")] == [False, False, True]


def test_a_monospaced_font_is_kept_where_a_font_is_given() -> None:
    monospaced = FONTS[-1]

    assert not monospaced  # it has no widths of its own
    assert observe([], by_place=False, font=monospaced).font is monospaced


def test_lines_that_count_letters_or_tables_are_no_headers() -> None:
    text = "".join(f"Letter {n}\nTable {n}.  Lamps and oil\nThe third survey {n}\n" for n in range(1, 6))
    witness = decode_witness(text.encode(), "a.txt", 0, "utf-8")
    lines = number_lines(Draft(MANIFEST, (witness,))).lines

    assert [row.forme for row in rows_of(witness, lines, "")][:3] == [False, False, True]

"""Tables are read cell by cell, or as they stand; no cell ever stands in a wrong column."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.elements import Draft, Paragraph, ParagraphKind, Piece, Text
from corpus_import.parsing.stages.balance_books import balance_books
from reader.text.table_notation import read_table
from tests.corpus_import.parsing.case_files import SCENE, parse_text
from tests.examples import examples

FIGURES = st.one_of(
    st.integers(0, 9999).map(str),
    st.decimals(0, 999, places=1).map(str),
    st.integers(1000, 99_999).map("{:,}".format),
    st.just("–"),
)
STUBS = st.lists(
    st.sampled_from(["Coal", "Iron", "Matches", "Wood", "pulp", "of", "the", "Mill"]), min_size=1, max_size=3
)


@st.composite
def tables(draw: st.DrawFn, *, with_holes: bool) -> list[list[str]]:
    """A row of years, and rows with equally many figures; a hole is an empty cell."""
    columns = draw(st.integers(2, 5))
    years = [str(1920 + k) for k in range(columns)]
    rows = [
        [draw(STUBS.map(" ".join)), *(draw(FIGURES) for _ in years)] for _ in range(draw(st.integers(2, 6)))
    ]
    if with_holes:
        for row in rows:
            hole = draw(st.integers(0, columns * 2))
            if 1 <= hole <= columns:
                row[hole] = ""
    return [["Trust", *years], *rows]


def set_aligned(rows: list[list[str]], gap: int) -> str:
    """Words flush left, figures flush right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))]
        lines.append((" " * gap).join(cells).rstrip())
    return "".join(f"{line}  \n" for line in lines)


def set_collapsed(rows: list[list[str]]) -> str:
    """The extracted form: two spaces between cells, and nothing for an empty cell."""
    return "".join("  ".join(cell for cell in row if cell) + "  \n" for row in rows)


def table_in(text: str) -> tuple[Draft, Paragraph]:
    draft = parse_text(
        f"{SCENE}Output of the trusts  \n\n{text}\n    It rose again in the year that followed.  \n"
    )
    [table] = [p for p in draft.paragraphs if p.kind is ParagraphKind.TABLE]
    return draft, table


@given(tables(with_holes=False), st.integers(2, 6))
@examples(60)
def test_a_whole_table_is_read_back_cell_by_cell(rows: list[list[str]], gap: int) -> None:
    for text in (set_aligned(rows, gap), set_collapsed(rows)):
        draft, paragraph = table_in(text)
        table = read_table(paragraph.text.string)

        assert table is not None, [d.message for d in draft.diagnostics]
        assert [list(row) for row in (*table.headings, *table.rows)] == rows
        assert table.caption == ("Output of the trusts",)


@given(tables(with_holes=True), st.integers(2, 6), st.booleans())
@examples(150)
def test_a_table_with_empty_cells_is_read_right_or_stays_as_it_stands(
    rows: list[list[str]], gap: int, collapsed: bool
) -> None:
    text = set_collapsed(rows) if collapsed else set_aligned(rows, gap)
    draft, paragraph = table_in(text)
    table = read_table(paragraph.text.string)

    if table is None:
        assert "table-as-it-stands" in [d.code for d in draft.diagnostics]
        lines = [line.rstrip() for line in text.splitlines()]
        assert paragraph.text.string.split("\n")[1:] == lines
    else:
        assert [list(row) for row in (*table.headings, *table.rows)] == rows


def test_an_aligned_table_with_empty_cells_is_read_whole() -> None:
    rows = [
        ["Trust", "1924", "1925"],
        ["Coal", "12.1", "13.4"],
        ["Iron", "", "2.9"],
        ["Wood pulp", "0.4", ""],
    ]
    _, paragraph = table_in(set_aligned(rows, 4))

    table = read_table(paragraph.text.string)

    assert table is not None
    assert [list(row) for row in (*table.headings, *table.rows)] == rows


def table_of_pieces(*pieces: Piece) -> Draft:
    """A draft whose table has these pieces and the remaining characters of the witness."""
    draft, table = table_in("Trust  1924  1925  \nCoal  12.1  13.4  \n")
    changed = replace(table, text=Text((*table.text.pieces, *pieces)))
    return replace(draft, paragraphs=tuple(changed if p is table else p for p in draft.paragraphs))


def test_the_audit_lets_a_table_s_bars_pass_and_no_other_insertion() -> None:
    _, table = table_in("Trust  1924  1925  \nCoal  12.1  13.4  \n")
    end = replace(table.text.pieces[-1].span, start=table.text.pieces[-1].span.end)

    balance_books(table_of_pieces(Piece(" | ", end), Piece("\n_ ", end)))
    with pytest.raises(ImportFault, match="is in no witness"):
        balance_books(table_of_pieces(Piece(" 9 ", end)))


def test_the_audit_lets_no_bar_stand_in_prose() -> None:
    draft, _ = table_in("Trust  1924  1925  \nCoal  12.1  13.4  \n")
    prose = draft.paragraphs[-1]
    end = replace(prose.text.pieces[-1].span, start=prose.text.pieces[-1].span.end)
    changed = replace(prose, text=Text((*prose.text.pieces, Piece(" | ", end))))

    with pytest.raises(ImportFault, match="is in no witness"):
        balance_books(replace(draft, paragraphs=(*draft.paragraphs[:-1], changed)))


def test_a_bar_cannot_hide_a_figure_that_was_lost() -> None:
    draft, table = table_in("Trust  1924  1925  \nCoal  12.1  13.4  \n")
    figure = next(p for p in table.text.pieces if p.text == "12.1")
    pieces = tuple(Piece(" | ", p.span) if p is figure else p for p in table.text.pieces)
    changed = replace(table, text=Text(pieces))

    with pytest.raises(ImportFault, match="was changed and no emendation says so"):
        balance_books(
            replace(draft, paragraphs=tuple(changed if p is table else p for p in draft.paragraphs))
        )

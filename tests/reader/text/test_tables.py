"""Tables: lines, grid, changes from one version to another, and three versions made one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.text import table_alignment, table_changes
from reader.text.merging import Outcome, merge, merge_words, settle
from reader.text.table_changes import objection, table_difference
from reader.text.table_grid import Grid, Impossible
from reader.text.table_merging import merge_tables
from reader.text.table_notation import bars_as_typed, bars_escaped, read_lines, read_table

COAL = """\
^ Output of coal[^4]
! Trust | 1924 | 1925 | 1926
| South
| Donbass | 12.1 | 13.4 | 15
| Urals | | 2.0 | 2.2
| Kuznetsk | 0.9 | 1.1 |
_ Source: the trusts."""

CELLS = st.text(st.sampled_from("ab12 .*\\|[]^{}p\u00a0"), max_size=5).map(str.strip).map(bars_escaped)
ROWS = st.tuples(st.sampled_from("|!"), st.lists(CELLS, min_size=1, max_size=4))
OTHERS = st.tuples(
    st.sampled_from("^_"), st.lists(st.text(st.sampled_from("ab |.*"), max_size=5), max_size=1)
)
SPACES = st.sampled_from([" ", "  ", "\t"])


@st.composite
def tables(draw: st.DrawFn) -> str:
    """Any table, with any space around its cells and marks."""
    lines = []
    for mark, cells in [
        *draw(st.lists(ROWS | OTHERS, max_size=6)),
        ("|", draw(st.lists(CELLS, min_size=1, max_size=4))),
    ]:
        body = f"{draw(SPACES)}|{draw(SPACES)}".join(cells)
        lines.append(f"{mark}{draw(SPACES)}{body}{draw(st.sampled_from(['', ' ']))}")
    return "\n".join(draw(st.permutations(lines)))


def grid(text: str) -> Grid:
    read = Grid.read(text)
    assert read is not None
    return read


# Lines and grid


@given(tables())
def test_a_grid_in_which_nothing_is_changed_is_the_text_it_was_read_from(text: str) -> None:
    assert grid(text).text == text


@given(tables())
def test_written_anew_a_table_is_read_as_the_same_table(text: str) -> None:
    lines = grid(text).lines
    anew = "\n".join(type(line)(line.mark, line.cells).written for line in lines)

    assert read_lines(anew) == lines
    assert read_table(anew) == read_table(text)
    assert type(grid(text))(grid(anew).lines).as_typed_in(text).text == text


@given(st.text(st.sampled_from("a\\|*"), max_size=8))
def test_any_bar_that_is_typed_into_a_cell_stays_in_it(typed: str) -> None:
    [line] = read_lines(f"| {bars_escaped(typed)} | b") or ()

    assert len(line.cells) == 2
    assert bars_escaped(bars_as_typed(line.cells[0])) == line.cells[0]


@given(tables(), st.data())
def test_a_column_that_is_added_and_removed_leaves_the_table_as_it_was(
    text: str, data: st.DataObject
) -> None:
    before = grid(text)
    at = data.draw(st.integers(0, before.width))

    after = before.with_column(at).without_column(at)

    width = before.width
    assert [line.cells + ("",) * (width - len(line.cells)) for line in after.lines if line.is_row] == [
        line.cells + ("",) * (width - len(line.cells)) for line in before.lines if line.is_row
    ]
    assert grid(after.text).lines == after.lines


def test_rows_and_columns_are_added_and_removed_where_it_is_said() -> None:
    table = grid("! Year | Rye\n| Grain\n| 1922 | 5")

    assert table.with_column(1).text == "! Year | | Rye\n| Grain\n| 1922 | | 5"
    assert table.without_column(0).text == "! Rye\n| Grain\n| 5"
    assert table.with_row(1, like=0).text == "! Year | Rye\n! |\n| Grain\n| 1922 | 5"
    assert table.with_row(3, like=2).text == "! Year | Rye\n| Grain\n| 1922 | 5\n| |"
    assert table.without_line(1).text == "! Year | Rye\n| 1922 | 5"
    assert table.with_heading_turned(1).text == "! Year | Rye\n! Grain\n| 1922 | 5"
    assert table.with_caption().with_note().text == "^\n! Year | Rye\n| Grain\n| 1922 | 5\n_"


def test_a_short_row_never_comes_to_stand_over_all_columns() -> None:
    assert grid("| a | b | c\n| d | e").without_column(0).text == "| b | c\n| e |"


def test_a_row_is_spread_over_all_columns_and_parted_again() -> None:
    table = grid("! Year | Rye\n| Grain |\n| 1922 | 5")

    spread = table.with_span_turned(1)

    assert spread.text == "! Year | Rye\n| Grain\n| 1922 | 5"
    assert spread.with_span_turned(1).text == table.text
    with pytest.raises(Impossible, match="empty them first"):
        table.with_span_turned(2)


def test_a_table_keeps_a_row_and_a_column() -> None:
    for deed in (
        lambda table: table.without_line(1),
        lambda table: table.with_heading_turned(1),
        lambda table: table.without_column(0),
        lambda table: table.with_column(3),
        lambda table: table.without_line(7),
    ):
        with pytest.raises(Impossible):
            deed(grid("! a\n| b"))


# What may not go unnoticed


def changed(*replaced: tuple[str, str]) -> str:
    text = COAL
    for before, after in replaced:
        assert before in text
        text = text.replace(before, after, 1)
    return text


@pytest.mark.parametrize(
    "replaced",
    [
        [("13.4", "13.9")],
        [("Donbass | 12.1 | 13.4 | 15", "Don basin | 12.7 | 13.9 | 16")],
        [("Urals | |", "Urals | 1.8 |")],
        [("1926", "1927"), ("Trust", "Trusts")],
        [("| South\n", "| The South\n")],
        [("| Urals", "| Moscow | 0.1 | 0.2 | 0.3\n| Urals")],
        [("_ Source", "_ * Estimated.\n_ Source")],
        [(" | 1.1 |\n", " | 1.1 | 1.3\n")],
        [("| South", "! South")],
    ],
)
def test_words_and_figures_are_mended_without_a_question(replaced: list[tuple[str, str]]) -> None:
    assert objection(COAL, changed(*replaced)) == ""


@pytest.mark.parametrize(
    ("replaced", "sentence"),
    [
        (
            [("Urals | | 2.0 | 2.2", "Urals | 2.0 | | 2.2")],
            "In the row “Urals”, “2.0” would stand in column 2 (“1924”): it stands in column 3 (“1925”).",
        ),
        (
            [("Donbass | 12.1", "Donbass | | 12.1")],
            "In the row “Donbass”, “12.1” would stand in column 3 (“1925”): it stands in column 2 (“1924”).",
        ),
        (
            [("| 1924 | 1925 | 1926", "| 1925 | 1926 |")],
            "In the row “Donbass”, “12.1” would stand in column 2 (“1925”): it stands in column 2 (“1924”).",
        ),
        (
            [("Kuznetsk | 0.9 | 1.1 |", "Kuznetsk | 0.9")],
            "The row “Kuznetsk” would have 2 cells, and the headings have 4.",
        ),
        (
            [("| Urals", "| Moscow | 1\n| Urals")],
            "The row “Moscow” would have 2 cells, and the headings have 4.",
        ),
        ([("| Urals | | 2.0 | 2.2\n", "")], "The row “Urals” would be taken out."),
        (
            [("\n_ Source: the trusts.", "")],
            "The line below the table “Source: the trusts.” would be taken out.",
        ),
        (
            [("Donbass | 12.1 | 13.4 | 15", "Donbass")],
            "The row “Donbass” would have one cell over all columns: it has 4.",
        ),
        ([("| South", "South")], "only lines: line 3 begins with none of the marks | ! ^ _."),
    ],
)
def test_what_slips_or_goes_is_said_with_its_place(replaced: list[tuple[str, str]], sentence: str) -> None:
    assert sentence in objection(COAL, changed(*replaced))


def test_a_column_that_goes_is_named_with_the_cells_that_stand_in_it() -> None:
    assert objection(COAL, grid(COAL).without_column(2).text) == (
        "What stands in column 3 (“1925”) would be taken out: 4 cells."
    )
    emptied = changed(("13.4", ""), ("2.0", ""), ("1.1", ""), ("| 1925", "|"))
    assert "column 3 (“1925”) would be taken out: 4 cells" in objection(COAL, emptied)


def test_a_column_that_comes_and_an_empty_row_that_goes_are_no_question() -> None:
    assert objection(COAL, grid(COAL).with_column(2).text) == ""
    assert objection(f"{COAL}\n| | | |", COAL) == ""


def test_a_column_with_headings_over_headings_is_named_by_all_of_them() -> None:
    before = "! | 1924 | 1925\n! Mill | made | made\n| Upper | 5 |"

    assert objection(before, before.replace("5 |", "| 5")) == (
        "In the row “Upper”, “5” would stand in column 3 (“1925, made”): it stands in column 2 (“1924, made”)."
    )


def test_no_more_is_said_than_a_person_reads() -> None:
    rows = "\n".join(f"| row{n} | {n} |" for n in range(1, 9))
    slipped = "\n".join(f"| row{n} | | {n}" for n in range(1, 9))

    said = objection(f"! a | b | c\n{rows}", f"! a | b | c\n{slipped}")

    assert said.count("would stand") == 3
    assert said.endswith("And 5 more changes of this kind.")


@given(tables(), tables())
def test_any_two_tables_can_be_compared(before: str, after: str) -> None:
    assert (objection(before, before), table_difference(before, before)) == ("", [])
    objection(before, after)
    table_difference(before, after)


@given(tables(), tables())
def test_every_line_and_column_is_paired_or_told_once(before: str, after: str) -> None:
    old, new = grid(before), grid(after)
    lines = table_alignment.pair_lines(old.lines, new.lines)
    columns = table_alignment.pair_columns(old.lines, new.lines, lines)

    for pairs, sizes in ((lines, (len(old.lines), len(new.lines))), (columns, (old.width, new.width))):
        for side in (0, 1):
            assert [pair[side] for pair in pairs if pair[side] is not None] == list(range(sizes[side]))


def test_a_table_with_thousands_of_changed_rows_is_compared_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_alignment, "MOST_COMPARED", 3)

    assert table_alignment.pair_lines(grid("| a\n| b").lines, grid("| b\n| c").lines) == [(0, 0), (1, 1)]


def test_the_differences_are_shown_cell_by_cell_below_the_headings() -> None:
    lines = table_difference(COAL, changed(("13.4", "13.9"), ("| Urals | | 2.0 | 2.2\n", "")))

    assert [(line.state, line.mark) for line in lines] == [("kept", "!"), ("kept", "|"), ("removed", "|")]
    assert [[(piece.kind, piece.text) for piece in cell.changes] for cell in lines[1].cells] == [
        [("kept", "Donbass")],
        [("kept", "12.1")],
        [("removed", "13.4"), ("added", "13.9")],
        [("kept", "15")],
    ]


# Three versions made one


def test_a_person_s_cell_and_an_import_s_other_cell_are_both_kept() -> None:
    human, new = changed(("12.1", "12.7")), changed(("13.4", "13.9"))

    assert settle(COAL, human, new) == (changed(("12.1 | 13.4", "12.7 | 13.9")), Outcome.MERGED)


def test_cells_side_by_side_are_two_places() -> None:
    base = "! a | b\n| 5 | 6"

    assert merge_words(base, "! a | b\n| 7 | 6", "! a | b\n| 5 | 8") is None
    assert merge(base, "! a | b\n| 7 | 6", "! a | b\n| 5 | 8") == "! a | b\n| 7 | 8"


def test_the_same_cell_changed_twice_is_a_conflict() -> None:
    human, new = changed(("12.1", "12.7")), changed(("12.1", "12.9"))

    assert settle(COAL, human, new) == (human, Outcome.CONFLICT)
    assert merge("| a | 1,204,300", "| a | 2,204,300", "| a | 1,204,400") is None


def test_a_marker_that_the_import_finds_joins_a_figure_that_a_person_mended() -> None:
    assert merge(COAL, changed(("12.1", "12.7")), changed(("12.1", "12.1[^5]"))) == changed(
        ("12.1", "12.7[^5]")
    )


def test_words_of_one_cell_or_caption_are_merged_as_words() -> None:
    human, new = changed(("Output of", "Yield of")), changed(("coal[^4]", "coals[^4]"))

    assert merge(COAL, human, new) == changed(("Output of coal", "Yield of coals"))


def test_a_row_of_a_person_and_a_row_of_an_import_are_both_there() -> None:
    human = changed(("| Urals", "| Moscow | 1 | 2 | 3\n| Urals"))
    new = changed(("| Donbass", "| Krivoi Rog | 4 | 5 | 6\n| Donbass"))

    assert merge(COAL, human, new) == changed(
        ("| Donbass", "| Krivoi Rog | 4 | 5 | 6\n| Donbass"), ("| Urals", "| Moscow | 1 | 2 | 3\n| Urals")
    )


def test_a_column_that_a_person_took_out_stays_out_and_the_import_s_cell_comes() -> None:
    human = grid(COAL).without_column(2).text
    new = changed(("12.1", "12.7"), ("| Urals", "| Moscow | 1 | | 3\n| Urals"))

    assert merge(COAL, human, new) == human.replace("12.1", "12.7").replace(
        "| Urals", "| Moscow | 1 | 3\n| Urals"
    )


@pytest.mark.parametrize("new", ["13.4→13.9", "| Urals→| Moscow | 1 | 2 | 3\n| Urals"])
def test_a_column_taken_out_in_which_the_import_changed_something_is_a_conflict(new: str) -> None:
    before, after = new.split("→")

    assert merge(COAL, grid(COAL).without_column(2).text, changed((before, after))) is None


def test_a_row_taken_out_that_the_import_changed_is_a_conflict() -> None:
    human = changed(("| Urals | | 2.0 | 2.2\n", ""))

    assert merge(COAL, human, changed(("2.0", "2.1"))) is None
    assert merge(COAL, human, changed(("12.1", "12.7"))) == human.replace("12.1", "12.7")


def test_two_rows_added_in_one_place_are_a_conflict_unless_they_are_one() -> None:
    moscow, tula = (changed(("| Urals", f"| {name} | 1 | 2 | 3\n| Urals")) for name in ("Moscow", "Tula"))

    assert merge(COAL, moscow, tula) is None
    assert merge(COAL, moscow, moscow) == moscow


@given(tables(), tables())
def test_a_change_of_one_side_alone_is_made_as_it_is(base: str, other: str) -> None:
    for merged in (
        merge_tables(base, other, base, merge_words),
        merge_tables(base, base, other, merge_words),
    ):
        assert merged is None or _padded(merged) == _padded(other)


def _padded(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """The lines with as many cells as there are columns, where they do not stand over all."""
    read = grid(text)
    return [
        (
            line.mark,
            line.cells if read.spans(line) else (*line.cells, *("",) * (read.width - len(line.cells))),
        )
        for line in read.lines
    ]


def test_the_marks_of_all_lines_are_asked_for() -> None:
    assert table_changes.objection("no table", "| a") == ""
    assert "no line begins with the mark of a row" in objection("| a", "^ a")

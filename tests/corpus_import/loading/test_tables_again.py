"""A table that a person put right as a grid, and a later import of a changed witness: cell by cell."""

import pytest
from django.contrib.auth.models import User

from corpus_import.loading.write import load_edition
from reader.correction.correcting import correct
from reader.models import Conflict, Paragraph
from reader.text.table_grid import Grid
from tests.corpus_import.parsing.case_files import SCENE, parse_text

pytestmark = pytest.mark.django_db

BOOK = (
    SCENE
    + """\
    The output of three trusts is shown here.··

Trust          1924      1925      1926··
Coal            12.1      13.4      15.0··
Iron             2.2       2.9       3.1··
Matches          0.4       0.4       0.5··

    The matches were wet.··
""".replace("·", " ")
)


def import_book(text: str = BOOK) -> Paragraph:
    load_edition(parse_text(text))
    return Paragraph.objects.get(kind="table")


def put_right(table: Paragraph, text: str) -> None:
    vera, _ = User.objects.get_or_create(username="vera")
    assert correct(table, text, seen=table.text, by=vera, reason="the scan", markers_are_meant=True)


def changed(before: str, after: str) -> str:
    assert before in BOOK
    return BOOK.replace(before, after)


def test_a_cell_that_a_person_mended_outlives_an_import_that_mends_the_next_one() -> None:
    table = import_book()
    put_right(table, table.text.replace("12.1", "12.7"))

    table = import_book(changed("13.4", "13.9"))

    assert "| Coal | 12.7 | 13.9 | 15.0\n" in table.text
    assert table.text.replace("12.7", "12.1") == table.imported_text
    assert not Conflict.objects.exists()


def test_a_row_added_and_a_column_taken_out_outlive_an_import_of_another_cell() -> None:
    table = import_book()
    grid = Grid.read(table.text)
    assert grid is not None
    put_right(table, grid.without_column(2).text + "\n| Salt | 7 | 8")

    table = import_book(changed("Iron             2.2", "Iron             2.3"))

    assert table.text.split("\n") == [
        "! Trust | 1924 | 1926",
        "| Coal | 12.1 | 15.0",
        "| Iron | 2.3 | 3.1",
        "| Matches | 0.4 | 0.5",
        "| Salt | 7 | 8",
    ]
    assert not Conflict.objects.exists()


def test_the_same_cell_changed_by_both_is_a_conflict_and_the_person_s_stands() -> None:
    table = import_book()
    put_right(table, table.text.replace("12.1", "12.7"))

    table = import_book(changed("12.1", "12.9"))

    assert "| Coal | 12.7 | 13.4 | 15.0\n" in table.text
    [conflict] = Conflict.objects.open()
    assert "12.7" in conflict.human
    assert "12.9" in conflict.new_import

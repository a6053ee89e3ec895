"""A table that a corrector puts right as a grid: with and without script, by keyboard, and over a later import."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.browser.axe import faults
from tests.browser.conftest import CHAPTER, OpenPage

RYE = """\
^ Rye by province
! Province | 1922 | 1923
| Tula | 1.5 | 2.5
| Orel | | 3
_ Source: the ledgers."""


@pytest.fixture
def key(volume: None) -> int:
    """The key of a table."""
    from reader.models import Volume
    from reader.publishing.publish import publish_volume
    from tests.browser.furrow import write

    edition = Volume.objects.get()
    table = write(edition, edition.divisions.get(slug="chapter-1"), RYE, kind="table")
    publish_volume(edition)
    return table.pk


@pytest.fixture
def open_table(open_as: OpenPage, key: int, admin_client: Client) -> OpenPage:
    path = f"/admin/reader/paragraph/{key}/change/"
    return lambda **settings: open_as(admin_client, path, **settings)


def stored(key: int) -> str:
    from reader.models import Paragraph

    return Paragraph.objects.get(pk=key).text


def cell(page: Page, row: str, column: int) -> Any:
    return page.locator(f'input[aria-label*="{row}"][aria-label*="column {column}"]')


def choose(page: Page, menu: str, button: str) -> None:
    """Open the menu of a row or a column, and press a button in it."""
    page.locator("summary").get_by_text(menu, exact=True).click()
    page.get_by_role("button", name=button).and_(page.locator(":visible")).click()


def save(page: Page) -> None:
    page.get_by_label("Reason").fill("the scan")
    page.get_by_role("button", name="Save", exact=True).click()


@pytest.mark.parametrize("width", [390, 1024])
def test_axe_finds_nothing_to_blame(open_table: Any, width: int):
    page = open_table(viewport={"width": width, "height": 900})
    page.locator("summary").get_by_text("Row 1").click()
    cell(page, "Tula", 2).fill("")
    cell(page, "Tula", 3).fill("1.5")
    expect(page.get_by_role("alert")).to_contain_text("“1.5” would stand in column 3 (“1923”)")
    expect(page.locator(".grid-differences .changed")).not_to_have_count(0)

    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_corrector_mends_a_cell_adds_a_row_and_removes_a_column(
    open_table: Any, key: int, javascript: bool
):
    page = open_table(java_script_enabled=javascript)
    cell(page, "Tula", 3).fill("2.75")
    choose(page, "Row 2", "Add a row after")
    cell(page, "Row 3", 1).fill("Kursk")
    cell(page, "Row 3", 3).fill("7")
    expect(cell(page, "Tula", 3)).to_have_value("2.75")
    choose(page, "2", "Remove this column")
    expect(page.locator(".rendered td", has_text="2.75")).to_be_visible()

    save(page)
    expect(page.get_by_role("alert")).to_contain_text("column 2 (“1922”) would be taken out: 2 cells")
    page.get_by_label("This is the correction").check()
    save(page)

    expect(page.locator(".messagelist .success")).to_have_text("Saved and published.")
    assert stored(key).split("\n")[1:-1] == [
        "! Province | 1923",
        "| Tula | 2.75",
        "| Orel | 3",
        "| Kursk | 7",
    ]
    page.goto(CHAPTER)
    expect(page.get_by_role("row", name="Kursk")).to_contain_text("7")


def test_what_was_typed_into_the_grid_outlives_the_window(open_table: Any, key: int):
    page = open_table()
    cell(page, "Tula", 3).fill("2|75")
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(cell(page, "Tula", 3)).to_have_value("2.5")

    page.get_by_role("button", name="Put it back").click()

    expect(cell(page, "Tula", 3)).to_have_value("2|75")
    save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert "| Tula | 1.5 | 2\\|75\n" in stored(key)
    page.reload()
    expect(page.get_by_role("button", name="Put it back")).to_be_hidden()


def test_who_goes_back_finds_what_was_typed(open_table: Any, key: int):
    page = open_table()
    cell(page, "Tula", 3).fill("2.75")
    choose(page, "Row 2", "Add a row after")
    cell(page, "Row 3", 1).fill("Kursk")
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto(CHAPTER)

    # The browser keeps the page before the row was added, not the answer to the button.
    page.evaluate("history.go(-2)")
    page.wait_for_url(f"**/{key}/change/")

    if cell(page, "Tula", 3).input_value() != "2.75" or not cell(page, "Row 3", 1).count():
        page.get_by_role("button", name="Put it back").click()
    expect(cell(page, "Tula", 3)).to_have_value("2.75")
    expect(cell(page, "Row 3", 1)).to_have_value("Kursk")
    assert stored(key) == RYE


def test_enter_goes_down_and_saves_nothing(open_table: Any, key: int):
    page = open_table()
    cell(page, "Tula", 2).press("Enter")

    expect(cell(page, "Orel", 2)).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.get_by_label("Caption", exact=True)).to_be_focused()
    assert stored(key) == RYE


def test_enter_without_script_shows_and_saves_nothing(open_table: Any, key: int):
    page = open_table(java_script_enabled=False)
    cell(page, "Tula", 2).fill("9")
    cell(page, "Tula", 2).press("Enter")

    expect(page.locator(".grid-differences .changed").first).to_contain_text("9")
    expect(cell(page, "Tula", 2)).to_have_value("9")
    assert stored(key) == RYE


def test_a_cell_mended_in_the_grid_outlives_an_import_of_a_changed_witness(
    open_as: OpenPage, admin_client: Client
):
    from corpus_import.loading.write import load_edition
    from reader.models import Conflict, Paragraph
    from tests.corpus_import.loading.test_tables_again import BOOK
    from tests.corpus_import.parsing.case_files import parse_text

    load_edition(parse_text(BOOK))
    table = Paragraph.objects.get(kind="table")
    page = open_as(admin_client, f"/admin/reader/paragraph/{table.pk}/change/")
    cell(page, "Coal", 2).fill("12.7")
    save(page)
    expect(page.locator(".messagelist .success")).to_have_text("Saved and published.")

    load_edition(parse_text(BOOK.replace("13.4", "13.9")))

    page.goto(table.get_absolute_url())
    expect(page.get_by_role("row", name="Coal")).to_have_text("Coal12.713.915.0")
    assert not Conflict.objects.exists()

"""Citations in a browser: copied with one key press, selected with one click, shown without script too."""

import pytest

from tests.browser.conftest import OpenPage

PARAGRAPH = "/furrow/paragraph/2/"


def test_a_citation_is_copied_with_one_press(open_page: OpenPage) -> None:
    page = open_page(PARAGRAPH, permissions=["clipboard-read", "clipboard-write"])
    button = page.get_by_role("button", name="Copy").first

    button.click()

    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator(".citation").first.inner_text()
    assert copied.startswith("Irina Halloran, “The offices that counted,” in")


def test_a_citation_is_selected_where_the_clipboard_is_refused(open_page: OpenPage) -> None:
    page = open_page("/furrow/")
    page.add_init_script("delete Navigator.prototype.clipboard")
    page.goto(PARAGRAPH)

    page.get_by_role("button", name="Copy").first.click()

    page.get_by_role("button", name="Selected").wait_for()
    assert page.evaluate("getSelection().toString()") == page.locator(".citation").first.inner_text()


def test_a_click_selects_a_whole_citation(open_page: OpenPage) -> None:
    page = open_page(PARAGRAPH)
    page.get_by_text("BibTeX").click()

    for block in (page.locator("#citation-2"), page.locator("#file-1")):
        block.click()

        assert page.evaluate("getSelection().toString().trim()") == block.inner_text().strip()


def test_without_script_citations_are_there_and_no_button_is(open_page: OpenPage) -> None:
    page = open_page(PARAGRAPH, java_script_enabled=False)

    assert page.locator(".citation").count() == 7
    assert page.get_by_role("button", name="Copy").count() == 0


@pytest.mark.parametrize("width", [360, 1280])
def test_the_notes_of_a_paragraph_are_seen_below_it(open_page: OpenPage, width: int) -> None:
    page = open_page(PARAGRAPH, viewport={"width": width, "height": 800})

    assert page.locator(".notes").is_visible()
    assert page.locator("#n1").is_visible()

"""The list of many volumes in a browser: its pages are turned with the keyboard, and axe finds no fault."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from reader.pages.home import ROWS
from reader.publishing.publish import publish_home
from tests.bettelheim_site.test_many_volumes import add_volumes
from tests.browser.axe import faults


def publish_many() -> None:
    add_volumes(2 * ROWS + 10, first=1)
    publish_home()


@pytest.fixture(scope="module")
def book() -> Callable[[], object]:
    return publish_many


@pytest.mark.parametrize("width", [390, 1440])
def test_the_pages_of_the_list_are_turned_by_keyboard_alone(
    volume: None, open_context: Callable[..., BrowserContext], width: int
) -> None:
    page = open_context(viewport={"width": width, "height": 900}, java_script_enabled=False).new_page()
    page.goto("/")

    page.get_by_role("navigation", name="Pages of the list of volumes").get_by_role("link").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/?page=2")
    assert page.title() == "Archive, page 2"
    assert page.get_by_role("main").get_by_role("listitem").count() == ROWS
    page.get_by_role("link", name="Previous").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith("/"))


@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_no_fault_in_a_page_of_the_list(
    volume: None, open_context: Callable[..., BrowserContext], width: int
) -> None:
    page = open_context(viewport={"width": width, "height": 900}).new_page()
    page.goto("/?page=2")

    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

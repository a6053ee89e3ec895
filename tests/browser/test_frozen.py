"""A frozen copy in a folder, without a server: read, searched, followed."""

from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, expect


@pytest.fixture
def copy(volume: None, tmp_path: Path) -> str:
    folder = tmp_path / "copy"
    call_command("freeze", folder)
    return folder.as_uri()


def test_a_copy_is_searched_without_a_server(copy: str, chromium: Browser):
    page = chromium.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{copy}/furrow/chapter-1/index.html")

    page.get_by_role("searchbox").fill("Miller said")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("status")).to_have_text("1 place")
    page.locator("#found a").click()

    expect(page.locator(":target")).to_have_attribute("id", "p4")
    assert faults == []


def test_a_copy_is_read_without_script(copy: str, chromium: Browser):
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(f"{copy}/index.html")

    page.get_by_role("link", name="Begin reading").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(f"{copy}/furrow/chapter-1/index.html")
    page.locator("a.noteref").first.click()

    expect(page.locator(":target")).to_be_in_viewport()


# Types into the field as soon as it stands there: the texts, which may be megabytes, come after it.
TYPE = """new MutationObserver((_, observer) => {
    const field = document.querySelector("#q");
    if (!field) return;
    observer.disconnect();
    field.value = "Miller said";
}).observe(document, { childList: true, subtree: true })"""


def test_what_is_typed_before_the_texts_came_is_searched_for(copy: str, chromium: Browser):
    page = chromium.new_page()
    page.add_init_script(TYPE)
    page.goto(f"{copy}/furrow/search/index.html")

    expect(page.get_by_role("searchbox").first).to_have_value("Miller said")
    expect(page.get_by_role("status")).to_have_text("1 place")

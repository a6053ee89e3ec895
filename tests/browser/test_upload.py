"""Importing from the admin, in a browser: its look, screen readers, and work without script."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.browser.axe import faults
from tests.browser.conftest import OpenPage

SAMPLE = Path(__file__).resolve().parents[2] / "fixtures" / "sample"
FILES = [SAMPLE / "volume.toml", SAMPLE / "file-1.txt"]
PATIENCE = 30_000  # milliseconds: the first parse loads the words of the language
SIZES = [{"width": 1280, "height": 900}, {"width": 390, "height": 844}]


@pytest.fixture
def open_admin(open_as: OpenPage, transactional_db: None, admin_client: Client) -> OpenPage:
    def opened(path: str, **settings: Any) -> Page:
        page = open_as(admin_client, path, **settings)
        page.set_default_timeout(PATIENCE)
        return page

    return opened


def is_too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
def test_every_page_of_an_import_is_for_everybody(open_admin: Any, size: dict[str, int]):
    page = open_admin("/admin/corpus_import/upload/add/", viewport=size)
    assert faults(page) == []
    assert not is_too_wide(page)
    page.get_by_label("Files").set_input_files(FILES[1:])
    page.get_by_role("button", name="Upload").click()
    expect(page.locator(".errorlist")).to_contain_text("there is no manifest")
    assert faults(page) == []
    assert not is_too_wide(page)
    page.get_by_label("Files").set_input_files(FILES)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("main").get_by_role("rowheader", name="Conflicts")).to_be_visible(
        timeout=PATIENCE
    )
    for summary in page.locator("summary").all():
        summary.click()
    assert faults(page) == []
    assert not is_too_wide(page)
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator(".success")).to_contain_text("was imported", timeout=PATIENCE)
    assert faults(page) == []
    page.get_by_role("link", name="Read it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("The Planning Organs")


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("packed", [True, False])
def test_a_volume_is_uploaded_looked_at_and_cancelled_or_confirmed(
    open_admin: Any, javascript: bool, packed: bool
):
    page = open_admin("/admin/", java_script_enabled=javascript, viewport=SIZES[0])
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for path in FILES:
            archive.write(path, f"sample/{path.name}")
    zipped = {"name": "sample.zip", "mimeType": "application/zip", "buffer": body.getvalue()}

    for button in ("Cancel", "Confirm"):
        page.get_by_role("main").get_by_role("link", name="Imports").click()
        page.get_by_role("link", name="Add import").first.click()
        page.get_by_label("Files").set_input_files(zipped if packed else FILES)
        page.get_by_role("button", name="Upload").click()
        expect(page.locator(".archive-import")).to_contain_text(
            "The volume is new to the archive", timeout=PATIENCE
        )
        expect(page.get_by_role("row", name="Added").locator(".count")).not_to_have_text("0")
        page.get_by_text("Added (").click()
        expect(page.get_by_text("paragraph 1", exact=True)).to_be_visible()
        page.get_by_role("button", name=button).click()
        expect(page.locator(".success")).to_contain_text(
            "was cancelled; nothing was written" if button == "Cancel" else "was imported",
            timeout=PATIENCE,
        )
        page.get_by_role("link", name="Home").click()

    page.goto("/planning-organs/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("The Planning Organs")

"""Importing from the admin, in a browser: seen, heard, and without script."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visit

SAMPLE = Path(__file__).resolve().parents[2] / "fixtures" / "sample"
FILES = [SAMPLE / "volume.toml", SAMPLE / "file-1.txt"]
# Django's own (5.2): its crumbs differ from the text by colour alone.
OF_DJANGO = {"link-in-text-block": ".breadcrumbs a"}
PATIENCE = 30_000  # milliseconds: the words of the language are read at the first parse
SIZES = [{"width": 1280, "height": 900}, {"width": 390, "height": 844}]


@pytest.fixture
def open_admin(chromium: Browser, visit: Visit, transactional_db: None, admin_client: Client) -> Any:
    """Opens a page of the admin in a browser that is logged in."""
    contexts = []

    def opened(path: str, **settings: Any) -> Page:
        context = chromium.new_context(base_url=visit.base, **settings)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        session = admin_client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": visit.base}])
        page = context.new_page()
        visit.listen(page)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert visit.complaints == []
    assert visit.strangers == []


def faults(page: Page) -> list[tuple[str, str]]:
    return [
        (rule["id"], node["html"])
        # Without preloading, for which axe writes style elements that the archive's policy refuses.
        for rule in Axe().run(page, options={"preload": False}).response["violations"]
        for node in rule["nodes"]
        if not page.evaluate(
            "([target, those]) => those && document.querySelector(target)?.matches(those)",
            [node["target"][0], OF_DJANGO.get(rule["id"])],
        )
    ]


def is_too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_an_import_is_for_everybody(open_admin: Any, scheme: str, size: dict[str, int]):
    page = open_admin("/admin/corpus_import/upload/add/", color_scheme=scheme, viewport=size)
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

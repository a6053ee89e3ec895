"""Importing from the admin, in a browser: its look, screen readers, and work without script.

The work is done by real processes beside the server; the pages ask again by themselves until it is done.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, PdfMargins, expect

from bench.web_page import web_page
from tests.browser.axe import faults
from tests.browser.conftest import OpenPage
from tests.processes import WAITING, connect, environment, wait_for
from tests.sample import EDITION

SAMPLE = Path(__file__).resolve().parents[2] / "fixtures" / "sample"
FILES = [SAMPLE / "volume.toml", SAMPLE / "file-1.txt"]
PATIENCE = 60_000  # milliseconds: the first parse loads the words of the language
SIZES = [{"width": 1280, "height": 900}, {"width": 390, "height": 844}]


@pytest.fixture
def own_database(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let processes that the admin starts work on the database of the tests, and wait for them at the end."""
    monkeypatch.setenv("DATABASE_URL", environment()["DATABASE_URL"])
    yield
    with connect() as held:
        wait_for(
            "SELECT NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 1926)", held
        )


@pytest.fixture
def open_admin(open_as: OpenPage, own_database: None, admin_client: Client) -> OpenPage:
    return lambda path, **settings: open_as(admin_client, path, **settings)


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
    expect(page.get_by_role("main").get_by_role("rowheader", name="Conflicts")).to_be_visible()
    for summary in page.locator("summary").all():
        summary.click()
    assert faults(page) == []
    assert not is_too_wide(page)
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator(".archive-import")).to_contain_text("was imported")
    assert faults(page) == []
    assert not is_too_wide(page)
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
        expect(page.locator(".archive-import")).to_contain_text("The volume is new to the archive")
        expect(page.get_by_role("row", name="Added").locator(".count")).not_to_have_text("0")
        page.get_by_text("Added (").click()
        expect(page.get_by_text("paragraph 1", exact=True)).to_be_visible()
        page.get_by_role("button", name=button).click()
        if button == "Cancel":
            expect(page.locator(".success")).to_contain_text("was cancelled; nothing was written")
        else:
            expect(page.locator(".archive-import")).to_contain_text("was imported")
        page.get_by_role("link", name="Home").click()
        expect(page.get_by_role("main").get_by_role("link", name="Imports")).to_be_visible()

    page.goto("/planning-organs/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("The Planning Organs")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_saved_web_page_is_uploaded_and_says_what_it_is(open_admin: Any, javascript: bool):
    page = open_admin("/admin/corpus_import/upload/add/", java_script_enabled=javascript, viewport=SIZES[0])
    manifest = FILES[0].read_text(encoding="utf-8").replace("file-1.txt", "page.html").encode()
    files = {"volume.toml": manifest, "page.html": web_page(EDITION).encode()}
    page.get_by_label("Files").set_input_files(
        [{"name": name, "mimeType": "text/html", "buffer": body} for name, body in files.items()]
    )
    page.get_by_role("button", name="Upload").click()

    page.get_by_role("button", name="Confirm").click()
    expect(page.locator(".archive-import")).to_contain_text("was imported")

    page.goto("/planning-organs/")
    expect(page.get_by_role("row", name="page.html")).to_contain_text("Saved web page")


def printed(browser: Browser, html: str) -> bytes:
    """The PDF of a page as a browser prints it."""
    page = browser.new_page(java_script_enabled=False)
    page.set_content(html)
    margins: PdfMargins = {"top": "2cm", "bottom": "2cm", "left": "2cm", "right": "2cm"}
    pdf = page.pdf(format="A5", margin=margins)
    page.close()
    return pdf


@pytest.fixture
def held_at_a_page(own_database: None) -> "Iterator[psycopg.Connection[Any]]":
    """Holds each import that has told a page of a PDF before its next step, until the connection commits.

    The trigger waits before a row is locked, so that the upload's page can be read.
    """
    with connect() as held:
        held.execute("SELECT pg_advisory_lock(75)")
        held.execute(
            "CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT FROM"
            " corpus_import_upload WHERE step LIKE '%, page %') THEN PERFORM pg_advisory_xact_lock_shared(75); END IF;"
            " RETURN NULL; END $$"
        )
        held.execute(
            "CREATE TRIGGER hold BEFORE UPDATE ON corpus_import_upload FOR EACH STATEMENT EXECUTE FUNCTION hold()"
        )
        held.commit()
        yield held
        held.rollback()
        held.execute("SELECT pg_advisory_unlock_all()")
        held.execute("DROP TRIGGER hold ON corpus_import_upload")
        held.execute("DROP FUNCTION hold")


def test_a_pdf_is_uploaded_and_its_pages_are_counted_while_it_is_read(
    open_admin: Any, chromium: Browser, held_at_a_page: Any
):
    manifest = FILES[0].read_text(encoding="utf-8").replace("file-1.txt", "book.pdf").encode()
    files = {"volume.toml": manifest, "book.pdf": printed(chromium, web_page(EDITION))}
    page = open_admin("/admin/corpus_import/upload/add/", viewport=SIZES[0])
    page.get_by_label("Files").set_input_files(
        [{"name": name, "mimeType": "application/pdf", "buffer": body} for name, body in files.items()]
    )
    page.get_by_role("button", name="Upload").click()

    status = page.get_by_role("status")
    expect(status).to_contain_text(re.compile(r"Reading book\.pdf, page \d+ of \d\d"), timeout=PATIENCE)
    assert faults(page) == []
    assert not is_too_wide(page)
    held_at_a_page.execute("SELECT pg_advisory_unlock_all()")
    held_at_a_page.commit()

    page.get_by_role("button", name="Confirm").click(timeout=PATIENCE)
    expect(page.locator(".archive-import")).to_contain_text("was imported", timeout=PATIENCE)
    page.get_by_role("link", name="Read it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("The Planning Organs")
    expect(page.get_by_role("row", name="book.pdf")).to_contain_text("PDF")


def eight_files() -> list[Any]:
    """A volume of eight witnesses."""
    manifest = (SAMPLE / "volume.toml").read_text(encoding="utf-8")
    names = [f"file-{n}.txt" for n in range(1, 9)]
    text = FILES[1].read_bytes()
    ferry = "   {0}. The ferry at {0}\n\n    Ferry {0} crossed the river {0} times a day, and carried whoever paid.\n"
    contents = [text, *(ferry.format(n + 4).encode() for n in range(7))]
    manifest = manifest.replace('["file-1.txt"]', str(names).replace("'", '"'))
    files = {"volume.toml": manifest.encode(), **dict(zip(names, contents, strict=True))}
    return [{"name": name, "mimeType": "text/plain", "buffer": body} for name, body in files.items()]


@pytest.mark.parametrize("javascript", [True, False])
def test_an_import_of_eight_files_is_left_found_again_and_confirmed(open_admin: Any, javascript: bool):
    page = open_admin("/admin/corpus_import/upload/add/", java_script_enabled=javascript, viewport=SIZES[0])
    page.get_by_label("Files").set_input_files(eight_files())
    with connect() as held:
        # As if another import of the volume were under way: the process stops where it plans.
        held.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(b"planning-organs")])
        page.get_by_role("button", name="Upload").click()
        wait_for(WAITING.format(1), held)
        told = "another import of this volume is under way"
        expect(page.get_by_role("status")).to_contain_text(told)  # the page asks by itself
        page.get_by_role("link", name="stop that").click()
        expect(page.get_by_text("This page stays as it is")).to_be_visible()
        if javascript:
            assert faults(page) == []

        page.goto("/admin/")
        page.get_by_role("main").get_by_role("link", name="Imports").click()
        expect(page.get_by_role("main")).to_contain_text(f"at work: planning-organs: {told}")
        if javascript:
            assert faults(page) == []
        page.get_by_role("main").get_by_role("link", name="The Planning Organs").click()
        expect(page.get_by_text("You can leave it and come back")).to_be_visible()
        held.commit()

    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("button", name="Confirm")).to_have_count(0)
    page.goto("/admin/corpus_import/upload/")
    expect(page.get_by_role("main")).to_contain_text("The Planning Organs")
    page.get_by_role("main").get_by_role("link", name="The Planning Organs").click()
    expect(page.locator(".archive-import")).to_contain_text("was imported")
    page.get_by_text("Uploaded files (9)").click()
    expect(page.get_by_text("file-8.txt")).to_be_visible()
    page.get_by_role("link", name="Read it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("The Planning Organs")

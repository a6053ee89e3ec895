"""The sample's page as a real browser saves and prints it: each file is read whole."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, Page, PdfMargins

from bench.fronts import KINDS, sample_page
from tests.corpus_import.parsing.found import compare
from tests.web_pages.page import WebPage
from tests.web_pages.score import found, read_files, there


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def saved_whole(tab: Page) -> bytes:
    """The page as “Save as … one file” saves it."""
    session: CDPSession = tab.context.new_cdp_session(tab)
    return bytes(session.send("Page.captureSnapshot", {"format": "mhtml"})["data"], "utf-8")


def printed(tab: Page) -> bytes:
    margins: PdfMargins = {"top": "2cm", "bottom": "2cm", "left": "2cm", "right": "2cm"}
    return tab.pdf(format="A4", margin=margins)


def differences(page: WebPage, name: str, content: bytes) -> dict[str, str]:
    """The kinds of elements of which not all, or more, are read, with their numbers."""
    read = found(read_files({name: content}, page.edition.title))
    true = there(page.edition, page.truth)
    compared = {kind: compare(read[kind], true[kind]) for kind in KINDS}
    return {kind: str(each) for kind, each in compared.items() if each.right < each.true or each.wrong}


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_a_page_that_is_saved_as_one_file_is_read_whole(tab: Page, tmp_path: Path, encoding: str):
    page = sample_page("styled")
    file = tmp_path / "book.html"
    file.write_bytes(page.files["book.htm"].encode(encoding, "xmlcharrefreplace"))
    tab.goto(file.as_uri())

    assert differences(page, "book.mht", saved_whole(tab)) == {}


@pytest.mark.parametrize("style", ["plain", "styled"])
def test_a_page_that_is_printed_is_read_whole(tab: Page, style: str):
    page = sample_page(style)
    tab.set_content(page.files["book.htm"])

    assert differences(page, "book.pdf", printed(tab)) == {}

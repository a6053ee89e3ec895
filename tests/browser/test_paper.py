"""A chapter on paper: running titles, folios, the address, what is missing; lines that are justified or ragged."""

import io

import pypdfium2
from playwright.sync_api import expect

from tests.browser.conftest import CHAPTER, OpenPage


def sheets_of(content: bytes) -> list[str]:
    """The words of each sheet."""
    document = pypdfium2.PdfDocument(io.BytesIO(content))
    return [" ".join(sheet.get_textpage().get_text_range().split()) for sheet in document]


def test_each_sheet_names_book_chapter_address_and_folio(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    title = page.locator("html").get_attribute("data-title") or ""
    book = page.locator("html").get_attribute("data-book") or ""
    address = page.locator("link[rel=canonical]").get_attribute("href") or ""

    first, *others = sheets_of(page.pdf(format="A6", prefer_css_page_size=True))

    assert title
    assert book
    assert others
    assert all(book in sheet and title in sheet for sheet in others)
    assert all(address in sheet for sheet in (first, *others))
    assert book not in first.replace(title, "")
    assert {str(n) for n in range(1, len(others) + 2)} <= {
        word for sheet in (first, *others) for word in sheet.split()
    }


def test_notes_that_are_missing_are_named_on_paper(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    said = page.get_by_text("Called here, and not in the source: note")

    expect(said).to_be_hidden()
    page.emulate_media(media="print")
    expect(said).to_be_visible()


def test_lines_are_justified_only_where_the_browser_hyphenates(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    page.wait_for_load_state("networkidle")
    paragraph = page.locator("#p1")

    expect(page.locator(".probe")).to_have_count(0)
    page.evaluate("delete document.documentElement.dataset.hyphens")
    expect(paragraph).to_have_css("text-align", "start")
    page.evaluate("document.documentElement.dataset.hyphens = ''")
    expect(paragraph).to_have_css("text-align", "justify")
    page.set_viewport_size({"width": 360, "height": 740})
    expect(paragraph).to_have_css("text-align", "start")

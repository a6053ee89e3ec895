"""The pieces of a PDF's own pages on the correction screen, in a browser."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from tests.browser.axe import faults
from tests.browser.conftest import OpenPage
from tests.pdfs import box_of, pdf_of

LINES = ["A first sentence calls a note.", "Then Gosplan counts.", "And here it ends."]


@pytest.fixture
def key(volume: None) -> int:
    """The key of a paragraph that stands on two pages of a PDF."""
    from reader.models import Original, Paragraph, Volume
    from tests.factories import make_witness

    edition = Volume.objects.get()
    witness = make_witness(edition, "\n".join(LINES).encode(), name="one.pdf", kind="PDF")
    boxes = [[1, 1, *box_of(0)], [2, 1, *box_of(1)], [3, 2, *box_of(0)]]
    Original.objects.create(witness=witness, content=pdf_of([LINES[:2], LINES[2:]]), boxes=boxes)
    paragraph = edition.paragraphs.order_by("position")[0]
    Paragraph.objects.filter(pk=paragraph.pk).update(lines=[[1, 1, 3]])
    return paragraph.pk


@pytest.fixture
def open_screen(open_as: OpenPage, key: int, admin_client: Client) -> OpenPage:
    address = f"/admin/reader/paragraph/{key}/change/"
    return lambda **settings: open_as(admin_client, address, **settings)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pieces_of_the_pages_are_shown_to_everybody(open_screen: Any, width: int):
    page = open_screen(viewport={"width": width, "height": 900})

    for name in (
        "Page 1 of one.pdf with lines 1 to 2 of its text",
        "Page 2 of one.pdf with line 3 of its text",
    ):
        picture = page.get_by_role("img", name=name)
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") == 456
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert sizes(page) == (304, 0)


def sizes(page: Any) -> tuple[float, float]:
    """The width of the first picture, and by how many pixels it is wider than its place."""
    width, room = page.locator(".page-picture img").first.evaluate(
        "image => [image.getBoundingClientRect().width, image.parentElement.clientWidth]"
    )
    return width, max(0, width - room)


def test_a_picture_is_no_wider_than_its_place(open_screen: Any):
    page = open_screen(viewport={"width": 320, "height": 900})

    width, beyond = sizes(page)
    assert width < 304
    assert beyond == 0


def test_a_chapter_that_is_read_through_draws_a_piece_when_it_is_asked_for(
    open_as: OpenPage, key: int, admin_client: Client
):
    from reader.models import Paragraph

    chapter = Paragraph.objects.get(pk=key).division_id
    page = open_as(
        admin_client, f"/admin/reader/division/{chapter}/reading/", viewport={"width": 1440, "height": 900}
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    page.wait_for_load_state("networkidle")
    assert not [address for address in asked if "/picture/" in address]

    page.locator("#p1").focus()
    page.keyboard.press("p")

    picture = page.get_by_role("img", name="Page 2 of one.pdf with line 3 of its text")
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") == 456
    assert faults(page) == []


def test_a_picture_is_shown_without_script(open_screen: Any):
    page = open_screen(java_script_enabled=False)

    picture = page.get_by_role("img", name="Page 2 of one.pdf")
    picture.scroll_into_view_if_needed()
    with page.expect_response(lambda answer: "/picture/2/" in answer.url) as answer:
        page.reload()
    assert answer.value.status == 200
    expect(page.get_by_text("one.pdf, page 2 of the file")).to_be_visible()

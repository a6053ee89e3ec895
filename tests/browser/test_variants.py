"""The readings of second witnesses in a browser: taken and left by keys; the pages on which readers find them."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.browser.axe import faults
from tests.browser.conftest import OpenPage, wait_until

QUEUE = "/admin/reader/suspect/queue/?kind=variant"


@pytest.fixture
def differing(transactional_db: None, volume: None) -> None:
    """Three variants in the order of their weight: a figure, a word, and a passage of its own."""
    from reader.models import Paragraph, Volume
    from reader.publishing.publish import publish_volume
    from tests.browser.furrow import write
    from tests.factories import make_variant, make_witness

    edition = Volume.objects.get()
    ours = make_witness(edition, b"Some 40 carts.\n")
    other = make_witness(edition, b"Some 60 carts.\n", n=2, name="scan.txt")
    chapter = edition.divisions.get(slug="chapter-2")
    paragraph: Paragraph = write(edition, chapter, "On that day 40 carts crossed the bridge. It rained.")
    here: Any = {"paragraph": paragraph, "other_witness": other}
    make_variant(ours, **here, reading="rained", other="snowed", context="the bridge. It …", line=4)
    make_variant(ours, **here, kind="figures", reading="40", other="60", context="that day … carts crossed")
    make_variant(ours, **here, kind="passages", reading="", other="The ford was dry.", context="It rained …")
    make_variant(ours, **here, kind="punctuation", reading="bridge. It", other="bridge; it")
    publish_volume(edition)


@pytest.fixture
def open_admin(open_as: OpenPage, differing: None, admin_client: Client) -> OpenPage:
    def opened(path: str, **settings: Any) -> Page:
        return open_as(admin_client, path, viewport={"width": 1280, "height": 900}, **settings)

    return opened


def text() -> str:
    from reader.models import Variant

    paragraph = Variant.objects.all()[0].paragraph
    assert paragraph is not None
    return paragraph.text


def test_keys_take_the_reading_of_the_other_or_keep_ours(open_admin: Any):
    page = open_admin(QUEUE)
    expect(page.locator(".queue-row")).to_have_count(3)
    page.keyboard.press("j")
    page.keyboard.press("a")

    expect(page.locator(".success")).to_contain_text("“40” in paragraph 24: taken.")
    assert text() == "On that day 60 carts crossed the bridge. It rained."
    wait_until(page, "document.activeElement.matches('.queue-row')")
    page.keyboard.press("d")
    expect(page.locator(".success")).to_contain_text("“rained” in paragraph 24: ours is kept.")
    expect(page.locator(".queue-row")).to_have_count(1)
    expect(page.locator(".queue-row")).to_contain_text("It cannot be taken with one press")
    expect(page.locator("#queue-settled")).to_have_text("2 of 3 settled")


def test_the_queue_of_variants_works_without_script(open_admin: Any):
    page = open_admin(QUEUE, java_script_enabled=False)
    page.get_by_role("button", name="Take: “40”").click()
    expect(page.locator(".success")).to_contain_text("taken")
    page.get_by_role("button", name="Keep ours: “rained”").click()
    expect(page.locator(".success")).to_contain_text("ours is kept")
    page.get_by_role("navigation", name="State").get_by_role("link", name="Ours kept").click()
    page.get_by_role("button", name="Open again: “rained”").click()
    expect(page.locator(".success")).to_contain_text("opened again")


def test_keys_answer_the_variants_on_the_screen_of_their_text(open_admin: Any):
    page = open_admin(QUEUE)
    page.locator(".queue-row").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/reader/paragraph/*/change/#variant-*")
    expect(page.locator(".suspects li.here")).to_contain_text("40")

    page.keyboard.press("a")

    expect(page.locator(".success")).to_contain_text("“40” in paragraph 24: taken. Saved and published.")
    assert "60 carts" in text()


def test_axe_finds_nothing_to_blame_where_variants_are_shown(open_admin: Any):
    page = open_admin(QUEUE)
    found = {"queue": faults(page)}
    page.locator(".queue-row").first.get_by_role("link", name="Correct").click()
    page.wait_for_url("**/change/#variant-*")
    found["screen"] = faults(page)
    for name, path in (
        ("apparatus", "/furrow/chapter-2/apparatus/"),
        ("variants", "/furrow/chapter-2/apparatus/variants/"),
    ):
        page.goto(path)
        expect(page.get_by_role("heading", name="the scan")).to_be_visible()
        found[name] = faults(page)

    assert {name: said for name, said in found.items() if said} == {}


def test_the_pages_of_variants_fit_a_narrow_screen(open_page: OpenPage, differing: None):
    for path in ("/furrow/chapter-2/apparatus/", "/furrow/chapter-2/apparatus/variants/"):
        page = open_page(path, viewport={"width": 320, "height": 700})
        expect(page.get_by_role("heading", name="the scan")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path

"""The readings of second witnesses in a browser: taken and left by keys; the pages on which readers find them."""

from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.browser.axe import faults
from tests.browser.conftest import OpenPage, press, wait_until

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
    Volume.objects.update(last_number=paragraph.number)
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


@pytest.fixture
def vera(differing: None) -> Any:
    from tests.factories import make_account

    return make_account("corrector", username="vera")


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
    press(page, "d")
    expect(page.locator(".success")).to_contain_text("“rained” in paragraph 24: ours is kept.")
    expect(page.locator(".queue-row")).to_have_count(1)
    press(page, "k")
    page.keyboard.press("a")
    expect(page.locator(".success")).to_contain_text("“The ford was dry.” in paragraph 24: taken.")
    expect(page.locator(".queue-row")).to_have_count(0)
    expect(page.locator("#queue-settled")).to_have_text("3 of 3 settled")


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


CHAPTER_2 = "/furrow/chapter-2/"
ASIDE = ".varying"


def choose_beside(page: Page) -> None:
    page.get_by_role("button", name="Theme, text size, terms").click()
    page.get_by_label("Beside the text, too").check()
    page.keyboard.press("Escape")


def test_variants_stand_in_the_margin_on_request(open_page: OpenPage, differing: None):
    page = open_page(CHAPTER_2, viewport={"width": 1440, "height": 900})
    aside = page.locator(ASIDE)
    expect(aside).to_be_hidden()

    choose_beside(page)

    expect(aside).to_be_visible()
    expect(aside).to_contain_text("40] 60 the scan")
    wait_until(page, "document.querySelector('.varying').matches('.beside')")
    body, beside = (
        page.locator(".text > p[id], .text section > p[id]").last.bounding_box(),
        aside.bounding_box(),
    )
    assert body is not None
    assert beside is not None
    assert beside["x"] >= body["x"] + body["width"]
    assert faults(page) == []
    page.reload()
    expect(aside).to_be_visible()


@pytest.mark.parametrize("width", [320, 390])
def test_variants_cover_no_text_on_a_phone(open_page: OpenPage, differing: None, width: int):
    page = open_page(CHAPTER_2, viewport={"width": width, "height": 844})
    choose_beside(page)

    expect(page.locator(ASIDE)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    boxes = page.evaluate(
        """[...document.querySelectorAll('.text p[id], .varying')].map((each) => {
            const { top, bottom } = each.getBoundingClientRect();
            return [top, bottom];
        })"""
    )
    assert all(before[1] <= after[0] + 1 for before, after in pairwise(boxes))
    assert faults(page) == []


def test_a_text_behind_hidden_variants_keeps_its_indent(open_page: OpenPage, differing: None):
    from reader.models import Division, Volume
    from reader.publishing.publish import publish_volume
    from tests.browser.furrow import write

    edition = Volume.objects.get()
    last = write(edition, Division.objects.get(slug="chapter-2"), "The next day it was dry.")
    publish_volume(edition)

    page = open_page(CHAPTER_2)

    indent = page.locator(f"#p{last.number}").evaluate(
        "(text) => parseFloat(getComputedStyle(text).textIndent)"
    )
    assert indent > 0


def test_variants_are_reached_without_script(open_page: OpenPage, differing: None):
    page = open_page(CHAPTER_2, java_script_enabled=False)
    expect(page.locator(ASIDE)).to_be_hidden()

    page.get_by_role("link", name="Show the variants of second witnesses beside the text").click()

    expect(page.locator(ASIDE)).to_be_visible()


def test_a_reader_sees_where_a_supplied_note_is_from(open_page: OpenPage, differing: None):
    from reader.models import Division, Volume
    from reader.publishing.publish import publish_volume
    from tests.browser.furrow import write
    from tests.factories import make_note

    edition, chapter = Volume.objects.get(), Division.objects.get(slug="chapter-2")
    write(edition, chapter, "The ferryman was never asked.[^7]")
    make_note(chapter, 7, "He says so himself.", supplied_from="the scan")
    publish_volume(edition)
    page = open_page(CHAPTER_2, viewport={"width": 1440, "height": 900})
    choose_beside(page)

    note = page.locator("#n7")

    expect(note).to_contain_text("He says so himself. [supplied from the scan]")
    expect(note).to_be_visible()
    box, other = note.bounding_box(), page.locator(ASIDE).bounding_box()
    assert box is not None
    assert other is not None
    assert other["y"] + other["height"] <= box["y"] + 1
    page.goto(f"{CHAPTER_2}apparatus/")
    expect(page.get_by_text("From the scan:")).to_be_visible()


# Answers


def test_what_was_taken_is_opened_again_and_a_colleague_s_answer_is_told(open_admin: Any, vera: Any):
    from reader.correction.suspects import dismiss
    from reader.models import Variant

    page = open_admin(QUEUE)
    rained = Variant.objects.get(reading="rained")
    dismiss([rained], by=vera)
    page.get_by_role("button", name="Take: “rained”").click()
    expect(page.locator(".warning")).to_contain_text("it is settled already: ours kept")
    page.get_by_role("button", name="Take: “40”").click()
    expect(page.locator(".success")).to_contain_text("taken")
    page.get_by_role("navigation", name="State").get_by_role("link", name="Taken").click()

    page.get_by_role("button", name="Open again: “40”").click()

    expect(page.locator(".success")).to_contain_text("opened again, and the text is as before")
    assert text() == "On that day 40 carts crossed the bridge. It rained."


def test_the_back_button_shows_no_answer_that_was_given(open_admin: Any):
    page = open_admin(QUEUE)
    page.get_by_role("button", name="Take: “40”").click()
    expect(page.locator(".success")).to_contain_text("taken")
    page.go_back()

    page.reload()

    expect(page.get_by_role("button", name="Take: “40”")).to_have_count(0)
    expect(page.locator(".queue-row")).to_have_count(2)


def test_a_key_takes_a_passage_and_readers_read_it(open_admin: Any):
    page = open_admin(QUEUE)
    page.get_by_role("button", name="Take: “The ford was dry.”").click()
    expect(page.locator(".success")).to_contain_text("taken")

    page.goto(CHAPTER_2)

    expect(page.get_by_text("The ford was dry.")).to_be_visible()

"""The apparatus and the evidence of a text, in a browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, wait_until

CHAPTER = "/furrow/chapter-1/apparatus/"
PARAGRAPH = "/furrow/paragraph/2/"
LONG = "x" * 10_000


def publish_readings() -> None:
    """A witness, and readings of every kind: short, long, with white space, with invisible characters."""
    from reader.models import Division, Paragraph
    from reader.publishing.publish import publish_volume
    from tests import factories
    from tests.browser.furrow import publish_furrow

    furrow = publish_furrow()
    witness = factories.make_witness(
        furrow, f"One\n   two  lines \nthree {LONG}\n".encode(), digest="0123456789abcdef" * 4
    )
    paragraph = Paragraph.objects.get(number=2)
    paragraph.lines, paragraph.imported_text = [[1, 2, 3]], f"As it was imported. {paragraph.text} {LONG}"
    paragraph.text += " (see p. 999)"
    paragraph.save()
    section = Division.objects.get(slug="chapter-1-i")
    for values in (
        {"before": "two  lines", "after": "two lines", "rule": "lost letter"},
        {"before": LONG, "after": f"\u202e{LONG}"},
        {"before": "The plan", "after": "page 42", "rule": "editor's statement"},
    ):
        factories.make_emendation(witness, line=2, paragraph=paragraph, **values)
    factories.make_emendation(witness, division=section)
    factories.make_emendation(witness, before="\ufffdotes", after="Notes")
    factories.make_suspect(witness, paragraph=paragraph, context=f"the {LONG} … of", suggestion=LONG)
    factories.make_suspect(witness, paragraph=paragraph, state="dismissed", reading="sound")
    publish_volume(furrow)


@pytest.fixture(scope="module")
def book() -> Callable[[], object]:
    return publish_readings


def test_a_chapter_leads_to_its_apparatus_and_a_reading_back_to_its_place(open_page: OpenPage):
    page = open_page("/furrow/chapter-1/", viewport={"width": 1280, "height": 800})

    page.locator(".summary").get_by_role("link", name="apparatus").click()
    page.locator("#emendations ~ ol").get_by_role("link", name="Paragraph 2").first.click()
    page.get_by_role("dialog").get_by_role("link", name="Go there").click()

    expect(page.locator("#p2")).to_be_in_viewport()
    expect(page).to_have_url(re.compile("/furrow/chapter-1/#p2$"))


def test_the_white_space_of_a_reading_is_seen_as_it_is(open_page: OpenPage):
    page = open_page(CHAPTER, viewport={"width": 1280, "height": 800})

    before = page.locator("del").filter(has_text="two  lines")
    after = page.locator("ins").filter(has_text="two lines")

    widths = [reading.bounding_box()["width"] for reading in (before.first, after.first)]  # type: ignore[index]
    assert widths[0] > widths[1] + 2
    expect(before.first).to_have_css("text-decoration-line", "none")


@pytest.mark.parametrize("has_script", [True, False])
def test_white_space_in_source_lines_is_shown_on_request(open_page: OpenPage, has_script: bool):
    page = open_page(PARAGRAPH, java_script_enabled=has_script)
    spaces = page.locator(".witness i").first

    expect(spaces).to_have_css("background-image", "none")
    page.get_by_label("Show white space").check()

    assert "gradient" in str(spaces.evaluate("i => getComputedStyle(i).backgroundImage"))
    assert spaces.evaluate("i => i.textContent") == "   "


def test_source_lines_are_copied_as_they_came_without_their_numbers(open_page: OpenPage):
    page = open_page(PARAGRAPH)

    copied = page.locator(".witness pre").evaluate(
        "pre => (getSelection().selectAllChildren(pre), `${getSelection()}`)"
    )

    assert copied.startswith("   two  lines \nthree xxx")


def test_source_lines_scroll_sideways_with_the_keyboard(open_page: OpenPage):
    page = open_page(PARAGRAPH, viewport={"width": 360, "height": 800})
    lines = page.locator(".witness pre")

    lines.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")

    wait_until(page, "document.querySelector('.witness pre').scrollLeft > 0")


def test_the_table_of_the_volume_fits_its_measure(open_page: OpenPage):
    page = open_page("/furrow/apparatus/", viewport={"width": 1920, "height": 1000})

    assert page.locator("[role=region]").evaluate("region => region.scrollWidth <= region.clientWidth")


@pytest.mark.parametrize(
    ("path", "what"), [("/furrow/apparatus/", "[role=region]"), (PARAGRAPH, ".witness pre")]
)
def test_what_scrolls_sideways_has_a_shadow(open_page: OpenPage, path: str, what: str):
    page = open_page(path, viewport={"width": 360, "height": 740})

    shown = page.locator(what).evaluate(
        "box => [box.scrollWidth > box.clientWidth, getComputedStyle(box).backgroundAttachment]"
    )

    assert shown == [True, "local, local, scroll, scroll"]

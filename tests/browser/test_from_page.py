"""Whoever is logged in to the admin sees a way to the correction at each text of the reader's pages."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.browser.axe import faults
from tests.browser.conftest import CHAPTER, OpenPage

SCREEN = {"viewport": {"width": 1280, "height": 900}}


@pytest.fixture
def open_logged_in(open_as: OpenPage, volume: None, admin_client: Client) -> OpenPage:
    """Opens a page in a browser that has visited the admin."""

    def opened(path: str, **settings: Any) -> Page:
        page = open_as(admin_client, "/admin/password_change/", **{**SCREEN, **settings})
        page.goto(path)
        return page

    return opened


def test_a_reader_sees_no_way_to_correct_a_chapter(open_page: OpenPage):
    page = open_page(CHAPTER)

    expect(page.locator("#p1")).to_be_visible()
    expect(page.locator(".correct")).to_have_count(0)


@pytest.mark.parametrize(
    ("path", "name", "heading"),
    [
        (CHAPTER, "Correct paragraph 2", "Paragraph 2"),
        (CHAPTER, "Correct note 3", "Note 3"),
        ("/furrow/paragraph/3/", "Correct paragraph 3", "Paragraph 3"),
        ("/furrow/paragraph/3/", "Correct note 3", "Note 3"),
        ("/furrow/glossary/gosplan/", "Correct this term", "Gosplan"),
        ("/furrow/glossary/", "Correct Gosplan", "Gosplan"),
    ],
)
def test_each_text_leads_to_its_screen(open_logged_in: OpenPage, path: str, name: str, heading: str):
    page = open_logged_in(path)

    page.get_by_role("link", name=name, exact=True).first.focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name=heading).first).to_be_visible()
    assert "/admin/" in page.url


def test_a_term_that_is_explained_in_a_chapter_leads_to_its_screen(open_logged_in: OpenPage):
    page = open_logged_in(CHAPTER)
    page.locator("#p1 .t").first.click()

    page.get_by_role("dialog").get_by_role("link", name="Correct Gosplan").click()

    expect(page.get_by_role("heading", name="Gosplan").first).to_be_visible()


def test_headings_lead_to_their_divisions(open_logged_in: OpenPage):
    page = open_logged_in(CHAPTER)

    links = page.get_by_role("link", name="Correct this heading")
    expect(links).to_have_count(2)
    ways = links.evaluate_all("all => all.map(a => a.pathname)")

    places = ("chapter-1", "chapter-1-i")
    assert ways == [f"/admin/correct/furrow/division/{place}/" for place in places]


def test_the_way_shows_when_the_pointer_comes_near_and_by_keyboard(open_logged_in: OpenPage):
    page = open_logged_in(CHAPTER)
    way = page.get_by_role("link", name="Correct paragraph 1", exact=True)
    expect(way).to_have_css("opacity", "0")

    page.locator("#p1").hover()
    expect(way).to_have_css("opacity", "1")
    page.locator("h1").hover()
    page.locator("#p1 .at").focus()
    page.keyboard.press("Tab")

    expect(way).to_be_focused()
    expect(way).to_have_css("opacity", "1")


@pytest.mark.parametrize("width", [390, 1280, 1600])
def test_axe_finds_nothing_to_blame_where_the_ways_show(open_logged_in: OpenPage, width: int):
    page = open_logged_in(CHAPTER, viewport={"width": width, "height": 900})
    page.locator("#p1").hover()

    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_for_fingers_the_way_is_there_without_a_pointer(open_logged_in: OpenPage):
    page = open_logged_in(CHAPTER, viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    way = page.get_by_role("link", name="Correct paragraph 1", exact=True)

    expect(way).to_have_css("white-space", "nowrap")  # its style has come: a script asks for it after the page
    expect(way).to_have_css("opacity", "1")
    box = way.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 24


def test_on_paper_there_is_no_way_to_correct(open_logged_in: OpenPage):
    page = open_logged_in(CHAPTER)
    page.emulate_media(media="print")

    expect(page.locator(".correct").first).to_be_hidden()


def test_a_logout_takes_the_ways_away(open_logged_in: OpenPage):
    page = open_logged_in("/admin/")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_text("Thanks for spending")).to_be_visible()

    page.goto(CHAPTER)

    expect(page.locator("#p1")).to_be_visible()
    expect(page.locator(".correct")).to_have_count(0)


def test_a_forged_flag_leads_to_no_other_host(open_page: OpenPage):
    page = open_page(CHAPTER)
    page.evaluate("document.cookie = 'at-work=%2Felsewhere.example%2F%20paragraph; path=/'")

    page.reload()

    expect(page.locator("#p1")).to_be_visible()
    expect(page.locator(".correct")).to_have_count(0)


def test_without_script_the_paragraph_s_own_page_leads_there(
    open_as: OpenPage, volume: None, admin_client: Client
):
    page = open_as(admin_client, "/furrow/paragraph/3/", java_script_enabled=False)

    page.get_by_role("link", name="Correct this text").click()

    expect(page.get_by_role("heading", name="Paragraph 3")).to_be_visible()

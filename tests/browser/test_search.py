"""Search in a browser: with and without script, on a desktop and on a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.factories import make_volume


def test_a_search_needs_no_script(open_page: OpenPage):
    page = open_page("/furrow/", java_script_enabled=False)

    page.get_by_role("searchbox").fill("miller")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name="said the miller").click()

    expect(page.locator(":target")).to_have_attribute("id", "p4")
    expect(page.locator(":target")).to_be_in_viewport()


def test_the_choices_are_remembered_from_search_to_search(open_page: OpenPage):
    page = open_page("/furrow/search/?q=gosplan", java_script_enabled=False)

    page.get_by_role("checkbox", name="Text").uncheck()
    page.get_by_role("checkbox", name="Glossary").uncheck()
    page.get_by_label("In the order of the book").check()
    page.get_by_role("button", name="Search").click()

    expect(page.get_by_role("checkbox", name="Text")).not_to_be_checked()
    expect(page.get_by_role("checkbox", name="Notes")).to_be_checked()
    expect(page.get_by_label("In the order of the book")).to_be_checked()
    expect(page.locator(".hits li")).to_have_count(1)


def test_a_hit_in_a_note_leads_to_the_note_and_to_its_call(open_page: OpenPage):
    page = open_page("/furrow/search/?q=%22signed+by+gosplan%22")

    expect(page.locator(".call")).to_have_text("Called in: The CLD signed.4")
    page.locator(".call a").click()

    expect(page.locator(":target")).to_have_attribute("id", "r4")


def test_a_link_from_search_lights_the_words_and_leaves_a_clean_address(open_page: OpenPage):
    page = open_page("/furrow/search/?q=counting+twice&in=text")

    page.locator(".hits a").first.click()

    expect(page.locator(":target mark").first).to_have_text("counts")
    assert set(page.locator("mark").all_text_contents()) == {"counts", "counted", "counted twice"}
    expect(page).to_have_url(re.compile(r"/furrow/chapter-1/#p1$"))
    expect(page.locator(":target")).to_have_css("background-color", "rgba(0, 0, 0, 0)")


def test_a_hit_leads_to_its_sentence_without_script(open_page: OpenPage):
    page = open_page("/furrow/search/?q=miller&in=text", java_script_enabled=False)

    href = page.locator(".hits a").first.get_attribute("href")
    page.locator(".hits a").first.click()

    assert href is not None
    assert "#p4:~:text=" in href
    expect(page.locator(":target")).to_have_attribute("id", "p4")


def test_words_outside_the_paragraph_are_not_lit(open_page: OpenPage):
    page = open_page("/furrow/chapter-1/?lit=counted#p2")

    expect(page).to_have_url(re.compile(r"/chapter-1/#p2$"))
    expect(page.locator("mark")).to_have_count(0)


def test_a_word_that_a_page_break_cuts_is_lit_whole(open_page: OpenPage):
    page = open_page("/furrow/chapter-1/?lit=transformed#p2")

    expect(page.locator("mark")).to_have_text(["transformed"])
    assert page.locator("#p2").evaluate("p => p.querySelectorAll('#page-44').length") == 1


def test_a_phrase_is_lit_through_a_term_and_never_in_the_middle_of_words(open_page: OpenPage):
    page = open_page("/furrow/chapter-1/?lit=then+gosplan&lit=count&lit=(#p1")

    expect(page.locator("mark")).to_have_text(["Then ", "Gosplan"])
    expect(page.locator("#p1 a.t mark")).to_have_text("Gosplan")


@pytest.mark.parametrize("lit", ["<script>alert(1)</script>", ".*", "\\", "[", "%00", "x" * 3000])
def test_what_an_address_asks_to_light_is_only_ever_looked_for(open_page: OpenPage, lit: str):
    page = open_page(f"/furrow/chapter-1/?lit={lit}#p1")

    expect(page).to_have_url(re.compile(r"/chapter-1/#p1$"))
    expect(page.locator("mark")).to_have_count(0)


def test_a_note_and_a_heading_can_be_lit(open_page: OpenPage):
    page = open_page("/furrow/search/?q=signed&order=book")

    for words in ("Who signed", "Signed by Gosplan"):
        page.goto("/furrow/search/?q=signed&order=book")
        page.locator(".hits > li > a", has_text=words).click()
        expect(page.locator(":target mark")).to_have_text(["signed" if "Who" in words else "Signed"])


def test_a_misspelling_is_one_press_from_what_was_meant(open_page: OpenPage):
    page = open_page("/furrow/search/?q=gosplna", java_script_enabled=False)

    page.get_by_role("link", name="Gosplan").click()

    expect(page.get_by_role("searchbox")).to_have_value("Gosplan")
    expect(page.locator(".hits li").first).to_be_visible()


def test_a_volume_without_chapters_can_be_searched(open_page: OpenPage, transactional_db: None):
    make_volume(slug="empty")

    page = open_page("/empty/search/?q=lamps")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("#contents")).to_have_count(0)
    page.wait_for_load_state("networkidle")

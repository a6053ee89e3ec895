"""The words of a reader's marks, looked for in the text from the page that lists the marks."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import faults
from tests.browser.conftest import CHAPTER, OpenPage, Visit
from tests.browser.test_citing import select
from tests.browser.test_marks import WORDS, correct, kept, mark
from tests.browser.test_marks_of_notes import mark_note


def look(page: Page) -> None:
    """Look for the marked words from the list of marks."""
    page.goto("/marks/")
    page.get_by_role("button", name="Look for the marked words in the text").click()


def said(page: Page, words: str) -> None:
    expect(page.locator("#looked")).to_have_text(words)


def in_store(page: Page, marks: list[dict[str, Any]]) -> None:
    page.evaluate("marks => localStorage.setItem('marks', marks)", json.dumps(marks))


def test_lost_words_are_noticed_without_opening_the_chapter(
    open_page: OpenPage, transactional_db: None
) -> None:
    page = open_page(CHAPTER)
    mark(page, words=("#p2", 27, "#p2", 35))
    mark_note(page)
    correct(2, "calls it again,", "calls,")

    look(page)
    said(page, "Without their words: 1 mark.")
    lost = page.locator(".marks > li").filter(has_text="it again")
    expect(lost.locator(".mark-lost")).to_contain_text("the text has these words no more")
    expect(page.locator(".mark-lost")).to_have_count(1)

    correct(2, "calls,", "calls it again,")
    page.get_by_role("button", name="Look for the marked words in the text").click()
    said(page, "Found again: 1 mark. The text has the words of all marks.")
    expect(lost).to_contain_text("Found again: the text has these words.")
    expect(page.locator(".mark-lost")).to_have_count(0)
    assert faults(page) == []


def test_each_page_is_asked_for_once_and_nothing_else_is_sent(open_page: OpenPage) -> None:
    page = open_page("/furrow/chapter-2/")
    mark(page, words=("#p23", 4, "#p23", 40))
    page.goto(CHAPTER)
    mark(page, "A private matter.")
    mark(page, words=("#p1", 2, "#p1", 16))
    mark_note(page)
    page.goto("/marks/")
    page.context.add_cookies([{"name": "kept", "value": "here", "url": page.url}])
    asked = []
    page.on("request", lambda request: asked.append(request))

    page.get_by_role("button", name="Look for the marked words in the text").click()
    said(page, "The text has the words of all marks.")

    pages = [request for request in asked if request.resource_type == "fetch"]
    assert sorted(urlsplit(request.url).path for request in pages) == [CHAPTER, "/furrow/chapter-2/"]
    for request in pages:
        address = urlsplit(request.url)
        assert (request.method, request.post_data, address.query) == ("GET", None, "")
        assert "cookie" not in request.all_headers()


def test_pages_are_opened_one_after_the_other_and_counted(open_page: OpenPage) -> None:
    page = open_page("/furrow/chapter-2/")
    mark(page, words=("#p23", 4, "#p23", 40))
    page.goto(CHAPTER)
    mark(page)
    page.goto("/marks/")
    held: list[Any] = []
    page.route("**/furrow/chapter-*/", lambda route: held.append(route))

    page.get_by_role("button", name="Look for the marked words in the text").click()
    said(page, "Opening page 1 of 2…")
    page.get_by_role("button", name="Look for the marked words in the text").click()
    assert len(held) == 1
    held[0].continue_()
    said(page, "Opening page 2 of 2…")
    held[1].continue_()
    said(page, "The text has the words of all marks.")


def test_offline_the_marks_stay_as_they_are(open_page: OpenPage, visit: Visit) -> None:
    page = open_page(CHAPTER)
    mark(page)
    page.goto("/marks/")
    page.context.set_offline(True)

    page.get_by_role("button", name="Look for the marked words in the text").click()

    said(page, "The text could not be searched: look again later.")
    expect(page.locator(".mark-lost")).to_have_count(0)
    visit.complaints.clear()  # the browser's own, of the page that it could not open


def test_a_page_that_is_not_the_archive_s_tells_nothing_of_marks(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    mark(page)
    page.goto("/marks/")
    page.route(f"**{CHAPTER}", lambda route: route.fulfill(status=200, body="<p>A portal: log in."))

    page.get_by_role("button", name="Look for the marked words in the text").click()

    said(page, "Pages that could not be opened: 1. Look again later.")
    expect(page.locator(".mark-lost")).to_have_count(0)


def test_words_are_found_where_their_permanent_address_leads(
    open_page: OpenPage, transactional_db: None
) -> None:
    from django.contrib.auth.models import User

    from reader.correction.structure.joining import join
    from reader.models import Paragraph

    page = open_page(CHAPTER)
    mark(page, words=("#p5", 4, "#p5", 40))
    by, _ = User.objects.get_or_create(username="vera")
    join(Paragraph.objects.get(number=5), by=by, reason="One paragraph in the print.")

    look(page)
    said(page, "The text has the words of all marks.")

    way = page.locator(".marks .place").get_by_role("link")
    expect(way).to_contain_text("paragraph 4")
    way.click()
    page.wait_for_url(f"**{CHAPTER}#p4")
    expect(page.locator("#p4 .mine")).to_have_count(1)


def test_words_are_found_in_a_note_that_got_another_number(
    open_page: OpenPage, transactional_db: None
) -> None:
    from django.contrib.auth.models import User

    from reader.correction.structure.notes import number_note
    from reader.models import Note

    page = open_page(CHAPTER)
    mark_note(page)
    by, _ = User.objects.get_or_create(username="vera")
    number_note(Note.objects.get(n=3), 7, by=by, reason="The print has it.")

    look(page)
    said(page, "The text has the words of all marks.")

    way = page.locator(".marks .place").get_by_role("link")
    expect(way).to_contain_text("note 7")
    way.click()
    page.wait_for_url(f"**{CHAPTER}#n7")
    expect(page.locator("#n7 .mine")).to_have_count(1)


@pytest.mark.parametrize(
    "source",
    ["https://example.org/admin/logout/", "https://example.org/language/fr/", "https://example.org/"],
)
def test_addresses_of_strange_marks_are_not_asked_for(open_page: OpenPage, source: str) -> None:
    page = open_page("/marks/")
    quote = {"type": "TextQuoteSelector", "exact": "words"}
    target = {"source": source, "scope": source, "selector": quote}
    in_store(page, [{"id": "urn:1", "type": "Annotation", "target": target}])
    page.reload()
    asked = []
    page.on("request", lambda request: asked.append(request.resource_type))

    page.get_by_role("button", name="Look for the marked words in the text").click()
    said(page, "Of no text of this archive: 1 mark.")

    assert "fetch" not in asked
    expect(page.locator(".mark-lost")).to_have_count(0)


def test_marked_words_have_their_language_in_the_list(open_page: OpenPage) -> None:
    page = open_page("/furrow/", locale="fr-FR", extra_http_headers={"Accept-Language": "fr"})
    page.goto(CHAPTER)
    select(page, "#p2", 4, "#p2", 42)
    page.get_by_role("button", name="Marquer").click()
    page.get_by_role("button", name="Enregistrer").click()
    assert kept(page)[0]["target"][0]["source"]["language"] == "en"

    page.goto("/marks/")

    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator(".marks blockquote")).to_have_attribute("lang", "en")
    expect(page.locator(".marks blockquote")).to_have_text(WORDS)
    expect(page.locator(".marks .place a span")).to_have_attribute("lang", "en")
    expect(page.locator(".marks .place a")).to_contain_text("paragraphe 2")


def test_without_marks_there_is_nothing_to_look_for(open_page: OpenPage) -> None:
    page = open_page("/marks/")

    expect(page.get_by_text("There are none yet.")).to_be_visible()
    expect(page.get_by_role("button", name="Look for the marked words in the text")).to_be_hidden()
    expect(page.get_by_role("button", name="Take all marks out")).to_be_hidden()

"""Scripts that come late, as on a slow network: what a reader did meanwhile stays as it is."""

import json
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import CHAPTER, Held, OpenPage, Visit, wait_until
from tests.browser.test_citing import select

DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
NARROW: dict[str, Any] = {"viewport": {"width": 1100, "height": 900}}  # for notes in the margin


def open_without(open_page: OpenPage, script: str, path: str = CHAPTER, **settings: Any) -> tuple[Page, Held]:
    """Open a page whose script has not come yet."""
    page = open_page("/furrow/", **settings)
    held = Held(page, f"**/js/{script}*.js")
    page.goto(path, wait_until="commit")
    expect(page.get_by_role("contentinfo")).to_be_attached()
    return page, held


def test_a_theme_chosen_before_the_script_came_is_kept(open_page: OpenPage) -> None:
    page, held = open_without(open_page, "settings", **DESK)

    page.get_by_role("button", name="Theme, text size, terms").click()
    page.get_by_label("Dark").check()
    held.release()

    expect(page.get_by_label("Dark")).to_be_checked()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_settings_show_what_holds_on_the_way_back(open_page: OpenPage) -> None:
    page = open_page(CHAPTER, **DESK)
    page.get_by_role("button", name="Theme, text size, terms").click()
    page.get_by_label("Dark").check()
    page.goto("/furrow/glossary/")
    page.get_by_role("button", name="Theme, text size, terms").click()
    page.get_by_label("Sepia").check()

    page.go_back()

    page.get_by_role("button", name="Theme, text size, terms").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "sepia")
    expect(page.get_by_label("Sepia")).to_be_checked()


def test_words_selected_before_the_script_came_can_be_cited(open_page: OpenPage) -> None:
    page, held = open_without(open_page, "selection", **DESK)

    select(page, "#p2", 4, "#p2", 42)
    held.release()

    expect(page.get_by_role("button", name="Cite the selection")).to_be_visible()


def test_words_marked_by_two_presses_are_marked_once(open_page: OpenPage) -> None:
    page = open_page(CHAPTER, **DESK)
    select(page, "#p2", 4, "#p2", 42)
    held = Held(page, "**/js/marks/chapter*.js")
    button = page.get_by_role("button", name="Mark it")

    button.dblclick()
    held.release()

    expect(page.get_by_role("dialog", name="Your mark")).to_have_count(1)
    assert len(json.loads(page.evaluate("localStorage.marks"))) == 1


def test_other_words_marked_before_the_script_came_are_marked_too(open_page: OpenPage) -> None:
    page = open_page(CHAPTER, **DESK)
    held = Held(page, "**/js/marks/chapter*.js")
    button = page.get_by_role("button", name="Mark it")

    select(page, "#p2", 4, "#p2", 42)
    button.click()
    select(page, "#p3", 0, "#p3", 12)
    expect(page.locator("#p3").get_by_role("button", name="Mark it")).to_be_visible()
    button.click()
    held.release()

    expect(page.locator(".mine")).to_have_count(2)
    assert len(json.loads(page.evaluate("localStorage.marks"))) == 2


def test_marks_whose_script_never_came_can_be_tried_again(open_page: OpenPage, visit: Visit) -> None:
    page = open_page(CHAPTER, **DESK)
    held = Held(page, "**/js/marks/chapter*.js")
    button = page.get_by_role("button", name="Mark it")

    select(page, "#p2", 4, "#p2", 42)
    button.click()
    held.wait()
    held.fail()

    expect(page.get_by_text("Nothing was marked: the archive does not answer. Try again.")).to_be_visible()
    button.click()
    expect(page.get_by_role("dialog", name="Your mark")).to_be_visible()
    visit.complaints.clear()  # of the network


def test_copy_buttons_come_with_their_script(open_page: OpenPage) -> None:
    page, held = open_without(open_page, "copy", "/furrow/paragraph/2/", **DESK)
    buttons = page.get_by_role("button", name="Copy")
    expect(page.get_by_role("heading", name="Cite")).to_be_visible()

    expect(buttons).to_have_count(0)
    held.release()

    expect(buttons.first).to_be_visible()


def test_a_note_that_was_closed_is_not_pinned(open_page: OpenPage) -> None:
    page = open_page(CHAPTER, **NARROW)
    held = Held(page, "**/js/pin*.js")
    page.locator("#r1").click()
    page.get_by_role("button", name="Pin").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    held.release()

    expect(page.get_by_role("dialog")).to_have_count(0)


def test_contents_that_were_scrolled_stay_where_they_are(open_page: OpenPage) -> None:
    page, held = open_without(open_page, "contents", viewport={"width": 1280, "height": 160})
    contents = page.locator("#contents")
    expect(contents).to_be_visible()

    end = contents.evaluate("contents => (contents.scrollTop = contents.scrollHeight, contents.scrollTop)")
    held.release()

    assert contents.evaluate("contents => contents.scrollTop") == end > 0


def test_a_preview_that_fails_leads_nobody_away_who_did_not_press(open_page: OpenPage, visit: Visit) -> None:
    page = open_page("/furrow/chapter-1/apparatus/", **DESK)
    address = page.url
    held = Held(page, f"**{CHAPTER}")

    page.get_by_role("link", name="Note 2", exact=True).hover()
    held.wait()
    held.fail()

    expect(page.get_by_role("dialog").get_by_role("link", name="Go there")).to_be_visible()
    assert page.url == address
    visit.complaints.clear()  # of the network


def test_a_preview_that_fails_leads_nobody_away_who_closed_it(open_page: OpenPage, visit: Visit) -> None:
    page = open_page("/furrow/chapter-1/apparatus/", **DESK)
    address = page.url
    held = Held(page, f"**{CHAPTER}")

    page.get_by_role("link", name="Note 2", exact=True).click()
    held.wait()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    held.fail()
    while not visit.complaints:  # of the network
        page.evaluate("new Promise(requestAnimationFrame)")

    visit.complaints.clear()
    assert page.url == address


def test_contents_that_one_points_at_are_not_scrolled(open_page: OpenPage) -> None:
    page, held = open_without(
        open_page, "where", f"{CHAPTER}#chapter-1-i", viewport={"width": 1280, "height": 160}
    )
    contents = page.locator("#contents")
    contents.hover()
    page.mouse.wheel(0, -1000)
    wait_until(page, "document.querySelector('#contents').scrollTop === 0")

    held.release()
    page.evaluate("document.querySelector('#h-chapter-1-i').scrollIntoView()")

    expect(page.locator("#where-section")).to_contain_text("Who signed")
    assert contents.evaluate("contents => contents.scrollTop") == 0


def test_who_keeps_the_marks_once_keeps_them_after_clearing_before(open_page: OpenPage) -> None:
    page = open_page(CHAPTER, **DESK)
    select(page, "#p2", 4, "#p2", 42)
    page.get_by_role("button", name="Mark it").click()
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    page.goto("/marks/")
    kept = page.evaluate("localStorage.marks")
    ask = page.get_by_role("button", name="Take all marks out of this browser…")
    ask.click()
    page.get_by_role("button", name="Take them out").click()
    expect(page.get_by_text("There are none yet.")).to_be_visible()
    page.get_by_label("Bring back").set_input_files(
        {"name": "marks.json", "mimeType": "application/json", "buffer": kept.encode()}
    )
    expect(page.locator(".marks > li")).to_have_count(1)

    ask.click()
    page.keyboard.press("Escape")

    expect(page.locator("#sure")).to_be_hidden()
    page.evaluate("new Promise(requestAnimationFrame)")
    expect(page.locator(".marks > li")).to_have_count(1)


def test_a_note_written_in_another_tab_meanwhile_is_kept(open_page: OpenPage) -> None:
    page = open_page(CHAPTER, **DESK)
    select(page, "#p2", 4, "#p2", 42)
    page.get_by_role("button", name="Mark it").click()
    sheet = page.get_by_role("dialog", name="Your mark")
    other = page.context.new_page()
    other.goto(page.url)
    other.locator(".mine").click()
    other.get_by_label("A note of your own").fill("Theirs.")
    other.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(other.get_by_role("dialog")).to_have_count(0)

    sheet.get_by_label("A note of your own").fill("Mine.")
    sheet.get_by_role("button", name="Save").click()

    expect(page.get_by_role("button", name="Theirs. Mine.")).to_be_attached()
    assert json.loads(page.evaluate("localStorage.marks"))[0]["body"]["value"] == "Theirs.\n\nMine."


def test_enter_in_the_settings_leads_nowhere_before_the_script_came(open_page: OpenPage) -> None:
    page, held = open_without(open_page, "settings", **DESK)
    address = page.url

    page.get_by_role("button", name="Theme, text size, terms").click()
    page.get_by_label("Dark").press("Enter")
    held.release()

    assert page.url == address

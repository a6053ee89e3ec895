"""Notes and terms at their calls: opened by keyboard, pointer and touch, and closed again."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import CHAPTER, OpenPage

DESK = {"viewport": {"width": 1100, "height": 900}}  # too narrow for notes in the margin
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def popover(page: Page, name: str) -> Locator:
    return page.get_by_role("dialog", name=name, exact=True)


def stop_the_clock(page: Page) -> None:
    """Stop the page's clock; from here on the test moves it."""
    page.clock.install()
    page.reload()
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))


def test_the_head_of_a_popover_is_in_the_language_of_its_link(open_page: OpenPage) -> None:
    page = open_page(CHAPTER, locale="fr-FR", viewport={"width": 1100, "height": 900})

    page.locator("#r1").click()

    head = page.get_by_role("dialog").locator(".bar span")
    expect(head).to_have_text("Note 1")
    assert head.evaluate("head => head.closest('[lang]').lang") == "en"


def test_enter_opens_a_note_and_escape_returns_the_focus(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)
    call = page.locator("#r1")

    call.focus()
    page.keyboard.press("Enter")
    expect(popover(page, "note 1")).to_contain_text("Halloran, Columns, p. 12.")
    expect(popover(page, "note 1")).to_be_focused()
    page.keyboard.press("Escape")

    expect(popover(page, "note 1")).to_have_count(0)
    expect(call).to_be_focused()
    assert page.url.endswith(CHAPTER)


def test_enter_opens_a_term_and_escape_returns_the_focus(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)
    link = page.locator("#p1 .t")

    link.focus()
    page.keyboard.press("Enter")
    expect(popover(page, "Gosplan")).to_contain_text("State Planning Commission")
    for control in ("button", "button", "link"):
        page.keyboard.press("Tab")
        focused = popover(page, "Gosplan").locator(":focus")
        expect(focused).to_have_js_property("localName", {"link": "a"}.get(control, control))
    page.keyboard.press("Escape")

    expect(popover(page, "Gosplan")).to_have_count(0)
    expect(link).to_be_focused()


def test_a_term_that_sees_another_shows_its_definition_and_says_so(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)

    page.get_by_role("link", name="CLD").click()

    expect(popover(page, "CLD")).to_contain_text("CLD see STO: Council of Labour and Defence")


def test_hovering_opens_after_three_quarters_of_a_second(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)
    stop_the_clock(page)

    page.locator("#r1").hover()
    page.clock.run_for(700)
    expect(popover(page, "note 1")).to_have_count(0)
    page.clock.run_for(100)

    expect(popover(page, "note 1")).to_be_visible()
    expect(popover(page, "note 1")).not_to_be_focused()


def test_the_pointer_can_travel_into_a_popover_and_closes_it_by_leaving(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)
    stop_the_clock(page)

    page.locator("#p1 .t").hover()
    page.clock.run_for(800)
    popover(page, "Gosplan").hover()
    page.clock.run_for(5000)
    expect(popover(page, "Gosplan")).to_be_visible()
    page.mouse.move(1090, 890)
    page.clock.run_for(400)

    expect(popover(page, "Gosplan")).to_have_count(0)


def test_escape_closes_what_hovering_opened(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)

    page.locator("#p1 .t").hover()
    expect(popover(page, "Gosplan")).to_be_visible()
    page.keyboard.press("Escape")

    expect(popover(page, "Gosplan")).to_have_count(0)


def test_resting_the_focus_on_a_term_explains_it_and_leaves_the_focus_there(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)

    page.locator("#r1").focus()
    page.keyboard.press("Tab")
    expect(popover(page, "Gosplan")).to_be_visible()

    expect(page.locator("#p1 .t")).to_be_focused()


def test_a_click_opens_a_note_and_a_second_closes_it(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)

    page.locator("#r1").click()
    expect(popover(page, "note 1")).to_be_visible()
    page.locator("#r1").click()

    expect(popover(page, "note 1")).to_have_count(0)


def test_a_tap_opens_a_note_whose_call_stays_in_sight(open_page: OpenPage):
    page = open_page(CHAPTER, **PHONE)
    call = page.locator("#r3")
    call.evaluate("call => scrollBy(0, call.getBoundingClientRect().bottom - innerHeight + 10)")

    call.tap()

    expect(popover(page, "note 3")).to_be_visible()
    sheet, line = popover(page, "note 3").bounding_box(), call.bounding_box()
    assert sheet is not None
    assert line is not None
    assert line["y"] + line["height"] <= sheet["y"]


def test_a_note_within_a_note_opens_beside_it_and_escape_goes_back_one_by_one(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)

    page.locator("#r3").click()
    inner = popover(page, "note 3").get_by_role("link", name="note 4", exact=True)
    inner.click()
    expect(popover(page, "note 4")).to_contain_text("Signed by Gosplan as well.")
    expect(popover(page, "note 3")).to_be_visible()
    page.keyboard.press("Escape")
    expect(popover(page, "note 4")).to_have_count(0)
    expect(inner).to_be_focused()
    page.keyboard.press("Escape")

    expect(popover(page, "note 3")).to_have_count(0)
    expect(page.locator("#r3")).to_be_focused()


def test_a_link_in_a_popover_leads_where_it_says(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)

    page.locator("#p1 .t").click()
    popover(page, "Gosplan").get_by_role("link").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Gosplan")


def test_the_way_to_the_notes_closes_the_popover(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)

    page.locator("#r1").click()
    popover(page, "note 1").get_by_role("link", name="Go there").click()

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#n1")).to_be_in_viewport()


def test_the_text_of_a_popover_can_be_selected(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)

    page.locator("#r1").click()
    popover(page, "note 1").locator("p").first.click(click_count=3)

    assert "Halloran" in page.evaluate("getSelection().toString()")
    expect(popover(page, "note 1")).to_be_visible()


def test_a_note_that_is_in_view_is_not_shown_twice(open_page: OpenPage):
    page = open_page(CHAPTER, viewport={"width": 1100, "height": 4000})

    page.locator("#n3 .noteref").click()

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).to_have_url(re.compile("#n4$"))


def test_a_long_note_scrolls_inside_its_popover(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)

    page.locator("#r4").click()

    shown = popover(page, "note 4")
    expect(shown).to_be_visible()
    assert shown.evaluate("note => note.scrollHeight > note.clientHeight")
    assert shown.evaluate("note => note.getBoundingClientRect().bottom <= innerHeight")


def test_a_long_note_fades_where_it_goes_on_and_is_whole_at_its_end(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)
    page.locator("#r4").click()
    shown = popover(page, "note 4")

    fade = shown.evaluate("note => getComputedStyle(note, '::after').backgroundImage")
    shown.evaluate("note => note.scrollTo(0, note.scrollHeight)")
    covered = shown.evaluate(
        """note => {
            const fade = parseFloat(getComputedStyle(note, "::after").height);
            return note.lastElementChild.getBoundingClientRect().bottom
                - (note.getBoundingClientRect().bottom - fade);
        }"""
    )

    assert fade.startswith("linear-gradient")
    assert covered <= 1


def test_no_id_is_there_twice_while_a_popover_is_open(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)

    page.locator("#r3").click()
    expect(popover(page, "note 3")).to_be_visible()

    assert (
        page.evaluate(
            "[...document.querySelectorAll('[id]')].map(({id}) => id).filter((id, i, all) => all.indexOf(id) !== i)"
        )
        == []
    )


def test_a_call_opened_in_a_new_tab_stays_a_link(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)

    with page.context.expect_page():
        page.locator("#r1").click(modifiers=["ControlOrMeta"])

    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_missing_note_says_so_to_the_keyboard(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)
    missing = page.locator("#r2")
    said = popover(page, "Note 2 is not in the source")

    page.locator("#r1-2").focus()
    page.keyboard.press("Tab")
    expect(missing).to_be_focused()
    expect(said).to_be_visible()
    page.keyboard.press("Enter")
    expect(said).to_be_focused()
    page.keyboard.press("Escape")

    expect(said).to_have_count(0)
    expect(missing).to_be_focused()


def test_a_missing_note_says_so_to_a_finger(open_page: OpenPage):
    page = open_page(CHAPTER, **PHONE)

    page.locator("#r2").tap()

    expect(popover(page, "Note 2 is not in the source")).to_be_visible()

"""What a reference leads to, shown beside it; pinned and closed; and a browser that knows no popovers."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import CHAPTER, OpenPage, wait_until
from tests.browser.furrow import FILLER

DESK = {"viewport": {"width": 1100, "height": 900}}  # too narrow for notes in the margin
PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}
SECOND = "/furrow/chapter-2/"


def publish_references() -> None:
    """The furrow, whose second chapter refers to an inferred page, a chapter and a note of the first."""
    from reader.models import Division, PageBreak
    from reader.publishing.publish import publish_volume
    from tests.browser.furrow import publish_furrow, write

    volume = publish_furrow()
    first, second = (Division.objects.get(volume=volume, slug=f"chapter-{n}") for n in (1, 2))
    section = Division.objects.get(volume=volume, slug="chapter-1-i")
    write(volume, section, f"Once more {{p. 46}}the carts were counted,[^3] at night. {FILLER}")
    write(volume, second, f"It was counted before (see above, p. 46), as in chapter 1, at length. {FILLER}")
    PageBreak.objects.create(volume=volume, n="46", position=2, certainty="inferred")
    first.notes.filter(n=1).update(page="43")
    publish_volume(volume)


@pytest.fixture(scope="module")
def book() -> Callable[[], object]:
    return publish_references


def popover(page: Page, name: str) -> Locator:
    return page.get_by_role("dialog", name=name, exact=True)


def test_a_reference_to_a_page_shows_where_that_page_begins(open_page: OpenPage):
    page = open_page(SECOND, **DESK)

    page.get_by_role("link", name="see above, p. 46").click()
    shown = popover(page, "see above, p. 46")

    expect(shown).to_contain_text("… the carts were counted,3 at night.")
    expect(shown).not_to_contain_text("Once more")
    expect(shown).to_contain_text("The Ledger and the Furrow. The page is inferred. Go there")
    assert page.url.endswith(SECOND)
    shown.get_by_role("link", name="Go there").click()
    expect(page.locator("#page-46")).to_be_in_viewport()


def test_a_reference_to_a_chapter_shows_its_head_and_its_first_words(open_page: OpenPage):
    page = open_page(SECOND, **DESK)

    page.get_by_role("link", name="chapter 1", exact=True).click()

    expect(popover(page, "chapter 1")).to_contain_text("The offices that counted")
    expect(popover(page, "chapter 1")).to_contain_text("A first sentence calls a note.")


def test_a_call_in_a_piece_of_another_chapter_opens_that_chapter_s_note(open_page: OpenPage):
    page = open_page(SECOND, **DESK)

    page.get_by_role("link", name="see above, p. 46").click()
    popover(page, "see above, p. 46").get_by_role("link", name="note 3").click()

    expect(page.get_by_role("dialog").last).to_contain_text("The proverb is older")
    expect(popover(page, "see above, p. 46")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("link", name="see above, p. 46")).to_be_focused()


def test_without_script_a_reference_is_a_link(open_page: OpenPage):
    page = open_page(SECOND, java_script_enabled=False, **DESK)

    page.get_by_role("link", name="see above, p. 46").click()

    assert page.url.endswith(f"{CHAPTER}#page-46")


def test_a_reference_whose_page_cannot_be_fetched_leads_there(open_page: OpenPage):
    page = open_page(SECOND, **DESK)
    page.evaluate("() => { window.fetch = () => Promise.reject(new Error('away')) }")

    page.get_by_role("link", name="see above, p. 46").click()

    page.wait_for_url(f"**{CHAPTER}#page-46")


@pytest.mark.parametrize("path", ["/furrow/paragraph/2/", "/furrow/chapter-1/cite/"])
def test_the_page_of_a_paragraph_is_shown_beside_its_number(open_page: OpenPage, path: str):
    page = open_page(path, **DESK)

    page.locator(".place").get_by_role("link", name="44").or_(
        page.get_by_role("link", name="[46]")
    ).first.click()

    expect(page.get_by_role("dialog")).to_contain_text("Go there")
    expect(page.get_by_role("dialog")).to_contain_text("counted")


def test_the_apparatus_shows_a_place_beside_its_name(open_page: OpenPage):
    page = open_page("/furrow/chapter-1/apparatus/", **DESK)

    page.get_by_role("link", name="Note 2", exact=True).click()

    expect(page.get_by_role("dialog")).to_contain_text("The second paragraph calls it again")
    expect(page.get_by_role("dialog").get_by_role("link", name="Go there")).to_have_attribute(
        "href", re.compile("/furrow/chapter-1/#r2$")
    )


def test_a_note_s_popover_says_its_number_and_leads_to_its_citation(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)

    page.locator("#r1").click()
    shown = popover(page, "note 1")
    expect(shown.locator(".bar")).to_contain_text("Note 1")
    expect(shown).to_contain_text("Called on p. 43.")
    shown.get_by_role("link", name="Cite").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Note 1")
    assert page.url.endswith("/furrow/chapter-1/note/1/#cite")


def test_a_pinned_note_stays_while_another_is_read(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)

    page.locator("#r1").click()
    pin = popover(page, "note 1").get_by_role("button", name="Pin")
    pin.click()
    expect(pin).to_have_attribute("aria-pressed", "true")
    before = popover(page, "note 1").bounding_box()
    page.mouse.click(20, 500)
    page.mouse.wheel(0, 300)
    wait_until(page, "scrollY > 200")

    expect(popover(page, "note 1")).to_be_visible()
    assert popover(page, "note 1").bounding_box() == before
    page.locator("#p13 .t").click()
    expect(popover(page, "CLD")).to_be_visible()
    expect(popover(page, "note 1")).to_be_visible()
    popover(page, "note 1").get_by_role("button", name="Close").click()
    expect(popover(page, "note 1")).to_have_count(0)


def test_escape_closes_a_pinned_note_from_within(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)

    page.locator("#r1").click()
    pin = popover(page, "note 1").get_by_role("button", name="Pin")
    pin.press("Enter")
    expect(pin).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")

    expect(popover(page, "note 1")).to_have_count(0)
    expect(page.locator("#r1")).to_be_focused()


def test_a_note_that_is_no_longer_pinned_closes_as_any_other(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)

    page.locator("#r1").click()
    pin = popover(page, "note 1").get_by_role("button", name="Pin")
    pin.click()
    expect(pin).to_have_attribute("aria-pressed", "true")
    pin.click()
    expect(pin).to_have_attribute("aria-pressed", "false")
    page.mouse.click(20, 500)

    expect(popover(page, "note 1")).to_have_count(0)


def test_a_sheet_that_is_pinned_on_a_phone_is_not_hidden_by_the_next(open_page: OpenPage):
    page = open_page(CHAPTER, **PHONE)
    page.locator("#r1").tap()
    popover(page, "note 1").get_by_role("button", name="Pin").tap()
    expect(popover(page, "note 1").get_by_role("button", name="Pin")).to_have_attribute(
        "aria-pressed", "true"
    )

    page.locator("#p13 .t").tap()

    pinned, shown = popover(page, "note 1").bounding_box(), popover(page, "CLD").bounding_box()
    line = page.locator("#p13 .t").bounding_box()
    assert pinned
    assert shown
    assert line
    assert pinned["y"] + pinned["height"] <= line["y"]
    assert line["y"] + line["height"] <= shown["y"]
    popover(page, "CLD").get_by_role("button", name="Pin").tap()
    expect(popover(page, "note 1")).to_have_count(0)
    expect(popover(page, "CLD")).to_be_visible()


def test_a_sheet_on_a_phone_is_closed_by_its_button(open_page: OpenPage):
    page = open_page(CHAPTER, **PHONE)

    page.locator("#r1").tap()
    popover(page, "note 1").get_by_role("button", name="Close").tap()
    expect(page.get_by_role("dialog")).to_have_count(0)

    page.get_by_role("button", name="Contents").tap()
    page.get_by_role("navigation", name="Contents").get_by_role("button", name="Close").tap()
    expect(page.locator("#contents")).to_be_hidden()

    page.get_by_role("button", name="Theme, text size, terms").tap()
    page.locator("#settings").get_by_role("button", name="Close").tap()
    expect(page.locator("#settings")).to_be_hidden()


def test_the_permanent_address_of_a_note_is_copied_by_one_press(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK, permissions=["clipboard-read", "clipboard-write"])

    page.get_by_role("link", name="address of note 1", exact=True).click()

    expect(page.get_by_role("dialog").get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").endswith("/furrow/chapter-1/note/1/")


def test_the_running_head_says_what_an_inferred_page_is(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)

    page.locator("#page-46").evaluate("mark => mark.closest('p').scrollIntoView()")
    where = page.locator("#where-page")
    expect(where).to_have_text("p. [46]")
    # Playwright's own click may scroll to where the bar would stand if it did not stick.
    where.evaluate("link => link.click()")

    expect(popover(page, "An inferred page")).to_contain_text("no source shows where it begins")
    expect(popover(page, "An inferred page").get_by_role("link", name="apparatus")).to_be_visible()


def test_a_certain_page_in_the_running_head_leads_to_the_apparatus(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)

    page.locator("#where-page").click()

    page.wait_for_url("**/furrow/chapter-1/apparatus/#pages")


# The tools, wherever one reads


@pytest.mark.parametrize("settings", [DESK, PHONE])
def test_a_slash_opens_search_where_one_is_and_escape_goes_back(
    open_page: OpenPage, settings: dict[str, Any]
):
    page = open_page(CHAPTER, **settings)
    page.locator("#p10").evaluate("paragraph => paragraph.scrollIntoView()")
    link = page.locator("#p10 .at")
    link.evaluate("link => link.focus({ preventScroll: true })")
    before = page.evaluate("scrollY")

    page.keyboard.press("/")
    field = page.get_by_role("searchbox")
    expect(field).to_be_focused()
    expect(field).to_be_in_viewport()
    assert page.evaluate("scrollY") == before
    page.keyboard.press("Escape")

    expect(link).to_be_focused()
    expect(field).not_to_be_in_viewport()
    assert page.evaluate("scrollY") == before


def test_search_glossary_and_settings_are_one_press_away_on_a_phone(open_page: OpenPage):
    page = open_page(CHAPTER, **PHONE)
    page.locator("#p10").evaluate("paragraph => paragraph.scrollIntoView()")
    expect(page.get_by_role("searchbox")).not_to_be_in_viewport()

    page.get_by_role("link", name="Tools").tap()

    expect(page.get_by_role("searchbox")).to_be_in_viewport()
    expect(page.get_by_role("link", name="Glossary", exact=True)).to_be_in_viewport()
    expect(page.get_by_role("button", name="Theme, text size, terms")).to_be_in_viewport()
    page.locator(".masthead").get_by_role("button", name="Close").tap()
    expect(page.get_by_role("searchbox")).not_to_be_in_viewport()


def test_without_script_the_tools_are_at_the_head_of_the_page(open_page: OpenPage):
    page = open_page(CHAPTER, java_script_enabled=False, **PHONE)
    page.locator("#p10").scroll_into_view_if_needed()

    page.get_by_role("link", name="Tools").tap()

    expect(page.get_by_role("searchbox")).to_be_in_viewport()


# Browsers without popovers

WITHOUT_POPOVERS = """
    for (const name of ["popover", "showPopover", "hidePopover", "togglePopover"]) delete HTMLElement.prototype[name];
    for (const name of ["popoverTargetElement", "popoverTargetAction"]) delete HTMLButtonElement.prototype[name];
    const matches = Element.prototype.matches;
    Element.prototype.matches = function (selector) {
        if (selector.includes(":popover-open")) throw new SyntaxError(selector);
        return matches.call(this, selector);
    };
    // What the browser's own style says of popovers, undone; a layer, so that the page's styles win.
    const undone = new CSSStyleSheet();
    undone.replaceSync("@layer { [popover] { display: block; position: static; overflow: visible } }");
    document.adoptedStyleSheets = [undone];
    document.addEventListener("click", (event) => {
        if (event.target.closest("[popovertarget]")) event.preventDefault();
    }, true);
"""


@pytest.fixture
def old_page(open_context: Callable[..., BrowserContext], volume: None) -> OpenPage:
    """Opens an address in a browser that has no popovers, such as Safari 16 or Firefox 124."""

    def opened(path: str, **settings: Any) -> Page:
        context = open_context(**settings)
        context.add_init_script(WITHOUT_POPOVERS)
        page = context.new_page()
        page.goto(path)
        return page

    return opened


def test_without_popovers_calls_terms_and_references_are_links(old_page: OpenPage):
    page = old_page(CHAPTER, **DESK)

    page.locator("#p1 .t").hover()
    page.locator("#r1").hover()
    page.locator("#r1").click()
    assert page.url.endswith("#n1")
    page.locator("#p1 .t").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gosplan")
    page.goto(SECOND)
    page.get_by_role("link", name="see above, p. 46").click()

    assert page.url.endswith(f"{CHAPTER}#page-46")
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("settings", [DESK, PHONE])
def test_without_popovers_the_sheets_are_closed_and_opened_by_their_buttons(
    old_page: OpenPage, settings: dict[str, Any]
):
    page = old_page(CHAPTER, **settings)
    contents, choices = page.locator("#contents"), page.locator("#settings")
    expect(contents).to_be_hidden()
    expect(choices).to_be_hidden()

    page.get_by_role("button", name="Contents").click()
    expect(contents).to_be_visible()
    contents.get_by_role("button", name="Close").click()
    expect(contents).to_be_hidden()
    page.get_by_role("button", name="Contents").click()
    contents.get_by_role("link", name="Who signed").click()
    expect(contents).to_be_hidden()
    expect(page.locator("#h-chapter-1-i")).to_be_in_viewport()

    page.evaluate("scrollTo(0, 0)")
    page.get_by_role("button", name="Theme, text size, terms").click()
    page.get_by_label("Dark").check()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.keyboard.press("Escape")
    expect(choices).to_be_hidden()
    expect(page.get_by_role("button", name="Theme, text size, terms")).to_be_focused()

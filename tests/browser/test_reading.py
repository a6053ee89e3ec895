"""Reading a chapter: with and without script, on a phone and on a desktop."""

import re
from typing import Literal

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import CHAPTER, OpenPage, Visit, press, wait_until

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1280, "height": 900}}


def test_a_chapter_has_one_heading_of_the_first_rank_and_says_what_it_is(open_page: OpenPage):
    page = open_page(CHAPTER)

    expect(page).to_have_title("Chapter 1: The offices that counted – The Ledger and the Furrow")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("h1 em")).to_have_text("counted")
    expect(page.get_by_role("main")).to_be_visible()


def test_the_skip_link_is_the_first_stop_and_leads_to_the_text(open_page: OpenPage):
    page = open_page(CHAPTER)

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the text")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("main")).to_be_focused()


def test_a_note_is_a_way_there_and_back_without_script(open_page: OpenPage):
    page = open_page(CHAPTER, java_script_enabled=False)

    page.get_by_role("paragraph").get_by_label("note 1").first.click()
    expect(page.locator("#n1")).to_be_in_viewport()
    page.get_by_label("back to call b of note 1").click()

    expect(page.locator("#r1-2")).to_be_in_viewport()
    expect(page).to_have_url(re.compile("#r1-2$"))


def test_a_term_is_a_link_to_its_entry_without_script(open_page: OpenPage):
    page = open_page(CHAPTER, java_script_enabled=False)

    page.get_by_role("link", name="Gosplan").first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Gosplan")
    expect(page.locator("mark").first).to_have_text("Gosplan")


def test_the_controls_that_need_script_are_absent_without_it(open_page: OpenPage):
    page = open_page(CHAPTER, java_script_enabled=False)

    expect(page.get_by_role("button", name="Theme, text size, terms")).to_be_hidden()


@pytest.mark.parametrize("width", [680, 1280])
def test_on_paper_the_numbers_of_notes_are_clear_of_those_of_pages(open_page: OpenPage, width: int):
    page = open_page(CHAPTER, viewport={"width": width, "height": 900})
    page.emulate_media(media="print")

    ems = page.locator("#n1").evaluate(
        """note => (note.getBoundingClientRect().left - note.closest(".text").getBoundingClientRect().left)
            / parseFloat(getComputedStyle(note).fontSize)"""
    )

    assert ems > 2.3


def test_on_paper_there_are_no_ways_to_other_pages(open_page: OpenPage):
    page = open_page(CHAPTER)
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="Cite this text")).to_be_hidden()
    expect(page.get_by_role("link", name="apparatus")).to_be_hidden()

    page.goto("/furrow/")
    for name in ("Glossary", "Apparatus", "Cite"):
        expect(page.locator("main .toc-end").get_by_text(name, exact=True)).to_be_hidden()


@pytest.mark.parametrize("media", ["screen", "print"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_number_of_a_printed_page_is_read_out_once(
    open_page: OpenPage, media: Literal["screen", "print"], width: int
):
    page = open_page(CHAPTER, viewport={"width": width, "height": 900})
    page.emulate_media(media=media)

    shown = page.locator("#page-44").evaluate("number => getComputedStyle(number, '::before').content")

    assert "44" in shown
    assert shown.endswith('/ ""')


def test_a_missing_note_is_no_link_and_says_that_it_is_missing(open_page: OpenPage):
    page = open_page(CHAPTER)

    missing = page.locator("#r2")

    expect(missing).to_have_accessible_name("Note 2 is not in the source")
    assert missing.evaluate("call => call.localName") == "span"


def test_page_numbers_stand_in_the_margin_and_never_in_what_is_copied(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)

    mark = page.locator("#page-44")
    copied = mark.evaluate(
        """mark => {
            getSelection().selectAllChildren(mark.closest("p"));
            return getSelection().toString();
        }"""
    )

    expect(mark).to_have_accessible_name("page 44")
    assert mark.evaluate("mark => getComputedStyle(mark, '::before').position") == "absolute"
    assert copied == "The second paragraph calls it again, and one that is lost. transformed"


def test_a_call_of_a_note_does_not_spread_the_lines(open_page: OpenPage):
    page = open_page("/furrow/chapter-1/", **DESK)

    plain, with_call = (
        page.locator(f"#p{n}").evaluate(
            "p => [p.offsetHeight / parseFloat(getComputedStyle(p).lineHeight)]"
            ".map(lines => Math.abs(lines - Math.round(lines)) < 0.02)[0]"
        )
        for n in (4, 2)
    )

    assert plain
    assert with_call


@pytest.mark.parametrize("width", [320, 360, 768, 1280, 1920])
def test_nothing_is_wider_than_the_window(open_page: OpenPage, width: int):
    page = open_page(CHAPTER, viewport={"width": width, "height": 800})

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_measure_is_sixty_to_seventy_characters_at_a_desk(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)

    characters = page.locator("#p5").evaluate(
        "p => p.textContent.length / (p.offsetHeight / parseFloat(getComputedStyle(p).lineHeight))"
    )

    assert 58 <= characters <= 72


def test_where_you_are_follows_the_scrolling(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)
    place = page.get_by_label("Place in the book")

    expect(place).to_contain_text("p. 43")
    page.locator("#h-chapter-1-i").evaluate("heading => heading.scrollIntoView()")

    expect(place).to_contain_text("Who signed")
    expect(place).to_contain_text("p. 44")
    contents = page.get_by_role("navigation", name="Contents")
    expect(contents.get_by_role("link", name="Who signed")).to_have_attribute("aria-current", "location")
    expect(contents.get_by_role("link", name="The offices that counted")).to_have_attribute(
        "aria-current", "page"
    )


def test_the_mark_in_the_contents_moves_nothing_when_it_moves(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)
    contents = page.get_by_role("navigation", name="Contents")
    height = contents.evaluate("contents => contents.scrollHeight")

    page.locator("#h-chapter-1-i").evaluate("heading => heading.scrollIntoView()")
    expect(contents.locator("[aria-current=location]")).to_have_count(1)

    assert contents.evaluate("contents => contents.scrollHeight") == height


def test_the_contents_and_the_foot_of_the_page_never_overlap(open_page: OpenPage):
    page = open_page(CHAPTER, viewport={"width": 1440, "height": 300})
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")

    contents, foot = (page.locator(name).bounding_box() for name in (".contents", ".colophon"))

    assert contents is not None
    assert foot is not None
    assert foot["y"] + foot["height"] < 301  # parts of a pixel
    assert contents["y"] + contents["height"] > foot["y"], "the contents reach down to the foot"
    assert contents["x"] + contents["width"] <= foot["x"]


def test_the_contents_are_a_drawer_on_a_phone_even_without_script(open_page: OpenPage):
    page = open_page(CHAPTER, java_script_enabled=False, **PHONE)
    contents = page.get_by_role("navigation", name="Contents")

    expect(contents).to_be_hidden()
    page.get_by_role("button", name="Contents").tap()
    expect(contents).to_be_visible()
    contents.get_by_role("link", name="The long road").tap()

    expect(page.get_by_role("heading", level=1)).to_have_text("The long road")


def test_the_drawer_closes_when_a_section_was_chosen(open_page: OpenPage):
    page = open_page(CHAPTER, **PHONE)

    page.get_by_role("button", name="Contents").tap()
    page.get_by_role("navigation", name="Contents").get_by_role("link", name="Who signed").tap()

    expect(page.get_by_role("navigation", name="Contents")).to_be_hidden()
    expect(page.locator("#h-chapter-1-i")).to_be_in_viewport()


def test_previous_and_next_lead_through_the_book(open_page: OpenPage):
    page = open_page(CHAPTER)
    turn = page.get_by_role("navigation", name="Previous and next")

    turn.get_by_role("link", name="The long road").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The long road")
    turn.get_by_role("link", name="The offices that counted").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("The offices that counted")


def test_a_slash_goes_to_the_search_field(open_page: OpenPage):
    page = open_page(CHAPTER)

    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("miller")
    page.keyboard.press("Enter")

    expect(page.locator(".hits mark").first).to_have_text("miller")


def test_what_is_typed_after_a_slash_is_kept_however_late_the_script_comes(open_page: OpenPage):
    page = open_page("/furrow/")
    held: list[Route] = []
    page.route("**/js/tools*.js", lambda route: held.append(route))
    page.goto(CHAPTER)

    press(page, "/")
    page.keyboard.type("mille")
    held[0].continue_()
    expect(page.locator(".masthead.called")).to_be_attached()
    page.keyboard.type("r")

    expect(page.get_by_role("searchbox")).to_have_value("miller")


def test_the_last_place_is_offered_on_the_title_page(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)

    page.locator("#p9").evaluate("paragraph => paragraph.scrollIntoView()")
    page.goto("/furrow/")
    page.get_by_role("link", name="Go on where you were").click()

    expect(page.locator("#p9")).to_be_in_viewport()


def test_a_chapter_opens_at_its_head_and_offers_the_place_where_one_stopped(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)

    page.locator("#p9").evaluate("paragraph => paragraph.scrollIntoView()")
    page.goto("/furrow/glossary/")
    page.goto(CHAPTER)

    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    page.get_by_role("link", name="Go on where you stopped").click()
    expect(page.locator("#p9")).to_be_in_viewport()


@pytest.mark.parametrize("width", [320, 345])
def test_the_settings_stay_beside_the_title_on_a_small_phone(open_page: OpenPage, width: int):
    page = open_page(CHAPTER, viewport={"width": width, "height": 700})
    page.locator(".masthead .volume a").evaluate(
        "link => link.textContent = 'A long title of a volume in two lines'"
    )

    title = page.locator(".masthead .volume").bounding_box()
    button = page.get_by_role("button", name="Theme, text size, terms").bounding_box()
    assert title
    assert button
    assert title["y"] - 20 < button["y"] < title["y"] + title["height"]


def test_a_link_to_a_section_lights_its_heading_alone(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)
    section = page.locator(".text section").first

    page.goto(f"{CHAPTER}#{section.get_attribute('id')}")

    expect(section).to_have_css("background-color", "rgba(0, 0, 0, 0)")
    expect(section.locator(":scope > h2")).not_to_have_css("background-color", "rgba(0, 0, 0, 0)")


def test_a_link_to_a_section_leaves_its_text_the_system_s_colours(open_page: OpenPage):
    page = open_page(f"{CHAPTER}#chapter-1-i", **DESK, forced_colors="active", color_scheme="dark")
    colour = "each => getComputedStyle(each).color"

    lit, text, other = (page.locator(each).evaluate(colour) for each in (":target > h2", "#p14", "#p5"))

    assert text == other
    assert lit != other


def test_the_way_to_the_text_lights_nothing(open_page: OpenPage):
    page = open_page(f"{CHAPTER}#main", **DESK)

    expect(page.locator("main:target")).to_have_css("background-color", "rgba(0, 0, 0, 0)")


def test_a_setting_shows_the_characters_of_the_source_and_those_of_a_book(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)
    # Patterns, since white space in a string would be read as any white space.
    in_book, in_source = (re.compile(rf"p\.{space}12") for space in "\u00a0 ")
    note = page.locator("#n1")
    expect(note).to_have_text(in_book)

    page.evaluate("document.querySelector('#settings').showPopover()")
    page.get_by_label("As in the source").check()
    expect(note).to_have_text(in_source)
    page.reload()
    expect(note).to_have_text(in_source)

    page.evaluate("document.querySelector('#settings').showPopover()")
    page.get_by_label("As in a book").check()
    expect(note).to_have_text(in_book)


def test_a_printed_chapter_has_its_notes_and_no_navigation(open_page: OpenPage):
    page = open_page(CHAPTER)

    page.emulate_media(media="print")

    expect(page.locator("#n1")).to_be_visible()
    expect(page.locator(".masthead")).to_be_hidden()
    for name in ("Contents", "Place in the book", "Previous and next"):
        expect(page.get_by_role("navigation", name=name)).to_be_hidden()


def test_the_address_of_a_paragraph_shows_on_hover(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)
    address = page.get_by_role("link", name="paragraph 2", exact=True)

    expect(address).to_have_css("opacity", "0")
    page.locator("#p2").hover()
    expect(address).to_have_css("opacity", "1")
    page.locator("#p5").hover()
    expect(address).to_have_css("opacity", "0")


@pytest.mark.parametrize("settings", [{"viewport": {"width": 768, "height": 900}}, DESK])
def test_the_address_of_a_paragraph_stands_between_the_text_and_the_page_numbers(
    open_page: OpenPage, settings: dict[str, object]
):
    page = open_page(CHAPTER, **settings)

    for n in (1, 2, 3, 14):
        address, paragraph = (page.locator(selector).bounding_box() for selector in (f"#p{n} .at", f"#p{n}"))
        assert address is not None
        assert paragraph is not None
        assert abs(address["y"] - paragraph["y"]) < 2
        assert abs(address["x"] + address["width"] - paragraph["x"]) < 2
        assert address["width"] <= page.evaluate(
            "1.8 * parseFloat(getComputedStyle(document.documentElement).fontSize)"
        )


def test_the_address_of_a_paragraph_is_at_its_end_for_a_finger(open_page: OpenPage):
    page = open_page(CHAPTER, **PHONE)

    address = page.locator("#p3 .at")

    expect(address).to_have_css("opacity", "1")
    expect(address).to_have_css("position", "static")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_one_press_copies_the_permanent_address(open_page: OpenPage, visit: Visit):
    page = open_page(CHAPTER, **DESK, permissions=["clipboard-read", "clipboard-write"])

    page.locator("#p2").hover()
    page.locator("#p2 .at").click()
    shown = page.get_by_role("dialog", name="paragraph 2")

    expect(shown.get_by_role("status")).to_have_text("Copied")
    expect(shown).to_contain_text(f"{visit.base}/furrow/paragraph/2/")
    expect(shown.get_by_role("link", name="Cite")).to_have_attribute("href", "/furrow/paragraph/2/#cite")
    assert page.evaluate("navigator.clipboard.readText()") == f"{visit.base}/furrow/paragraph/2/"
    page.keyboard.press("Escape")
    expect(page.locator("#p2 .at")).to_be_focused()


def test_an_address_that_cannot_be_copied_is_shown_and_selected(open_page: OpenPage, visit: Visit):
    page = open_page(CHAPTER, **DESK)
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')) }")

    page.locator("#p2").hover()
    page.locator("#p2 .at").click()

    expect(page.get_by_role("status")).to_have_text("The permanent address")
    wait_until(page, f"getSelection().toString().trim() === '{visit.base}/furrow/paragraph/2/'")


def test_the_tab_key_passes_the_addresses_of_paragraphs(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)
    expect(page.locator("#p2 .at")).to_have_js_property("tabIndex", -1)

    page.locator("#r2").focus()
    page.keyboard.press("Tab")

    expect(page.locator("#r3")).to_be_focused()


def test_the_tab_key_stops_at_paragraphs_once_that_is_chosen(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)

    page.evaluate("document.querySelector('#settings').showPopover()")
    page.get_by_label("Paragraphs, too").check()
    expect(page.locator("#p2 .at")).to_have_js_property("tabIndex", 0)
    page.reload()
    expect(page.locator("#p2 .at")).to_have_js_property("tabIndex", 0)
    page.locator("#r2").focus()
    page.keyboard.press("Tab")

    expect(page.locator("#p2 .at")).to_be_focused()
    expect(page.locator("#p2 .at")).to_have_css("opacity", "1")


def test_the_tab_key_stops_at_paragraphs_without_script(open_page: OpenPage):
    page = open_page(CHAPTER, java_script_enabled=False)

    page.locator("#r2").focus()
    page.keyboard.press("Tab")

    expect(page.locator("#p2 .at")).to_be_focused()


def test_an_address_opened_in_a_new_tab_stays_a_link(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)
    page.locator("#p2").hover()

    with page.context.expect_page() as opened:
        page.locator("#p2 .at").click(modifiers=["ControlOrMeta"])

    opened.value.wait_for_url("**/furrow/paragraph/2/")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_what_is_copied_holds_no_note_number_page_number_or_address(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK, permissions=["clipboard-read", "clipboard-write"])

    page.evaluate(
        "getSelection().setBaseAndExtent(document.querySelector('#p2'), 0, document.querySelector('#p4'), 1)"
    )
    page.keyboard.press("ControlOrMeta+c")

    assert page.evaluate("navigator.clipboard.readText()").split("\n\n") == [
        "The second paragraph calls it again, and one that is lost. transformed",
        "What nobody weighed, nobody ate.",
        "said the miller, and went on.",
    ]


def test_the_running_head_says_the_whole_place_on_a_phone(open_page: OpenPage):
    page = open_page(CHAPTER, **PHONE)

    page.locator("#h-chapter-1-i").evaluate("heading => heading.scrollIntoView()")
    where = page.locator(".where")

    expect(where).to_have_text("The offices that counted I. Who signed")
    assert where.evaluate("where => where.scrollHeight <= where.clientHeight")
    expect(page.get_by_role("button", name="Contents")).to_be_visible()

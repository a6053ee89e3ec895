"""Terms in the text: their links, their popovers, and ways to reach them."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import faults
from tests.browser.conftest import OpenPage
from tests.browser.test_popovers import DESK, PHONE, popover

CHAPTER = "/furrow/chapter-3/"
SIZES = (
    "performance.getEntriesByType('resource').filter(({name}) => /[.](css|js)$/.test(name))"
    ".map(({name, decodedBodySize}) => [name.split('/').at(-1), decodedBodySize])"
)


def publish_committees() -> None:
    """Publish a third chapter: the CC is one of two committees, and the text seldom says which one."""
    from glossary.models import Sense
    from reader.models import Settlement
    from reader.publishing.publish import publish_volume
    from tests.browser.furrow import FILLER, annotate, division, publish_furrow, term, write

    volume = publish_furrow()
    committee = term(volume.glossary, "CC", "")
    of_mill = Sense.objects.create(
        term=committee, n=1, definition="Committee of the Carters", applies="until 1922"
    )
    Sense.objects.create(term=committee, n=2, definition="Council of the Counters", applies="from 1922 on")
    third = division(volume, 5, "chapter", "3", "The CC", "chapter-3", volume.divisions.get(slug="part-1"))
    section = division(volume, 6, "section", "I", "The CC again", "chapter-3-i", third)
    first = write(
        volume, third, "The carters had a CC of their own. Another CC was founded.[^1] The CC grew."
    )
    write(volume, third, "Nobody read *The CC and Gosplan* then, nor signed for the CC.")
    write(volume, third, FILLER)
    write(volume, section, "Gosplan wrote to the CC, and the CC to Gosplan; both to the CLD.")
    write(volume, section, f"Gosplan did not write again. {FILLER}")
    annotate(third, 1, f"So the CC says, and the CC should know. {FILLER}")
    Settlement.objects.create(
        term=committee, paragraph=first, before="The carters had a", reading="CC", after="of", sense=of_mill
    )
    publish_volume(volume)


@pytest.fixture(scope="module")
def book() -> Callable[[], object]:
    return publish_committees


def links(page: Page, where: str = ".text") -> list[str]:
    """The terms that are links, in the order of the text."""
    return page.locator(f"{where} a[href*='/glossary/']").all_text_contents()


def choose(page: Page, terms: str) -> None:
    page.get_by_role("button", name="Theme, text size, terms").click()
    page.get_by_label(terms, exact=True).check()
    page.keyboard.press("Escape")


def ambiguous(page: Page) -> Locator:
    return page.locator("p", has_text="The carters had").get_by_text("CC", exact=True).nth(1)


def test_the_first_in_each_paragraph_is_a_link_and_in_each_sense(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)

    assert links(page, ".text > p") == ["CC", "CC", "CC", "Gosplan"]
    assert links(page, "section:not(.notes)") == ["Gosplan", "CC", "CLD", "Gosplan"]
    assert links(page, ".notes") == ["CC"]
    assert links(page, ":is(h1, h2, .contents)") == []


def test_every_term_is_a_link_for_readers_who_want_that(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)

    choose(page, "Every one")

    assert links(page, ".text > p") == ["CC", "CC", "CC", "CC", "Gosplan", "CC"]
    assert links(page, "section:not(.notes)") == ["Gosplan", "CC", "CC", "Gosplan", "CLD", "Gosplan"]
    assert links(page, ".notes") == ["CC", "CC"]


def test_the_first_in_each_section_and_in_each_note_is_a_link_where_that_is_wanted(
    open_page: OpenPage,
) -> None:
    page = open_page(CHAPTER)

    choose(page, "The first in each section")

    assert links(page, ".text > p") == ["CC", "CC", "Gosplan"]
    assert links(page, "section:not(.notes)") == ["Gosplan", "CC", "CLD"]
    assert links(page, ".notes") == ["CC"]


def test_no_term_is_a_link_a_stop_or_underlined_where_none_is_wanted(open_page: OpenPage) -> None:
    page = open_page(CHAPTER, **DESK)

    choose(page, "None")

    assert links(page) == []
    assert not page.evaluate(
        """[...document.querySelectorAll('.t, [data-t]')]
            .some(term => (term.focus(), document.activeElement === term))"""
    )
    assert page.evaluate(
        """[...document.querySelectorAll('.t, [data-t]')]
            .every(term => getComputedStyle(term).textDecorationLine === 'none')"""
    )
    ambiguous(page).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    choose(page, "The first in each paragraph")
    assert len(links(page)) == 9


def test_what_is_underlined_is_what_is_a_link(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)

    for wanted in ("Every one", "The first in each section", "None", "The first in each paragraph"):
        choose(page, wanted)

        assert page.evaluate(
            """[...document.querySelectorAll('.t, [data-t]')].every(
                term => (getComputedStyle(term).textDecorationLine === 'underline') === term.hasAttribute('href'))"""
        )


def test_the_choice_is_remembered_and_shown_before_the_first_paint(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    choose(page, "None")

    page.route("**/terms*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.reload(wait_until="domcontentloaded")

    expect(page.locator("html")).to_have_attribute("data-terms", "none")
    assert page.locator(".t").first.evaluate("term => getComputedStyle(term).textDecorationLine") == "none"
    page.unroute("**/terms*.js")
    page.reload()
    assert links(page) == []
    page.get_by_role("button", name="Theme, text size, terms").click()
    expect(page.get_by_label("None")).to_be_checked()


def test_the_choice_moves_and_changes_no_letter(open_page: OpenPage) -> None:
    page = open_page(CHAPTER, **DESK)
    seen = (
        "(text => [text.textContent, text.getBoundingClientRect().height])(document.querySelector('.text'))"
    )
    before = page.evaluate(seen)

    for wanted in ("Every one", "The first in each section", "None"):
        choose(page, wanted)

        assert page.evaluate(seen) == before


def test_without_script_the_first_in_each_paragraph_leads_to_its_entry(open_page: OpenPage) -> None:
    page = open_page(CHAPTER, java_script_enabled=False)

    assert len(links(page)) == 9
    page.locator("p", has_text="The carters had").get_by_role("link", name="CC").first.click()
    expect(page).to_have_url(re.compile("/furrow/glossary/cc/#sense-1$"))


def test_an_ambiguous_term_says_so_and_shows_every_sense_with_when_it_applies(open_page: OpenPage) -> None:
    page = open_page(CHAPTER, **DESK)

    ambiguous(page).click()

    shown = popover(page, "CC")
    expect(shown).to_contain_text("The text does not say which is meant:")
    expect(shown.get_by_role("listitem")).to_have_text(
        ["Until 1922: Committee of the Carters", "From 1922 on: Council of the Counters"]
    )
    expect(shown.get_by_role("link")).to_have_attribute("href", re.compile("/furrow/glossary/cc/$"))


def test_a_settled_term_shows_its_sense_alone_and_leads_to_it(open_page: OpenPage) -> None:
    page = open_page(CHAPTER, **DESK)

    page.locator("p", has_text="The carters had").get_by_role("link", name="CC").first.click()

    shown = popover(page, "CC")
    expect(shown.get_by_role("listitem")).to_have_text(["Until 1922: Committee of the Carters"])
    expect(shown).not_to_contain_text("does not say")
    expect(shown.get_by_role("link")).to_have_attribute("href", re.compile("/furrow/glossary/cc/#sense-1$"))


def test_an_explanation_gives_meaning_source_and_count_in_the_chapter(
    open_page: OpenPage,
) -> None:
    page = open_page(CHAPTER, **DESK)

    page.get_by_role("link", name="CLD").click()

    expect(popover(page, "CLD")).to_have_text(
        "CLD see STO: Council of Labour and Defence The volume’s key. 1 time in this chapter. Glossary entry",
        use_inner_text=False,
    )


def test_a_term_in_the_popover_of_a_note_opens_beside_it_and_escape_goes_back(open_page: OpenPage) -> None:
    page = open_page(CHAPTER, **DESK)
    choose(page, "Every one")
    page.locator("#r1").click()
    note = popover(page, "note 1")

    inner = note.get_by_role("link", name="CC").nth(1)
    inner.focus()
    page.keyboard.press("Enter")
    expect(popover(page, "CC")).to_be_focused()
    expect(note).to_be_visible()
    page.keyboard.press("Escape")

    expect(popover(page, "CC")).to_have_count(0)
    expect(inner).to_be_focused()
    expect(note).to_be_visible()


def test_a_term_in_a_note_in_the_margin_is_explained(open_page: OpenPage) -> None:
    page = open_page(CHAPTER, viewport={"width": 1920, "height": 1000})

    page.locator(".beside .t").click()

    expect(popover(page, "CC")).to_contain_text("Committee of the Carters")
    box = popover(page, "CC").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 1920


def test_a_tap_opens_a_sheet_and_a_second_closes_it(open_page: OpenPage) -> None:
    page = open_page(CHAPTER, **PHONE)
    ambiguous(page).tap()
    expect(popover(page, "CC")).to_be_visible()

    box = popover(page, "CC").bounding_box()
    ambiguous(page).tap()

    assert box is not None
    assert (box["x"], box["width"], round(box["y"] + box["height"])) == (0, 360, 740)
    expect(popover(page, "CC")).to_have_count(0)


def test_an_explanation_can_be_selected_and_copied(open_page: OpenPage) -> None:
    page = open_page(CHAPTER, **DESK)
    page.get_by_role("link", name="CLD").click()

    popover(page, "CLD").get_by_text("Council of Labour").click(click_count=3)

    assert "Council of Labour and Defence" in page.evaluate("getSelection().toString()")
    expect(popover(page, "CLD")).to_be_visible()


def test_the_name_of_a_term_says_that_it_is_explained_and_is_not_copied(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    session = page.context.new_cdp_session(page)

    tree = session.send("Accessibility.getFullAXTree")["nodes"]
    page.locator("p", has_text="The carters had").click(click_count=3)

    names = [node["name"]["value"] for node in tree if node.get("role", {}).get("value") == "link"]
    assert len([name for name in names if re.fullmatch("CC ?, explained", name)]) == 5
    assert "CC" not in names
    assert "explained" not in page.evaluate("getSelection().toString()")


def test_a_term_that_is_no_link_is_plain_text_to_a_screen_reader(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    choose(page, "None")

    session = page.context.new_cdp_session(page)
    tree = session.send("Accessibility.getFullAXTree")["nodes"]

    assert not any("explained" in node.get("name", {}).get("value", "") for node in tree)


@pytest.mark.parametrize("wanted", ["Every one", "None"])
def test_axe_finds_nothing_to_blame_in_terms(open_page: OpenPage, wanted: str) -> None:
    page = open_page(CHAPTER, **DESK)
    choose(page, wanted)
    if wanted != "None":
        ambiguous(page).click()
        expect(popover(page, "CC")).to_be_visible()

    assert faults(page) == []


def test_the_choice_holds_in_chapters_alone(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    choose(page, "None")

    page.locator("p", has_text="The carters had").locator(".at").evaluate(
        "link => location.assign(link.href)"
    )

    page.wait_for_url("**/paragraph/*/")
    term = page.locator(".text").get_by_role("link", name="CC").first
    expect(term).to_have_attribute("href", "../../glossary/cc/#sense-1")
    expect(term).to_have_css("text-decoration-line", "underline")


def test_on_paper_no_term_is_underlined(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    choose(page, "Every one")

    page.emulate_media(media="print")

    assert page.evaluate(
        """[...document.querySelectorAll('.t, [data-t]')]
            .every(term => getComputedStyle(term).textDecorationLine === 'none')"""
    )


def test_the_settings_are_reached_in_a_low_window(open_page: OpenPage) -> None:
    page = open_page(CHAPTER, viewport={"width": 640, "height": 320})

    choose(page, "None")

    page.get_by_role("button", name="Theme, text size, terms").click()
    assert page.locator("#settings").evaluate("form => form.getBoundingClientRect().bottom <= innerHeight")


def test_a_chapter_without_tables_loads_no_style_for_them_and_little_altogether(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    page.wait_for_load_state("networkidle")

    sizes = dict(page.evaluate(SIZES))

    assert not [name for name in sizes if name.startswith("tables")]
    assert 20_000 < sum(sizes.values()) < 50_000

"""Citations in a browser: copied with one key press, selected with one click, shown without script too."""

from contextlib import suppress
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as TookTooLong

from tests.browser.axe import faults
from tests.browser.conftest import CHAPTER, OpenPage

PARAGRAPH = "/furrow/paragraph/2/"


def test_a_citation_is_copied_with_one_press(open_page: OpenPage) -> None:
    page = open_page(PARAGRAPH, permissions=["clipboard-read", "clipboard-write"])
    button = page.get_by_role("button", name="Copy").first

    button.click()

    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator(".citation").first.inner_text()
    assert copied.startswith("Irina Halloran, “The Offices That Counted,” in")


def test_a_citation_is_selected_where_the_clipboard_is_refused(open_page: OpenPage) -> None:
    page = open_page("/furrow/")
    page.add_init_script("delete Navigator.prototype.clipboard")
    page.goto(PARAGRAPH)

    page.get_by_role("button", name="Copy").first.click()

    page.get_by_role("button", name="Selected").wait_for()
    assert page.evaluate("getSelection().toString()") == page.locator(".citation").first.inner_text()


def test_a_click_selects_a_whole_citation(open_page: OpenPage) -> None:
    page = open_page(PARAGRAPH)
    page.get_by_text("BibTeX").click()

    for block in (page.locator("#citation-2"), page.locator("#file-1")):
        block.click()

        assert page.evaluate("getSelection().toString().trim()") == block.inner_text().strip()


def test_without_script_citations_are_there_and_no_button_is(open_page: OpenPage) -> None:
    page = open_page(PARAGRAPH, java_script_enabled=False)

    assert page.locator(".citation").count() == 7
    assert page.get_by_role("button", name="Copy").count() == 0


@pytest.mark.parametrize("width", [360, 1280])
def test_the_notes_of_a_paragraph_are_seen_below_it(open_page: OpenPage, width: int) -> None:
    page = open_page(PARAGRAPH, viewport={"width": width, "height": 800})

    assert page.locator(".notes").is_visible()
    assert page.locator("#n1").is_visible()


def test_a_copied_citation_keeps_its_italics(open_page: OpenPage) -> None:
    page = open_page(PARAGRAPH, permissions=["clipboard-read", "clipboard-write"])

    page.get_by_role("button", name="Copy").first.click()
    page.get_by_role("button", name="Copied").wait_for()

    assert "<i>The Ledger and the Furrow: Planning and the Village</i>" in copied_html(page)


# The selection


def copied_html(page: Page) -> str:
    return str(
        page.evaluate(
            """async () => {
                const [item] = await navigator.clipboard.read();
                return (await item.getType("text/html")).text();
            }"""
        )
    )


def select(page: Page, first: str, start: int, last: str, end: int) -> None:
    """Select from a character of one element to a character of another, counted in their texts."""
    page.evaluate(
        """([first, start, last, end]) => {
            const at = (selector, offset) => {
                const walker = document.createTreeWalker(document.querySelector(selector), NodeFilter.SHOW_TEXT);
                while (walker.nextNode()) {
                    if (offset <= walker.currentNode.length) return [walker.currentNode, offset];
                    offset -= walker.currentNode.length;
                }
            };
            getSelection().setBaseAndExtent(...at(first, start), ...at(last, end));
        }""",
        [first, start, last, end],
    )


def cite_selection(page: Page) -> None:
    page.get_by_role("button", name="Cite the selection").click()
    page.get_by_role("button", name="Copy the link").and_(page.locator(":enabled")).wait_for()


def test_selected_words_are_cited_with_page_paragraph_and_revision(open_page: OpenPage) -> None:
    page = open_page(CHAPTER, permissions=["clipboard-read", "clipboard-write"])
    select(page, "#p2", 4, "#p2", 42)

    cite_selection(page)
    page.get_by_role("button", name="Copy words and citation").click()

    expect(page.get_by_role("status").filter(has_text="Copied.")).to_be_visible()
    words, citation = page.evaluate("navigator.clipboard.readText()").split("\n\n")
    assert words == "“second paragraph calls it again, and”"
    assert citation.startswith("Irina Halloran, “The Offices That Counted,” in The Ledger and the Furrow")
    assert ", version 1, trans. Tom Averill (Saltmarsh Press, 1931), 43, http" in citation
    assert citation.endswith("/furrow/paragraph/2/r1/.")
    assert "<blockquote><p>second paragraph" in copied_html(page)
    assert "<i>The Ledger and the Furrow" in copied_html(page)


def test_words_on_two_pages_are_cited_with_both_in_the_style_that_was_chosen(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    select(page, "#p2", 4, "#p3", 10)
    cite_selection(page)

    page.get_by_label("Style").select_option("MLA, in the text")

    expect(page.locator(".quote-sheet .citation")).to_have_text("(Halloran 43–44)")
    page.get_by_role("button", name="Close").click()
    select(page, "#p3", 0, "#p3", 10)
    cite_selection(page)
    expect(page.locator(".quote-sheet .citation")).to_contain_text("(Halloran 4")


def test_the_link_marks_the_words_in_the_text_as_it_was_cited(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    select(page, "#p1", 0, "#p1", 200)
    cite_selection(page)
    link = page.get_by_role("link", name="A link that marks these words").get_attribute("href") or ""

    assert urlsplit(link).path == "/furrow/paragraph/1/r1/"
    first, last = unquote(link.partition("#:~:text=")[2]).split(",")
    assert first == "A first sentence calls"
    shown = page.request.get(link.partition("#")[0]).text()
    assert first in shown
    assert last in shown


def test_words_of_several_paragraphs_are_marked_in_their_chapter(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    select(page, "#p1", 2, "#p2", 30)
    cite_selection(page)
    link = page.get_by_role("link", name="A link that marks these words").get_attribute("href") or ""

    assert unquote(link).endswith(f"{CHAPTER}#p1:~:text=first sentence calls a,second paragraph calls it")


def test_a_browser_without_text_fragments_lights_the_words_by_script(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)

    page.evaluate(
        """import("/static/js/lit.js").then(({ lightFragment }) => lightFragment(
            "text=first%20sentence,calls%20it%20again", document.querySelector("#p1")))"""
    )

    lit = "".join(page.locator("mark").all_text_contents())
    assert lit.startswith("first sentence calls a note.")
    assert lit.endswith("calls it again")


def test_the_selection_is_cited_with_the_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    offer = page.get_by_role("button", name="Cite the selection")
    # In the midst of the second word: where it stands depends on the fonts.
    x, y = page.locator("#p2").evaluate("""block => {
        const range = document.createRange();
        const [start, end] = [/ /, / \\S+ /].map(space => block.firstChild.data.match(space)).map(
            (found, k) => found.index + (k ? found[0].length - 1 : 1));
        range.setStart(block.firstChild, start);
        range.setEnd(block.firstChild, end);
        const [word, whole] = [range, block].map(each => each.getBoundingClientRect());
        return [word.x + word.width / 2 - whole.x, word.y + word.height / 2 - whole.y];
    }""")
    for _ in range(3):  # on a busy machine two clicks may come too far apart to be a double click
        page.locator("#p2").dblclick(position={"x": x, "y": y})
        with suppress(TookTooLong):
            offer.wait_for(timeout=5000)
            break

    page.keyboard.press("Tab")
    expect(offer).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("dialog", name="Cite the selected words").wait_for()
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(offer).to_be_focused()


def test_the_offer_goes_with_the_selection(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    select(page, "#p2", 4, "#p2", 10)
    page.get_by_role("button", name="Cite the selection").wait_for()

    page.evaluate("getSelection().removeAllRanges()")

    expect(page.get_by_role("button", name="Cite the selection")).to_have_count(0)


def test_on_a_phone_the_offer_stands_at_the_foot_and_the_sheet_fits(open_page: OpenPage) -> None:
    page = open_page(CHAPTER, viewport={"width": 360, "height": 640}, has_touch=True)
    select(page, "#p1", 2, "#p2", 30)
    button = page.get_by_role("button", name="Cite the selection")
    button.wait_for()
    expect(page.locator(".quote")).to_have_css("position", "fixed")
    box = button.bounding_box()
    assert box is not None
    assert (box["y"] + box["height"] > 600, box["height"] >= 44) == (True, True)

    button.tap()
    page.get_by_role("button", name="Copy the link").and_(page.locator(":enabled")).wait_for()

    assert page.locator(".quote-sheet").evaluate("sheet => sheet.scrollWidth <= sheet.clientWidth")
    assert faults(page) == []


def test_without_the_server_the_sheet_leads_to_the_paragraph(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    page.route("**/quotation.json*", lambda route: route.fulfill(status=200, body="<p>A portal"))
    select(page, "#p2", 4, "#p2", 10)
    page.get_by_role("button", name="Cite the selection").click()

    expect(page.get_by_role("link", name="The paragraph’s own page has it.")).to_be_visible()


def test_words_are_cited_on_the_page_of_their_paragraph_too(open_page: OpenPage) -> None:
    page = open_page(PARAGRAPH)
    select(page, "#p2", 4, "#p2", 20)

    cite_selection(page)

    expect(page.locator(".quote-sheet .citation")).to_contain_text(", 43, http")
    expect(page.get_by_label("Style")).to_be_focused()


def test_words_that_look_like_markup_are_quoted_as_words(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    page.locator("#p2").evaluate("""p => p.firstChild.data = 'A <img src=x onerror="alert(1)"> & more.'""")
    select(page, "#p2", 0, "#p2", 40)

    cite_selection(page)

    expect(page.locator(".quote-sheet blockquote")).to_have_text('A <img src=x onerror="alert(1)"> & more.')
    assert page.locator(".quote-sheet img").count() == 0


@pytest.mark.parametrize("width", [390, 1440])
def test_what_has_changed_since_a_citation_can_be_read(
    transactional_db: None, open_page: OpenPage, width: int
) -> None:
    from reader.models import Paragraph
    from reader.publishing.publish import publish_chapters

    paragraph = Paragraph.objects.select_related("volume", "division").get(number=2)
    paragraph.text = paragraph.text.replace("second paragraph", "paragraph that follows")
    paragraph.save()
    publish_chapters(paragraph.volume, [paragraph.division])

    page = open_page(f"{PARAGRAPH}r1/", viewport={"width": width, "height": 900})

    expect(page.locator(".passage")).to_contain_text("The second paragraph calls it again")
    expect(page.locator(".since ins").last).to_have_text("that follows")
    assert faults(page) == []

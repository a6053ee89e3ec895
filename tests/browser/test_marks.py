"""A reader's own marks: made, noted, listed, taken away and brought back, and what a correction does to them."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from tests.browser.axe import faults
from tests.browser.conftest import CHAPTER, OpenPage
from tests.browser.test_citing import select

WORDS = "second paragraph calls it again, and"
# The words that are lit, without calls of notes.
LIT = """() => [...CSS.highlights.get("mine") ?? []].map(range => {
    const words = range.cloneContents();
    for (const call of words.querySelectorAll(".noteref")) call.remove();
    return words.textContent;
})"""


def mark(page: Page, note: str = "", words: tuple[str, int, str, int] = ("#p2", 4, "#p2", 42)) -> None:
    """Mark words of the chapter, with a note."""
    select(page, *words)
    page.get_by_role("button", name="Mark it").click()
    sheet = page.get_by_role("dialog", name="Your mark")
    sheet.get_by_label("A note of your own").fill(note)
    sheet.get_by_role("button", name="Save").click()
    expect(sheet).to_have_count(0)


def correct(number: int, before: str, after: str) -> None:
    """Correct a paragraph, as a person does in the admin."""
    from reader.correction import correcting
    from reader.models import Paragraph

    paragraph = Paragraph.objects.get(number=number)
    typed = paragraph.text.replace(before, after)
    assert typed != paragraph.text
    by, _ = User.objects.get_or_create(username="vera")
    correcting.correct(paragraph, typed, seen=paragraph.text, by=by, reason="The print has it.")


def kept(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(page.evaluate("localStorage.getItem('marks') ?? '[]'"))
    return found


def test_a_note_is_kept_if_another_tab_took_its_mark_away(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    mark(page)
    page.get_by_role("button", name=f"Your mark on “{WORDS}”").press("Enter")
    other = page.context.new_page()
    other.goto(page.url)
    other.evaluate("localStorage.removeItem('marks')")

    sheet = page.get_by_role("dialog", name="Your mark")
    sheet.get_by_label("A note of your own").fill("Written meanwhile.")
    sheet.get_by_role("button", name="Save").click()
    expect(sheet).to_have_count(0)

    [only] = kept(page)
    assert only["body"]["value"] == "Written meanwhile."
    assert page.evaluate(LIT) == [WORDS]


def test_marked_words_are_lit_again_whenever_the_chapter_is_read(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    mark(page, "Ask the archive about this.")

    page.reload()

    button = page.get_by_role("button", name=f"Your mark on “{WORDS}”: Ask the archive about this.")
    expect(button).to_be_visible()
    assert page.evaluate(LIT) == [WORDS]
    button.press("Enter")
    expect(page.get_by_label("A note of your own")).to_have_value("Ask the archive about this.")


def test_a_mark_is_a_web_annotation_of_the_paragraph_s_own_address(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    mark(page, "Why?")

    [found] = kept(page)
    assert found["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert (found["type"], found["motivation"]) == ("Annotation", "commenting")
    assert found["id"].startswith("urn:uuid:")
    assert found["body"]["value"] == "Why?"
    [target] = found["target"]
    assert target["source"]["id"].endswith("/furrow/paragraph/2/")
    assert target["source"]["language"] == "en"
    quote, position = target["selector"]
    assert (quote["type"], quote["exact"], quote["prefix"]) == ("TextQuoteSelector", WORDS, "The ")
    assert quote["suffix"].startswith(" one that is lost. trans")
    assert (position["type"], position["start"], position["end"]) == (
        "TextPositionSelector",
        4,
        4 + len(WORDS),
    )


def test_words_of_two_paragraphs_are_one_mark(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    mark(page, words=("#p2", 4, "#p3", 10))

    assert len(kept(page)) == 1
    assert len(page.evaluate(LIT)) == 2


def test_marked_words_can_be_selected_and_cited_as_before(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    text = page.locator("#p2").evaluate("p => p.textContent")
    mark(page)

    select(page, "#p2", 4, "#p2", 42)
    page.get_by_role("button", name="Cite the selection").click()

    expect(page.locator(".quote-sheet blockquote")).to_have_text(WORDS)
    page.get_by_role("button", name="Close").click()
    page.evaluate("getSelection().removeAllRanges()")
    expect(page.locator(".quote")).to_have_count(0)
    assert page.locator("#p2").evaluate("p => p.textContent") == text


def test_a_browser_without_highlights_has_elements_instead(open_page: OpenPage) -> None:
    page = open_page("/furrow/")
    page.add_init_script("delete CSS.highlights; delete window.Highlight")
    page.goto(CHAPTER)
    page.evaluate("Object.defineProperty(CSS, 'highlights', {value: undefined})")
    mark(page, words=("#p2", 20, "#p3", 10))

    assert "".join(page.locator("#p2 mark").all_inner_texts()).startswith("calls it again")
    page.locator("#p2 .mine").click()
    page.get_by_role("button", name="Take the mark away").click()
    expect(page.locator("mark")).to_have_count(0)


@pytest.mark.parametrize("width", [390, 1440])
def test_the_button_of_a_mark_lies_on_no_other_sign(open_page: OpenPage, width: int) -> None:
    page = open_page(CHAPTER, viewport={"width": width, "height": 900})
    mark(page)

    sign, button = page.locator("#p2 .at").bounding_box(), page.locator("#p2 .mine").bounding_box()
    assert sign
    assert button
    is_beside = (
        sign["x"] + sign["width"] <= button["x"] + 0.5 or sign["x"] >= button["x"] + button["width"] - 0.5
    )
    is_below = sign["y"] + sign["height"] <= button["y"] + 0.5
    assert is_beside or is_below


def test_a_mark_is_taken_away_where_it_stands(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    mark(page)

    page.locator("#p2 .mine").click()
    page.get_by_role("button", name="Take the mark away").click()

    expect(page.locator(".mine")).to_have_count(0)
    assert page.evaluate(LIT) == []
    assert page.evaluate("localStorage.getItem('marks')") is None


def test_the_page_lists_and_searches_what_was_marked(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    mark(page, "Ask the archive.")
    mark(page, words=("#p1", 2, "#p1", 16))
    page.goto("/marks/")

    marks = page.locator(".marks > li")
    expect(marks).to_have_count(2)
    expect(page.get_by_text("2 marks")).to_be_visible()
    page.get_by_label("Marks and notes that hold").fill("ARCHIVE")
    expect(marks).to_have_count(1)
    expect(page.get_by_text("1 of 2 marks")).to_be_visible()
    expect(marks).to_contain_text(WORDS)
    marks.get_by_role("link").click()
    page.wait_for_url(f"**{CHAPTER}#p2")


def test_marks_go_into_a_file_and_come_back(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(CHAPTER)
    mark(page, "Ask the archive.")
    mark(page, words=("#p1", 2, "#p1", 16))
    before = kept(page)
    page.goto("/marks/")
    with page.expect_download() as download:
        page.get_by_role("button", name="Take them away").click()
    file = tmp_path / "marks.jsonld"
    download.value.save_as(file)
    collection = json.loads(file.read_text("utf-8"))
    assert (collection["type"], collection["total"]) == ("AnnotationCollection", 2)
    assert collection["first"]["items"] == before

    page.get_by_role("button", name="Take all marks out of this browser…").click()
    page.get_by_role("button", name="Take them out").click()
    expect(page.get_by_text("There are none yet.")).to_be_visible()
    assert kept(page) == []

    page.get_by_label("Bring back").set_input_files(file)
    expect(page.get_by_text("2 marks brought back.")).to_be_visible()
    assert kept(page) == before
    page.get_by_label("Bring back").set_input_files(file)
    expect(page.get_by_text("0 marks brought back, 2 were here already.")).to_be_visible()
    page.goto(CHAPTER)
    expect(page.locator(".mine")).to_have_count(2)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("no marks", "This is no file of marks"),
        ("[null, {}, 7]", "0 marks brought back; 3 left out"),
        (
            '{"id": "x", "type": "Annotation", "target": {"source": "javascript:alert(1)", "selector":'
            ' {"type": "TextQuoteSelector", "exact": "x"}}}',
            "0 marks brought back; 1 left out",
        ),
        (
            '{"id": "x", "type": "Annotation", "label": "<img src=x onerror=alert(1)>", "body": {"type":'
            ' "TextualBody", "value": "<b>bold</b>"}, "target": {"source": "https://example.org/a",'
            ' "selector": {"type": "TextQuoteSelector", "exact": "<script>x</script>"}}}',
            "1 mark brought back.",
        ),
    ],
)
def test_a_strange_file_is_refused_or_shown_as_text(
    open_page: OpenPage, tmp_path: Path, content: str, said: str
) -> None:
    file = tmp_path / "strange.json"
    file.write_text(content)
    page = open_page("/marks/")

    page.get_by_label("Bring back").set_input_files(file)

    expect(page.locator("#said")).to_contain_text(said)
    assert page.locator(".marks :is(img, b, script)").count() == 0


@pytest.mark.parametrize(
    ("before", "after", "lit"),
    [
        ("The second", "At last the whole of the second", [WORDS]),
        ("calls it again", "calls it once more", ["second paragraph calls it once more, and"]),
    ],
)
def test_a_mark_stays_on_its_words_when_the_text_is_corrected(
    open_page: OpenPage, transactional_db: None, before: str, after: str, lit: list[str]
) -> None:
    page = open_page(CHAPTER)
    mark(page)

    correct(2, before, after)
    page.reload()

    expect(page.locator("#p2 .mine")).to_have_count(1)
    assert page.evaluate(LIT) == lit
    page.locator("#p2 .mine").click()
    is_changed = page.get_by_text("the marked words read otherwise now")
    expect(is_changed).to_have_count(0 if lit == [WORDS] else 1)


def test_a_mark_that_lost_its_words_says_so_and_is_not_lit_elsewhere(
    open_page: OpenPage, transactional_db: None
) -> None:
    page = open_page(CHAPTER)
    mark(page, "Still mine.", words=("#p2", 27, "#p2", 35))
    assert page.evaluate(LIT) == ["it again"]

    correct(2, "calls it again,", "calls,")
    page.reload()

    expect(page.get_by_text("Your mark on “it again” has lost its words")).to_be_visible()
    assert page.evaluate(LIT) == []
    page.goto("/marks/")
    expect(page.locator(".mark-lost")).to_contain_text("the text has these words no more")
    expect(page.locator(".mark-note")).to_have_text("Still mine.")

    correct(2, "calls,", "calls it again,")
    page.goto(CHAPTER)
    expect(page.locator("#p2 .mine")).to_have_count(1)
    page.goto("/marks/")
    expect(page.locator(".mark-lost")).to_have_count(0)


def test_of_equal_words_the_marked_ones_are_lit(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    text = str(page.locator("#p6").evaluate("p => p.textContent"))
    at = text.index("carts", text.index("carts") + 1)
    mark(page, words=("#p6", at, "#p6", at + 5))

    page.reload()
    expect(page.locator("#p6 .mine")).to_have_count(1)
    where = """() => { const [range] = CSS.highlights.get("mine");
        const before = document.createRange();
        before.setStart(document.querySelector("#p6"), 0);
        before.setEnd(range.startContainer, range.startOffset);
        return before.toString().length }"""
    assert page.evaluate(where) == at


def test_the_characters_of_the_source_keep_the_marks(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    mark(page)

    page.get_by_role("button", name="Theme, text size, terms").click()
    page.get_by_label("As in the source").check()
    page.reload()

    expect(page.locator("#p2 .mine")).to_have_count(1)
    assert page.evaluate(LIT) == [WORDS]


def test_no_marks_cost_no_script_and_nothing_is_ever_sent(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    page.wait_for_load_state("networkidle")
    loaded = "performance.getEntriesByType('resource').map(({name}) => name)"
    assert not any("marks/" in name or "quote" in name for name in page.evaluate(loaded))
    asked: list[tuple[str, str | None]] = []
    page.on("request", lambda request: asked.append((request.method, request.post_data)))

    mark(page, "A private matter.")
    page.goto("/marks/")
    expect(page.locator(".marks > li")).to_have_count(1)

    assert {method for method, _ in asked} == {"GET"}
    assert {data for _, data in asked} == {None}


def test_without_script_the_page_says_that_marks_need_script(open_page: OpenPage) -> None:
    page = open_page("/marks/", java_script_enabled=False)

    expect(page.get_by_text("Marks need script")).to_be_visible()
    expect(page.locator("#marks")).to_be_hidden()


def test_a_browser_that_keeps_nothing_is_told_so(open_page: OpenPage) -> None:
    page = open_page("/furrow/")
    page.add_init_script(
        "Storage.prototype.getItem = Storage.prototype.setItem = () => { throw new Error() }"
    )
    page.goto("/marks/")
    expect(page.get_by_text("This browser keeps nothing for this page")).to_be_visible()

    page.goto(CHAPTER)
    select(page, "#p2", 4, "#p2", 42)
    page.get_by_role("button", name="Mark it").click()
    expect(page.get_by_role("status").filter(has_text="keeps nothing")).to_be_visible()


def test_marks_come_to_paper_only_where_they_are_asked_for(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    page.emulate_media(media="print")
    paper = page.locator("#p2").screenshot()
    page.emulate_media(media="screen")
    mark(page)
    page.reload()
    expect(page.locator("#p2 .mine")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("#p2 .mine")).to_be_hidden()
    assert page.locator("#p2").screenshot() == paper

    page.goto("/marks/")
    page.emulate_media(media="screen")
    page.get_by_label("Print the marks with the text").check()
    page.goto(CHAPTER)
    expect(page.locator("#p2 .mine")).to_be_visible()
    page.emulate_media(media="print")
    assert page.locator("#p2").screenshot() != paper


@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_to_blame_in_marks(open_page: OpenPage, width: int) -> None:
    page = open_page(CHAPTER, viewport={"width": width, "height": 800})
    mark(page, "A note.")
    assert faults(page) == []
    page.locator("#p2 .mine").click()
    assert faults(page) == []

    page.goto("/marks/")
    expect(page.locator(".marks > li")).to_have_count(1)
    assert faults(page) == []

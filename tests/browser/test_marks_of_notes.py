"""A reader's marks on words of notes, and on a paragraph's own page."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import faults
from tests.browser.conftest import CHAPTER, OpenPage, press
from tests.browser.test_citing import PARAGRAPH, select
from tests.browser.test_marks import LIT, WORDS, kept, mark

DESK = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 800}}
IN_NOTE = "proverb is older; see the note"


def mark_note(page: Page, note: str = "") -> None:
    """Mark words of note 3 of the chapter, or of another page that shows the note."""
    mark(page, note, words=("#n3", 4, "#n3", 4 + len(IN_NOTE)))


def correct_note(n: int, before: str, after: str) -> None:
    """Correct a note, as a person does in the admin."""
    from django.contrib.auth.models import User

    from reader.correction import correcting
    from reader.models import Note

    note = Note.objects.get(n=n)
    typed = note.text.replace(before, after)
    assert typed != note.text
    by, _ = User.objects.get_or_create(username="vera")
    correcting.correct(note, typed, seen=note.text, by=by, reason="The print has it.")


@pytest.mark.parametrize("settings", [PHONE, DESK])
def test_words_of_a_note_are_marked_and_lit_again(open_page: OpenPage, settings: dict[str, Any]) -> None:
    page = open_page(CHAPTER, **settings)
    expect(page.locator("#n3.beside")).to_have_count(1 if settings == DESK else 0)
    mark_note(page, "Which proverb?")
    [target] = kept(page)[0]["target"]
    assert target["source"]["id"].endswith(f"{CHAPTER}note/3/")
    assert target["scope"].endswith(f"{CHAPTER}#n3")
    quote, _ = target["selector"]
    assert (quote["exact"], quote["prefix"]) == (IN_NOTE, "The ")

    page.reload()

    expect(page.locator("#n3 .mine")).to_have_count(1)
    assert page.evaluate(LIT) == [IN_NOTE]
    page.get_by_role("button", name=f"Your mark on “{IN_NOTE}”: Which proverb?").press("Enter")
    expect(page.get_by_label("A note of your own")).to_have_value("Which proverb?")
    assert faults(page) == []


def test_the_list_names_the_note_and_leads_to_it(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    mark_note(page)
    page.goto("/marks/")

    way = page.locator(".marks").get_by_role("link")
    expect(way).to_have_text("The Ledger and the Furrow, Chapter 1: The offices that counted, note 3")
    way.click()

    page.wait_for_url(f"**{CHAPTER}#n3")


def test_words_of_a_note_are_offered_to_be_marked_but_not_to_be_cited(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    select(page, "#n3", 4, "#n3", 20)

    expect(page.get_by_role("button", name="Mark it")).to_be_visible()
    expect(page.get_by_role("button", name="Cite the selection")).to_have_count(0)


@pytest.mark.parametrize(
    ("before", "after", "lit"),
    [
        ("The proverb", "It may be that the proverb", IN_NOTE),
        ("is older", "is much older", "proverb is much older; see the note"),
    ],
)
def test_a_mark_stays_on_its_words_when_the_note_is_corrected(
    open_page: OpenPage, transactional_db: None, before: str, after: str, lit: str
) -> None:
    page = open_page(CHAPTER)
    mark_note(page)

    correct_note(3, before, after)
    page.reload()

    expect(page.locator("#n3 .mine")).to_have_count(1)
    assert page.evaluate(LIT) == [lit]


def test_a_mark_that_lost_its_words_says_so_in_the_note(open_page: OpenPage, transactional_db: None) -> None:
    page = open_page(CHAPTER)
    mark_note(page)

    correct_note(3, "proverb is older; see the note", "saying")
    page.reload()

    lost = page.locator("#n3 .mine-lost")
    expect(lost).to_contain_text("has lost its words: this note was corrected.")
    assert page.evaluate(LIT) == []


def test_a_mark_follows_its_words_to_the_note_that_has_them_now(
    open_page: OpenPage, transactional_db: None
) -> None:
    from reader.models import Division, Note
    from reader.publishing.publish import publish_chapters

    page = open_page(CHAPTER)
    mark_note(page)
    three, five = Note.objects.get(n=3), Note.objects.get(n=5)
    Note.objects.filter(pk=three.pk).update(text=five.text)
    Note.objects.filter(pk=five.pk).update(text=three.text)
    chapter = Division.objects.get(slug="chapter-1")
    publish_chapters(chapter.volume, [chapter])

    page.reload()

    expect(page.locator("#n5 .mine")).to_have_count(1)
    assert page.evaluate(LIT) == [IN_NOTE]


def test_words_of_a_piece_of_a_note_are_marked_by_its_place_in_the_chapter(
    open_page: OpenPage, transactional_db: None
) -> None:
    from reader.models import Division, Note
    from reader.publishing.publish import publish_chapters

    chapter = Division.objects.get(slug="chapter-1")
    text = "What was left of a note."
    Note.objects.create(division=chapter, n=None, position=9, text=text, imported_text=text, state="fragment")
    publish_chapters(chapter.volume, [chapter])
    page = open_page(CHAPTER)
    start = str(page.locator("#n-fragment-9").evaluate("li => li.textContent")).index("left of")
    mark(page, words=("#n-fragment-9", start, "#n-fragment-9", start + len("left of a note")))

    page.reload()

    expect(page.locator("#n-fragment-9 .mine")).to_have_count(1)
    assert page.evaluate(LIT) == ["left of a note"]
    page.goto("/marks/")
    expect(page.locator(".marks .place a")).to_contain_text("counted, piece of a note")


def test_a_note_s_sign_is_no_button_in_its_popover(open_page: OpenPage) -> None:
    page = open_page(CHAPTER, **PHONE)
    mark_note(page)
    page.evaluate("scrollTo(0, 0)")
    page.locator("#r3").click()

    expect(page.locator(".gloss")).to_be_visible()
    expect(page.locator(".gloss .mine")).to_be_hidden()


def test_words_are_marked_with_the_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    select(page, "#n3", 4, "#n3", 11)
    press(page, "Control+Shift+ArrowRight")
    expect(page.locator("#n3 .quote")).to_be_visible()

    press(page, "Tab")
    expect(page.get_by_role("button", name="Mark it")).to_be_focused()
    press(page, "Enter")
    page.get_by_role("button", name="Save").press("Enter")

    [only] = kept(page)
    assert only["target"][0]["selector"][0]["exact"] == "proverb is"


def test_a_mark_made_on_the_paragraph_s_own_page_is_the_chapter_s(open_page: OpenPage) -> None:
    page = open_page(PARAGRAPH)
    mark(page, "Seen alone.")
    of_page = kept(page)
    expect(page.locator("#p2 .mine")).to_have_count(1)
    page.evaluate("localStorage.removeItem('marks')")
    page.goto(CHAPTER)
    mark(page, "Seen alone.")

    [mine], [other] = of_page, kept(page)
    assert (mine["target"], mine["label"]) == (other["target"], other["label"])
    page.goto(PARAGRAPH)
    expect(page.get_by_role("button", name=f"Your mark on “{WORDS}”: Seen alone.")).to_be_visible()
    assert page.evaluate(LIT) == [WORDS]


def test_notes_below_a_paragraph_have_their_marks_too(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    mark_note(page)

    page.goto("/furrow/paragraph/3/")

    expect(page.locator("#n3 .mine")).to_have_count(1)
    assert page.evaluate(LIT) == [IN_NOTE]


@pytest.mark.parametrize("settings", [PHONE, DESK])
def test_marks_of_notes_come_to_paper_where_they_are_asked_for(
    open_page: OpenPage, settings: dict[str, Any]
) -> None:
    page = open_page(CHAPTER, **settings)
    page.emulate_media(media="print")
    paper = page.locator("#n3").screenshot()
    page.emulate_media(media="screen")
    mark_note(page)
    page.reload()
    expect(page.locator("#n3 .mine")).to_be_visible()
    page.emulate_media(media="print")
    assert page.locator("#n3").screenshot() == paper

    page.evaluate("localStorage.setItem('marks-printed', '1')")
    page.emulate_media(media="screen")
    page.reload()
    expect(page.locator("#n3 .mine")).to_be_visible()
    page.emulate_media(media="print")
    assert page.locator("#n3").screenshot() != paper


def test_a_mark_of_before_has_no_language_and_is_drawn(open_page: OpenPage) -> None:
    page = open_page(CHAPTER)
    mark(page)
    [old] = kept(page)
    [target] = old["target"]
    target["source"] = target["source"]["id"]
    page.evaluate("marks => localStorage.setItem('marks', marks)", json.dumps([old]))

    page.reload()
    expect(page.locator("#p2 .mine")).to_have_count(1)
    page.goto("/marks/")
    expect(page.locator(".marks blockquote")).to_have_text(WORDS)
    assert page.locator(".marks blockquote").get_attribute("lang") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_where_the_system_chooses_the_colours_marks_are_told_from_the_text(
    open_page: OpenPage, scheme: Any
) -> None:
    page = open_page(CHAPTER, **DESK, forced_colors="active", color_scheme=scheme)
    plain = page.locator("#p2").screenshot()
    mark(page)
    page.evaluate("document.querySelector('#p2 .mine').style.visibility = 'hidden'")

    assert page.locator("#p2").screenshot() != plain
    grounds = page.evaluate(
        """() => {
            const [text, sample] = [document.querySelector("#p2"), document.querySelector("main")];
            sample.style.background = "Mark";
            return [getComputedStyle(text, "::highlight(mine)"), getComputedStyle(sample)]
                .map(({backgroundColor}) => backgroundColor);
        }"""
    )
    assert grounds[0] == grounds[1]

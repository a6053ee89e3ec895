"""A chapter is read through in a browser: by keys, by pointer, without script, with a colleague at work meanwhile."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from reader.admin.reasons import RECENT
from tests.browser.axe import faults
from tests.browser.conftest import Held, OpenPage, Visit, wait_until

KEPT = "Object.keys(localStorage).filter(name => name.startsWith('draft ')).length"


@pytest.fixture
def chapter(volume: None) -> int:
    """The key of a chapter with source lines and a doubt."""
    from reader.models import Paragraph, Volume
    from tests.factories import make_suspect, make_witness

    edition = Volume.objects.get()
    witness = make_witness(edition, b"A  first sentence calls a note.\nThen Gosplan counts.")
    first = edition.paragraphs.get(number=1)
    Paragraph.objects.filter(pk=first.pk).update(lines=[[1, 1, 2]])
    make_suspect(
        witness,
        paragraph=first,
        reading="counts",
        suggestion="counted",
        context="Then Gosplan … The clerks",
        line=2,
    )
    return first.division_id


@pytest.fixture
def open_reading(open_as: OpenPage, chapter: int, admin_client: Client) -> Callable[..., Page]:
    """Opens the chapter for a person who has given a reason before, which is offered again."""
    session = admin_client.session
    session[RECENT] = ["the scan"]
    session.save()
    return lambda **settings: open_as(admin_client, f"/admin/reader/division/{chapter}/reading/", **settings)


def text(page: Page, anchor: str) -> Any:
    return page.locator(f"#texts > #{anchor}")


def saved(number: int) -> str:
    from reader.models import Paragraph

    return Paragraph.objects.get(number=number).text


def correct_as_vera(django_user_model: Any, before: str, after: str) -> None:
    from reader.correction.correcting import correct
    from reader.models import Paragraph

    paragraph = Paragraph.objects.get(number=1)
    vera = django_user_model.objects.create_user("vera")
    theirs = paragraph.text.replace(before, after)
    correct(paragraph, theirs, seen=paragraph.text, by=vera, reason="the scan")


def middle_of(page: Page, anchor: str, word: str) -> list[float]:
    """Where the first of these words stands on the screen."""
    found: list[float] = page.evaluate(
        """([anchor, word]) => {
            const text = document.querySelector(`#${anchor} .text p`).firstChild;
            const range = document.createRange();
            const at = text.data.indexOf(word);
            range.setStart(text, at);
            range.setEnd(text, at + word.length);
            const {x, y, width, height} = range.getBoundingClientRect();
            return [x + width / 2, y + height / 2];
        }""",
        [anchor, word],
    )
    return found


@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_axe_finds_nothing_to_blame(open_reading: Any, width: int):
    page = open_reading(viewport={"width": width, "height": 900})
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    text(page, "p1").locator("summary").click()
    text(page, "p2").get_by_role("link", name="Edit").click()
    expect(page.get_by_label("Text of paragraph 2")).to_be_focused()

    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_chapter_is_read_with_one_key_a_text(open_reading: Any):
    page = open_reading()

    page.keyboard.press("r")
    expect(text(page, "p2")).to_be_focused()
    expect(page.locator("#progress")).to_contain_text("1 of")
    page.keyboard.press("x")
    expect(text(page, "p3")).to_be_focused()
    page.keyboard.press("r")
    expect(text(page, "p4")).to_be_focused()

    expect(page.locator("#progress")).to_contain_text("2 of")
    expect(page.locator("#progress")).to_contain_text("1 problematic")
    expect(text(page, "p1").locator(".level")).to_have_text("proofread")
    expect(text(page, "p2").locator(".level")).to_have_text("problematic")


def test_a_fault_is_put_right_where_it_stands(open_reading: Any):
    page = open_reading(viewport={"width": 1280, "height": 700})
    text(page, "p8").scroll_into_view_if_needed()
    before = page.evaluate("scrollY")

    page.mouse.dblclick(*middle_of(page, "p8", "bridge"))
    expect(page.get_by_label("Text of paragraph 8")).to_be_focused()
    page.keyboard.type("SEEN")
    page.keyboard.press("Control+Enter")

    expect(page.locator("#said")).to_contain_text("Paragraph 8 is saved and published.")
    assert "counted the carts on the SEEN every morning" in saved(8)
    expect(text(page, "p8")).to_be_focused()
    assert abs(page.evaluate("scrollY") - before) < 5
    wait_until(page, f"{KEPT} === 0")


def test_a_word_that_stands_there_twice_is_selected_where_it_was_pressed(open_reading: Any):
    page = open_reading()
    # Selects the third “counted” of the text, as a double click does.
    page.evaluate("""() => {
        const text = document.querySelector("#p1 .text p").lastChild;
        let at = -1;
        for (let n = 0; n < 3; n++) at = text.data.indexOf("counted", at + 1);
        getSelection().setBaseAndExtent(text, at, text, at + 7);
        text.parentElement.dispatchEvent(new MouseEvent("dblclick", {bubbles: true}));
    }""")
    typed = page.get_by_label("Text of paragraph 1")
    expect(typed).to_be_focused()

    page.keyboard.type("COUNTED")

    pieces = typed.input_value().split("COUNTED")
    assert (len(pieces), pieces[0].count("counted")) == (2, 2)


def test_saving_and_reading_are_one_press(open_reading: Any):
    page = open_reading()
    page.keyboard.press("e")
    expect(page.get_by_label("Text of paragraph 1")).to_be_focused()
    page.keyboard.type("Now: ")
    page.keyboard.press("Control+Shift+Enter")

    expect(text(page, "p2")).to_be_focused()
    expect(text(page, "p1").locator(".level")).to_have_text("proofread")
    assert saved(1).startswith("Now: A first")


def test_keys_go_from_text_to_text_and_can_be_switched_off(open_reading: Any):
    page = open_reading()

    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(text(page, "p2")).to_be_focused()
    page.keyboard.press("k")
    expect(text(page, "p1")).to_be_focused()
    page.keyboard.press("l")
    expect(text(page, "p1").locator("pre")).to_be_visible()
    page.keyboard.press("?")
    page.get_by_label("Single letters").uncheck()
    text(page, "p1").focus()
    page.keyboard.press("r")
    page.keyboard.press("j")
    expect(text(page, "p1")).to_be_focused()
    expect(text(page, "p1").locator(".level")).to_have_text("not proofread")


def test_a_doubt_is_accepted_by_its_key(open_reading: Any):
    page = open_reading()
    expect(text(page, "p1").locator(".text mark")).to_have_text("counts")

    page.keyboard.press("a")

    expect(page.locator("#said")).to_contain_text("Paragraph 1 is saved and published.")
    expect(text(page, "p1").locator("mark")).to_have_count(0)
    assert "Then Gosplan counted." in saved(1)


def test_a_passage_that_is_taken_stands_on_the_page_at_once(open_reading: Any):
    from reader.models import Paragraph, Suspect, Volume
    from tests.factories import make_variant

    Volume.objects.update(last_number=100)
    first = Paragraph.objects.get(number=1)
    Suspect.objects.all().delete()
    last = first.text.split()[-1]
    make_variant(
        first.volume.witnesses.get(),
        paragraph=first,
        reading="",
        other="Only the scan has it.",
        context=f"{last} …",
    )
    page = open_reading()

    text(page, "p1").get_by_role("button", name="Take Only the scan has it.").click()

    expect(page.locator("#p1 + article .text")).to_have_text("Only the scan has it.")
    expect(page.locator("#said")).to_contain_text("It is a paragraph beside this text now.")
    expect(page.locator("#p1 + article a[data-key=e]")).to_be_visible()


def test_a_refused_save_keeps_what_was_typed_through_a_closed_window(open_reading: Any):
    page = open_reading()
    page.keyboard.press("e")
    typed = page.get_by_label("Text of paragraph 1")
    markerless = typed.input_value().replace("[^1]", "").replace("first", "last")
    typed.fill(markerless)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("The call of note 1 was dropped")
    expect(typed).to_have_value(markerless)
    assert faults(page) == []

    page.once("dialog", lambda dialog: dialog.accept())
    page.goto("/admin/")
    page.go_back()
    page.locator("#kept").get_by_role("link", name="paragraph 1").click()
    page.get_by_role("button", name="Put it back").click()

    expect(typed).to_have_value(markerless)
    page.keyboard.press("Control+Enter")
    page.get_by_label("This is the correction").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#said")).to_contain_text("saved and published")
    assert saved(1) == markerless
    wait_until(page, f"{KEPT} === 0")


def test_what_was_typed_before_closing_the_editor_is_offered_again(open_reading: Any):
    page = open_reading()
    page.keyboard.press("e")
    typed = page.get_by_label("Text of paragraph 1")
    typed.fill("Half a sen")
    text(page, "p1").get_by_role("link", name="Close").click()
    expect(page.locator("#said")).to_contain_text("What you typed is kept")

    page.keyboard.press("e")
    expect(typed).not_to_have_value("Half a sen")
    page.get_by_role("button", name="Put it back").click()

    expect(typed).to_have_value("Half a sen")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_colleague_s_save_is_told_of_and_merged_in_place(
    open_reading: Any, django_user_model: Any, javascript: bool
):
    page = open_reading(java_script_enabled=javascript)
    text(page, "p1").get_by_role("link", name="Edit").click()
    typed = page.get_by_label("Text of paragraph 1")
    mine = typed.input_value().replace("Gosplan", "Gosbank")
    correct_as_vera(django_user_model, "first", "second")
    typed.fill(mine)
    text(page, "p1").get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_role("alert")).to_contain_text("vera changed this text after you had opened it")
    expect(typed).to_have_value(mine)
    if javascript:
        assert faults(page) == []
    page.get_by_role("button", name="Take both into the editor").click()
    both = mine.replace("first", "second")
    expect(typed).to_have_value(both)
    text(page, "p1").get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#said")).to_contain_text("Paragraph 1 is saved and published.")
    assert saved(1) == both


def test_what_a_colleague_changed_is_shown_before_it_counts_as_read(
    open_reading: Any, django_user_model: Any
):
    page = open_reading()
    correct_as_vera(django_user_model, "first", "second")

    page.keyboard.press("r")

    expect(page.locator("#said")).to_contain_text("Somebody else saved this text meanwhile")
    expect(text(page, "p1")).to_contain_text("A second sentence")
    expect(text(page, "p1").locator(".level")).to_have_text("not proofread")
    page.keyboard.press("r")
    expect(text(page, "p2")).to_be_focused()


def test_a_session_that_ran_out_loses_nothing(open_reading: Any, admin_client: Client, visit: Visit):
    page = open_reading()
    page.keyboard.press("e")
    typed = page.get_by_label("Text of paragraph 1")
    typed.fill("Half a sen")
    admin_client.session.flush()
    page.keyboard.press("Control+Enter")

    expect(page.locator("#said")).to_contain_text("you are not logged in any more")
    expect(typed).to_have_value("Half a sen")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="log in again").click()
    expect(page.get_by_label("Password")).to_be_visible()
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill("password")
    page.get_by_role("button", name="Log in").click()
    page.locator("#kept").get_by_role("link", name="paragraph 1").click()
    page.get_by_role("button", name="Put it back").click()
    expect(typed).to_have_value("Half a sen")
    # The answer to what was sent without a login.
    visit.complaints[:] = [said for said in visit.complaints if "403 (Forbidden)" not in said]


def test_all_of_it_works_without_script(open_reading: Any):
    page = open_reading(java_script_enabled=False)

    text(page, "p1").get_by_role("button", name="Accept counted").click()
    expect(page.locator("#said")).to_contain_text("Paragraph 1 is saved and published.")
    text(page, "p1").get_by_role("link", name="Edit").click()
    typed = page.get_by_label("Text of paragraph 1")
    typed.fill(typed.input_value().replace("[^1]", ""))
    text(page, "p1").get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("The call of note 1 was dropped")
    typed.fill(typed.input_value().replace("note.", "note.[^1]").replace("first", "last"))
    text(page, "p1").get_by_role("button", name="Save: read, and right").click()
    expect(page).to_have_url(re.compile("#p2$"))
    expect(text(page, "p1").locator(".level")).to_have_text("proofread")
    expect(text(page, "p1")).to_contain_text("A last sentence")
    text(page, "p2").get_by_role("button", name="Problematic").click()
    expect(page).to_have_url(re.compile("#p3$"))


def test_a_head_and_a_note_are_put_right_as_well(open_reading: Any):
    from reader.models import Division, Note

    page = open_reading()
    for anchor, name in (("h-chapter-1-i", "heading"), ("n3", "note 3")):
        text(page, anchor).get_by_role("link", name="Edit").click()
        expect(page.get_by_label(f"Text of {name}")).to_be_focused()
        page.keyboard.type("So: ")
        page.keyboard.press("Control+Enter")
        wait_until(page, f"document.querySelector('#{anchor} .text')?.innerText.includes('So: ')")

    assert Division.objects.get(slug="chapter-1-i").head.startswith("So: ")
    assert Note.objects.get(n=3).text.startswith("So: ")


# Answers that come late


def moved(page: Page) -> None:
    """Wait until the page has done what it does after an answer."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_an_answer_that_comes_late_takes_nobody_out_of_another_editor(open_reading: Any):
    page = open_reading()
    held = Held(page, "**/reading/p1/**")
    page.keyboard.press("r")
    held.wait()
    text(page, "p3").get_by_role("link", name="Edit").click()
    typed = page.get_by_label("Text of paragraph 3")
    expect(typed).to_be_focused()
    page.keyboard.type("Half ")

    held.release()
    expect(text(page, "p1").locator(".level")).to_have_text("proofread")
    page.keyboard.type("a sen")

    expect(typed).to_be_focused()
    assert typed.input_value().startswith("Half a sen")


def gone_on_after(key: str, page: Page) -> tuple[Page, Held]:
    """Press a key at the first text, and go to another one before the answer has come."""
    held = Held(page, "**/reading/p1/**")
    page.keyboard.press(key)
    held.wait()
    text(page, "p5").focus()
    expect(text(page, "p5")).to_be_focused()
    return page, held


def test_who_went_on_before_an_answer_came_stays_there(open_reading: Any):
    page, held = gone_on_after("r", open_reading())

    held.release()
    expect(text(page, "p1").locator(".level")).to_have_text("proofread")

    expect(text(page, "p5")).to_be_focused()
    expect(text(page, "p5")).to_have_class(re.compile("here"))


def test_an_editor_that_opens_late_takes_no_key_from_another_text(open_reading: Any):
    page, held = gone_on_after("e", open_reading())

    held.release()
    expect(page.get_by_label("Text of paragraph 1")).to_be_visible()

    expect(text(page, "p5")).to_be_focused()


def test_an_editor_asked_for_twice_keeps_what_is_typed(open_reading: Any):
    page = open_reading()
    held = Held(page, "**/reading/p1/**")
    page.keyboard.press("e")
    page.keyboard.press("e")
    held.wait(2)
    held.routes.pop(0).continue_()
    typed = page.get_by_label("Text of paragraph 1")
    expect(typed).to_be_focused()
    page.keyboard.type("Half ")

    with page.expect_response("**/reading/p1/**") as answer:
        held.release()
    answer.value.finished()
    moved(page)

    assert typed.input_value().startswith("Half ")


def test_what_is_shown_while_a_save_is_under_way_is_what_is_saved(open_reading: Any):
    page = open_reading()
    page.keyboard.press("e")
    typed = page.get_by_label("Text of paragraph 1")
    expect(typed).to_be_focused()
    held = Held(page, "**/reading/p1/**")
    page.keyboard.type("Now: ")
    page.keyboard.press("Control+Enter")
    held.wait()

    page.keyboard.type("and then ")
    shown = typed.input_value()
    held.release()
    expect(page.locator("#said")).to_contain_text("saved and published")

    assert saved(1) == shown


def test_an_answer_that_comes_after_a_later_one_does_not_count_back(open_reading: Any):
    page = open_reading()
    held = Held(page, "**/reading/p*/**")
    page.keyboard.press("r")
    held.wait()
    text(page, "p2").focus()
    page.keyboard.press("r")
    held.wait(2)
    first, second = held.routes
    answer = first.fetch()
    second.continue_()
    expect(page.locator("#progress")).to_contain_text("2 of")
    first.fulfill(response=answer)
    expect(text(page, "p1").locator(".level")).to_have_text("proofread")

    expect(page.locator("#progress")).to_contain_text("2 of")


def test_a_key_is_for_the_text_that_was_chosen_before_the_script_came(open_reading: Any):
    page = open_reading()
    held = Held(page, "**/admin-archive/read-through*.js")
    page.reload(wait_until="commit")
    expect(text(page, "p5")).to_be_attached()
    text(page, "p5").focus()
    held.release()

    page.keyboard.press("r")

    expect(text(page, "p5").locator(".level")).to_have_text("proofread")
    expect(text(page, "p1").locator(".level")).to_have_text("not proofread")


def test_what_was_typed_while_the_editor_closes_is_told_of(open_reading: Any):
    page = open_reading()
    page.keyboard.press("e")
    typed = page.get_by_label("Text of paragraph 1")
    expect(typed).to_be_focused()
    held = Held(page, "**/reading/p1/**")
    text(page, "p1").get_by_role("link", name="Close").click()
    held.wait()
    typed.focus()
    page.keyboard.type("Half ")

    held.release()

    expect(page.locator("#said")).to_contain_text("What you typed is kept")


def test_an_editor_opened_before_an_answer_came_stays_open(open_reading: Any):
    page = open_reading()
    held = Held(page, "**/reading/p1/**")
    page.keyboard.press("x")
    held.wait()
    page.keyboard.press("e")
    held.wait(2)
    deed, editor = held.routes
    editor.continue_()
    typed = page.get_by_label("Text of paragraph 1")
    expect(typed).to_be_focused()
    page.keyboard.type("Half ")

    deed.continue_()
    expect(page.locator("#said")).not_to_be_empty()
    moved(page)

    expect(typed).to_be_focused()
    assert typed.input_value().startswith("Half ")

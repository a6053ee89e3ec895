"""The correction screen in a browser: its look, typing, work by keyboard alone, and work without script."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.browser.axe import faults
from tests.browser.conftest import Held, OpenPage, press, wait_until


@pytest.fixture
def keys(volume: None) -> dict[str, int]:
    """The keys of a paragraph with a suspect, of the one after it, of a note and of a head."""
    from reader.models import Note, Paragraph, Volume
    from tests.factories import make_suspect, make_witness

    edition = Volume.objects.get()
    witness = make_witness(edition, b"A  first sentence calls a note.\nThen Gosplan counts.")
    first, second = edition.paragraphs.order_by("position")[:2]
    Paragraph.objects.filter(pk=first.pk).update(lines=[[1, 1, 2]])
    context = "Then Gosplan … The clerks"
    suspect = make_suspect(
        witness, paragraph=first, reading="counts", suggestion="counted", context=context, line=2
    )
    make_suspect(witness, paragraph=first, reading="A", context="… first sentence calls", line=1)
    make_suspect(witness, paragraph=second, reading="lost", context="that is … trans", line=9)
    return {
        "paragraph": first.pk,
        "second": second.pk,
        "note": Note.objects.filter(n=1)[0].pk,
        "division": first.division_id,
        "suspect": suspect.pk,
    }


@pytest.fixture
def open_admin(open_as: OpenPage, keys: dict[str, int], admin_client: Client) -> OpenPage:
    return lambda path, **settings: open_as(admin_client, path.format(**keys), **settings)


PARAGRAPH = "/admin/reader/paragraph/{paragraph}/change/"
PAGES = {
    "paragraph": PARAGRAPH,
    "note": "/admin/reader/note/{note}/change/",
    "head": "/admin/reader/division/{division}/change/",
}


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_to_blame(open_admin: Any, kind: str, width: int):
    page = open_admin(PAGES[kind], viewport={"width": width, "height": 900})

    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_is_typed_is_compared_while_one_types(open_admin: Any):
    page = open_admin(PARAGRAPH)
    typed = page.get_by_label("Text", exact=True)

    typed.fill(typed.input_value().replace("first", "*last*"))

    expect(page.locator("[data-part=shown] ins").first).to_have_text("*last*")
    expect(page.locator(".rendered em")).to_have_text("last")
    typed.fill(typed.input_value().replace("[^1]", ""))
    expect(page.get_by_role("alert")).to_contain_text("The call of note 1 was dropped: it stood after")
    assert faults(page) == []
    page.get_by_label("This is the correction").check()
    page.get_by_label("Reason").fill("the scan")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_have_text("Saved and published.")
    page.get_by_role("link", name="In the reader").click()
    expect(page.locator("#p1")).to_contain_text("A last sentence")


KEPT = "Object.keys(localStorage).filter(name => name.startsWith('draft ')).length"


def leave(page: Page, path: str) -> None:
    """Go to another page of the admin, whether the browser asks or not."""
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto(path)


def test_what_was_typed_outlives_the_window(open_admin: Any):
    page = open_admin(PARAGRAPH)
    typed = page.get_by_label("Text", exact=True)
    typed.fill("Half a sen")

    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()

    expect(typed).not_to_have_value("Half a sen")
    page.get_by_role("button", name="Put it back").click()
    expect(typed).to_have_value("Half a sen")


def test_a_draft_that_is_thrown_away_is_gone(open_admin: Any):
    page = open_admin(PARAGRAPH)
    page.get_by_label("Text", exact=True).fill("Half a sen")
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()

    page.get_by_role("button", name="Throw it away").click()
    page.reload()

    expect(page.get_by_role("button", name="Put it back")).to_be_hidden()
    wait_until(page, f"{KEPT} === 0")


@pytest.mark.parametrize("way_back", ["back button", "opened anew"])
def test_a_draft_outlives_a_save_that_was_refused(open_admin: Any, keys: dict[str, int], way_back: str):
    page = open_admin(PARAGRAPH)
    typed = page.get_by_label("Text", exact=True)
    markerless = typed.input_value().replace("first", "last").replace("[^1]", "")
    typed.fill(markerless)
    page.get_by_label("Reason").fill("the scan")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("The call of note 1 was dropped")

    leave(page, "/admin/")
    if way_back == "back button":
        # The browser keeps the page before the save, not the answer to the save.
        page.evaluate("history.go(-2)")
        page.wait_for_url(f"**{PARAGRAPH.format(**keys)}")
    else:
        page.goto(PARAGRAPH.format(**keys))
    if typed.input_value() != markerless:
        page.get_by_role("button", name="Put it back").click()

    expect(typed).to_have_value(markerless)
    assert page.evaluate(KEPT) == 1


def test_a_draft_outlives_a_colleague_s_save_and_does_not_undo_it(
    open_admin: Any, keys: dict[str, int], django_user_model: Any
):
    from reader.correction.correcting import correct
    from reader.models import Paragraph

    page = open_admin(PARAGRAPH)
    paragraph = Paragraph.objects.get(pk=keys["paragraph"])
    vera = django_user_model.objects.create_user("vera")
    theirs = paragraph.text.replace("first", "second")
    correct(paragraph, theirs, seen=paragraph.text, by=vera, reason="the scan")
    typed = page.get_by_label("Text", exact=True)
    mine = paragraph.text.replace("Gosplan", "Gosbank")
    typed.fill(mine)
    page.get_by_label("Reason").fill("the scan")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Nothing was saved")).to_be_visible()

    leave(page, "/admin/")
    page.goto(PARAGRAPH.format(**keys))
    expect(typed).to_have_value(theirs)
    page.get_by_role("button", name="Put it back").click()

    expect(typed).to_have_value(mine)
    page.get_by_label("Reason").fill("the scan")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Nothing was saved")).to_contain_text("vera changed this text")


@pytest.mark.parametrize("button", ["Save", "Save, next text"])
def test_a_draft_that_was_saved_is_gone(open_admin: Any, keys: dict[str, int], button: str):
    page = open_admin(PARAGRAPH)
    typed = page.get_by_label("Text", exact=True)
    # The stored text differs from the typed letters: the accent is one character with its vowel.
    typed.fill(typed.input_value().replace("first", "le\u0301st"))
    assert page.evaluate(KEPT) == 1
    page.get_by_label("Reason").fill("the scan")

    page.get_by_role("button", name=button, exact=True).click()

    expect(page.locator(".messagelist .success")).to_have_text("Saved and published.")
    wait_until(page, f"{KEPT} === 0")
    page.goto(PARAGRAPH.format(**keys))
    expect(page.get_by_role("button", name="Put it back")).to_be_hidden()


def test_a_later_save_takes_earlier_drafts_of_the_text_with_it(open_admin: Any, keys: dict[str, int]):
    page = open_admin(PARAGRAPH)
    typed = page.get_by_label("Text", exact=True)
    typed.fill("An earlier one")
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    typed.fill(typed.input_value().replace("first", "last"))
    assert page.evaluate(KEPT) == 2
    page.get_by_label("Reason").fill("the scan")

    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.locator(".messagelist .success")).to_have_text("Saved and published.")
    wait_until(page, f"{KEPT} === 0")
    expect(page.get_by_role("button", name="Put it back")).to_be_hidden()


def test_typing_anew_does_not_replace_an_earlier_draft(open_admin: Any):
    page = open_admin(PARAGRAPH)
    typed = page.get_by_label("Text", exact=True)
    for text in ("The earlier one", "The later one"):
        typed.fill(text)
        page.once("dialog", lambda dialog: dialog.accept())
        page.reload()

    page.get_by_role("button", name="Throw it away").click()
    page.get_by_role("button", name="Put it back").click()

    expect(typed).to_have_value("The earlier one")


def test_suspects_are_settled_with_keys_alone(open_admin: Any):
    page = open_admin(PARAGRAPH)

    press(page, "d")
    expect(page.locator(".suspects li.dismissed mark")).to_have_text("A")
    press(page, "a")
    expect(page.locator(".messagelist .success")).to_contain_text("accepted. Saved and published.")
    expect(page.get_by_label("Text", exact=True)).to_have_value(
        "A first sentence calls a note.[^1] Then Gosplan counted. " + _filler()
    )
    press(page, "s")
    expect(page.get_by_role("heading", level=1)).to_have_text("Paragraph 2")
    press(page, "p")
    expect(page.get_by_role("heading", level=1)).to_have_text("Paragraph 1")
    press(page, "n")
    expect(page.get_by_role("heading", level=1)).to_have_text("Paragraph 2")
    press(page, "Shift+D")
    expect(page.locator(".suspects li.dismissed mark")).to_have_text("lost")
    press(page, "?")
    page.get_by_label("Single letters").uncheck()
    page.locator("h1").click()
    press(page, "n")
    press(page, "e")
    expect(page.get_by_label("Text", exact=True)).not_to_be_focused()


def test_the_editor_is_left_and_saved_with_keys(open_admin: Any):
    page = open_admin(PARAGRAPH)
    typed = page.get_by_label("Text", exact=True)

    press(page, "e")
    expect(typed).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.type("n?")
    page.keyboard.press("Tab")
    page.keyboard.type("the scan")
    page.keyboard.press("Control+Shift+Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Paragraph 2")
    press(page, "p")
    expect(page.locator("[data-part=shown] ins").first).to_have_text("n?")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_colleague_s_change_is_shown_and_merged(
    open_admin: Any, keys: dict[str, int], django_user_model: Any, javascript: bool
):
    from reader.correction.correcting import correct
    from reader.models import Paragraph

    page = open_admin(PARAGRAPH, java_script_enabled=javascript)
    paragraph = Paragraph.objects.get(pk=keys["paragraph"])
    vera = django_user_model.objects.create_user("vera")
    theirs = paragraph.text.replace("first", "second")
    correct(paragraph, theirs, seen=paragraph.text, by=vera, reason="the scan")
    typed = page.get_by_label("Text", exact=True)
    typed.fill(typed.input_value().replace("Gosplan", "Gosbank"))
    page.get_by_label("Reason").fill("the scan")

    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_role("heading", name="Nothing was saved")).to_contain_text("vera changed this text")
    expect(typed).to_have_value(paragraph.text.replace("Gosplan", "Gosbank"))
    if javascript:
        assert faults(page) == []
    page.get_by_role("button", name="Take both into the editor").click()
    expect(typed).to_have_value(theirs.replace("Gosplan", "Gosbank"))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_have_text("Saved and published.")
    paragraph.refresh_from_db()
    assert paragraph.text == theirs.replace("Gosplan", "Gosbank")


def test_all_works_without_script(open_admin: Any):
    page = open_admin(PARAGRAPH, java_script_enabled=False)
    typed = page.get_by_label("Text", exact=True)

    page.get_by_role("button", name="Accept counted").click()
    expect(page.locator(".messagelist .success")).to_contain_text("accepted. Saved and published.")
    typed.fill(typed.input_value().replace("first", "*last*").replace("[^1]", ""))
    page.get_by_label("Reason").fill("the scan")
    page.get_by_role("button", name="Show differences").click()
    expect(page.locator("[data-part=shown] ins").first).to_have_text("*last*")
    expect(page.get_by_role("alert")).to_contain_text("The call of note 1 was dropped")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(typed).to_have_value("A *last* sentence calls a note. Then Gosplan counted. " + _filler())
    page.get_by_label("This is the correction").check()
    page.get_by_label("Reason").fill("the scan")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_have_text("Saved and published.")


def _filler() -> str:
    from tests.browser.furrow import FILLER

    return FILLER


# Scripts and answers that come late


def open_late(open_admin: Any) -> tuple[Page, Held]:
    """Open the screen whose script has not come yet."""
    page = open_admin(PARAGRAPH)
    held = Held(page, "**/admin-archive/correction*.js")
    page.reload(wait_until="commit")
    expect(page.get_by_label("Reason")).to_be_attached()
    return page, held


def test_what_was_typed_before_the_script_came_is_shown_kept_and_asked_about(open_admin: Any):
    page, held = open_late(open_admin)
    typed = page.get_by_label("Text", exact=True)
    typed.fill(typed.input_value().replace("first", "*last*"))
    held.release()

    expect(page.locator("[data-part=shown] ins").first).to_have_text("*last*")
    assert page.evaluate(KEPT) == 1
    with page.expect_event("dialog") as asked:
        page.once("dialog", lambda dialog: dialog.dismiss())
        page.evaluate("location.assign('/admin/')")
    assert asked.value.type == "beforeunload"


def test_a_tick_is_kept_when_the_answer_that_comes_says_nothing_new(open_admin: Any):
    page = open_admin(PARAGRAPH)
    typed = page.get_by_label("Text", exact=True)
    typed.fill(typed.input_value().replace("[^1]", ""))
    expect(page.get_by_role("alert")).to_contain_text("The call of note 1 was dropped")
    held = Held(page, "**/shown/")
    typed.fill(typed.input_value().replace("first", "*last*"))
    held.wait()
    tick = page.get_by_label("This is the correction")
    tick.check()

    held.release()

    expect(page.locator("[data-part=shown] ins").first).to_have_text("*last*")
    expect(tick).to_be_checked()
    expect(tick).to_be_focused()


def test_what_is_typed_while_a_save_is_under_way_is_offered_after_it(open_admin: Any):
    page = open_admin(PARAGRAPH)
    typed = page.get_by_label("Text", exact=True)
    sent = typed.input_value().replace("first", "last")
    page.get_by_label("Reason").fill("the scan")
    typed.fill(sent)
    held = Held(page, "**/change/")
    page.keyboard.press("Control+Enter")
    held.wait()
    page.keyboard.type(" And more.")

    held.release()

    expect(page.locator(".messagelist .success")).to_have_text("Saved and published.")
    expect(typed).to_have_value(sent)
    page.get_by_role("button", name="Put it back").click()
    expect(typed).to_have_value(f"{sent} And more.")

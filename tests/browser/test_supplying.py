"""Notes that the source lacks, pasted from another copy: in a browser, with the back button and with a colleague.

`test_twenty_notes_are_written_in_with_few_actions` counts what a person does, and prints it with the seconds that the
archive takes (`-s` shows them).
"""

import time
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.browser.axe import faults
from tests.browser.conftest import CHAPTER, OpenPage, wait_until

KEPT = "Object.keys(localStorage).filter(name => name.startsWith('draft ')).length"
COPY = "the printed edition, Saltmarsh Press 1931, copy of the mill"
FIRST = 11
NUMBERS = range(FIRST, FIRST + 20)
# Forms in which notes come, one after another: each wraps, some have a quotation, a second paragraph, emphasis, a page.
BODIES = (
    "Halloran, *Columns*, vol. 2, p.\n40, and the led-\nger of the ferry.    [p. 43]",
    "The same, in the year\n1924, p. 5.\n\n   Nobody asked the miller, who would have\nknown.",
    "Ibid.",
    "The miller says:\n\n> No cart goes\n> at night.\n\nNobody knows why.",
)
PASTED = "\n\n".join(f"{n}. {BODIES[n % len(BODIES)]}" for n in NUMBERS)


@pytest.fixture
def chapter(volume: None) -> int:
    """A chapter that calls twenty more notes, which nobody has."""
    from reader.models import Volume
    from reader.publishing.publish import publish_volume
    from tests.browser.furrow import write

    edition = Volume.objects.get()
    first = edition.divisions.get(slug="chapter-1")
    write(edition, first, " ".join(f"The cart went by the ford.[^{n}]" for n in NUMBERS))
    publish_volume(edition)
    return first.pk


@pytest.fixture
def address(chapter: int) -> str:
    return f"/admin/reader/note/supply/{chapter}/"


@pytest.fixture
def open_screen(open_as: OpenPage, address: str, admin_client: Client) -> Any:
    return lambda path=address, **settings: open_as(admin_client, path, **settings)


def paste(page: Page, typed: str = PASTED, copy: str = COPY) -> None:
    page.get_by_label("Which copy").fill(copy)
    page.get_by_label("The notes", exact=False).last.fill(typed)
    page.get_by_role("button", name="Show what they would do").click()


def typed_in(page: Page) -> Any:
    return page.locator("#id_typed")


def supplied() -> int:
    from reader.models import Note

    return Note.objects.exclude(supplied_on="").count()


@pytest.mark.parametrize("javascript", [True, False])
def test_twenty_notes_are_written_once_whatever_a_person_presses(
    open_screen: Any, address: str, javascript: bool
):
    page = open_screen(java_script_enabled=javascript)
    paste(page)

    expect(page.get_by_role("heading", name="20 fill gaps")).to_be_visible()
    first = page.locator(".supply-note").nth(1)
    expect(first).to_contain_text("Note 12")
    expect(first.locator(".supply-shown em")).to_have_text("Columns")
    expect(first).to_contain_text("vol. 2, p. 40, and the ledger of the ferry.")
    page.get_by_role("button", name="Write the ticked notes").click()
    expect(page.locator(".success")).to_have_text("20 notes were written, and readers see them.")
    assert supplied() == 20

    page.go_back()
    if page.get_by_role("button", name="Write the ticked notes").count():
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.get_by_role("button", name="Write the ticked notes").click()
    page.goto(address)
    paste(page)
    expect(page.get_by_role("heading", name="20 are there already")).to_be_visible()
    expect(page.get_by_role("button", name="Write the ticked notes")).to_have_count(0)
    assert supplied() == 20

    page.goto(CHAPTER)
    note = page.locator("#n12")
    expect(note).to_contain_text("and the ledger of the ferry.")
    expect(note.locator(".supplied")).to_have_text(f"[supplied from {COPY}]")
    page.goto(f"{CHAPTER}apparatus/")
    expect(page.locator("#supplied ~ ul li")).to_have_count(20)


def test_twenty_notes_are_written_in_with_few_actions(open_screen: Any):
    page = open_screen("/admin/")
    actions = []

    def act(name: str, do: Any) -> None:
        before = time.perf_counter()
        do()
        actions.append((name, time.perf_counter() - before))

    act("open", page.get_by_role("link", name="Write in notes").first.click)
    act("chapter", page.get_by_role("link", name="The offices that counted").click)
    act("copy", lambda: page.get_by_label("Which copy").fill(COPY))
    act("paste", lambda: typed_in(page).fill(PASTED))
    act("show", page.get_by_role("button", name="Show what they would do").click)
    act("write", page.get_by_role("button", name="Write the ticked notes").click)
    expect(page.locator(".success")).to_be_visible()

    print("\n", len(actions), "actions:", *(f"{name} {seconds:.2f} s" for name, seconds in actions))
    assert supplied() == 20
    assert len(actions) == 6


def test_what_a_colleague_wrote_meanwhile_is_left_and_the_rest_stays_typed(open_screen: Any, chapter: int):
    from django.contrib.auth.models import User

    from reader.correction.structure.notes import supply_note
    from reader.models import Division, Note

    page = open_screen()
    paste(page)
    expect(page.locator(".supply-note")).to_have_count(20)
    boris = User.objects.create_user("boris")
    supply_note(Division.objects.get(pk=chapter), 13, "What the colleague read.", copy="his own", by=boris)

    page.get_by_role("button", name="Write the ticked notes").click()

    expect(page.locator(".success")).to_have_text("19 notes were written, and readers see them.")
    expect(page.locator(".warning")).to_contain_text("Note 13 was not written")
    expect(typed_in(page)).to_have_value(f"13. {BODIES[13 % 4]}")
    assert Note.objects.get(n=13).text == "What the colleague read."

    page.get_by_role("button", name="Show what they would do").click()
    expect(page.get_by_role("heading", name="1 changes a note")).to_be_visible()
    expect(page.locator(".supply-note del").nth(1)).to_have_text("colleague ")


def test_what_was_typed_outlives_the_window_until_it_is_written(open_screen: Any, address: str):
    page = open_screen()
    typed_in(page).fill(PASTED)
    page.goto("/admin/")
    page.goto(address)
    page.get_by_role("button", name="Put it back").click()
    expect(typed_in(page)).to_have_value(PASTED)

    page.get_by_label("Which copy").fill(COPY)
    page.get_by_role("button", name="Show what they would do").click()
    expect(page.locator(".supply-note")).to_have_count(20)
    assert page.evaluate(KEPT) == 1
    page.goto(address)
    expect(typed_in(page)).to_have_value(PASTED)

    page.get_by_role("button", name="Show what they would do").click()
    page.get_by_role("button", name="Write the ticked notes").click()
    expect(page.locator(".success")).to_be_visible()
    wait_until(page, f"{KEPT} === 0")
    expect(typed_in(page)).to_have_value("")


def test_who_goes_back_to_the_shown_notes_finds_them(open_screen: Any):
    page = open_screen()
    paste(page)
    page.goto(CHAPTER)

    page.go_back()

    expect(page.locator(".supply-note")).to_have_count(20)
    expect(page.get_by_role("button", name="Write the ticked notes")).to_be_visible()


def test_axe_finds_nothing_to_blame(open_screen: Any, address: str):
    page = open_screen("/admin/reader/note/supply/")
    assert faults(page) == []

    page.goto(address)
    assert faults(page) == []

    paste(
        page,
        f"Notes\n\n{PASTED}\n\n99. Nobody calls it.\n\n1. Halloran, *Rows*, p. 12.\n\n* A mark.",
        copy=" ",
    )
    expect(page.locator(".supply-note")).to_have_count(22)
    assert faults(page) == []

    page.get_by_role("button", name="Write the ticked notes").click()
    expect(page.get_by_text("Say from which copy the notes are taken")).to_be_visible()
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

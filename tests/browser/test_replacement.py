"""Putting a reading right everywhere, in a browser: its look, screen readers, and work without script."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from tests.browser.axe import faults
from tests.browser.conftest import CHAPTER, OpenPage

ADD = "/admin/reader/replacement/add/"
FOUND = f"{ADD}?reading=proverb&replacement=saying&is_whole_word=on"


@pytest.fixture
def words(volume: None) -> None:
    """A reading that stands in a paragraph over a page break, in an emphasis, and in a note."""
    from reader.models import Note, Paragraph, Volume
    from reader.publishing.publish import publish_volume
    from tests.browser.furrow import write

    edition = Volume.objects.get()
    first = edition.divisions.get(slug="chapter-1")
    write(edition, first, "A prov{p. 45}erb is short. No *proverb* is signed. One proverb is enough.")
    assert Paragraph.objects.filter(text__contains="No *proverb*").exists()
    assert Note.objects.filter(text__contains="The proverb is older").exists()
    publish_volume(edition)


@pytest.fixture
def open_admin(open_as: OpenPage, words: None, admin_client: Client) -> OpenPage:
    return lambda path, **settings: open_as(admin_client, path, **settings)


def correct_as_a_colleague(before: str, after: str) -> None:
    from django.contrib.auth.models import User

    from reader.correction.correcting import correct
    from reader.models import Paragraph

    boris, _ = User.objects.get_or_create(username="boris")
    text = Paragraph.objects.get(text__contains=before)
    correct(text, text.text.replace(before, after), seen=text.text, by=boris, reason="compared")


def test_axe_finds_nothing_to_blame(open_admin: Any):
    page = open_admin(ADD)
    assert faults(page) == []

    page.goto(FOUND)
    page.locator("[name=place]").first.uncheck()
    assert faults(page) == []

    page.get_by_label("Reason").fill("a saying")
    page.get_by_role("button", name="Put right").click()
    expect(page.locator(".success")).to_be_visible()
    correct_as_a_colleague("One saying", "One Saying")
    page.reload()
    assert faults(page) == []

    page.get_by_role("button", name="Take all of it back").click()
    expect(page.locator(".warning")).to_be_visible()
    assert faults(page) == []
    page.goto("/admin/reader/replacement/")
    assert faults(page) == []


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("javascript", [True, False])
def test_a_reading_is_put_right_and_taken_back(open_admin: Any, javascript: bool, width: int):
    page = open_admin(ADD, java_script_enabled=javascript, viewport={"width": width, "height": 800})
    page.get_by_label("Reading").fill("proverb")
    page.get_by_label("Put right as").fill("saying")
    page.get_by_role("button", name="Find").click()

    places = page.locator(".replacement-places li")
    expect(page.get_by_role("heading", name="“proverb” → “saying”: 4 places in 2 texts")).to_be_visible()
    expect(places).to_have_count(4)
    expect(places.first).to_contain_text("A proverb → saying is short.")
    places.nth(1).locator("label").click()
    ticked = "the 3 ticked places" if javascript else "the ticked places"
    correct_as_a_colleague("One proverb is enough", "One proverb is plenty")
    page.get_by_label("Reason").fill("the scan says so")
    page.get_by_role("button", name=f"Put right in {ticked}").click()

    expect(page.locator(".success")).to_have_text(
        "“proverb” was put right as “saying” in 2 places in 2 texts."
    )
    expect(page.locator(".warning")).to_contain_text("1 place no longer reads as shown.")
    change = page.url
    page.goto(CHAPTER)
    expect(page.get_by_text("is short. No proverb is signed. One proverb is plenty.")).to_contain_text(
        "saying"
    )

    page.goto(change)
    page.get_by_role("button", name="Take all of it back").click()
    expect(page.locator(".success")).to_have_text("Taken back in 2 texts.")
    expect(page.get_by_role("button", name="Take all of it back")).to_have_count(0)
    page.goto(CHAPTER)
    expect(page.get_by_text("One proverb is plenty.")).not_to_contain_text("saying")


def test_the_button_counts_what_is_ticked(open_admin: Any):
    page = open_admin(FOUND)
    button = page.locator(".replacement-bar button")

    expect(button).to_have_text("Put right in the 4 ticked places")
    page.get_by_role("button", name="Tick none").click()
    expect(button).to_have_text("Put right in the 0 ticked places")
    page.locator("[name=place]").nth(2).check()
    assert button.inner_text() == "Put right in the 1 ticked place"
    page.get_by_role("button", name="Tick all").click()
    expect(button).to_have_text("Put right in the 4 ticked places")


def test_who_goes_back_finds_the_ticks_as_they_were(open_admin: Any):
    page = open_admin(FOUND)
    page.locator("[name=place]").nth(2).uncheck()
    page.goto(CHAPTER)

    page.go_back()

    expect(page.locator(".replacement-bar button")).to_have_text("Put right in the 3 ticked places")


@pytest.mark.parametrize("width", [390, 1280])
def test_what_has_the_focus_is_not_hidden(open_admin: Any, width: int):
    page = open_admin(FOUND, viewport={"width": width, "height": 620})
    for place in page.locator("[name=place]").all():
        place.focus()
        assert page.evaluate(
            """() => {
                const box = document.activeElement.getBoundingClientRect();
                return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
                    === document.activeElement;
            }"""
        )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

"""Conflicts in a browser: read and decided on the correction screen, or on their own page where the text is gone."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.browser.axe import faults
from tests.browser.conftest import OpenPage

PARAGRAPH = "/admin/reader/paragraph/{paragraph}/change/"
OLD = " ".join(["The mill was built by the river, in spring, by people who came from the town."] * 4)
PERSON, NEW = OLD.replace("river", "lake", 1), OLD.replace("river", "canal", 1)


@pytest.fixture
def keys(volume: None) -> dict[str, int]:
    """A conflict about a paragraph, and one whose text is gone."""
    from reader.models import Conflict, Paragraph, Volume

    edition = Volume.objects.get()
    first = edition.paragraphs.order_by("position")[0]
    Paragraph.objects.filter(pk=first.pk).update(text=PERSON, imported_text=NEW)
    texts = {"field": "text", "old_import": OLD, "human": PERSON, "new_import": NEW}
    about = "paragraph 1 (with paragraph 2)"
    here = Conflict.objects.create(volume=edition, paragraph=first, about=about, **texts)
    gone = Conflict.objects.create(volume=edition, about="paragraph 99", **texts)
    return {"paragraph": first.pk, "here": here.pk, "gone": gone.pk}


@pytest.fixture
def open_admin(open_as: OpenPage, keys: dict[str, int], admin_client: Client) -> OpenPage:
    return lambda path, **settings: open_as(admin_client, path.format(**keys), **settings)


def texts_of(page: Page) -> list[Any]:
    return [page.locator(".three-texts section").nth(k) for k in range(3)]


@pytest.mark.parametrize("path", [PARAGRAPH, "/admin/reader/conflict/{gone}/change/"])
@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_three_texts_are_readable_at_every_width(open_admin: Any, path: str, width: int):
    page = open_admin(path, viewport={"width": width, "height": 900})

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for text in texts_of(page):
        box = text.bounding_box()
        assert box["width"] >= 200
        assert box["height"] > 100, "it is not wrapped"
    assert faults(page) == []


def test_at_1024_pixels_the_three_texts_stand_side_by_side(open_admin: Any):
    page = open_admin(PARAGRAPH, viewport={"width": 1024, "height": 768})

    assert len({text.bounding_box()["y"] for text in texts_of(page)}) == 1


@pytest.mark.parametrize("colors", ["light", "dark"])
def test_differences_are_marked(open_admin: Any, colors: str):
    page = open_admin(PARAGRAPH, color_scheme=colors)
    _, person, new = texts_of(page)

    expect(person.locator("del")).to_have_text("river,")
    expect(person.locator("ins")).to_have_text("lake,")
    expect(new.locator("ins")).to_have_text("canal,")
    assert faults(page) == []


def test_related_texts_are_one_press_away(open_admin: Any):
    page = open_admin(PARAGRAPH)

    page.locator(".conflict").get_by_role("link", name="Paragraph 2").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Paragraph 2")


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize(
    ("button", "said", "read"),
    [
        ("Keep the person's text", "the person's text stays", "the lake"),
        ("Take the import's text", "the import's text stands now", "the canal"),
        ("Save the text as typed in the editor", "as you typed it", "the pond"),
    ],
)
def test_a_person_decides_and_is_told(open_admin: Any, button: str, said: str, read: str, script: bool):
    page = open_admin(PARAGRAPH, java_script_enabled=script)
    if "typed" in button:
        page.get_by_label("Text", exact=True).fill(PERSON.replace("lake", "pond"))

    page.get_by_role("button", name=button).click()

    expect(page.locator(".messagelist .success")).to_contain_text(said)
    expect(page.locator(".conflict")).to_have_count(0)
    page.get_by_role("link", name="In the reader").click()
    expect(page.locator("#p1")).to_contain_text(read)


def test_a_colleague_who_decides_meanwhile_is_named_and_what_was_typed_stays(
    open_admin: Any, keys: dict[str, int]
):
    from reader.correction.deciding import decide
    from reader.models import Conflict
    from tests.factories import make_account

    page = open_admin(PARAGRAPH)
    page.get_by_label("Text", exact=True).fill("Half a sentence.")
    decide(Conflict.objects.get(pk=keys["here"]), NEW, by=make_account("corrector", username="vera"))

    page.get_by_role("button", name="Save the text as typed in the editor").click()

    expect(page.locator(".messagelist .error")).to_contain_text("vera has decided this conflict already")
    expect(page.get_by_label("Text", exact=True)).to_have_value("Half a sentence.")


def test_a_conflict_that_is_decided_in_another_window_is_refused(open_admin: Any):
    page = open_admin(PARAGRAPH)
    other = page.context.new_page()
    other.goto(page.url)
    page.get_by_role("button", name="Take the import's text").click()
    expect(page.locator(".messagelist .success")).to_be_visible()

    other.get_by_role("button", name="Keep the person's text").click()

    expect(other.locator(".messagelist .error")).to_contain_text("has decided this conflict already")


def test_a_conflict_whose_text_is_gone_is_decided_on_its_own_page(open_admin: Any):
    page = open_admin("/admin/reader/conflict/{gone}/change/")

    expect(texts_of(page)[1].locator("ins")).to_have_text("lake,")
    page.get_by_label("keep the person's text").check()
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.locator(".success")).to_contain_text("was changed successfully")

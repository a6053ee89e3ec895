"""The history of a text, levels and names of correctors in a browser: with and without script."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from tests.browser.axe import faults
from tests.browser.conftest import OpenPage

HOSTILE = "<img src=x onerror=alert(1)> \u202e reason"


@pytest.fixture
def keys(volume: None) -> dict[str, int]:
    """A paragraph with three versions, and its level set."""
    from django.contrib.auth.models import User

    from reader.correction.correcting import correct
    from reader.correction.levels import set_level
    from reader.models import Paragraph

    vera = User.objects.create_user("vera-stays-unknown")
    paragraph = Paragraph.objects.get(number=1)
    for was, now, reason in (
        ("A first sentence", "The first sentence", "compared with the scan"),
        ("calls a note", "names a note", HOSTILE),
    ):
        paragraph.refresh_from_db()
        typed = paragraph.text.replace(was, now)
        correct(paragraph, typed, seen=paragraph.text, by=vera, reason=reason)
    paragraph.refresh_from_db()
    set_level([paragraph], "proofread", by=vera)
    return {"paragraph": paragraph.pk}


@pytest.fixture
def open_admin(open_as: OpenPage, keys: dict[str, int], admin_client: Client) -> OpenPage:
    return lambda path, **settings: open_as(admin_client, path.format(**keys), **settings)


PAGES = {
    "history": "/admin/reader/paragraph/{paragraph}/history/",
    "comparison": "/admin/reader/paragraph/{paragraph}/history/?from=1&to=3",
    "restore": "/admin/reader/paragraph/{paragraph}/history/1/restore/",
    "name": "/admin/reader/corrector/name/",
    "work": "/admin/reader/corrector/corrections/",
    "list": "/admin/reader/paragraph/",
}
# Django's own list scrolls a little by itself on a telephone.
OURS = [kind for kind in PAGES if kind != "list"]


@pytest.mark.parametrize("kind", PAGES)
def test_axe_finds_nothing_to_blame_but_what_is_django_s(open_admin: Any, kind: str):
    page = open_admin(PAGES[kind])

    assert faults(page) == []


@pytest.mark.parametrize("kind", OURS)
def test_nothing_is_wider_than_a_telephone(open_admin: Any, kind: str):
    page = open_admin(PAGES[kind], viewport={"width": 390, "height": 800})

    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("javascript", [True, False])
def test_two_versions_are_compared_and_the_first_is_restored(open_admin: Any, javascript: bool):
    page = open_admin(PAGES["history"], java_script_enabled=javascript)
    expect(page.get_by_text("<img src=x onerror=alert(1)>").first).to_be_visible()

    page.get_by_label("from version 1", exact=True).check()
    page.get_by_label("to version 3", exact=True).check()
    page.get_by_role("button", name="Compare").click()

    expect(page.get_by_role("heading", name="From version 1 to version 3")).to_be_visible()
    expect(page.locator(".comparison .changes ins")).to_have_text(["The", "names"])
    expect(page.get_by_label("from version 1", exact=True)).to_be_checked()

    page.get_by_role("link", name="Restore version 1").click()
    page.get_by_label("Reason").fill("the scan says so")
    page.get_by_role("button", name="Restore this version").click()

    expect(page.locator(".success")).to_contain_text("Version 1 was restored, and readers see it.")
    expect(page.locator(".versions > .now")).to_contain_text("the scan says so")
    page.goto("/furrow/chapter-1/")
    expect(page.locator("#p1")).to_contain_text("A first sentence calls a note.")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_name_is_chosen_and_stands_in_the_apparatus(open_admin: Any, javascript: bool):
    page = open_admin(PAGES["restore"].replace("/1/", "/2/"), java_script_enabled=javascript)
    page.get_by_role("button", name="Restore this version").click()
    expect(page.locator(".success")).to_contain_text("Version 2 was restored")

    page.goto(PAGES["name"])
    page.get_by_label("Your name in the apparatus").fill("A. <b>Reader</b>")
    page.get_by_role("button", name="Save and publish").click()

    expect(page.locator(".success")).to_contain_text("Readers see you as “A. <b>Reader</b>”.")
    page.goto("/furrow/chapter-1/apparatus/")
    expect(page.get_by_text("by an editor and A. <b>Reader</b>")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_level_of_two_texts_is_set_from_the_list(open_admin: Any, javascript: bool):
    page = open_admin(PAGES["list"], java_script_enabled=javascript)
    for row in (1, 2):
        page.locator("#result_list tbody tr").nth(row).locator("[name=_selected_action]").check()
    page.get_by_label("Action:").select_option("Set level: problematic")
    page.get_by_role("button", name="Go").click()

    expect(page.locator(".success")).to_contain_text("2 texts set to problematic, and readers see it.")
    expect(page.locator("#result_list .field-level").nth(1)).to_have_text("problematic")

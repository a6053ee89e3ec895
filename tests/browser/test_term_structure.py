"""Terms merged, split and taken back in a browser: with and without script, and with the back button."""

import re
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.browser.axe import faults
from tests.browser.conftest import OpenPage


@pytest.fixture
def keys(volume: None) -> dict[str, int]:
    """“Gosplan”, and “clerks” for a part of it: two terms that the text uses."""
    from glossary.models import Term
    from reader.models import Volume
    from reader.publishing.publish import publish_volume
    from tests.factories import make_term

    edition = Volume.objects.get()
    clerks = make_term(edition.glossary, "clerks", definition="Persons who write")
    publish_volume(edition)
    return {"term": Term.objects.get(headword="Gosplan").pk, "other": clerks.pk}


@pytest.fixture
def open_admin(open_as: OpenPage, keys: dict[str, int], admin_client: Client) -> OpenPage:
    return lambda path, **settings: open_as(admin_client, path.format(**keys), **settings)


CHANGE = "/admin/glossary/term/{term}/change/"
PAGES = {
    "merge": "/admin/glossary/term/{term}/merge/",
    "preview": "/admin/glossary/term/{term}/merge/?other={other}",
    "split": "/admin/glossary/term/{term}/split/",
    "deeds": "/admin/glossary/term/deeds/",
    "history": "/admin/glossary/term/{term}/history/",
}


def merge_by_hand(page: Page) -> None:
    page.get_by_role("link", name="Merge with another").click()
    page.get_by_label("Term that becomes part of it").select_option("clerks")
    page.get_by_role("button", name="Show what happens").click()
    expect(page.locator(".glossary-changes")).to_contain_text("goes to another term")
    page.get_by_label("Definition of both").fill("A commission, and who writes for it")
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(page.locator(".success")).to_contain_text("“clerks” became part of “Gosplan”")


@pytest.mark.parametrize("kind", PAGES)
def test_axe_finds_nothing_to_blame_but_what_is_django_s(open_admin: Any, kind: str):
    page = open_admin(PAGES[kind])

    assert faults(page) == []


@pytest.mark.parametrize("kind", PAGES)
def test_nothing_is_wider_than_a_telephone(open_admin: Any, kind: str):
    page = open_admin(PAGES[kind], viewport={"width": 390, "height": 800})

    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("javascript", [True, False])
def test_two_terms_are_merged_and_the_old_address_leads_on(open_admin: Any, javascript: bool):
    page = open_admin(CHANGE, java_script_enabled=javascript)
    merge_by_hand(page)

    page.goto("/furrow/glossary/clerks/")

    expect(page).to_have_url(ending_in("/furrow/glossary/gosplan/"))
    expect(page.locator("main")).to_contain_text("A commission, and who writes for it")


def test_a_merge_is_taken_back_and_the_back_button_does_nothing_twice(open_admin: Any):
    page = open_admin(CHANGE)
    merge_by_hand(page)
    page.get_by_role("link", name="Take it back").click()
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator(".success")).to_contain_text("Taken back, and readers see it")

    page.go_back()
    expect(page.get_by_role("alert")).to_contain_text("This was taken back already.")
    expect(page.get_by_role("button", name="Take it back")).to_have_count(0)

    page.goto("/furrow/glossary/clerks/")
    expect(page.locator("main")).to_contain_text("Persons who write")


def test_going_back_to_a_merge_says_what_became_of_the_term(open_admin: Any):
    page = open_admin(CHANGE)
    merge_by_hand(page)

    page.go_back()

    expect(page.locator(".error")).to_contain_text("not in this glossary any more")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_term_is_split_and_the_split_taken_back(open_admin: Any, javascript: bool):
    page = open_admin(CHANGE, java_script_enabled=javascript)
    page.get_by_role("link", name="Split").click()
    page.get_by_label("New headword").fill("State Planning")
    page.get_by_label("Its definition").fill("What it does")
    page.get_by_role("button", name="Show what happens").click()
    expect(page.locator(".after")).to_contain_text("What it does")
    page.get_by_role("button", name="Split", exact=True).click()
    expect(page.locator(".success")).to_contain_text("“State Planning” was split from “Gosplan”")

    page.get_by_role("link", name="Take it back").click()
    page.get_by_role("button", name="Take it back").click()

    expect(page.locator(".success")).to_contain_text("Taken back")
    page.goto("/furrow/glossary/state-planning/")
    expect(page).to_have_url(ending_in("/furrow/glossary/gosplan/"))


def test_the_second_of_two_persons_sees_what_the_first_saved(open_admin: Any):
    page = open_admin(CHANGE)
    colleague = page.context.new_page()
    colleague.goto(page.url)
    colleague.get_by_label("Definition:", exact=True).first.fill("The colleague's words")
    colleague.get_by_role("button", name="Save", exact=True).click()
    expect(colleague.locator(".success")).to_be_visible()

    page.get_by_label("Definition:", exact=True).first.fill("My words")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.locator(".saved-meanwhile ins")).to_have_text("The colleague's words")
    expect(page.get_by_label("Definition:", exact=True).first).to_have_value("My words")
    assert faults(page) == []
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".success")).to_be_visible()


def test_an_old_version_of_a_term_is_restored(open_admin: Any):
    page = open_admin(CHANGE)
    page.get_by_label("Definition:", exact=True).first.fill("Other words")
    page.get_by_label("Reason:").fill("compared with the key")
    page.get_by_role("button", name="Save and continue editing").click()
    page.get_by_role("link", name="History").click()
    expect(page.locator(".versions .reason").first).to_have_text("compared with the key")
    assert faults(page) == []
    page.get_by_role("link", name="Restore version 1").click()
    expect(page.get_by_role("button", name="Restore this version")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Restore this version").click()

    expect(page.locator(".success")).to_contain_text("Version 1 was restored")
    expect(page.locator(".versions > li")).to_have_count(3)


def ending_in(path: str) -> Any:
    return re.compile(f"{re.escape(path)}$")

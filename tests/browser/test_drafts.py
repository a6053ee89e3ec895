"""What is typed into any form of the admin survives until it was saved or thrown away on purpose."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.browser.axe import faults
from tests.browser.conftest import Held, OpenPage, wait_until

KEPT = "Object.keys(localStorage).filter(name => name.startsWith('draft ')).length"


@pytest.fixture
def term(volume: None) -> int:
    from glossary.models import Term

    return Term.objects.get(headword="Gosplan").pk


@pytest.fixture
def page(open_as: OpenPage, term: int, admin_client: Client) -> Page:
    return open_as(admin_client, f"/admin/glossary/term/{term}/change/")


def definition(page: Page) -> Any:
    return page.locator("#id_definition")


def headword(page: Page) -> Any:
    return page.locator("#id_headword")


def test_a_draft_outlives_a_save_that_was_refused(page: Page):
    address = page.url
    definition(page).fill("Half a meaning")
    headword(page).fill(" ")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".errornote")).to_be_visible()

    page.goto("/admin/")
    page.goto(address)
    expect(definition(page)).not_to_have_value("Half a meaning")
    assert faults(page) == []
    page.get_by_role("button", name="Put it back").click()

    expect(definition(page)).to_have_value("Half a meaning")
    assert page.evaluate(KEPT) == 1


def test_a_draft_that_was_saved_is_gone(page: Page):
    address = page.url
    definition(page).fill("A whole meaning")
    assert page.evaluate(KEPT) == 1

    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.locator(".messagelist .success")).to_be_visible()
    wait_until(page, f"{KEPT} === 0")
    page.goto(address)
    expect(definition(page)).to_have_value("A whole meaning")
    expect(page.get_by_role("button", name="Put it back")).to_have_count(0)


def test_a_draft_that_is_thrown_away_is_gone(page: Page):
    definition(page).fill("Half a meaning")
    page.reload()

    page.get_by_role("button", name="Throw it away").click()
    page.reload()

    expect(page.get_by_role("button", name="Put it back")).to_have_count(0)
    wait_until(page, f"{KEPT} === 0")


def test_a_login_keeps_nothing_that_is_typed(open_page: OpenPage):
    page = open_page("/admin/login/")

    page.get_by_label("Username").fill("ada")

    wait_until(page, f"{KEPT} === 0")


def test_what_was_typed_before_the_script_came_is_kept(page: Page):
    held = Held(page, "**/admin-archive/drafts*.js")
    page.reload(wait_until="commit")
    definition(page).fill("Half a meaning")
    held.release()
    page.reload()

    page.get_by_role("button", name="Put it back").click()

    expect(definition(page)).to_have_value("Half a meaning")


def test_a_draft_that_is_offered_outlives_what_is_typed_elsewhere(page: Page):
    definition(page).fill("Half a meaning")
    page.reload()
    expect(page.get_by_role("button", name="Put it back")).to_be_visible()
    headword(page).press_sequentially("s")
    page.reload()

    page.get_by_role("button", name="Put it back").click()

    expect(definition(page)).to_have_value("Half a meaning")

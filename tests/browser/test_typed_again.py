"""A login that ended while one typed, and one that began in another tab, lead back to what was typed."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import faults
from tests.browser.conftest import OpenPage, Visit

PASSWORD = "known to nobody else"


@pytest.fixture
def boss(django_user_model: Any, admin_client: Client) -> Any:
    boss = django_user_model.objects.get()
    boss.set_password(PASSWORD)
    boss.save()
    return boss


@pytest.fixture
def open_admin(open_as: OpenPage, volume: None, boss: Any, visit: Visit) -> Iterator[Callable[..., Page]]:
    """Opens a page of the admin for the boss. Chromium reports the status of pages that ask for the login."""
    client = Client()
    client.force_login(boss, backend="django.contrib.auth.backends.ModelBackend")
    yield lambda path, **settings: open_as(client, path, **settings)
    visit.complaints[:] = [said for said in visit.complaints if "403 (Forbidden)" not in said]


def paragraph_page() -> str:
    from reader.models import Paragraph

    return f"/admin/reader/paragraph/{Paragraph.objects.order_by('position')[0].pk}/change/"


def term_page() -> str:
    from glossary.models import Term

    return f"/admin/glossary/term/{Term.objects.get(headword='Gosplan').pk}/change/"


def log_in(page: Page) -> None:
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def typed_into(page: Page) -> Locator:
    return page.get_by_label("Text", exact=True)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_correction_comes_back_after_the_session_ran_out(open_admin: Any, javascript: bool):
    page = open_admin(paragraph_page(), java_script_enabled=javascript)
    mine = typed_into(page).input_value().replace("first", "last")
    typed_into(page).fill(mine)
    page.get_by_label("Reason").fill("the scan")
    page.context.clear_cookies(name="sessionid")

    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".errornote")).to_contain_text("What you typed is kept on this page")
    if javascript:
        assert faults(page) == []
    log_in(page)

    expect(page.locator(".shown-again")).to_contain_text("not saved")
    expect(typed_into(page)).to_have_value(mine)
    expect(page.get_by_label("Reason")).to_have_value("the scan")
    if javascript:
        assert faults(page) == []
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_have_text("Saved and published.")
    expect(typed_into(page)).to_have_value(mine)
    expect(page.get_by_role("button", name="Put it back")).to_be_hidden()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_correction_comes_back_after_a_login_in_another_tab(open_admin: Any, javascript: bool):
    page = open_admin(paragraph_page(), java_script_enabled=javascript)
    mine = typed_into(page).input_value().replace("first", "last")
    typed_into(page).fill(mine)
    other = page.context.new_page()
    other.goto("/admin/")
    other.get_by_role("button", name="Log out").click()
    expect(other.get_by_text("Thanks for spending")).to_be_visible()
    other.goto("/admin/")
    log_in(other)
    expect(other.get_by_role("button", name="Log out")).to_be_visible()

    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.locator(".shown-again")).to_contain_text("not saved")
    expect(typed_into(page)).to_have_value(mine)
    page.get_by_label("Reason").fill("the scan")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_have_text("Saved and published.")


def test_two_tabs_whose_session_ran_out_both_come_back(open_admin: Any):
    page = open_admin(paragraph_page())
    mine = typed_into(page).input_value().replace("first", "last")
    other = page.context.new_page()
    other.goto(term_page())
    other.locator("#id_definition").fill("Half a meaning")
    typed_into(page).fill(mine)
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save", exact=True).click()
    other.get_by_role("button", name="Save", exact=True).click()

    log_in(page)
    expect(typed_into(page)).to_have_value(mine)
    log_in(other)

    expect(other.locator("#id_definition")).to_have_value("Half a meaning")


@pytest.mark.parametrize("javascript", [True, False])
def test_what_was_typed_can_be_thrown_away(open_admin: Any, javascript: bool):
    page = open_admin(paragraph_page(), java_script_enabled=javascript)
    before = typed_into(page).input_value()
    typed_into(page).fill("Half a sen")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save", exact=True).click()
    log_in(page)

    page.on("dialog", lambda dialog: dialog.accept())
    page.locator(".shown-again").get_by_role("button", name="Throw it away").click()

    expect(typed_into(page)).to_have_value(before)
    expect(page.locator(".shown-again")).to_have_count(0)
    expect(page.get_by_role("button", name="Put it back")).to_be_hidden()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_term_comes_back_through_the_second_factor(open_admin: Any, boss: Any, javascript: bool):
    from django_otp.oath import totp
    from django_otp.plugins.otp_totp.models import TOTPDevice

    page = open_admin(term_page(), java_script_enabled=javascript)
    device = TOTPDevice.objects.create(user=boss, name="app", confirmed=True)
    page.locator("#id_definition").fill("Half a meaning")
    page.context.clear_cookies(name="sessionid")

    page.get_by_role("button", name="Save", exact=True).click()
    log_in(page)
    page.get_by_label("Code").fill(f"{totp(device.bin_key):06}")
    page.get_by_role("button", name="Go on").click()

    expect(page.locator("#id_definition")).to_have_value("Half a meaning")
    if javascript:
        assert faults(page) == []
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    page.goto(term_page())
    expect(page.locator("#id_definition")).to_have_value("Half a meaning")
    expect(page.get_by_role("button", name="Put it back")).to_have_count(0)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_replacement_comes_back_and_is_made_when_it_is_sent_again(open_admin: Any, javascript: bool):
    from reader.models import Replacement

    page = open_admin("/admin/reader/replacement/add/", java_script_enabled=javascript)
    page.get_by_label("Reading").fill("first")
    page.get_by_label("Put right as").fill("last")
    page.get_by_role("button", name="Find").click()
    page.get_by_label("Reason").fill("the scan says so")
    page.context.clear_cookies(name="sessionid")

    page.locator(".replacement-bar button").click()
    log_in(page)
    expect(page.locator(".typed-again")).to_contain_text("the scan says so")
    if javascript:
        assert faults(page) == []
    assert not Replacement.objects.exists()
    page.get_by_role("button", name="Send it again").click()

    expect(page.locator(".success")).to_contain_text("“first” was put right as “last”")
    assert Replacement.objects.get().reason == "the scan says so"

"""Works cited: ibid. says what it means where it stands, with and without script; the pages that show works."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import blamed
from tests.browser.conftest import OpenPage

CHAPTER = "/paper-harvest/chapter-1/"
WORKS = "/paper-harvest/works/"
WORK = f"{WORKS}lenin-collected-works/"


@pytest.fixture(scope="module")
def book():
    def publish():
        from django.core.management import call_command

        from tests.sources import MANIFEST

        call_command("import_volume", str(MANIFEST), verbosity=0)

    return publish


def test_ibid_says_where_it_stands_what_it_means(open_page: OpenPage):
    page = open_page(CHAPTER)
    link = page.locator("#n8 a.ref")
    expect(link).to_have_text("Ibid.")

    link.click()

    card = page.get_by_role("dialog")
    expect(card).to_contain_text("Socialism in One Country, 1924–1926")
    expect(card.locator(".bar")).to_contain_text(
        "E. H. Carr, Socialism in One Country, 1924–1926, vol. 1, p. 262"
    )
    expect(card.get_by_role("link", name="Go there")).to_have_attribute(
        "href", re.compile(f"{WORKS}#carr-socialism-in-one-country-1924-1926$")
    )


def test_ibid_is_opened_by_the_keyboard(open_page: OpenPage):
    page = open_page(CHAPTER)

    page.locator("#n8 a.ref").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("dialog")).to_contain_text("Socialism in One Country")


def test_without_script_ibid_leads_to_the_work(open_page: OpenPage):
    page = open_page(CHAPTER, java_script_enabled=False)

    page.locator("#n8 a.ref").click()

    expect(page).to_have_url(
        f"{page.url.partition('/paper')[0]}{WORKS}#carr-socialism-in-one-country-1924-1926"
    )
    expect(page.locator("h1")).to_have_text("Works cited")


def test_an_abbreviated_title_explains_itself(open_page: OpenPage):
    page = open_page(CHAPTER)

    page.locator("#n6 a.ref", has_text="CW").click()

    expect(page.get_by_role("dialog")).to_contain_text("Collected Works")


@pytest.mark.parametrize("path", [WORKS, WORK])
@pytest.mark.parametrize("width", [320, 390, 1440])
def test_the_pages_of_works_fit_and_have_no_faults(open_page: OpenPage, path: str, width: int):
    page = open_page(path, viewport={"width": width, "height": 900})

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert blamed(page) == []

"""The interface in French: chosen by the browser or the reader, with script and without, on a phone and on a desk."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import faults
from tests.browser.conftest import CHAPTER, OpenPage

PAGES = (
    *("/", CHAPTER, "/furrow/apparatus/", "/furrow/paragraph/2/", "/furrow/cite/", "/furrow/errata/"),
    *(
        "/furrow/glossary/",
        "/furrow/glossary/gosplan/",
        "/furrow/persons/",
        "/furrow/works/",
        "/furrow/years/",
    ),
    *("/furrow/search/?q=clerks", "/furrow/search/?q=zyzzyva", "/marks/"),
)
PHONE, DESK = {"width": 320, "height": 640}, {"width": 1280, "height": 800}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_in_french_has_no_fault_and_fits_a_phone(open_page: OpenPage, path: str) -> None:
    page = open_page(path, locale="fr-FR", viewport=PHONE)

    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert faults(page) == []
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    assert page.evaluate("document.documentElement.scrollWidth") <= DESK["width"]


@pytest.mark.parametrize("with_script", [True, False])
def test_a_reader_chooses_the_language_and_goes_on_reading(open_page: OpenPage, with_script: bool) -> None:
    page = open_page(f"{CHAPTER}?from=here#p2", locale="en-GB", java_script_enabled=with_script)
    foot = page.get_by_role("contentinfo")

    foot.get_by_role("link", name="Français").click()
    expect(page).to_have_url(re.compile(re.escape(f"{CHAPTER}?from=here") + ("#p2$" if with_script else "$")))
    expect(page.get_by_role("link", name="Glossaire", exact=True)).to_be_visible()
    page.goto("/furrow/glossary/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Glossaire")
    page.get_by_role("contentinfo").get_by_role("link", name="celle du navigateur").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Glossary")


def test_a_page_read_before_the_choice_is_in_the_chosen_language_again(
    open_page: OpenPage,
) -> None:
    page = open_page("/furrow/glossary/", locale="en-GB")
    page.goto(CHAPTER)
    page.get_by_role("contentinfo").get_by_role("link", name="Français").click()
    expect(page.get_by_role("link", name="Glossaire", exact=True)).to_be_visible()

    page.reload()
    page.goto("/furrow/glossary/")

    expect(page.get_by_role("heading", level=1)).to_have_text("Glossaire")


def test_scripts_and_popovers_speak_the_language_and_the_text_its_own(open_page: OpenPage) -> None:
    page = open_page(CHAPTER, locale="fr-FR", viewport=DESK)

    page.locator(".text a.t").first.click()
    popover = page.locator("[popover]:popover-open")
    expect(popover).to_be_visible()
    expect(popover.get_by_role("button", name="Fermer")).to_be_visible()
    assert popover.locator("dfn").first.evaluate("e => e.closest('[lang]').lang") == "en"

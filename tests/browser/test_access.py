"""Accessibility of every kind of page: axe, themes, sizes, and preferences of the system."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import blamed
from tests.browser.conftest import CHAPTER, OpenPage


@pytest.mark.parametrize("theme", ["light", "sepia", "dark"])
def test_axe_finds_nothing_to_blame_in_a_chosen_theme_with_a_note_open(open_page: OpenPage, theme: str):
    page = open_page(CHAPTER, viewport={"width": 1100, "height": 800})
    page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
    page.locator("#r1").click()
    expect(page.get_by_role("dialog")).to_be_visible()

    assert blamed(page) == []


def test_a_page_follows_the_system_until_a_theme_is_chosen(open_page: OpenPage):
    page = open_page(CHAPTER, color_scheme="light")
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(paper)

    page.emulate_media(color_scheme="dark")

    assert page.evaluate(paper) != light


@pytest.mark.parametrize(("system", "chosen"), [("light", "dark"), ("dark", "light"), ("dark", "sepia")])
def test_a_chosen_theme_holds_against_the_system_s(open_page: OpenPage, system: str, chosen: str):
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    page = open_page(CHAPTER, color_scheme=system)
    followed = page.evaluate(paper)

    page.get_by_role("button", name="Theme, text size, terms").click()
    page.get_by_label(chosen.capitalize(), exact=True).check()
    held = page.evaluate(paper)
    page.reload()

    assert held != followed
    assert page.evaluate(paper) == held
    page.emulate_media(color_scheme="light" if system == "dark" else "dark")
    assert page.evaluate(paper) == held


@pytest.mark.parametrize("theme", ["", "dark"])
def test_no_dark_colour_comes_to_paper(open_page: OpenPage, theme: str):
    page = open_page(CHAPTER, color_scheme="dark")
    page.evaluate("theme => theme && (document.documentElement.dataset.theme = theme)", theme)
    raised = "getComputedStyle(document.querySelector('input[type=search]')).backgroundColor"
    expect(page.locator("input[type=search]")).to_have_css("background-color", "rgb(33, 31, 28)")

    page.emulate_media(media="print", color_scheme="dark")

    assert page.evaluate(raised) == "rgb(255, 254, 251)"


def test_colours_need_no_function_of_newer_browsers():
    from django.conf import settings

    sheets = (settings.BASE_DIR / "static" / "css").glob("*.css")

    assert [
        sheet.name for sheet in sheets if re.search(r": .*(light-dark|color-mix|oklch)\(", sheet.read_text())
    ] == []


def test_a_chosen_theme_and_size_are_remembered(open_page: OpenPage):
    page = open_page(CHAPTER, color_scheme="light")

    page.get_by_role("button", name="Theme, text size, terms").click()
    page.get_by_label("Sepia").check()
    page.get_by_label("Largest").check()
    page.goto("/furrow/glossary/")

    expect(page.locator("html")).to_have_attribute("data-theme", "sepia")
    expect(page.locator("html")).to_have_attribute("data-size", "largest")
    page.get_by_role("button", name="Theme, text size, terms").click()
    expect(page.get_by_label("Sepia")).to_be_checked()
    page.get_by_label("As the system").check()
    page.reload()
    expect(page.locator("html")).not_to_have_attribute("data-theme", "sepia")


def test_a_larger_text_is_larger_and_keeps_its_measure(open_page: OpenPage):
    page = open_page(CHAPTER, viewport={"width": 1920, "height": 1000})
    characters = "p => p.textContent.length / (p.offsetHeight / parseFloat(getComputedStyle(p).lineHeight))"
    before = page.locator("#p5").evaluate(characters)

    page.evaluate("document.documentElement.dataset.size = 'largest'")

    assert page.locator("#p5").evaluate("p => parseFloat(getComputedStyle(p).fontSize)") > 28
    assert abs(page.locator("#p5").evaluate(characters) - before) < 5


def test_nothing_moves_where_less_motion_is_asked_for(open_page: OpenPage):
    page = open_page(CHAPTER, viewport={"width": 1100, "height": 800}, reduced_motion="reduce")

    page.locator("#r1").click()

    assert page.get_by_role("dialog").evaluate("note => getComputedStyle(note).transitionDuration") == "0s"


def test_more_contrast_is_given_where_it_is_asked_for(open_page: OpenPage):
    page = open_page(CHAPTER, color_scheme="light", contrast="more")

    assert page.evaluate("getComputedStyle(document.documentElement).color") == "rgb(0, 0, 0)"


def test_the_current_chapter_is_marked_without_colours(open_page: OpenPage):
    page = open_page(CHAPTER, viewport={"width": 1280, "height": 900}, forced_colors="active")

    current = page.get_by_role("navigation", name="Contents").locator("[aria-current=page]")

    expect(current).to_have_css("text-decoration-line", "underline")


def test_every_control_is_large_enough_for_a_finger(open_page: OpenPage):
    page = open_page(CHAPTER, viewport={"width": 360, "height": 740})

    small = page.evaluate(
        """[...document.querySelectorAll(
            "header a:not(.noteref), button, .running a, .turn a, input:not([type=radio])")]
            .filter(control => control.checkVisibility())
            .map(control => control.getBoundingClientRect())
            .filter(({width, height}) => width < 24 || height < 24).length"""
    )

    assert small == 0


def test_a_chapter_loads_less_than_fifty_thousand_bytes_of_style_and_script(open_page: OpenPage):
    page = open_page(CHAPTER)
    page.wait_for_load_state("networkidle")

    names = page.evaluate(
        """performance.getEntriesByType("resource").map(({name}) => name).filter((name) => /\\.(css|js)$/.test(name))"""
    )
    files = [page.request.get(name).text() for name in names]
    # As they are published, each import names a file with its digest.
    imports = sum(len(re.findall(r'\bfrom "\./|\bimport\("\./', text)) for text in files)
    total = sum(len(text.encode()) for text in files) + imports * len(".0123456789ab")

    assert 20_000 < total < 50_000, total

"""What scripts say in a page that is not English: here in a page of the small volume that is given the words."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import CHAPTER

DESK = {"viewport": {"width": 1100, "height": 900}}


@pytest.fixture
def open_in_french(open_context: Callable[..., BrowserContext], volume: None) -> Callable[[str], Page]:
    """Opens a page of readers that has the words of its scripts in French."""
    from django.utils.translation import override

    from reader.templatetags.languages import script_words

    with override("fr"):
        words = script_words()

    def in_french(route: Route) -> None:
        answer = route.fetch()
        html = (
            answer.text().replace('<html lang="en"', '<html lang="fr"').replace("</head>", f"{words}</head>")
        )
        route.fulfill(response=answer, body=html)

    def opened(path: str) -> Page:
        context = open_context(**DESK)
        page = context.new_page()
        page.route(f"**{path}", in_french)
        page.goto(path)
        return page

    return opened


def sign(page: Page, selector: str, pseudo: str = "::before") -> Any:
    return page.locator(selector).first.evaluate(f"element => getComputedStyle(element, '{pseudo}').content")


def test_a_popover_has_its_buttons_and_ways_in_french(open_in_french: Callable[[str], Page]):
    page = open_in_french(CHAPTER)

    page.locator("#r1").click()

    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Épingler")).to_be_visible()
    expect(dialog.get_by_role("button", name="Fermer")).to_be_visible()
    expect(dialog.get_by_role("link", name="Y aller")).to_be_visible()
    assert '"épingler"' in sign(page, ".gloss .bar button")
    assert '"×"' in sign(page, ".gloss .bar button + button")


def test_a_term_is_heard_as_explained_in_french(open_in_french: Callable[[str], Page]):
    page = open_in_french(CHAPTER)

    page.locator("#p1 .t").click()

    assert '", expliqué"' in sign(page, "#p1 .t", "::after")
    expect(page.get_by_role("link", name="Article du glossaire")).to_be_visible()


def test_a_mark_is_made_in_french_and_kept_in_english(open_in_french: Callable[[str], Page]):
    page = open_in_french(CHAPTER)
    page.locator("#p1").evaluate("element => getSelection().selectAllChildren(element)")

    page.get_by_role("button", name="Marquer").click()
    expect(page.get_by_role("heading", name="Votre marque")).to_be_visible()
    page.get_by_role("button", name="Enregistrer").click()

    expect(page.get_by_role("button", name="Votre marque sur «")).to_have_count(1)
    [mark] = json.loads(page.evaluate("localStorage.marks"))
    assert mark["label"].endswith("paragraph 1")


def test_marks_are_counted_and_named_in_french(open_in_french: Callable[[str], Page]):
    page = open_in_french("/marks/")
    target = {
        "source": f"{page.url.removesuffix('/marks/')}/furrow/paragraph/1/",
        "selector": [{"type": "TextQuoteSelector", "exact": "words"}],
    }
    mark = {
        "id": "urn:1",
        "type": "Annotation",
        "label": "A book, A chapter, paragraph 1",
        "target": [target],
    }
    page.evaluate("marks => localStorage.setItem('marks', marks)", json.dumps([mark]))
    page.reload()

    expect(page.locator(".total")).to_have_text("1 marque")
    expect(page.get_by_role("link", name="A book, A chapter, paragraphe 1")).to_be_visible()
    page.get_by_role("searchbox").fill("zyzzyva")
    expect(page.locator(".total")).to_have_text("0 sur 1 marque")
    page.get_by_role("searchbox").fill("")
    page.get_by_role("button", name="Retirer : words").click()
    expect(page.locator("#said")).to_have_text("La marque a été retirée.")

"""Text that could break a page is shown as text, and the layout holds."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage

WORD = "W" * 10_000
LONG = "W" * 500  # elsewhere: a busy Chromium needs seconds to break a longer word into lines
OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"
HOSTILE = (
    "<script>document.title = 'taken'</script> &amp; &#60;b&#62; <img src=x onerror=alert(1)>"
    f" {OVERRIDE}turned[^1] \N{RIGHT-TO-LEFT ISOLATE}and never closed \N{HEBREW LETTER ALEF}."
)
CHAPTER = "/hostile/chapter-1/"


def publish_hostile() -> None:
    from glossary.models import Glossary
    from reader.models import PageBreak, Volume
    from reader.publishing.publish import publish_volume
    from tests.browser.furrow import annotate, division, term, write

    glossary = Glossary.objects.create(name="Hostile")
    term(glossary, "NEP", f"<b>{HOSTILE} {LONG}")
    volume = Volume.objects.create(
        slug="hostile",
        title=f"{HOSTILE} {LONG}"[:300],
        author=f"<i>{OVERRIDE}author</i>",
        publisher="'\">",
        year=1931,
        language="en",
        glossary=glossary,
    )
    part = division(volume, 1, "part", "1", f"{OVERRIDE}{'P' * 200}", "part-1")
    chapter = division(volume, 2, "chapter", "1", f"{HOSTILE}{'H' * 200}", "chapter-1", part, page="9" * 20)
    section = division(volume, 3, "section", "I" * 20, "S" * 300, "chapter-1-i", chapter)
    division(volume, 4, "chapter", "2", "N" * 300, "chapter-2", part)
    for division_ in (chapter, section):
        write(volume, division_, f"{HOSTILE} {LONG} NEP")
        write(volume, division_, f"{HOSTILE} {LONG}", kind="quotation")
        write(volume, division_, f"^ {LONG}\n! A | B\n| {LONG} | 12", kind="table")
        write(volume, division_, f"{LONG}   {HOSTILE}", kind="table")
    write(volume, chapter, f"{WORD} is a word.")
    write(volume, section, f"A page with {{p. {'9' * 20}}} a long name.")
    annotate(chapter, 1, f"{HOSTILE} {LONG}")
    PageBreak.objects.create(volume=volume, n="9" * 20, position=1, certainty="attested", division=chapter)
    publish_volume(volume)


@pytest.fixture(scope="module")
def book() -> Callable[[], object]:
    return publish_hostile


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_the_layout_holds(open_page: OpenPage, width: int):
    page = open_page(CHAPTER, viewport={"width": width, "height": 800})
    page.locator("#h-chapter-1-i").evaluate("heading => heading.scrollIntoView()")

    assert page.evaluate("document.documentElement.scrollWidth === document.documentElement.clientWidth")
    outside = page.evaluate(
        """[...document.querySelectorAll("body *")].filter(element => element.checkVisibility()
            && !element.closest(".skip, .where, [popover], .pagebreak, pre, [role=region], .unseen"))
            .filter(element => element.getBoundingClientRect().right > document.documentElement.clientWidth + 16)
            .map(element => element.outerHTML.slice(0, 80))"""
    )
    assert outside == []
    assert page.locator(".running").evaluate("bar => bar.offsetHeight") < 60


def test_markup_in_a_text_is_shown_as_text(open_page: OpenPage):
    page = open_page(CHAPTER)

    expect(page.locator("#p1")).to_contain_text("<script>document.title = 'taken'</script> &amp; &#60;b&#62;")
    expect(page.locator("main script, main img")).to_have_count(0)
    assert "taken'" in page.title()


def test_an_override_turns_no_number_around(open_page: OpenPage):
    page = open_page(CHAPTER)

    expect(page.locator("#p1 .noteref")).to_have_css("unicode-bidi", "isolate")
    expect(page.locator(".where span").first).to_have_css("unicode-bidi", "isolate")


@pytest.mark.parametrize("width", [360, 1280])
def test_a_popover_with_hostile_text_stays_in_the_window(open_page: OpenPage, width: int):
    page = open_page(CHAPTER, viewport={"width": width, "height": 800})

    page.locator("#p1 .t").evaluate("link => link.click()")
    shown = page.get_by_role("dialog")

    expect(shown).to_be_visible()
    assert shown.evaluate("note => note.getBoundingClientRect().right <= innerWidth")
    assert shown.evaluate("note => note.scrollWidth <= note.clientWidth")

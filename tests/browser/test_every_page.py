"""Every kind of public page, opened once in a run, narrow and wide, light and dark; the tests check the notes taken."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.axe import blamed
from tests.browser.conftest import CHAPTER, Shelf, Visit
from tests.browser.test_apparatus import publish_readings
from tests.browser.test_glossary import add_senses

ENTRY = "/furrow/glossary/gosplan/"
# Chapters and parts are loaded at each width, because a script moves their notes and contents.
MOVED = (CHAPTER, "/furrow/chapter-2/", "/furrow/part-1/")
PAGES = (
    *("/", "/furrow/", *MOVED, "/furrow/p/44", "/furrow/p/2"),
    *(
        "/furrow/paragraph/1/",
        "/furrow/paragraph/2/",
        "/furrow/paragraph/2/r1/",
        f"{CHAPTER}note/3/",
        "/furrow/cite/",
        f"{CHAPTER}cite/",
    ),
    *("/furrow/apparatus/", f"{CHAPTER}apparatus/"),
    "/furrow/errata/",
    "/marks/",
    *("/furrow/years/", "/furrow/years/1922/"),
    "/furrow/works/",
    *("/furrow/persons/", "/furrow/persons/?q=zyzzyva"),
    *("/furrow/glossary/", "/furrow/glossary/?q=council", "/furrow/glossary/?q=zyzzyva"),
    *(
        "/furrow/glossary/used/",
        "/furrow/glossary/by-chapter/",
        ENTRY,
        "/furrow/glossary/cld/",
        "/furrow/glossary/sto/",
    ),
    *(f"{ENTRY}concordance/", "/furrow/glossary/cld/concordance/?sort=left"),
    *(
        "/furrow/search/?q=",
        "/furrow/search/?q=clerks",
        "/furrow/search/?q=counted",
        "/furrow/search/?q=zyzzyva",
    ),
    *(
        "/furrow/search/?q=gosplna",
        "/furrow/search/?q=%22carts+province%22",
        f"/furrow/search/?q={'x' * 280}",
    ),
)
WIDTHS = (320, 360, 768, 1280, 1920)
LOADED_AT = (360, 1280)
OF_ITS_OWN = "style, [style], script:not([src], [type='application/ld+json']), [onclick], [onload]"
# The layout shifts so far; the browser reports a shift with the next frames.
SHIFT = """new Promise(done => {
    let sum = 0;
    const observer = new PerformanceObserver(list => { for (const {value} of list.getEntries()) sum += value; });
    observer.observe({type: "layout-shift", buffered: true});
    const frames = n => n ? requestAnimationFrame(() => frames(n - 1)) : setTimeout(() => {
        for (const {value} of observer.takeRecords()) sum += value;
        done(sum);
    });
    frames(4);
})"""


@dataclass
class Seen:
    """The notes taken of a page."""

    status: int = 0
    blamed: list[tuple[str, str]] = field(default_factory=list)
    of_its_own: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    shifts: dict[int, float] = field(default_factory=dict)
    too_wide: list[int] = field(default_factory=list)


def publish_everything() -> None:
    publish_readings()
    add_senses()


@pytest.fixture(scope="module")
def book() -> Callable[[], object]:
    return publish_everything


@pytest.fixture(scope="module")
def pages(chromium: Browser, server: str, shelf: Shelf, django_db_blocker: Any) -> dict[str, Seen]:
    from django.test import modify_settings, override_settings

    with (
        django_db_blocker.unblock(),
        override_settings(REPORT_ADDRESS="editors@archive.example"),
        modify_settings(ALLOWED_HOSTS={"append": "localhost"}),
    ):
        shelf.put_up()
        context = chromium.new_context(base_url=server)
        visit = Visit(server)
        context.on("page", visit.listen)
        page = context.new_page()
        seen = {path: look_at(page, visit, path) for path in PAGES}
        context.close()
    return seen


def look_at(page: Page, visit: Visit, path: str) -> Seen:
    seen = Seen()
    visit.complaints, visit.strangers = seen.complaints, seen.strangers
    for width in WIDTHS if path in MOVED else LOADED_AT:
        page.set_viewport_size({"width": width, "height": 1000})
        answer = page.goto(path)
        assert answer is not None
        seen.shifts[width] = page.evaluate(SHIFT)
        if width == 360:
            seen.status = answer.status
            seen.of_its_own = page.evaluate(
                """([html, selector]) => [...new DOMParser().parseFromString(html, "text/html")
                    .querySelectorAll(selector)].map(({outerHTML}) => outerHTML)""",
                [answer.text(), OF_ITS_OWN],
            )
            open_details(page)
            seen.blamed += blamed(page)
    open_details(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            seen.too_wide.append(width)
    page.set_viewport_size({"width": 1280, "height": 900})
    seen.blamed += blamed(page, runOnly=["color-contrast"])
    page.emulate_media(color_scheme="dark")
    seen.blamed += blamed(page)
    page.emulate_media(color_scheme="light")
    page.evaluate("localStorage.clear()")
    return seen


def open_details(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")


def test_every_page_is_there(pages: dict[str, Seen]) -> None:
    assert {path: seen.status for path, seen in pages.items() if seen.status != 200} == {}


def test_axe_finds_nothing_to_blame_on_any_page(pages: dict[str, Seen]) -> None:
    assert {path: seen.blamed for path, seen in pages.items() if seen.blamed} == {}


def test_no_page_asks_another_host(pages: dict[str, Seen]) -> None:
    assert {path: seen.strangers for path, seen in pages.items() if seen.strangers} == {}


def test_no_page_asks_for_anything_that_is_refused_or_complains(pages: dict[str, Seen]) -> None:
    assert {path: seen.complaints for path, seen in pages.items() if seen.complaints} == {}


def test_no_page_carries_a_style_or_a_script_of_its_own(pages: dict[str, Seen]) -> None:
    assert {path: seen.of_its_own for path, seen in pages.items() if seen.of_its_own} == {}


def test_no_page_shifts_while_it_loads(pages: dict[str, Seen]) -> None:
    """A score of 0.1 is good; on a busy machine the filter of the glossary came late once, and moved it by 0.0006."""
    assert {path: seen.shifts for path, seen in pages.items() if max(seen.shifts.values()) >= 0.001} == {}


def test_no_page_is_wider_than_the_window(pages: dict[str, Seen]) -> None:
    assert {path: seen.too_wide for path, seen in pages.items() if seen.too_wide} == {}

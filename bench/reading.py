"""Measure the page on which a chapter is read through: python -m bench.reading [MANIFEST [WITNESSES]].

Prints, for the chapter with the most texts, the statements, seconds and bytes of its page; then what it takes to put
ten faults right that a person sees while reading, each by a double click on its word, and to mark twenty texts as read.
"""

import gzip
import shutil
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.served import SAMPLE, served
from tests.browser.conftest import FLAGS, PROGRAMS

FAULTS, READ, RUNS = 10, 20, 5
PASSWORD = "a phrase of the measurement"
# The middle of the longest word of a text's first line, or nothing where it has none.
MIDDLE = """(anchor) => {
    const article = document.getElementById(anchor);
    article.scrollIntoView({block: "center"});
    const walker = document.createTreeWalker(article.querySelector(".text"), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode;
        const word = text.data.match(/[a-z]{6,}/);
        if (!word) continue;
        const range = document.createRange();
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        const {x, y, width, height} = range.getClientRects()[0];
        return [x + width / 2, y + height / 2];
    }
}"""


def log_in(page: Page) -> None:
    """Make an account, and log in."""
    from django.contrib.auth.models import User

    User.objects.create_superuser("measurer", password=PASSWORD)
    page.goto("/admin/")
    page.get_by_label("Username").fill("measurer")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")


def measure_page(chapter: Any) -> None:
    """Print the statements, seconds and bytes of the chapter's page."""
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(), backend="django.contrib.auth.backends.ModelBackend")
    url = reverse("admin:reader_division_reading", args=[chapter.pk])
    client.get(url)
    seconds = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        with CaptureQueriesContext(connection) as made:
            page = client.get(url).content
        seconds.append(time.perf_counter() - begun)
    print(f"{len(made)} statements, {statistics.median(seconds):.2f} s (median of {RUNS})")
    print(f"{len(page):,} bytes, {len(gzip.compress(page)):,} compressed")


def put_right(page: Page, anchors: list[str]) -> None:
    """Put a word right in each of these texts, and print what it took."""
    clicks = keys = 0
    begun = time.perf_counter()
    for anchor in anchors:
        page.mouse.dblclick(*page.evaluate(MIDDLE, anchor))
        page.locator(f"#{anchor} [name=typed]:focus").wait_for()
        page.keyboard.type("righted")
        if not page.locator(f"#{anchor} [name=reason]").input_value():  # once a session: it is offered again
            page.locator(f"#{anchor} [name=reason]").fill("as the source reads")
        page.keyboard.press("Control+Enter")
        page.locator(f"#{anchor}:focus .text").wait_for()
        clicks, keys = clicks + 1, keys + 1
    taken = time.perf_counter() - begun
    print(
        f"{len(anchors)} faults: {clicks} double clicks, {keys} presses of Ctrl+Enter, the letters of 10 words;"
    )
    print(f"{taken:.1f} s of browser and server, {taken / len(anchors):.2f} s each")


def mark_as_read(page: Page, count: int) -> None:
    """Mark texts as read, each with one key, and print what it took."""
    begun = time.perf_counter()
    for _ in range(count):
        here = page.evaluate("document.activeElement.id")
        page.keyboard.press("r")
        page.locator(f"#texts article:focus:not(#{here})").wait_for()
    taken = time.perf_counter() - begun
    print(f"{count} texts read: {count} keys, {taken:.1f} s, {taken / count:.2f} s each")


def main() -> None:
    """Print the figures."""
    arguments = [Path(argument) for argument in sys.argv[1:]]
    manifest = arguments[0] if arguments else SAMPLE
    witnesses = arguments[1] if len(arguments) > 1 else None
    with served(manifest, witnesses) as (address, _), sync_playwright() as playwright:
        from django.db import connections

        from reader.correction.reading import Reading, anchor_of, shares_of
        from reader.models import Volume

        executable = next(filter(None, map(shutil.which, PROGRAMS)), None)
        browser = playwright.chromium.launch(executable_path=executable, args=[*FLAGS, "--no-sandbox"])
        page = browser.new_page(base_url=address, viewport={"width": 1440, "height": 900})
        log_in(page)
        volume = Volume.objects.get()
        chapter = max(shares_of([volume])[volume], key=lambda share: share.total).chapter
        reading = Reading(chapter)
        print(f"{volume}, “{chapter}”: {reading.total} texts")
        measure_page(chapter)
        page.goto(f"/admin/reader/division/{chapter.pk}/reading/")
        prose = [anchor_of(text) for text in reading.texts if getattr(text, "kind", "") == "prose"]
        put_right(page, prose[:: max(1, len(prose) // FAULTS)][:FAULTS])
        page.locator(f"#{prose[0]}").focus()
        mark_as_read(page, min(READ, reading.total - 1))
        browser.close()
        connections.close_all()  # while Playwright's loop runs, Django keeps connections of their own for this thread


if __name__ == "__main__":
    main()

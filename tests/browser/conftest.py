"""A real browser, Debian's Chromium, on a small volume that is served by the test itself."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

# Keeps Chromium from calling its maker.
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)

# Debian packages the same Chromium twice. The shell opens no windows, and a new page takes it a quarter of the time.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser")

CHAPTER = "/furrow/chapter-1/"


@pytest.fixture(scope="session", autouse=True)
def static_root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An empty place for collected files: the tests see those of the checkout, never what was collected before."""
    # Imported here, and so below, because pytest reads this file before Django has its settings.
    from django.test import override_settings

    with override_settings(STATIC_ROOT=str(tmp_path_factory.mktemp("static"))):
        yield


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    executable = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if executable is None:
        reason = "Chromium is not installed, and browser tests need it"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else [*FLAGS]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=flags)
        yield browser
        browser.close()


@dataclass
class Visit:
    """What the pages of a test said and asked for while they were read."""

    base: str
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._ask)

    def _note(self, kind: str, text: str) -> None:
        # That a save is refused with 409 is an answer.
        if kind in ("error", "warning") and "409 (Conflict)" not in text:
            self.complaints.append(text)

    def _ask(self, request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.base).netloc:
            self.strangers.append(request.url)


OpenPage = Callable[..., Page]


def wait_until(page: Page, expression: str) -> None:
    """Wait until the JavaScript expression is true, for ten seconds at most, once a frame.

    Playwright's own wait_for_function() evaluates strings in the page, which the archive's pages refuse.
    """
    page.evaluate(
        f"""async () => {{
            const end = performance.now() + 10_000;
            while (!({expression})) {{
                if (performance.now() > end) throw new Error({expression!r} + " did not come true");
                await new Promise(requestAnimationFrame);
            }}
        }}"""
    )


@pytest.fixture
def visit(live_server: Any) -> Visit:
    return Visit(live_server.url)


@pytest.fixture
def open_context(chromium: Browser, visit: Visit) -> Iterator[Callable[..., BrowserContext]]:
    """Makes a new browser, set up as is said; what its pages complain of and whom they ask is seen at the end."""
    contexts = []

    def opened(**settings: Any) -> BrowserContext:
        context = chromium.new_context(base_url=visit.base, **settings)
        contexts.append(context)
        context.set_default_timeout(10_000)
        context.on("page", visit.listen)
        return context

    yield opened
    for context in contexts:
        context.close()
    assert visit.complaints == []
    assert visit.strangers == []


@pytest.fixture
def open_page(open_context: Callable[..., BrowserContext], volume: None) -> OpenPage:
    """Opens an address in a new browser; what is said besides the path is how that browser is set up."""

    def opened(path: str, **settings: Any) -> Page:
        page = open_context(**settings).new_page()
        page.goto(path)
        return page

    return opened


@pytest.fixture
def open_as(open_context: Callable[..., BrowserContext], visit: Visit) -> OpenPage:
    """Opens an address in a new browser that is logged in as a test client is."""

    def opened(client: Any, path: str, **settings: Any) -> Page:
        context = open_context(**settings)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": visit.base}])
        page = context.new_page()
        page.goto(path)
        return page

    return opened


@pytest.fixture
def volume(transactional_db: None) -> None:
    from tests.browser.furrow import publish_furrow
    from tests.browser.snapshot import keep_or_put_back

    keep_or_put_back(publish_furrow)

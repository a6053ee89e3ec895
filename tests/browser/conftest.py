"""A real browser, Debian's Chromium, on a small volume that the test itself serves.

Tests that only read share a server and a volume, and leave both unchanged. A test that writes to the database
asks for ``transactional_db`` (``open_as`` does this for the test): afterwards the database is emptied, and the volume
restored for the next test. A module with another volume has a fixture ``book`` of its own.
"""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, expect, sync_playwright

# Keeps Chromium from contacting Google.
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)

# Debian packages Chromium twice. The shell opens no windows, and opens a page in a quarter of the time.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser")

CHAPTER = "/furrow/chapter-1/"

# What a page has to show comes within this time: milliseconds. A busy machine takes seconds for what is there at once
# otherwise (a save, the importer's first look at a language), and a test that passes waits no longer for it.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session", autouse=True)
def static_root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An empty folder for collected files: the tests see the checkout's files, never files collected before."""
    # Imported here, as in other fixtures below, because pytest reads this file before Django has its settings.
    from django.test import override_settings

    with override_settings(STATIC_ROOT=str(tmp_path_factory.mktemp("static"))):
        yield


@pytest.fixture(scope="session")
def chromium(server: str) -> Iterator[Browser]:
    from django.db import connections

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
        # While Playwright's loop runs, Django keeps connections of their own for this thread.
        connections.close_all()


@dataclass
class Visit:
    """The messages and requests of the pages that a test opened."""

    base: str
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._ask)

    def _note(self, kind: str, text: str) -> None:
        # A save refused with 409 is a valid answer.
        if kind in ("error", "warning") and "409 (Conflict)" not in text:
            self.complaints.append(text)

    def _ask(self, request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.base).netloc:
            self.strangers.append(request.url)


OpenPage = Callable[..., Page]


def wait_until(page: Page, expression: str) -> None:
    """Wait until the JavaScript expression is true, for `PATIENCE` at most; it is asked once a frame.

    Playwright's own wait_for_function() evaluates strings in the page, which the archive's pages refuse.
    """
    page.evaluate(
        f"""async () => {{
            const end = performance.now() + {PATIENCE};
            while (!({expression})) {{
                if (performance.now() > end) throw new Error({expression!r} + " did not come true");
                await new Promise(requestAnimationFrame);
            }}
        }}"""
    )


def press(page: Page, key: str) -> None:
    """Press a key once the page that has just come has run its scripts: until then no script hears it."""
    page.wait_for_load_state()
    page.keyboard.press(key)


class Held:
    """What a page asks for at an address, held back: as on a slow network, but for as long as the test wants."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.routes: list[Route] = []
        self.is_released = False
        page.route(address, self._hold)

    def _hold(self, route: Route) -> None:
        if self.is_released:
            route.continue_()
        else:
            self.routes.append(route)

    def wait(self, number: int = 1) -> None:
        """Wait until so many requests have come, for `PATIENCE` at most."""
        end = time.monotonic() + PATIENCE / 1000
        while len(self.routes) < number:
            assert time.monotonic() < end, f"{len(self.routes)} requests came, not {number}"
            self.page.context.cookies()  # Playwright hears of requests while it is asked something

    def release(self) -> None:
        """Let all of it come, once something was asked for; return when a script that came has run."""
        self.wait()
        self.is_released = True
        for route in self.routes:
            route.continue_()
            if route.request.resource_type == "script":
                self.page.evaluate("address => import(address).then(() => {})", route.request.url)
        self.page.wait_for_load_state()

    def fail(self) -> None:
        """Let nothing of it come: the network is gone."""
        self.is_released = True
        for route in self.routes:
            route.abort()


@pytest.fixture(scope="session")
def server(django_db_setup: None) -> Iterator[str]:
    """The address of a server in this process, which answers each request in a thread of its own."""
    from pytest_django.live_server_helper import LiveServer

    started = LiveServer("localhost")
    yield started.url
    started.stop()
    for (
        thread
    ) in threading.enumerate():  # a browser that has just closed may have left threads with connections
        if "process_request_thread" in thread.name:
            thread.join(timeout=10)


@pytest.fixture
def visit(server: str) -> Iterator[Visit]:
    from django.test import modify_settings

    with modify_settings(ALLOWED_HOSTS={"append": "localhost"}):
        yield Visit(server)


@pytest.fixture
def open_context(chromium: Browser, visit: Visit) -> Iterator[Callable[..., BrowserContext]]:
    """Makes a new browser with the given options; checks its pages' complaints and requests at the end."""
    contexts = []

    def opened(**settings: Any) -> BrowserContext:
        context = chromium.new_context(base_url=visit.base, **settings)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("page", visit.listen)
        return context

    yield opened
    for context in contexts:
        context.close()
    assert visit.complaints == []
    assert visit.strangers == []


@pytest.fixture
def open_page(open_context: Callable[..., BrowserContext], volume: None) -> OpenPage:
    """Opens an address in a new browser; arguments after the path set up the browser."""

    def opened(path: str, **settings: Any) -> Page:
        page = open_context(**settings).new_page()
        page.goto(path)
        return page

    return opened


@pytest.fixture
def open_as(open_context: Callable[..., BrowserContext], visit: Visit, transactional_db: None) -> OpenPage:
    """Opens an address in a new browser with the login of a test client."""

    def opened(client: Any, path: str, **settings: Any) -> Page:
        context = open_context(**settings)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": visit.base}])
        page = context.new_page()
        page.goto(path)
        return page

    return opened


@pytest.fixture(scope="module")
def book() -> Callable[[], object]:
    """Makes and publishes the volume of a module's tests."""
    from tests.browser.furrow import publish_furrow

    return publish_furrow


class Shelf:
    """The volume of a module's tests: made once, with its rows kept; without the volume the database is empty."""

    def __init__(self, book: Callable[[], object]) -> None:
        self.book = book
        self.stands = False
        self._rows: Any = None

    def put_up(self) -> None:
        from tests.made_once import Rows

        if self._rows:
            self._rows.put_back()
        else:
            self.book()
            self._rows = Rows.keep()
        self.stands = True

    def take_down(self) -> None:
        self._rows.remove()
        self.stands = False


@pytest.fixture(scope="module")
def shelf(book: Callable[[], object], django_db_setup: None, django_db_blocker: Any) -> Iterator[Shelf]:
    shelf = Shelf(book)
    yield shelf
    if shelf.stands:
        with django_db_blocker.unblock():
            shelf.take_down()


@pytest.fixture
def volume(request: pytest.FixtureRequest, shelf: Shelf, django_db_blocker: Any) -> Iterator[None]:
    """The module's volume as it was made; a reading test cannot write by mistake."""
    from django.db import connection

    is_emptied = "transactional_db" in request.fixturenames
    if is_emptied:
        request.getfixturevalue("transactional_db")
    with django_db_blocker.unblock():
        if not shelf.stands:
            shelf.put_up()
        if is_emptied:
            yield
            shelf.stands = False
        else:
            with connection.cursor() as cursor:
                cursor.execute("SET default_transaction_read_only = on")
            yield
            with connection.cursor() as cursor:
                cursor.execute("RESET default_transaction_read_only")

"""Doubts in a browser: marked in the text, good everywhere, ten of them answered by keys.

`pytest -n 0 -s tests/browser/test_doubts.py -k ten` prints the presses and seconds for ten suspects of the sample.
"""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.browser.axe import faults
from tests.browser.conftest import OpenPage

QUEUE = "/admin/reader/suspect/queue/"


@pytest.fixture(scope="module")
def book() -> Callable[[], object]:
    """The sample volume, with some words split, some fused and some with two letters transposed."""
    from corpus_import.loading.write import load_edition
    from corpus_import.parsing.elements import Draft
    from corpus_import.parsing.manifest import read_manifest
    from corpus_import.parsing.pipeline import parse
    from corpus_import.parsing.source import decode_witness, number_lines
    from tests.sample import EDITION, MANIFEST
    from tests.typesetter import Faults, typeset

    def load() -> object:
        text = typeset(EDITION, faults=Faults(seed=7, split_words=8, fused_words=8, transposed_words=8)).text
        witness = decode_witness(text.encode(), "file-1.txt", 0, "utf-8")
        manifest = read_manifest(MANIFEST)
        return load_edition(parse(number_lines(Draft(manifest=manifest, witnesses=(witness,)))))

    return load


@pytest.fixture
def open_admin(open_as: OpenPage, volume: None, admin_client: Client) -> OpenPage:
    def opened(path: str, **settings: Any) -> Page:
        return open_as(admin_client, path, viewport={"width": 1440, "height": 900}, **settings)

    return opened


@pytest.fixture
def name_everywhere(volume: None) -> Any:
    """Two suspects of a name, in a paragraph with another suspect; the paragraph's key."""
    from reader.models import Volume
    from tests.factories import make_suspect

    edition = Volume.objects.get()
    first, second = edition.paragraphs.filter(kind="prose").order_by("position")[:2]
    witness = edition.witnesses.get()
    for paragraph in (first, second):
        text = f"Ostrovoi said so. {paragraph.text}"
        type(paragraph).objects.filter(pk=paragraph.pk).update(text=text)
        make_suspect(witness, paragraph=paragraph, reading="Ostrovoi", suggestion="Ostrov", line=1)
    return first.pk


def screen(key: int) -> str:
    return f"/admin/reader/paragraph/{key}/change/"


def states_of(reading: str) -> set[str]:
    from reader.models import Suspect

    return set(Suspect.objects.filter(reading=reading).values_list("state", flat=True))


def test_a_mark_leads_to_its_suspect_and_follows_what_is_typed(open_admin: Any, name_everywhere: int):
    page = open_admin(screen(name_everywhere))
    mark = page.locator(".rendered .doubt", has_text="Ostrovoi")
    assert faults(page) == []

    mark.click()
    expect(page.locator(".suspects li.here")).to_contain_text("Ostrovoi")
    expect(page.locator(".suspects li.here")).to_be_focused()

    typed = page.get_by_label("Text", exact=True)
    typed.fill("Lo! " + typed.input_value())
    expect(page.locator(".rendered")).to_contain_text("Lo!")
    expect(mark).to_have_count(1)
    typed.fill(typed.input_value().replace("Ostrovoi", "Ostrov"))
    expect(mark).to_have_count(0)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_name_is_called_good_everywhere_and_taken_back(
    open_admin: Any, name_everywhere: int, javascript: bool
):
    page = open_admin(screen(name_everywhere), java_script_enabled=javascript)
    link = page.get_by_role("link", name="Good everywhere: Ostrovoi, 2 open")
    if javascript:
        page.locator(".rendered .doubt", has_text="Ostrovoi").click()
        expect(page.locator(".suspects li.here")).to_be_focused()
        page.keyboard.press("g")
    else:
        link.click()
    expect(page.get_by_label("In this volume, as no fault of this kind")).to_be_checked()
    if javascript:
        assert faults(page) == []
    page.get_by_label("Reason").fill("his name")
    page.get_by_role("button", name="Good everywhere").click()

    expect(page.locator(".messagelist .success")).to_contain_text("2 suspects are answered as not a fault")
    expect(page.locator("#suspects, .suspects")).to_contain_text("not a fault")
    assert states_of("Ostrovoi") == {"dismissed"}

    # Back on the page, nothing is left: a second press says so.
    page.go_back()
    page.get_by_label("Reason").fill("his name")
    page.get_by_role("button", name="Good everywhere").click()
    expect(page.locator(".messagelist .warning")).to_contain_text("was called good in")

    page.goto("/admin/reader/goodreading/")
    page.get_by_role("link", name="Ostrovoi").click()
    page.get_by_role("link", name="Delete").click()
    expect(page.locator("#content")).to_contain_text("2 suspects are open again")
    page.get_by_role("button", name="Yes, I’m sure").click()
    expect(page.locator(".messagelist .success").first).to_contain_text("2 suspects are open again")
    assert states_of("Ostrovoi") == {"open"}


def test_a_colleague_s_answer_meanwhile_is_told_before_anything_is_saved(
    open_admin: Any, name_everywhere: int, admin_user: Any
):
    from reader.correction.suspects import dismiss
    from reader.models import GoodReading, Suspect

    page = open_admin(QUEUE)
    page.get_by_role("link", name="Good everywhere: “Ostrovoi”").first.click()
    expect(page.get_by_label("Reason")).to_be_visible()
    dismiss(Suspect.objects.filter(reading="Ostrovoi", paragraph=name_everywhere), by=admin_user)
    page.get_by_label("Reason").fill("his name")
    page.get_by_role("button", name="Good everywhere").click()

    expect(page.get_by_role("alert")).to_contain_text("there is 1 now")
    assert not GoodReading.objects.exists()
    page.get_by_role("button", name="Good everywhere").click()
    expect(page.locator(".success")).to_contain_text("1 suspect is answered")
    expect(page).to_have_url(page.url.split("?")[0] + "?")


def settled() -> int:
    from reader.models import Suspect

    return Suspect.objects.exclude(state="open").count()


def press(page: Page, key: str) -> None:
    """Press a key that leads to another page, and wait for that page."""
    page.evaluate("document.body.dataset.old = ''")
    page.keyboard.press(key)
    expect(page.locator("body:not([data-old])")).to_have_count(1)
    page.wait_for_load_state()  # the browser goes to a row by itself, before the script comes


def key_for(page: Page, row: str) -> str:
    """The key that answers a suspect: accept where the suspect has a suggestion that can be accepted."""
    return "a" if page.locator(f"{row} [data-key=a]", has_text="Accept").count() else "d"


def test_ten_suspects_take_eleven_presses_in_the_queue(open_admin: Any):
    page = open_admin(QUEUE)
    began, presses = time.monotonic(), 1
    page.keyboard.press("j")
    for _ in range(10):
        press(page, key_for(page, ".queue-row:focus"))
        presses += 1
        expect(page.locator(".queue-row:focus")).to_have_count(1)
    print(f"\nin the queue: {presses} presses, {time.monotonic() - began:.1f} s for ten suspects")

    assert (presses, settled() >= 10) == (11, True)


def test_ten_suspects_take_ten_presses_on_the_screen(open_admin: Any):
    page = open_admin(QUEUE)
    page.locator(".queue-row a[data-key=Enter]").first.click()
    expect(page.locator(".suspects li.here")).to_have_count(1)
    began, presses = time.monotonic(), 0
    while settled() < 10:
        press(page, key_for(page, ".suspects li.here").upper())
        presses += 1
        expect(page.locator(".messagelist .success")).to_have_count(1)
        expect(page.locator(".suspects li.here.open")).to_have_count(1)
    print(f"\non the screen: {presses} presses, {time.monotonic() - began:.1f} s for ten suspects")

    assert presses <= 10

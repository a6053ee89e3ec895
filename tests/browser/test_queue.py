"""The queue in a browser: its look, work by keyboard, and work without script."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.browser.axe import faults
from tests.browser.conftest import OpenPage, press, wait_until

QUEUE = "/admin/reader/suspect/queue/"
SCRIPT = pytest.mark.parametrize("javascript", [True, False])


@pytest.fixture
def questions(volume: None) -> None:
    """Three suspects with a suggestion, one without, one in no text; a conflict, a diagnostic, a candidate."""
    from reader.models import Conflict, Diagnostic, Paragraph, Volume
    from reader.publishing.publish import publish_volume
    from tests.browser.furrow import write
    from tests.factories import make_candidate, make_suspect, make_witness

    edition = Volume.objects.get()
    witness = make_witness(edition, b"The clercs.\n")
    second = edition.divisions.get(slug="chapter-2")
    for line, (word, suggestion) in enumerate(
        [("clercs", "clerks"), ("cartts", "carts"), ("milller", "miller"), ("wieghed", "")], start=1
    ):
        paragraph = write(edition, second, f"On that day the {word} crossed the bridge. It rained.")
        make_suspect(
            witness,
            paragraph=paragraph,
            reading=word,
            suggestion=suggestion,
            line=line,
            evidence=f"“{suggestion}” stands 9 times in this volume." if suggestion else "",
        )
    make_suspect(witness, reading="Jurnal", suggestion="Journal", line=9, context="The … of")
    first: Any = Paragraph.objects.first()
    Conflict.objects.create(
        volume=edition,
        paragraph=first,
        field="text",
        about="paragraph 1",
        old_import="It was so.",
        human="It was not so.",
        new_import="It is so.",
    )
    Diagnostic.objects.create(
        volume=edition, witness=witness, line=2, code="note-fragment", message="a piece.", paragraph=first
    )
    make_candidate(edition, "ford", sentence="The ford was dry.", paragraph=first)
    publish_volume(edition)


@pytest.fixture
def open_admin(open_as: OpenPage, questions: None, admin_client: Client) -> OpenPage:
    def opened(path: str, javascript: bool = True, width: int = 1280, **settings: Any) -> Page:
        viewport = {"width": width, "height": 900}
        return open_as(admin_client, path, java_script_enabled=javascript, viewport=viewport, **settings)

    return opened


def text_with(word: str) -> bool:
    from reader.models import Paragraph

    return Paragraph.objects.filter(text__contains=word).exists()


def test_axe_finds_nothing_to_blame_in_the_queue(open_admin: Any):
    page = open_admin(QUEUE)
    found = {"suspect": faults(page)}
    for kind in ("conflict", "gap", "diagnostic", "candidate"):
        page.goto(f"{QUEUE}?kind={kind}&state=all")
        found[kind] = faults(page)
    page.goto("/admin/")
    found["first page"] = faults(page)
    page.goto(QUEUE)
    page.locator(".queue-keys summary").click()
    page.locator("[data-queue=all]").check()
    found["keys"] = faults(page)
    page.get_by_role("button", name="Accept the ticked").click()
    expect(page.get_by_role("heading", name="Accept these suggestions?")).to_be_visible()
    found["preview"] = faults(page)

    assert {name: said for name, said in found.items() if said} == {}


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_queue_fits_the_screen(open_admin: Any, width: int):
    page = open_admin(QUEUE, width=width)

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@SCRIPT
def test_rows_are_filtered_accepted_and_called_no_fault(open_admin: Any, javascript: bool):
    page = open_admin(QUEUE, javascript)
    expect(page.locator(".queue-row")).to_have_count(5)
    if page.locator(".queue-progress details:not([open])").count():
        page.locator(".queue-progress summary").click()
    page.get_by_role("link", name="2. The long road").click()
    expect(page.locator(".queue-row")).to_have_count(4)

    page.get_by_role("button", name="Accept: “clercs”").click()
    expect(page.locator(".success")).to_contain_text("“clercs” in paragraph 24: accepted.")
    assert text_with("the clerks crossed")
    expect(page.locator(".queue-row")).to_have_count(3)

    page.get_by_role("button", name="Not a fault: “cartts”").click()
    expect(page.locator(".success")).to_contain_text("not a fault")
    expect(page.locator("#queue-settled")).to_have_text("2 of 5 settled")
    assert "chapter=chapter-2" in page.url

    page.get_by_role("navigation", name="State").get_by_role("link", name="Not a fault").click()
    page.get_by_role("button", name="Open again: “cartts”").click()
    expect(page.locator(".success")).to_contain_text("opened again")


@SCRIPT
def test_ticked_rows_are_accepted_after_a_preview_and_what_changed_is_reported(
    open_admin: Any, javascript: bool
):
    from reader.models import Paragraph

    page = open_admin(QUEUE, javascript)
    if javascript:
        page.locator("[data-queue=all]").check()
    else:
        for box in page.locator("[name=row]").all():
            box.check()
    page.get_by_role("button", name="Accept the ticked").click()

    expect(page.locator(".queue-row")).to_have_count(3)
    expect(page.locator("del").first).to_have_text("clercs")
    expect(page.locator("ins").first).to_have_text("clerks")
    expect(page.get_by_text("nothing is suggested in its place")).to_be_visible()
    page.get_by_role("checkbox", name="Accept “milller”").uncheck()
    Paragraph.objects.filter(text__contains="cartts").update(
        text="On this day the cartts crossed the bridge. It rained."
    )
    name = "Accept these 2" if javascript else "Accept the ticked ones"
    page.get_by_role("button", name=name, exact=True).click()

    expect(page.locator(".success")).to_contain_text("Suspects: 1 accepted.")
    expect(page.locator(".warning")).to_contain_text("“cartts” in paragraph 25: its sentence was changed")
    assert (text_with("clerks crossed"), text_with("cartts"), text_with("milller")) == (True, True, True)


def test_keys_go_from_row_to_row_and_settle_them(open_admin: Any):
    page = open_admin(QUEUE)
    page.keyboard.press("j")
    expect(page.locator(".queue-row").first).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("a")

    expect(page.locator(".success")).to_contain_text("“clercs” in paragraph 24: accepted.")
    wait_until(page, "document.activeElement.matches('.queue-row')")
    press(page, "d")  # the browser itself goes to the row, before the script comes
    expect(page.locator(".success")).to_contain_text("“cartts” in paragraph 25: not a fault.")
    wait_until(page, "document.activeElement.matches('.queue-row')")
    press(page, "Enter")
    page.wait_for_url("**/admin/reader/paragraph/*/change/#suspect-*")


def test_keys_can_be_switched_off_for_good(open_admin: Any):
    page = open_admin(QUEUE)
    page.locator(".queue-keys summary").click()
    page.get_by_label("Keys are on").uncheck()
    page.reload()

    page.keyboard.press("j")
    page.keyboard.press("d")

    expect(page.locator(".queue-row:focus")).to_have_count(0)
    page.locator(".queue-keys summary").click()
    expect(page.get_by_label("Keys are on")).not_to_be_checked()


def test_a_key_typed_on_a_ticked_box_settles_nothing(open_admin: Any):
    page = open_admin(QUEUE)
    page.locator("[name=row]").first.check()
    page.locator("[name=row]").first.press("Enter")

    expect(page.get_by_role("heading", name="Accept these suggestions?")).to_be_visible()
    assert text_with("clercs")

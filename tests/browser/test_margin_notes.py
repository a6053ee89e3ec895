"""Notes beside their calls, on wide screens."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import faults
from tests.browser.conftest import CHAPTER, OpenPage, wait_until

DESK = {"viewport": {"width": 1280, "height": 900}}
WIDE = {"viewport": {"width": 1920, "height": 1000}}
# Many calls in a row, notes longer than the lines between them, a note called only from a note, an uncalled note.
CROWDED = "/furrow/chapter-3/"
# 200 paragraphs of two lines, each with a note, every seventh of them long.
CROWD = "/furrow/chapter-4/"


def publish_crowded() -> None:
    from reader.publishing.publish import publish_volume
    from tests.browser.furrow import FILLER, annotate, division, publish_furrow, write

    volume = publish_furrow()
    part = volume.divisions.get(slug="part-1")
    third = division(volume, 5, "chapter", "3", "The toll[^1]", "chapter-3", part)
    for n in range(2, 42, 2):
        write(volume, third, f"The toll was paid.[^{n}] It was paid again.[^{n + 1}] {FILLER}")
    write(volume, third, "Year   Rye\n1922   100\n1923    87" + " more" * 60, kind="table")
    for n in range(1, 42):
        annotate(third, n, f"Ledger, p. {n}. {FILLER * (n % 3)}")
    annotate(third, 43, "Called by a note and by nothing else.")
    annotate(third, 44, "Nothing calls this.")
    third.notes.filter(n=4).update(text=f"See the other.[^43] {FILLER * 3}")
    fourth = division(volume, 6, "chapter", "4", "The crowd", "chapter-4", part)
    for n in range(1, 201):
        write(volume, fourth, f"The toll was paid in rye.[^{n}] {FILLER[:100]}")
        annotate(fourth, n, FILLER * 2 if n % 7 == 0 else f"Ledger, p. {n}.")
    publish_volume(volume)


@pytest.fixture(scope="module")
def book() -> Callable[[], object]:
    return publish_crowded


def box(locator: Locator) -> dict[str, float]:
    found = locator.bounding_box()
    assert found is not None
    left, top, width, height = found["x"], found["y"], found["width"], found["height"]
    return {
        "x": left,
        "y": top,
        "width": width,
        "height": height,
        "bottom": top + height,
        "right": left + width,
    }


def beside(page: Page) -> list[dict[str, float]]:
    return [box(note) for note in page.locator(".beside").all()]


@pytest.mark.parametrize("settings", [DESK, WIDE])
def test_a_note_begins_at_the_line_of_its_call(open_page: OpenPage, settings: dict[str, object]):
    page = open_page(CHAPTER, **settings)

    for n in (5, 1, 3, 4):
        call, note = box(page.locator(f"#r{n}")), box(page.locator(f"#n{n}"))

        assert abs(note["y"] - call["y"]) < 24
        assert note["x"] > box(page.locator("#p1"))["right"]
        assert note["right"] <= page.evaluate("document.documentElement.clientWidth")


@pytest.mark.parametrize("settings", [DESK, WIDE])
@pytest.mark.parametrize("size", ["small", "", "large", "largest"])
def test_notes_never_overlap_and_follow_their_calls(
    open_page: OpenPage, settings: dict[str, object], size: str
):
    page = open_page(CROWDED, **settings)
    page.evaluate(
        "size => new Promise(done => { document.documentElement.dataset.size = size;"
        " requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))) })",
        size,
    )

    placed = sorted(beside(page), key=lambda note: note["y"])
    order = page.evaluate(
        """[...document.querySelectorAll(".beside")].map(note => [note.getBoundingClientRect().top, note.value])
            .sort(([a], [b]) => a - b).map(([, n]) => n)"""
    )

    assert all(above["bottom"] <= below["y"] + 0.5 for above, below in pairwise(placed))
    assert not placed or order == [1, 2, 3, 4, 43, *range(5, 42)]
    assert placed or size in ("large", "largest")


def test_a_long_note_keeps_eight_lines_scrolls_and_is_reached_by_the_keyboard(open_page: OpenPage):
    page = open_page(CROWDED, **DESK)

    long = page.locator(".beside").filter(has_text="Ledger, p. 5.")
    lines = long.evaluate("note => note.clientHeight / parseFloat(getComputedStyle(note).lineHeight)")
    long.focus()
    page.keyboard.press("ArrowDown")

    assert lines >= 8
    assert long.evaluate("note => note.scrollHeight > note.clientHeight")
    assert long.evaluate("note => note.tabIndex") == 0
    wait_until(page, "document.activeElement.scrollTop > 0")


@pytest.mark.parametrize("settings", [DESK, WIDE])
def test_in_a_crowd_no_note_is_more_than_half_a_window_below_its_call(
    open_page: OpenPage, settings: dict[str, dict[str, int]]
):
    page = open_page(CROWD, **settings)

    drifts = page.evaluate(
        """[...document.querySelectorAll(".beside")].map(note => note.getBoundingClientRect().top
            - document.querySelector(`#r${note.value}`).getBoundingClientRect().top)"""
    )
    placed = beside(page)

    assert len(drifts) == 200
    assert max(drifts) < settings["viewport"]["height"] / 2 + 24
    assert min(drifts) > -24
    assert min(note["height"] for note in placed) > 24
    assert all(above["bottom"] <= below["y"] + 0.5 for above, below in pairwise(placed))


def test_a_note_that_nothing_calls_stays_at_the_end_under_its_heading(open_page: OpenPage):
    page = open_page(CROWDED, **DESK)

    expect(page.locator("#n44")).to_have_css("position", "static")
    expect(page.get_by_role("heading", name="Notes")).not_to_have_class("unseen")


def test_the_heading_of_notes_in_the_margin_is_for_screen_readers_alone(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)

    heading = page.get_by_role("heading", name="Notes")

    assert box(heading)["height"] <= 1
    assert page.evaluate("[...document.querySelectorAll('.notes li')].map(note => note.value)") == [
        1,
        3,
        4,
        5,
    ]


def test_the_last_note_stands_above_the_foot_of_the_page(open_page: OpenPage):
    page = open_page(CROWDED, **DESK)

    lowest = max(note["bottom"] for note in beside(page))

    assert lowest <= box(page.locator("footer"))["y"]


def test_pressing_a_call_goes_to_its_note_without_a_jump_and_escape_goes_back(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)
    page.mouse.wheel(0, 120)
    wait_until(page, "scrollY > 100")
    before = page.evaluate("scrollY")

    page.locator("#r1-2").click()
    expect(page.locator("#n1")).to_be_focused()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Escape")

    expect(page.locator("#r1-2")).to_be_focused()
    assert page.evaluate("scrollY") == before
    assert page.url.endswith(CHAPTER)


def test_the_way_back_from_a_note_in_the_margin_does_not_jump(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)

    page.get_by_label("back to call b of note 1").click()

    expect(page.locator("#r1-2")).to_be_focused()
    assert page.evaluate("scrollY") == 0


def test_a_call_far_from_its_note_opens_it_beside_the_call(open_page: OpenPage):
    page = open_page(CHAPTER, viewport={"width": 1280, "height": 300})

    page.locator("#r4").evaluate("call => call.scrollIntoView({block: 'center'})")
    page.locator("#n3 .noteref").evaluate("call => call.scrollIntoView({block: 'center'})")
    page.locator("#n3 .noteref").click()

    expect(page.get_by_role("dialog", name="note 4")).to_be_visible()


def test_hovering_a_call_lights_its_note(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)

    page.locator("#r1").hover()
    expect(page.locator("#n1")).to_have_class("beside lit")
    page.mouse.move(5, 5)

    expect(page.locator("#n1")).to_have_class("beside")


def test_notes_follow_when_the_window_and_the_text_change(open_page: OpenPage):
    page = open_page(CHAPTER, **WIDE)

    page.set_viewport_size({"width": 1000, "height": 900})
    expect(page.locator(".beside")).to_have_count(0)
    expect(page.get_by_role("heading", name="Notes")).to_be_visible()
    page.set_viewport_size({"width": 1600, "height": 900})
    expect(page.locator(".beside")).to_have_count(4)
    page.locator("#p1").evaluate("paragraph => paragraph.append(' more'.repeat(300))")

    wait_until(
        page,
        "Math.abs(document.querySelector('#r3').getBoundingClientRect().top"
        " - document.querySelector('#n3').getBoundingClientRect().top) < 24",
    )


def test_a_note_in_the_address_is_in_view_and_lit(open_page: OpenPage):
    page = open_page(f"{CROWDED}#n30", **DESK)

    expect(page.locator("#n30")).to_be_in_viewport()
    expect(page.locator("#n30")).to_have_class("beside")


def test_without_script_and_on_paper_the_notes_are_at_the_end(open_page: OpenPage):
    page = open_page(CHAPTER, java_script_enabled=False, **DESK)
    expect(page.locator("#n1")).to_have_css("position", "static")

    page = open_page(CHAPTER, **DESK)
    page.emulate_media(media="print")

    expect(page.locator("#n1")).to_have_css("position", "static")
    expect(page.locator("#n4")).to_have_css("max-height", "none")
    assert box(page.get_by_role("heading", name="Notes"))["height"] > 10


def test_a_note_is_reached_when_the_script_does_not_come(open_page: OpenPage):
    page = open_page("/furrow/", **DESK)
    page.context.route("**/margin*.js", lambda route: route.fulfill(content_type="text/javascript", body=""))
    page.goto(f"{CHAPTER}#n4")

    expect(page.locator("#n4")).to_be_in_viewport()


def test_notes_in_the_margin_are_read_once(open_page: OpenPage):
    page = open_page(CHAPTER, **DESK)

    assert page.locator("main").aria_snapshot().count("by hand") == 1


def test_axe_finds_nothing_to_blame_in_the_margin(open_page: OpenPage):
    page = open_page(CROWDED, **DESK)
    page.locator("#r1").click()

    assert faults(page) == []

"""The glossary: its index, its entries with their plots, and the concordance."""

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import FloatRect, Page, Route, expect

from tests.browser.conftest import OpenPage

ENTRY = "/furrow/glossary/gosplan/"


def add_senses() -> None:
    """Give one term two senses, without settling which is meant."""
    from glossary.models import Sense, Term
    from reader.models import Volume
    from reader.publishing.publish import publish_volume

    council = Term.objects.get(headword="CLD")
    for n in (1, 2):
        Sense.objects.create(term=council, n=n, definition=f"Meaning {n}", applies="now and then")
    publish_volume(Volume.objects.get())


def publish_senses() -> None:
    from tests.browser.furrow import publish_furrow

    publish_furrow()
    add_senses()


@pytest.fixture(scope="module")
def book() -> Callable[[], object]:
    return publish_senses


def test_what_is_typed_filters_the_index(open_page: OpenPage):
    page = open_page("/furrow/glossary/")
    field = page.get_by_label("Terms and explanations that hold")

    field.press_sequentially("LÁBOUR")

    expect(page.get_by_role("link", name="STO", exact=True).first).to_be_visible()
    expect(page.locator("dt").get_by_text("Gosplan")).to_be_hidden()
    expect(page.get_by_role("heading", name="G", exact=True)).to_be_hidden()
    expect(page.get_by_role("status")).to_have_text("1 of 3 terms")
    field.fill("")
    expect(page.locator("dt").get_by_text("Gosplan")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("3 terms")


def test_what_was_typed_before_the_script_came_filters_the_index_too(open_page: OpenPage):
    page = open_page("/furrow/")
    held: list[Route] = []
    page.route("**/js/filter*.js", lambda route: held.append(route))
    page.goto("/furrow/glossary/", wait_until="commit")

    page.get_by_label("Terms and explanations that hold").fill("labour")
    held[0].continue_()

    expect(page.locator("dt").get_by_text("Gosplan")).to_be_hidden()
    expect(page.get_by_role("status")).to_have_text("1 of 3 terms")


def test_the_filter_costs_less_than_a_thousand_bytes(open_page: OpenPage):
    page = open_page("/furrow/glossary/")
    page.wait_for_load_state("networkidle")

    size = page.evaluate(
        """performance.getEntriesByType("resource").find(({name}) => name.endsWith("filter.js")).decodedBodySize"""
    )

    assert 0 < size < 1000


def test_without_script_the_index_is_filtered_by_the_server(open_page: OpenPage):
    page = open_page("/furrow/glossary/", java_script_enabled=False)

    page.get_by_label("Terms and explanations that hold").fill("lábour")
    page.get_by_role("button", name="Show").click()

    expect(page).to_have_url(re.compile(r"\?q=l%C3%A1bour$"))
    expect(page.locator("dt")).to_have_text(["STO"])
    page.get_by_role("link", name="All terms").click()
    expect(page.locator("dt")).to_have_text(["CLD", "Gosplan", "STO"])


def test_a_mark_of_the_plot_leads_to_its_place(open_page: OpenPage):
    page = open_page(ENTRY, viewport={"width": 1280, "height": 900})
    expect(page.locator(".dispersion a")).to_have_count(2)

    page.locator(".dispersion a path").last.click(force=True)

    page.wait_for_url("**/furrow/chapter-1/#n4")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_plot_is_as_wide_as_the_text_and_its_marks_can_be_met(open_page: OpenPage, width: int):
    page = open_page(ENTRY, viewport={"width": width, "height": 900})

    plot, text = box(page, ".dispersion"), box(page, "main h1")
    assert abs(plot["width"] - text["width"]) < 1
    met = page.evaluate(
        """[...document.querySelectorAll(".dispersion a")].map(mark => {
            const {x, y, width, height} = mark.getBoundingClientRect();
            return [-3, 0, 3].map(aside =>
                document.elementFromPoint(x + width / 2 + aside, y + height / 2)?.closest("a") === mark);
        }).flat()"""
    )
    assert met
    assert all(met)


def test_labels_under_the_plot_never_overlap(open_page: OpenPage):
    for width in (320, 360, 640, 1280):
        page = open_page(ENTRY, viewport={"width": width, "height": 900})

        boxes = page.evaluate(
            """[...document.querySelectorAll(".dispersion > text")].filter(label => label.checkVisibility())
                .map(label => label.getBoundingClientRect()).map(({left, right}) => [left, right])"""
        )

        assert boxes
        assert all(first[1] < then[0] for first, then in pairwise(boxes))
        assert boxes[0][0] >= 0
        assert boxes[-1][1] <= width


def test_a_screen_reader_hears_the_table_and_not_the_plot(open_page: OpenPage):
    page = open_page(ENTRY)

    page.get_by_text("The same in numbers").click()

    table = page.get_by_role("table", name="Chapters that use Gosplan, their notes included")
    expect(table.get_by_role("columnheader")).to_have_text(["Chapter", "Times", "Per 10,000 words", "First"])
    expect(table.get_by_role("row")).to_have_count(2)
    section = page.locator("section[aria-labelledby=dispersion]")
    expect(section.get_by_role("link")).to_have_count(1)


def test_the_keyboard_does_not_stop_at_every_mark(open_page: OpenPage):
    page = open_page(ENTRY)
    page.get_by_text("The same in numbers").focus()

    page.keyboard.press("Shift+Tab")

    assert page.evaluate("document.activeElement.closest('svg')") is None


def test_the_plot_is_seen_in_forced_colours(open_page: OpenPage):
    page = open_page(ENTRY, forced_colors="active")

    marks = page.locator(".dispersion .marks")
    ink = page.evaluate("getComputedStyle(document.querySelector('main p')).color")
    assert marks.evaluate("path => getComputedStyle(path).stroke") == ink


def test_a_concordance_is_ordered_by_plain_links(open_page: OpenPage):
    page = open_page(ENTRY, java_script_enabled=False)

    page.get_by_role("link", name="the words before").click()

    orders = page.get_by_role("navigation", name="Order")
    expect(orders.locator("[aria-current]")).to_have_text("the words before")
    orders.get_by_role("link", name="the words after").click()
    expect(orders.locator("[aria-current]")).to_have_text("the words after")
    page.get_by_role("rowheader", name="Gosplan").first.get_by_role("link").click()
    page.wait_for_url("**/furrow/chapter-1/#*")


def test_on_a_wide_screen_the_terms_of_a_concordance_stand_under_each_other(open_page: OpenPage):
    page = open_page(f"{ENTRY}concordance/", viewport={"width": 1280, "height": 900})

    left = page.locator(".kwic th a").evaluate_all(
        "links => links.map(link => Math.round(link.getBoundingClientRect().left))"
    )

    assert len(left) == 2
    assert len(set(left)) == 1


@pytest.mark.parametrize("width", [360, 1280])
def test_a_concordance_is_a_table_to_screen_readers_however_it_is_set(open_page: OpenPage, width: int):
    page = open_page(f"{ENTRY}concordance/", viewport={"width": width, "height": 900})

    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]

    roles = [node["role"]["value"] for node in tree if not node["ignored"]]
    assert [roles.count(role) for role in ("table", "row", "columnheader", "rowheader")] == [1, 3, 4, 2]
    assert roles.count("cell") + roles.count("gridcell") == 6


def test_on_a_narrow_screen_a_line_of_a_concordance_is_a_sentence(open_page: OpenPage):
    page = open_page(f"{ENTRY}concordance/", viewport={"width": 360, "height": 900})

    row, before, after = box(page, ".kwic tbody tr"), box(page, ".kwic .left"), box(page, ".kwic .right")

    assert row["height"] > 40
    assert before["x"] < row["x"] + 20
    assert after["width"] > 100


def test_a_sense_is_lit_where_a_link_leads_to_it(open_page: OpenPage):
    page = open_page("/furrow/glossary/cld/#sense-2")

    expect(page.locator("#sense-2")).to_be_in_viewport()
    assert page.locator(":target").text_content() is not None


def box(page: Page, selector: str) -> FloatRect:
    found = page.locator(selector).first.bounding_box()
    assert found is not None
    return found

"""Tables on a wide and a narrow screen."""

from collections.abc import Callable

import pytest

from tests.browser.axe import faults
from tests.browser.conftest import OpenPage, wait_until

WIDE = """\
^ Table 3.  Carts, oxen and bushels that went over the bridge, as the clerks of the province counted them, by month
^ (thousands)[^6]
! | 1921 | 1922 | 1923 | 1924 | 1925 | 1926 | 1927 | 1928
! Month | carts | carts | carts | oxen | oxen | bushels | bushels | bushels
| By the bridge
| January, before the thaw | 12.1 | 13.4 | 15.0 | 1,204 | 1,300 | {p. 72}110.5 | 98.2 | 7.0
| February | 2.2 | 2.9 | 3.1[^6] | 204 | 312 | – | 8.2 | 0.7*
| By the ford
| March and the days of April on which it rained | 0.4 | 0.4 | | 12 | 9 | 1.5 | 2.2 | n.a.
| Total | 14.7 | 16.7 | 18.1 | 1,420 | 1,621 | 112.0 | 108.6 | 7.7
_ Source: the ledgers of the bridge, *passim*.
_ * Without what the miller took."""

SMALL = "! Year | Rye\n| 1922 | 100\n| 1923 | 87"


def publish_tables() -> None:
    from reader.publishing.publish import publish_volume
    from tests.browser.furrow import annotate, publish_furrow, write

    volume = publish_furrow()
    second = volume.divisions.get(slug="chapter-2")
    write(volume, second, WIDE, kind="table")
    write(volume, second, "What follows is smaller, and needs no caption for that reason.")
    write(volume, second, SMALL, kind="table")
    write(volume, second, "Year   Rye   Oats\n1922   100\n1923    87     12", kind="table")
    write(volume, second, "After that nobody counted, and the bridge was left to the carts.")
    annotate(second, 6, "Thousands of what, the ledger does not say.")
    publish_volume(volume)


@pytest.fixture(scope="module")
def book() -> Callable[[], object]:
    return publish_tables


def test_a_wide_table_scrolls_by_itself_and_the_page_does_not(open_page: OpenPage) -> None:
    page = open_page("/furrow/chapter-2/", viewport={"width": 400, "height": 800})

    region = page.get_by_role("region", name="Table 3.")

    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    assert region.evaluate("e => e.scrollWidth > e.clientWidth")
    assert region.evaluate("e => e.querySelector('caption').getBoundingClientRect().width <= e.clientWidth")
    region.focus()
    page.keyboard.press("ArrowRight")
    wait_until(page, "document.activeElement.scrollLeft > 0")


def test_figures_are_flush_right_under_their_headings(open_page: OpenPage) -> None:
    page = open_page("/furrow/chapter-2/", viewport={"width": 1280, "height": 900})

    edges = page.evaluate(
        """() => [...document.querySelectorAll('figure.table tr')].filter(r => r.cells.length > 5).map(r => {
            const range = document.createRange();
            range.selectNodeContents(r.cells[5]);
            return Math.round(range.getBoundingClientRect().right);
        })"""
    )

    assert len(edges) == 6
    assert len(set(edges)) == 1


def test_a_small_table_is_no_wider_than_it_needs(open_page: OpenPage) -> None:
    page = open_page("/furrow/chapter-2/", viewport={"width": 1280, "height": 900})

    width = page.locator("figure.table table").nth(1).evaluate("e => e.getBoundingClientRect().width")

    assert width < 250


@pytest.mark.parametrize("width", [400, 1280])
def test_axe_finds_nothing_to_blame_in_tables(open_page: OpenPage, width: int) -> None:
    page = open_page("/furrow/chapter-2/", viewport={"width": width, "height": 900})

    assert page.locator("figure.table").count() == 2
    assert faults(page) == []

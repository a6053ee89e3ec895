"""Generated books as web pages of many hands: nearly all of each is read, as a file or as one file of many (MHT).

`make bench-sources ARGS="--books 20"` prints the table, and `--show` what was not read.
"""

from collections import Counter
from functools import cache

import pytest

from tests.corpus_import.parsing.found import compare
from tests.web_pages.hands import FAMILIES
from tests.web_pages.page import WebPage, web_page_of
from tests.web_pages.saved import as_html, as_mht
from tests.web_pages.score import found, read_bytes, there

KINDS = ("headings", "paragraphs", "calls", "notes", "terms", "pages", "italics")
GOAL = 0.995


@cache
def pages() -> tuple[WebPage, ...]:
    """Twenty books: half by families in turn, half by mixed hands."""
    return tuple(web_page_of(seed, mixed=mixed) for mixed in (False, True) for seed in range(10))


@cache
def shares() -> dict[str, float]:
    """Of each kind: the share of what was read rightly, less what was read too much."""
    right: Counter[str] = Counter()
    all_: Counter[str] = Counter()
    for k, page in enumerate(pages()):
        content = as_mht(page, "base64") if k % 2 or len(page.files) > 1 else as_html(page)
        read = found(read_bytes(content, page.edition.title))
        for kind, true in there(page.edition, page.truth).items():
            count = compare(read[kind], true)
            right[kind] += count.right - count.wrong
            all_[kind] += count.true
    return {kind: right[kind] / all_[kind] for kind in all_}


@pytest.mark.parametrize("kind", KINDS)
def test_nearly_all_of_pages_that_nobody_has_shown_is_read(kind: str) -> None:
    assert shares()[kind] >= GOAL


def test_every_family_of_hands_has_a_page_among_the_books() -> None:
    assert {page.hand.family for page in pages()} == {*FAMILIES, "mixed"}

"""Counts what the fronts read of web pages and of their prints: the sample's page, and generated books."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bench.web_page import web_page
from corpus_import.parsing.diagnostics import ImportFault
from tests.corpus_import.parsing.found import Found, compare
from tests.layouts import set_truth
from tests.sample import EDITION
from tests.web_pages.hands import hand_of
from tests.web_pages.page import WebPage, web_page_of
from tests.web_pages.saved import as_epub, as_html, as_mht
from tests.web_pages.score import found, read_files, there

KINDS = ("headings", "paragraphs", "calls", "italics", "notes", "terms", "pages")
# Ways to mark the beginning of a page of the book that no reader sees.
UNSEEN = ("attribute", "title")
# Prints the HTML of a page; returns the bytes of a PDF.
Print = Callable[[str], bytes]


@dataclass(frozen=True)
class Row:
    """What was read of one or more files of a kind; `said` is empty, or why nothing was read."""

    source: str
    counts: Mapping[str, Found]
    said: str = ""
    files: int = 1
    differences: Sequence[str] = ()

    def __str__(self) -> str:
        counts = " ".join(f"{self.counts[kind]!s:>12}" for kind in KINDS) if self.counts else self.said
        return f"{self.source:42} {counts}" + (f"  ({self.said})" if self.counts and self.said else "")


def sample_page(style: str) -> WebPage:
    """The sample's page."""
    hand = replace(hand_of(0), family="sample", encoding="utf-8")
    return WebPage(hand, EDITION, set_truth(EDITION), {"book.htm": web_page(EDITION, style)})


def measure(
    pages: Sequence[WebPage], name: str, printers: Mapping[str, Print], missing: Sequence[str]
) -> Iterator[Row]:
    """A row for each kind of file, all pages together: HTML, MHT, EPUB, and a PDF of each printer by its name."""
    yield _row(f"{name}, HTML", [(p, {file: as_html(p, file) for file in p.files}) for p in pages], pages)
    yield _row(f"{name}, MHT", [(p, {"book.mht": as_mht(p)}) for p in pages], pages)
    if all(page.hand.family != "sample" for page in pages):
        yield _row(f"{name}, EPUB", [(p, {"book.epub": as_epub(p)}) for p in pages], pages)
    one = [page for page in pages if len(page.files) == 1]
    for printer, print_page in printers.items():
        printed = [(page, {"book.pdf": print_page(page.files["book.htm"])}) for page in one]
        yield _row(f"{name}, {printer}", printed, pages)
    for printer in missing:
        yield Row(f"{name}, {printer}", {}, "not installed")


def generated(books: int) -> list[WebPage]:
    """So many books: half by families of hands in turn, half by hands that mix their ways."""
    half = (books + 1) // 2
    return [*map(web_page_of, range(half)), *(web_page_of(seed, mixed=True) for seed in range(books - half))]


def _row(name: str, files: Sequence[tuple[WebPage, Mapping[str, bytes]]], pages: Sequence[WebPage]) -> Row:
    sums: dict[str, list[int]] = {kind: [0, 0, 0] for kind in KINDS}
    refused: list[str] = []
    differences: list[str] = []
    for page, contents in files:
        true = there(page.edition, page.truth)
        if next(iter(contents)).endswith(".pdf") and page.hand.page in UNSEEN:
            true["pages"] = []  # no print shows them
        try:
            read = found(read_files(contents, page.edition.title))
        except ImportFault as fault:
            refused.append(str(fault))
            read = {kind: [] for kind in KINDS}
        for kind in KINDS:
            count = compare(read[kind], true[kind])
            for k, value in enumerate((count.right, count.true, count.wrong)):
                sums[kind][k] += value
            differences += [
                f"missing {kind} {x}"[:230] for x in (Counter(true[kind]) - Counter(read[kind])).elements()
            ]
            differences += [
                f"extra   {kind} {x}"[:230] for x in (Counter(read[kind]) - Counter(true[kind])).elements()
            ]
    if len(refused) == len(files):
        return Row(name, {}, f"refused: {refused[0]}" if refused else "not made")
    said = [f"{len(refused)} refused, the first: {refused[0]}"] if refused else []
    if len(files) < len(pages):
        said.append(f"{len(files)} of {len(pages)}: the others have their notes in a second file")
    counts = {kind: Found(*values) for kind, values in sums.items()}
    return Row(name, counts, "; ".join(said), len(files), differences)

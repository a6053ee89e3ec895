"""Finds the numbers of the book's pages in the blocks of a web page, and sets each apart as a block of its own.

A number marks a page if its element says so (a class, a name, `epub:type`), if it has a word (`page 12`), or if it
stands in a series: numbers of one form, `- 12 -`, `[12]`, `12` between blocks, or `[p. 12]` inside them, that rise from
page to page.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from corpus_import.parsing.forms.labels import is_bare_label
from corpus_import.parsing.manifest import Manifest
from corpus_import.parsing.recognise import is_notes_heading, page_marker
from corpus_import.parsing.sources.html_flow import UNSEEN_MARK, Flow
from reader.text.page_numbers import PAGE_NUMBER, order_of

MARK = re.compile(
    rf"[\[({{|–—-]*\s*(?:(?:pp?|pg|page|seite|s|pág|стр|с)\.?\s*)?(?P<page>{PAGE_NUMBER})(?P<inferred>\?)?\s*[\])}}|–—-]*",
    re.IGNORECASE,
)
# The longest block that is the number of a page.
LONGEST_MARK = 20
_IN_TEXT = re.compile(
    rf"[\[{{(<|]\s*(?:pp?\.|pg\.?|page|seite|s\.|pág\.|стр\.|с\.)\s*(?P<page>{PAGE_NUMBER})\s*[\]}})>|]",
    re.IGNORECASE,
)
_NAME = re.compile(rf"(?:page|pg|p|pb|folio)[\s._-]*(?P<page>{PAGE_NUMBER})", re.IGNORECASE)
# Numbers without a word or a name mark pages if there are so many, rising, most of their form, each near the last.
FEWEST, SHARE, FARTHEST = 3, 0.8, 12
# Roman pages come before all others.
_BEFORE_ARABIC = 10_000


@dataclass(frozen=True, slots=True)
class Mark:
    """The number of a page in a block: characters `start` to `end`. `form` is empty if nothing can be doubted."""

    block: int
    start: int
    end: int
    page: str
    form: str
    is_blank: bool = False
    is_inferred: bool = False

    @property
    def value(self) -> int:
        """The number by which marks are ordered."""
        order = order_of(self.page)
        assert order is not None, "only numbers of pages become marks"
        return order[1] if order[0] else order[1] - _BEFORE_ARABIC


@dataclass(slots=True)
class Parted:
    """Blocks in which the numbers of pages are blocks of their own: `pages` by index.

    `rests` go on after a cut; `begun` are blocks that begin with a number, in their own element. `contradicted` has the
    page that the name of a mark's element gives, by index, if it is another one.
    """

    flows: list[Flow]
    names: list[str]
    rests: set[int]
    begun: set[int]
    pages: dict[int, Mark]
    contradicted: dict[int, str] = field(default_factory=dict)


def set_pages_apart(flows: Sequence[Flow], names: Sequence[str], manifest: Manifest) -> Parted:
    """Cut the blocks at the numbers of pages; `names` are the files of the blocks."""
    flows, names = _before_headings(flows, names, manifest)
    by_form: dict[str, list[Mark]] = defaultdict(list)
    pattern = page_marker(manifest.page_word)
    for index, flow in enumerate(flows):
        for mark in _marks_in(index, flow, pattern):
            by_form[mark.form].append(mark)
    named = by_form.pop("class", [])
    if len(_rising(named)) < len(named) * SHARE:
        # Of notes that were moved to the end, an unseen mark is one all the same: later stages weigh its number.
        named = [
            mark for mark in named if UNSEEN_MARK.fullmatch(flows[mark.block].text, mark.start, mark.end)
        ]
    taken = by_form.pop("", []) + named
    for form, marks in by_form.items():
        if form != "anchor" or len(taken) < FEWEST:
            rising = _rising(marks)
            if len(rising) >= FEWEST and len(rising) >= len(marks) * SHARE:
                taken += rising
    in_text = {mark.page for mark in taken if not flows[mark.block].of_site}
    taken = [mark for mark in taken if not flows[mark.block].of_site or mark.page not in in_text]
    of: dict[int, list[Mark]] = defaultdict(list)
    for mark in sorted(taken, key=lambda mark: (mark.block, mark.start, mark.end)):
        if not of[mark.block] or of[mark.block][-1].end <= mark.start:
            of[mark.block].append(mark)
    parted = Parted([], [], set(), set(), {})
    for index, (flow, name) in enumerate(zip(flows, names, strict=True)):
        _part(flow, name, of.get(index, []), parted)
    names_of = {
        id(mark): said for each in of.values() for mark in each if (said := _named(mark, flows[mark.block]))
    }
    other = {
        k: said
        for k, mark in parted.pages.items()
        if (said := names_of.get(id(mark), mark.page)) != mark.page
    }
    # If most names are others, they count something else: leaves, or the pages of a scan.
    if len(other) * 2 < len(names_of):
        parted.contradicted = other
    return parted


def _before_headings(
    flows: Sequence[Flow], names: Sequence[str], manifest: Manifest
) -> tuple[Sequence[Flow], Sequence[str]]:
    """The blocks with each unseen mark that directly follows a heading put at the beginning of that heading.

    No page of a book begins between a heading and its text, but for a heading that has a page of its own: before that
    stands a mark, too.
    """
    moved: list[Flow] = []
    of: list[str] = []
    first = -1  # the first of the headings that stand directly before
    for flow, name in zip(flows, names, strict=True):
        start, end = flow.marks[0] if flow.marks else (0, 0)
        is_unseen = start == 0 < end and UNSEEN_MARK.fullmatch(flow.text[:end]) is not None
        if (
            is_unseen
            and not flow.heading
            and first >= 0
            and of[first] == name
            and not _is_marked(moved, first)
        ):
            moved[first] = _with_mark(moved[first], flow.text[:end])
            rest = cut(flow, end, len(flow.text))
            if not rest.text:
                moved[first].anchors += [(0, anchor) for _, anchor in flow.anchors]
                continue
            rest.marks = (
                [(a - end, b - end) for a, b in flow.marks[1:]] if rest.text == flow.text[end:] else []
            )
            flow = rest
        is_heading = flow.heading and not is_notes_heading(flow.text, manifest.notes_heading)
        if is_heading and first < 0:
            first = len(moved) - (bool(moved) and of[-1] == name and is_bare_label(moved[-1].text))
        elif not is_heading:
            first = -1
        moved.append(flow)
        of.append(name)
    return moved, of


def _is_marked(flows: Sequence[Flow], index: int) -> bool:
    """Whether a page begins with a block, or directly before it."""
    own, before = flows[index], flows[index - 1] if index else None
    if own.marks and own.marks[0][0] == 0:
        return True
    return before is not None and bool(before.marks) and before.marks[-1][1] == len(before.text)


def _with_mark(flow: Flow, mark: str) -> Flow:
    """A block that begins with a mark."""
    bare = replace(flow, text=mark, bold=[], italics=[], raised=[], links=[], anchors=[], marks=[])
    return replace(
        joined(bare, flow), marks=[(0, len(mark)), *((a + len(mark), b + len(mark)) for a, b in flow.marks)]
    )


def _named(mark: Mark, flow: Flow) -> str:
    """The page that the name of a mark's element gives; empty if it gives none."""
    for at, name in flow.anchors:
        match = _NAME.fullmatch(name) if mark.start <= at < mark.end else None
        if match is not None and order_of(match["page"].lower()):
            return match["page"].lower()
    return ""


def _marks_in(index: int, flow: Flow, pattern: re.Pattern[str]) -> list[Mark]:
    text = flow.text
    if flow.heading and not flow.marks:
        return []
    match = pattern.fullmatch(text)
    if match:
        return [Mark(index, 0, len(text), match["page"].lower(), "", match["blank"] is not None)]
    marks = []
    for start, end in flow.marks:
        mark = MARK.fullmatch(text[start:end].strip())
        if (
            mark
            and order_of(mark["page"].lower())
            and any(map(str.isdigit, text[start:end])) | (end - start == len(text))
        ):
            inferred = mark["inferred"] is not None
            marks.append(Mark(index, start, end, mark["page"].lower(), "class", is_inferred=inferred))
    if marks:
        return marks
    if len(text) <= LONGEST_MARK:
        mark = MARK.fullmatch(text)
        if mark and order_of(mark["page"].lower()):
            form = text[: mark.start("page")].strip() + "n" + text[mark.end("page") :].strip()
            is_bare = form == "n"
            if not (is_bare and (flow.cell is not None or not mark["page"].isdigit())):
                return [Mark(index, 0, len(text), mark["page"].lower(), f"alone {form}")]
            return []
    return [
        Mark(index, *match.span(), match["page"].lower(), "inside")
        for match in _IN_TEXT.finditer(text)
        if match.end() < len(text) or not match.start()
    ]


def _rising(marks: Sequence[Mark]) -> list[Mark]:
    """The longest series of marks that rise, without those that lie far from both neighbours."""
    tails: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for k, mark in enumerate(marks):
        place = bisect_left(tails, mark.value)
        tails[place : place + 1] = [mark.value]
        at[place : place + 1] = [k]
        before.append(at[place - 1] if place else -1)
    series = []
    k = at[-1] if at else -1
    while k >= 0:
        series.append(marks[k])
        k = before[k]
    series.reverse()
    return [
        mark
        for n, mark in enumerate(series)
        if len(series) == 1
        or any(
            0 <= n + step < len(series)
            and (
                abs(series[n + step].value - mark.value) <= FARTHEST
                or (series[n + step].value < 0) != (mark.value < 0)
            )
            for step in (-1, 1)
        )
    ]


def _part(flow: Flow, name: str, marks: Sequence[Mark], parted: Parted) -> None:
    """Append a block, cut at its marks. A word that a number of a page stands in stays whole before the number."""
    rest, is_rest = flow, False
    at = 0  # of the original block's characters, the first one of `rest`
    for mark in marks:
        start, end = mark.start - at, mark.end - at
        own = cut(rest, start, end)
        before, after = cut(rest, 0, start, trim=False), cut(rest, end, len(rest.text), trim=False)
        after = replace(after, anchors=[*((0, anchor) for _, anchor in own.anchors), *after.anchors])
        at = mark.end
        if before.text[-1:].isalpha() and after.text[:1].islower():
            size = next((k for k, letter in enumerate(after.text) if letter.isspace()), len(after.text))
            before = joined(before, cut(after, 0, size, trim=False))
            after = cut(after, size, len(after.text), trim=False)
            at += size
        if before.text.strip():
            _append(cut(before, 0, len(before.text)), name, parted, is_rest)
            is_rest = True
        parted.pages[len(parted.flows)] = mark
        _append(replace(own, marks=[(0, len(own.text))], anchors=[]), name, parted, False)
        rest = after
    if rest.text.strip():
        if marks and not is_rest:
            parted.begun.add(len(parted.flows))
        _append(cut(rest, 0, len(rest.text)) if marks else rest, name, parted, is_rest)


def _append(flow: Flow, name: str, parted: Parted, is_rest: bool) -> None:
    if is_rest:
        parted.rests.add(len(parted.flows))
    parted.flows.append(flow)
    parted.names.append(name)


def cut(flow: Flow, start: int, end: int, *, trim: bool = True) -> Flow:
    """The characters `start` to `end` of a block as a block of its own, if wanted without white space around."""
    text = flow.text[start:end]
    if trim:
        start += len(text) - len(text.lstrip())
        text = text.strip()
    end = start + len(text)

    def runs(of: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        return [(max(a, start) - start, min(b, end) - start) for a, b in of if a < end and b > start]

    return replace(
        flow,
        text=text,
        bold=runs(flow.bold),
        italics=runs(flow.italics),
        raised=runs(flow.raised),
        marks=[],
        links=[
            (max(a, start) - start, min(b, end) - start, href)
            for a, b, href in flow.links
            if a < end and b > start
        ],
        anchors=[
            (max(at - start, 0), name)
            for at, name in flow.anchors
            if start <= at < end or (at < start and not start)
        ],
    )


def joined(one: Flow, two: Flow) -> Flow:
    """Two pieces of a block as one."""
    by = len(one.text)

    def moved(runs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        return [(a + by, b + by) for a, b in runs]

    return replace(
        one,
        text=one.text + two.text,
        bold=[*one.bold, *moved(two.bold)],
        italics=[*one.italics, *moved(two.italics)],
        raised=[*one.raised, *moved(two.raised)],
        links=[*one.links, *((a + by, b + by, href) for a, b, href in two.links)],
        anchors=[*one.anchors, *((at + by, name) for at, name in two.anchors)],
    )

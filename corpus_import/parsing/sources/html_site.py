"""Tells the blocks that belong to a web site and not to the book: menus, footers, a library's preamble and licence."""

import re
from collections import defaultdict
from collections.abc import Collection, Sequence

from corpus_import.parsing.sources.html_flow import Flow

# `*** START OF THE PROJECT … EBOOK …`, which free libraries set around a text.
_BEGINS = re.compile(r"\*{2,3}\s*START OF (?:THE|THIS)\b", re.IGNORECASE)
_ENDS = re.compile(r"\*{2,3}\s*END OF (?:THE|THIS)\b|End of (?:the )?Project\b", re.IGNORECASE)
_END_ALONE = re.compile(r"End of .{1,120}$")
# The last of these stands before the text within so much of the page.
_FRONT = 0.2
_STATES = re.compile(
    r"(?:this page |page )?(?:was )?(?:last )?(?:updated|modified|edited|revised|changed)\b.{0,60}\d{4}"
    r"(?:,? at \d.{0,12})?|"
    r"(?:back|return) to .{1,60}|top|next|previous|home|index|contents|(?:©|\(c\)|copyright)\b.{0,120}",
    re.IGNORECASE | re.DOTALL,
)
# A block of a menu is no longer; so much of it is links; elements whose names say so hold no more of the page.
_LONGEST, _LINKED, _MOST = 240, 0.6, 0.3
# So many blocks before the end can be a footer.
_FOOTER = 12
# A menu by its wording alone, `Home | Library | Authors`, among so many blocks at the beginning or the end: a print has
# no links if they lead nowhere.
_BARS = re.compile(r"[^\W\d][^|·•\d]{0,24}(?:\s[|·•]\s[^\W\d][^|·•\d]{0,24}){2,}")
_EDGE = 3
# What a wiki says below a text about the page.
_CATEGORIES = re.compile(
    r"(?:categor(?:y|ies)|kategorien?|catégories?|categorías?|категории)\s*:.*", re.IGNORECASE
)
# A link for writers below a heading, the same below so many.
_DEED, _DEEDS = re.compile(r"\[[^\W\d_][^\d\]]{1,30}\]"), 2


def find_parts_of_site(flows: Sequence[Flow], names: Sequence[str], notes: Collection[int]) -> set[int]:
    """The indices of such blocks. `names` are their files, `notes` the blocks that calls lead to."""
    named = {index for index, flow in enumerate(flows) if flow.of_site and index not in notes}
    sizes = [len(flow.text) for flow in flows]
    # Links to elsewhere are no text of a book, however many a short page has.
    if sum(sizes[index] for index in named if not _leads_away(flows[index])) > sum(sizes) * _MOST:
        named = set()
    found = named | {index for index, flow in enumerate(flows) if _is_menu(flow)}
    edges = {*range(min(_EDGE, len(flows))), *range(max(len(flows) - _EDGE, 0), len(flows))}
    found |= {k for k in edges if _BARS.fullmatch(flows[k].text)}
    begins = [k for k, flow in enumerate(flows) if _BEGINS.search(flow.text)]
    if begins and sum(sizes[: begins[-1]]) < sum(sizes) * _FRONT:
        found |= set(range(begins[-1] + 1))
    ends = [k for k, flow in enumerate(flows) if _ENDS.match(flow.text)]
    if ends and sum(sizes[: ends[0]]) > sum(sizes) / 2:
        # `End of …, by …` stands above.
        first = next((k for k in (ends[0] - 1, ends[0]) if _END_ALONE.match(flows[k].text)), ends[0])
        found |= {k for k in range(first, len(flows)) if names[k] == names[first]}
    found |= _deeds(flows)
    last = len(flows) - 1
    ends_of_files = [k for k in range(last + 1) if k == last or names[k] != names[k + 1]]
    return found.union(*(_find_footer(flows, end, found, notes) for end in ends_of_files))


def _deeds(flows: Sequence[Flow]) -> set[int]:
    """The blocks in brackets that stand below headings alone, each time the same: `[edit]`."""
    below: dict[str, list[int]] = defaultdict(list)
    for index, flow in enumerate(flows):
        if _DEED.fullmatch(flow.text):
            below[flow.text].append(index)
    return {
        index
        for own in below.values()
        if len(own) >= _DEEDS and all(k and (flows[k - 1].heading or flows[k - 1].is_bold) for k in own)
        for index in own
    }


def _is_menu(flow: Flow) -> bool:
    """Whether a block is a row of links to other pages."""
    return _leads_away(flow) > 1 and not flow.heading


def _leads_away(flow: Flow) -> int:
    """The number of links to other pages in a short block that is little else."""
    away = [(start, end) for start, end, href in flow.links if not href.startswith("#")]
    return len(away) if len(flow.text) <= _LONGEST and _share(flow, away) >= _LINKED else 0


def _find_footer(flows: Sequence[Flow], end: int, found: Collection[int], notes: Collection[int]) -> set[int]:
    """The blocks at the end that are links to other pages, or say when the page was changed."""
    footer: set[int] = set()
    for index in range(max(end - _FOOTER, 0), end + 1):
        rest = flows[index : end + 1]
        short = all(len(flow.text) <= _LONGEST and not flow.heading for flow in rest)
        if (
            _CATEGORIES.fullmatch(flows[index].text)
            and short
            and not any(k in notes for k in range(index, end + 1))
        ):
            return set(range(index, end + 1)) - set(found)
    for index in range(end, max(end - _FOOTER, 0), -1):
        flow = flows[index]
        if index in found:
            continue
        away = [(start, end) for start, end, href in flow.links if "#" not in href or href in ("#", "#top")]
        is_link = bool(away) and _share(flow, away) >= _LINKED and len(flow.text) <= _LONGEST
        if index in notes or flow.heading or not (is_link or _STATES.fullmatch(flow.text)):
            break
        footer.add(index)
    return footer


def _share(flow: Flow, runs: Sequence[tuple[int, int]]) -> float:
    letters = sum(map(str.isalnum, flow.text))
    linked = sum(sum(map(str.isalnum, flow.text[start:end])) for start, end in runs)
    return linked / letters if letters else 1.0

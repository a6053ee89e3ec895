"""Stage 6: the divisions, from their headings, put in the order of their pages.

The kind of a division is in its numbering: `Part 1`, `1.` or `Chapter 1`, `I.`, `(a)`. Where chapters are called
so, a bare `1.` numbers a section.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus_import.diagnostics import Diagnostic
from corpus_import.elements import Account, Block, Division, Draft, Emendation, Role
from corpus_import.joining import close_spaces, join_lines, seams_of, take_out_references
from corpus_import.recognise import (
    BACK_TITLES,
    CAPITAL,
    CHAPTER,
    FRONT_TITLES,
    LETTERED,
    NOTE_PAGE,
    NUMBERED,
    PART,
    ROMAN,
    titled,
)

LEVELS = {"part": 1, "front": 1, "back": 1, "chapter": 2, "section": 3, "subsection": 4}
# The divisions that readers find on a page of their own, and whose notes are numbered anew.
CHAPTER_LIKE = ("part", "front", "back", "chapter")


def read_divisions(draft: Draft) -> Draft:
    """Read the headings, and put the chapter-like divisions in the order of their pages."""
    headings = _gather_headings(draft.blocks)
    named_chapters = any(CHAPTER.fullmatch(_joined(h.blocks)) for h in headings)
    divisions: list[Division] = []
    accounts: list[Account] = []
    emendations: list[Emendation] = []
    for place, heading in enumerate(headings):
        text, _, changed = join_lines(seams_of(heading.blocks), draft.vocabulary)
        emendations += changed
        text, _, changed = close_spaces(text, (), draft.manifest.language, draft.line_at)
        kind, n, label_end = _tell_kind(text.string, named_chapters)
        label, head = text.cut(0, label_end), text.cut(label_end)
        head, references, _ = take_out_references(head, ())
        accounts += [Account(p.span, "heading's number") for p in label.pieces if p.text.strip()]
        accounts += [Account(r.span, "note reference") for r in references]
        emendations += changed
        divisions.append(
            Division(
                kind=kind,
                n=n,
                head=head,
                blocks=heading.blocks,
                place=place,
                level=LEVELS[kind],
                references=references,
                pages_before=heading.blocks[0].markers,
            )
        )
    ordered, remarks = _put_in_order(divisions, draft.blocks)
    return replace(
        draft,
        divisions=tuple(_find_parents(ordered)),
        accounts=draft.accounts + tuple(accounts),
        emendations=draft.emendations + tuple(emendations),
        diagnostics=draft.diagnostics + tuple(remarks),
    )


@dataclass(frozen=True, slots=True)
class _Heading:
    blocks: tuple[Block, ...]


def _gather_headings(blocks: Sequence[Block]) -> list[_Heading]:
    """The headings, a bare `Part 1` and the title below it taken together."""
    headings: list[_Heading] = []
    for index, block in enumerate(blocks):
        if block.role is not Role.HEADING:
            continue
        above = headings[-1].blocks if headings and blocks[index - 1] is headings[-1].blocks[-1] else ()
        bare = above and any((m := p.fullmatch(_joined(above))) and not m["head"] for p in (PART, CHAPTER))
        numbered = any(p.fullmatch(_joined((block,))) for p in (PART, CHAPTER, NUMBERED, ROMAN, LETTERED))
        if bare and not numbered:
            headings[-1] = _Heading((*above, block))
        else:
            headings.append(_Heading((block,)))
    return headings


def _joined(blocks: Sequence[Block]) -> str:
    return " ".join(line.text for block in blocks for line in block.lines)


def _tell_kind(text: str, named_chapters: bool) -> tuple[str, str, int]:
    """Kind and number of a heading, and where its title begins."""
    for pattern, kind in (
        (PART, "part"),
        (CHAPTER, "chapter"),
        (ROMAN, "section"),
        (NUMBERED, "section" if named_chapters else "chapter"),
        (CAPITAL, "section"),
        (LETTERED, "subsection"),
    ):
        found = pattern.fullmatch(text)
        if found:
            return kind, found["n"], found.start("head")
    return ("back" if titled(text, BACK_TITLES) and not titled(text, FRONT_TITLES) else "front"), "", 0


# Order


def page_order(page: str) -> tuple[int, int]:
    """A sort key for page numbers: roman ones stand before arabic ones."""
    if page.isdigit():
        return (1, int(page))
    values = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
    total, largest = 0, 0
    for letter in reversed(page.lower()):
        value = values.get(letter, 0)
        total += value if value >= largest else -value
        largest = max(largest, value)
    return (0, total)


def _put_in_order(
    divisions: Sequence[Division], blocks: Sequence[Block]
) -> tuple[list[Division], list[Diagnostic]]:
    """Move the chapter-like divisions, with all that is in them, to the place that their pages give them."""
    groups: list[list[Division]] = []
    for division in divisions:
        if division.kind in CHAPTER_LIKE or not groups:
            groups.append([])
        groups[-1].append(division)
    begins = _first_pages(divisions, blocks)
    starts = [min((begins[d.place] for d in g if d.place in begins), default=None) for g in groups]
    kept = _longest_rising(starts)
    ordered = [(starts[i], groups[i]) for i in range(len(groups)) if i in kept]
    moved: list[Division] = []
    for i, group in enumerate(groups):
        if i in kept:
            continue
        start = starts[i]
        assert start is not None, "a division of which no page is known is never moved"
        at = next((k for k, (s, _) in enumerate(ordered) if s is not None and s > start), len(ordered))
        ordered.insert(at, (start, group))
        moved.append(group[0])
    remarks = [
        Diagnostic(
            "division-moved",
            d.blocks[0].first.witness,
            d.blocks[0].first.number,
            f"“{d.head.string or d.n}” stood out of the order of its pages and was put in its place.",
        )
        for d in moved
    ]
    return [d for _, group in ordered for d in group], remarks


def _first_pages(divisions: Sequence[Division], blocks: Sequence[Block]) -> dict[int, tuple[int, int]]:
    """The first page that is known of each division: from markers before and in it, and from its own notes."""
    begins: dict[int, tuple[int, int]] = {}
    owner = {id(d.blocks[0]): d.place for d in divisions}
    place: int | None = None
    chapter: int | None = None
    headed = False
    for block in blocks:
        if id(block) in owner:
            place, headed = owner[id(block)], False
            chapter = place if divisions[place].kind in CHAPTER_LIKE else chapter
        elif block.role is Role.NOTES_HEADING:
            headed = True
        elif block.role is Role.TEXT:
            headed = False
        if place is None:
            continue
        if block.role in (Role.HEADING, Role.TEXT):
            for marker in block.markers:
                page = page_order(marker.page)
                # A page that turns inside a division began after the division did.
                earlier = page if id(block) in owner else (page[0], page[1] - 1)
                begins.setdefault(place, earlier)
        found = NOTE_PAGE.search(block.last.text) if headed and block.role is Role.NOTE else None
        if found and chapter is not None:
            page = page_order(found["page"].lower())
            begins[chapter] = min(begins.get(chapter, page), page)
    return begins


def _longest_rising(starts: Sequence[tuple[int, int] | None]) -> set[int]:
    """Indices of the longest rising run of pages; what has no page stays where it is. Quadratic in the chapters."""
    best: list[tuple[int, int]] = []  # length of the run that ends here, index before
    known = [i for i, s in enumerate(starts) if s is not None]
    for k, i in enumerate(known):
        run = (1, -1)
        for j in range(k):
            earlier, here = starts[known[j]], starts[i]
            assert earlier is not None, "only divisions with a page are compared"
            assert here is not None, "only divisions with a page are compared"
            if earlier <= here and best[j][0] + 1 > run[0]:
                run = (best[j][0] + 1, j)
        best.append(run)
    kept = {i for i, s in enumerate(starts) if s is None}
    # Of runs that are equally long the one that keeps what comes first.
    k = max(range(len(best)), key=lambda i: (best[i][0], -i), default=-1)
    while k >= 0:
        kept.add(known[k])
        k = best[k][1]
    return kept


def _find_parents(ordered: Sequence[Division]) -> list[Division]:
    """Give each division its parent: the nearest division before it of a higher level. Front matter has no children
    but its own sections; a chapter belongs to the part before it.
    """
    open_: list[Division] = []
    result = []
    for division in ordered:
        while open_ and (
            open_[-1].level >= division.level
            or (division.kind == "chapter" and open_[-1].kind in ("front", "back"))
        ):
            open_.pop()
        division = replace(division, parent=open_[-1].place if open_ else None)
        open_.append(division)
        result.append(division)
    return result

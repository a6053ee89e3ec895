"""The beginning of a page that a person set, set again in an import."""

from dataclasses import replace
from typing import Any

from corpus_import.loading.replaying.structure import Replayed, Structure, lost
from corpus_import.parsing.elements import BreakInText, PageStart
from reader.text.anchors import Anchor
from reader.text.page_numbers import order_of
from reader.text.page_places import PagePlace, places_after_setting
from reader.text.paged_texts import PagedTexts, by_text
from reader.text.seams import seam_in


def set_page(structure: Structure, sought: list[Anchor], values: dict[str, Any]) -> Replayed:
    """Let a page begin where a person saw it begin; inferred pages around it follow."""
    index = structure.find(sought[0])
    if index is None:
        return lost()
    n, string = values["n"], structure.paragraphs[index].text.string
    offset = seam_in(values["text"], values["at"], string)
    texts = PagedTexts([each.text.string for each in structure.paragraphs])
    place = texts.at(index, offset)
    moved = places_after_setting(_pages(structure, texts), n, place, texts.string)
    new = {page: texts.where(at) for page, at in {**moved, n: place}.items()}
    pages = by_text(new)
    anchor = structure.anchor(index)
    for k, paragraph in enumerate(structure.paragraphs):
        kept = tuple(each for each in paragraph.breaks if each.page not in new)
        put = tuple(BreakInText(at, page, attested=page == n) for at, page in pages.get(k, ()))
        breaks = tuple(sorted((*kept, *put), key=lambda each: each.offset))
        if breaks != paragraph.breaks:
            structure.put(k, k + 1, [replace(paragraph, breaks=breaks)])
    _attest(structure, n)
    return Replayed([anchor], {"n": n, "at": offset, "text": string})


def _pages(structure: Structure, texts: PagedTexts) -> list[PagePlace]:
    """The pages in the order of the book that begin in a text, or with a division that has texts."""
    begins = {
        page.page: texts.at(k, page.offset)
        for k, paragraph in enumerate(structure.paragraphs)
        for page in paragraph.breaks
    }
    first_of: dict[int, int] = {}
    for k, paragraph in enumerate(structure.paragraphs):
        first_of.setdefault(paragraph.division, k)
    places = []
    for page in structure.pages:
        if page.page in begins:
            places.append(PagePlace(page.page, begins[page.page], not page.attested))
        elif page.division in first_of:
            places.append(PagePlace(page.page, texts.at(first_of[page.division], 0), is_inferred=False))
    return places


def _attest(structure: Structure, n: str) -> None:
    known = [page.page for page in structure.pages]
    if n in known:
        at = known.index(n)
        structure.pages[at] = replace(structure.pages[at], attested=True, division=None, has_text=True)
        return
    mine = order_of(n) or (False, 0)
    ranks = [order_of(page) or (False, 0) for page in known]
    at = sum((not roman, number) < (not mine[0], mine[1]) for roman, number in ranks)
    structure.pages.insert(at, PageStart(n, attested=True, division=None))

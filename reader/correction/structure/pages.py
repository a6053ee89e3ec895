"""Where a page of the printed book begins: set from the printed copy; the pages inferred around it follow."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext

from reader.correction.correcting import Refused, note_structure, save_without_version
from reader.correction.structure.deeds import publish_structure, record, takes_back
from reader.correction.structure.rows import anchor_of, locked
from reader.correction.turns import take_turn_or_refuse
from reader.models import Deed, Division, PageBreak, Paragraph
from reader.text import markup
from reader.text.page_numbers import order_of
from reader.text.page_places import PagePlace, places_after_setting
from reader.text.paged_texts import PagedTexts
from reader.text.seams import seam_in

# Where pages begin: the number of a paragraph and the offset in its imported text without markup.
_Places = dict[str, tuple[int, int]]


@transaction.atomic
def set_page(paragraph: Paragraph, n: str, at: int, *, by: models.Model, reason: str) -> Deed:
    """Let page `n` begin before the character `at` of a paragraph's wording: it is attested from then on."""
    take_turn_or_refuse(paragraph.volume)
    row = locked(paragraph)
    name = n.strip()
    if order_of(name) is None or not re.fullmatch(markup.PAGE_NAME, name):
        refusal = gettext(
            "A page cannot be called “%(name)s”: type its number as it is printed, such as 42 or xii."
        )
        raise Refused(refusal % {"name": name})
    if not row.imported_text:
        raise Refused(gettext("The last import has no place for this paragraph: decide its conflict first."))
    book = _Book(row)
    offset = len(markup.plain(row.imported_text[: seam_in(row.text, at, row.imported_text)]))
    place = book.texts.at(book.index_of[row.number], offset)
    known = {page.n: page for page in book.pages}
    if name in known and known[name].at == place and not known[name].is_inferred:
        raise Refused(gettext("Page %(name)s begins there already.") % {"name": name})
    _refuse_order(book.pages, name, place)
    moved = places_after_setting(book.pages, name, place, book.texts.string)
    new = {page: book.where(where) for page, where in {**moved, name: place}.items()}
    rows = {each.n: each for each in PageBreak.objects.of_volume(row.volume_id).filter(n__in=new)}
    before: dict[str, Any] = {
        "pages": {page: book.where(known[page].at) if page in known else None for page in new},
        "certainty": rows[name].certainty if name in rows else None,
        "division": _slug_of_head(rows.get(name)),
    }
    said = f"page {name} was set: it begins in paragraph {row.number}"
    deed = record(
        row.volume,
        Deed.Kind.SET_PAGE,
        said,
        by=by,
        reason=reason,
        sought=[anchor_of(row)],
        values={"n": name, "at": offset, "text": markup.plain(row.imported_text)},
        before=before,
        paragraph=row,
    )
    _attest(row, name, rows.get(name))
    changed = _write(book, new)
    note_structure(row, by=by, reason=f"{said}: {reason}")
    publish_structure(
        row.volume, _showing(row.volume_id, {each.division for each in changed} | {row.division})
    )
    return deed


def _showing(volume: int, changed: Iterable[Division]) -> Iterable[Division]:
    """The divisions in which pages changed, and the chapters before and after theirs.

    The notes of the chapter before may stand on such a page, and the text of the next one may begin on it.
    """
    chapters = list(Division.objects.of_volume(volume).chapters().order_by("position"))
    at = {chapters.index(division.page_division()) for division in changed}
    near = {place for each in at for place in (each - 1, each + 1) if 0 <= place < len(chapters)}
    return {*changed, *(chapters[place] for place in near)}


class _Book:
    """The paragraphs of a volume as the last import has them, taken as one text, and the pages that begin in it."""

    def __init__(self, row: Paragraph) -> None:
        paragraphs = Paragraph.objects.of_volume(row.volume_id).exclude(imported_text="")
        self.rows = list(paragraphs.in_book_order().select_related("division").defer("search"))
        self.plains = [markup.plain(each.imported_text) for each in self.rows]
        self.texts = PagedTexts(self.plains)
        self.index_of = {each.number: k for k, each in enumerate(self.rows)}
        begins = {
            page.n: self.texts.at(k, page.offset)
            for k, each in enumerate(self.rows)
            for page in markup.page_breaks(each.imported_text)
        }
        first_of: dict[int, int] = {}
        for k, each in enumerate(self.rows):
            first_of.setdefault(each.division_id, k)
        self.pages = []
        for page in PageBreak.objects.of_volume(row.volume_id).in_book_order():
            if page.n in begins:
                is_inferred = page.certainty == PageBreak.Certainty.INFERRED
                self.pages.append(PagePlace(page.n, begins[page.n], is_inferred))
            elif page.division_id in first_of:
                at = self.texts.at(first_of[page.division_id], 0)
                self.pages.append(PagePlace(page.n, at, is_inferred=False))

    def where(self, at: int) -> tuple[int, int]:
        """The number of the paragraph that has a place, and the offset in it."""
        index, offset = self.texts.where(at)
        return self.rows[index].number, offset


def _refuse_order(pages: Sequence[PagePlace], n: str, place: int) -> None:
    """Refuse a place that is before an earlier page, or behind a later one, of those that are certain."""
    mine = order_of(n)
    for page in pages:
        theirs = order_of(page.n)
        if page.is_inferred or page.n == n or mine is None or theirs is None or mine[0] != theirs[0]:
            continue
        if (theirs < mine and page.at > place) or (theirs > mine and page.at < place):
            if theirs < mine:
                said = gettext(
                    "Page %(n)s would begin before page %(other)s, which is attested or begins with a heading."
                )
            else:
                said = gettext(
                    "Page %(n)s would begin after page %(other)s, which is attested or begins with a heading."
                )
            raise Refused(said % {"n": n, "other": page.n})


def _slug_of_head(page: PageBreak | None) -> str | None:
    is_at_head = page is not None and page.paragraph_id is None and page.note_id is None
    return page.division.slug if page is not None and is_at_head and page.division else None


def _attest(row: Paragraph, n: str, known: PageBreak | None) -> None:
    """Let a page be attested, and begin in a text; one that the book did not have yet stands in its order."""
    attested = PageBreak.Certainty.ATTESTED
    if known is not None:
        known.certainty, known.division, known.has_text = attested, None, True
        known.save(update_fields=["certainty", "division", "has_text"])
        return
    ordered = list(PageBreak.objects.of_volume(row.volume_id).in_book_order())
    mine = order_of(n) or (False, 0)
    ranks = [order_of(page.n) or (False, 0) for page in ordered]
    at = sum((not roman, number) < (not mine[0], mine[1]) for roman, number in ranks)
    position = ordered[at].position if at < len(ordered) else (ordered[-1].position + 1 if ordered else 0)
    PageBreak.objects.of_volume(row.volume_id).filter(position__gte=position).update(
        position=models.F("position") + 1
    )
    PageBreak.objects.create(
        volume_id=row.volume_id, n=n, position=position, certainty=attested, paragraph=row, has_text=True
    )


def _write(book: _Book, new: Mapping[str, tuple[int, int] | None]) -> list[Paragraph]:
    """Write where pages begin (None: nowhere) in the wording and the imported text of each paragraph."""
    changed = []
    for row in book.rows:
        there = {page.n for page in markup.page_breaks(row.imported_text)} | {
            page.n for page in markup.page_breaks(row.text)
        }
        here = {page: place[1] for page, place in new.items() if place is not None and place[0] == row.number}
        if not here and not there & new.keys():
            continue
        wording, imported = (_without(text, new.keys()) for text in (row.text, row.imported_text))
        for page, offset in sorted(here.items(), key=lambda pair: pair[1], reverse=True):
            at = _source_at(imported, offset)
            wording = _with(wording, seam_in(imported, at, wording), page)
            imported = _with(imported, at, page)
        if (wording, imported) != (row.text, row.imported_text):
            row.text, row.imported_text = wording, imported
            save_without_version(row, ["text", "imported_text"])
            changed.append(row)
    return changed


def _without(text: str, pages: Iterable[str]) -> str:
    wanted = set(pages)
    for page in reversed(markup.page_breaks(text)):
        if page.n in wanted:
            text = text[: page.start] + text[page.end :]
    return text


def _with(text: str, at: int, page: str) -> str:
    return f"{text[:at]}{markup.page_break(page)}{text[at:]}"


def _source_at(text: str, offset: int) -> int:
    """The place in a source behind the calls at an offset of its plain text: a page begins behind them."""
    at = len(text)
    for leaf in markup.leaves(markup.parse(text)):
        if isinstance(leaf, markup.Text) and leaf.offset <= offset < leaf.offset + len(leaf.plain):
            written = markup.CHARACTER.findall(text[leaf.start : leaf.end])
            at = leaf.start + sum(map(len, written[: offset - leaf.offset]))
            break
    return at


@takes_back(Deed.Kind.SET_PAGE)
def _set_back(deed: Deed, by: models.Model, reason: str) -> Iterable[Division]:
    if deed.paragraph is None:
        raise Refused(gettext("The paragraph is gone: set the page anew."))
    row, n = locked(deed.paragraph), deed.values["n"]
    book = _Book(row)
    lengths = {each.number: len(plain) for each, plain in zip(book.rows, book.plains, strict=True)}
    places: dict[str, tuple[int, int] | None] = {}
    for page, place in deed.before["pages"].items():
        is_there = place is not None and place[0] in lengths
        places[page] = (place[0], min(place[1], lengths[place[0]])) if is_there else None
    head = Division.objects.filter(volume=deed.volume_id, slug=deed.before["division"] or "").first()
    if head is not None:
        places[n] = None
    changed = _write(book, places)
    pages = PageBreak.objects.of_volume(deed.volume_id).filter(n=n)
    if deed.before["certainty"] is None:
        pages.delete()
    else:
        pages.update(certainty=deed.before["certainty"], division=head)
    note_structure(row, by=by, reason=f"taken back, {deed.said}: {reason}")
    return _showing(deed.volume_id, {each.division for each in changed} | {row.division})

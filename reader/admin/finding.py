"""Finding rows in the lists of paragraphs, notes and divisions: by number, by printed page, by words."""

import re
import unicodedata
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import models
from django.db.models import Case, Q, Value, When

from reader.edition.book_pages import BookPage, look_up, read_book_pages
from reader.models import Correctable, Division, PageBreak, Paragraph, Volume
from reader.text import markup
from reader.text.page_numbers import PAGE_NUMBER, order_of

# The most characters that are read of what was typed.
MOST_ASKED = 200
# One kind of each of these signs. Letters are compared small and without accents (Unicode's NFKD without marks).
SIGNS = {**dict.fromkeys("’‘ʼ", "'"), **dict.fromkeys("“”„«»", '"'), **dict.fromkeys("–—‐‑", "-")}
# What may stand before the first word.
NOT_FIRST = "\"'([-. "
_MARKUP = re.compile(rf"{markup.CALL}|{markup.BREAK}|{markup.STAR}|\\([^\w\s])")
_UNLIKE = re.compile(rf"[\u0300-\u036f]+|[{''.join(SIGNS)}]")
# A mark between two words that no space parts: "1923-1930".
_WITHIN = re.compile(r"(?<=\w)[^\w\s\"]+(?=\w)")
_PAGE = re.compile(rf"(?:p\.?|pp\.?|page) ?\[?({PAGE_NUMBER})\]?", re.IGNORECASE)
_BARE_PAGE = re.compile(PAGE_NUMBER, re.IGNORECASE)
# What comes first: the number itself, its page, a beginning, the words as typed; the rest has other forms of the words.
_NUMBER, _ON_PAGE, _BEGINS, _HAS, _REST = range(5)


def find(rows: models.QuerySet[Any], asked: str, *, by_rank: bool = True) -> models.QuerySet[Any]:
    """The rows that a person means by a number, a printed page or words; by rank, or in the order of `rows`.

    Two statements beside the list's own, and two more for each volume that has such a page.
    """
    asked = " ".join(asked[:MOST_ASKED].split())
    if pasted := markup.page_breaks(asked):  # the mark of a page, which stands for the page
        asked = f"p. {pasted[0].n}"
    if not asked:
        return rows
    model: type[Correctable] = rows.model
    number, page = _number_in(model, asked), _page_in(asked)
    numbered = Q(pk__in=()) if number is None else Q(**{"number" if model is Paragraph else "n": number})
    on_page = _on_page(model, page) if page else Q(pk__in=())
    if _PAGE.fullmatch(asked):
        return rows.filter(on_page)
    begins, has = _by_words(rows, folded(asked))
    meant = numbered | on_page | begins | has
    if model is not Division:
        # The text is searched without the marks between its words (reader/text/searchable.py).
        words = _WITHIN.sub(" ", asked)
        meant |= Q(search=SearchQuery(words, config="english", search_type="websearch"))
    found = rows.filter(meant)
    if not by_rank:
        return found
    rank = Case(
        When(numbered, then=Value(_NUMBER)),
        When(on_page, then=Value(_ON_PAGE)),
        When(begins, then=Value(_BEGINS)),
        When(has, then=Value(_HAS)),
        default=Value(_REST),
    )
    ranked: models.QuerySet[Any] = found.alias(_rank=rank).order_by("_rank", *rows.query.order_by)
    return ranked


def folded(text: str) -> str:
    """A text as it is compared: small letters without accents, one kind of each sign, single spaces."""
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text)
        text = _UNLIKE.sub(lambda found: SIGNS.get(found[0], ""), apart)
    return " ".join(text.lower().split())


def _by_words(rows: models.QuerySet[Any], words: str) -> tuple[Q, Q]:
    """The rows that begin with these words, and those that have them. One statement.

    The texts are compared here, because PostgreSQL folds the texts of a book many times more slowly.
    """
    begin, have = [], []
    first = words.lstrip(NOT_FIRST)
    for key, text in rows.order_by().values_list("pk", rows.model.WORDING) if words else ():
        read = folded(_MARKUP.sub(r"\1", text))
        if words in read:
            have.append(key)
        if first and read.lstrip(NOT_FIRST).startswith(first):
            begin.append(key)
    return Q(pk__in=begin), Q(pk__in=have)


def _number_in(model: type[Correctable], asked: str) -> str | None:
    """The number of a text or a division: `12`, `paragraph 12`, `note 12`, for divisions `IV` also.

    What it is may be said in English, or in the reader's language.
    """
    if model is Division:
        return asked if re.fullmatch(r"[0-9]{1,9}|[IVXLC]{1,10}", asked) else None
    said = "|".join(map(re.escape, (str(model._meta.model_name), str(model._meta.verbose_name))))
    found = re.fullmatch(rf"(?:{said}|no\.|n°|¶)?[ \u202f]?([0-9]{{1,9}})", asked, re.IGNORECASE)
    return found[1] if found else None


def _page_in(asked: str) -> str:
    """The number of a printed page, written `p. 42` or alone; empty if none is named."""
    if found := _PAGE.fullmatch(asked):
        return found[1]
    return asked if _BARE_PAGE.fullmatch(asked) else ""


def _on_page(model: type[Correctable], n: str) -> Q:
    """The rows that stand on a printed page; notes on that of their call, divisions on that of their head."""
    order = order_of(n)
    n = str(order[1]) if order and order[0] else n
    if model is not Paragraph:
        return Q(page__iexact=n)
    keys: list[int] = []
    for volume in Volume.objects.filter(pk__in=PageBreak.objects.filter(n__iexact=n).values("volume")):
        keys += _paragraphs_on(volume, n)
    return Q(pk__in=keys)


def _paragraphs_on(volume: Volume, n: str) -> list[int]:
    """The keys of a volume's paragraphs of which something stands on a page."""
    pages = [page for page in read_book_pages(volume) if page.division is not None]
    page = look_up(n, pages).page
    if page is None:
        return []
    at = pages.index(page)
    following = pages[at + 1] if at + 1 < len(pages) else None
    near = volume.paragraphs.select_related("division__parent__parent").only(
        "position",
        "text",
        "volume",
        *(
            f"division__{up}{name}"
            for up in ("", "parent__", "parent__parent__")
            for name in ("position", "kind", "parent")
        ),
    )
    known = [each.paragraph_position for each in pages[:at] if each.paragraph_position is not None]
    if known:
        near = near.filter(position__gte=known[-1])
    known = [each.paragraph_position for each in pages[at + 1 :] if each.paragraph_position is not None]
    if known:
        near = near.filter(position__lte=known[0])
    return [paragraph.pk for paragraph in near if _stands_on(paragraph, page, following)]


def _stands_on(paragraph: Paragraph, page: BookPage, following: BookPage | None) -> bool:
    if paragraph.pk != page.paragraph and not page.begins_before(paragraph):
        return False
    if following is None:
        return True
    if paragraph.pk == following.paragraph:
        return bool(_before(paragraph.text, following.n))
    return not following.begins_before(paragraph)


def _before(text: str, n: str) -> str:
    """The words of a text before the beginning of a page."""
    plain = markup.plain(text)
    offsets = [
        marker.offset
        for marker in markup.markers(text)
        if isinstance(marker, markup.PageBreak) and marker.n == n
    ]
    return plain[: offsets[0]].strip() if offsets else plain

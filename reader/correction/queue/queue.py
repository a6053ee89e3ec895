"""The contents of the queue: the questions of one kind in a volume, by code, chapter and state, with their numbers."""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import Count, F, QuerySet, Value
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext, pgettext_lazy

from reader.correction.in_book import in_book_order
from reader.correction.queue.choices import Asked, Choice, Progress
from reader.correction.queue.codes import in_words
from reader.correction.queue.kinds import Kind
from reader.correction.queue.rows import Row
from reader.edition.contents import divisions_of
from reader.models import Correctable, Division, Volume
from reader.text.markup import plain
from reader.text.sentences import shorten

ROWS = 50
# In an address: every state; rows that stand in no text.
ALL, NOWHERE = "all", "-"
# States that a sentence names by another word than their rows.
IN_SENTENCES = (pgettext_lazy("state of a question", "dismissed"),)
# Shown characters of the head of a chapter.
HEAD = 80


class Queue:
    """The questions of one kind in one volume that a query selects; the number of statements is constant.

    Unknown query values are ignored.
    """

    def __init__(self, asked: Asked, kinds: Sequence[Kind]) -> None:
        self.kinds = kinds
        self.kind = next((kind for kind in kinds if kind.name == asked.kind), kinds[0])
        self.volumes = list(Volume.objects.defer("imported_description", "imported_headwords"))
        self.volume = next((v for v in self.volumes if v.slug == asked.volume), None) or self._first_volume()
        self.divisions = divisions_of(self.volume) if self.volume else []
        self.chapter_of = {division.pk: division.page_division() for division in self.divisions}
        self._counts = self._count()
        codes, chapters = {code for code, _, _ in self._counts}, {chapter for _, chapter, _ in self._counts}
        states = {state for state, _ in self.kind.states}
        self.state = asked.state if asked.state in {*states, ALL} else self._open
        self.code = asked.code if asked.code in codes else ""
        self.chapter = asked.chapter if asked.chapter in chapters else ""
        self.total = self._number(self.code, self.chapter, self.state)
        self.last = max(1, -(-self.total // ROWS))
        number = int(asked.page) if asked.page.isdecimal() and len(asked.page) < 9 else 1
        self.page = min(max(number, 1), self.last)
        self.asked = Asked(
            volume=self.volume.slug if self.volume and len(self.volumes) > 1 else "",
            kind=self.kind.name,
            code=self.code,
            chapter=self.chapter,
            state="" if self.state == self._open else self.state,
            page=str(self.page) if self.page > 1 else "",
        )

    def _first_volume(self) -> Volume | None:
        """The first volume with open rows of the kind, or else the first one."""
        waiting = (v for v in self.volumes if len(self.volumes) > 1 and self._open_in_volumes.get(v.pk))
        return next(waiting, next(iter(self.volumes), None))

    @cached_property
    def _open_in_volumes(self) -> dict[int, int]:
        """The numbers of open rows of the kind, by the keys of the volumes."""
        rows = self.kind.usual(self.kind.all_rows().open()).order_by()
        return dict(rows.values_list(self.kind.volume).annotate(Count("pk")))

    @property
    def _open(self) -> str:
        return self.kind.states[0][0]

    def _count(self) -> "Counter[tuple[str, str, str]]":
        """The number of rows for each code, chapter and state."""
        counts: Counter[tuple[str, str, str]] = Counter()
        if self.volume is None:
            return counts
        code = F(self.kind.codes) if self.kind.codes else Value("")
        rows = self.kind.rows(self.volume).order_by()
        rows = rows.annotate(in_division=self.kind.in_division, of_code=code)
        grouped = rows.values_list("of_code", "in_division", "state").annotate(Count("pk"))
        for of_code, division, state, number in grouped:
            chapter = self.chapter_of.get(division)
            counts[of_code, chapter.slug if chapter else NOWHERE, state] += number
        return counts

    def _number(self, code: str, chapter: str, state: str) -> int:
        """The number of rows with this code, chapter and state; an empty argument stands for all.

        No code stands for all codes but those that are kept aside.
        """
        return sum(
            number
            for (c, h, s), number in self._counts.items()
            if (code == c if code else c not in self.kind.aside)
            and chapter in ("", h)
            and state in ("", ALL, s)
        )

    @cached_property
    def kind_choices(self) -> list[Choice]:
        """The kinds, each with the number of its open rows in the volume."""
        choices = []
        for kind in self.kinds:
            if kind is self.kind:
                number = self._number("", "", self._open)
            else:
                number = kind.usual(kind.rows(self.volume).open()).count() if self.volume else 0
            url = self.asked.address(kind=kind.name, code="", chapter="", state="", page="")
            choices.append(Choice(str(kind.title), url, number, kind is self.kind))
        return choices

    @cached_property
    def volume_choices(self) -> list[Choice]:
        """The volumes, if there are several, each with the number of its open rows of this kind."""
        if len(self.volumes) < 2:
            return []
        return [
            Choice(
                str(each),
                self.asked.address(volume=each.slug, code="", chapter="", page=""),
                self._open_in_volumes.get(each.pk, 0),
                each == self.volume,
                each.language,
            )
            for each in self.volumes
        ]

    @cached_property
    def state_choices(self) -> list[Choice]:
        """The states, open first, and all of them."""
        return [
            Choice(
                capfirst(str(label)),
                self.asked.address(state="" if state == self._open else state),
                self._number(self.code, self.chapter, state),
                state == self.state,
            )
            for state, label in [*self.kind.states, (ALL, pgettext("state of a question", "all"))]
        ]

    @property
    def state_in_words(self) -> str:
        """The state as a sentence names it."""
        return pgettext("state of a question", self.state)

    @cached_property
    def code_choices(self) -> list[Choice]:
        """The codes, the most frequent first; none if the kind has no codes."""
        codes = {code: self._number(code, self.chapter, self.state) for code, _, _ in self._counts if code}
        if not codes:
            return []
        whole = self._number("", self.chapter, self.state)
        aside = gettext("All but punctuation") if self.kind.aside else pgettext("codes", "All")
        in_order = sorted(codes.items(), key=lambda item: (-item[1], item[0]))
        if self.kind.ranked:
            in_order = [(code, codes[code]) for code in self.kind.ranked if code in codes]
        return [
            Choice(aside, self.asked.address(code=""), whole, not self.code),
            *(
                Choice(
                    in_words(self.kind.name, code),
                    self.asked.address(code=code),
                    number,
                    code == self.code,
                    title=code if self.kind.name == "diagnostic" else "",
                )
                for code, number in in_order
                if number or code == self.code
            ),
        ]

    @cached_property
    def progress(self) -> list[Progress]:
        """The progress of each chapter with rows of this kind, in the order of the book."""
        slugs = {slug for _, slug, _ in self._counts}
        language = self.volume.language if self.volume else ""
        progress = [
            self._progress(chapter.slug, self.head_of(chapter), language)
            for chapter in self.divisions
            if chapter.slug in slugs
        ]
        if NOWHERE in slugs:
            progress.append(self._progress(NOWHERE, gettext("In no text")))
        return progress

    @cached_property
    def whole(self) -> Progress:
        """The progress of the whole volume."""
        return self._progress("", gettext("All chapters"))

    def _progress(self, chapter: str, label: str, language: str = "") -> Progress:
        code = self.code if self.code in self.kind.aside else ""
        total, is_open = self._number(code, chapter, ""), self._number(code, chapter, self._open)
        url = self.asked.address(chapter=chapter)
        number = self._number(self.code, chapter, self.state)
        choice = Choice(label, url, number, chapter == self.chapter, language)
        return Progress(choice, total - is_open, total)

    @property
    def first(self) -> int:
        """The number of the first row of the page."""
        return (self.page - 1) * ROWS + 1

    @property
    def previous_url(self) -> str:
        """The address of the previous page; empty if there is none."""
        return self.asked.address(page=str(self.page - 1)) if self.page > 1 else ""

    @property
    def next_url(self) -> str:
        """The address of the next page; empty if there is none."""
        return self.asked.address(page=str(self.page + 1)) if self.page < self.last else ""

    @property
    def all_url(self) -> str:
        """The address of this state in all chapters and of all codes."""
        return self.asked.address(code="", chapter="")

    def selected(self) -> "QuerySet[Any]":
        """The selected rows of all pages, in their order."""
        rows: QuerySet[Any] = (
            self.kind.rows(self.volume) if self.volume else self.kind.model._default_manager.none()
        )
        if self.state != ALL:
            rows = rows.filter(state=self.state)
        rows = rows.filter(**{self.kind.codes: self.code}) if self.code else self.kind.usual(rows)
        if self.chapter:
            rows = rows.annotate(in_division=self.kind.in_division)
            within = [pk for pk, chapter in self.chapter_of.items() if chapter.slug == self.chapter]
            rows = (
                rows.filter(in_division=None)
                if self.chapter == NOWHERE
                else rows.filter(in_division__in=within)
            )
        return self.in_order(rows)

    def in_order(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        """Rows of the kind in the order in which the queue goes."""
        if self.kind.is_in_book_order:
            ordered = in_book_order(rows, self.chapter_of, self.kind.order)
            if self.kind.ranked:
                ordered = ordered.annotate(rank=self.kind.rank).order_by("rank", *ordered.query.order_by)
            return ordered
        return rows.order_by(*self.kind.order)

    def _on_page(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        return rows[(self.page - 1) * ROWS : self.page * ROWS]

    def keys_on_page(self) -> list[int]:
        """The keys of the rows of this page."""
        return [row.pk for row in self.rows()]

    def rows(self) -> list[Row]:
        """The rows of this page."""
        return self.shown(self._on_page(self.selected()))

    def shown(self, rows: "QuerySet[Any]") -> list[Row]:
        """These rows in the form in which the queue shows them."""
        return list(self.kind.shown(self, rows))

    def head_of(self, division: Division) -> str:
        """The number and the head of a division, without markup."""
        head = shorten(plain(division.head).strip(), HEAD)
        return f"{division.n}. {head}" if division.n else head

    def row(self, question: Any, text: Correctable | None, **values: Any) -> Row:
        """A row with these values, and with the place and the addresses of its text."""
        row = Row(
            pk=question.pk,
            state=question.get_state_display(),
            is_open=question.state == self._open,
            **values,
        )
        if text is None:
            row.chapter = gettext("in no text")
            return row
        chapter = self.chapter_of[text.stands_in]
        row.chapter = self.head_of(chapter)
        row.place = text.name_in_chapter
        row.stands_in = text.called
        row.leads_to = reverse(f"admin:reader_{text.called}_change", args=[text.pk])
        row.reads_at = chapter.get_absolute_url() + (f"#{text.anchor}" if text.anchor else "")
        return row

    @cached_property
    def has_several_witnesses(self) -> bool:
        """Whether the number of a line is ambiguous without its witness."""
        return self.volume is not None and self.volume.witnesses.count() > 1

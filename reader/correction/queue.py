"""What the queue shows: five kinds of questions, in a volume, by code, chapter and state, with their numbers."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from reader.correction.suspects import place_of
from reader.edition.contents import divisions_of, safe
from reader.edition.evidence import DOUBTS
from reader.models import (
    Candidate,
    Conflict,
    Diagnostic,
    Division,
    Gap,
    Note,
    Paragraph,
    Suspect,
    Text,
    Volume,
)
from reader.text import markup
from reader.text.differences import Change, difference, shortened
from reader.text.html import escape, permitted, visible
from reader.text.markup import plain
from reader.text.sentences import sentence_parts, shorten

ROWS = 50
# In an address: every state; what stands in no text.
ALL, NOWHERE = "all", "-"
# Characters that are shown of a text, and of the head of a chapter.
SHOWN, HEAD = 240, 80


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of question: its model, where its rows stand, how they are called when they are settled.

    `division` are the ways from a row to the division that it stands in; `codes` is the field that tells its rows
    apart, with what the field is called; `seen` is what settles a row here: without it rows are settled elsewhere.
    """

    name: str
    title: str
    model: type[Any]
    division: tuple[str, ...]
    order: tuple[str, ...]
    codes: str = ""
    called: str = "Code"
    seen: str = ""
    volume: str = "volume"
    found: bool = False

    def rows(self, volume: Volume) -> "QuerySet[Any]":
        """The rows of a volume; what the last import did not find any more is not asked."""
        rows: QuerySet[Any] = self.model._default_manager.filter(**{self.volume: volume})
        return rows.filter(is_found=True) if self.found else rows

    @property
    def in_division(self) -> Any:
        """The expression of the division in which a row stands."""
        return F(self.division[0]) if len(self.division) == 1 else Coalesce(*self.division)

    @property
    def states(self) -> list[tuple[str, str]]:
        """The states of its rows with what they are called; the first is open."""
        return list(self.model.State.choices)

    def may(self, user: Any, action: str) -> bool:
        """Whether a person may view or change its rows."""
        return bool(user.has_perm(f"reader.{action}_{self.model._meta.model_name}"))


_TEXTS = ("paragraph__division", "note__division")
_IN_WITNESS = ("witness__n", "line", "pk")
KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            *("suspect", "Suspects", Suspect, _TEXTS, _IN_WITNESS),
            codes="code",
            seen="Not a fault",
            found=True,
        ),
        Kind(
            "conflict", "Conflicts", Conflict, (*_TEXTS, "division"), ("pk",), codes="field", called="Field"
        ),
        Kind(
            *("gap", "Missing notes", Gap, ("division",), ("division__position", "n")),
            seen="Known to be lost",
            volume="division__volume",
        ),
        Kind(
            *("diagnostic", "Diagnostics", Diagnostic, (*_TEXTS, "division"), _IN_WITNESS),
            codes="code",
            seen="Seen",
            found=True,
        ),
        Kind(
            *("candidate", "Candidates", Candidate, _TEXTS, ("-score", "-count", "headword", "pk")),
            codes="pattern",
            called="Pattern",
            found=True,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be chosen, its address, how many rows it has, and whether it is chosen now."""

    label: str
    url: str
    count: int
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How many rows of a chapter are settled, and the choice of that chapter."""

    choice: Choice
    settled: int
    total: int


@dataclass(slots=True)
class Row:
    """A question as it is shown.

    `reading` is what is asked about and `suggestion` what may stand in its place; `sentence` has the reading marked,
    `before` and `after` are what stands around it there. `key` is that of its place; `objection` says why it cannot be
    accepted, and `leads_to` where it is put right.
    """

    pk: int
    state: str
    is_open: bool
    sentence: str = ""
    before: str = ""
    reading: str = ""
    after: str = ""
    suggestion: str = ""
    why: str = ""
    changes: Sequence[Change] = ()
    chapter: str = ""
    place: str = ""
    line: int | None = None
    witness: str = ""
    key: str = ""
    objection: str = ""
    stands_in: str = ""
    leads_to: str = ""
    reads_at: str = ""
    settled_by: str = ""

    @property
    def name(self) -> str:
        """What tells it from the others of a page, for who hears it."""
        reading = visible(shorten(self.reading or str(self.sentence), 40))
        return f"“{reading}”, {self.place or self.chapter}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked to see: the words of an address, each empty where nothing was said."""

    volume: str = ""
    kind: str = ""
    code: str = ""
    chapter: str = ""
    state: str = ""
    page: str = ""

    def address(self, **other: str) -> str:
        """The query with other words in place of these; who asks for something else begins with the first page."""
        words = {
            "volume": self.volume,
            "kind": self.kind,
            "code": self.code,
            "chapter": self.chapter,
            "state": self.state,
            "page": self.page if not other else "",
            **other,
        }
        return "?" + urlencode({name: word for name, word in words.items() if word})


class Queue:
    """The questions of one kind in one volume, as they are asked for; the number of statements is the same always.

    Words that name nothing are as if nothing had been said.
    """

    def __init__(self, asked: Asked, kinds: Sequence[Kind]) -> None:
        self.kinds = kinds
        self.kind = next((kind for kind in kinds if kind.name == asked.kind), kinds[0])
        self.volumes = list(Volume.objects.defer("imported_description", "imported_headwords"))
        self.volume = next(
            (v for v in self.volumes if v.slug == asked.volume), next(iter(self.volumes), None)
        )
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

    @property
    def _open(self) -> str:
        return self.kind.states[0][0]

    def _count(self) -> "Counter[tuple[str, str, str]]":
        """How many rows there are of each code, in each chapter, in each state."""
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
        """How many rows have this code, stand in this chapter, are in this state; empty words stand for all."""
        return sum(
            number
            for (c, h, s), number in self._counts.items()
            if code in ("", c) and chapter in ("", h) and state in ("", ALL, s)
        )

    @cached_property
    def kind_choices(self) -> list[Choice]:
        """The kinds, each with the number of those that are open in the volume."""
        choices = []
        for kind in self.kinds:
            if kind is self.kind:
                number = self._number("", "", self._open)
            else:
                number = kind.rows(self.volume).filter(state="open").count() if self.volume else 0
            url = self.asked.address(kind=kind.name, code="", chapter="", state="", page="")
            choices.append(Choice(kind.title, url, number, kind is self.kind))
        return choices

    @cached_property
    def volume_choices(self) -> list[Choice]:
        """The volumes, if there are several, each with the number of its open rows of this kind."""
        if len(self.volumes) < 2:
            return []
        manager = self.kind.model._default_manager
        rows = manager.filter(state=self._open, **({"is_found": True} if self.kind.found else {})).order_by()
        numbers = dict(rows.values_list(self.kind.volume).annotate(Count("pk")))
        return [
            Choice(
                str(each),
                self.asked.address(volume=each.slug, code="", chapter="", page=""),
                numbers.get(each.pk, 0),
                each == self.volume,
            )
            for each in self.volumes
        ]

    @cached_property
    def state_choices(self) -> list[Choice]:
        """The states, open first, and all of them."""
        return [
            Choice(
                label[:1].upper() + label[1:],
                self.asked.address(state="" if state == self._open else state),
                self._number(self.code, self.chapter, state),
                state == self.state,
            )
            for state, label in [*self.kind.states, (ALL, "all")]
        ]

    @cached_property
    def code_choices(self) -> list[Choice]:
        """The codes, the most frequent first; none if the kind has no codes."""
        codes = {code: self._number(code, self.chapter, self.state) for code, _, _ in self._counts if code}
        if not codes:
            return []
        whole = self._number("", self.chapter, self.state)
        return [
            Choice("All", self.asked.address(code=""), whole, not self.code),
            *(
                Choice(code.replace("-", " "), self.asked.address(code=code), number, code == self.code)
                for code, number in sorted(codes.items(), key=lambda item: (-item[1], item[0]))
                if number or code == self.code
            ),
        ]

    @cached_property
    def progress(self) -> list[Progress]:
        """How far each chapter that has rows of this kind is settled, in the order of the book."""
        slugs = {slug for _, slug, _ in self._counts}
        named = [(chapter.slug, self.head_of(chapter)) for chapter in self.divisions if chapter.slug in slugs]
        if NOWHERE in slugs:
            named.append((NOWHERE, "In no text"))
        return [self._progress(slug, label) for slug, label in named]

    @cached_property
    def whole(self) -> Progress:
        """The same of the volume."""
        return self._progress("", "All chapters")

    def _progress(self, chapter: str, label: str) -> Progress:
        total, is_open = self._number("", chapter, ""), self._number("", chapter, self._open)
        url = self.asked.address(chapter=chapter)
        number = self._number(self.code, chapter, self.state)
        return Progress(Choice(label, url, number, chapter == self.chapter), total - is_open, total)

    @property
    def first(self) -> int:
        """The number of the first row of the page."""
        return (self.page - 1) * ROWS + 1

    @property
    def previous_url(self) -> str:
        """The address of the page before; empty if there is none."""
        return self.asked.address(page=str(self.page - 1)) if self.page > 1 else ""

    @property
    def next_url(self) -> str:
        """The address of the next page; empty if there is none."""
        return self.asked.address(page=str(self.page + 1)) if self.page < self.last else ""

    @property
    def all_url(self) -> str:
        """The address of the same state in all chapters and of all codes."""
        return self.asked.address(code="", chapter="")

    def selected(self) -> "QuerySet[Any]":
        """The rows that are asked for, on whatever page, in their order."""
        rows: QuerySet[Any] = (
            self.kind.rows(self.volume) if self.volume else self.kind.model._default_manager.none()
        )
        if self.state != ALL:
            rows = rows.filter(state=self.state)
        if self.code:
            rows = rows.filter(**{self.kind.codes: self.code})
        if self.chapter:
            rows = rows.annotate(in_division=self.kind.in_division)
            within = [pk for pk, chapter in self.chapter_of.items() if chapter.slug == self.chapter]
            rows = (
                rows.filter(in_division=None)
                if self.chapter == NOWHERE
                else rows.filter(in_division__in=within)
            )
        return rows.order_by(*self.kind.order)

    def _on_page(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        return rows[(self.page - 1) * ROWS : self.page * ROWS]

    def keys_on_page(self) -> list[int]:
        """The keys of the rows of this page."""
        return list(self._on_page(self.selected()).values_list("pk", flat=True))

    def rows(self) -> list[Row]:
        """The rows of this page."""
        return self.shown(self._on_page(self.selected()))

    def shown(self, rows: "QuerySet[Any]") -> list[Row]:
        """These rows as they are shown."""
        return list(_SHOWN[self.kind.name](self, rows))

    def head_of(self, division: Division) -> str:
        """The number and the head of a division, without markup."""
        head = shorten(plain(division.head).strip(), HEAD)
        return f"{division.n}. {head}" if division.n else head

    def row(self, question: Any, text: Text | Division | None, **said: Any) -> Row:
        """A row, with the place and the addresses of the text that it stands in."""
        row = Row(
            pk=question.pk, state=question.get_state_display(), is_open=question.state == self._open, **said
        )
        if text is None:
            row.chapter = "In no text"
            return row
        division = text.pk if isinstance(text, Division) else text.division_id
        chapter = self.chapter_of[division]
        row.chapter = self.head_of(chapter)
        row.stands_in = str(text._meta.model_name)
        row.leads_to = reverse(f"admin:reader_{row.stands_in}_change", args=[text.pk])
        row.reads_at = chapter.get_absolute_url()
        if isinstance(text, Division):
            row.place = "heading"
            row.reads_at += "" if text.pk == chapter.pk else f"#{text.slug}"
        else:
            row.place = str(text)
            row.reads_at += f"#p{text.number}" if isinstance(text, Paragraph) else f"#{text.anchor}"
        return row

    @cached_property
    def has_several_witnesses(self) -> bool:
        """Whether a line alone does not tell where it stands."""
        return self.volume is not None and self.volume.witnesses.count() > 1


def open_questions(user: Any) -> dict[str, int]:
    """How many suspects and conflicts wait in all volumes, of those that a person may see. Two statements at most."""
    numbers = {}
    for kind in (KINDS["suspect"], KINDS["conflict"]):
        if kind.may(user, "view") or kind.may(user, "change"):
            rows = kind.model._default_manager.filter(state="open")
            numbers[kind.name] = (rows.filter(is_found=True) if kind.found else rows).count()
    return numbers


def _with_texts(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    large = ("search", "imported_text", "lines")
    texts = ("paragraph", "note")
    return rows.select_related(*texts).defer(*(f"{text}__{name}" for text in texts for name in large))


def _suspects(queue: Queue, rows: "QuerySet[Any]") -> Iterator[Row]:
    read: dict[Text, str] = {}
    for suspect in _with_texts(rows).annotate(in_witness=F("witness__name")):
        text = suspect.paragraph or suspect.note
        if text is not None and text not in read:
            read[text] = plain(text.text)
        place = place_of(suspect, read.get(text) if text is not None else None)
        row = queue.row(
            suspect,
            text,
            reading=suspect.reading,
            suggestion=suspect.suggestion,
            why=_sentences(DOUBTS.get(suspect.code, suspect.code), suspect.evidence),
            line=suspect.line,
            witness=suspect.in_witness if queue.has_several_witnesses else "",
            key=place.key,
            objection=place.objection,
        )
        if row.leads_to:
            row.leads_to += f"#suspect-{suspect.pk}"
        if place.span is None:
            before, _, after = suspect.context.partition("…")
            row.before, row.after = (before, after) if "…" not in after else ("", "")
        else:
            start, end = place.span
            row.before, row.after = sentence_parts(read[text], start, end - start)
            row.reading = read[text][start:end]
        row.sentence = _marked(row.before, row.reading, row.after)
        yield row


def _conflicts(queue: Queue, rows: "QuerySet[Any]") -> Iterator[Row]:
    for conflict in _with_texts(rows).select_related("paragraph", "note", "division"):
        text = conflict.paragraph or conflict.note or conflict.division
        row = queue.row(conflict, text, reading=f"{conflict.about}: {conflict.field}")
        mine, theirs = visible(conflict.human), visible(conflict.new_import)
        if conflict.new_import:
            row.changes = list(shortened(difference(mine, theirs)))
            row.why = "Struck out is what a person made of it, underlined what the new import has."
        else:
            row.changes = [Change("kept", shorten(mine, SHOWN))]
            row.why = "The new import has no place for it: what a person made of it is kept here alone."
        row.chapter = row.chapter if text else ""
        row.leads_to = reverse("admin:reader_conflict_change", args=[conflict.pk])
        row.stands_in = "conflict"
        yield row


def _gaps(queue: Queue, rows: "QuerySet[Any]") -> Iterator[Row]:
    gaps = list(rows)
    calls = _calls_of(queue, gaps)
    for gap in gaps:
        text, source, offset = calls.get((gap.division_id, gap.n), (None, "", 0))
        row = queue.row(gap, text, reading=f"[{gap.n}]")
        if text is None:
            row.chapter = queue.head_of(queue.chapter_of[gap.division_id])
        row.why = f"Note {gap.n} is called and is not in the source."
        row.before, row.after = sentence_parts(source, offset, 0)
        row.sentence = _marked(row.before, row.reading, row.after)
        yield row


def _calls_of(
    queue: Queue, gaps: Iterable[Gap]
) -> Mapping[tuple[int, int], tuple[Text | Division, str, int]]:
    """Where each of these notes is first called: the text, how it reads without markup, the offset. Two statements."""
    wanted = {(gap.division_id, gap.n) for gap in gaps}
    of_call = Q(pk=None)
    for n in {n for _, n in wanted}:
        of_call |= Q(text__contains=f"[^{n}]")
    chapters = {chapter for chapter, _ in wanted}
    within = [pk for pk, chapter in queue.chapter_of.items() if chapter.pk in chapters]
    paragraphs = Paragraph.objects.filter(of_call, division__in=within).order_by("position")
    notes = Note.objects.filter(of_call, division__in=within).order_by("division__position", "position")
    large = ("search", "imported_text", "lines")
    texts: list[Text | Division] = [d for d in queue.divisions if d.pk in set(within)]
    texts += [*paragraphs.defer(*large), *notes.defer(*large)]
    found: dict[tuple[int, int], tuple[Text | Division, str, int]] = {}
    for text in texts:
        is_head = isinstance(text, Division)
        source = text.head if isinstance(text, Division) else text.text
        chapter = queue.chapter_of[text.pk if is_head else text.division_id].pk  # type: ignore[union-attr]
        for marker in markup.markers(source):
            if isinstance(marker, markup.NoteCall) and (chapter, marker.n) in wanted:
                found.setdefault((chapter, marker.n), (text, plain(source), marker.offset))
    return found


def _diagnostics(queue: Queue, rows: "QuerySet[Any]") -> Iterator[Row]:
    for diagnostic in (
        _with_texts(rows)
        .select_related("paragraph", "note", "division")
        .annotate(in_witness=F("witness__name"))
    ):
        text = diagnostic.paragraph or diagnostic.note or diagnostic.division
        read = "" if text is None else text.head if isinstance(text, Division) else text.text
        row = queue.row(diagnostic, text, reading=diagnostic.code, line=diagnostic.line)
        row.why = _sentences(diagnostic.message)
        row.witness = diagnostic.in_witness if queue.has_several_witnesses else ""
        row.sentence = safe(escape(shorten(plain(read), SHOWN)))
        yield row


def _candidates(queue: Queue, rows: "QuerySet[Any]") -> Iterator[Row]:
    for candidate in _with_texts(rows):
        row = queue.row(candidate, candidate.paragraph or candidate.note, reading=candidate.headword)
        row.suggestion = candidate.definition
        times = f"{candidate.count} time{'' if candidate.count == 1 else 's'} in the text"
        row.why = (
            f"{candidate.score:.0%} likely; {times}."
            if candidate.definition
            else f"Nowhere explained; {times}."
        )
        row.leads_to = reverse("admin:reader_candidate_change", args=[candidate.pk])
        row.stands_in = "candidate"
        before, found, after = candidate.sentence.partition(candidate.headword)
        row.sentence = _marked(before, found, after) if found else safe(escape(before))
        yield row


_SHOWN: dict[str, Callable[[Queue, "QuerySet[Any]"], Iterator[Row]]] = {
    "suspect": _suspects,
    "conflict": _conflicts,
    "gap": _gaps,
    "diagnostic": _diagnostics,
    "candidate": _candidates,
}


def _marked(before: str, reading: str, after: str) -> SafeString:
    return format_html(
        "{}<mark>{}</mark>{}",
        *(permitted(visible(piece)) for piece in (before, reading, after)),
    )


def _sentences(*said: str) -> str:
    """What is said, each as a sentence."""
    return " ".join(
        f"{piece[:1].upper()}{piece[1:]}{'' if piece[-1:] in '.?!' else '.'}" for piece in said if piece
    )

"""Corrections and imports in any order: no correction and no version of a text is lost."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from hypothesis import HealthCheck, event, example, given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from corpus_import.loading.write import load_edition
from reader.correction import correcting, deciding, levels, replacing, suspects
from reader.models import Conflict, Level, Paragraph, Replacement, Suspect, Volume
from tests.corpus_import.loading.test_importing_again import snapshot
from tests.corpus_import.parsing.case_files import parse_text
from tests.examples import examples

SENTENCES = (
    "The office was opened in the first year and nobody came to see it",
    "A clerk wrote down what he had heard in the yard of the mill",
    "There was bread in the shop and a queue in front of the door",
    "The second plan was shorter than the first one and was read by all",
)
# A word of each sentence that the others have not.
OF_ONE_SENTENCE = ("office", "clerk", "bread", "shorter")
# The last is a fault that an import suspects: no space stands after its comma.
WORDS = ("", "early", "late", "grey", "cold,wet")
# Sentences, each with a word, and whether it goes on in the paragraph of the one before.
Book = list[tuple[int, str, bool]]
BOOKS = st.lists(
    st.tuples(st.sampled_from(range(len(SENTENCES))), st.sampled_from(WORDS), st.booleans()),
    min_size=2,
    max_size=5,
)
WHICH = st.integers(0, 9)
WHO = st.integers(0, 1)
STEPS = st.lists(
    st.one_of(
        BOOKS.map(lambda book: ("import_book", book)),
        BOOKS.map(lambda book: ("import_book", book)),
        st.tuples(st.just("correct"), WHICH, WHO, st.integers(0, 12)),
        st.tuples(st.just("correct"), WHICH, WHO, st.integers(0, 12)),
        st.tuples(st.just("save_too_late"), WHICH, WHO),
        st.tuples(st.just("accept"), WHICH, WHO),
        st.tuples(st.just("dismiss"), WHICH, WHO),
        st.tuples(st.just("set_level"), WHICH, WHO, st.sampled_from(Level.values)),
        st.tuples(st.just("proofread_and_validate"), WHICH),
        st.tuples(st.just("proofread_and_validate"), WHICH),
        st.tuples(st.just("restore"), WHICH, WHO, WHICH),
        st.tuples(st.just("decide"), WHICH, WHO, st.booleans()),
        st.tuples(st.just("replace"), WHO, st.sampled_from(("office", "the first", "in", "cold,wet"))),
        st.tuples(st.just("undo"), WHICH, WHO),
    ),
    min_size=4,
    max_size=9,
)


def book_of(sentences: Book) -> str:
    book = "   1. The year\n"
    for k, (which, word, is_joined) in enumerate(sentences):
        book += " " if is_joined and k else "\n\n    "
        book += SENTENCES[which].replace(" in ", f" {word} in " if word else " in ") + "."
    return f"{book}\n"


class Work:
    """An archive, with the deeds of persons and the facts that must hold after them."""

    def __init__(self, book: Book) -> None:
        self.people = [User.objects.create(username=name) for name in ("vera", "boris")]
        self.count = 0
        # Persons' words that nobody took back, and how often they stand.
        self.words: Counter[str] = Counter()
        # By the number of a paragraph: its key, and how it read, ever.
        self.keys: dict[int, int] = {}
        self.readings: dict[int, list[str]] = {}
        self.validated: dict[int, str] = {}
        self.settled: dict[int, str] = {}
        self.import_book(book)
        self.check()

    # Deeds

    def import_book(self, book: Book) -> None:
        self.book = book
        before, typed = self._count_words(), self._count_typed()
        load_edition(parse_text(book_of(book)))
        after, imported = self._count_words(), Counter(re.findall(r"\w+", book_of(book)))
        for word in (*OF_ONE_SENTENCE, *words_of(" ".join(before))):
            most = max(before[word], imported[word] + typed[word])
            assert after[word] <= most, f"{word} is shown {after[word]} times"

    def _count_words(self) -> "Counter[str]":
        texts = Paragraph.objects.values_list("text", flat=True)
        return Counter(word for text in texts for word in re.findall(r"\w+", text))

    def _count_typed(self) -> "Counter[str]":
        """The words that persons brought into texts: an import may have the same words in a text of its own."""
        typed: Counter[str] = Counter()
        for row in Paragraph.objects.all():
            waiting = row.conflicts.order_by("pk").last()
            imported = row.imported_text or (waiting.old_import if waiting else row.text)
            typed += Counter(re.findall(r"\w+", row.text)) - Counter(re.findall(r"\w+", imported))
        return typed

    def correct(self, which: int, who: int, at: int) -> None:
        row = self._paragraph(which)
        self.count += 1
        words = row.text.split(" ")
        words[at % len(words)] = f"corrected{self.count}"
        self._save(row, " ".join(words), who)

    def save_too_late(self, which: int, who: int) -> None:
        row = self._paragraph(which)
        seen, by = f"Before: {row.text}", self.people[who]
        with pytest.raises(correcting.Overtaken) as overtaken:
            correcting.correct(row, "Late words.", seen=seen, by=by, reason="late")
        assert overtaken.value.saved == row.text

    def accept(self, which: int, who: int) -> None:
        if (suspect := self._suspect(which)) is None:
            return
        with self._a_person_writes():
            accepted = suspects.accept([suspect], by=self.people[who])
        suspect.refresh_from_db()
        assert suspect.state == ("accepted" if accepted.count else "open")
        if accepted.count:
            event("a suspect was accepted")

    def dismiss(self, which: int, who: int) -> None:
        if (suspect := self._suspect(which)) is not None:
            suspects.dismiss([suspect], by=self.people[who])
            self.settled[suspect.pk] = "dismissed"
            event("a suspect was dismissed")

    def set_level(self, which: int, who: int, level: str) -> None:
        with transaction.atomic():
            row: Any = correcting.lock(self._paragraph(which))
            may = level in levels.levels_allowed(row, self.people[who].pk)
            moved, _ = levels.set_level([row], level, by=self.people[who])
        assert bool(moved) == may
        if moved and level == Level.VALIDATED:
            self.validated[row.number] = row.text
            event("a text was validated")

    def proofread_and_validate(self, which: int) -> None:
        for who, level in enumerate((Level.PROOFREAD, Level.VALIDATED)):
            self.set_level(which, who, level)

    def restore(self, which: int, who: int, version: int) -> None:
        row = self._paragraph(which)
        if versions := list(correcting.versions_of(row)):
            self._save(row, versions[version % len(versions)].reading, who)
            event("a version was restored")

    def decide(self, which: int, who: int, is_theirs: bool) -> None:
        conflicts = list(Conflict.objects.filter(state="open", field="text").order_by("pk"))
        if not conflicts:
            return
        conflict = conflicts[which % len(conflicts)]
        with self._a_person_writes():
            deciding.decide(conflict, conflict.new_import if is_theirs else None, by=self.people[who])
        event("a conflict was decided")

    def replace(self, who: int, reading: str) -> None:
        self.count += 1
        wanted = Replacement(
            volume=Volume.objects.get(),
            reading=reading,
            replacement=f"corrected{self.count}",
            reason="everywhere",
        )
        places = replacing.find(wanted).places
        with self._a_person_writes():
            applied = replacing.apply(wanted, [place.key for place in places], by=self.people[who])
        assert applied.places == len(places)
        if places:
            event("a reading was put right everywhere")

    def undo(self, which: int, who: int) -> None:
        sets = list(Replacement.objects.filter(undone_at=None).order_by("pk"))
        if sets:
            with self._a_person_writes():
                undone = replacing.undo(sets[which % len(sets)], by=self.people[who])
            event(f"a set was taken back, {'not ' if undone.untouched else ''}everywhere")

    def _save(self, row: Paragraph, typed: str, who: int) -> None:
        with self._a_person_writes():
            correcting.correct(row, typed, seen=row.text, by=self.people[who], reason="seen in the scan")

    @contextmanager
    def _a_person_writes(self) -> Iterator[None]:
        """A person removed the words that the text lacks, and brought back the words that stand there again."""
        before = dict(Paragraph.objects.values_list("number", "text"))
        yield
        now = dict(Paragraph.objects.values_list("number", "text"))
        for number in before:
            if now.get(number) != before[number]:
                self.words.update(words_of(now.get(number, "")))
                self.words.subtract(words_of(before[number]))

    def _paragraph(self, which: int) -> Paragraph:
        rows = list(Paragraph.objects.order_by("position"))
        return rows[which % len(rows)]

    def _suspect(self, which: int) -> Suspect | None:
        rows = list(
            Suspect.objects.filter(state="open", is_found=True, paragraph__isnull=False).order_by("pk")
        )
        return rows[which % len(rows)] if rows else None

    # Facts that must hold

    def check(self) -> None:
        rows = {row.number: row for row in Paragraph.objects.all()}
        self._check_numbers(rows)
        read = sum((words_of(row.text) for row in rows.values()), Counter[str]())
        for word in +self.words - read:
            shown = Conflict.objects.filter(state="open", human__contains=word).exists()
            assert shown, f"{word} is lost"
        self._check_suspects()
        for number, row in rows.items():
            self._check_history(number, row)
            self._check_level(number, row)
        assert dict(Suspect.objects.filter(pk__in=self.settled).values_list("pk", "state")) == self.settled

    def _check_suspects(self) -> None:
        """A text has a reading no more often than suspects in it are not accepted.

        In a conflict the person's text stands, and the suspects are those of the import.
        """
        found = Suspect.objects.filter(is_found=True, paragraph__isnull=False).select_related("paragraph")
        for paragraph in {suspect.paragraph for suspect in found if suspect.state == "accepted"}:
            assert paragraph is not None
            if paragraph.conflicts.filter(state="open").exists():
                continue
            states = [suspect.state for suspect in found if suspect.paragraph == paragraph]
            assert paragraph.text.count("cold,wet") <= len(states) - states.count("accepted"), paragraph

    def _check_numbers(self, rows: dict[int, Paragraph]) -> None:
        for number, row in rows.items():
            assert self.keys.setdefault(number, row.pk) == row.pk, f"{number} was given to another paragraph"
        assert len(set(self.keys.values())) == len(self.keys), "a paragraph got another number"

    def _check_history(self, number: int, row: Paragraph) -> None:
        readings = self.readings.setdefault(number, [row.text])
        if readings[-1] != row.text:
            readings.append(row.text)
        kept = [reading for reading, _ in groupby(v.reading for v in correcting.versions_of(row))]
        assert kept[::-1] == readings or (not kept and len(readings) == 1), f"paragraph {number}"

    def _check_level(self, number: int, row: Paragraph) -> None:
        if row.level != Level.VALIDATED:
            self.validated.pop(number, None)
            return
        assert self.validated.get(number) == row.text, f"paragraph {number} was changed after its validation"
        last = next(correcting.versions_of(row))
        assert last.level == Level.VALIDATED
        assert last.history_user_id not in {row.proofread_by, *row.corrected_by}


def words_of(text: str) -> "Counter[str]":
    """The words that persons wrote."""
    return Counter(re.findall(r"corrected\d+", text))


class NoCorrectionIsLost(TestCase):
    @examples(20, suppress_health_check=[HealthCheck.too_slow])
    @given(BOOKS, STEPS)
    @example(
        [(0, "", False), (1, "", False), (2, "cold,wet", False)],
        [
            ("correct", 0, 0, 2),
            ("accept", 0, 1),
            ("dismiss", 0, 0),
            ("proofread_and_validate", 1),
            (
                "import_book",
                [(1, "late", False), (2, "grey", False)],
            ),  # without the first, and with another second and third
            ("restore", 0, 1, 1),
            ("replace", 0, "in"),
            ("import_book", [(0, "grey", False), (1, "", True), (2, "cold,wet", False)]),
            ("undo", 0, 1),
        ],
    )
    @example(
        [(1, "late", False), (0, "", False)],
        [
            ("correct", 0, 0, 8),
            (
                "import_book",
                [(1, "grey", False), (0, "", False)],
            ),  # another word for the one that the person corrected
            ("import_book", [(1, "early", False), (0, "", False)]),
            ("decide", 0, 1, True),
        ],
    )
    @example(
        [(0, "", False), (1, "", True), (2, "cold,wet", True)],
        [
            ("accept", 0, 0),
            ("correct", 0, 1, 20),
            ("import_book", [(0, "", False), (1, "", False), (2, "cold,wet", False)]),
            ("correct", 1, 0, 3),
            ("import_book", [(0, "", False), (1, "grey", True), (2, "cold,wet", True)]),
            ("decide", 0, 1, True),
        ],
    )
    @example(  # an import finds two of five texts, of which some are equal
        [(1, "", False), (0, "", False), (0, "", False), (0, "", True), (1, "", False)],
        [("correct", 7, 0, 0), ("import_book", [(0, "", False), (1, "", False)])],
    )
    @example(  # it finds one of three sentences of a corrected text
        [(1, "cold,wet", True), (1, "cold,wet", True), (1, "cold,wet", True)],
        [
            ("import_book", [(0, "cold,wet", True), (1, "cold,wet", True), (2, "late", True)]),
            ("correct", 1, 0, 11),
            ("import_book", [(3, "", False), (0, "early", False)]),
        ],
    )
    @example(  # it finds a fault that was put right once, in other words
        [
            (3, "grey", True),
            (2, "cold,wet", False),
            (3, "early", False),
            (3, "cold,wet", False),
            (2, "", True),
        ],
        [
            ("accept", 8, 0),
            (
                "import_book",
                [
                    (3, "grey", True),
                    (1, "late", False),
                    (2, "cold,wet", True),
                    (0, "grey", False),
                    (0, "late", False),
                ],
            ),
            ("import_book", [(3, "late", True), (0, "cold,wet", False)]),
        ],
    )
    @example(  # two texts with one and the same sentence, corrected in both, go to one text
        [
            (3, "grey", True),
            (2, "cold,wet", False),
            (3, "early", False),
            (3, "cold,wet", False),
            (2, "cold,wet", True),
        ],
        [
            ("accept", 7, 1),
            ("accept", 7, 1),
            (
                "import_book",
                [
                    (3, "grey", True),
                    (2, "late", False),
                    (2, "cold,wet", True),
                    (0, "grey", False),
                    (0, "late", False),
                ],
            ),
        ],
    )
    @example(  # the import has a sentence that a person brought back from an old version
        [(2, "", True), (1, "late", False), (0, "grey", True)],
        [
            ("import_book", [(1, "grey", True), (2, "early", False)]),
            ("proofread_and_validate", 1),
            ("restore", 0, 0, 8),
            ("import_book", [(0, "grey", False), (0, "grey", False)]),
        ],
    )
    @example(  # all words of a new text are taken when another old text is looked for in it
        [(0, "cold,wet", True), (1, "", True), (3, "", False), (0, "late", False), (3, "cold,wet", False)],
        [
            ("correct", 9, 1, 7),
            ("import_book", [(0, "cold,wet", True), (1, "", True), (3, "", True), (1, "grey", False)]),
            ("import_book", [(3, "early", True), (2, "grey", False)]),
        ],
    )
    @example(  # it finds one of three sentences that are nearly equal, in a long text
        [(0, "", True), (0, "", True), (0, "early", True)],
        [
            ("correct", 0, 0, 0),
            ("correct", 0, 0, 10),
            (
                "import_book",
                [(0, "early", False), (2, "cold,wet", True), (1, "cold,wet", False), (3, "cold,wet", True)],
            ),
        ],
    )
    @example(  # it finds both sentences of a lost text, changed and in another order, in a long text
        [(2, "late", False), (1, "", True)],
        [
            ("correct", 0, 0, 5),
            (
                "import_book",
                [(3, "", True), (1, "cold,wet", True), (2, "", True), (3, "", False), (3, "early", True)],
            ),
        ],
    )
    @example(  # it finds two of three sentences of a lost text, changed, each in a text of its own
        [(0, "", True), (2, "grey", True), (1, "early", True), (2, "grey", False), (1, "early", True)],
        [
            ("correct", 7, 0, 1),
            ("import_book", [(0, "early", False), (1, "late", False), (1, "", True), (0, "", True)]),
        ],
    )
    @example(  # two suspects have equal words around them until a person changes the words of one
        [(0, "cold,wet", True), (0, "cold,wet", True)],
        [("correct", 0, 0, 7), ("restore", 0, 0, 1)],
    )
    def test_every_correction_is_read_or_shown_by_an_open_conflict(
        self, first: Book, steps: list[Any]
    ) -> None:
        work = Work(first)
        for name, *values in steps:
            settled = dict(Suspect.objects.exclude(state="open").values_list("pk", "state"))
            getattr(work, name)(*values)
            if name == "import_book":
                now = dict(Suspect.objects.filter(pk__in=settled).values_list("pk", "state"))
                opened = {k for k, state in now.items() if (settled[k], state) == ("accepted", "open")}
                assert {**now, **dict.fromkeys(opened, "accepted")} == settled, (
                    "an import settled a suspect anew"
                )
            work.check()
        before = snapshot()
        assert load_edition(parse_text(book_of(work.book))).is_unchanged
        assert snapshot() == before

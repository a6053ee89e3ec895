"""Typed notes are compared with their chapter, and only what was shown is written."""

import re
import threading
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from reader.correction.correcting import Refused, correct
from reader.correction.structure.deeds import take_back
from reader.correction.structure.notes import supply_note
from reader.correction.supplying import Fate, Proposal, chapters, propose, write_notes
from reader.models import Conflict, Deed, Division, Gap, Note, PublishedPage
from reader.publishing.publish import publish_volume
from tests.factories import (
    make_account,
    make_division,
    make_note,
    make_page_break,
    make_paragraph,
    make_volume,
)

pytestmark = pytest.mark.django_db

COPY = "the printed edition, copy of the mill"
THERE = "By the miller, in the ledger of the ferry."
TYPED = "2. See the *ledger*, p. 4. [p. 42]\n\n3. The same."


@pytest.fixture
def chapter() -> Division:
    """A chapter that calls notes 1 to 4 and 6, and has note 1 and a piece."""
    volume = make_volume(slug="plans")
    chapter = make_division(volume, page="41")
    text = (
        "The scales were tested,[^1] and the ferry went.{p. 42} Nobody asked why,[^2] nor when,[^3] nor how."
    )
    first = make_paragraph(chapter, f"{text}[^4]")
    make_page_break(volume, "41", division=chapter)
    make_page_break(volume, "42", paragraph=first)
    make_paragraph(chapter, "The mill was shut.[^6]")
    make_note(chapter, 1, THERE, page="41")
    make_note(chapter, None, "Of the mill there is no ledger that anybody has seen.")
    publish_volume(volume)
    return chapter


@pytest.fixture
def vera() -> User:
    return make_account(username="vera")


def proposal(chapter: Division, typed: str) -> Proposal:
    [only] = propose(chapter, typed).proposals
    return only


def keys(chapter: Division, typed: str) -> list[str]:
    return [each.key for each in propose(chapter, typed).proposals]


def write(chapter: Division, typed: str, by: User, **options: Any) -> Any:
    return write_notes(chapter, typed, keys(chapter, typed), **{"copy": COPY, "by": by, **options})


def texts() -> dict[int | None, str]:
    return dict(Note.objects.order_by("position").values_list("n", "text"))


def page(chapter: Division) -> str:
    return bytes(PublishedPage.objects.get(path="plans/chapter-1/").html).decode()


# What each would do


def test_a_note_that_the_chapter_calls_and_lacks_fills_its_gap(chapter: Division) -> None:
    found = proposal(chapter, "2. See the ledger. [p. 42]")

    assert (found.fate, found.why, found.remarks) == (Fate.FILLS, "", [])
    assert found.called is not None
    assert (found.called.place.pages, found.called.before.split()[-1]) == ("42", "why,")


def test_a_note_that_is_known_to_be_lost_can_be_supplied(chapter: Division) -> None:
    Gap.objects.update(state=Gap.State.DISMISSED)

    assert proposal(chapter, "2. See the ledger.").fate is Fate.FILLS


def test_a_note_that_is_there_and_equal_is_no_change(chapter: Division) -> None:
    assert proposal(chapter, f"1. {THERE}").fate is Fate.EQUAL


def test_a_note_that_reads_otherwise_shows_the_difference(chapter: Division) -> None:
    found = proposal(chapter, "1. By the miller, in the *ledger* of the ferry.")

    assert found.fate is Fate.CHANGES
    assert [(each.kind, each.text) for each in found.changes if each.kind in ("added", "removed")] == [
        ("removed", "ledger"),
        ("added", "*ledger*"),
    ]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("5. Nobody calls it.", "No call of note 5 stands in this chapter"),
        ("2. One.\n\n2. Another.", "Note 2 was typed more than once, also on line 3"),
        ("2. With a {p. 43} mark.", "It holds the mark of page 43"),
    ],
)
def test_a_note_without_a_place_says_why(chapter: Division, typed: str, why: str) -> None:
    found = propose(chapter, typed).proposals[0]

    assert found.fate is Fate.NO_PLACE
    assert found.why.startswith(why)


def test_of_a_note_that_was_typed_twice_alike_one_is_taken(chapter: Division) -> None:
    assert [each.fate for each in propose(chapter, "2. One.\n\n2. One.").proposals] == [
        Fate.FILLS,
        Fate.NO_PLACE,
    ]


def test_a_change_that_would_drop_a_call_has_no_place(chapter: Division) -> None:
    Note.objects.filter(n=1).update(text="By the miller.[^4]", imported_text="By the miller.[^4]")

    found = proposal(chapter, "1. By a miller.")

    assert found.fate is Fate.NO_PLACE
    assert found.why.startswith("The call of note 4 was dropped")


@pytest.mark.parametrize(
    ("typed", "remark"),
    [
        ("2. See the ledger. [p. 41]", "Page 41 was typed, and here its call stands on page 42."),
        (f"1. {THERE[:-1]} [p. 42]", "Its page stays 41, though 42 was typed."),
        (
            "2. Of the mill there is no ledger that anybody could read.",
            "A piece of a note without a number has the same words: perhaps it only lacks this number.",
        ),
    ],
)
def test_what_a_person_should_look_at_is_remarked(chapter: Division, typed: str, remark: str) -> None:
    assert proposal(chapter, typed).remarks == [remark]


def test_a_page_in_brackets_is_the_page_that_was_typed(chapter: Division) -> None:
    chapter.volume.page_breaks.update(certainty="inferred")

    assert proposal(chapter, "2. See the ledger. [p. 42]").remarks == []
    assert proposal(chapter, "2. See the ledger. [p. 41]").remarks == [
        "Page 41 was typed, and here its call stands on page [42]."
    ]


def test_numbers_out_of_order_are_remarked(chapter: Division) -> None:
    assert propose(chapter, "3. One.\n2. Two.").proposals[1].remarks == ["It was typed after note 3."]


def test_the_gaps_for_which_nothing_was_typed_are_named(chapter: Division) -> None:
    assert propose(chapter, TYPED).left == [4, 6]


def test_a_hyphen_is_told_by_the_words_of_the_volume(chapter: Division) -> None:
    assert proposal(chapter, "2. The fer-\nry, and the mill-\nledger.").typed.text == (
        "The ferry, and the mill-ledger."
    )


def test_a_note_is_shown_as_readers_will_see_it(chapter: Division) -> None:
    found = proposal(chapter, "2. See *this*.[^3]\n\n> No <b>ferry</b>.")

    assert found.shown.startswith("<p>See <em>this</em>.<span")
    assert "<blockquote><p>No &lt;b&gt;ferry&lt;/b&gt;.</p></blockquote>" in found.shown


def test_chapters_come_with_the_number_of_their_gaps(chapter: Division) -> None:
    assert [(each.chapter, each.gaps) for each in chapters()] == [(chapter, 4)]


# Writing


def test_notes_are_written_in_their_places_and_readers_see_them(chapter: Division, vera: User) -> None:
    done = write(chapter, "3. The same.\n2. See the *ledger*, p. 4. [p. 42]", vera)

    assert (done.written, done.refusals, done.rest) == ([3, 2], [], "")
    assert list(texts()) == [1, 2, 3, None]
    assert Note.objects.get(n=2).page == "42"
    label = f'<span class="supplied of-edition">[supplied from {COPY}]</span>'
    shown = f"See the <em>ledger</em>, p.\N{NO-BREAK SPACE}4. {label}"
    assert shown in re.sub(r"<span data-s=[^>]*>(.*?)</span>", r"\1", page(chapter))
    assert list(Gap.objects.order_by("n").values_list("n", flat=True)) == [4, 6]


def test_a_supplied_note_remembers_copy_day_and_person(chapter: Division, vera: User) -> None:
    write(chapter, TYPED, vera)

    note = Note.objects.get(n=2)
    assert (note.supplied_from, note.supplied_by) == (COPY, vera.pk)
    assert len(note.supplied_on) == len("2026-01-01")
    assert [str(deed) for deed in Deed.objects.order_by("pk")] == [
        "note 2 of “The plan” was supplied",
        "note 3 of “The plan” was supplied",
    ]


def test_the_apparatus_lists_what_was_supplied(chapter: Division, vera: User) -> None:
    write(chapter, TYPED, vera)

    apparatus = bytes(PublishedPage.objects.get(path="plans/chapter-1/apparatus/").html).decode()
    assert f"From {COPY}, by an editor, {Note.objects.get(n=2).supplied_on}:" in apparatus
    assert (
        '#n2">Note 2</a><span class="place">, called on p. 42</span></li><li><a href="/plans/chapter-1/#n3">'
        in apparatus
    )
    assert "Corrected by hand" not in apparatus
    title = bytes(PublishedPage.objects.get(path="plans/").html).decode()
    assert "3 notes (2 of them supplied from another copy)" in title


def test_the_same_notes_sent_again_are_written_once(chapter: Division, vera: User) -> None:
    shown = keys(chapter, TYPED)
    write_notes(chapter, TYPED, shown, copy=COPY, by=vera)

    again = write_notes(chapter, TYPED, shown, copy=COPY, by=vera)

    assert (again.written, again.equal, again.refusals, again.rest) == ([], [2, 3], [], "")
    assert Deed.objects.count() == 2
    assert Note.objects.filter(n__isnull=False).count() == 3


def test_what_is_not_chosen_stays_typed(chapter: Division, vera: User) -> None:
    done = write_notes(chapter, f"Notes\n{TYPED}", keys(chapter, f"Notes\n{TYPED}")[1:], copy=COPY, by=vera)

    assert done.written == [3]
    assert done.rest == "Notes\n\n2. See the *ledger*, p. 4. [p. 42]"


def test_a_note_that_a_colleague_wrote_meanwhile_is_refused_and_stays_typed(
    chapter: Division, vera: User
) -> None:
    shown = keys(chapter, TYPED)
    supply_note(chapter, 2, "A colleague's words.", copy="another", by=vera)

    done = write_notes(chapter, TYPED, shown, copy=COPY, by=vera)

    assert done.written == [3]
    assert done.refusals == [
        "Note 2 was not written: it, or what stands in its place, is no longer as it was shown."
    ]
    assert done.rest == "2. See the *ledger*, p. 4. [p. 42]"
    assert texts()[2] == "A colleague's words."


def test_a_note_that_a_colleague_changed_meanwhile_is_not_changed(chapter: Division, vera: User) -> None:
    typed = "1. By a miller."
    shown = keys(chapter, typed)
    correct(Note.objects.get(n=1), "By no miller.", seen=THERE, by=make_account(), reason="compared")

    done = write_notes(chapter, typed, shown, copy=COPY, by=vera)

    assert (done.written, len(done.refusals), done.rest) == ([], 1, typed)
    assert texts()[1] == "By no miller."


def test_a_changed_note_keeps_the_copy_as_its_reason_and_is_not_supplied(
    chapter: Division, vera: User
) -> None:
    assert write(chapter, "1. By a miller.", vera).written == [1]

    note = Note.objects.get(n=1)
    assert (note.text, note.imported_text, note.is_supplied) == ("By a miller.", THERE, False)
    assert note.history.first().history_change_reason == f"from {COPY}"
    assert "By a miller." in page(chapter)


def test_text_that_was_edited_after_it_was_shown_is_not_written(chapter: Division, vera: User) -> None:
    shown = keys(chapter, TYPED)

    done = write_notes(chapter, TYPED.replace("same", "other"), shown, copy=COPY, by=vera)

    assert (done.written, len(done.refusals)) == ([2], 1)


@pytest.mark.parametrize("copy", ["", "  ", "x" * 301])
def test_without_a_copy_that_can_be_named_nothing_is_written(
    chapter: Division, vera: User, copy: str
) -> None:
    with pytest.raises(Refused, match="copy the notes are taken"):
        write(chapter, TYPED, vera, copy=copy)

    assert set(texts()) == {1, None}


def test_without_a_tick_nothing_is_written(chapter: Division, vera: User) -> None:
    with pytest.raises(Refused, match="Tick a note"):
        write_notes(chapter, TYPED, [], copy=COPY, by=vera)


def test_a_supplied_note_is_taken_back_alone(chapter: Division, vera: User) -> None:
    write(chapter, TYPED, vera)

    take_back(Deed.objects.get(said__startswith="note 2"), by=vera, reason="the wrong chapter")

    assert set(texts()) == {1, 3, None}
    assert 2 in Gap.objects.values_list("n", flat=True)
    assert not Conflict.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_persons_who_write_the_same_notes_at_once_one_does(chapter: Division, vera: User) -> None:
    shown = keys(chapter, TYPED)
    done = []
    together = threading.Barrier(2)

    def press() -> None:
        together.wait()
        done.append(write_notes(chapter, TYPED, shown, copy=COPY, by=vera))
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted((list(each.written), list(each.equal)) for each in done) == [([], [2, 3]), ([2, 3], [])]
    assert Deed.objects.count() == 2


# Costs


def statements(chapter: Division, vera: User, count: int, django_assert_max_num_queries: Any) -> int:
    calls = "".join(f" word[^{n}]" for n in range(10, 10 + count))
    make_paragraph(chapter, f"Much was said.{calls}")
    publish_volume(chapter.volume)
    typed = "\n".join(f"{n}. Ledger {n}." for n in range(10, 10 + count))
    with django_assert_max_num_queries(9999) as counted:
        assert len(write(chapter, typed, vera).written) == count
    return len(counted)


@pytest.mark.parametrize("count", [2, 20])
def test_showing_costs_the_same_for_few_and_many(
    chapter: Division, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    typed = "\n".join(f"{n}. Ledger {n}." for n in range(2, 2 + count))

    with django_assert_num_queries(5):
        propose(chapter, typed)


def test_writing_publishes_once_for_all_notes(
    chapter: Division, vera: User, django_assert_max_num_queries: Any
) -> None:
    revision = chapter.volume.__class__.objects.get().revision

    cost = statements(chapter, vera, 20, django_assert_max_num_queries)

    assert chapter.volume.__class__.objects.get().revision == revision + 2  # the fixture's own, and one
    assert cost <= 100 + 20 * 20

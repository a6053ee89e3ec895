"""Notes that persons supplied, numbered, joined, split or took out are so after each import."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from corpus_import.loading.plan import How
from corpus_import.loading.write import load_edition
from reader.correction.correcting import Refused
from reader.correction.structure.deeds import take_back
from reader.correction.structure.notes import join_notes, number_note, split_note, supply_note, take_out_note
from reader.models import Conflict, Division, Gap, Note
from tests.corpus_import.parsing.case_files import parse_text

pytestmark = pytest.mark.django_db

TEXT = (
    "The scales were tested twice a year,[1] and never agreed,[2] which nobody found strange[3] until the"
    " inspector came."
)
FIRST = "By an inspector who came from the south with his own weights."
SECOND = "With one another, and with no other scales of the province."
WHY = "seen in the printed copy"
SUPPLIED = "The clerk found it *strange*, but said nothing."


def import_book(*notes: str) -> Any:
    numbered = [f"{n}.\n  \n  \n\n{text}    [p. 4{n}]\n\n" for n, text in enumerate(notes, 1)]
    return load_edition(parse_text(f"   1. Scales\n\n    {TEXT}\n\n  \n   Notes\n\n{''.join(numbered)}"))


def notes() -> list[tuple[int | None, str]]:
    return list(Note.objects.order_by("position").values_list("n", "text"))


def chapter() -> Division:
    return Division.objects.get()


def note(n: int | None) -> Note:
    return Note.objects.get(n=n)


def assert_the_import_changes_no_text(loaded: Any) -> None:
    fates = {remark.how for remark in loaded.plan.remarks}
    assert fates <= {How.KEPT, How.LINES}, [str(remark) for remark in loaded.plan.remarks]


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera", is_staff=True)


@pytest.fixture(autouse=True)
def _book() -> None:
    import_book(FIRST, SECOND)
    assert notes() == [(1, FIRST), (2, SECOND)]


def test_a_supplied_note_fills_its_gap(vera: User) -> None:
    assert Gap.objects.get().n == 3

    supply_note(chapter(), 3, SUPPLIED, page="43", copy="the library's copy", by=vera)

    assert notes() == [(1, FIRST), (2, SECOND), (3, SUPPLIED)]
    assert not Gap.objects.exists()


def test_a_supplied_note_stays_after_an_import(vera: User) -> None:
    supply_note(chapter(), 3, SUPPLIED, page="43", copy="the library's copy", by=vera)

    assert_the_import_changes_no_text(import_book(FIRST, SECOND))

    assert notes() == [(1, FIRST), (2, SECOND), (3, SUPPLIED)]
    assert (note(3).page, note(3).corrected_by, note(3).lines) == ("43", [vera.pk], [])


def test_a_supplied_note_is_called_so_after_an_import(vera: User) -> None:
    supply_note(chapter(), 3, SUPPLIED, page="43", copy="the library's copy", by=vera)
    said = (note(3).supplied_from, note(3).supplied_on, note(3).supplied_by)

    import_book(FIRST, SECOND)

    assert said == ("the library's copy", note(3).supplied_on, vera.pk)
    assert (note(3).supplied_from, note(3).supplied_on, note(3).supplied_by) == said


def test_a_note_that_an_import_has_at_last_is_supplied_no_longer(vera: User) -> None:
    supply_note(chapter(), 3, "The clerk found it strange.", page="43", copy="a copy", by=vera)

    import_book(FIRST, SECOND, "The clerk found it strange.")

    assert (note(3).is_supplied, note(3).supplied_from, note(3).supplied_by) == (False, "", None)


def test_a_supplied_note_that_comes_back_is_supplied_still(vera: User) -> None:
    supply_note(chapter(), 3, SUPPLIED, copy="the library's copy", by=vera)

    take_back(take_out_note(note(3), by=vera, reason=WHY), by=vera, reason=WHY)

    assert (note(3).supplied_from, note(3).supplied_by) == ("the library's copy", vera.pk)


def test_of_notes_that_were_supplied_together_each_is_taken_back_alone(vera: User) -> None:
    take_out_note(note(1), by=vera, reason=WHY)
    first = supply_note(chapter(), 3, SUPPLIED, copy="the library's copy", by=vera)
    supply_note(chapter(), 1, SUPPLIED, copy="the library's copy", by=vera)

    take_back(first, by=vera, reason=WHY)

    assert [n for n, _ in notes()] == [1, 2]


def test_a_supplied_note_stands_by_its_number(vera: User) -> None:
    take_out_note(note(1), by=vera, reason=WHY)

    supply_note(chapter(), 1, SUPPLIED, copy="the library's copy", by=vera)
    import_book(FIRST, SECOND)

    assert [n for n, _ in notes()] == [1, 2]


def test_a_note_that_an_import_has_at_last_with_other_words_is_a_conflict(vera: User) -> None:
    supply_note(chapter(), 3, "The clerk found it strange.", copy="the library's copy", by=vera)

    import_book(FIRST, SECOND, "Nobody found it strange but the clerk himself.")

    [conflict] = Conflict.objects.open()
    assert conflict.human == "The clerk found it strange."
    assert conflict.new_import == "Nobody found it strange but the clerk himself."


def test_a_note_that_an_import_has_at_last_stands_once(vera: User) -> None:
    supply_note(chapter(), 3, "The clerk found it strange.", page="43", copy="a copy", by=vera)

    import_book(FIRST, SECOND, "The clerk found it strange.")

    assert notes() == [(1, FIRST), (2, SECOND), (3, "The clerk found it strange.")]
    assert not Conflict.objects.exists()


def test_a_supplied_note_is_taken_back(vera: User) -> None:
    deed = supply_note(chapter(), 3, SUPPLIED, copy="the library's copy", by=vera)

    take_back(deed, by=vera, reason="the wrong chapter")

    assert notes() == [(1, FIRST), (2, SECOND)]
    assert_the_import_changes_no_text(import_book(FIRST, SECOND))


def test_a_note_of_a_number_that_stands_is_refused(vera: User) -> None:
    with pytest.raises(Refused, match="has a note 2 already"):
        supply_note(chapter(), 2, SUPPLIED, copy="the library's copy", by=vera)


def test_a_note_keeps_the_number_that_it_was_given(vera: User) -> None:
    deed = number_note(note(2), 3, by=vera, reason=WHY)

    assert_the_import_changes_no_text(import_book(FIRST, SECOND))
    assert notes() == [(1, FIRST), (3, SECOND)]

    take_back(deed, by=vera, reason=WHY)
    assert notes() == [(1, FIRST), (2, SECOND)]
    assert_the_import_changes_no_text(import_book(FIRST, SECOND))


def test_a_split_note_stays_split(vera: User) -> None:
    deed = split_note(note(2), SECOND.index("and with"), 3, by=vera, reason=WHY)
    halves = [(2, "With one another,"), (3, "and with no other scales of the province.")]
    assert notes()[1:] == halves

    assert_the_import_changes_no_text(import_book(FIRST, SECOND))
    assert notes()[1:] == halves

    take_back(deed, by=vera, reason=WHY)
    assert notes() == [(1, FIRST), (2, SECOND)]
    assert_the_import_changes_no_text(import_book(FIRST, SECOND))


def test_joined_notes_stay_joined(vera: User) -> None:
    split_note(note(2), SECOND.index("and with"), None, by=vera, reason=WHY)
    deed = join_notes(note(None), as_paragraph=True, by=vera, reason=WHY)
    joined = (2, "With one another,\n\nand with no other scales of the province.")
    assert notes()[1:] == [joined]

    assert_the_import_changes_no_text(import_book(FIRST, SECOND))
    assert notes()[1:] == [joined]

    take_back(deed, by=vera, reason=WHY)
    assert notes()[1:] == [(2, "With one another,"), (None, "and with no other scales of the province.")]
    assert_the_import_changes_no_text(import_book(FIRST, SECOND))


def test_a_note_comes_back_behind_the_one_before_it(vera: User) -> None:
    deed = take_out_note(note(2), by=vera, reason="a running head")
    split_note(note(1), FIRST.index("who came"), None, by=vera, reason=WHY)
    join_notes(note(None), by=vera, reason=WHY)
    earlier = Note.objects.get()
    Note.objects.filter(pk=earlier.pk).update(position=earlier.position + 3)

    take_back(deed, by=vera, reason=WHY)

    assert notes() == [(1, FIRST), (2, SECOND)]


def test_two_numbered_notes_are_not_joined(vera: User) -> None:
    with pytest.raises(Refused, match="Both have a number, 1 and 2"):
        join_notes(note(2), by=vera, reason=WHY)


def test_a_note_that_was_taken_out_stays_out(vera: User) -> None:
    deed = take_out_note(note(2), by=vera, reason="a running head")

    import_book(FIRST, SECOND)
    assert notes() == [(1, FIRST)]

    take_back(deed, by=vera, reason=WHY)
    assert notes() == [(1, FIRST), (2, SECOND)]
    assert_the_import_changes_no_text(import_book(FIRST, SECOND))

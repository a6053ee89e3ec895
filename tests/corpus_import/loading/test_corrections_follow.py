"""Corrections at an import whose witness splits, joins or moves what persons corrected."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from corpus_import.loading.following import Following, follow
from corpus_import.loading.plan import How
from corpus_import.loading.planning import aligned
from corpus_import.loading.planning.nothing_lost import is_lost
from corpus_import.loading.write import load_edition
from reader.correction import correcting, suspects
from reader.models import Conflict, Note, Paragraph, Suspect
from tests.corpus_import.loading.test_importing_again import snapshot
from tests.corpus_import.parsing.case_files import parse_text

pytestmark = pytest.mark.django_db

MILL = "The mill was built by the river in the spring of the first year."
SHOP = "Nobody could say who had paid for tow of its wheels,and nobody asked."
YARD = "In the yard stood carts that were never used again by anybody."
BARN = "The barn was full of sacks, and the sacks were full of good oats."
DOOR = "A door had been taken off, and nobody had thought of putting it back."


def book_of(*paragraphs: str) -> str:
    return "   1. The mill\n\n" + "".join(f"    {text}\n\n" for text in paragraphs)


def import_book(*paragraphs: str) -> Any:
    return load_edition(parse_text(book_of(*paragraphs)))


def texts() -> list[str]:
    return list(Paragraph.objects.order_by("position").values_list("text", flat=True))


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera", is_staff=True)


def correct(text: Paragraph | Note, before: str, after: str, vera: User) -> None:
    assert before in text.text
    correcting.correct(
        text, text.text.replace(before, after), seen=text.text, by=vera, reason="seen in the scan"
    )


def correct_first(before: str, after: str, vera: User) -> None:
    correct(Paragraph.objects.order_by("position")[0], before, after, vera)


def test_a_correction_follows_its_words_into_the_paragraph_that_was_split_off(vera: User) -> None:
    import_book(f"{MILL} {SHOP}", YARD)
    correct_first("tow", "two", vera)
    correct_first("river", "lake", vera)

    import_book(MILL, SHOP, YARD)

    assert texts() == [MILL.replace("river", "lake"), SHOP.replace("tow", "two"), YARD]
    assert not Conflict.objects.exists()


def test_a_paragraph_that_was_split_off_says_who_corrected_it(vera: User) -> None:
    import_book(f"{MILL} {SHOP}")
    correct_first("tow", "two", vera)

    import_book(MILL, SHOP)

    rows = Paragraph.objects.order_by("position").values_list("number", "imported_text", "corrected_by")
    assert list(rows) == [(1, MILL, []), (2, SHOP, [vera.pk])]


@pytest.mark.usefixtures("static_root")
def test_readers_see_no_sentence_twice_after_a_split(vera: User, client: Client) -> None:
    import_book(f"{MILL} {SHOP}", YARD)
    correct_first("tow", "two", vera)

    import_book(MILL, SHOP, YARD)

    page = re.sub("<[^>]*>", "", client.get("/case/chapter-1/").content.decode())
    assert page.count("Nobody could say") == 1
    assert "two of its wheels" in page


def test_a_suspect_stays_accepted_where_its_correction_went(vera: User) -> None:
    import_book(f"{MILL} {SHOP}", YARD)
    assert suspects.accept(Suspect.objects.all(), by=vera).count == 1

    import_book(MILL, SHOP, YARD)

    split_off = Paragraph.objects.get(text__startswith="Nobody")
    suspect = Suspect.objects.get()
    assert (suspect.state, suspect.paragraph) == ("accepted", split_off)
    assert "wheels, and" in split_off.text


def test_a_paragraph_that_is_split_in_four_takes_each_correction_along(vera: User) -> None:
    import_book(f"{MILL} {SHOP} {YARD} {BARN}")
    for before, after in (("river", "lake"), ("tow", "two"), ("carts", "cars"), ("oats", "rye")):
        correct_first(before, after, vera)

    loaded = import_book(MILL, SHOP, YARD, BARN)

    assert texts() == [
        MILL.replace("river", "lake"),
        SHOP.replace("tow", "two"),
        YARD.replace("carts", "cars"),
        BARN.replace("oats", "rye"),
    ]
    assert not Conflict.objects.exists()
    [split] = [remark for remark in loaded.plan.remarks if remark.name == "paragraph 1"]
    assert split.how is How.SPLIT
    assert split.detail == "its words are in paragraph 2, paragraph 3, paragraph 4, paragraph 5"


def test_corrections_of_two_paragraphs_follow_into_the_one_they_were_joined_to(vera: User) -> None:
    import_book(MILL, SHOP, YARD)
    first, second, _ = Paragraph.objects.order_by("position")
    correct(first, "river", "lake", vera)
    correct(second, "tow", "two", vera)

    import_book(f"{MILL} {SHOP}", YARD)

    assert texts() == [f"{MILL.replace('river', 'lake')} {SHOP.replace('tow', 'two')}", YARD]
    assert not Conflict.objects.exists()


def test_a_correction_follows_a_sentence_into_a_paragraph_that_nobody_corrected(vera: User) -> None:
    import_book(f"{MILL} {SHOP}", YARD)
    correct_first("tow", "two", vera)

    import_book(MILL, f"{SHOP} {YARD}")

    assert texts() == [MILL, f"{SHOP.replace('tow', 'two')} {YARD}"]
    assert list(Paragraph.objects.order_by("position").values_list("number", flat=True)) == [1, 2]


def test_a_correction_follows_a_paragraph_that_moves_and_is_split(vera: User) -> None:
    import_book(f"{MILL} {SHOP}", YARD, BARN)
    correct_first("tow", "two", vera)

    import_book(YARD, BARN, MILL, SHOP)

    assert texts() == [YARD, BARN, MILL, SHOP.replace("tow", "two")]


def test_the_import_that_split_a_paragraph_changes_nothing_a_second_time(vera: User) -> None:
    import_book(f"{MILL} {SHOP} {YARD} {BARN}")
    correct_first("tow", "two", vera)
    import_book(MILL, SHOP, YARD, BARN)
    before = snapshot()

    assert import_book(MILL, SHOP, YARD, BARN).is_unchanged
    assert snapshot() == before


def test_a_correction_comes_back_when_the_paragraph_is_joined_again(vera: User) -> None:
    import_book(f"{MILL} {SHOP}", YARD)
    correct_first("tow", "two", vera)

    import_book(MILL, SHOP, YARD)
    import_book(f"{MILL} {SHOP}", YARD)

    assert texts() == [f"{MILL} {SHOP.replace('tow', 'two')}", YARD]
    assert not Conflict.objects.exists()


def test_what_the_split_off_paragraph_reads_otherwise_is_asked_there(vera: User) -> None:
    import_book(f"{MILL} {SHOP}", YARD)
    correct_first("tow", "two", vera)
    changed = SHOP.replace("tow", "three")

    import_book(MILL, changed, YARD)

    conflict = Conflict.objects.get()
    split_off = Paragraph.objects.get(text__startswith="Nobody")
    assert (conflict.paragraph, conflict.state) == (split_off, "open")
    assert conflict.about == "paragraph 3 (with paragraph 1)"
    assert (conflict.old_import, conflict.human, conflict.new_import) == (
        SHOP,
        SHOP.replace("tow", "two"),
        changed,
    )
    assert texts() == [MILL, SHOP.replace("tow", "two"), YARD]


def test_a_conflict_in_a_paragraph_that_is_split_goes_with_its_words(vera: User) -> None:
    import_book(f"{MILL} {SHOP}", YARD)
    correct_first("tow", "two", vera)
    changed = SHOP.replace("tow", "three")
    import_book(f"{MILL} {changed}", YARD)

    import_book(MILL, changed, YARD)

    states = dict(Conflict.objects.values_list("paragraph__number", "state"))
    assert states == {1: "resolved", 3: "open"}
    assert texts() == [MILL, SHOP.replace("tow", "two"), YARD]


def test_a_sentence_that_goes_to_another_note_takes_its_correction_along(vera: User) -> None:
    def book(first: str, second: str) -> str:
        return (
            book_of(f"{MILL}[1] {YARD}[2]") + f"   Notes\n\n1. {first}    [p. 3]\n\n2. {second}    [p. 4]\n\n"
        )

    load_edition(parse_text(book(f"{BARN} {SHOP}", "By the wind.")))
    correct(Note.objects.get(n=1), "tow", "two", vera)

    load_edition(parse_text(book(BARN, f"{SHOP} By the wind.")))

    assert list(Note.objects.order_by("n").values_list("text", flat=True)) == [
        BARN,
        f"{SHOP.replace('tow', 'two')} By the wind.",
    ]
    assert not Conflict.objects.exists()


def test_a_suspect_is_open_again_when_a_witness_brings_the_fault_back(vera: User) -> None:
    import_book(SHOP, YARD)
    suspects.accept(Suspect.objects.all(), by=vera)
    import_book(SHOP.replace(",and", ", and"), YARD)
    assert Suspect.objects.get().state == "accepted"

    import_book(SHOP, YARD)

    assert "wheels,and" in texts()[0]
    assert Suspect.objects.get().state == "open"


def test_a_correction_that_following_loses_is_asked_about(
    vera: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check after planning knows nothing of following: here following forgets what persons changed."""

    def forget(*given: Any) -> Following:
        following = follow(*given)
        into = {k: replace(each, human=each.base) for k, each in following.into.items()}
        return replace(following, into=into)

    import_book(f"{MILL} {SHOP}", YARD)
    correct_first("tow", "two", vera)
    monkeypatch.setattr(aligned, "follow", forget)

    import_book(MILL, SHOP, YARD)

    conflict = Conflict.objects.get()
    assert (conflict.state, conflict.about) == ("open", "paragraph 1 (with paragraph 3)")
    assert conflict.human == f"{MILL} {SHOP.replace('tow', 'two')}"
    assert conflict.new_import == f"{MILL}\n\n{SHOP}"


@pytest.mark.parametrize(
    ("base", "human", "after"),
    [
        ("He saw the the old mill burn.", "He saw the old mill burn.", "He saw the the old mill burn."),
        (
            "He saw the mill,and it burned.",
            "He saw the mill, and it burned.",
            "He saw the mill,and it burned.",
        ),
        ("He saw tow mills.", "He saw two mills.", "He noticed mills."),
        ("He saw the mill burn.", "He saw the old mill burn.", "He saw the mill burn down."),
    ],
)
def test_a_change_that_a_text_has_not_is_lost(base: str, human: str, after: str) -> None:
    assert is_lost(base, human, [human], [after])
    assert not is_lost(base, human, [human], [human.replace("He", "She")])


def test_a_text_whose_sentence_goes_elsewhere_keeps_the_rest(vera: User) -> None:
    import_book(f"{MILL} {SHOP} {BARN} {DOOR}", YARD)
    correct_first("tow", "two", vera)

    import_book(MILL, YARD)

    conflict = Conflict.objects.get()
    assert texts() == [f"{SHOP.replace('tow', 'two')} {BARN} {DOOR}", MILL, YARD]
    assert (conflict.state, conflict.about) == ("open", "paragraph 1 (with paragraph 3)")
    assert (conflict.old_import, conflict.new_import) == (f"{SHOP} {BARN} {DOOR}", "")


def test_the_rest_of_a_text_finds_its_place_again(vera: User) -> None:
    import_book(f"{MILL} {SHOP} {BARN} {DOOR}", YARD)
    correct_first("tow", "two", vera)
    import_book(MILL, YARD)

    import_book(f"{MILL} {SHOP} {BARN} {DOOR}", YARD)

    assert texts() == [f"{MILL} {SHOP.replace('tow', 'two')} {BARN} {DOOR}", YARD]
    assert not Conflict.objects.open().exists()


def test_a_rest_that_nobody_corrected_goes_with_the_witness(vera: User) -> None:
    import_book(f"{MILL} {SHOP} {BARN} {DOOR}", YARD)
    correct_first("river", "lake", vera)

    import_book(MILL, YARD)

    assert texts() == [MILL.replace("river", "lake"), YARD]
    assert not Conflict.objects.exists()

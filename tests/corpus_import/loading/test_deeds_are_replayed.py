"""Changes of structure by persons are made again by each import, or become a conflict."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from corpus_import.loading.plan import How
from corpus_import.loading.write import load_edition
from reader.correction.correcting import Refused
from reader.correction.structure.deeds import take_back
from reader.correction.structure.divisions import make_division
from reader.correction.structure.joining import join, split
from reader.correction.structure.kinds import set_kind
from reader.correction.structure.moving import move
from reader.correction.structure.supplying import supply, take_out
from reader.models import Conflict, Deed, Division, FormerNumber, Paragraph, Witness
from tests.corpus_import.parsing.case_files import parse_text

pytestmark = pytest.mark.django_db

MILL = "The mill was built by the river in the spring of the first year."
SHOP = "Nobody could say who had paid for two of its wheels, and nobody asked."
YARD = "In the yard stood carts that were never used again by anybody."
BARN = "The barn was full of sacks, and the sacks were full of good oats."
BOOK = (MILL, SHOP, YARD, BARN)
WHY = "seen in the printed copy"


def import_book(*paragraphs: str) -> Any:
    text = "   1. The mill\n\n" + "".join(f"    {text}\n\n" for text in paragraphs)
    return load_edition(parse_text(text))


def texts() -> list[str]:
    return list(Paragraph.objects.order_by("position").values_list("text", flat=True))


def numbers() -> list[int]:
    return list(Paragraph.objects.order_by("position").values_list("number", flat=True))


def nth(k: int) -> Paragraph:
    return Paragraph.objects.order_by("position")[k]


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera", is_staff=True)


@pytest.fixture(autouse=True)
def _book() -> None:
    import_book(*BOOK)


def assert_the_import_changes_no_text(loaded: Any) -> None:
    fates = {remark.how for remark in loaded.plan.remarks}
    assert fates <= {How.KEPT, How.LINES}, [str(remark) for remark in loaded.plan.remarks]


# Joined


def test_a_joined_paragraph_stays_joined(vera: User) -> None:
    join(nth(1), by=vera, reason=WHY)
    assert texts() == [f"{MILL} {SHOP}", YARD, BARN]

    assert_the_import_changes_no_text(import_book(*BOOK))

    assert texts() == [f"{MILL} {SHOP}", YARD, BARN]
    assert numbers() == [1, 3, 4]


def test_the_number_of_a_joined_paragraph_leads_to_the_one_that_has_its_words(vera: User) -> None:
    join(nth(1), by=vera, reason=WHY)

    [former] = FormerNumber.objects.all()

    assert former.paragraph is not None
    assert (former.number, former.paragraph.number, former.is_joined) == (2, 1, True)


def test_a_joined_paragraph_follows_what_an_import_changes_in_either_half(vera: User) -> None:
    join(nth(1), by=vera, reason=WHY)

    import_book(MILL.replace("river", "lake"), SHOP.replace("two", "three"), YARD, BARN)

    assert texts()[0] == f"{MILL.replace('river', 'lake')} {SHOP.replace('two', 'three')}"


def test_an_import_that_joins_the_paragraphs_itself_is_taken_as_it_is(vera: User) -> None:
    join(nth(1), by=vera, reason=WHY)

    import_book(f"{MILL} {SHOP}", YARD, BARN)
    import_book(*BOOK)

    assert texts() == [f"{MILL} {SHOP}", YARD, BARN]
    assert not Conflict.objects.exists()


def test_a_join_without_one_of_its_paragraphs_is_a_conflict_that_names_it(vera: User) -> None:
    join(nth(1), by=vera, reason=WHY)

    import_book(MILL, YARD, BARN)

    [conflict] = Conflict.objects.open()
    assert conflict.about == "paragraph 2 was joined with paragraph 1"
    assert conflict.deed is not None
    assert conflict.deed.state == Deed.State.LOST


def test_a_conflict_over_a_join_ends_when_an_import_has_both_again(vera: User) -> None:
    join(nth(1), by=vera, reason=WHY)
    import_book(MILL, YARD, BARN)

    import_book(*BOOK)

    assert texts() == [f"{MILL} {SHOP}", YARD, BARN]
    assert not Conflict.objects.open()
    assert Deed.objects.get().state == Deed.State.DONE


def test_a_join_that_is_taken_back_gives_the_number_back(vera: User) -> None:
    deed = join(nth(1), by=vera, reason=WHY)

    take_back(deed, by=vera, reason="they are two after all")

    assert texts() == list(BOOK)
    assert numbers() == [1, 2, 3, 4]
    assert not FormerNumber.objects.exists()
    assert_the_import_changes_no_text(import_book(*BOOK))


def test_a_join_is_taken_back_after_an_import_that_changed_both_halves(vera: User) -> None:
    deed = join(nth(1), by=vera, reason=WHY)
    changed = [MILL.replace("river", "lake"), SHOP.replace("two", "three"), YARD, BARN]
    import_book(*changed)

    take_back(deed, by=vera, reason="they are two after all")

    assert texts() == changed
    assert_the_import_changes_no_text(import_book(*changed))


# Split


def test_a_split_paragraph_stays_split(vera: User) -> None:
    split(nth(1), SHOP.index("and nobody"), by=vera, reason=WHY)
    halves = ["Nobody could say who had paid for two of its wheels,", "and nobody asked."]
    assert texts() == [MILL, *halves, YARD, BARN]

    assert_the_import_changes_no_text(import_book(*BOOK))

    assert texts() == [MILL, *halves, YARD, BARN]
    assert numbers() == [1, 2, 5, 3, 4]


def test_a_correction_in_either_half_outlives_the_import(vera: User) -> None:
    from reader.correction.correcting import correct

    split(nth(1), SHOP.index("and nobody"), by=vera, reason=WHY)
    first, second = nth(1), nth(2)
    correct(first, first.text.replace("two", "all"), seen=first.text, by=vera, reason=WHY)
    correct(second, second.text.replace("asked", "knew"), seen=second.text, by=vera, reason=WHY)

    import_book(*BOOK)

    assert texts()[1:3] == ["Nobody could say who had paid for all of its wheels,", "and nobody knew."]


def test_a_split_that_an_import_makes_itself_is_not_made_twice(vera: User) -> None:
    split(nth(1), SHOP.index("and nobody"), by=vera, reason=WHY)
    halves = ["Nobody could say who had paid for two of its wheels,", "and nobody asked."]

    import_book(MILL, *halves, YARD, BARN)

    assert texts() == [MILL, *halves, YARD, BARN]
    assert numbers() == [1, 2, 5, 3, 4]


def test_a_split_without_its_paragraph_is_a_conflict(vera: User) -> None:
    split(nth(1), SHOP.index("and nobody"), by=vera, reason=WHY)

    import_book(MILL, YARD, BARN)

    [conflict] = Conflict.objects.open()
    assert conflict.about == "paragraph 2 was split: its second half is paragraph 5"


def test_a_split_that_is_taken_back_leads_the_new_number_to_the_old_one(vera: User) -> None:
    deed = split(nth(1), SHOP.index("and nobody"), by=vera, reason=WHY)

    take_back(deed, by=vera, reason="it is one after all")

    assert texts() == list(BOOK)
    [former] = FormerNumber.objects.all()
    assert former.paragraph is not None
    assert (former.number, former.paragraph.number) == (5, 2)
    assert_the_import_changes_no_text(import_book(*BOOK))


# Kind


def test_a_paragraph_that_was_made_a_quotation_stays_one(vera: User) -> None:
    deed = set_kind(nth(2), "quotation", by=vera, reason=WHY)

    import_book(MILL, SHOP, YARD.replace("carts", "old carts"), BARN)
    assert nth(2).kind == "quotation"

    take_back(deed, by=vera, reason="it is prose")
    assert nth(2).kind == "prose"


# Taken out, supplied, moved


def test_a_paragraph_that_was_taken_out_stays_out(vera: User) -> None:
    take_out(nth(1), by=vera, reason="a running head")
    assert texts() == [MILL, YARD, BARN]

    assert_the_import_changes_no_text(import_book(*BOOK))

    assert texts() == [MILL, YARD, BARN]


def test_the_audit_balances_with_a_category_for_what_was_taken_out(vera: User) -> None:
    take_out(nth(1), by=vera, reason="a running head")
    import_book(*BOOK)

    characters = Witness.objects.get().audit["characters"]

    assert characters["taken out by an editor"] == len(SHOP.replace(" ", ""))


def test_the_audit_balances_when_a_call_was_taken_out_with_its_paragraph(vera: User) -> None:
    called = SHOP.replace("wheels", "wheels[1]")
    import_book(MILL, called, YARD, BARN)
    take_out(nth(1), by=vera, reason="a running head")

    import_book(MILL, called, YARD, BARN)

    audit = Witness.objects.get().audit
    assert audit["characters"]["taken out by an editor"] == len(called.replace(" ", ""))
    assert sum(audit["characters"].values()) == audit["total"]


def test_a_paragraph_that_was_taken_out_comes_back_under_its_number(vera: User) -> None:
    deed = take_out(nth(1), by=vera, reason="a running head")
    import_book(*BOOK)

    take_back(deed, by=vera, reason="it is text")

    assert texts() == list(BOOK)
    assert numbers() == [1, 2, 3, 4]
    assert_the_import_changes_no_text(import_book(*BOOK))


def test_a_paragraph_that_reads_nearly_like_one_taken_out_stays(vera: User) -> None:
    take_out(nth(1), by=vera, reason="a running head")
    other = "Nobody could say who had asked for two of its horses, or who had fed them."

    import_book(MILL, other, YARD, BARN)

    assert other in texts()


def test_a_supplied_paragraph_stays_where_it_was_put(vera: User) -> None:
    supply(nth(1), "The *miller* was called Adam.", by=vera, reason=WHY)
    expected = [MILL, SHOP, "The *miller* was called Adam.", YARD, BARN]
    assert texts() == expected

    assert_the_import_changes_no_text(import_book(*BOOK))
    import_book(MILL, SHOP.replace("two", "three"), BARN)

    assert texts() == [MILL, SHOP.replace("two", "three"), "The *miller* was called Adam.", BARN]
    assert nth(2).number == 5


def test_a_supplied_paragraph_that_an_import_has_at_last_stands_once(vera: User) -> None:
    supply(nth(1), "The miller was called Adam by everybody.", by=vera, reason=WHY)

    import_book(MILL, SHOP, "The miller was called Adam by everybody.", YARD, BARN)

    assert texts() == [MILL, SHOP, "The miller was called Adam by everybody.", YARD, BARN]
    assert nth(2).number == 5


def test_a_supplied_paragraph_without_its_neighbour_is_shown_by_a_conflict(vera: User) -> None:
    supply(nth(1), "The miller was called Adam.", by=vera, reason=WHY)

    import_book(MILL, YARD, BARN)

    [conflict] = Conflict.objects.open()
    assert conflict.human == "The miller was called Adam."


def test_a_moved_paragraph_stays_where_it_was_moved(vera: User) -> None:
    deed = move(nth(3), nth(0), by=vera, reason=WHY)
    assert texts() == [MILL, BARN, SHOP, YARD]

    assert_the_import_changes_no_text(import_book(*BOOK))
    assert texts() == [MILL, BARN, SHOP, YARD]

    take_back(deed, by=vera, reason="as the source has it")
    assert texts() == list(BOOK)
    assert_the_import_changes_no_text(import_book(*BOOK))


# Deeds upon deeds


def test_deeds_upon_deeds_are_made_again_in_their_order(vera: User) -> None:
    join(nth(1), by=vera, reason=WHY)
    split(nth(0), nth(0).text.index("Nobody"), by=vera, reason=WHY)
    set_kind(nth(1), "quotation", by=vera, reason=WHY)
    move(nth(1), nth(3), by=vera, reason=WHY)
    supply(nth(0), "The miller was called Adam.", by=vera, reason=WHY)
    join(nth(1), by=vera, reason=WHY)
    expected = [f"{MILL} The miller was called Adam.", YARD, BARN, SHOP]
    assert texts() == expected

    assert_the_import_changes_no_text(import_book(*BOOK))

    assert texts() == expected
    assert nth(3).kind == "quotation"


def test_a_deed_that_others_build_upon_is_not_taken_back_before_them(vera: User) -> None:
    deed = join(nth(1), by=vera, reason=WHY)
    set_kind(nth(0), "quotation", by=vera, reason=WHY)

    with pytest.raises(Refused, match="Take back first what was done later"):
        take_back(deed, by=vera, reason="they are two")


def test_a_text_beside_which_others_were_put_is_not_taken_back_before_them(vera: User) -> None:
    supplied = supply(nth(0), "The miller was called Adam.", by=vera, reason=WHY)
    later = move(nth(4), nth(1), by=vera, reason=WHY)

    with pytest.raises(Refused, match=f"done later to the same text: {later}"):
        take_back(supplied, by=vera, reason="he was not")


def test_a_paragraph_is_not_put_back_into_the_middle_of_a_joined_one(vera: User) -> None:
    moved = move(nth(1), nth(3), by=vera, reason=WHY)
    join(nth(1), by=vera, reason=WHY)

    with pytest.raises(Refused, match="between two texts that are paragraph 1 now"):
        take_back(moved, by=vera, reason="as the source has it")


def test_a_paragraph_goes_back_below_the_heading_that_was_made_of_the_one_before(vera: User) -> None:
    taken_out = take_out(nth(1), by=vera, reason="a running head")
    heading = make_division(nth(0), "section", by=vera, reason=WHY).division

    take_back(taken_out, by=vera, reason="it is text")

    assert Paragraph.objects.get(text=SHOP).division == heading
    assert_the_import_changes_no_text(import_book(*BOOK))


def test_a_second_import_of_the_same_witness_finds_nothing_to_do(vera: User) -> None:
    join(nth(1), by=vera, reason=WHY)
    split(nth(1), YARD.index("that were"), by=vera, reason=WHY)
    take_out(nth(3), by=vera, reason="a running head")
    import_book(*BOOK)

    assert import_book(*BOOK).is_unchanged


def test_every_division_of_the_book_is_still_there(vera: User) -> None:
    take_out(nth(1), by=vera, reason="a running head")
    import_book(*BOOK)

    assert Division.objects.count() == 1


def test_a_change_without_a_place_is_set_aside_by_a_decision(vera: User) -> None:
    from reader.correction.deciding import decide

    join(nth(1), by=vera, reason=WHY)
    import_book(MILL, YARD, BARN)
    [conflict] = Conflict.objects.open()
    decide(conflict, conflict.new_import, by=vera)

    import_book(*BOOK)

    assert texts() == list(BOOK)
    assert Deed.objects.get().state == Deed.State.TAKEN_BACK
    assert not Conflict.objects.open()

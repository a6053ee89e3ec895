"""A corrector changes the structure of texts on the screen, and each next import keeps it."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.browser.axe import faults
from tests.browser.conftest import OpenPage

MILL = "The mill was built by the river in the spring of the first year."
SHOP = "Nobody could say who had paid for two of its wheels, and nobody asked."
HEAD = "The carts and the yard"
YARD = "In the yard stood carts[1] that were never used again by anybody."
BARN = "The barn was full of sacks,[1] and the sacks were full of good oats."
KEY = "NEP  New Economic Policy  \n\nSTO  Council of Labor and Defense  \n\n"
NOTE = "They had been bought in the second year from a carter who drank."


def import_book(mill: str = MILL) -> None:
    from corpus_import.loading.write import load_edition
    from tests.corpus_import.parsing.case_files import parse_text

    load_edition(
        parse_text(
            f"{KEY}   1. The mill\n\n    {mill}\n\n   I. On its wheels\n\n    {SHOP}\n\n    {HEAD}\n\n    {YARD}\n\n"
            f"  \n   Notes\n\n1.\n  \n  \n\n{NOTE}    [p. 42]\n\n   2. The barn\n\n    {BARN}\n\n"
        )
    )


def import_changed_book() -> None:
    """Import a witness that reads otherwise elsewhere."""
    import_book(MILL.replace("river", "lake"))


@pytest.fixture
def screen(open_as: OpenPage, admin_client: Client, static_root: Any) -> Page:
    """The correction screen of the paragraph on the shop, in an archive with a small book."""
    import_book()
    return open_as(admin_client, screen_of("Nobody"))


def screen_of(beginning: str) -> str:
    from reader.models import Paragraph

    return f"/admin/reader/paragraph/{Paragraph.objects.get(text__startswith=beginning).pk}/change/"


def texts() -> list[str]:
    from reader.models import Paragraph
    from reader.text.markup import plain

    return [plain(text) for text in Paragraph.objects.order_by("position").values_list("text", flat=True)]


def do(page: Page, reason: str = "seen in the printed copy") -> None:
    """Give the reason, and press the button below what was shown."""
    page.get_by_label("Reason").fill(reason)
    page.get_by_role("button", name="Do this, and publish").click()
    expect(page.locator(".success")).to_contain_text("Done and published")


def show(page: Page) -> None:
    page.get_by_role("button", name="Show what it changes").click()


def test_a_paragraph_is_joined_and_stays_joined(screen: Page) -> None:
    screen.get_by_role("link", name="Join with the paragraph before").click()
    expect(screen.locator(".errornote, .error")).to_contain_text("A heading stands between")

    screen.goto(screen_of("In the yard"))
    screen.get_by_role("link", name="Join with the paragraph before").click()
    expect(screen.locator(".rehearsed .differs").last).to_contain_text("The carts and the yard In the yard")
    assert faults(screen) == []
    do(screen)

    import_changed_book()
    assert texts()[2].startswith("The carts and the yard In the yard")


def test_a_paragraph_is_split_at_the_cursor_and_stays_split(screen: Page) -> None:
    editor = screen.get_by_label("Text", exact=True)
    editor.evaluate("(field, at) => field.setSelectionRange(at, at)", SHOP.index("and nobody"))
    screen.get_by_role("link", name="Split").click()
    show(screen)
    expect(screen.locator(".rehearsed .differs").last).to_contain_text("and nobody asked.")
    do(screen)

    import_changed_book()
    assert texts()[1:3] == ["Nobody could say who had paid for two of its wheels,", "and nobody asked."]


def test_a_text_that_is_typed_over_is_not_split(screen: Page) -> None:
    screen.get_by_role("link", name="Split").click()
    screen.get_by_label("Text", exact=True).fill("Nobody could say‖ who had paid.")
    show(screen)

    expect(screen.locator(".errorlist")).to_contain_text("The text is not the one that is saved")
    assert len(texts()) == 5


def test_a_paragraph_is_made_a_quotation_and_stays_one(screen: Page) -> None:
    from reader.models import Paragraph

    screen.get_by_role("link", name="Set the kind").click()
    screen.get_by_label("Kind").select_option("quotation")
    show(screen)
    do(screen)

    import_changed_book()
    assert Paragraph.objects.get(text__startswith="Nobody").kind == "quotation"


def test_a_heading_that_was_read_as_text_is_made_one_and_stays_one(screen: Page) -> None:
    from reader.models import Division

    screen.goto(screen_of(HEAD))
    screen.get_by_role("link", name="Make it a heading").click()
    screen.get_by_label("Number").fill("II")
    show(screen)
    do(screen)
    expect(screen.get_by_role("heading", level=1)).to_have_text(HEAD)

    import_changed_book()
    division = Division.objects.get(head=HEAD)
    assert [each.text for each in division.paragraphs.all()] == [YARD.replace("[1]", "[^1]")]


def test_a_heading_that_is_none_is_made_a_paragraph_and_stays_one(screen: Page) -> None:
    from reader.models import Division

    open_division(screen, "On its wheels")
    screen.get_by_role("link", name="It is no heading").click()
    show(screen)
    do(screen)

    import_changed_book()
    assert not Division.objects.filter(head="On its wheels").exists()
    assert texts()[1] == "On its wheels"


def test_a_division_is_renamed_and_renumbered_and_stays_so(screen: Page) -> None:
    from reader.models import Division

    open_division(screen, "The barn")
    screen.get_by_label("Text", exact=True).fill("The old barn")
    screen.get_by_label("Reason").fill("seen in the printed copy")
    screen.get_by_role("button", name="Save", exact=True).click()
    screen.get_by_role("link", name="Set number and kind").click()
    screen.get_by_label("Number").fill("3")
    show(screen)
    do(screen)

    import_changed_book()
    assert [(each.n, each.head) for each in Division.objects.filter(kind="chapter")] == [
        ("1", "The mill"),
        ("3", "The old barn"),
    ]


def test_the_order_of_divisions_is_changed_and_stays_so(screen: Page) -> None:
    from reader.models import Division

    open_division(screen, "The barn")
    screen.get_by_role("link", name="Move", exact=True).click()
    screen.get_by_label("Division").select_option("1. The mill")
    screen.get_by_label("It shall stand").select_option("before it")
    show(screen)
    do(screen)

    import_changed_book()
    assert [each.head for each in Division.objects.order_by("position")][:2] == ["The barn", "The mill"]


def test_a_paragraph_is_moved_and_stays_there(screen: Page) -> None:
    from reader.models import Paragraph

    barn = Paragraph.objects.get(text__contains="The barn was full")
    screen.get_by_role("link", name="Move", exact=True).click()
    screen.get_by_label("Paragraph").fill(str(barn.number))
    show(screen)
    do(screen)

    import_changed_book()
    assert texts()[-1] == SHOP


def test_a_paragraph_is_supplied_and_stays(screen: Page) -> None:
    screen.get_by_role("link", name="Supply a paragraph beside it").click()
    screen.get_by_label("Text", exact=True).fill("The miller was called *Adam*.")
    show(screen)
    expect(screen.locator(".rehearsed em")).to_have_text("Adam")
    do(screen)

    import_changed_book()
    assert texts()[2] == "The miller was called Adam."


def test_a_paragraph_that_is_no_text_is_taken_out_and_stays_out(screen: Page) -> None:
    screen.goto(screen_of(HEAD))
    screen.get_by_role("link", name="Take out").click()
    do(screen, "a running head")

    import_changed_book()
    assert HEAD not in texts()


def test_a_note_is_given_another_number_and_keeps_it(screen: Page) -> None:
    from reader.models import Note

    screen.goto(f"/admin/reader/note/{Note.objects.get().pk}/change/")
    screen.get_by_role("link", name="Set the number").click()
    screen.get_by_label("Number").fill("2")
    show(screen)
    do(screen)

    import_changed_book()
    assert Note.objects.get().n == 2


def test_a_page_is_set_and_moved_and_stays_there(screen: Page) -> None:
    from reader.models import Paragraph

    for words in ("who had paid", "wheels, and"):
        screen.goto(screen_of("Nobody"))
        editor = screen.get_by_label("Text", exact=True)
        editor.evaluate("(field, at) => field.setSelectionRange(at, at)", editor.input_value().index(words))
        screen.get_by_role("link", name="Set where a page begins").click()
        screen.get_by_label("Page").fill("43")
        show(screen)
        expect(screen.locator(".rehearsed .differs").filter(has_text="wheels").last).to_be_visible()
        do(screen)

    import_changed_book()
    assert "two of its {p. 43}wheels, and" in Paragraph.objects.get(text__startswith="Nobody").text
    screen.goto("/case/p/43")
    expect(screen.locator("#page-43")).to_be_visible()


def test_a_change_is_taken_back_from_its_own_page(screen: Page) -> None:
    before = texts()
    screen.goto(screen_of("In the yard"))
    screen.get_by_role("link", name="Join with the paragraph before").click()
    do(screen)

    screen.get_by_role("link", name="Take it back").click()
    expect(screen.get_by_label("Reason")).to_be_visible()
    assert faults(screen) == []
    screen.get_by_label("Reason").fill("they are two")
    screen.get_by_role("button", name="Take it back, and publish").click()

    expect(screen.locator(".success")).to_contain_text("Taken back and published")
    assert texts() == before


def test_the_button_pressed_again_after_the_back_button_does_nothing_twice(screen: Page) -> None:
    screen.goto(screen_of("In the yard"))
    screen.get_by_role("link", name="Join with the paragraph before").click()
    do(screen)
    joined = texts()
    screen.go_back()

    expect(screen.locator(".warning")).to_contain_text("This text is gone, and nothing was done")
    assert texts() == joined


def test_what_a_colleague_changed_meanwhile_is_shown_before_it_is_done(screen: Page) -> None:
    from django.contrib.auth.models import User

    from reader.correction.correcting import correct
    from reader.models import Paragraph

    screen.goto(screen_of("In the yard"))
    screen.get_by_role("link", name="Join with the paragraph before").click()
    expect(screen.get_by_label("Reason")).to_be_visible()
    head = Paragraph.objects.get(text=HEAD)
    vera = User.objects.create_user("vera", is_staff=True)
    correct(head, f"{HEAD},", seen=head.text, by=vera, reason="seen in the printed copy")
    screen.get_by_label("Reason").fill("seen in the printed copy")
    screen.get_by_role("button", name="Do this, and publish").click()

    expect(screen.get_by_role("alert")).to_contain_text("Nothing was done")
    expect(screen.get_by_label("Reason")).to_have_value("seen in the printed copy")
    assert len(texts()) == 5


def open_division(page: Page, head: str) -> None:
    from reader.models import Division

    page.goto(f"/admin/reader/division/{Division.objects.get(head=head).pk}/change/")


# What else is put right with the printed book at hand


def open_supplying(page: Page, head: str) -> None:
    from reader.models import Division

    page.goto(f"/admin/reader/note/supply/{Division.objects.get(head=head).pk}/")


def test_a_note_is_added_from_the_printed_copy_and_stays(screen: Page) -> None:
    from reader.models import Note

    open_supplying(screen, "The barn")
    screen.get_by_label("Which copy").fill("the copy of the mill")
    screen.locator("#id_typed").fill("1. They were sold in the third year.    [p. 43]")
    screen.get_by_role("button", name="Show what they would do").click()
    screen.get_by_role("button", name="Write the ticked notes").click()
    expect(screen.locator(".success")).to_be_visible()

    import_changed_book()
    note = Note.objects.get(division__head="The barn")
    assert (note.n, note.text, note.page) == (1, "They were sold in the third year.", "43")
    assert note.supplied_from == "the copy of the mill"


def test_a_heading_that_stands_too_late_is_moved_and_stays_there(screen: Page) -> None:
    """A heading moves when the text that it has to stand above moves below it."""
    from reader.models import Division, Paragraph

    first = Paragraph.objects.order_by("position")[0]
    shop = Paragraph.objects.get(text__startswith="Nobody")
    screen.goto(f"/admin/reader/paragraph/{first.pk}/structure/move/")
    screen.get_by_label("Paragraph").fill(str(shop.number))
    screen.get_by_label("It shall stand").select_option("before it")
    show(screen)
    do(screen)

    import_changed_book()
    section = Division.objects.get(head="On its wheels")
    assert [each.text for each in section.paragraphs.order_by("position")][:2] == [
        MILL.replace("river", "lake"),
        SHOP,
    ]


def test_a_term_is_added_and_stays(screen: Page) -> None:
    from glossary.models import Term

    screen.goto("/admin/glossary/term/add/")
    screen.locator("#id_glossary").select_option(index=1)
    screen.get_by_label("Headword").fill("Wheel")
    screen.get_by_label("Definition").first.fill("A part of a mill.")
    screen.get_by_label("Reason").fill("explained in the printed copy")
    screen.get_by_role("button", name="Save", exact=True).click()
    expect(screen.locator(".success")).to_be_visible()

    import_changed_book()
    assert Term.objects.get(headword="Wheel").definition == "A part of a mill."


def test_a_false_term_is_deleted_and_stays_away(screen: Page) -> None:
    from glossary.models import Term

    term = Term.objects.get(headword="STO")
    screen.goto(f"/admin/glossary/term/{term.pk}/delete/")
    screen.get_by_role("button", name="Yes").click()
    expect(screen.locator(".success")).to_be_visible()

    import_changed_book()
    assert not Term.objects.filter(headword="STO").exists()
    assert Term.objects.filter(headword="NEP").exists()


def test_a_sentence_is_added_and_stays(screen: Page) -> None:
    from reader.models import Paragraph

    added = f"{SHOP} The clerk alone knew."
    screen.get_by_label("Text", exact=True).fill(added)
    screen.get_by_label("Reason").fill("in the printed copy")
    screen.get_by_role("button", name="Save", exact=True).click()
    expect(screen.locator(".success")).to_be_visible()

    import_changed_book()
    assert Paragraph.objects.get(text__startswith="Nobody").text == added

"""Typed notes are told apart, joined and parted as a reader of the page would, and no word is lost."""

import textwrap
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.text.typed_notes import read_typed_notes


def read(typed: str, *known: str) -> list[tuple[int, str]]:
    return [(note.n, note.text) for note in read_typed_notes(typed, known).notes]


def faults(typed: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.source) for fault in read_typed_notes(typed).faults]


@pytest.mark.parametrize(
    "number",
    [
        *("12. ", "12) ", "12: ", "12] ", "[12] ", "[12]", "(12) ", "[^12]: ", "12.", "12\t", "12.\t"),
        *("12 ", "12 – ", "¹² ", "¹²", "Note 12. ", "note 12: ", "NOTE 12 ", "n. 12 ", "n. 12. ", "Fn. 12 "),
        *("12.\u00a0", "１２．", "12\u3000", "  12. ", "\t12. ", "012. "),
    ],
    ids=ascii,
)
def test_a_note_begins_with_its_number_in_any_of_these_forms(number: str) -> None:
    assert read(f"{number}Ledger of the ferry.") == [(12, "Ledger of the ferry.")]


@pytest.mark.parametrize("number", ["{}. ", "{}) ", "{} ", "[{}] ", "{}\t", "Note {}. "])
def test_notes_of_one_form_may_follow_each_other_without_an_empty_line(number: str) -> None:
    typed = "\n".join(f"{number.format(n)}Ledger {n}." for n in range(9, 13))

    assert [n for n, _ in read(typed)] == [9, 10, 11, 12]


def test_the_number_may_stand_alone_over_its_note() -> None:
    assert read("2.\n  \n\n\nLedger of the ferry.    [p. 11]\n\n3.\n\nThe same.") == [
        (2, "Ledger of the ferry."),
        (3, "The same."),
    ]


@pytest.mark.parametrize(
    "wrapped",
    [
        "1924, p. 5, and the ferry went on.",
        "1924. The ferry went on.",
        "1924 edition, where the ferry goes on.",
        "300 carts, and the ferry went on.",
        "12.5 per cent more than the ferry.",
        "12:30, when the ferry went on.",
        "5-7, and the ferry.",
    ],
)
def test_a_figure_that_begins_a_wrapped_line_is_no_number(wrapped: str) -> None:
    assert read(f"4. Ledger of the year\n{wrapped}") == [(4, f"Ledger of the year {wrapped}")]


@pytest.mark.parametrize("wrapped", ["5 January 1924.", "5 January, when it rained.", "5 carts."])
def test_a_day_or_a_count_on_the_next_line_is_no_number_of_a_note(wrapped: str) -> None:
    assert len(read(f"4 Ledger, Moscow\n{wrapped}")) == 1


def test_numbers_without_a_mark_may_jump_a_little_after_a_sentence() -> None:
    assert [n for n, _ in read("4 Ledger.\n7 The same.\n40 Carts went by.")] == [4, 7]


@pytest.mark.parametrize("before", ["see p.", "in vol.", "nos. 3,", "pages 3–", "chapters 3 and note"])
def test_a_page_or_volume_on_the_next_line_is_no_number_though_it_would_be_next(before: str) -> None:
    assert len(read(f"4. Ledger, {before}\n5. The ferry is there.")) == 1


def test_the_lines_that_could_have_begun_a_note_are_named() -> None:
    [note] = read_typed_notes("4. Ledger, p.\n5. The ferry is there.").notes

    assert note.remarks == ("Line 2 begins with a number and was read as part of this note.",)


def test_a_note_without_a_full_stop_ends_where_the_next_number_begins() -> None:
    assert read("4. Ledger of the ferry\n5. Ledger of the mill") == [
        (4, "Ledger of the ferry"),
        (5, "Ledger of the mill"),
    ]


def test_numbers_out_of_order_twice_and_with_jumps_are_read_as_they_stand() -> None:
    typed = "4. One.\n9. Two.\n\n3. Three.\n3. Four."

    assert [n for n, _ in read(typed)] == [4, 9, 3, 3]


def test_wrapped_lines_that_hang_are_joined() -> None:
    typed = "4.  Ledger of the\n    ferry, and of\n    the mill.\n5.  The\n    same."

    assert read(typed) == [(4, "Ledger of the ferry, and of the mill."), (5, "The same.")]


def test_a_hyphen_of_the_printer_goes() -> None:
    assert read("4. The fer-\nry went, and the self-\nsame mill.", "ferry") == [
        (4, "The ferry went, and the selfsame mill.")
    ]


@pytest.mark.parametrize(
    ("typed", "known", "kept"),
    [
        ("the mill-\nstream", ("mill", "stream"), "the mill-stream"),
        ("the mill-\nstream", ("mill-stream",), "the mill-stream"),
        ("the mill-\nStream", (), "the mill-Stream"),
        ("pp. 12-\n14", (), "pp. 12-14"),
        ("the mill\u00ad\nstream", ("mill", "stream"), "the millstream"),
    ],
)
def test_a_hyphen_of_the_word_stays(typed: str, known: tuple[str, ...], kept: str) -> None:
    assert read(f"4. {typed}", *known) == [(4, kept)]


def test_an_empty_line_and_indentation_begin_a_paragraph() -> None:
    typed = "4. Ledger of the ferry.\n\n   Of the mill there is none,\nand nobody asked.\n\n5. The same."

    assert read(typed)[0] == (4, "Ledger of the ferry.\n\nOf the mill there is none, and nobody asked.")


def test_an_indented_line_after_a_sentence_begins_a_paragraph() -> None:
    typed = "4. Ledger of the ferry.\n   Of the mill there is none,\nand nobody asked."

    assert read(typed) == [(4, "Ledger of the ferry.\n\nOf the mill there is none, and nobody asked.")]


def test_lines_with_empty_lines_between_go_on_with_their_sentence() -> None:
    assert read("4. Ledger of the\n\nferry and\n\nthe mill.") == [(4, "Ledger of the ferry and the mill.")]


def test_a_numbered_list_inside_a_note_stays_in_it() -> None:
    typed = "4. The reasons are:\n\n    1. The ferry was late.\n\n    2. The mill was shut.\n\n5. The same."

    assert read(typed) == [
        (4, "The reasons are:\n\n1. The ferry was late.\n\n2. The mill was shut."),
        (5, "The same."),
    ]


@pytest.mark.parametrize(
    "quotation",
    ["> No ferry goes\n> at night.", "> No ferry goes at night.", "      No ferry goes\n      at night."],
)
def test_a_quotation_is_told_by_its_sign_or_because_it_is_set_in(quotation: str) -> None:
    typed = f"4. The mill says:\n\n{quotation}\n\nNobody knows\nwhy.    [p. 9]"

    assert read(typed) == [(4, "The mill says:\n\n> No ferry goes at night.\n\nNobody knows why.")]


def test_the_page_at_the_end_is_taken_off() -> None:
    notes = read_typed_notes("4. Ledger.    [p. 42]\n5. Mill. [p. XIV]\n6. See p. 9.\n7. Ox. [p.\n9]").notes

    assert [(note.text, note.page) for note in notes] == [
        ("Ledger.", "42"),
        ("Mill.", "xiv"),
        ("See p. 9.", ""),
        ("Ox.", "9"),
    ]


def test_of_two_pages_the_first_is_kept_and_this_is_said() -> None:
    [note] = read_typed_notes("4. Ledger. [pp. 42-43]").notes

    assert (note.page, note.remarks) == ("42", ("Of [pp. 42-43] the first page is kept.",))


def test_emphasis_by_stars_stays_and_underlining_becomes_emphasis() -> None:
    assert read("4. *Ledger* of the _ferry_, 5 * 3, a_b_c.") == [
        (4, "*Ledger* of the *ferry*, 5 * 3, a_b_c.")
    ]


@pytest.mark.parametrize("mark", ["* ", "** ", "† ", "†", "‡ ", "*"])
def test_a_note_with_a_mark_is_refused_with_its_line(mark: str) -> None:
    typed = f"4. Ledger.\n\n{mark}The mill,\nand the ox.\n\n5. The same."

    result = read_typed_notes(typed)

    assert [note.n for note in result.notes] == [4, 5]
    [fault] = result.faults
    assert fault.sentence == (
        f"Line 3 begins with {mark.strip()}: notes are known by their numbers here, so give it the number of its call."
    )
    assert fault.source == f"{mark}The mill,\nand the ox."


def test_a_note_that_begins_with_emphasis_goes_on() -> None:
    assert read("4. Ledger.\n\n*Mill* and ox.") == [(4, "Ledger.\n\n*Mill* and ox.")]


def test_text_before_the_first_number_is_a_fault() -> None:
    assert faults("Notes\n\nfor the chapter\n4. Ledger.") == [(1, "Notes\n\nfor the chapter")]


def test_text_after_the_page_that_ends_a_note_is_a_fault() -> None:
    assert faults("4. Ledger. [p. 42]\n\nA piece without a number.") == [(3, "A piece without a number.")]


def test_a_number_without_text_is_a_fault() -> None:
    assert faults("4.\n\n5. Ledger.") == [(1, "4.")]


def test_nothing_typed_gives_nothing() -> None:
    assert read("") == [] == faults(" \n\n")


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("4. Ledger.\n\n1924. It rained.", "Ledger.\n\n1924. It rained."),
        ("4. Ox [p.\n\n5]", "Ox"),
        ("4. One reason.\n      9. The ferry.", "One reason. 9. The ferry."),
        ("Note 4. See also\nnote 5 of the ledger.", "See also note 5 of the ledger."),
        ("4. Ledger\n\nThe mill.", "Ledger\n\nThe mill."),
        ("4. One.\n\n        Two goes\n    on.", "One.\n\nTwo goes on."),
    ],
)
def test_what_looks_like_another_note_or_a_quotation_is_read_as_text(typed: str, text: str) -> None:
    assert read(typed) == [(4, text)]


def test_there_is_no_note_0() -> None:
    assert faults("0. Ledger.") == [(1, "0. Ledger.")]


def test_a_word_of_two_words_is_joined_if_the_volume_has_it() -> None:
    assert read("4. To in-\nform.", "in", "form", "inform") == [(4, "To inform.")]


# Notes as they are laid out

FORMS = ("{}. ", "{}) ", "[{}] ", "{} ", "{}\t", "Note {}. ", "{}.\n", "{}: ")
PIECES = st.sampled_from(
    [
        "Halloran, *Columns*, vol. {}, p. {}",
        "ibid., pp. {}-{}",
        "the same, Moscow, 1924",
        "in 1927. The ferry went {} times",
        "*Ledger of the mill*, no. {}, 1923, p. {}",
        "see above, pp. {} and {}",
        "the resolution of {} January 1926",
        "Averill, “On carts,” *Review*, nos. {}, {}, and 7. See also note 12",
        "as the miller said in 1931: “No carts”",
        "tables {} and {}. They say nothing",
    ]
)
BODY = st.builds(
    lambda pieces, n, m, end: "The " + ", ".join(pieces).format(*[n, m] * len(pieces)) + end,
    st.lists(PIECES, min_size=1, max_size=5),
    st.integers(1, 60),
    st.integers(1, 300),
    st.sampled_from([".", ".", "", ".”"]),
)


@given(
    st.lists(BODY, min_size=1, max_size=12),
    st.sampled_from(FORMS),
    st.integers(30, 90),
    st.sampled_from(["", "    "]),
    st.sampled_from(["\n", "\n\n"]),
    st.integers(1, 40),
)
def test_notes_that_were_wrapped_are_read_as_they_were(
    bodies: list[str], form: str, width: int, hanging: str, between: str, first: int
) -> None:
    notes = list(enumerate(bodies, first))
    typed = between.join(
        form.format(n) + f"\n{hanging}".join(textwrap.wrap(body, width, break_on_hyphens=False))
        for n, body in notes
    )

    assert read(typed) == notes


# What always holds

# Letters that no label of a number or a page has.
LETTERS = "abcdfgKLM"
WORD = st.text(LETTERS, min_size=1, max_size=9)
NUMBER = st.sampled_from(
    ["4. ", "[5] ", "6 ", "Note 7. ", "n. 8 ", "9)", "¹⁰ ", "1924. ", "* ", "†", "> ", "    "]
)
SENTENCE = st.builds(
    "{}{}{}".format,
    st.one_of(st.just(""), NUMBER),
    st.lists(WORD, max_size=6).map(" ".join),
    st.sampled_from(["", ".", ",", "-", ":", " [p. 42]", " [p.", "\t", "  "]),
)


def letters(text: str) -> Counter[str]:
    return Counter(letter for letter in text if letter in LETTERS)


@given(st.lists(st.one_of(SENTENCE, st.just(""))).map("\n".join))
def test_no_letter_vanishes(typed: str) -> None:
    result = read_typed_notes(typed)
    kept = [note.text for note in result.notes] + [fault.source for fault in result.faults]

    # Letter by letter, because a printer's hyphen may join two words.
    assert letters("".join(kept)) == letters(typed)


@given(st.text(alphabet=st.sampled_from("abK 0123456789.:)(][>*†_-¹²\t\n\u00a0１．pn"), max_size=80))
def test_every_line_is_the_source_of_one_note_or_fault(typed: str) -> None:
    result = read_typed_notes(typed)
    pieces = sorted(
        [(note.line, note.source) for note in result.notes]
        + [(each.line, each.source) for each in result.faults]
    )

    lines = [line.rstrip() for _, source in pieces for line in source.split("\n") if line.strip()]
    assert lines == [line.rstrip() for line in typed.split("\n") if line.strip()]
    for line, source in pieces:
        assert typed.split("\n")[line - 1].rstrip() == source.split("\n")[0].rstrip()


@given(st.text(max_size=200))
def test_any_text_is_read(typed: str) -> None:
    read_typed_notes(typed)

from hypothesis import given
from hypothesis import strategies as st

from reader.text.differences import Change, difference, shortened

TEXTS = st.text(st.sampled_from("ab \n."), max_size=40)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_out_of_their_difference(before: str, after: str) -> None:
    changes = difference(before, after)

    assert "".join(change.text for change in changes if change.kind != "added") == before
    assert "".join(change.text for change in changes if change.kind != "removed") == after


def test_a_difference_is_told_in_whole_words() -> None:
    assert difference("the govrenment met", "the government met") == [
        Change("kept", "the "),
        Change("removed", "govrenment"),
        Change("added", "government"),
        Change("kept", " met"),
    ]


def test_words_that_were_kept_far_from_any_change_are_left_out() -> None:
    before = " ".join(f"w{n}" for n in range(40))

    shown = list(shortened(difference(before, before.replace("w20", "new")), around=2))

    assert [(change.kind, change.text) for change in shown] == [
        ("omitted", ""),
        ("kept", "w18 w19 "),
        ("removed", "w20"),
        ("added", "new"),
        ("kept", " w21 w22"),
        ("omitted", ""),
    ]


def test_what_stands_between_two_changes_is_cut_in_its_middle() -> None:
    words = [f"w{n}" for n in range(40)]
    after = " ".join(["a", *words[1:-1], "z"])

    shown = [change.text for change in shortened(difference(" ".join(words), after), around=1)]

    assert shown == ["w0", "a", " w1", "", "w38 ", "w39", "z"]


def test_a_quick_comparison_of_a_few_words_is_the_same() -> None:
    before, after = "The  lmaps were lit at six.", "The lamps were lit by six."

    assert difference(before, after, quick=True) == difference(before, after)


@given(st.integers(1, 150), st.integers(2, 9))
def test_a_quick_comparison_of_many_words_loses_none(count: int, every: int) -> None:
    before = " ".join(f"w{n}  x" for n in range(count))
    after = " ".join(f"w{n} x" if n % every else f"z{n}" for n in range(count))

    changes = difference(before, after, quick=True)

    assert "".join(each.text for each in changes if each.kind != "added") == before
    assert "".join(each.text for each in changes if each.kind != "removed") == after


def test_a_quick_comparison_takes_what_was_rewritten_for_one_change() -> None:
    before, after = (" ".join(f"{letter}{n} x" for n in range(300)) for letter in "ab")

    assert [each.kind for each in difference(f"In {before} end", f"In {after} end", quick=True)] == [
        "kept",
        "removed",
        "added",
        "kept",
    ]

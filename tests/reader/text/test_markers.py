import pytest

from reader.text.markers import marker_changes, objection

BEFORE = "The first plan[^1] of the system{p. 42} came late[^2]."


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        (
            "The first plan of the system{p. 42} came late[^2].",
            "call of note 1 was dropped: it stood after “…The first",
        ),
        ("The first plan[^1] of the system came late[^2].", "page 42 was dropped: it stood after “…"),
        ("The first plan[^1] of the system{p. 42} came[^1] late[^2].", "note 1 was doubled"),
        ("The first plan[^1] of{p. 42} the system{p. 42} came late[^2].", "page 42 was doubled"),
        (
            "The first plan[^2] of the system{p. 42} came late[^1].",
            "note 2 was moved before the call of note 1",
        ),
        ("The{p. 41} first plan[^1] of the system{p. 42} came late[^2].", "page 41 was added after “…The”"),
        (r"The first plan\[^1] of the system{p. 42} came late[^2].", "call of note 1 was dropped"),
    ],
)
def test_a_correction_that_loses_a_marker_is_refused_with_the_place(after: str, reason: str) -> None:
    assert reason in objection(BEFORE, after)


@pytest.mark.parametrize(
    "after",
    [
        BEFORE,
        "The *second* plan[^1] of a system{p. 42} came early[^2].",
        "The first plan[^1] of the system{p. 42}[^7] came late[^2].",
    ],
)
def test_a_correction_that_keeps_them_is_not(after: str) -> None:
    assert objection(BEFORE, after) == ""


def test_a_call_that_stood_twice_may_stand_twice() -> None:
    assert objection("a[^1] b[^1]", "c[^1] d[^1]") == ""
    assert "dropped" in objection("a[^1] b[^1]", "c[^1] d")


def test_a_call_that_a_person_typed_by_mistake_can_be_taken_out_again() -> None:
    assert objection("One.[^1] Two.[^99]", "One.[^1] Two.", imported="One.[^1] Two.") == ""


def test_a_call_of_the_imported_text_is_not_dropped_even_so() -> None:
    assert "note 1 was dropped" in objection("One.[^1] Two.[^99]", "One. Two.", imported="One.[^1] Two.")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("One[^1] two.", "Two[^1] one.", ""),
        ("One[^1] two.", "One two.", "Markers taken out: the call of note 1."),
        ("One two.", "One[^1] {p. 4}two.", "Markers put in: the call of note 1, the beginning of page 4."),
        (
            "One[^1].",
            "One[^2].",
            "Markers taken out: the call of note 1. Markers put in: the call of note 2.",
        ),
        ("One[^1][^1].", "One[^1].", "Markers taken out: the call of note 1."),
        ("One[^1] two[^2].", "One[^2] two[^1].", "The markers stand in another order."),
    ],
)
def test_markers_in_which_two_readings_differ_are_named(before: str, after: str, said: str) -> None:
    assert marker_changes(before, after) == said

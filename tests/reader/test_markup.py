import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.markup import Emphasis, NoteCall, PageBreak, Text, compose, escape, leaves, markers, parse, plain

texts = st.text(
    st.sampled_from("ab *[]^{}p.\\\n 142é>") | st.characters(exclude_categories=["Cs"]), max_size=60
)


@pytest.mark.parametrize(
    ("claim", "text", "read"),
    [
        ("a call is not text", "word[^12].", "word."),
        ("nor is a page break", "trans{p. 42}formation", "transformation"),
        ("stars of emphasis are not", "a *word* here", "a word here"),
        ("a year in brackets is", "no. 12 [1925]", "no. 12 [1925]"),
        ("an escaped marker is", r"\[^12] \{p. 4} \*no\*", "[^12] {p. 4} *no*"),
        ("a star between spaces is", "2 * 3 * 4", "2 * 3 * 4"),
        ("a star that nothing closes is", "*word", "*word"),
        ("a star closes the nearest that opens", "2 *3 and *word*", "2 *3 and word"),
        ("no emphasis goes over an empty line", "*a\n\nb*", "*a\n\nb*"),
        ("a note has no number 0, 007 or 12345", "[^0][^007][^12345]", "[^0][^007][^12345]"),
        ("a page must have a name, and no braces", "{p. }{p. a{b}", "{p. }{p. a{b}"),
        ("a backslash before a letter is", r"C:\temp", r"C:\temp"),
    ],
)
def test_markup_is_told_from_text(claim: str, text: str, read: str) -> None:
    assert plain(text) == read, claim


def test_every_node_knows_its_place_in_the_source_and_in_the_plain_text() -> None:
    text = r"a\*b *c[^12]{p. xiv}d* e"

    before, emphasis, after = parse(text)

    assert before == Text(0, 5, 0, "a*b ")
    assert isinstance(emphasis, Emphasis)
    assert text[emphasis.start : emphasis.end] == "*c[^12]{p. xiv}d*"
    _, call, page, _ = emphasis.children
    assert call == NoteCall(7, 12, 5, 12)
    assert page == PageBreak(12, 20, 5, "xiv")
    assert after == Text(22, 24, 6, " e")


@settings(deadline=None)  # a busy machine is no failure
@given(texts)
def test_nodes_cover_the_source_without_a_hole(text: str) -> None:
    at = 0
    for node in parse(text):
        assert node.start == at < node.end
        at = node.end
    assert at == len(text)


@settings(deadline=None)  # a busy machine is no failure
@given(texts)
def test_offsets_count_the_plain_text(text: str) -> None:
    read = plain(text)

    for leaf in leaves(parse(text)):
        if isinstance(leaf, Text):
            assert read[leaf.offset : leaf.offset + len(leaf.plain)] == leaf.plain


@settings(deadline=None)  # a busy machine is no failure
@given(texts)
def test_what_was_escaped_is_read_as_it_was(text: str) -> None:
    assert plain(escape(text)) == text
    assert markers(escape(text)) == []


@settings(deadline=None)  # a busy machine is no failure
@given(texts, st.data())
def test_what_was_composed_is_read_back(text: str, data: st.DataObject) -> None:
    offsets = st.integers(0, len(text))
    calls = data.draw(st.lists(st.tuples(offsets, st.integers(1, 9999)), max_size=4))
    breaks = data.draw(st.lists(st.tuples(offsets, st.text("x4 [*\\]^", min_size=1, max_size=4)), max_size=4))

    composed = compose(text, calls, breaks)

    read = markers(composed)
    assert plain(composed) == text
    assert [(m.offset, m.n) for m in read if isinstance(m, NoteCall)] == sorted(
        calls, key=lambda call: call[0]
    )
    assert [(m.offset, m.n) for m in read if isinstance(m, PageBreak)] == sorted(breaks, key=lambda at: at[0])


def test_at_one_place_a_call_stands_before_a_page_break() -> None:
    assert compose("end. Next", [(4, 3)], [(4, "42")]) == "end.[^3]{p. 42} Next"


@pytest.mark.parametrize(
    ("calls", "breaks"), [([(9, 1)], []), ([(-1, 1)], []), ([(0, 0)], []), ([], [(0, "a}")]), ([], [(0, "")])]
)
def test_compose_refuses_what_markup_cannot_write(
    calls: list[tuple[int, int]], breaks: list[tuple[int, str]]
) -> None:
    with pytest.raises(ValueError, match=r"outside|cannot have"):
        compose("text", calls, breaks)

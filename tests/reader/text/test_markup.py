import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.text import markup
from reader.text.markup import (
    BREAK,
    BREAK_OPENS,
    CALL,
    ESCAPE,
    Emphasis,
    NoteCall,
    PageBreak,
    Text,
    call,
    calls,
    compose,
    escape,
    leaves,
    markers,
    page_break,
    page_breaks,
    parse,
    plain,
    substitute,
)
from tests.examples import examples

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


@given(texts)
def test_nodes_cover_the_source_without_a_hole(text: str) -> None:
    at = 0
    for node in parse(text):
        assert node.start == at < node.end
        at = node.end
    assert at == len(text)


@given(texts)
def test_offsets_count_the_plain_text(text: str) -> None:
    read = plain(text)

    for leaf in leaves(parse(text)):
        if isinstance(leaf, Text):
            assert read[leaf.offset : leaf.offset + len(leaf.plain)] == leaf.plain


@given(texts)
def test_what_was_escaped_is_read_as_it_was(text: str) -> None:
    assert plain(escape(text)) == text
    assert markers(escape(text)) == []


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


# ---------------------------------------------------------------------------------------------- substitution

# Pieces: most joins are sound, and some joins read differently from the pieces alone.
sources = st.lists(
    st.sampled_from(
        [
            *("plan", "year", "of", " ", " ", " ", ", ", ".", "[^1]", "[^2]", "{p. 4}"),
            *("*", "*new*", "*for all*", "*a[^3]b*", r"\*", r"\[", "\\", "[", "^1]", "{", "p. 5}"),
            *("\n", "\n\n", "  "),
        ]
    ),
    max_size=14,
).map("".join)
replacements = sources | texts


def put(source: str, old: str, new: str) -> str:
    start = plain(source).index(old)
    return substitute(source, start, start + len(old), new)


@pytest.mark.parametrize(
    ("claim", "source", "old", "new", "made"),
    [
        ("a word is put right", "the pepole came", "pepole", "people", "the people came"),
        ("a call after a word stays after it", "the plans[^1] of", "plans", "plan", "the plan[^1] of"),
        ("even if the word is another", "the plan[^1] of", "plan", "project", "the project[^1] of"),
        ("a page begins before its first word", "the {p. 4}lan of", "lan", "plan", "the {p. 4}plan of"),
        ("or inside a word", "develop{p. 4} ment", "develop ment", "development", "develop{p. 4}ment"),
        ("also a word with a slip", "govern{p. 4}mnet", "governmnet", "government", "govern{p. 4}ment"),
        ("a call stays at its word", "one[^1] two", "one two", "first second", "first[^1] second"),
        ("and at no part of a word", "office[^1] opened", "office opened", "academy", "academy[^1]"),
        ("a mark stands before the call", "a year[^1] and", "year and", "year, and", "a year,[^1] and"),
        ("a lost space after it", "two[^1]words", "twowords", "two words", "two[^1] words"),
        ("also among other slips", "pepole[^1]cmae", "pepolecmae", "people came", "people[^1] came"),
        ("a call outlives its word", "so it was [sic][^1].", "so it was [sic]", "", "[^1]."),
        ("emphasis around stays", "a *great chnage* came", "chnage", "change", "a *great change* came"),
        ("added words are not emphasised", "the *plan* of", "the plan", "the new plan", "the new *plan* of"),
        ("no space just inside the stars", "a *b c* d", "a b", "x", "x *c* d"),
        ("nor stars around nothing", "a *b* c", "b ", "", "a c"),
        ("what is typed is text", "see x", "x", "[^1] {p. 4} *y*", r"see \[^1] \{p. 4} \*y\*"),
        ("also what joins to markup", "[x^1]", "x", "", r"\[^1]"),
        ("and a star that would open", "2 * 3*", " 3", "3", r"2 \*3*"),
        ("and a star that would take another's end", "*a *b*", "a ", "a", r"\*a*b*"),
        ("and a backslash before a mark", r"C:\temp", "temp", ")", r"C:\\)"),
        ("also one before an escape", "C:\\", ":\\", ":\\[^1]", r"C:\\\[^1]"),
        ("what was escaped stays so", r"2 \* 3 pepole", "pepole", "people", r"2 \* 3 people"),
        ("and what was not", "2 * 3 [1925] pepole", "pepole", "people", "2 * 3 [1925] people"),
    ],
)
def test_words_are_replaced_and_nothing_else_is(
    claim: str, source: str, old: str, new: str, made: str
) -> None:
    assert put(source, old, new) == made, claim


def test_where_nothing_is_replaced_words_come_after_the_call_and_marks_before_it() -> None:
    assert substitute("a year[^1] and", 6, 6, ",") == "a year,[^1] and"
    assert substitute("a year[^1] and", 6, 6, " now") == "a year[^1] now and"


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 1), (0, 5)])
def test_what_is_outside_the_text_cannot_be_replaced(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="outside a text of 4 characters"):
        substitute("text[^1]", start, end, "x")


def test_no_emphasis_is_made_to_go_over_an_empty_line() -> None:
    with pytest.raises(ValueError, match="over an empty line"):
        put("*a b*", " ", "\n\n")


def in_emphasis(source: str) -> list[bool]:
    """For each character of the plain text, whether it is emphasised."""
    return [
        isinstance(node, Emphasis)
        for node in parse(source)
        for leaf in leaves((node,))
        if isinstance(leaf, Text)
        for _ in leaf.plain
    ]


@examples(400)
@given(sources | texts, replacements, st.data())
def test_what_is_read_is_what_was_replaced_and_markers_and_emphasis_stay(
    source: str, new: str, data: st.DataObject
) -> None:
    read = plain(source)
    start = data.draw(st.integers(0, len(read)))
    end = data.draw(st.integers(start, len(read)))
    wanted = read[:start] + new + read[end:]

    try:
        made = substitute(source, start, end, new)
    except ValueError as error:
        assert "empty line" in str(error)  # noqa: PT017
        assert any(in_emphasis(source))
        assert re.search(r"\n[ \t]*\n", wanted)
        return

    assert plain(made) == wanted
    before, after = markers(source), markers(made)
    assert [(type(m), m.n) for m in after] == [(type(m), m.n) for m in before]
    grown = len(new) - (end - start)
    for old, now in zip(before, after, strict=True):
        if old.offset < start or (old.offset == start < end):
            assert now.offset == old.offset
        elif old.offset > end or (old.offset == end > start):
            assert now.offset == old.offset + grown
        else:
            assert start <= now.offset <= start + len(new)
    was, then = in_emphasis(source), in_emphasis(made)
    outside = [(k, k) for k in range(start)] + [(k, k + grown) for k in range(end, len(read))]
    assert [then[b] for a, b in outside if not read[a].isspace()] == [
        was[a] for a, _ in outside if not read[a].isspace()
    ]


@given(sources | texts, st.data())
def test_who_replaces_a_reading_with_itself_changes_nothing(source: str, data: st.DataObject) -> None:
    read = plain(source)
    start = data.draw(st.integers(0, len(read)))
    end = data.draw(st.integers(start, len(read)))

    assert substitute(source, start, end, read[start:end]) == source


def test_a_call_is_read_as_it_is_written() -> None:
    assert parse(call(12)) == (NoteCall(0, 5, 0, 12),)


def test_a_page_break_is_read_as_it_is_written() -> None:
    assert parse(page_break("12 bis")) == (PageBreak(0, 11, 0, "12 bis"),)


def test_calls_and_page_breaks_are_told_apart() -> None:
    text = "*One[^1]* two{p. 4}[^2]{p. 5}"

    assert [each.n for each in calls(text)] == [1, 2]
    assert [each.n for each in page_breaks(text)] == ["4", "5"]


# Pieces that easily make markers.
pieces = st.lists(st.sampled_from(["{p. ", "{p.", "4", "}", "\\", "[^", "1", "]", "*", " "])).map("".join)


@given(texts | pieces)
def test_a_text_without_the_opening_of_a_break_has_no_break(text: str) -> None:
    assert BREAK_OPENS in text or page_breaks(text) == []


@given(texts | pieces)
def test_the_fragments_find_the_markers_that_are_read(text: str) -> None:
    found = re.finditer(rf"{ESCAPE}|(?P<marker>{CALL}|{BREAK})", text)
    spans = [match.span() for match in found if match["marker"]]

    assert spans == [(marker.start, marker.end) for marker in markers(text)]


def test_no_other_module_writes_the_patterns_of_markers_down() -> None:
    pattern = re.compile(r"\\\[\\\^|\\\{+p\\\.")
    project = Path(markup.__file__).parents[2]
    sources = [path for app in ("reader", "corpus_import") for path in (project / app).rglob("*.py")]
    wrote = {path.name for path in sources if pattern.search(path.read_text("utf-8"))}

    assert wrote == {"markup.py"}


# Emphasis of a place


@pytest.mark.parametrize(
    ("source", "words", "emphasised"),
    [
        ("the mir met", "mir", "the *mir* met"),
        ("the mir[^3] met", "mir", "the *mir*[^3] met"),
        ("the old{p. 4} mir met", "old mir", "the *old{p. 4} mir* met"),
        (r"a \*star\* and mir", "mir", r"a \*star\* and *mir*"),
        ("*one* and mir", "mir", "*one* and *mir*"),
        ("5 * 3 mir", "mir", "5 * 3 *mir*"),
    ],
)
def test_words_are_emphasised_and_taken_back(source: str, words: str, emphasised: str) -> None:
    at = markup.plain(source).index(words)

    assert markup.emphasise(source, at, at + len(words)) == emphasised
    assert markup.plain(emphasised) == markup.plain(source)
    assert markup.plain(markup.without_emphasis(emphasised, at, at + len(words))) == markup.plain(source)
    assert (at, at + len(words)) not in markup.emphasised_spans(
        markup.without_emphasis(emphasised, at, at + len(words))
    )


@pytest.mark.parametrize(
    ("source", "start", "end"),
    [
        ("the *mir* met", 4, 7),
        ("the *mir* met", 0, 7),
        ("a b", 1, 3),
        ("a\n\nb", 0, 4),
        ("a", 0, 2),
        ("a", 1, 1),
    ],
)
def test_an_emphasis_that_cannot_be_is_refused(source: str, start: int, end: int) -> None:
    with pytest.raises(ValueError, match=r"empha|outside"):
        markup.emphasise(source, start, end)


def test_only_the_emphasis_of_exactly_these_words_is_taken_out() -> None:
    assert markup.without_emphasis("*old mir* and *mir*", 12, 15) == "*old mir* and mir"
    assert markup.without_emphasis("*old mir* and *mir*", 4, 7) == "*old mir* and *mir*"

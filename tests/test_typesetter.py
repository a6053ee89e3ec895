"""The typesetter breaks a text as the real source was broken, and its truth says exactly where."""

import re
import time
from dataclasses import replace
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import sample
from tests.examples import examples
from tests.typesetter import (
    DOUBTFUL,
    LOST_BOLD,
    LOST_ITALIC,
    PRINTERS_HYPHEN,
    Block,
    Division,
    DivisionKind,
    Edition,
    Faults,
    KeyRow,
    Note,
    Truth,
    Word,
    typeset,
    wrap_words,
)

# Every trace of the dialect, as it stands in a witness.
TRACES = {
    "a book page turned in the middle of a paragraph": r"[a-z,]  \n [a-z]",
    "a book page turned inside a word": r"\n\S.*[a-z]-  \n [a-z]",
    "a book page turned between paragraphs, or a print page did": r"  \n     [A-Z]\w* \w+",
    "a book page whose marker stands in a paragraph": r"[a-z,]  \n\npage \d+  \n\n[a-z]",
    "a book page whose marker stands above a heading": r"\n\n?page \d+\n(\n)?( \n)+",
    "a book page whose marker stands in a definition": r"[a-z,;]  \n\n \npage \d+  \n\n \n[a-z]",
    "a book page turned in a note": r"[a-z]  \n \w.*\n(\S.*\n)*.*\[p\. \d+\]  \n",
    "a blank page": r"\npage \d+ \[blank\]\n",
    "a print page turned in the middle of a paragraph": r"[a-z,] \n [a-z]",
    "a print page whose header stands in a paragraph": r"[a-z,] \n\nPágina .*\n\n.*\n\n\n\n[a-z]",
    "a print page whose header stands in a note, whose filler follows it": r"mhtml.*\n\n\n\n(  \n)+\n[a-z]",
    "a heading with one leading space too many and nothing above it": r"  \n    [IV]+\.  [A-Z]",
    "a heading over several lines": r"\n {2,4}[IV]+\.  .* \n {5,7}\S.*  \n",
    "a heading that calls a note": r"\n {2,4}[IV]+\.  .*\[\d+\]  \n",
    "rows of the key inside a sentence": r"[a-z,] \n\n[A-Z]\w+  (\n|.)*[a-z]  \n [a-z0-9]",
    "a row of the key with filler between its columns": r"\n[A-Z]\w+ \n(  \n)+\n[A-Z]",
    "a row of the key without filler": r"\n[A-Z]\w+  \n[A-Z]",
    "a row of the key that only says where to look": r"\n[A-Z]\w+  See [A-Z]\w+  \n",
    "a note as number, filler, body": r"\n\d+\. \n(  \n)+\n\S",
    "a note on one line": r"\n ?\d+\. .*\[p\. \d+\]  \n",
    "a note with several paragraphs": r"  \n    [A-Z].*\n(\S.*\n)*.*\[p\. ",
    "a note's page over two lines": r"    \[p\. \n\n\d+\]  \n",
    "a word with its own hyphen at a line's end": r"[a-z]-\n[a-z]",
    "a range of years at a line's end": r"\d-\n ?\d{4}",
    "a dash broken between its hyphens": r" -\n- ",
    "a capital lost in bold": "\ufffdotes  \n",
    "a capital lost in italics": r"[ \n],[EO]P? ?",
    "a transcriber's note with a lost capital": r"\[Transcriber's[ \n]*,ote: ",
    "a space that italics left": r"[a-z] [,.)]",
    "an ellipsis, whose spaces are right": r"\w \. \. \. ",
    "a year in brackets": r"\[1925\]",
    "figures in columns": r"\n1913  [\d.]+  [\d,]+  [\d,]+  [\d,]+  \n",
    "a quotation that follows a page": r":  \n [A-Z]",
}


# A slow machine is not the typesetter's fault.
unhurried = examples(60)


def find_traces(text: str) -> set[str]:
    return {name for name, pattern in TRACES.items() if re.search(pattern, text)}


def find_cut_notes(text: str, truth: Truth) -> set[tuple[int, int]]:
    """Notes with a division's heading between their first line and the page at their end."""
    lines = text.split("\n")
    heads = {division.line for division in truth.divisions}
    cut = set()
    for at, division in enumerate(truth.divisions):
        for note in division.notes:
            if note.line:
                last = next(n for n in range(note.line, len(lines) + 1) if "[p. " in lines[n - 1])
                if any(note.line < head < last for head in heads):
                    cut.add((at, note.n))
    return cut


words = st.lists(
    st.sampled_from(
        (
            "a",
            "plan",
            "economy,",
            "transport",
            "state-owned",
            "1923-1924",
            "*NEP*,",
            "*Now*",
            "--",
            "(Gosplan)",
        )
    ),
    min_size=1,
    max_size=120,
).map(" ".join)


@st.composite
def divisions(draw: st.DrawFn) -> Division:
    kind = draw(st.sampled_from(get_args(DivisionKind)))
    called = draw(st.integers(0, 4)) if kind in ("front", "part", "chapter") else 0
    blocks = [
        Block(draw(st.sampled_from(("prose", "quotation"))), draw(words))
        for _ in range(draw(st.integers(0, 4)))
    ]
    if called:
        blocks.append(Block("prose", " ".join(f"word[^{n + 1}]" for n in range(called))))
    notes = tuple(
        Note(n + 1, (Block("prose", draw(words)),), draw(st.booleans()), draw(st.booleans()))
        for n in range(called)
    )
    return Division(kind, "1", draw(words), tuple(blocks), notes, draw(st.none() | st.integers(1, 60)))


editions = st.builds(
    Edition,
    st.just("A Title"),
    st.lists(st.builds(KeyRow, st.sampled_from(("NEP", "Sovnarkom")), words), max_size=30).map(tuple),
    st.lists(divisions(), min_size=1, max_size=6).map(tuple),
)
faults = st.builds(Faults.every, st.integers(0, 1000)) | st.builds(Faults, st.integers(0, 1000))


def letters_of(text: str) -> str:
    return re.sub(r"[^A-Za-z]", "", text)


def all_texts(truth: Truth) -> list[str]:
    """All texts that the truth has in the witness, without numbers and forme work."""
    texts = [
        part
        for term in truth.terms
        for part in (term.headword, f"See {term.see}" if term.see else term.definition)
    ]
    for division in truth.divisions:
        texts += [division.head, *(paragraph.text for paragraph in division.paragraphs)]
        texts += [paragraph.text for note in division.notes for paragraph in note.paragraphs]
    return texts


def test_the_sample_on_disk_is_what_the_typesetter_sets() -> None:
    assert sample.WITNESS.read_bytes().decode() == sample.sample().text


@pytest.mark.parametrize("trace", TRACES)
def test_the_sample_shows(trace: str) -> None:
    assert trace in find_traces(sample.sample().text)


def test_the_sample_has_a_note_whose_end_stands_in_another_division() -> None:
    assert find_cut_notes(sample.sample().text, sample.sample_truth())


def test_the_sample_has_a_note_that_lost_its_number_and_stands_in_another_division() -> None:
    truth = sample.sample_truth()
    preface, introduction = truth.divisions[0], truth.divisions[1]

    (lost,) = [note for note in introduction.notes if note.state == "number lost"]

    assert preface.line < lost.line < preface.notes[0].line


def test_the_sample_has_the_preface_after_the_introduction() -> None:
    preface, introduction = sample.sample_truth().divisions[:2]

    assert int(preface.page) < int(introduction.page)
    assert preface.line > introduction.line


def test_the_sample_has_one_of_each_doubtful_reading() -> None:
    doubtful = [repair.kind for repair in sample.sample_truth().repairs if not repair.certain]

    assert sorted(doubtful) == sorted(DOUBTFUL)


def test_the_sample_has_notes_that_are_missing_and_one_that_is_called_twice() -> None:
    truth = sample.sample_truth()
    calls = re.findall(r"\[\^3\]", " ".join(p.text for d in truth.divisions[6:11] for p in d.paragraphs))

    assert len(truth.gaps) >= 2
    assert len(calls) == 2


def test_a_repair_reads_what_stands_in_its_line() -> None:
    lines = sample.sample().text.split("\n")

    for repair in sample.sample_truth().repairs:
        here = "\n".join(lines[repair.line - 1 : repair.line + 9])
        here = re.sub(r"\n(?:\s*page \d+)?\s*|\n+Página(?:.|\n)*?\n\n\n\n", " ", here)
        assert repair.reading in re.sub(" +", " ", here)


def test_a_certain_repair_is_made_in_the_truth_and_a_doubtful_one_is_not() -> None:
    truth = sample.sample_truth()
    read = re.sub(r"\[\^(\d+)\]", r"[\1]", " ".join([*all_texts(truth), "Notes"]))

    for repair in truth.repairs:
        assert (repair.emended if repair.certain else repair.reading) in read


def test_a_page_begins_in_the_line_that_the_truth_names() -> None:
    typeset_sample = sample.sample()
    lines = typeset_sample.text.split("\n")

    for page in typeset_sample.truth.pages:
        line = lines[page.line - 1]
        if page.place == "paragraph":
            text = typeset_sample.truth.divisions[page.division].paragraphs[page.paragraph].text
            begins = text[page.offset :].replace("[^", "[").split()[0]
            assert line.strip().startswith(begins)
        elif page.place == "blank":
            assert line == f"page {page.n} [blank]"


def test_a_paragraph_begins_in_the_line_that_the_truth_names() -> None:
    lines = sample.sample().text.split("\n")

    for division in sample.sample_truth().divisions:
        for paragraph in division.paragraphs:
            assert lines[paragraph.line - 1].split()[0] == paragraph.text.split()[0]


def test_note_pages_rise_with_their_numbers() -> None:
    for division in sample.sample_truth().divisions:
        pages = [int(note.page) for note in division.notes if note.state != "missing"]
        assert pages == sorted(pages)


@unhurried
@given(editions, faults)
def test_setting_is_total_and_the_same_every_time(edition: Edition, faults: Faults) -> None:
    assert typeset(edition, faults=faults) == typeset(edition, faults=faults)


@unhurried
@given(editions, st.integers(0, 1000))
def test_no_letter_is_lost_or_doubled(edition: Edition, seed: int) -> None:
    kept = replace(Faults.every(seed, lost_letter=""), headers_filtered=True, markers_filtered=True)

    result = typeset(edition, faults=kept)

    witness = re.sub(r"\[p\. +\d+\]|\[p\. \n\n\d+\]|page \d+ \[blank\]|Part \d+ \n", "", result.text)
    expected = "".join(letters_of(text) for text in all_texts(result.truth))
    notes_headings = len(re.findall(r"^ *Notes  $", result.text, re.MULTILINE))
    assert sorted(letters_of(witness)) == sorted(expected + "Notes" * notes_headings)


@unhurried
@given(editions, st.integers(0, 1000))
def test_pages_are_numbered_without_a_step_back(edition: Edition, seed: int) -> None:
    pages = [int(page.n) for page in typeset(edition, faults=Faults.every(seed)).truth.pages]

    assert all(a < b for a, b in pairwise(pages))


@unhurried
@given(editions)
def test_a_text_without_faults_has_every_marker_and_header(edition: Edition) -> None:
    result = typeset(edition, faults=Faults())

    assert all(f"\npage {page.n}" in "\n" + result.text for page in result.truth.pages)
    assert not result.truth.repairs


def test_a_letter_is_lost_only_in_bold_and_italics() -> None:
    edition = Edition("T", (), (Division("chapter", "1", "The NEP", (Block("prose", "NEP and *NEP* now"),)),))

    result = typeset(edition, faults=Faults(lost_letter="N"))

    assert "The \ufffdEP  \n" in result.text
    assert "NEP and ,EP now  \n" in result.text
    assert [repair.kind for repair in result.truth.repairs] == [LOST_BOLD, LOST_ITALIC]


def test_a_printers_hyphen_is_no_part_of_the_word() -> None:
    edition = one_paragraph("economy " * 2000)

    result = typeset(edition, faults=Faults.every(5, split_words=0, transposed_words=0))

    assert any(repair.kind == PRINTERS_HYPHEN for repair in result.truth.repairs)
    assert set(result.truth.divisions[0].paragraphs[0].text.split()) == {"economy"}


@pytest.mark.parametrize("n", range(1, 5))
def test_a_page_begins_at_its_offset(n: int) -> None:
    source = " ".join(f"word{i}" for i in range(2000))

    result = typeset(
        one_paragraph(source), faults=Faults(seed=n, markers_filtered=True, headers_filtered=True)
    )

    pages = [page for page in result.truth.pages if page.place == "paragraph"]
    lines = result.text.split("\n")
    assert len(pages) > 3
    for page in pages:
        assert lines[page.line - 1].startswith(" " + source[page.offset :].split()[0] + " ")
        assert lines[page.line - 2].endswith("  ")


def one_paragraph(source: str) -> Edition:
    return Edition("T", (), (Division("chapter", "1", "A head", (Block("prose", source),)),))


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("the years 1923-1924", ["the years 1923-", "1924"]),
        ("the state -- aid", ["the state -", "- aid"]),
        ("a co-operative", ["a co-", "operative"]),
    ],
)
def test_a_line_breaks_at_a_hyphen(source: str, lines: list[str]) -> None:
    width = len(lines[0])

    wrapped = wrap_words([Word(word, word) for word in source.split()], width)

    assert [line.text for line in wrapped] == lines
    assert wrapped[0].bare


def test_a_block_needs_text() -> None:
    with pytest.raises(ValueError, match="a block has text"):
        Block("prose", " ")


def test_setting_is_fast_enough_for_property_tests() -> None:
    start = time.perf_counter()

    typeset(sample.EDITION, faults=sample.FAULTS)

    assert time.perf_counter() - start < 1

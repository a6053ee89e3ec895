"""A damaged volume is read right or refused with the reason; a sound one is never refused."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from corpus_import.parsing.diagnostics import CODES, ImportFault
from corpus_import.parsing.elements import (
    Account,
    Draft,
    KeyEntry,
    PageStart,
    Role,
    Span,
    Text,
    WitnessText,
)
from corpus_import.parsing.manifest import Manifest
from corpus_import.parsing.pipeline import STAGES
from corpus_import.parsing.source import decode_witness, number_lines
from corpus_import.parsing.stages.judge_reading import judge_reading
from corpus_import.parsing.stages.judge_reading.limits import LIMITS, NEVER
from corpus_import.parsing.stages.question_readings import question_readings
from reader.text.diagnostics import REMEDIES
from tests.corpus_import.parsing import damage
from tests.corpus_import.parsing.case_files import MANIFEST
from tests.corpus_import.parsing.truth import with_references
from tests.editions import plausible_edition
from tests.sample import WITNESS, sample_truth
from tests.typesetter import Faults, Truth, typeset
from tests.volumes_of_files import TITLE, typeset_volume

SAMPLE = WITNESS.read_text(encoding="utf-8")
# Words that an index of small letters has.
THINGS = (
    "salt flour iron coal rope hemp tar timber nets ice toll carts grain ink paper copper lamps horses".split()  # noqa: SIM905  # easier to read than a list
)
# A reading is right if so many paragraphs and notes of the truth are read word by word.
RIGHT = 0.95


def read(text: str, manifest: Manifest = MANIFEST) -> Draft:
    """The draft of a text, without suspects, which no judgement needs."""
    return read_witnesses(manifest, (decode_witness(text.encode(), "one.txt", 0, "utf-8"),))


def read_witnesses(manifest: Manifest, witnesses: tuple[WitnessText, ...]) -> Draft:
    draft = number_lines(Draft(manifest, witnesses))
    for stage in STAGES:
        if stage is not question_readings:
            draft = stage(draft)
    return draft


def doubts(draft: Draft) -> list[str]:
    return [doubt.code for doubt in draft.doubts]


def findings(draft: Draft) -> set[str]:
    return {finding.code for finding in draft.findings}


def agreement(draft: Draft, truth: Truth) -> float:
    """The share of the true paragraphs and notes that were read."""
    texts = {_words(with_references(paragraph)) for paragraph in draft.paragraphs}
    notes = {(note.n, _words(" ".join(p.text.string for p in note.paragraphs))) for note in draft.notes}
    true_texts = [_words(p.text) for division in truth.divisions for p in division.paragraphs]
    true_notes = [
        (note.n, _words(" ".join(p.text for p in note.paragraphs)))
        for division in truth.divisions
        for note in division.notes
        if note.state == "whole"
    ]
    right = sum(text in texts for text in true_texts) + sum(note in notes for note in true_notes)
    return right / (len(true_texts) + len(true_notes))


def _words(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip()


# Damaged volumes


@pytest.mark.parametrize("harm", damage.DAMAGES)
def test_a_damaged_volume_is_read_right_or_refused(harm: Callable[[str], str]) -> None:
    try:
        draft = read(harm(SAMPLE))
    except ImportFault:
        return  # a stage says that it cannot go on

    assert doubts(draft) or agreement(draft, sample_truth()) >= RIGHT


@pytest.mark.parametrize("make", damage.NO_BOOKS)
def test_what_is_no_book_is_refused(make: Callable[[], str]) -> None:
    try:
        draft = read(make())
    except ImportFault:
        return

    assert doubts(draft)


def test_a_file_that_was_cut_off_is_read_to_its_end_and_said_to_be_cut() -> None:
    draft = read(damage.first_third(SAMPLE))
    whole = {_words(with_references(paragraph)) for paragraph in read(SAMPLE).paragraphs}

    *texts, _ = (_words(with_references(paragraph)) for paragraph in draft.paragraphs)
    assert set(texts) <= whole
    assert "ends-in-mid-sentence" in {remark.code for remark in draft.diagnostics}


def test_the_loss_of_blank_lines_alone_is_said() -> None:
    draft = read("\n".join(line for line in SAMPLE.split("\n") if line.strip()))

    assert "no-blank-lines" in {remark.code for remark in draft.diagnostics}


# Sound volumes


def test_the_sample_is_accepted_without_doubts() -> None:
    draft = read(SAMPLE)

    assert agreement(draft, sample_truth()) == 1
    assert doubts(draft) == []


@pytest.mark.parametrize("seed", range(21))
def test_a_generated_edition_is_accepted_without_doubts(seed: int) -> None:
    assert doubts(read(typeset(plausible_edition(seed), faults=Faults.every(seed)).text)) == []


def test_a_chronicle_of_short_paragraphs_is_accepted_without_doubts() -> None:
    years = (f"    In the year {n} it rained, and the clerk wrote it down.  \n\n" for n in range(1800, 1900))

    assert doubts(read(damage.HEADING + "".join(years))) == []


@pytest.mark.parametrize("seed", range(6))
def test_a_volume_of_several_files_is_accepted_without_doubts(seed: int) -> None:
    volume = typeset_volume(seed)
    witnesses = tuple(
        decode_witness(text.encode(), name, n, "utf-8")
        for n, (text, name) in enumerate(zip(volume.files, volume.names, strict=True))
    )
    manifest = replace(MANIFEST, title=TITLE, witnesses=volume.names)

    assert doubts(read_witnesses(manifest, witnesses)) == []


def test_an_index_of_small_letters_is_accepted_without_doubts() -> None:
    index = "".join(f"weights of {word}, {n}, {n + 30}  \n\n" for n, word in enumerate(THINGS, 12))

    assert doubts(read(chapters(3, paragraphs(6)) + "    Index  \n\n" + index)) == []


@pytest.mark.parametrize("paragraphs", [1, 2, 5])
def test_a_few_paragraphs_are_too_little_to_judge(paragraphs: int) -> None:
    text = damage.HEADING + "    the clerk wrote it down and[1] went\n\n" * paragraphs

    assert doubts(read(text)) == []


# Each code


def paragraphs(
    count: int, text: str = "The clerk wrote the figures down, and nobody asked for them again."
) -> str:
    """Paragraphs in the dialect, each a little over a line."""
    rest = "There was no hurry, since the \nledger was kept in the office of weights, and the office was closed.  \n\n"
    return "".join(f"    {text} {rest}" for _ in range(count))


def chapters(count: int, each: str) -> str:
    return "".join(f"   {n}.  The year of the ledger  \n\n{each}" for n in range(1, count + 1))


def said_of(text: str) -> set[str]:
    draft = read(text)
    return findings(draft)


def doctored(draft: Draft) -> Iterator[tuple[str, Draft]]:
    """For codes that today's stages hardly ever cause: drafts as a faulty stage would leave them."""
    text = draft.paragraphs[3].text
    span = text.pieces[0].span
    long = Text(tuple(text.pieces) * 60)
    first, note = draft.divisions[0], draft.notes[0]
    yield "long-heading", replace(draft, divisions=(replace(first, head=long), *draft.divisions[1:]))
    yield (
        "text-in-headings",
        replace(
            draft, divisions=tuple(replace(d, head=Text(tuple(text.pieces) * 3)) for d in draft.divisions)
        ),
    )
    yield (
        "text-without-heading",
        replace(draft, divisions=tuple(replace(d, head=Text(()), n="") for d in draft.divisions)),
    )
    endless = replace(note, paragraphs=(replace(note.paragraphs[0], text=long),))
    yield "endless-note", replace(draft, notes=(endless, *draft.notes[1:]))
    yield "note-without-body", replace(draft, notes=tuple(replace(n, paragraphs=()) for n in draft.notes))
    definition = "The council of the town. " * 100
    entry = KeyEntry("STO", definition, "", (span,))
    yield "text-in-key", replace(draft, key=(entry, *draft.key))
    yield "mostly-key", replace(draft, audit=(("one.txt", {"key": 9000, "text": 3000}),))
    headed = replace(draft.blocks[0], role=Role.KEY_HEADING)
    yield "unread-key", replace(draft, key=(), blocks=(headed, *draft.blocks[1:]))
    back = tuple(PageStart(str(99 - k), True, d.index) for k, d in enumerate(draft.divisions))
    yield (
        "pages-step-back",
        replace(draft, pages=back, paragraphs=tuple(replace(p, breaks=()) for p in draft.paragraphs)),
    )
    rising = tuple(PageStart(str(9 + k), True, d.index) for k, d in enumerate(draft.divisions))
    too_long = tuple(replace(p, text=long, breaks=(), references=()) for p in draft.paragraphs)
    yield "impossible-page", replace(draft, pages=rising, paragraphs=too_long)
    yield (
        "much-outside-text",
        replace(draft, accounts=(*draft.accounts, Account(Span(0, 0, 9000), "title block"))),
    )


CASES = {
    "layout-lost": damage.log,
    "no-blank-lines": lambda: "\n".join(line for line in SAMPLE.split("\n") if line.strip()),
    "no-indents": lambda: damage.without_indents(SAMPLE),
    "no-trailing-spaces": lambda: "\n".join(map(str.rstrip, SAMPLE.split("\n"))),
    "one-case": SAMPLE.upper,
    "markup-in-text": lambda: damage.HEADING + "    <p>The mill <b>stood</b> by the river.</p>\n\n" * 30,
    "other-script": lambda: damage.in_another_script(SAMPLE),
    "garbled-letters": lambda: damage.wrongly_decoded(SAMPLE),
    "little-prose": damage.program,
    "lines-broken-early": damage.poem,
    # A preface in one block with the line of copyright, which tells the title block.
    "prose-outside-text": lambda: (
        "A Book of Offices  \n\nCopyright 1930 by Nobody. All rights reserved. \n"
        + "The clerk wrote the figures down, and nobody asked for them again, since the ledger was closed. \n"
        * 12
        + "\nContents  \n\n1. The year of the ledger  5  \n2. The year of the ledger  9  \n\n"
        + chapters(2, paragraphs(6))
    ),
    "heading-without-text": lambda: chapters(9, "") + chapters(9, paragraphs(1)),
    "division-of-one-line": lambda: (
        chapters(9, "    Ten sacks were weighed.  \n\n") + chapters(2, paragraphs(3))
    ),
    "numbers-of-headings-missing": lambda: "".join(
        f"   {n}.  The year of the ledger  \n\n{paragraphs(2)}" for n in (1, 2, 6, 7, 11, 12)
    ),
    "contents-not-found": lambda: (
        "Contents  \n\n"
        + "\n".join(f"{n}. What {word} did to the town  {n * 5}  " for n, word in enumerate("abcdef", 1))
        + "\n\n"
        + chapters(3, paragraphs(9))
    ),
    "paragraph-begins-small": lambda: damage.lines_as_paragraphs(SAMPLE),
    "paragraph-without-end": lambda: damage.lines_as_paragraphs(SAMPLE),
    "headings-in-text": lambda: (
        damage.HEADING
        + "".join(f"{paragraphs(1)}    The ledger of {word}  \n\n{paragraphs(1)}" for word in THINGS[:6])
    ),
    "entries-in-text": lambda: (
        damage.HEADING
        + paragraphs(2)
        + "".join(f"    Weights of {word}, {n}, {n + 30}  \n\n" for n, word in enumerate(THINGS, 12))
    ),
    "endless-paragraph": lambda: damage.HEADING + "    " + "The clerk wrote it down and left.\n" * 900,
    "short-paragraphs": lambda: damage.HEADING + "    The clerk, and his ledger;  \n\n" * 60,
    "no-notes": lambda: (
        damage.HEADING
        + "".join(
            paragraphs(1, f"He was seen[{n}] in the office, where the ledgers were kept.")
            for n in range(1, 40)
        )
    ),
    "note-without-call": lambda: damage.without_calls(SAMPLE),
    "note-without-number": lambda: damage.without_numbers_of_notes(SAMPLE),
    "notes-run-together": lambda: (
        damage.HEADING
        + "".join(paragraphs(1, f"He was seen {n}/ in the office of weights.") for n in range(1, 6))
        + "    Notes  \n\n"
        + "".join(f"{n}/ The minutes of the board, in the ledger of the year.  \n\n" for n in range(1, 6))
    ),
    "note-numbered-twice": lambda: damage.without_headings(SAMPLE),
    "unread-notes": lambda: (
        damage.HEADING
        + "".join(paragraphs(1, f"He was seen[{n}] in the office of weights.") for n in range(1, 12))
        + "".join(
            f"    {n}~ The minutes of the board, in the ledger of the year.  \n\n" for n in range(1, 12)
        )
    ),
    "pages-of-notes-in-text": lambda: (
        damage.HEADING + paragraphs(4) + "    This is what the ledger says, and no more. [p. 12]  \n\n" * 8
    ),
    # High figures with no note anywhere: too little to believe that they are calls, too much to say nothing.
    "unread-calls": lambda: (
        damage.HEADING
        + "".join(
            paragraphs(1, f"He was seen in the office of weights.{str(n).translate(damage.HIGH)}")
            for n in range(1, 12)
        )
    ),
    "calls-begin-anew": lambda: damage.under_one_heading(SAMPLE),
}


@pytest.mark.parametrize("code", CASES)
def test_a_text_has_the_finding(code: str) -> None:
    assert code in findings(read(CASES[code]()))


def test_a_draft_of_a_faulty_stage_has_the_finding() -> None:
    sample = read(SAMPLE)
    for code, draft in doctored(sample):
        assert code in doubts(judge_reading(draft)), code
        assert code not in doubts(sample), code


def test_every_code_has_a_limit_a_meaning_and_a_case() -> None:
    sample = read(SAMPLE)

    assert set(LIMITS) <= set(CODES)
    assert set(CASES) | {code for code, _ in doctored(sample)} == set(LIMITS)


def test_every_finding_beyond_its_limit_is_a_diagnostic_that_says_what_to_try() -> None:
    draft = read(damage.lines_as_paragraphs(SAMPLE))

    said = {remark.code: remark.message for remark in draft.diagnostics}
    for doubt in draft.doubts:
        assert str(doubt.count) in said[doubt.code]
        assert doubt.remedy in said[doubt.code]
        assert doubt.places, doubt.code


def test_a_finding_that_is_never_a_doubt_is_always_said() -> None:
    assert {code for code, limit in LIMITS.items() if limit.share == NEVER} <= {
        code for code, limit in LIMITS.items() if limit.is_always_said
    }


def test_every_limit_has_a_reason_and_a_remedy() -> None:
    for code, limit in LIMITS.items():
        for sentence in (limit.reason, REMEDIES[code]):
            assert sentence.endswith("."), code
            assert sentence[0].isupper(), code

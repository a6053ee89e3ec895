"""The matcher on the real volume, if its files are at hand, compared with a list that a reader made independently.

`second_period_terms.tsv` has the uses of terms with their places, without the volume's sentences.
"""

import csv
from collections import Counter
from pathlib import Path

import pytest
from django.utils.text import slugify

from corpus_import.parsing.elements import Draft, Note
from corpus_import.parsing.pipeline import parse_volume
from glossary.forms import forms_of
from glossary.matching import Matcher

ROOT = Path(__file__).resolve().parent.parent.parent
MANIFEST = ROOT / "fixtures" / "second-period" / "volume.toml"
# Beside the manifest, or where the project's owner keeps them.
FOLDERS = (MANIFEST.parent, ROOT.parent / "shared" / "volume")
NAME = "second-period-section-1.txt"

Uses = Counter[tuple[str, str, str]]  # text, form, term


@pytest.fixture(scope="module")
def draft() -> Draft:
    folder = next((f for f in FOLDERS if (f / NAME).is_file()), None)
    if folder is None:
        pytest.skip(f"{NAME} is its owner's and not at hand")
    return parse_volume(MANIFEST, folder)


def uses_read() -> Uses:
    with (Path(__file__).parent / "second_period_terms.tsv").open(encoding="utf-8", newline="") as rows:
        listed = csv.DictReader((row for row in rows if not row.startswith("#")), delimiter="\t")
        return Counter(
            (f"{row['kind']} {row['number']}", _without_possessive(form), term)
            for row in listed
            for form, _, term in (use.rpartition("=") for use in (row["occurrences"] or "").split(";") if use)
        )


def uses_found(draft: Draft) -> Uses:
    slugs = [slugify(entry.headword.replace("(", "-")) for entry in draft.key]
    matcher = Matcher((at, form) for at, entry in enumerate(draft.key) for form in forms_of(entry.headword))
    return Counter(
        (name, text[span.start : span.end], slugs[span.term])
        for name, text in _texts(draft)
        for span in matcher.spans(text)
    )


def _texts(draft: Draft) -> list[tuple[str, str]]:
    names = {division.index: f"{division.kind}-{division.n}" for division in draft.divisions}

    def name(note: Note) -> str:
        return (
            f"note {names[note.division]}/{note.n}"
            if note.n is not None
            else f"fragment {names[note.division]}"
        )

    return [
        *((f"paragraph {n}", paragraph.text.string) for n, paragraph in enumerate(draft.paragraphs, 1)),
        *((name(note), "\n\n".join(part.text.string for part in note.paragraphs)) for note in draft.notes),
    ]


def _without_possessive(form: str) -> str:
    return form.replace("’", "'").removesuffix("'s").removesuffix("'")


def test_the_matcher_finds_what_a_reader_finds(draft: Draft) -> None:
    found, read = uses_found(draft), uses_read()

    missed, too_many = read - found, found - read

    right = (found & read).total()
    print(f"{read.total()} uses read, {found.total()} found; missed {missed}, too many {too_many}")
    assert right / read.total() >= 0.995, missed
    assert right / found.total() >= 0.995, too_many


def test_the_forms_of_the_key_are_told_apart(draft: Draft) -> None:
    matcher = Matcher((at, form) for at, entry in enumerate(draft.key) for form in forms_of(entry.headword))

    assert matcher.ambiguous == {}

"""The report of an import and its doubts in French: every line has words, and what is kept stays English."""

import re

import pytest
from django.utils.translation import override

from corpus_import.jobs.reports import doubt_in_words, report_in_words
from corpus_import.parsing.report import report
from tests.corpus_import.parsing import damage
from tests.corpus_import.parsing.case_files import parse_text
from tests.corpus_import.parsing.collation.collated import BOOK, collated, without
from tests.sample import WITNESS

# Words that are the same in both languages.
ALIKE = {"divisions", "notes", "pages", "diagnostics", "suspects"}
SAMPLE = WITNESS.read_text(encoding="utf-8")


def french(html: str) -> str:
    """The words of HTML, with plain spaces."""
    return re.sub(r"[\u202f\u00a0]", " ", html)


def reports() -> list[str]:
    drafts = (
        parse_text(SAMPLE),
        parse_text(damage.lines_as_paragraphs(SAMPLE)),
        collated(
            without(BOOK, " 2. \n", " 3. \n").replace("in 1836", "in 1846").replace("mended", "mendde"), BOOK
        ),
        collated(without(BOOK, " 2. \n", " 3. \n"), BOOK, independent=False),
    )
    return ["\n".join(report(draft)) for draft in drafts]


def test_every_line_of_a_report_has_french() -> None:
    for kept in reports():
        with override("fr"):
            said = report_in_words(kept)

        assert 'lang="en"' not in said
        assert len(said.split("\n")) == len(kept.split("\n"))
        changed = [a for a, b in zip(kept.split("\n"), said.split("\n"), strict=True) if a == b]
        assert {re.sub(r"[\d, ]+", "", line) for line in changed} <= ALIKE


def test_an_english_report_is_as_it_is_kept() -> None:
    assert report_in_words("      1  gaps\na <b> & c") == "      1  gaps\na &lt;b&gt; &amp; c"
    assert doubt_in_words("no-notes: 12 <notes>") == "no-notes: 12 <notes>"


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("  1,204  paragraphs", "  1 204  paragraphes"),
        ("         emended by rule “lost letter”: 3", "         émendé par la règle « lettre perdue » : 3"),
        (
            "a.txt:12: gap: note 3 is called and is not there.",
            "a.txt:12: gap: La note 3 est appelée et manque.",
        ),
        (
            "within its limit: note-without-number: 3 of 40 notes have no number (a.txt, lines 3, 18; b.txt, line 7)",
            'dans sa limite : <span title="note-without-number">note sans numéro</span> : notes sans numéro : 3 sur 40'
            " (a.txt, lignes 3, 18; b.txt, ligne 7)",
        ),
        (
            "a.txt: the audit balances: 1,200 characters: forme work 200, text 1,000",
            "a.txt : l’audit est en équilibre : 1 200 caractères : titres courants et filets 200, texte 1 000",
        ),
        ("as an <earlier> release", '<span lang="en">as an &lt;earlier&gt; release</span>'),
        ("", ""),
    ],
)
def test_a_line_of_a_report_is_said_in_french(kept: str, said: str) -> None:
    with override("fr"):
        assert french(report_in_words(kept)) == said


def test_a_doubt_is_said_in_french_with_its_place_and_what_to_try() -> None:
    draft = parse_text(damage.lines_as_paragraphs(SAMPLE))

    assert draft.doubts_in_words
    with override("fr"):
        said = [doubt_in_words(doubt) for doubt in draft.doubts_in_words]
    assert not any('lang="en"' in each for each in said)
    assert any(re.search(r"\(case-0\.txt, lignes? \d", each) for each in said)
    assert all(each.endswith(".") for each in said)


def test_a_doubt_without_words_is_english_and_says_so() -> None:
    with override("fr"):
        assert doubt_in_words("no-notes: a <b>.") == '<span lang="en">no-notes: a &lt;b&gt;.</span>'

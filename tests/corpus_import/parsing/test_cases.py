"""Runs each case file in `cases/`, which a scholar can read as well."""

import pytest

from corpus_import.parsing.diagnostics import CODES
from corpus_import.parsing.stages.judge_reading.limits import LIMITS
from tests.corpus_import.parsing.case_files import Case, all_cases, outcome


@pytest.mark.parametrize(("file", "case"), all_cases(), ids=lambda v: v.title if isinstance(v, Case) else v)
def test_the_importer_reads_the_case_as_a_scholar_would(file: str, case: Case) -> None:
    assert outcome(case) == case.expected, case.title


def test_every_diagnostic_code_has_a_case() -> None:
    said = "\n".join(case.expected for _, case in all_cases())
    # Gaps are shown as elements; test_other_sources.py has the cases of a manifest's declarations, test_source.py of
    # lines without end, test_judge_reading.py of whole volumes, test_collate_witnesses.py of second witnesses.
    elsewhere = {"gap", "declared-nowhere", "line-without-end", "left-out", *LIMITS}
    elsewhere |= {"page-attested", "key-row-supplied", "second-witness-key", "second-witness-heading"}
    elsewhere |= {"note-numbered", "second-witness-doubtful", "second-witness-lacks", "second-witness-longer"}
    # Of web pages: sources/test_web_page.py and sources/test_hostile_sources.py.
    elsewhere |= {"page-cut-off", "encoding-contradicted"}
    elsewhere |= {"letters-of-a-font"}  # sources/test_pdf.py
    elsewhere |= {"link-contradicted", "page-name-contradicted"}  # sources/test_pdf_prints.py
    silent = [code for code in CODES if code not in elsewhere and f" {code}" not in said]

    assert silent == []

"""Stage: judge the reading as a proofreader would, before anything is written.

The audit proves that every character is somewhere. This stage asks whether it is somewhere right: each module asks one
kind of question and counts, and `limits` says which counts are doubts. It changes no text. An import with doubts is
refused unless a person accepts them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import Draft
from corpus_import.parsing.findings import Finding
from corpus_import.parsing.stages.judge_reading.divisions import count_divisions
from corpus_import.parsing.stages.judge_reading.limits import LIMITS, Count, judge
from corpus_import.parsing.stages.judge_reading.notes import count_notes, count_numbers
from corpus_import.parsing.stages.judge_reading.outside import count_outside
from corpus_import.parsing.stages.judge_reading.pages import count_pages
from corpus_import.parsing.stages.judge_reading.paragraphs import count_paragraphs
from corpus_import.parsing.stages.judge_reading.witnesses import count_witnesses

MEASURES: tuple[Callable[[Draft], Iterator[Count]], ...] = (
    count_witnesses,
    count_outside,
    count_divisions,
    count_paragraphs,
    count_notes,
    count_pages,
)


def judge_reading(draft: Draft) -> Draft:
    """Add the findings to the draft, and a diagnostic for each doubt at its first line."""
    findings = tuple(finding for measure in MEASURES for finding in judge(measure(draft)))
    return replace(draft, findings=findings, diagnostics=draft.diagnostics + _remarks(findings))


def judge_numbers_again(draft: Draft) -> Draft:
    """Stage: count the notes without a number again, of which second witnesses numbered some."""
    again = {finding.code: finding for finding in judge(count_numbers(draft))}
    codes = {count.code for count in count_numbers(draft)}
    findings = [
        again.get(each.code, each) for each in draft.findings if each.code not in codes - again.keys()
    ]
    remarks = tuple(each for each in draft.diagnostics if each.code not in codes)
    return replace(draft, findings=tuple(findings), diagnostics=remarks + _remarks(again.values()))


def _remarks(findings: Iterable[Finding]) -> tuple[Diagnostic, ...]:
    """A diagnostic for each doubt, and for each finding that is always said, at its first line."""
    return tuple(
        Diagnostic(
            finding.code,
            *(finding.places[0] if finding.places else (0, 1)),
            f"{finding.said[0].upper()}{finding.said[1:]}. {finding.remedy}".rstrip(),
        )
        for finding in findings
        if finding.is_doubt or LIMITS[finding.code].is_always_said
    )

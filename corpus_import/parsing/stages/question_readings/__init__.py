"""Stage: record suspects, readings that look wrong where no rule is certain. No reading is changed.

A rule reads a whole passage (a paragraph, a note's paragraph, a heading, an entry of the key) and yields doubtful
readings with its evidence. A rule knows the usage of the volume and, where the language has one, a list of words.
If several rules doubt one reading, the first in the order below counts. Emended readings are not doubted again.
The time is linear in the text; each distinct word is looked up once in an index of deletions.

The rules of RULES hold for any language. The rules with a list, and those whose words are English (known_words), are
asked only of a volume in English: of another language there is no list, so that nothing in it is judged by English.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from corpus_import.parsing.elements import Draft, Span, Suspect
from corpus_import.parsing.stages.question_readings.balance import find_unbalanced, find_unbalanced_brackets
from corpus_import.parsing.stages.question_readings.codes import CODES
from corpus_import.parsing.stages.question_readings.company import Company, find_articles, find_doubled_words
from corpus_import.parsing.stages.question_readings.figures import (
    find_letters_for_digits,
    find_lost_ranges,
    find_odd_figures,
)
from corpus_import.parsing.stages.question_readings.grammar import (
    find_disagreement,
    find_lost_small_words,
    find_lost_verbs,
    find_wrong_frames,
)
from corpus_import.parsing.stages.question_readings.marks import (
    find_capitals,
    find_irregular_punctuation,
    find_missing_commas,
    find_missing_spaces,
    find_stray_spaces,
    find_torn_dashes,
    find_unfinished,
)
from corpus_import.parsing.stages.question_readings.passages import (
    Finding,
    Known,
    Passage,
    count_usage,
    passages_of,
)
from corpus_import.parsing.stages.question_readings.spelling import (
    find_broken_small_words,
    find_fused_words,
    find_missing_hyphens,
    find_misspellings,
    find_other_terms,
    find_split_words,
)
from reader.text.readings import fitted
from reader.text.word_list import word_list

__all__ = ["CODES", "question_readings"]

Rule = Callable[[Passage, Known], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    find_missing_commas,
    find_missing_spaces,
    find_stray_spaces,
    find_irregular_punctuation,
    find_torn_dashes,
    find_lost_ranges,
    find_letters_for_digits,
    find_odd_figures,
    find_doubled_words,
    find_missing_hyphens,
    find_other_terms,
    find_capitals,
    find_unfinished,
)
RULES_WITH_A_LIST: tuple[Rule, ...] = (find_split_words, find_fused_words, find_broken_small_words)


def question_readings(draft: Draft) -> Draft:
    """Record the readings that a person should look at, in the order of the witnesses."""
    words = word_list(draft.manifest.language)
    known = Known(count_usage(draft), words)
    rules = [*RULES]
    if words is not None:
        rules += RULES_WITH_A_LIST
    rules.append(find_misspellings)
    if words is not None:
        rules += (find_articles, find_wrong_frames, find_disagreement, Company(words).find)
        rules += (find_lost_verbs, find_lost_small_words)
    marks: dict[int, list[Finding]] = {}
    for index, finding in find_unbalanced(passages_of(draft)):
        marks.setdefault(index, []).append(finding)
    emended = sorted(
        (e.span.witness, e.span.start, e.span.end) for e in draft.emendations if e.span.start < e.span.end
    )
    suspects = []
    for index, passage in enumerate(passages_of(draft)):
        findings = [*_first_of_each_place(f for rule in rules for f in rule(passage, known))]
        # An unbalanced reading extends to the end of its clause, and other faults may stand there.
        findings += (*marks.get(index, ()), *find_unbalanced_brackets(passage))
        for finding in map(partial(_fitted, passage), findings):
            if finding.suggestion == passage.string[finding.start : finding.end]:
                continue
            suspect = _locate(draft, passage, finding)
            if not _overlaps(suspect.span, emended):
                suspects.append(suspect)
    suspects.sort(key=lambda s: (s.span.witness, s.span.start))
    return replace(draft, suspects=draft.suspects + tuple(suspects))


def _first_of_each_place(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings that overlap no finding before."""
    kept: list[tuple[int, int]] = []  # apart from each other, in order
    for finding in findings:
        at = bisect_left(kept, (finding.start, finding.end))
        after_last = at == 0 or kept[at - 1][1] <= finding.start
        if after_last and (at == len(kept) or finding.end <= kept[at][0]):
            kept.insert(at, (finding.start, finding.end))
            yield finding


def _fitted(passage: Passage, finding: Finding) -> Finding:
    """A finding whose suggestion doubles no mark, and leaves its sentence the full stop."""
    span = finding.start, finding.end
    return replace(finding, suggestion=fitted(passage.string, span, finding.suggestion))


def _locate(draft: Draft, passage: Passage, finding: Finding) -> Suspect:
    """The suspect of a finding. Its span ends with its line if an interruption stands before the next line."""
    first, last = passage.source_at(finding.start), passage.source_at(finding.end - 1)
    reading = passage.string[finding.start : finding.end]
    span = Span(first.witness, first.start, last.end)
    if last.witness != first.witness or not 0 <= last.end - first.start <= len(reading) + 8:
        line = draft.witnesses[first.witness].text.find("\n", first.start)
        span = Span(first.witness, first.start, max(line, first.end))
    line_number = draft.line_at(first)
    return Suspect(span, line_number, finding.code, reading, finding.suggestion, finding.evidence)


def _overlaps(span: Span, emended: list[tuple[int, int, int]]) -> bool:
    at = bisect_left(emended, (span.witness, span.end, 0)) - 1
    # Emendations are words: only the last one that begins before the span's end can overlap.
    return at >= 0 and emended[at][0] == span.witness and emended[at][2] > span.start

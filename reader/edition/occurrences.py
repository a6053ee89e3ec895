"""The places where texts use the terms of the glossary, and the sense of each."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable

from glossary.matching import Case, Form, Matcher
from glossary.models import TermForm
from reader.edition.edition import Edition
from reader.edition.recording import OccurrenceRow, record
from reader.models import Settlement, TermOccurrence, Text
from reader.models.standing import TextKey
from reader.text import markup

# Words on either side of an occurrence by which a settlement knows it; more if the text has them twice.
CONTEXT_WORDS = 3
LONGEST_CONTEXT = 200


def matcher_of(forms: Iterable[TermForm], exceptions: Iterable[str]) -> Matcher:
    """A matcher that finds the terms with these forms, except within the exceptions, in plain texts.

    An exception is found as it is written, and with the capital of a sentence.
    """
    return Matcher(
        ((form.term_id, Form(form.text, Case(form.case))) for form in forms),
        (Form(text, Case.SENTENCE) for text in exceptions),
    )


def context_of(plain: str, start: int, end: int) -> tuple[str, str, str]:
    """The words before, within and after characters `start` to `end` of a plain text: a `Settlement` is known by them.

    They are as many words as make the place unique in the text, within the length of their fields.
    """
    reading = plain[start:end]
    words = CONTEXT_WORDS
    while True:
        before = _words(plain[max(0, start - LONGEST_CONTEXT) : start], -words)
        after = _words(plain[end : end + LONGEST_CONTEXT], words)
        longest = max(len(before.split()), len(after.split())) < words
        if longest or len(places_of(plain, before, reading, after)) == 1:
            return before, reading, after
        words *= 2


def _words(text: str, count: int) -> str:
    """The first words of a text, or the last ones if `count` is negative, joined by single spaces."""
    words = text.split()
    return " ".join(words[count:] if count < 0 else words[:count])


def places_of(plain: str, before: str, reading: str, after: str) -> list[tuple[int, int]]:
    """The places of a reading between these words; any white space counts as one space."""
    b, r, a = (r"\s+".join(map(re.escape, part.split())) for part in (before, reading, after))
    if not r:
        return []
    space = r"\s*" if b else ""
    # The whole pattern looks ahead, so that a word can be one occurrence and stand before another.
    return [m.span("reading") for m in re.finditer(rf"(?={b}{space}(?P<reading>{r})\s*{a})", plain)]


def record_occurrences(edition: Edition, texts: Collection[Text]) -> dict[Text, set[int]]:
    """Find the occurrences of the glossary's terms in these texts, and record them.

    Return, for each text with a difference, the keys of the terms whose occurrences have changed.
    """
    changed = record(TermOccurrence, edition.occurrences, _find_occurrences(edition, texts))
    return {text: {row.term_id for row in rows} for text, rows in changed.items()}


def _find_occurrences(edition: Edition, texts: Iterable[Text]) -> dict[Text, list[OccurrenceRow]]:
    """The occurrences of the glossary's terms in these texts, each with its sense if the sense is settled."""
    matcher = matcher_of(edition.forms, edition.exceptions)
    senses = {term.pk: term.settled_sense_id for term in edition.terms}
    not_in_emphasis = {term.pk for term in edition.terms if not term.in_emphasis}
    settlements: dict[TextKey, list[Settlement]] = defaultdict(list)
    for settlement in edition.settlements:
        settlements[settlement.text_key].append(settlement)
    occurrences: dict[Text, list[OccurrenceRow]] = {}
    for text in texts:
        plain = markup.plain(text.text)
        spans = matcher.spans(plain)
        if not_in_emphasis & {span.term for span in spans}:
            emphasised = markup.emphasised_spans(text.text)
            spans = [
                span
                for span in spans
                if span.term not in not_in_emphasis
                or not any(start < span.end and span.start < end for start, end in emphasised)
            ]
        settled = {
            (settlement.term_id, at): settlement
            for settlement in settlements.get(text.key, ())
            for at in places_of(plain, settlement.before, settlement.reading, settlement.after)
        }
        occurrences[text] = []
        for span in spans:
            word = settled.get((span.term, (span.start, span.end)))
            if word is None:
                sense = senses[span.term]
            elif word.is_term:
                sense = word.sense_id
            else:
                continue
            occurrences[text].append(OccurrenceRow(span.term, span.start, span.end, sense))
    return occurrences

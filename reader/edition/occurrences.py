"""Where texts use the terms of the glossary, and in which sense."""

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

# Words on either side of an occurrence by which a settlement knows it; more where these stand twice in the text.
CONTEXT_WORDS = 3
LONGEST_CONTEXT = 200


def matcher_of(forms: Iterable[TermForm], exceptions: Iterable[str]) -> Matcher:
    """What finds the terms of a glossary, these being its forms and exceptions, in plain texts.

    An exception is found as it is written, and with the capital of a sentence.
    """
    return Matcher(
        ((form.term_id, Form(form.text, Case(form.case))) for form in forms),
        (Form(text, Case.SENTENCE) for text in exceptions),
    )


def context_of(plain: str, start: int, end: int) -> tuple[str, str, str]:
    """The words before, from and after characters `start` to `end` of a plain text: what a `Settlement` is known by.

    As many words as tell the place from all others of the text, as far as their fields have room.
    """
    reading = plain[start:end]
    words = CONTEXT_WORDS
    while True:
        before = _words(plain[max(0, start - LONGEST_CONTEXT) : start], -words)
        after = _words(plain[end : end + LONGEST_CONTEXT], words)
        longest = max(len(before.split()), len(after.split())) < words
        if longest or len(_places_of(plain, before, reading, after)) == 1:
            return before, reading, after
        words *= 2


def _words(text: str, count: int) -> str:
    """The first words of a text, or the last ones where `count` is negative, with a space between each two."""
    words = text.split()
    return " ".join(words[count:] if count < 0 else words[:count])


def _places_of(plain: str, before: str, reading: str, after: str) -> list[tuple[int, int]]:
    """Where a reading stands among these words; white space counts as a space."""
    b, r, a = (r"\s+".join(map(re.escape, part.split())) for part in (before, reading, after))
    if not r:
        return []
    space = r"\s*" if b else ""
    # All of it looks ahead, so that a word can stand before one occurrence and be another.
    return [m.span("reading") for m in re.finditer(rf"(?={b}{space}(?P<reading>{r})\s*{a})", plain)]


def record_occurrences(edition: Edition, texts: Collection[Text]) -> dict[Text, set[int]]:
    """Find where these texts use the terms of the glossary, and record it.

    For each text that has changed, the keys of the terms that occur elsewhere in it than was recorded.
    """
    changed = record(TermOccurrence, edition.occurrences, _find_occurrences(edition, texts))
    return {text: {row.term_id for row in rows} for text, rows in changed.items()}


def _find_occurrences(edition: Edition, texts: Iterable[Text]) -> dict[Text, list[OccurrenceRow]]:
    """Where these texts use the terms of the glossary, each occurrence with its sense where that is settled."""
    matcher = matcher_of(edition.forms, edition.exceptions)
    senses = {term.pk: term.settled_sense_id for term in edition.terms}
    not_in_emphasis = {term.pk for term in edition.terms if not term.in_emphasis}
    settlements: dict[TextKey, list[Settlement]] = defaultdict(list)
    for settlement in edition.settlements:
        settlements[settlement.text_key].append(settlement)
    found: dict[Text, list[OccurrenceRow]] = {}
    for text in texts:
        plain = markup.plain(text.text)
        spans = matcher.spans(plain)
        if not_in_emphasis & {span.term for span in spans}:
            emphasised = _emphasis_in(text.text)
            spans = [
                span
                for span in spans
                if span.term not in not_in_emphasis
                or not any(start < span.end and span.start < end for start, end in emphasised)
            ]
        settled = {
            (settlement.term_id, at): settlement
            for settlement in settlements.get(text.key, ())
            for at in _places_of(plain, settlement.before, settlement.reading, settlement.after)
        }
        found[text] = []
        for span in spans:
            word = settled.get((span.term, (span.start, span.end)))
            if word is None:
                sense = senses[span.term]
            elif word.is_term:
                sense = word.sense_id
            else:
                continue
            found[text].append(OccurrenceRow(span.term, span.start, span.end, sense))
    return found


def _emphasis_in(source: str) -> list[tuple[int, int]]:
    """The characters of the plain text that are emphasised: from, to."""
    return [
        (
            node.offset,
            node.offset + sum(len(leaf.plain) for leaf in node.children if isinstance(leaf, markup.Text)),
        )
        for node in markup.parse(source)
        if isinstance(node, markup.Emphasis)
    ]

"""Finds candidates for a volume's glossary: terms that the text explains, or uses without an explanation."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from glossary.discovery import Candidate as Explained
from glossary.discovery import Unexplained, discover, identity, unexplained
from glossary.forms import forms_of
from glossary.matching import Matcher
from glossary.models import Term, TermForm
from reader.edition.candidates import is_common_in
from reader.models import Candidate, Note, Volume
from reader.text.markup import plain
from reader.text.sentences import sentence_at

UNEXPLAINED = "unexplained"  # beside the patterns of glossary/discovery.py

_Key = tuple[int | None, int | None]  # of the paragraph or of the note


def find_candidates(volume: Volume, accepted: Collection[int | None]) -> list[Candidate]:
    """The candidates in the texts of a volume, as rows that are not saved.

    Terms of the glossary are left out, except the terms with the keys `accepted`, which were candidates themselves.
    """
    headwords = dict(Term.objects.filter(glossary=volume.glossary_id).values_list("pk", "headword"))
    forms = TermForm.objects.filter(term__in=headwords).values_list("term", "text")
    spellings = [*headwords.items(), *forms]
    known = [text for term, text in spellings if term not in accepted]
    texts = list(_texts_of(volume))
    # Without a list for the language only acronyms become candidates.
    is_common = is_common_in(volume.language)
    explained = discover(texts, common=is_common, known=known)
    passed = [*known, *(candidate.headword for candidate in explained)]
    unknown = unexplained(texts, passed, common=is_common)
    text_at = dict(texts)
    candidates = [
        *_explained_rows(volume, explained, text_at),
        *(_unexplained_row(volume, word, text_at) for word in unknown),
    ]
    theirs = {identity(text) for term, text in spellings if term in accepted}
    was_candidate = {identity(headword) for headword in volume.candidates.values_list("headword", flat=True)}
    return [c for c in candidates if identity(c.headword) not in theirs - was_candidate]


def _explained_rows(
    volume: Volume, explained: Sequence[Explained[_Key]], text_at: Mapping[_Key, str]
) -> Iterator[Candidate]:
    """Rows for the terms that the text explains, with the number of their uses."""
    matcher = Matcher((k, form) for k, c in enumerate(explained) for form in forms_of(c.headword))
    counted = Counter(span.term for text in text_at.values() for span in matcher.spans(text))
    for k, candidate in enumerate(explained):
        first = candidate.places[0]
        paragraph, note = first.key
        yield Candidate(
            volume=volume,
            headword=candidate.headword[:200],
            definition=candidate.definition,
            pattern=candidate.pattern,
            score=candidate.score,
            count=max(counted[k], len(candidate.places)),
            sentence=text_at[first.key][slice(*first.sentence)],
            paragraph_id=paragraph,
            note_id=note,
        )


def _unexplained_row(volume: Volume, word: Unexplained[_Key], text_at: Mapping[_Key, str]) -> Candidate:
    """A row for a term that the text uses without an explanation."""
    paragraph, note = word.first
    text = text_at[word.first]
    return Candidate(
        volume=volume,
        headword=word.word[:200],
        pattern=UNEXPLAINED,
        score=0,
        count=word.count,
        sentence=sentence_at(text, max(0, text.find(word.word))),
        paragraph_id=paragraph,
        note_id=note,
    )


def _texts_of(volume: Volume) -> Iterator[tuple[_Key, str]]:
    """The plain texts in the order of the book, each with the key of its paragraph or note."""
    paragraphs = volume.paragraphs.order_by("division__position", "position")
    for key, text in paragraphs.values_list("pk", "text"):
        yield (key, None), plain(text)
    notes = Note.objects.filter(division__volume=volume).order_by("division__position", "position")
    for key, text in notes.values_list("pk", "text"):
        yield (None, key), plain(text)

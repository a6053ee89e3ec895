"""Terms that the text itself explains and no editor has answered yet: readers see them as not checked."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.text import slugify

from glossary.discovery import identity
from glossary.forms import forms_of
from glossary.matching import Matcher, Span
from glossary.models import Term, TermForm
from reader.edition.recording import BATCH
from reader.models import Candidate, Text, Volume
from reader.models.standing import TextKey
from reader.text import markup
from reader.text.kept import TEXTS

if TYPE_CHECKING:
    from reader.edition.edition import Edition

# Two signs at least speak for an explanation (glossary/discovery.py); with fewer it waits for an editor.
SURE = 0.75
# The values of the setting EXPLAINED_TERMS: linked in the text and listed, listed alone, neither.
IN_TEXT, IN_INDEX, NOWHERE = "text", "index", "none"
# Beginning and end of a use in a text without its markup, and the term's slug.
Place = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Explained:
    """A term with its explanation, found in `sentence`, which stands in the text with this key.

    `slug` is its id on the page of the glossary, `candidate` the key of the candidate.
    """

    candidate: int
    slug: str
    headword: str
    definition: str
    sentence: str
    text: TextKey


def shown_candidates(
    candidates: Iterable[Candidate], terms: Sequence[Term], forms: Iterable[TermForm]
) -> list[Explained]:
    """The open candidates that readers see, by their headwords: explained where they stand, and by no entry."""
    if settings.EXPLAINED_TERMS == NOWHERE:
        return []
    claimed = {identity(text) for text in (*(t.headword for t in terms), *(f.text for f in forms))}
    taken = {term.slug for term in terms}
    shown = []
    for row in sorted(candidates, key=lambda row: (row.headword.casefold(), row.headword)):
        slug = f"explained-{slugify(row.headword) or row.pk}"
        if (
            row.state == Candidate.State.OPEN
            and row.is_found
            and row.score >= SURE
            and row.definition
            and row.is_explained
            and (row.paragraph_id or row.note_id)
            and identity(row.headword) not in claimed
            and slug not in taken
        ):
            taken.add(slug)
            shown.append(Explained(row.pk, slug, row.headword, row.definition, row.sentence, row.text_key))
    return shown


def explained_terms(edition: "Edition") -> list[Explained]:
    """The terms that readers see as explained by the text, as the edition stands now."""
    return shown_candidates(edition.candidates, edition.terms, edition.forms)


def headwords_claimed(edition: "Edition", terms: Collection[int | None]) -> list[str]:
    """The headwords of open candidates that the text explains, and that are forms of these terms of the glossary."""
    texts = [term.headword for term in edition.terms if term.pk in terms]
    texts += [form.text for form in edition.forms if form.term_id in terms]
    claimed = {identity(text) for text in texts}
    return [
        row.headword
        for row in edition.candidates
        if row.state == Candidate.State.OPEN and row.definition and identity(row.headword) in claimed
    ]


def places_in(
    volume: Volume, texts: Sequence[Text], entries: Mapping[TextKey, Sequence[tuple[int, int]]]
) -> Mapping[TextKey, Sequence[Place]]:
    """The places in a few texts of a volume that lead to an explanation, if the setting wants them.

    `entries` are the characters of these texts that terms of the glossary have. One statement; two more if a candidate
    stands in the texts.
    """
    if settings.EXPLAINED_TERMS != IN_TEXT:
        return {}
    rows = list(volume.candidates.filter(state=Candidate.State.OPEN, score__gte=SURE))
    matcher = _matcher(tuple(row.headword for row in rows))
    if not any(matcher.spans(markup.plain(text.text)) for text in texts):
        return {}
    terms = Term.objects.filter(glossary_id=volume.glossary_id).only("headword", "slug")
    forms = TermForm.objects.filter(term__glossary_id=volume.glossary_id).only("text")
    return _places(shown_candidates(rows, list(terms), forms), texts, entries)


def _places(
    terms: Sequence[Explained], texts: Iterable[Text], entries: Mapping[TextKey, Sequence[tuple[int, int]]]
) -> dict[TextKey, list[Place]]:
    headwords = tuple(term.headword for term in terms)
    places: dict[TextKey, list[Place]] = {}
    for text in texts:
        taken = entries.get(text.key, ())
        found = [
            (span.start, span.end, terms[span.term].slug)
            for span in _uses_in(markup.plain(text.text), headwords)
            if all(span.end <= start or end <= span.start for start, end in taken)
        ]
        if found:
            places[text.key] = found
    return places


@lru_cache(maxsize=TEXTS)
def _uses_in(plain: str, headwords: tuple[str, ...]) -> tuple[Span, ...]:
    return tuple(_matcher(headwords).spans(plain))


class ExplainedTerms:
    """The explained terms of an edition whose occurrences and candidates have been recorded."""

    def __init__(self, edition: "Edition") -> None:
        self.edition = edition

    @cached_property
    def terms(self) -> Sequence[Explained]:
        """The terms by their headwords."""
        return explained_terms(self.edition)

    @cached_property
    def places(self) -> Mapping[TextKey, Sequence[Place]]:
        """The uses in each text, in order, where no term of the glossary stands."""
        if not self.terms:
            return {}
        entries = {
            key: [(row.start, row.end) for row in rows] for key, rows in self.edition.occurrences.items()
        }
        return _places(self.terms, texts_of(self.edition), entries)

    def linked_in(self, text: Text) -> Sequence[Place]:
        """The places in a text that lead to an explanation, if the setting wants them."""
        return self.places.get(text.key, ()) if settings.EXPLAINED_TERMS == IN_TEXT else ()

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """The number of uses of each term, by its slug."""
        counts: dict[str, int] = defaultdict(int)
        for found in self.places.values():
            for _, _, slug in found:
                counts[slug] += 1
        return counts

    def url_of(self, term: Explained) -> str:
        """The address of the text that explains a term."""
        text = self.edition.text_by_key[term.text]
        chapter = self.edition.division_by_key[self.edition.page_of[text.division_id]]
        return f"{chapter.get_absolute_url()}#{text.anchor}"

    def record_counts(self) -> None:
        """Record how often the text uses each term, where that differs from what is recorded."""
        number_of = {term.candidate: self.counts.get(term.slug, 0) for term in self.terms}
        differing = [row for row in self.edition.candidates if row.count != number_of.get(row.pk, row.count)]
        for row in differing:
            row.count = number_of[row.pk]
        if differing:
            Candidate.objects.bulk_update(differing, ["count"], batch_size=BATCH)


def chapters_with(edition: "Edition", headwords: Collection[str]) -> set[int]:
    """The keys of the chapters that use one of these headwords."""
    if not headwords:
        return set()
    matcher = _matcher(tuple(headwords))
    return {
        edition.page_of[text.division_id]
        for text in texts_of(edition)
        if matcher.spans(markup.plain(text.text))
    }


def texts_of(edition: "Edition") -> list[Text]:
    """The paragraphs of an edition, then its notes."""
    return [*edition.paragraphs, *edition.notes]


@lru_cache(maxsize=4)
def _matcher(headwords: tuple[str, ...]) -> Matcher:
    return Matcher((k, form) for k, headword in enumerate(headwords) for form in forms_of(headword))

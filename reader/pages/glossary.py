"""The terms of a glossary as pages show them: the index, the terms by chapter, and an entry for each."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Any

from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext

from glossary.models import Sense, Term, TermForm
from reader.edition.book_pages import has_inferred
from reader.edition.contents import Entry, divisions_of, safe
from reader.edition.edition import Edition
from reader.edition.explained import Explained, shown_candidates
from reader.edition.interface import per_language
from reader.models import Candidate, TermOccurrence, Volume
from reader.pages import metadata
from reader.pages.concordance import Line, Occurrence, Texts, folded, occurrences_of
from reader.pages.dispersion import Mark, dispersion, named_bands
from reader.pages.extent import Extent
from reader.text.addresses import explained_entry
from reader.text.typography import in_print

MOST_RELATED = 8
PER_WORDS = 10_000
# The index reads this many characters of a query.
LONGEST_FILTER = 100
DIGITS, OTHERS = "0–9", "Other"


@dataclass(frozen=True, slots=True)
class ShownSense:
    """One of several senses of a term, and when it applies; `url` is its address in the entry."""

    n: int
    definition: str
    applies: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownTerm:
    """A term as templates show it; `explained_by` is the term whose definition replaces its own, if any.

    A term with only one meaning has no senses. `forms` are its spellings beside the headword. A term that the text
    explains, and that no editor has checked, has the `sentence` that explains it, at `said_at`.
    """

    slug: str
    headword: str
    definition: str
    url: str
    source_label: str = ""
    forms: tuple[str, ...] = ()
    senses: tuple[ShownSense, ...] = ()
    see: "ShownTerm | None" = None
    explained_by: "ShownTerm | None" = None
    seen_from: tuple["ShownTerm", ...] = ()
    count: int = 0
    sentence: str = ""
    said_at: str = ""


def show_explained(volume: Volume, term: Explained, count: int, said_at: str) -> ShownTerm:
    """A term that the text explains: its place on the page of the glossary, its explanation and where that stands."""
    return ShownTerm(
        slug=term.slug,
        headword=term.headword,
        definition=term.definition,
        url=f"{reverse('glossary', args=[volume.slug])}{explained_entry(term.slug)}",
        source_label=gettext("from the text, not checked"),
        count=count,
        sentence=" ".join(term.sentence.split()),
        said_at=said_at,
    )


def show_terms(
    volume: Volume,
    terms: Sequence[Term],
    forms: Iterable[TermForm],
    senses: Mapping[int, Sequence[Sense]],
    counts: Mapping[int, int],
) -> dict[int, ShownTerm]:
    """The terms of a glossary by their keys, in alphabetical order, each *See* resolved.

    `senses`, and `counts` of the occurrences in this volume, are by the terms' keys.
    """
    by_id = {term.pk: term for term in terms}
    spelt: dict[int, list[str]] = defaultdict(list)
    for form in forms:
        if form.text != by_id[form.term_id].headword:
            spelt[form.term_id].append(form.text)
    seen_from: dict[int, list[ShownTerm]] = defaultdict(list)
    plain = {}
    for term in sorted(terms, key=lambda term: alphabetical(term.headword)):
        term.see = by_id.get(term.see_id) if term.see_id else None
        url = reverse("term", args=[volume.slug, term.slug])
        several = senses.get(term.pk, ())
        plain[term.pk] = ShownTerm(
            slug=term.slug,
            headword=term.headword,
            definition=term.definition,
            url=url,
            source_label=in_print(term.get_source_display()),
            forms=tuple(sorted(spelt[term.pk], key=alphabetical)),
            senses=tuple(
                ShownSense(sense.n, sense.definition, sense.applies, f"{url}#sense-{sense.n}")
                for sense in several
                if len(several) > 1
            ),
            count=counts.get(term.pk, 0),
        )
    for key, shown in plain.items():
        if see := by_id[key].see_id:
            seen_from[see].append(shown)
    return {
        key: replace(
            shown,
            see=plain[by_id[key].see_id] if by_id[key].see_id else None,  # type: ignore[index]
            explained_by=plain[explained.pk] if (explained := by_id[key].explained_by()).pk != key else None,
            seen_from=tuple(seen_from[key]),
        )
        for key, shown in plain.items()
    }


def alphabetical(headword: str) -> tuple[int, str, str]:
    """The sort key of a headword: digits, then letters without case and accents, then others; signs do not count."""
    letters = folded(headword)
    first = next((letter for letter in letters if letter.isalnum()), "")
    rank = 2 if not first else 1 if first.isalpha() else 0
    return rank, "".join(letter for letter in letters if letter.isalnum() or letter == " ").strip(), headword


def letter_of(headword: str) -> str:
    """The letter under which the index lists a headword: its first letter, without accent, as a capital."""
    first = next((letter for letter in folded(headword) if letter.isalnum()), "")
    if not first:
        return OTHERS
    return first.upper() if first.isalpha() else DIGITS


def by_letters(terms: Iterable[ShownTerm]) -> list[tuple[str, list[ShownTerm]]]:
    """Terms in alphabetical order, by the letters of the index."""
    letters: dict[str, list[ShownTerm]] = defaultdict(list)
    for term in terms:
        letters[letter_of(term.headword)].append(term)
    return list(letters.items())


def asked_for(terms: Iterable[ShownTerm], asked: str) -> list[ShownTerm]:
    """The terms with the query in headword, form or definition; case, accents and white space do not count."""
    wanted = " ".join(folded(asked[:LONGEST_FILTER]).split())

    def says(term: ShownTerm) -> str:
        texts = (term.headword, *term.forms, term.definition, *(sense.definition for sense in term.senses))
        return "\n".join(" ".join(folded(text).split()) for text in texts)

    return [term for term in terms if wanted in says(term)]


def filtered_index(volume: Volume, asked: str, *, used: bool = False) -> dict[str, Any]:
    """The context of templates/glossary/index.html with the terms that hold the query.

    With `used`, terms that the text does not use are left out. Five statements, two more with terms that it explains.
    """
    terms = list(Term.objects.filter(glossary_id=volume.glossary_id))
    every_form = TermForm.objects.filter(term__glossary_id=volume.glossary_id)
    senses: dict[int, list[Sense]] = defaultdict(list)
    for sense in Sense.objects.filter(term__glossary_id=volume.glossary_id).order_by("term_id", "n"):
        senses[sense.term_id].append(sense)
    keys = {term.pk for term in terms}
    here = Q(paragraph__division__volume=volume) | Q(note__division__volume=volume)
    found_here = TermOccurrence.objects.filter(here).order_by()
    counts = dict(found_here.values_list("term").annotate(Count("pk")))
    forms = [form for form in every_form if form.term_id in keys]
    shown = show_terms(volume, terms, forms, senses, counts).values()
    explained = _explained_of(volume, shown_candidates(volume.candidates.all(), terms, forms))
    return _index_context(volume, shown, explained, asked, used=used)


def _explained_of(volume: Volume, explained: Sequence[Explained]) -> list[ShownTerm]:
    """The terms that the text explains, with their recorded counts. Two statements if there are any."""
    if not explained:
        return []
    chapters = {division.pk: division.page_division() for division in divisions_of(volume)}
    keys = [term.candidate for term in explained]
    rows = volume.candidates.select_related("paragraph", "note").in_bulk(keys)

    def said_at(row: Candidate) -> str:
        text = row.text
        return f"{chapters[text.division_id].get_absolute_url()}#{text.anchor}" if text else ""

    return [
        show_explained(volume, term, rows[term.candidate].count, said_at(rows[term.candidate]))
        for term in explained
        if term.candidate in rows
    ]


def _index_context(
    volume: Volume, terms: Iterable[ShownTerm], explained: Sequence[ShownTerm], asked: str = "", *, used: bool
) -> dict[str, Any]:
    """The context of the index: the terms that hold the query, then those that only the text explains."""
    listed, explained = ([term for term in each if term.count or not used] for each in (terms, explained))
    matching, unchecked = asked_for(listed, asked), asked_for(explained, asked)
    return {
        "volume": volume,
        "letters": by_letters(matching),
        "explained": unchecked,
        "total": len(listed) + len(explained),
        "found": len(matching) + len(unchecked),
        "asked": asked[:LONGEST_FILTER].strip(),
        "used": used,
        "metadata": metadata.of_glossary(volume, used=used),
    }


@dataclass(frozen=True, slots=True)
class ChapterUse:
    """A term's number of occurrences in a chapter, also per PER_WORDS words (None if unknown), and the first one."""

    entry: Entry
    count: int
    rate: str
    url: str
    page: str


class GlossaryPages:
    """The glossary of an edition, whose occurrences and words have been recorded.

    An entry shows all occurrences of its term, with their printed pages, and the terms that share texts with it
    (`related`).
    """

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self._lines: dict[int, Sequence[tuple[Occurrence, Line]]] = {}

    @per_language
    def shown_terms(self) -> dict[int, ShownTerm]:
        """Every term of the glossary, in alphabetical order, with its occurrences in this volume counted."""
        edition = self.edition
        counts = Counter(each.term for each in self.occurrences)
        return show_terms(edition.volume, edition.terms, edition.forms, edition.senses, counts)

    @per_language
    def explained(self) -> list[ShownTerm]:
        """The terms that the text explains and no editor has checked, in alphabetical order."""
        found = self.edition.explained
        volume = self.edition.volume
        return [
            show_explained(volume, term, found.counts.get(term.slug, 0), found.url_of(term))
            for term in found.terms
        ]

    @cached_property
    def occurrences(self) -> list[Occurrence]:
        """Every occurrence of every term, in the order of the book."""
        return occurrences_of(self.edition)

    @cached_property
    def related(self) -> dict[int, tuple[tuple[int, int], ...]]:
        """For each term the terms that share most paragraphs or notes with it, each with the number of these texts.

        At most MOST_RELATED; equal ones in alphabetical order. It depends only on the texts in which the term stands,
        so that a change in another text changes no entry.
        """
        in_text: dict[tuple[int | None, int | None], set[int]] = defaultdict(set)
        for each in self.occurrences:
            in_text[each.paragraph, each.note].add(each.term)
        common: dict[int, Counter[int]] = defaultdict(Counter)
        for terms in in_text.values():
            for one, other in combinations(terms, 2):
                common[one][other] += 1
                common[other][one] += 1
        position = {term: at for at, term in enumerate(self.shown_terms)}
        return {
            term: tuple(sorted(counts.items(), key=lambda pair: (-pair[1], position[pair[0]]))[:MOST_RELATED])
            for term, counts in common.items()
        }

    def pages(self, touched: Collection[int]) -> Iterator[tuple[str, str]]:
        """Address and HTML of the index, whole and of what the text uses, of the terms by chapter, and of entries.

        The entries are those of the terms with the keys `touched`.
        """
        yield self._index("glossary", used=False)
        yield self._index("glossary_used", used=True)
        uses = self._uses()
        yield self._by_chapter(uses)
        for key, shown in self.shown_terms.items():
            if key in touched:
                yield shown.url, self._entry(key, shown, self._lines_of(key), uses[key])

    @cached_property
    def _texts(self) -> Texts:
        return Texts(
            self.edition.divisions,
            self.edition.pages,
            {paragraph.pk: paragraph for paragraph in self.edition.paragraphs},
            {note.pk: note for note in self.edition.notes},
        )

    @cached_property
    def _by_term(self) -> Mapping[int, Sequence[Occurrence]]:
        by_term: dict[int, list[Occurrence]] = defaultdict(list)
        for each in self.occurrences:
            by_term[each.term].append(each)
        return by_term

    def _lines_of(self, term: int) -> Sequence[tuple[Occurrence, Line]]:
        """The occurrences of a term with their lines. Kept: they are the same on the pages of all languages."""
        if term not in self._lines:
            self._lines[term] = [(each, self._texts.line(each)) for each in self._by_term.get(term, ())]
        return self._lines[term]

    def _index(self, name: str, *, used: bool) -> tuple[str, str]:
        context = _index_context(self.edition.volume, self.shown_terms.values(), self.explained, used=used)
        url = reverse(name, args=[self.edition.volume.slug])
        return url, render_to_string("glossary/index.html", context)

    def _by_chapter(self, uses: Mapping[int, Sequence[ChapterUse]]) -> tuple[str, str]:
        in_chapter: dict[str, list[tuple[ShownTerm, ChapterUse]]] = defaultdict(list)
        for key, term in self.shown_terms.items():
            for use in uses[key]:
                in_chapter[use.entry.slug].append((term, use))
        volume = self.edition.volume
        url = reverse("glossary_by_chapter", args=[volume.slug])
        context = {
            "volume": volume,
            "chapters": [
                (entry, in_chapter[entry.slug])
                for entry in self._chapters.values()
                if entry.slug in in_chapter
            ],
            "has_inferred": has_inferred(use.page for found in uses.values() for use in found),
            "metadata": metadata.of_page(
                volume,
                url,
                gettext("Glossary by chapter: %(volume)s") % {"volume": volume.title},
                gettext("The terms that each chapter of %(volume)s uses, how often, and where first.")
                % {"volume": volume.title},
            ),
        }
        return url, render_to_string("glossary/by_chapter.html", context)

    def _entry(
        self,
        key: int,
        shown: ShownTerm,
        found: Sequence[tuple[Occurrence, Line]],
        uses: Sequence[ChapterUse],
    ) -> str:
        lines = [line for _, line in found]
        by_chapter: dict[int, list[Line]] = defaultdict(list)
        for line in lines:
            by_chapter[line.chapter].append(line)
        marks = [
            Mark(self._extent.place_of(each.paragraph, each.note, each.start), line.url, line.page)
            for each, line in found
        ]
        of_sense = Counter(each.sense for each, _ in found)
        volume = self.edition.volume
        context = {
            "volume": volume,
            "term": shown,
            "senses": [(sense, of_sense[sense.n]) for sense in shown.senses],
            "ambiguous": of_sense[None] if shown.senses else 0,
            "occurrences": [(self._chapters[chapter], each) for chapter, each in by_chapter.items()],
            "has_inferred": has_inferred(line.page for line in lines),
            "first": lines[0] if lines else None,
            "first_in": self._chapters[lines[0].chapter] if lines else None,
            "dispersion": safe(dispersion(self._extent.bands, marks)) if lines else "",
            "bands": named_bands(self._extent.bands, marks),
            "uses": uses,
            "related": [(self.shown_terms[other], count) for other, count in self.related.get(key, ())],
            "metadata": metadata.of_term(
                volume,
                shown.headword,
                shown.definition or "; ".join(sense.definition for sense in shown.senses),
                shown.url,
            ),
        }
        return render_to_string("glossary/term.html", context)

    @cached_property
    def _first_in_chapters(self) -> dict[tuple[int, int], Occurrence]:
        """The first occurrence of each term, by its key, in each chapter, by its key."""
        first: dict[tuple[int, int], Occurrence] = {}
        for each in self.occurrences:
            first.setdefault((each.term, self.edition.page_of[each.division]), each)
        return first

    def _uses(self) -> Mapping[int, Sequence[ChapterUse]]:
        """The uses of each term in chapters, by the term's key, in the order of the book."""
        counts = Counter((each.term, self.edition.page_of[each.division]) for each in self.occurrences)
        uses: dict[int, list[ChapterUse]] = defaultdict(list)
        for (term, chapter), occurrence in self._first_in_chapters.items():
            count, words = counts[term, chapter], self.edition.words.get(chapter, 0)
            uses[term].append(
                ChapterUse(
                    entry=self._chapters[chapter],
                    count=count,
                    rate=number_format(f"{count / words * PER_WORDS:.1f}", 1) if words else "",
                    url=self._texts.url(occurrence),
                    page=self._texts.page(occurrence),
                )
            )
        return uses

    @cached_property
    def _chapters(self) -> dict[int, Entry]:
        return {chapter.pk: self.edition.entries[chapter.slug] for chapter in self.edition.page_divisions}

    @cached_property
    def _extent(self) -> Extent:
        return Extent(self.edition)

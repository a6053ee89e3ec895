"""The terms of a glossary as pages show them: the index, and an entry for each."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from reader import markup, metadata, rendering
from reader.contents import Entry, safe
from reader.edition import Edition
from reader.models import Note, Paragraph, TermOccurrence


@dataclass(frozen=True, slots=True)
class ShownTerm:
    """A term as templates show it; `explained_by` is the term whose definition stands for its own, if any."""

    slug: str
    headword: str
    definition: str
    url: str
    source_label: str = ""
    forms: tuple[str, ...] = ()
    see: "ShownTerm | None" = None
    explained_by: "ShownTerm | None" = None
    seen_from: tuple["ShownTerm", ...] = ()
    count: int = 0


class GlossaryPages:
    """The glossary of an edition, whose occurrences have been recorded."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition

    @cached_property
    def shown_terms(self) -> dict[int, ShownTerm]:
        """Every term of the glossary, with its *See* resolved and its occurrences in this volume counted."""
        by_id = {term.pk: term for term in self.edition.terms}
        forms: dict[int, list[str]] = defaultdict(list)
        for form in self.edition.forms:
            forms[form.term_id].append(form.text)
        seen_from: dict[int, list[ShownTerm]] = defaultdict(list)
        plain = {}
        for term in self.edition.terms:
            term.see = by_id.get(term.see_id) if term.see_id else None
            plain[term.pk] = ShownTerm(
                slug=term.slug,
                headword=term.headword,
                definition=term.definition,
                url=reverse("term", args=[self.edition.volume.slug, term.slug]),
                source_label=term.get_source_display(),
                forms=tuple(forms[term.pk]),
            )
        for term in self.edition.terms:
            if term.see_id:
                seen_from[term.see_id].append(plain[term.pk])
        counts = self._occurrence_counts()
        return {
            term.pk: replace(
                plain[term.pk],
                see=plain[term.see.pk] if term.see else None,
                explained_by=plain[explained.pk] if (explained := term.explained_by()) is not term else None,
                seen_from=tuple(seen_from[term.pk]),
                count=counts[term.pk],
            )
            for term in self.edition.terms
        }

    def _occurrence_counts(self) -> Counter[int]:
        counts: Counter[int] = Counter()
        for place in ("paragraph", "note"):
            here = TermOccurrence.objects.filter(
                **{f"{place}__division__volume": self.edition.volume}
            ).order_by()
            counts.update(dict(here.values_list("term_id").annotate(Count("pk"))))
        return counts

    def pages(self, touched: Collection[int]) -> Iterator[tuple[str, str]]:
        """Address and HTML of the index, and of the entries of the terms with these keys."""
        places = self._places(touched)
        yield self._index()
        for term in self.edition.terms:
            if term.pk in touched:
                shown = self.shown_terms[term.pk]
                context = {
                    **self.edition.context,
                    "term": shown,
                    "occurrences": places[term.pk],
                    "metadata": metadata.of_term(
                        self.edition.volume, shown.headword, shown.definition, shown.url
                    ),
                }
                yield shown.url, render_to_string("glossary/term.html", context)

    def _index(self) -> tuple[str, str]:
        letters: dict[str, list[ShownTerm]] = defaultdict(list)
        for term in self.edition.terms:
            first = term.headword[0].upper()
            letters[first if first.isalpha() else "0–9"].append(self.shown_terms[term.pk])
        context = {
            **self.edition.context,
            "letters": list(letters.items()),
            "metadata": metadata.of_glossary(self.edition.volume),
        }
        url = reverse("glossary", args=[self.edition.volume.slug])
        return url, render_to_string("glossary/index.html", context)

    def _places(self, terms: Collection[int]) -> dict[int, list[tuple[Entry, list[tuple[str, SafeString]]]]]:
        """Where each of these terms occurs: by chapter in the order of the book, a link and the sentence."""
        here = Q(paragraph__division__volume=self.edition.volume) | Q(
            note__division__volume=self.edition.volume
        )
        occurrences = TermOccurrence.objects.filter(here, term__in=terms).order_by("start")
        found = list(occurrences.values_list("term_id", "paragraph_id", "note_id", "start", "end"))
        texts: list[Paragraph | Note] = [
            *Paragraph.objects.filter(pk__in={row[1] for row in found}).order_by("position").defer("search"),
            *Note.objects.filter(pk__in={row[2] for row in found}).order_by("position").defer("search"),
        ]
        by_text: dict[tuple[int | None, int | None], list[tuple[int, int, int]]] = defaultdict(list)
        for term, paragraph, note, start, end in found:
            by_text[paragraph, note].append((term, start, end))
        by_chapter: dict[int, list[Paragraph | Note]] = defaultdict(list)
        for text in texts:
            by_chapter[self.edition.page_of[text.division_id]].append(text)

        places: dict[int, list[tuple[Entry, list[tuple[str, SafeString]]]]] = defaultdict(list)
        for chapter in self.edition.page_divisions:
            entry = self.edition.entries[chapter.slug]
            in_chapter: dict[int, list[tuple[str, SafeString]]] = defaultdict(list)
            for text in by_chapter[chapter.pk]:
                plain = markup.plain(text.text)
                is_note = isinstance(text, Note)
                url = f"{entry.url}#{text.anchor if isinstance(text, Note) else f'p{text.number}'}"
                for term, start, end in by_text[(None, text.pk) if is_note else (text.pk, None)]:
                    in_chapter[term].append((url, safe(rendering.snippet(plain, start, end))))
            for term, hits in in_chapter.items():
                places[term].append((entry, hits))
        return places

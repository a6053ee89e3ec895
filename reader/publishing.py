"""Pages are made here, when the text changes, and stored whole; serving one is a look-up (reader/views.py).

What is derived from the text is found again on the way: where terms occur, which notes are missing, which
paragraph each page of the book begins in.
"""

import gzip
import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import brotli
from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from glossary.matching import Form, Matcher, Span
from glossary.models import Glossary, Term, TermForm
from reader import markup, rendering
from reader.models import (
    Division,
    Emendation,
    Gap,
    Note,
    PageBreak,
    Paragraph,
    PublishedPage,
    Suspect,
    TermOccurrence,
    Volume,
)

# Rows that are written with one statement.
BATCH = 2000
PAGES_BATCH = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """A division as contents and links show it."""

    slug: str
    url: str
    n: str
    head_html: SafeString
    kind: str
    page: str
    label: str
    current: bool = False
    children: tuple["Entry", ...] = ()


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


@dataclass(frozen=True, slots=True)
class Counts:
    """What an edition contains, and what it lacks."""

    divisions: int
    paragraphs: int
    notes: int
    gaps: int
    fragments: int
    terms: int
    emendations: int
    suspects: int
    pages: int


def collect_static_files_once() -> None:
    """Collect the static files if that was never done: pages call them by names that only collecting gives."""
    if isinstance(staticfiles_storage, ManifestFilesMixin) and not staticfiles_storage.hashed_files:
        call_command("collectstatic", interactive=False, verbosity=0)


def publish_volume(volume: Volume) -> None:
    """Publish a whole volume, and withdraw the pages that it has no more."""
    with transaction.atomic():
        edition = _Edition(volume)
        pages = edition.publish(edition.page_divisions, edition.terms)
        volume.pages.exclude(path__in=[page.path for page in pages]).delete()
        publish_home()


def publish_chapters(volume: Volume, divisions: Collection[Division]) -> None:
    """Publish the chapters that hold these divisions, after a correction, and every page that shows their text."""
    with transaction.atomic():
        edition = _Edition(volume)
        touched = {edition.page_of[division.pk] for division in divisions}
        chapters = [chapter for chapter in edition.page_divisions if chapter.pk in touched]
        edition.publish(chapters, ())
        publish_home()


def publish_glossary(glossary: Glossary) -> None:
    """Publish every volume that uses a glossary, after a term was changed."""
    with transaction.atomic():
        # All are locked before the first is published: who holds one may wait for the first page, which all share.
        for volume in list(glossary.volumes.select_for_update().order_by("slug")):
            publish_volume(volume)


def publish_home() -> None:
    """Publish the archive's first page: the title page of its only volume, or the list of volumes."""
    volumes = list(Volume.objects.all())
    if len(volumes) == 1:
        [volume] = volumes
        title_page = PublishedPage.objects.filter(
            volume=volume, path=_path(volume.get_absolute_url())
        ).first()
        if title_page is not None:
            title_page.pk, title_page.path, title_page.volume = None, "", None
            _store([title_page])
            return
    _store([_page(None, "/", home_html(volumes))])


def home_html(volumes: Iterable[Volume]) -> str:
    """The list of volumes."""
    shown = [
        {
            "title": volume.title,
            "subtitle": volume.subtitle,
            "author": volume.author,
            "year": volume.year,
            "url": volume.get_absolute_url(),
        }
        for volume in volumes
    ]
    return render_to_string("reader/volumes.html", {"volumes": shown})


def is_stale(volume: Volume) -> bool:
    """Whether a volume has no pages, or some that were made with other templates, styles or code."""
    made = set(volume.pages.values_list("made_with", flat=True).distinct())
    return made != {made_with()}


@cache
def made_with() -> str:
    """Digest of all that a page is made with beside its text: templates, static files, rendering code."""
    base = Path(settings.BASE_DIR)
    digest = hashlib.sha256(repr((settings.STATIC_URL, settings.STORAGES["staticfiles"])).encode())
    code = [*base.glob("reader/*.py"), *base.glob("glossary/*.py")]
    for path in sorted([*code, *base.glob("templates/**/*"), *base.glob("static/**/*")]):
        if path.is_file():
            digest.update(f"{path.relative_to(base)}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def contents_of(
    volume: Volume, divisions: Iterable[Division], current: Division | None = None
) -> tuple[Entry, ...]:
    """The divisions of a volume, given in the order of the book, as a tree of entries."""
    children: dict[int | None, list[Division]] = defaultdict(list)
    for division in divisions:
        children[division.parent_id].append(division)
    volume_url = volume.get_absolute_url()

    def entries(parent: int | None, page_url: str) -> Iterator[Entry]:
        for division in children[parent]:
            url = f"{volume_url}{division.slug}/" if division.is_page else f"{page_url}#{division.slug}"
            yield Entry(
                slug=division.slug,
                url=url,
                n=rendering.number(division.n, division.kind),
                head_html=_safe(rendering.heading(division.head)),
                kind=division.kind,
                page=division.page,
                label=_label(division),
                current=division == current,
                children=tuple(entries(division.pk, url if division.is_page else page_url)),
            )

    return tuple(entries(None, volume_url))


def flat(contents: Iterable[Entry]) -> Iterator[Entry]:
    """The entries with their children, in the order of the book."""
    for entry in contents:
        yield entry
        yield from flat(entry.children)


class _Edition:
    """A volume while it is published: its divisions and terms, which every page needs, are loaded once.

    Making one takes the volume's row: who publishes it at the same time waits until the transaction ends.
    """

    def __init__(self, volume: Volume) -> None:
        locked = Volume.objects.select_for_update().get(pk=volume.pk)
        self.volume = volume
        volume.revision = locked.revision + 1
        volume.save(update_fields=["revision"])
        self.divisions = list(volume.divisions.order_by("position"))
        by_id = {division.pk: division for division in self.divisions}
        for division in self.divisions:
            division.volume = volume
            division.parent = by_id[division.parent_id] if division.parent_id else None
        self.page_of = {division.pk: division.page_division().pk for division in self.divisions}
        self.page_divisions = [
            division for division in self.divisions if self.page_of[division.pk] == division.pk
        ]
        self.contents = contents_of(volume, self.divisions)
        self.entries = {entry.slug: entry for entry in flat(self.contents)}
        self.terms = list(Term.objects.filter(glossary_id=volume.glossary_id))
        self.forms = list(TermForm.objects.filter(term__glossary_id=volume.glossary_id))

    def publish(self, chapters: Sequence[Division], terms: Iterable[Term]) -> list[PublishedPage]:
        """Make the pages of these chapters, these terms, and all that depends on either; store and return them."""
        before = set(self._terms_in(chapters))
        pages = self._chapter_pages(chapters)
        touched = before | set(self._terms_in(chapters)) | {term.pk for term in terms}
        pages += self._glossary_pages(touched)
        pages.append(self._title_page())
        _store(pages)
        return pages

    # What is derived from the text

    def _terms_in(self, chapters: Sequence[Division]) -> Iterator[int]:
        divisions = self._divisions_in(chapters)
        for place in ("paragraph", "note"):
            occurrences = TermOccurrence.objects.filter(**{f"{place}__division__in": divisions})
            yield from occurrences.order_by().values_list("term_id", flat=True).distinct()

    def _divisions_in(self, chapters: Iterable[Division]) -> list[int]:
        pages = {chapter.pk for chapter in chapters}
        return [division.pk for division in self.divisions if self.page_of[division.pk] in pages]

    def _chapter_pages(self, chapters: Sequence[Division]) -> list[PublishedPage]:
        divisions = self._divisions_in(chapters)
        paragraphs = list(
            Paragraph.objects.filter(division__in=divisions).order_by("position").defer("search")
        )
        notes = list(
            Note.objects.filter(division__in=divisions)
            .order_by("division__position", "position")
            .defer("search")
        )
        matcher = Matcher((form.term_id, Form(form.text, form.case_sensitive)) for form in self.forms)
        texts: list[Paragraph | Note] = [*paragraphs, *notes]
        spans = {text: matcher.spans(markup.plain(text.text)) for text in texts}
        self._record_occurrences(divisions, spans)
        self._record_gaps(divisions, texts)
        pages_at_heads = self._record_page_breaks(texts)
        return [self._chapter_page(chapter, paragraphs, notes, spans, pages_at_heads) for chapter in chapters]

    def _record_occurrences(
        self, divisions: Collection[int], spans: dict[Paragraph | Note, list[Span]]
    ) -> None:
        for place in ("paragraph", "note"):
            TermOccurrence.objects.filter(**{f"{place}__division__in": divisions}).delete()
        TermOccurrence.objects.bulk_create(
            (
                TermOccurrence(
                    term_id=span.term,
                    paragraph=text if isinstance(text, Paragraph) else None,
                    note=text if isinstance(text, Note) else None,
                    start=span.start,
                    end=span.end,
                )
                for text, found in spans.items()
                for span in found
            ),
            batch_size=BATCH,
        )

    def _record_gaps(self, divisions: Collection[int], texts: Sequence[Paragraph | Note]) -> None:
        called: set[tuple[int, int]] = set()
        in_chapters = set(divisions)
        heads = ((division.pk, division.head) for division in self.divisions if division.pk in in_chapters)
        for division, source in (*heads, *((text.division_id, text.text) for text in texts)):
            called |= {
                (self.page_of[division], marker.n)
                for marker in markup.markers(source)
                if isinstance(marker, markup.NoteCall)
            }
        present = {(self.page_of[text.division_id], text.n) for text in texts if isinstance(text, Note)}
        Gap.objects.filter(division__in=divisions).delete()
        Gap.objects.bulk_create(Gap(division_id=page, n=n) for page, n in sorted(called - present))

    def _record_page_breaks(self, texts: Sequence[Paragraph | Note]) -> dict[int, list[str]]:
        """Point the book's pages to the texts that they begin in; return those that begin at a division's head."""
        found: dict[str, Paragraph | Note] = {}
        for text in texts:
            for marker in markup.markers(text.text):
                if isinstance(marker, markup.PageBreak):
                    found.setdefault(marker.n, text)
        at_heads: dict[int, list[str]] = defaultdict(list)
        moved = []
        paragraphs = {text.pk for text in texts if isinstance(text, Paragraph)}
        notes = {text.pk for text in texts if isinstance(text, Note)}
        for page in self.volume.page_breaks.order_by("position"):
            place = found.get(page.n)
            if place is None and page.paragraph_id not in paragraphs and page.note_id not in notes:
                pointers = page.paragraph_id, page.note_id  # it begins in a chapter that was not read
            else:
                pointers = (
                    place.pk if isinstance(place, Paragraph) else None,
                    place.pk if isinstance(place, Note) else None,
                )
            if pointers != (page.paragraph_id, page.note_id):
                page.paragraph_id, page.note_id = pointers
                moved.append(page)
            if page.division_id and page.paragraph_id is None and page.note_id is None:
                at_heads[page.division_id].append(page.n)
        PageBreak.objects.bulk_update(moved, ["paragraph", "note"], batch_size=BATCH)
        return at_heads

    # Pages

    def _shared_context(self) -> dict[str, Any]:
        return {"volume": self.volume, "contents": self.contents}

    def _title_page(self) -> PublishedPage:
        volume = self.volume
        notes = Note.objects.filter(division__volume=volume)
        counts = Counts(
            divisions=len(self.divisions),
            paragraphs=volume.paragraphs.count(),
            notes=notes.filter(state=Note.State.COMPLETE).count(),
            gaps=Gap.objects.filter(division__volume=volume).count(),
            fragments=notes.filter(state=Note.State.FRAGMENT).count(),
            terms=len(self.terms),
            emendations=Emendation.objects.filter(volume=volume).count(),
            suspects=Suspect.objects.filter(volume=volume, state=Suspect.State.OPEN).count(),
            pages=volume.page_breaks.count(),
        )
        first = self.entries[self.page_divisions[0].slug] if self.page_divisions else None
        context = {**self._shared_context(), "counts": counts, "first": first}
        return _page(volume, volume.get_absolute_url(), render_to_string("reader/title_page.html", context))

    def _chapter_page(
        self,
        chapter: Division,
        paragraphs: list[Paragraph],
        notes: list[Note],
        spans: dict[Paragraph | Note, list[Span]],
        pages_at_heads: dict[int, list[str]],
    ) -> PublishedPage:
        slugs = {term.pk: term.slug for term in self.terms}

        def terms_in(text: Paragraph | Note) -> list[rendering.TermSpan]:
            return [rendering.TermSpan(span.start, span.end, slugs[span.term]) for span in spans[text]]

        blocks: dict[int, list[rendering.Block]] = defaultdict(list)
        for paragraph in paragraphs:
            if self.page_of[paragraph.division_id] == chapter.pk:
                blocks[paragraph.division_id].append(
                    rendering.Block(
                        number=paragraph.number,
                        kind=paragraph.kind,
                        text=paragraph.text,
                        continues=paragraph.continues,
                        terms=terms_in(paragraph),
                    )
                )

        def section(division: Division) -> rendering.Section:
            return rendering.Section(
                slug=division.slug,
                n=rendering.number(division.n, division.kind),
                head=division.head,
                pages=pages_at_heads[division.pk],
                blocks=blocks[division.pk],
                sections=[
                    section(child)
                    for child in self.divisions
                    if child.parent_id == division.pk and not child.is_page
                ],
            )

        rendered = rendering.render_chapter(
            section(chapter),
            [
                rendering.NoteBlock(note.n, note.position, note.text, terms_in(note))
                for note in notes
                if self.page_of[note.division_id] == chapter.pk
            ],
        )
        at = self.page_divisions.index(chapter)
        previous = self.page_divisions[at - 1] if at else None
        following = self.page_divisions[at + 1] if at + 1 < len(self.page_divisions) else None
        contents = contents_of(self.volume, self.divisions, chapter)
        entries = {entry.slug: entry for entry in flat(contents)}
        context = {
            "volume": self.volume,
            "contents": contents,
            "entry": entries[chapter.slug],
            "head_html": _safe(rendered.head),
            "body": _safe(rendered.body),
            "notes": _safe(rendered.notes),
            "terms": [term for term in self._shown_terms.values() if term.slug in rendered.terms],
            "previous": entries[previous.slug] if previous else None,
            "next": entries[following.slug] if following else None,
            "parent": entries[chapter.parent.slug] if chapter.parent else None,
            "description": self._description(chapter, paragraphs),
        }
        return _page(
            self.volume, chapter.get_absolute_url(), render_to_string("reader/chapter.html", context)
        )

    def _description(self, chapter: Division, paragraphs: Iterable[Paragraph]) -> str:
        texts = (
            p.text for p in paragraphs if self.page_of[p.division_id] == chapter.pk and p.kind != "table"
        )
        return rendering.shorten(markup.plain(next(texts, "")))

    # The glossary

    @cached_property
    def _shown_terms(self) -> dict[int, ShownTerm]:
        """Every term of the glossary, with its *See* resolved and its occurrences in this volume counted."""
        by_id = {term.pk: term for term in self.terms}
        forms: dict[int, list[str]] = defaultdict(list)
        for form in self.forms:
            forms[form.term_id].append(form.text)
        seen_from: dict[int, list[ShownTerm]] = defaultdict(list)
        plain = {}
        for term in self.terms:
            term.see = by_id.get(term.see_id) if term.see_id else None
            plain[term.pk] = ShownTerm(
                slug=term.slug,
                headword=term.headword,
                definition=term.definition,
                url=reverse("term", args=[self.volume.slug, term.slug]),
                source_label=term.get_source_display(),
                forms=tuple(forms[term.pk]),
            )
        for term in self.terms:
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
            for term in self.terms
        }

    def _occurrence_counts(self) -> Counter[int]:
        counts: Counter[int] = Counter()
        for place in ("paragraph", "note"):
            here = TermOccurrence.objects.filter(**{f"{place}__division__volume": self.volume}).order_by()
            counts.update(dict(here.values_list("term_id").annotate(Count("pk"))))
        return counts

    def _glossary_pages(self, touched: Collection[int]) -> list[PublishedPage]:
        places = self._places(touched)
        pages = [self._glossary_index()]
        for term in self.terms:
            if term.pk in touched:
                shown = self._shown_terms[term.pk]
                context = {**self._shared_context(), "term": shown, "occurrences": places[term.pk]}
                pages.append(_page(self.volume, shown.url, render_to_string("glossary/term.html", context)))
        return pages

    def _glossary_index(self) -> PublishedPage:
        letters: dict[str, list[ShownTerm]] = defaultdict(list)
        for term in self.terms:
            first = term.headword[0].upper()
            letters[first if first.isalpha() else "0–9"].append(self._shown_terms[term.pk])
        context = {**self._shared_context(), "letters": list(letters.items())}
        url = reverse("glossary", args=[self.volume.slug])
        return _page(self.volume, url, render_to_string("glossary/index.html", context))

    def _places(self, terms: Collection[int]) -> dict[int, list[tuple[Entry, list[tuple[str, SafeString]]]]]:
        """Where each of these terms occurs: by chapter in the order of the book, a link and the sentence."""
        here = Q(paragraph__division__volume=self.volume) | Q(note__division__volume=self.volume)
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
            by_chapter[self.page_of[text.division_id]].append(text)

        places: dict[int, list[tuple[Entry, list[tuple[str, SafeString]]]]] = defaultdict(list)
        for chapter in self.page_divisions:
            entry = self.entries[chapter.slug]
            in_chapter: dict[int, list[tuple[str, SafeString]]] = defaultdict(list)
            for text in by_chapter[chapter.pk]:
                plain = markup.plain(text.text)
                is_note = isinstance(text, Note)
                url = f"{entry.url}#{text.anchor if isinstance(text, Note) else f'p{text.number}'}"
                for term, start, end in by_text[(None, text.pk) if is_note else (text.pk, None)]:
                    in_chapter[term].append((url, _safe(rendering.snippet(plain, start, end))))
            for term, hits in in_chapter.items():
                places[term].append((entry, hits))
        return places


def _label(division: Division) -> str:
    if division.kind in (Division.Kind.PART, Division.Kind.CHAPTER) and division.n:
        return f"{division.get_kind_display().capitalize()} {division.n}"
    return ""


def _safe(rendered: str) -> SafeString:
    """HTML that rendering.py made, and so escaped."""
    return mark_safe(rendered)  # noqa: S308


def _path(url: str) -> str:
    return url.removeprefix("/")


def _page(volume: Volume | None, url: str, html: str) -> PublishedPage:
    content = html.encode()
    return PublishedPage(
        volume=volume,
        path=_path(url),
        etag=hashlib.sha256(content).hexdigest(),
        html=content,
        gzip=gzip.compress(content, compresslevel=9, mtime=0),
        brotli=brotli.compress(content, mode=brotli.MODE_TEXT, quality=9),
        made_with=made_with(),
    )


def _store(pages: Sequence[PublishedPage]) -> None:
    PublishedPage.objects.bulk_create(
        pages,
        batch_size=PAGES_BATCH,
        update_conflicts=True,
        unique_fields=["path"],
        update_fields=["volume", "etag", "html", "gzip", "brotli", "made_with"],
    )

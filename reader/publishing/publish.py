"""Publishing: pages are made when the text changes, and stored whole."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils.translation import override

from glossary.models import Glossary, Term
from reader.edition.edition import Edition
from reader.edition.explained import chapters_with, explained_terms, headwords_claimed
from reader.edition.findings import find_again, find_terms_again
from reader.edition.persons import record_persons
from reader.edition.words import record_words
from reader.models import Candidate, Division, PublishedPage, Volume
from reader.pages.apparatus import Apparatus
from reader.pages.chapter import chapter_pages, chapter_texts
from reader.pages.glossary import GlossaryPages
from reader.pages.home import home_pages, title_page
from reader.pages.persons import persons_index
from reader.pages.works import Works
from reader.pages.years import Years
from reader.publishing.affected import moved_terms, pages_of_terms, related_terms, terms_in, with_chapters
from reader.publishing.errata import record_errata
from reader.publishing.languages import archive_languages, first_language
from reader.publishing.store import Page, path_of, store
from reader.text.works import folded_title

TAKE_REVISION = """
    WITH taken AS (UPDATE reader_volume SET revision = revision + 1 WHERE id = %s RETURNING id, revision)
    INSERT INTO reader_revision (volume_id, n, made_at) SELECT id, revision, now() FROM taken
    ON CONFLICT (volume_id, n) DO UPDATE SET made_at = reader_revision.made_at
    RETURNING n
"""
# Keeps the texts of these divisions that read otherwise than last published, and the addresses of their notes.
KEEP_TEXTS = """
    WITH addresses AS (
        INSERT INTO reader_noteaddress (volume_id, chapter, n, note_key)
        SELECT DISTINCT ON (page.chapter, note.n) %(volume)s, page.chapter, note.n, note.id
        FROM reader_note note
        JOIN unnest(%(divisions)s::bigint[], %(chapters)s::text[]) AS page (division, chapter)
            ON page.division = note.division_id
        WHERE note.n IS NOT NULL
        ORDER BY page.chapter, note.n, note.position
        ON CONFLICT (volume_id, chapter, n) DO UPDATE SET note_key = excluded.note_key
        WHERE reader_noteaddress.note_key <> excluded.note_key
    )
    INSERT INTO reader_publishedtext (volume_id, number, since, text)
    SELECT paragraph.volume_id, paragraph.number, %(revision)s, paragraph.text
    FROM reader_paragraph paragraph LEFT JOIN LATERAL (
        SELECT text FROM reader_publishedtext
        WHERE volume_id = paragraph.volume_id AND number = paragraph.number AND since < %(revision)s
        ORDER BY since DESC LIMIT 1
    ) last ON true
    WHERE paragraph.division_id = ANY(%(divisions)s) AND paragraph.text IS DISTINCT FROM last.text
    ON CONFLICT (volume_id, number, since) DO UPDATE SET text = excluded.text
"""


def publish_volume(volume: Volume) -> None:
    """Publish a whole volume, and withdraw the pages that it no longer has."""
    with transaction.atomic():
        _publish_whole(_next_edition(volume))


def publish_again(volume: Volume) -> None:
    """Publish a whole volume after a change of the program: its text, and so its revision, stay the same."""
    with transaction.atomic():
        # Locks the row, and writes it, which tells the processes that serve (memory.py).
        Volume.objects.filter(pk=volume.pk).update(revision=F("revision"))
        _publish_whole(Edition(Volume.objects.get(pk=volume.pk)))


def publish_citing(volume: Volume) -> None:
    """Publish again the other volumes that cite this one, which has just come: their lists of works lead to it.

    Each in a transaction of its own, so that none holds one volume while it waits for another.
    """
    named = Q(cited_works__key__endswith=f"|{folded_title(volume.title)}") | Q(
        cited_works__title__iexact=volume.title
    )
    for other in Volume.objects.filter(named).exclude(pk=volume.pk).order_by("slug").distinct():
        publish_again(other)


def publish_chapters(volume: Volume, divisions: Collection[Division]) -> None:
    """Publish the chapters that hold these divisions, after a correction, and every page that shows their text."""
    with transaction.atomic():
        edition = _next_edition(volume)
        touched = {edition.page_of[division.pk] for division in divisions}
        chapters = [chapter for chapter in edition.page_divisions if chapter.pk in touched]
        _publish(edition, chapters, whole=False)


def publish_glossary(glossary: Glossary) -> None:
    """Publish every volume that uses a glossary, after a large change of it."""
    with transaction.atomic():
        for volume in _volumes_of(glossary):
            publish_volume(volume)


def publish_terms(glossary: Glossary, terms: Iterable[Term], candidates: Iterable[Candidate] = ()) -> None:
    """Publish the pages that show these terms, in every volume that uses their glossary.

    `candidates` were accepted, refused or opened again: the pages that show them are published,
    too.

    `terms` were changed, or their forms, exceptions, senses or settlements; deleted terms need not be named. If the
    texts have not changed since they were published, the result equals publishing the whole volume. Pages that would
    not change are not made.
    """
    changed: set[int | None] = {term.pk for term in terms}  # None: the term was deleted
    answered = list(candidates)
    with transaction.atomic():
        for volume in _volumes_of(glossary):
            headwords = {row.headword for row in answered if row.volume_id == volume.pk and row.definition}
            _publish_terms(_next_edition(volume), set(changed), headwords)


def publish_persons(volume: Volume) -> None:
    """Publish the index of persons again, after a decision about a person."""
    with transaction.atomic():
        edition = _next_edition(volume)
        record_persons(edition)
        _store(edition, lambda: [persons_index(edition), title_page(edition, Apparatus(edition, ()))])


def _volumes_of(glossary: Glossary) -> list[Volume]:
    """The volumes that use a glossary, all of them locked.

    All are locked before the first is published: a process that holds one may wait for the archive's first page, which
    all volumes share.
    """
    return list(glossary.volumes.select_for_update().order_by("slug"))


def publish_home() -> None:
    """Publish the list of volumes, after volumes were added or removed; changes of a text do not need this."""
    volumes = list(Volume.objects.all())
    title_page = PublishedPage.objects.none()
    if len(volumes) == 1:
        title_page = volumes[0].pages.filter(path=path_of(volumes[0].get_absolute_url()))
    only = {
        language: bytes(html).decode()
        for first, translation, translated in title_page.values_list(
            "html", "translations__language", "translations__html"
        )
        for language, html in ((first_language(), first), (translation, translated))
        if language in archive_languages()
    }
    pages = _home(volumes, only)
    store(pages)
    PublishedPage.objects.filter(volume=None).exclude(path__in=[path_of(page.url) for page in pages]).delete()


def _home(volumes: Sequence[Volume], only: Mapping[str, str]) -> list[Page]:
    """The first page of the archive: the title page `only` if it is given, else the list of volumes and its pages."""
    if only:
        return [Page(None, "/", only)]
    return [Page(None, url, html) for url, html in _in_languages(lambda: home_pages(volumes)).items()]


def _in_languages(make: Callable[[], Iterable[tuple[str, str]]]) -> dict[str, dict[str, str]]:
    """What `make` gives for each language of the interface: by its address, the HTML of a page by its language."""
    pages: dict[str, dict[str, str]] = defaultdict(dict)
    for language in archive_languages():
        with override(language):
            for url, html in make():
                pages[url][language] = html
    return pages


def _next_edition(volume: Volume) -> Edition:
    """The volume as its next revision, with what this revision changes recorded as errata.

    Locks the volume's row: a second publication of the volume waits until the transaction ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(TAKE_REVISION, [volume.pk])
        row = cursor.fetchone()
    if row is None:
        raise Volume.DoesNotExist
    [volume.revision] = row
    record_errata(volume)
    return Edition(volume)


def _publish_whole(edition: Edition) -> None:
    pages = _publish(edition, edition.page_divisions, whole=True)
    edition.volume.pages.exclude(path__in=pages).delete()


def _publish(edition: Edition, chapters: Sequence[Division], *, whole: bool) -> set[str]:
    """Make and store the pages that show the text of these chapters, or of the whole volume; return their paths."""
    entries = set() if whole else terms_in(edition, chapters)
    explained = set(explained_terms(edition))
    moved = moved_terms(moves := find_again(edition, chapters))
    if redirected := [chapter for chapter in edition.page_divisions if chapter.pk in moves.redirected]:
        moved |= moved_terms(find_again(edition, redirected))
        chapters = [*chapters, *redirected]
    if changed := explained.symmetric_difference(edition.explained.terms):
        chapters = with_chapters(
            edition, chapters, chapters_with(edition, {term.headword for term in changed})
        )
    record_words(edition, chapters)
    record_persons(edition)
    _keep_texts(edition, chapters)
    if whole:
        entries = {term.pk for term in edition.terms}
    else:
        entries |= terms_in(edition, chapters) | related_terms(edition, moved)
    glossary, apparatus = GlossaryPages(edition), Apparatus(edition, chapters)
    texts = chapter_texts(edition, chapters, apparatus)
    years, works = Years(edition), Works(edition)

    def pages() -> Iterator[tuple[str, str]]:
        shown = [*glossary.shown_terms.values(), *glossary.explained]
        yield from chapter_pages(edition, chapters, texts, shown, apparatus)
        yield from glossary.pages(entries)
        yield from (years.index(), persons_index(edition), works.index())
        yield from apparatus.pages()
        yield title_page(edition, apparatus)

    return _store(edition, pages)


def _keep_texts(edition: Edition, chapters: Sequence[Division]) -> None:
    """Keep what readers see of the paragraphs of these chapters from this revision on, and where their notes stand.

    One statement.
    """
    divisions = edition.divisions_in(chapters)
    values: dict[str, Any] = {
        "volume": edition.volume.pk,
        "revision": edition.volume.revision,
        "divisions": divisions,
        "chapters": [edition.division_by_key[edition.page_of[key]].slug for key in divisions],
    }
    with connection.cursor() as cursor:
        cursor.execute(KEEP_TEXTS, values)


def _store(edition: Edition, make: Callable[[], Iterable[tuple[str, str]]]) -> set[str]:
    """Make and store pages of a volume, its title page among them, and the list of volumes; return the paths.

    The list of volumes is an only volume's title page.
    """
    volumes = list(Volume.objects.all())
    made = _in_languages(make)
    only = made[edition.volume.get_absolute_url()] if volumes == [edition.volume] else {}
    store([*(Page(edition.volume, url, html) for url, html in made.items()), *_home(volumes, only)])
    return {path_of(url) for url in made}


def _publish_terms(edition: Edition, changed: set[int | None], explained: Collection[str]) -> None:
    """Publish every page that a change of these terms affects, or of the terms `explained` by the text."""
    moved = find_terms_again(edition)
    record_words(edition, ())
    affected = pages_of_terms(edition, changed, moved)
    also = chapters_with(edition, {*explained, *headwords_claimed(edition, changed)})
    chapters = with_chapters(edition, affected.chapters, also)
    glossary, apparatus = GlossaryPages(edition), Apparatus(edition, chapters)
    texts = chapter_texts(edition, chapters, apparatus)

    def pages() -> Iterator[tuple[str, str]]:
        shown = [*glossary.shown_terms.values(), *glossary.explained]
        yield from chapter_pages(edition, chapters, texts, shown, apparatus)
        yield from glossary.pages(affected.entries)
        yield title_page(edition, apparatus)

    _store(edition, pages)
    edition.volume.pages.filter(path__in=affected.gone).delete()

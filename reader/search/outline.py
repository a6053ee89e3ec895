"""What search knows of a volume: its contents, pages, terms, and the places of its texts.

All of it changes only when the volume is published again, so a process keeps it by the volume's revision, bounded, and
reads each part when a query first needs it. A search asks PostgreSQL for the revision with its first statement: its
other statements see the archive at the same moment (reader/middleware.py).
"""

import re
import secrets
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from threading import Lock
from typing import Any, NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVector
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Cast, Coalesce, Lower
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, gettext

from glossary.models import Term, TermForm
from reader.edition.book_pages import (
    BookPage,
    PagesOfNotes,
    PagesOfParagraphs,
    labels_of,
    read_book_pages,
)
from reader.edition.contents import Entry, contents_of, divisions_of, flat
from reader.models import CitedWork, Note, Paragraph, Person, Volume
from reader.models.vectors import as_searched, markup_as_searched
from reader.pages import metadata
from reader.search.statements import CONFIG, TEXTS, rows_of, volume_with_words
from reader.text.markup import CALL, calls
from reader.text.transliteration import WORD, without_possessive
from reader.text.transliteration import key as key_of

# A process remembers as many volumes as have so many divisions, pages, notes' calls, terms, their words, and texts that
# were shown, together; the volumes that were searched last.
MOST_THINGS = 100_000
# The largest number of forms of a term in a query, and the characters by which forms of one word differ.
MOST_FORMS = 12
NO_LETTERS = " .,()[]-‐‑–'’ʼʹ′/&"
MOST_ROWS = 1000
# Stands where a query's part of a page comes; no text can hold it.
HOLE = f"hole-{secrets.token_hex(16)}"
IN_CALL = re.compile(r"\d+")


class Row(NamedTuple):
    """A row that was found: its kind, key, division, relevance, position in its table, and number.

    `kind` is heading, text, note or key (an entry of the glossary, which has no division).
    """

    kind: str
    pk: int
    division: int | None
    rank: float
    position: int
    n: int | None = None


class Text(NamedTuple):
    """The source of a text; the page of a note's call; the headword and the slug of an entry of the glossary."""

    source: str
    page: str = ""
    headword: str = ""
    slug: str = ""


class Operand(NamedTuple):
    """A word of a tsquery as PostgreSQL looks for it, or the beginning of one."""

    lexeme: str
    is_prefix: bool = False


class Vectors:
    """The search vectors of short texts, as (key, vector, position), and which of them have a word."""

    def __init__(self, rows: Iterable[tuple[int, str, int, Collection[str]]]) -> None:
        self._vectors: dict[int, tuple[int, str, int]] = {}
        self._having: dict[str, list[int]] = defaultdict(list)
        for pk, vector, position, lexemes in rows:
            self._vectors[pk] = (pk, vector, position)
            for lexeme in lexemes:
                self._having[lexeme].append(pk)

    def __len__(self) -> int:
        return len(self._vectors) + len(self._having)

    def candidates(self, operands: Iterable[Operand]) -> tuple[list[int], list[str], list[int]]:
        """The keys, vectors and positions of the texts with one of the words: no other text can match a query."""
        keys: dict[int, None] = {}
        for lexeme, is_prefix in operands:
            if is_prefix:
                having = [pk for each, pks in self._having.items() if each.startswith(lexeme) for pk in pks]
            else:
                having = self._having.get(lexeme, [])
            keys |= dict.fromkeys(having)
        chosen = [self._vectors[pk] for pk in keys]
        return [each[0] for each in chosen], [each[1] for each in chosen], [each[2] for each in chosen]


class Outline:
    """A volume, its divisions in the order of the book, and the places of rows among them.

    Each part is read with one statement, when it is first asked for.
    """

    def __init__(self, volume: Volume) -> None:
        self.volume = volume
        divisions = divisions_of(volume)
        self.divisions = {division.pk: division for division in divisions}
        self.chapter_of = {division.pk: division.page_division() for division in divisions}
        self.contents = contents_of(volume, divisions)
        self.entries = {entry.slug: entry for entry in flat(self.contents)}
        self._around_results: dict[str | None, tuple[str, str, str]] = {}
        self._texts = {("heading", pk): Text(division.head) for pk, division in self.divisions.items()}

    @property
    def size(self) -> int:
        """The number of things that are kept."""
        parts: Sequence[Any] = [
            self.__dict__.get(name, ())
            for name in ("pages", "callers", "heads", "persons", "works", "terms", "_forms")
        ]
        return 10 * len(self.divisions) + 4 * len(self._texts) + sum(map(len, parts))

    def entry_of(self, division: int) -> Entry:
        """The entry of the chapter in which a division stands."""
        return self.entries[self.chapter_of[division].slug]

    def place_of(self, row: Row) -> tuple[int, ...]:
        """The sort key of a row: by chapter; in each the text before the notes, a head before its text."""
        if row.division is None:
            return (1, row.position)
        chapter, division = self.chapter_of[row.division].position, self.divisions[row.division].position
        if row.kind == "note":
            return (0, chapter, 1, division, row.position)
        return (0, chapter, 0, division, row.kind != "heading", row.position)

    def around_results(self) -> tuple[str, str, str]:
        """The page of results without what depends on the query: before its title, before its main part, after it.

        In the language of the interface; made once for each.
        """
        language = get_language()
        if language not in self._around_results:
            self._around_results[language] = self._page_around_results()
        return self._around_results[language]

    def _page_around_results(self) -> tuple[str, str, str]:
        slug, title = self.volume.slug, self.volume.title
        html = render_to_string(
            "reader/search.html",
            {
                "volume": self.volume,
                "contents": self.contents,
                # One canonical address for all queries, so that search engines index no results.
                "metadata": metadata.of_page(
                    self.volume,
                    reverse("search", args=[slug]),
                    gettext("Search: %(volume)s") % {"volume": title},
                    gettext("Words and phrases in the text, the notes and the glossary of %(volume)s.")
                    % {"volume": title},
                ),
                "asked": HOLE,
                "main": HOLE,
            },
        )
        before, between, after = html.split(HOLE)
        return before, between, after

    @cached_property
    def pages(self) -> list[BookPage]:
        """The pages of the printed book, in order."""
        return read_book_pages(self.volume)

    @cached_property
    def labels(self) -> dict[str, str]:
        """The label of each page by its number."""
        return labels_of(self.pages)

    @cached_property
    def pages_of_notes(self) -> PagesOfNotes:
        """Where the notes stand."""
        return PagesOfNotes(self.pages, {pk: chapter.position for pk, chapter in self.chapter_of.items()})

    @cached_property
    def pages_of_paragraphs(self) -> PagesOfParagraphs:
        """Where the paragraphs begin."""
        return PagesOfParagraphs(self.pages)

    @cached_property
    def heads(self) -> Vectors:
        """The heads of the divisions; they weigh more than the text below them."""
        head = SearchVector(markup_as_searched("head"), config=CONFIG, weight="B")
        return Vectors(_with_lexemes(self.volume.divisions.order_by(), head, "position"))

    @cached_property
    def persons(self) -> Mapping[tuple[str, ...], Sequence[Person]]:
        """The persons that readers see, by what a query may call them: surname, full name both ways, name in the index.

        Each is the keys of its words, by which the spellings of one name fall together (transliteration.py).
        """
        named: dict[tuple[str, ...], list[Person]] = defaultdict(list)
        for person in self.volume.persons.order_by("found_as"):
            if person.is_shown:
                person.volume = self.volume
                surname, given = keys_of_words(person.surname), keys_of_words(person.given)
                ways = {surname, given + surname, surname + given, keys_of_words(person.shown_as)}
                for way in ways - {()}:
                    named[way].append(person)
        return dict(named)

    @cached_property
    def works(self) -> Mapping[tuple[str, ...], Sequence[CitedWork]]:
        """The works that have a page, by what a query may call them: the title alone, or after the author."""
        named: dict[tuple[str, ...], dict[str, CitedWork]] = defaultdict(dict)
        for work in self.volume.cited_works.exclude(slug="").order_by("key"):
            author = keys_of_words(work.author or work.found_author)
            for title in (keys_of_words(work.title), keys_of_words(work.found_title)):
                if title:
                    named[title].setdefault(work.slug, work)
                    named[author + title].setdefault(work.slug, work)
        return {way: list(works.values()) for way, works in named.items()}

    @cached_property
    def terms(self) -> Vectors:
        """The entries of the glossary; the headword weighs more than the definition."""
        headword = SearchVector(as_searched(F("headword")), config=CONFIG, weight="A")
        definition = SearchVector(as_searched(F("definition")), config=CONFIG, weight="C")
        of_glossary = Term.objects.filter(glossary=self.volume.glossary_id).order_by()
        return Vectors(_with_lexemes(of_glossary, headword + definition, "pk"))

    @cached_property
    def callers(self) -> dict[tuple[int, int], list[tuple[str, int]]]:
        """The texts that may call a note, in the order of the book, by the note's chapter and number.

        A text is given by its kind and key; it may quote the call without making one.
        """
        sources = [
            ("heading", pk, pk, 0, [call.n for call in calls(division.head)])
            for pk, division in self.divisions.items()
        ]
        for kind, rows in (
            ("text", Paragraph.objects.filter(volume=self.volume)),
            ("note", Note.objects.of_volume(self.volume)),
        ):
            with_calls = rows.filter(text__contains="[^").order_by()
            found = with_calls.values_list("pk", "division_id", "position", "text")
            sources += [
                (kind, pk, division, position, _numbers(text)) for pk, division, position, text in found
            ]
        sources.sort(key=lambda source: self.place_of(Row(source[0], source[1], source[2], 0, source[3])))
        callers: dict[tuple[int, int], list[tuple[str, int]]] = defaultdict(list)
        for kind, pk, division, _, numbers in sources:
            for n in dict.fromkeys(numbers):
                callers[self.chapter_of[division].pk, n].append((kind, pk))
        return dict(callers)

    def texts(self, keys: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Text]:
        """The text of each of these, which are given by kind and key. One statement; none for those read before."""
        wanted = set(keys)
        unknown: dict[str, list[int]] = defaultdict(list)
        for kind, pk in wanted.difference(self._texts):
            unknown[kind].append(pk)
        if unknown:
            rows = rows_of(" UNION ALL ".join(TEXTS[kind] for kind in unknown), unknown)
            self._texts |= {(kind, pk): Text(*text) for kind, pk, *text in rows}
        return {key: self._texts[key] for key in wanted if key in self._texts}

    def forms_of_terms(self, wanted: Collection[str]) -> Mapping[str, list[str]]:
        """The forms of the glossary's terms that have a form with these letters, which are as `letters_of` gives them.

        To a term belong the terms that it is explained by, and those that it explains (*See*).
        """
        return {letters: self._forms[letters] for letters in wanted if letters in self._forms}

    @cached_property
    def _forms(self) -> dict[str, list[str]]:
        texts: dict[int, list[str]] = defaultdict(list)
        meanings: dict[str, set[int]] = defaultdict(set)
        letters = Func(
            Lower("text"), Value(NO_LETTERS), Value(""), function="translate", output_field=TextField()
        )
        rows = (
            TermForm.objects.filter(term__glossary=self.volume.glossary_id)
            .order_by("pk")
            .values_list(letters, Coalesce("term__see", "term"), "text")
        )
        for form, meaning, text in rows:
            texts[meaning].append(text)
            meanings[form].add(meaning)
        return {
            form: [text for meaning in sorted(meant) for text in texts[meaning]][:MOST_FORMS]
            for form, meant in meanings.items()
        }


def keys_of_words(text: str) -> tuple[str, ...]:
    """The keys of the words of a name, initials included, by which its spellings fall together."""
    return tuple(key for word in WORD.findall(text) if (key := key_of(without_possessive(word))))


def letters_of(text: str) -> str:
    """The letters and figures of a form, small, by which forms with and without full stops fall together."""
    return text.lower().translate(dict.fromkeys(map(ord, NO_LETTERS)))


def _numbers(text: str) -> list[int]:
    return [int(IN_CALL.findall(call)[0]) for call in re.findall(CALL, text)]


def _with_lexemes(rows: Any, vector: Any, position: str) -> Any:
    lexemes = Func(vector, function="tsvector_to_array", output_field=ArrayField(TextField()))
    return rows.values_list("pk", Cast(vector, TextField()), position, lexemes)


_remembered: OrderedDict[int, tuple[str, Outline]] = OrderedDict()
_changing = Lock()


def look_up(
    slug: str, keys: Collection[str] = (), beginnings: Collection[str] = ()
) -> tuple[Outline, list[tuple[str, str]]]:
    """A volume, and its words with these keys or beginnings of keys: each word's key and text, most frequent first.

    One statement for a volume that is remembered, else three. Raises Volume.DoesNotExist.
    """
    sql, parameters = volume_with_words(slug, keys, beginnings, MOST_ROWS)
    rows = rows_of(sql, parameters)
    if not rows:
        raise Volume.DoesNotExist
    (pk, revision), words = rows[0][:2], [row[2:4] for row in rows if row[2] is not None]
    return _outline(pk, revision), words


def _outline(pk: int, revision: str) -> Outline:
    kept = _remembered.get(pk)
    outline = kept[1] if kept and kept[0] == revision else Outline(Volume.objects.get(pk=pk))
    with _changing:
        _remembered[pk] = (revision, outline)
        _remembered.move_to_end(pk)
        things = sum(each.size for _, each in _remembered.values())
        while things > MOST_THINGS and len(_remembered) > 1:
            _, (_, oldest) = _remembered.popitem(last=False)
            things -= oldest.size
    return outline

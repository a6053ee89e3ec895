"""A query put to PostgreSQL: tsquery over vectors, with the spellings that the volume has."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import islice, product
from operator import and_, or_
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVector
from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Model,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.safestring import SafeString

from glossary.models import Term
from reader.edition.book_pages import page_of, printed_pages
from reader.edition.contents import Entry, contents_of, flat, safe
from reader.models import Division, Note, Paragraph, Volume
from reader.models.vectors import without_markup
from reader.search.query import Item, Query, Word, read_query
from reader.search.snippets import START, STOP, found_in, marked, sentence_around, sentence_with_call
from reader.search.spellings import nearest, spellings
from reader.text import markup
from reader.text.transliteration import WORD

CONFIG = "english"
ZONES = {"text": "Text", "notes": "Notes", "key": "Glossary"}
ZONE_OF = {"heading": "text", "text": "text", "note": "notes", "key": "key"}
# Ways of spelling one phrase, where several of its words are spelt in several ways.
MOST_PHRASES = 16
MOST_CORRECTED = 5
MOST_LIT = 8
ANGLE_BRACKETS = str.maketrans("<>", "  ")
# Stands between a headword and its definition while both are searched as one text.
BETWEEN = "\x1f"


class Row(NamedTuple):
    """A hit before it is shown: which table's row, in which division, how well it fits, its place in its table."""

    kind: str
    pk: int
    division: int | None
    rank: float
    position: int


@dataclass(frozen=True, slots=True)
class Call:
    """Where a note that was found is called: the address, and the sentence with the number of the note in it."""

    url: str
    sentence: SafeString


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that was found: its address, its words with the found ones marked, where it stands.

    `kind` is heading, text, note or key; `headword` is that of a key's term, `call` that of a note.
    """

    url: str
    snippet: SafeString
    kind: str
    page: str = ""
    n: int | None = None
    headword: SafeString | None = None
    call: Call | None = None


class ReadyQuery(SearchQuery):
    """A tsquery that PostgreSQL has made and printed, read again as it stands."""

    template = "(%(expressions)s)::tsquery"


class Search:
    """A query that is put to a volume. Making one reads what it finds: the key, zone and rank of every row."""

    def __init__(self, volume: Volume, divisions: Sequence[Division], query: Query) -> None:
        self.volume = volume
        self.query = query
        self.divisions = {division.pk: division for division in divisions}
        for division in divisions:
            division.volume = volume
            division.parent = self.divisions[division.parent_id] if division.parent_id else None
        self.chapter_of = {division.pk: division.page_division() for division in divisions}
        self.contents = contents_of(volume, divisions)
        self.entries = {entry.slug: entry for entry in flat(self.contents)}
        self.missing: list[Word] = []
        self.tsquery = ""
        self.objection = ""
        self.rows: list[Row] = []
        if not query.groups:
            self.objection = _objection(query)
            return
        self._ask()
        if not self.tsquery:
            self.objection = (
                "That is made of words such as “the” and “of”, which stand on every page and are not searched for."
                " Add the word that you remember best."
            )
        else:
            self.rows = self._found()

    def _ask(self) -> None:
        """Have PostgreSQL make the query, with every spelling that the volume has, and say what it cannot find.

        Two statements.
        """
        plain = {word.text for word in self._all_words() if not word.is_prefix and WORD.fullmatch(word.text)}
        begun = {word.text for word in self._all_words() if word.is_prefix}
        spelt, with_beginning = spellings(self.volume, plain, begun)

        def variants(word: Word) -> list[str]:
            if word.is_prefix:
                return with_beginning.get(word.text) or [word.text]
            own = word.text.casefold()
            return [own, *(each for each in spelt.get(word.text, ()) if each != own)]

        def asked_for(item: Item) -> list[SearchQuery]:
            ways = islice(product(*map(variants, item.words)), MOST_PHRASES if len(item.words) > 1 else None)
            queries: list[SearchQuery] = [_phrase(" ".join(way)) for way in ways]
            [first, *others] = item.words
            # A beginning of letters and digits is safe in the notation of `to_tsquery`, which knows no parameters.
            if first.is_prefix and not others and first.text.isalnum():
                queries.append(SearchQuery(f"{first.text}:*", config="simple", search_type="raw"))
            return queries

        def asked_by(query: Query) -> Any:
            groups = []
            for group in query.groups:
                items: list[Any] = []
                for item in group:
                    if item.is_excluded:
                        items += [~each for each in asked_for(item)]
                    else:
                        items.append(reduce(or_, asked_for(item)))
                groups.append(reduce(and_, items))
            return reduce(or_, groups)

        self._asked_by = asked_by
        asked = asked_by(self.query)
        unknown = [
            word
            for word in self.query.words()
            if word.text not in spelt and word.text not in with_beginning and WORD.fullmatch(word.text)
        ][:MOST_CORRECTED]
        row = (
            Volume.objects.filter(pk=self.volume.pk)
            .annotate(
                asked=Cast(asked, TextField()),
                # What of it an index can look for; nothing, or "T", if it is only exclusions and stop words.
                searchable=Func(asked, function="querytree", output_field=TextField()),
                **{f"has_{k}": self._occurs(word) for k, word in enumerate(unknown)},
            )
            .values("asked", "searchable", *(f"has_{k}" for k in range(len(unknown))))
            .get()
        )
        self.missing = [word for k, word in enumerate(unknown) if not row[f"has_{k}"]]
        self.tsquery = row["asked"] if row["searchable"] not in ("", "T") else ""

    def _all_words(self) -> list[Word]:
        return [word for group in self.query.groups for item in group for word in item.words]

    def _occurs(self, word: Word) -> "ExpressionWrapper[Any]":
        """SQL for whether a text of the volume has the word in any of its grammatical forms."""
        return self._finds(_phrase(word.text))

    def _finds(self, asked: Any) -> "ExpressionWrapper[Any]":
        """SQL for whether a paragraph or a note of the volume is found."""
        paragraphs = Paragraph.objects.of_volume(self.volume).filter(search=asked)
        notes = Note.objects.of_volume(self.volume).filter(search=asked)
        return ExpressionWrapper(Q(Exists(paragraphs)) | Q(Exists(notes)), output_field=BooleanField())

    def _found(self) -> list[Row]:
        """Every row that is found, in all zones; heads and headwords weigh more than what stands below them."""
        asked = ReadyQuery(self.tsquery)
        head = SearchVector(without_markup("head"), config=CONFIG, weight="B")
        entry = SearchVector("headword", config=CONFIG, weight="A") + SearchVector(
            "definition", config=CONFIG, weight="C"
        )
        nowhere = Cast(Value(None), IntegerField())
        selects: list[tuple[str, QuerySet[Any], Any, Any, Any]] = [
            (
                "heading",
                Division.objects.annotate(vector=head).filter(volume=self.volume, vector=asked),
                F("vector"),
                F("pk"),
                F("position"),
            ),
            (
                "text",
                Paragraph.objects.of_volume(self.volume).filter(search=asked),
                F("search"),
                F("division_id"),
                F("position"),
            ),
            (
                "note",
                Note.objects.of_volume(self.volume).filter(search=asked),
                F("search"),
                F("division_id"),
                F("position"),
            ),
            (
                "key",
                Term.objects.annotate(vector=entry).filter(glossary=self.volume.glossary_id, vector=asked),
                F("vector"),
                nowhere,
                F("pk"),
            ),
        ]
        queries = [
            rows.order_by()
            .annotate(
                kind_of_hit=Value(kind, output_field=TextField()),
                in_division=division,
                rank=SearchRank(vector, asked),
                in_table=position,
            )
            .values_list("kind_of_hit", "pk", "in_division", "rank", "in_table")
            for kind, rows, vector, division, position in selects
        ]
        return [Row(*row) for row in queries[0].union(*queries[1:], all=True)]

    def sorted_rows(self, zones: Collection[str], *, by_book: bool) -> list[Row]:
        """The rows in some zones, by relevance and then the order of the book, or by that alone; the key comes last."""
        rows = [row for row in self.rows if ZONE_OF[row.kind] in zones]
        if by_book:
            return sorted(rows, key=self._place_in_book)
        return sorted(rows, key=lambda row: (-row.rank, self._place_in_book(row)))

    def _place_in_book(self, row: Row) -> tuple[int, ...]:
        """Where a hit stands on the pages: its chapter; notes after the text; a head before what it heads."""
        if row.division is None:
            return (1, row.position)
        chapter, division = self.chapter_of[row.division].position, self.divisions[row.division].position
        if row.kind == "note":
            return (0, chapter, 1, division, row.position)
        return (0, chapter, 0, division, row.kind != "heading", row.position)

    def results(self, rows: Sequence[Row]) -> list[tuple[Entry | None, list[Hit]]]:
        """The hits of one page by chapter, the glossary's without one. Three statements."""
        if not rows:
            return []
        texts = self._texts(rows)
        pages = printed_pages(self.volume)
        calls = self._calls([row for row in rows if row.kind == "note"], texts)
        results: dict[str, tuple[Entry | None, list[Hit]]] = {}
        for row in rows:
            text = texts.get((row.kind, row.pk))
            if text is None:
                continue  # it was taken out between the two statements
            if row.division is None:
                results.setdefault("", (None, []))[1].append(self._key_hit(text))
                continue
            division = self.divisions[row.division]
            entry = self.entries[self.chapter_of[row.division].slug]
            plain, spans = found_in(text["marked"], self.query.has_phrase)
            lit = [plain[start:end] for start, end in spans]
            match row.kind:
                case "heading":
                    anchor, page = division.anchor, division.page
                case "note":
                    anchor = Note(n=text["n"], position=row.position).anchor
                    page = text["page"]
                case _:
                    paragraph = Paragraph(
                        division=division, number=text["n"], position=row.position, text=text["source"]
                    )
                    anchor, page = paragraph.anchor, page_of(paragraph, pages)
            results.setdefault(entry.slug, (entry, []))[1].append(
                Hit(
                    url=f"{entry.url}{_lit(lit)}#{anchor}" if anchor else entry.url,
                    snippet=safe(sentence_around(plain, spans)),
                    kind=row.kind,
                    page=page,
                    n=text["n"] if row.kind == "note" else None,
                    call=calls.get(row.pk) if row.kind == "note" else None,
                )
            )
        return list(results.values())

    def _texts(self, rows: Iterable[Row]) -> dict[tuple[str, int], dict[str, Any]]:
        """The whole text of each row, with START and STOP around what was found, and what its address is made of."""
        wanted: dict[str, list[int]] = defaultdict(list)
        for row in rows:
            wanted[row.kind].append(row.pk)
        nothing = Value("", output_field=TextField())
        no_number = Cast(Value(None), IntegerField())
        explained = Case(
            When(definition="", see__isnull=False, then=Concat(Value("see "), F("see__headword"))),
            default=F("definition"),
            output_field=TextField(),
        )
        entry = Concat(F("headword"), Value(BETWEEN), explained, output_field=TextField())
        # For each kind: its table, what is shown of it, then n, page, source and slug.
        selects: dict[str, tuple[type[Model], Any, Any, Any, Any, Any]] = {
            "heading": (Division, without_markup("head"), no_number, nothing, nothing, nothing),
            "text": (Paragraph, without_markup("text"), F("number"), nothing, F("text"), nothing),
            "note": (Note, without_markup("text"), F("n"), F("page"), nothing, nothing),
            "key": (Term, entry, no_number, nothing, nothing, F("slug")),
        }
        queries = []
        for kind, keys in wanted.items():
            model, text, n, page, source, slug = selects[kind]
            queries.append(
                model._default_manager.filter(pk__in=keys)
                .order_by()
                .annotate(
                    hit=Value(kind, output_field=TextField()),
                    marked=SearchHeadline(
                        text,
                        ReadyQuery(self.tsquery),
                        config=CONFIG,
                        start_sel=START,
                        stop_sel=STOP,
                        highlight_all=True,
                    ),
                    hit_n=n,
                    hit_page=Cast(page, TextField()),
                    hit_source=Cast(source, TextField()),
                    hit_slug=Cast(slug, TextField()),
                )
                .values_list("hit", "pk", "marked", "hit_n", "hit_page", "hit_source", "hit_slug")
            )
        rows_of_text = queries[0].union(*queries[1:], all=True) if len(queries) > 1 else queries[0]
        return {
            (kind, pk): {"marked": text, "n": n, "page": page, "source": source, "slug": slug}
            for kind, pk, text, n, page, source, slug in rows_of_text
        }

    def _key_hit(self, text: Mapping[str, Any]) -> Hit:
        headword, _, definition = text["marked"].partition(BETWEEN)
        plain, spans = found_in(definition, self.query.has_phrase)
        return Hit(
            url=reverse("term", args=[self.volume.slug, text["slug"]]),
            snippet=safe(sentence_around(plain, spans)),
            kind="key",
            headword=safe(marked(headword)),
        )

    def _calls(self, rows: Sequence[Row], texts: Mapping[tuple[str, int], Any]) -> dict[int, Call]:
        """The first call of each of these notes, by the note's key. One statement, if there are notes at all."""
        notes = {
            (self.chapter_of[row.division].pk, texts[row.kind, row.pk]["n"]): row.pk
            for row in rows
            if row.division is not None and (row.kind, row.pk) in texts
        }
        divisions: dict[int, list[int]] = defaultdict(list)
        for pk, chapter in self.chapter_of.items():
            divisions[chapter.pk].append(pk)
        asked = [
            Q(division__in=divisions[chapter], text__contains=f"[^{n}]")
            for chapter, n in notes
            if n is not None
        ]
        if not asked:
            return {}
        sources: list[tuple[tuple[int, ...], int, str]] = [
            (self._place_in_book(Row("heading", pk, pk, 0, 0)), self.chapter_of[pk].pk, division.head)
            for pk, division in self.divisions.items()
        ]
        paragraphs, in_notes = (
            model._default_manager.filter(reduce(or_, asked))
            .order_by()
            .annotate(hit=Value(kind, output_field=TextField()))
            .values_list("hit", "pk", "division_id", "position", "text")
            for model, kind in ((Paragraph, "text"), (Note, "note"))
        )
        for kind, pk, in_division, position, text in paragraphs.union(in_notes, all=True):
            in_book = self._place_in_book(Row(kind, pk, in_division, 0, position))
            sources.append((in_book, self.chapter_of[in_division].pk, text))
        calls: dict[int, Call] = {}
        for _, page, source in sorted(sources):
            for marker in markup.markers(source):
                if not isinstance(marker, markup.NoteCall):
                    continue
                note = notes.get((page, marker.n))
                if note is not None and note not in calls:
                    url = f"{self.entries[self.divisions[page].slug].url}#r{marker.n}"
                    calls[note] = Call(
                        url, safe(sentence_with_call(markup.plain(source), marker.offset, marker.n))
                    )
        return calls

    def looser(self) -> list[tuple[str, str]]:
        """Of the looser queries those that find a text. One statement, if there are any."""
        looser = [(name, text) for name, text in _looser(self.query) if read_query(text).groups]
        if not looser or self.rows:
            return []
        finds = {
            f"finds_{k}": self._finds(self._asked_by(read_query(text))) for k, (_, text) in enumerate(looser)
        }
        hits = Volume.objects.filter(pk=self.volume.pk).annotate(**finds).values_list(*finds).get()
        return [each for each, has_hits in zip(looser, hits, strict=True) if has_hits]

    def meant(self) -> list[str]:
        """The query with the nearest words that the volume has in place of those that it has not, if there are any.

        One statement, if a word is missing.
        """
        if not self.missing:
            return []
        near = nearest(self.volume, {word.text for word in self.missing})
        replacements = {word: near[word.text] for word in self.missing if word.text in near}
        return [self.query.with_words(replacements)] if replacements else []


def _objection(query: Query) -> str:
    """Why a query that asks for nothing is not searched."""
    if query.only_excludes:
        return "That says only what is to be left out. Add a word that is to be found."
    if query.text:
        return "That holds no word or number. Type a word, or a phrase in quotation marks."
    return ""


def _looser(query: Query) -> list[tuple[str, str]]:
    """Queries that find more than one that found nothing: what each is called, and its text."""
    items = [item for group in query.groups for item in group if not item.is_excluded]
    words = list(dict.fromkeys(word.text + "*" * word.is_prefix for word in query.words()))
    looser = []
    if any(len(item.words) > 1 for item in items):
        looser.append(("the words apart, in any order", " ".join(words)))
    if len(words) > 1:
        looser.append(("any one of the words", " or ".join(words)))
    if len(words) == 1 and len(words[0]) > 5 and words[0].isalpha():
        looser.append(("words that begin like it", f"{words[0][:-2]}*"))
    return [(name, text) for name, text in looser if text.casefold() != query.text.casefold()]


def _phrase(text: str) -> SearchQuery:
    # PostgreSQL would take what stands in angle brackets for the tags of a document, and leave it out.
    return SearchQuery(text.translate(ANGLE_BRACKETS), config=CONFIG, search_type="phrase")


def _lit(words: Iterable[str]) -> str:
    """The part of an address that names the words to be lit where it leads (static/js/lit.js)."""
    distinct = list(dict.fromkeys(" ".join(word.casefold().split()) for word in words))[:MOST_LIT]
    return "?" + urlencode([("lit", word) for word in distinct]) if distinct else ""

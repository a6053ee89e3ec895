"""A query for PostgreSQL: tsquery over vectors, with the spellings of the volume."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from itertools import islice, product
from operator import and_, or_
from typing import Any, NamedTuple

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast

from glossary.models import Term
from reader.models import Division, Note, Paragraph, Volume
from reader.models.vectors import without_markup
from reader.search.query import Item, Query, Word, read_query
from reader.search.spellings import nearest, spellings
from reader.text.transliteration import WORD

CONFIG = "english"
# Spellings of one phrase, if several of its words have several spellings.
MOST_PHRASES = 16
MOST_CORRECTED = 5
ANGLE_BRACKETS = str.maketrans("<>", "  ")
STOP_WORDS_ALONE = (
    "Your query has only words such as “the” and “of”, which stand on every page and are not searched for."
    " Add the word that you remember best."
)
EXCLUSIONS_ALONE = "Your query says only what to leave out. Add a word to be found."
NO_WORD = "Your query has no word or number. Type a word, or a phrase in quotation marks."


class Row(NamedTuple):
    """A row that was found: its kind, key, division, relevance, and position in its table.

    `kind` is heading, text, note or key (an entry of the glossary, which has no division).
    """

    kind: str
    pk: int
    division: int | None
    rank: float
    position: int


class ReadyQuery(SearchQuery):
    """A tsquery in the form in which PostgreSQL printed it."""

    template = "(%(expressions)s)::tsquery"


@dataclass(frozen=True, slots=True)
class Spelt:
    """The volume's spellings of the words of a query, and its words with the beginnings that the query names."""

    words: Mapping[str, list[str]] = field(default_factory=dict)
    beginnings: Mapping[str, list[str]] = field(default_factory=dict)

    def ways(self, word: Word) -> list[str]:
        """The spellings to look for, the typed one first; for a beginning, the words that have it."""
        if word.is_prefix:
            return self.beginnings.get(word.text) or [word.text]
        own = word.text.casefold()
        return [own, *(each for each in self.words.get(word.text, ()) if each != own)]

    def knows(self, word: Word) -> bool:
        """Whether the volume has the word in any spelling."""
        return word.text in self.words or word.text in self.beginnings


@dataclass(frozen=True, slots=True)
class Asked:
    """A query to a volume; `tsquery` is in PostgreSQL's form, and empty if there is nothing to search for.

    `objection` then says why, if anything was typed. `missing` are the words that no text of the volume has.
    """

    volume: Volume
    query: Query
    spelt: Spelt = Spelt()
    tsquery: str = ""
    missing: tuple[Word, ...] = ()
    objection: str = ""


def ask(volume: Volume, query: Query) -> Asked:
    """Make the query in PostgreSQL, with all spellings of the volume, and list the words that it cannot find.

    Two statements, none if the query asks for nothing.
    """
    if not query.groups:
        return Asked(volume, query, objection=_objection(query))
    words = [word for group in query.groups for item in group for word in item.words]
    plain = {word.text for word in words if not word.is_prefix and WORD.fullmatch(word.text)}
    spelt = Spelt(*spellings(volume, plain, {word.text for word in words if word.is_prefix}))
    asked = _query_as_sql(query, spelt)
    unknown = [word for word in query.words() if not spelt.knows(word) and WORD.fullmatch(word.text)]
    unknown = unknown[:MOST_CORRECTED]
    occurs = {f"has_{k}": _finds(volume, _phrase(word.text)) for k, word in enumerate(unknown)}
    row = (
        Volume.objects.filter(pk=volume.pk)
        .annotate(
            asked=Cast(asked, TextField()),
            # The part that an index can look for; nothing, or "T", if there are only exclusions and stop words.
            searchable=Func(asked, function="querytree", output_field=TextField()),
            **occurs,
        )
        .values("asked", "searchable", *occurs)
        .get()
    )
    is_searchable = row["searchable"] not in ("", "T")
    return Asked(
        volume,
        query,
        spelt,
        tsquery=row["asked"] if is_searchable else "",
        missing=tuple(word for word, has in zip(unknown, occurs, strict=True) if not row[has]),
        objection="" if is_searchable else STOP_WORDS_ALONE,
    )


def find_rows(asked: Asked) -> list[Row]:
    """Every row that is found; heads and headwords weigh more than the text below them.

    One statement; none if there is nothing to search for.
    """
    if not asked.tsquery:
        return []
    volume, tsquery = asked.volume, ReadyQuery(asked.tsquery)
    head = SearchVector(without_markup("head"), config=CONFIG, weight="B")
    entry = SearchVector("headword", config=CONFIG, weight="A") + SearchVector(
        "definition", config=CONFIG, weight="C"
    )
    nowhere = Cast(Value(None), IntegerField())
    headings = Division.objects.annotate(vector=head).filter(volume=volume, vector=tsquery)
    paragraphs = Paragraph.objects.filter(volume=volume, search=tsquery)
    notes = Note.objects.filter(division__volume=volume, search=tsquery)
    terms = Term.objects.annotate(vector=entry).filter(glossary=volume.glossary_id, vector=tsquery)
    # For each kind: its rows, their vector, division and position.
    selects: list[tuple[str, QuerySet[Any], str, Any, str]] = [
        ("heading", headings, "vector", F("pk"), "position"),
        ("text", paragraphs, "search", F("division_id"), "position"),
        ("note", notes, "search", F("division_id"), "position"),
        ("key", terms, "vector", nowhere, "pk"),
    ]
    rows_of_kinds = [
        rows.order_by()
        .annotate(
            kind_of_hit=Value(kind, output_field=TextField()),
            in_division=division,
            rank=SearchRank(F(vector), tsquery),
            place=F(position),
        )
        .values_list("kind_of_hit", "pk", "in_division", "rank", "place")
        for kind, rows, vector, division, position in selects
    ]
    return [Row(*row) for row in rows_of_kinds[0].union(*rows_of_kinds[1:], all=True)]


def looser_queries(asked: Asked) -> list[tuple[str, str]]:
    """The looser queries that find a text: the name of each, and its text.

    One statement; none if there are no looser queries.
    """
    looser = [(name, text) for name, text in _looser(asked.query) if read_query(text).groups]
    if not looser:
        return []
    finds = {
        f"finds_{k}": _finds(asked.volume, _query_as_sql(read_query(text), asked.spelt))
        for k, (_, text) in enumerate(looser)
    }
    has_hits = Volume.objects.filter(pk=asked.volume.pk).annotate(**finds).values_list(*finds).get()
    return [each for each, has in zip(looser, has_hits, strict=True) if has]


def corrected_query(asked: Asked) -> str:
    """The query with the volume's nearest words in place of the missing ones; empty if no word is near.

    One statement; none if no word is missing.
    """
    if not asked.missing:
        return ""
    near = nearest(asked.volume, {word.text for word in asked.missing})
    replacements = {word: near[word.text] for word in asked.missing if word.text in near}
    return asked.query.with_words(replacements) if replacements else ""


def _objection(query: Query) -> str:
    """Why a query without anything to look for is not searched."""
    if query.only_excludes:
        return EXCLUSIONS_ALONE
    return NO_WORD if query.text else ""


def _query_as_sql(query: Query, spelt: Spelt) -> Any:
    """SQL for the tsquery of a query with at least one group."""
    groups = []
    for group in query.groups:
        items: list[Any] = []
        for item in group:
            ways = list(_item_as_sql(item, spelt))
            if item.is_excluded:
                items += [~way for way in ways]
            else:
                items.append(reduce(or_, ways))
        groups.append(reduce(and_, items))
    return reduce(or_, groups)


def _item_as_sql(item: Item, spelt: Spelt) -> Iterator[SearchQuery]:
    """SQL for each spelling of an item."""
    most = MOST_PHRASES if len(item.words) > 1 else None
    for way in islice(product(*map(spelt.ways, item.words)), most):
        yield _phrase(" ".join(way))
    [first, *others] = item.words
    # A beginning of letters and digits is safe in the notation of `to_tsquery`, which has no parameters.
    if first.is_prefix and not others and first.text.isalnum():
        yield SearchQuery(f"{first.text}:*", config="simple", search_type="raw")


def _phrase(text: str) -> SearchQuery:
    # PostgreSQL would take text in angle brackets for the tags of a document, and leave it out.
    return SearchQuery(text.translate(ANGLE_BRACKETS), config=CONFIG, search_type="phrase")


def _finds(volume: Volume, asked: Any) -> "ExpressionWrapper[Any]":
    """SQL for whether a paragraph or a note of the volume is found."""
    paragraphs = Paragraph.objects.filter(volume=volume, search=asked)
    notes = Note.objects.filter(division__volume=volume, search=asked)
    return ExpressionWrapper(Q(Exists(paragraphs)) | Q(Exists(notes)), output_field=BooleanField())


def _looser(query: Query) -> list[tuple[str, str]]:
    """Looser forms of a query that found nothing: the name of each, and its text."""
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

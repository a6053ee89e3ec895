"""A query for PostgreSQL: tsquery over vectors, with the spellings of the volume."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from itertools import product
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
from reader.models.vectors import as_searched, markup_as_searched
from reader.search.query import DOTTED, Item, Query, Word, read_query
from reader.search.spellings import forms_of_terms, letters_of, nearest, spellings
from reader.text.english_spellings import other_spellings, with_prefix_apart
from reader.text.transliteration import WORD, without_possessive

CONFIG = "english"
# Spellings of one phrase, if several of its words have several spellings.
MOST_PHRASES = 16
MOST_CORRECTED = 5
# PostgreSQL looks for no such letter alone, and for no full stop.
STOP_LETTERS = frozenset("aist.")
# A number with its thousands apart, and one with its figures in a row.
THOUSANDS = re.compile(r"\d{1,3}(?:[,.’']\d{3})+")
LONG_NUMBER = re.compile(r"\d{4,9}")
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
    """The volume's spellings of the words of a query, its words with the beginnings that the query names, its terms.

    `forms` are the other forms of a term, by the letters of one. `is_english` adds the other side's spelling.
    """

    words: Mapping[str, list[str]] = field(default_factory=dict)
    beginnings: Mapping[str, list[str]] = field(default_factory=dict)
    forms: Mapping[str, list[str]] = field(default_factory=dict)
    is_english: bool = False

    def ways(self, word: Word) -> list[str]:
        """The spellings to look for, the typed one first; for a beginning, the words that have it."""
        if word.is_prefix:
            return self.beginnings.get(word.text) or [word.text]
        ways = [word.text, *_other_ways(word.text), *self.words.get(word.text, ())]
        if self.is_english and WORD.fullmatch(word.text):
            bare = without_possessive(word.text)
            ways += [*other_spellings(bare), with_prefix_apart(bare)]
        return list({way.casefold(): way for way in reversed(ways) if way}.values())[::-1]

    def ways_of(self, item: Item) -> list[str]:
        """The texts to look for in place of an item: combinations of its words' spellings, and other forms of a term.

        The fewer of its words are spelt otherwise than typed, the earlier comes a combination; at most MOST_PHRASES.
        """
        choices = [list(enumerate(self.ways(word))) for word in item.words]
        combined = sorted(product(*choices), key=lambda chosen: sum(at for at, _ in chosen))
        most = MOST_PHRASES if len(item.words) > 1 else None
        ways = [" ".join(way for _, way in chosen) for chosen in combined[:most]]
        typed = [word.text for word in item.words]
        if item.is_run and len(typed) > 1 and all(map(str.isalpha, typed)):
            ways.append("".join(typed))  # "co-operative" is also written in one
        return [*ways, *self.forms.get(letters_of("".join(typed)), ())]

    def knows(self, word: Word) -> bool:
        """Whether the volume has the word in any spelling."""
        return word.text in self.words or word.text in self.beginnings


def _other_ways(text: str) -> Iterator[str]:
    """A dotted word in one and with its letters apart; a number with its thousands in one, or apart."""
    if DOTTED.fullmatch(text):
        letters = text.replace(".", "")
        yield letters
        yield " ".join(letters)
    elif THOUSANDS.fullmatch(text):
        yield "".join(filter(str.isdigit, text))
    elif LONG_NUMBER.fullmatch(text):
        yield f"{int(text):,}"


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

    Three statements, none if the query asks for nothing.
    """
    if not query.groups:
        return Asked(volume, query, objection=_objection(query))
    items = [item for group in query.groups for item in group]
    words = [word for item in items for word in item.words]
    plain = {word.text for word in words if not word.is_prefix and WORD.fullmatch(word.text)}
    forms = {letters_of("".join(word.text for word in item.words)) for item in items} - {""}
    spelt = Spelt(
        *spellings(volume, plain, {word.text for word in words if word.is_prefix}),
        forms_of_terms(volume, forms),
        is_english=volume.language.casefold().startswith("en"),
    )
    asked = _query_as_sql(query, spelt)
    unknown = [word for word in query.words() if not spelt.knows(word) and WORD.fullmatch(word.text)]
    unknown = unknown[:MOST_CORRECTED]
    occurs = {
        f"has_{k}": _finds(volume, reduce(or_, _item_as_sql(Item((word,)), spelt)), in_texts=True)
        for k, word in enumerate(unknown)
    }
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
    nowhere = Cast(Value(None), IntegerField())
    headings, paragraphs, notes, terms = _found(volume, tsquery)
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


def _found(volume: Volume, tsquery: Any) -> tuple[QuerySet[Any], ...]:
    """The headings, paragraphs, notes and terms that are found; headings and terms with their `vector`."""
    head = SearchVector(markup_as_searched("head"), config=CONFIG, weight="B")
    entry = SearchVector(as_searched(F("headword")), config=CONFIG, weight="A") + SearchVector(
        as_searched(F("definition")), config=CONFIG, weight="C"
    )
    return (
        Division.objects.annotate(vector=head).filter(volume=volume, vector=tsquery),
        Paragraph.objects.filter(volume=volume, search=tsquery),
        Note.objects.filter(division__volume=volume, search=tsquery),
        Term.objects.annotate(vector=entry).filter(glossary=volume.glossary_id, vector=tsquery),
    )


def looser_queries(asked: Asked) -> list[tuple[str, str]]:
    """The looser queries that find something: the name of each, and its text.

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
    """The query with the volume's nearest words in place of the missing ones; empty if that finds nothing.

    Two statements; none if no word is missing.
    """
    if not asked.missing:
        return ""
    near = nearest(asked.volume, {word.text for word in asked.missing})
    replacements = {word: near[word.text] for word in asked.missing if word.text in near}
    corrected = read_query(asked.query.with_words(replacements)) if replacements else None
    if not corrected or not corrected.groups:
        return ""
    finds = _finds(asked.volume, _query_as_sql(corrected, asked.spelt))
    has_hits = Volume.objects.filter(pk=asked.volume.pk).annotate(finds=finds).values_list("finds", flat=True)
    return corrected.text if has_hits.get() else ""


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
        needed = [item for item in group if not _is_unsearchable(item)]
        for item in needed if any(not item.is_excluded for item in needed) else group:
            ways = list(_item_as_sql(item, spelt))
            if item.is_excluded:
                items += [~way for way in ways]
            else:
                items.append(reduce(or_, ways))
        groups.append(reduce(and_, items))
    return reduce(or_, groups)


def _is_unsearchable(item: Item) -> bool:
    """Whether an item is initials of which a text has only stop words if they are apart, such as *A. I.* here."""
    return all(
        DOTTED.fullmatch(word.text) and set(word.text.casefold()) <= STOP_LETTERS for word in item.words
    )


def _item_as_sql(item: Item, spelt: Spelt) -> Iterator[SearchQuery]:
    """SQL for each spelling of an item."""
    for way in spelt.ways_of(item):
        yield _phrase(way)
    [first, *others] = item.words
    # A beginning of letters and digits is safe in the notation of `to_tsquery`, which has no parameters.
    if first.is_prefix and not others and first.text.isalnum():
        yield SearchQuery(f"{first.text}:*", config="simple", search_type="raw")


def _phrase(text: str) -> SearchQuery:
    """SQL for words side by side; what is typed goes through the expression that the texts went through."""
    typed = as_searched(Value(text, output_field=TextField()))
    return SearchQuery(typed, config=CONFIG, search_type="phrase")


def _finds(volume: Volume, asked: Any, *, in_texts: bool = False) -> "ExpressionWrapper[Any]":
    """SQL for whether anything of the volume is found; `in_texts` asks the indexed texts alone, which is quick."""
    kinds = _found(volume, asked)
    found = (Q(Exists(rows)) for rows in (kinds[1:3] if in_texts else kinds))
    return ExpressionWrapper(reduce(or_, found), output_field=BooleanField())


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

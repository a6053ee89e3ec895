"""A query for PostgreSQL: tsquery over vectors, with the spellings of the volume."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Generic, NamedTuple, TypeVar

from django.utils.translation import gettext, gettext_lazy

from reader.search.outline import Operand, Outline, Row, letters_of, look_up
from reader.search.query import DOTTED, Item, Query, Word, read_query
from reader.search.spellings import nearest, spellings
from reader.search.statements import FOUND, IS_FOUND, IS_IN_TEXTS, LEXEMES, TSQUERIES, for_each, rows_of
from reader.text.english_spellings import other_spellings, with_prefix_apart
from reader.text.transliteration import WORD, without_possessive

# Spellings of one phrase, if several of its words have several spellings.
MOST_PHRASES = 16
MOST_CORRECTED = 5
# PostgreSQL looks for no such letter alone, and for no full stop.
STOP_LETTERS = frozenset("aist.")
# A number with its thousands apart, and one with its figures in a row.
THOUSANDS = re.compile(r"\d{1,3}(?:[,.’']\d{3})+")
LONG_NUMBER = re.compile(r"\d{4,9}")
# A word in a tsquery as PostgreSQL writes it.
OPERAND = re.compile(r"'(?P<lexeme>(?:[^']|'')*)'(?P<prefix>:\*)?")
# The number of texts of which a process remembers what PostgreSQL makes of them.
MOST_REMEMBERED = 50_000
STOP_WORDS_ALONE = gettext_lazy(
    "Your query has only words such as “the” and “of”, which stand on every page and are not searched for."
    " Add the word that you remember best."
)
EXCLUSIONS_ALONE = gettext_lazy("Your query says only what to leave out. Add a word to be found.")
NO_WORD = gettext_lazy("Your query has no word or number. Type a word, or a phrase in quotation marks.")


Typed = TypeVar("Typed")
Answer = TypeVar("Answer")


class Way(NamedTuple):
    """A text to look for: words side by side, or the beginning of a word."""

    text: str
    is_prefix: bool = False


class Learnt(Generic[Typed, Answer]):
    """What PostgreSQL says of texts, the same in all volumes: asked once for each text, at most MOST_REMEMBERED."""

    def __init__(self, question: Callable[[Sequence[Typed]], Iterable[tuple[Typed, Answer]]]) -> None:
        self._question = question
        self._known: dict[Typed, Answer] = {}

    def of(self, texts: Iterable[Typed]) -> dict[Typed, Answer]:
        """The answer for each text. One statement; none if all are known."""
        known = self._known
        answers = {text: known[text] for text in texts if text in known}
        unknown = [text for text in dict.fromkeys(texts) if text not in answers]
        if unknown:
            learnt = dict(self._question(unknown))
            if len(known) + len(learnt) > MOST_REMEMBERED:
                self._known = known = {}  # another thread may read the old one
            known |= learnt
            answers |= learnt
        return answers


def _read_tsqueries(ways: Sequence[Way]) -> list[tuple[Way, str]]:
    """The tsquery of each text, empty for stop words. What is typed goes the way that the texts went."""
    columns = {"ways": [way.text for way in ways], "prefixes": [way.is_prefix for way in ways]}
    return [(Way(text, is_prefix), tsquery) for text, is_prefix, tsquery in rows_of(TSQUERIES, columns)]


def _read_lexemes(words: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    return [(word, tuple(lexemes)) for word, lexemes in rows_of(LEXEMES, {"words": list(words)})]


_tsquery_of = Learnt(_read_tsqueries)
_lexemes_of = Learnt(_read_lexemes)


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

    outline: Outline
    query: Query
    spelt: Spelt = Spelt()
    tsquery: str = ""
    missing: tuple[Word, ...] = ()
    objection: str = ""

    @property
    def operands(self) -> list[Operand]:
        """The words of the tsquery."""
        return operands_of(self.tsquery)


def operands_of(tsquery: str) -> list[Operand]:
    """The words of a tsquery, each once."""
    found = (
        Operand(re.sub(r"(['\\\\])\1", r"\1", operand["lexeme"]), bool(operand["prefix"]))
        for operand in OPERAND.finditer(tsquery)
    )
    return list(dict.fromkeys(found))


def ask(slug: str, query: Query) -> Asked:
    """Make the query in PostgreSQL, with all spellings of the volume, and list the words that it cannot find.

    Three statements at most, one if the query asks for nothing, beside those that read the volume (Outline). Raises
    Volume.DoesNotExist.
    """
    if not query.groups:
        return Asked(look_up(slug)[0], query, objection=_objection(query))
    items = [item for group in query.groups for item in group]
    words = [word for item in items for word in item.words]
    plain = {word.text for word in words if not word.is_prefix and WORD.fullmatch(word.text)}
    forms = {letters_of("".join(word.text for word in item.words)) for item in items} - {""}
    outline, known, with_beginning = spellings(slug, plain, {word.text for word in words if word.is_prefix})
    language = outline.volume.language.casefold()
    spelt = Spelt(known, with_beginning, outline.forms_of_terms(forms), is_english=language.startswith("en"))
    unknown = [word for word in query.words() if not spelt.knows(word) and WORD.fullmatch(word.text)]
    unknown = unknown[:MOST_CORRECTED]
    alone = [Query(word.text, ((Item((word,)),),)) for word in unknown]
    tsquery, *of_words = _tsqueries([query, *alone], spelt)
    has = _which_find(outline, of_words, IS_IN_TEXTS)
    return Asked(
        outline,
        query,
        spelt,
        tsquery=tsquery,
        missing=tuple(word for word, is_found in zip(unknown, has, strict=True) if not is_found),
        objection="" if tsquery else str(STOP_WORDS_ALONE),
    )


def find_rows(asked: Asked) -> list[Row]:
    """Every row that is found; heads and headwords weigh more than the text below them.

    One statement; none if there is nothing to search for.
    """
    if not asked.tsquery:
        return []
    return [Row(*row) for row in rows_of(FOUND, _parameters(asked.outline, asked.tsquery))]


def words_found(asked: Asked, words: Iterable[str]) -> set[str]:
    """The words among these, as they are searched, that the query looks for. One statement; none for known words.

    PostgreSQL reduces a word to its stem and keeps the first letter, so only words with one of these are asked about.
    """
    operands = asked.operands
    letters = {lexeme[:1] for lexeme, _ in operands}
    exact = {lexeme for lexeme, is_prefix in operands if not is_prefix}
    beginnings = tuple(lexeme for lexeme, is_prefix in operands if is_prefix)
    likely = sorted({word for word in words if word[:1].lower() in letters})
    return {
        word
        for word, lexemes in _lexemes_of.of(likely).items()
        if not exact.isdisjoint(lexemes) or any(lexeme.startswith(beginnings) for lexeme in lexemes)
    }


def _parameters(outline: Outline, tsquery: str) -> dict[str, Any]:
    """The parameters of the statements that search a volume."""
    operands = operands_of(tsquery)
    parameters: dict[str, Any] = {
        "asked": tsquery,
        "volume": outline.volume.pk,
        "divisions": list(outline.divisions),
    }
    for kind, vectors in (("heads", outline.heads), ("terms", outline.terms)):
        columns = zip(("keys", "vectors", "places"), vectors.candidates(operands), strict=True)
        parameters |= {f"{kind}_{name}": column for name, column in columns}
    return parameters


def _which_find(outline: Outline, tsqueries: Sequence[str], question: str = IS_FOUND) -> list[bool]:
    """Which of these tsqueries find something; an empty one finds nothing. One statement; none if all are empty."""
    searchable = dict.fromkeys(filter(None, tsqueries))
    if not searchable:
        return [False] * len(tsqueries)
    [answers] = rows_of(*for_each(question, [_parameters(outline, tsquery) for tsquery in searchable]))
    finds = dict(zip(searchable, answers, strict=True))
    return [finds.get(tsquery, False) for tsquery in tsqueries]


def looser_queries(asked: Asked) -> list[tuple[str, str]]:
    """The looser queries that find something: what each looks for, in a sentence up to its text, and this text.

    Two statements at most; none if there are no looser queries.
    """
    looser = [(name, text) for name, text in _looser(asked.query) if read_query(text).groups]
    has_hits = _find_anything(asked, [read_query(text) for _, text in looser])
    return [each for each, has in zip(looser, has_hits, strict=True) if has]


def corrected_query(asked: Asked) -> str:
    """The query with the volume's nearest words in place of the missing ones; empty if that finds nothing.

    Three statements at most; none if no word is missing.
    """
    if not asked.missing:
        return ""
    near = nearest(asked.outline.volume, {word.text for word in asked.missing})
    replacements = {word: near[word.text] for word in asked.missing if word.text in near}
    corrected = read_query(asked.query.with_words(replacements)) if replacements else None
    if not corrected or not corrected.groups:
        return ""
    [has_hits] = _find_anything(asked, [corrected])
    return corrected.text if has_hits else ""


def _find_anything(asked: Asked, queries: Sequence[Query]) -> list[bool]:
    """Which of these queries find something."""
    return _which_find(asked.outline, _tsqueries(queries, asked.spelt))


def _objection(query: Query) -> str:
    """Why a query without anything to look for is not searched."""
    if query.only_excludes:
        return str(EXCLUSIONS_ALONE)
    return str(NO_WORD) if query.text else ""


def _tsqueries(queries: Iterable[Query], spelt: Spelt) -> list[str]:
    """The tsqueries of queries with at least one group; empty if an index can look for no part of one."""
    needed = [[_needed(group) for group in query.groups] for query in queries]
    written = _tsquery_of.of(
        [way for groups in needed for group in groups for item in group for way in _ways(item, spelt)]
    )
    return [_joined([_group(group, spelt, written) for group in groups]) for groups in needed]


def _needed(group: Sequence[Item]) -> Sequence[Item]:
    """The items of a group without initials that a text has only as stop words, unless there are no others."""
    needed = [item for item in group if not _is_unsearchable(item)]
    return needed if any(not item.is_excluded for item in needed) else group


def _group(group: Sequence[Item], spelt: Spelt, written: Mapping[Way, str]) -> tuple[str, bool]:
    """The tsquery of a group, and whether it has a word that is to be found, not only words to leave out."""
    parts, has_word = [], False
    for item in group:
        ways = [f"({tsquery})" for way in _ways(item, spelt) if (tsquery := written[way])]
        if item.is_excluded:
            parts += [f"!{way}" for way in ways]
        elif ways:
            parts.append(f"({' | '.join(ways)})")
            has_word = True
    return " & ".join(parts), has_word


def _joined(groups: Iterable[tuple[str, bool]]) -> str:
    """Groups, of which one must be found. A group of exclusions would find nearly everything, so nothing is asked."""
    asking = [(tsquery, has_word) for tsquery, has_word in groups if tsquery]
    return " | ".join(f"({tsquery})" for tsquery, _ in asking) if all(has for _, has in asking) else ""


def _ways(item: Item, spelt: Spelt) -> list[Way]:
    """The texts and beginnings to look for in place of an item."""
    ways = [Way(text) for text in spelt.ways_of(item)]
    [first, *others] = item.words
    # A beginning of letters and digits is safe in the notation of `to_tsquery`.
    if first.is_prefix and not others and first.text.isalnum():
        ways.append(Way(first.text, is_prefix=True))
    return ways


def _is_unsearchable(item: Item) -> bool:
    """Whether an item is initials of which a text has only stop words if they are apart, such as *A. I.* here."""
    return all(
        DOTTED.fullmatch(word.text) and set(word.text.casefold()) <= STOP_LETTERS for word in item.words
    )


def _looser(query: Query) -> list[tuple[str, str]]:
    """Looser forms of a query that found nothing: what each looks for, up to its text, and this text."""
    items = [item for group in query.groups for item in group if not item.is_excluded]
    words = list(dict.fromkeys(word.text + "*" * word.is_prefix for word in query.words()))
    looser = []
    if any(len(item.words) > 1 for item in items):
        looser.append((gettext("Look for the words apart, in any order:"), " ".join(words)))
    if len(words) > 1:
        looser.append((gettext("Look for any one of the words:"), " or ".join(words)))
    if len(words) == 1 and len(words[0]) > 5 and words[0].isalpha():
        looser.append((gettext("Look for words that begin like it:"), f"{words[0][:-2]}*"))
    return [(name, text) for name, text in looser if text.casefold() != query.text.casefold()]

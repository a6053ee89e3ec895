"""A query as a person types it, read as a small tree. Pure; nothing that a person types is an error.

    query    = group { ( "or" | "|" ) group }      the groups of which one must be found
    group    = { [ "-" ] item }                    the items that all must be found, or with "-" must not
    item     = '"' { word } [ '"' ] | word         a phrase, or a word alone
    word     = a run without spaces and quotation marks, with "*" at its end the beginning of a word

"or" binds weaker than "and", as in PostgreSQL's `websearch_to_tsquery`: `a b or c` is (a and b) or c. Quotation marks
may be of any kind; a run without letter or digit is ignored. A run with a dash, a slash or a bracket in it is read as
the words between these, side by side: `1923–1930`, `sugar/flour`, `RCP(B)`. An apostrophe or a full stop stays in its
word. Every word has its `start` and `end` in the text that was read.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from reader.text.searchable import PARTED, without_unseen_signs

# Longer queries are cut: a sentence of a book is shorter, and each word costs the database work.
LONGEST = 300
MOST_ITEMS = 32
# A beginning stands for all words that have it. Others are looked for as words.
MOST_BEGINNINGS = 8
SHORTEST_BEGINNING = 2

TOKEN = re.compile(r'(?P<minus>-*)(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<word>[^\s"]+))')
QUOTATION_MARKS = str.maketrans(dict.fromkeys("“”„‟«»❝❞＂", '"'))
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffd]")
# What an import, too, reads as plain characters.
PLAIN = str.maketrans(
    {
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "ﬅ": "st",
        "ﬆ": "st",
        "\u2010": "-",
        "\u2011": "-",
    }
)
LETTER = re.compile(r"[^\W_]")
APOSTROPHES = "'’ʼ‘`´ʹʺ′″"
# A word in a run: what marks do not part, with apostrophes, full stops, and the commas of thousands.
PIECE = re.compile(rf"(?:(?!{PARTED}|\s).|[{APOSTROPHES}.]|(?<=\d),(?=\d{{3}}))+")
STARS = re.compile(r"\*+(?!\w)")
# Letters with full stops: initials and acronyms.
DOTTED = re.compile(r"(?:[^\W\d_]\.){2,}")
INITIAL = re.compile(r"(?<![^\s\"“„«(])([^\W\d_a-z]\.) (?=[^\W\d_a-z]\.)")


@dataclass(frozen=True, slots=True)
class Word:
    """A run of the query, without the star that makes it the beginning of a word."""

    start: int
    end: int
    text: str
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A word, or a phrase of several; `is_run` if the words were typed without a space between them."""

    words: tuple[Word, ...]
    is_excluded: bool = False
    is_run: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A query: `text` as it was read, and the groups of which one must be found.

    A group of exclusions alone asks for nothing and is left out. `is_cut` is true if words at the end were not read,
    `has_whole` if a beginning was read as a word.
    """

    text: str
    groups: tuple[tuple[Item, ...], ...] = ()
    is_cut: bool = False
    only_excludes: bool = False
    has_whole: bool = False

    def words(self) -> Iterator[Word]:
        """Every word that is to be found, in the order of the text."""
        for group in self.groups:
            for item in group:
                if not item.is_excluded:
                    yield from item.words

    @property
    def has_phrase(self) -> bool:
        """Whether a phrase of several words is to be found."""
        return any(len(item.words) > 1 for group in self.groups for item in group if not item.is_excluded)

    def with_words(self, replacements: dict[Word, str]) -> str:
        """The text of the query with other words in place of some."""
        text, at = "", 0
        for word in sorted(replacements, key=lambda word: word.start):
            text += self.text[at : word.start] + replacements[word]
            at = word.end
        return text + self.text[at:]


def read_query(typed: str) -> Query:
    """The query that a person typed. Never raises."""
    plain = unicodedata.normalize("NFC", without_unseen_signs(typed)).translate(PLAIN)
    text = " ".join(CONTROL.sub(" ", plain).translate(QUOTATION_MARKS).split())
    text = INITIAL.sub(r"\1", text)
    is_cut = len(text) > LONGEST
    if is_cut:
        shorter = text[: LONGEST + 1].rpartition(" ")[0] or text[:LONGEST]
        text = shorter.strip()
    groups: list[list[Item]] = [[]]
    items = beginnings = 0
    has_whole = False
    for token in TOKEN.finditer(text):
        if token["word"] is not None and not token["minus"] and token["word"].casefold() in ("or", "|"):
            groups.append([])
            continue
        words = tuple(_words(token))
        if words and items == MOST_ITEMS:
            is_cut = True
            break
        if words:
            bounded = tuple(_bounded(words, MOST_BEGINNINGS - beginnings))
            has_whole |= bounded != words
            beginnings += sum(word.is_prefix for word in bounded)
            is_run = token["word"] is not None
            groups[-1].append(Item(bounded, is_excluded=bool(token["minus"]), is_run=is_run))
            items += 1
    asking = tuple(tuple(group) for group in groups if not all(item.is_excluded for item in group))
    return Query(text, asking, is_cut, only_excludes=items > 0 and not asking, has_whole=has_whole)


def _bounded(words: Iterable[Word], most: int) -> Iterator[Word]:
    """The words, of which so many beginnings at most are beginnings, and none of a letter alone."""
    for word in words:
        if word.is_prefix and (most == 0 or len(word.text) < SHORTEST_BEGINNING):
            yield replace(word, is_prefix=False)
        else:
            most -= word.is_prefix
            yield word


def _words(token: re.Match[str]) -> Iterator[Word]:
    name = "word" if token["word"] is not None else "phrase"
    for piece in PIECE.finditer(token[name]):
        if not LETTER.search(piece[0]):
            continue
        text = piece[0] if DOTTED.fullmatch(piece[0]) else piece[0].strip(f".{APOSTROPHES}")
        start = token.start(name) + piece.start() + piece[0].index(text)
        end = start + len(text)
        stars = STARS.match(token.string, end)
        is_prefix = stars is not None and end + len(stars[0]) <= token.end(name)
        yield Word(start, end + len(stars[0]) if stars and is_prefix else end, text, is_prefix)

"""Passages of running text cut into words, and the usage of the volume as a whole: the material of the rules."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple
from unicodedata import combining, normalize

from corpus_import.parsing.elements import Draft, Piece, Span, Text
from corpus_import.parsing.stages.question_readings.codes import CODES
from corpus_import.parsing.stages.question_readings.known_words import PREFIXES, SUFFIXES
from reader.text.word_list import Index, WordList

# A word may have apostrophes inside; a hyphen ends a word.
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_CUT = re.compile(f"({WORD.pattern})")
_POSSESSIVE = re.compile(r"['’]s?$")


@lru_cache(maxsize=100_000)
def folded(word: str) -> str:
    """The word in small letters, without the ending of a possessive."""
    small = word.casefold()
    return small if small.isalpha() else _POSSESSIVE.sub("", small.replace("’", "'"))


class Word(NamedTuple):
    """A word of a passage, at `start` to `end` of the passage's string. `apart` is True if anything but one space
    stands between the word and the word before: punctuation, a note's call, the beginning of the passage.
    """

    text: str
    start: int
    end: int
    apart: bool
    folded: str  # in small letters, without the ending of a possessive


@dataclass(frozen=True)
class Passage:
    """A paragraph, a paragraph of a note, a heading, or an entry of the key."""

    text: Text
    kind: str  # prose, quotation, note, heading, entry
    references: frozenset[int] = frozenset()  # offsets before which a note is called
    goes_on: bool = False  # a quotation of its own, or the rest of the sentence, follows

    @cached_property
    def string(self) -> str:
        """The text as one string."""
        return self.text.string

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return (0, *accumulate(len(piece.text) for piece in self.text.pieces))

    def source_at(self, offset: int) -> Span:
        """The source of the character at `offset` of the string."""
        at = bisect_right(self._starts, offset) - 1
        return Text((self.text.pieces[at],)).source_at(offset - self._starts[at])

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """The words, in order."""
        # This runs a million times in a long book: cutting the string is faster than asking each match for its place,
        # and `tuple.__new__` takes a quarter of the time of `Word(...)`.
        words: list[Word] = []
        end, references = 0, self.references
        pieces = _CUT.split(self.string)
        for gap, text in zip(pieces[::2], pieces[1::2], strict=False):
            apart = gap != " " or not words or end in references
            start = end + len(gap)
            end = start + len(text)
            words.append(tuple.__new__(Word, (text, start, end, apart, folded(text))))
        return tuple(words)

    @cached_property
    def quoted(self) -> tuple[tuple[int, int], ...]:
        """The spans between straight or curly double quotation marks."""
        return tuple(m.span() for m in re.finditer(r"[\"“][^\"“”]*[\"”]", self.string))


@dataclass(frozen=True, slots=True)
class Finding:
    """The finding of a rule at `start` to `end` of a passage's string."""

    start: int
    end: int
    code: str
    suggestion: str
    evidence: str

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise ValueError(f"{self.code} is not one of the suspects' codes.")


@dataclass(frozen=True)
class Usage:
    """Counts over the whole volume: words as written, words in small letters, pairs of words."""

    language: str
    words: Counter[str] = field(default_factory=Counter)
    folded: Counter[str] = field(default_factory=Counter)
    small: Counter[str] = field(default_factory=Counter)  # words written in small letters
    pairs: Counter[str] = field(default_factory=Counter)
    compounds: Counter[str] = field(default_factory=Counter)  # `state-owned`
    years: Counter[str] = field(default_factory=Counter)
    points: Counter[str] = field(
        default_factory=Counter
    )  # words with a full stop after them, before a small letter
    terms: frozenset[str] = frozenset()  # words of the glossary's headwords, as they stand
    headwords: tuple[str, ...] = ()  # of the glossary
    phrases: tuple[
        tuple[str, ...], ...
    ] = ()  # the glossary's definitions that are names: each word with its capital
    leading: Counter[str] = field(
        default_factory=Counter
    )  # words at the beginning of a sentence, and `namely`
    commas: Counter[str] = field(default_factory=Counter)  # of these, the ones with a comma after
    volumes: Counter[str] = field(default_factory=Counter)  # how `vol. 2` and `vol. II` are numbered
    ranges: Counter[tuple[str, str]] = field(
        default_factory=Counter
    )  # of years, each with the two words before it
    ranges_alone: Counter[str] = field(default_factory=Counter)
    double_spaces: int = 0
    spaced_dashes: int = 0
    tight_dashes: int = 0

    @cached_property
    def spellings(self) -> Index:
        """The words that the volume uses three times or more, and the words of its glossary, as written."""
        often = {w: n for w, n in self.words.items() if n >= 3 and len(w) > 3}
        return Index(often | {t: max(self.words[t], 3) for t in self.terms if len(t) > 3})

    def is_before(self, a: str, b: str) -> bool:
        """Whether word `a` stands in the volume before word `b`."""
        return self._order[a] < self._order[b]

    @cached_property
    def _order(self) -> dict[str, int]:
        return {word: k for k, word in enumerate(self.words)}

    @cached_property
    def ranges_after(self) -> dict[str, list[tuple[str, int]]]:
        """The ranges of years that stand twice or more after the same two words, under these words."""
        filed: dict[str, list[tuple[str, int]]] = {}
        for (range_, left), count in self.ranges.items():
            if count >= 2:
                filed.setdefault(left, []).append((range_, count))
        return filed

    @cached_property
    def often_joined(self) -> dict[str, int]:
        """The compounds that stand three times or more, with a space for each hyphen."""
        return {compound.replace("-", " "): n for compound, n in self.compounds.items() if n >= 3}

    @cached_property
    def begin_joined(self) -> frozenset[str]:
        """The first words of these compounds."""
        return frozenset(words.partition(" ")[0] for words in self.often_joined)

    @cached_property
    def before_commas(self) -> frozenset[str]:
        """The words at the beginning of a sentence after which a comma stands nearly always, and not always."""
        return frozenset(
            word
            for word, count in self.leading.items()
            if count >= 5 and self.commas[word] * 5 >= count * 4 and self.commas[word] < count
        )

    @cached_property
    def folded_terms(self) -> frozenset[str]:
        """The words of the glossary's headwords in small letters."""
        return frozenset(term.casefold() for term in self.terms)

    @cached_property
    def letters_of_terms(self) -> frozenset[str]:
        """The glossary's headwords and their words as letters alone, in small letters."""
        return self.folded_terms | {"".join(filter(str.isalpha, each)).casefold() for each in self.headwords}

    @cached_property
    def phrases_by_beginning(self) -> dict[str, list[tuple[str, ...]]]:
        """The phrases under their first word, in small letters."""
        filed: dict[str, list[tuple[str, ...]]] = {}
        for phrase in self.phrases:
            filed.setdefault(phrase[0].casefold(), []).append(phrase)
        return filed


@dataclass(frozen=True)
class Known:
    """The knowledge of the rules: the volume's usage, and the language's list where there is one."""

    usage: Usage
    list: WordList | None

    @cached_property
    def strangers(self) -> Index:
        """Long words that no list knows: names, and words of other languages, as the volume spells them."""
        words = self.usage.words
        return Index({w: n for w, n in words.items() if len(w) >= 7 and not self.is_word(w.casefold())})

    def is_word(self, folded: str) -> bool:
        """Whether the list has the word, or its parts or its stem."""
        if self.list is None:
            return False
        words = self.list
        if folded in words.counts:
            return True
        known = self._judged.get(folded)
        if known is None:
            spelled = (words.spelled(spelling) for spelling in (folded, *stems_of(folded)))
            known = any(spelling in words.counts for spelling in spelled) or words.knows(folded)
            if not known and len(folded) > 3 and not folded.isascii():
                bare = plain(folded)
                known = bare.isascii() and self.is_word(bare)
            self._judged[folded] = known
        return known

    def is_derived(self, folded: str) -> bool:
        """Whether a word is one by its parts alone: no list has the word itself, `friedly` nor `resettled`."""
        words = self.list
        if words is None or not self.is_word(folded):
            return False
        return words.spelled(folded) not in words.counts and not words.knows(folded) and folded.isascii()

    @cached_property
    def _judged(self) -> dict[str, bool]:
        return {}


def plain(folded: str) -> str:
    """The word in the letters of the English alphabet: `role` for `rôle`, `daemon` for `dæmon`."""
    apart = normalize("NFD", folded.replace("æ", "ae").replace("œ", "oe"))
    return "".join(letter for letter in apart if not combining(letter))


def stems_of(folded: str) -> Iterator[str]:
    """The stems of an English word without one regular ending or prefix: `resettled` → `resettle`, `settled`."""
    for size in range(1, min(_LONGEST_SUFFIX, len(folded) - 4) + 1):
        for instead in _INSTEAD_OF.get(folded[-size:], ()):
            yield folded[:-size] + instead
    for size in range(2, min(_LONGEST_PREFIX, len(folded) - 5) + 1):
        if folded[:size] in _PREFIXES:  # `unroyal`
            yield folded[size:]


_PREFIXES = frozenset(PREFIXES)
_INSTEAD_OF: dict[str, list[str]] = {}
for _suffix, _instead in SUFFIXES:
    _INSTEAD_OF.setdefault(_suffix, []).append(_instead)
_LONGEST_SUFFIX, _LONGEST_PREFIX = max(map(len, _INSTEAD_OF)), max(map(len, _PREFIXES))


# No word is so long: what has no space for so many characters is no text, and takes the rules too long.
_ENDLESS = re.compile(r"\S{1000}")


def passages_of(draft: Draft) -> Iterator[Passage]:
    """The passages of an edition, division by division; tables, and passages with a word without end, are left out."""
    return (passage for passage in _all_passages(draft) if not _ENDLESS.search(passage.string))


def _all_passages(draft: Draft) -> Iterator[Passage]:
    for division in draft.divisions:
        yield Passage(division.head, "heading", frozenset(r.offset for r in division.references))
    paragraphs = draft.paragraphs
    for index, paragraph in enumerate(paragraphs):
        if paragraph.kind == "table":
            continue
        after = paragraphs[index + 1] if index + 1 < len(paragraphs) else None
        goes_on = (
            after is not None
            and after.division == paragraph.division
            and (after.kind != "prose" or after.continues)
        )
        references = frozenset(r.offset for r in paragraph.references)
        yield Passage(paragraph.text, paragraph.kind.value, references, goes_on)
    for note in draft.notes:
        for n, body in enumerate(note.paragraphs):
            if body.kind != "table":
                last = n + 1 == len(note.paragraphs)
                yield Passage(body.text, "note", frozenset(), not last or not note.complete)
    for entry in draft.key:
        pieces: list[Piece] = []
        for span in entry.spans:
            if pieces:
                pieces.append(Piece(" ", Span(span.witness, span.start, span.start)))
            pieces.append(Piece(draft.witnesses[span.witness].text[span.start : span.end], span))
        yield Passage(
            Text(tuple(pieces)), "entry", frozenset({len(pieces[0].text)}) if pieces else frozenset()
        )


# Each pattern begins with a character that is rare, and looks back from there: `re` finds a first character fast.
_YEAR = re.compile(r"1(?<![\d.,-].)[0-9]{3}(?![\d,]\d)")
_RANGE_OF_YEARS = re.compile(r"[12](?<!\d.)\d{3}-[12]\d{3}(?![\d-])")
_TWO_WORDS_BEFORE = re.compile(r"[^\W\d_]+ [^\W\d_]+(?= $)")
_POINT = re.compile(r"\b([a-z]{1,5})\.(?= ?[a-z0-9,;)\]])")
_POINT_INSIDE = re.compile(r"\. ?[a-z0-9,;)\]]")
_LEADING = re.compile(r"[.?!][\"”)]? (?=[A-Z])([A-Za-z]+)([,:]?)")
_FIRST = re.compile(r"(?=[A-Z])([A-Za-z]+)([,:]?)")
_NAMELY = re.compile(r"\b(namely|viz)\b([,:]?)")
_VOLUME = re.compile(r"vol(?<!\w...)s?\. ?(?:(?P<digits>[0-9]+)|[IVX]{2,}\b|[VX]\b)")
_COMPOUND = re.compile(r"(?<![^\W\d_])[^\W\d_]+(?:-[^\W\d_]+)+")


def count_usage(draft: Draft) -> Usage:
    """Count the usage of the volume in one reading."""
    terms = frozenset(w for e in draft.key for w in WORD.findall(e.headword))
    words: Counter[str] = Counter()
    headwords = tuple(entry.headword for entry in draft.key)
    usage = Usage(
        draft.manifest.language, words, terms=terms, headwords=headwords, phrases=_phrases_of(draft)
    )
    spaced = tight = doubled = 0
    for passage in passages_of(draft):
        here, string = passage.words, passage.string
        words.update([word.text for word in here])
        usage.pairs.update([f"{a.folded} {b.folded}" for a, b in pairwise(here) if not b.apart])
        if "-" in string:
            usage.compounds.update(m[0].casefold() for m in _COMPOUND.finditer(string))
        usage.years.update(_YEAR.findall(string))
        for _, range_, left in ranges_of_years(string):
            usage.ranges_alone[range_] += 1
            if left:
                usage.ranges[range_, left] += 1
        for word, comma in _leading_words(string):
            usage.leading[word] += 1
            usage.commas[word] += comma == ","
        if passage.kind not in ("entry", "heading"):
            doubled += string.count("  ")
        for match in _VOLUME.finditer(string):
            usage.volumes["digits" if match["digits"] else "roman"] += 1
        if _POINT_INSIDE.search(string):
            usage.points.update(_POINT.findall(string))
        spaced += string.count(" -- ")
        tight += len(re.findall(r"\w--\w", string)) if "--" in string else 0
    for text, count in words.items():
        usage.folded[folded(text)] += count
        if text.islower():
            usage.small[folded(text)] += count
    return replace(usage, spaced_dashes=spaced, tight_dashes=tight, double_spaces=doubled)


def _leading_words(string: str) -> Iterator[tuple[str, str]]:
    """The words at the beginning of a sentence, and `namely`, each with the comma or colon after it."""
    if first := _FIRST.match(string):
        yield first[1], first[2]
    yield from _LEADING.findall(string)
    if "namely" in string or "viz" in string:
        yield from _NAMELY.findall(string)


def ranges_of_years(string: str) -> Iterator[tuple[int, str, str]]:
    """The offsets of ranges of years, the ranges, and the two words before each, in small letters."""
    for match in _RANGE_OF_YEARS.finditer(string):
        start = match.start()
        before = _TWO_WORDS_BEFORE.search(string[max(start - 60, 0) : start])
        yield start, match[0], before[0].casefold() if before else ""


def _phrases_of(draft: Draft) -> tuple[tuple[str, ...], ...]:
    """The definitions of the key that are names of three words or more, where all but the small words have capitals."""
    phrases = []
    for entry in draft.key:
        words = tuple(WORD.findall(entry.definition.split(":")[0].split(",")[0].split("(")[0]))
        large = [w for w in words if w[0].isupper()]
        if len(words) >= 3 and len(large) >= 2 and all(w[0].isupper() or len(w) <= 3 for w in words):
            phrases.append(words)
    return tuple(phrases)

"""Places where a source probably lost the italics of the print. Pure.

A browser that wrote a page as plain text left a space at the end of italics before a mark of punctuation; the importer
closes it and records it. That is the only trace of the italics themselves, and it tells only where they ended. All else
is inferred: a citation shows which of its words are a title; words that the language of the text lacks, and that show
the signs of another, are foreign; a term of the glossary may be such a word.

Nothing here is certain: each place is a question for a person.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

from reader.text.languages import LANGUAGES, language_of, name_of

_Key = TypeVar("_Key")
Knows = Callable[[str], bool]


class Kind(StrEnum):
    """What stood in italics; of two that touch, the first."""

    TITLE = "title"
    TERM = "term"
    FOREIGN = "foreign"
    EMPHASIS = "emphasis"


class Place(NamedTuple):
    """Characters `start` to `end` of a plain text that may have stood in italics, and why."""

    start: int
    end: int
    kind: Kind
    language: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Examined(Generic[_Key]):
    """A plain text: its name, the places that are in italics already, the ends of italics that the source shows."""

    key: _Key
    plain: str
    emphasised: Sequence[tuple[int, int]] = ()
    traces: Sequence[int] = ()


MONTHS = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan\.|Feb\.|Mar\.|Apr\.|"
    r"Aug\.|Sept\.|Oct\.|Nov\.|Dec\.)"
)
LABEL = (
    r"(?:[Vv]ols?|[Nn]os?|pp?|[Pp]ts?|[Tt]|[Bb]k|[Cc]hs?|[Cc]hap|[Ff]asc|[Ss]er)\. ?(?=[\dIVXLCivxlc])"
    r"|(?:[Vv]olume|[Nn]umber|[Pp]art|[Tt]ome|[Bb]and|[Tt]om) (?=[\dIVXLC])"
)
# A place and a year: `(Paris, 1970)`, `(London: Penguin, 1971)`; a place alone stands before a volume.
PRINTED_AT = rf"\((?!{MONTHS})[A-ZÀ-Þ][^()\d]*,? 1[5-9]\d\d(?:[-–]\d+)?\)"
# What follows a title in a citation.
TAIL = re.compile(
    rf"(?: \([A-ZÀ-Þ][^()\d]*\))?(?: \[[^\]]*\])?,? ?(?:(?<=[, ])(?:{LABEL})|(?<=, ){MONTHS} \d{{1,2}}, 1[5-9]\d\d)"
    rf"| {PRINTED_AT}|, in (?!{MONTHS})(?=[A-ZÀ-Þ])"
)
# What stands before a title: the beginning, an author, *in*, *see*.
LEAD = re.compile(
    r"(?:^|(?<=[.;:(\[\]] )|(?<=[(\[])|(?<=, )|(?<=\b[Ii]n )|(?<=\b[Ss]ee )|(?<=\b[Cc]f\. )|(?<=\b[Ss]ee also )"
    r"|(?<=['’]s ))(?=[A-ZÀ-Þ])"
)
TITLE = re.compile(r"[A-ZÀ-Þ][^,;:.()\[\]\"“”?!\n—]{1,140}(?:, 1[5-9]\d\d[-–]\d\d(?:\d\d)?(?!\d))?")
# Words of a title that are written small.
ENGLISH = {"a", "an", "and", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the", "to", "with"}
SMALL = ENGLISH.union(*(language.words for language in LANGUAGES))
YEARS = r"1[5-9]\d\d[-–]\d\d(?:\d\d)?"
NO_TITLE = re.compile(
    rf"(?:{MONTHS}\b.*|Ibid|Op|Loc|Idem|See|In|The same|Quoted|Cited|Printed|Published|Reprinted|"
    r"Chapter|Section|Part|Volume|Note|Table|Appendix)(?:\W.*)?\Z|"
    r".*\b(?:present|this) (?:work|volume|book)\b.*"
)
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# Capitals that small words join, with a subtitle or with years.
CAPITAL = r"[A-ZÀ-Þ][^\s,;:.()\[\]\"“”?!—]*"
CAPITALS = rf"{CAPITAL}(?: (?:(?:{'|'.join(sorted(SMALL))}) )*{CAPITAL})"
TITLE_BEFORE = re.compile(rf"(?<!\w)(?:(?:{CAPITALS}+: )?{CAPITALS}+|{CAPITALS}*(?=, ))(?:, {YEARS})?\Z")
AUTHOR = re.compile(rf"{CAPITAL}['’]s (?={CAPITAL} )")
WORD_BEFORE = re.compile(r"[^\s()\[\]\"“”,;:!?—]+\Z")
# Words in brackets after an English phrase: `financial autonomy (khozraschet)`.
GLOSS = re.compile(r"(?<=[(\[])[^()\[\]\"“”,;:.!?\d—]{3,60}(?=[)\],;])")
# The most words of a title, small ones aside.
LONGEST_TITLE = 12
# Characters before the end of italics in which their beginning is looked for.
REACH = 160
# The rule by which an import closes the space that italics left.
CLOSED_SPACE = "space before punctuation"
TRACE = "the source has a space where italics ended"
# The fewest terms of a glossary that show a language before it lends it to its other terms.
FEWEST_TERMS = 3


def find_lost_italics(
    texts: Iterable[Examined[_Key]], terms: Collection[str], knows: Knows | None
) -> Iterator[tuple[_Key, Place]]:
    """The places in these texts, in order; none overlaps another, or what is in italics already.

    `terms` are the spellings of the glossary's terms; `knows` says whether the language of the text has a word, None if
    there is no list of its words: then only titles and the ends of italics are found.
    """
    examined = list(texts)
    titles = {
        text.plain[place.start : place.end]
        for text in examined
        for place in _cited_titles(text.plain, knows)
        if " " in text.plain[place.start : place.end].strip()
    }
    foreign = _ForeignWords(terms, knows) if knows else None
    for text in examined:
        found: list[Place] = [*_cited_titles(text.plain, knows), *_named_titles(text.plain, titles, knows)]
        if foreign:
            found += foreign.places(text.plain)
        kept = list(_apart(found, text.emphasised))
        for end in text.traces:
            if not any(a < end <= b for a, b in text.emphasised):
                kept = _with_trace(text.plain, end, kept, knows, foreign.lent if foreign else "")
        for place in sorted(kept):
            yield text.key, place


def _apart(found: Iterable[Place], taken: Sequence[tuple[int, int]]) -> Iterator[Place]:
    """The places without those that touch another, of the kind that comes first, or what is `taken`."""
    spans = list(taken)
    for place in sorted(found, key=lambda each: (list(Kind).index(each.kind), each.start - each.end)):
        if not any(place.start < end and start < place.end for start, end in spans):
            spans.append((place.start, place.end))
            yield place


# Titles


def _cited_titles(plain: str, knows: Knows | None) -> Iterator[Place]:
    """The titles of citations: capitals behind an author or *in*, before a volume, a page, or a place and year."""
    since = 0
    for lead in LEAD.finditer(plain):
        start = lead.end()
        if start < since or (match := TITLE.match(plain, start)) is None:
            continue
        end = match.end()
        while end > start and plain[end - 1] == " ":
            end -= 1
        reading = plain[start:end]
        tail = TAIL.match(plain, end)
        if tail is None or NO_TITLE.match(reading):
            continue
        language = _language(reading, knows)
        if _is_title(reading, language, tail[0], knows):
            since = end
            yield Place(start, end, Kind.TITLE, language, f"a citation: “{reading}{tail[0].rstrip()} …”")


def _is_title(reading: str, language: str, tail: str, knows: Knows | None) -> bool:
    """Whether capitals are a title: in headline style, unless it is foreign; `The Poverty of Philosophy, in Marx`."""
    words = [word for word in reading.split() if word not in SMALL]
    if len(words) > LONGEST_TITLE:
        return False
    if tail.startswith(", in "):
        return any(word in SMALL and word != "and" for word in reading.split())
    return all(not word[:1].islower() or (language and not _is_known(word, knows)) for word in words)


def _named_titles(plain: str, titles: Collection[str], knows: Knows | None) -> Iterator[Place]:
    """The titles that are cited elsewhere, of two words or more, where the text names them."""
    for title in titles:
        at = plain.find(title)
        while at >= 0:
            end = at + len(title)
            if not plain[max(0, at - 1) : at].isalnum() and not plain[end : end + 1].isalnum():
                yield Place(at, end, Kind.TITLE, _language(title, knows), "a work that is cited elsewhere")
            at = plain.find(title, end)


def _language(reading: str, knows: Knows | None) -> str:
    words = WORD.findall(reading)
    if knows is None:
        return ""
    return language_of(words, [word for word in words if not _is_known(word, knows)])


def _is_known(word: str, knows: Knows | None) -> bool:
    if knows is None:
        return True
    folded = word.casefold().replace("’", "'")
    return knows(folded) or knows(folded.removesuffix("'s"))


# Foreign words


class _ForeignWords:
    """The words that the language of the text lacks, and that show the signs of another."""

    def __init__(self, terms: Collection[str], knows: Knows) -> None:
        self.knows = knows
        strange = [
            term for term in terms if term.isalpha() and not term.isupper() and not _is_known(term, knows)
        ]
        by_language: dict[str, int] = {}
        for term in strange:
            if tag := language_of([term], [term]):
                by_language[tag] = by_language.get(tag, 0) + 1
        most = max(by_language, key=lambda tag: by_language[tag], default="")
        self.lent = most if most and by_language[most] >= FEWEST_TERMS else ""
        # The terms that are foreign words, in small letters; names with capitals are not set in italics.
        self.terms = {
            term.casefold(): language_of([term], [term]) or self.lent
            for term in strange
            if sum(map(str.isupper, term)) < 2
        }

    def places(self, plain: str) -> Iterator[Place]:
        """Terms, words in brackets that explain, and runs of words that show a language."""
        for match in WORD.finditer(plain):
            word = match[0]
            if not word.islower() or len(word) < 3 or _is_known(word, self.knows):
                continue
            if (tag := self._term(word)) is not None:
                yield Place(
                    *match.span(),
                    Kind.TERM,
                    tag,
                    "a term of the glossary that is no word of the text’s language",
                )
            elif tag := language_of([word], [word]):
                yield self._grown(plain, match.start(), match.end(), tag)
        for gloss in GLOSS.finditer(plain):
            words = WORD.findall(gloss[0])
            strange = [word for word in words if not _is_known(word, self.knows)]
            if strange and len(strange) * 2 >= len(words) and any(word.islower() for word in strange):
                tag = language_of(words, strange) or self.lent
                start = gloss.start() + len(gloss[0]) - len(gloss[0].lstrip())
                yield Place(
                    start,
                    gloss.start() + len(gloss[0].rstrip()),
                    Kind.FOREIGN,
                    tag,
                    "words in brackets that explain others",
                )

    def _term(self, word: str) -> str | None:
        """The language of a term that is a foreign word; None for other words. A plural may end in -s or -i."""
        for form in (
            word,
            word.removesuffix("s"),
            word.removesuffix("es"),
            word[:-1] if word.endswith(("i", "y")) else word,
        ):
            if form in self.terms:
                return self.terms[form]
        return None

    def _grown(self, plain: str, start: int, end: int, tag: str) -> Place:
        """A foreign word with its neighbours of the language: *Histoire du phénomène*."""
        language = next((each for each in LANGUAGES if each.tag == tag), None)
        words = language.words if language else frozenset[str]()

        def belongs(word: str) -> bool:
            return word.casefold() in words or not _is_known(word, self.knows)

        first, last = start, end
        for match in reversed(list(WORD.finditer(plain, max(0, start - 120), start))):
            if plain[match.end() : first] != " " or not belongs(match[0]):
                break
            first = match.start()
        for match in WORD.finditer(plain, end, end + 120):
            if plain[last : match.start()] != " " or not belongs(match[0]):
                break
            last = match.end()
        run = plain[first:last].split()
        while len(run) > 1 and run[0].casefold() in words and first < start:
            first += len(run.pop(0)) + 1
        while len(run) > 1 and run[-1].casefold() in words and last > end:
            last -= len(run.pop()) + 1
        if run[0][0].isupper() and len(run) > 1:
            return Place(
                first, last, Kind.TITLE, tag, f"a capital, and words that show the signs of {name_of(tag)}"
            )
        return Place(
            first, last, Kind.FOREIGN, tag, f"no word of the text’s language, and the signs of {name_of(tag)}"
        )


# Traces


def _with_trace(plain: str, end: int, found: Sequence[Place], knows: Knows | None, lent: str) -> list[Place]:
    """The places with the one that ends at a trace: found otherwise already, or the word before it."""
    for k, place in enumerate(found):
        if place.start < end <= place.end:
            better = place._replace(evidence=f"{TRACE}; {place.evidence}")
            return [*found[:k], better, *found[k + 1 :]]
    since = max(0, end - REACH)
    if title := TITLE_BEFORE.search(plain, since, end):
        kind, start = Kind.TITLE, title.start()
        if author := AUTHOR.match(plain, start, end):  # `Carr's Socialism in One Country`
            start = author.end()
    elif word := WORD_BEFORE.search(plain, since, end):
        kind, start = Kind.EMPHASIS, word.start()
    else:
        return list(found)
    reading = plain[start:end]
    tag = _language(reading, knows)
    if kind is Kind.EMPHASIS and (tag or (reading.isalpha() and not _is_known(reading, knows))):
        kind, tag = Kind.FOREIGN, tag or lent
    clear = [place for place in found if place.end <= start or end <= place.start]
    return [*clear, Place(start, end, kind, tag if kind is not Kind.EMPHASIS else "", TRACE)]

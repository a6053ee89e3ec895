"""What a text itself explains: places such as `the Grain Board (Zernosoyuz)` or `mirs, i.e., communes`. Pure.

Acronyms are paired with their expansions by the method of Schwartz and Hearst, "A simple algorithm for identifying
abbreviation definitions in biomedical text" (Pacific Symposium on Biocomputing 8, 2003), which reads in brackets
only and finds 96 of 100 right. Names and foreign words, whose letters their translation does not have, are found by
the marks that English prose sets between a word and its gloss. Nothing here knows a subject: which words are common
is said by the caller. The work grows with the length of the text, whatever stands in it.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice, takewhile
from typing import Generic, NamedTuple, TypeVar

K = TypeVar("K", bound=Hashable)


class Pattern(StrEnum):
    """How the text explains. The examples explain NEP, Gosbank or artel."""

    ACRONYM = "acronym-in-brackets"  # `New Economic Policy (NEP)`
    EXPANSION = "expansion-in-brackets"  # `NEP (New Economic Policy)`
    NAME = "name-in-brackets"  # `the state bank (Gosbank)`
    GLOSS = "gloss-in-brackets"  # `Gosbank (the state bank)`, `artel ("team")`
    THAT_IS = "that-is"  # `artels, i.e., teams`, `artel (that is, a team)`
    OR = "or"  # `the state bank, or Gosbank,`, `artels, or teams,`
    CALLED = "called"  # `a team called an artel`, `the state bank, known as Gosbank`
    MEANS = "means"  # `the word "artel" means a team`
    APPOSITIVE = "appositive"  # `an artel, a team of workers,`


class Sign(StrEnum):
    """What speaks for a candidate. `MARKED`: the pattern's mark says that one explains the other; a comma does not."""

    MARKED = "explained by brackets or words that say so"
    STRANGE = "an acronym, or no common word"
    QUOTED = "set in quotation marks"
    BOUNDED = "where the definition begins and ends is marked"
    LETTERS = "the definition has its letters, in order"
    INITIALS = "they begin the definition's words"
    USED_AGAIN = "used elsewhere"
    EXPLAINED_AGAIN = "explained elsewhere"


class Extent(NamedTuple):
    """Characters `start` to `end` of a text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Place(Generic[K]):
    """Where the text with this key explains a headword: slices of that text. `signs` are in the order of `Sign`."""

    key: K
    pattern: Pattern
    headword: Extent
    definition: Extent
    sentence: Extent
    signs: tuple[Sign, ...]

    @property
    def score(self) -> float:
        """How likely the place is to be right, 0 to 1: nothing is believed without a sign, and each halves the doubt.

        0.5 is one sign, 0.75 two, 0.94 four, 0.97 five. An acronym that stands after the words that it abbreviates
        has four or five; Schwartz and Hearst found 0.96 of such right.
        """
        return 1 - 0.5 ** len(self.signs)


@dataclass(frozen=True, slots=True)
class Candidate(Generic[K]):
    """A headword with the places that explain it, never none, the best first; of those alike, the first of the text."""

    headword: str
    definition: str
    places: tuple[Place[K], ...]

    @property
    def pattern(self) -> Pattern:
        """How the best place explains."""
        return self.places[0].pattern

    @property
    def score(self) -> float:
        """How likely the best place is to be right, 0 to 1 (see `Place.score`)."""
        return self.places[0].score


class Kind(StrEnum):
    """What a word that nobody explains looks like."""

    ACRONYM = "acronym"
    WORD = "word"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Unexplained(Generic[K]):
    """A word that is used `count` times and explained nowhere, as it is mostly written; `first` is where it begins."""

    word: str
    kind: Kind
    count: int
    first: K


def discover(
    texts: Iterable[tuple[K, str]], *, common: Callable[[str], bool], known: Collection[str] = ()
) -> list[Candidate[K]]:
    """The definitions that stand in plain texts, each text with its key: one candidate a headword, best first.

    `common` says of a word in small letters whether it is of everyday language (the `__contains__` of a set will do);
    `known` are the headwords and forms that need no candidate. Never raises, whatever the texts are.
    """
    vocabulary = _Vocabulary(common)
    passed = {identity(headword) for headword in known}
    used: Counter[str] = Counter()
    found: dict[str, list[tuple[Place[K], str]]] = defaultdict(list)
    for key, string in texts:
        text = _Text(string, vocabulary)
        used.update(identity(word) for word in text.strange_words())
        for place in _places(key, text):
            name = identity(text[place.headword])
            if name and name not in passed:
                found[name].append((place, string))
    candidates = []
    for name, places in found.items():
        more = [Sign.USED_AGAIN] if used[name] > len(places) else []
        if sum(Sign.MARKED in place.signs for place, _ in places) > 1:
            more.append(Sign.EXPLAINED_AGAIN)
        ranked = [(replace(place, signs=(*place.signs, *more)), string) for place, string in places]
        ranked.sort(key=lambda place: -place[0].score)
        best, string = ranked[0]
        candidates.append(
            Candidate(
                headword=string[slice(*best.headword)],
                definition=string[slice(*best.definition)],
                places=tuple(place for place, _ in ranked),
            )
        )
    return sorted(candidates, key=lambda candidate: (-candidate.score, identity(candidate.headword)))


def unexplained(
    texts: Iterable[tuple[K, str]],
    explained: Collection[str],
    *,
    common: Callable[[str], bool],
    least: int = 2,
) -> list[Unexplained[K]]:
    """The acronyms and uncommon words that stand `least` times or more and that nobody explains, the most used first.

    A word of a headword in `explained` is explained. Plurals and possessives count as the word, persons' names
    (after an initial, `A. Smith`) and words with figures do not count.
    """
    vocabulary = _Vocabulary(common)
    passed = {identity(headword) for headword in explained}
    passed |= {identity(word[0]) for headword in explained for word in WORD.finditer(headword)}
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    first: dict[str, K] = {}
    for key, string in texts:
        for word in _Text(string, vocabulary).strange_words():
            name = identity(word)
            if name not in passed:
                spellings[name][_without_ending(word)] += 1
                first.setdefault(name, key)
    listed = []
    for name, counted in spellings.items():
        # The spelling that is used most; a tie goes to the first in the order of characters.
        word = min(counted, key=lambda spelling: (-counted[spelling], spelling))
        if counted.total() >= least:
            listed.append(Unexplained(word, _kind(word), counted.total(), first[name]))
    return sorted(listed, key=lambda entry: (-entry.count, entry.word))


def identity(headword: str) -> str:
    """What the spellings of one headword have in common: capitals, full stops, English endings do not count."""
    bare = _without_ending(headword)
    if len(bare) > 3 and bare.endswith("s") and not bare.endswith("ss"):
        bare = bare[:-1]
    return " ".join(bare.casefold().translate(APOSTROPHES).replace(".", "").rstrip("'").split())


def _kind(word: str) -> Kind:
    if _is_acronym(word):
        return Kind.ACRONYM
    return Kind.NAME if word[0].isupper() else Kind.WORD


# --- What words look like ---

# A word: `kolkhoz`, `worker-peasant`, `People's`; an acronym with its bracket or stops: `RCP(B)`, `R.C.P.(B.)`. A soft
# sign may end it (`artel'`), if what ends it is not the plural's possessive (`peasants'`).
LETTER = r"[^\W\d_]"
WORD = re.compile(
    rf"(?:{LETTER}\.){{2,}}(?:\({LETTER}\.?\))?"
    rf"|[^\W_]+(?:['’ʼʹ-][^\W_]+)*(?:\({LETTER}{{1,2}}\.?\)|(?<!s)[’'ʼʹ](?![\w\"]))?"
)
APOSTROPHES = str.maketrans("’ʼʹ", "'" * 3)
POSSESSIVES = ("'s", "’s", "ʼs")
# Only those numerals that no acronym is likely to be: `CC`, `CD` and `MD` are acronyms more often than numbers.
ROMAN = re.compile(r"[IVX]+")
ACRONYM_LENGTH = 10  # Schwartz and Hearst: two to ten characters


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


ARTICLES = _set("a an the")
AUXILIARIES = _set(
    "am are be been being can cannot could did do does had has have is may might must ought shall should was were will"
    " would"
)
RELATIVES = _set("that which who whom whose where when whereby")
# Small words of English that begin or end no name: what stands before them belongs to another phrase.
SMALL_WORDS = (
    ARTICLES
    | AUXILIARIES
    | RELATIVES
    | _set(
        "about above across after against all almost along already also although always among and another any anyone"
        " around as at because before behind below beneath beside besides between beyond both but by came come despite"
        " down during each either else even ever every everyone except few following for from get getting given he her"
        " here herself him himself his how however i if in including inside instead into it its itself just like many"
        " me merely more most much my namely near neither never no nobody none nor not nothing now of off on once only"
        " onto or other others our ourselves out outside over own per perhaps quite rather regarding same say she"
        " since so some something still such than their them themselves then there therefore these they this those"
        " though through throughout thus till to together too toward towards under unlike until up upon us very via we"
        " what whatever whether while why with within without yet you your again"
    )
)
LINKS = _set("of for and in on the de des du la le et y und der")  # small words within a name
# What else begins an aside: `(see p. 4)`, `(especially in towns)`, `(my emphasis)`, `(first series)`.
ASIDES = _set(
    "see cf compare ibid idem op loc vol vols p pp no nos ch chap chapter ed eds trans tr ff fn note notes emphasis"
    " italics quoted cited source table figure fig translation edition article appendix editor translator hereafter"
    " chiefly mainly especially particularly notably originally formerly initially apparently presumably probably"
    " possibly partly generally roughly approximately circa ca born died aged first second third yes sic e.g eg etc"
    " thanks due according compared owing based combined contrary"
)
# What makes a bracket a citation wherever it stands: `(English translation, The Thaw)`.
CITATIONS = _set("ibid vol vols pp translation edition ed eds trans press emphasis italics quoted")


def _is_acronym(word: str) -> bool:
    """Whether `word` is written as an acronym: `NEP`, `VSNKh`, `RCP(B)`, `C.C.`; not `McDonald`."""
    letters = [char for char in word if char.isalpha()]
    capitals = sum(char.isupper() for char in letters)
    return 2 <= capitals <= len(letters) <= min(ACRONYM_LENGTH, 2 * capitals) and not any(
        char == "-" or char.isspace() or char.isdigit() for char in word
    )


def _without_ending(word: str) -> str:
    """A word without a possessive, and an acronym without a plural: `Gosbank's`, `SRs`."""
    if word.endswith(POSSESSIVES):
        return word[:-2]
    return word[:-1] if word.endswith("s") and _is_acronym(word[:-1]) else word


class _Vocabulary:
    """Which words are strange; each is asked for once."""

    def __init__(self, common: Callable[[str], bool]) -> None:
        self._common = common
        self._strange: dict[str, bool] = {}

    def is_strange(self, word: str) -> bool:
        """Whether `word` is an acronym, or uncommon in each of its parts (`worker-peasant` is not)."""
        strange = self._strange.get(word)
        if strange is None:
            strange = self._strange[word] = self._judge(_without_ending(word))
        return strange

    def _judge(self, word: str) -> bool:
        small = word.casefold()
        if small in SMALL_WORDS or small in ASIDES or ROMAN.fullmatch(word) or any(map(str.isdigit, word)):
            return False
        parts = [part for part in re.split(r"['’ʼʹ.-]|\(.*", small) if len(part) > 1]
        # A plural is as common as its singular.
        return _is_acronym(word) or (
            bool(parts)
            and not any(self._common(part) or (part[-1] == "s" and self._common(part[:-1])) for part in parts)
        )


# --- What a text consists of ---

# A full stop with what closes after it, and a capital after the space; the last word before decides the rest.
SENTENCE_END = re.compile(r"[.!?…][.!?…\"'”’»)\]]{0,4}\s+(?=[\"'“«(\[]{0,3}[A-Z0-9À-ÞЀ-Я])")
NO_SENTENCE_END = re.compile(
    rf"\b(?:{LETTER}|[Vv]ols?|[Cc]f|[Nn]os?|[Pp]p|[Ee]ds?|[Cc]h|[Tt]rans|viz|Mr|Mrs|Dr|Prof|St|i\.\s?e|e\.\s?g)\.$"
)
BRACKET = re.compile(r"[()]")
EDITED = re.compile(r"\[[^\[\]]*\]")
OPENING, CLOSING = '"“«„', '"”»“'
STOPS = ".,;:!?'’" + CLOSING
PHRASE_WORDS = 8
GLOSS_LENGTH = 300  # characters; a longer one is an aside, or its bracket was never closed


class _Text:
    """A text cut into words, sentences and brackets, each once."""

    def __init__(self, string: str, vocabulary: _Vocabulary) -> None:
        self.string = string
        self._vocabulary = vocabulary
        self._words = [Extent(*match.span()) for match in WORD.finditer(string)]
        self._word_starts = [word.start for word in self._words]
        self._sentence_starts = [0]
        for end in SENTENCE_END.finditer(string):
            if not NO_SENTENCE_END.search(string, max(end.start() - 8, 0), end.start() + 1):
                self._sentence_starts.append(end.end())
        ends = [*self._sentence_starts[1:], len(string)]
        self._sentences = [self.trim(Extent(*pair)) for pair in zip(self._sentence_starts, ends, strict=True)]

    def __getitem__(self, extent: Extent) -> str:
        return self.string[extent.start : extent.end]

    def small(self, extent: Extent) -> str:
        """What stands there, in small letters."""
        return self[extent].casefold()

    def sentence(self, at: int) -> Extent:
        """The sentence that character `at` stands in, without the white space around it."""
        return self._sentences[bisect_right(self._sentence_starts, at) - 1]

    def trim(self, extent: Extent, marks: str = "") -> Extent:
        """Without white space and `marks` at either end."""
        start, end = extent
        while start < end and (self.string[start].isspace() or self.string[start] in marks):
            start += 1
        while start < end and (self.string[end - 1].isspace() or self.string[end - 1] in marks):
            end -= 1
        return Extent(start, end)

    def words_in(self, extent: Extent) -> list[Extent]:
        """The words that begin within."""
        first = bisect_left(self._word_starts, extent.start)
        return self._words[first : bisect_left(self._word_starts, extent.end)]

    def words_before(self, end: int) -> Iterator[Extent]:
        """The words before `end`, the last first, as long as nothing but a space (or an apostrophe) parts them."""
        for at in range(bisect_left(self._word_starts, end) - 1, -1, -1):
            word = self._words[at]
            if word.end > end or self.string[word.end : end].strip().strip("'’"):
                return
            yield word
            end = word.start

    def words_after(self, start: int) -> Iterator[Extent]:
        """The words from `start` on, as long as nothing but a space (or an apostrophe) parts them."""
        for at in range(bisect_left(self._word_starts, start), len(self._words)):
            word = self._words[at]
            if self.string[start : word.start].strip().strip("'’"):
                return
            yield word
            start = word.end

    def is_strange(self, extent: Extent) -> bool:
        """Whether all words within are strange."""
        words = self.words_in(extent)
        return bool(words) and all(self._vocabulary.is_strange(self[word]) for word in words)

    def is_plain(self, extent: Extent) -> bool:
        """Whether something within can explain: a word that is neither strange nor small."""
        return any(
            not self._vocabulary.is_strange(self[word]) and self.small(word) not in SMALL_WORDS
            for word in self.words_in(extent)
        )

    def strange_words(self) -> Iterator[str]:
        """The strange words, persons' names left out."""
        for word in self._words:
            if self._vocabulary.is_strange(self[word]) and not self.is_person(word.start):
                yield self[word]

    def is_person(self, start: int) -> bool:
        """Whether an initial stands before: `A. Smith`; an acronym's own letters with stops are one word."""
        before = self.string[max(start - 4, 0) : start].rstrip()
        return before[-1:] == "." and before[-2:-1].isupper() and not before[-3:-2].isalnum()

    def is_name(self, extent: Extent) -> bool:
        """Whether all words have capitals, but for small ones: `Council of Labor`."""
        words = [self[word] for word in self.words_in(extent)]
        return all(word[0].isupper() or word in LINKS for word in words)

    def is_quoted(self, extent: Extent) -> bool:
        """Whether quotation marks open right before."""
        return extent.start > 0 and self.string[extent.start - 1] in OPENING

    def has_figures(self, extent: Extent) -> bool:
        """Whether there are figures within."""
        return any(map(str.isdigit, self[extent]))

    def brackets(self) -> Iterator[Extent]:
        """What stands in round brackets that belong together, not too long, and none within square ones."""
        edited = [Extent(*match.span()) for match in EDITED.finditer(self.string)]
        opened: list[int] = []
        pairs: list[Extent] = []
        for mark in BRACKET.finditer(self.string):
            if mark[0] == "(":
                opened.append(mark.end())
            elif opened:
                pairs.append(Extent(opened.pop(), mark.start()))
        for pair in sorted(pairs):
            around = bisect_right(edited, Extent(*pair)) - 1
            is_edited = around >= 0 and pair.start < edited[around].end
            if not is_edited and pair.end - pair.start <= GLOSS_LENGTH:
                yield pair

    def quoted_before(self, end: int) -> Extent | None:
        """What stands in quotation marks that close at `end`; without its comma, if it has one."""
        while end and self.string[end - 1].isspace():
            end -= 1
        if not end or self.string[end - 1] not in CLOSING:
            return None
        floor = max(self.sentence(end - 1).start, end - GLOSS_LENGTH)
        start = max(self.string.rfind(mark, floor, end - 1) for mark in OPENING)
        inside = self.trim(Extent(start + 1, end - 1), STOPS)
        return inside if start >= 0 and inside.start < inside.end else None

    def quoted_after(self, start: int) -> Extent | None:
        """What stands in quotation marks that open at `start`."""
        if self.string[start : start + 1] not in tuple(OPENING):
            return None
        ends = [self.string.find(mark, start + 1, start + GLOSS_LENGTH) for mark in CLOSING]
        end = min((end for end in ends if end >= 0), default=start + 1)
        inside = self.trim(Extent(start + 1, end), STOPS)
        return inside if inside.start < inside.end else None


# --- Headwords, phrases, glosses ---


class _Phrase(NamedTuple):
    """A phrase, and whether the text marks where it begins."""

    extent: Extent
    is_bounded: bool


def _headword_before(text: _Text, end: int) -> Extent | None:
    """The strange words, or what is quoted, right before `end`: no person's name, no possessive."""
    if quoted := text.quoted_before(end):
        return quoted if _may_be_term(text, quoted) else None
    words: list[Extent] = []
    for word in islice(text.words_before(end), PHRASE_WORDS):
        is_acronym = _is_acronym(text[word])
        if not text.is_strange(word) or (words and is_acronym):
            break
        words.append(word)
        if is_acronym:
            break
    if not words or text.is_person(words[-1].start):
        return None
    return _singular(text, Extent(words[-1].start, words[0].end))


def _headword_after(text: _Text, start: int) -> Extent | None:
    """The strange words, or what is quoted, right after `start`, an article passed over."""
    words = list(islice(text.words_after(start), PHRASE_WORDS))
    if words and text.small(words[0]) in ARTICLES:
        start = words.pop(0).end
    while text.string[start : start + 1].isspace():
        start += 1
    if quoted := text.quoted_after(start):
        return quoted if _may_be_term(text, quoted) else None
    strange = list(takewhile(text.is_strange, words))
    return _singular(text, Extent(strange[0].start, strange[-1].end)) if strange else None


def _may_be_term(text: _Text, quoted: Extent) -> bool:
    """Whether a quotation may be a term: one to four words without figures, not a sentence."""
    words = {text.small(word) for word in text.words_in(quoted)}
    return 1 <= len(words) <= 4 and not text.has_figures(quoted) and not AUXILIARIES & words


def _singular(text: _Text, extent: Extent) -> Extent:
    """Without the ending of its last word, if that is a possessive, or the plural of an acronym."""
    return Extent(extent.start, extent.start + len(_without_ending(text[extent])))


def _phrase_before(text: _Text, end: int) -> _Phrase | None:
    """The noun phrase that ends at `end`: what is quoted, a name in capitals, or the words back to a small one.

    `of` goes on to the left if no article follows it: `council of elders`, but `elders` of `council of the elders`.
    """
    if quoted := text.quoted_before(end):
        return _Phrase(quoted, is_bounded=True)
    floor = text.sentence(max(end - 1, 0)).start
    words = [word for word in islice(text.words_before(end), PHRASE_WORDS) if word.start >= floor]
    if not words or text.small(words[0]) in SMALL_WORDS:
        return None
    name = _name_within(text, words)
    is_name = len(name) > 1
    phrase = (
        name if is_name else list(takewhile(lambda word: text.small(word) not in SMALL_WORDS - {"of"}, words))
    )
    while text.small(phrase[-1]) == "of":
        phrase.pop()
    before = next(text.words_before(phrase[-1].start), None)
    is_bounded = is_name or (before is not None and text.small(before) in ARTICLES)
    return _Phrase(Extent(phrase[-1].start, phrase[0].end), is_bounded)


def _name_within(text: _Text, words: list[Extent]) -> list[Extent]:
    """Those of the words, the last first, that make a name: `Council of the People`, not `Gosplan and the Council`."""
    name: list[Extent] = []
    for word, before in zip(words, [*words[1:], None], strict=True):
        goes_on = text[word] != "the" or (before is not None and text[before] in ("of", "for"))
        if not goes_on or not (text[word][0].isupper() or text[word] in LINKS):
            break
        name.append(word)
    while name and text.small(name[-1]) in SMALL_WORDS:
        name.pop()
    return name


# A remark within a gloss: `(the state bank; see below)`, `(the planning board, founded in the spring)`.
REMARK = re.compile(
    r";|:\s|,\s+(?=(?:which|who|whose|where|see|cf|from|founded|in|until|also|hereafter|\d)\b)|\s--?\s|—"
)
# Where a clause ends that no quotation mark or bracket holds: a comma, a colon, a dash, a bracket.
CLAUSE_END = re.compile(r"[,;:()\[\]]|\s--?(?=\s)|\s?—|\s–")


def _gloss(text: _Text, extent: Extent) -> Extent | None:
    """What explains, of what stands in `extent`: without a leading `the`, up to a semicolon or a remark; or nothing.

    A gloss begins with no small word (`which had closed`, `in spite of`) and ends with none, is no sentence (a verb
    such as `was` comes before any `which`), has no figures, and is not a citation.
    """
    extent = text.trim(extent)
    quoted = text.quoted_after(extent.start)
    if quoted and text.trim(Extent(quoted.end, extent.end), STOPS).start >= extent.end:
        return quoted
    if remark := REMARK.search(text.string, *extent):
        extent = Extent(extent.start, remark.start())
    extent = text.trim(extent, ".,!?")
    if text[extent].count('"') % 2:  # a quotation ends here that began before, or after the stop
        closes = text.string[extent.end : extent.end + 2].find('"')
        extent = Extent(extent.start, extent.end + closes + 1) if closes >= 0 else text.trim(extent, '".,!?')
    words = text.words_in(extent)
    if len(words) > 1 and text.small(words[0]) == "the" and words[0].start == extent.start:
        extent = Extent(words[1].start, extent.end)
        words = words[1:]
    if not words or text.has_figures(extent) or text[extent].count('"') % 2:
        return None
    first = text.small(words[0]).rstrip(".")
    if first in ASIDES or first in SMALL_WORDS - ARTICLES or text.small(words[-1]) in SMALL_WORDS:
        return None
    if first.endswith("ly") and len(words) > 1 and _opens_remark(text, words[0], words[1]):
        return None
    before_relative = takewhile(lambda word: word not in RELATIVES, map(text.small, words))
    return None if any(word in AUXILIARIES or word in CITATIONS for word in before_relative) else extent


def _opens_remark(text: _Text, adverb: Extent, following: Extent) -> bool:
    """Whether an adverb opens a remark, `strictly speaking`, `mostly in towns`, not a phrase, `locally run mill`."""
    parted = text.string[adverb.end : following.start].strip()
    return bool(parted) or text.small(following) in SMALL_WORDS | {"speaking"}


def _clause(text: _Text, start: int) -> tuple[Extent, int] | None:
    """The gloss that begins at `start`, up to a comma, bracket, dash or the sentence's end, and where that is."""
    if quoted := text.quoted_after(start):
        return quoted, quoted.end
    end = min(text.sentence(start).end, start + GLOSS_LENGTH)
    if found := CLAUSE_END.search(text.string, start, end):
        end = found.start()
    gloss = _gloss(text, Extent(start, max(start, end)))
    return (gloss, end) if gloss is not None and text.is_plain(gloss) else None


def _up_to(text: _Text, extent: Extent, marks: str) -> Extent:
    ends = [at for mark in marks if (at := text.string.find(mark, *extent)) >= 0]
    return text.trim(Extent(extent.start, min(ends, default=extent.end)))


# --- Letters: Schwartz and Hearst ---


def _letters(short: str) -> str:
    """The letters of a short form that count: `rcpb` of `R.C.P.(B.)`."""
    return "".join(char for char in _without_ending(short) if char.isalnum()).casefold()


def _spelled_by(text: _Text, letters: str, window: Extent) -> Extent | None:
    """The shortest end of `window` that has the letters in order.

    From the right, each letter is sought to the left of the one before; the first has to begin a word.
    """
    string, at = text.string, window.end
    for n in range(len(letters) - 1, -1, -1):
        at -= 1
        while at >= window.start and not (
            string[at].casefold() == letters[n] and (n or at == 0 or not string[at - 1].isalnum())
        ):
            at -= 1
        if at < window.start:
            return None
    return Extent(at, window.end)


def _spelled_by_initials(text: _Text, letters: str, window: Extent) -> Extent | None:
    """The end of `window` whose words begin with the letters, one each; small ones and hyphened parts may.

    The paper does without, and finds `Memorial` in `Members' Memorial (MM)`.
    """
    remaining = letters
    for word in reversed(text.words_in(window)):
        for part in reversed(list(re.finditer(r"[^-]+", text[word]))):
            if part[0][0].casefold() == remaining[-1]:
                remaining = remaining[:-1]
                if not remaining:
                    return Extent(word.start + part.start(), window.end)
            elif part[0].casefold() not in LINKS:
                return None
    return None


def _has_in_order(long: str, letters: str) -> bool:
    """Whether `long` begins with the first of the letters, and has the others after it in order."""
    remaining = iter(long.casefold())
    return long[:1].casefold() == letters[0] and all(letter in remaining for letter in letters)


def _window_words(letters: str) -> int:
    """How many words a long form may have (the paper's rule)."""
    return min(len(letters) + 5, 2 * len(letters))


# --- The patterns ---


class _Found(NamedTuple):
    pattern: Pattern
    headword: Extent
    definition: Extent
    signs: set[Sign]


def _found(
    text: _Text,
    pattern: Pattern,
    headword: Extent,
    definition: Extent,
    *,
    bounded: bool = True,
    marked: bool = True,
) -> _Found:
    """A place with its signs. A name in capitals may be a person's, unless what explains it is a name as well."""
    name = text[headword]
    strange = text.is_strange(headword) and (
        _is_acronym(name) or name[0].islower() or text.is_name(definition)
    )
    quoted = text.is_quoted(headword)
    holding = {Sign.MARKED: marked, Sign.STRANGE: strange, Sign.QUOTED: quoted, Sign.BOUNDED: bounded}
    return _Found(pattern, headword, definition, {sign for sign, holds in holding.items() if holds})


LANGUAGE = r"[A-Z][a-z]+"
THAT_IS_WORDS = r"i\.\s?e\.|that\s+is(?:\s+to\s+say)?"
# What stands before the gloss, or before the name, inside a bracket: `(i.e., teams)`, `(in Russian, artel)`.
LEAD = re.compile(
    rf"(?:(?P<that_is>(?:{THAT_IS_WORDS}|viz\.|namely|or|literally|lit\.|meaning)[,:]?)\s+"
    rf"|(?:in\s+{LANGUAGE}\s*[,:]|in\s+{LANGUAGE}(?=\s+[\"“«])|{LANGUAGE}:"
    r"|(?:also\s+)?(?:called|known\s+as|termed)|abbreviated(?:\s+(?:as|to))?|hereafter|henceforth)\s+"
    rf"|(?:from\s+the\s+)?{LANGUAGE}\s+for\s+)",
)
THAT_IS = re.compile(rf",\s+(?:(?:{THAT_IS_WORDS}),?|(?P<one_way>namely|viz\.),?)\s+")
OR = re.compile(r"(?P<comma>,[\"”]?)\s+or\s+")
CALLED = re.compile(
    r"\b(?:so-called|called|known\s+as|termed|named|dubbed|nicknamed|abbreviated\s+(?:as|to))\s+"
)
# Between a phrase and `called`: `the assembly, which was also known as`.
BEFORE_CALLED = (
    ARTICLES
    | AUXILIARIES
    | RELATIVES
    | _set(
        "also commonly sometimes often generally usually then now later popularly previously formerly officially"
    )
    | _set("came come to hence so simply still")
) - {"that"}
MEANS = re.compile(
    r",?\s(?:(?P<loose>means?|meant|meaning|signif(?:y|ies|ied))|denotes?|denoted|designates?|designated|refers\s+to"
    rf"|stands\s+for|stood\s+for|(?:is|was)\s+(?:short|(?:the\s+)?{LANGUAGE})\s+for)\s+"
)
TERM_WORDS = _set("term word expression name acronym abbreviation phrase initials designation")
APPOSITIVE = re.compile(r"(?:(?P<comma>,[\"”]?)|\s--|\s?[—–])\s+(?=(?:an?|the|one\s+of\s+the)\s)")
# What an adverbial phrase or clause begins with, which a comma parts from the clause that it opens.
OPENERS = _set(
    "after although as at because before besides by despite during for from if in into like on since throughout under"
    " unlike until upon when where whereas while with within without"
)


def _places(key: K, text: _Text) -> Iterator[Place[K]]:
    """Where a text explains something, in its order; of two readings of one headword at one place, the first."""
    found: dict[Extent, Place[K]] = {}
    for read in (_in_brackets, _that_is, _called, _means, _or, _appositive):
        for pattern, headword, definition, signs in read(text):
            if text.small(headword) != text.small(definition) and headword not in found:
                ordered = tuple(sign for sign in Sign if sign in signs)
                found[headword] = Place(
                    key, pattern, headword, definition, text.sentence(headword.start), ordered
                )
    yield from sorted(found.values(), key=lambda place: place.headword)


def _in_brackets(text: _Text) -> Iterator[_Found]:
    """`long form (SF)`, `SF (long form)`, `phrase (Name)`, `Name (phrase)`; the first of them that fits."""
    for bracket in text.brackets():
        before = bracket.start - 1
        lead = LEAD.match(text.string, text.trim(bracket).start, bracket.end)
        inside = text.trim(Extent(lead.end(), bracket.end) if lead else bracket)
        said = Pattern.THAT_IS if lead and lead["that_is"] else None
        found = (
            _acronym_in(text, inside, before)
            or _name_in(text, inside, before, said)
            or _gloss_in(text, inside, before, said)
        )
        if found is not None:
            yield found


def _acronym_in(text: _Text, inside: Extent, before: int) -> _Found | None:
    """`New Economic Policy (NEP)`: what is in the bracket, up to a comma, is spelled by the words before."""
    short = text.trim(_up_to(text, inside, ",;"), STOPS.replace(".", "") + OPENING)
    words, letters = text.words_in(short), _letters(text[short])
    if not (1 <= len(words) <= 2 and 2 <= len(letters) <= ACRONYM_LENGTH and letters[0].isalpha()):
        return None
    is_name = len(words) == 1 and text[short][0].isupper() and text.is_strange(short)
    if not is_name and sum(map(str.isupper, text[short])) < 2:
        return None
    end = text.trim(Extent(max(before - GLOSS_LENGTH, 0), before), STOPS).end
    window = Extent(max(text.sentence(max(end - 1, 0)).start, end - GLOSS_LENGTH), end)
    earlier = text.words_in(window)[-_window_words(letters) :]
    if not earlier:
        return None
    window = Extent(earlier[0].start, end)
    by_initials = _spelled_by_initials(text, letters, window)
    long = by_initials or _spelled_by(text, letters, window)
    if long is None or not _is_long_form(text, long, short):
        return None
    found = _found(text, Pattern.ACRONYM, _singular(text, short), long, bounded=by_initials is not None)
    found.signs.update([Sign.LETTERS, Sign.INITIALS] if by_initials else [Sign.LETTERS])
    return found


def _is_long_form(text: _Text, long: Extent, short: Extent) -> bool:
    """Whether a long form says more than the short one, which is not in it; a bracket that opens in it closes."""
    string = text[long]
    return (
        identity(text[short]) not in {identity(text[word]) for word in text.words_in(long)}
        and text.is_plain(long)
        and string.count("(") == string.count(")")
    )


def _name_in(text: _Text, inside: Extent, before: int, said: Pattern | None) -> _Found | None:
    """`the state bank (Gosbank)`: strange words are all that the bracket has, a phrase of plain ones before it."""
    headword = _headword_after(text, inside.start)
    if headword is None or not text.is_strange(headword):
        return None
    after = text.trim(Extent(headword.end, inside.end), STOPS + "s")
    if after.start < after.end:
        return None
    phrase = _phrase_before(text, before)
    if phrase is None or not text.is_plain(phrase.extent) or text.has_figures(phrase.extent):
        return None
    return _found(text, said or Pattern.NAME, headword, phrase.extent, bounded=phrase.is_bounded)


def _gloss_in(text: _Text, inside: Extent, before: int, said: Pattern | None) -> _Found | None:
    """`Gosplan (the State Planning Commission)`: strange words before, in the bracket plain ones or its letters."""
    headword, gloss = _headword_before(text, before), _gloss(text, inside)
    if headword is None or gloss is None or not (said or text.is_strange(headword)):
        return None
    letters = _letters(text[headword])
    long = _up_to(text, gloss, ",;" + OPENING)  # `Glavk (Glavnyi komitet, "chief committee")`
    if 2 <= len(letters) <= ACRONYM_LENGTH and 2 <= len(text.words_in(long)) <= _window_words(letters):
        found = _found(text, said or Pattern.EXPANSION, headword, gloss)
        by_initials = _spelled_by_initials(text, letters, long)
        if by_initials is not None and by_initials.start == long.start:
            found.signs.update([Sign.LETTERS, Sign.INITIALS])
            return found
        if _has_in_order(text[long], letters):
            found.signs.add(Sign.LETTERS)
            return found
    return _found(text, said or Pattern.GLOSS, headword, gloss) if text.is_plain(gloss) else None


def _that_is(text: _Text) -> Iterator[_Found]:
    """`artels, i.e., teams` and `teams, i.e., artels`."""
    for mark in THAT_IS.finditer(text.string):
        headword = _headword_before(text, mark.start())
        if headword is not None and text.is_strange(headword):
            if (clause := _clause(text, mark.end())) is not None:
                yield _found(text, Pattern.THAT_IS, headword, clause[0])
        elif not mark["one_way"]:
            yield from _named_after(text, Pattern.THAT_IS, mark.start(), mark.end())


def _or(text: _Text) -> Iterator[_Found]:
    """`the state bank, or Gosbank,` and `artels, or teams,`, but not the end of a list."""
    for mark in OR.finditer(text.string):
        before, after = _before(text, mark), mark.end()
        headword = _headword_before(text, before)
        if headword is None or not text.is_strange(headword):
            yield from _named_after(text, Pattern.OR, before, after)
            continue
        clause = None if _is_in_list(text, headword) else _clause(text, after)
        if clause is not None:
            yield _found(text, Pattern.OR, headword, clause[0])


def _before(text: _Text, mark: re.Match[str]) -> int:
    """Where what stands before a comma ends; quotation marks close after the comma: `"cold winter," a term`."""
    return mark.end("comma") if mark["comma"] and text.quoted_before(mark.end("comma")) else mark.start()


def _named_after(text: _Text, pattern: Pattern, before: int, after: int) -> Iterator[_Found]:
    """A phrase, the pattern's mark, and then its name: strange words."""
    headword, phrase = _headword_after(text, after), _phrase_before(text, before)
    if headword is None or phrase is None or not text.is_strange(headword):
        return
    if text.is_plain(phrase.extent) and not _is_in_list(text, phrase.extent):
        yield _found(text, pattern, headword, phrase.extent, bounded=phrase.is_bounded)


def _is_in_list(text: _Text, extent: Extent) -> bool:
    """Whether a comma stands before, so that what follows only goes on with a list."""
    before = text.string[max(extent.start - 8, 0) : extent.start].rstrip(' "“')
    return re.sub(r"\b(?:an?|the)$", "", before).rstrip().endswith(",")


def _called(text: _Text) -> Iterator[_Found]:
    """`a team called an artel`, `the assembly, which was known as the skhod`; not `what the planners called`."""
    for mark in CALLED.finditer(text.string):
        headword = _headword_after(text, mark.end())
        if headword is None:
            continue
        end = mark.start()
        for _ in range(PHRASE_WORDS):
            end = text.trim(Extent(max(end - PHRASE_WORDS, 0), end), ",").end
            word = next(text.words_before(end), None)
            if word is None or text.small(word) not in BEFORE_CALLED:
                break
            end = word.start
        phrase = _phrase_before(text, end)
        if phrase is None or not text.is_plain(phrase.extent):
            continue
        if not RELATIVES.union(["what"]) & set(_small_before(text, phrase.extent)):
            yield _found(text, Pattern.CALLED, headword, phrase.extent, bounded=phrase.is_bounded)


def _small_before(text: _Text, extent: Extent) -> list[str]:
    """The word before, and if that is an article the one before it as well, in small letters."""
    start = extent.start - text.is_quoted(extent)
    words = [text.small(word) for word in islice(text.words_before(start), 2)]
    return words if words and words[0] in ARTICLES else words[:1]


def _means(text: _Text) -> Iterator[_Found]:
    """`the word "artel" means a team`, `NEP stands for New Economic Policy`."""
    for mark in MEANS.finditer(text.string):
        words = list(islice(text.words_before(mark.start()), 2))
        named = (
            words[0] if len(words) == 2 and text.small(words[1]) in TERM_WORDS else None
        )  # `the word glasnost`
        headword = _headword_before(text, mark.start()) or named
        clause = _clause(text, mark.end())
        if headword is None or clause is None:
            continue
        # `NEP meant hunger` says nothing of the word.
        if not mark["loose"] or named is not None or text.is_quoted(headword):
            yield _found(text, Pattern.MEANS, headword, clause[0])


def _appositive(text: _Text) -> Iterator[_Found]:
    """`an artel, a team of workers,`: after a comma or dash, an article; not a list, nor `In NEP, the mills`."""
    for mark in APPOSITIVE.finditer(text.string):
        headword, clause = _headword_before(text, _before(text, mark)), _clause(text, mark.end())
        if headword is None or clause is None or _is_in_list(text, headword) or _opens(text, headword):
            continue
        gloss, end = clause
        if text.is_quoted(headword) and any(mark in text[gloss] for mark in OPENING):
            continue  # a list of epithets: `a mere "pause," a "truce," to be ended soon`
        # Of persons and places an apposition tells something; it explains a name only with another name.
        is_bare_name = text[headword][0].isupper() and not _is_acronym(text[headword])
        if is_bare_name and not text.is_quoted(headword) and not text.is_name(gloss):
            continue
        goes_on = re.match(r",\s+(?:and|or)\s+", text.string[end : end + GLOSS_LENGTH])
        following = next(text.words_after(end + goes_on.end()), None) if goes_on else None
        if following is not None and (text.small(following) in ARTICLES or text.is_strange(following)):
            continue  # a list: `SRs, the Mensheviks, and the Kadets`; not `an artel, a team, and worked`
        is_closed = mark[0].strip(' "”\n')[:1] == text.string[end : end + 2].strip()[:1]
        yield _found(text, Pattern.APPOSITIVE, headword, gloss, bounded=is_closed, marked=False)


def _opens(text: _Text, headword: Extent) -> bool:
    """Whether the headword ends what goes before a clause: `During NEP, the peasants`, `When he saw the mir, the`.

    After `a` it is introduced, and may be explained all the same: `paid in a "flour-mark," a unit of account`.
    """
    sentence = text.sentence(headword.start)
    first = next(text.words_after(sentence.start), None)
    if first is not None and text.small(first) in OPENERS:
        return not re.search(
            r"[,;:]", text.string[max(sentence.start, headword.start - GLOSS_LENGTH) : headword.start]
        )
    before = _small_before(text, headword)
    return not {"a", "an"} & set(before) and bool(OPENERS & set(before))

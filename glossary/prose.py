"""The parts of English prose that make definitions: words, sentences, brackets, headwords, phrases, glosses. Pure.

Letters are paired with words by the method of Schwartz and Hearst (see `discovery.py`).
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from itertools import islice, takewhile
from typing import NamedTuple


class Extent(NamedTuple):
    """Characters `start` to `end` of a text."""

    start: int
    end: int


# --- The shape of words ---

# A word: `kolkhoz`, `worker-peasant`, `People's`; an acronym with its bracket or stops: `RCP(B)`, `R.C.P.(B.)`. The
# apostrophe of a soft sign may end it (`artel'`), but not the one of a plural possessive (`peasants'`).
LETTER = r"[^\W\d_]"
WORD = re.compile(
    rf"(?:{LETTER}\.){{2,}}(?:\({LETTER}\.?\))?"
    rf"|[^\W_]+(?:['’ʼʹ-][^\W_]+)*(?:\({LETTER}{{1,2}}\.?\)|(?<!s)[’'ʼʹ](?![\w\"]))?"
)
APOSTROPHES = str.maketrans("’ʼʹ", "'" * 3)
POSSESSIVES = ("'s", "’s", "ʼs")
# Only numerals that are unlikely acronyms: `CC`, `CD` and `MD` are acronyms more often than numbers.
ROMAN = re.compile(r"[IVX]+")
ACRONYM_LENGTH = 10  # Schwartz and Hearst: two to ten characters


def set_of(words: str) -> frozenset[str]:
    """The set of the words in a text."""
    return frozenset(words.split())


ARTICLES = set_of("a an the")
AUXILIARIES = set_of(
    "am are be been being can cannot could did do does had has have is may might must ought shall should was were will"
    " would"
)
RELATIVES = set_of("that which who whom whose where when whereby")
# Small words of English that begin or end no name: the words before them belong to another phrase.
SMALL_WORDS = (
    ARTICLES
    | AUXILIARIES
    | RELATIVES
    | set_of(
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
LINKS = set_of("of for and in on the de des du la le et y und der")  # small words within a name
# Other words that begin an aside: `(see p. 4)`, `(especially in towns)`, `(my emphasis)`, `(first series)`.
ASIDES = set_of(
    "see cf compare ibid idem op loc vol vols p pp no nos ch chap chapter ed eds trans tr ff fn note notes emphasis"
    " italics quoted cited source table figure fig translation edition article appendix editor translator hereafter"
    " chiefly mainly especially particularly notably originally formerly initially apparently presumably probably"
    " possibly partly generally roughly approximately circa ca born died aged first second third yes sic e.g eg etc"
    " thanks due according compared owing based combined contrary"
)
# Words that make a bracket a citation at any place in it: `(English translation, The Thaw)`.
CITATIONS = set_of("ibid vol vols pp translation edition ed eds trans press emphasis italics quoted")


def is_acronym(word: str) -> bool:
    """Whether `word` is written as an acronym: `NEP`, `VSNKh`, `RCP(B)`, `C.C.`; not `McDonald`."""
    letters = [char for char in word if char.isalpha()]
    capitals = sum(char.isupper() for char in letters)
    return 2 <= capitals <= len(letters) <= min(ACRONYM_LENGTH, 2 * capitals) and not any(
        char == "-" or char.isspace() or char.isdigit() for char in word
    )


def without_ending(word: str) -> str:
    """A word without a possessive, and an acronym without a plural: `Gosbank's`, `SRs`."""
    if word.endswith(POSSESSIVES):
        return word[:-2]
    return word[:-1] if word.endswith("s") and is_acronym(word[:-1]) else word


class Vocabulary:
    """A test for strange words, with a cache."""

    def __init__(self, common: Callable[[str], bool]) -> None:
        self._common = common
        self._strange: dict[str, bool] = {}

    def is_strange(self, word: str) -> bool:
        """Whether `word` is an acronym, or uncommon in each of its parts (`worker-peasant` is not)."""
        strange = self._strange.get(word)
        if strange is None:
            strange = self._strange[word] = self._judge(without_ending(word))
        return strange

    def _judge(self, word: str) -> bool:
        small = word.casefold()
        if small in SMALL_WORDS or small in ASIDES or ROMAN.fullmatch(word) or any(map(str.isdigit, word)):
            return False
        parts = [part for part in re.split(r"['’ʼʹ.-]|\(.*", small) if len(part) > 1]
        # A plural is as common as its singular.
        return is_acronym(word) or (
            bool(parts)
            and not any(self._common(part) or (part[-1] == "s" and self._common(part[:-1])) for part in parts)
        )


# --- The parts of a text ---

# For finding a definition's sentence, in any language and with the abbreviations of books. reader/text/sentences.py,
# which this app may not import, shows sentences and only knows initials.
# A full stop with closing marks, and a capital after the space; the last word before the stop decides the rest.
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


class Text:
    """A text cut into words, sentences and brackets, each once."""

    def __init__(self, string: str, vocabulary: Vocabulary) -> None:
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
        """The text of an extent, in small letters."""
        return self[extent].casefold()

    def sentence(self, at: int) -> Extent:
        """The sentence of character `at`, without the white space around it."""
        return self._sentences[bisect_right(self._sentence_starts, at) - 1]

    def trim(self, extent: Extent, marks: str = "") -> Extent:
        """The extent without white space and `marks` at either end."""
        start, end = extent
        while start < end and (self.string[start].isspace() or self.string[start] in marks):
            start += 1
        while start < end and (self.string[end - 1].isspace() or self.string[end - 1] in marks):
            end -= 1
        return Extent(start, end)

    def words_in(self, extent: Extent) -> list[Extent]:
        """The words that begin within an extent."""
        first = bisect_left(self._word_starts, extent.start)
        return self._words[first : bisect_left(self._word_starts, extent.end)]

    def words_before(self, end: int) -> Iterator[Extent]:
        """The words before `end`, the last first, as long as only a space (or an apostrophe) parts them."""
        for at in range(bisect_left(self._word_starts, end) - 1, -1, -1):
            word = self._words[at]
            if word.end > end or self.string[word.end : end].strip().strip("'’"):
                return
            yield word
            end = word.start

    def words_after(self, start: int) -> Iterator[Extent]:
        """The words from `start` on, as long as only a space (or an apostrophe) parts them."""
        for at in range(bisect_left(self._word_starts, start), len(self._words)):
            word = self._words[at]
            if self.string[start : word.start].strip().strip("'’"):
                return
            yield word
            start = word.end

    def is_strange(self, extent: Extent) -> bool:
        """Whether all words within an extent are strange."""
        words = self.words_in(extent)
        return bool(words) and all(self._vocabulary.is_strange(self[word]) for word in words)

    def is_plain(self, extent: Extent) -> bool:
        """Whether an extent can explain: it has a word that is neither strange nor small."""
        return any(
            not self._vocabulary.is_strange(self[word]) and self.small(word) not in SMALL_WORDS
            for word in self.words_in(extent)
        )

    def strange_words(self) -> Iterator[str]:
        """The strange words of the text, without persons' names."""
        for word in self._words:
            if self._vocabulary.is_strange(self[word]) and not self.is_person(word.start):
                yield self[word]

    def is_person(self, start: int) -> bool:
        """Whether an initial stands before `start`: `A. Smith`; the dotted letters of an acronym are one word."""
        before = self.string[max(start - 4, 0) : start].rstrip()
        return before[-1:] == "." and before[-2:-1].isupper() and not before[-3:-2].isalnum()

    def is_name(self, extent: Extent) -> bool:
        """Whether all words of an extent except small ones have capitals: `Council of Labor`."""
        words = [self[word] for word in self.words_in(extent)]
        return all(word[0].isupper() or word in LINKS for word in words)

    def is_quoted(self, extent: Extent) -> bool:
        """Whether quotation marks open right before an extent."""
        return extent.start > 0 and self.string[extent.start - 1] in OPENING

    def has_figures(self, extent: Extent) -> bool:
        """Whether an extent holds figures."""
        return any(map(str.isdigit, self[extent]))

    def brackets(self) -> Iterator[Extent]:
        """The contents of matching round brackets, if not too long, and not within square ones."""
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
        """The contents of quotation marks that close at `end`, without a comma at the end."""
        while end and self.string[end - 1].isspace():
            end -= 1
        if not end or self.string[end - 1] not in CLOSING:
            return None
        floor = max(self.sentence(end - 1).start, end - GLOSS_LENGTH)
        start = max(self.string.rfind(mark, floor, end - 1) for mark in OPENING)
        inside = self.trim(Extent(start + 1, end - 1), STOPS)
        return inside if start >= 0 and inside.start < inside.end else None

    def quoted_after(self, start: int) -> Extent | None:
        """The contents of quotation marks that open at `start`."""
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


def headword_before(text: Text, end: int) -> Extent | None:
    """The strange words, or the quotation, right before `end`: no person's name, no possessive."""
    if quoted := text.quoted_before(end):
        return quoted if _may_be_term(text, quoted) else None
    words: list[Extent] = []
    for word in islice(text.words_before(end), PHRASE_WORDS):
        short = is_acronym(text[word])
        if not text.is_strange(word) or (words and short):
            break
        words.append(word)
        if short:
            break
    if not words or text.is_person(words[-1].start):
        return None
    return singular(text, Extent(words[-1].start, words[0].end))


def headword_after(text: Text, start: int) -> Extent | None:
    """The strange words, or the quotation, right after `start` and an article."""
    words = list(islice(text.words_after(start), PHRASE_WORDS))
    if words and text.small(words[0]) in ARTICLES:
        start = words.pop(0).end
    while text.string[start : start + 1].isspace():
        start += 1
    if quoted := text.quoted_after(start):
        return quoted if _may_be_term(text, quoted) else None
    strange = list(takewhile(text.is_strange, words))
    return singular(text, Extent(strange[0].start, strange[-1].end)) if strange else None


def _may_be_term(text: Text, quoted: Extent) -> bool:
    """Whether a quotation may be a term: one to four words without figures, not a sentence."""
    words = {text.small(word) for word in text.words_in(quoted)}
    return 1 <= len(words) <= 4 and not text.has_figures(quoted) and not AUXILIARIES & words


def singular(text: Text, extent: Extent) -> Extent:
    """The extent without the ending of its last word, if the word is a possessive, or the plural of an acronym."""
    return Extent(extent.start, extent.start + len(without_ending(text[extent])))


def phrase_before(text: Text, end: int) -> _Phrase | None:
    """The noun phrase that ends at `end`: a quotation, a name in capitals, or the words back to a small one.

    It reaches over `of` if no article follows: `council of elders`, but only `elders` in `council of the elders`.
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


def _name_within(text: Text, words: list[Extent]) -> list[Extent]:
    """The words, given from the last, that make a name: `Council of the People`, not `Gosplan and the Council`."""
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
# The end of a clause outside of quotation marks and brackets: a comma, a colon, a dash, a bracket.
CLAUSE_END = re.compile(r"[,;:()\[\]]|\s--?(?=\s)|\s?—|\s–")


def gloss_in(text: Text, extent: Extent) -> Extent | None:
    """The gloss in an extent, without a leading `the`, up to a semicolon or a remark; None if there is none.

    A gloss neither begins nor ends with a small word (`which had closed`, `in spite of`). It is not a sentence (a verb
    such as `was` before any `which`) and not a citation, and it has no figures.
    """
    extent = text.trim(extent)
    quoted = text.quoted_after(extent.start)
    if quoted and text.trim(Extent(quoted.end, extent.end), STOPS).start >= extent.end:
        return quoted
    if remark := REMARK.search(text.string, *extent):
        extent = Extent(extent.start, remark.start())
    extent = text.trim(extent, ".,!?")
    if text[extent].count('"') % 2:  # a quotation ends here that began before the gloss, or after its stop
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


def _opens_remark(text: Text, adverb: Extent, following: Extent) -> bool:
    """Whether an adverb opens a remark (`strictly speaking`, `mostly in towns`), not a phrase (`locally run mill`)."""
    parted = text.string[adverb.end : following.start].strip()
    return bool(parted) or text.small(following) in SMALL_WORDS | {"speaking"}


def clause_at(text: Text, start: int) -> tuple[Extent, int] | None:
    """The gloss that begins at `start`, up to a comma, bracket, dash or the sentence's end, and its end."""
    if quoted := text.quoted_after(start):
        return quoted, quoted.end
    end = min(text.sentence(start).end, start + GLOSS_LENGTH)
    if clause_end := CLAUSE_END.search(text.string, start, end):
        end = clause_end.start()
    gloss = gloss_in(text, Extent(start, max(start, end)))
    return (gloss, end) if gloss is not None and text.is_plain(gloss) else None


def up_to(text: Text, extent: Extent, marks: str) -> Extent:
    """The part of an extent before the first of these marks."""
    ends = [at for mark in marks if (at := text.string.find(mark, *extent)) >= 0]
    return text.trim(Extent(extent.start, min(ends, default=extent.end)))


# --- Letters: Schwartz and Hearst ---


def letters_of(short: str) -> str:
    """The letters of a short form, without its marks: `rcpb` of `R.C.P.(B.)`."""
    return "".join(char for char in without_ending(short) if char.isalnum()).casefold()


def spelled_by(text: Text, letters: str, window: Extent) -> Extent | None:
    """The shortest end of `window` that has the letters in order.

    The letters are sought from right to left, each to the left of the one found before; the first has to begin a word.
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


def spelled_by_initials(text: Text, letters: str, window: Extent) -> Extent | None:
    """The end of `window` whose words begin with the letters, one each; small words and parts may be passed over.

    The paper lacks this rule, and finds `Memorial` in `Members' Memorial (MM)`.
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


def has_in_order(long: str, letters: str) -> bool:
    """Whether `long` begins with the first of the letters, and has the others after it in order."""
    remaining = iter(long.casefold())
    return long[:1].casefold() == letters[0] and all(letter in remaining for letter in letters)


def window_words(letters: str) -> int:
    """The largest number of words of a long form (the paper's rule)."""
    return min(len(letters) + 5, 2 * len(letters))

"""Discovery of explanations in a text, such as `the Grain Board (Zernosoyuz)` or `mirs, i.e., communes`. Pure.

Acronyms are paired with their expansions by the method of Schwartz and Hearst, "A simple algorithm for identifying
abbreviation definitions in biomedical text" (Pacific Symposium on Biocomputing 8, 2003), which reads in brackets
only and is right in 96 of 100. Names and foreign words do not share letters with their translation; they are found by
the marks that English prose sets between a word and its gloss. Nothing here depends on a subject: the caller says
which words are common. The cost is linear in the length of any text.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from typing import Generic, NamedTuple, TypeVar

from glossary.prose import (
    ACRONYM_LENGTH,
    APOSTROPHES,
    ARTICLES,
    AUXILIARIES,
    GLOSS_LENGTH,
    OPENING,
    PHRASE_WORDS,
    RELATIVES,
    STOPS,
    WORD,
    Extent,
    Text,
    Vocabulary,
    clause_at,
    gloss_in,
    has_in_order,
    headword_after,
    headword_before,
    is_acronym,
    letters_of,
    phrase_before,
    set_of,
    singular,
    spelled_by,
    spelled_by_initials,
    up_to,
    window_words,
    without_ending,
)

K = TypeVar("K", bound=Hashable)


class Pattern(StrEnum):
    """The kinds of explanations. The examples explain NEP, Gosbank or artel."""

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
    """A sign for a candidate. `MARKED`: the pattern's mark says that one explains the other; a comma does not."""

    MARKED = "explained by brackets or words that say so"
    STRANGE = "an acronym, or no common word"
    QUOTED = "set in quotation marks"
    BOUNDED = "where the definition begins and ends is marked"
    LETTERS = "the definition has its letters, in order"
    INITIALS = "they begin the definition's words"
    USED_AGAIN = "used elsewhere"
    EXPLAINED_AGAIN = "explained elsewhere"


@dataclass(frozen=True, slots=True)
class Place(Generic[K]):
    """An explanation of a headword: slices of the text with this key. `signs` are in the order of `Sign`."""

    key: K
    pattern: Pattern
    headword: Extent
    definition: Extent
    sentence: Extent
    signs: tuple[Sign, ...]

    @property
    def score(self) -> float:
        """The likelihood that the place is right, 0 to 1: it is 0 without a sign, and each sign halves the doubt.

        0.5 is one sign, 0.75 two, 0.94 four, 0.97 five. An acronym that stands after the words that it abbreviates has
        four or five; Schwartz and Hearst found 0.96 of these acronyms right.
        """
        return 1 - 0.5 ** len(self.signs)


@dataclass(frozen=True, slots=True)
class Candidate(Generic[K]):
    """A headword with the places that explain it, at least one, the best first; equal ones in the order of the text."""

    headword: str
    definition: str
    places: tuple[Place[K], ...]

    @property
    def pattern(self) -> Pattern:
        """The pattern of the best place."""
        return self.places[0].pattern

    @property
    def score(self) -> float:
        """The likelihood that the best place is right, 0 to 1 (see `Place.score`)."""
        return self.places[0].score


class Kind(StrEnum):
    """The kind of an unexplained word."""

    ACRONYM = "acronym"
    WORD = "word"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Unexplained(Generic[K]):
    """A word that occurs `count` times, never explained, in its most frequent spelling; `first` is its first place."""

    word: str
    kind: Kind
    count: int
    first: K


def discover(
    texts: Iterable[tuple[K, str]], *, common: Callable[[str], bool], known: Collection[str] = ()
) -> list[Candidate[K]]:
    """The definitions in plain texts, each text with its key: one candidate for each headword, the best first.

    `common` tells whether a word in small letters is of everyday language (the `__contains__` of a set will do);
    `known` are the headwords and forms that need no candidate. Never raises.
    """
    vocabulary = Vocabulary(common)
    passed = {identity(headword) for headword in known}
    used: Counter[str] = Counter()
    found: dict[str, list[tuple[Place[K], str]]] = defaultdict(list)
    for key, string in texts:
        text = Text(string, vocabulary)
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
    """The unexplained acronyms and uncommon words that occur `least` times or more, the most frequent first.

    A word of a headword in `explained` counts as explained. Plurals and possessives count as the word; persons' names
    (after an initial, `A. Smith`) and words with figures do not count.
    """
    vocabulary = Vocabulary(common)
    passed = {identity(headword) for headword in explained}
    passed |= {identity(word[0]) for headword in explained for word in WORD.finditer(headword)}
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    first: dict[str, K] = {}
    for key, string in texts:
        for word in Text(string, vocabulary).strange_words():
            name = identity(word)
            if name not in passed:
                spellings[name][without_ending(word)] += 1
                first.setdefault(name, key)
    listed = []
    for name, counted in spellings.items():
        # The most frequent spelling; of equal ones the first in the order of characters.
        word = min(counted, key=lambda spelling: (-counted[spelling], spelling))
        if counted.total() >= least:
            listed.append(Unexplained(word, _kind(word), counted.total(), first[name]))
    return sorted(listed, key=lambda entry: (-entry.count, entry.word))


def identity(headword: str) -> str:
    """The key that all spellings of a headword share: capitals, full stops, English endings do not count."""
    bare = without_ending(headword)
    if len(bare) > 3 and bare.endswith("s") and not bare.endswith("ss"):
        bare = bare[:-1]
    return " ".join(bare.casefold().translate(APOSTROPHES).replace(".", "").rstrip("'").split())


def _kind(word: str) -> Kind:
    if is_acronym(word):
        return Kind.ACRONYM
    return Kind.NAME if word[0].isupper() else Kind.WORD


# --- The patterns ---


class _Found(NamedTuple):
    pattern: Pattern
    headword: Extent
    definition: Extent
    signs: set[Sign]


def _found(
    text: Text,
    pattern: Pattern,
    headword: Extent,
    definition: Extent,
    *,
    bounded: bool = True,
    marked: bool = True,
) -> _Found:
    """A place with its signs. A name in capitals may be a person's, unless its explanation is a name as well."""
    name = text[headword]
    strange = text.is_strange(headword) and (
        is_acronym(name) or name[0].islower() or text.is_name(definition)
    )
    quoted = text.is_quoted(headword)
    holding = {Sign.MARKED: marked, Sign.STRANGE: strange, Sign.QUOTED: quoted, Sign.BOUNDED: bounded}
    return _Found(pattern, headword, definition, {sign for sign, holds in holding.items() if holds})


LANGUAGE = r"[A-Z][a-z]+"
THAT_IS_WORDS = r"i\.\s?e\.|that\s+is(?:\s+to\s+say)?"
# Words before the gloss, or before the name, inside a bracket: `(i.e., teams)`, `(in Russian, artel)`.
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
# Words between a phrase and `called`: `the assembly, which was also known as`.
BEFORE_CALLED = (
    ARTICLES
    | AUXILIARIES
    | RELATIVES
    | set_of(
        "also commonly sometimes often generally usually then now later popularly previously formerly officially"
    )
    | set_of("came come to hence so simply still")
) - {"that"}
MEANS = re.compile(
    r",?\s(?:(?P<loose>means?|meant|meaning|signif(?:y|ies|ied))|denotes?|denoted|designates?|designated|refers\s+to"
    rf"|stands\s+for|stood\s+for|(?:is|was)\s+(?:short|(?:the\s+)?{LANGUAGE})\s+for)\s+"
)
TERM_WORDS = set_of("term word expression name acronym abbreviation phrase initials designation")
APPOSITIVE = re.compile(r"(?:(?P<comma>,[\"”]?)|\s--|\s?[—–])\s+(?=(?:an?|the|one\s+of\s+the)\s)")
# Words that begin an adverbial phrase or clause before the main clause and its comma.
OPENERS = set_of(
    "after although as at because before besides by despite during for from if in into like on since throughout under"
    " unlike until upon when where whereas while with within without"
)


def _places(key: K, text: Text) -> Iterator[Place[K]]:
    """The explanations of a text, in its order; of two readings of one headword at one place, the first."""
    found: dict[Extent, Place[K]] = {}
    for read in (_in_brackets, _that_is, _called, _means, _or, _appositive):
        for pattern, headword, definition, signs in read(text):
            if text.small(headword) != text.small(definition) and headword not in found:
                ordered = tuple(sign for sign in Sign if sign in signs)
                found[headword] = Place(
                    key, pattern, headword, definition, text.sentence(headword.start), ordered
                )
    yield from sorted(found.values(), key=lambda place: place.headword)


def _in_brackets(text: Text) -> Iterator[_Found]:
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


def _acronym_in(text: Text, inside: Extent, before: int) -> _Found | None:
    """`New Economic Policy (NEP)`: the words before spell the contents of the bracket, up to a comma."""
    short = text.trim(up_to(text, inside, ",;"), STOPS.replace(".", "") + OPENING)
    words, letters = text.words_in(short), letters_of(text[short])
    if not (1 <= len(words) <= 2 and 2 <= len(letters) <= ACRONYM_LENGTH and letters[0].isalpha()):
        return None
    is_name = len(words) == 1 and text[short][0].isupper() and text.is_strange(short)
    if not is_name and sum(map(str.isupper, text[short])) < 2:
        return None
    end = text.trim(Extent(max(before - GLOSS_LENGTH, 0), before), STOPS).end
    window = Extent(max(text.sentence(max(end - 1, 0)).start, end - GLOSS_LENGTH), end)
    earlier = text.words_in(window)[-window_words(letters) :]
    if not earlier:
        return None
    window = Extent(earlier[0].start, end)
    by_initials = spelled_by_initials(text, letters, window)
    long = by_initials or spelled_by(text, letters, window)
    if long is None or not _is_long_form(text, long, short):
        return None
    found = _found(text, Pattern.ACRONYM, singular(text, short), long, bounded=by_initials is not None)
    found.signs.update([Sign.LETTERS, Sign.INITIALS] if by_initials else [Sign.LETTERS])
    return found


def _is_long_form(text: Text, long: Extent, short: Extent) -> bool:
    """Whether a long form can explain the short one: it does not hold the short form, and its brackets close."""
    string = text[long]
    return (
        identity(text[short]) not in {identity(text[word]) for word in text.words_in(long)}
        and text.is_plain(long)
        and string.count("(") == string.count(")")
    )


def _name_in(text: Text, inside: Extent, before: int, said: Pattern | None) -> _Found | None:
    """`the state bank (Gosbank)`: only strange words in the bracket, a phrase of plain ones before it."""
    headword = headword_after(text, inside.start)
    if headword is None or not text.is_strange(headword):
        return None
    after = text.trim(Extent(headword.end, inside.end), STOPS + "s")
    if after.start < after.end:
        return None
    phrase = phrase_before(text, before)
    if phrase is None or not text.is_plain(phrase.extent) or text.has_figures(phrase.extent):
        return None
    return _found(text, said or Pattern.NAME, headword, phrase.extent, bounded=phrase.is_bounded)


def _gloss_in(text: Text, inside: Extent, before: int, said: Pattern | None) -> _Found | None:
    """`Gosplan (the State Planning Commission)`: strange words before, plain ones or their letters in the bracket."""
    headword, gloss = headword_before(text, before), gloss_in(text, inside)
    if headword is None or gloss is None or not (said or text.is_strange(headword)):
        return None
    letters = letters_of(text[headword])
    long = up_to(text, gloss, ",;" + OPENING)  # `Glavk (Glavnyi komitet, "chief committee")`
    if 2 <= len(letters) <= ACRONYM_LENGTH and 2 <= len(text.words_in(long)) <= window_words(letters):
        found = _found(text, said or Pattern.EXPANSION, headword, gloss)
        by_initials = spelled_by_initials(text, letters, long)
        if by_initials is not None and by_initials.start == long.start:
            found.signs.update([Sign.LETTERS, Sign.INITIALS])
            return found
        if has_in_order(text[long], letters):
            found.signs.add(Sign.LETTERS)
            return found
    return _found(text, said or Pattern.GLOSS, headword, gloss) if text.is_plain(gloss) else None


def _that_is(text: Text) -> Iterator[_Found]:
    """`artels, i.e., teams` and `teams, i.e., artels`."""
    for mark in THAT_IS.finditer(text.string):
        headword = headword_before(text, mark.start())
        if headword is not None and text.is_strange(headword):
            if (clause := clause_at(text, mark.end())) is not None:
                yield _found(text, Pattern.THAT_IS, headword, clause[0])
        elif not mark["one_way"]:
            yield from _named_after(text, Pattern.THAT_IS, mark.start(), mark.end())


def _or(text: Text) -> Iterator[_Found]:
    """`the state bank, or Gosbank,` and `artels, or teams,`, but not the end of a list."""
    for mark in OR.finditer(text.string):
        before, after = _before(text, mark), mark.end()
        headword = headword_before(text, before)
        if headword is None or not text.is_strange(headword):
            yield from _named_after(text, Pattern.OR, before, after)
            continue
        clause = None if _is_in_list(text, headword) else clause_at(text, after)
        if clause is not None:
            yield _found(text, Pattern.OR, headword, clause[0])


def _before(text: Text, mark: re.Match[str]) -> int:
    """The end of the words before a comma; quotation marks close after the comma: `"cold winter," a term`."""
    return mark.end("comma") if mark["comma"] and text.quoted_before(mark.end("comma")) else mark.start()


def _named_after(text: Text, pattern: Pattern, before: int, after: int) -> Iterator[_Found]:
    """A phrase, the pattern's mark, and then its name: strange words."""
    headword, phrase = headword_after(text, after), phrase_before(text, before)
    if headword is None or phrase is None or not text.is_strange(headword):
        return
    if text.is_plain(phrase.extent) and not _is_in_list(text, phrase.extent):
        yield _found(text, pattern, headword, phrase.extent, bounded=phrase.is_bounded)


def _is_in_list(text: Text, extent: Extent) -> bool:
    """Whether a comma stands before, so that the extent only continues a list."""
    before = text.string[max(extent.start - 8, 0) : extent.start].rstrip(' "“')
    return re.sub(r"\b(?:an?|the)$", "", before).rstrip().endswith(",")


def _called(text: Text) -> Iterator[_Found]:
    """`a team called an artel`, `the assembly, which was known as the skhod`; not `what the planners called`."""
    for mark in CALLED.finditer(text.string):
        headword = headword_after(text, mark.end())
        if headword is None:
            continue
        end = mark.start()
        for _ in range(PHRASE_WORDS):
            end = text.trim(Extent(max(end - PHRASE_WORDS, 0), end), ",").end
            word = next(text.words_before(end), None)
            if word is None or text.small(word) not in BEFORE_CALLED:
                break
            end = word.start
        phrase = phrase_before(text, end)
        if phrase is None or not text.is_plain(phrase.extent):
            continue
        if not RELATIVES.union(["what"]) & set(_small_before(text, phrase.extent)):
            yield _found(text, Pattern.CALLED, headword, phrase.extent, bounded=phrase.is_bounded)


def _small_before(text: Text, extent: Extent) -> list[str]:
    """The word before an extent, in small letters; if it is an article, also the word before the article."""
    start = extent.start - text.is_quoted(extent)
    words = [text.small(word) for word in islice(text.words_before(start), 2)]
    return words if words and words[0] in ARTICLES else words[:1]


def _means(text: Text) -> Iterator[_Found]:
    """`the word "artel" means a team`, `NEP stands for New Economic Policy`."""
    for mark in MEANS.finditer(text.string):
        words = list(islice(text.words_before(mark.start()), 2))
        named = (
            words[0] if len(words) == 2 and text.small(words[1]) in TERM_WORDS else None
        )  # `the word glasnost`
        headword = headword_before(text, mark.start()) or named
        clause = clause_at(text, mark.end())
        if headword is None or clause is None:
            continue
        # `NEP meant hunger` does not explain the word.
        if not mark["loose"] or named is not None or text.is_quoted(headword):
            yield _found(text, Pattern.MEANS, headword, clause[0])


def _appositive(text: Text) -> Iterator[_Found]:
    """`an artel, a team of workers,`: after a comma or dash, an article; not a list, nor `In NEP, the mills`."""
    for mark in APPOSITIVE.finditer(text.string):
        headword, clause = headword_before(text, _before(text, mark)), clause_at(text, mark.end())
        if headword is None or clause is None or _is_in_list(text, headword) or _opens(text, headword):
            continue
        gloss, end = clause
        if text.is_quoted(headword) and any(mark in text[gloss] for mark in OPENING):
            continue  # a list of epithets: `a mere "pause," a "truce," to be ended soon`
        # An apposition to a person or place tells a fact; it explains a name only with another name.
        is_bare_name = text[headword][0].isupper() and not is_acronym(text[headword])
        if is_bare_name and not text.is_quoted(headword) and not text.is_name(gloss):
            continue
        goes_on = re.match(r",\s+(?:and|or)\s+", text.string[end : end + GLOSS_LENGTH])
        following = next(text.words_after(end + goes_on.end()), None) if goes_on else None
        if following is not None and (text.small(following) in ARTICLES or text.is_strange(following)):
            continue  # a list: `SRs, the Mensheviks, and the Kadets`; not `an artel, a team, and worked`
        is_closed = mark[0].strip(' "”\n')[:1] == text.string[end : end + 2].strip()[:1]
        yield _found(text, Pattern.APPOSITIVE, headword, gloss, bounded=is_closed, marked=False)


def _opens(text: Text, headword: Extent) -> bool:
    """Whether the headword ends the opening of a sentence: `During NEP, the peasants`, `When he saw the mir, the`.

    A headword after `a` may be explained all the same: `paid in a "flour-mark," a unit of account`.
    """
    sentence = text.sentence(headword.start)
    first = next(text.words_after(sentence.start), None)
    if first is not None and text.small(first) in OPENERS:
        return not re.search(
            r"[,;:]", text.string[max(sentence.start, headword.start - GLOSS_LENGTH) : headword.start]
        )
    before = _small_before(text, headword)
    return not {"a", "an"} & set(before) and bool(OPENERS & set(before))

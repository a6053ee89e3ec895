"""Finding the terms of a glossary in plain text: forms and a text in, spans out. Pure.

The text is cut into words once, and a tree of word sequences is walked from each word: the work grows with the
text and with the longest form, never with the number of forms.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

# A word is letters and digits with what belongs inside it: combining marks, and apostrophes between letters
# (a soft sign, `Rabsel'kor`; a possessive, `NEP's`). All else is a token of one character, so that a hyphen
# parts words (`VSNKh-led`) and full stops part the letters of `N.E.P.`; white space is one token however long.
TOKEN = re.compile(r"(?P<word>[^\W_](?:[^\W_]|[\u0300-\u036f]|['’ʼ](?=[^\W_]))*)|(?P<space>\s+)|.", re.DOTALL)
APOSTROPHES = str.maketrans("’ʼ", "''")
# What a form must look like to have dotted spellings too: NEP, CC, RCP(B).
ACRONYM = re.compile(r"(?P<letters>[A-Z]{2,6})(?:\((?P<bracket>[A-Za-z])\))?")


@dataclass(frozen=True, slots=True)
class Form:
    """A spelling of a term, and whether its capitals matter."""

    text: str
    case_sensitive: bool = True


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of the text, which use the term with the given key."""

    start: int
    end: int
    term: int


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str
    is_word: bool


@dataclass(slots=True)
class _Branch:
    """A place in the tree of forms: the words that may follow, and the terms whose form ends here."""

    following: dict[str, "_Branch"] = field(default_factory=dict)
    exact: dict[tuple[str, ...], int] = field(default_factory=dict)
    any_case: int | None = None


class Matcher:
    """The forms of a glossary, made ready for texts. Of two terms with one form, the first keeps it."""

    def __init__(self, forms: Iterable[tuple[int, Form]]) -> None:
        self._tree = _Branch()
        for term, form in forms:
            words = tuple(word.text for word in _words(form.text.strip()))
            if not words:
                continue
            branch = self._tree
            for word in words:
                branch = branch.following.setdefault(word.casefold(), _Branch())
            if form.case_sensitive:
                branch.exact.setdefault(words, term)
            elif branch.any_case is None:
                branch.any_case = term

    def spans(self, text: str) -> list[Span]:
        """The terms that `text` uses: whole words, the longest form first, no two overlapping, in order.

        A plural ending belongs to the span (`kulaks`), a possessive one does not (`NEP` of `NEP's`).
        """
        words = list(_words(text))
        found: list[Span] = []
        at = 0
        while at < len(words):
            longest = self._longest(words, at)
            if longest is None:
                at += 1
            else:
                at, span = longest
                found.append(span)
        return found

    def _longest(self, words: list[_Word], first: int) -> tuple[int, Span] | None:
        """The longest form that begins with word `first`, and the place of the word after it."""
        if _is_inside_abbreviation(words, first):
            return None
        branch = self._tree
        longest: tuple[int, Span] | None = None
        read: tuple[str, ...] = ()
        for at in range(first, len(words)):
            word = words[at]
            for base, dropped in _bases(word.text):
                term = _term_at(branch.following.get(base.casefold()), (*read, base))
                if term is not None:
                    longest = at + 1, Span(words[first].start, word.end - dropped, term)
            following = branch.following.get(word.text.casefold())
            if following is None:
                break
            branch = following
            read = (*read, word.text)
            term = _term_at(branch, read)
            if term is not None and not _goes_on(words, at):
                longest = at + 1, Span(words[first].start, word.end, term)
        return longest


def _words(text: str) -> Iterator[_Word]:
    for token in TOKEN.finditer(text):
        is_space = token["space"] is not None
        normal = " " if is_space else unicodedata.normalize("NFC", token[0]).translate(APOSTROPHES)
        yield _Word(token.start(), token.end(), normal, token["word"] is not None)


def _bases(word: str) -> Iterator[tuple[str, int]]:
    """What `word` may be the plural or possessive of, each with the number of letters that the term leaves out."""
    if word.endswith("'s"):
        yield word[:-2], 2
    elif word.endswith("s"):
        if word.endswith(("ses", "xes", "zes", "ches", "shes")):
            yield word[:-2], 0
        # `has` is not several `ha`, nor `Is` several `I`; `SRs` are several `SR`.
        if len(word) > 3 or (len(word) == 3 and word[:2].isupper()):
            yield word[:-1], 0


def _term_at(branch: _Branch | None, words: tuple[str, ...]) -> int | None:
    if branch is None:
        return None
    return branch.exact.get(words, branch.any_case)


def _is_inside_abbreviation(words: list[_Word], first: int) -> bool:
    """Whether word `first` only goes on with what stands before it, as `S.R.` in `U.S.S.R.` does."""
    before = words[first - 1] if first else None
    if before is None:
        return False
    if not words[first].is_word:
        return before.is_word
    return (
        before.text == "." and len(words[first].text) == 1 and first > 1 and len(words[first - 2].text) == 1
    )


def _goes_on(words: list[_Word], last: int) -> bool:
    """Whether a word follows a form's closing bracket or full stop at once, so that the form is only its start."""
    return not words[last].is_word and last + 1 < len(words) and words[last + 1].is_word


def forms_of(headword: str) -> tuple[Form, ...]:
    """The spellings to look for when only the headword is known, itself first.

    An acronym is also written with full stops, the letter in its bracket large or small: RCP(B), RCP(b),
    R.C.P.(B.), R.C.P.(b.). An ordinary word, one capital and then small letters, is also written small: kulak.
    """
    headword = " ".join(headword.split())
    spellings = [headword]
    if acronym := ACRONYM.fullmatch(headword):
        dotted = "".join(f"{letter}." for letter in acronym["letters"])
        if bracket := acronym["bracket"]:
            for letter in dict.fromkeys((bracket, bracket.upper(), bracket.lower())):
                spellings += f"{acronym['letters']}({letter})", f"{dotted}({letter}.)"
        else:
            spellings.append(dotted)
    elif headword.isalpha() and headword.istitle():
        spellings.append(headword.lower())
    return tuple(Form(spelling) for spelling in dict.fromkeys(spellings) if spelling)

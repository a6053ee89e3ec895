"""Finding the terms of a glossary in plain text: forms and a text in, spans out. Pure.

Every way in which a form may be printed is spelled out once, word by word, in one tree. A text is then read from left
to right, and the tree is searched only from words that begin a form: the cost grows with the text and with the longest
form, never with the number of forms.

The rules:

- A form is whole words. A hyphen, a dash or a slash parts words (`VSNKh-led`, `anti-NEP`); an apostrophe, an underscore
  or the point of a number between letters or digits does not (`Rabsel'kor`, `NEP_2`, `1,905`).
- `'s` is not part of a word: a possessive counts as its noun.
- A plural counts as the term: `kulaks` or `kulaki`, `SRs`, `S.R.s`, `Cadet parties`, `Nepmen`.
- A dotted form may have spaces or lack its last full stop (`N. E. P.`, `N.E.P`), a bracket may stand apart (`RCP (B)`).
- All kinds of apostrophe are equal, as are kinds of quotation mark, of hyphen and of white space. Invisible characters
  are ignored. Letters are compared in Unicode's form NFKC (UAX 15), so that accents and ligatures may be written as one
  character or as two.
- For capitals see `Case`.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain

# Soft hyphens, zero-width and bidirectional characters, which a reader does not see.
INVISIBLE = r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
# The combining marks of the Latin, Greek and Cyrillic alphabets.
MARK = r"[\u0300-\u036f\u0483-\u0487\u1ab0-\u1aff\u1dc0-\u1dff\ufe20-\ufe2f]"
APOSTROPHES = "'’‘ʼʹ′´"
# A letter or a digit. To Unicode two apostrophes are letters, and superior figures, which call notes, are digits.
LETTER = r"[^\W_ʼʹ²³¹⁰⁴-⁹]"
INSIDE_A_WORD = rf"(?:{INVISIBLE}|_|(?<=\d)[.,](?=\d)|[{APOSTROPHES}](?![sS](?!{LETTER})))"
WORD = rf"{LETTER}++(?:{MARK}++{LETTER}*+|{INSIDE_A_WORD}++{LETTER}++)*+"
# A word; a run of white space; invisible characters; or any other single character.
TOKEN = re.compile(
    rf"(?P<word>{WORD})|(?P<space>{INVISIBLE}*+\s(?:\s|{INVISIBLE})*+)|{INVISIBLE}++|.", re.DOTALL
)
# An address in the web or of mail: its parts are not words.
ADDRESS = re.compile(r"(?:https?://|www\.)\S+|(?<!\S)[^\s@]++@\S+")
# A single letter with a full stop, with more text after it.
INITIAL = re.compile(rf"(?<!{LETTER}){LETTER}\.(?P<space>\s?)\Z")
OPENING, CLOSING = "\"'“‘«„([{", "\"'”’»)]}"
SENTENCE_ENDS = "!?…|"  # marks beside the full stop; a bar parts the cells of a table

DOTTED = re.compile(r"(?:[^\W\d_]\.){2,}(?:\([^\W\d_]\.?\))?")
INVISIBLES = re.compile(INVISIBLE)
IS_LETTER = re.compile(LETTER).match
IS_MARK = re.compile(MARK).match
ALIKE = str.maketrans(
    dict.fromkeys(APOSTROPHES, "'") | dict.fromkeys("“”„«»", '"') | dict.fromkeys("‐‑–", "-")
)


class Case(StrEnum):
    """The meaning of capitals in a form. At the beginning of a sentence they have none: it may be a name or a noun."""

    EXACT = "exact"  # found as it is written, anywhere
    ANY = "any"  # found in any capitals
    INSIDE = "inside"  # a name: found as it is written, but not where a sentence begins (`Mir`)
    SENTENCE = "sentence"  # a common noun: found as it is written, and with the capital of a sentence (`mir`)


@dataclass(frozen=True, slots=True)
class Form:
    """A spelling of a term, and the meaning of its capitals."""

    text: str
    case: Case = Case.EXACT


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of the text, which use the term with the given key."""

    start: int
    end: int
    term: int


# The required spelling of the words that lead to a branch, and whether they begin a sentence: ("Mir", False). An empty
# spelling allows any capitals.
Writing = tuple[str, bool]


@dataclass(slots=True)
class _Branch:
    """A node in the tree of forms: the words that may follow, folded, and the terms of the forms that end here."""

    following: dict[str, "_Branch"] = field(default_factory=dict)
    ends: dict[Writing, int | None] = field(default_factory=dict)


class Matcher:
    """The forms of a glossary, prepared for matching.

    `exceptions` are phrases in which no term is meant: *Mir Publishers* if `Mir` is a form. Of two terms with one
    spelling the first has it, and a written form comes before a plural; `ambiguous` has all of these spellings, each
    with the keys of its terms.
    """

    def __init__(self, forms: Iterable[tuple[int, Form]], exceptions: Iterable[Form] = ()) -> None:
        self._tree = _Branch()
        self.ambiguous: dict[str, list[int]] = {}
        entries: list[tuple[int | None, Form]] = [*forms, *((None, form) for form in exceptions)]
        for inflected in (False, True):
            for term, form in entries:
                for words, writing in _writings(form, inflected):
                    self._plant(term, words, writing)
        marks = {first for first in self._tree.following if not IS_LETTER(first)}
        marks |= {chr(other) for other, plain in ALIKE.items() if plain in marks}
        # The first tokens of forms: a word, or marks that begin a form.
        self._beginning = re.compile("|".join([f"(?P<word>{WORD})", *map(re.escape, sorted(marks))]))

    def _plant(self, term: int | None, words: Sequence[str], writing: Writing) -> None:
        branch = self._tree
        for word in words:
            branch = branch.following.setdefault(_fold(word), _Branch())
        first = branch.ends.setdefault(writing, term)
        if first != term and first is not None and term is not None:
            terms = self.ambiguous.setdefault(writing[0] or "".join(words), [first])
            if term not in terms:
                terms.append(term)

    def claimants(self, form: Form) -> set[int]:
        """The terms that a text with this form would use if the form did not exist."""
        claimed: set[int] = set()
        for inflected in (False, True):
            for words, (spelling, begins) in _writings(form, inflected):
                branch: _Branch | None = self._tree
                for word in words:
                    branch = branch and branch.following.get(_fold(word))
                for (other, also), term in (branch.ends if branch else {}).items():
                    if (
                        term is not None
                        and begins == also
                        and (spelling == other or not (spelling and other))
                    ):
                        claimed.add(term)
        return claimed

    def spans(self, text: str, closed: Iterable[tuple[int, int]] = ()) -> list[Span]:
        """The terms that `text` uses, in order, without overlaps: the leftmost form, of several the longest.

        `closed` are ranges of the text, such as a link or a cited title, in which nothing is found. No form reaches
        over their edges; an empty range (4, 4) is an edge, too. Addresses are always closed.
        """
        shut = sorted([*closed, *(address.span() for address in _addresses(text))])
        found: list[Span] = []
        first_words = self._tree.following
        end = passed = 0
        for beginning in self._beginning.finditer(text):
            word = beginning[0]
            if (word.casefold() if word.isascii() else _fold(_plain(word))) not in first_words:
                continue
            start = beginning.start()
            while passed < len(shut) and shut[passed][0] <= start:
                end = max(end, shut[passed][1])
                passed += 1
            if start < end or (not IS_LETTER(word) and _follows_a_letter(text, start)):
                continue
            longest = self._longest(beginning, shut[passed][0] if passed < len(shut) else len(text))
            if longest is not None:
                end, term = longest
                if term is not None:
                    found.append(Span(start, end, term))
        return found

    def _longest(self, first: re.Match[str], limit: int) -> tuple[int, int | None] | None:
        """The end of the longest form that begins with the token `first` and ends by `limit`, and its term."""
        text, start = first.string, first.start()
        branch, read = self._tree, ""
        longest: tuple[int, int | None] | None = None
        for token in chain((first,), TOKEN.finditer(text, first.end())):
            word = _normal(token)
            if not word:
                continue
            following = branch.following.get(_fold(word))
            if following is None or token.end() > limit:
                break
            branch, read = following, read + word
            if not branch.ends or _goes_on(token, read) or _goes_on_from(text, start, read):
                continue
            begins = _begins_sentence(text, start)
            for writing in ((read, begins), ("", begins)):
                if writing in branch.ends:
                    longest = token.end(), branch.ends[writing]
                    break
        return longest


def _follows_a_letter(text: str, at: int) -> bool:
    """Whether a letter stands before a character, with combining marks or without."""
    while at and IS_MARK(text, at - 1):
        at -= 1
    return bool(at and IS_LETTER(text, at - 1))


def _addresses(text: str) -> Iterator[re.Match[str]]:
    if "://" in text or "www." in text or "@" in text:
        yield from ADDRESS.finditer(text)


def _normal(token: re.Match[str]) -> str:
    """A token for comparison. White space is a space, or an empty line, which no form reaches over."""
    word = token[0]
    if token.lastgroup == "space":
        return " " if word.count("\n") < 2 else "\n\n"
    return word if word.isascii() else _plain(word)


def _plain(word: str) -> str:
    return unicodedata.normalize("NFKC", INVISIBLES.sub("", word).translate(ALIKE))


def _fold(word: str) -> str:
    return word.casefold() if word.isascii() else unicodedata.normalize("NFKC", word.casefold())


def _goes_on(token: re.Match[str], read: str) -> bool:
    """Whether a form that ends with `token` is only the beginning of a longer acronym, such as `S.R.` in `S.R.F.`."""
    text, end = token.string, token.end()
    if token.lastgroup == "word":
        return read[-2:-1] == "." and text.startswith(".", end) and bool(IS_LETTER(text, end + 1))
    return bool(IS_LETTER(text, end))


def _goes_on_from(text: str, start: int, read: str) -> bool:
    """Whether a form is only the end of a longer acronym: `S.R.` in `U.S.S.R.`, but not in `i.e. S.R.`."""
    if read[1:2] != ".":
        return False
    initial = INITIAL.search(text[max(0, start - 4) : start])
    return initial is not None and (not initial["space"] or " " in read)


def _begins_sentence(text: str, start: int) -> bool:
    """Whether a capital at `start` may come from the beginning of a sentence, a quotation or a table's cell.

    A single letter with a full stop (an initial, `i.e.`) does not end a sentence; any other abbreviation does. The
    rules of reader/text/sentences.py, which this app may not import, have neither tables nor quotations in a sentence.
    """
    at = start
    while at and text[at - 1] in OPENING:
        at -= 1
    quoted = any(mark not in "([{" for mark in text[at:start])
    before = at
    while before and text[before - 1].isspace():
        before -= 1
    if before == 0 or text.count("\n", before, at) > 1:
        return True
    while before and text[before - 1] in CLOSING:
        before -= 1
    last = text[before - 1 : before]
    if last == ".":
        return INITIAL.search(text[max(0, before - 3) : before]) is None
    return last in SENTENCE_ENDS or (quoted and last in ",:")


def _writings(form: Form, inflected: bool) -> Iterator[tuple[Sequence[str], Writing]]:
    """The words of a form, or of its plurals, in every spelling, each with the required capitals."""
    for spelling in _spellings(form.text):
        words = _words(spelling)
        for each in _plurals(words) if inflected else [words]:
            written = "".join(each)
            if form.case is Case.ANY:
                writings = {("", False), ("", True)}
            else:
                writings = {(written, False)}
                if form.case is not Case.INSIDE:
                    writings.add((written, True))
                if form.case is Case.SENTENCE:
                    writings.add((written[:1].upper() + written[1:], True))
            for writing in writings:
                yield each, writing


def _words(text: str) -> list[str]:
    visible = INVISIBLES.sub("", text).strip()
    return [_normal(token) for token in TOKEN.finditer(visible)]


def _spellings(text: str) -> set[str]:
    """A form, and the other spellings of a dotted or bracketed one."""
    spellings = {text}
    if DOTTED.fullmatch(text):
        spellings |= {text.removesuffix("."), text.replace(".)", ")")}
        # Two letters with a space between them are a person's initials.
        if text.count(".") > 2:
            spellings |= {re.sub(r"\.(?=\w)", ". ", spelling) for spelling in spellings}
    return spellings | {re.sub(r"(?<=[\w.])\(", " (", spelling) for spelling in spellings}


def _plurals(words: Sequence[str]) -> list[list[str]]:
    """The plurals of a form, by its last word; none for a lone letter, a figure, or a small word such as `ha`."""
    if not words:
        return []
    *before, last = words
    if last in (".", ")"):
        return [[*words, "s"]]
    if not last[-1].isalpha() or len(last) < 2 or (len(last) == 2 and not last.isupper()):
        return []
    if last.endswith(("s", "x", "z", "ch", "sh")):
        plurals = [last + "es"]
    elif last.endswith("y") and last[-2] not in "aeiou":
        plurals = [last[:-1] + "ies"]
    elif last.endswith("man") and len(last) > 4:
        plurals = [last[:-2] + "en"]
    elif last.endswith("k"):
        # Russian words for people often keep their Russian plural: kulaki, narodniki.
        plurals = [last + "s", last + "i"]
    else:
        plurals = [last + "s"]
    return [[*before, plural] for plural in plurals]

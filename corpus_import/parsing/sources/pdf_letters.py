"""Restores letters that a PDF's fonts map to nothing, or to another character.

One glyph is one letter wherever its font shows it. A glyph is in doubt if its font maps it to no character, if another
glyph of its font claims its character (they differ in width, and only one makes words), or if its character is one
that makes no words. Its letter is the one that makes words of what stands around it, if no other does and no other
glyph of the font is this letter. What cannot be told is U+FFFD, which a later stage reads in its context.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from string import ascii_letters

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.sources.pdf_words import Page, Pages, Word
from reader.text.diagnostics import said
from reader.text.word_list import WordList, word_list

LOST = "\ufffd"
_ALONE = ("A", "I", "a")  # letters that are words
_LIGATURES = {"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl"}
_CANDIDATES = (*ascii_letters, *_LIGATURES)
_PLAIN = re.compile(r"[\sA-Za-z0-9.,;:!?'\"()\[\]{}/&%$§*+=<>#@–—‘’“”…·•|~^_°×†‡©-]")
_LETTERS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
# The fewest words that show a letter, or the length of a word that shows it alone; the most that speak for another.
_FEWEST, _LONG, _RIVAL = 2, 7, 0.34
_MANY, _COVERED, _RIVAL_OF_MANY = 5, 0.75, 0.6
# A glyph whose character makes words in fewer cases is in doubt.
_WRONG = 0.15
# So many times wider or narrower than its character, a glyph is another one; so much, if it makes no words.
_OTHER, _DOUBTFUL = 1.4, 1.08
# Advances in 1/100 em, of a common serif (Times).
_WIDTHS = {
    character: advance
    for advance, characters in (
        (18, "'"), (25, ".,"), (28, "ijlt:;"), (33, "frI!()[]-"), (39, "sJ"), (44, "acez?"), (50, "bdghknopquvxy"),
        (56, "FPS"), (61, "ELTZ"), (67, "ABCR"), (72, "wDGHKNOQUVXY"), (78, "m"), (89, "M"), (94, "W"),
    )
    for character in characters
}  # fmt: skip
# With a smaller share of known words, among so many that are not short, the text is garbage.
_GARBAGE, _ENOUGH, _SHORT = 0.15, 20, 3
# A letter that makes no words in so many, and in this share of its words, is in doubt.
_SEEN, _UNSOUND = 6, 0.6
# Rounds in which letters are found with the help of others; the most places of a glyph that are looked at.
_ROUNDS, _MOST = 5, 400


@dataclass(slots=True)
class _Token:
    """Words with no white space between, as one string; `of` has for each character its word and place there."""

    text: list[str]
    of: list[tuple[Word, int]]


@dataclass(slots=True)
class _Shape:
    """A glyph in doubt: its font, the character that it claims, and the places where it stands, by token and offset."""

    font: str
    claimed: str
    places: list[tuple[_Token, int]] = field(default_factory=list)
    letter: str = ""
    strange: bool = False  # its character is one that the language seldom has


def restore_letters(read: Pages, language: str, name: str) -> list[str]:
    """Put the letters into the words; returns a sentence for each font that needed it.

    Raises ImportFault if the fonts map so few glyphs that the text is garbage.
    """
    words = word_list(language)
    if words is None:
        return []
    tokens, places = _tokens(read.pages)
    known = _Known(words)
    shapes = _doubtful(read, tokens, places, known)
    for shape in shapes:
        for token, at in () if shape.strange else shape.places:
            token.text[at] = LOST
    known.learn(tokens)
    there = _letters_by_font(tokens)
    for _ in range(_ROUNDS):
        waiting = [shape for shape in shapes if not shape.letter]
        for shape in waiting:
            shape.letter = _infer(shape, there[shape.font], known)
            if shape.letter:
                there[shape.font].add(shape.letter)
                _write(shape, shape.letter)
        if not any(shape.letter for shape in waiting):
            break
    for shape in shapes:
        if not shape.letter and not shape.strange:
            _write(shape, LOST)
    _check_words(tokens, words, read, name)
    return [*_told(shapes, read), *_asked(tokens, known, read)]


def _told(shapes: Sequence[_Shape], read: Pages) -> Iterator[str]:
    """What was found of each font, for persons."""
    names = {font.key: font.name or "without a name" for font in read.fonts}
    for key in dict.fromkeys(shape.font for shape in shapes):
        own = [shape for shape in shapes if shape.font == key and (shape.letter or not shape.strange)]
        letters = ", ".join(f"{s.letter} ({len(s.places):,} times)" for s in own if s.letter)
        lost = sum(len(shape.places) for shape in own if not shape.letter)
        if own:
            yield said(
                "letters-of-a-font",
                font=names[key],
                count=f"{len(own):,}",
                letters=letters or "none",
                **({"lost": f"{lost:,}"} if lost else {}),
            )


def _write(shape: _Shape, letter: str) -> None:
    for token, at in shape.places:
        token.text[at] = letter
        word, place = token.of[at]
        word.text = word.text[:place] + letter + word.text[place + 1 :]


def _check_words(tokens: Sequence[_Token], words: WordList, read: Pages, name: str) -> None:
    """Raise ImportFault if hardly any word is one: the fonts do not say which letters they show."""
    found = Counter(match.casefold() for token in tokens for match in _LETTERS.findall("".join(token.text)))
    long = [word for word in found if len(word) > _SHORT]
    total = len(long)
    lost = sum(token.text.count(LOST) for token in tokens) * 3 > sum(len(token.text) for token in tokens)
    few = sum(map(words.knows, long)) < _GARBAGE * total
    if not lost and (total < _ENOUGH or not few):
        return
    fonts = Counter(word.font.name for page in read.pages for word in page.words)
    names = ", ".join(font or "a font without a name" for font, _ in fonts.most_common(3))
    raise ImportFault(
        name,
        None,
        "the PDF's fonts do not say which letters they show (%(fonts)s); print the text anew, "
        "or run OCR over it.",
        fonts=names,
    )


class _Known:
    """Words that the language's list has, or that stand in the document without a doubtful glyph."""

    def __init__(self, words: WordList) -> None:
        self.words = words
        self.own: Counter[str] = Counter()
        self.said: dict[str, bool] = {}

    def learn(self, tokens: Sequence[_Token]) -> None:
        """Count the document's own words."""
        for token in tokens:
            text = "".join(token.text)
            if LOST not in text:
                self.own.update(_LETTERS.findall(text))

    def listed(self, word: str) -> bool:
        """Whether the language has a word."""
        if word not in self.said:
            spelled = self.words.spelled(word.casefold())
            self.said[word] = word in _ALONE or (len(word) > 1 and self.words.knows(spelled))
        return self.said[word]

    def has(self, text: str, at: int) -> str:
        """The word at a place of a text, if it is one; else nothing."""
        for match in _LETTERS.finditer(text):
            if match.start() <= at < match.end():
                word = match[0]
                plain = "".join(_LIGATURES.get(letter, letter) for letter in word)
                if (_is_cased(plain) and self.listed(plain)) or (len(plain) > 1 and self.own[plain] > 0):
                    return plain
                return ""
        return ""


def _asked(tokens: Sequence[_Token], known: _Known, read: Pages) -> Iterator[str]:
    """Of letters that make no words in their font, although the font's other words are sound: a sentence for each.

    Another letter may be mapped to this one that has its width, or is the only one that claims it.
    """
    words: dict[str, Counter[bool]] = defaultdict(Counter)
    having: dict[tuple[str, str], Counter[bool]] = defaultdict(Counter)
    for token in tokens:
        text = "".join(token.text)
        for match in _LETTERS.finditer(text):
            word = match[0]
            if len(word) < _SHORT or LOST in word or not word[0].islower():
                continue
            font, is_word = token.of[match.start()][0].font.key, _is_cased(word) and known.listed(word)
            words[font][is_word] += 1
            for letter in set(word):
                having[font, letter][is_word] += 1
    names = {font.key: font.name or "without a name" for font in read.fonts}
    for (font, letter), own in having.items():
        rest = words[font] - own
        unsound = own[False] >= _UNSOUND * own.total() and own[False] >= _SEEN
        sound = rest[False] < _GARBAGE * rest.total() and rest.total() >= _ENOUGH
        if letter.isalpha() and unsound and sound:
            yield said(
                "letters-of-a-font",
                font=names[font],
                letter=letter,
                count=f"{own[False]:,}",
                of=f"{own.total():,}",
            )


def _is_cased(word: str) -> bool:
    """Whether a word is small, all capitals, or begins with the only capital."""
    return word.islower() or word.isupper() or word[1:].islower()


def _tokens(pages: Sequence[Page]) -> tuple[list[_Token], dict[tuple[int, int], tuple[_Token, int]]]:
    """The words of all pages, with the token and the offset for each word's page and index."""
    tokens: list[_Token] = []
    places: dict[tuple[int, int], tuple[_Token, int]] = {}
    for page in pages:
        for k, word in enumerate(page.words):
            if word.spaced or not k:
                tokens.append(_Token([], []))
            places[page.n, k] = tokens[-1], len(tokens[-1].text)
            tokens[-1].text += word.text
            tokens[-1].of += [(word, at) for at in range(len(word.text))]
    return tokens, places


def _letters_by_font(tokens: Sequence[_Token]) -> dict[str, set[str]]:
    """The letters that each font maps a glyph to."""
    there: dict[str, set[str]] = defaultdict(set)
    for token in tokens:
        for character, (word, _) in zip(token.text, token.of, strict=True):
            if character.isalpha():
                there[word.font.key].add(character)
    return there


def _doubtful(
    read: Pages, tokens: Sequence[_Token], places: Mapping[tuple[int, int], tuple[_Token, int]], known: _Known
) -> list[_Shape]:
    """The glyphs in doubt: without a character, or with one that they cannot be."""
    shapes: dict[tuple[str, str, int], _Shape] = {}
    for glyph in read.doubtful:
        word = read.pages[glyph.page].words[glyph.word]
        claimed = word.text[glyph.at]
        token, start = places[glyph.page, glyph.word]
        shape = shapes.setdefault((word.font.key, claimed, glyph.n), _Shape(word.font.key, claimed))
        shape.places.append((token, start + glyph.at))
    kept = [shape for (_, claimed, _), shape in shapes.items() if claimed == LOST]
    claims: dict[str, dict[str, dict[int, _Shape]]] = defaultdict(lambda: defaultdict(dict))
    for (font, claimed, n), shape in shapes.items():
        if claimed != LOST:
            claims[font][claimed][n] = shape
    for by_character in claims.values():
        # How wide the font is, by the variants that come nearest to what is usual.
        scale = (
            median(
                min((n / _WIDTHS[c] for n in own), key=lambda r: abs(r - 1))
                for c, own in by_character.items()
                if c in _WIDTHS
            )
            if any(c in _WIDTHS for c in by_character)
            else 1.0
        )
        for claimed, own in by_character.items():
            kept += _impostors(claimed, own, scale, known)
    return kept + _strange(tokens, known)


def _impostors(claimed: str, own: Mapping[int, _Shape], scale: float, known: _Known) -> list[_Shape]:
    """Of the glyphs that claim one character, by their widths, those that are another."""
    if claimed not in _WIDTHS:
        return []
    usual = _WIDTHS[claimed] * scale
    nearest = min(own, key=lambda n: abs(n - usual))
    fits = {n: _fits(shape, known) for n, shape in own.items()}
    found = []
    for n, shape in own.items():
        times = max(n, nearest) / max(min(n, nearest), 1)
        if times >= _OTHER or (times >= _DOUBTFUL and fits[n] <= _WRONG and fits[nearest] > 2 * _WRONG):
            found.append(shape)
    return found


def _strange(tokens: Sequence[_Token], known: _Known) -> list[_Shape]:
    """Characters that the language seldom has, and that make no words."""
    shapes: dict[tuple[str, str], _Shape] = {}
    for token in tokens:
        for at, character in enumerate(token.text):
            if character == LOST or character in _LIGATURES or _PLAIN.fullmatch(character):
                continue
            key = token.of[at][0].font.key, character
            shapes.setdefault(key, _Shape(*key, strange=True)).places.append((token, at))
    return [shape for shape in shapes.values() if _fits(shape, known) <= _WRONG]


def _fits(shape: _Shape, known: _Known) -> float:
    """The share of places where the claimed character makes sense: a letter words, a sign no letter behind it."""
    good = 0
    for token, at in shape.places:
        text = "".join(token.text)
        if shape.claimed.isalpha():
            match = next((m for m in _LETTERS.finditer(text) if m.start() <= at < m.end()), None)
            good += match is not None and (
                len(match[0]) == 1 or (_is_cased(match[0]) and known.listed(match[0]))
            )
        else:
            good += not text[at + 1 : at + 2].isalpha()
    return good / len(shape.places)


def _infer(shape: _Shape, there: set[str], known: _Known) -> str:
    """The letter of a shape by the words that it makes; nothing if no letter is certain."""
    votes: dict[str, set[str]] = {}
    for letter in _CANDIDATES:
        if letter in there:
            continue
        made = set()
        for token, at in shape.places[:_MOST]:
            text = list(token.text)
            for other, place in shape.places[:_MOST] if token.text.count(text[at]) > 1 else ((token, at),):
                if other is token:
                    text[place] = letter
            if word := known.has("".join(text), at):
                made.add(word)
        if made:
            votes[letter] = made
    if not votes:
        return ""
    weights = {letter: sum(min(len(word), 8) for word in made) for letter, made in votes.items()}
    if shape.strange and (ligatures := [letter for letter in votes if letter in _LIGATURES]):
        # A rewriting loses ligatures, not letters.
        votes = {letter: votes[letter] for letter in ligatures}
    best = max(votes, key=lambda letter: weights[letter])
    often = best in _LIGATURES and len(shape.places) > _FEWEST
    if len(votes[best]) < _FEWEST and not often and not any(len(word) >= _LONG for word in votes[best]):
        return ""
    if shape.strange and len(shape.places) < _FEWEST and best not in _LIGATURES:
        return ""
    # A letter that makes words nearly everywhere may have stronger rivals.
    seen = len({"".join(token.text) for token, _ in shape.places[:_MOST]})
    most = _RIVAL_OF_MANY if seen >= _MANY and len(votes[best]) >= _COVERED * seen else _RIVAL
    rivals = [letter for letter in votes if letter != best and weights[letter] > most * weights[best]]
    if rivals and rivals != [best.swapcase()]:
        return ""
    return _cased(best, shape) if rivals else best


def _cased(letter: str, shape: _Shape) -> str:
    """A letter of which both the capital and the small one are missing, as its neighbours tell; else nothing."""
    if any(at and token.text[at - 1].islower() for token, at in shape.places):
        return letter.lower()
    if any(at + 1 < len(token.text) and token.text[at + 1].isupper() for token, at in shape.places):
        return letter.upper()
    return ""

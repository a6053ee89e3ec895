"""Stage: repair letters that a font lost.

A font that lost a letter leaves a stand-in: U+FFFD, a character of the private use area, or a mark of punctuation
in an impossible position (`,EP`: a comma at the beginning of a word, directly before a letter). The stage infers the
letter of each stand-in: the one that turns most of its words into words that the witnesses use elsewhere. A word is
repaired only if the letter makes it a known word, or if the letter is beyond doubt (two words or more show it) and
the word without the stand-in is not a word itself.

This stage comes before all others, because they read words (a heading *Notes* that lost its N is still a heading).
A repair replaces one character by one character, so no offset moves.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace

from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import Draft, Emendation, Line, LineKind, Span, Vocabulary
from corpus_import.parsing.recognise import LOST, TITLE_WORDS
from reader.text.word_list import word_list

# Whole words, with the apostrophes and hyphens inside.
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LOST = f"{LOST}\ue000-\uf8ff"
_LOST_CHARACTER = re.compile(f"[{_LOST}]")
# Letters with a lost one among them: `VS�Kh`, `�otes` (also without a lost one: the caller checks).
_MIXED = rf"(?:[^\W\d_]|[{_LOST}])+"
# Punctuation where no word can have any: `,EP`, `(,ovember`.
_MARKED = r"(?<![^\s\"“‘'(\[—–-])(?P<mark>[,;.:!?])(?=[^\W\d_])[^\W\d_]+"
# `nEP`: no word has these capitals.
_SMALL_BEFORE_CAPITAL = re.compile(r"[a-z][A-Z]")
_TOKEN = re.compile(f"{_MARKED}|{_MIXED}")


def repair_lost_letters(draft: Draft) -> Draft:
    """Repair the letters that the font lost; each repair is an emendation."""
    broken = [
        (index, match)
        for index, line in enumerate(draft.lines)
        if line.kind is LineKind.TEXT
        for match in _TOKEN.finditer(line.text)
        if match["mark"] or _LOST_CHARACTER.search(match[0])
    ]
    known = count_words(draft.lines)
    listed = word_list(draft.manifest.language)
    counts = listed.counts if listed else {}
    letters = _infer_letters(broken, known, counts)
    mixed = _stand_for_several(broken, letters, known, counts)
    emendations, diagnostics = [], []
    lines = list(draft.lines)
    for index, match in broken:
        line = lines[index]
        token, stand_in = match[0], _stand_in(match)
        if stand_in in mixed or (stand_in not in letters and not match["mark"]):
            repaired = _only_word(token, stand_in, known, counts)
        else:
            repaired = _repair(token, stand_in, letters.get(stand_in, ""), known, counts)
        if repaired is None:
            if stand_in not in ",;.:!?":
                diagnostics.append(
                    Diagnostic(
                        "lost-letter-unread",
                        line.witness,
                        line.number,
                        f"“{token}” has lost a letter, and no letter makes a known word of it.",
                    )
                )
            continue
        span = Span(line.witness, line.start + match.start(), line.start + match.end())
        emendations.append(Emendation(span, line.number, token, repaired, "lost letter"))
        lines[index] = replace(line, text=line.text[: match.start()] + repaired + line.text[match.end() :])
    return replace(
        draft,
        lines=tuple(lines),
        vocabulary=replace(count_words(lines), listed=counts),
        emendations=draft.emendations + tuple(emendations),
        diagnostics=draft.diagnostics + tuple(diagnostics),
    )


def count_words(lines: list[Line] | tuple[Line, ...]) -> Vocabulary:
    """Count the words of the lines, except the words at a line's hyphen: they may be halves."""
    words: Counter[str] = Counter()
    compounds: Counter[str] = Counter()
    for line in lines:
        text = line.text
        for match in WORD.finditer(text):
            a, b = match.span()
            if b < len(text) and text[b] in f"-{LOST}" and (b + 1 == len(text) or text[b] == LOST):
                continue
            if a and text[a - 1] in f",;{LOST}":
                continue
            word = match[0]
            if "-" in word:
                compounds[word.casefold()] += 1
                words.update(word.split("-"))
            else:
                words[word] += 1
    folded: Counter[str] = Counter()
    for word, count in words.items():
        folded[word.casefold()] += count
    return Vocabulary(words, folded, compounds)


def _stand_in(match: re.Match[str]) -> str:
    if match["mark"]:
        return match["mark"]
    lost = _LOST_CHARACTER.search(match[0])
    assert lost is not None, "the pattern has a lost character in it"
    return lost[0]


def _infer_letters(
    broken: list[tuple[int, re.Match[str]]], known: Vocabulary, listed: Mapping[str, int]
) -> dict[str, str]:
    """The letter behind each stand-in, where the words agree on one.

    A word is known from the witnesses, or (with less weight) from the list of the language's words.
    """
    alphabet = sorted({c for word in known.words for c in word if c.isalpha()})
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    supporters: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for token, stand_in in {(m[0], _stand_in(m)) for _, m in broken}:
        for letter in alphabet:
            whole = token.replace(stand_in, letter)
            # An exact match weighs more than one with another capital.
            folded = whole.casefold()
            exact = whole in known.words or whole in TITLE_WORDS
            weight = 3 if exact else int(folded in known.folded or folded in listed)
            if weight and not _SMALL_BEFORE_CAPITAL.match(whole):
                votes[stand_in][letter] += weight
                supporters[stand_in][letter] += 1
    letters = {}
    for stand_in, counted in votes.items():
        # Take the letter that explains the most words; of two equal ones, the letter with the greater weight.
        ranked = sorted(((supporters[stand_in][c], weight, c) for c, weight in counted.items()), reverse=True)
        explained, weight, best = ranked[0]
        enough = 1 if stand_in not in ",;.:!?" else 2
        if explained >= enough and (len(ranked) == 1 or ranked[1][:2] < (explained, weight)):
            letters[stand_in] = best
    return letters


def _words_of(token: str, stand_in: str, known: Vocabulary, listed: Mapping[str, int]) -> list[str]:
    """The words that a broken word can be, each with one letter for the stand-in."""
    alphabet = sorted({c for word in known.words for c in word if c.isalpha()})
    wholes = {token.replace(stand_in, letter) for letter in alphabet}
    return sorted(
        whole
        for whole in wholes
        if (whole in known.words or whole in TITLE_WORDS or whole.casefold() in listed)
        and not _SMALL_BEFORE_CAPITAL.match(whole)
    )


def _stand_for_several(
    broken: list[tuple[int, re.Match[str]]],
    letters: dict[str, str],
    known: Vocabulary,
    listed: Mapping[str, int],
) -> set[str]:
    """The stand-ins for more than one letter: some word needs another letter than the inferred one."""
    several = set()
    for token, stand_in in {(m[0], _stand_in(m)) for _, m in broken}:
        letter = letters.get(stand_in)
        if letter is None or stand_in in ",;.:!?":
            continue
        words = {word.casefold() for word in _words_of(token, stand_in, known, listed)}
        if words and token.replace(stand_in, letter).casefold() not in words:
            several.add(stand_in)
    return several


def _only_word(token: str, stand_in: str, known: Vocabulary, listed: Mapping[str, int]) -> str | None:
    """The only word that a broken word can be; None if there is no word or several."""
    words = _words_of(token, stand_in, known, listed)
    return words[0] if len({word.casefold() for word in words}) == 1 else None


def _repair(
    token: str, stand_in: str, letter: str, known: Vocabulary, listed: Mapping[str, int]
) -> str | None:
    if not letter:
        return None
    whole = token.replace(stand_in, letter)
    if whole in TITLE_WORDS or whole.casefold() in known.folded or whole.casefold() in listed:
        return whole
    rest = token.replace(stand_in, "").casefold()
    return whole if rest not in known.folded and rest not in listed else None

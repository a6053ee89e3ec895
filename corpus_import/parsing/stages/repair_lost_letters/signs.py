"""Letters whose stand-in is a character: U+FFFD, a sign, or a mark of punctuation where none can stand."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus_import.parsing.elements import Line, LineKind
from corpus_import.parsing.stages.repair_lost_letters.inference import (
    EXACT,
    LISTED,
    MOST_WORDS,
    OF_VOLUME,
    Case,
    Letter,
    case_at,
    case_of_all,
    infer_letter,
    with_case,
)
from corpus_import.parsing.stages.repair_lost_letters.known import (
    IS_SIGN,
    SIGNS,
    SURE,
    WORD,
    Known,
    Repair,
    sample,
)

# Marks that stand beside words in every text; only some of their places are impossible.
MARKS = ",;.:!?*†"
_IS_SURE = re.compile(f"[{SURE}]")
_SIGN = re.compile(f"[{SIGNS}{re.escape(MARKS)}]")
# A mark at the beginning of a word, where no text has any: `,EP`, `(,ovember`.
_BEGINS = re.compile(r"(?:^|(?<=[\s\"“‘'(\[—–-]))[,;.:!?*†](?=[^\W\d_])")
_LETTERS = r"[^\W\d_]"
# The most letters of a word that is looked at.
LONGEST = 60
# The fewest distinct broken words that make a character a stand-in, unless it can be nothing else.
FEWEST = 3
# `nEP`: no word has these capitals.
_SMALL_BEFORE_CAPITAL = re.compile(r"[a-zа-я][A-ZА-Я]")


# The fewest letters of a word that speaks for a letter by itself.
FEWEST_LETTERS = 4


@dataclass(frozen=True, slots=True)
class _Broken:
    """A word with stand-ins in it."""

    line: int
    start: int
    token: str
    offsets: tuple[int, ...]  # of the stand-ins, in the token

    @property
    def bare(self) -> str:
        """The token without its stand-ins."""
        return self.token.replace(self.token[self.offsets[0]], "") if self.offsets else self.token


def repair_signs(lines: Sequence[Line], known: Known) -> tuple[list[Repair], list[tuple[int, str]]]:
    """The repairs, and the broken words that remain unread (index of the line, word)."""
    repairs: list[Repair] = []
    unread: list[tuple[int, str]] = []
    broken = _find_broken(lines)
    for sign in sorted(broken):
        words = _Words(lines, broken[sign], sign, known)
        done, left = words.repair()
        repairs += done
        unread += left
    # From the end of each line to its beginning; of two that overlap the first is taken.
    taken: list[Repair] = []
    for repair in sorted(repairs, key=lambda r: (r.line, -r.start)):
        if taken and taken[-1].line == repair.line and taken[-1].start < repair.end:
            continue
        taken.append(repair)
    return taken, sorted(unread)


def _find_broken(lines: Sequence[Line]) -> dict[str, list[_Broken]]:
    """For each character that may be a stand-in, the words that it stands in."""
    broken: dict[str, list[_Broken]] = defaultdict(list)
    for index, line in enumerate(lines):
        if line.kind is not LineKind.TEXT:
            continue
        for sign in {match[0] for match in _SIGN.finditer(line.text)}:
            broken[sign] += _words_with(line.text, sign, index)
    return broken


def _words_with(text: str, sign: str, index: int) -> Iterator[_Broken]:
    at = 0
    while (found := text.find(sign, at)) >= 0:
        start, end = found, found + 1
        while start and (text[start - 1].isalpha() or text[start - 1] == sign) and found - start < LONGEST:
            start -= 1
        while end < len(text) and (text[end].isalpha() or text[end] == sign) and end - found < LONGEST:
            end += 1
        token = text[start:end]
        yield _Broken(index, start, token, tuple(k for k, c in enumerate(token) if c == sign))
        at = end


class _Words:
    """The broken words of one stand-in."""

    def __init__(self, lines: Sequence[Line], broken: Sequence[_Broken], sign: str, known: Known) -> None:
        self.lines = lines
        self.sign = sign
        self.known = known
        self.is_sure = _IS_SURE.fullmatch(sign) is not None
        self.is_mark = sign in MARKS
        self.apart: set[str] | None = None  # the words that stand somewhere without this mark beside them
        self.broken = [each for each in broken if self._may_be(each)]
        self.stands_inside = any(offset > 0 for each in self.broken for offset in each.offsets)

    def _may_be(self, each: _Broken) -> bool:
        """Whether a word can have lost a letter: it has letters, and a mark does not stand where marks do."""
        if not each.bare:
            return self.is_sure
        if not self.is_sure and self._stands_beside_another(each):
            return False
        return not self.is_mark or not self._is_word(each.bare) or self._begins(each)

    def _stands_beside_another(self, each: _Broken) -> bool:
        """Whether another sign stands beside the word: then the word is not whole."""
        text = self.lines[each.line].text
        end = each.start + len(each.token)
        beside = text[max(each.start - 1, 0) : each.start] + text[end : end + 1]
        return IS_SIGN.search(beside) is not None

    def _begins(self, each: _Broken) -> bool:
        """Whether a mark stands at the beginning of the word, where no mark can stand."""
        return each.offsets[0] == 0 and _BEGINS.match(self.lines[each.line].text, each.start) is not None

    def _is_word(self, bare: str) -> bool:
        """Whether a word without its stand-ins is a word: beside a mark, the volume's own words may be broken too."""
        return self.known.lists(bare) if self.is_mark and self.known.listed else self.known.has(bare)

    def _weights(self, token: str) -> dict[str, float]:
        """The letters that make a known word of the token, with the weight of that word."""
        weights: dict[str, float] = {}
        for letter in self.known.letters:
            for each in (letter, letter.upper()):
                whole = token.replace(self.sign, each)
                if not self.known.has(whole) or _SMALL_BEFORE_CAPITAL.search(whole):
                    continue
                exact = self.known.is_exact(whole)
                listed = self.known.lists(whole) and (
                    whole.islower() or whole.isupper() or whole[1:].islower()
                )
                if not exact and not listed and self.known.lists(whole):
                    continue
                weight = EXACT if exact else LISTED if listed else OF_VOLUME
                weights[letter] = max(weight, weights.get(letter, 0))
        return weights

    def repair(self) -> tuple[list[Repair], list[tuple[int, str]]]:
        """The repairs, and the words that remain unread."""
        evidence = [each for each in self.broken if each.bare and not self._is_word(each.bare)]
        evidence = evidence or [each for each in self.broken if each.bare and self.is_sure]
        if self.is_mark:
            # A comma that has lost its space (`paper,there`) is none of them.
            evidence = [each for each in evidence if self._begins(each)] or [
                each for each in evidence if not self._parts_are_words(each)
            ]
        asked = sample([each.token for each in evidence], MOST_WORDS)
        candidates = {token: self._weights(token) for token in asked}
        letter = infer_letter(candidates, 1 if self.is_sure else 2 if self.is_mark else FEWEST)
        if not self.is_sure and (letter is None or not letter.sure):
            return [], []
        case = case_of_all(
            [case_at(b.token, k) for b in self._places(evidence, letter, candidates) for k in b.offsets]
        )
        repairs, unread = [], []
        for each in self.broken:
            token, after = self._read_token(each, letter, case, candidates)
            if after is not None:
                repairs.append(Repair(each.line, each.start, each.start + len(token), after))
            elif not self.is_mark:
                unread.append((each.line, each.token))
        return repairs, unread

    def _places(
        self,
        evidence: Sequence[_Broken],
        letter: Letter | None,
        candidates: dict[str, dict[str, float]],
    ) -> list[_Broken]:
        """The words that tell the case of a letter: all, or those that the letter explains if not all are broken."""
        if self.is_sure:
            return [e for e in self.broken if e.bare]
        if letter is None:
            return []
        if self.is_mark:
            evidence = [
                e
                for e in self.broken
                if e.offsets != (len(e.token) - 1,)
                and not self._is_word(e.bare)
                and not self._parts_are_words(e)
            ]
        return [e for e in evidence if letter.small in self._weights_of(e, candidates)]

    def _weights_of(self, each: _Broken, candidates: dict[str, dict[str, float]]) -> Mapping[str, float]:
        if each.token not in candidates:
            candidates[each.token] = self._weights(each.token) if each.bare else {}
        return candidates[each.token]

    def _read_token(
        self, each: _Broken, letter: Letter | None, case: Case, candidates: dict[str, dict[str, float]]
    ) -> tuple[str, str | None]:
        """The broken word, and what it reads; a mark at its end is left out where it can be a mark."""
        if self.is_mark and each.token.endswith(self.sign):
            without = replace(each, token=each.token[:-1], offsets=each.offsets[:-1])
            if without.offsets and (after := self._read(without, letter, case, candidates)) is not None:
                return without.token, after
            if case is not Case.SMALL or self._stands_elsewhere(without.token):
                return each.token, None
            # The comma behind an abbreviation, and behind a word that may have a plural, is one.
            if without.token.isupper() or (
                letter and letter.small == "s" and not self._is_word(without.token)
            ):
                return each.token, None
        return each.token, self._read(each, letter, case, candidates)

    def _stands_elsewhere(self, token: str) -> bool:
        """Whether the volume has a word that ends with a mark here without this mark as well: an ordinary word."""
        if self.apart is None:
            self.apart = {
                match[0]
                for line in self.lines
                for match in WORD.finditer(line.text)
                if self.sign not in line.text[max(match.start() - 1, 0) : match.end() + 1]
            }
        return token in self.apart or len(token) < 2

    def _parts_are_words(self, each: _Broken) -> bool:
        parts = [part for part in each.token.split(self.sign) if part]
        return len(parts) > 1 and all(len(part) > 1 and self._is_word(part) for part in parts)

    def _read(
        self, each: _Broken, letter: Letter | None, case: Case, candidates: dict[str, dict[str, float]]
    ) -> str | None:
        """The word that a broken word is; None if that cannot be told."""
        weights = self._weights_of(each, candidates)
        if letter is None or not letter.sure:
            # Several letters: a word is repaired only if it can be one alone, and if the volume has this word.
            if len(weights) != 1:
                return None
            [(only, weight)] = weights.items()
            attested = letter is not None and only == letter.small
            if not attested and (weight < EXACT or len(each.bare) < FEWEST_LETTERS):
                return None
            return self._with_case(each, only, case)
        if letter.small in weights:
            if self.is_mark and not self._begins(each) and self._parts_are_words(each):
                return None
            is_word = not self.is_sure and self._is_word(each.bare)
            if (
                is_word
                and letter.explained < FEWEST
                and not self._is_told_by_volume(each, weights[letter.small])
            ):
                return None
            return self._with_case(each, letter.small, case)
        if not each.bare:
            return self._alone(each, letter, case)
        if (
            (self.is_mark and not (self._begins(each) and case is Case.CAPITAL))
            or self._is_word(each.bare)
            or letter.explained < FEWEST
            or _speaks_for_another(weights, each)
        ):
            return None
        return self._with_case(each, letter.small, case)

    def _is_told_by_volume(self, each: _Broken, weight: float) -> bool:
        """Whether a mark stands where none can, before a word that the volume has whole only: `,azan` for *Kazan*."""
        return (
            weight >= EXACT
            and self._begins(each)
            and each.bare.casefold() not in self.known.vocabulary.folded
        )

    def _alone(self, each: _Broken, letter: Letter, case: Case) -> str | None:
        """A letter that is a word of its own, the end of a contraction, or an initial."""
        text = self.lines[each.line].text
        before, after = text[: each.start][-1:], text[each.start + 1 :][:1]
        if len(each.token) > 1:
            return None
        if before in ("'", "’") and case is Case.SMALL:
            return letter.small
        if case is Case.CAPITAL and (after == "." or self.known.is_exact(letter.small.upper())):
            return letter.small.upper()
        if case is Case.SMALL and (self.known.lists(letter.small) or self.known.is_exact(letter.small)):
            return letter.small
        return letter.small.upper() if case is Case.CAPITAL and self.known.lists(letter.small) else None

    def _with_case(self, each: _Broken, letter: str, case: Case) -> str | None:
        return with_case(each.token, each.offsets, letter, lambda k: self._is_capital(each, k, letter, case))

    def _is_capital(self, each: _Broken, offset: int, letter: str, case: Case) -> bool | None:
        """Whether the letter at an offset of a word is a capital; None if that cannot be told."""
        # A glyph is one letter: where nearly all places agree, they outweigh a single one.
        if case is Case.OPEN:
            case = case_at(each.token, offset)
        if case is not Case.OPEN:
            return case is Case.CAPITAL
        if begins_sentence(self.lines, each.line, each.start):
            return True
        small = self.known.vocabulary.words[each.token.replace(self.sign, letter)]
        capital = self.known.vocabulary.words[each.token.replace(self.sign, letter, 1).capitalize()]
        if bool(small) == bool(capital):
            return None
        # A small letter stands inside words as well; if this one never does, a title has given the word its capital.
        return True if capital else False if self.stands_inside else None


def _speaks_for_another(weights: Mapping[str, float], each: _Broken) -> bool:
    """Whether a word speaks for another letter than the sure one; an acronym that is a word in capitals does not."""
    return bool(weights) and (len(each.bare) >= FEWEST_LETTERS or max(weights.values()) >= EXACT)


_ENDS_SENTENCE = re.compile(r"[.!?][\"”’')\]]*$")


def begins_sentence(lines: Sequence[Line], index: int, start: int) -> bool:
    """Whether a sentence begins at offset `start` of the line with this index."""
    before = lines[index].text[:start].rstrip(" \"“‘'([")
    if before:
        return _ENDS_SENTENCE.search(before) is not None
    above = lines[index - 1] if index else None
    return above is None or not above.text or _ENDS_SENTENCE.search(above.text) is not None

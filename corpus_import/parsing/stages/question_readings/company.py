"""Rules for real words beside wrong neighbours: doubled, superfluous, or one slip from the intended word.

The judgement is that of mutual information (Church and Hanks 1990) in a noisy channel (Mays, Damerau and Mercer
1991): a word is exchanged for another that is one slip away, and the two readings are compared by the frequency of
their pairs with the neighbours. Only nearly certain findings are reported, because most rare pairs are right.
"""

import re
from collections.abc import Iterator
from math import log
from operator import eq

from corpus_import.parsing.stages.question_readings.known_words import (
    ALIKE,
    BETWEEN,
    CLOSED,
    CONFUSED,
    FOREIGN,
    SAME_FORM,
    SMALL,
    TWICE,
)
from corpus_import.parsing.stages.question_readings.likelihood import gain
from corpus_import.parsing.stages.question_readings.passages import (
    Finding,
    Known,
    Passage,
    Usage,
    Word,
)
from reader.text.word_list import WordList

# The log odds that the other reading needs: for a small word; for two words that are often confused; if neither of its
# pairs is ever written; for two words that may stand nearly anywhere instead of each other; for any other word.
_SURE_OF_SMALL = 7.5
_SURE_OF_CONFUSED = 7.0
_SURE_OF_UNSEEN = 5.5
_SURE_OF_ALIKE = 11.0
_SURE_OF_OTHER = 11.0
_SUPERFLUOUS = 3.0


def find_doubled_words(passage: Passage, known: Known) -> Iterator[Finding]:
    """`the the`, `of the of the`."""
    words = passage.words
    folded = [word.folded for word in words]
    taken = -1
    for k, size in sorted(_doubled(folded), key=lambda found: (found[0], -found[1])):
        if k <= taken:
            continue
        first, second = words[k - size : k], words[k : k + size]
        if any(w.apart for w in (*first[1:], *second)):
            continue
        # `from time to time to the present`, `year by year by`
        if size == 2 and first[1].folded in BETWEEN:
            continue
        if [w.text.casefold() for w in first] != [w.text.casefold() for w in second]:
            continue
        if size == 1 and (
            words[k].folded in TWICE or (words[k].text[0].isupper() and first[0].text[0].isupper())
        ):
            continue
        once = passage.string[first[0].start : first[-1].end]
        evidence = f"“{once}” stands twice in a row."
        yield Finding(first[0].start, second[-1].end, "doubled-word", once, evidence)
        taken = k + size - 1


def _doubled(folded: list[str]) -> Iterator[tuple[int, int]]:
    """The places where the one to four words before stand again, each with the number of these words."""
    for size in (1, 2, 3, 4):
        alike = bytes(map(eq, folded, folded[size:]))
        at = alike.find(b"\1" * size)
        while at >= 0:
            yield at + size, size
            at = alike.find(b"\1" * size, at + 1)


# `a economic`, `an peasant`: the article depends on the sound, which the first letters show for nearly all words.
_A = re.compile(r"(?P<article>[Aa](?<![\w.'’-].)n?) (?P<word>[a-z]{2,})(?!['’\w])")
_VOWEL = re.compile(
    r"(?!eu|uni(?!n|m)|u[st][aeiu]|uku|ura|ubi|one\b|once\b|one-|ewe)[aeiou]|h(?:our|onest|onou?r|eir)"
)
_EITHER = re.compile(r"h(?:istor|otel|abit|eroic|erb|ypoth|ystero)|u|eu|one|once")
# `the of`, `a to`: these words never follow an article.
_BARE_ARTICLE = re.compile(
    r"[TtAa](?<![\w.'’-].)(?:(?<=[Tt])he|(?<=[Aa])n?) "
    r"(?:of|to|and|is|was|are|were|by|for|from|with|that|or|be|been|has|have|had|it|they|the|an|"
    r"this|these|their|his|its|in|on|at|as)(?=[ ,;.])"
)


def find_articles(passage: Passage, known: Known) -> Iterator[Finding]:
    """`a economic plan`, `an peasant`, `the of`."""
    if not known.usage.language.startswith("en"):
        return
    for match in _BARE_ARTICLE.finditer(passage.string):
        evidence = (
            "No article stands before this word: a word is missing, or the article should be another word."
        )
        yield Finding(*match.span(), "missing-word", "", evidence)
    for match in _A.finditer(passage.string):
        article, word = match["article"], match["word"]
        if not known.is_word(word) or _EITHER.match(word) or word in FOREIGN or word == "priori":
            continue
        if article[1:] and word[0] == "h":
            continue  # `an hundred`, in older books
        wanted = article[0] + ("n" if _VOWEL.match(word) else "")
        if article != wanted and word not in CLOSED:
            evidence = f"“{wanted.lower()}” stands before this sound."
            yield Finding(*match.span(), "unlikely-word", f"{wanted} {word}", evidence)


class Company:
    """The rule for unlikely and superfluous words, with the alternatives of each word found once."""

    def __init__(self, words: WordList) -> None:
        self._words = words
        self._alternatives: dict[str, tuple[str, ...]] = {}
        self._confused: dict[str, list[str]] = {}
        for a, b in CONFUSED:
            self._confused.setdefault(a, []).append(b)
            self._confused.setdefault(b, []).append(a)

    def find(self, passage: Passage, known: Known) -> Iterator[Finding]:
        """The readings of a passage for which another reading is much more likely."""
        if passage.kind in ("entry", "heading"):
            return
        superfluous: list[int] = []
        findings: list[tuple[int, Finding]] = []
        words = passage.words
        # Names, and words that begin with a capital, have neighbours of their own.
        counts, spelled = self._words.counts, self._words.spelled
        row = [
            "" if not word.text.islower() else word.folded if word.folded in counts else spelled(word.folded)
            for word in words
        ]
        odd = self._odd_pairs(words, row, known.usage)
        for at in range(1, len(words) - 1):
            word, after = words[at], words[at + 1]
            if word.apart or after.apart or word.folded != word.text:
                continue
            if word.text in SMALL:
                finding = self._superfluous(words[at - 1], word, after)
                if finding is not None:
                    superfluous.append(at)
                    findings.append((at, finding))
                    continue
            if (odd[at] or odd[at + 1]) and row[at - 1] and row[at + 1]:
                finding = self._weigh(row[at - 1], row[at], row[at + 1], word, known.usage)
                if finding is not None:
                    findings.append((at, finding))
        # A superfluous word makes its neighbours odd as well.
        yield from (f for at, f in findings if at in superfluous or not {at - 1, at + 1} & {*superfluous})

    def _odd_pairs(self, words: tuple[Word, ...], row: list[str], usage: Usage) -> list[bool]:
        """For each word, whether it stands beside the word before more rarely than chance predicts.

        A pair that stands twice in the volume is its author's usage, and not odd.
        """
        counts, pairs, said = self._words.counts, self._words.pairs, usage.pairs
        per_pair = self._words.scale / self._words.total
        odd = [False]
        for at in range(1, len(words)):
            a, b = row[at - 1], row[at]
            is_odd = False
            if a and b and not words[at].apart:
                pair = f"{a} {b}"
                if said.get(pair, 0) < 2:
                    written = pairs.get(pair)
                    is_odd = written is None or written < counts.get(a, 0) * counts.get(b, 0) * per_pair
            odd.append(is_odd)
        odd.append(False)
        return odd

    def _weigh(self, a: str, here: str, b: str, word: Word, usage: Usage) -> Finding | None:
        if here not in self._words.counts:
            return None
        best = self._best_instead(a, here, b, usage)
        if best is None or best[0] <= 0:
            return None
        evidence = f"“{a} {here} {b}” is hardly ever written; with “{best[1]}” it often is."
        return Finding(word.start, word.end, "unlikely-word", best[1], evidence)

    def _oddness(self, a: str, b: str) -> float:
        """How much rarer a pair is than chance predicts, as a logarithm; nearly 0 where the list cannot tell."""
        expected = self._words.expected(a, b)
        written = self._words.pairs.get(f"{a} {b}")
        if written is None:
            return log(expected / self._words.floor) + 0.7 if expected > self._words.floor else 0.1
        return log(expected / written) if expected else 0.0

    def _best_instead(self, a: str, word: str, b: str, usage: Usage) -> tuple[float, str] | None:
        """The best replacement for a word, and by how much its log odds exceed the log odds that are needed."""
        words = self._words
        if a not in words.counts or b not in words.counts:
            return None
        if word not in CLOSED and word not in self._confused and usage.folded[word] > 1:
            return None
        small, seen = word in CLOSED, (f"{a} {word}" in words.pairs) + (f"{word} {b}" in words.pairs)
        candidates = []
        for other in self._instead_of(word):
            if f"{a} {other}" not in words.pairs or f"{other} {b}" not in words.pairs or other in (a, b):
                continue
            confused = other in self._confused.get(word, ())
            if not confused and not (small and other in CLOSED):
                if small or usage.folded[other] < 3 or usage.folded[word] > 1:
                    continue
                needed = _SURE_OF_OTHER
            elif frozenset((word, other)) in ALIKE:
                needed = _SURE_OF_ALIKE
            elif not seen:
                needed = _SURE_OF_UNSEEN
            else:
                needed = _SURE_OF_CONFUSED if confused else _SURE_OF_SMALL
            left = gain(words, usage, (a, word), (a, other))
            right = gain(words, usage, (word, b), (other, b))
            rarer = log(words.counts[word] / words.counts[other])
            if min(left, right) > 0:
                candidates.append((left + right + rarer - needed, other))
        return max(candidates) if candidates else None

    def _instead_of(self, word: str) -> tuple[str, ...]:
        alternatives = self._alternatives.get(word)
        if alternatives is None:
            near = [w for w, _ in self._words.common.one_edit_from(word) if len(w) > 1]
            near = [w for w in near if not _is_form_of(w, word) and (word not in CLOSED or w in CLOSED)]
            both = dict.fromkeys((*self._confused.get(word, ()), *near))
            alternatives = tuple(w for w in both if frozenset((word, w)) not in SAME_FORM)
            self._alternatives[word] = alternatives
        return alternatives

    def _superfluous(self, before: Word, word: Word, after: Word) -> Finding | None:
        a, b = before.folded, after.folded
        if a == b:
            return None  # `more and more`
        together = self._words.pairs.get(f"{a} {b}")
        if not together or min(self._oddness(a, word.text), self._oddness(word.text, b)) < _SUPERFLUOUS:
            return None
        evidence = (
            f"“{word.text}” hardly ever stands after “{a}” or before “{b}”, which often stand side by side."
        )
        return Finding(before.start, after.end, "superfluous-word", f"{before.text} {after.text}", evidence)


def _is_form_of(a: str, b: str) -> bool:
    """Whether two words are forms of one word, judged by their letters: `plan`, `plans`, but not `rise`, `rose`."""
    short, long = sorted((a, b), key=len)
    return bool(long.startswith(short) and re.fullmatch(r"s|d|r|y|n", long[len(short) :])) and len(short) > 3

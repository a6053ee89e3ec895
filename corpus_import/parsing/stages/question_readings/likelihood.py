"""How likely words are in a row: a bigram model of the language's list and of the volume's own pairs."""

from collections.abc import Iterable
from math import log

from corpus_import.parsing.stages.question_readings.passages import Passage, Usage, Word
from reader.text.word_list import WordList


def before(passage: Passage, at: int) -> str:
    """The word before word `at` in small letters, or an empty string."""
    words = passage.words
    if at == 0 or words[at].apart or not words[at - 1].text.islower():
        return ""
    return words[at - 1].folded


def after(passage: Passage, at: int) -> str:
    """The word after word `at` in small letters, or an empty string."""
    words = passage.words
    if at + 1 >= len(words) or words[at + 1].apart or not words[at + 1].text.islower():
        return ""
    return words[at + 1].folded


def chance(words: WordList, row: Iterable[str]) -> float:
    """The logarithm of the probability of a row of words. Unknown words and empty strings cost nothing."""
    total, left = 0.0, ""
    for word in row:
        count = words.counts.get(word, 0)
        if not count:
            left = ""
            continue
        if left:
            total += log(words.pair(left, word) / (words.counts[left] * words.scale))
        else:
            total += log(count / words.total)
        left = word
    return total


def gain(words: WordList, usage: Usage, pair: tuple[str, str], instead: tuple[str, str]) -> float:
    """By how much a pair is likelier than another, as a logarithm: in the language and in the volume."""
    in_list = log(words.pair(*instead) / words.pair(*pair))
    # The pair in question stands in the volume itself: once is no evidence.
    said, would = usage.pairs[" ".join(pair)], usage.pairs[" ".join(instead)]
    return in_list + log(1 + would) - 2 * log(max(said, 1))


def share(words: WordList, usage: Usage, left: str, right: str, of: str) -> float:
    """The share of all uses of the word `of`, which is one of the two, in which they stand side by side; 0 to 1."""
    count, pair = words.counts.get(of, 0), words.pairs.get(f"{left} {right}", 0)
    in_list = pair / (count * words.scale) if count else 0.0
    in_volume = (usage.pairs[f"{left} {right}"] - 1) / (usage.folded[of] + 3)
    return max(in_list, in_volume)


def is_small(word: Word) -> bool:
    """Whether a word is written in small letters and nothing else."""
    return word.text == word.folded and word.text.islower()

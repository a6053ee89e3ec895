"""Rules for unknown words: split, fused, or one slip from a known word, a term, or another spelling of a name."""

import itertools
import re
from collections.abc import Iterator
from math import log

from corpus_import.parsing.stages.question_readings.known_words import (
    CAPITALIZED,
    CLOSED,
    COUNTED,
    ENDINGS,
    FOREIGN,
    NUMBERS,
    PREFIXES,
    PREPOSITIONS,
    SMALL_WORDS,
)
from corpus_import.parsing.stages.question_readings.likelihood import after, before, chance, is_small
from corpus_import.parsing.stages.question_readings.passages import (
    Finding,
    Known,
    Passage,
    Word,
    plain,
)
from reader.text.sentences import may_begin_at
from reader.text.word_list import LONGEST

# The fewest times that a word of the list stands in its corpus (a million is about one in half a million words).
_COMMON = 1_000_000
_USUAL = 100_000
_RARE = 40_000
_FEW = 20_000
_SINGLE = frozenset(("a", "i", "o"))
# Letters of a short term, such as `NEP`: in small letters it may be another word.
_SHORT = 3
_LONGEST_WORD = 40
# Letters of a word that is hardly a compound.
_LONG = 12
# The log odds by which one word must be likelier than two words.
_LIKELIER = 2.0
# Only letters of Roman numbers: a number, well written or not, and not a slip.
_ROMAN = re.compile(r"[ivxlcdm]+")


def _unknown(word: Word, known: Known) -> bool:
    """Whether neither the list nor the volume's own usage knows the word."""
    folded = word.folded
    return (
        not known.is_word(folded) and known.usage.folded[folded] <= 2 and word.text not in known.usage.terms
    )


def _is_abbreviated(passage: Passage, word: Word) -> bool:
    """Whether the word is part of an abbreviation, an initial or a compound with a hyphen or a figure."""
    around = passage.string[max(word.start - 1, 0) : word.start], passage.string[word.end : word.end + 1]
    after = passage.string[word.end : word.end + 3]
    small_goes_on = after[:2] == ". " and after[2:3].islower()
    return around[0] in tuple("-–/.0123456789’'@") or around[1] in tuple("-/0123456789@") or small_goes_on


def _among_strangers(passage: Passage, at: int, known: Known) -> bool:
    """Whether the words around are unknown too, as in a title in another language."""
    words = passage.words
    near = [words[k] for k in range(max(at - 3, 0), min(at + 4, len(words))) if k != at]
    beside = [words[k] for k in (at - 1, at + 1) if 0 <= k < len(words)]
    if not words[at].text.isascii() or any(w.folded in FOREIGN for w in beside):
        return True
    if any(_is_strange(w, known) and w.text.islower() for w in beside):
        return True
    return sum(w.folded in FOREIGN or _is_strange(w, known) for w in near) >= 2


def _is_strange(word: Word, known: Known) -> bool:
    return len(word.text) > 2 and known.usage.folded[word.folded] <= 2 and not known.is_word(word.folded)


def find_split_words(passage: Passage, known: Known) -> Iterator[Finding]:
    """`develop ment`; `turn over` where the volume has `turnover` and the two hardly stand together."""
    assert known.list is not None, "asked only where there is a list"
    usage, words, counts = known.usage, passage.words, known.list.counts
    whole_words = [counts.get(word.folded, 0) >= _RARE or _is_whole(word, known) for word in words]
    for at, (left, right) in enumerate(itertools.pairwise(words)):
        whole = left.folded + right.folded
        if whole not in counts and whole_words[at] and whole_words[at + 1]:
            continue
        if right.apart or not right.text.islower() or "'" in left.text or "’" in left.text:
            continue
        a, b = left.folded, right.folded
        in_list, in_volume = counts.get(whole, 0), usage.folded[whole]
        halves = [words[k] for k in (at, at + 1) if not whole_words[k]]
        if (a in FOREIGN or b in FOREIGN) and not (in_list and halves):
            continue
        if not in_list and (not halves or not (in_volume or known.is_word(whole))):
            continue
        apart = usage.pairs[f"{a} {b}"]
        if apart > 2:
            continue
        if (
            passage.string[max(left.start - 1, 0) : left.start] in tuple("-'’.0123456789")
            or passage.string[right.end : right.end + 1] == "-"
        ):
            continue
        evidence = (
            f"“{whole}” stands {in_volume} times in this volume." if in_volume else f"“{whole}” is a word."
        )
        if halves:
            evidence += f" “{halves[0].text}” is not a word."
        else:
            # Both are words: compare how often they are written as one, in the language and in the volume.
            enough = 3.0 if in_volume >= 3 and apart == 1 else 50.0
            if in_volume >= 10 * apart and not (a in CLOSED or b in CLOSED):
                enough = 1.0
            if in_list * known.list.scale < enough * known.list.pair(a, b):
                continue
            if not _is_likelier_joined(passage, at, whole, known):
                continue
            evidence += f" “{left.text} {right.text}” is written much more rarely."
        yield Finding(left.start, right.end, "split-word", left.text + right.text, evidence)


def _is_likelier_joined(passage: Passage, at: int, whole: str, known: Known) -> bool:
    """Whether two words, the first of them word `at`, are one word, when each of them is a word, too."""
    assert known.list is not None, "asked only where there is a list"
    words, usage = passage.words, known.usage
    a, b = words[at].folded, words[at + 1].folded
    if at and words[at - 1].folded == b:
        return False  # `day to day`, `hand in hand`
    rarer = min(known.list.counts.get(a, 0), known.list.counts.get(b, 0))
    is_piece = rarer < _COMMON * 5 and known.list.counts.get(whole, 0) > 10 * rarer
    if not (is_piece or {a, b} & CLOSED or a in PREFIXES or b in ENDINGS):
        # `folk tales` is a matter of taste, unless the volume has decided.
        return usage.folded[whole] >= 3
    left, right = before(passage, at), after(passage, at + 1)
    if not left and not right:
        return usage.folded[whole] >= 3
    joined = chance(known.list, (left, whole, right))
    needed = _LIKELIER if a not in CLOSED or usage.folded[whole] else 2 * _LIKELIER
    if a not in CLOSED:
        joined += log(1 + usage.folded[whole])
    return joined > chance(known.list, (left, a, b, right)) + needed


def _is_whole(word: Word, known: Known) -> bool:
    folded = word.folded
    if len(folded) == 1:
        return folded in _SINGLE or word.text.isupper()
    assert known.list is not None, "asked only where there is a list"
    return (
        known.list.counts.get(known.list.spelled(folded), 0) >= _RARE
        or known.usage.folded[folded] > 2
        or word.text in known.usage.terms
    )


def find_fused_words(passage: Passage, known: Known) -> Iterator[Finding]:
    """`andthe`: two words that often stand side by side, joined into something that is not a word."""
    assert known.list is not None, "asked only where there is a list"
    counts = known.list.counts
    for at, word in enumerate(passage.words):
        if (
            word.folded in counts
            or not 4 <= len(word.text) <= LONGEST
            or not _unknown(word, known)
            or _is_abbreviated(passage, word)
        ):
            continue
        number = _number_in(word.folded, known)
        if number and not _among_strangers(passage, at, known):
            evidence = f"“{word.text}” is no word; its parts are."
            yield Finding(word.start, word.end, "missing-hyphen", number, evidence)
            continue
        best = _best_cut(word.folded, known)
        # A capital begins a name, unless the first word is a small one at the beginning of a sentence, as in `Inthe`.
        if best is None or not (word.text.islower() or (word.text[1:].islower() and best[0] in CLOSED)):
            continue
        if _among_strangers(passage, at, known):
            continue
        a, b = best
        apart = f"{word.text[: len(a)]} {word.text[len(a) :]}"
        evidence = f"“{word.text}” is no word; “{a}” and “{b}” are."
        yield Finding(word.start, word.end, "fused-word", apart, evidence)


def _number_in(folded: str, known: Known) -> str:
    """`nine-tenths` for `ninetenths`, and a compound of the volume without its hyphen; else an empty string."""
    for k in range(3, len(folded) - 2):
        a, b = folded[:k], folded[k:]
        if (a in NUMBERS and b in COUNTED) or known.usage.compounds.get(f"{a}-{b}", 0) >= 2:
            return f"{a}-{b}"
    return ""


def _best_cut(folded: str, known: Known) -> tuple[str, str] | None:
    assert known.list is not None, "asked only where there is a list"
    cuts = []
    for k in range(1, len(folded)):
        a, b = folded[:k], folded[k:]
        if (len(a) == 1 and a not in _SINGLE) or (len(b) == 1 and b not in _SINGLE):
            continue
        # Beside a small word, a rarer word is enough.
        enough = _FEW if len(folded) >= 7 and {a, b} & (CLOSED | PREPOSITIONS) else _USUAL
        if min(known.list.counts.get(a, 0), known.list.counts.get(b, 0)) < enough and not (
            known.usage.folded[a] > 2 and known.usage.folded[b] > 2
        ):
            continue
        weight = known.list.pairs.get(f"{a} {b}", 0) + known.usage.pairs[f"{a} {b}"] * known.list.floor
        small = bool({a, b} & (CLOSED | PREPOSITIONS))
        usual = all(known.list.counts.get(w, 0) >= _COMMON and len(w) >= 3 for w in (a, b))
        # Two nouns may be a compound that no list has: the volume must have both, and more often if they are short.
        in_volume = min(known.usage.folded[a], known.usage.folded[b])
        usual = (usual and in_volume >= (1 if len(folded) >= _LONG else 3)) or (small and len(folded) >= 7)
        if (
            not weight
            and usual
            and a not in PREFIXES
            and b not in ENDINGS
            and not b.endswith(("ing", "er", "ers"))
        ):
            weight = 1
        if weight:
            cuts.append((weight, a, b))
    return max(cuts)[1:] if cuts else None


def find_misspellings(passage: Passage, known: Known) -> Iterator[Finding]:
    """`peasnatry`; `svoznak` where `Sovznak` is a term; a name that the volume spells otherwise."""
    counts = known.list.counts if known.list is not None else {}
    for at, word in enumerate(passage.words):
        if counts.get(word.folded, 0) >= _RARE or not 3 <= len(word.text) <= LONGEST or "'" in word.text[:-2]:
            continue
        finding = (
            _near_term(passage, at, word, known)
            or _near_name(passage, at, word, known)
            or _slip(passage, at, word, known)
        )
        if finding is None or _is_abbreviated(passage, word) or _is_form_of_term(passage, at, known):
            continue
        yield finding


def _near_name(passage: Passage, at: int, word: Word, known: Known) -> Finding | None:
    """`Novmber`: an unknown word with a capital, one slip from a word of the list that always has one."""
    text, usage = word.text, known.usage
    if known.list is None or len(text) < 4 or not text[0].isupper() or not text[1:].islower():
        return None
    if usage.words[text] > 1 or known.is_word(word.folded):
        return None
    for near, count in known.list.common.one_edit_from(word.folded):
        name = near.capitalize()
        always = near in CAPITALIZED or (len(text) > 5 and usage.words[name] >= 3 and not usage.small[near])
        if not always or _is_inflected(word.folded, near) or count < _COMMON:
            continue
        if _among_strangers(passage, at, known):
            return None
        return Finding(
            word.start, word.end, "misspelling", name, f"No list knows “{text}”; “{name}” is one slip away."
        )
    return None


def _near_term(passage: Passage, at: int, word: Word, known: Known) -> Finding | None:
    """A word that is not in the list, one edit from a term or from a name that stands three times as often."""
    usage = known.usage
    text = word.text if word.text.isalpha() else re.sub(r"['’]s?$", "", word.text)
    if len(text) < 5 or known.is_word(text.casefold()) or usage.words[text] > 2 or text in usage.terms:
        return None
    for spelling in (text, text.capitalize(), text.casefold(), text.upper()):
        for near, count in usage.spellings.one_edit_from(spelling):
            is_term = near in usage.terms
            if spelling == text.upper() != text and not (is_term and text[0].isupper()):
                continue  # `Goselro` for `GOELRO`
            if near.casefold() == text.casefold():
                return None
            if not is_term and (
                count < 3 * usage.words[text] or not near[0].isupper() or not text[0].isupper()
            ):
                continue
            if _is_inflected(spelling, near) or usage.folded[text.casefold()] > usage.words[text] + 2:
                continue
            if known.is_word(near.casefold()) and not is_term and known.list is not None:
                # A word at the beginning of a sentence, not a name.
                continue
            code = "near-term" if is_term else "two-spellings"
            reason = "is a term of this volume" if is_term else f"stands {count} times in this volume"
            likely = near.casefold() if text.islower() and not near[1:].isupper() else near
            return Finding(
                word.start, word.start + len(text), code, likely, f"“{near}” {reason}, one slip away."
            )
    if len(text) >= 7:
        for near, count in known.strangers.one_edit_from(text):
            alike = text[0].isupper() == near[0].isupper() and not _is_inflected(text, near)
            usual = count > usage.words[text] or (count == usage.words[text] and usage.is_before(near, text))
            if (
                alike
                and usual
                and near not in usage.terms
                and plain(near.casefold()) != plain(text.casefold())
            ):
                if text.islower() and _among_strangers(passage, at, known):
                    return None
                evidence = f"This volume spells it “{near}” elsewhere."
                return Finding(word.start, word.start + len(text), "two-spellings", near, evidence)
    return None


_CASES = ("s", "i", "y", "a", "e", "u", "n", "o")
# Words that points, hyphens or apostrophes join: `N.E.P.'s`, `Sov-znak`.
_JOINED = re.compile(r"[^\W\d_]+(?:(?:\.?['’]|[.\-‐‑–])[^\W\d_]+)*")


def _is_form_of_term(passage: Passage, at: int, known: Known) -> bool:
    """Whether a word is a form of a term, or a part of one: dotted, hyphened, spaced, in capitals, with an ending."""
    terms = known.usage.letters_of_terms
    if not terms:
        return False
    words, string = passage.words, passage.string
    word = words[at]
    wholes = [word.text, *(m[0] for m in _joined_around(string, word))]
    if at and not word.apart:
        wholes.append(words[at - 1].text + word.text)
    if at + 1 < len(words) and not words[at + 1].apart:
        wholes.append(word.text + words[at + 1].text)
    return any(_is_a_form(whole, terms) for whole in wholes)


def _joined_around(string: str, word: Word) -> Iterator[re.Match[str]]:
    begin = max(string.rfind(" ", 0, word.start) + 1, word.start - _LONGEST_WORD)
    for match in _JOINED.finditer(string, begin, word.end + _LONGEST_WORD):
        if match.start() <= word.start < match.end():
            yield match


def _is_a_form(whole: str, terms: frozenset[str]) -> bool:
    """Whether the letters are a term's, with or without an ending; a short term is known by a capital."""
    letters = "".join(filter(str.isalpha, whole)).casefold()
    for ending in ("", "es", *_CASES):
        stem = letters.removesuffix(ending)
        if stem in terms and (len(stem) > _SHORT or not whole.islower()):
            return True
    return letters.endswith("ies") and f"{letters[:-3]}y" in terms


def find_other_terms(passage: Passage, known: Known) -> Iterator[Finding]:
    """`state planning commission` and `Council for Labor` where the glossary has a name with other capitals or
    another small word. A term with points, hyphens or spaces is no fault.
    """
    if passage.kind == "entry":
        return
    words, phrases = passage.words, known.usage.phrases_by_beginning
    for at, word in enumerate(words):
        for phrase in phrases.get(word.folded, ()):
            here = words[at : at + len(phrase)]
            if len(here) < len(phrase) or any(w.apart for w in here[1:]):
                continue
            differing = [
                (w, p) for w, p in zip(here, phrase, strict=True) if w.text.casefold() != p.casefold()
            ]
            if len(differing) > 1 or any({w.folded, p.casefold()} - CLOSED for w, p in differing):
                continue
            small = [w for w, p in zip(here, phrase, strict=True) if w.text.islower() and p[0].isupper()]
            if (differing and not small) or (small and not differing):
                whole = " ".join(phrase)
                evidence = f"The glossary has the name “{whole}”."
                likely = whole.upper() if all(w.text.isupper() for w in here) else whole
                yield Finding(here[0].start, here[-1].end, "near-term", likely, evidence)


def _is_inflected(a: str, b: str) -> bool:
    """Whether two spellings differ only in an ending, like the forms of one word: `kulak`, `kulaki`."""
    short, long = sorted((a.casefold(), b.casefold()), key=len)
    if long.startswith(short) and long[len(short) :] in _CASES:
        return True
    return len(short) == len(long) and short[:-1] == long[:-1] and short[-1] in _CASES and long[-1] in _CASES


_VARIANTS = (
    ("our", "or"),
    ("yz", "ys"),
    ("ogue", "og"),
    ("ence", "ense"),
    ("ise", "ize"),
    ("isa", "iza"),
    ("isi", "izi"),
    ("ll", "l"),
    ("tre", "ter"),
    ("ae", "e"),
)


def _is_variant(a: str, b: str) -> bool:
    """Whether two spellings are those of two countries: `neighbor`, `neighbour`; `afterward`, `afterwards`."""
    if a.endswith(("ward", "wards")) and a.rstrip("s") == b.rstrip("s"):
        # The list splits the uses between `toward` and `towards`.
        return True
    return any(a.replace(x, y) == b.replace(x, y) for x, y in _VARIANTS)


def _slip(passage: Passage, at: int, word: Word, known: Known) -> Finding | None:
    """An unknown word, one edit from a common word."""
    words, usage = known.list, known.usage
    if words is None:
        return None
    folded = word.folded
    count = words.counts.get(folded, 0)
    if usage.folded[folded] > 1 or word.text in usage.terms or word.text[1:] != word.text[1:].casefold():
        return None
    known_rarely = 0 < count < _RARE
    is_word = known.is_word(folded)
    is_derived = is_word and not known_rarely and count == 0 and known.is_derived(folded)
    if (is_word and not known_rarely and not is_derived) or _ROMAN.fullmatch(folded):
        return None
    # A capital inside a sentence begins a name; names are compared with names alone.
    first = passage.words[at + 1].text if at + 1 < len(passage.words) else ""
    begins = (
        word.apart and first.islower() and passage.kind != "note" and may_begin_at(passage.string, word.start)
    )
    if word.text[0].isupper() and not (begins and after(passage, at)):
        return None
    if _best_cut(folded, known) is not None and not known_rarely:
        return None
    candidates = {
        near: (min(n, 10**10), usage.folded[near])
        for near, n in words.one_slip_from(folded).items()
        if n >= (_COMMON * 20 if len(folded) <= 4 else _USUAL if len(folded) <= 6 else _FEW)
    }
    candidates |= {near: (0, n) for near, n in _volume_near(folded, known) if near not in candidates}
    if is_derived:
        candidates = {w: c for w, c in candidates.items() if c[1] >= 2 and not _is_inflected(folded, w)}
    if known_rarely:
        # A rare word is a suspect only if the volume often uses the other word.
        candidates = {
            w: c
            for w, c in candidates.items()
            if c[1] >= 5
            and len(folded) >= 5
            and not _is_inflected(folded, w)
            and _likeness(passage, at, w, known) > _likeness(passage, at, folded, known)
        }
    terms = usage.folded_terms
    candidates = {
        w: c
        for w, c in candidates.items()
        if not _is_variant(folded, w)
        and not (_is_inflected(folded, w) and (w in terms or _is_form(w, terms)))
    }
    if not candidates or _among_strangers(passage, at, known):
        return None
    best = max(
        candidates, key=lambda w: (_likeness(passage, at, w, known), candidates[w][1], candidates[w][0])
    )
    if word.text[0].isupper() and not _likeness(passage, at, best, known):
        return None  # a name may begin a sentence
    if known_rarely:
        evidence = (
            f"“{folded}” is rare; “{best}”, one slip away, stands {usage.folded[best]} times in this volume."
        )
    else:
        evidence = f"No list knows “{folded}”; “{best}” is one slip away."
    likely = best.capitalize() if word.text[0].isupper() else best
    return Finding(word.start, word.start + len(folded), "misspelling", likely, evidence)


def find_broken_small_words(passage: Passage, known: Known) -> Iterator[Finding]:
    """`ot`, `fo`, `teh`: a few letters that are no word, one slip from a small word that fits between the neighbours.

    A bad copy has such a word again and again; but a word of another language stands among others of its kind.
    """
    assert known.list is not None, "asked only where there is a list"
    if passage.kind == "entry":
        return
    usage, words = known.usage, known.list
    for at, word in enumerate(passage.words):
        folded = word.text
        if not 2 <= len(folded) <= 4 or folded in words.counts or not is_small(word):
            continue
        if folded in FOREIGN or folded in usage.folded_terms or known.is_word(folded):
            continue
        left, right = before(passage, at), after(passage, at)
        if not (left or right) or _is_abbreviated(passage, word) or _among_strangers(passage, at, known):
            continue
        if passage.string[word.end : word.end + 1] == ".":
            continue
        near = [w for w, _ in words.common.one_edit_from(folded) if w in SMALL_WORDS]
        near = [w for w in near if usage.folded[folded] <= max(2, usage.folded[w])]
        if near:
            best = max((chance(words, (left, w, right)), w) for w in near)[1]
            evidence = f"No list knows “{folded}”; “{best}” is one slip away."
            yield Finding(word.start, word.end, "misspelling", best, evidence)


def _is_form(folded: str, terms: frozenset[str]) -> bool:
    return any(folded[:-k] in terms for k in (1, 2))


def _volume_near(folded: str, known: Known) -> list[tuple[str, int]]:
    return [
        (near.casefold(), n)
        for near, n in known.usage.spellings.one_edit_from(folded)
        if near.islower() and not _is_inflected(folded, near) and len(folded) > 4
    ]


def _likeness(passage: Passage, at: int, near: str, known: Known) -> float:
    """How well a word fits between its neighbours, judged by pairs of the volume and of the list."""
    assert known.list is not None, "asked only where there is a list"
    words, score = passage.words, 0.0
    if at and not words[at].apart:
        before = words[at - 1].folded
        score += (known.usage.pairs[f"{before} {near}"] > 0) + (f"{before} {near}" in known.list.pairs)
    if at + 1 < len(words) and not words[at + 1].apart:
        after = words[at + 1].folded
        score += (known.usage.pairs[f"{near} {after}"] > 0) + (f"{near} {after}" in known.list.pairs)
    return score


def find_missing_hyphens(passage: Passage, known: Known) -> Iterator[Finding]:
    """`state owned industry` where the volume has `state-owned` again and again, and the two words never apart."""
    usage = known.usage
    often_joined, begin = usage.often_joined, usage.begin_joined
    if not often_joined:
        return
    for left, right in itertools.pairwise(passage.words):
        if left.folded not in begin:
            continue
        pair = f"{left.folded} {right.folded}"
        joined = often_joined.get(pair)
        if joined is None or right.apart or not right.text.islower():
            continue
        usual = known.list is not None and known.list.pairs.get(pair, 0) > 3 * known.list.floor
        if joined >= 3 * usage.pairs[pair] and not usual:
            evidence = f"“{left.folded}-{right.folded}” stands {joined} times in this volume."
            whole = f"{left.text}-{right.text}"
            yield Finding(left.start, right.end, "missing-hyphen", whole, evidence)

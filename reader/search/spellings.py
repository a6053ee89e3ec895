"""The volume's other spellings of a word, and the nearest word to a missing one."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from difflib import SequenceMatcher

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Q, Sum, TextField, Value

from reader.models import Volume, Word
from reader.search.outline import Outline, look_up
from reader.text.transliteration import key, without_possessive

# The largest number of spellings of one word, and of words with one beginning, in a query.
MOST_SPELLINGS = 8
MOST_WITH_BEGINNING = 40
# Shorter beginnings have too many words; PostgreSQL finds these words itself.
SHORTEST_BEGINNING = 3
# The least likeness of two words, from 0 to 1, for one to be offered in place of the other: the share of letters that
# match in order (difflib's ratio).
LEAST_ALIKE = 0.72
CANDIDATES = 10


def spellings(
    slug: str, words: Collection[str], beginnings: Collection[str]
) -> tuple[Outline, Mapping[str, list[str]], Mapping[str, list[str]]]:
    """A volume, its spellings of these words, and its words with these beginnings; the most frequent first.

    Spellings are in lower case and include the word's own; a word that the volume lacks has none. One statement for a
    volume that is remembered. Raises Volume.DoesNotExist.
    """
    keys = {word: key(without_possessive(word)) for word in words}
    begun = {word: key(word) for word in beginnings if len(key(word)) >= SHORTEST_BEGINNING}
    outline, found_words = look_up(slug, {each for each in keys.values() if each}, set(begun.values()))
    by_key: dict[str, dict[str, None]] = defaultdict(dict)
    for each, text in found_words:
        by_key[each][text.casefold()] = None
    spelt = {word: list(by_key[each])[:MOST_SPELLINGS] for word, each in keys.items() if each in by_key}
    with_beginning: dict[str, list[str]] = {}
    for word, each in begun.items():
        texts = [text for found, texts in by_key.items() if found.startswith(each) for text in texts]
        if texts:
            with_beginning[word] = texts[:MOST_WITH_BEGINNING]
    return outline, spelt, with_beginning


def nearest(volume: Volume, words: Collection[str]) -> Mapping[str, str]:
    """The volume's nearest word to each of these words, as the volume writes it, if one is near. One statement.

    Candidates are words with a key that pg_trgm finds similar, or that two swapped letters make. The candidate that is
    most alike is chosen, then the most frequent.
    """
    keys = {word: key(word) for word in words if key(word)}
    if not keys:
        return {}
    selects = [
        Word.objects.filter(
            Q(key__trigram_similar=each) | Q(key__in=_neighbours_swapped(each)), volume=volume
        )
        .order_by()
        .values("text", "key")
        .annotate(
            asked=Value(word, output_field=TextField()),
            similarity=TrigramSimilarity("key", each),
            total=Sum("count"),
        )
        .order_by("-similarity", "-total", "text")
        .values_list("asked", "text", "key", "similarity", "total")[:CANDIDATES]
        for word, each in keys.items()
    ]
    rows = selects[0].union(*selects[1:], all=True) if len(selects) > 1 else selects[0]
    near: dict[str, list[tuple[float, int, str]]] = defaultdict(list)
    for asked, text, found, similarity, total in rows:
        alike = SequenceMatcher(None, keys[asked], found, autojunk=False).ratio()
        if alike >= LEAST_ALIKE:
            near[asked].append((alike + similarity, total, text))
    return {asked: max(candidates)[2] for asked, candidates in near.items()}


def _neighbours_swapped(key: str) -> list[str]:
    """The key with each pair of neighbours swapped in turn: a common slip that leaves few trigrams of a short word."""
    return [key[:at] + key[at + 1] + key[at] + key[at + 2 :] for at in range(len(key) - 1)]

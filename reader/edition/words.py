"""The volume's own words, recorded at each publishing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q

from reader.edition.edition import Edition
from reader.edition.recording import BATCH
from reader.models import Division, Word
from reader.text import markup
from reader.text.searchable import without_unseen_signs
from reader.text.transliteration import key, words_in

LONGEST_WORD, LONGEST_KEY = 100, 200


def record_words(edition: Edition, chapters: Sequence[Division]) -> None:
    """Record the words of these chapters and of the glossary, in place of the recorded ones.

    Only differences are written, so that a correction costs little in a long chapter. One statement to read, one to
    delete, and one for each BATCH of words that are new or have another count.
    """
    sources: dict[int, list[str]] = {chapter.pk: [] for chapter in chapters}
    for division in edition.divisions:
        if edition.page_of[division.pk] in sources:
            sources[edition.page_of[division.pk]].append(division.head)
    for chapter in chapters:
        sources[chapter.pk] += [text.text for text in edition.texts_of(chapter)]
    counted: dict[int | None, dict[str, int]] = {
        chapter: _counted(map(markup.plain, texts)) for chapter, texts in sources.items()
    }
    edition.words.update({chapter.pk: sum(counted[chapter.pk].values()) for chapter in chapters})
    counted[None] = _counted(f"{term.headword} {term.definition}" for term in edition.terms)
    wanted = {
        (division, text): count for division, counts in counted.items() for text, count in counts.items()
    }
    words = Word.objects.filter(volume=edition.volume)
    read = Q(division__in=sources) | Q(division=None) | ~Q(division__in=edition.page_divisions)
    rows = words.filter(read).order_by().values_list("pk", "division", "text", "count")
    recorded: dict[tuple[int | None, str], tuple[int, int]] = {
        (division, text): (pk, count) for pk, division, text, count in rows
    }
    if gone := [pk for place, (pk, _) in recorded.items() if place not in wanted]:
        words.filter(pk__in=gone).delete()
    Word.objects.bulk_create(
        (
            Word(
                volume=edition.volume,
                division_id=division,
                text=text,
                key=key(text)[:LONGEST_KEY],
                count=count,
            )
            for (division, text), count in wanted.items()
            if (division, text) not in recorded or recorded[division, text][1] != count
        ),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["volume", "division", "text"],
        update_fields=["count"],
    )


def _counted(texts: Iterable[str]) -> dict[str, int]:
    """The words of these texts with their counts, each in its most frequent spelling."""
    spellings = Counter(
        word for text in texts for word in words_in(without_unseen_signs(text)) if len(word) <= LONGEST_WORD
    )
    spelt: dict[str, dict[str, int]] = defaultdict(dict)
    for word, count in spellings.items():
        spelt[word.casefold()][word] = count
    return {max(counts, key=counts.__getitem__): sum(counts.values()) for counts in spelt.values()}

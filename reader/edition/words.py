"""The volume's own words, recorded at each publishing."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Q

from reader.edition.edition import Edition
from reader.edition.findings import Findings
from reader.edition.recording import BATCH
from reader.models import Division, Word
from reader.text import markup
from reader.text.transliteration import key, words_in

LONGEST_WORD, LONGEST_KEY = 100, 200


def record_words(edition: Edition, chapters: Collection[Division], found: Findings) -> None:
    """Record the words of these chapters and of the glossary, in place of what was recorded of them.

    Only what differs is written, so that a correction costs little in a long chapter. Two statements, and one for
    each BATCH of new words.
    """
    texts: dict[int, list[str]] = {chapter.pk: [] for chapter in chapters}
    for division in edition.divisions:
        if edition.page_of[division.pk] in texts:
            texts[edition.page_of[division.pk]].append(division.head)
    for chapter in chapters:
        texts[chapter.pk] += [paragraph.text for paragraph in found.paragraphs.get(chapter.pk, ())]
        texts[chapter.pk] += [note.text for note in found.notes.get(chapter.pk, ())]
    counted: dict[int | None, dict[str, int]] = {
        division: _counted(map(markup.plain, sources)) for division, sources in texts.items()
    }
    counted[None] = _counted(f"{term.headword} {term.definition}" for term in edition.terms)
    wanted = {
        (division, text): count for division, counts in counted.items() for text, count in counts.items()
    }
    words = Word.objects.filter(volume=edition.volume)
    read = Q(division__in=texts) | Q(division=None) | ~Q(division__in=edition.page_divisions)
    rows = list(words.filter(read).order_by().values_list("pk", "division", "text", "count"))
    words.filter(
        pk__in=[pk for pk, division, text, count in rows if wanted.get((division, text)) != count]
    ).delete()
    kept = {(division, text) for _, division, text, count in rows if wanted.get((division, text)) == count}
    new = {place: count for place, count in wanted.items() if place not in kept}
    keys = {text: key(text)[:LONGEST_KEY] for _, text in new}
    Word.objects.bulk_create(
        (
            Word(volume=edition.volume, division_id=division, text=text, key=keys[text], count=count)
            for (division, text), count in new.items()
        ),
        batch_size=BATCH,
    )


def _counted(texts: Iterable[str]) -> dict[str, int]:
    """The words of these texts and how often they stand there, each as it is written most."""
    spelt: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        for word in words_in(text):
            if len(word) <= LONGEST_WORD:
                spelt[word.casefold()][word] += 1
    return {counts.most_common(1)[0][0]: counts.total() for counts in spelt.values()}

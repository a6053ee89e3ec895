"""Finds the places of a volume where its sources lost the italics, and keeps what persons said of them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from glossary.models import Term, TermForm
from reader import models
from reader.models import Italic, Text, Volume
from reader.models.standing import TextKey
from reader.text.lost_italics import CLOSED_SPACE, Examined, find_lost_italics
from reader.text.markup import emphasised_spans, plain
from reader.text.readings import PRINTED_CALL, context_at
from reader.text.word_list import word_list

BATCH = 2000
# What an import finds out about a place; the rest is a person's.
FOUND = ("kind", "language", "reading", "context", "evidence", "paragraph_id", "note_id", "is_found")


def record_italics(volume: Volume) -> None:
    """Record the places where the texts of a volume probably lost their italics.

    A place on which a person decided is kept, also if it is not found again; an open one that is not found again goes.
    One that was accepted, and whose words are upright again, is open again.
    """
    new = _find(volume)
    old = list(volume.italics.order_by("pk"))
    known = _match(old, new)
    changed: list[Italic] = []
    for k, row in known.items():
        for name in FOUND:
            setattr(row, name, getattr(new[k], name))
        if row.state == Italic.State.ACCEPTED:
            row.state = Italic.State.OPEN
        changed.append(row)
    matched = {row.pk for row in known.values()}
    gone = [row for row in old if row.pk not in matched]
    for row in gone:
        if row.state == Italic.State.DISMISSED:
            row.is_found = False
            changed.append(row)
    volume.italics.filter(pk__in=[row.pk for row in gone if row.state == Italic.State.OPEN]).delete()
    Italic.objects.bulk_update(changed, [*FOUND, "state"], batch_size=BATCH)
    Italic.objects.bulk_create((row for k, row in enumerate(new) if k not in known), batch_size=BATCH)


def _find(volume: Volume) -> list[Italic]:
    """The places, as rows that are not saved. There are none in texts of a source that shows its italics."""
    texts = {text.key: text for text in _texts_of(volume)}
    traces = _traces(volume, texts)
    words = word_list(volume.language)
    examined = [
        Examined(key, plain(text.text), emphasised_spans(text.text), traces.get(key, ()))
        for key, text in texts.items()
    ]
    found = find_lost_italics(examined, _spellings(volume), words.knows if words else None)
    read = {each.key: each.plain for each in examined}
    return [
        Italic(
            volume=volume,
            paragraph_id=key[0],
            note_id=key[1],
            kind=place.kind.value,
            language=place.language,
            reading=read[key][place.start : place.end],
            context=context_at(read[key], place.start, place.end),
            evidence=place.evidence,
        )
        for key, place in found
    ]


def _texts_of(volume: Volume) -> Iterator[Text]:
    """The texts in which italics may be lost: no tables, nothing of a source that shows italics anywhere."""
    paragraphs = volume.paragraphs.order_by("division__position", "position").defer("search")
    notes = models.Note.objects.filter(division__volume=volume).order_by("division__position", "position")
    texts: list[Text] = [*paragraphs, *notes.defer("search")]
    showing = {
        witness for text in texts if emphasised_spans(text.imported_text) for witness, *_ in text.lines
    }
    for text in texts:
        if isinstance(text, models.Paragraph) and text.kind == models.Paragraph.Kind.TABLE:
            continue
        if not showing.intersection(witness for witness, *_ in text.lines):
            yield text


def _spellings(volume: Volume) -> Collection[str]:
    terms = Term.objects.filter(glossary=volume.glossary_id)
    forms = TermForm.objects.filter(term__glossary=volume.glossary_id)
    return {*terms.values_list("headword", flat=True), *forms.values_list("text", flat=True)}


def _traces(volume: Volume, texts: Mapping[TextKey, Text]) -> dict[TextKey, list[int]]:
    """Where italics ended in each text: offsets in its plain text at which the import closed a space.

    Of equal readings in one text, the one that stands nearest to the emendation's line.
    """
    traces: dict[TextKey, list[int]] = defaultdict(list)
    rows = volume.emendations.filter(rule=CLOSED_SPACE).order_by("witness__n", "line", "pk")
    for row in rows.select_related("witness"):
        text = texts.get((row.paragraph_id, row.note_id))
        if text is None:
            continue
        read, left = plain(text.text), row.before.partition(" ")[0]
        sought = PRINTED_CALL.sub("", row.after)  # the text without its markup has no calls
        places = [
            at + len(left)
            for at in range(len(read))
            if read.startswith(sought, at) and at + len(left) not in traces[text.key]
        ]
        if places:
            wanted = _share(text.lines, row.witness.n, row.line) * len(read)
            traces[text.key].append(min(places, key=lambda place: abs(place - wanted)))
    return traces


def _share(lines: Sequence[Sequence[int]], witness: int, line: int) -> float:
    """How far down its lines a line of a text stands: from 0 to 1."""
    numbers = [(n, each) for n, first, last in lines for each in range(first, last + 1)]
    return numbers.index((witness, line)) / len(numbers) if (witness, line) in numbers else 0


def _match(old: Sequence[Italic], new: Sequence[Italic]) -> dict[int, Italic]:
    """The old row, by the index of the matching new one: by reading and context, then by reading and text."""
    matched: dict[int, Italic] = {}
    unmatched = {row.pk: row for row in old}
    keys: tuple[Any, ...] = (
        lambda row: (row.reading, row.context),
        lambda row: (row.reading, row.text_key),
    )
    for n, key_of in enumerate(keys):
        waiting: dict[Any, list[Italic]] = defaultdict(list)
        for row in reversed(unmatched.values()):
            # Words that a person set in italics may stand upright elsewhere in their text.
            if n == 0 or row.state != Italic.State.ACCEPTED:
                waiting[key_of(row)].append(row)
        for k, each in enumerate(new):
            if k not in matched and (rows := waiting.get(key_of(each))):
                matched[k] = rows.pop()
                del unmatched[matched[k].pk]
    return matched

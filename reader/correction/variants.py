"""Variants are taken and opened again: a reading in its text, a passage of the other as a paragraph of its own.

Keeping ours changes no text, and is `dismiss` of suspects. A variant that is opened again gives its words back, unless
they were changed since: then one sentence says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext, npgettext

from reader.correction.correcting import Refused, normalised, publish, write
from reader.correction.same_words import DISMISSED, settle_others
from reader.correction.structure.deeds import held_back, publish_structure, take_back
from reader.correction.structure.supplying import AFTER, BEFORE, supply, without_emphasis
from reader.correction.suspects import (
    ACCEPTED_STATE,
    OPEN,
    OPEN_AGAIN,
    TAKEN,
    Accepted,
    Span,
    accept,
    bring_to,
    hold,
    name_of,
    offer_of,
    put_in_place,
    refusal,
    told_of,
)
from reader.correction.turns import take_turn_or_refuse
from reader.models import Deed, Division, Paragraph, Question, Text, Variant, Volume
from reader.publishing.publish import publish_chapters
from reader.text.html import visible
from reader.text.markup import escape, plain
from reader.text.readings import begins_with_gap, likeliest, locate
from reader.text.sentences import sentence_bounds, shorten

# Characters of a reading that a message shows.
SHOWN = 60


@dataclass(slots=True)
class Reopened:
    """The number of variants that are open again, and of those with ours back in the text.

    `refusals` has a sentence for each variant that stays answered, `remarks` for each whose words stay in the text.
    """

    count: int = 0
    back: int = 0
    refusals: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def done(self) -> str:
        """What was done, in words."""
        if not self.back:
            return npgettext("answer to a variant", "opened again", "opened again", self.count)
        if self.back == self.count:
            return npgettext(
                "answer to a variant",
                "opened again, and the text is as before",
                "opened again, and the text is as before",
                self.count,
            )
        said = npgettext(
            "answer to a variant",
            "opened again, and the text is as before for %(count)s of them",
            "opened again, and the text is as before for %(count)s of them",
            self.back,
        )
        return said % {"count": self.back}


@transaction.atomic
def take(variants: Iterable[Variant], *, by: models.Model, seen: Mapping[int, str] | None = None) -> Accepted:
    """Take the readings of second witnesses: words into their texts, passages as paragraphs beside them.

    `seen` has the key of the sentence, or of the text's end, that was shown for each.
    """
    given = list(variants)
    passages = [row for row in given if not row.reading]
    rows = [row for row in given if row.reading]
    with held_back() as waiting:
        made = _take_passages(passages, by, seen) if passages else Accepted(0, [])
    taken = accept(rows, by=by, seen=seen) if rows else Accepted(0, [])
    _publish(passages, waiting)
    return Accepted(made.count + taken.count, [*taken.refusals, *made.refusals])


def _publish(rows: Sequence[Variant], waiting: Sequence[Iterable[Division] | None]) -> None:
    """Publish once what deeds about these variants, which are of one volume, held back."""
    changed = {division for divisions in waiting for division in divisions or ()}
    if changed:
        publish_structure(rows[0].volume, changed)


def _take_passages(rows: Sequence[Variant], by: models.Model, seen: Mapping[int, str] | None) -> Accepted:
    """Make a paragraph of each passage that only the other has, in the order of the other."""
    take_turn_or_refuse(rows[0].volume)
    _, rows_in = hold(rows)
    taken: list[Variant] = []
    refusals = []
    for text, held in rows_in.items():
        read = plain(text.wording) if text is not None else None
        for row in sorted(held, key=lambda each: (each.other_line, each.pk)):
            offer = offer_of(row, read)
            if offer.objection or not isinstance(text, Paragraph) or read is None:
                refusals.append(refusal(name_of(row), offer.objection))
            elif seen is not None and seen.get(row.pk) != offer.key:
                refusals.append(refusal(name_of(row), gettext("its sentence was changed meanwhile")))
            else:
                before = _made_before(row, text)
                where = BEFORE if begins_with_gap(row.context) and before is None else AFTER
                try:
                    supply(
                        before or text, escape(row.other), where=where, by=by, reason=f"as “{row.name}” reads"
                    )
                except Refused as refused:
                    refusals.append(told_of(name_of(row), str(refused)))
                    continue
                bring_to(ACCEPTED_STATE, [row], by, TAKEN)
                taken.append(row)
    return Accepted(len(taken), refusals)


def _made_before(row: Variant, text: Paragraph) -> Paragraph | None:
    """The paragraph that was made of the passage before this one, where passages stand in a row."""
    earlier = Variant.objects.of_text(text).filter(
        state=ACCEPTED_STATE, name=row.name, reading="", context=row.context, other_line__lte=row.other_line
    )
    for each in earlier.exclude(pk=row.pk).order_by("-other_line", "-pk"):
        deed = _deed_of(each)
        if deed is not None and deed.paragraph is not None:
            return deed.paragraph
    return None


def _deed_of(row: Variant) -> Deed | None:
    """The deed in force that made a paragraph of a passage."""
    made = without_emphasis(normalised(escape(row.other)).strip())
    deeds = Deed.objects.in_force().filter(
        volume=row.volume_id, kind=Deed.Kind.SUPPLY, values__text=made, state=Deed.State.DONE
    )
    return deeds.select_related("paragraph").last()


# Opened again


@transaction.atomic
def reopen(variants: Iterable[Variant], *, by: models.Model) -> Reopened:
    """Open variants again that were answered, and put ours back where the other's was taken. Publishes."""
    given = list(variants)
    if any(not row.reading for row in given):
        take_turn_or_refuse(given[0].volume)
    done = Reopened()
    texts, rows_in = hold(given)
    kept = {text: [row for row in held if row.state == DISMISSED] for text, held in rows_in.items()}
    settle_others(kept, by, opens=True)
    opened: list[Variant] = []
    written: list[Text] = []
    with held_back() as waiting:
        for text, held in rows_in.items():
            answered = [row for row in held if row.state != OPEN]
            passages = [row for row in answered if row.state == ACCEPTED_STATE and not row.reading]
            taken = [row for row in answered if row.state == ACCEPTED_STATE and row.reading]
            opened += [row for row in answered if row.state != ACCEPTED_STATE]
            opened += _without_paragraphs(passages, by, done)
            if text is None:
                opened += taken
            elif taken:
                opened += _with_ours(text, taken, by, done, written)
    bring_to(OPEN, opened, by, OPEN_AGAIN)
    done.count = len(opened)
    _publish(given, waiting)
    publish(written)
    _publish_states(texts, rows_in, opened, written)
    return done


def _publish_states(
    texts: Sequence[Text],
    rows_in: Mapping[Text | None, Sequence[Variant]],
    opened: Sequence[Variant],
    written: Sequence[Text],
) -> None:
    """Publish the chapters in which only the state of variants has changed."""
    states: dict[Volume, set[Division]] = {}
    for text in [*texts, None]:
        here = [row for row in rows_in.get(text, ()) if row in opened]
        if here and text not in written:
            volume = text.volume if text is not None else here[0].volume
            states.setdefault(volume, set()).update({text.division} if text is not None else ())
    for volume, divisions in states.items():
        publish_chapters(volume, divisions)


def _with_ours(
    text: Text, taken: Sequence[Variant], by: models.Model, done: Reopened, written: list[Text]
) -> list[Variant]:
    """Put our readings back into a text where it has the other's; return the variants that are open by that."""
    read = plain(text.wording)
    offered: list[tuple[Span, Question, str]] = []
    opened: list[Variant] = []
    for row in taken:
        places = likeliest(read, row.other, row.context)
        words = visible(shorten(row.other, SHOWN))
        if not places:
            opened.append(row)
            done.remarks.append(
                gettext("%(name)s: the text no longer has “%(words)s” there, and stays as it is.")
                % {"name": name_of(row), "words": words}
            )
        elif len(places) > 1:
            done.refusals.append(
                gettext(
                    "%(name)s: the text has “%(words)s” in several places, so put ours back on its screen."
                )
                % {"name": name_of(row), "words": words}
            )
        else:
            offered.append((places[0], row, row.reading))
    wording, back, refused = put_in_place(text, offered)
    done.refusals += refused
    if back:
        names = dict.fromkeys(f"no longer as “{row.name}” reads" for row in back if isinstance(row, Variant))
        write(text, wording, by=by, reason=" and ".join(names))
        written.append(text)
        done.back += len(back)
    return [*opened, *(row for row in back if isinstance(row, Variant))]


def _without_paragraphs(passages: Sequence[Variant], by: models.Model, done: Reopened) -> list[Variant]:
    """Take out the paragraphs that were made of passages, the last one first; return the variants that are open."""
    deeds = [(row, _deed_of(row)) for row in passages]
    opened = []
    for row, deed in sorted(deeds, key=lambda each: each[1].pk if each[1] else 0, reverse=True):
        if deed is None or deed.paragraph is None:
            opened.append(row)
            done.remarks.append(refusal(name_of(row), gettext("its paragraph is gone already")))
            continue
        if deed.paragraph.text != normalised(escape(row.other)).strip():
            number = deed.paragraph.number
            done.refusals.append(
                gettext(
                    "%(name)s: paragraph %(number)s, which was made of it, was changed since, so take it out there."
                )
                % {"name": name_of(row), "number": number}
            )
            continue
        try:
            take_back(deed, by=by, reason=f"no longer as “{row.name}” reads")
        except Refused as refused:
            done.refusals.append(told_of(name_of(row), str(refused)))
            continue
        done.back += 1
        opened.append(row)
    return opened


# What belongs together


def belonging_together(rows: Iterable[Variant], read: str) -> dict[int, list[Variant]]:
    """The variants of one text that belong together, by the key of each; one that stands alone is not there.

    These are the variants in one state of one witness in one sentence, or passages of its own in a row. `read` is the
    text without markup. Punctuation belongs to nothing: it shows only when it is asked for.
    """
    groups: dict[Any, list[Variant]] = {}
    for row in rows:
        words = row.other if row.state == ACCEPTED_STATE and row.reading else row.reading
        span = locate(read, words, row.context) if words else None
        if row.kind == Variant.Kind.PUNCTUATION or (words and span is None):
            continue
        place: Any = sentence_bounds(read, *span, len(read)) if span else row.context
        groups.setdefault((row.name, row.state, place), []).append(row)
    return {row.pk: group for group in groups.values() if len(group) > 1 for row in group}


def together_with(variant: Variant) -> list[Variant]:
    """A variant with those of its state that belong together with it. One statement."""
    text = variant.text
    if text is None:
        return [variant]
    rows = Variant.objects.of_text(text).found().filter(state=variant.state).in_witness_order()
    return belonging_together(rows, plain(text.text)).get(variant.pk, [variant])

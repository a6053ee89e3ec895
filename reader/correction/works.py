"""What an editor decides of works cited: describes one, joins two, gives a single reference to another work."""

from collections.abc import Collection, Iterable

from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext, gettext_noop

from glossary.languages import in_english
from reader.correction.correcting import Refused
from reader.correction.log import Reason, note_change, note_deletion
from reader.edition.occurrences import context_of
from reader.models import CitedWork, Division, SettledReference, Volume, WorkReference
from reader.publishing.publish import publish_chapters
from reader.text import markup
from reader.text.citations import MEANT_ELSEWHERE
from reader.text.works import key_of

LONGEST_KEY = 400
CHANGED = gettext_noop("The text has changed: open the list of references again.")


class CannotSettle(Refused):
    """The decision cannot be carried out; the message says why in one sentence."""


def objection(work: CitedWork, into: str) -> str:
    """Why a work cannot be one with the work of this key, in a sentence; empty if it can."""
    others = dict(work.volume.cited_works.exclude(pk=work.pk).values_list("key", "into"))
    seen, key = {work.key}, into
    while key:
        if key in seen:
            said = gettext("“%(work)s” is one with this work already: choose another, or part them there.")
            return said % {"work": into}
        seen.add(key)
        key = others.get(key, "")
    return ""


@transaction.atomic
def describe_work(work: CitedWork, fields: Collection[str], *, by: models.Model, reason: Reason) -> None:
    """Save these fields of a work as they are set, and publish the chapters that show it otherwise.

    CannotSettle if it would be one with a work that is one with it.
    """
    # Two editors could join two works with each other at once: both wait for the volume.
    Volume.objects.select_for_update().get(pk=work.volume_id)
    if said := objection(work, work.into):
        raise CannotSettle(said)
    work.save(update_fields=fields)
    note_change([work], by=by, reason=reason)
    publish_chapters(work.volume, _meaning(work))


def _meaning(work: CitedWork) -> QuerySet[Division]:
    """The divisions whose *ibid.* and its kind stand for a work: they say so in its author and title."""
    meant = WorkReference.objects.filter(volume=work.volume, work=work.slug, kind__in=MEANT_ELSEWHERE)
    return Division.objects.filter(
        Q(paragraphs__work_references__in=meant) | Q(notes__work_references__in=meant)
    ).distinct()


def has_changed(reference: WorkReference) -> bool:
    """Whether the text of a reference has become too short for it since it was found."""
    text = reference.text
    return text is None or reference.end > len(markup.plain(text.text))


@transaction.atomic
def settle_reference(
    reference: WorkReference, key: str, *, by: models.Model, author: str = "", title: str = ""
) -> SettledReference:
    """Say which work a reference cites, by the work's key; none if `key` and `title` are empty.

    With a title, the work is another one, of this author and title. CannotSettle if the text has changed meanwhile.
    """
    text = reference.text
    if text is None or has_changed(reference):
        raise CannotSettle(gettext(CHANGED))
    volume = reference.volume
    if title:
        key = key_of(author, title)[:LONGEST_KEY]
        CitedWork.objects.get_or_create(volume=volume, key=key, defaults={"author": author, "title": title})
    before, reading, after = context_of(markup.plain(text.text), reference.start, reference.end)
    settled, _is_new = SettledReference.objects.update_or_create(
        paragraph=reference.paragraph,
        note=reference.note,
        before=before,
        reading=reading,
        after=after,
        defaults={"work": key, "volume": volume},
    )
    note_change([volume], by=by, reason=f"Settled a reference: {in_english(settled)}"[:1000])
    publish_chapters(volume, [])
    return settled


@transaction.atomic
def take_back(settled: Iterable[SettledReference], *, by: models.Model) -> None:
    """Delete decisions on references, so that they are read from the text again, and publish."""
    rows = list(settled)
    volumes = {row.volume_id: row.volume for row in rows}
    note_deletion(rows, by=by, reason="Taken back")
    SettledReference.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for volume in volumes.values():
        publish_chapters(volume, [])

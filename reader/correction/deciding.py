"""A person decides between a correction and an import that could not be merged."""

from typing import Any

from django.db import models, transaction

from glossary.models import Term
from glossary.versions import recording
from reader.correction.correcting import begin_history, lock, write
from reader.correction.describing import recording_volume
from reader.correction.terms import delete
from reader.models import Conflict, Correctable, Note, Paragraph, Text
from reader.publishing.publish import publish_terms, publish_volume
from reader.text.markup import page_breaks
from reader.text.merging import with_page, without_pages

# What the definition of a term begins with that sends to another.
SEE = "See "
# What the history says where nothing else is said.
DECIDED = "a conflict with an import was decided"


def standing(conflict: Conflict) -> str:
    """How the field that a conflict is about reads now; the person's text, if what it is about is gone."""
    subject = conflict.subject()
    if subject is None:
        return conflict.human
    if isinstance(subject, Correctable):
        return subject.wording
    if isinstance(subject, Term):
        see = f"{SEE}{subject.see.headword}" if subject.see else ""
        return "\n".join(part for part in (subject.definition, see) if part)
    return str(getattr(subject, conflict.field))


@transaction.atomic
def decide(conflict: Conflict, wording: str | None, *, by: models.Model, reason: str = DECIDED) -> None:
    """Carry out a decision, and publish the volume.

    None keeps what stands; an empty wording removes a paragraph, note or term that no import has any more.
    """
    subject = conflict.subject()
    if wording is not None and subject is not None:
        if not wording and conflict.field == "text":
            _remove(subject, by, reason)
            conflict.paragraph = conflict.note = None
        elif isinstance(subject, Text):
            _write(subject, wording, by, reason)
        elif isinstance(subject, Correctable):
            write(lock(subject), wording, by=by, reason=reason)
        elif isinstance(subject, Term) and not wording:
            # An entry that became part of a term takes nothing along where the key has it no more.
            if conflict.field != Conflict.FORMER_DEFINITION:
                delete([subject], by=by, reason=reason)
                conflict.term = None
        elif isinstance(subject, Term):
            with recording(subject.glossary, by=by.pk, reason=reason):
                _define(subject, wording)
            publish_terms(subject.glossary, [subject])
        else:
            with recording_volume(subject, by=by.pk, reason=reason):
                setattr(subject, conflict.field, int(wording) if conflict.field == "year" else wording)
                subject.save(update_fields=[conflict.field])
    conflict.state = Conflict.State.RESOLVED
    conflict.save()
    publish_volume(conflict.volume)


def _remove(text: Any, by: models.Model, reason: str) -> None:
    row: Any = lock(text)  # django-simple-history reads these two
    row._history_user, row._change_reason = by, reason
    begin_history(row)
    row.delete()


def _write(text: Text, wording: str, by: models.Model, reason: str) -> None:
    """Write a text. Each page goes on to begin in one text: where a person set it, or where the import has it."""
    row: Any = lock(text)
    before, after = _pages(row.text), _pages(wording)
    volume = row.volume
    texts: list[Text] = [*Paragraph.objects.filter(volume=volume), *Note.objects.of_volume(volume)]
    others = [other for other in texts if other.key != row.key]
    elsewhere = {page for other in others for page in _pages(other.text)}
    write(row, without_pages(wording, (after - before) & elsewhere), by=by, reason=reason)
    for page in sorted(before - after):
        for other in others:
            if page in _pages(other.imported_text) - _pages(other.text):
                held = lock(other)
                write(held, with_page(held.wording, held.imported_wording, page), by=by, reason=reason)


def _pages(text: str) -> set[str]:
    return {marker.n for marker in page_breaks(text)}


def _define(term: Term, wording: str) -> None:
    """Give a term the definition that a conflict shows: words, `See` and another's headword, or both in two lines."""
    words, _, last = wording.rpartition("\n")
    see = last.removeprefix(SEE) if last.startswith(SEE) else ""
    term.see = term.glossary.terms.filter(headword=see).exclude(pk=term.pk).first()
    term.definition = words if term.see else wording
    term.save()

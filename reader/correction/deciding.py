"""A person decides between a correction and an import that could not be merged."""

from typing import Any

from django.db import models, transaction

from glossary.models import Term
from reader.correction.correcting import begin_history, lock, write
from reader.models import Conflict, Correctable
from reader.publishing.publish import publish_volume

# The history's reason if the person gives none.
DECIDED = "a conflict with an import was decided"


@transaction.atomic
def decide(conflict: Conflict, wording: str | None, *, by: models.Model, reason: str = DECIDED) -> None:
    """Carry out a decision, and publish the volume.

    None keeps the present wording; an empty wording removes a paragraph or note that the last import lacks.
    """
    subject = conflict.subject()
    if wording is not None and subject is not None:
        if not wording and conflict.field == "text":
            _remove(subject, by, reason)
            conflict.paragraph = conflict.note = None
        elif isinstance(subject, Correctable):
            write(lock(subject), wording, by=by, reason=reason)
        elif isinstance(subject, Term):
            _define(subject, wording)
        else:
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


def _define(term: Term, wording: str) -> None:
    """Give a term the definition that a conflict shows: `See` and another term's headword, or words."""
    other = term.glossary.terms.filter(headword=wording.removeprefix("See ")).exclude(pk=term.pk).first()
    term.see = other if wording.startswith("See ") else None
    term.definition = "" if term.see else wording
    term.save()

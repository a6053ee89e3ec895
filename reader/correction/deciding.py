"""A person decides between a correction and an import that could not be merged. A conflict is decided once."""

import hashlib
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from glossary.models import Term
from glossary.versions import recording
from reader.correction.correcting import begin_history, lock, write
from reader.correction.correctors import user_names_of
from reader.correction.describing import recording_volume
from reader.correction.log import note_change
from reader.correction.terms import delete
from reader.models import Conflict, Correctable, Deed, Note, Paragraph, Text
from reader.publishing.publish import publish_terms, publish_volume
from reader.text.markup import page_breaks
from reader.text.merging import with_page, without_pages

# What the definition of a term begins with that sends to another.
SEE = "See "
# The field of a conflict about a change of structure, as the import names it.
DEED = "deed"
# The log's words for decisions.
SET_ASIDE = gettext_noop("the change of structure was set aside")
PERSONS_KEPT = gettext_noop("the person's text was kept")
IMPORTS_TAKEN = gettext_noop("the import's text was taken")
REMOVED = gettext_noop("the text was removed, as by the import")
TYPED = gettext_noop("another text was typed")
SAID = (SET_ASIDE, PERSONS_KEPT, IMPORTS_TAKEN, REMOVED, TYPED)
# What the history says where nothing else is said.
DECIDED = "a conflict with an import was decided"


def standing(conflict: Conflict) -> str:
    """How the field that a conflict is about reads now; the person's text, if what it is about is gone."""
    subject = conflict.subject()
    if subject is None or isinstance(subject, Deed):
        return conflict.human
    if isinstance(subject, Correctable):
        return subject.wording
    if isinstance(subject, Term):
        see = f"{SEE}{subject.see.headword}" if subject.see else ""
        return "\n".join(part for part in (subject.definition, see) if part)
    return str(getattr(subject, conflict.field))


class AlreadyDecided(Exception):
    """A decision that comes too late; the message is a sentence that says whose decision holds, and which it is."""


class Changed(Exception):
    """A decision over texts that read otherwise by now; the message is a sentence."""

    def __init__(self) -> None:
        super().__init__(gettext("One of these texts was changed meanwhile: read them again, then decide."))


def seen_as(conflict: Conflict) -> str:
    """A digest of the texts that a person is shown for a decision."""
    texts = (conflict.old_import, conflict.human, conflict.new_import, standing(conflict))
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


@transaction.atomic
def decide(
    conflict: Conflict,
    wording: str | None,
    *,
    by: models.Model,
    seen: str | None = None,
    reason: str = DECIDED,
) -> None:
    """Carry out a decision over an open conflict, log it, and publish the volume.

    None keeps what stands; an empty wording removes a paragraph, note or term that no import has any more. Raises
    AlreadyDecided if the conflict is not open any more, Changed if its texts are not as they were `seen`.
    """
    _lock(conflict)
    if conflict.state != Conflict.State.OPEN:
        raise AlreadyDecided(decision_on(conflict))
    if seen is not None and seen != seen_as(conflict):
        raise Changed
    note_change([conflict], by=by, reason=_said(conflict, wording))
    _carry_out(conflict, wording, by, reason)
    conflict.state = Conflict.State.RESOLVED
    conflict.save()
    publish_volume(conflict.volume)


def _lock(conflict: Conflict) -> None:
    """Lock the subject and then the conflict, in the order of an import, and read both anew."""
    if isinstance(subject := conflict.subject(), Correctable):
        type(subject).objects.select_for_update(of=("self",)).filter(pk=subject.pk).first()
    Conflict.objects.select_for_update(of=("self",)).get(pk=conflict.pk)
    conflict.refresh_from_db()


def _said(conflict: Conflict, wording: str | None) -> str:
    """A decision in the words of the log."""
    if conflict.field == DEED:
        return SET_ASIDE
    if wording is None:
        return PERSONS_KEPT
    if wording == conflict.new_import:
        return IMPORTS_TAKEN if wording else REMOVED
    return TYPED


def decision_on(conflict: Conflict) -> str:
    """Whose decision holds over a conflict that is not open any more, as a sentence."""
    # Imported here: without the admin there is no log.
    from django.contrib.admin.models import LogEntry

    entries = LogEntry.objects.filter(content_type__app_label="reader", content_type__model="conflict")
    last = entries.filter(object_id=str(conflict.pk)).order_by("-action_time", "-pk").first()
    if last is None:
        return gettext("Nothing was changed: an import has settled this conflict meanwhile.")
    who = user_names_of([last.user_id])[last.user_id]
    said = str(last.get_change_message())
    return gettext("Nothing was changed: %(person)s has decided this conflict already (%(decision)s).") % {
        "person": who,
        "decision": gettext(said) if said in SAID else said,
    }


def _carry_out(conflict: Conflict, wording: str | None, by: models.Model, reason: str) -> None:
    subject = conflict.subject()
    if wording is None or subject is None:
        return
    if isinstance(subject, Deed):
        subject.state, subject.taken_back_by, subject.taken_back_at = (
            Deed.State.TAKEN_BACK,
            by.pk,
            timezone.now(),
        )
        subject.save(update_fields=["state", "taken_back_by", "taken_back_at"])
        return
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

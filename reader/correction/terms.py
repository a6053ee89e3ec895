"""An editor changes the terms of a glossary, and takes terms out of it. Every change is a version."""

from collections import defaultdict
from collections.abc import Sequence

from django.db import models, transaction
from django.utils.translation import gettext_noop

from glossary.models import Glossary, Term
from glossary.versions import Snapshot, lock, recording, write
from reader.correction.log import note_change, note_deletion
from reader.correction.term_structure import take_out
from reader.models import Volume
from reader.publishing.publish import publish_terms

TAKEN_OUT = gettext_noop("taken out of the glossary")


def language_of(glossary: Glossary | int | None) -> str:
    """The language of the volumes that use a glossary, or of all volumes; empty if they are in several, or none."""
    volumes = Volume.objects.all() if glossary is None else Volume.objects.filter(glossary=glossary)
    languages = list(volumes.order_by().values_list("language", flat=True).distinct()[:2])
    return languages[0] if len(languages) == 1 else ""


@transaction.atomic(savepoint=False)
def delete(terms: Sequence[Term], *, by: models.Model, reason: str = TAKEN_OUT) -> None:
    """Delete terms, and publish the volumes that use their glossaries."""
    note_deletion(terms, by=by, reason=reason)
    by_glossary: dict[int, list[Term]] = defaultdict(list)
    for term in terms:
        by_glossary[term.glossary_id].append(term)
    for glossary in Glossary.objects.filter(pk__in=by_glossary).order_by("pk"):
        lock(glossary)
        take_out(by_glossary[glossary.pk], by=by, reason=reason)
        publish_terms(glossary, [])


@transaction.atomic
def write_definition(term: Term, wording: str, *, by: models.Model, reason: str) -> None:
    """Write the definition of a locked term, as a new version, without publishing it."""
    with recording(term.glossary_id, by=by.pk, reason=reason):
        term.definition = wording
        term.save(update_fields=["definition"])
    note_change([term], by=by, reason=reason)


@transaction.atomic
def restore(term: Term, snapshot: Snapshot, *, by: models.Model, reason: str) -> None:
    """Make a term as it was in a version, as a new version, and publish. CannotRestore if it cannot be so."""
    with recording(term.glossary_id, by=by.pk, reason=reason):
        write(term, snapshot)
    note_change([term], by=by, reason=reason)
    publish_terms(term.glossary, [term])

"""An editor takes terms out of a glossary; a person writes a definition."""

from collections.abc import Sequence

from django.db import models, transaction

from glossary.models import Glossary, Term
from reader.correction.log import Reason, note_change, note_deletion
from reader.publishing.publish import publish_terms


@transaction.atomic(savepoint=False)
def delete(terms: Sequence[Term], *, by: models.Model, reason: Reason = "") -> None:
    """Delete terms, and publish the volumes that use their glossaries."""
    note_deletion(terms, by=by, reason=reason)
    keys = [term.pk for term in terms]
    glossaries = list(Glossary.objects.filter(terms__in=keys).distinct())
    Term.objects.filter(pk__in=keys).delete()
    for glossary in glossaries:
        publish_terms(glossary, [])


def write_definition(term: Term, wording: str, *, by: models.Model, reason: str) -> None:
    """Write the definition of a locked term, without publishing it."""
    term.definition = wording
    term.save(update_fields=["definition"])
    note_change([term], by=by, reason=reason)

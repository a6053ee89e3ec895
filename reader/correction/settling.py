"""An editor's decisions on occurrences of a term: the sense of each, or that it is not the term."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import models, transaction
from django.db.models import Q

from glossary.models import Glossary, Sense, Term
from glossary.versions import lock, recording
from reader.correction.log import Reason, note_change, note_deletion
from reader.correction.occurrences import in_order, is_about, name_of
from reader.edition.occurrences import context_of
from reader.models import Settlement
from reader.publishing.publish import publish_terms
from reader.text import markup

# The name of an occurrence in a form: the key of its paragraph or note, and its characters.
NAME = re.compile(r"(?P<kind>[pn])(?P<key>[0-9]{1,15})-[0-9]{1,9}-[0-9]{1,9}")
# Decisions on an occurrence beside the key of a sense.
AS_IT_IS, NOT_THE_TERM, OPEN_AGAIN = "", "not", "open"


class NoSuchSense(ValueError):
    """The term has no sense with this key."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The number of settled occurrences, and the number of others, whose text or sense is gone."""

    count: int
    outdated: int


@transaction.atomic
def settle(
    term: Term,
    words: Mapping[str, str],
    every: str = AS_IT_IS,
    *,
    by: models.Model,
    reason: str = "Settled occurrences",
) -> Settled:
    """Record an editor's decisions on occurrences, by their names, and on every other one; publish the term.

    A decision is the key of a sense, NOT_THE_TERM or OPEN_AGAIN; `every` is a sense or OPEN_AGAIN. Raises NoSuchSense
    if the term does not have the sense `every`.
    """
    lock(term.glossary_id)
    term = Term.objects.select_for_update().get(pk=term.pk)
    senses = {str(sense.pk): sense for sense in term.senses.all()}
    settled = _settle_each(term, words, senses)
    if every and every != OPEN_AGAIN and every not in senses:
        raise NoSuchSense(every)
    if every:
        with recording(term.glossary_id, by=by.pk, reason=reason):
            term.settled_sense = senses.get(every)
            term.save(update_fields=["settled_sense"])
    note_change([term], by=by, reason=f"{reason}: {settled.count}.")
    publish_terms(term.glossary, [term])
    return settled


def _settle_each(term: Term, words: Mapping[str, str], senses: Mapping[str, Sense]) -> Settled:
    named = [match for name in words if (match := NAME.fullmatch(name))]
    here = Q(paragraph__in=[match["key"] for match in named if match["kind"] == "p"])
    here |= Q(note__in=[match["key"] for match in named if match["kind"] == "n"])
    occurrences = {name_of(occurrence): occurrence for occurrence in in_order(term.occurrences.filter(here))}
    existing = list(term.settlements.all())
    count = outdated = 0
    for name, word in words.items():
        occurrence = occurrences.get(name)
        if word == AS_IT_IS:
            continue
        if occurrence is None or (word not in (NOT_THE_TERM, OPEN_AGAIN) and word not in senses):
            outdated += 1
            continue
        assert occurrence.text is not None  # a constraint of the table
        plain = markup.plain(occurrence.text.text)
        for old in existing:
            if old.pk is not None and is_about(old, occurrence, plain):
                old.delete()
        if word != OPEN_AGAIN:
            before, reading, after = context_of(plain, occurrence.start, occurrence.end)
            Settlement.objects.create(
                term=term,
                paragraph=occurrence.paragraph,
                note=occurrence.note,
                before=before,
                reading=reading,
                after=after,
                is_term=word != NOT_THE_TERM,
                sense=senses.get(word),
            )
        count += 1
    return Settled(count, outdated)


@transaction.atomic(savepoint=False)
def take_back(settlements: Sequence[Settlement], *, by: models.Model, reason: Reason = "") -> None:
    """Delete settlements, and publish their terms."""
    note_deletion(settlements, by=by, reason=reason)
    keys = [settlement.pk for settlement in settlements]
    terms = list(Term.objects.filter(settlements__in=keys).select_related("glossary").distinct())
    Settlement.objects.filter(pk__in=keys).delete()
    by_glossary: dict[Glossary, list[Term]] = defaultdict(list)
    for term in terms:
        by_glossary[term.glossary].append(term)
    for glossary, changed in by_glossary.items():
        publish_terms(glossary, changed)

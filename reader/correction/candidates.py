"""An editor answers candidates for the glossary: accepts them as terms, refuses them, opens them again."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext

from glossary.entries import add_term
from glossary.models import Glossary, Term
from glossary.versions import recording
from reader.correction.log import note_change
from reader.models import Candidate
from reader.publishing.publish import publish_terms

# The log's words for answers to candidates.
ACCEPTED, REFUSED, OPEN_AGAIN = "accepted", "refused", "opened again"


class TermExists(ValueError):
    """The glossary has a term with this headword."""

    def __init__(self, term: Term) -> None:
        self.term = term
        super().__init__(gettext("“%(term)s” is a term of the glossary already.") % {"term": term})


@dataclass(frozen=True, slots=True)
class Accepted:
    """The new terms, and the candidates that could not become terms, each with the reason."""

    terms: Sequence[Term]
    refusals: Sequence[tuple[Candidate, ValueError]]


def objection(candidate: Candidate, headword: str, definition: str) -> ValueError | None:
    """Why a candidate cannot be accepted with this headword and definition: it is accepted and rolled back."""
    try:
        with transaction.atomic():
            _make_term(candidate, headword, definition)
            transaction.set_rollback(True)
    except ValueError as error:
        return error
    finally:
        candidate.refresh_from_db(fields=["state", "term"])
    return None


@transaction.atomic(savepoint=False)
def accept(
    candidate: Candidate, headword: str, definition: str, *, by: models.Model, reason: str = ACCEPTED
) -> Term:
    """Make a term of a candidate, and publish the term. ValueError, with the reason, if it cannot become one."""
    with recording(candidate.volume.glossary_id, by=by.pk, reason=f"candidate {reason}"):
        term = _make_term(candidate, headword, definition)
    note_change([candidate], by=by, reason=reason)
    publish_terms(term.glossary, [term], [candidate])
    return term


@transaction.atomic(savepoint=False)
def accept_all(candidates: Iterable[Candidate], *, by: models.Model, reason: str = ACCEPTED) -> Accepted:
    """Make a term of each candidate that can become one, with the headword that was found, and publish once."""
    terms: list[Term] = []
    refusals: list[tuple[Candidate, ValueError]] = []
    accepted: list[Candidate] = []
    of_glossary: dict[int, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        of_glossary[candidate.volume.glossary_id].append(candidate)
    for key, rows in sorted(of_glossary.items()):
        with recording(key, by=by.pk, reason=f"candidate {reason}"):
            for candidate in rows:
                try:
                    terms.append(_make_term(candidate, candidate.headword, candidate.definition))
                    accepted.append(candidate)
                except ValueError as error:
                    refusals.append((candidate, error))
    if accepted:
        note_change(accepted, by=by, reason=reason)
    for key in sorted({term.glossary_id for term in terms}):
        made = [term for term in terms if term.glossary_id == key]
        publish_terms(made[0].glossary, made, accepted)
    return Accepted(terms, refusals)


def refuse(candidates: "models.QuerySet[Candidate]", *, by: models.Model, reason: str = REFUSED) -> int:
    """Refuse the open candidates, so that no import brings them back; return their number.

    Readers see them no more as terms that the text explains.
    """
    return _bring_to(Candidate.State.REFUSED, candidates.filter(state=Candidate.State.OPEN), by, reason)


def reopen(candidates: "models.QuerySet[Candidate]", *, by: models.Model, reason: str = OPEN_AGAIN) -> int:
    """Reopen the answered candidates; return their number. Terms that were made of them stay."""
    return _bring_to(Candidate.State.OPEN, candidates.exclude(state=Candidate.State.OPEN), by, reason)


@transaction.atomic(savepoint=False)
def _bring_to(state: str, candidates: Any, by: models.Model, reason: str) -> int:
    rows = list(candidates.select_for_update(of=("self",)))
    if rows:
        Candidate.objects.filter(pk__in=[row.pk for row in rows]).update(state=state)
        note_change(rows, by=by, reason=reason)
        for glossary in Glossary.objects.filter(volumes__candidates__in=rows).distinct().order_by("pk"):
            publish_terms(glossary, [], rows)
    return len(rows)


def _make_term(candidate: Candidate, headword: str, definition: str) -> Term:
    if not definition.strip():
        raise ValueError(gettext("The text explains it nowhere: write a definition before you accept it."))
    glossary = candidate.volume.glossary
    if existing := glossary.terms.filter(headword__iexact=headword).first():
        raise TermExists(existing)
    term = add_term(glossary, headword, definition, Term.Source.TEXT)
    candidate.state, candidate.term = Candidate.State.ACCEPTED, term
    candidate.save(update_fields=["state", "term"])
    return term

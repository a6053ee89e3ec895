"""Restores an edition from its document: compares it with the archive, makes a plan, writes the plan."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DataError, IntegrityError, connection, transaction

from corpus_import.loading.archive import Archive, find_glossary, find_volume, read_archive, read_decisions
from corpus_import.loading.document import Document
from corpus_import.loading.plan import How, Plan
from corpus_import.loading.restoring.decisions import (
    plan_candidates,
    plan_cited_works,
    plan_conflicts,
    plan_good_readings,
    plan_italics,
    plan_persons,
    plan_settled_references,
    plan_settlements,
)
from corpus_import.loading.restoring.deeds import plan_deeds, plan_former_numbers
from corpus_import.loading.restoring.divisions import plan_divisions
from corpus_import.loading.restoring.pages import plan_pages
from corpus_import.loading.restoring.readings import (
    plan_diagnostics,
    plan_emendations,
    plan_suspects,
    plan_variants,
)
from corpus_import.loading.restoring.rows import Rows
from corpus_import.loading.restoring.terms import plan_terms
from corpus_import.loading.restoring.texts import plan_gaps, plan_notes, plan_paragraphs
from corpus_import.loading.restoring.volume import (
    plan_former_texts,
    plan_revisions,
    plan_volume,
    plan_witnesses,
    slug_of,
)
from corpus_import.loading.write import Loaded, Say, carry_out, read_only, take_turn
from corpus_import.parsing.diagnostics import ImportFault
from reader.models import Volume


def plan_document(document: Document, *, say: Say = lambda line: None) -> Plan:
    """Plan the restoring of a document; writes nothing. Raises ImportFault if the document is not whole."""
    with _refused(document.name):
        slug = slug_of(document)
        with read_only(slug, say):
            return _plan(document, slug)


def restore_document(document: Document, *, replace: bool = False, say: Say = lambda line: None) -> Loaded:
    """Make the archive hold the edition of the document, and publish it if anything changed.

    Raises ImportFault, and writes nothing, if the document is not whole, or if a later correction would be lost;
    `replace` allows the loss.
    """
    with _refused(document.name), transaction.atomic():
        slug = slug_of(document)
        take_turn(slug, say)
        plan = _plan(document, slug)
        lost = [remark for remark in plan.remarks if remark.how is How.LOST]
        if lost and not replace:
            raise ImportFault(
                document.name,
                None,
                f"{lost[0].name} was corrected since this document was written ({len(lost)} in all; --dry-run lists"
                " them); export the volume first, then say --replace to take what the document has.",
            )
        loaded = carry_out(plan)
        connection.check_constraints()  # deferred constraints fail here, where a fault explains them
        return loaded


def _plan(document: Document, slug: str) -> Plan:
    """Read the archive, and plan all changes that the document makes."""
    archive = _read_archive(document, slug)
    decisions = read_decisions(archive)
    plan = Plan(archive.volume, archive.glossary, leads_on=False)
    plan_volume(document, archive, plan)
    plan_revisions(document, archive, plan)
    plan_former_texts(document, archive, plan)
    witnesses = plan_witnesses(document, archive, plan)
    terms, senses = plan_terms(document, archive, decisions, plan)
    divisions = plan_divisions(document, archive, plan)
    paragraphs = plan_paragraphs(document, archive, plan, divisions)
    notes = plan_notes(document, archive, plan, divisions)
    good_readings = plan_good_readings(document, archive, plan)
    rows = Rows(witnesses, terms, senses, divisions, paragraphs, notes, good_readings)
    plan_gaps(document, decisions, plan, rows)
    plan_pages(document, archive, plan, rows)
    plan_emendations(document, archive, plan, rows)
    plan_suspects(document, archive, plan, rows)
    plan_variants(document, archive, plan, rows)
    plan_diagnostics(document, archive, plan, rows)
    deeds = plan_deeds(document, archive, plan, rows)
    plan_former_numbers(document, archive, plan, rows)
    plan_conflicts(document, archive, plan, rows, deeds)
    plan_settlements(document, decisions, plan, rows)
    plan_italics(document, decisions, plan, rows)
    plan_persons(document, archive, decisions, plan)
    plan_cited_works(document, decisions, plan)
    plan_settled_references(document, decisions, plan, rows)
    plan_candidates(document, archive, decisions, plan, rows)
    return plan


def _read_archive(document: Document, slug: str) -> Archive:
    """The volume of the document, with the glossary that the document names."""
    glossary = find_glossary(document.head.take("glossary", str))
    return read_archive(find_volume(slug) or Volume(slug=slug), glossary)


@contextmanager
def _refused(name: str) -> Iterator[None]:
    """Make a fault of the document from an error of the database."""
    try:
        yield
    except (DataError, IntegrityError) as error:
        [reason, *_] = str(error).splitlines()
        raise ImportFault(name, None, f"the database refuses the document ({reason}).") from error

"""Plans an import: compares the draft with the archive, which is read once. Writes nothing.

First the changes of structure that persons made are made again in the draft. Then the rows of the archive are matched
with the new edition: paragraphs and notes by aligning the old import with the new one, divisions by their text,
suspects and variants by reading and context. Then each text that a person corrected is merged (old import, person's
text, new import). A correction that cannot be merged, or has no place in the new text, keeps the person's words and
becomes a `Conflict`: no correction is ever lost.
"""

from corpus_import.loading.archive import Archive, find_glossary, find_volume, read_archive
from corpus_import.loading.plan import Plan
from corpus_import.loading.planning.aligned import align_notes, align_paragraphs
from corpus_import.loading.planning.deeds import plan_deeds
from corpus_import.loading.planning.divisions import plan_divisions
from corpus_import.loading.planning.joins import remark_on_joins
from corpus_import.loading.planning.nothing_lost import ask_for_what_is_lost
from corpus_import.loading.planning.pages import plan_pages
from corpus_import.loading.planning.places import Places
from corpus_import.loading.planning.readings import (
    plan_diagnostics,
    plan_emendations,
    plan_suspects,
    plan_variants,
)
from corpus_import.loading.planning.terms import plan_terms
from corpus_import.loading.planning.texts import plan_notes, plan_paragraphs
from corpus_import.loading.planning.volume import plan_description, plan_volume, plan_witnesses
from corpus_import.parsing.elements import Draft
from reader.models import Volume


def plan_import(draft: Draft, *, locking: bool) -> Plan:
    """Read the archive, and plan all changes that the draft makes."""
    archive = _read_archive(draft, locking)
    plan = Plan(archive.volume, archive.glossary)
    draft = plan_deeds(draft, archive, plan)
    description = plan_description(draft, archive, plan)
    witnesses = plan_witnesses(draft, archive, plan)
    plan_terms(draft, archive, plan)
    aligned_paragraphs = align_paragraphs(draft, archive)
    aligned_notes = align_notes(draft, archive)
    divisions = plan_divisions(draft, archive, plan, aligned_paragraphs, aligned_notes)
    notes = plan_notes(draft, archive, plan, aligned_notes, divisions)
    paragraphs = plan_paragraphs(draft, archive, plan, aligned_paragraphs, divisions)
    remark_on_joins(plan, aligned_paragraphs, paragraphs)
    ask_for_what_is_lost(archive, plan, aligned_notes, notes)
    ask_for_what_is_lost(archive, plan, aligned_paragraphs, paragraphs)
    plan_pages(draft, archive, plan, divisions, paragraphs, (aligned_paragraphs, aligned_notes))
    places = Places(draft, divisions, paragraphs, aligned_notes.elements, notes)
    plan_emendations(draft, archive, plan, witnesses, places)
    plan_suspects(draft, archive, plan, witnesses, places)
    plan_variants(draft, archive, plan, witnesses, places)
    plan_diagnostics(draft, archive, plan, witnesses, places)
    plan_volume(archive, plan, description, paragraphs)
    return plan


def _read_archive(draft: Draft, locking: bool) -> Archive:
    """The volume of the draft with its glossary; a new volume joins the glossary that its manifest names."""
    manifest = draft.manifest
    volume = find_volume(manifest.slug)
    if volume is None:
        volume = Volume(slug=manifest.slug, glossary=find_glossary(manifest.glossary or manifest.title))
    return read_archive(volume, volume.glossary, locking=locking)

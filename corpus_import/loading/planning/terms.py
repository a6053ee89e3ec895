"""Plans the entries of the key, as terms in the glossary of the volume."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.text import slugify

from corpus_import.loading.archive import Archive, read_term_work
from corpus_import.loading.plan import How, Plan, Write
from corpus_import.loading.planning.corrections import Reading, ask, merge
from corpus_import.loading.planning.lines import lines_of
from corpus_import.parsing.elements import Draft, KeyEntry
from glossary.entries import TAKEN_SLUGS
from glossary.forms import forms_of
from glossary.models import Term, TermForm
from reader.edition.slugs import free_slug
from reader.text.merging import Outcome

_Pair = tuple[Term, KeyEntry]


def plan_terms(draft: Draft, archive: Archive, plan: Plan) -> None:
    """Plan the entries of the key. An entry from another volume or an editor is never changed.

    An entry that a person removed, or gave another headword, does not come back.
    """
    slug = archive.volume.slug
    by_headword = {term.headword: term for term in archive.terms}
    ours = {term.imported_headword: term for term in archive.terms if term.imported_from == slug}
    slugs = {*TAKEN_SLUGS, *(term.slug for term in archive.terms)}
    was_there = set(archive.volume.imported_headwords)
    added: list[_Pair] = []
    known: list[_Pair] = []
    for entry in draft.key:
        headword = _headword(entry)
        term = ours.get(headword) or by_headword.get(headword)
        if term is not None:
            if term.imported_from in ("", slug) and term.source == Term.Source.KEY:
                known.append((term, entry))
        elif headword not in was_there:
            name = free_slug(slugify(headword.replace("(", "-")) or "term", slugs)
            term = Term(glossary=archive.glossary, headword=headword, slug=name, source=Term.Source.KEY)
            by_headword[headword] = term
            added.append((term, entry))
            plan.remark("term", headword, How.ADDED)
    _plan_new_terms(draft, archive, plan, added, by_headword)
    for term, entry in known:
        _plan_known_term(draft, archive, plan, term, entry, by_headword)
    in_key = {_headword(entry) for entry in draft.key}
    _plan_terms_gone(archive, plan, [term for headword, term in ours.items() if headword not in in_key])


def _plan_new_terms(
    draft: Draft, archive: Archive, plan: Plan, added: Sequence[_Pair], by_headword: Mapping[str, Term]
) -> None:
    for term, entry in added:
        definition, _ = _definition(entry, by_headword)
        plan.save(term, definition=definition, **_imported_values(draft, archive, entry))
    for term, _ in added:
        for form in forms_of(term.headword):
            plan.save(TermForm(), term=term, text=form.text, case=form.case)
    for term, entry in added:
        if see := _definition(entry, by_headword)[1]:
            # A term may send to a term that is written later.
            plan.writes.append(Write(term, {"see": see}))


def _plan_known_term(
    draft: Draft,
    archive: Archive,
    plan: Plan,
    term: Term,
    entry: KeyEntry,
    by_headword: Mapping[str, Term],
) -> None:
    new = _explanation(entry)
    human = archive.explanation_of(term)
    values = _imported_values(draft, archive, entry)
    reading = Reading(term, "definition", term.headword, term.imported_definition, human)
    text, outcome = merge(archive, plan, reading, new)
    if outcome is Outcome.TAKEN or human == new:
        values["definition"], values["see"] = _definition(entry, by_headword)
        if human != new:
            plan.remark("term", term.headword, How.CHANGED, f"“{human}” → “{new}”")
    elif outcome is Outcome.MERGED and term.see_id is None:
        values["definition"] = text
    plan.save(term, **values)


def _plan_terms_gone(archive: Archive, plan: Plan, gone: Sequence[Term]) -> None:
    """Remove entries that have left the key, unless a person worked on them or another volume may use them."""
    work = read_term_work(gone)
    for term in gone:
        human = archive.explanation_of(term)
        as_imported = (
            term.headword == term.imported_headword
            and human == term.imported_definition
            and term.pk not in work.edited
            and work.has_usual_forms(term)
        )
        if not as_imported:
            reading = Reading(term, "definition", term.headword, term.imported_definition, human)
            ask(archive, plan, reading, "")
            plan.save(term, imported_from="", imported_headword="", imported_definition="", source="editor")
        elif not archive.is_shared:
            plan.removed.append(term)
            plan.remark("term", term.headword, How.REMOVED)


def _imported_values(draft: Draft, archive: Archive, entry: KeyEntry) -> dict[str, Any]:
    """The fields in which the row of a term remembers its entry in the key."""
    return {
        "lines": lines_of(draft, entry.spans),
        "imported_from": archive.volume.slug,
        "imported_headword": _headword(entry),
        "imported_definition": _explanation(entry),
    }


def _headword(entry: KeyEntry) -> str:
    return entry.headword[:200]


def _explanation(entry: KeyEntry) -> str:
    """The explanation of a headword in the key, as one text."""
    return f"See {entry.see}" if entry.see else entry.definition


def _definition(entry: KeyEntry, by_headword: Mapping[str, Term]) -> tuple[str, Term | None]:
    """An entry's definition and the term to see instead; a *See* without a matching entry stays text."""
    if entry.see in by_headword and entry.see != entry.headword:
        return "", by_headword[entry.see]
    return _explanation(entry), None

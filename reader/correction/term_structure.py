"""Terms are merged, split and taken out: each is one deed with a person and a reason, and one press takes it back.

A merged term's spellings, senses, settlements, candidates and conflicts go to the other term; its address leads there;
its entry in the key stays in `FormerTerm`, so that the next import does not bring it back.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.core import serializers
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from glossary.entries import OtherForms, free_slug, loop_from, taken_slugs, usual_forms
from glossary.matching import Case, Form, Matcher
from glossary.models import FormerTerm, Glossary, Sense, Term, TermDeed, TermException, TermForm
from glossary.sentences import in_words
from glossary.versions import lock, recording
from reader.correction.correcting import Refused
from reader.correction.log import note_change
from reader.models import Candidate, Conflict, Settlement
from reader.publishing.publish import publish_terms

# The summaries of deeds, which are stored in English.
BECAME_PART = gettext_noop("“%(gone)s” became part of “%(kept)s”")
WAS_SPLIT = gettext_noop("“%(new)s” was split from “%(term)s”")
WAS_TAKEN_OUT = gettext_noop("“%(term)s” was taken out")
# The columns in which a former term keeps its entry in a volume's key.
OF_THE_KEY = ("lines", "imported_from", "imported_headword", "imported_definition")


@dataclass(frozen=True, slots=True)
class Split:
    """The new term of a split: headword, definition, the keys of the forms and senses that go there; what remains."""

    headword: str
    definition: str
    forms: Collection[int]
    senses: Collection[int]
    remaining: str


@transaction.atomic
def merge(kept: Term, gone: Term, definition: str, *, by: models.Model, reason: str) -> TermDeed:
    """Make one term part of another, and publish. Refused, with the reason, if that cannot be."""
    lock(kept.glossary_id)
    deed = merge_unpublished(kept, gone, definition, by=by, reason=reason)
    publish_terms(kept.glossary, [kept])
    return deed


@transaction.atomic
def split(term: Term, parts: Split, *, by: models.Model, reason: str) -> TermDeed:
    """Make a second term of some forms and senses of a term, and publish. Refused, with the reason, if it cannot be."""
    lock(term.glossary_id)
    deed = split_unpublished(term, parts, by=by, reason=reason)
    publish_terms(term.glossary, Term.objects.filter(pk__in=[deed.term_key, deed.other_key]))
    return deed


def merge_unpublished(kept: Term, gone: Term, definition: str, *, by: models.Model, reason: str) -> TermDeed:
    """Make one term part of another, without publishing: for a preview, in a transaction that is rolled back."""
    kept, gone = _fresh(kept), _fresh(gone)
    if kept == gone or kept.glossary_id != gone.glossary_id:
        raise Refused(gettext("A term can only be merged with another term of its glossary."))
    _refuse_circle(kept, gone)
    if not definition.strip() and kept.see_id in (None, gone.pk) and not kept.senses.exists():
        raise Refused(gettext("The term would have no definition: write one."))
    before: dict[str, Any] = {
        "rows": _dump([gone, *gone.forms.all(), *gone.exceptions.all(), *gone.senses.all()]),
        "kept": {
            "definition": kept.definition,
            "see": kept.see_id,
            "forms": [form.text for form in kept.forms.all()],
            "exceptions": [exception.text for exception in kept.exceptions.all()],
        },
        "after": {"definition": definition},
        **_links_of(gone),
    }
    with recording(kept.glossary_id, by=by.pk, reason=reason):
        if kept.see_id == gone.pk:
            kept.see = None
        kept.definition = definition
        kept.save(update_fields=["definition", "see"])
        _move_rows(gone, kept)
        before["dropped"] = _move_settlements(gone.settlements.all(), kept)
        _lead(gone, kept)
        gone.delete()
    key = before["rows"][0]["pk"]
    summary = BECAME_PART % {"gone": gone, "kept": kept}
    return _note(TermDeed.Kind.MERGED, kept, before, summary, by, reason, key)


def _fresh(term: Term) -> Term:
    row = Term.objects.select_related("glossary").filter(pk=term.pk).first()
    if row is None:
        raise Refused(gettext("“%(term)s” is no term of this glossary any more.") % {"term": term})
    return row


def _refuse_circle(kept: Term, gone: Term) -> None:
    """Refuse a merge after which readers who are sent from term to term would go in a circle."""
    rows = Term.objects.filter(glossary=kept.glossary_id, see__isnull=False).exclude(pk=gone.pk)
    sees = {key: kept.pk if see == gone.pk else see for key, see in rows.values_list("pk", "see_id")}
    if sees.get(kept.pk) == kept.pk:
        del sees[kept.pk]
    if way := loop_from(kept.pk, sees):
        names = dict(Term.objects.filter(pk__in=way).values_list("pk", "headword"))
        along = " → ".join(names[key] for key in way)
        raise Refused(
            gettext("This would send readers in a circle: %(way)s. Change what these terms send to first.")
            % {"way": along}
        )


def _links_of(term: Term) -> dict[str, Any]:
    """The keys of the rows that belong to a term and go where it goes."""
    return {
        "settlements": list(term.settlements.values_list("pk", flat=True)),
        "candidates": list(term.candidates.values_list("pk", flat=True)),
        "conflicts": [list(row) for row in term.conflicts.values_list("pk", "field")],
        "sees": list(term.seen_from.values_list("pk", flat=True)),
        "former": list(term.former_terms.values_list("pk", flat=True)),
    }


def _move_rows(gone: Term, kept: Term) -> None:
    """Give a term another's forms, with the headword as one of them, its exceptions and its senses."""
    own = set(kept.forms.values_list("text", flat=True))
    gone.forms.exclude(text__in=own).update(term=kept)
    headword = Form(gone.headword)
    if gone.headword not in {*own, *kept.forms.values_list("text", flat=True)}:
        others = OtherForms.in_glossary(kept.glossary_id, kept)
        if not others.objection(kept.headword, headword):
            TermForm.objects.create(term=kept, text=headword.text, case=headword.case)
    gone.exceptions.exclude(text__in=kept.exceptions.values_list("text", flat=True)).update(term=kept)
    last = max(kept.senses.values_list("n", flat=True), default=0)
    for n, sense in enumerate(gone.senses.order_by("n"), start=last + 1):
        sense.term, sense.n = kept, n
        sense.save(update_fields=["term", "n"])


def _move_settlements(settlements: Any, to: Term) -> list[Any]:
    """Give a term settlements of another, unless it has one of the same place. Returns the others, as data."""

    def place(row: Settlement) -> tuple[Any, ...]:
        return row.paragraph_id, row.note_id, row.before, row.reading, row.after

    own = {place(row) for row in to.settlements.all()}
    doubled = [row for row in settlements if place(row) in own]
    dropped = _dump(doubled)
    for row in doubled:
        row.delete()
    for row in settlements:
        if row.pk is not None and place(row) not in own:
            Settlement.objects.filter(pk=row.pk).update(term=to)
    return dropped


def _lead(gone: Term, kept: Term) -> None:
    """Let everything that names a term name another: candidates, conflicts, *See*, former addresses, its own."""
    gone.candidates.update(term=kept)
    # An import asks about a term's own definition and about that of a former one each by itself.
    Conflict.objects.filter(term=gone, field="definition").update(field=Conflict.FORMER_DEFINITION)
    gone.conflicts.update(term=kept)
    gone.seen_from.exclude(pk=kept.pk).update(see=kept)
    gone.former_terms.update(term=kept)
    FormerTerm.objects.update_or_create(
        glossary_id=gone.glossary_id,
        slug=gone.slug,
        defaults={
            "headword": gone.headword,
            "term": kept,
            **{name: getattr(gone, name) for name in OF_THE_KEY},
        },
    )


def split_unpublished(term: Term, parts: Split, *, by: models.Model, reason: str) -> TermDeed:
    """Split a term without publishing: for a preview, in a transaction that is rolled back."""
    term = _fresh(term)
    headword = " ".join(parts.headword.split())
    if not headword:
        raise Refused(gettext("Name the headword of the new term."))
    if alike := Term.objects.filter(glossary=term.glossary_id, headword__iexact=headword).first():
        raise Refused(gettext("“%(term)s” is a term of this glossary already.") % {"term": alike})
    forms = list(term.forms.filter(pk__in=parts.forms))
    senses = list(term.senses.filter(pk__in=parts.senses).order_by("n"))
    if term.forms.exists() and len(forms) == term.forms.count():
        raise Refused(
            gettext(
                "All forms would go: “%(term)s” would be found nowhere. Leave one, or change its headword."
            )
            % {"term": term}
        )
    if not parts.definition.strip() and not senses:
        raise Refused(gettext("The new term needs a definition."))
    if not parts.remaining.strip() and term.see_id is None and term.senses.count() == len(senses):
        raise Refused(gettext("“%(term)s” would have no definition: write one.") % {"term": term})
    before: dict[str, Any] = {
        "rows": _dump([term, *term.forms.all(), *term.senses.all()]),
        "after": {"definition": parts.remaining},
    }
    with recording(term.glossary_id, by=by.pk, reason=reason):
        new = Term.objects.create(
            glossary=term.glossary,
            headword=headword,
            slug=free_slug(headword, taken_slugs(term.glossary_id)),
            definition=parts.definition,
            in_emphasis=term.in_emphasis,
        )
        TermForm.objects.filter(pk__in=[form.pk for form in forms]).update(term=new)
        before["added"] = _add_usual_forms(new, named=bool(forms))
        term.definition = parts.remaining
        if term.settled_sense in senses:
            term.settled_sense = None
        term.save(update_fields=["definition", "settled_sense"])
        for n, sense in enumerate(senses, start=1):
            sense.term, sense.n = new, n
            sense.save(update_fields=["term", "n"])
        if len(senses) == 1:
            new.settled_sense = senses[0]
            new.save(update_fields=["settled_sense"])
        _move_settlements(_settlements_to_go(term, new, senses), new)
    summary = WAS_SPLIT % {"new": new, "term": term}
    return _note(TermDeed.Kind.SPLIT, term, before, summary, by, reason, new.pk)


def _add_usual_forms(new: Term, *, named: bool) -> list[str]:
    """Give the new term of a split its headword as a form; the usual forms if none was named. Returns those added."""
    own = set(new.forms.values_list("text", flat=True))
    try:
        usual = usual_forms(new.headword, OtherForms.in_glossary(new.glossary_id, new))
    except ValueError as refused:
        if own:
            return []
        raise Refused(str(refused)) from refused
    added = [form for form in (usual[:1] if named else usual) if form.text not in own]
    TermForm.objects.bulk_create(TermForm(term=new, text=form.text, case=form.case) for form in added)
    return [form.text for form in added]


def _settlements_to_go(term: Term, new: Term, senses: Sequence[Sense]) -> Any:
    """The settlements of a split term that are about a sense or a form that went to the new term."""
    matcher = Matcher((new.pk, Form(form.text, Case(form.case))) for form in new.forms.all())
    keys = {sense.pk for sense in senses}
    of_forms = [
        row.pk
        for row in term.settlements.all()
        if row.sense_id in keys or (row.sense_id is None and matcher.spans(row.reading))
    ]
    return term.settlements.filter(pk__in=of_forms)


@transaction.atomic
def take_out(terms: Sequence[Term], *, by: models.Model, reason: str) -> list[TermDeed]:
    """Delete terms of one glossary, without publishing; each is a deed of its own."""
    deeds = []
    with recording(terms[0].glossary_id, by=by.pk, reason=reason):
        for term in terms:
            before = {
                "rows": _dump(
                    [
                        term,
                        *term.forms.all(),
                        *term.exceptions.all(),
                        *term.senses.all(),
                        *term.settlements.all(),
                    ]
                ),
                **_links_of(term),
            }
            key, called = term.pk, str(term)
            Term.objects.filter(pk=key).delete()
            term.pk = key
            summary = WAS_TAKEN_OUT % {"term": called}
            deeds.append(_note(TermDeed.Kind.TAKEN_OUT, term, before, summary, by, reason))
    return deeds


def _note(
    kind: TermDeed.Kind,
    term: Term,
    before: dict[str, Any],
    summary: str,
    by: models.Model,
    reason: str,
    other: int | None = None,
) -> TermDeed:
    if kind != TermDeed.Kind.TAKEN_OUT:
        note_change([term], by=by, reason=f"{summary}: {reason}"[:500])
    return TermDeed.objects.create(
        glossary_id=term.glossary_id,
        kind=kind,
        term_key=term.pk,
        other_key=other,
        summary=summary[:500],
        before=before,
        reason=reason,
        made_by=by.pk,
    )


def summary_of(deed: TermDeed) -> str:
    """The summary of a deed in the language of the interface."""
    return in_words(deed.summary, (BECAME_PART, WAS_SPLIT, WAS_TAKEN_OUT))


# Taking back


@transaction.atomic
def undo(deed: TermDeed, *, by: models.Model) -> list[str]:
    """Take a deed back, and publish. Returns sentences about what stays. Refused, with the reason, if it cannot be."""
    lock(deed.glossary_id)
    stays = undo_unpublished(deed, by=by)
    publish_terms(deed.glossary, Term.objects.filter(pk__in=[deed.term_key, deed.other_key or deed.term_key]))
    return stays


def undo_unpublished(deed: TermDeed, *, by: models.Model) -> list[str]:
    """Take a deed back without publishing."""
    deed.refresh_from_db()
    if deed.undone_at is not None:
        raise Refused(gettext("This was taken back already."))
    ways = {
        TermDeed.Kind.MERGED: _undo_merge,
        TermDeed.Kind.SPLIT: _undo_split,
        TermDeed.Kind.TAKEN_OUT: _undo_taking_out,
    }
    with recording(deed.glossary_id, by=by.pk, reason=f"taken back: {deed.summary}"):
        stays = ways[TermDeed.Kind(deed.kind)](deed)
    deed.undone_by, deed.undone_at = by.pk, timezone.now()
    deed.save(update_fields=["undone_by", "undone_at"])
    return stays


def _still_there(deed: TermDeed, key: int | None) -> Term:
    term = Term.objects.filter(pk=key or 0).first()
    if term is None:
        raise Refused(
            gettext("%(deed)s; since then one of these terms was merged or taken out: take that back first.")
            % {"deed": summary_of(deed)}
        )
    return term


def _undo_merge(deed: TermDeed) -> list[str]:
    kept, before = _still_there(deed, deed.term_key), deed.before
    stays = _definition_back(kept, before["kept"]["definition"], before["after"]["definition"])
    headword = _fields(before["rows"], Term)["headword"]
    theirs = [headword, *_texts(before["rows"], TermForm)]
    kept.forms.filter(text__in=theirs).exclude(text__in=before["kept"]["forms"]).delete()
    phrases = _texts(before["rows"], TermException)
    kept.exceptions.filter(text__in=phrases).exclude(text__in=before["kept"]["exceptions"]).delete()
    gone = _bring_back(deed, kept, senses_from=kept)
    _links_back(deed, kept, gone)
    _restore_settlements(before["dropped"])
    if before["kept"]["see"] == gone.pk and kept.see_id is None:
        kept.see = gone
        kept.save(update_fields=["see"])
    return stays


def _undo_taking_out(deed: TermDeed) -> list[str]:
    back = _bring_back(deed, None, senses_from=None)
    lost = _restore_settlements(_of(deed.before["rows"], Settlement))
    _links_back(deed, None, back)
    if not lost:
        return []
    return [gettext("Settled occurrences whose texts are gone: %(number)s.") % {"number": lost}]


def _undo_split(deed: TermDeed) -> list[str]:
    term, new, before = _still_there(deed, deed.term_key), _still_there(deed, deed.other_key), deed.before
    was = _fields(before["rows"], Term)
    stays = _definition_back(term, was["definition"], before["after"]["definition"])
    had = _texts(before["rows"], TermForm)
    new.forms.filter(text__in=before["added"]).exclude(text__in=had).delete()
    new.forms.exclude(text__in=term.forms.values_list("text", flat=True)).update(term=term)
    numbers = {row["pk"]: row["fields"]["n"] for row in _of(before["rows"], Sense)}
    for sense in new.senses.order_by("n"):
        taken = set(term.senses.values_list("n", flat=True))
        n = numbers.get(sense.pk)
        sense.n = n if n is not None and n not in taken else max(taken, default=0) + 1
        sense.term = term
        sense.save(update_fields=["term", "n"])
    if term.settled_sense_id is None and was["settled_sense"] in set(
        term.senses.values_list("pk", flat=True)
    ):
        term.settled_sense_id = was["settled_sense"]
        term.save(update_fields=["settled_sense"])
    new.exceptions.exclude(text__in=term.exceptions.values_list("text", flat=True)).update(term=term)
    _move_settlements(new.settlements.all(), term)
    _lead(new, term)
    new.delete()
    return stays


def _definition_back(term: Term, was: str, became: str) -> list[str]:
    """Give a term its definition of before the deed, unless somebody has changed it since."""
    if term.definition != became:
        return [gettext("The definition of “%(term)s” was changed since, and stays.") % {"term": term}]
    term.definition = was
    term.save(update_fields=["definition"])
    return []


def _bring_back(deed: TermDeed, led_to: Term | None, *, senses_from: Term | None) -> Term:
    """Write a term that is gone as it was, with its key; its entry in the key as the last import has it."""
    rows = deed.before["rows"]
    was = _fields(rows, Term)
    others = Term.objects.filter(glossary=deed.glossary_id)
    if taken := others.filter(
        models.Q(headword__iexact=was["headword"]) | models.Q(slug=was["slug"])
    ).first():
        raise Refused(
            gettext("“%(term)s” has this headword or this address now: give it another one first.")
            % {"term": taken}
        )
    former = FormerTerm.objects.filter(glossary=deed.glossary_id, slug=was["slug"]).first()
    term: Term
    [term] = _loaded(_of(rows, Term))
    term.see_id = was["see"] if others.filter(pk=was["see"]).exists() else None
    term.settled_sense = None
    if former is not None and led_to is not None:
        for name in OF_THE_KEY:
            setattr(term, name, getattr(former, name))
    term.save(force_insert=True)
    if former is not None:
        former.delete()
    for row in _loaded([*_of(rows, TermForm), *_of(rows, TermException)]):
        row.pk = None
        row.save(force_insert=True)
    for dumped in _of(rows, Sense):
        if senses_from is None:
            [sense] = _loaded([dumped])
            sense.save(force_insert=True)
        else:
            Sense.objects.filter(pk=dumped["pk"], term=senses_from).update(term=term, n=dumped["fields"]["n"])
    if term.senses.filter(pk=was["settled_sense"]).exists():
        Term.objects.filter(pk=term.pk).update(settled_sense=was["settled_sense"])
    if senses_from is not None:
        mine = set(senses_from.senses.values_list("pk", flat=True))
        if senses_from.settled_sense_id is not None and senses_from.settled_sense_id not in mine:
            Term.objects.filter(pk=senses_from.pk).update(settled_sense=None)
    return term


def _links_back(deed: TermDeed, held_by: Term | None, back: Term) -> None:
    """Let what named a term name it again, unless it names yet another by now."""
    before = deed.before
    Settlement.objects.filter(pk__in=before["settlements"], term=held_by).update(term=back)
    Candidate.objects.filter(pk__in=before["candidates"], term=held_by).update(term=back)
    for key, field in before["conflicts"]:
        Conflict.objects.filter(pk=key, term=held_by).update(term=back, field=field)
    Term.objects.filter(pk__in=before["sees"], see=held_by).update(see=back)
    FormerTerm.objects.filter(pk__in=before["former"], term=held_by).update(term=back)
    if held_by is not None:
        # What an import asked since about the entry that was part of the other term.
        about = former_name(back, held_by)
        asked = Conflict.objects.filter(term=held_by, field=Conflict.FORMER_DEFINITION, about=about)
        asked.update(term=back, field="definition")


def former_name(gone: Term | FormerTerm, kept: Term) -> str:
    """The name of a former term in conflicts."""
    return f"{gone.headword} (now part of {kept.headword})"[:200]


def _restore_settlements(dumped: list[Any]) -> int:
    """Write settlements that were deleted; return the number of those whose text or sense is gone."""
    lost = 0
    for settlement in _loaded(dumped):
        try:
            is_whole = settlement.text is not None and (
                settlement.sense_id is None or settlement.sense is not None
            )
        except models.ObjectDoesNotExist:
            is_whole = False
        if is_whole:
            settlement.save(force_insert=True)
        lost += not is_whole
    return lost


def _dump(rows: Sequence[models.Model]) -> list[Any]:
    dumped: list[Any] = json.loads(serializers.serialize("json", rows))
    return dumped


def _loaded(dumped: list[Any]) -> list[Any]:
    """The rows that were dumped, unsaved, with their keys."""
    return [row.object for row in serializers.deserialize("python", dumped)]


def _of(rows: list[Any], model: type[models.Model]) -> list[Any]:
    return [row for row in rows if row["model"] == model._meta.label_lower]


def _fields(rows: list[Any], model: type[models.Model]) -> dict[str, Any]:
    fields: dict[str, Any] = _of(rows, model)[0]["fields"]
    return fields


def _texts(rows: list[Any], model: type[models.Model]) -> list[str]:
    return [row["fields"]["text"] for row in _of(rows, model)]


def deeds_of(glossary: Glossary | int | None = None) -> models.QuerySet[TermDeed]:
    """The deeds of a glossary, or of all, the last first."""
    deeds = TermDeed.objects.select_related("glossary")
    return deeds.filter(glossary=glossary) if glossary is not None else deeds

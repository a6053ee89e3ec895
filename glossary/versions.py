"""Versions of terms: a term is kept whole at every change, and written back as it was.

Every change of terms, by whatever way, happens inside `recording`. It keeps a version of each term that differs
afterwards, and the address of each term that has another one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext, gettext_lazy, gettext_noop, pgettext_lazy

from glossary.cells import SenseCell, write_forms, write_senses
from glossary.entries import TAKEN_SLUGS, OtherForms, loop_from
from glossary.matching import Case, Form
from glossary.models import FormerTerm, Glossary, Sense, Term, TermException, TermForm, TermVersion

Snapshot = dict[str, Any]
# The reason of a version that is older than the history.
BEFORE = gettext_noop("before the first change that is recorded")
# The fields of a snapshot, with their names for persons.
FIELDS = {
    "headword": gettext_lazy("headword"),
    "slug": gettext_lazy("address"),
    "definition": gettext_lazy("definition"),
    "see": pgettext_lazy("field of a term", "see"),
    "source": gettext_lazy("source"),
    "in_emphasis": gettext_lazy("also in emphasis"),
    "forms": gettext_lazy("forms"),
    "senses": gettext_lazy("senses"),
    "settled_sense": gettext_lazy("sense of all occurrences"),
    "exceptions": gettext_lazy("exceptions"),
}
# The fields whose words are in the language of the text.
IN_THE_TEXTS_LANGUAGE = ("headword", "definition", "see", "forms", "senses", "exceptions")
_OWN = ("headword", "slug", "definition", "source", "in_emphasis")


class CannotRestore(ValueError):
    """A version that cannot be written back; the message is a sentence with the reason."""


def snapshots_of(
    glossary: Glossary | int | None, terms: Collection[int] | None = None
) -> dict[int, Snapshot]:
    """The terms of a glossary as they are, by their keys; or only these terms. Four statements."""
    rows = Term.objects.filter(glossary=glossary).select_related("see", "settled_sense").order_by("pk")
    if terms is not None:
        rows = rows.filter(pk__in=terms)
    found = list(rows)
    keys = [row.pk for row in found]
    forms, senses, exceptions = (defaultdict(list) for _ in range(3))
    for form in TermForm.objects.filter(term__in=keys).order_by("text"):
        forms[form.term_id].append([form.text, form.case])
    for sense in Sense.objects.filter(term__in=keys).order_by("n"):
        senses[sense.term_id].append([sense.n, sense.definition, sense.applies])
    for exception in TermException.objects.filter(term__in=keys).order_by("text"):
        exceptions[exception.term_id].append(exception.text)
    return {
        row.pk: {
            **{name: getattr(row, name) for name in _OWN},
            "see": row.see.headword if row.see else "",
            "forms": forms[row.pk],
            "senses": senses[row.pk],
            "settled_sense": row.settled_sense.n if row.settled_sense else None,
            "exceptions": exceptions[row.pk],
        }
        for row in found
    }


def snapshot_of(term: Term) -> Snapshot:
    """A term as it is in the database."""
    return snapshots_of(term.glossary_id, [term.pk]).get(term.pk, {})


def shown(snapshot: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a snapshot as texts, by their names for persons; lists have an item a line."""
    if not snapshot:
        return dict.fromkeys(map(str, FIELDS.values()), "")
    settled = snapshot["settled_sense"]
    texts = {
        **{name: snapshot[name] for name in ("headword", "slug", "definition", "see")},
        "source": str(Term.Source(snapshot["source"]).label),
        "in_emphasis": gettext("yes") if snapshot["in_emphasis"] else gettext("no"),
        "forms": "\n".join(write_forms([Form(text, Case(case))]) for text, case in snapshot["forms"]),
        "senses": "\n".join(write_senses([SenseCell(*sense)]) for sense in snapshot["senses"]),
        "settled_sense": "" if settled is None else str(settled),
        "exceptions": "\n".join(snapshot["exceptions"]),
    }
    return {str(label): texts[name] for name, label in FIELDS.items()}


def names_in_the_texts_language() -> set[str]:
    """The names for persons, as in `shown`, of the fields whose words are in the language of the text."""
    return {str(FIELDS[name]) for name in IN_THE_TEXTS_LANGUAGE}


def lock(glossary: Glossary | int) -> None:
    """Let nobody else change terms of this glossary until the transaction ends: the first lock of every change."""
    key = glossary if isinstance(glossary, int) else glossary.pk
    list(Glossary.objects.select_for_update(no_key=True).filter(pk=key).order_by("pk"))


@contextmanager
def recording(glossary: Glossary | int, *, by: int | None, reason: str) -> Iterator[None]:
    """Keep a version of every term that is changed inside. `by` is the key of an account. Needs a transaction."""
    lock(glossary)
    before = snapshots_of(glossary)
    yield
    record(glossary, before, by=by, reason=reason)


def record(glossary: Glossary | int, before: Mapping[int, Snapshot], *, by: int | None, reason: str) -> None:
    """Keep a version of every term that is no longer as it was `before`. Eight statements at most."""
    key = glossary if isinstance(glossary, int) else glossary.pk
    after = snapshots_of(key)
    known = [term for term in before if before[term] != after.get(term)]
    new = [term for term in after if term not in before]
    if not known and not new:
        return
    begun = set(TermVersion.objects.filter(term__in=known).values_list("term_id", flat=True))
    TermVersion.objects.bulk_create(
        TermVersion(glossary_id=key, term_id=term, snapshot=before[term], reason=BEFORE)
        for term in known
        if term not in begun
    )
    TermVersion.objects.bulk_create(
        TermVersion(glossary_id=key, term_id=term, snapshot=after.get(term, {}), maker=by, reason=reason)
        for term in (*known, *new)
    )
    _keep_addresses(key, before, after)


def _keep_addresses(glossary: int, before: Mapping[int, Snapshot], after: Mapping[int, Snapshot]) -> None:
    """Keep the addresses that terms gave up, unless another term has them now."""
    now = {snapshot["slug"] for snapshot in after.values()}
    given_up = {
        was["slug"]: (was["headword"], term if term in after else None)
        for term, was in before.items()
        if was["slug"] not in now
    }
    had = {snapshot["slug"] for snapshot in before.values()}
    if taken := now - had:
        FormerTerm.objects.filter(glossary=glossary, slug__in=taken).delete()
    if given_up:
        FormerTerm.objects.bulk_create(
            (
                FormerTerm(glossary_id=glossary, slug=slug, headword=headword, term_id=term)
                for slug, (headword, term) in given_up.items()
            ),
            ignore_conflicts=True,
        )


def objection(term: Term, snapshot: Mapping[str, Any]) -> str:
    """Why a term cannot be as it was, in one sentence; empty if it can."""
    if not snapshot:
        return gettext("In this version the term was not in the glossary: delete the term instead.")
    others = Term.objects.filter(glossary=term.glossary_id).exclude(pk=term.pk)
    headword, slug, see = snapshot["headword"], snapshot["slug"], snapshot["see"]
    if others.filter(headword__iexact=headword).exists():
        return gettext("“%(term)s” is another term of this glossary now.") % {"term": headword}
    if slug in TAKEN_SLUGS or others.filter(slug=slug).exists():
        return gettext("The address “%(address)s” belongs to another term now.") % {"address": slug}
    former = FormerTerm.objects.filter(glossary=term.glossary_id, slug=slug, term__isnull=False)
    if leads := former.exclude(term=term.pk).select_related("term").first():
        return gettext("The address “%(address)s” leads to “%(term)s” now.") % {
            "address": slug,
            "term": leads.term,
        }
    if see:
        target = others.filter(headword=see).first()
        if target is None:
            return gettext("It sent readers to “%(term)s”, which is no term of this glossary now.") % {
                "term": see
            }
        sees = dict(others.filter(see__isnull=False).values_list("pk", "see_id"))
        if loop_from(term.pk, {**sees, term.pk: target.pk}):
            return gettext("It sent readers to “%(term)s”, which leads back to it now.") % {"term": see}
    claimed = OtherForms.in_glossary(term.glossary_id, term)
    standing = set(term.forms.values_list("text", "case"))
    for text, case in snapshot["forms"]:
        if (text, case) not in standing and (refused := claimed.objection(headword, Form(text, Case(case)))):
            return refused
    return ""


def write(term: Term, snapshot: Mapping[str, Any]) -> None:
    """Make a term as it was, inside `recording`. CannotRestore, with the reason, if it cannot be so any more.

    Only rows that differ are written, since settlements point to senses.
    """
    if refused := objection(term, snapshot):
        raise CannotRestore(refused)
    for name in _OWN:
        setattr(term, name, snapshot[name])
    term.see = Term.objects.filter(glossary=term.glossary_id, headword=snapshot["see"]).first()
    wanted = dict(snapshot["forms"])
    for form in term.forms.all():
        if wanted.get(form.text) == form.case:
            del wanted[form.text]
        else:
            form.delete()
    TermForm.objects.bulk_create(TermForm(term=term, text=text, case=case) for text, case in wanted.items())
    numbers = [n for n, *_ in snapshot["senses"]]
    term.senses.exclude(n__in=numbers).delete()
    for n, definition, applies in snapshot["senses"]:
        Sense.objects.update_or_create(
            term=term, n=n, defaults={"definition": definition, "applies": applies}
        )
    term.settled_sense = term.senses.filter(n=snapshot["settled_sense"]).first()
    term.exceptions.exclude(text__in=snapshot["exceptions"]).delete()
    present = set(term.exceptions.values_list("text", flat=True))
    TermException.objects.bulk_create(
        TermException(term=term, text=text) for text in snapshot["exceptions"] if text not in present
    )
    term.save()

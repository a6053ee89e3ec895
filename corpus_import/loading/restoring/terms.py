"""Plans the glossary in the document: terms with their forms, exceptions and senses."""

from collections.abc import Mapping, Sequence

from corpus_import.loading import fields
from corpus_import.loading.archive import Archive, Decisions, TermWork, read_term_work
from corpus_import.loading.document import Document, DocumentEntry, is_text
from corpus_import.loading.plan import How, Plan, Write
from corpus_import.loading.restoring.lost import remark_lost
from glossary.models import FormerTerm, Sense, Term, TermException, TermForm
from reader.exports.document import Entry

_Senses = dict[int, Sense]  # of a term, by their numbers


def plan_terms(
    document: Document, archive: Archive, decisions: Decisions, plan: Plan
) -> tuple[dict[str, Term], dict[str, _Senses]]:
    """Plan the terms. Returns the rows of the terms and of their senses, by headword."""
    work = read_term_work(archive.terms)
    known = {term.headword: term for term in archive.terms}
    entries = document.entries("terms")
    terms: dict[str, Term] = {}
    for entry in entries:
        headword = entry.take("headword", str)
        if headword in terms:
            raise entry.fault(f"there are two terms “{headword}”")
        term = known.pop(headword, None)
        terms[headword] = term or Term(glossary=archive.glossary, headword=headword)
    if not archive.is_shared:
        _plan_terms_gone(archive, plan, list(known.values()), work)
    senses: dict[str, _Senses] = {}
    for entry, term in zip(entries, terms.values(), strict=True):
        editorial = _editorial_of(entry)
        _plan_term(entry, archive, decisions, plan, term, work, editorial)
        senses[term.headword] = _plan_senses(decisions, plan, term, editorial)
    for entry, term in zip(entries, terms.values(), strict=True):
        see = entry.maybe_named("see", terms)
        if term.pk is not None:
            plan.save(term, see=see)
        elif see is not None:
            plan.writes.append(Write(term, {"see": see}))  # the other term may be written later
    return terms, senses


def _plan_terms_gone(archive: Archive, plan: Plan, gone: Sequence[Term], work: TermWork) -> None:
    for term in gone:
        if term.pk in work.edited or _is_a_person_s(archive, term, work):
            remark_lost(plan, "term", term.headword, term.definition)
        else:
            plan.remark("term", term.headword, How.REMOVED)
        plan.removed.append(term)


def _plan_term(
    entry: DocumentEntry,
    archive: Archive,
    decisions: Decisions,
    plan: Plan,
    term: Term,
    work: TermWork,
    editorial: Entry,
) -> None:
    values = {name: entry.field(Term, name) for name in fields.TERM.values}
    forms = work.forms.get(term.pk, ()) if term.pk is not None else ()
    wanted = [TermForm(term=term, text=text, case=case) for text, case in _forms(entry)]
    was = decisions.editorial.get(term.pk) if term.pk is not None else None
    if was and was != editorial:
        remark_lost(plan, "term", term.headword, term.definition)
    if term.pk is not None and _is_a_person_s(archive, term, work):
        see = archive.headwords.get(term.see_id or 0)
        reads_the_same = (term.definition, see) == (values["definition"], entry.values.get("see"))
        spellings = {(form.text, form.case) for form in forms}
        if not reads_the_same or spellings != {(form.text, form.case) for form in wanted}:
            remark_lost(plan, "term", term.headword, term.definition)
    plan.save(
        term,
        **values,
        imported_headword=entry.take("imported_headword", str, term.headword),
        in_emphasis=editorial.get("in_emphasis", True),
    )
    forms = sorted(forms, key=lambda form: (form.text, form.case))
    plan.replace(forms, wanted, fields.TERM_FORM.compared)
    exceptions = decisions.exceptions.get(term.pk, ()) if term.pk is not None else ()
    wanted_exceptions = [TermException(term=term, text=text) for text in editorial.get("exceptions", ())]
    plan.replace(exceptions, wanted_exceptions, fields.TERM_EXCEPTION.compared)
    _plan_former_terms(entry, archive, plan, term)


def _plan_former_terms(entry: DocumentEntry, archive: Archive, plan: Plan, term: Term) -> None:
    """Plan the former addresses of a term. An address that it got since the document was written stays."""
    known = {row.slug: row for row in archive.former_terms}
    for n, values in enumerate(entry.maybe("former", list) or (), 1):
        former = DocumentEntry(entry.document, f"{entry.where}, former term {n}", values)
        slug = former.field(FormerTerm, "slug")
        row = known.get(slug)
        plan.save(
            row or FormerTerm(glossary=archive.glossary, slug=slug),
            **{name: former.field(FormerTerm, name) for name in fields.FORMER_TERM.kept},
            term=term,
        )


def _forms(entry: DocumentEntry) -> list[tuple[str, str]]:
    """The spellings of a term, each with the meaning of its capitals."""
    cases = TermForm.Case
    forms = []
    for form in entry.take("forms", list):
        if isinstance(form, list) and form[1:] in ([True], [False]):  # the form in older documents
            form = [form[0], cases.EXACT if form[1] else cases.ANY]
        if not isinstance(form, list) or len(form) != 2 or form[1] not in cases.values:
            raise entry.fault(f"“forms” must be lists of a spelling and one of {', '.join(cases.values)}")
        forms.append((form[0], form[1]))
    return forms


def _editorial_of(entry: DocumentEntry) -> Entry:
    """The words of editors beside an entry, in the form of `reader.exports.document.editorial`."""
    editorial: Entry = {}
    if exceptions := entry.maybe("exceptions", list):
        if not all(isinstance(text, str) and is_text(text) for text in exceptions):
            raise entry.fault("“exceptions” must be a list of phrases")
        editorial["exceptions"] = exceptions
    if senses := entry.maybe("senses", list):
        editorial["senses"] = [
            DocumentEntry(entry.document, f"{entry.where}, sense {k}", sense).fields(fields.SENSE)
            for k, sense in enumerate(senses, 1)
        ]
    if (settled := entry.maybe("settled_sense", int)) is not None:
        if settled not in [sense["n"] for sense in editorial.get("senses", ())]:
            raise entry.fault(f"“settled_sense” names {settled}, which is no sense of the term")
        editorial["settled_sense"] = settled
    if not entry.take("in_emphasis", bool, True):
        editorial["in_emphasis"] = False
    return editorial


def _plan_senses(decisions: Decisions, plan: Plan, term: Term, editorial: Entry) -> _Senses:
    """Plan the senses; each keeps its row, because settlements point to the row. Returns the rows, by number."""
    known: Mapping[int, Sense] = {}
    if term.pk is not None:
        known = {sense.n: sense for sense in decisions.senses.get(term.pk, ())}
    senses: _Senses = {}
    for values in editorial.get("senses", ()):
        # The database refuses a repeated number.
        sense = Sense() if values["n"] in senses else known.get(values["n"]) or Sense()
        senses[values["n"]] = sense
        plan.save(sense, **({} if sense.pk else {"term": term}), **values)
    plan.removed += (sense for n, sense in known.items() if n not in senses)
    settled = senses[editorial["settled_sense"]] if "settled_sense" in editorial else None
    if term.pk is not None:
        plan.save(term, settled_sense=settled)
    elif settled is not None:
        plan.writes.append(Write(term, {"settled_sense": settled}))
    return senses


def _is_a_person_s(archive: Archive, term: Term, work: TermWork) -> bool:
    """Whether a person made a term, or changed its entry in the key."""
    return (
        term.source != Term.Source.KEY
        or archive.explanation_of(term) != term.imported_definition
        or term.headword != term.imported_headword
        or not work.has_usual_forms(term)
    )

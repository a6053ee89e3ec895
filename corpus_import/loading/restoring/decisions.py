"""Plans the decisions of persons in the document.

Conflicts, good readings, settlements, italics, names, works, candidates.
"""

from collections.abc import Iterable, Sequence

from corpus_import.loading import fields
from corpus_import.loading.archive import Archive, Decisions
from corpus_import.loading.document import Document, is_text
from corpus_import.loading.plan import Plan, Write
from corpus_import.loading.restoring.lost import remark_lost
from corpus_import.loading.restoring.rows import Rows
from reader import models


def plan_conflicts(
    document: Document, archive: Archive, plan: Plan, rows: Rows, deeds: Sequence[models.Deed]
) -> None:
    """Plan the conflicts; one about a change of structure names it by its number among the deeds."""
    numbered = dict(enumerate(deeds, 1))
    wanted = [
        models.Conflict(
            volume=archive.volume,
            **rows.named_by(entry, fields.CONFLICT),
            deed=entry.maybe_named("deed", numbered),
            **entry.fields(fields.CONFLICT),
        )
        for entry in document.head_entries("conflicts")
    ]
    kept = {row.human for row in wanted}
    for row in archive.conflicts:
        if row.state == models.Conflict.State.OPEN and row.human not in kept:
            remark_lost(plan, "conflict", row.about, row.human)
    plan.replace(archive.conflicts, wanted, fields.CONFLICT.compared)


def plan_good_readings(document: Document, archive: Archive, plan: Plan) -> dict[int, models.GoodReading]:
    """Plan the readings that are good everywhere; return their rows, by number. None of all volumes is removed."""
    known = {(row.reading, row.code, row.volume_id is None): row for row in archive.good_readings}
    rows: dict[int, models.GoodReading] = {}
    kept = set()
    for entry in document.head_entries("good_readings", []):
        values, of_all = entry.fields(fields.GOOD_READING), entry.take("everywhere", bool)
        key = (values["reading"], values["code"], of_all)
        if key in kept:
            raise entry.fault("this good reading is there twice")
        kept.add(key)
        row = known.get(key) or models.GoodReading(volume=None if of_all else archive.volume)
        plan.save(row, **values)
        rows[entry.take("n", int)] = row
    for key, row in known.items():
        if key not in kept and row.volume_id is not None:
            remark_lost(plan, "good reading", str(row), row.reading)
            plan.removed.append(row)
    return rows


def plan_settlements(document: Document, decisions: Decisions, plan: Plan, rows: Rows) -> None:
    """Plan the settlements: the sense of a term at one occurrence, or that the words are not the term."""
    wanted = []
    for entry in document.head_entries("settlements", []):
        named = rows.named_by(entry, fields.SETTLEMENT)
        senses, n = rows.senses[named["term"].headword], entry.maybe("sense", int)
        if n is not None and n not in senses:
            raise entry.fault(f"“sense” names {n}, which is no sense of the term")
        sense = senses[n] if n is not None else None
        wanted.append(
            models.Settlement(
                **named, **entry.fields(fields.SETTLEMENT), is_term=sense is not None, sense=sense
            )
        )
    kept = {(row.term.headword, row.before, row.reading, row.after) for row in wanted}
    for row in decisions.settlements:
        if (row.term.headword, row.before, row.reading, row.after) not in kept:
            remark_lost(plan, "settlement", str(row.term), row.reading)
    plan.replace(decisions.settlements, wanted, (*fields.SETTLEMENT.compared, "is_term", "sense"))


def plan_italics(document: Document, decisions: Decisions, plan: Plan, rows: Rows) -> None:
    """Plan the lost italics on which a person decided. The others are found again."""
    wanted = [
        models.Italic(
            volume=plan.volume, **rows.named_by(entry, fields.ITALIC), **entry.fields(fields.ITALIC)
        )
        for entry in document.head_entries("italics", [])
    ]
    decided = {(row.reading, row.context, row.state) for row in wanted}
    for row in decisions.italics:
        if (row.reading, row.context, row.state) not in decided:
            remark_lost(plan, "lost italic", str(row), row.get_state_display())
    plan.replace(decisions.italics, wanted, fields.ITALIC.compared)


def plan_persons(document: Document, archive: Archive, decisions: Decisions, plan: Plan) -> None:
    """Plan the persons with what editors decided. The text is searched for their names again.

    A document of an older archive knows no persons: then the archive's own stay.
    """
    if "persons" not in document.head.values:
        return
    known = {row.found_as: row for row in decisions.persons}
    entries = document.head_entries("persons", [])
    rows: dict[str, models.Person] = {}
    for entry in entries:
        values = entry.fields(fields.PERSON)
        name = values["found_as"]
        if name in rows:
            raise entry.fault("this person is there twice")
        rows[name] = known.get(name) or models.Person(volume=archive.volume)
        apart = entry.take("forms_apart", list, [])
        if not _are_texts(apart):
            raise entry.fault("“forms_apart” holds something that is no text")
        places = entry.take("places_assigned", list, [])
        if not all(isinstance(words, list) and len(words) == 3 and _are_texts(words) for words in places):
            raise entry.fault(
                "“places_assigned” holds something that is not the words before, in and after a place"
            )
        plan.save(rows[name], **values, forms_apart=apart, places_assigned=places)
    for entry in entries:
        row, into = rows[entry.take("found_as", str)], entry.maybe_named("into", rows)
        if row.pk is not None:
            plan.save(row, into=into)
        elif into is not None:
            plan.writes.append(Write(row, {"into": into}))  # the other person may be written later
    for name in sorted(known.keys() - rows.keys()):
        if known[name].is_decided:
            remark_lost(plan, "person", name, known[name].shown_as)
        plan.removed.append(known[name])


def _are_texts(values: Iterable[object]) -> bool:
    return all(isinstance(each, str) and is_text(each) for each in values)


def plan_cited_works(document: Document, decisions: Decisions, plan: Plan) -> None:
    """Plan what editors said of works cited; the other works are found again."""
    known = {row.key: row for row in decisions.cited_works}
    lost = {key for key, row in known.items() if row.is_decided}
    entries = document.head_entries("cited_works", [])
    volumes = {volume.slug: volume for volume in models.Volume.objects.all()} if entries else {}
    for entry in entries:
        key = entry.take("key", str)
        archived = volumes.get(entry.maybe("archived", str) or "")
        row = known.get(key) or models.CitedWork(volume=plan.volume, key=key)
        plan.save(row, **entry.fields(fields.CITED_WORK), archived=archived)
        lost.discard(key)
    for key in sorted(lost):
        remark_lost(plan, "cited work", key, str(known[key]))
        plan.removed.append(known[key])


def plan_settled_references(document: Document, decisions: Decisions, plan: Plan, rows: Rows) -> None:
    """Plan the decisions on single references to works."""
    wanted = [
        models.SettledReference(
            volume=plan.volume,
            **rows.named_by(entry, fields.SETTLED_REFERENCE),
            **entry.fields(fields.SETTLED_REFERENCE),
        )
        for entry in document.head_entries("settled_references", [])
    ]
    kept = {(row.before, row.reading, row.after) for row in wanted}
    for row in decisions.settled_references:
        if (row.before, row.reading, row.after) not in kept:
            remark_lost(plan, "settled reference", row.reading, row.work)
    plan.replace(decisions.settled_references, wanted, fields.SETTLED_REFERENCE.compared)


def plan_candidates(
    document: Document, archive: Archive, decisions: Decisions, plan: Plan, rows: Rows
) -> None:
    """Plan the candidates on which an editor decided. The others are found again, with the places of all."""
    known = {row.headword: row for row in decisions.candidates}
    lost = {headword for headword, row in known.items() if row.state != models.Candidate.State.OPEN}
    for entry in document.head_entries("candidates", []):
        headword = entry.take("headword", str)
        row = known.get(headword) or models.Candidate(volume=archive.volume, headword=headword, score=0)
        plan.save(row, **entry.fields(fields.CANDIDATE), **rows.named_by(entry, fields.CANDIDATE))
        lost.discard(headword)
    for headword in sorted(lost):
        remark_lost(plan, "candidate", headword, known[headword].get_state_display())
        plan.removed.append(known[headword])

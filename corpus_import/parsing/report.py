"""The report of an import, for a person to read and a program to search."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator

from corpus_import.parsing.elements import Collation, Draft, VariantKind
from corpus_import.parsing.findings import places_in_words
from corpus_import.parsing.stages.balance_books import spans_held
from reader.text.messages import gettext_noop

# The lines of the report; corpus_import/jobs/reports.py says them in other languages.
EMENDED = gettext_noop("emended by rule “%(rule)s”: %(number)s")
VERDICTS = (
    DOUBTED := gettext_noop("a doubt: %(finding)s"),
    WITHIN := gettext_noop("within its limit: %(finding)s"),
)
AUDIT = gettext_noop("%(file)s: the audit balances: %(number)s characters: %(categories)s")
COLLATED = (
    INDEPENDENT := gettext_noop("%(name)s (independent): %(number)s of its %(of)s words stand in the volume"),
    OF_ONE_ORIGIN := gettext_noop(
        "%(name)s (of the same origin: it fills gaps and lost letters alone): %(number)s of its %(of)s words stand in"
        " the volume"
    ),
)
SETTLED = (
    EMENDED_BY := gettext_noop(
        "%(place)s: settled: %(code)s: “%(reading)s”: %(name)s reads “%(suggestion)s”"
    ),
    AGREED := gettext_noop("%(place)s: settled: %(code)s: “%(reading)s”: %(name)s reads the same"),
)
# What is counted, in the order of the report.
COUNTED = (
    gettext_noop("divisions"),
    gettext_noop("paragraphs"),
    gettext_noop("note references"),
    gettext_noop("notes"),
    gettext_noop("fragments of notes"),
    gettext_noop("gaps"),
    gettext_noop("terms"),
    gettext_noop("pages"),
    gettext_noop("emendations"),
    gettext_noop("suspects"),
    gettext_noop("diagnostics"),
)
# And what a second witness brought.
BROUGHT = (
    gettext_noop("missing notes supplied"),
    gettext_noop("fragments of notes numbered"),
    gettext_noop("inferred pages attested"),
    gettext_noop("rows of the key supplied"),
    gettext_noop("readings emended"),
    gettext_noop("suspects settled"),
    gettext_noop("words kept where it has none"),
    gettext_noop("paragraphs and notes that it lacks"),
    gettext_noop("variants"),
)


def report(draft: Draft) -> Iterator[str]:
    """The report, line by line: counts, diagnostics with codes and lines, the audit."""
    notes = sum(1 for note in draft.notes if note.complete)
    fragments = len(draft.notes) - notes
    references = sum(len(p.references) for p in draft.paragraphs) + sum(
        len(d.references) for d in draft.divisions
    )
    counts = (
        *(len(draft.divisions), len(draft.paragraphs), references, notes, fragments, len(draft.missing)),
        *(len(draft.key), len(draft.pages), len(draft.emendations), len(draft.suspects)),
        len(draft.diagnostics),
    )
    yield from (f"{count:7,}  {name}" for name, count in zip(COUNTED, counts, strict=True))
    for rule, count in Counter(e.rule for e in draft.emendations).most_common():
        yield f"         {EMENDED % {'rule': rule, 'number': count}}"
    for diagnostic in sorted(draft.diagnostics, key=lambda d: (d.witness, d.line, d.code)):
        name = draft.witnesses[diagnostic.witness].name
        yield f"{name}:{diagnostic.line}: {diagnostic.code}: {diagnostic.message}"
    yield from report_on_collation(draft)
    files = [witness.name for witness in draft.witnesses]
    for finding in draft.findings:
        where = places_in_words(finding.places, files)
        found = f"{finding.code}: {finding.said}{f' ({where})' if where else ''}"
        yield (DOUBTED if finding.is_doubt else WITHIN) % {"finding": found}
    for name, counted in draft.audit:
        parts = ", ".join(f"{category} {count:,}" for category, count in sorted(counted.items()))
        yield AUDIT % {"file": name, "number": f"{sum(counted.values()):,}", "categories": parts}


def report_on_collation(draft: Draft) -> Iterator[str]:
    """What each second witness brought, line by line; nothing without one."""
    for collation in draft.collations:
        yield from _collated(draft, collation)


def _collated(draft: Draft, one: Collation) -> Iterator[str]:
    """What a second witness brought, and each reading that it settled."""
    sentence = INDEPENDENT if one.independent else OF_ONE_ORIGIN
    yield sentence % {"name": one.name, "number": f"{one.aligned:,}", "of": f"{one.words:,}"}
    settled = [each for each in draft.settled if each.name == one.name]
    variants = Counter(each.kind for each in draft.variants if each.name == one.name)
    brought = (
        *(one.filled, one.numbered, one.pages, one.rows, one.emended, len(settled), one.kept, one.lacking),
        variants.total(),
    )
    yield from (f"{count:7,}  {name}" for name, count in zip(BROUGHT, brought, strict=True))
    yield from (f"         {kind.value}: {variants[kind]}" for kind in VariantKind if variants[kind])
    for each in settled:
        suspect = each.suspect
        place = f"{draft.witnesses[suspect.span.witness].name}:{suspect.line}"
        said = {"place": place, "code": suspect.code, "reading": suspect.reading, "name": one.name}
        yield EMENDED_BY % {**said, "suggestion": suspect.suggestion} if each.emended else AGREED % said


def audit_document(draft: Draft) -> str:
    """The audit as JSON: for each witness, the lines that hold the characters of each category.

        [{"witness": 1, "name": …, "digest": …, "total": …, "balanced": true,
          "categories": {"text": {"characters": …, "lines": [[from, to], …]}, …}}]

    White space is not counted; lines count from 1, and a line can be in several categories. A file that is no plain
    text has a `kind`: then its lines and characters are those of the text that was derived from it.
    """
    numbers: dict[int, dict[str, set[int]]] = {w.n: {} for w in draft.witnesses}
    for category, span in spans_held(draft):
        if span.start < span.end:
            witness = draft.witnesses[span.witness]
            lines = range(witness.line_at(span.start), witness.line_at(span.end - 1) + 1)
            numbers[span.witness].setdefault(category, set()).update(lines)
    counted = dict(draft.audit)
    return (
        json.dumps(
            [
                {
                    "witness": witness.n + 1,
                    "name": witness.name,
                    **({"kind": witness.shown.kind} if witness.shown else {}),
                    "digest": witness.digest,
                    "total": sum(counted[witness.name].values()),
                    "balanced": sum(counted[witness.name].values())
                    == sum(not c.isspace() for c in witness.text),
                    "categories": {
                        category: {
                            "characters": counted[witness.name][category],
                            "lines": _ranges(numbers[witness.n].get(category, ())),
                        }
                        for category in sorted(counted[witness.name])
                    },
                }
                for witness in draft.witnesses
            ],
            ensure_ascii=False,
            indent=1,
        )
        + "\n"
    )


def _ranges(numbers: Iterable[int]) -> list[list[int]]:
    """Numbers as ranges: 1, 2, 3, 7 as [[1, 3], [7, 7]]."""
    ranges: list[list[int]] = []
    for number in sorted(numbers):
        if ranges and ranges[-1][1] + 1 == number:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ranges

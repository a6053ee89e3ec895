"""The report of an import, for a person to read and a program to search."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator

from corpus_import.parsing.elements import Collation, Draft, VariantKind
from corpus_import.parsing.findings import places_in_words
from corpus_import.parsing.stages.balance_books import spans_held


def report(draft: Draft) -> Iterator[str]:
    """The report, line by line: counts, diagnostics with codes and lines, the audit."""
    notes = sum(1 for note in draft.notes if note.complete)
    fragments = len(draft.notes) - notes
    references = sum(len(p.references) for p in draft.paragraphs) + sum(
        len(d.references) for d in draft.divisions
    )
    counts = {
        "divisions": len(draft.divisions),
        "paragraphs": len(draft.paragraphs),
        "note references": references,
        "notes": notes,
        "fragments of notes": fragments,
        "gaps": len(draft.missing),
        "terms": len(draft.key),
        "pages": len(draft.pages),
        "emendations": len(draft.emendations),
        "suspects": len(draft.suspects),
        "diagnostics": len(draft.diagnostics),
    }
    yield from (f"{count:7,}  {name}" for name, count in counts.items())
    for rule, count in Counter(e.rule for e in draft.emendations).most_common():
        yield f"         emended by rule “{rule}”: {count}"
    for diagnostic in sorted(draft.diagnostics, key=lambda d: (d.witness, d.line, d.code)):
        name = draft.witnesses[diagnostic.witness].name
        yield f"{name}:{diagnostic.line}: {diagnostic.code}: {diagnostic.message}"
    yield from report_on_collation(draft)
    files = [witness.name for witness in draft.witnesses]
    for finding in draft.findings:
        where = places_in_words(finding.places, files)
        verdict = "a doubt" if finding.is_doubt else "within its limit"
        yield f"{verdict}: {finding.code}: {finding.said}{f' ({where})' if where else ''}"
    for name, counted in draft.audit:
        parts = ", ".join(f"{category} {count:,}" for category, count in sorted(counted.items()))
        yield f"{name}: the audit balances: {sum(counted.values()):,} characters: {parts}"


def report_on_collation(draft: Draft) -> Iterator[str]:
    """What each second witness brought, line by line; nothing without one."""
    for collation in draft.collations:
        yield from _collated(draft, collation)


def _collated(draft: Draft, one: Collation) -> Iterator[str]:
    """What a second witness brought, and each reading that it settled."""
    origin = "independent" if one.independent else "of the same origin: it fills gaps and lost letters alone"
    yield f"{one.name} ({origin}): {one.aligned:,} of its {one.words:,} words stand in the volume"
    settled = [each for each in draft.settled if each.name == one.name]
    variants = Counter(each.kind for each in draft.variants if each.name == one.name)
    brought = {
        "missing notes supplied": one.filled,
        "fragments of notes numbered": one.numbered,
        "inferred pages attested": one.pages,
        "rows of the key supplied": one.rows,
        "readings emended": one.emended,
        "suspects settled": len(settled),
        "words kept where it has none": one.kept,
        "paragraphs and notes that it lacks": one.lacking,
        "variants": variants.total(),
    }
    yield from (f"{count:7,}  {name}" for name, count in brought.items())
    yield from (f"         {kind.value}: {variants[kind]}" for kind in VariantKind if variants[kind])
    for each in settled:
        suspect = each.suspect
        reads = f"reads “{suspect.suggestion}”" if each.emended else "reads the same"
        name = draft.witnesses[suspect.span.witness].name
        yield f"{name}:{suspect.line}: settled: {suspect.code}: “{suspect.reading}”: {one.name} {reads}"


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

"""What an import found, in words that a person can read and lines that a program can search."""

from collections import Counter
from collections.abc import Iterator

from corpus_import.elements import Draft


def report(draft: Draft) -> Iterator[str]:
    """The report, line by line: what was found, diagnostics with codes and lines, the audit."""
    notes = sum(1 for note in draft.notes if note.complete)
    fragments = len(draft.notes) - notes
    references = sum(len(p.references) for p in draft.paragraphs) + sum(
        len(d.references) for d in draft.divisions
    )
    found = {
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
    yield from (f"{count:7,}  {name}" for name, count in found.items())
    for rule, count in Counter(e.rule for e in draft.emendations).most_common():
        yield f"         emended by rule “{rule}”: {count}"
    for diagnostic in sorted(draft.diagnostics, key=lambda d: (d.witness, d.line, d.code)):
        name = draft.witnesses[diagnostic.witness].name
        yield f"{name}:{diagnostic.line}: {diagnostic.code}: {diagnostic.message}"
    for name, counted in draft.audit:
        parts = ", ".join(f"{category} {count:,}" for category, count in sorted(counted.items()))
        yield f"{name}: the audit balances: {sum(counted.values()):,} characters: {parts}"

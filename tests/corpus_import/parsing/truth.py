"""Compares the importer's draft with the text that the typesetter set."""

import re
from collections.abc import Iterator

from corpus_import.parsing.elements import Division, Draft, Note, Paragraph
from tests.typesetter import Truth


def with_references(paragraph: Paragraph) -> str:
    text = paragraph.text.string
    for reference in reversed(paragraph.references):
        text = f"{text[: reference.offset]}[^{reference.n}]{text[reference.offset :]}"
    return text


def differences(draft: Draft, truth: Truth) -> Iterator[str]:
    """All differences, in words; tables are compared cell by cell."""
    order = [d.index for d in draft.divisions]
    read = [(d.kind, d.n, _head(d)) for d in draft.divisions]
    true = [(d.kind, d.n, d.head) for d in truth.divisions]
    if read != true:
        yield from (f"division read as {a}, is {b}" for a, b in zip(read, true, strict=False) if a != b)
        yield f"{len(read)} divisions read, {len(true)} are there"
        return
    lost = {(k, n.n) for k, d in enumerate(truth.divisions) for n in d.notes if n.state == "number lost"}
    # A lost number that was inferred right is no fault, and its gap is none.
    inferred = {(order.index(n.division), n.n) for n in draft.notes if n.inferred and n.n} & lost
    for k, (index, division) in enumerate(zip(order, truth.divisions, strict=True)):
        name = f"{division.kind} {division.n} {division.head[:30]}".strip()
        paragraphs = [
            (p.kind.value, p.continues, _words(with_references(p), p.kind.value == "table"))
            for p in draft.paragraphs
            if p.division == index
        ]
        wanted = [(p.kind, p.continues, _words(p.text, p.kind == "table")) for p in division.paragraphs]
        yield from _compare(f"{name}: paragraph", paragraphs, wanted)
        notes = [
            (_number(n, lost, k), n.page, tuple((p.kind.value, _words(p.text.string)) for p in n.paragraphs))
            for n in draft.notes
            if n.division == index
        ]
        yield from _compare(
            f"{name}: note",
            notes,
            [
                (
                    n.n if n.state == "whole" else None,
                    n.page,
                    tuple((p.kind, _words(p.text)) for p in n.paragraphs),
                )
                for n in division.notes
                if n.state != "missing"
            ],
        )
    gaps = sorted((order.index(m.division), m.n) for m in draft.missing)
    yield from _compare("gap", gaps, sorted({*truth.gaps, *lost} - inferred))
    terms = [(k.headword, k.definition, k.see) for k in draft.key]
    yield from _compare("term", terms, [(t.headword, t.definition, t.see) for t in truth.terms])
    letters = sorted((e.line, e.after) for e in draft.emendations if e.rule == "lost letter")
    # Readings of the truth extend to the next white space; the importer's are words.
    wanted_letters = sorted(
        (r.line, word[0])
        for r in truth.repairs
        if r.kind.startswith("lost letter") and (word := re.search(r"[^\W\d_]+", r.emended))
    )
    yield from _compare("lost letter", letters, wanted_letters)


def _number(note: Note, lost: set[tuple[int, int]], division: int) -> int | None:
    return None if note.inferred and (division, note.n) in lost else note.n


def _head(division: Division) -> str:
    text = division.head.string
    for reference in reversed(division.references):
        text = f"{text[: reference.offset]}[^{reference.n}]{text[reference.offset :]}"
    return text


def _words(text: str, table: bool = False) -> str:
    if not table:
        return text
    # The notation's marks and bars stand where the typesetter's two spaces do.
    lines = [re.sub(r"^[|!^_] ?", "", line) for line in text.split("\n")]
    return "\n".join(re.sub(r" *\| ?|  ", " | ", line) for line in lines)


def _compare(what: str, read: list, true: list) -> Iterator[str]:  # type: ignore[type-arg]
    for k in range(max(len(read), len(true))):
        a = read[k] if k < len(read) else None
        b = true[k] if k < len(true) else None
        if a != b:
            yield f"{what} {k}:\n  read {a}\n  true {b}"


def page_starts(draft: Draft) -> dict[str, tuple[object, ...]]:
    """The importer's beginning of each page: in a division's head, a paragraph, a note, or without text."""
    order = {division.index: k for k, division in enumerate(draft.divisions)}
    starts: dict[str, tuple[object, ...]] = {}
    for page in draft.pages:
        if not page.has_text:
            starts[page.page] = ("blank",)
        else:
            starts[page.page] = ("head", order[page.division]) if page.division is not None else ("key",)
    seen: dict[int, int] = {}
    for paragraph in draft.paragraphs:
        k = seen[paragraph.division] = seen.get(paragraph.division, -1) + 1
        for at in paragraph.breaks:
            starts[at.page] = ("paragraph", order[paragraph.division], k, at.offset)
    for note in draft.notes:
        for k, part in enumerate(note.paragraphs):
            for at in part.breaks:
                n = None if note.inferred else note.n
                starts[at.page] = ("note", order[note.division], n, k, at.offset)
    return starts


def true_page_starts(truth: Truth) -> dict[str, tuple[object, ...]]:
    """The typesetter's beginning of each page."""
    starts: dict[str, tuple[object, ...]] = {}
    for page in truth.pages:
        if page.place in ("key", "blank"):
            starts[page.n] = (page.place,)
        elif page.place == "head":
            starts[page.n] = ("head", page.division)
        elif page.place == "paragraph":
            text = truth.divisions[page.division].paragraphs[page.paragraph].text[: page.offset]
            offset = page.offset - sum(len(call) for call in re.findall(r"\[\^\d+\]", text))
            starts[page.n] = ("paragraph", page.division, page.paragraph, offset)
        else:
            notes = [n for n in truth.divisions[page.division].notes if n.n == page.note]
            n = page.note if notes and notes[0].state == "whole" else None
            starts[page.n] = ("note", page.division, n, page.paragraph, page.offset)
    return starts

"""Reads a version of the book, and compares it with the truth."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.elements import Draft, ParagraphKind, Reference
from reader.text.page_numbers import number_of
from tests.corpus_import.forms.book import FIRST_PAGE, KEY, Form, set_book
from tests.corpus_import.parsing.case_files import parse_text

# `>` before lines, blanks before a stop, several blanks together.
_ODD_BLANKS = re.compile(r"> |\s{2}| [.,;:!?]|\s$|^\s")
_NO_TEXT = re.compile(r"[^\w@]+|_")


@dataclass(frozen=True)
class Reading:
    """`refused` holds the importer's reason; else `lacks` names what was not read as it is."""

    refused: str
    lacks: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Whether the book was read whole, or refused with a reason."""
        return bool(self.refused) or not self.lacks


def read_version(form: Form) -> Reading:
    """Read the book in a form."""
    try:
        draft = parse_text(set_book(form))
    except ImportFault as fault:
        return Reading(str(fault), ())
    if draft.doubts:
        return Reading("; ".join(finding.code for finding in draft.doubts), ())
    return Reading("", tuple(_differences(draft, form)))


def plain(text: str) -> str:
    """A text in small letters and figures alone; `@` is a call."""
    return _NO_TEXT.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _with_calls(text: str, references: Sequence[Reference]) -> str:
    for reference in reversed(references):
        text = f"{text[: reference.offset]}@{text[reference.offset :]}"
    return text


def _differences(draft: Draft, form: Form) -> Iterator[str]:
    heads = {d.index: plain(d.head.string) for d in draft.divisions}
    true_heads = [plain(t) for c in form.chapters for t in (c.title, *(s[0] for s in c.sections))]
    read_heads = [h for h in heads.values() if h not in ("bibliography", "")]
    if read_heads != true_heads:
        lost = [head for head in true_heads if head not in read_heads]
        yield f"headings: {lost} lost, {[head for head in read_heads if head not in true_heads]} too many"
    true = [(plain(c.title), p) for c in form.chapters for p in c.paragraphs]
    true += [(plain(head), p) for c in form.chapters for head, ps in c.sections for p in ps]
    there = {(h, plain(p)) for h, p in true}
    read = [(heads[p.division], plain(_with_calls(p.text.string, p.references))) for p in draft.paragraphs]
    lacking = there - set(read)
    if lacking or len(read) != len(there):
        others = [text[:30] for head, text in read if (head, text) not in there]
        yield f"paragraphs: {len(lacking)} of {len(there)} not read, {len(others)} others: {others[:3]}"
    chapter_of = {}
    chapter = ""
    for division in draft.divisions:
        chapter = (
            heads[division.index]
            if heads[division.index] in {plain(c.title) for c in form.chapters}
            else chapter
        )
        chapter_of[division.index] = chapter
    blanks = [p.text.string for p in draft.paragraphs if _ODD_BLANKS.search(p.text.string)]
    if blanks:
        yield f"blanks: {len(blanks)} paragraphs with blanks or signs that are none of theirs: {blanks[0][:60]}"
    quotations = {plain(p) for _, p in true if p.startswith(">")}
    quoted = {plain(p.text.string) for p in draft.paragraphs if p.kind is ParagraphKind.QUOTATION}
    if quoted != quotations:
        yield f"quotations: {len(quotations - quoted)} not read, {len(quoted - quotations)} others"
    first = form.first_note - 1
    notes = set()
    for c in form.chapters:
        for k, note in enumerate(c.notes, 1):
            parts = re.sub(r"note \[\d\]", "note @", note).split("¶")
            notes.add((plain(c.title), first + k, tuple(map(plain, parts))))
        first += len(c.notes) if form.through else 0
    read_notes = {
        (
            chapter_of[n.division],
            n.n,
            tuple(plain(_with_calls(p.text.string, p.references)) for p in n.paragraphs),
        )
        for n in draft.notes
    }
    if read_notes != notes:
        yield f"notes: {len(notes - read_notes)} of {len(notes)} not read, {len(read_notes - notes)} others"
    calls = sum(len(p.references) for p in draft.paragraphs)
    if calls != len(notes):
        yield f"calls: {calls} of {len(notes)}"
    if draft.missing:
        yield f"gaps: {len(draft.missing)} false"
    terms = {(plain(k.headword), plain(k.definition)) for k in draft.key}
    true_terms = {(plain(a), plain(b)) for a, b in KEY}
    if terms != true_terms:
        yield f"terms: {len(terms & true_terms)} of {len(KEY)}"
    if form.marker:
        pages = sum(p.count("|") for _, p in true)
        # The title block and the key stand on pages before the first.
        begun = {p.page for p in draft.pages if number_of(p.page) >= number_of(form.page(FIRST_PAGE))}
        wanted = {form.page(n) for n in range(11, 11 + pages + len(form.chapters))}
        if begun != wanted:
            yield f"pages: {sorted(wanted - begun)} lacking, {sorted(begun - wanted)} too many"

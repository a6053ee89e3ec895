"""Cases as prose: a title, an input and the expected outcome, parted by lines with a single full stop.

In the input `·` is a space where it matters (before and after a line), `�` a lost letter, and `‹U+00AD›` a character
that would not be seen. Unless the title ends with
*alone*, the input stands after a chapter's heading and a paragraph of running text, which set the scene and the
measure; lines are counted from the case's own first line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from corpus_import.parsing.elements import Draft, ParagraphKind, Text
from corpus_import.parsing.manifest import Manifest
from corpus_import.parsing.pipeline import parse
from corpus_import.parsing.source import decode_witness, number_lines
from reader.text.cross_references import Book, DivisionOfBook, PageOfBook, Reference, find_references

FOLDER = Path(__file__).parent / "cases"
MANIFEST = Manifest(
    slug="case",
    title="A case",
    author="Nobody",
    publisher="None",
    year=1930,
    rights="None",
    language="en",
    witnesses=("case.txt",),
)
# A line of its own in a case's input.
NEXT_WITNESS = "~~~~ another witness ~~~~\n"
SCENE = """\
   7. The scene is set\x20\x20

    The paragraph that stands here has no other purpose than to show the importer how wide the column\x20
of the running text is, for the importer measures before it judges, and a case of four lines would\x20
leave it nothing to measure with. Nothing of this paragraph is looked at again, whatever it may say\x20
about planning, about railways, or about the weather in the winter of the year in which it is set.\x20\x20

"""


@dataclass(frozen=True)
class Case:
    title: str
    given: str
    expected: str
    file: str

    @property
    def is_alone(self) -> bool:
        return self.title.endswith(", alone")


_NAMED = re.compile(r"‹U\+([0-9A-F]{4})›")
_AT_EDGE = re.compile(r"(?<=›) +(?=\S)|(?<=\S) +(?=(?:‹U\+[0-9A-F]{4}›)+$)")
_UNSEEN = re.compile(
    r"[^\S \n]|[\x00-\x08\x0e-\x1f\x80-\x9f\xad\u200b-\u200f\u2010\u2011\u202a-\u202e\u2060-\u206f\ufeff\u0300-\u036f]"
)


def _typed(given: str) -> str:
    """The input as the importer gets it."""
    return _NAMED.sub(lambda named: chr(int(named[1], 16)), given.replace("·", " "))


def read_cases(name: str) -> list[Case]:
    parts = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").split("\n.\n")
    return [
        Case(parts[k].strip("\n"), _typed(parts[k + 1]) + "\n", parts[k + 2].strip("\n"), name)
        for k in range(0, len(parts) - 2, 3)
    ]


def all_cases() -> list[tuple[str, Case]]:
    return [(path.stem, case) for path in sorted(FOLDER.glob("*.txt")) for case in read_cases(path.stem)]


def parse_text(text: str, manifest: Manifest = MANIFEST) -> Draft:
    witnesses = tuple(
        decode_witness(part.encode(), f"case-{n}.txt", n, "utf-8")
        for n, part in enumerate(text.split(NEXT_WITNESS))
    )
    return parse(number_lines(Draft(manifest=manifest, witnesses=witnesses)))


def outcome(case: Case) -> str:
    """The outcome of a case, one line for each element."""
    scene = "" if case.is_alone else SCENE
    draft = parse_text(scene + case.given)
    if case.file != "question_readings":
        draft = replace(draft, suspects=())  # only the cases of suspects show suspects
    return "\n".join(_describe(draft, scene.count("\n")))


def references_in(draft: Draft) -> Iterator[tuple[int, Reference]]:
    """The cross-references that publishing will find in a draft, each with the line on which it begins."""
    division_of = {page.page: page.division for page in draft.pages}
    texts: list[tuple[Text, int, bool]] = []
    for paragraph in draft.paragraphs:
        division_of.update({at.page: paragraph.division for at in paragraph.breaks})
        if paragraph.kind is not ParagraphKind.QUOTATION:
            texts.append((paragraph.text, paragraph.division, False))
    for note in draft.notes:
        for part in note.paragraphs:
            division_of.update({at.page: note.division for at in part.breaks})
            if part.kind is not ParagraphKind.QUOTATION:
                texts.append((part.text, note.division, True))
    book = Book(
        language=draft.manifest.language,
        divisions=[DivisionOfBook(d.index, d.kind, d.n, d.parent) for d in draft.divisions],
        pages={page.page: PageOfBook(page.has_text, division_of[page.page]) for page in draft.pages},
        notes={(note.division, note.n) for note in draft.notes if note.n is not None},
    )
    for text, division, is_note in texts:
        for reference in find_references(text.string, division, book, is_note=is_note):
            yield draft.line_at(text.source_at(reference.start)), reference


def _describe(draft: Draft, skipped: int) -> Iterator[str]:
    def said(text: str, marks: list[tuple[int, str]]) -> str:
        for offset, mark in sorted(marks, reverse=True):
            text = text[:offset] + mark + text[offset:]
        return text

    paragraphs = list(draft.paragraphs)
    for division in draft.divisions:
        if not (skipped and division.blocks[0].first.number == 1):
            label = f" {division.n}" if division.n else ""
            page = f" (p. {division.page})" if division.page else ""
            calls = [(r.offset, f"[^{r.n}]") for r in division.references]
            yield f"# {division.kind}{label}{page}: {said(division.head.string, calls)}".rstrip(": ")
        for p in paragraphs:
            if p.division != division.index or (
                skipped and p.text.pieces[0].span.start < len(SCENE) and len(p.text.string) > 380
            ):
                continue
            marks = [(r.offset, f"[^{r.n}]") for r in p.references]
            marks += [(b.offset, f"{{p. {b.page}}}") for b in p.breaks]
            kind = "c" if p.continues else p.kind.value[0]
            yield f"{kind} {said(p.text.string, marks)}"
        for note in draft.notes:
            if note.division == division.index:
                name = f"note {note.n}" if note.n is not None else "fragment"
                name += f" ({note.mark})" if note.mark else ""
                name += ", inferred" if note.inferred else ""
                page = f" (p. {note.page})" if note.page else ""
                body = " / ".join(
                    f"{p.kind.value[0]} {said(p.text.string, [(r.offset, f'[^{r.n}]') for r in p.references])}"
                    for p in note.paragraphs
                )
                yield f"{name}{page}: {body}"
        for gap in draft.missing:
            if gap.division == division.index:
                yield f"gap {gap.n}"
    for entry in draft.key:
        yield f"term {entry.headword}: {'see ' + entry.see if entry.see else entry.definition}"
    for e in sorted(draft.emendations, key=lambda e: e.span.start):
        yield f"emended {e.line - skipped}: {e.before} → {e.after} ({e.rule})"
    heads = {d.index: f"{d.kind} {d.n}".strip() for d in draft.divisions}
    for line, x in references_in(draft):
        targets = [f"p. {x.page}"] if x.page else []
        targets += [f"note {x.note}"] if x.note is not None else []
        targets += [heads[x.division]] if x.division is not None else []
        yield f"refers {line - skipped}: {x.reading} → {x.reason or ', '.join(targets)}"
    for s in draft.suspects:
        yield f"suspect {s.line - skipped} {s.code}: {s.reading} → {s.suggestion}"
    for d in sorted(draft.diagnostics, key=lambda d: (d.line, d.code)):
        if d.code != "gap":
            yield f"! {d.line - skipped} {d.code}"


def rewrite(name: str) -> None:
    """Write the outcomes of the importer into the file of the cases."""
    cases = read_cases(name)
    text = "".join(f"{case.title}\n.\n{_show(case.given)}\n.\n{outcome(case)}\n.\n" + "\n" for case in cases)
    (FOLDER / f"{name}.txt").write_text(text, encoding="utf-8")


def _show(given: str) -> str:
    lines = []
    for line in given.rstrip("\n").split("\n"):
        line = _UNSEEN.sub(lambda odd: f"‹U+{ord(odd[0]):04X}›", line)
        if line.startswith("‹U+") or line.endswith("›"):
            line = _AT_EDGE.sub(lambda spaces: "·" * len(spaces[0]), line)
        body = line.strip(" ")
        if not body:
            lines.append("·" * len(line))
            continue
        before, after = len(line) - len(line.lstrip(" ")), len(line) - len(line.rstrip(" "))
        lines.append("·" * before + body + "·" * after)
    return "\n".join(lines)


if __name__ == "__main__":
    # `python -m tests.corpus_import.parsing.case_files` writes all outcomes; a person then reads the differences.
    for path in FOLDER.glob("*.txt"):
        rewrite(path.stem)

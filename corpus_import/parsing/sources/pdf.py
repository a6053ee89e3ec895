"""Front: a PDF.

Its words come with their places and fonts from a process of its own. Rows, columns and tables are found by position,
heads and feet by position and repetition; blocks are told apart as those of a web page are, by their look, their links
and their wording.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.manifest import Manifest
from corpus_import.parsing.recognise import page_marker
from corpus_import.parsing.sources.html_assembly import assemble
from corpus_import.parsing.sources.pdf_blocks import Blocks
from corpus_import.parsing.sources.pdf_columns import set_columns
from corpus_import.parsing.sources.pdf_flows import make_flow, set_anchors, set_headings, set_lists_of_notes
from corpus_import.parsing.sources.pdf_foot_notes import link_foot_notes, place_foot_notes, take_foot_notes
from corpus_import.parsing.sources.pdf_forme import find_forme
from corpus_import.parsing.sources.pdf_letters import restore_letters
from corpus_import.parsing.sources.pdf_lists import set_lists
from corpus_import.parsing.sources.pdf_margin import put_back, take_margin_marks
from corpus_import.parsing.sources.pdf_measures import measure
from corpus_import.parsing.sources.pdf_page_notes import set_page_notes
from corpus_import.parsing.sources.pdf_rows import Row, rows_of
from corpus_import.parsing.sources.pdf_tables import find_tables
from corpus_import.parsing.sources.pdf_weave import Aside, Weaver
from corpus_import.parsing.sources.pdf_words import Page, read_pages
from corpus_import.parsing.sources.shown import Shown
from corpus_import.parsing.telling import Tell, say_nothing
from reader.text.diagnostics import said

# A PDF can begin behind other bytes; readers look so far.
_BEGINNING = 1024


def is_pdf(content: bytes) -> bool:
    """Whether bytes are a PDF's."""
    return b"%PDF-" in content[:_BEGINNING]


def read_pdf(content: bytes, name: str, manifest: Manifest, tell: Tell = say_nothing) -> Shown:
    """The text of a PDF with what its pages show. Raises ImportFault if it cannot be read whole."""
    read = read_pages(content, name, tell)
    tell(f"Reading {name}: letters of its fonts")
    told = restore_letters(read, manifest.language, name)
    there = sum(len("".join(word.text.split())) for page in read.pages for word in page.words)
    marker = page_marker(manifest.page_word)
    tell(f"Reading {name}: rows and columns")
    marks = take_margin_marks(read.pages)
    rows = {page.n: rows_of(page) for page in read.pages}
    forme = find_forme(read.pages, rows, marker, marked=bool(marks))
    of = {page.n: page for page in read.pages}
    set_columns(rows)
    put_back(marks, rows)
    measures = measure([row for page in read.pages for row in rows[page.n]])
    tell(f"Reading {name}: notes and tables")
    notes = take_foot_notes(rows, measures, manifest.notes_heading)
    items = set_lists(find_tables([row for page in read.pages for row in rows[page.n]]))
    measures = measure([item for item in items if isinstance(item, Row)])
    tell(f"Reading {name}: headings and paragraphs")
    joined = Blocks(measures, marker, manifest.notes_heading)
    joined.add(items)
    blocks = place_foot_notes(joined.made, notes)
    set_headings(blocks, measures, of)
    set_lists_of_notes(blocks, manifest.notes_heading)
    made = [make_flow(block, of) for block in blocks]
    set_anchors(made, read.pages)
    link_foot_notes(made, blocks, notes)
    set_page_notes([each.flow for each in made], marker)
    left_out = Counter({"turned text": sum(page.turned for page in read.pages)})
    shown = assemble("PDF", [each.flow for each in made], [name] * len(made), left_out, manifest)
    tell(f"Reading {name}: the places of its lines")
    before = {n: [_aside(row, of[n]) for row in own] for n, own in forme.heads.items()}
    after = {n: [_aside(row, of[n]) for row in own] for n, own in forme.feet.items()}
    for n, (row, page) in forme.folios.items():
        before.setdefault(n, []).append(_aside(row, of[n], page))
    invented = 0
    for n, page in forme.labelled.items():
        mark = f"[p. {page}]"
        before.setdefault(n, []).append(Aside(mark, (0, 0, of[n].width, of[n].height), page))
        invented += len(mark) - 1
    woven = Weaver(shown, made, before, after, name).weave(len(read.pages) - 1)
    kept = (
        sum(not character.isspace() for character in woven.text)
        + shown.left_out.get("links back", 0)
        - invented
    )
    if there != kept:
        raise ImportFault(
            name,
            None,
            "%(count)s characters of the PDF would be lost; print it anew, or take another form "
            "of it (a web page, plain text), and report this fault.",
            count=abs(there - kept),
        )
    letters = [(1, "letters-of-a-font", sentence) for sentence in told]
    return replace(woven, remarks=(*woven.remarks, *letters, *_contradicted(woven, forme.printed)))


def _contradicted(shown: Shown, printed: Mapping[int, str]) -> list[tuple[int, str, str]]:
    """Remarks on pages whose head or foot names another page of the book than the marks in their text.

    If most heads do, they count the pages of the print.
    """
    page_of = {box.line: box.page - 1 for box in shown.boxes}
    first: dict[int, int] = {}
    for box in shown.boxes:
        first.setdefault(box.page - 1, box.line)
    marked: dict[int, list[str]] = defaultdict(list)
    for mark in shown.pages:
        if mark.line in page_of:
            marked[page_of[mark.line]].append(mark.page)
    found, agreed, last = [], 0, ""
    for page in sorted({*printed, *marked}):
        here = [last, *marked[page]]
        last = here[-1]
        if page not in printed or not any(here):
            continue
        agreed += printed[page] in here
        if printed[page] not in here:
            message = said("page-name-contradicted", page=printed[page], marked=here[-1])
            found.append((first.get(page, 1), "page-name-contradicted", message))
    return found if len(found) < agreed else []


def _aside(row: Row, page: Page, folio: str = "") -> Aside:
    box = page.shown(row.left, row.base - row.size * 0.8, row.right, row.base + row.size * 0.25)
    return Aside(" ".join(row.text.split()), box, folio)

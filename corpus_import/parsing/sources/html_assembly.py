"""Writes the text of a web page from its blocks, a line for each, and says of each line what the page shows."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from corpus_import.parsing.elements import Label, ParagraphKind, Role, Told
from corpus_import.parsing.forms.labels import labels_of
from corpus_import.parsing.headings import plain_title
from corpus_import.parsing.manifest import Manifest
from corpus_import.parsing.recognise import (
    BACK_TITLES,
    CAPITAL,
    CHAPTER,
    FRONT_TITLES,
    LETTERED,
    NUMBERED,
    PART,
    ROMAN,
    titled,
)
from corpus_import.parsing.sources.html_flow import Flow
from corpus_import.parsing.sources.html_kinds import Kinds, Recognised, What
from corpus_import.parsing.sources.html_lines import is_verse, part_lines
from corpus_import.parsing.sources.html_notes import (
    FoundCall,
    Links,
    find_calls,
    find_links,
    number_of_note,
    without_call,
)
from corpus_import.parsing.sources.html_pages import Parted, set_pages_apart
from corpus_import.parsing.sources.html_tables import entry_of, heading_levels, key_line
from corpus_import.parsing.sources.shown import Shown, ShownBlock, ShownCall, ShownNote, ShownPage
from reader.text.diagnostics import said
from reader.text.sentences import reads_on

_COLUMNS = "  "
# A label whose number is a figure, which later stages read as it stands.
_FIGURES = re.compile(r"[^\W\d_]*\.?\s*(?:\d|[ivxlc]+\b)", re.IGNORECASE)
# Where so large a share of paragraphs is indented, a paragraph without an indent goes on.
_INDENTED = 0.3


def assemble(
    kind: str, flows: Sequence[Flow], names: Sequence[str], left_out: Counter[str], manifest: Manifest
) -> Shown:
    """What a page of these blocks shows; `names` are the files that they stand in."""
    parted = set_pages_apart(*part_lines(flows, names), manifest)
    links = find_links(parted.flows, parted.names, manifest)
    told = Kinds(parted, links, manifest).tell()
    return _Writer(parted.flows, told, links, parted, Counter(left_out)).write(kind)


class _Writer:
    """Writes block after block; offsets count the text that is written."""

    def __init__(
        self,
        flows: Sequence[Flow],
        told: Sequence[Recognised],
        links: Links,
        parted: Parted,
        left_out: Counter[str],
    ) -> None:
        self.flows, self.told, self.links, self.left_out = flows, told, links, left_out
        self.rests, self.begun = parted.rests, parted.begun
        self.parts: list[str] = []
        self.size, self.line = 0, 1
        self.blocks: list[ShownBlock] = []
        self.calls: list[ShownCall] = []
        self.notes: list[ShownNote] = []
        self.contents: list[tuple[int, str, str]] = []
        self.emphasis: list[tuple[int, int]] = []
        self.pages: list[ShownPage] = []
        self.remarks: list[tuple[int, str, str]] = []
        self.names = parted.contradicted
        self.forme_work: set[int] = set()
        self.heads: list[tuple[str, int]] = []  # titles of divisions, and where they begin
        self.scope = -1  # where the division begins whose notes follow, if a heading over the notes names it
        self.note_of: dict[int, int] = {}  # by the index of the block that begins it
        self.targets: list[tuple[int, int]] = []  # index in `calls`, block of the note
        self.levels = heading_levels(
            [
                (_level(flow), flow.text)
                for flow, each in zip(flows, told, strict=True)
                if each.what is What.HEADING
            ]
        )
        prose = [f for f, each in zip(flows, told, strict=True) if each.what is What.TEXT and not f.quoted]
        self.indents = sum(f.indented for f in prose) > len(prose) * _INDENTED
        self.before: Flow | None = None  # the last block of running text under the heading
        self.turned = False  # a page began since
        self.table = 0  # the table of figures, or the note, that is being written
        self.bare = self.labelled = False  # a heading `Part 1`, or `CHAPTER ONE`, waits for its title

    def write(self, kind: str) -> Shown:
        """Write all blocks."""
        index = 0
        while index < len(self.flows):
            index = self._write_block(index)
        calls = list(self.calls)
        for at, block in self.targets:
            call = calls[at]
            calls[at] = replace(call, note=self.note_of.get(block))
        signs = {note.sign for note in self.notes}
        return Shown(
            kind,
            "".join(self.parts),
            tuple(self.blocks),
            tuple(call for call in calls if not call.sign or call.sign in signs or call.note is not None),
            tuple(self.notes),
            tuple(self.contents),
            tuple(self.emphasis),
            tuple(self.pages),
            frozenset(self.forme_work),
            left_out=dict(self.left_out),
            remarks=tuple(self.remarks),
        )

    def _write_block(self, index: int) -> int:
        """Write a block, or the blocks of a row; returns the index of the next one."""
        flow, told = self.flows[index], self.told[index]
        what = told.what
        if what is What.MARKER:
            self.pages.append(ShownPage(self.line, told.page, told.is_blank, told.is_inferred))
            if name := self.names.get(index):
                message = said("page-name-contradicted", page=told.page, named=name)
                self.remarks.append((self.line, "page-name-contradicted", message))
            self._line([flow.text])
            self.turned = True
            return index + 1
        if what is What.OF_SITE:
            self.forme_work |= set(range(self.line, self.line + flow.text.count("\n") + 1))
            self._line([flow.text])
            return index + 1
        row = self._row(index) if flow.cell is not None else [index]
        if what is What.NOTE:
            return self._write_note(row)
        if what is What.NOTE_REST and self.notes:
            return self._write_rest_of_note(index)
        if what is What.KEY:
            return self._write_key(row)
        if what is What.CONTENTS:
            return self._write_contents(row)
        if what is What.TABLE:
            return self._write_row_of_table(row)
        first = self.line
        if what is What.HEADING:
            self.heads.append((plain_title(flow.text), self.size))
            self._text(index)
            self._add(first, Role.HEADING, label=self._label(flow))
            self.before, self.turned, self.table = None, False, 0
            return index + 1
        if what is What.NOTES_HEADING:
            self.scope = self._scope_of(flow.text)
        if what in _ROLES:
            self._text(index)
            self._add(first, _ROLES[what])
            return index + 1
        told_of_text = self._told(index)
        self._text(index)
        if what is What.CAPTION:
            self._add(first, Role.TABLE)
            self.table = -1
        else:
            self._add(first, Role.TEXT, told_of_text)
            self.before, self.turned, self.table = flow, False, 0
            self.bare = self.labelled = False
        return index + 1

    def _row(self, index: int) -> list[int]:
        """The blocks of the row of a table that a block begins, as far as they are of one kind."""
        cell = self.flows[index].cell
        row = [index]
        for k in range(index + 1, len(self.flows)):
            other = self.flows[k].cell
            if cell is None or other is None or (other.table, other.row) != (cell.table, cell.row):
                break
            if self.told[k].what not in (self.told[index].what, What.NOTE_REST) or k in self.links.targets:
                break
            row.append(k)
        return row

    # Kinds

    def _label(self, flow: Flow) -> Label | None:
        """The kind of a heading whose wording shows none, by its level."""
        text = flow.text
        is_bare = any((m := p.fullmatch(text)) and not m["head"] for p in (PART, CHAPTER))
        worded = next(labels_of(" ".join(text.split("\n"))), None)
        if worded is not None and worded.kind in ("part", "chapter") and not _FIGURES.match(text):
            self.bare, self.labelled = False, worded.size >= len(text)
            return Label(worded.kind, worded.n, worded.size, worded.tail)
        if flow.division and worded is not None and worded.value and not worded.kind:
            self.bare = False
            return Label(flow.division, worded.n, worded.size, worded.tail)
        waits, self.bare = self.bare, is_bare
        if waits or titled(text, FRONT_TITLES) or titled(text, BACK_TITLES):
            return None
        if any(pattern.fullmatch(text) for pattern in (PART, CHAPTER, ROMAN, NUMBERED, CAPITAL, LETTERED)):
            return None
        if self.labelled:
            self.labelled = False
            return Label("", "", 0)  # the title below a bare label
        kind = self.levels.get(_level(flow), "section")
        label = next(labels_of(" ".join(text.split("\n"))), None)
        if label is None or not (label.kind or label.value):
            return Label(kind, "", 0)
        self.labelled = label.size >= len(text)
        return Label(label.kind or kind, label.n, label.size, label.tail)

    def _told(self, index: int) -> Told:
        flow, before = self.flows[index], self.before
        kind = ParagraphKind.QUOTATION if flow.quoted else ParagraphKind.PROSE
        if is_verse(flow):
            kind = ParagraphKind.VERSE
        if before is None:
            return Told(kind)
        small = flow.text[0].islower()
        if index in self.rests:
            return Told(kind, goes_on=True)
        if before.quoted == flow.quoted:
            if not self.turned:
                return Told(kind)
            goes_on = small or (index not in self.begun and reads_on(without_call(before)))
            if self.indents and not flow.quoted:
                goes_on = not flow.indented
            return Told(kind, goes_on=goes_on)
        if before.quoted and not flow.quoted:
            return Told(kind, continues=small or (self.indents and not flow.indented))
        return Told(kind)

    # Rows and notes

    def _write_note(self, row: Sequence[int]) -> int:
        first, begin = self.line, row[0]
        flow = self.flows[begin]
        called = self.links.targets.get(begin)
        body = flow.text[slice(*self.links.back[begin])].strip() if begin in self.links.back else flow.text
        number = number_of_note(body)
        if number and called and (number[0], number[1]) != called and not number[1] and called[0]:
            # A list that the browser numbered itself, or a body that begins with a figure.
            number = (*called, number[2]) if flow.item == number[0] else None
        n, sign, length = number or (*(called or (max(flow.item, 0), "")), 0)
        self.notes.append(ShownNote(n, length, sign, tuple(name for _, name in flow.anchors)))
        self.note_of[begin] = len(self.notes) - 1
        if self.scope >= 0 and not called:
            self._call_from(begin, n, sign)
        joined = [begin]
        if length == len(body) and len(row) > 1:
            joined.append(row[1])
        self._texts(joined)
        self._add(first, Role.NOTE, note=len(self.notes) - 1)
        at = begin + len(joined)
        self.table, self.turned = 0, False
        while at <= row[-1]:
            at = self._write_rest_of_note(at)
        return at

    def _scope_of(self, title: str) -> int:
        title = plain_title(title)
        named = [
            at
            for head, at in self.heads
            if head and (title in (head, head[-len(title) :]) or title.endswith(head))
        ]
        return named[-1] if named else -1

    def _call_from(self, note: int, n: int, sign: str) -> None:
        """Give a note without a link the first free call of its number in the division that the heading names."""
        taken = {at for at, _ in self.targets}
        for at, call in enumerate(self.calls):
            if call.start >= self.scope and (call.n, call.sign) == (n, sign) and at not in taken:
                self.targets.append((at, note))
                return

    def _write_rest_of_note(self, index: int) -> int:
        first, flow = self.line, self.flows[index]
        goes_on = index in self.rests or (self.turned and (flow.text[0].islower() or not flow.indented))
        kind = ParagraphKind.QUOTATION if flow.quoted else ParagraphKind.PROSE
        self._text(index)
        self._add(first, Role.NOTE, Told(kind, goes_on=goes_on), note=len(self.notes) - 1)
        self.turned = False
        return index + 1

    def _write_key(self, row: Sequence[int]) -> int:
        first = self.line
        flow = self.flows[row[0]]
        if flow.cell is None:
            head = key_line(flow.text)
            self._text(row[0])
            if head:
                self._add(first, Role.KEY, label=Label("", *head))
            else:
                self._add(first, Role.KEY_REST)
        elif flow.cell.column == 0 and len(row) > 1:
            head_length = len(flow.text) + len(_COLUMNS)
            self._texts(row[:2], _COLUMNS)
            self._add(first, Role.KEY, label=Label("", flow.text, head_length))
            for k in row[2:]:
                first = self.line
                self._text(k)
                self._add(first, Role.KEY_REST)
        else:
            self._texts(row)
            self._add(first, Role.KEY_REST if self.blocks and self.blocks[-1].role in _KEYS else Role.TITLE)
        return row[-1] + 1

    def _write_contents(self, row: Sequence[int]) -> int:
        first = self.line
        title, page = entry_of([self.flows[k].text for k in row])
        if page:
            self.contents.append((first, title.replace("\n", " "), page))
        self._texts(row, _COLUMNS)
        self._add(first, Role.CONTENTS)
        return row[-1] + 1

    def _write_row_of_table(self, row: Sequence[int]) -> int:
        first = self.line
        cell = self.flows[row[0]].cell
        table = cell.table if cell else self.table
        self._texts(row, _COLUMNS)
        self._add(first, Role.TABLE, Told(goes_on=self.table in (table, -1)))
        self.table = table
        return row[-1] + 1

    # Writing

    def _text(self, index: int) -> None:
        self._texts([index])

    def _texts(self, row: Sequence[int], between: str = " ") -> None:
        """Write blocks in one line (or the lines of the block, if it is one), with their calls and emphasis."""
        for k, index in enumerate(row):
            flow = self.flows[index]
            text = flow.text
            first = 0
            if index in self.links.back:
                first, last = self.links.back[index]
                text = text[first:last].strip()
                first += len(flow.text[first:last]) - len(flow.text[first:last].lstrip())
                self.left_out["links back"] += len("".join(flow.text.split())) - len("".join(text.split()))
            if len(row) > 1:
                text = text.replace("\n", " ")
            if k:
                self._write(between)
            start = self.size
            self._write(text)
            self._mark(index, flow, start - first, first + len(text))
        self._write("\n")

    def _mark(self, index: int, flow: Flow, start: int, length: int) -> None:
        is_heading = self.told[index].what is What.HEADING
        if self.told[index].what in _SILENT:
            return
        for call in find_calls(flow, self.links.calls.get(index, ()), self.links.form):
            if call.end > length or (self.told[index].what is What.NOTE and call.start == 0):
                continue
            if own := self.links.contradicted.get((index, call.start)):
                self.remarks.append(
                    (
                        self.line,
                        "link-contradicted",
                        said("link-contradicted", n=call.n, note=own),
                    )
                )
            self._call(call, start)
        runs = flow.italics if is_heading or flow.is_bold else _joined(flow.italics, flow.bold)
        begin = self.links.back.get(index, (0, 0))[0]
        self.emphasis += [(start + a, start + min(b, length)) for a, b in runs if begin <= a < length]

    def _call(self, call: FoundCall, start: int) -> None:
        if call.target is not None:
            self.targets.append((len(self.calls), call.target))
        self.calls.append(
            ShownCall(start + call.start, start + call.end, call.n, call.sign, leads=call.leads)
        )

    def _line(self, texts: Sequence[str]) -> None:
        self._write(" ".join(texts) + "\n")

    def _write(self, text: str) -> None:
        self.parts.append(text)
        self.size += len(text)
        self.line += text.count("\n")

    def _add(
        self,
        first: int,
        role: Role,
        told: Told | None = None,
        *,
        label: Label | None = None,
        note: int | None = None,
    ) -> None:
        self.blocks.append(ShownBlock(first, self.line - 1, role, told or Told(), label, note))


_ROLES = {
    What.TITLE: Role.TITLE,
    What.CONTENTS_HEADING: Role.CONTENTS,
    What.KEY_HEADING: Role.KEY_HEADING,
    What.NOTES_HEADING: Role.NOTES_HEADING,
    What.RULE: Role.RULE,
}
_KEYS = (Role.KEY, Role.KEY_REST)
_SILENT = (What.TITLE, What.CONTENTS, What.CONTENTS_HEADING, What.MARKER)


def _level(flow: Flow) -> int:
    """The level of a heading: of a bold line the lowest."""
    return flow.heading or 7


def _joined(*runs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(run for of in runs for run in of):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined

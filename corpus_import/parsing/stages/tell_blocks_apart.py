"""Stage: give each block its role.

A print page emitted the text of tables after the running text. So rows of the key, and pieces of notes, interrupt
unrelated sentences. Each block gets its role here; the later stages then read the blocks of one role in their order,
and the interruption is gone.

A piece of a note is known by its position (after a heading *Notes*), by its end (`[p. 42]`), by its number, or by its
measure: lines that were broken although the next word would have fitted the column of the running text.
A row of the key is known by its two columns and its neighbours: a single row is not taken for a key.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus_import.parsing.blocks import FORME_WORK, NARROW, is_open, width
from corpus_import.parsing.diagnostics import Diagnostic, ImportFault
from corpus_import.parsing.elements import Account, Between, Block, Draft, Measures, Role
from corpus_import.parsing.forms.lists import is_item
from corpus_import.parsing.forms.notes import calls_in, number_pattern
from corpus_import.parsing.headings import plain_title
from corpus_import.parsing.named_headings import find_named_headings
from corpus_import.parsing.recognise import (
    BACK_TITLES,
    CAPITAL,
    CHAPTER,
    FRONT_TITLES,
    KEY_ROW,
    LETTERED,
    NOTE_NUMBER,
    NOTE_PAGE,
    NOTE_PAGE_BEGUN,
    NUMBERED,
    PART,
    ROMAN,
    has_columns,
    is_headword,
    is_key_heading,
    is_notes_heading,
    is_row_of_figures,
    titled,
)
from corpus_import.parsing.tables import find_tables
from corpus_import.parsing.untitled_text import find_first_text
from reader.text.diagnostics import said
from reader.text.sentences import reads_on

# A heading is set in short lines: each at most this share of the measure, and at most this many lines.
HEADING_MEASURE = 0.78
HEADING_LINES = 7
# A volume has a key if its longest run of rows has this many.
ROWS_OF_A_KEY, ROWS_WITHOUT_HEADING = 4, 6
# The width of notes as a share of the measure of prose, where no note shows its width.
USUAL_NOTE = 0.82
# `[p. 42]` after the space of a column.
_PARTED_PAGE = re.compile(r"(?<!\s)\s{2,}\[\s*[^\W\d]{1,3}\.")


def tell_blocks_apart(draft: Draft) -> Draft:
    """Give each block its role. Raises ImportFault if there is no heading of a division."""
    blocks = list(draft.blocks)
    roles = _Roles(draft).assign(blocks)
    if Role.HEADING not in roles and not any(witness.shown for witness in draft.witnesses):
        raise ImportFault(
            draft.witnesses[0].name,
            1,
            "no heading of a part, chapter or preface was found; check that this is the extracted text of a book.",
        )
    blocks = [replace(block, role=role) for block, role in zip(blocks, roles, strict=True)]
    accounts = tuple(
        Account(line.span, FORME_WORK[block.role])
        for block in blocks
        if block.role in FORME_WORK
        for line in block.lines
    )
    remarks = tuple(
        Diagnostic(
            "text-before-first-division",
            block.first.witness,
            block.first.number,
            said("text-before-first-division", begins=block.first.text[:60]),
        )
        for block, before in zip(blocks, draft.blocks, strict=True)
        if block.role is Role.TITLE and before.role is not Role.TITLE
    )
    return replace(
        draft,
        blocks=tuple(blocks),
        accounts=draft.accounts + accounts,
        diagnostics=draft.diagnostics + remarks,
    )


class _Roles:
    """Walks over the blocks once, from the first to the last."""

    def __init__(self, draft: Draft) -> None:
        self.manifest = draft.manifest
        self.repeated = _lines_of_several_files(draft.blocks)
        self.named = find_named_headings(draft.blocks, draft.contents)
        self.measures: Measures = draft.measures
        self.form = draft.form
        self.number = number_pattern(draft.form.number)
        self.note_lines = draft.note_lines
        self.tables: set[int] = set()  # indices of the blocks that are pieces of tables
        self.in_notes = False  # after a heading *Notes*
        self.in_piece = False  # in a piece of a note inside the running text
        self.begun = False  # a division has begun
        self.last_chapter = 0
        self.calls = False  # the text has called a note
        self.last_note = 0  # the last number of a note
        self.awaits_rest = False  # the last note that was read has no end yet

    def assign(self, blocks: Sequence[Block]) -> list[Role]:
        """The role of each block."""
        roles: list[Role] = []
        self.tables = find_tables(blocks)
        rows = self._find_key(blocks)
        text_begins = find_first_text(blocks, rows, self.measures.prose)
        for index, block in enumerate(blocks):
            if block.role in (Role.TITLE, Role.CONTENTS):
                roles.append(block.role)
                # Another witness begins: notes and pieces of the last one are over.
                self.in_notes = self.in_piece = False
                continue
            if block.role in (Role.NOTE, Role.RULE):
                roles.append(block.role)
                continue
            told = block.role if block.role is not Role.TEXT else None
            role = told or rows.get(index) or self._role(blocks, index, roles)
            if role is Role.HEADING:
                numbered = NUMBERED.match(block.first.text)
                self.last_chapter = int(numbered["n"]) if numbered else self.last_chapter
                self.begun, self.in_notes, self.in_piece = True, False, False
                self.last_note = 0
            elif role is Role.NOTES_HEADING:
                self.in_notes, self.in_piece = True, False
            elif role in (Role.TEXT, Role.TABLE):
                self.begun = self.begun or index >= text_begins
                if not self.begun:
                    role = Role.TITLE
                self.in_notes = self.in_piece = False
            elif role is Role.NOTE and not self.in_notes:
                self.in_piece = True
            if role in (Role.TEXT, Role.HEADING):
                self.calls = self.calls or any(
                    any(calls_in(line.text, self.form.call)) for line in block.lines
                )
            if role is Role.NOTE:
                if numbered := NOTE_NUMBER.match(block.first.text):
                    self.last_note = int(numbered["n"])
                self.awaits_rest = NOTE_PAGE.search(blocks[index].last.text) is None
            roles.append(role)
        return roles

    def _role(self, blocks: Sequence[Block], index: int, roles: Sequence[Role]) -> Role:
        block = blocks[index]
        text = block.first.text
        if len(block.lines) == 1 and is_key_heading(text, self.manifest.key_heading) and not self.in_notes:
            return Role.KEY_HEADING
        if len(block.lines) == 1 and self.begun and is_notes_heading(text, self.manifest.notes_heading):
            return Role.NOTES_HEADING
        if (block.first.witness, block.first.number) in self.note_lines:
            return Role.NOTE
        is_heading = index in self.named or (self.is_heading(block) and not is_item(blocks, index))
        if is_heading or self._completes_heading(blocks, index, roles):
            return Role.HEADING
        if self.in_notes:
            return Role.TEXT if self._is_text_after_notes(block) else Role.NOTE
        if index in self.tables:
            return Role.TABLE
        if self.begun and self._is_piece_of_note(blocks, index, roles):
            return Role.NOTE
        return Role.TEXT

    # Headings

    def is_heading(self, block: Block) -> bool:
        """Whether a block is the heading of a division, judged by its wording, its short lines and its neighbours."""
        joined = " ".join(line.text for line in block.lines)
        if len(block.lines) > HEADING_LINES or joined[-1] in ".;,:" or not any(map(str.isalpha, joined)):
            return False
        longest = max(len(line.text) for line in block.lines)
        if self.measures.prose and longest > self.measures.prose * HEADING_MEASURE:
            return False
        if NOTE_PAGE.search(joined) or is_row_of_figures(block.first.text):
            return False
        if block.first.indent < 2 and (self.in_notes or block.between is Between.NONE):
            return False
        for pattern in (PART, CHAPTER, NUMBERED, ROMAN, LETTERED, CAPITAL):
            match = pattern.fullmatch(joined)
            if match:
                if pattern is NUMBERED and block.first.indent == 4 and block.between is Between.BLANK:
                    # Where paragraphs begin: an item of a list, unless it is the next chapter.
                    return int(match["n"]) == self.last_chapter + 1
                if pattern is NUMBERED and self.in_piece and block.first.indent < 2:
                    # Where notes begin: the next note.
                    return int(match["n"]) == self.last_chapter + 1 != self.last_note + 1
                head = match["head"].lstrip("\"“‘'«([")
                if pattern in (PART, CHAPTER) and joined[: match.start("head")].rstrip()[-1] in ".:":
                    return True
                # `Book II was burnt`, `Chapter 3 shows that`: the beginning of a sentence.
                return not head or not head[0].isalpha() or not head[0].islower()
        return (
            block.first.indent >= 2
            and (titled(joined, FRONT_TITLES) or titled(joined, BACK_TITLES))
            and not is_open(block.last)
        )

    def _completes_heading(self, blocks: Sequence[Block], index: int, roles: Sequence[Role]) -> bool:
        """Whether a block is the title below a bare `Part 1` or `Chapter 3`."""
        block, before = blocks[index], blocks[index - 1]
        if (
            not roles
            or roles[-1] is not Role.HEADING
            or before.label
            or block.first.witness != before.first.witness
        ):
            return False
        above = " ".join(line.text for line in before.lines)
        bare = [label for p in (PART, CHAPTER) if (label := p.fullmatch(above)) and not label["head"]]
        return (
            bool(bare)
            and block.between in (Between.NONE, Between.BLANK)
            and block.first.indent >= 2
            and len(block.lines) <= HEADING_LINES
            and block.last.text[-1] not in ".;,:"
            and max(len(line.text) for line in block.lines) <= self.measures.prose * HEADING_MEASURE
        )

    # Notes

    def _is_narrow(self, block: Block) -> bool:
        column = width(block)
        return column is not None and column < self.measures.prose * NARROW

    def _has_a_note_s_measure(self, block: Block) -> bool:
        """Whether three lines or more directly below the text have the width of notes, and the text calls notes."""
        column = width(block)
        if column is None or len(block.lines) < 3 or not self.calls:
            return False
        if block.between not in (Between.NONE, Between.HEADER):
            return False
        usual = self.measures.note or self.measures.prose * USUAL_NOTE
        return abs(column - usual) < self.measures.prose * (NARROW - USUAL_NOTE)

    def _is_text_after_notes(self, block: Block) -> bool:
        """Whether running text begins again without a heading: lines as wide as prose where notes are not."""
        column = width(block)
        return (
            0 < self.measures.note < self.measures.prose * NARROW
            and column is not None
            and len(block.lines) >= 4
            and column > (self.measures.note + self.measures.prose) / 2
        )

    def _is_piece_of_note(self, blocks: Sequence[Block], index: int, roles: Sequence[Role]) -> bool:
        block = blocks[index]
        joined = " ".join(line.text for line in block.lines)
        parted = _PARTED_PAGE.search(joined) is not None
        if (parted or self._is_narrow(block)) and self._ends_with_page(blocks, index):
            return True
        if self.in_piece and not self._resumes_text(blocks, index, roles):
            return True
        if self.number.match(joined) and block.first.indent < 2:
            alone = self.number.fullmatch(joined) is not None
            return alone or self._is_narrow(block) or self._ends_with_page(blocks, index)
        if self._has_a_note_s_measure(block) and not self._is_quotation(blocks, index, roles):
            return True
        # A note waits for its end, while no sentence of the text does.
        waits = self.awaits_rest and roles[-1] is Role.TEXT and not reads_on(blocks[index - 1].last.text)
        if self._is_narrow(block):
            return waits or self._ends_with_page(blocks, index) or self._leads_to_page(blocks, index)
        # A single line shows no measure.
        return (
            waits and len(block.lines) == 1 and block.first.indent == 1 and self._leads_to_page(blocks, index)
        )

    def _ends_with_page(self, blocks: Sequence[Block], index: int) -> bool:
        """Whether the block, or the piece that the block begins, ends with `[p. 42]`, whole or cut in two."""
        last = blocks[index].last.text
        if NOTE_PAGE.search(last):
            return True
        return (
            NOTE_PAGE_BEGUN.search(last) is not None
            and index + 1 < len(blocks)
            and "]" in blocks[index + 1].first.text[:12]
        )

    def _leads_to_page(self, blocks: Sequence[Block], index: int) -> bool:
        """Whether the block and the narrow blocks directly below, with no white space between, end with `[p. 42]`.

        The header of a print page can stand between two lines of a sentence.
        """
        for k in range(index + 1, min(index + 8, len(blocks))):
            below = blocks[k]
            goes_on = below.between is Between.HEADER and is_open(blocks[k - 1].last)
            if (below.between is not Between.NONE and not goes_on) or not (
                self._is_narrow(below) or len(below.lines) == 1
            ):
                return False
            if self._ends_with_page(blocks, k):
                return True
        return False

    def _resumes_text(self, blocks: Sequence[Block], index: int, roles: Sequence[Role]) -> bool:
        """Whether a block after a piece of a note belongs to the running text that the piece interrupted."""
        block, before = blocks[index], blocks[index - 1]
        if NOTE_PAGE_BEGUN.search(before.last.text):
            return False
        column = width(block)
        if column is not None and len(block.lines) >= 2:
            wide = column >= self.measures.prose * NARROW
            if wide or len(block.lines) >= 3:
                return wide
        if self.number.match(block.first.text) and block.first.indent < 2:
            return False
        finished = NOTE_PAGE.search(before.last.text) is not None
        if not finished and (self._leads_to_page(blocks, index) or self._is_cut_by_heading(blocks, index)):
            return False  # the note goes on, and ends with its page, here or behind a heading
        return (
            finished or block.first.indent >= 4 or (block.between is Between.NONE and block.first.indent == 1)
        )

    def _is_cut_by_heading(self, blocks: Sequence[Block], index: int) -> bool:
        """Whether a line waits for its rest directly above a heading, as no paragraph of the text does."""
        if index + 1 >= len(blocks) or not is_open(blocks[index].last):
            return False
        below = blocks[index + 1]
        return below.role is Role.HEADING or index + 1 in self.named or self.is_heading(below)

    def _is_quotation(self, blocks: Sequence[Block], index: int, roles: Sequence[Role]) -> bool:
        """Whether the running text before a narrow block introduces it."""
        for before in range(index - 1, -1, -1):
            if roles[before] is Role.TEXT:
                ends = blocks[before].last.text
                return ends.endswith((":", ":--", ": --")) or self._is_narrow(blocks[before])
            if roles[before] is Role.HEADING:
                return False
        return False

    # The key

    def _find_key(self, blocks: Sequence[Block]) -> dict[int, Role]:
        """The blocks that are rows of the key: runs of two rows or more."""
        roles: dict[int, Role] = {}
        alone: list[tuple[int, list[Role]]] = []
        begun_in: set[int] = set()  # witnesses in which a division has begun
        index, most, last = 0, 0, ""
        while index < len(blocks):
            run = self._read_run(blocks, index)
            rows = sum(role is Role.KEY for role in run)
            # One row is enough if the row cuts a sentence in two; two if no division has begun. Later a run must be
            # long, or continue the alphabet of an earlier key: two columns of words are not always a key.
            interrupts = rows > 0 and index > 0 and is_open(blocks[index - 1].last)
            goes_on = most >= ROWS_OF_A_KEY and _head_of(blocks[index]) >= last
            headed = index > 0 and is_key_heading(blocks[index - 1].first.text, self.manifest.key_heading)
            begun = blocks[index].first.witness in begun_in
            if interrupts or (rows >= 2 and (not begun or goes_on or headed)) or rows >= ROWS_WITHOUT_HEADING:
                roles.update(enumerate(run, start=index))
                most = max(most, rows)
                heads = [_head_of(blocks[k]) for k, role in enumerate(run, start=index) if role is Role.KEY]
                last = max(last, *heads)
            elif rows:
                alone.append((index, run))
            if not run and (blocks[index].role is Role.HEADING or self._heads_text(blocks, index)):
                begun_in.add(blocks[index].first.witness)
            index += max(len(run), 1)
        # A single row between two blocks counts if the volume has a key and the row comes last in the alphabet.
        # So does a row that another file has in its key.
        known = {row_in_plain(blocks, k) for k, role in roles.items() if role is Role.KEY}
        for index, run in alone:
            begins = [k for k, role in enumerate(run, start=index) if role is Role.KEY]
            again = all(row_in_plain(blocks, k) in known for k in begins)
            if again or (most >= ROWS_OF_A_KEY and _head_of(blocks[index]) > last):
                roles.update(enumerate(run, start=index))
        return roles

    def _heads_text(self, blocks: Sequence[Block], index: int) -> bool:
        """Whether a block has the wording of a heading, and is no row of a contents list."""

        def is_heading(k: int) -> bool:
            return 0 <= k < len(blocks) and blocks[k].role is Role.TEXT and self.is_heading(blocks[k])

        if not is_heading(index) or is_heading(index + 1):
            return False
        row_follows = index + 1 < len(blocks) and self._row_size(blocks, index + 1) > 0
        return not (row_follows and is_heading(index - 1))

    def _read_run(self, blocks: Sequence[Block], start: int) -> list[Role]:
        """The roles of the blocks that make rows of the key, from `start` on; empty if no row begins there."""
        run: list[Role] = []
        while start + len(run) < len(blocks):
            index = start + len(run)
            if blocks[index].role is not Role.TEXT or index in self.tables:
                break
            size = self._row_size(blocks, index)
            if size:
                run += [Role.KEY, Role.KEY_REST][:size]
            elif run and self._continues_row(blocks, start, index):
                run.append(Role.KEY_REST)
            else:
                break
        return run

    def _row_size(self, blocks: Sequence[Block], index: int) -> int:
        """The number of blocks of the row of the key that begins at `index`; 0 if no row begins there."""
        block = blocks[index]
        if block.first.indent > 1 or not self._fits_key(block) or _is_body_of_note(blocks, index):
            return 0
        if is_key_row(block):
            return 1
        after = blocks[index + 1] if index + 1 < len(blocks) else None
        if after is None or len(block.lines) != 1 or not is_headword(block.first.text):
            return 0
        if is_notes_heading(after.first.text, self.manifest.notes_heading):
            return 0
        below = after.filler or (after.between is Between.NONE and block.last.trailing >= 2)
        if below and after.first.indent <= 1 and self._fits_key(after) and not is_key_row(after):
            return 2
        return 0

    def _continues_row(self, blocks: Sequence[Block], start: int, index: int) -> bool:
        """Whether a block is the rest of a definition cut by the end of a page, in the run that begins at `start`."""
        block, before = blocks[index], blocks[index - 1]
        if block.first.indent > 1 or not self._fits_key(block) or is_key_row(block):
            return False
        if NOTE_NUMBER.fullmatch(block.first.text):
            return False
        if is_notes_heading(block.first.text, self.manifest.notes_heading) or self.is_heading(block):
            return False
        if block.between is Between.MARKER:
            return True
        if block.between is Between.NONE:
            # Or the interrupted sentence goes on; no more rows can come after that.
            # The rest of a sentence is as wide as prose, and does not stand in another file's key as well.
            interrupts = self._interrupts(blocks, start) and len(block.lines) == 1
            interrupts = interrupts and block.first.text not in self.repeated
            return not interrupts or (index + 1 < len(blocks) and self._row_size(blocks, index + 1) > 0)
        return is_open(before.last)

    def _interrupts(self, blocks: Sequence[Block], start: int) -> bool:
        """Whether a sentence waits for its rest below the key: of the block above, or of the file before."""
        above = start - 1
        while above >= 0 and (
            blocks[above].role in (Role.TITLE, Role.CONTENTS)
            or is_key_heading(blocks[above].first.text, self.manifest.key_heading)
        ):
            above -= 1
        if above < 0:
            return False
        last = blocks[above].last
        return is_open(last) or (last.witness != blocks[start].first.witness and reads_on(last.text))

    def _fits_key(self, block: Block) -> bool:
        """Whether every line is short enough for the key's two columns."""
        longest = max(len(line.text) for line in block.lines)
        return longest <= max(self.measures.prose * 0.72, 56)


def _is_body_of_note(blocks: Sequence[Block], index: int) -> bool:
    """Whether a block is a note's body: the number stands alone before it, or `[p. 42]` at its end."""
    if NOTE_PAGE.search(blocks[index].last.text):
        return True
    before = blocks[index - 1] if index else None
    return before is not None and len(before.lines) == 1 and bool(NOTE_NUMBER.fullmatch(before.first.text))


def _head_of(block: Block) -> str:
    """The headword of a row of the key, in a form for comparing in alphabetical order."""
    row = KEY_ROW.fullmatch(block.first.text)
    return (row["head"] if row else block.first.text).casefold()


def _lines_of_several_files(blocks: Sequence[Block]) -> frozenset[str]:
    """The lines that stand in more than one witness."""
    first: dict[str, int] = {}
    repeated: set[str] = set()
    for block in blocks:
        for line in block.lines:
            if first.setdefault(line.text, line.witness) != line.witness:
                repeated.add(line.text)
    return frozenset(repeated)


def row_in_plain(blocks: Sequence[Block], index: int) -> str:
    """The beginning of a row of the key, in one form for one row or two blocks: headword and first line."""
    block = blocks[index]
    row = KEY_ROW.fullmatch(block.first.text)
    rest = blocks[index + 1].first.text if row is None and index + 1 < len(blocks) else ""
    return plain_title(f"{block.first.text} {rest}")


def is_key_row(block: Block) -> bool:
    """Whether a block begins with a headword, two spaces and a definition."""
    row = KEY_ROW.fullmatch(block.first.text)
    return (
        row is not None
        and is_headword(row["head"])
        and not has_columns(block.first.text)
        and sum(map(str.isalpha, row["definition"])) >= 2
    )

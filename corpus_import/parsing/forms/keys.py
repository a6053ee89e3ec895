"""Finds keys whose headwords and definitions are parted by a tab, a colon, a dash, leaders, a comma, one space.

One row proves nothing: `Moscow: a city` is a sentence as well. The form is decided for a whole run of rows, which
begins under a heading such as *Abbreviations* or before the text of a witness: most rows follow the form, the
headwords are short, begin with a capital and stand in the order of the alphabet. Further rows, later in the volume,
must have the form of a key that was found, and go on with its alphabet or repeat it.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from corpus_import.parsing.blocks import is_open
from corpus_import.parsing.elements import Between, Block, Draft, Label, Line, Role
from corpus_import.parsing.forms.labels import labels_of
from corpus_import.parsing.forms.titles import is_list_title, kind_of_title
from corpus_import.parsing.recognise import (
    NOTE_NUMBER,
    NOTE_PAGE,
    begins_like_a_heading,
    is_headword,
    is_key_heading,
    is_notes_heading,
)
from reader.text.page_numbers import PAGE_NUMBER

# The fewest rows of a key, under a heading and without one; the share of pairs that are in the order of the alphabet.
FEWEST_ROWS, WITHOUT_HEADING = 2, 4
IN_ORDER = 0.8
# The rows that a key without a heading needs where no headword is an abbreviation: a title block has such rows, too.
SHOWING_NOTHING = 7
# The most blocks before a witness's text in which a key without a heading can begin.
FARTHEST = 80

_HEAD = r"(?:[•·*▪–-]\s+)?[“\"‘«]?(?P<head>[^\W\d_](?:[^:=\t]{0,39}?[^\s:=–—”\"’»])?)[”\"’»]?"
# The forms in the order in which they are tried; those that part all words only where no other fits.
FORMS = {
    "tab": re.compile(rf"{_HEAD}[ ]?\t\s*(?P<definition>\S.*)?"),
    "gap": re.compile(r"(?P<head>[^\W\d_].{0,39}?)\s{2,}(?P<definition>\S.*)"),
    "equals sign": re.compile(rf"{_HEAD}\s*=\s*(?P<definition>\S.*)?"),
    "colon": re.compile(rf"{_HEAD}\s?:(?:\s+(?P<definition>\S.*)|$)"),
    "dash": re.compile(rf"{_HEAD}(?:\s+(?:--?|[–—])\s+|\s?—\s?)(?P<definition>\S.*)"),
    "leaders": re.compile(rf"{_HEAD}\s*(?:\.\s?){{3,}}\s*(?P<definition>[^\s.].*)"),
    "bold": re.compile(
        r"(?P<mark>\*\*?|__?)(?P<head>[^\W\d_][^*_]{0,39})(?P=mark)\s*[:=–—-]?\s+(?P<definition>\S.*)"
    ),
    # The definition is a block of its own, set in below the headword.
    "above": re.compile(r"(?P<head>(?!))(?P<definition>)"),
    "comma": re.compile(r"(?P<head>[^\W\d_][^,;.()\t]{0,39})[,;] (?P<definition>[^\s\d].*)"),
    # A headword with two capitals or more, or a single word; further words only in brackets.
    "space": re.compile(
        r"(?P<head>[^\W\d_][\w.'’/&-]{0,24}(?: ?\([^()]{1,20}\))?) (?P<definition>[^\s\d].*)"
    ),
}
# Forms that sentences have, too.
_WEAK = ("comma", "space")
# `The office of scales  53`: a row of a contents list.
_ENDS_WITH_PAGE = re.compile(rf"(?:\s{{2,}}|\.{{3,}}\s*|\s)(?-i:{PAGE_NUMBER})$")
_ENDS_SENTENCE = (".", "!", "?")


@dataclass(slots=True)
class _Row:
    """A row while its lines are gathered: (block, first line, line after the last) for each block of the row."""

    head: str
    size: int
    pieces: list[tuple[int, int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Run:
    form: str
    rows: tuple[_Row, ...]
    end: int  # the index of the block after the last one


def find_keys(draft: Draft) -> tuple[Block, ...]:
    """The blocks of a draft, with the rows of keys in other forms, and the headings over them, in their roles."""
    finder = _Finder(draft)
    return tuple(finder.find())


class _Finder:
    """Walks over the blocks once; a run of rows is read where one may begin."""

    def __init__(self, draft: Draft) -> None:
        self.blocks = draft.blocks
        self.manifest = draft.manifest
        self.prose = draft.measures.prose
        self.form = ""  # of the key that was found
        self.heads: set[str] = set()
        self.last = ""
        self.tried = 0  # the index up to which a run was read and was no key

    def find(self) -> Iterator[Block]:
        """The blocks, with roles for headings and rows of keys."""
        index, witness, before_text, counted = 0, -1, True, 0
        in_list = False
        while index < len(self.blocks):
            block = self.blocks[index]
            if block.first.witness != witness:
                witness, before_text, counted = block.first.witness, True, 0
            counted += 1
            text = block.first.text
            headed = len(block.lines) == 1 and is_key_heading(text, self.manifest.key_heading)
            if headed and (run := self._run(index + 1, FEWEST_ROWS)):
                yield replace(block, role=Role.KEY_HEADING)
                index, in_list = index + 1, False
                if run.form != "gap":  # two columns are read by a later stage
                    yield from self._rows(run)
                    index = run.end
                continue
            if is_list_title(text) and len(block.lines) == 1:
                in_list = True
            elif len(block.lines) <= 2 and begins_like_a_heading(text) and not is_list_title(text):
                in_list = False
            if not in_list and before_text and counted <= FARTHEST:
                run = self._run(index, WITHOUT_HEADING)
            elif not in_list and self.form:
                run = self._further(index)
            else:
                run = None
            if run and run.form != "gap":
                yield from self._rows(run)
                index = run.end
                continue
            is_text = len(block.lines) >= 2 and len(text) > self.prose * 0.72
            if is_text or (self._may_be_heading(index) and not headed and not self._is_listed(index)):
                before_text = False
            yield block
            index += 1

    def _may_be_heading(self, index: int) -> bool:
        block = self.blocks[index]
        text = block.first.text
        return len(block.lines) == 1 and bool(kind_of_title(text) or begins_like_a_heading(text))

    def _is_listed(self, index: int) -> bool:
        """Whether a line like a heading is a row of a contents list: it ends with a page, or stands beside another."""
        if _ENDS_WITH_PAGE.search(self.blocks[index].first.text):
            return True
        return any(0 <= k < len(self.blocks) and self._may_be_heading(k) for k in (index - 1, index + 1))

    # Runs

    def _run(self, start: int, fewest: int) -> _Run | None:
        """The longest run of rows of one form that begins at a block, if it is a key."""
        runs = []
        for form in FORMS:
            run = self._read(start, form)
            if len(run.rows) >= fewest and self._is_key(run, is_headed=fewest < WITHOUT_HEADING):
                runs.append(run)
            if runs and form == "above":
                break
        best = max(runs, key=lambda run: len(run.rows), default=None)
        if best and not self.form and best.form != "gap":
            self.form = best.form
        return best

    def _further(self, start: int) -> _Run | None:
        """A run of rows of the key's form that repeats the key, or goes on with its alphabet."""
        if start < self.tried:
            return None
        run = self._read(start, self.form)
        self.tried = run.end
        if not run.rows:
            return None
        heads = [_plain(row.head) for row in run.rows]
        repeats = sum(head in self.heads for head in heads) * 2 > len(heads)
        goes_on = heads[0] >= self.last and heads == sorted(heads)
        before = self.blocks[start - 1]
        interrupts = is_open(before.last) and len(before.last.text) > self.prose * 0.5
        if repeats or (
            goes_on and self._is_key(run, is_headed=False) and (interrupts or len(heads) >= FEWEST_ROWS)
        ):
            return run
        return None

    def _is_key(self, run: _Run, *, is_headed: bool) -> bool:
        heads = [row.head for row in run.rows]
        plain = [_plain(head) for head in heads]
        pairs = list(pairwise(plain))
        if len(set(plain)) < len(plain) or any(self._is_label(head) for head in heads):
            return False
        if pairs and sum(a <= b for a, b in pairs) < len(pairs) * IN_ORDER:
            return False
        shown = sum(sum(map(str.isupper, head)) >= 2 for head in heads)
        if run.form == "above" and not is_headed:
            return False
        if run.form not in _WEAK:
            return is_headed or shown > 0 or len(heads) >= SHOWING_NOTHING
        # One space parts all words: most headwords must show that they are some, or a heading with several rows does.
        several = is_headed and len(heads) >= WITHOUT_HEADING
        return (several or shown * 2 >= len(heads)) and plain == sorted(plain)

    def _is_label(self, head: str) -> bool:
        return head[-1].isdigit() or any(label.kind for label in labels_of(head)) or bool(kind_of_title(head))

    def _read(self, start: int, form: str) -> _Run:
        """The rows of a form from a block on; the run ends where a block is neither a row nor the rest of one."""
        rows: list[_Row] = []
        index, last = start, ""
        while index < len(self.blocks):
            block, first = self.blocks[index], self.blocks[start].first
            if not self._fits(block) or block.first.witness != first.witness:
                break
            if form in _WEAK and rows and abs(block.first.indent - first.indent) > 1:
                break  # a heading, or the first paragraph
            begun = len(rows)
            parted = self._part(index, form, last, rows)
            if not parted:
                del rows[begun:]
                break
            last = _plain(rows[-1].head)
            index += 1
        while rows and not _has_definition(rows[-1], self.blocks):
            index = rows[-1].pieces[0][0]
            rows.pop()
        return _Run(form, tuple(rows), index)

    def _part(self, index: int, form: str, last: str, rows: list[_Row]) -> bool:
        """Add the rows of a block; false if the block neither is a row nor goes on with one."""
        block = self.blocks[index]
        for k in range(len(block.lines)):
            row = self._row(index, k, form)
            if row and (not k or not rows or self._begins_within(block, k, form, row, last)):
                if form in _WEAK and rows and _plain(row.head) < last:
                    return False
                rows.append(row)
                last = _plain(row.head)
            elif not rows or (k == 0 and not self._goes_on(index, rows[-1])):
                return False
            pieces = rows[-1].pieces
            if pieces and pieces[-1][0] == index and pieces[-1][2] == k:
                pieces[-1] = (index, pieces[-1][1], k + 1)
            else:
                pieces.append((index, k, k + 1))
        return True

    def _begins_within(self, block: Block, k: int, form: str, row: _Row, last: str) -> bool:
        """Whether a row begins in the middle of a block, or the line goes on with the definition above."""
        if block.lines[k - 1].trailing == 1:
            return False
        in_order = _plain(row.head) >= last
        certain = form not in _WEAK or sum(map(str.isupper, row.head)) >= 2
        return in_order and (certain or not self._is_wrapped(block.lines, k))

    def _row(self, index: int, k: int, form: str) -> _Row | None:
        line = self.blocks[index].lines[k]
        match = FORMS[form].fullmatch(line.text)
        if not match:
            alone = k == 0 and (
                self._is_head_alone(index)
                if form in ("gap", "tab")
                else form == "above" and self._is_head_above(index)
            )
            if alone:
                return _Row(line.text, len(line.text))
            return None
        head, definition = match["head"], match["definition"] or ""
        if not head[0].isupper() and not any(map(str.isupper, head)):
            return None
        if not is_headword(head) and not head.endswith("."):
            return None
        if definition and sum(map(str.isalpha, definition)) < 2:
            return None
        if _ENDS_WITH_PAGE.search(line.text) and line.text[-1].isdigit():
            return None
        return _Row(head, match.start("definition") if definition else len(line.text))

    def _is_head_alone(self, index: int) -> bool:
        block = self.blocks[index]
        after = self.blocks[index + 1] if index + 1 < len(self.blocks) else None
        if after is None or len(block.lines) != 1 or not is_headword(block.first.text):
            return False
        return after.filler or (after.between is Between.NONE and block.last.trailing >= 2)

    def _is_head_above(self, index: int) -> bool:
        """Whether a headword stands at the margin, and its definition is set in below."""
        block = self.blocks[index]
        after = self.blocks[index + 1] if index + 1 < len(self.blocks) else None
        return (
            after is not None
            and len(block.lines) == 1
            and block.first.indent < 2 <= after.first.indent
            and after.between in (Between.NONE, Between.BLANK)
            and is_headword(block.first.text)
            and self._fits(after)
            and not begins_like_a_heading(after.first.text)
        )

    def _is_wrapped(self, lines: Sequence[Line], k: int) -> bool:
        """Whether a line was broken before the line `k`, whose first word did not fit."""
        longest = max(len(line.text) for line in lines)
        return len(lines[k - 1].text) + 1 + len(lines[k].text.split(None, 1)[0]) > longest > self.prose * 0.4

    def _goes_on(self, index: int, row: _Row) -> bool:
        """Whether a block without a headword is the rest of the definition above."""
        block = self.blocks[index]
        before = self.blocks[row.pieces[-1][0]] if row.pieces else self.blocks[index - 1]
        bare = not _has_definition(row, self.blocks)
        if is_notes_heading(block.first.text, self.manifest.notes_heading) or (
            not bare and begins_like_a_heading(block.first.text)
        ):
            return False
        if bare:
            if row.pieces and self._is_head_above(index - 1):
                return True
            return block.first.indent < 2 or block.between is Between.NONE
        if is_open(before.last):
            return True
        if block.between is Between.MARKER:
            return block.first.text[0].islower()
        return block.between is Between.NONE and block.first.indent >= 2

    def _fits(self, block: Block) -> bool:
        """Whether a block can stand in a key: no paragraph of running text, no note, nothing that has a role."""
        longest = max(len(line.text) for line in block.lines)
        return (
            block.role is Role.TEXT
            and (block.first.indent < 4 or longest <= self.prose * 0.72)
            and not NOTE_PAGE.search(block.last.text)
            and not NOTE_NUMBER.match(block.first.text)
        )

    # Rows

    def _rows(self, run: _Run) -> Iterator[Block]:
        for row in run.rows:
            self.heads.add(_plain(row.head))
            self.last = max(self.last, _plain(row.head))
            for n, (index, start, end) in enumerate(row.pieces):
                block = self.blocks[index]
                first = start == 0
                yield replace(
                    block,
                    lines=block.lines[start:end],
                    between=block.between if first else Between.NONE,
                    markers=block.markers if first else (),
                    filler=block.filler and first,
                    role=Role.KEY_REST if n else Role.KEY,
                    label=None if n else Label("", row.head, row.size),
                )


def _has_definition(row: _Row, blocks: Sequence[Block]) -> bool:
    """Whether a row has more than its headword."""
    if not row.pieces:
        return False
    index, start, _ = row.pieces[0]
    lines = sum(end - begin for _, begin, end in row.pieces)
    return lines > 1 or row.size < len(blocks[index].lines[start].text)


def _plain(head: str) -> str:
    """A headword in a form for comparing in the order of the alphabet."""
    apart = unicodedata.normalize("NFD", head.casefold())
    return "".join(c for c in apart if c.isalnum())

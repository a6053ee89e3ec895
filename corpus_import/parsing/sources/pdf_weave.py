"""Sets the lines of a PDF's pages in the text that was written a line for each block, with boxes and forme work.

The text keeps its characters; a space becomes the end of a line where the page ends one. Heads and feet of a page stand
as lines of their own behind the block with which the page ends, and the number of a book's page before its first line.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.elements import Role
from corpus_import.parsing.sources.pdf_flows import Made
from corpus_import.parsing.sources.shown import Box, Shown, ShownBlock, ShownPage

# A block of these stays one line: the columns of a row stand in it.
_ONE_LINE = (Role.TABLE, Role.CONTENTS)
# A page of the book can begin inside of these.
_PARTED = {Role.TEXT: Role.TEXT, Role.NOTE: Role.NOTE, Role.KEY: Role.KEY_REST, Role.KEY_REST: Role.KEY_REST}


@dataclass(frozen=True, slots=True)
class Aside:
    """A line that is no text: its words, and its box on the page. `folio` is the page of the book that it names."""

    text: str
    box: tuple[float, float, float, float]
    folio: str = ""


@dataclass(slots=True)
class _Place:
    """Of a character that is no white space: its page, its line, and the block that it is from."""

    page: int
    line: int
    flow: int


@dataclass
class Weaver:
    """Writes the text anew. `before` and `after` are the lines that are no text, by the page's index."""

    shown: Shown
    made: Sequence[Made]
    before: Mapping[int, Sequence[Aside]]
    after: Mapping[int, Sequence[Aside]]
    name: str
    parts: list[str] = field(default_factory=list)
    size: int = 0
    line: int = 1
    page: int = -1
    starts: list[int] = field(default_factory=list)  # of pieces of the old text, and how far each was moved
    moves: list[int] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    pages: list[ShownPage] = field(default_factory=list)
    forme: set[int] = field(default_factory=set)
    blocks: list[ShownBlock] = field(default_factory=list)

    def weave(self, last_page: int) -> Shown:
        """The text with its lines."""
        self._read_places()
        shown = self.shown
        old = shown.text.split("\n")
        offsets = [0]
        for text in old:
            offsets.append(offsets[-1] + len(text) + 1)
        new_line: dict[int, int] = {}
        owners = {n: block for block in shown.blocks for n in range(block.first, block.last + 1)}
        opened: dict[int, int] = {}  # first new line of the blocks, by their first old line
        for n, text in enumerate(old, 1):
            if n == len(old) and not text:
                break
            block = owners.get(n)
            pieces = self._pieces(text, offsets[n - 1], block)
            for k, (start, end) in enumerate(pieces):
                places = self.places[self.at : self.at + _count(text[start:end])]
                page = min((place.page for place in places), default=self.page)
                if page > self.page and (k == 0 or (block and self._has_folio(page))):
                    if k and block:
                        self._close(block, opened[n], rest=False)
                        opened[n] = -1
                    self._turn(page)
                if block and opened.get(n, -1) < 0:
                    self._open(block, n, opened, is_rest=k > 0)
                if k == 0:
                    new_line[n] = self.line
                self.starts.append(offsets[n - 1] + start)
                self.moves.append(self.size - offsets[n - 1] - start)
                if places:
                    self._box(places)
                self.at += len(places)
                self._write(text[start:end] + "\n")
            if block and block.last == n:
                self._close(block, opened[n], rest=self.parted)
        self._turn(last_page + 1)
        return self._shown(new_line)

    # Places

    at = 0
    parted = False

    def _read_places(self) -> None:
        """Give each character of the text that is no white space its place."""
        self.places: list[_Place] = []
        characters: list[str] = []
        line = 0
        for n, each in enumerate(self.made):
            starts = [own.start for own in each.lines]
            for k, character in enumerate(each.flow.text):
                if not character.isspace():
                    own = bisect_right(starts, k) - 1
                    self.places.append(_Place(each.lines[own].page, line + own, n))
                    characters.append(character)
            line += len(each.lines)
        self.lines = [own for each in self.made for own in each.lines]
        written = "".join(self.shown.text.split())
        if written == "".join(characters):
            return
        kept = []
        at = 0
        for character, place in zip(characters, self.places, strict=True):
            if at < len(written) and written[at] == character:
                kept.append(place)
                at += 1
        if at < len(written) or len(characters) - at > self.shown.left_out.get("links back", 0):
            raise ImportFault(
                self.name,
                None,
                "characters of the PDF would be lost; print it anew, or take another form of"
                " it (a web page, plain text), and report this fault.",
            )
        self.places = kept

    def _pieces(self, text: str, offset: int, block: ShownBlock | None) -> list[tuple[int, int]]:
        """The lines of the page in a line of the old text."""
        if block is None or block.role in _ONE_LINE:
            return [(0, len(text))]
        cuts = [0]
        at = self.at
        for k, character in enumerate(text):
            if character.isspace():
                continue
            if k and at and at < len(self.places):
                here, before = self.places[at], self.places[at - 1]
                ends = text[k - 1] == " " and text[k - 2 : k - 1] != " "
                if ends and here.line != before.line and here.flow == before.flow and at > self.at:
                    cuts.append(k)
            at += 1
        ends_at = [*(cut - 1 for cut in cuts[1:]), len(text)]
        return list(zip(cuts, ends_at, strict=True))

    def _has_folio(self, page: int) -> bool:
        return any(aside.folio for n in range(self.page + 1, page + 1) for aside in self.before.get(n, ()))

    # Writing

    def _turn(self, page: int) -> None:
        """Write the lines that are no text between two pages."""
        while self.page < page:
            for aside in self.after.get(self.page, ()):
                self._aside(aside, self.page)
            self.page += 1
            for aside in self.before.get(self.page, ()):
                self._aside(aside, self.page)

    def _aside(self, aside: Aside, page: int) -> None:
        if aside.folio:
            self.pages.append(ShownPage(self.line, aside.folio))
        else:
            self.forme.add(self.line)
        self.boxes.append(Box(self.line, page + 1, *aside.box))
        self._write(aside.text + "\n")

    def _box(self, places: Sequence[_Place]) -> None:
        lines = {place.line for place in places}
        page = places[0].page
        boxes = [self.lines[n].box for n in lines if self.lines[n].page == page]
        self.boxes.append(
            Box(
                self.line,
                page + 1,
                min(box[0] for box in boxes),
                min(box[1] for box in boxes),
                max(box[2] for box in boxes),
                max(box[3] for box in boxes),
            )
        )

    def _open(self, block: ShownBlock, n: int, opened: dict[int, int], *, is_rest: bool) -> None:
        if n == block.first or is_rest:
            opened[n] = self.line
            self.parted = is_rest
        else:
            opened[n] = opened[n - 1]

    def _close(self, block: ShownBlock, first: int, *, rest: bool) -> None:
        role = _PARTED.get(block.role, block.role) if self.parted or rest else block.role
        goes_on = self.parted or rest
        told = replace(block.told, goes_on=True, continues=False) if goes_on else block.told
        label = None if goes_on else block.label
        self.blocks.append(ShownBlock(first, self.line - 1, role, told, label, block.note))

    def _write(self, text: str) -> None:
        self.parts.append(text)
        self.size += len(text)
        self.line += 1

    def _moved(self, offset: int) -> int:
        k = bisect_right(self.starts, offset) - 1
        return offset + (self.moves[k] if k >= 0 else 0)

    def _end(self, offset: int) -> int:
        return self._moved(offset - 1) + 1

    def _shown(self, new_line: Mapping[int, int]) -> Shown:
        shown = self.shown
        marks = [replace(page, line=new_line[page.line]) for page in shown.pages]
        return replace(
            shown,
            text="".join(self.parts),
            blocks=tuple(self.blocks),
            calls=tuple(
                replace(call, start=self._moved(call.start), end=self._end(call.end)) for call in shown.calls
            ),
            contents=tuple((new_line[n], title, page) for n, title, page in shown.contents),
            emphasis=tuple(
                (self._moved(start), self._end(end)) for start, end in shown.emphasis if end > start
            ),
            pages=tuple(sorted([*marks, *self.pages], key=lambda page: page.line)),
            forme_work=frozenset(self.forme | {new_line[n] for n in shown.forme_work}),
            boxes=tuple(sorted(self.boxes, key=lambda box: box.line)),
            remarks=tuple((new_line[n], code, message) for n, code, message in shown.remarks),
        )


def _count(text: str) -> int:
    return sum(not character.isspace() for character in text)

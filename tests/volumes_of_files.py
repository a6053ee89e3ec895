"""Sets a whole book as the five to eight files that a collector's folder holds, and says what an importer should read.

Each file is a web page of its own: the title block, the contents of its section, the key, then text, printed and
filtered as `tests.typesetter` does it. The seams between files stand before a chapter, between paragraphs, or inside a
sentence. A file can begin with the last lines of the file before, stand in the wrong order, or be missing.

`random.Random(seed)` decides everything: one seed gives one volume.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tests.editions import HEADWORDS, ROMAN, _blocks, _Writer
from tests.typesetter import (
    _MARKS,
    DATE_AND_ADDRESS,
    FILLER,
    HARD_SPACE,
    PROSE_WIDTH,
    Block,
    Division,
    Edition,
    Faults,
    KeyRow,
    Line,
    Note,
    Truth,
    Word,
    _Compositor,
    _Printer,
    _tell_truth,
    divide_into_print_pages,
    move_filler_after_headers,
    put_tables_after_text,
    wrap_words,
)

AUTHOR, TITLE = "Nobody In Particular", "The Offices of the Salt Coast"
SUBTITLE = "A Second Book: 1923-1930"
# Lines of the title block that every file repeats, some longer than a line of prose.
COLOPHON = (
    "© 1931 by The Press of the Salt Board",
    "Translated by A. Clerk",
    "Originally published as Les bureaux de la côte au sel, tome 2, © 1930 by Éditions du Tampon, Paris, France",
    "Prepared for the library of the harbor by D. J. R., reader@salt.example (July 2001)",
)
TRANSCRIBER = (
    "[Transcriber's Note: The book has its notes at its end. Here they stand at the end of each division, and every "
    "one of them says in brackets on which page it is called. Misprints were mended without a word where they were "
    "plain, and everything else is as the printer left it. -- DJR]"
)
KEY_HEADING = "Key to abbreviations, initials, and Russian words used in the text"
Seam = Literal["unit", "paragraph", "sentence"]
SEAMS: tuple[Seam, ...] = ("unit", "paragraph", "sentence")


@dataclass(frozen=True)
class TypesetVolume:
    """The files in the order in which they are given; `missing` is the place in the book of the file left out."""

    files: tuple[str, ...]
    names: tuple[str, ...]
    truth: Truth
    missing: int | None  # from 0
    in_order: bool
    seams: tuple[Seam, ...]
    present: frozenset[int]  # the divisions of the truth that stand in a file


# ------------------------------------------------------------------------------------------------ the book


def plausible_book(seed: int, *, anew: bool = True) -> Edition:
    """A book with front matter, parts, chapters, sections, tables, a conclusion, a bibliography and an index.

    In one chapter the notes begin anew in each section, unless `anew` is false.
    """
    writer = _Writer(seed)
    chance = writer.chance
    divisions: list[Division] = []
    titles: set[str] = set()

    def title() -> str:
        while (words := writer.title()) in titles:
            pass
        titles.add(words)
        return words

    divisions += _unit(
        writer, [Division("front", "", "Preface", _blocks(writer, chance.randint(2, 5)), page=9)]
    )
    divisions += _unit(writer, [Division("front", "", "Introduction", _text(writer, 8))])
    chapter, chapters = 0, chance.randint(6, 9)
    renumbered = chance.randint(2, chapters - 1) if anew else 0
    for part in range(1, chance.randint(2, 3) + 1):
        divisions += _unit(writer, [Division("part", str(part), title(), _text(writer, 2))])
        for _ in range(chapters // 2 if part < 3 else 2):
            chapter += 1
            head = Division("chapter", str(chapter), title(), _text(writer, 5))
            sections = []
            for k in range(chance.randint(1 + (chapter == renumbered), 4)):
                sections.append(Division("section", ROMAN[k], title(), _text(writer, 6)))
                if chapter != renumbered:
                    sections += [
                        Division("subsection", letter, title(), _text(writer, 3))
                        for letter in "abc"[: chance.choice((0, 0, 2, 3))]
                    ]
            if chapter == renumbered:
                divisions += [d for section in (head, *sections) for d in _unit(writer, [section], anew=True)]
            else:
                divisions += _unit(writer, [head, *sections])
    divisions += _unit(writer, [Division("back", "", "Conclusion", _text(writer, 6))])
    divisions.append(Division("back", "", "Bibliography", tuple(_works(writer))))
    divisions.append(Division("back", "", "Index", tuple(_index(writer))))
    rows = sorted(chance.sample(HEADWORDS, chance.randint(12, 22)), key=str.casefold)
    key = tuple(
        KeyRow(head, see=rows[0])
        if k and chance.random() < 0.1
        else KeyRow(head, " ".join(writer.words(2, 14)))
        for k, head in enumerate(rows)
    )
    return Edition(TITLE, key, tuple(divisions))


def _text(writer: _Writer, most: int) -> tuple[Block, ...]:
    blocks = list(_blocks(writer, writer.chance.randint(2, max(most, 2))))
    if writer.chance.random() < 0.2:
        at = len(blocks) if blocks[-1].kind != "quotation" else 0
        blocks.insert(at, _table(writer))
    return tuple(blocks)


def _table(writer: _Writer) -> Block:
    chance = writer.chance
    years = [str(1922 + k) for k in range(chance.randint(2, 4))]
    names = [" ".join(writer.words(1, 2)).capitalize() for _ in range(chance.randint(3, 7))]
    rows = [("Province", *years)]
    rows += [(name, *(f"{chance.uniform(1, 900):.1f}" for _ in years)) for name in names]
    return Block("table", f"Table {chance.randint(1, 40)}.  {writer.title()}", tuple(rows))


def _unit(writer: _Writer, divisions: list[Division], *, anew: bool = False) -> list[Division]:
    """Give the first division the notes that all of them call, numbered from 1, two fifths of them missing."""
    renumbered, called = [], 0
    for division in divisions:
        blocks = []
        for block in division.blocks:
            text = ""
            for k, piece in enumerate(block.text.split("[^")):
                if k:
                    called += 1
                    text += f"[^{called}{piece[piece.index(']') :]}"
                else:
                    text = piece
            blocks.append(replace(block, text=text))
        renumbered.append(replace(division, blocks=tuple(blocks)))
    missing = _missing(writer.chance, called)
    notes = []
    for n in range(1, called + 1):
        paragraphs = [Block("prose", writer.paragraph())]
        if writer.chance.random() < 0.15:
            paragraphs.append(Block("prose", writer.paragraph()))
        lost = n > 1 and writer.chance.random() < 0.15
        notes.append(Note(n, tuple(paragraphs), missing=n in missing, number_lost=lost))
    owner = renumbered[0]
    return [replace(owner, notes=tuple(notes)), *renumbered[1:]]


def _missing(chance: random.Random, count: int) -> set[int]:
    """Two fifths of the notes of all units: none, some here and there, or a run at the beginning or the end."""
    kind = chance.choice(("none", "some", "some", "begin", "end"))
    if kind == "none" or not count:
        return set()
    if kind == "some":
        return {n for n in range(1, count + 1) if chance.random() < 0.5}
    cut = chance.randint(0, count)
    return set(range(1, cut + 1)) if kind == "begin" else set(range(cut + 1, count + 1))


def _works(writer: _Writer) -> Iterator[Block]:
    for _ in range(writer.chance.randint(8, 25)):
        name = " ".join(writer.words(1, 1)).capitalize()
        initial = writer.chance.choice("ABCDEFGHKLMNPRSTV")
        year = writer.chance.randint(1870, 1929)
        yield Block(
            "prose",
            f"{name}, {initial}., {writer.title()}, {writer.chance.choice(('Tver', 'Perm'))}, {year}.",
        )


def _index(writer: _Writer) -> Iterator[Block]:
    heads = sorted(
        {" ".join(writer.words(1, 3)).replace(",", "") for _ in range(writer.chance.randint(15, 50))}
    )
    for head in heads:
        pages = sorted(writer.chance.sample(range(9, 240), writer.chance.randint(1, 4)))
        yield Block("prose", f"{head}, {', '.join(map(str, pages))}")


# ----------------------------------------------------------------------------------------------- the files


def typeset_volume(seed: int, *, clean: bool = False, anew: bool = True) -> TypesetVolume:
    """Set the book of a seed as files; `clean` filters nothing, repeats nothing and leaves no file out."""
    chance = random.Random(f"volume {seed}")
    edition = plausible_book(seed, anew=anew)
    faults = Faults.every(seed, turned_quotations=False, front_out_of_order=False, lost_letter="")
    if clean:
        faults = replace(faults, markers_filtered=False, headers_filtered=False, missing_notes=False)
    else:
        kept = frozenset(n for n in range(1, 400) if chance.random() < 0.12)
        faults = replace(faults, kept_markers=kept)
    compositor = _Compositor(edition, faults)
    key = compositor.set_key()
    units = compositor.set_units()
    lines = [line for unit in units for line in unit]
    starts = [sum(map(len, units[:k])) for k in range(len(units))]
    count = chance.randint(5, 8)
    missing = chance.randrange(1, count - 1) if not clean and chance.random() < 0.3 else None
    kinds = [chance.choice(SEAMS) for _ in range(count - 1)]
    if missing is not None:
        kinds[missing - 1] = kinds[missing] = "unit"
    cuts = _choose_cuts(chance, lines, starts, kinds)
    if len(cuts) < len(kinds):
        missing, kinds = None, kinds[: len(cuts)]
    bounds = list(zip([0, *cuts], [*cuts, len(lines)], strict=True))
    press = _Press(chance, compositor, faults, key, clean=clean)
    texts: list[str] = []
    places: dict[tuple[object, ...], int] = {}
    for k, (start, end) in enumerate(bounds):
        if k == missing:
            continue
        again = 0
        if k and k - 1 != missing and not clean and chance.random() < 0.3:
            again = _repeat(chance, lines, start, bounds[k - 1][0])
        out = press.set_file(k, lines[start - again : end], places)
        texts.append(out)
    names = tuple(f"section-{k + 1}.txt" for k in range(len(bounds)) if k != missing)
    order = list(range(len(texts)))
    if not clean and chance.random() < 0.25:
        if chance.random() < 0.7:
            a = chance.randrange(len(order) - 1)
            order[a], order[a + 1] = order[a + 1], order[a]
        else:
            chance.shuffle(order)
    present = _present(edition, units, bounds, missing)
    for page in compositor.ledger.pages:
        kind = "blank" if page.place == "blank" else "page"
        places.setdefault((kind, int(page.n)), 0)
    printer = press.last
    printer.places = _Everywhere(places)
    truth = _tell_truth(compositor, printer, dict.fromkeys(range(len(compositor.ledger.repairs)), 0))
    return TypesetVolume(
        tuple(texts[k] for k in order),
        tuple(names[k] for k in order),
        truth,
        missing,
        order == sorted(order),
        tuple(kinds),
        present,
    )


class _Everywhere(dict[tuple[object, ...], int]):
    """The line of each text; 0 where a file was left out."""

    def __missing__(self, key: tuple[object, ...]) -> int:
        return 0


def _present(
    edition: Edition, units: Sequence[list[Line]], bounds: Sequence[tuple[int, int]], missing: int | None
) -> frozenset[int]:
    """The divisions that stand in a file."""
    everything = frozenset(range(len(edition.divisions)))
    if missing is None:
        return everything
    lines = [line for unit in units for line in unit]
    start, end = bounds[missing]
    gone = {origin[1] for line in lines[start:end] for origin in line.origin if origin[0] == "division"}
    return everything - gone


def _choose_cuts(
    chance: random.Random, lines: Sequence[Line], starts: Sequence[int], kinds: Sequence[Seam]
) -> list[int]:
    """The line with which each further file begins."""
    cuts: list[int] = []
    step = len(lines) / (len(kinds) + 1)
    for k, kind in enumerate(kinds, 1):
        last = (cuts[-1] if cuts else 0) + 40
        goal = max(int(step * (k + chance.uniform(-0.25, 0.25))), last + 1)
        if kind == "unit":
            at = min((s for s in starts if s > last), key=lambda s: abs(s - goal), default=0)
        else:
            at = next((n for n in range(goal, len(lines)) if _fits(lines, n, kind)), 0)
        if last < at < len(lines) - 5:
            cuts.append(at)
        else:
            return cuts
    return cuts


def _fits(lines: Sequence[Line], n: int, kind: Seam) -> bool:
    line, before = lines[n], lines[n - 1]
    if line.table or before.table or line.heading or before.heading:
        return False
    if any("  " in each.text for each in lines[n - 3 : n + 4]):
        return False  # a table of figures
    begins = bool(line.origin)
    if kind == "paragraph":
        return begins and line.indent == 4
    return not begins and not line.origin and not line.glued


def _repeat(chance: random.Random, lines: Sequence[Line], start: int, first: int) -> int:
    """How many lines of running text before a seam come again."""
    count = 0
    most = chance.randint(5, 30)
    while count < most and start - count - 1 > first and not lines[start - count - 1].table:
        count += 1
        if lines[start - count].heading and lines[start - count].origin:
            break
    return count if count >= 5 else 0


class _Press:
    """Prints file after file."""

    def __init__(
        self,
        chance: random.Random,
        compositor: _Compositor,
        faults: Faults,
        key: Sequence[Line],
        *,
        clean: bool,
    ) -> None:
        self.chance, self.compositor, self.faults, self.key = chance, compositor, faults, list(key)
        self.clean = clean
        self.in_cells = chance.random() < 0.7
        self.with_sections = chance.random() < 0.5
        self.long_note = chance.random() < 0.5
        self.colophon = [text for text in COLOPHON if chance.random() < 0.8]
        self.last: _FilePrinter

    def set_file(self, k: int, lines: Sequence[Line], places: dict[tuple[object, ...], int]) -> str:
        """The text of one file: title block, contents, key, then these lines."""
        front: list[Line] = []
        if self.clean or self.chance.random() < 0.9:
            front += self.title_block(k)
        if self.clean or self.chance.random() < 0.85:
            front += self.contents(k, lines)
        if self.clean or self.chance.random() < 0.9:
            heading = [_line(KEY_HEADING)] if self.clean or self.chance.random() < 0.7 else []
            key = self.key if k == 0 else [replace(line, origin=()) for line in self.key]
            front += [*heading, *key]
        body = list(lines)
        body[0] = replace(body[0], gap=body[0].gap or ("",))
        if front and body[0].page is None and not body[0].gap:
            body[0] = replace(body[0], gap=("",))
        pages = divide_into_print_pages([*front, *body])
        if self.faults.interleaved_tables:
            following = [*pages[2:], None]
            pages[1:] = [put_tables_after_text(*pair) for pair in zip(pages[1:], following, strict=False)]
        kept = frozenset(
            self.chance.sample(range(1, len(pages) + 1), min(self.chance.choice((0, 1, 2)), len(pages)))
        )
        faults = replace(self.faults, kept_headers=kept)
        printer = _FilePrinter(self.compositor.edition, faults, len(pages), self.chance)
        pages = move_filler_after_headers(pages, [printer.is_header_kept(p + 1) for p in range(len(pages))])
        printer.write_pages(pages)
        for origin, number in printer.places.items():
            places.setdefault(origin, number)
        self.last = printer
        return _plain("".join(f"{line}\n" for line in printer.out))

    def title_block(self, k: int) -> list[Line]:
        """Author, title, subtitle, section, copyright and the transcriber's lines."""
        lines = [
            _line(AUTHOR),
            _line(TITLE),
            _line(SUBTITLE),
            _line(f"[Section {k + 1} -- Part {k // 2 + 1}]", gap=()),
        ]
        for text in [*self.colophon, *([TRANSCRIBER] if self.long_note else [])]:
            lines += _block(text)
        return lines

    def contents(self, k: int, lines: Sequence[Line]) -> list[Line]:
        """The contents of a section: each number, title and page a block of its own, or one row an entry."""
        out = [_line("Contents"), Line(f"[ Section {k + 1} ]", gap=("", " "))]
        ledger, divisions = self.compositor.ledger, self.compositor.edition.divisions
        for line in lines:
            at = next((origin[1] for origin in line.origin if origin[0] == "division"), None)
            if not isinstance(at, int):
                continue
            division = divisions[at]
            if division.kind in ("section", "subsection") and not (
                self.with_sections and division.kind == "section"
            ):
                continue
            number = (
                f"Part {division.n}." if division.kind == "part" else f"{division.n}." if division.n else ""
            )
            page = str(ledger.head_pages[at])
            if self.in_cells:
                if number:
                    out.append(Line(number, end=" ", gap=("",)))
                title = _block(division.head, gap=(FILLER, "") if number else ("",))
                out += [*title, _line(page)]
            else:
                out.append(_line(f"{number} {division.head}  {page}".strip()))
        return out if len(out) > 2 else []


class _FilePrinter(_Printer):
    """A printer whose running heads can put the title first, and lose their accent."""

    def __init__(self, edition: Edition, faults: Faults, total: int, chance: random.Random) -> None:
        super().__init__(edition, faults, total)
        self.chance = chance

    def write_header(self, page: int) -> None:
        """Write a header and footer; the title can come first, the date last."""
        word = self.chance.choice(("Página", "Página", "Pgina"))
        counted = f"{word} {page} de {self.total}"
        title_first = self.chance.random() < 0.5
        head = (
            f"{self.edition.title}{' ' * self.chance.randint(0, 1)}{counted}"
            if title_first
            else f"{counted}{self.edition.title}"
        )
        address = DATE_AND_ADDRESS.format(title=self.edition.title.replace(" ", "-"))
        if title_first:
            address = f"{address[10:]} {address[:10]}"
        above = [] if self.chance.random() < 0.3 else [""]
        self.out += [*above, head, "", address, "", "", ""]


def _line(text: str, gap: tuple[str, ...] = ("",)) -> Line:
    return Line(text, gap=gap)


def _block(text: str, gap: tuple[str, ...] = ("",)) -> list[Line]:
    """A block of text without indent, as wide as prose."""
    wrapped = wrap_words([Word(word, word) for word in text.split(" ")], PROSE_WIDTH)
    lines = [Line(line.text, end="" if line.bare else " ") for line in wrapped]
    lines[0] = replace(lines[0], gap=gap)
    lines[-1] = replace(lines[-1], end="  ")
    return lines


def _plain(text: str) -> str:
    return _MARKS.sub("", text).replace(HARD_SPACE, " ")

"""A short book, and its setting: `set_book(Form(...))` gives the witness, the constants below are the truth."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

TITLE, AUTHOR, PLACE = "The Office of Scales", "A. N. Author", "[Part of an invented history]"
KEY = (
    ("Artel", "a company of workers who share what they earn"),
    ("Gosves", "State Board of Weights"),
    ("Narves", "People's Office of Weights"),
    ("NVP", "New Weights Policy"),
    ("VSV", "Supreme Council of Weights"),
)
# Head, paragraphs, notes; `@` is a call, `|` a page of the book that begins, `>` before a paragraph a quotation, `¶` in
# a note a paragraph that begins.
Section = tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class Chapter:
    """A chapter: its title, the paragraphs before its sections, its sections, its notes in the order of the calls."""

    title: str
    paragraphs: tuple[str, ...]
    sections: tuple[Section, ...]
    notes: tuple[str, ...]


CHAPTERS = (
    Chapter(
        "The sack and its weight",
        (
            "The Office of Scales was founded in the autumn of 1921, when nobody in the town could say what a sack "
            "weighed.@ Three clerks moved into the back rooms of a school, and for a year they did nothing but weigh "
            "what was brought to them: flour, nails, letters, and now and then a child.",
            "They wrote every figure twice, once for the town and once for the district, and the two columns were "
            "never compared. The town kept its column in a drawer. |The district sold its own as paper to a dealer "
            "in herrings, who read it, as he said later, with growing respect for the writers.@",
        ),
        (
            (
                "The first inspection",
                (
                    "An inspector came in March and asked to see the weights. The clerks showed him the scales, the "
                    "drawer and the school, but of the weights themselves there were only seven, and each of these "
                    "had been filed by somebody who wanted to be paid for more than he had.@",
                    "His report is lost. What is known of it comes from the answer of the clerks, who denied that a "
                    "weight could be filed at all, and offered to prove it in the presence of a notary.",
                ),
            ),
            (
                "The second inspection",
                (
                    "The second inspector |brought weights of his own, of brass, in a box lined with velvet. He put "
                    "them down one after the other and wrote nothing. When he left, the box stayed where it was, and "
                    "it is said that the town has lived from it ever since.",
                    "Nobody has counted the brass again. The velvet was made into a cap, which the youngest of the "
                    "clerks wore on Sundays and in which he was buried.@",
                ),
            ),
        ),
        (
            "The minutes of the town council give the date as the ninth, the newspaper as the tenth.",
            "His letters were printed in a small edition that nobody reviewed.",
            "Six of the seven are in the museum; the last one is in use.",
            "The cap is mentioned in the register of the parish, which is not otherwise concerned with dress.",
        ),
    ),
    Chapter(
        "The road and its carters",
        (
            "Whoever wanted to bring a sack to the office had to take the road along the river, which was under water "
            "in April and under snow from November on. |The carters asked for money; the office gave them a "
            "certificate that the road was dry.@",
            "In the third year the carters formed an artel of their own and drew up rules. The first rule said that "
            "no carter should be blamed for the weather, and there was no second.",
        ),
        (
            (
                "The strike of the carters",
                (
                    "The strike lasted for nine days. On the first the sacks stayed in the villages; on the second "
                    "they were eaten; and on the third the office found that it had nothing left to weigh and began "
                    "to weigh its own furniture, so that the column should not break off.@",
                    "It ended as it had begun, without a word being written down. The office paid what was asked "
                    "and entered the sum under fodder.",
                ),
            ),
            (
                "What was left of the road",
                (
                    "When the railway came the road was given to the sheep. |Its stones were sold, its bridge "
                    "was moved to another river, and the certificates that it was dry were used by three "
                    "generations of children to learn their letters from.",
                    "The sheep kept to the middle, as the carts had done. They can still be seen there in the "
                    "evening, in a long line, waiting for the ferry that was taken away with the bridge.@",
                ),
            ),
        ),
        (
            "One of these certificates was found behind a stove and is printed in the appendix of another book.",
            "The table weighed forty-one pounds, the stove more than the scales could tell.",
            "The ferryman's account, as he gave it to his daughter.",
        ),
    ),
    Chapter(
        "The end of the office",
        (
            "The office was closed in the year in which everybody had scales of his own.@ The three clerks were "
            "given a pension in kind, which they weighed, and found short by a tenth.",
            "They complained to the district, and the district answered that it no longer knew what a pound was, "
            "since the only office that could have told it had been closed. |With this letter the file ends.",
        ),
        (
            (
                "The clerks after the office",
                (
                    "One of them opened a shop. One went to sea and wrote home from ports whose names the postman "
                    "could not read. The third stayed in the back rooms of the school, where he taught sums.@",
                ),
            ),
            (
                "The scales after the clerks",
                (
                    "The scales stand in the hall of the school today. Children put their coats on them, and in "
                    "winter, when the coats are wet, the pointer moves a little to the left, as it always did.",
                ),
            ),
        ),
        (
            "This was in the spring; in autumn most of them had sold the scales again.",
            "His book of sums went through four editions, all of them with the same mistakes.",
        ),
    ),
)
FIRST_PAGE = 11


@dataclass(frozen=True)
class Form:
    """The forms of a book's parts; each version of the book changes one of them."""

    chapter: Callable[[int, str], list[str]] = lambda n, title: [f"{n}. {title}"]
    section: Callable[[int, str], list[str]] = lambda n, title: [f"{'I' * n}.  {title}"]
    heading_at: str = "   "
    notes_heading: str = "Notes"
    number: Callable[[int], str] = lambda n: f"{n}. "
    number_alone: bool = False
    call: Callable[[int], str] = lambda n: f"[{n}]"
    several: Callable[[Sequence[int]], str] | None = None  # how one call calls several notes
    first_note: int = 1
    notes_title: Callable[[int, str], str] = lambda n, title: title  # among the notes of the book
    note_hangs: str = ""  # before the further lines of a note
    note_indent: str = ""
    note_rule: str = ""  # above notes under a paragraph
    quotation: str = "        "
    chapters: tuple[Chapter, ...] = CHAPTERS
    notes_at: str = "chapter"  # or section, book, paragraph
    note_page: str = " [p. {n}]"
    through: bool = False  # notes are numbered through the book
    marker: str = "page {n}"
    marker_inside: bool = False
    page: Callable[[int], str] = str
    key: str = "  "
    key_row: Callable[[str, str], list[str]] | None = (
        None  # the lines of a row, a block each; else `key` parts it
    )
    key_heading: str = "Key to abbreviations"
    key_at: str = "front"
    contents: Callable[[str, str], list[str]] | None = lambda title, page: [f"{title}  {page}"]
    contents_heading: str = "Contents"
    title_block: bool = True
    title_lines: tuple[str, ...] = (AUTHOR, TITLE, PLACE)
    indent: str = "    "
    width: int = 96
    trailing: bool = True
    blank: bool = True  # blank lines between blocks
    print_head: str = ""
    finish: Callable[[str], str] = lambda text: text


def set_book(form: Form) -> str:
    """The witness of the book in a form."""
    return _Setter(form).text()


class _Setter:
    def __init__(self, form: Form) -> None:
        self.form = form
        self.lines: list[str] = []
        self.page = FIRST_PAGE
        self.n = form.first_note - 1
        self.sheet = 0

    def text(self) -> str:
        form = self.form
        if form.title_block:
            for line in form.title_lines:
                self.block([line])
        if form.contents is not None:
            self.block([form.contents_heading])
            for title, page in _contents(form.chapters):
                for row in form.contents(title, form.page(page)):
                    self.block([row])
        if form.key_at == "front":
            self.key()
        later: list[str] = []
        for c, chapter in enumerate(form.chapters, 1):
            if c > 1:
                self.turn()
            elif form.marker:
                self.lines += [self._marker(), ""]
            self.heading(form.chapter(c, chapter.title))
            notes = iter(chapter.notes)
            if not form.through:
                self.n = form.first_note - 1
            bodies = [self.paragraph(p, notes) for p in chapter.paragraphs]
            held = [body for each in bodies for body in each]
            for s, (head, paragraphs) in enumerate(chapter.sections, 1):
                if form.notes_at == "section":
                    self.notes(held)
                    held, self.n = [], 0
                self.heading(form.section(s, head))
                held += [body for p in paragraphs for body in self.paragraph(p, notes)]
            if form.notes_at in ("chapter", "section"):
                self.notes(held)
            elif form.notes_at == "book":
                later += ["\0" + form.notes_title(c, chapter.title), *held]
        if later:
            self.block([form.notes_heading])
            for body in later:
                if body.startswith("\0"):
                    self.block([body[1:]])
                else:
                    self.note(body)
        if form.key_at == "back":
            self.key()
        return form.finish("\n".join(self.lines) + "\n")

    def block(self, lines: list[str]) -> None:
        end = "  " if self.form.trailing else ""
        self.lines += [line + (" " if self.form.trailing else "") for line in lines[:-1]] + [lines[-1] + end]
        if self.form.blank:
            self.lines.append("")

    def heading(self, lines: list[str]) -> None:
        self.block([self.form.heading_at + line for line in lines])

    def _marker(self) -> str:
        return self.form.marker.format(n=self.form.page(self.page))

    def turn(self) -> None:
        self.page += 1
        if self.form.marker:
            self.lines += [self._marker(), ""]

    def paragraph(self, text: str, notes: Iterator[str]) -> list[str]:
        """Set a paragraph; returns the bodies of the notes that it calls."""
        bodies: list[str] = []
        parts = text.split("|")
        shown: list[str] = []
        for k, part in enumerate(parts):
            if k:
                self.page += 1
                marker = self._marker()
                if self.form.marker_inside:
                    part = f"{marker} {part}"
                else:
                    shown.append("\1" + marker)
            while called := re.search("@+", part):
                numbers = [self.n + 1 + k for k in range(len(called[0]))]
                self.n = numbers[-1]
                several = self.form.several
                calls = (
                    several(numbers)
                    if several and len(numbers) > 1
                    else "".join(map(self.form.call, numbers))
                )
                part = part.replace(called[0], calls, 1)
                for n in numbers:
                    page = self.form.note_page.format(n=self.form.page(self.page))
                    bodies.append(f"{self.form.number(n)}\2{next(notes)}{page}")
            shown.append(part)
        if self.form.marker_inside or not self.form.marker:
            shown = ["".join(shown)]
        first = True
        for part in shown:
            if part.startswith("\1"):
                self.lines += [part[1:], ""]
                continue
            if text.startswith(">"):
                lines = wrap(part.strip("> "), self.form.width - 16, break_on_hyphens=False)
                self.block([self.form.quotation + line for line in lines])
                continue
            lines = wrap(part.strip(), self.form.width, break_on_hyphens=False)
            lines[0] = (self.form.indent if first else "") + lines[0]
            self.block(lines)
            first = False
        if self.form.print_head and self.page > self.sheet:
            self.sheet = self.page
            self.lines += [self.form.print_head.format(n=self.page), ""]
        if self.form.notes_at == "paragraph":
            if self.form.note_rule and bodies:
                self.block([self.form.note_rule])
            for body in bodies:
                self.note(body)
        return bodies

    def notes(self, bodies: list[str]) -> None:
        if self.form.notes_heading and bodies:
            self.heading([self.form.notes_heading])
        for body in bodies:
            self.note(body)

    def note(self, numbered: str) -> None:
        number, text = numbered.split("\2")
        first, *others = text.split("¶")
        if self.form.number_alone:
            self.block([number.strip()])
            number = ""
        # A blank can stand in the number; the line is not broken there.
        filled = "@" * len(number) + first
        lines = wrap(filled, self.form.width, break_on_hyphens=False, subsequent_indent=self.form.note_hangs)
        lines[0] = number + lines[0][len(number) :]
        self.block([self.form.note_indent + line for line in lines])
        for other in others:
            lines = wrap(other, self.form.width, break_on_hyphens=False)
            self.block([self.form.indent + lines[0], *lines[1:]])

    def key(self) -> None:
        if self.form.key_heading:
            self.block([self.form.key_heading])
        for headword, definition in KEY:
            if self.form.key_row:
                for line in self.form.key_row(headword, definition):
                    self.block([line])
            else:
                self.block([f"{headword}{self.form.key}{definition}"])


def _contents(chapters: Sequence[Chapter]) -> list[tuple[str, int]]:
    page, rows = FIRST_PAGE, []
    for n, chapter in enumerate(chapters, 1):
        if n > 1:
            page += 1
        rows.append((f"{n}. {chapter.title}", page))
        page += sum(p.count("|") for p in chapter.paragraphs)
        page += sum(p.count("|") for _, paragraphs in chapter.sections for p in paragraphs)
    return rows

"""One small book of three chapters in the forms of notes that occur: number, call and place vary, the text stays."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from textwrap import wrap

import pytest

from corpus_import.parsing.elements import Draft
from tests.corpus_import.parsing.case_files import parse_text

HIGH = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
WIDTH = 92
# Each chapter: its title, and its paragraphs. `@` stands where a note is called; the notes follow in order.
CHAPTERS = (
    (
        "The harbor and its salt",
        (
            "The board of salt was founded in the autumn,@ and for a year nobody outside the harbor took any notice "
            "of it. Its three members met on Mondays, in a room that they shared with the office of weights.@",
            "They were practical people. Each of them had managed a warehouse, and each was convinced that the "
            "shortage of the winter could be foreseen by anybody who counted the sacks in summer.@ The quarrel "
            "between them was about who should do the counting, and it lasted for two years.",
        ),
        (
            "So the minutes say, which were written by two hands and signed by a third.",
            "The room had one window, and it was painted over.",
            "The sacks were counted by a boy of twelve, who was paid by the hundred and who is said to have "
            "counted some of them twice when the evenings were long.",
        ),
    ),
    (
        "The lighters",
        (
            "The lighters came in at dawn, and those who unloaded them were paid at noon.@ Nobody was paid for "
            "waiting, although waiting took up the greater part of every working day in that season.",
            "When the river froze the lighters were drawn up on the bank, where children lived in them until the "
            "spring.@ The town knew of it and said nothing, for the children kept the rats away from the rope.",
        ),
        ("In copper, as a rule.", "The last of these children died in 1961, and left a drawing of the bank."),
    ),
    (
        "The ledger",
        (
            "The ledger was bought for another purpose,@ as its first pages show; they are ruled for music, and "
            "on one of them somebody began a march. It was never finished, and nobody ever sang a bar of it.",
            "It was lost in the move and found again behind a stove,@ where the heat had turned the ink brown. "
            "What can still be read is printed here, with the mistakes that the clerk did not live to mend.@",
        ),
        (
            "It cost as much as a pair of boots.",
            "The stove is in the museum.",
            "He died at his desk, on a Monday, while the other two were counting.",
        ),
    ),
)


@dataclass(frozen=True)
class Form:
    number: str  # `1.` and so on; `*` for signs
    call: str
    place: str

    def __str__(self) -> str:
        return f"{self.number} / {self.call} / {self.place}"


def numbered(form: str, n: int) -> str:
    if form == "¹":
        return str(n).translate(HIGH)
    if form == "*":
        return "*" * n
    return form.replace("1", str(n), 1)


def set_lines(text: str, indent: int = 0) -> list[str]:
    lines = wrap(text, WIDTH, break_on_hyphens=False)
    lines[0] = " " * indent + lines[0]
    return [line + (" " if k + 1 < len(lines) else "  ") for k, line in enumerate(lines)]


def set_note(form: str, n: int, body: str) -> list[str]:
    number = numbered(form, n)
    if form == "1 alone":
        return [f"{n} ", "  ", *set_lines(body)]
    between = {"1\t": "", "1  ": "", "1": " ", "¹": ""}.get(form, " ")
    return set_lines(f"{number.rstrip()}@@{body}") if not between else set_lines(number + between + body)


def book(form: Form, lost: Collection[str] = ()) -> str:
    """The text of the book, its notes written in a form, without the lost ones."""
    lines: list[str] = []
    later: list[str] = []
    through = 0

    def notes(first: int, bodies: tuple[str, ...]) -> Iterator[str]:
        for n, body in enumerate(bodies, first):
            if body in lost:
                continue
            yield from (
                line.replace("@@", form.number[1:] if form.number[0] == "1" else "")
                for line in set_note(form.number, n, body)
            )
            yield ""

    for c, (title, paragraphs, bodies) in enumerate(CHAPTERS, 1):
        first = through + 1 if form.place in ("foot, through", "book, through") else 1
        lines += ["", " ", f"   {c}.  {title}  ", ""]
        n, given = first, 0
        since = first
        for p, paragraph in enumerate(paragraphs):
            if form.place == "section":
                lines += ["", f"   {'I' * (p + 1)}.  Its {('first', 'second')[p]} part  ", ""]
                n = since = 1
            elif form.place in ("foot, anew", "paragraph") and (
                form.number == "*" or form.place == "foot, anew"
            ):
                n = since = 1
            text = ""
            for k, piece in enumerate(paragraph.split("@")):
                if k:
                    text += numbered(form.call, n)
                    n += 1
                text += piece
            lines += [*set_lines(text, 4), ""]
            mine = bodies[given : given + n - since]
            given += n - since
            match form.place:
                case "section":
                    lines += ["   Notes  ", "", *notes(1, mine)]
                case "foot, through" | "foot, anew":
                    lines += ["__________", "", *notes(since, mine), f"page {10 + 2 * c + p}", ""]
                case "paragraph":
                    lines += [*notes(since, mine)]
                case _:
                    pass
            since = n
        match form.place:
            case "chapter":
                lines += ["   Notes  ", "", *notes(1, bodies)]
            case "chapter, no heading":
                lines += [*notes(1, bodies)]
            case "book, by chapter":
                later += [f"   {c}.  {title}  ", "", *notes(1, bodies)]
            case "book, through":
                later += notes(first, bodies)
            case _:
                pass
        through += len(bodies)
    if later:
        lines += ["", "   Notes  ", "", *later]
    return "\n".join(lines) + "\n"


FORMS = [
    *(
        Form(number, call, "chapter")
        for number, call in (
            ("1.", "[1]"),
            ("1)", "[1]"),
            ("(1)", "(1)"),
            ("[1]", "[1]"),
            ("1\t", "[1]"),
            ("1  ", "1"),
            ("1 alone", "[1]"),
            ("¹", "¹"),
            ("1.", "¹"),
            ("1.", "^1"),
            ("1.", "{1}"),
            ("1.", "<1>"),
            ("1.", "1"),
            ("1)", "1"),
        )
    ),
    *(
        Form(number, call, place)
        for place in ("chapter, no heading", "section", "book, by chapter", "book, through")
        for number, call in (("1.", "[1]"), ("[1]", "[1]"), ("1.", "1"), ("(1)", "(1)"))
    ),
    *(
        Form(number, call, place)
        for place in ("foot, through", "foot, anew", "paragraph")
        for number, call in (("1.", "[1]"), ("¹", "¹"), ("(1)", "(1)"), ("1 ", "1"))
    ),
    Form("*", "*", "paragraph"),
    Form("*", "*", "foot, anew"),
]


def printed_of(draft: Draft) -> list[tuple[str, str]]:
    """Each call in the order of the text: the words before it, and the text of the note that it leads to."""
    notes = {
        (note.division, note.n): " ".join(p.text.string for p in note.paragraphs) for note in draft.notes
    }
    parents = {d.index: d.parent for d in draft.divisions}
    kinds = {d.index: d.kind for d in draft.divisions}
    pairs = []
    for paragraph in draft.paragraphs:
        for reference in paragraph.references:
            at = paragraph.division
            while kinds[at] == "section" and parents[at] is not None:
                at = parents[at] or 0
            before = paragraph.text.string[max(reference.offset - 20, 0) : reference.offset]
            pairs.append((before, notes.get((at, reference.n), "")))
    return pairs


CALLED = [
    (text[:at].replace("@", "")[-20:], body)
    for _, paragraphs, bodies in CHAPTERS
    for (text, at), body in zip(
        [(text, at) for text in paragraphs for at, sign in enumerate(text) if sign == "@"],
        bodies,
        strict=True,
    )
]
PARAGRAPHS = [text.replace("@", "") for _, paragraphs, _ in CHAPTERS for text in paragraphs]


def without_spaces(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n"))


def without_white_lines(text: str) -> str:
    """The text with notes that follow each other, and their heading, without white lines between."""
    return re.sub(r"\n\n(?=[(\[]?(?:\d+[.)\]\t ]|[¹²³*]))", "\n", without_spaces(text))


def in_long_lines(text: str) -> str:
    return re.sub(r"(?<=[^\n])\n(?=[^\n])", " ", without_spaces(text))


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_every_call_leads_to_its_note_in_each_form(form: Form) -> None:
    draft = parse_text(book(form))

    assert printed_of(draft) == CALLED
    assert draft.missing == ()
    assert [p.text.string for p in draft.paragraphs] == PARAGRAPHS
    assert [d.head.string for d in draft.divisions if d.kind == "chapter"] == [c[0] for c in CHAPTERS]
    assert len(draft.notes) == len(CALLED)


@pytest.mark.parametrize("change", [without_spaces, without_white_lines, in_long_lines])
@pytest.mark.parametrize("form", FORMS[::3], ids=str)
def test_white_space_that_is_lost_loses_no_note(form: Form, change: Callable[[str], str]) -> None:
    draft = parse_text(change(book(form)))

    assert printed_of(draft) == CALLED
    assert draft.missing == ()
    assert [p.text.string for p in draft.paragraphs] == PARAGRAPHS


@pytest.mark.parametrize("lost", [(3,), (0, 4), (1, 6, 7)], ids=str)
@pytest.mark.parametrize("form", [form for form in FORMS if form.number != "*"][::2], ids=str)
def test_a_note_that_is_lost_is_a_gap_and_moves_no_other(form: Form, lost: tuple[int, ...]) -> None:
    gone = {CALLED[k][1] for k in lost}

    draft = parse_text(book(form, gone))

    assert printed_of(draft) == [(before, "" if body in gone else body) for before, body in CALLED]
    assert len(draft.missing) == len(lost)
    assert [p.text.string for p in draft.paragraphs] == PARAGRAPHS

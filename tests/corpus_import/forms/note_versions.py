"""More versions of the book: notes, calls, quotations, paragraphs and characters as other hands set them."""

import re
from dataclasses import replace
from typing import Any

from tests.corpus_import.forms.book import CHAPTERS, Chapter, Form

HIGH = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
SIGNS = ("", "*", "†", "‡", "§")


def _high(n: int) -> str:
    return str(n).translate(HIGH)


def _small(n: int) -> str:
    return " abcdefghij"[n]


def _with(changes: dict[str, str]) -> tuple[Chapter, ...]:
    """The chapters with other words: each key stands once in them."""

    def change(text: str) -> str:
        for before, after in changes.items():
            text = text.replace(before, after)
        return text

    return tuple(
        Chapter(
            chapter.title,
            tuple(part for p in chapter.paragraphs for part in change(p).split("\n")),
            tuple(
                (head, tuple(part for p in ps for part in change(p).split("\n")))
                for head, ps in chapter.sections
            ),
            tuple(part for note in chapter.notes for part in change(note).split("\n")),
        )
        for chapter in CHAPTERS
    )


BEFORE_STOPS = _with({".@": "@.", "writers.@": "writers@."})
TWO_TOGETHER = _with(
    {
        "could say what a sack weighed.@": "could say what a sack weighed.@@",
        "the newspaper as the tenth.": "the newspaper as the tenth.\nThe school has kept a bill for the paper.",
    }
)
THREE_TOGETHER = _with(
    {
        "could say what a sack weighed.@": "could say what a sack weighed.@@@",
        "the newspaper as the tenth.": "the newspaper as the tenth.\nThe school has kept a bill for the paper.\n"
        "A second bill, for ink, was never paid.",
    }
)
QUOTED = _with(
    {
        "in the presence of a notary.": "in the presence of a notary. The answer says:\n"
        ">We have looked at the weights by daylight and by lamp, and found that each of them was as heavy as the "
        "book says, or so nearly that a man of good will could not have told the two apart.\n"
        "With this the matter was closed, and the district paid for the lamp and the oil.",
    }
)
LISTED = _with(
    {
        "flour, nails, letters, and now and then a child.": "(1) flour, (2) nails, (3) letters, and now and then "
        "a child.",
    }
)
DATED = _with(
    {
        "His letters were printed in a small edition that nobody reviewed.": "His letters were printed in the "
        "Herring Trade, no. 12 [1925], in a small edition that nobody reviewed.",
        "It ended as it had begun,": "It ended [1924] as it had begun,",
    }
)
TWO_PARAGRAPHS = _with(
    {
        "the newspaper as the tenth.": "the newspaper as the tenth.¶The almanac has no entry for either day, but "
        "says of the week that it was wet and of the month that it was long.",
    }
)
OF_A_NOTE = _with(
    {
        "the last one is in use.": "the last one is in use. On the town's dates see the minutes, note [1] above."
    }
)
WITH_PREFACE = (
    Chapter(
        "Preface",
        (
            "This book was written at the table of the school in which it begins, by one who has weighed nothing in "
            "his life.@ Whoever reads it should keep a pound of something at hand.",
        ),
        (),
        ("The author has been weighed, but only once, and against his will.",),
    ),
    *CHAPTERS,
)
SPOKEN = _with(
    {
        "that the road was dry.@": 'that the road was dry. "It is dry," said the first clerk, "where it isn\'t '
        'wet."@',
    }
)


def _break_calls(text: str) -> str:
    """Break the first calls of two figures at the end of a line."""
    return re.sub(r"(?<=[a-z]\.)\[1(\d)\] (?=\S)", "[1 \n\\1] ", text, count=3)


def _hyphenated(text: str) -> str:
    """Break the first word of some lines at the end of the line above, as a printer does."""
    return re.sub(r"(?<=[a-z,]) \n([a-z]{3,5})([^aeiouy\W][a-z]{3,})", r" \1-\n\2", text)


def _on_one_line(text: str) -> str:
    """Let all notes of a chapter follow each other on one line."""
    return re.sub(r"(\[p\. \d+\]) *\n\n(?=\d\. [A-Z].*)", r"\1 ", text)


def _double_spaced(text: str) -> str:
    return text.replace("\n", "\n\n")


def _justified(text: str) -> str:
    """Widen blanks inside long lines, as a justified column shows in plain text."""
    lines = []
    for line in text.split("\n"):
        if len(line) > 85:
            words = line.strip(" ").split(" ")
            k = len(words) // 3
            inside = " ".join(words[:k]) + "  " + " ".join(words[k : 2 * k]) + "  " + " ".join(words[2 * k :])
            line = line[: len(line) - len(line.lstrip(" "))] + inside + line[len(line.rstrip(" ")) :]
        lines.append(line)
    return "\n".join(lines)


def _asterisk_in_preface(text: str) -> str:
    text = text.replace("in his life.[1]", "in his life.*").replace("in his\nlife.[1]", "in his\nlife.*")
    return text.replace("1. The author has been weighed", "* The author has been weighed").replace(
        "life.[1]", "life.*"
    )


def _of_preface(n: int, title: str) -> list[str]:
    return [title] if title == "Preface" else [f"{n - 1}. {title}"]


_FOOTNOTE = {"number": lambda n: f"[Footnote {n}: ", "note_page": "]"}
_FORMS: dict[str, dict[str, Any]] = {
    # The number of a note
    "[Footnote 1: text] under the paragraph": {**_FOOTNOTE, "notes_at": "paragraph"},
    "[Footnote 1: text] at the chapter's end": {**_FOOTNOTE, "notes_heading": "FOOTNOTES:"},
    "[Footnote A: text] under the paragraph": {
        "call": lambda n: f"[{_small(n).upper()}]",
        "number": lambda n: f"[Footnote {_small(n).upper()}: ",
        "note_page": "]",
        "notes_at": "paragraph",
    },
    "[*] with [Footnote *: text]": {
        "call": lambda n: "[*]",
        "number": lambda n: "[Footnote *: ",
        "note_page": "]",
        "notes_at": "paragraph",
    },
    "notes [1] with an arrow back": {"number": lambda n: f"[{n}] ", "note_page": " ↩"},
    "notes 1. ^": {"number": lambda n: f"{n}. ^ ", "note_page": ""},
    "notes ↑ 1": {"number": lambda n: f"↑ {n} ", "note_page": ""},
    "notes Note 1.": {"number": lambda n: f"Note {n}. "},
    "notes Note 1:": {"number": lambda n: f"Note {n}: ", "note_page": ""},
    "notes n. 1": {"number": lambda n: f"n. {n} "},
    "notes 1/": {"number": lambda n: f"{n}/ "},
    "notes and calls /1/": {"number": lambda n: f"/{n}/ ", "call": lambda n: f"/{n}/"},
    "notes and calls <1>": {"number": lambda n: f"<{n}> ", "call": lambda n: f"<{n}>"},
    "notes and calls {1}": {"number": lambda n: f"{{{n}}} ", "call": lambda n: f"{{{n}}}"},
    "notes 1:": {"number": lambda n: f"{n}: ", "note_page": ""},
    "notes 1 –": {"number": lambda n: f"{n} – ", "note_page": ""},
    "notes #1": {"number": lambda n: f"#{n} ", "call": lambda n: f"[#{n}]"},
    "notes of Markdown": {"number": lambda n: f"[^{n}]: ", "call": lambda n: f"[^{n}]", "note_page": ""},
    "notes of Markdown under the paragraph": {
        "number": lambda n: f"[^{n}]: ",
        "call": lambda n: f"[^{n}]",
        "note_page": "",
        "notes_at": "paragraph",
    },
    "notes by letter (a)": {"number": lambda n: f"({_small(n)}) ", "call": lambda n: f"({_small(n)})"},
    "notes by letter [a]": {"number": lambda n: f"{_small(n)}. ", "call": lambda n: f"[{_small(n)}]"},
    "notes by roman figure": {
        "number": lambda n: f"{('', 'i', 'ii', 'iii', 'iv')[n]}. ",
        "call": lambda n: f"[{('', 'i', 'ii', 'iii', 'iv')[n]}]",
    },
    "notes by sign, at the chapter's end": {"number": lambda n: f"{SIGNS[n]} ", "call": lambda n: SIGNS[n]},
    "notes by sign, doubled": {"number": lambda n: f"{'*' * n} ", "call": lambda n: "*" * n, "note_page": ""},
    "notes by asterisk, under the paragraph": {
        "number": lambda n: "* ",
        "call": lambda n: "*",
        "notes_at": "paragraph",
        "note_page": "",
    },
    # The call
    "calls [note 1]": {"call": lambda n: f"[note {n}]"},
    "calls (note 1)": {"call": lambda n: f" (note {n})"},
    "calls [fn1]": {"call": lambda n: f"[fn{n}]"},
    "calls <sup>1</sup>": {"call": lambda n: f"<sup>{n}</sup>", "note_page": ""},
    "calls after a blank": {"call": lambda n: f" [{n}]"},
    "calls before the stop": {"chapters": BEFORE_STOPS},
    "calls high, before the stop": {"chapters": BEFORE_STOPS, "call": _high},
    "calls bare, before the stop": {"chapters": BEFORE_STOPS, "call": str},
    "calls [1, 2]": {"chapters": TWO_TOGETHER, "several": lambda ns: f"[{', '.join(map(str, ns))}]"},
    "calls [1-3]": {"chapters": THREE_TOGETHER, "several": lambda ns: f"[{ns[0]}-{ns[-1]}]"},
    "calls [1][2]": {"chapters": TWO_TOGETHER},
    "calls ¹,²": {
        "chapters": TWO_TOGETHER,
        "call": _high,
        "several": lambda ns: ",".join(map(_high, ns)),
        "number": lambda n: f"{_high(n)} ",
    },
    "calls (1, 2)": {
        "chapters": TWO_TOGETHER,
        "call": lambda n: f"({n})",
        "several": lambda ns: f"({', '.join(map(str, ns))})",
    },
    "calls broken over a line": {"through": True, "first_note": 10, "finish": _break_calls, "width": 60},
    "enumerations beside calls [1]": {"chapters": LISTED},
    "enumerations beside calls (1)": {"chapters": LISTED, "call": lambda n: f"({n})"},
    "years in brackets": {"chapters": DATED},
    # The place of the notes
    "FOOTNOTES": {"notes_heading": "FOOTNOTES"},
    "References": {"notes_heading": "References", "number": lambda n: f"[{n}] "},
    "Notes:": {"notes_heading": "Notes:"},
    "Notes to Chapter 1": {
        "notes_at": "book",
        "notes_title": lambda n, t: f"Notes to Chapter {n}",
    },
    "notes of the book by Chapter 1": {"notes_at": "book", "notes_title": lambda n, t: f"Chapter {n}"},
    "notes of the book by number and title": {"notes_at": "book", "notes_title": lambda n, t: f"{n}. {t}"},
    "notes of the book without pages": {"notes_at": "book", "note_page": "", "notes_heading": "NOTES"},
    "notes of the book through, without pages": {
        "notes_at": "book",
        "through": True,
        "note_page": "",
        "notes_heading": "NOTES",
    },
    "notes at each section's end": {"notes_at": "section"},
    "notes at each section's end, without heading": {
        "notes_at": "section",
        "notes_heading": "",
        "note_page": "",
    },
    "notes under the paragraph, below a rule": {
        "notes_at": "paragraph",
        "note_rule": "____________",
        "note_page": "",
    },
    "notes under the paragraph, through": {"notes_at": "paragraph", "through": True, "note_page": ""},
    "notes on one line": {"finish": _on_one_line, "width": 400, "trailing": False},
    "notes hanging": {"note_hangs": "    "},
    "notes set in": {"note_indent": "    ", "note_page": ""},
    "notes of two paragraphs": {"chapters": TWO_PARAGRAPHS},
    "notes of two paragraphs, without pages": {"chapters": TWO_PARAGRAPHS, "note_page": ""},
    "a note calls a note": {"chapters": OF_A_NOTE},
    "an asterisk in the preface": {
        "chapters": WITH_PREFACE,
        "chapter": _of_preface,
        "finish": _asterisk_in_preface,
    },
    # Paragraphs and quotations
    "indent by tab, no blank lines": {"indent": "\t", "blank": False, "trailing": False},
    "indent by no-break spaces": {"indent": "\u00a0" * 4},
    "double spaced": {"finish": _double_spaced, "trailing": False},
    "justified": {"finish": _justified},
    "justified, no trailing spaces": {"finish": _justified, "trailing": False},
    "a line a paragraph, without indent": {"width": 5000, "trailing": False, "indent": ""},
    "hyphens at line ends": {"finish": _hyphenated, "width": 60},
    "quotations set in": {"chapters": QUOTED},
    "quotations set in, no trailing spaces": {"chapters": QUOTED, "trailing": False},
    "quotations behind >": {"chapters": QUOTED, "quotation": "> ", "trailing": False},
    # Characters
    "byte order mark and CRLF": {"finish": lambda text: "\ufeff" + text.replace("\n", "\r\n")},
    "CR": {"finish": lambda text: text.replace("\n", "\r")},
    "zero-width spaces at calls": {"finish": lambda text: re.sub(r"(?=\[\d\])", "\u200b", text)},
    "no-break spaces before calls": {"call": lambda n: f"\u00a0[{n}]"},
    "narrow no-break space after numbers": {"number": lambda n: f"{n}.\u202f"},
    "curly double quotes": {
        "chapters": SPOKEN,
        "finish": lambda text: re.sub(r'"(?=\w)', "“", text).replace('"', "”").replace("'", "’"),
    },
    "straight double quotes": {"chapters": SPOKEN},
    "guillemets": {
        "chapters": SPOKEN,
        "finish": lambda text: re.sub(r'"(?=\w)', "«\u00a0", text).replace('"', "\u00a0»"),
    },
    "soft hyphens at line ends": {
        "finish": lambda text: _hyphenated(text).replace("-\n", "\u00ad\n"),
        "width": 60,
    },
    "escapes of Markdown": {"finish": lambda text: re.sub(r"([\[\]])", r"\\\1", text)},
    "form feeds before pages": {"finish": lambda text: re.sub(r"(?m)^(?=page \d)", "\f", text)},
    "mixed characters": {
        "finish": lambda text: (
            "\ufeff"
            + re.sub(r"(?<=\S) (?=\d)", "\u00a0", text.replace("ffi", "\ufb03").replace("'", "’"))
            .replace("certificate", "certi\u00adficate")
            .replace("\n", "\r\n")
        )
    },
}
NOTE_VERSIONS: dict[str, Form] = {name: replace(Form(), **changes) for name, changes in _FORMS.items()}

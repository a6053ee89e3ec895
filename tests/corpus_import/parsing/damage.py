"""What people do to a text before they import it, done to the sample; and files that are no book at all."""

import re

HEADING = "   1.  The river and its towns  \n\n"
_HEADING = re.compile(r"^ {2,3}(\S.*)$", re.MULTILINE)
_CALL = re.compile(r"\[(\d+)\]")
_BARE_NUMBER = re.compile(r"^ ?\d+\. *$", re.MULTILINE)
HIGH = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_RUSSIAN = str.maketrans(
    "abcdefghijklmnoprstuvyzABCDEFGHIJKLMNOPRSTUVYZ", "абцдефгхийклмнопрстувызАБЦДЕФГХИЙКЛМНОПРСТУВЫЗ"
)


def without_layout(text: str) -> str:
    """Every indent and every blank line taken away."""
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


def without_indents(text: str) -> str:
    """Every indent taken away."""
    return "\n".join(line.lstrip() for line in text.split("\n"))


def in_one_line(text: str) -> str:
    """All lines joined in one."""
    return " ".join(text.split())


def lines_as_paragraphs(text: str) -> str:
    """Every line a paragraph, with an indent and white space around."""
    return "\n\n".join(f"    {line.strip()}  " for line in text.split("\n") if line.strip())


def without_numbers_of_notes(text: str) -> str:
    """The numbers of all notes taken away."""
    return _BARE_NUMBER.sub(" ", re.sub(r"^ ?\d+\. +(?=\S)", "", text, flags=re.MULTILINE))


def without_calls(text: str) -> str:
    """The calls of all notes taken away."""
    return _CALL.sub("", text)


def calls_set_high(text: str) -> str:
    """Calls as high figures."""
    return _CALL.sub(lambda call: call[1].translate(HIGH), text)


def without_headings(text: str) -> str:
    """All headings taken away."""
    return _HEADING.sub("", text)


def without_every_second_heading(text: str) -> str:
    """Every second heading taken away."""
    return "".join(part if k % 4 != 1 else "" for k, part in enumerate(re.split(r"(?m)(^ {2,3}\S.*$)", text)))


def under_one_heading(text: str) -> str:
    """A heading over the whole text, in place of its own."""
    return HEADING + without_headings(text)


def all_in_a_heading(text: str) -> str:
    """All lines hanging below the number of a heading."""
    lines = (line.strip() for line in text.split("\n") if line.strip())
    return "   1.  " + "\n      ".join(lines)


def first_third(text: str) -> str:
    """Only the first third of the file."""
    return text[: len(text) // 3]


def as_html(text: str) -> str:
    """The source of a web page."""
    lines = (f"<p>{line}</p>" if line.strip() else line for line in text.split("\n"))
    return "\n".join(["<html><body>", HEADING, *lines, "</body></html>"])


def in_another_script(text: str) -> str:
    """Cyrillic letters in place of Latin ones."""
    return text.translate(_RUSSIAN)


def wrongly_decoded(text: str) -> str:
    """Letters with accents, written as UTF-8 and read as Latin-1."""
    return text.replace("e", "é").encode().decode("latin-1")


def in_capitals(text: str) -> str:
    """All letters as capitals."""
    return text.upper()


def in_small_letters(text: str) -> str:
    """All letters as small ones."""
    return text.lower()


def in_two_columns(text: str) -> str:
    """The second half of the text beside the first."""
    lines = text.split("\n")
    half = len(lines) // 2
    return "\n".join(f"{left:<100}{right}" for left, right in zip(lines[:half], lines[half:], strict=False))


def cut_in_half(text: str) -> str:
    """The right half of each page cut off."""
    return "\n".join(line[:40] for line in text.split("\n"))


DAMAGES = (
    *(without_layout, without_indents, in_one_line, lines_as_paragraphs, without_numbers_of_notes),
    *(without_calls, calls_set_high, without_headings, without_every_second_heading, under_one_heading),
    *(all_in_a_heading, as_html, in_another_script, wrongly_decoded, in_capitals, in_small_letters),
    *(in_two_columns, cut_in_half),
)


# No book


def poem() -> str:
    """Verse: short lines of unequal length, in stanzas."""
    ends = ("in the snow", "by the long grey river", "at noon", "under the harvest moon", "alone", "and far")
    lines = [f"And nobody was there {end}," for end in ends]
    return HEADING + "\n\n".join("\n".join(lines[k % 3 :] + lines[: k % 3]) for k in range(40))


def log() -> str:
    """The log of a server."""
    return HEADING + "\n".join(
        f"2024-01-{k % 28 + 1:02} 10:{k % 60:02}:00,{k:03} INFO worker[{k}] request {k * 7} done in {k % 90} ms"
        for k in range(400)
    )


def price_list() -> str:
    """A table of names and figures."""
    rows = (f"District {k}   {k * 3}   {k * 7}.5   {k + 100}   {k * 11}" for k in range(300))
    return HEADING + "    These are the figures of the year.  \n\n" + "\n".join(rows)


def program() -> str:
    """The source of a program."""
    return HEADING + "\n".join(f"def f_{k}(a, b):\n    return a[{k}] + b.get({k})\n" for k in range(200))


def values() -> str:
    """Values that are separated by semicolons."""
    return HEADING + "\n".join(f"{k};Name {k};{k * 3};some words here;2020-01-02" for k in range(300))


NO_BOOKS = (poem, log, price_list, program, values)

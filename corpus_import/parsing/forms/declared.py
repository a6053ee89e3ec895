"""Forms of headings that the manifest declares: `CHAPTER {n}`, `§ {n}.`, `{n} – {title}`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus_import.parsing.forms.labels import NumberLabel, begins_title, kind_of_word
from corpus_import.parsing.forms.numbers import value_of_figures, value_of_letter, value_of_word

PLACES = re.compile(r"\{(?P<name>[^{}]*)\}")
_NUMBER = r"(?P<n>[0-9]{1,3}(?:\.[0-9]{1,3}){0,4}|[^\W\d_]+(?:-[^\W\d_]+)?)"


@dataclass(frozen=True, slots=True)
class Declared:
    """A declared form: its pattern, its place in the manifest's list, and the kind of division that it heads."""

    text: str
    level: int
    kind: str
    pattern: re.Pattern[str]

    @property
    def form(self) -> tuple[str, ...]:
        """The form of the labels that are read with this pattern."""
        return "declared", str(self.level)

    def read(self, line: str) -> NumberLabel | None:
        """The label of a line that has this form; None for any other line."""
        match = self.pattern.match(line)
        if not match:
            return None
        groups = match.groupdict()
        n, value = "", 0
        if "n" in groups:
            n, value = _read_number(match["n"])
            if not value:
                return None
        size, tail = match.end(), 0
        if groups.get("title"):
            size, tail = match.start("title"), len(line) - match.end("title")
            size += len(match["title"]) - len(match["title"].lstrip())
        elif line[match.end() :] and not begins_title(line[match.end() :]):
            return None
        return NumberLabel(self.form, self.kind, n, (value,) if value else (), size, tail)


def read_declared(forms: Sequence[str]) -> tuple[Declared, ...]:
    """The forms of a manifest's `headings`, in its order: the first one heads chapters, or parts if it says so."""
    declared = []
    kinds = ["chapter", "section", "subsection"]
    if forms and kind_of_word(_word_of(forms[0])) == "part":
        kinds = ["part", *kinds]
    for level, form in enumerate(forms):
        kind = kinds[min(level, len(kinds) - 1)]
        declared.append(Declared(form, level, kind, _compile(form)))
    return tuple(declared)


def objection_to(form: str) -> str:
    """What is wrong with a declared form, in one sentence; empty if nothing is."""
    names = [place["name"] for place in PLACES.finditer(form)]
    without = PLACES.sub("", form)
    if unknown := [name for name in names if name not in ("n", "title")]:
        return f"“headings” has “{form}”: {{{unknown[0]}}} means nothing; write {{n}} or {{title}}."
    if "{" in without or "}" in without:
        return f"“headings” has “{form}”: a brace stands alone; write {{n}} or {{title}}."
    if len(names) != len(set(names)):
        return f"“headings” has “{form}”: {{{names[0]}}} can stand in a form once."
    if "n" not in names and not ("title" in names and without.strip()):
        return f"“headings” has “{form}”: it has no {{n}}; write {{n}} where the number stands."
    if re.search(r"\}\s*\{", form):
        return f"“headings” has “{form}”: put a sign between {{n}} and {{title}}, or leave {{title}} away."
    return ""


def _word_of(form: str) -> str:
    word = re.search(r"[^\W\d_]+", PLACES.sub("", form))
    return word[0] if word else ""


def _compile(form: str) -> re.Pattern[str]:
    pattern = ""
    at = 0
    for place in PLACES.finditer(form):
        pattern += _literal(form[at : place.start()])
        pattern += _NUMBER if place["name"] == "n" else r"(?P<title>\S.*?)"
        at = place.end()
    rest = form[at:].rstrip()
    pattern += _literal(rest)
    # Behind the form stand the end of the line, or white space and the title.
    pattern += r"\s*$" if "{title}" in form else r"(?!\w)(?:\s*[:.–—-](?=\s|$))?\s*"
    return re.compile(pattern, re.IGNORECASE)


def _literal(text: str) -> str:
    """A pattern for the words and signs of a form; any white space, or none, stands for white space."""
    parts = re.split(r"(\s+)", text)
    return "".join(r"\s*" if part.isspace() else re.escape(part) for part in parts)


def _read_number(n: str) -> tuple[str, int]:
    first = n.split(".")[0]
    if value := value_of_figures(first):
        return n, value
    if value := value_of_word(n):
        return str(value), value
    return n, value_of_letter(n)

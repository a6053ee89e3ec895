"""The report of an import and its doubts in the language of who looks; they are kept in English, a line each."""

import re
from collections.abc import Callable

from django.utils.formats import number_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from corpus_import.parsing.report import AUDIT, BROUGHT, COLLATED, COUNTED, EMENDED, SETTLED, VERDICTS
from glossary.languages import marked_english, translated
from reader.correction.queue.codes import in_words as code_in_words
from reader.edition.diagnostics import finding_in_words, in_words
from reader.edition.evidence import NAMES_OF_RULES
from reader.edition.set_aside import CATEGORIES
from reader.text.diagnostics import CODES, REMEDIES

_NUMBERS = frozenset({"number", "of"})
_COUNT = re.compile(r"(?P<number>[\d,]+)  (?P<name>.+)")
_VARIANTS = re.compile(r"(?P<kind>[a-z ]+): (?P<number>[\d,]+)")
_DIAGNOSTIC = re.compile(r"(?P<place>.+?:\d+): (?P<code>[a-z-]+): (?P<message>.+)")
_FINDING = re.compile(
    r"(?P<code>[a-z-]+): (?P<said>.+?)(?: \((?P<where>[^()]+, lines? [^()]+)\))?(?:\. (?P<remedy>.+))?"
)
_PLACE = re.compile(r"(?P<file>.+?), lines? (?P<lines>[\d, ]+)")


def report_in_words(report: str) -> SafeString:
    """A report as HTML; a line that has no words in other languages is English, and marked so."""
    if _is_english():
        return conditional_escape(report)
    return mark_safe("\n".join(map(_line, report.split("\n"))))  # noqa: S308 - each line is escaped


def doubt_in_words(doubt: str) -> str:
    """A doubt as HTML: its code, what is said, where, and what to try; in English, marked so, if it has no words."""
    said = None if _is_english() else _finding(doubt)
    return marked_english(doubt) if said is None else said


def diagnostic_in_words(line: str) -> str:
    """The code of a diagnostic and its message as HTML; in English, marked so, if it has no words."""
    code, _, message = line.partition(": ")
    said = None if _is_english() else in_words(code, message)
    return marked_english(line) if said is None else _named(code, said)


def _is_english() -> bool:
    return (get_language() or "en") == "en"


def _line(line: str) -> str:
    indent, rest = line[: len(line) - len(line.lstrip())], line.lstrip()
    for read in (_counted, _emended, _variant, _diagnostic, _verdict, _audit, _plain):
        if rest and (said := read(rest)) is not None:
            # A number keeps its place at the right.
            return f"{' ' * (len(line) - len(rest))}{conditional_escape(said)}"
    return f"{indent}{marked_english(rest)}" if rest else line


def _number(number: str) -> str:
    return number_format(int(number.replace(",", "")), force_grouping=True)


def _counted(line: str) -> str | None:
    found = _COUNT.fullmatch(line)
    if found is None or found["name"] not in (*COUNTED, *BROUGHT):
        return None
    return f"{_number(found['number'])}  {gettext(found['name'])}"


def _emended(line: str) -> str | None:
    marks: dict[str, Callable[[str], str]] = {"rule": lambda rule: NAMES_OF_RULES.get(rule, rule)}
    return translated(line, [EMENDED], numbers=_NUMBERS, marks=marks)


def _variant(line: str) -> str | None:
    found = _VARIANTS.fullmatch(line)
    if found is None:
        return None
    said = {"kind": code_in_words("variant", found["kind"]), "number": _number(found["number"])}
    return gettext("%(kind)s: %(number)s") % said


def _diagnostic(line: str) -> str | None:
    found = _DIAGNOSTIC.fullmatch(line)
    said = in_words(found["code"], found["message"]) if found and found["code"] in CODES else None
    return (
        None
        if found is None or said is None
        else format_html("{}: {}: {}", found["place"], found["code"], said)
    )


def _verdict(line: str) -> str | None:
    for message in VERDICTS:
        begins = message % {"finding": ""}
        if line.startswith(begins) and (said := _finding(line.removeprefix(begins))) is not None:
            shown = conditional_escape(gettext(message)) % {"finding": said}
            return mark_safe(shown)  # noqa: S308 - both parts are escaped
    return None


def _finding(line: str) -> str | None:
    found = _FINDING.fullmatch(line)
    said = finding_in_words(found["code"], found["said"]) if found else None
    if found is None or said is None or found["remedy"] not in (None, REMEDIES[found["code"]]):
        return None
    where = format_html(" ({})", _places(found["where"])) if found["where"] else ""
    remedy = format_html(". {}", gettext(found["remedy"])) if found["remedy"] else ""
    return mark_safe(f"{_named(found['code'], said)}{where}{remedy}")  # noqa: S308 - each part is escaped


def _named(code: str, said: str) -> str:
    """What is said, as HTML, after the name of its code, which has the code itself as a title."""
    name = format_html('<span title="{}">{}</span>', code, code_in_words("diagnostic", code))
    sentence = conditional_escape(gettext("%(what)s: %(said)s"))
    return mark_safe(sentence % {"what": name, "said": conditional_escape(said)})  # noqa: S308 - both are escaped


def _places(where: str) -> str:
    places = []
    for place in where.split("; "):
        found = _PLACE.fullmatch(place)
        if found is None:
            return where
        message = ngettext(
            "%(witness)s, line %(lines)s", "%(witness)s, lines %(lines)s", 1 + found["lines"].count(",")
        )
        places.append(message % {"witness": found["file"], "lines": found["lines"]})
    return "; ".join(places)


def _audit(line: str) -> str | None:
    def category(part: str) -> str:
        name, _, number = part.rpartition(" ")
        return f"{CATEGORIES.get(name, name)} {_number(number)}"

    return translated(line, [AUDIT], listed=("categories",), numbers=_NUMBERS, marks={"categories": category})


def _plain(line: str) -> str | None:
    return translated(line, (*COLLATED, *SETTLED), numbers=_NUMBERS, marks={})

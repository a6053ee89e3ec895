"""The versions of the book, by name: each changes one form."""

import re
from dataclasses import replace
from typing import Any

from tests.corpus_import.forms import other_hands, pages_and_headings
from tests.corpus_import.forms.book import Form

WORDS = ("", "One", "Two", "Three")
ROMAN = ("", "I", "II", "III")
HIGH = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _justified(text: str) -> str:
    return text.replace(". ", ".  ")


_FORMS: dict[str, dict[str, Any]] = {
    "usual": {},
    # Headings
    "Chapter One, title below": {"chapter": lambda n, t: [f"CHAPTER {WORDS[n].upper()}", t]},
    "Chapter 1: title": {"chapter": lambda n, t: [f"Chapter {n}: {t}"]},
    "Chapter I. TITLE": {"chapter": lambda n, t: [f"Chapter {ROMAN[n]}. {t.upper()}"]},
    "paragraph signs": {"chapter": lambda n, t: [f"§ {n}. {t}"]},
    "capitals without number": {"chapter": lambda n, t: [t.upper()]},
    "number without stop": {"chapter": lambda n, t: [f"{n}  {t}"]},
    "number with bracket": {"chapter": lambda n, t: [f"{n}) {t}"]},
    "marks of Markdown": {
        "chapter": lambda n, t: [f"# {n}. {t}"],
        "section": lambda n, t: [f"## {t}"],
        "heading_at": "",
    },
    "underlined": {"chapter": lambda n, t: [f"{n}. {t}", "=" * (len(t) + 3)], "heading_at": ""},
    "headings at the margin": {"heading_at": ""},
    "headings centred": {"heading_at": " " * 30},
    "headings behind a tab": {"heading_at": "\t"},
    "sections by letter": {"section": lambda n, t: [f"({'abc'[n - 1]})  {t}"]},
    "sections by decimal": {"section": lambda n, t: [f"{n}.{n}  {t}"]},
    "sections by capital": {"section": lambda n, t: [f"{'ABC'[n - 1]}.  {t}"]},
    "sections in capitals": {"section": lambda n, t: [t.upper()]},
    # Notes
    "NOTES": {"notes_heading": "NOTES"},
    "Endnotes": {"notes_heading": "Endnotes"},
    "notes without heading": {"notes_heading": ""},
    "notes 1)": {"number": lambda n: f"{n}) "},
    "notes (1)": {"number": lambda n: f"({n}) "},
    "notes [1]": {"number": lambda n: f"[{n}] "},
    "notes 1 and tab": {"number": lambda n: f"{n}\t"},
    "notes high": {"number": lambda n: str(n).translate(HIGH) + " "},
    "number on a line of its own": {"number_alone": True},
    "calls (1)": {"call": lambda n: f"({n})"},
    "calls high": {"call": lambda n: str(n).translate(HIGH)},
    "calls ^1": {"call": lambda n: f"^{n}"},
    "calls {1}": {"call": lambda n: f"{{{n}}}"},
    "calls bare": {"call": str},
    "notes and calls high": {
        "call": lambda n: str(n).translate(HIGH),
        "number": lambda n: str(n).translate(HIGH) + " ",
    },
    "notes at the end of the book": {"notes_at": "book"},
    "notes through, at the end of the book": {"notes_at": "book", "through": True},
    "notes under the paragraph": {"notes_at": "paragraph"},
    "notes through": {"through": True},
    "notes without pages": {"note_page": ""},
    # Pages
    "pages [p. 12]": {"marker": "[p. {n}]"},
    "pages [Page 12]": {"marker": "[Page {n}]"},
    "pages - 12 -": {"marker": "- {n} -"},
    "pages — 12 —": {"marker": "— {n} —"},
    "pages 12": {"marker": "{n}"},
    "pages {12}": {"marker": "{{{n}}}"},
    "pages p. 12": {"marker": "p. {n}"},
    "pages inside sentences": {"marker": "[p. {n}]", "marker_inside": True},
    "pages not given": {"marker": ""},
    "page 12, right": {"marker": " " * 60 + "page {n}"},
    # Key
    "key with colon": {"key": ": "},
    "key with dash": {"key": " – "},
    "key with two hyphens": {"key": " -- "},
    "key with equals sign": {"key": " = "},
    "key with tab": {"key": "\t"},
    "key with one space": {"key": " "},
    "key as glossary": {"key_heading": "Glossary"},
    "key without heading": {"key_heading": ""},
    "key at the end": {"key_at": "back", "key_heading": "Abbreviations"},
    # Contents and title
    "contents with dots": {"contents": lambda t, p: [f"{t} . . . . . . {p}"]},
    "contents in cells": {"contents": lambda t, p: [t.split(" ", 1)[0], t.split(" ", 1)[1], str(p)]},
    "TABLE OF CONTENTS": {"contents_heading": "TABLE OF CONTENTS"},
    "contents absent": {"contents": None},
    "contents without heading": {"contents_heading": ""},
    "title block absent": {"title_block": False},
    # White space
    "no trailing spaces": {"trailing": False},
    "indent of two": {"indent": "  "},
    "indent by tab": {"indent": "\t"},
    "no indents, blank lines": {"indent": "", "trailing": False},
    "indents, no blank lines": {"blank": False, "trailing": False},
    "narrow column": {"width": 58},
    "a line a paragraph": {"width": 5000, "trailing": False},
    # Characters
    "CRLF": {"finish": lambda text: text.replace("\n", "\r\n")},
    "curly quotes": {"finish": lambda text: text.replace("'", "’")},
    "no-break spaces": {"finish": lambda text: re.sub(r"(?<=\S) (?=\d)", "\u00a0", text)},
    "ligatures": {"finish": lambda text: text.replace("ffi", "\ufb03").replace("fi", "\ufb01")},
    "soft hyphens": {"finish": lambda text: text.replace("certificate", "certi\u00adficate")},
    "two spaces after a stop": {"finish": _justified},
    "print headers, title first": {"print_head": "The Office of Scales  Page {n} of 42"},
    "print footers with date": {"print_head": "http://scales.example/office.html 13/02/2010"},
}
_ALL = _FORMS | pages_and_headings.FORMS | other_hands.FORMS
VERSIONS: dict[str, Form] = {name: replace(Form(), **changes) for name, changes in _ALL.items()}

"""Further versions of the book: forms of headings, pages, key, contents, title block and running heads."""

from typing import Any

from reader.text.page_numbers import roman
from tests.corpus_import.forms.book import AUTHOR, CHAPTERS, PLACE, TITLE

WORDS = ("", "One", "Two", "Three")
ORDINALS = ("", "First", "Second", "Third")
ROMAN = ("", "I", "II", "III")


def _chapter_of(section: str) -> int:
    return next(n for n, c in enumerate(CHAPTERS, 1) if any(head == section for head, _ in c.sections))


def _leaders(title: str, page: str) -> list[str]:
    return [f"{title} {'.' * (60 - len(title))} {page}"]


FORMS: dict[str, dict[str, Any]] = {
    # Headings
    "Roman figure, title below": {"chapter": lambda n, t: [ROMAN[n], t]},
    "figure, title below": {"chapter": lambda n, t: [str(n), t]},
    "First Chapter": {"chapter": lambda n, t: [f"{ORDINALS[n]} Chapter", t]},
    "CHAPTER THE FIRST.": {"chapter": lambda n, t: [f"CHAPTER THE {ORDINALS[n].upper()}.", t]},
    "LECTURE I": {"chapter": lambda n, t: [f"LECTURE {ROMAN[n]}", t]},
    "Letter 1. Title": {"chapter": lambda n, t: [f"Letter {n}. {t}"]},
    "** Title **": {"chapter": lambda n, t: [f"** {t} **"]},
    "tags of a web page": {
        "chapter": lambda n, t: [f"<h2>{n}. {t}</h2>"],
        "section": lambda n, t: [f"<h3>{t}</h3>"],
        "heading_at": "",
    },
    "title case behind tabs": {"chapter": lambda n, t: [t.title()], "heading_at": "\t\t\t"},
    "sections 1.1": {"section": lambda n, t: [f"{_chapter_of(t)}.{n} {t}"]},
    "sections §1": {"section": lambda n, t: [f"§{n} {t}"]},
    "headings with a full stop": {
        "chapter": lambda n, t: [f"{n}. {t}."],
        "section": lambda n, t: [f"{ROMAN[n]}.  {t}."],
    },
    "number between dashes, title below": {"chapter": lambda n, t: [f"— {n} —", t]},
    "ONE, title below": {"chapter": lambda n, t: [WORDS[n].upper(), t]},
    "Chapter One. Title": {"chapter": lambda n, t: [f"Chapter {WORDS[n]}. {t}"]},
    "C H A P T E R": {"chapter": lambda n, t: [f"C H A P T E R  {ROMAN[n]}", t.upper()]},
    "sections underlined": {"section": lambda n, t: [t, "-" * len(t)], "heading_at": ""},
    "sections at the margin": {"section": lambda n, t: [t], "heading_at": ""},
    "sections bold": {"section": lambda n, t: [f"**{t}**"], "heading_at": ""},
    "sections between underscores": {"section": lambda n, t: [f"_{t}_"], "heading_at": ""},
    # Pages
    "pages xii": {"marker": "{n}", "page": roman},
    "pages [xii]": {"marker": "[{n}]", "page": roman},
    "pages [12]": {"marker": "[{n}]"},
    "pages |12|": {"marker": "|{n}|"},
    "pages /12/": {"marker": "/{n}/"},
    "pages <12>": {"marker": "<{n}>"},
    "pages (12)": {"marker": "({n})"},
    "pages p. 12 :": {"marker": "p. {n} :"},
    "pages p12": {"marker": "p{n}"},
    "pages * 12 *": {"marker": "* {n} *"},
    "pages #12": {"marker": "#{n}"},
    "pages 12, right": {"marker": " " * 90 + "{n}"},
    "pages (p. 12) inside": {"marker": "(p. {n})", "marker_inside": True},
    "pages {12} inside": {"marker": "{{{n}}}", "marker_inside": True},
    "pages |12 inside": {"marker": "|{n}", "marker_inside": True},
    "pages /12/ inside": {"marker": "/{n}/", "marker_inside": True},
    "form feed and number": {"marker": "\f{n}"},
    "form feed and running head": {"marker": f"\f{TITLE.upper()}    {{n}}"},
    "running head, number first": {"marker": f"{{n}}    {TITLE.upper()}"},
    # Key
    "key with spaced colon": {"key": " : "},
    "key with leaders": {"key": " . . . . . "},
    "key in capitals": {"key_row": lambda h, d: [f"{h.upper()} – {d}"]},
    "key, headword above": {"key_row": lambda h, d: [h, f"    {d}"]},
    "key with items": {"key_row": lambda h, d: [f"• {h}: {d}"]},
    "key in brackets": {"key_row": lambda h, d: [f"{h} ({d})"]},
    "key with comma": {"key": ", "},
    "ABBREVIATIONS": {"key_heading": "ABBREVIATIONS"},
    "List of abbreviations used": {"key_heading": "List of abbreviations used"},
    "Abbreviations and terms, one space": {"key_heading": "Abbreviations and terms", "key": " "},
    "key without heading, colon": {"key_heading": "", "key": ": "},
    "glossary at the end": {"key_at": "back", "key_heading": "Glossary", "key": ": "},
    # Contents, title block, running heads
    "contents with leaders": {"contents": _leaders},
    "contents without pages": {"contents": lambda t, p: [t]},
    "contents in Roman pages": {"page": roman},
    "contents with p.": {"contents": lambda t, p: [f"{t}, p. {p}"]},
    "contents, page first": {"contents": lambda t, p: [f"{p}  {t}"]},
    "contents with a long line": {
        "contents": lambda t, p: [
            f"{t}, with an account of what was found there and of those who found it  {p}"
        ]
    },
    "title block in capitals": {"title_lines": (AUTHOR.upper(), TITLE.upper(), PLACE.upper())},
    "title block of nine lines": {
        "title_lines": (
            TITLE,
            "A study in weights and in those who kept them, from the sources of the district",
            AUTHOR,
            "Translated by B. N. Other",
            "With a map and four plates",
            "The Scale Press",
            "Second edition, revised and enlarged",
            "© 1931 The Scale Press. All rights reserved.",
            "Transcribed for the web by a reader, 2004",
        )
    },
    "running head without number": {"print_head": TITLE.upper()},
    "lines of a scan": {"print_head": "Digitized by the library of the district"},
}

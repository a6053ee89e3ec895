"""A third set of versions of the book, written after the second was read: what else other hands do."""

from typing import Any

from reader.text.page_numbers import roman
from tests.corpus_import.forms.book import AUTHOR, CHAPTERS, KEY, PLACE, TITLE

WORDS = ("", "One", "Two", "Three")
ROMAN = ("", "I", "II", "III")


def _chapter_of(section: str) -> int:
    return next(n for n, c in enumerate(CHAPTERS, 1) if any(head == section for head, _ in c.sections))


def _spaced(title: str) -> str:
    return "   ".join(" ".join(word) for word in title.upper().split())


FORMS: dict[str, dict[str, Any]] = {
    # Headings
    "Part One, Title": {"chapter": lambda n, t: [f"Part {WORDS[n]}, {t}"]},
    "BOOK I.—TITLE": {"chapter": lambda n, t: [f"BOOK {ROMAN[n]}.—{t.upper()}"]},
    "CHAP. I.": {"chapter": lambda n, t: [f"CHAP. {ROMAN[n]}.", t]},
    "Chapter 1 at the margin, blank, title": {
        "chapter": lambda n, t: [f"Chapter {n}", "", t],
        "heading_at": "",
    },
    "I Title": {"chapter": lambda n, t: [f"{ROMAN[n]} {t}"]},
    "I - Title": {"chapter": lambda n, t: [f"{ROMAN[n]} - {t}"]},
    "(1) Title": {"chapter": lambda n, t: [f"({n}) {t}"]},
    "[1] Title": {"chapter": lambda n, t: [f"[{n}] {t}"]},
    "1.0 Title": {
        "chapter": lambda n, t: [f"{n}.0 {t}"],
        "section": lambda n, t: [f"{_chapter_of(t)}.{n} {t}"],
    },
    "title, number after": {"chapter": lambda n, t: [f"{t} ({ROMAN[n]})"]},
    "titles spaced out": {"chapter": lambda n, t: [_spaced(t)]},
    "titles without number, centred": {"chapter": lambda n, t: [t], "heading_at": " " * 34},
    "titles in capitals with a stop": {"chapter": lambda n, t: [f"{t.upper()}."]},
    "titles between rules": {"chapter": lambda n, t: ["-" * 40, t.upper(), "-" * 40], "heading_at": ""},
    "titles between equals signs": {
        "chapter": lambda n, t: [f"== {t} =="],
        "section": lambda n, t: [f"=== {t} ==="],
        "heading_at": "",
    },
    "sections (i)": {"section": lambda n, t: [f"({'i' * n}) {t}"]},
    "sections a)": {"section": lambda n, t: [f"{'ab'[n - 1]}) {t}"]},
    "sections numbered through": {
        "section": lambda n, t: [f"§ {sum(len(c.sections) for c in CHAPTERS[: _chapter_of(t) - 1]) + n}. {t}"]
    },
    "sections in italics, with a dash": {"section": lambda n, t: [f"*{t}*"]},
    "sections set in": {"section": lambda n, t: [t]},
    "sections after asterisks": {"section": lambda n, t: ["* * *", t.upper()]},
    "sections with a colon": {"section": lambda n, t: [f"{t}:"]},
    # Pages
    "pages [p12]": {"marker": "[p12]".replace("12", "{n}")},
    "pages [pg 12]": {"marker": "[pg {n}]"},
    "pages Page 12 of the original": {"marker": "[Page {n} of the original]"},
    "pages {p. 12}": {"marker": "{{p. {n}}}"},
    "pages <page 12>": {"marker": "<page {n}>"},
    "pages <pb n=12/>": {"marker": '<pb n="{n}"/>'},
    "pages // 12 //": {"marker": "// {n} //"},
    "pages ---12---": {"marker": "---{n}---"},
    "pages ===== 12": {"marker": "===== {n} ====="},
    "pages 12 between rules": {"marker": "------------------------ {n} ------------------------"},
    "pages Seite 12": {"marker": "Seite {n}"},
    "pages 12.": {"marker": "{n}."},
    "pages xii, in brackets, inside": {"marker": "[p. {n}]", "marker_inside": True, "page": roman},
    "pages [12] inside": {"marker": "[{n}]", "marker_inside": True, "call": lambda n: f"({n})"},
    "pages [[12]] inside": {"marker": "[[{n}]]", "marker_inside": True},
    "pages || 12 inside": {"marker": "||{n}||", "marker_inside": True},
    "pages -12- inside": {"marker": "-{n}-", "marker_inside": True},
    "page: 12": {"marker": "Page: {n}"},
    "form feed alone and number at the foot": {"marker": "{n}\f"},
    "running head, number last": {"marker": f"{TITLE}   {{n}}"},
    "running head, author and number": {"marker": f"{AUTHOR} | {{n}}"},
    # Key
    "key with a bar": {"key": " | "},
    "key with an arrow": {"key": " -> "},
    "key with semicolon": {"key": "; "},
    "key with a long dash and no space": {"key": "—"},
    "key in quotes": {"key_row": lambda h, d: [f"“{h}”: {d}"]},
    "key bold": {"key_row": lambda h, d: [f"**{h}** {d}"]},
    "key with numbers": {"key_row": lambda h, d: [f"{[k for k, _ in KEY].index(h) + 1}. {h} – {d}"]},
    "key set in": {"key_row": lambda h, d: [f"    {h}: {d}"]},
    "key in rows of a table": {"key_row": lambda h, d: [f"| {h} | {d} |"]},
    "key with full stops": {"key_row": lambda h, d: [f"{h}: {d}."]},
    "key called Glossary of terms": {"key_heading": "Glossary of terms and names"},
    "key called ABBREVIATIONS USED IN THE TEXT": {"key_heading": "ABBREVIATIONS USED IN THE TEXT"},
    "key called Explanation of terms": {"key_heading": "Explanation of terms"},
    "key called Russian words": {"key_heading": "List of Russian words and abbreviations"},
    # Contents, title block
    "Table of Contents:": {"contents_heading": "Table of Contents:"},
    "CONTENTS spaced": {"contents_heading": "C O N T E N T S"},
    "contents behind tabs": {"contents": lambda t, p: [f"{t}\t{p}"]},
    "contents set in": {"contents": lambda t, p: [f"    {t}  {p}"]},
    "contents in capitals": {"contents": lambda t, p: [f"{t.upper()}  {p}"]},
    "contents with dashes": {"contents": lambda t, p: [f"{t} — {p}"]},
    "contents with (p. 12)": {"contents": lambda t, p: [f"{t} (p. {p})"]},
    "title block with by": {"title_lines": (TITLE, "by", AUTHOR, PLACE)},
    "title block centred": {"title_lines": (" " * 36 + TITLE, " " * 40 + AUTHOR, " " * 30 + PLACE)},
    "title between rules": {"title_lines": ("=" * 60, TITLE, AUTHOR, "=" * 60)},
    "title block with a dedication": {"title_lines": (TITLE, AUTHOR, PLACE, "To the three clerks")},
    "title block with a motto": {
        "title_lines": (
            TITLE,
            AUTHOR,
            PLACE,
            "“What is weighed is not yet known.”",
            "— From a letter of the third clerk",
        )
    },
}

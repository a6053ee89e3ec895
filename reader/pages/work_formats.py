"""The list of works that a volume cites as BibTeX, RIS and CSL-JSON. Pure: works in, text out.

A work is a book, or a periodical as a whole. An author line that ends with `ed.` names its editors. What the text
calls a decree has no author and no place: it is a document.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

import rispy
from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field

from reader.pages.citation_formats import RisWriter, bibtex_names, csl_name, persons, tex
from reader.text.works import Work

EDITORS = re.compile(r",?\s+eds?\.$")
YEAR = re.compile(r"\d{4}")


def csl_json(works: Sequence[Work]) -> str:
    """The works as CSL-JSON: a list of items."""
    return json.dumps([_csl_item(work) for work in works], ensure_ascii=False, indent=2) + "\n"


def bibtex(works: Sequence[Work]) -> str:
    """The works as BibTeX in UTF-8. Titles keep their capitals."""
    if not works:
        return ""
    return write_string(Library([_bibtex_entry(work) for work in works]), unparse_stack=[])


def ris(works: Sequence[Work]) -> str:
    """The works as RIS: BOOK, or JFULL for a periodical."""
    return "\n".join(
        str(rispy.dumps([_ris_fields(work)], implementation=RisWriter)).lstrip() for work in works
    )


# How each format is written, by the end of its address, and its media type.
FORMATS = {
    "json": (csl_json, "application/vnd.citationstyles.csl+json"),
    "bib": (bibtex, "application/x-bibtex"),
    "ris": (ris, "application/x-research-info-systems"),
}


def _people(work: Work) -> tuple[str, str]:
    """The name of the role, in CSL's words, and the names."""
    role = "editor" if EDITORS.search(work.author) else "author"
    return role, EDITORS.sub("", work.author)


def _csl_item(work: Work) -> dict[str, Any]:
    role, names = _people(work)
    item: dict[str, Any] = {
        "id": work.slug,
        "type": "periodical" if work.is_periodical else "book",
        "title": work.title,
        role: [csl_name(person) for person in persons(names)] if names else "",
        "publisher": work.publisher,
        "publisher-place": work.place,
        "title-short": min(work.abbreviations, key=len, default=""),
        "DOI": work.doi,
        "ISBN": work.isbn,
        "URL": work.url,
        "note": work.remark,
    }
    if years := [int(year) for year in YEAR.findall(work.year)]:
        item["issued"] = {"date-parts": [[year] for year in years[:2]]}
    elif work.year:
        item["issued"] = {"literal": work.year}
    return {name: value for name, value in item.items() if value}


def _bibtex_entry(work: Work) -> Entry:
    role, names = _people(work)
    values = {
        role: bibtex_names(names) if names else "",
        "title": f"{{{tex(work.title)}}}",
        "shorttitle": tex(min(work.abbreviations, key=len, default="")),
        "publisher": tex(work.publisher),
        "address": tex(work.place),
        "year": tex(work.year),
        "doi": work.doi,
        "isbn": work.isbn,
        "url": work.url,
        "note": tex(work.remark),
    }
    fields = [Field(key, f"{{{value}}}") for key, value in values.items() if value]
    return Entry("misc" if work.is_periodical or not work.author else "book", work.slug, fields)


def _ris_fields(work: Work) -> dict[str, Any]:
    role, names = _people(work)
    fields: dict[str, Any] = {
        "type_of_reference": "JFULL" if work.is_periodical else "BOOK",
        "id": work.slug,
        "authors" if role == "author" else "secondary_authors": [person.inverted for person in persons(names)]
        if names
        else [],
        "title": work.title,
        "short_title": min(work.abbreviations, key=len, default=""),
        "publisher": work.publisher,
        "place_published": work.place,
        "year": work.year[:4],
        "doi": work.doi,
        "issn": work.isbn,
        "urls": [work.url] if work.url else [],
        "notes": [work.remark] if work.remark else [],
    }
    return {name: value for name, value in fields.items() if value}

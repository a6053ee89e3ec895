"""A volume, a chapter or a passage as a citation: in Chicago and MLA, and as BibTeX, RIS and CSL-JSON.

A passage, which is a paragraph or a note, is cited as the chapter that it stands in, with its own page: a note of
Chicago style names the page of the passage; lists of works, and reference managers, name the pages of the chapter.

The day of access is left out: the address is permanent, the revision says which text was read, and the page that
shows the citation does not change from day to day. Pure: records in, text and HTML out.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import rispy
from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.middlewares.names import InvalidNameError, parse_single_name_into_parts
from bibtexparser.model import Entry, Field
from citeproc import Citation as Citations
from citeproc import CitationItem, CitationStylesBibliography, CitationStylesStyle
from citeproc.source.json import CiteProcJSON

from reader.text.headlines import chicago_range, headline, mla_range
from reader.text.html import CONTROL, escape

STYLES = Path(__file__).parent / "styles"
# The separators between the names of several persons.
BETWEEN_PERSONS = re.compile(r"\s*;\s*|,?\s+(?:and|&)\s+")
# Words in lower case that belong to a person's name.
PARTICLE = re.compile(r"a[fl]|bin|d(a|as|e|el|ella|en|er|es|i|o|os|u)|e|ibn|l[ae]|te[nr]|v[ao]n|y|zu[mr]?")
# Characters that a BibTeX value must escape: TeX's special characters, and the pairs that TeX sets as one character.
TEX = str.maketrans(
    {
        "\\": r"{\textbackslash}",
        "^": r"{\textasciicircum}",
        "~": r"{\textasciitilde}",
        **{mark: f"\\{mark}" for mark in "#$%&_{}"},
    }
)
# BibTeX counts every brace, also in \{ and \}: braces that form no pairs are written by their names.
TEX_ODD_BRACES = TEX | str.maketrans({"{": r"{\textbraceleft}", "}": r"{\textbraceright}"})
BRACES = re.compile(r"\{[^{}]*\}")
TEX_PAIR = re.compile(
    r"(?<=-)(?=-)|(?<=')(?=')|(?<=`)(?=`)|(?<=[?!])(?=`)|(?<=,)(?=,)|(?<=<)(?=<)|(?<=>)(?=>)"
)
# A superfluous full stop after a mark that ends a sentence: “What Is to Be Done?.”
STOP_AFTER_MARK = re.compile(r"(?<=[?!])\.(?!\.)")
# The style library does not escape. Italics come between two characters that no citation holds.
ITALIC_START, ITALIC_END = "\x02", "\x03"
ITALICS = re.compile(f"{ITALIC_START}([^{ITALIC_END}]*){ITALIC_END}")
QUOTED_END = re.compile(r"’([.,])”")
# A title's own quotation marks, in pairs.
QUOTED = re.compile(r"“([^“”]*)”|\"([^\"]*)\"")


@dataclass(frozen=True, slots=True)
class Citation:
    """The values of a citation. Without a chapter it cites the volume; without pages its place in print is not known.

    `pages` are the first and the last printed page of the chapter, as they are printed, an inferred one in brackets;
    `beyond` those of a note that stands outside them, at the end of the book; `cited` those of the passage. Of a
    passage, `paragraph` is the number of its paragraph, `note` that of its note.
    Runs of white space and control characters in the texts become one space.
    """

    key: str
    author: str
    title: str
    publisher: str
    year: int
    revision: int
    url: str
    language: str
    translator: str = ""
    original: str = ""
    chapter: str = ""
    pages: tuple[str, str] | None = None
    beyond: tuple[str, str] | None = None
    cited: tuple[str, str] | None = None
    paragraph: int | None = None
    note: str = ""

    def __post_init__(self) -> None:
        for name in ("author", "title", "publisher", "translator", "original", "chapter"):
            object.__setattr__(self, name, _one_line(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class Person:
    """A name in its parts. An institution has only a family name, which is never inverted."""

    family: str
    given: str = ""
    suffix: str = ""
    is_institution: bool = False

    @property
    def full(self) -> str:
        """The name as on a title page."""
        return " ".join(part for part in (self.given, self.family, self.suffix) if part)

    @property
    def inverted(self) -> str:
        """The name as in an index: family name, suffix if any, given names, separated by commas."""
        return ", ".join(part for part in (self.family, self.suffix, self.given) if part)


def persons(names: str) -> list[Person]:
    """The persons of a line such as “A. Person; B. van Person and Person, C.”, read by BibTeX's rules for names.

    A name with a word in lower case that is not a particle is an institution's: “The editors of a journal”.
    """
    return [_person(name) for name in BETWEEN_PERSONS.split(names.strip()) if name]


def _person(name: str) -> Person:
    words = name.replace(",", " ").split()
    if (
        len(words) == 1
        or words[0].casefold() == "the"
        or any(word[0].islower() and not PARTICLE.fullmatch(word) for word in words)
        or set(name) & set('{}\\~"')
    ):
        return Person(name, is_institution=True)
    try:
        parts = parse_single_name_into_parts(name)
    except InvalidNameError:
        return Person(name, is_institution=True)
    return Person(
        family=" ".join([*parts.von, *parts.last]), given=" ".join(parts.first), suffix=" ".join(parts.jr)
    )


def csl_item(citation: Citation) -> dict[str, Any]:
    """The citation in CSL's own variables (Citation Style Language 1.0.2, appendix IV)."""
    item: dict[str, Any] = {
        "id": citation.key,
        "type": "chapter" if citation.chapter else "book",
        "title": citation.chapter or citation.title,
        "author": [csl_name(person) for person in persons(citation.author)],
        "publisher": citation.publisher,
        "issued": {"date-parts": [[citation.year]]},
        "version": str(citation.revision),
        "URL": citation.url,
        "language": citation.language,
    }
    if citation.chapter:
        item["container-title"] = citation.title
    if citation.translator:
        item["translator"] = [csl_name(person) for person in persons(citation.translator)]
    if citation.pages:
        item["page"] = _pages(citation, "-")
    if remarks := _remarks(citation):
        item["note"] = ". ".join(remarks)
    return item


def csl_json(citation: Citation) -> str:
    """The citation as CSL-JSON: a list of one item."""
    return json.dumps([csl_item(citation)], ensure_ascii=False, indent=2) + "\n"


def ris(citation: Citation) -> str:
    """A RIS citation: CHAP in its book, or BOOK."""
    fields: dict[str, Any] = {
        "type_of_reference": "CHAP" if citation.chapter else "BOOK",
        "id": citation.key,
        "authors": [person.inverted for person in persons(citation.author)],
        "title": citation.chapter or citation.title,
        "publisher": citation.publisher,
        "year": str(citation.year),
        "language": citation.language,
        # `M2` is kept by Zotero among the extra fields of an item, where its styles find a version.
        "notes": [f"Version {citation.revision}", *_remarks(citation)],
        "custom_version": f"Version: {citation.revision}",
        "urls": [citation.url],
    }
    if citation.chapter:
        fields["secondary_title"] = citation.title
    if citation.translator:
        fields["subsidiary_authors"] = [person.inverted for person in persons(citation.translator)]
    if citation.pages:
        fields["start_page"], fields["end_page"] = citation.pages
    return str(rispy.dumps([fields], implementation=RisWriter)).lstrip()


def bibtex(citation: Citation) -> str:
    """A BibTeX entry in UTF-8: `incollection` in its book, or `book`. Titles keep their capitals."""
    values = {
        "author": bibtex_names(citation.author),
        "title": f"{{{tex(citation.chapter or citation.title)}}}",
        "booktitle": f"{{{tex(citation.title)}}}" if citation.chapter else "",
        "translator": bibtex_names(citation.translator),
        "publisher": tex(citation.publisher),
        "year": str(citation.year),
        "pages": _pages(citation, "--"),
        "language": tex(citation.language),
        "note": tex(". ".join([f"Version {citation.revision}", *_remarks(citation)])),
        "url": citation.url,
    }
    fields = [Field(key, f"{{{value}}}") for key, value in values.items() if value]
    entry = Entry("incollection" if citation.chapter else "book", citation.key, fields)
    return write_string(Library([entry]), unparse_stack=[])


def chicago_note(citation: Citation) -> str:
    """The citation as a note in Chicago style, in HTML."""
    return _styled(citation, "chicago-notes", in_note=True)


def chicago(citation: Citation) -> str:
    """The citation as an entry of a bibliography in Chicago style, in HTML."""
    return _styled(citation, "chicago-notes")


def mla(citation: Citation) -> str:
    """The citation as an entry of MLA's list of works cited, in HTML."""
    return _styled(citation, "mla")


def mla_in_text(citation: Citation) -> str:
    """The citation in a text, between brackets, which leads to MLA's list of works cited, in HTML."""
    return _styled(citation, "mla", in_note=True)


class RisWriter(rispy.RisWriter):  # type: ignore[misc]  # the library has no types
    """The library's writer, without its number before each citation, which RIS does not allow, and with `M2`."""

    DEFAULT_MAPPING: ClassVar[dict[str, str]] = {**rispy.RisWriter.DEFAULT_MAPPING, "M2": "custom_version"}

    def set_header(self, count: int) -> str:
        """No number."""
        return ""


class _Formatter:
    """The formatter for the style library, which writes text and italics (in the shape of its `formatter` modules)."""

    @staticmethod
    def preformat(text: str) -> str:
        return text

    class Italic(str):
        def __new__(cls, text: object) -> "_Formatter.Italic":
            return super().__new__(cls, f"{ITALIC_START}{text}{ITALIC_END}")


def _styled(citation: Citation, style: str, *, in_note: bool = False) -> str:
    item = csl_item(citation)
    is_mla = style == "mla"
    for name in ("title", "container-title"):
        if name in item:
            item[name] = headline(item[name], citation.language, long_prepositions=not is_mla)
    # Quotation marks within a title become single ones, since the title stands in double ones.
    ends_quoted = bool(citation.chapter) and citation.chapter[-1] in '”"'
    if citation.chapter:
        item["title"] = _single_quotes(item["title"])
    item.pop("page", None)
    if place := _place(citation, is_mla=is_mla, in_note=in_note):
        # MLA has a comma before a place that is no page.
        item["section" if is_mla and place.startswith(("par.", "n.")) else "page"] = place
    # Read for each citation, in two milliseconds: the library keeps the state of a citation in the style's tree.
    bibliography = CitationStylesBibliography(
        CitationStylesStyle(str(STYLES / f"{style}.csl"), validate=False), CiteProcJSON([item]), _Formatter
    )
    citations = Citations([CitationItem(citation.key)])
    bibliography.register(citations)
    text = str(bibliography.cite(citations, None) if in_note else bibliography.bibliography()[0])
    if citation.note and not citation.pages:  # a style that names pages names the note so
        text = text.replace(f"p. n. {citation.note}", f"n. {citation.note}")
    if ends_quoted:  # American style: the mark stands inside both pairs
        text = QUOTED_END.sub(r"\1’”", text, count=1)
    pieces = ITALICS.split(STOP_AFTER_MARK.sub("", text))
    return "".join(f"<i>{escape(piece)}</i>" if k % 2 else escape(piece) for k, piece in enumerate(pieces))


def _place(citation: Citation, *, is_mla: bool, in_note: bool) -> str:
    """The place that a style prints: the passage's in a note, the chapter's in MLA's list; empty if there is none."""
    write = mla_range if is_mla else chicago_range
    if in_note:
        if citation.note:
            page = [write(*citation.cited)] if citation.cited else []
            return ", ".join([*page, f"n. {citation.note}"])
        if citation.cited:
            return write(*citation.cited)
        return f"par. {citation.paragraph}" if citation.paragraph else ""
    if not citation.pages:
        return ""
    ranges = [pages for pages in (citation.pages, citation.beyond) if pages]
    is_one = len(ranges) == 1 and ranges[0][0] == ranges[0][1]
    return f"{'p.' if is_one else 'pp.'} {', '.join(write(*pages) for pages in ranges)}"


def _remarks(citation: Citation) -> list[str]:
    """What no field of a reference manager is for: the passage's place in its chapter, and the original."""
    remarks = []
    if citation.paragraph or citation.note:
        place = [f"note {citation.note}" if citation.note else f"paragraph {citation.paragraph}"]
        if citation.cited:
            first, last = citation.cited
            place = [f"{'p.' if first == last else 'pp.'} {_page_range(citation.cited, '–')}", *place]
        remarks.append(f"Cited: {', '.join(place)}")
    if citation.original:
        remarks.append(f"Original: {citation.original}")
    return remarks


def _pages(citation: Citation, dash: str) -> str:
    """The pages of the chapter, and those of a note that stands outside them; empty if they are not known."""
    known = [pages for pages in (citation.pages, citation.beyond) if pages]
    return ", ".join(_page_range(pages, dash) for pages in known)


def _page_range(pages: tuple[str, str], dash: str) -> str:
    first, last = pages
    return first if first == last else f"{first}{dash}{last}"


def csl_name(person: Person) -> dict[str, str]:
    """A name in CSL's variables."""
    if person.is_institution:
        return {"literal": person.family}
    parts = {"family": person.family, "given": person.given, "suffix": person.suffix}
    return {name: part for name, part in parts.items() if part}


def bibtex_names(names: str) -> str:
    """The persons of a line as BibTeX writes them."""
    return " and ".join(
        f"{{{tex(person.family)}}}" if person.is_institution else tex(person.inverted)
        for person in persons(names)
    )


def tex(text: str) -> str:
    """A text with TeX's special characters escaped."""
    braces = text
    while (fewer := BRACES.sub("", braces)) != braces:
        braces = fewer
    is_odd = "{" in braces or "}" in braces
    return TEX_PAIR.sub("{}", text.translate(TEX_ODD_BRACES if is_odd else TEX))


def _single_quotes(title: str) -> str:
    return QUOTED.sub(lambda found: f"‘{found[1] or found[2] or ''}’", title)


def _one_line(text: str) -> str:
    return " ".join(CONTROL.sub(" ", text).split())

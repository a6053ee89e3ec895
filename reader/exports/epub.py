"""The edition as EPUB 3.3: https://www.w3.org/TR/epub-33/, https://www.w3.org/TR/epub-a11y-11/.

The chapters are the reader's own pages, rendered with addresses inside the book. Notes stand at the end of their
chapter; many reading systems show them beside their calls as well. The pages of the printed book are a list of places.
The same edition always gives the same bytes.
"""

import io
import re
import uuid
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from django.utils.translation import gettext
from lxml import etree

from reader.edition.book_pages import has_inferred
from reader.edition.edition import Edition
from reader.exports.book import (
    explained_by_the_text,
    glossary_head,
    has_glossary,
    in_xml,
    name_of_part,
    revised_on,
    see,
    statements,
    terms_in_order,
    translated_by,
)
from reader.exports.indexes import PERSONS, WORKS, Entry, Index, between, indexes_of
from reader.models import Division, Volume
from reader.pages.chapter import rendered_chapter
from reader.text import rendering
from reader.text.addresses import call_id, note_id
from reader.text.html import Html, escape
from reader.text.labels import labels_in
from reader.text.typography import typeset

XHTML = "http://www.w3.org/1999/xhtml"
XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
OPS = "http://www.idpf.org/2007/ops"
CONTAINER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>'
    "</container>\n"
)
# Of a file in a zip, which cannot be older; the day of a revision that has none.
FIRST_DAY = date(1980, 1, 1)
FEATURES = (
    "displayTransformability",
    "pageBreakMarkers",
    "pageNavigation",
    "printPageNumbers",
    "readingOrder",
    "structuralNavigation",
    "tableOfContents",
)


@dataclass(frozen=True, slots=True)
class _Addresses:
    """Addresses between the files of the book."""

    def paragraph(self, number: int) -> str:
        return f"#p{number}"

    def term(self, entry: str) -> str:
        return f"glossary.xhtml#{_term_id(entry.strip('#').split('/')[0])}"

    def note(self, n: int) -> str:
        return f"#{note_id(n)}"

    def call(self, n: int, call: int) -> str:
        return f"#{call_id(n, call)}"

    def note_page(self, n: int) -> str:
        return f"#{note_id(n)}"


@dataclass(frozen=True, slots=True)
class _File:
    """A file of the book: its name, its title, its XHTML between the tags of `body`."""

    name: str
    title: str
    body: str
    # The pages of the printed book that begin in it, with the ids of their places.
    pages: Sequence[tuple[str, str]] = ()
    # What it is among the landmarks (EPUB Structural Semantics Vocabulary); empty if it is none of them.
    landmark: str = ""

    @property
    def id(self) -> str:
        return "f-" + re.sub(r"[^\w-]", "-", self.name.removesuffix(".xhtml"))


def write_epub(edition: Edition, only: str = "", address: str = "") -> bytes:
    """The edition, or the chapter whose slug is `only`, as an EPUB. `address` is where the archive shows the volume."""
    volume = edition.volume
    revised = revised_on(volume) or FIRST_DAY
    chapters = [chapter for chapter in edition.page_divisions if not only or chapter.slug == only]
    slugs = {term.pk: term.slug for term in edition.terms}
    lists = indexes_of(edition, only)
    held = _Held(
        frozenset(chapter.slug for chapter in chapters),
        frozenset(entry.slug for each in lists if each.name == WORKS for entry in each.entries),
    )
    texts = [_chapter(edition, chapter, slugs, held) for chapter in chapters]
    ends = [
        *([_glossary(edition)] if has_glossary(edition) else ()),
        *(_index(edition, each) for each in lists),
        _colophon(edition, address, only),
    ]
    shown = [_title_page(edition), *texts, *ends]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as book:

        def put(name: str, content: str, how: int = zipfile.ZIP_DEFLATED) -> None:
            entry = zipfile.ZipInfo(name, (revised.year, revised.month, revised.day, 0, 0, 0))
            entry.compress_type = how
            entry.external_attr = 0o644 << 16
            book.writestr(entry, content.encode())

        # The media type stands first and is not compressed (EPUB 3.3, 4.2.6.2).
        put("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        put("META-INF/container.xml", CONTAINER)
        put("EPUB/package.opf", _package(edition, shown, revised, address, only))
        put("EPUB/nav.xhtml", _page(volume, gettext("Contents"), _navigation(edition, chapters, texts, ends)))
        put("EPUB/book.css", files("reader.exports").joinpath("book.css").read_text("utf-8"))
        for file in shown:
            put(f"EPUB/{file.name}", _page(volume, file.title, file.body))
    return made.getvalue()


# The files of the text


@dataclass(frozen=True, slots=True)
class _Held:
    """What the book holds of the edition: the slugs of its chapters, and of the works that it lists."""

    chapters: frozenset[str]
    works: frozenset[str]


def _chapter(edition: Edition, chapter: Division, slugs: dict[int, str], held: _Held) -> _File:
    rendered = rendered_chapter(edition, chapter, slugs, _Addresses())
    kind = {"front": "frontmatter", "part": "part", "back": "backmatter"}.get(chapter.kind, "chapter")
    # The others have no role of their own (EPUB Type to ARIA Role Authoring Guide).
    role = f' role="doc-{kind}"' if kind in ("part", "chapter") else ""
    label = f"{chapter.kind_in_book.capitalize()} {chapter.n}" if chapter.n and chapter.is_page else ""
    opening = f'<p class="label">{escape(label)}</p>' if label else ""
    source = (
        f'<section xmlns="{XHTML}" xmlns:epub="{OPS}" id="{escape(chapter.slug)}" epub:type="{kind}"{role}>'
        f"<header>{opening}<h1>{rendered.head}</h1></header>{rendered.body}{rendered.notes}</section>"
    )
    root = etree.fromstring(in_xml(source))
    pages = list(_made_of_epub(root, edition.volume, held))
    return _File(f"{chapter.slug}.xhtml", chapter.title, etree.tostring(root, encoding="unicode"), pages)


def _made_of_epub(root: etree._Element, volume: Volume, held: _Held) -> Iterator[tuple[str, str]]:
    """Turn a rendered chapter into one of the book; the pages that begin in it, with the ids of their places."""
    labels, address = labels_in(volume.language), volume.get_absolute_url()
    for element in list(
        root.iter(f"{{{XHTML}}}a", f"{{{XHTML}}}span", f"{{{XHTML}}}section", f"{{{XHTML}}}li")
    ):
        classes = element.get("class", "").split()
        href = element.get("href", "")
        element.attrib.pop("tabindex", None)
        if "at" in classes or "data-s" in element.attrib or (element.tag.endswith("}a") and not href):
            _unwrapped(element)
        elif "pagebreak" in classes:
            element.set(f"{{{OPS}}}type", "pagebreak")
            label = element.attrib.pop("data-n")
            # A reader who asks for page 42 types no brackets: the doubt is said where the page begins.
            name = label[1:-1] if has_inferred([label]) else label
            said = labels.page if name == label else labels.inferred_page
            element.set("aria-label", f" {said.format(n=name)}. ")
            element.attrib.pop("title", None)
            if "id" in element.attrib:
                yield name, element.get("id", "")
        elif "noteref" in classes and href:
            element.set(f"{{{OPS}}}type", "noteref")
        elif "backlink" in classes:
            element.set("epub-backlink", "")
        elif href.startswith(address):
            inside = _inside(href.removeprefix(address), held)
            if inside:
                element.set("href", inside)
                if inside.startswith(f"{WORKS}.xhtml"):
                    element.set(f"{{{OPS}}}type", "biblioref")
                    element.set("role", "doc-biblioref")
            else:
                _unwrapped(element)
        elif element.get("role") == "doc-endnotes":
            element.set(f"{{{OPS}}}type", "endnotes")
        elif element.tag.endswith("}li"):
            _wrap_note(element)
    for named in root.iter():
        if language := named.get("lang"):
            named.set(XML_LANGUAGE, language)
    _put_back_links_first(root)
    # A region that scrolls on a page has no need to in a book.
    for region in root.xpath("//*[(local-name()='div' or local-name()='pre') and @tabindex]"):
        for name in ("tabindex", "role", "aria-label", "aria-labelledby"):
            region.attrib.pop(name, None)


def _wrap_note(item: etree._Element) -> None:
    """Put what a note holds into an element that may have the role of a note, as an item of a list may not."""
    note = etree.Element(f"{{{XHTML}}}div")
    note.set(f"{{{OPS}}}type", "footnote")
    note.set("role", "doc-footnote")
    if name := item.attrib.pop("id", ""):
        note.set("id", name)
    note.text, item.text = item.text, None
    note.extend(list(item))
    item.append(note)


def _inside(rest: str, held: _Held) -> str:
    """The address in the book of a place that the archive shows at `rest` below the volume; empty if it lacks it."""
    slug, _, fragment = rest.partition("/")
    if slug == WORKS and fragment.removeprefix("#") in held.works:
        return f"{WORKS}.xhtml#{_work_id(fragment.removeprefix('#'))}"
    if slug not in held.chapters:
        return ""
    return f"{slug}.xhtml" + (fragment if fragment.startswith("#") else "")


def _put_back_links_first(root: etree._Element) -> None:
    """Move the ways back before the text of their notes, where a reading system that pops notes up shows them first."""
    for item in root.iter(f"{{{XHTML}}}li"):
        links = [
            link for link in item.iter(f"{{{XHTML}}}a") if link.attrib.pop("epub-backlink", None) is not None
        ]
        paragraph = item.find(f".//{{{XHTML}}}p")
        if not links or paragraph is None:
            continue
        for link in links:
            parent, before = link.getparent(), link.getprevious()
            # The space before the link goes with it.
            if before is not None:
                before.tail = (before.tail or "").rstrip() + (link.tail or "")
            else:
                parent.text = (parent.text or "").rstrip() + (link.tail or "")
            parent.remove(link)
            link.tail = " "
        links[-1].tail = " " + (paragraph.text or "")
        paragraph.text = None
        for at, link in enumerate(links):
            paragraph.insert(at, link)


def _unwrapped(element: etree._Element) -> None:
    """Take an element away and leave its content in its place."""
    parent, before = element.getparent(), element.getprevious()
    children = list(element)
    text = element.text or ""
    tail = element.tail or ""
    at = parent.index(element)
    parent.remove(element)
    if children:
        children[-1].tail = (children[-1].tail or "") + tail
    else:
        text += tail
    if before is not None:
        before.tail = (before.tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    for offset, child in enumerate(children):
        parent.insert(at + offset, child)


def _title_page(edition: Edition) -> _File:
    volume = edition.volume
    lines = [
        f'<p class="author">{escape(volume.author)}</p>',
        f"<h1>{escape(volume.title)}</h1>",
        f'<p class="subtitle">{escape(volume.subtitle)}</p>' if volume.subtitle else "",
        f"<p>{escape(translated_by(volume))}</p>" if volume.translator else "",
        f'<p class="imprint">{escape(volume.publisher)}<br/>{volume.year}</p>',
        f'<p class="original">{escape(volume.original)}</p>' if volume.original else "",
    ]
    return _File("title.xhtml", str(volume), f'<section epub:type="titlepage">{"".join(lines)}</section>')


def _glossary(edition: Edition) -> _File:
    names = {term.pk: term for term in edition.terms}

    def shown(text: str) -> str:
        return typeset(text, edition.volume.language).html()

    entries = []
    for term in terms_in_order(edition):
        if meant := names.get(term.see_id or 0):
            said = [see(f'<a href="#{_term_id(meant.slug)}">{shown(meant.headword)}</a>')]
        else:
            senses = edition.senses.get(term.pk, ())
            said = [f"{sense.n}. {shown(sense.definition)}" for sense in senses] or [shown(term.definition)]
        head = f"<dfn>{shown(term.headword)}</dfn>"
        entries.append(f'<dt epub:type="glossterm" id="{_term_id(term.slug)}">{head}</dt>')
        entries += (f'<dd epub:type="glossdef">{each}</dd>' for each in said)
    listed = f"<dl>{''.join(entries)}</dl>" if entries else ""
    body = f"<h1>{glossary_head()}</h1>{listed}{_explained(edition)}"
    section = f'<section epub:type="glossary" role="doc-glossary">{body}</section>'
    return _File("glossary.xhtml", glossary_head(), section, landmark="glossary")


def _explained(edition: Edition) -> str:
    """The terms that the text explains, apart from those of the glossary, each with the sentence that explains it."""

    def shown(text: str) -> str:
        return typeset(" ".join(text.split()), edition.volume.language).html()

    colon = labels_in(edition.volume.language).colon
    entries = "".join(
        f'<dt epub:type="glossterm" id="{_term_id(term.slug)}"><dfn>{shown(term.headword)}</dfn></dt>'
        f'<dd epub:type="glossdef">{shown(term.definition)}{colon} <q>{shown(term.sentence)}</q></dd>'
        for term in edition.explained.terms
    )
    head = f"<h2>{explained_by_the_text()}</h2>"
    # What no editor checked is no part of the text to whoever reads the file back.
    return f'<section class="of-edition">{head}<dl>{entries}</dl></section>' if entries else ""


def _index(edition: Edition, listed: Index) -> _File:
    """A list of works or of persons: each place leads to its text."""
    kind = {WORKS: "bibliography", PERSONS: "index"}[listed.name]
    items = "".join(_entry(edition, listed, entry) for entry in listed.entries)
    of_list = ' epub:type="index-entry-list"' if listed.name == PERSONS else ""
    said = f"<p>{escape(listed.explanation)}</p>" if listed.explanation else ""
    body = f'<h1>{escape(listed.head)}</h1>{said}<ul class="entries"{of_list}>{items}</ul>'
    # It is no part of the text to whoever reads the file back.
    section = f'<section class="of-edition" epub:type="{kind}" role="doc-{kind}">{body}</section>'
    return _File(f"{listed.name}.xhtml", listed.head, section, landmark=kind)


def _entry(edition: Edition, listed: Index, entry: Entry) -> str:
    """A work with its sentence and its places; or a person, whose places follow the name if nothing is said between."""

    def shown(text: str) -> str:
        return typeset(text, edition.volume.language).html()

    head = "".join(
        f"<cite>{shown(text)}</cite>" if is_title else shown(text) for text, is_title in entry.head
    )
    place_type = ""
    opening = f'<li id="{_work_id(entry.slug)}">'
    if listed.name == PERSONS:
        opening, place_type = '<li epub:type="index-entry">', ' epub:type="index-locator"'
        head = f'<span epub:type="index-term">{head}</span>'
    places = ", ".join(
        f'<a{place_type} href="{escape(f"{place.chapter}.xhtml#{place.anchor}")}">{escape(place.label)}</a>'
        for place in entry.places
    )
    language = entry.doubt.language
    begins, ends = (f'<span lang="{language}" xml:lang="{language}">', "</span>") if language else ("", "")
    doubt = f"{begins}{escape(entry.doubt.words)}{ends}"
    said = " ".join(filter(None, (shown(entry.about), doubt)))
    return f"{opening}{head}{between(listed, entry)}{said}{' ' if said and places else ''}{places}</li>\n"


def _colophon(edition: Edition, address: str, only: str) -> _File:
    said = "".join(f"<p>{_linked(sentence, address)}</p>" for sentence in statements(edition, address, only))
    name = gettext("This edition")
    body = f"<h1>{name}</h1>{said}{_made(edition)}"
    return _File(
        "colophon.xhtml",
        name,
        f'<section epub:type="colophon" role="doc-colophon">{body}</section>',
    )


def _made(edition: Edition) -> str:
    sources = "".join(
        f"<li>{escape(witness.name)}, SHA-256 <code>{escape(witness.digest)}</code></li>"
        for witness in edition.witnesses
    )
    how = gettext(
        "A program read the text of these files; every character of them is accounted for in the apparatus:"
    )
    return f"<p>{how}</p><ul>{sources}</ul>" if sources else ""


def _linked(sentence: str, address: str) -> str:
    written = escape(sentence)
    if not address:
        return written
    return written.replace(escape(address), f'<a href="{escape(address)}">{escape(address)}</a>')


# The files around it


def _package(edition: Edition, shown: Sequence[_File], revised: date, address: str, only: str) -> str:
    volume, part = edition.volume, name_of_part(edition, only)
    identifier = uuid.uuid5(uuid.NAMESPACE_URL, f"{address or volume.slug}#{only}")
    language = escape(volume.language)
    revision = gettext("Revision %(n)s of the digital edition.") % {"n": volume.revision}
    features = sorted([*FEATURES, *(each.landmark for each in shown if each.landmark == "index")])
    described = [
        f'<dc:identifier id="id">urn:uuid:{identifier}</dc:identifier>',
        f'<dc:title id="title">{escape(f"{part} – {volume}" if part else str(volume))}</dc:title>',
        f"<dc:language>{language}</dc:language>",
        f'<dc:creator id="author">{escape(volume.author)}</dc:creator>',
        '<meta refines="#author" property="role" scheme="marc:relators">aut</meta>',
        f"<dc:publisher>{escape(volume.publisher)}</dc:publisher>",
        f"<dc:rights>{escape(volume.rights)}</dc:rights>",
        f"<dc:description>{revision}</dc:description>",
        f"<dc:source>{escape(_printed(volume))}</dc:source>",
        f'<meta property="pageBreakSource">{escape(_printed(volume))}</meta>',
        f'<meta property="dcterms:modified">{revised.isoformat()}T00:00:00Z</meta>',
        '<meta property="schema:accessMode">textual</meta>',
        '<meta property="schema:accessModeSufficient">textual</meta>',
        *(f'<meta property="schema:accessibilityFeature">{feature}</meta>' for feature in features),
        '<meta property="schema:accessibilityHazard">none</meta>',
        f'<meta property="schema:accessibilitySummary">{_accessible()}</meta>',
    ]
    if volume.translator:
        described += [
            f'<dc:contributor id="translator">{escape(volume.translator)}</dc:contributor>',
            '<meta refines="#translator" property="role" scheme="marc:relators">trl</meta>',
        ]
    items = [
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>',
        '<item id="css" href="book.css" media-type="text/css"/>',
        *(f'<item id="{each.id}" href="{each.name}" media-type="application/xhtml+xml"/>' for each in shown),
    ]
    first, *others = (each.id for each in shown)
    order = "".join(f'<itemref idref="{name}"/>' for name in (first, "nav", *others))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="{language}">\n'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        + "\n".join(described)
        + "\n</metadata>\n<manifest>\n"
        + "\n".join(items)
        + f"\n</manifest>\n<spine>{order}</spine>\n</package>\n"
    )


def _accessible() -> str:
    return gettext(
        "Text with headings, notes that lead back to their calls, the pages of the printed book, and no pictures."
    )


def _printed(volume: Volume) -> str:
    """The printed book whose pages are marked."""
    return f"{volume.author}, {volume} ({volume.publisher}, {volume.year})"


def _navigation(
    edition: Edition, chapters: Sequence[Division], texts: Sequence[_File], ends: Sequence[_File]
) -> str:
    after = (f'<li><a href="{each.name}">{escape(each.title)}</a></li>' for each in ends)
    contents = "".join([*_entries(edition, chapters, None), *after])
    pages = "".join(
        f'<li><a href="{text.name}#{escape(page_id)}">{escape(name)}</a></li>'
        for text in texts
        for name, page_id in text.pages
    )
    head, text, places, printed = gettext("Contents"), gettext("Text"), gettext("Places"), gettext("Pages")
    first = f'<li><a epub:type="bodymatter" href="{texts[0].name}">{text}</a></li>' if texts else ""
    landmarks = "".join(
        f'<li><a epub:type="{each.landmark}" href="{each.name}">{escape(each.title)}</a></li>'
        for each in ends
        if each.landmark
    )
    return (
        f'<nav epub:type="toc" role="doc-toc" id="toc"><h1>{head}</h1><ol>{contents}</ol></nav>'
        f'<nav epub:type="landmarks" hidden="hidden"><h2>{places}</h2><ol>'
        f'<li><a epub:type="toc" href="#toc">{head}</a></li>{first}{landmarks}</ol></nav>'
        + (
            f'<nav epub:type="page-list" role="doc-pagelist" hidden="hidden"><h2>{printed}</h2>'
            f"<ol>{pages}</ol></nav>"
            if pages
            else ""
        )
    )


def _entries(edition: Edition, chapters: Iterable[Division], parent: int | None) -> Iterator[str]:
    """The entries of the contents below a division; a chapter whose parent is not in the book stands at the top."""
    held = {chapter.pk for chapter in chapters}
    for division in edition.divisions:
        chapter = edition.page_of[division.pk]
        if chapter not in held:
            continue
        above = (
            division.parent_id if division.parent_id and edition.page_of[division.parent_id] in held else None
        )
        if above != parent:
            continue
        page = edition.division_by_key[chapter]
        href = f"{page.slug}.xhtml" + ("" if division.is_page else f"#{division.slug}")
        number = rendering.number(division.n, division.kind)
        name = Html(f"{escape(number)} {rendering.heading(division.head)}".strip())
        inner = "".join(_entries(edition, chapters, division.pk))
        yield f'<li><a href="{escape(href)}">{name}</a>{f"<ol>{inner}</ol>" if inner else ""}</li>'


def _page(volume: Volume, title: str, body: str) -> str:
    language = escape(volume.language)
    return in_xml(
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n'
        f'<html xmlns="{XHTML}" xmlns:epub="{OPS}" lang="{language}" xml:lang="{language}">\n'
        f'<head><title>{escape(title)}</title><link rel="stylesheet" href="book.css"/></head>\n'
        f"<body>{body}</body>\n</html>\n",
    )


def _term_id(slug: str) -> str:
    return f"term-{slug}"


def _work_id(slug: str) -> str:
    return f"work-{slug}"

"""What the names of elements say: their tags, classes, ids, roles and titles.

They tell numbers of pages, menus and other parts that belong to the site and not to the book, and verse.
"""

import re
from collections.abc import Iterator, Mapping

from lxml import html

from reader.text.page_numbers import PAGE_NUMBER, is_page_number

# `page`, `pagenum`, `Page_12`, `p12`, `pg-12` in a class or a name.
_PAGE_NAME = re.compile(
    r"(?:^|[\s_-])(?:page|pages|pagenum|pageno|pagenumber|pagebreak|pg|pb|folio|p)[\s_-]?\d*(?:$|[\s_-])",
    re.IGNORECASE,
)
# Elements that are there for the number of a page alone.
_PAGE_BREAK = re.compile(
    r"(?:^|[\s:-])(?:pagebreak|page-break|pagenum|pagenumber|pageno)(?:$|\s)", re.IGNORECASE
)
# A page whose number stands in brackets in such a name is inferred, as in catalogues; this archive's EPUBs say so.
_IN_NAME = re.compile(
    rf"(?:page|pages|pg|p|pb|folio)?[\s._-]*(?P<inferred>\[)?(?P<page>{PAGE_NUMBER})\]?(?P<said>, inferred)?\.?",
    re.IGNORECASE,
)
_MARK_TAGS = frozenset(
    {"span", "a", "div", "p", "small", "b", "i", "font", "sup", "em", "strong", "hr", "h6"}
)
# The longest text of an element that can be the number of a page, and signs that are not seen.
LONGEST_MARK, UNSEEN = 20, "\u200b\u200c\u200d\u2060\ufeff\xad"
_SITE = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navbox|navigation|menu|menubar|breadcrumbs?|sidebar|toolbar|footer|catlinks|printfooter|"
    r"noprint|editsection|linkback|sitesub|skip-?link|skip|pager|prevnext|updat|updated|searchbox|cookie|cookies|banner|"
    r"social|share)(?:$|[\s_-])",
    re.IGNORECASE,
)
_SITE_TAGS = frozenset({"nav", "footer", "form"})
_SITE_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "menu", "menubar", "toolbar"})
_SITE_PARTS = frozenset(
    {"div", "p", "table", "ul", "ol", "td", "tr", "span", "section", "aside", "header", "center"}
)
# Pages of an EPUB that stand outside the text: its manifest says what they say.
_OUTSIDE_TEXT = frozenset({"cover", "titlepage", "halftitlepage", "copyright-page", "imprint", "colophon"})
# What editions, this archive's among them, say in a text of their own: of notes without number, of notes supplied.
_OF_EDITION = frozenset({"fragment-label", "of-edition"})
_VERSE = re.compile(r"(?:^|[\s_-])(?:poem|poetry|verse|stanza|lg|strophe)(?:$|[\s_\d-])", re.IGNORECASE)


def page_of(element: html.HtmlElement, attributes: Mapping[str, str]) -> tuple[bool, str]:
    """Whether the text of an element is the number of a page; and the number, if only its attributes show it.

    The number has a `?` behind if the page is inferred.
    """
    names = " ".join(attributes[key] for key in ("class", "id", "name") if key in attributes)
    kinds = f"{attributes.get('epub:type', '')} {attributes.get('role', '')} {attributes.get('class', '')}"
    is_break = _PAGE_BREAK.search(kinds) is not None
    if element.tag not in _MARK_TAGS or not (is_break or (names and _PAGE_NAME.search(names))):
        return False, ""
    text = _short_text(element)
    if text is None:
        return False, ""
    if text or not is_break:
        return bool(text), ""
    for key in ("data-page-number", "data-page", "data-n", "aria-label", "title", "id", "name"):
        match = _IN_NAME.fullmatch(attributes.get(key, "").strip())
        if match and is_page_number(match["page"].lower()):
            return True, match["page"].lower() + ("?" if match["inferred"] or match["said"] else "")
    return False, ""


def _short_text(element: html.HtmlElement) -> str | None:
    """The text of an element without signs that are not seen; None if it is long."""
    text = ""
    for part in element.itertext():
        text += part
        if len(text) > LONGEST_MARK * 3:
            return None
    text = " ".join(text.translate(dict.fromkeys(map(ord, UNSEEN))).split())
    return text if len(text) <= LONGEST_MARK else None


def is_of_site(tag: str, attributes: Mapping[str, str]) -> bool:
    """Whether an element is a menu or another part of the site, or a page around the text, by its names."""
    if not _OUTSIDE_TEXT.isdisjoint(attributes.get("epub:type", "").split()):
        return True
    if tag in _SITE_TAGS or attributes.get("role", "") in _SITE_ROLES:
        return True
    names = " ".join(attributes[key] for key in ("class", "id") if key in attributes)
    return bool(names) and tag in _SITE_PARTS and _SITE.search(names) is not None


def division_of(heading: html.HtmlElement) -> str:
    """What a heading begins by its names or those of its section: a `part`, a `chapter`; empty if none says so."""
    above = heading.getparent()
    if above is not None and above.tag in ("header", "hgroup"):
        above = above.getparent()
    for element in (heading, above):
        if element is None:
            continue
        names = {name for key in ("class", "epub:type", "role") for name in element.get(key, "").split()}
        for kind in ("part", "chapter"):
            if not {kind, f"doc-{kind}"}.isdisjoint(names):
                first = next(iter(element.iter("h1", "h2", "h3", "h4", "h5", "h6")), heading)
                return kind if first is heading else ""
    return ""


def is_of_edition(attributes: Mapping[str, str]) -> bool:
    """Whether an element says something of the text that it stands in, by its class."""
    return not _OF_EDITION.isdisjoint(attributes.get("class", "").split())


def is_fragment(attributes: Mapping[str, str]) -> bool:
    """Whether an item of a list of notes is a piece of a note whose number is lost, by its class."""
    return "fragment" in attributes.get("class", "").split()


def is_call(attributes: Mapping[str, str]) -> bool:
    """Whether an element calls a note, by its class or type."""
    kinds = f"{attributes.get('epub:type', '')} {attributes.get('role', '')} {attributes.get('class', '')}"
    return not {"noteref", "doc-noteref"}.isdisjoint(kinds.split())


def is_verse(attributes: Mapping[str, str]) -> bool:
    """Whether an element holds verse by its class."""
    return "class" in attributes and _VERSE.search(attributes["class"]) is not None


def names_of(attributes: Mapping[str, str], tag: str) -> Iterator[str]:
    """The names by which links find an element."""
    for key in ("id", "name"):
        if attributes.get(key) and (key == "id" or tag == "a"):
            yield attributes[key]

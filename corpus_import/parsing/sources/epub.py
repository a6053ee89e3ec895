"""Front: an EPUB, a ZIP of web pages: its pages are read in the order of its spine, as one page in several files.

Nothing is unpacked to a disk; what is read is bounded, whatever sizes the file states. Calls and notes find each other
across the files by their anchors, pages of the book by their marks or by the list of pages.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.manifest import Manifest
from corpus_import.parsing.sources.html_flow import Flow, read_flow
from corpus_import.parsing.sources.html_text import decode, decode_sheet
from corpus_import.parsing.sources.shown import Shown
from corpus_import.parsing.sources.web_page import remarks_on, shown_of
from corpus_import.parsing.sources.zip_members import Members

_CONTAINER = "META-INF/container.xml"
_PAGES = ("application/xhtml+xml", "text/html")
_WITH_ID = re.compile(r"<[a-zA-Z][^<>]*?\sid\s*=\s*[\"'](?P<id>[^\"'<>]+)[\"'][^<>]*>")


@dataclass(frozen=True, slots=True)
class _Item:
    """A file of the book as its package lists it."""

    path: str
    kind: str
    is_list: bool  # the list of contents and pages, which readers' programs show


def is_epub(content: bytes) -> bool:
    """Whether bytes are a ZIP with the type, or the container, of an EPUB."""
    return content.startswith(b"PK\x03\x04") and (
        b"application/epub+zip" in content[:120] or _CONTAINER.encode() in content
    )


def read_epub(content: bytes, name: str, manifest: Manifest) -> Shown:
    """The text of the book with what its pages show. Raises ImportFault if it cannot be read whole."""
    book = _Book(content, name, "EPUB")
    items, spine = book.items(book.package_path())
    sheets = "\n".join(
        decode_sheet(book.read(item.path)) for item in items if item.kind == "text/css" and item.path in book
    )
    lists = book.pages_of_lists([item for item in items if item.is_list])
    files: list[tuple[str, list[Flow]]] = []
    characters: Counter[str] = Counter()
    remarks: list[tuple[str, str]] = []
    for path in spine:
        decoded = decode(book.read(path), f"{name}/{path}", "", manifest.encoding)
        markup = _with_pages(decoded.markup, lists.get(path, {}))
        flows, unshown = read_flow(markup, f"{name}/{path}", sheets)
        files.append((path, flows))
        characters += unshown
        remarks += [(code, f"{path}: {said}") for code, said in remarks_on(decoded)]
    read = {*spine, *(item.path for item in items if item.kind == "text/css")}
    characters += Counter(f"parts of the file: {item.kind}" for item in items if item.path not in read)
    return shown_of("EPUB", files, characters, name, manifest, remarks)


class _Book(Members):
    """The files of an EPUB."""

    def package_path(self) -> str:
        """The path of the package, which lists the files. Raises ImportFault for books that are locked."""
        for locked in ("META-INF/rights.xml", "META-INF/license.lcpl"):
            if locked in self:
                raise ImportFault(self.name, None, "the EPUB is locked (DRM); get one without a lock.")
        for root in self.tree(_CONTAINER).iter("{*}rootfile"):
            return unquote(str(root.get("full-path", "")))
        raise ImportFault(self.name, None, "the EPUB does not say where its package is; get it again.")

    def items(self, package: str) -> tuple[list[_Item], list[str]]:
        """All files that the package lists, and the paths of the pages in their order."""
        root = self.tree(package)
        by_id: dict[str, _Item] = {}
        for item in root.iter("{*}item"):
            path = normpath(join(dirname(package), unquote(item.get("href", ""))))
            is_list = "nav" in item.get("properties", "").split()
            by_id[item.get("id", "")] = _Item(path, item.get("media-type", ""), is_list)
        spine = [by_id[ref] for each in root.iter("{*}itemref") if (ref := each.get("idref", "")) in by_id]
        paths = [item.path for item in spine if item.kind in _PAGES and not item.is_list]
        if not paths:
            raise ImportFault(
                self.name, None, "the EPUB has no pages of text (it may be a book of pictures)."
            )
        return list(by_id.values()), list(dict.fromkeys(paths))

    def pages_of_lists(self, lists: list[_Item]) -> Mapping[str, Mapping[str, str]]:
        """The pages of the printed book by the files and anchors at which they begin, from lists of pages."""
        pages: dict[str, dict[str, str]] = defaultdict(dict)
        for item in lists:
            for nav in self.tree(item.path).iter("{*}nav"):
                if "page-list" not in (
                    nav.get("{http://www.idpf.org/2007/ops}type") or nav.get("epub:type") or ""
                ):
                    continue
                for link in nav.iter("{*}a"):
                    path, _, anchor = unquote(link.get("href", "")).partition("#")
                    page = "".join(link.itertext()).strip()
                    if anchor and page:
                        pages[normpath(join(dirname(item.path), path))].setdefault(anchor, page)
        return pages


def _with_pages(markup: str, pages: Mapping[str, str]) -> str:
    """The markup with a mark at each anchor where a page begins and no mark stands."""
    if not pages:
        return markup

    def marked(tag: re.Match[str]) -> str:
        page = pages.get(tag["id"])
        if page is None or "pagebreak" in tag[0] or "page-break" in tag[0]:
            return tag[0]
        mark = f'<span class="pagebreak" title="{page}"></span>'
        return f"{mark}{tag[0]}" if tag[0].endswith("/>") else f"{tag[0]}{mark}"

    return _WITH_ID.sub(marked, markup)

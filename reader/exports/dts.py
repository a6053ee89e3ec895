"""The editions as Distributed Text Services 1.0, level 1: https://dtsapi.org/specifications/versions/v1.0/.

The archive is a collection of works, a work a collection of volumes. A volume is a resource, with two citation trees:
by default chapters, their sections and paragraphs (`chapter-1`, `chapter-1-ii`, `p12`), and `pages`, those of the
printed book. Both are read from the TEI document of the volume, so that what a program can ask for is what the document
has. A page that turns within a note is not in the tree of pages.

Pure, but for `kept_tei`.
"""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from lxml import etree

from reader.exports.formats import made_in
from reader.exports.kept import kept
from reader.exports.tei import NAMESPACE
from reader.models import Volume
from reader.publishing.made_with import made_with

CONTEXT = "https://dtsapi.org/context/v1.0.json"
VERSION = "1.0"
WRAPPER = "https://w3id.org/api/dts#"
MEDIA_TYPE = "application/tei+xml"
PAGES = "pages"

_TEI = f"{{{NAMESPACE}}}"
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_IN = {"t": NAMESPACE}


class BadRequest(Exception):
    """Parameters that do not go together; the message says which. DTS wants the status 400."""


class NotFound(Exception):
    """No such resource, tree, unit or media type; the message says which. DTS wants the status 404."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A citable unit: `level` from 1, the identifier of its parent, what it is, its title, its element in the TEI."""

    identifier: str
    level: int
    parent: str | None
    kind: str
    title: str
    element: Any


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for: one unit (`ref`), a range of units (`start` to `end`), or all."""

    ref: str = ""
    start: str = ""
    end: str = ""
    tree: str = ""

    def check(self) -> None:
        """Raises BadRequest for parameters that do not go together."""
        if self.ref and (self.start or self.end):
            raise BadRequest("Ask either for ref, or for start and end.")
        if bool(self.start) != bool(self.end):
            raise BadRequest("Start and end go together.")
        if self.tree not in ("", PAGES):
            raise NotFound(
                f"There is no citation tree {self.tree}; there is {PAGES}, and the default without a name."
            )


def kept_tei(volume: Volume, origin: str) -> Any:
    """The TEI document of a volume as a tree of its own, made once for a revision."""
    key = (volume.pk, volume.revision, made_with(), "tei", "", origin)
    made = kept(key, lambda: made_in("tei", volume, address=f"{origin}{volume.get_absolute_url()}"))
    return etree.fromstring(made, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


# Citation trees


def units_of(tei: Any, tree: str = "") -> list[Unit]:
    """The units of a tree, in the order of the document."""
    if tree == PAGES:
        pages = tei.xpath("t:text//t:pb[not(ancestor::t:note)]", namespaces=_IN)
        return _once(Unit(page.get("n"), 1, None, "page", "", page) for page in pages)
    units: list[Unit] = []
    for division in tei.xpath("t:text//t:div[@xml:id][not(ancestor::t:div)]", namespaces=_IN):
        _add(division, 1, None, units)
    return units


def _add(element: Any, level: int, parent: str | None, units: list[Unit]) -> None:
    is_division = element.tag == f"{_TEI}div"
    head = element.find(f"{_TEI}head") if is_division else None
    title = (
        " ".join(etree.tostring(head, method="text", encoding=str, with_tail=False).split())
        if head is not None
        else ""
    )
    unit = Unit(
        element.get(_ID), level, parent, element.get("type") if is_division else "paragraph", title, element
    )
    units.append(unit)
    if is_division:
        for child in element:
            if child.get(_ID) and child.tag != f"{_TEI}note":
                _add(child, level + 1, unit.identifier, units)


def _once(units: Iterable[Unit]) -> list[Unit]:
    """The units without those whose identifier came before: DTS wants each identifier once."""
    return list({unit.identifier: unit for unit in reversed(list(units))}.values())[::-1]


def _found(units: Sequence[Unit], identifier: str) -> int:
    for place, unit in enumerate(units):
        if unit.identifier == identifier:
            return place
    raise NotFound(f"There is no unit {identifier} in this citation tree.")


def _structure(units: Sequence[Unit]) -> list[dict[str, Any]]:
    """The kinds of units that stand in each other, as DTS's citeStructure."""
    kind_of = {unit.identifier: unit for unit in units}
    paths: dict[str, Any] = {}
    for unit in units:
        path, above = [unit.kind], unit.parent
        while above is not None:
            path.insert(0, kind_of[above].kind)
            above = kind_of[above].parent
        into = paths
        for kind in path:
            into = into.setdefault(kind, {})

    def written(kinds: dict[str, Any]) -> list[dict[str, Any]]:
        return [
            {
                "@type": "CiteStructure",
                "citeType": kind,
                **({"citeStructure": written(inner)} if inner else {}),
            }
            for kind, inner in kinds.items()
        ]

    return written(paths)


# The four endpoints


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The addresses of the endpoints: `base` is that of the entry, with the origin, and ends with a slash."""

    base: str
    origin: str

    def entry(self) -> dict[str, Any]:
        """The entry endpoint's answer."""
        return {
            "@context": CONTEXT,
            "dtsVersion": VERSION,
            "@id": self.base,
            "@type": "EntryPoint",
            "collection": f"{self.base}collection/{{?id,page,nav}}",
            "navigation": f"{self.base}navigation/{{?resource,ref,start,end,down,tree,page}}",
            "document": f"{self.base}document/{{?resource,ref,start,end,tree,mediaType}}",
        }

    def identifier(self, volume: Volume) -> str:
        """The identifier of a volume: the address of its title page."""
        return f"{self.origin}{volume.get_absolute_url()}"

    def slug(self, identifier: str) -> str:
        """The slug of the volume with this identifier, whatever host it names; empty if it is not of a volume."""
        try:
            parts = urlsplit(identifier)
            return "" if parts.fragment else parts.path.strip("/")
        except ValueError:  # no address at all
            raise NotFound(f"There is no resource {identifier}.") from None

    def resource(
        self, volume: Volume, citation_trees: Sequence[dict[str, Any]] | None = None
    ) -> dict[str, Any]:
        """A volume as DTS's Resource, with its citation trees if they are given."""
        name = self.identifier(volume)
        of = f"resource={quote(name, safe=':/')}"
        plain: dict[str, Any] = {
            "@id": name,
            "@type": "Resource",
            "title": str(volume),
            "totalParents": 1,
            "totalChildren": 0,
            "mediaTypes": [MEDIA_TYPE],
            "collection": f"{self.base}collection/?id={quote(name, safe=':/')}{{&nav}}",
            "navigation": f"{self.base}navigation/?{of}{{&ref,start,end,down,tree,page}}",
            "document": f"{self.base}document/?{of}{{&ref,start,end,tree,mediaType}}",
            "dublinCore": {
                "title": [{"lang": volume.language, "value": str(volume)}],
                "creator": [{"lang": volume.language, "value": volume.author}],
                "publisher": [{"lang": volume.language, "value": volume.publisher}],
                "date": volume.year,
                "language": [volume.language],
                "rights": [{"lang": "en", "value": volume.rights}],
            },
        }
        if volume.translator:
            plain["dublinCore"]["contributor"] = [{"lang": volume.language, "value": volume.translator}]
        return plain if citation_trees is None else {**plain, "citationTrees": list(citation_trees)}

    def collection(self, name: str, volumes: Sequence[Volume], is_of_parents: bool) -> dict[str, Any]:
        """The archive (without a name), or one of its works, with its parents if they are asked for, else its children.

        `volumes` are all that the archive has. Raises NotFound.
        """
        works = _works(volumes)
        if name in ("", f"{self.origin}/"):
            children = [] if is_of_parents else [self._work(work) for work in works]
            return {**self._archive(works), "member": children}
        for work in works:
            if name == self._work(work)["@id"]:
                members = [self._archive(works)] if is_of_parents else [self.resource(each) for each in work]
                return {"@context": CONTEXT, **self._work(work), "member": members}
        raise NotFound(f"There is no collection {name}.")

    def of_volume(
        self, volume: Volume, tei: Any, volumes: Sequence[Volume], is_of_parents: bool
    ) -> dict[str, Any]:
        """A volume at the collection endpoint: with its work as its parent if that is asked for."""
        answer = {"@context": CONTEXT, "dtsVersion": VERSION, **self.resource(volume, trees_of(tei))}
        [work] = [work for work in _works(volumes) if volume in work]
        return {**answer, "member": [self._work(work)]} if is_of_parents else answer

    def _work(self, work: Sequence[Volume]) -> dict[str, Any]:
        first = work[0]
        return {
            "@id": f"{self.identifier(first)}#work",
            "@type": "Collection",
            "dtsVersion": VERSION,
            "title": first.title,
            "totalParents": 1,
            "totalChildren": len(work),
            "dublinCore": {"creator": [{"lang": first.language, "value": first.author}]},
            "collection": f"{self.base}collection/{{?id,page,nav}}",
        }

    def _archive(self, works: Sequence[Sequence[Volume]]) -> dict[str, Any]:
        return {
            "@context": CONTEXT,
            "dtsVersion": VERSION,
            "@id": f"{self.origin}/",
            "@type": "Collection",
            "title": "Archive",
            "totalParents": 0,
            "totalChildren": len(works),
            "collection": f"{self.base}collection/{{?id,page,nav}}",
        }

    def navigation(
        self, volume: Volume, tei: Any, asked: Asked, down: int | None, address: str
    ) -> dict[str, Any]:
        """The units that a request asks for. `address` is the request's own. Raises BadRequest and NotFound."""
        asked.check()
        units = units_of(tei, asked.tree)
        if not asked.ref and not asked.start and down in (None, 0):
            raise BadRequest("Ask for ref, for start and end, or for down.")
        if asked.start and down == 0:
            raise BadRequest("A range has no siblings: down cannot be 0.")
        answer: dict[str, Any] = {
            "@context": CONTEXT,
            "dtsVersion": VERSION,
            "@id": address,
            "@type": "Navigation",
            "resource": self.resource(volume, trees_of(tei)),
        }
        first, last, level = 0, len(units), 0
        if asked.ref:
            first = _found(units, asked.ref)
            last, level = _end_of(units, first), units[first].level
            answer["ref"] = _written(units[first])
        elif asked.start:
            first, end = _found(units, asked.start), _found(units, asked.end)
            if end < first:
                raise BadRequest("The end stands before the start.")
            last, level = _end_of(units, end), max(units[first].level, units[end].level)
            answer |= {"start": _written(units[first]), "end": _written(units[end])}
        if down is None:
            return answer
        if down == 0:
            members = [unit for unit in units if unit.parent == units[first].parent]
        else:
            members = [unit for unit in units[first:last] if down < 0 or unit.level <= level + down]
        return {**answer, "member": [_written(unit) for unit in members]}


def _works(volumes: Sequence[Volume]) -> list[list[Volume]]:
    """The volumes of each work, which have its author and its title; by title."""
    works: dict[tuple[str, str], list[Volume]] = {}
    for volume in sorted(volumes, key=lambda volume: (volume.title, volume.author, volume.pk)):
        works.setdefault((volume.title, volume.author), []).append(volume)
    return list(works.values())


def trees_of(tei: Any) -> list[dict[str, Any]]:
    """The citation trees of a document; the first is the default and has no identifier."""
    trees: list[dict[str, Any]] = [{"@type": "CitationTree", "citeStructure": _structure(units_of(tei))}]
    if pages := units_of(tei, PAGES):
        named = {"identifier": PAGES, "description": "The pages of the printed book."}
        trees.append({"@type": "CitationTree", **named, "citeStructure": _structure(pages)})
    return trees


def _end_of(units: Sequence[Unit], place: int) -> int:
    """The place after the last unit that stands in the unit at this place."""
    level = units[place].level
    return next((k for k in range(place + 1, len(units)) if units[k].level <= level), len(units))


def _written(unit: Unit) -> dict[str, Any]:
    title = {"dublinCore": {"title": [{"value": unit.title}]}} if unit.title else {}
    return {
        "identifier": unit.identifier,
        "@type": "CitableUnit",
        "level": unit.level,
        "parent": unit.parent,
        "citeType": unit.kind,
        **title,
    }


def document(tei: Any, asked: Asked) -> bytes:
    """The TEI of a unit, of a range of units, or of the whole document. Raises BadRequest and NotFound.

    A part of the document stands in DTS's wrapper, with the elements around it that it needs to be complete.
    """
    asked.check()
    if not asked.ref and not asked.start:
        return _bytes(tei)
    tei = deepcopy(tei)
    units = units_of(tei, asked.tree)
    first = _found(units, asked.ref or asked.start)
    last = _found(units, asked.ref or asked.end)
    if last < first:
        raise BadRequest("The end stands before the start.")
    text = tei.find(f"{_TEI}text")
    if asked.tree == PAGES:
        # The notes at the end of a chapter stand on no page of its text.
        for notes in text.iterfind(f".//{_TEI}div[@type='notes']"):
            notes.getparent().remove(notes)
        if last + 1 < len(units):
            next_page = units[last + 1].element
            _cut_after(next_page, text)
            next_page.getparent().remove(next_page)
    else:
        _cut_after(units[last].element, text)
    _cut_before(units[first].element, text)
    # A single unit is given as itself, a range or a page with the divisions that hold it.
    parts = [units[first].element] if asked.tree != PAGES and first == last else list(text)
    wrapper = etree.Element(f"{{{WRAPPER}}}wrapper", nsmap={"dts": WRAPPER})
    wrapper.extend(parts)
    root = etree.Element(f"{_TEI}TEI", nsmap={None: NAMESPACE})
    root.append(wrapper)
    return _bytes(root)


def chapter_of(tei: Any, asked: Asked) -> str:
    """The chapter that holds all that a request asks for; empty if it asks for more than one. Raises as document()."""
    asked.check()
    if not asked.ref and not asked.start:
        return ""
    units = units_of(tei, asked.tree)
    ends = [
        units[_found(units, name)].element
        for name in ((asked.ref,) if asked.ref else (asked.start, asked.end))
    ]
    if asked.tree == PAGES and ends[-1] is not units[-1].element:
        ends.append(
            units[_found(units, ends[-1].get("n")) + 1].element
        )  # the page may go on into the next chapter
    chapters = {
        next(division.get(_ID) for division in element.xpath("ancestor-or-self::t:div", namespaces=_IN))
        for element in ends
    }
    return chapters.pop() if len(chapters) == 1 else ""


def _cut_before(element: Any, top: Any) -> None:
    """Take out all that stands before an element below `top`."""
    while element is not top:
        parent = element.getparent()
        parent.text = None
        for sibling in list(element.itersiblings(preceding=True)):
            parent.remove(sibling)
        element = parent


def _cut_after(element: Any, top: Any) -> None:
    """Take out all that stands after an element below `top`."""
    while element is not top:
        element.tail = None
        parent = element.getparent()
        for sibling in list(element.itersiblings()):
            parent.remove(sibling)
        element = parent


def _bytes(element: Any) -> bytes:
    written: bytes = etree.tostring(element, encoding="UTF-8", xml_declaration=True)
    return written

"""Plans the volume in the document: its description and its witnesses."""

import base64
import binascii
import hashlib

from corpus_import.loading import fields
from corpus_import.loading.archive import Archive
from corpus_import.loading.document import Document, DocumentEntry
from corpus_import.loading.originals import plan_original
from corpus_import.loading.plan import Plan, Write
from corpus_import.loading.restoring.lost import remark_lost
from corpus_import.parsing.manifest import RESERVED, SLUG
from reader import models
from reader.exports.document import READABLE, Entry


def slug_of(document: Document) -> str:
    """The address of the volume. Raises ImportFault if the address is not valid, or the document has another format."""
    head = document.head
    slug = head.take("slug", str)
    if not SLUG.fullmatch(slug) or slug in RESERVED:
        raise head.fault("“slug” must be small letters, digits and single hyphens")
    if head.values.get("format") not in READABLE:
        readable = " or ".join(map(str, READABLE))
        raise head.fault(f"“format” must be {readable}, which this archive reads")
    return slug


def plan_volume(document: Document, archive: Archive, plan: Plan) -> None:
    """Plan the rows of the volume and of its glossary."""
    head, volume = document.head, archive.volume
    described = {name: head.field(models.Volume, name) for name in fields.VOLUME.parsed}
    if archive.glossary.pk is None:
        plan.save(archive.glossary)
    for name, new in described.items() if volume.pk else ():
        human = getattr(volume, name)
        if human not in (new, volume.imported_description.get(name, new)):
            remark_lost(plan, "volume", name, str(human))
    # Publishing adds one: the volume gets the document's revision again, unless its own is higher.
    revision = head.take("revision", int, 1) - 1
    if volume.pk is None:
        volume.revision = max(revision, 0)
    elif volume.revision <= revision:
        plan.writes.append(Write(volume, {"revision": revision}))
    plan.save(
        volume,
        **described,
        glossary=archive.glossary,
        imported_description=head.take("imported_description", dict),
        imported_headwords=head.take("imported_headwords", list),
        doubts=[_doubt(entry) for entry in document.head_entries("doubts", [])],
        # A number given since the document was written is not given again.
        last_number=max(head.take("last_number", int), volume.last_number),
    )


def plan_revisions(document: Document, archive: Archive, plan: Plan) -> None:
    """Plan when the revisions were made. A volume with a higher revision than the document keeps what it knows."""
    entries = document.head_entries("revisions", [])
    if not document.has_days or archive.volume.revision > document.head.take("revision", int, 1):
        return
    wanted = [models.Revision(volume=archive.volume, **entry.fields(fields.REVISION)) for entry in entries]
    old = list(archive.volume.revisions.order_by("n")) if archive.volume.pk is not None else []
    plan.replace(old, wanted, fields.REVISION.compared)


def plan_former_texts(document: Document, archive: Archive, plan: Plan) -> None:
    """Plan what readers saw of each paragraph at former revisions. A volume keeps what it knows as of the revisions."""
    entries = document.head_entries("former_texts", [])
    if not entries or archive.volume.revision > document.head.take("revision", int, 1):
        return
    now = {entry.take("id", int): entry.take("text", str) for entry in document.entries("paragraphs")}
    wanted = []
    for entry in entries:
        values = entry.fields(fields.FORMER_TEXT)
        text = entry.maybe("text", str) if "text" in entry.values else now.get(values["number"])
        if text is None:
            raise entry.fault("“text” must be there: the document has no paragraph of this number")
        wanted.append(models.PublishedText(volume=archive.volume, text=text, **values))
    old = list(archive.volume.published_texts.all()) if archive.volume.pk is not None else []
    plan.replace(old, wanted, (*fields.FORMER_TEXT.compared, "text"))


def plan_witnesses(document: Document, archive: Archive, plan: Plan) -> dict[int, models.Witness]:
    """Plan the witnesses. Returns their rows, by number."""
    known = {row.n: row for row in archive.witnesses}
    audits = {entry.take("witness", int): entry for entry in document.entries("audit")}
    rows: dict[int, models.Witness] = {}
    for entry in document.head_entries("witnesses"):
        n = entry.take("n", int)
        values = entry.fields(fields.WITNESS)
        content, original = _bytes(entry, "content"), None
        values["text_digest"] = ""
        if "original" in entry.values:
            original = _bytes(entry, "original")
            values["text_digest"] = hashlib.sha256(content).hexdigest()
        _check(entry, content if original is None else original, values["digest"])
        if n in rows:
            raise entry.fault(f"there are two witnesses {n}")
        row = known.pop(n, None) or models.Witness(volume=archive.volume, n=n)
        if (row.digest, row.text_digest) != (values["digest"], values["text_digest"]):
            values["content"] = content
        plan.save(row, **values, audit=_audit(audits.get(n)))
        plan_original(archive, plan, row, original, _boxes(entry))
        rows[n] = row
    plan.removed += known.values()
    return rows


def _bytes(entry: DocumentEntry, name: str) -> bytes:
    try:
        return base64.b64decode(entry.take(name, str), validate=True)
    except binascii.Error:
        raise entry.fault(f"“{name}” must be base64") from None


def _check(entry: DocumentEntry, file: bytes, digest: str) -> None:
    """Raise ImportFault if a file is not the one that its digest names."""
    if hashlib.sha256(file).hexdigest() != digest and digest != "0":
        raise entry.fault("the content is not what its digest says; the document is damaged")


def _boxes(entry: DocumentEntry) -> list[list[int]]:
    """The places of a witness's lines; none in a file without pages."""
    boxes = entry.take("boxes", list, [])
    for box in boxes:
        if not isinstance(box, list) or len(box) != 6 or not all(type(n) is int for n in box):
            raise entry.fault("“boxes” must be lists of six whole numbers")
    return boxes


def _audit(entry: DocumentEntry | None) -> Entry:
    if entry is None or not (entry.take("balanced", bool) or entry.take("characters", dict)):
        return {}
    return {
        "characters": entry.take("characters", dict),
        "total": entry.take("total", int),
        "balanced": entry.take("balanced", bool),
        **({"set_aside": places} if (places := _set_aside(entry)) else {}),
    }


def _set_aside(entry: DocumentEntry) -> Entry:
    """The places of what is set aside in a witness, by kind; none in documents of an older archive."""
    kinds = entry.take("set_aside", dict, {})
    for places in kinds.values():
        if not isinstance(places, list) or not all(_is_place(place, (2, 4)) for place in places):
            raise entry.fault("“set_aside” must hold lists of two or four numbers")
    return kinds


def _doubt(entry: DocumentEntry) -> Entry:
    """A doubt about the reading, as the volume keeps it."""
    places = entry.take("places", list)
    if not all(_is_place(place, (2,)) for place in places):
        raise entry.fault("“places” must be lists of two numbers")
    return {"code": entry.take("code", str), "said": entry.take("said", str), "places": places}


def _is_place(place: object, lengths: tuple[int, ...]) -> bool:
    return isinstance(place, list) and len(place) in lengths and all(type(n) is int and n >= 0 for n in place)

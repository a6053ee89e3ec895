"""The markup of a web page from its bytes: which encoding it has."""

import codecs
import re
from dataclasses import dataclass

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.files import FEWEST_OF_UTF8
from reader.text.diagnostics import said

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_IN_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']", re.IGNORECASE)
# Browsers read these names as cp1252 (the Encoding Standard of the WHATWG).
_CP1252 = frozenset({"iso-8859-1", "iso8859-1", "latin-1", "latin1", "us-ascii", "ascii", "l1", "cp819"})
_HEAD = 4096
# `<!DOCTYPE html [ <!ENTITY a "aaa">`
_ENTITIES = re.compile(r"<!doctype[^\[<>]{0,400}\[[^\]]{0,20000}?<!entity", re.IGNORECASE)
_LONGEST_HEAD = 20_000
# Elements whose text is never shown.
UNSHOWN = frozenset(
    {"script", "style", "noscript", "template", "head", "title", "iframe", "object", "svg", "math", "textarea",
     "select", "button", "audio", "video", "canvas", "noframes"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decoded:
    """The markup of a page, and a remark if its bytes are in another encoding than the one that it declares."""

    markup: str
    remark: str = ""


def decode(content: bytes, name: str, declared: str, usual: str) -> Decoded:
    """The markup as text. `declared` is the encoding that a mail's header gives, `usual` the manifest's.

    A byte order mark outranks the header, the header what the page declares, and this the manifest, but what is UTF-8
    by its bytes is UTF-8. Raises ImportFault if the bytes are in no such encoding.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return Decoded(_checked(_decoded(content, name, encoding), name))
    if (wide := decode_wide(content)) is not None:
        return Decoded(_checked(wide, name))
    found = _IN_XML.search(content[:_HEAD]) or _DECLARED.search(content[:_HEAD])
    in_page = found[1].decode("ascii", "replace") if found else ""
    for encoding in filter(None, (declared, in_page)):
        if _is_wide(encoding) and b"\0" not in content[:_HEAD]:
            continue  # a page that declares it and was saved in another encoding
        try:
            known = codecs.lookup(encoding).name
        except LookupError:
            continue
        return _read_as(content, name, "cp1252" if encoding.lower() in _CP1252 else known, encoding, usual)
    try:
        return Decoded(_checked(content.decode("utf-8"), name))
    except UnicodeDecodeError:
        encoding = "cp1252" if usual.lower().startswith(("utf", "iso-8859-1")) else usual
        return Decoded(_checked(_decoded(content, name, encoding), name))


def decode_wide(content: bytes) -> str | None:
    """The text of UTF-16 without a byte order mark, as Chromium saves it in an MHT; None for other bytes."""
    head = content[:32]
    for encoding, first, ends in (
        ("utf-16-le", 0, (b"\r\n\0", b"\n\0")),
        ("utf-16-be", 1, (b"\0\r\n", b"\0\n")),
    ):
        letters, others = head[first::2], head[1 - first :: 2]
        if letters and 0 not in letters and not any(others):
            # A mail's program writes the one byte of a line's end as two.
            return content.replace(*ends).decode(encoding, "replace")
    return None


def decode_sheet(content: bytes) -> str:
    """The text of a style sheet; what is in no known encoding is no rule that matters here."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    return decode_wide(content) or content.decode("utf-8", "replace")


def _read_as(content: bytes, name: str, encoding: str, declared: str, usual: str) -> Decoded:
    """The page in the encoding that it declares, or in the one that its bytes or the manifest show instead."""
    if encoding != "utf-8" and not content.isascii() and not _is_wide(encoding):
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            if sum(character > "\x7f" for character in text) >= FEWEST_OF_UTF8:
                return Decoded(
                    _checked(text, name),
                    said("encoding-contradicted", declared=declared),
                )
    try:
        return Decoded(_checked(_decoded(content, name, encoding), name))
    except ImportFault:
        if usual.lower().replace("-", "") in ("utf8", encoding):
            raise
        text = _decoded(content, name, usual)
        return Decoded(
            _checked(text, name),
            said("encoding-contradicted", declared=declared, usual=usual),
        )


def _is_wide(encoding: str) -> bool:
    return encoding.lower().replace("_", "-").startswith(("utf-16", "utf16", "utf-32", "utf32"))


def _checked(markup: str, name: str) -> str:
    """The markup; raises ImportFault for what no browser saves."""
    if (nul := markup.find("\0")) >= 0:
        line = markup.count("\n", 0, nul) + 1
        raise ImportFault(name, line, "there is a NUL character in the web page; save the page again.")
    if _ENTITIES.search(markup[:_LONGEST_HEAD]):
        raise ImportFault(
            name,
            1,
            "the page defines entities of its own, which are not read; open it in a browser and save it again.",
        )
    return markup


def _decoded(content: bytes, name: str, encoding: str) -> str:
    try:
        # cp1252 leaves five bytes open, which browsers read as controls.
        errors = "latin_1_controls" if encoding == "cp1252" else "strict"
        return content.decode(encoding, errors)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ImportFault(
            name,
            line,
            "the page says that it is %(encoding)s, and this byte is not; name its encoding in "
            'the manifest, for example encoding = "cp1252", or save the page again.',
            encoding=encoding,
        ) from None
    except UnicodeError:
        raise ImportFault(
            name, 1, "the page is not %(encoding)s, as it says; save the page again.", encoding=encoding
        ) from None


def _as_control(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError), "this handler only decodes"
    return chr(error.object[error.start]), error.start + 1


codecs.register_error("latin_1_controls", _as_control)

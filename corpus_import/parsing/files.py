"""What is wrong with a file as a whole: another kind of file, another encoding, a piece cut off."""

import codecs
import re
from collections.abc import Iterable

from corpus_import.parsing.diagnostics import ImportFault
from reader.text.messages import gettext_noop

# How the kinds of file begin that a text is made from, and what they are. White space may stand before.
# Fronts read these, unless they are odd.
_KINDS_OF_FRONTS = (
    (
        rb"%PDF-",
        gettext_noop("a PDF"),
        gettext_noop("extract its text first, for example with pdftotext -layout"),
    ),
    (
        rb"(?i:<!doctype\s+html|<html|<head[\s>]|<body[\s>])",
        gettext_noop("a web page"),
        gettext_noop("save it as plain text first"),
    ),
    (
        rb"(?:<!--.{0,2000}?-->\s*)+<(?i:!doctype|html)",
        gettext_noop("a web page"),
        gettext_noop("save it as plain text first"),
    ),
    (
        rb"(?i:from|mime-version|content-type|subject|date):[^\n]{0,200}\n(?:[^\n]{1,500}\n){0,20}?(?i:mime-version|"
        rb"content-type):",
        gettext_noop("a saved web page (MHTML) or a mail"),
        gettext_noop("save it as plain text first"),
    ),
    (rb"<\?xml\s", gettext_noop("an XML file"), gettext_noop("save it as plain text first")),
)
_KINDS_NOT_READ = (
    (
        rb"\{\\rtf",
        gettext_noop("a document in RTF"),
        gettext_noop("open it in a word processor and save it as a web page"),
    ),
    (rb"%!PS", gettext_noop("PostScript"), gettext_noop("extract its text first")),
    (
        rb"PK\x03\x04(?=.*word/)",
        gettext_noop("a Word document"),
        gettext_noop("save it as a web page (filtered) and import the page"),
    ),
    (
        rb"PK\x03\x04.{26,40}mimetypeapplication/vnd\.oasis",
        gettext_noop("a document of LibreOffice or OpenOffice"),
        gettext_noop("save it as HTML and import the page"),
    ),
    (rb"PK\x03\x04", gettext_noop("a ZIP file"), gettext_noop("unpack it and import what is in it")),
    (
        rb"\xd0\xcf\x11\xe0",
        gettext_noop("an old Word document"),
        gettext_noop("save it as a web page (filtered) and import the page"),
    ),
    (
        rb"\x1f\x8b|BZh|\xfd7zXZ|7z\xbc\xaf|Rar!",
        gettext_noop("a compressed file"),
        gettext_noop("unpack it first"),
    ),
    (
        rb"AT&TFORM",
        gettext_noop("a DjVu file"),
        gettext_noop("extract its text first, for example with djvutxt"),
    ),
    (
        rb"\x89PNG|\xff\xd8\xff|GIF8|II\*\0|MM\0\*",
        gettext_noop("a picture"),
        gettext_noop("read its text first (OCR)"),
    ),
)


def _compiled(kinds: Iterable[tuple[bytes, str, str]]) -> tuple[tuple[re.Pattern[bytes], str, str], ...]:
    return tuple(
        (re.compile(rb"\s*(?:" + begins + rb")", re.DOTALL), what, how) for begins, what, how in kinds
    )


_NOT_READ = _compiled(_KINDS_NOT_READ)
_KINDS_OF_FILE = (*_compiled(_KINDS_OF_FRONTS), *_NOT_READ)
# How far into a file its beginning reaches.
_BEGINNING = 20_000
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Characters of UTF-8, of two bytes or more, that no file in another encoding has by chance.
FEWEST_OF_UTF8 = 3


def kind_not_read(content: bytes) -> str:
    """The kind of a file that nothing here reads (`a picture`), told by its bytes; empty for all others."""
    beginning = content[:_BEGINNING]
    return next((what for begins, what, _ in _NOT_READ if begins.match(beginning)), "")


def check_kind(content: bytes, name: str, encoding: str) -> None:
    """Raise ImportFault if bytes are not text, or are UTF-16 or UTF-32 and the manifest does not say so."""
    if not content:
        raise ImportFault(name, 1, "the witness is empty: the file has no bytes; get it again.")
    is_wide = encoding.lower().replace("_", "-").startswith(("utf-16", "utf-32", "utf16", "utf32"))
    if not is_wide:
        for mark, wide in _MARKS:
            if content.startswith(mark):
                raise ImportFault(
                    name,
                    1,
                    "this is %(wide)s, as its first bytes tell, and not %(encoding)s; set encoding = "
                    '"%(wide)s" in the manifest.',
                    wide=wide,
                    encoding=encoding,
                )
    beginning = content[:_BEGINNING].removeprefix(codecs.BOM_UTF8)
    for begins, what, how in _KINDS_OF_FILE:
        if begins.match(beginning):
            raise ImportFault(name, 1, "this is %(what)s, not a text file; %(how)s.", what=what, how=how)
    if not is_wide and (nul := content.find(b"\0")) >= 0:
        line = content.count(b"\n", 0, nul) + 1
        wide = _wide_without_mark(content)
        if wide:
            raise ImportFault(
                name,
                line,
                'every other byte is NUL: this seems to be %(wide)s; set encoding = "%(wide)s" in the '
                "manifest.",
                wide=wide,
            )
        raise ImportFault(name, line, "there is a NUL byte; this is not a text file.")


def _wide_without_mark(content: bytes) -> str:
    """The kind of UTF-16 in which every other byte of Latin letters is NUL; empty if the bytes are not like that."""
    pairs = len(content) // 2
    even, odd = content[::2].count(0), content[1::2].count(0)
    if odd * 2 > pairs and even * 8 < pairs:
        return "utf-16-le"
    return "utf-16-be" if even * 2 > pairs and odd * 8 < pairs else ""


def object_to_bytes(name: str, encoding: str, error: UnicodeDecodeError) -> ImportFault:
    """The fault of bytes that are not in the manifest's encoding: a piece cut off, two encodings, or another one."""
    content = bytes(error.object)
    line = content.count(b"\n", 0, error.start) + 1
    if error.end >= len(content) and error.reason in ("unexpected end of data", "truncated data"):
        return ImportFault(
            name, line, "the file ends in the middle of a character; it was cut off: get it again."
        )
    if codecs.lookup(encoding).name == "utf-8":
        read = content.decode("utf-8", errors="surrogateescape")
        bad = sum("\udc80" <= c <= "\udcff" for c in read)
        good = sum(c > "\x7f" for c in read) - bad
        if good >= FEWEST_OF_UTF8 or good >= bad:
            begins = max(content.rfind(b"\n", 0, error.start) + 1, error.start - 20)
            before = content[begins : error.start].decode("utf-8", errors="ignore")
            after = content[error.start : error.start + 20].splitlines()[0].decode("cp1252", errors="replace")
            reading = f"{before}{after}".strip()
            return ImportFault(
                name,
                line,
                "the file is utf-8, but this line is not (as cp1252 it reads “%(reading)s”): it has "
                "two encodings; save all of it in one.",
                reading=reading,
            )
    return ImportFault(
        name, line, "this is not %(encoding)s; name the right encoding in the manifest.", encoding=encoding
    )


def check_encoding(content: bytes, text: str, name: str, encoding: str) -> None:
    """Raise ImportFault if a file is UTF-8 and was read in an encoding with one byte for each character."""
    if len(text) != len(content) or content.isascii():
        return
    try:
        read = content.decode("utf-8")
    except UnicodeDecodeError:
        return
    if sum(c > "\x7f" for c in read) >= FEWEST_OF_UTF8:
        at = next(k for k, byte in enumerate(content) if byte > 0x7F)
        line = content.count(b"\n", 0, at) + 1
        raise ImportFault(
            name,
            line,
            'this is utf-8, not %(encoding)s; set encoding = "utf-8" in the manifest.',
            encoding=encoding,
        )


def _continued(first: int, last: int) -> str:
    """The characters that bytes of UTF-8 after the first are in cp1252 (or in latin-1), for a regular expression."""
    characters = {
        bytes([b]).decode(codec, errors="ignore")
        for b in range(first, last)
        for codec in ("cp1252", "latin-1")
    }
    return re.escape("".join(sorted(characters)))


_ANY, _SYMBOL = _continued(0x80, 0xC0), _continued(0xA1, 0xC0).replace("«", "").replace("»", "")
# `â€™`, `Ã©`, `Ð¼`: a sign of UTF-8 that was read in another encoding and saved again.
_TWICE = re.compile(rf"â[€‚„†\x80\x82\x84\x86][{_ANY}]|[ÂÃÄÅÎÏÐÑ][{_SYMBOL}]|[ÃÐÑ][{_ANY}]")


def encoded_twice(text: str) -> list[tuple[int, str, str]]:
    """The places of characters that were encoded twice: offset, reading, and what it was."""
    found = []
    for match in _TWICE.finditer(text):
        try:
            was = match[0].encode("cp1252").decode()
        except UnicodeError:
            try:
                was = match[0].encode("latin-1").decode()
            except UnicodeError:
                continue
        if len(was) == 1:
            found.append((match.start(), match[0], was))
    return found

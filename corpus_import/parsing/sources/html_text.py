"""The markup of a web page from its bytes: which encoding it has, and whether a parser kept all of its text."""

import codecs
import re
from html.parser import HTMLParser

from corpus_import.parsing.diagnostics import ImportFault

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
# Elements whose text is never shown.
UNSHOWN = frozenset(
    {"script", "style", "noscript", "template", "head", "title", "iframe", "object", "svg", "math", "textarea",
     "select", "button", "audio", "video", "canvas", "noframes"}
)  # fmt: skip
# Elements whose content is no markup.
RAW = frozenset({"script", "style", "noframes", "iframe", "textarea", "title"})


def decode(content: bytes, name: str, declared: str, usual: str) -> str:
    """The markup as text. `declared` is the encoding that a mail's header gives, `usual` the manifest's.

    A byte order mark outranks the header, the header what the page declares, and this the manifest. Raises ImportFault
    if the bytes are in no such encoding.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decoded(content, name, encoding)
    found = _IN_XML.search(content[:_HEAD]) or _DECLARED.search(content[:_HEAD])
    in_page = found[1].decode("ascii", "replace") if found else ""
    for encoding in filter(None, (declared, in_page)):
        if (
            encoding.lower().startswith(("utf-16", "utf16", "utf-32", "utf32"))
            and b"\0" not in content[:_HEAD]
        ):
            continue  # a page that declares it and was saved in another encoding
        try:
            codecs.lookup(encoding)
        except LookupError:
            continue
        return _decoded(content, name, "cp1252" if encoding.lower() in _CP1252 else encoding)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(content, name, "cp1252" if usual.lower().startswith(("utf", "iso-8859-1")) else usual)


def _decoded(content: bytes, name: str, encoding: str) -> str:
    try:
        # cp1252 leaves five bytes open, which browsers read as controls.
        errors = "latin_1_controls" if encoding == "cp1252" else "strict"
        return content.decode(encoding, errors)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ImportFault(
            name, line, f"the page says that it is {encoding}, and this byte is not; save the page again."
        ) from None
    except UnicodeError:
        raise ImportFault(name, 1, f"the page is not {encoding}, as it says; save the page again.") from None


def _as_control(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError), "this handler only decodes"
    return chr(error.object[error.start]), error.start + 1


codecs.register_error("latin_1_controls", _as_control)


def characters_of(markup: str) -> int:
    """The characters of the page's text, white space aside, counted by a second parser that knows no nesting."""
    counter = _Counter(convert_charrefs=True)
    counter.feed(markup)
    counter.close()
    return counter.count


class _Counter(HTMLParser):
    def __init__(self, *, convert_charrefs: bool) -> None:
        super().__init__(convert_charrefs=convert_charrefs)
        self.count = 0
        self._raw = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in RAW and not self._raw:
            self._raw = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._raw:
            self._raw = ""

    def handle_data(self, data: str) -> None:
        if not self._raw:
            self.count += sum(not character.isspace() for character in data)

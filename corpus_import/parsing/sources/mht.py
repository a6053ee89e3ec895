"""Front: a web page saved as one file (MHT, MHTML): a mail whose parts are the page and what it shows.

The first part that is a web page is read; other parts that are web pages are read behind it if it has links to them
(notes that stand in a file of their own) or shows them in a frame. Pictures and scripts are left out, and counted.
"""

import re
from collections import Counter
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from urllib.parse import unquote

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.manifest import Manifest
from corpus_import.parsing.sources.html_flow import Flow, read_flow
from corpus_import.parsing.sources.html_text import decode, decode_sheet
from corpus_import.parsing.sources.shown import Shown
from corpus_import.parsing.sources.web_page import remarks_on, shown_of

_HEADERS = re.compile(
    rb"\s*(?:[\w-]{2,40}:[^\n]{0,998}\n(?:[ \t][^\n]{0,998}\n)*){1,60}?(?:mime-version|content-type):",
    re.IGNORECASE,
)
_MULTIPART = re.compile(rb"content-type:\s*multipart/(?:related|mixed|alternative)", re.IGNORECASE)
_LONGEST_SHEET = 500_000
# Pages of frames hold their text in other parts.
_FRAME = re.compile(r"<i?frame\b[^>]{0,2000}?\ssrc\s*=\s*[\"']?([^\"'\s>]{1,2000})", re.IGNORECASE)
_PAGES = ("text/html", "application/xhtml+xml")
# More parts are no page that a person saved; more characters are a bomb.
MOST_PARTS, MOST_CHARACTERS = 2_000, 64 * 1024 * 1024


def is_mht(content: bytes) -> bool:
    """Whether bytes begin with the headers of a mail of several parts, or of one web page."""
    beginning = content[:20_000].removeprefix(b"\xef\xbb\xbf")
    first = beginning.lstrip()
    if not _HEADERS.match(beginning) and not first.lower().startswith((b"mime-version:", b"content-type:")):
        return False
    head = (
        beginning.partition(b"\r\n\r\n")[0] if b"\r\n\r\n" in beginning else beginning.partition(b"\n\n")[0]
    )
    return _MULTIPART.search(head) is not None or b"text/html" in head.lower()


@dataclass(frozen=True, slots=True)
class _Part:
    """A web page in the file, and the names by which others lead to it."""

    name: str
    names: frozenset[str]
    message: Message


def read_mht(content: bytes, name: str, manifest: Manifest) -> Shown:
    """The text of the page with what it shows. Raises ImportFault if the file is cut off, or holds no page."""
    message = message_from_bytes(content.removeprefix(b"\xef\xbb\xbf").lstrip(), policy=compat32)
    _check_ends(message, content, name)
    parts, sheets, left_out = _find_pages(message, name)
    if not parts:
        raise ImportFault(name, None, "no part of the file is a web page; save the page again.")
    files: list[tuple[str, list[Flow]]] = []
    characters: Counter[str] = Counter()
    remarks: list[tuple[str, str]] = []
    size = 0
    wanted = set(parts[0].names)
    # A page can lead to one that stands before it.
    waiting = list(parts)
    while part := next((each for each in waiting if each.names & wanted), None):
        waiting.remove(part)
        payload = part.message.get_payload(decode=True)
        assert isinstance(payload, bytes), "a part that holds no others has bytes"
        size += len(payload)
        if size > MOST_CHARACTERS:
            raise ImportFault(
                name, None, "the page has more than %(most)s bytes of markup.", most=MOST_CHARACTERS
            )
        declared = part.message.get_content_charset() or ""
        decoded = decode(payload, name, declared, manifest.encoding)
        flows, unshown = read_flow(decoded.markup, name, sheets)
        remarks += remarks_on(decoded)
        files.append((part.name or name, flows))
        characters += unshown
        wanted |= {_file(source) for source in _FRAME.findall(decoded.markup)}
        wanted |= {
            _file(href)
            for flow in flows
            for _, _, href in flow.links
            if "#" in href and not href.startswith("#")
        }
    left_out["other page"] += len(waiting)
    characters += Counter({f"parts of the file: {kind}": count for kind, count in left_out.items()})
    return shown_of("saved web page (MHT)", files, characters, name, manifest, remarks)


def _find_pages(message: Message, name: str) -> tuple[list[_Part], str, Counter[str]]:
    """The web pages of the file in their order, its style sheets, and how many other parts it has, by their kinds."""
    parts: list[_Part] = []
    sheets: list[str] = []
    left_out: Counter[str] = Counter()
    for part in message.walk():
        if part.is_multipart():
            continue
        if part.get_content_type() in _PAGES:
            place = _file(str(part.get("Content-Location") or "").strip())
            number = str(part.get("Content-ID") or "").strip().strip("<>")
            parts.append(
                _Part(place or number, frozenset(filter(None, (place, number))) or frozenset({""}), part)
            )
        else:
            left_out[part.get_content_type()] += 1
        if part.get_content_type() == "text/css":
            sheet = part.get_payload(decode=True)
            assert isinstance(sheet, bytes), "a part that holds no others has bytes"
            sheets.append(decode_sheet(sheet[:_LONGEST_SHEET]))
        if len(parts) + left_out.total() > MOST_PARTS:
            raise ImportFault(
                name, None, "the file has more than %(most)s parts; this is no saved page.", most=MOST_PARTS
            )
    return parts, "\n".join(sheets), left_out


def _check_ends(message: Message, content: bytes, name: str) -> None:
    """Raise ImportFault if the last boundary of a part is missing: the file was cut off."""
    for part in message.walk():
        boundary = part.get_boundary()
        if part.get_content_maintype() == "multipart" and boundary is None:
            raise ImportFault(name, 1, "the file does not say where its parts end; save the page again.")
        if boundary is not None and f"--{boundary}--".encode() not in content:
            line = content.count(b"\n") + 1
            raise ImportFault(
                name, line, "the file ends in the middle: its last boundary is missing; save the page again."
            )


def _file(address: str) -> str:
    """The name of a file, as links name it: without folders, and without `cid:`."""
    address = unquote(address.partition("#")[0]).removeprefix("cid:")
    return address.rstrip("/").replace("\\", "/").rsplit("/", 1)[-1]

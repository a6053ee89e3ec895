"""The bytes of a page: in the encoding of its hand, as HTML or as one file (MHT)."""

# ruff: noqa: E501  # pieces of markup are easier to read whole

import io
import quopri
import re
import zipfile
from base64 import encodebytes

from tests.web_pages.page import STYLE, WebPage


def as_html(page: WebPage, name: str = "book.htm") -> bytes:
    """A file of the page as a browser saves it."""
    return _encoded(page.files[name], page.hand.encoding)


def as_mht(page: WebPage, transfer: str = "quoted-printable") -> bytes:
    """All files of the page as one, with a picture and a style sheet, as a browser writes them."""
    boundary = "----=_NextPart_000_0000_01CAAC9B"
    parts = []
    for name in page.files:
        content = as_html(page, name)
        charset = {"cp1252": "iso-8859-1", "bom": "utf-8", "ascii": "us-ascii", "utf-16": "utf-16"}.get(
            page.hand.encoding, "utf-8"
        )
        parts.append((f'text/html;\r\n\tcharset="{charset}"', f"file://C:\\library\\{name}", content))
    parts.append(("image/gif", "file://C:\\library\\dot.gif", b"GIF89a\x01\x00"))
    parts.append(("text/css", "file://C:\\library\\style.css", b"p { color: black }"))
    lines = [
        b"From: <Saved by a browser>\r\nSubject: A book\r\nDate: Sat, 13 Feb 2010 10:00:00 +0100\r\nMIME-Version: 1.0\r\n",
        b'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="'
        + boundary.encode()
        + b'"\r\n\r\n',
        b"This is a multi-part message in MIME format.\r\n\r\n",
    ]
    for kind, place, content in parts:
        way = transfer if kind.startswith("text/html") and page.hand.encoding != "utf-16" else "base64"
        body = quopri.encodestring(content) if way == "quoted-printable" else encodebytes(content)
        lines.append(
            f"--{boundary}\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: {way}\r\n"
            f"Content-Location: {place}\r\n\r\n".encode()
            + body.replace(b"\n", b"\r\n")
            + b"\r\n"
        )
    lines.append(f"--{boundary}--\r\n".encode())
    return b"".join(lines)


def _encoded(html: str, encoding: str) -> bytes:
    declared = {"cp1252": "iso-8859-1", "ascii": "us-ascii", "utf-8": "utf-8"}.get(encoding)
    if declared:
        html = html.replace(
            "<head>", f'<head><meta http-equiv="Content-Type" content="text/html; charset={declared}">'
        )
    if encoding in ("cp1252", "ascii"):
        return html.encode(encoding, "xmlcharrefreplace")
    return html.encode("utf-8-sig" if encoding == "bom" else encoding)


def as_epub(page: WebPage) -> bytes:
    """The page as an EPUB of the second or third version: a file for each division of the first level."""
    texts: dict[str, str] = {}
    for name, html in page.files.items():
        body = re.sub(r"(?is)^.*?<body>|</body>.*$", "", html)
        for k, part in enumerate(re.split(r"(?i)(?=<h2>)", body)):
            texts[f"{name.removesuffix('.htm')}-{k}.xhtml"] = part
    places = {
        (name.partition("-")[0], anchor): name
        for name, text in texts.items()
        for anchor in re.findall(r"(?i)\b(?:id|name)=\"([^\"]+)\"", text)
    }

    def led(link: re.Match[str]) -> str:
        file = link["file"].removesuffix(".htm") or own
        return f'href="{places.get((file, link["anchor"]), "nowhere.xhtml")}#{link["anchor"]}"'

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        archive.writestr("META-INF/container.xml", _CONTAINER)
        archive.writestr(
            "OEBPS/style.css", STYLE + ("p { text-indent: 2em }" if page.hand.paragraph == "style" else "")
        )
        for name, text in texts.items():
            own = name.partition("-")[0]
            text = re.sub(r"(?i)href=\"(?P<file>[\w.]*)#(?P<anchor>[^\"]+)\"", led, text)
            archive.writestr(f"OEBPS/{name}", _XHTML.format(text))
        items = "".join(f'<item id="{n}" href="{n}" media-type="application/xhtml+xml"/>' for n in texts)
        refs = "".join(f'<itemref idref="{n}"/>' for n in texts)
        archive.writestr("OEBPS/book.opf", _PACKAGE.format(items=items, refs=refs))
    return packed.getvalue()


_CONTAINER = (
    '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile'
    ' full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
_PACKAGE = (
    '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0"><manifest>{items}<item id="css"'
    ' href="style.css" media-type="text/css"/></manifest><spine>{refs}</spine></package>'
)
_XHTML = (
    '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"'
    ' xmlns:epub="http://www.idpf.org/2007/ops"><head><title/><link rel="stylesheet" href="style.css"/></head><body>{}'
    "</body></html>"
)

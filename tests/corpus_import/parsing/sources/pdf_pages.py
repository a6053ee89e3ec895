"""Sets small books on the pages of PDFs, line by line, as printers and browsers do."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.corpus_import.parsing.sources.pdf_writer import BOLD, ITALIC, RAISED, ROMAN, Runs, Sheet, pdf

# Advances of Times in 1/1000 em, so that lines are as full as a printer's.
_NARROW, _USUAL, _WIDE = "fijlt.,;:'!|()[] ", 470, "mwMWABCDEGHKNOPQRUVXY"


def width(text: str, size: float) -> float:
    """The width of a text, about."""
    return sum(280 if c in _NARROW else 720 if c in _WIDE else _USUAL for c in text) * size / 1000


@dataclass
class Setter:
    """Sets blocks one below the other, and begins a new page where the room ends."""

    left: float = 60
    right: float = 360
    top: float = 70
    bottom: float = 520
    size: float = 11
    lead: float = 13.5
    head: str = ""
    folio: int = 0
    sheets: list[Sheet] = field(default_factory=list)
    base: float = 0.0

    def __post_init__(self) -> None:
        self.turn()

    @property
    def sheet(self) -> Sheet:
        return self.sheets[-1]

    def turn(self) -> None:
        """Begin a new page, with head and page number."""
        self.sheets.append(Sheet())
        self.base = self.top
        n = len(self.sheets)
        if self.head:
            self.sheet.line(150, 30, self.head, ITALIC, 9)
        if self.folio:
            self.sheet.line(205, 570, str(self.folio + n - 1), ROMAN, 9)

    def heading(self, text: str, size: float = 11, font: str = BOLD, centred: bool = False) -> None:
        self.base += 12
        middle = (self.left + self.right - width(text, size)) / 2
        self.sheet.line(middle if centred else self.left, self.base, text, font, size)
        self.base += self.lead + 10

    def paragraph(self, text: str, *, indent: float = 14, inset: float = 0, gap: float = 0) -> None:
        """Set a paragraph. `*word*` is in italics, `^1` a raised number."""
        self.base += gap
        for line in wrapped(text, self.right - self.left - 2 * inset, self.size, indent):
            if self.base > self.bottom:
                self.turn()
            self.sheet.line(self.left + inset + indent, self.base, runs(line), size=self.size)
            indent = 0
            self.base += self.lead
        self.base += gap

    def rows(self, rows: Sequence[tuple[str, str]], second: float) -> None:
        """Set rows of two cells; the second begins at `second` and runs over several lines."""
        for head, text in rows:
            if self.base > self.bottom:
                self.turn()
            self.sheet.line(self.left + 2, self.base, head, size=self.size)
            for line in wrapped(text, self.right - second, self.size, 0):
                if self.base > self.bottom:
                    self.turn()
                self.sheet.line(second, self.base, runs(line), size=self.size)
                self.base += self.lead
            self.base += 3

    def pdf(self) -> bytes:
        return pdf(self.sheets)


def wrapped(text: str, room: float, size: float, indent: float) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and width(plain(longer), size) > room - indent:
            # Words in italics can go on in the next line.
            odd = line.count("*") % 2
            lines.append(line + "*" * odd)
            line, indent = "*" * odd + word, 0
        else:
            line = longer
    return [*lines, line]


def plain(text: str) -> str:
    return text.replace("*", "").replace("^", "")


def runs(line: str) -> Runs:
    """Runs in roman and italics, and raised numbers."""
    out: list[tuple[str, str]] = []
    for k, part in enumerate(line.split("*")):
        for n, piece in enumerate(re.split(r"\^(\d+)", part)):
            if piece:
                out.append((RAISED if n % 2 else ITALIC if k % 2 else ROMAN, piece))
    return out


def locked(content: bytes, user: str) -> bytes:
    """A PDF locked with the oldest of the ciphers: a user's password (it may be empty), and an owner's."""
    padding = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
    own, others = (user.encode() + padding)[:32], (b"owner" + padding)[:32]
    owner = _rc4(hashlib.md5(others, usedforsecurity=False).digest()[:5], own)
    identity = bytes(16)
    permissions = (0xFFFFFFFC).to_bytes(4, "little")
    key = hashlib.md5(own + owner + permissions + identity, usedforsecurity=False).digest()[:5]
    said = (
        f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{owner.hex()}> /U <{_rc4(key, padding).hex()}> /P -4 >> "
        f"/ID [<{identity.hex()}> <{identity.hex()}>]"
    ).encode()
    out = content.replace(b"trailer\n<<", b"trailer\n<< " + said)
    # The streams keep their lengths, so the file keeps its places.
    at = 0
    while (start := out.find(b"stream\n", at)) >= 0:
        start += len(b"stream\n")
        end = out.index(b"\nendstream", start)
        number = int(out[: out.rindex(b" 0 obj", 0, start)].rsplit(b"\n", 1)[-1])
        own_key = hashlib.md5(key + number.to_bytes(3, "little") + bytes(2), usedforsecurity=False).digest()[
            :10
        ]
        out = out[:start] + _rc4(own_key, out[start:end]) + out[end:]
        at = end + len(b"\nendstream")
    return out


def _rc4(key: bytes, data: bytes) -> bytes:
    box = list(range(256))
    j = 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)

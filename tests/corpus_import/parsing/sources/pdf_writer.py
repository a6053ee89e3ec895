"""Writes small PDFs by hand: words at their places in the fonts that every reader has, links, and pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

FONTS = {
    "roman": "Times-Roman", "italic": "Times-Italic", "bold": "Times-Bold", "sans": "Helvetica", "type": "Courier",
}  # fmt: skip
ROMAN, ITALIC, BOLD, SANS = "roman", "italic", "bold", "sans"
RAISED = "raised"  # roman, smaller and above the line
Runs = Sequence[tuple[str, str]]  # font and text


@dataclass
class Sheet:
    """A page of width and height in points; places are counted from its upper left. Boxes in `away` lead to a site."""

    width: float = 420
    height: float = 595
    shown: list[str] = field(default_factory=list)
    links: list[tuple[tuple[float, float, float, float], int, float, float]] = field(default_factory=list)
    rotate: int = 0
    away: list[tuple[float, float, float, float]] = field(default_factory=list)

    def line(self, left: float, base: float, text: str | Runs, font: str = ROMAN, size: float = 11) -> None:
        """Write a line: a text in one font, or runs in several."""
        runs = [(font, text)] if isinstance(text, str) else text
        shown = " ".join(
            f"/{ROMAN} {size * 0.6:.2f} Tf {size * 0.35:.2f} Ts ({_escaped(run)}) Tj 0 Ts"
            if name == RAISED
            else f"/{name} {size} Tf ({_escaped(run)}) Tj"
            for name, run in runs
        )
        self.shown.append(f"BT {left:.2f} {self.height - base:.2f} Td {shown} ET")

    def link(self, box: tuple[float, float, float, float], page: int, left: float, top: float) -> None:
        """Lead from a box to a place on a page, counted from 0."""
        self.links.append((box, page, left, top))


def pdf(
    sheets: Sequence[Sheet],
    fonts: Mapping[str, str] | None = None,
    catalog: str = "",
    raw_objects: Sequence[str] = (),
) -> bytes:
    """The file. `fonts` maps names of fonts to dictionaries of their own; the raw objects follow from number 3 on."""
    own = {name: f"<< /Type /Font /Subtype /Type1 /BaseFont /{base} /Encoding /WinAnsiEncoding >>"
           for name, base in FONTS.items()}  # fmt: skip
    own |= fonts or {}
    objects: list[bytes] = [b"", b""]
    objects += [raw.encode("latin-1") for raw in raw_objects]
    resources = "<< /Font << " + " ".join(f"/{name} {said}" for name, said in own.items()) + " >> >>"
    first = len(objects) + 1
    for n, sheet in enumerate(sheets):
        annotations = ""
        for (a, b, c, d), page, left, top in sheet.links:
            annotations += (
                f"<< /Type /Annot /Subtype /Link /Rect [{a} {sheet.height - d} {c} {sheet.height - b}] "
                f"/Dest [{first + 2 * page} 0 R /XYZ {left} {sheets[page].height - top} 0] >> "
            )
        annotations += "".join(
            f"<< /Type /Annot /Subtype /Link /Rect [{a} {sheet.height - d} {c} {sheet.height - b}] "
            f"/A << /S /URI /URI (http://a.example/) >> >> "
            for a, b, c, d in sheet.away
        )
        content = "\n".join(sheet.shown).encode("cp1252")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {sheet.width} {sheet.height}] /Rotate {sheet.rotate} "
            f"/Resources {resources} /Contents {first + 2 * n + 1} 0 R /Annots [{annotations}] >>".encode(
                "latin-1"
            )
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    kids = " ".join(f"{first + 2 * n} 0 R" for n in range(len(sheets)))
    objects[0] = f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode()
    objects[1] = f"<< /Type /Pages /Kids [{kids}] /Count {len(sheets)} >>".encode()
    return _file(objects)


def _file(objects: Sequence[bytes]) -> bytes:
    out = b"%PDF-1.7\n"
    places = []
    for n, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return out + head + table + trailer


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")

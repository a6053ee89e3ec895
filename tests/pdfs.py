"""Tiny PDFs: lines of text in one of the fonts that every reader of PDFs has, page by page."""

from collections.abc import Sequence

WIDTH, HEIGHT = 300, 400
# Of the first line, from the upper left, in points; and from line to line.
LEFT, TOP, LEADING, SIZE = 40, 50, 20, 12


def pdf_of(pages: Sequence[Sequence[str]]) -> bytes:
    """A PDF with these lines on its pages."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    kids = []
    for lines in pages:
        shown = [f"BT /F1 {SIZE} Tf {LEADING} TL {LEFT} {HEIGHT - TOP} Td".encode()]
        shown += [b"(" + _escaped(line) + b") Tj T*" for line in lines]
        stream = b"\n".join([*shown, b"ET"])
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (WIDTH, HEIGHT, len(objects))
        )
        kids.append(len(objects))
    of_pages = b" ".join(b"%d 0 R" % n for n in kids)
    objects[1] = b"<< /Type /Pages /Kids [%b] /Count %d >>" % (of_pages, len(kids))
    return _written(objects)


def box_of(line: int) -> list[int]:
    """Left, top, right and bottom of a line of a page, counted from 0, in tenths of a point."""
    base = TOP + line * LEADING
    return [LEFT * 10, (base - SIZE) * 10, (WIDTH - LEFT) * 10, (base + 4) * 10]


def _escaped(line: str) -> bytes:
    return line.encode("cp1252").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")


def _written(objects: Sequence[bytes]) -> bytes:
    body = b"%PDF-1.4\n"
    places = []
    for n, each in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (n, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, table, len(objects) + 1, len(body))
    )

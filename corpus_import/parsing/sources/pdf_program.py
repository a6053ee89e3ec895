"""A program of its own: reads a PDF from its input and writes what is asked for to its output.

It imports nothing of the project, because it is started by its path (`pdf_process.py`). Its only argument is the
request in JSON. If it fails, it writes the reason as the last line, in JSON, and ends with status 1.
"""

import contextlib
import io
import json
import resource
import sys
from typing import Any, NoReturn

import pypdfium2
import pypdfium2.raw as pdfium

# The most pixels of a picture.
PIXELS = 40_000_000
_PASSWORD = 4


def main() -> None:
    """Answer the request."""
    request = json.loads(sys.argv[1])
    for which, most in (
        (resource.RLIMIT_AS, request["memory"]),
        (resource.RLIMIT_CPU, request["seconds"]),
        (resource.RLIMIT_FSIZE, request["written"]),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(which)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(ValueError, OSError):  # macOS does not limit memory
            resource.setrlimit(which, (least, hard))
    try:
        document = open_document(sys.stdin.buffer.read())
        if request["do"] == "picture":
            draw(document, request["page"], request["box"], request["scale"])
    except MemoryError:
        fail("memory", most=request["memory"] // 2**20)
    sys.stdout.flush()


def fail(fault: str, **said: int) -> NoReturn:
    """Write the reason and end."""
    sys.stdout.buffer.write(b"\n" + json.dumps({"fault": fault, **said}).encode())
    sys.stdout.flush()
    sys.exit(1)


def open_document(content: bytes) -> Any:
    """The document; without a password, as any reader opens it."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        fail("password" if pdfium.FPDF_GetLastError() == _PASSWORD else "cut")
    if len(document) == 0:
        fail("pages")
    return document


def draw(document: Any, number: int, box: list[float] | None, scale: float) -> None:
    """Write the picture of a page, or of a piece of it."""
    if not 1 <= number <= len(document):
        fail("page")
    page = document[number - 1]
    width, height = page.get_size()
    left, top, right, bottom = box or (0, 0, width, height)
    left, top, right, bottom = max(left, 0), max(top, 0), min(right, width), min(bottom, height)
    if left >= right or top >= bottom:
        fail("page")
    if (right - left) * (bottom - top) * scale * scale > PIXELS or width * height * scale > PIXELS * 100:
        fail("large")
    bitmap = page.render(scale=scale, crop=(left, height - bottom, width - right, top), may_draw_forms=False)
    stream = io.BytesIO()
    bitmap.to_pil().save(stream, "PNG", optimize=False)
    sys.stdout.buffer.write(stream.getvalue())


if __name__ == "__main__":
    main()
